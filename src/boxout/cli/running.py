"""`boxout plan`, `boxout run`, `boxout backfill`."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Annotated, Any

import typer

from boxout.asked import Span, chosen, span
from boxout.cli import show
from boxout.cli.costs import billed, billed_note, spent, tell_estimate
from boxout.cli.deciding import Reason as Because
from boxout.cli.deciding import reason_of
from boxout.cli.options import HERE, AsJson, Folder, Force, Range, Select, Wait
from boxout.cli.progress import counting
from boxout.errors import BoxoutError, DefinitionError, NotReady, StoreUnavailable, Withheld
from boxout.ledger import Ledger
from boxout.model import Calendar
from boxout.model.outcomes import (
    Done,
    Failed,
    Fenced,
    NothingToDo,
    Outcome,
    Reason,
    Superseded,
    Waiting,
    WithheldOutcome,
    reasons,
)
from boxout.model.partitions import date_of, day_range
from boxout.project import Project, open_project
from boxout.report import Group, grouped, trials
from boxout.run import Engine, Plan, RunResult, make_plan, run
from boxout.run.batch import BATCH
from boxout.run.plan import due

Deadline = Annotated[
    float | None,
    typer.Option("--deadline", min=0, help="Seconds after which nothing more is begun."),
]
Estimating = Annotated[
    bool, typer.Option("--dry-run", help="Say what it would read where that is paid; run nothing.")
]
WORST_FIRST = (DefinitionError, StoreUnavailable, Withheld, NotReady)
WORDS = {
    Done: "published",
    NothingToDo: "kept",
    Waiting: "waiting",
    WithheldOutcome: "withheld",
    Superseded: "superseded",
    Fenced: "fenced",
    Failed: "failed",
}


def plan_(
    asked: Range = None, selected: Select = "", project: Folder = HERE, json: AsJson = False
) -> None:
    """Say what would run, wait or be kept, and why. Changes nothing, also beside a run."""
    opened, where = open_project(project), span(asked)
    tables = chosen(opened, selected)
    with opened.planning() as engine:
        plan = make_plan(engine, where.first, where.last, tables, where.game)
        error = None if plan.steps else nothing_asked(engine, where)
    counts = Counter(step.action for step in plan.steps)
    if plan.steps and not json:
        _show_plan(opened, plan, where, counts)
    steps = [
        {
            "unit": step.unit,
            "partition": step.partition,
            "action": step.action,
            "reasons": [str(reason) for reason in step.reasons],
        }
        for step in plan.steps
    ]
    answer = {"snapshot": plan.snapshot, "counts": counts, "steps": steps}
    show.finish(answer, error, is_json=json)


def run_(
    asked: Range = None,
    selected: Select = "",
    force: Force = False,
    reason: Because = "",
    deadline: Deadline = None,
    dry_run: Estimating = False,
    project: Folder = HERE,
    wait: Wait = 0,
    json: AsJson = False,
) -> None:
    """Bring a date, a range or a game up to date.

    --dry-run tells, of a warehouse in BigQuery, the bytes that it would read, and computes nothing.
    --force with a --reason publishes past failed checks, and is marked so for ever; it passes
    neither a gate nor a fence.

    Exit code 0 only when everything asked for is public and fresh. Otherwise, first that applies:
    2 an attempt failed for good; 5 an attempt failed for now, or another one is at it (fenced);
    4 withheld; 3 waiting, or its inputs moved all the while (superseded).
    """
    forced = reason_of(is_forced=force, reason=reason)
    if dry_run:
        opened = open_project(project)
        tell_estimate(opened, span(asked), chosen(opened, selected), wait, is_json=json)
        return
    _run(
        asked,
        selected,
        project,
        wait,
        is_json=json,
        has_bar=False,
        forced=forced,
        deadline_s=deadline,
    )


def backfill(
    asked: Range = None,
    selected: Select = "",
    deadline: Deadline = None,
    project: Folder = HERE,
    wait: Wait = 0,
    json: AsJson = False,
) -> None:
    """Bring a long range up to date, with a progress bar that counts finished partitions.

    The exit codes are those of run.
    """
    _run(asked, selected, project, wait, is_json=json, has_bar=True, deadline_s=deadline)


def _run(
    asked: Range,
    selected: str,
    folder: Folder,
    wait: float,
    *,
    is_json: bool,
    has_bar: bool,
    forced: str | None = None,
    deadline_s: float | None = None,
) -> None:
    opened, where = open_project(folder), span(asked)
    tables = chosen(opened, selected)
    with opened.working(wait) as engine:
        before = spent(engine)
        result = _ran(engine, where, tables, forced, deadline_s, has_bar=has_bar)
        first = {unit.name: unit.processors[0].target.name for unit in engine.graph.units}
        error = verdict(result, first) if result.outcomes else nothing_asked(engine, where)
        notes = [*_notes(engine, where), *map(str, trials(engine.compiled, engine.ledger, tables))]
        paid = billed(engine, before)
    notes += billed_note(paid)
    if result.outcomes and not is_json:
        _show(result, where, notes)
    answer = {**said(result, notes), **({"billed": paid} if paid else {})}
    show.finish(answer, error, is_json=is_json)


def _ran(
    engine: Engine,
    where: Span,
    tables: set[str],
    forced: str | None,
    deadline_s: float | None,
    *,
    has_bar: bool,
) -> RunResult:
    """The run, with a bar that counts finished partitions where there is one."""
    total, kept = _counted(engine, tables, where) if has_bar else (0, 0)
    with counting("partitions", total) as count:
        count.reach(kept)
        result = run(
            engine,
            where.first,
            where.last,
            tables,
            game=where.game,
            forced=forced,
            deadline_s=deadline_s,
            progress=lambda done, _: count.reach(kept + done),
        )
        count.reach(len(result.outcomes))
    return result


def _counted(engine: Engine, tables: set[str], where: Span) -> tuple[int, int]:
    """How many partitions the chosen units are asked for, and how many of them are fresh."""
    units = [
        u for u in engine.graph.units if any(one.target.name in tables for one in u.processors)
    ]
    asked = [due(engine, unit, *where) for unit in units]
    total = sum(map(len, asked))
    return total, sum(kept is not None for of in asked for kept in of.values())


def error_of(outcome: Outcome) -> type[BoxoutError] | None:
    """What a partition's outcome means to whoever asked for it; None when it is public and fresh."""
    match outcome:
        case Done() | NothingToDo():
            return None
        case Waiting() | Superseded():
            return NotReady
        case WithheldOutcome():
            return Withheld
        case Fenced() | Failed(is_retryable=True):
            return StoreUnavailable
        case Failed():
            return DefinitionError


