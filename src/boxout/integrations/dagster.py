"""Boxout inside Dagster: tables as assets, the engine's word as asset checks, its looks as a sensor.

A unit of the pipeline, what is published as one, is one multi-asset, partitioned by date. A table is
materialized only when it is public for the whole date; otherwise what depends on it does not run.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final, NamedTuple

from boxout.asked import Span, chosen
from boxout.deferred import deferred
from boxout.errors import BoxoutError, StoreUnavailable
from boxout.graph import Unit
from boxout.integrations.brought import Answer, Brought, Standing, bring
from boxout.ledger import Ledger
from boxout.ledger.records import Finding
from boxout.model import TOLD_ONLY, Processor, Severity
from boxout.model.inputs import Need
from boxout.model.partitions import date_of
from boxout.project import Project, open_project

dagster = deferred("dagster")

PUBLISHED: Final = "published"
"""The check that every table has: is all that is expected of the date public and fresh?"""

AT_ONCE: Final = 1000
WAIT_S: Final = 600.0
SLUG_MAX: Final = 60


class Place(NamedTuple):
    """A project inside Dagster: what its assets are called, how they are cut, how long to wait."""

    project: Project
    prefix: tuple[str, ...]
    dates: Any
    wait_s: float
    retry_policy: Any

    def key(self, table: str) -> Any:
        """The asset of a table."""
        return dagster.AssetKey([*self.prefix, table])


def boxout_dates(project: Path | str, *, start: str) -> Any:
    """The dates from `start` on as partitions, today too, in the zone of the pipeline's calendar."""
    zone = open_project(project).pipeline.calendar.zone
    return dagster.DailyPartitionsDefinition(start_date=start, timezone=zone, end_offset=1)


def boxout_assets(
    project: Path | str,
    dates: Any,
    *,
    selected: str = "",
    key_prefix: Sequence[str] = (),
    wait_s: float = WAIT_S,
    retry_policy: Any = None,
) -> list[Any]:
    """The tables of a project as assets, partitioned by `dates`: sources external, units to run.

    `selected` names tables in the grammar of --select. `wait_s` is how long a run waits for a
    warehouse that another process holds; `retry_policy` is for a store that cannot be used at all.
    """
    opened = open_project(project)
    place = Place(opened, tuple(key_prefix), dates, wait_s, retry_policy)
    tables = chosen(opened, selected)
    units = [_unit_assets(place, one) for one in opened.graph.units if _names(one) & tables]
    return [*_sources(place), *units]


def boxout_sensor(
    project: Path | str,
    job: Any,
    *,
    name: str = "boxout_looks_again",
    key_prefix: Sequence[str] = (),
) -> Any:
    """A sensor that runs `job` again for what waits, when its next look is due.

    That is when an input it waits for has arrived, or else at intervals that double. The project
    says when, and when to give up; nothing has to be computed to ask it.
    """
    opened = open_project(project)

    def look(_context: Any) -> Iterator[Any]:
        tables = {unit.name: sorted(_names(unit)) for unit in opened.graph.units}
        for (unit, day), looks in _due(opened).items():
            keys = [dagster.AssetKey([*key_prefix, table]) for table in tables[unit]]
            run_key = f"{unit}/{day}/{looks}"
            yield dagster.RunRequest(run_key=run_key, partition_key=day, asset_selection=keys)

    return dagster.sensor(name=name, job=job, minimum_interval_seconds=60)(look)


def _due(project: Project) -> dict[tuple[str, str], int]:
    """What is due, by unit and date, with how often it was looked at."""
    with closing(project.ledger()) as ledger:
        due = ledger.due_work(AT_ONCE)
    units = {unit.name for unit in project.graph.units}
    found: dict[tuple[str, str], int] = {}
    for one in due:
        if one.unit in units:
            key = (one.unit, date_of(one.partition))
            found[key] = found.get(key, 0) + one.looks
    return found


def _names(unit: Unit) -> set[str]:
    return {one.target.name for one in unit.processors}


