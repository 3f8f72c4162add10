"""`boxout checks list|replay`: what each check covers, and what a rule would have done."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Annotated, Any, TypeAlias

import typer

from boxout.asked import EVERYTHING, Span, known_table, season_of, span
from boxout.cli import show
from boxout.cli.auditing import looking
from boxout.cli.options import HERE, AsJson, Folder, Wait
from boxout.errors import DefinitionError, NotReady
from boxout.graph.order import near
from boxout.project import Project, open_project
from boxout.report import Coverage, Covering, NotPassed, coverage, examples
from boxout.run import Engine
from boxout.run.rehearse import Rehearsed, Rule, rehearse, rules_named

OneOrAll: TypeAlias = Annotated[str | None, typer.Argument(help="A table; all without it.")]
Named: TypeAlias = Annotated[str, typer.Argument(help="A check, by its name.")]
Of: TypeAlias = Annotated[str, typer.Option("--table", help="The check of this table.")]
Season: TypeAlias = Annotated[str, typer.Option(help="A season, as 2023-24.")]
First: TypeAlias = Annotated[str, typer.Option("--from", help="The first date.")]
Last: TypeAlias = Annotated[str, typer.Option("--to", help="The last date.")]

SHOWN_MAX = 10
"""How many partitions are shown with what was found, and the first of them with rows."""
ROWS_OF_MAX = 3
WOULD = {"block": "withheld", "warn": "warned of", "complete": "held incomplete"}

app = typer.Typer(help="The checks: what they cover, and what a rule would have done.")


@app.command("list")
def list_(
    table: OneOrAll = None,
    project: Folder = HERE,
    json: AsJson = False,
) -> None:
    """Which checks stand on which columns, which columns have none, when each was last evaluated.

    A check that was never evaluated, or judged nothing, proves nothing: it is shown as a fault. So
    is a rule on trial whose last day has passed: it counts, and nobody decided that it should.
    """
    opened = open_project(project)
    asked = [table] if table else list(opened.graph.tables)
    if table:
        known_table(opened, table)
    with closing(opened.ledger()) as ledger:
        found = coverage(opened.pipeline, opened.graph, opened.compiled(), ledger, asked)
    if not json:
        for one in found:
            _show_coverage(one)
        _show_sums(found)
    show.finish({"tables": found}, None, is_json=json)


def _show_sums(found: Sequence[Coverage]) -> None:
    checks = [check for one in found for check in one.checks]
    empty = sum(check.proves_nothing for check in checks)
    over = sum(bool(check.fault) and not check.proves_nothing for check in checks)
    tried = sum(bool(check.trial) for check in checks)
    show.say(f"{show.many(empty, 'check')} {'proves' if empty == 1 else 'prove'} nothing")
    if tried:
        show.say(f"{show.many(tried, 'check')} on trial, {over} of them past the last day")


def _show_coverage(one: Coverage) -> None:
    show.say(one.table)
    rows = [(*_declared(check), *_last(check), check.trial, check.fault) for check in one.checks]
    counted = ("last", "passed", "failed", "unknown")
    show.grid(rows, ("check", "severity", "needs", "columns", *counted, "on trial", "fault"))
    for names, said in ((one.bare, "no check reads"), (one.counted, "only there or not")):
        if names:
            show.say(f"{said}: {', '.join(names)}")
    show.say("")


def _declared(check: Covering) -> tuple[str, ...]:
    return (check.name, check.severity, check.needs, show.listed(check.columns))


def _last(check: Covering) -> tuple[str, ...]:
    """When a check was evaluated last, and how many partitions passed, failed and were unknown."""
    if check.last is None:
        return ("never", "", "", "")
    counts = check.last.counts
    numbers = (counts.passed, counts.failed, counts.unknown)
    return (show.moment(check.last.at), *map(str, numbers))


@app.command("replay")
def replay_(
    rule: Named,
    table: Of = "",
    season: Season = "",
    first: First = "",
    last: Last = "",
    project: Folder = HERE,
    wait: Wait = 0,
    json: AsJson = False,
) -> None:
    """What a rule would have done, on trial or not: asked of all that is public in the range.

    It only reads. Exit code 3 when nothing could be judged: that is no pass.
    """
    opened = open_project(project)
    where = _range(opened, season, first, last)
    with looking(opened, wait) as engine:
        one = _chosen(engine, rule, table)
        done = rehearse(engine, one, where.first, where.last)
        rows = _examples(engine, one, done)
    if not json:
        _show_rehearsed(one, done, rows, where)
    show.finish(_said(done, rows, where), _refusal(done, where), is_json=json)


def _range(project: Project, season: str, first: str, last: str) -> Span:
    if season and (first or last):
        raise DefinitionError("--season says the dates; leave --from and --to away")
    if season:
        return season_of(project.pipeline.calendar, season)
    return span([first or EVERYTHING.first, last or EVERYTHING.last])


def _chosen(engine: Engine, name: str, table: str) -> Rule:
    """The one rule that is meant; refused when there is none, or several."""
    known = {check.name for one in _audits(engine) for check in one.checks}
    found = rules_named(engine, name)
    mine = [one for one in found if not table or one.table == table]
    if not found:
        slip = near(name, known)
        raise DefinitionError(f"{name}: no such check{slip or '. See: boxout checks list'}")
    if len(mine) == 1:
        return mine[0]
    tables = ", ".join(one.table for one in found)
    asked = f"{table} has none of this name" if table else "several tables have one of this name"
    raise DefinitionError(f"{name}: {asked}; say --table with one of {tables}")


def _audits(engine: Engine) -> Iterator[Any]:
    yield from engine.compiled.audits.values()
    for of in engine.compiled.across.values():
        yield from of


def _examples(engine: Engine, rule: Rule, done: Rehearsed) -> dict[str, list[dict[str, Any]]]:
    """Rows with their keys, of the first partitions that did not pass."""
    tables, found = engine.graph.tables, {}
    for versions, one in done.findings[:ROWS_OF_MAX]:
        said = (one.severity, one.answer, one.found, one.needed)
        failed = NotPassed(rule.table, versions[rule.table], one.check, *said)
        written = {tables[name]: version for name, version in versions.items()}
        found[one.partition] = examples(
            engine.warehouse, engine.pipeline, failed, one.partition, written
        )
    return found


def _show_rehearsed(
    rule: Rule, done: Rehearsed, rows: dict[str, list[dict[str, Any]]], where: Span
) -> None:
    trial = rule.check.trial
    tried = f"on trial until {trial.until}: {trial.because}" if trial else "not on trial"
    show.say(f"{done.rule!r} of {done.table}, {_dates(where)}; {tried}")
    failed = "" if done.rows_failed is None else f", {show.many(done.rows_failed, 'row')} fail"
    bad, asked = done.failed + done.unknown, done.judged + done.unknown
    show.say(
        f"asked of {show.many(asked, 'public partition')} with {show.many(done.rows, 'row')}{failed};"
        f" judged {done.judged}: {done.passed} passed, {bad} would have been {WOULD[done.severity]}"
        f" ({done.failed} failed, {done.unknown} unknown)"
    )
    found = [one for _, one in done.findings[:SHOWN_MAX]]
    for one in found:
        show.say(f"  {one.partition}  {one.answer}: {one.found}, {one.needed}")
        for row in rows.get(one.partition, ()):
            show.say("    " + "  ".join(f"{name} {value}" for name, value in row.items()))
    if len(done.findings) > len(found):
        show.say(f"  and {len(done.findings) - len(found)} more; --json has them all")
    show.say("Nothing was written.")


def _dates(where: Span) -> str:
    is_all = where == EVERYTHING
    return "all that is public" if is_all else f"{where.first}..{where.last}"


def _said(done: Rehearsed, rows: dict[str, list[dict[str, Any]]], where: Span) -> dict[str, Any]:
    findings = [{**one._asdict(), "versions": versions} for versions, one in done.findings]
    counts = {**done._asdict(), "judged": done.judged, "findings": findings, "examples": rows}
    return {**counts, "first": where.first, "last": where.last}


def _refusal(done: Rehearsed, where: Span) -> NotReady | None:
    if done.judged:
        return None
    unknown = f", {done.unknown} unknown" if done.unknown else ""
    return NotReady(
        f"{done.rule!r} judged 0 partitions of {done.table} in {_dates(where)}{unknown}; at least 1"
        " needed. That proves nothing of the rule. Nothing was written. Next: choose dates of which"
        f" {done.table} is public; boxout status shows them."
    )