def verdict(result: RunResult, tables: Mapping[str, str] | None = None) -> BoxoutError | None:
    """The error to end with; None when everything asked for is public and fresh.

    `tables` names one table of each unit, to ask why.
    """
    bad = {key: one for key, one in result.outcomes.items() if error_of(one)}
    kinds = {error_of(one) for one in bad.values()}
    worst = next((kind for kind in WORST_FIRST if kind in kinds), None)
    if worst is None:
        return None
    counts = Counter(WORDS[type(one)] for one in bad.values())
    unit, partition = next(key for key, one in bad.items() if error_of(one) is worst)
    see = f"\nSee: boxout why {tables[unit]} {partition}" if tables else ""
    see += _past_the_batch(bad)
    return worst(
        f"{len(bad)} of {show.many(len(result.outcomes), 'partition')} not public and fresh:"
        f" {_counted_words(counts)}. Readers still see what they saw of them.{see}"
    )


def _past_the_batch(bad: Mapping[tuple[str, str], Outcome]) -> str:
    """What to do when versions were held back whole, because one rule rejects too much of them."""
    back = [p for (_, p), one in bad.items() for r in reasons(one) if r.subject == BATCH]
    if not back:
        return ""
    return (
        f"\n{show.many(len(set(back)), 'partition')} held back with the batch. Next: boxout checks"
        " replay RULE, then mend the rule or the input; one that passes goes out by itself: boxout"
        f" run GAME; or, past it: boxout run {min(back)[:10]} --force --reason WHY"
    )


def nothing_asked(engine: Engine, where: Span) -> NotReady:
    """Why no partition is expected at all."""
    calendar = engine.pipeline.calendar
    states = Counter(one.state for one in _said(engine.ledger, where))
    source, scheme = calendar.table.name, calendar.scheme.name
    if states:
        told = _counted_words(states)
        needed = " or ".join(sorted(calendar.expected_when))
        return NotReady(
            f"{_named(where)}: no {scheme} is {needed}; {source} lists {told}."
            f" Nothing was computed. Next: land {source} again when one is {needed}."
        )
    return NotReady(
        f"{_named(where)}: no {source} for it has arrived, so nothing is expected."
        f" Nothing was computed. Next: boxout land FILE, one that holds {source}."
    )