def _sources(place: Place) -> list[Any]:
    graph = place.project.graph
    return [
        dagster.AssetSpec(
            place.key(name),
            partitions_def=place.dates,
            description=f"One row per {table.one_row_per}.",
        )
        for name, table in graph.tables.items()
        if table.is_source
    ]


def _unit_assets(place: Place, unit: Unit) -> Any:
    """One op that brings a unit up to date for a date."""
    checks = _checks(place.project, unit)
    specs = [_spec(place, one) for one in unit.processors]
    check_specs = [
        dagster.AssetCheckSpec(slug, asset=place.key(table), description=check)
        for table, named in checks.items()
        for check, slug in named.items()
    ]

    def compute(context: Any) -> Iterator[Any]:
        yield from _computed(context, place, unit, checks)

    compute.__annotations__ = {"context": dagster.AssetExecutionContext}
    made = dagster.multi_asset(
        name=_slug("_".join((*place.prefix, unit.name))),
        specs=specs,
        check_specs=check_specs,
        can_subset=True,
        partitions_def=place.dates,
        retry_policy=place.retry_policy,
    )
    return made(compute)


def _spec(place: Place, one: Processor) -> Any:
    table = one.target
    return dagster.AssetSpec(
        place.key(table.name),
        deps=[place.key(name) for name in _deps(one)],
        description=f"One row per {table.one_row_per}.",
        metadata={"boxout/inputs": _inputs(one)},
        kinds={"boxout"},
        skippable=True,
    )


def _deps(one: Processor) -> list[str]:
    """The tables that Dagster may hold this one back for.

    Sources, which it does not run, and what must be there for the same date. The days before a date,
    and what may be absent, are for the gate to judge: a date's context goes out before its games.
    """
    return list(
        dict.fromkeys(
            table.name
            for given in one.inputs.values()
            for table in given.tables
            if table.is_source
            or (given.need is Need.REQUIRED and given.window_days is None and not given.is_any_of)
        )
    )


def _inputs(one: Processor) -> dict[str, str]:
    return {
        name: " or ".join(table.name for table in given.tables)
        + (f", the {given.window_days} days before" if given.window_days else "")
        + (", optional" if given.need is Need.OPTIONAL else "")
        for name, given in one.inputs.items()
    }


def _checks(project: Project, unit: Unit) -> dict[str, dict[str, str]]:
    """Of each table its checks, and what Dagster calls them."""
    compiled = project.compiled()
    groups = {one.group for one in unit.processors if one.group}
    across = [
        check.name
        for group in sorted(groups)
        for audit in compiled.across.get(group, ())
        for check in audit.checks
    ]
    return {
        one.target.name: _slugs(
            [PUBLISHED, *(c.name for c in compiled.audits[one.target.name].checks), *across]
        )
        for one in unit.processors
    }