def _counted_words(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {word}" for word, count in counts.most_common())


def _said(ledger: Ledger, where: Span) -> list[Any]:
    return ledger.expectations(*day_range(where.first, where.last), ledger.head())


def _named(where: Span) -> str:
    if where.game:
        return where.game
    return where.first if where.first == where.last else f"{where.first}..{where.last}"


def _notes(engine: Engine, where: Span) -> Iterator[str]:
    """What the range holds that was not asked for: dates without a calendar, what will not come."""
    calendar, ledger = engine.pipeline.calendar, engine.ledger
    if where.game:
        return
    others = Counter(one.state for one in _said(ledger, where) if calendar.is_never(one.state))
    if others:
        yield f"not asked for, because {calendar.table.name} says so: {_counted_words(others)}"
    lacking = _dates_without(ledger, calendar, where)
    if lacking:
        yield f"no {calendar.table.name} has arrived for {show.listed(lacking, 3)}"


def _dates_without(ledger: Ledger, calendar: Calendar, where: Span) -> list[str]:
    """The dates of the range that the calendar's table has no rows for, as ranges."""
    known = ledger.pointers([calendar.table.name], where.first, where.last, ledger.head())
    there = {date_of(one.partition) for one in known if one.version is not None}
    day, last = date.fromisoformat(where.first), date.fromisoformat(where.last)
    ranges: list[list[date]] = []
    while day <= last:
        if day.isoformat() not in there:
            if ranges and ranges[-1][1] == day - timedelta(1):
                ranges[-1][1] = day
            else:
                ranges.append([day, day])
        day += timedelta(1)
    return [f"{a}" if a == b else f"{a}..{b}" for a, b in ranges]


def said(result: RunResult, notes: list[str]) -> dict[str, Any]:
    """A run in JSON: how many outcomes of each kind, and what is not public, by reason."""
    kinds = Counter(type(one).__name__.removesuffix("Outcome") for one in result.outcomes.values())
    return {
        "run": result.run,
        "outcomes": kinds,
        "not_public": [
            {"unit": g.unit, "outcome": g.kind, "reasons": g.reasons, "partitions": g.partitions}
            for g in grouped(_not_public(result))
        ],
        "notes": notes,
    }


def _not_public(result: RunResult) -> Iterator[tuple[str, str, str, tuple[Reason, ...]]]:
    for (unit, partition), one in result.outcomes.items():
        if error_of(one):
            yield unit, partition, WORDS[type(one)], reasons(one)


def _show(result: RunResult, where: Span, notes: list[str]) -> None:
    counts = Counter(WORDS[type(one)] for one in result.outcomes.values())
    told = ", ".join(f"{counts[word]} {word}" for word in WORDS.values() if counts[word])
    show.say(f"run {result.run}, {_named(where)}: {told or 'nothing to compute'}")
    for group in grouped(_not_public(result)):
        count = show.many(len(group.partitions), "partition")
        show.say(f"\n  {group.kind}  {group.unit}, {count}: {show.listed(group.partitions)}")
        for reason in group.reasons:
            show.say(f"    {reason}")
    for note in notes:
        show.say(f"\n{note}" if note == notes[0] else note)


def _show_plan(project: Project, plan: Plan, where: Span, counts: Counter[str]) -> None:
    schemes = {u.name: u.processors[0].target.scheme.name for u in project.graph.units}
    groups = grouped((s.unit, s.partition, s.action, s.reasons) for s in plan.steps)
    rows: list[tuple[str, str, str, str]] = []
    for group in sorted(groups, key=lambda one: one.kind == "keep"):
        named = _partitions(group, schemes[group.unit], is_one_day=where.first == where.last)
        first, *others = (one.removeprefix(f"{group.unit}: ") for one in group.reasons)
        rows.append((named, group.unit, group.kind, first))
        rows += [("", "", "", other) for other in others]
    if rows:
        show.grid(rows, ("", "unit", "", "because"))
    told = ", ".join(f"{count} {action}" for action, count in counts.items()) or "nothing"
    show.say(
        f"\nplan at publication {plan.snapshot}, {_named(where)}: {told}. Nothing was changed."
    )


def _partitions(group: Group, scheme: str, *, is_one_day: bool) -> str:
    """A few by name, many by number; what does not run by name all the same."""
    most = show.NAMED_MAX if group.kind in {"wait", "block"} else 3
    if len(group.partitions) > most and group.kind in {"run", "keep"}:
        return show.many(len(group.partitions), scheme)
    keys = [key[11:] if is_one_day and len(key) > 11 else key for key in group.partitions]
    return show.listed(keys, most)