def _slugs(names: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in names:
        plain = _slug(name)
        taken = sum(re.fullmatch(rf"{plain}(_\d+)?", one) is not None for one in found.values())
        found.setdefault(name, f"{plain}_{taken + 1}" if taken else plain)
    return found


def _slug(text: str) -> str:
    plain = re.sub(r"\W+", "_", text, flags=re.ASCII).strip("_").lower()
    return plain[:SLUG_MAX].rstrip("_") or "check"


def _computed(
    context: Any, place: Place, unit: Unit, checks: Mapping[str, Mapping[str, str]]
) -> Iterator[Any]:
    """Run the unit for the date; what is public as materializations, what was asked as checks."""
    day = context.partition_key
    try:
        brought = bring(place.project, Span(day, day, None), _names(unit), wait_s=place.wait_s)
        with closing(place.project.ledger()) as ledger:
            judged = {name: _judged(ledger, one) for name, one in brought.standings.items()}
    except StoreUnavailable as error:
        raise dagster.Failure(str(error)) from error
    except BoxoutError as error:
        raise dagster.Failure(str(error), allow_retries=False) from error
    for table, one in brought.standings.items():
        told = [_published(one, brought), *_answers(judged[table], checks[table])]
        yield from _results(context, place.key(table), one, brought)
        yield from _checked(context, place.key(table), {checks[table][n]: r for n, r in told})
    if brought.answer in {Answer.WITHHELD, Answer.OVER}:
        raise dagster.Failure(brought.told, allow_retries=False)
    if brought.answer is not Answer.PUBLIC:
        context.log.info(f"Not materialized. {brought.told}")


def _results(context: Any, key: Any, one: Standing, brought: Brought) -> Iterator[Any]:
    """A table that is public, where it was asked for."""
    if one.answer is Answer.PUBLIC and key in context.selected_asset_keys:
        yield dagster.MaterializeResult(asset_key=key, metadata=_metadata(one, brought))


def _checked(context: Any, key: Any, told: Mapping[str, Callable[..., Any]]) -> Iterator[Any]:
    """The answers of the checks that were asked for."""
    for slug, result in told.items():
        if dagster.AssetCheckKey(key, slug) in context.selected_asset_check_keys:
            yield result(asset_key=key, check_name=slug)


def _metadata(one: Standing, brought: Brought) -> dict[str, Any]:
    versions = {pointer.partition: pointer.version for pointer in one.pointers}
    forced = {"boxout/forced": "; ".join(one.forced)} if one.forced else {}
    return {
        "boxout/publication": one.publication,
        "boxout/versions": versions,
        "boxout/run": brought.run,
        "boxout/moved": one.is_new,
        "dagster/row_count": one.rows,
        "dagster/partition_row_count": one.rows,
        **forced,
    }


def _published(one: Standing, brought: Brought) -> tuple[str, Callable[..., Any]]:
    """Whether all that is expected is public and fresh, and if not, why."""
    kinds = dagster.AssetCheckSeverity
    is_mild = one.answer in {Answer.LATER, Answer.NOTHING}
    said = one.reasons or ("nothing is expected on this date",)

    def result(**which: Any) -> Any:
        return dagster.AssetCheckResult(
            passed=one.answer is Answer.PUBLIC,
            severity=kinds.WARN if is_mild else kinds.ERROR,
            description=None if one.answer is Answer.PUBLIC else "\n".join(said),
            metadata={
                "answer": str(one.answer),
                "partitions public": len(one.pointers),
                **({"looked at again": brought.look_at} if brought.look_at else {}),
            },
            **which,
        )

    return PUBLISHED, result


class _Judged(NamedTuple):
    """A check that was asked of rows of a date: with what severity, and what did not pass."""

    severity: str
    partitions: int
    findings: tuple[Finding, ...]


def _judged(ledger: Ledger, one: Standing) -> dict[str, _Judged]:
    """How the latest rows of each partition came out, public or not; nothing where there are none."""
    found: dict[str, _Judged] = {}
    for partition in one.partitions:
        for version in ledger.latest_versions(one.table, partition, 1):
            findings = ledger.findings([version], partition, partition)
            for count in ledger.counts(version):
                before = found.get(count.check, _Judged(count.severity, 0, ()))
                mine = tuple(f for f in findings if f.check == count.check)
                found[count.check] = _Judged(
                    count.severity, before.partitions + 1, (*before.findings, *mine)
                )
    return found


def _answers(
    judged: Mapping[str, _Judged], names: Mapping[str, str]
) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Each check that was asked; one that was asked of nothing says nothing."""
    for name, one in judged.items():
        if name in names:
            yield name, _answered(one)


def _answered(one: _Judged) -> Callable[..., Any]:
    is_told_only = Severity(one.severity) in TOLD_ONLY
    kinds = dagster.AssetCheckSeverity
    lines = [f"{f.partition}: {f.answer}: {f.found}, {f.needed}" for f in one.findings]

    def result(**which: Any) -> Any:
        return dagster.AssetCheckResult(
            passed=not one.findings,
            severity=kinds.WARN if is_told_only else kinds.ERROR,
            description="\n".join(lines) or None,
            metadata={"partitions asked": one.partitions},
            **which,
        )

    return result
