"""A partition's page: why it is as it is, its versions, its checks, its numbers beside the season."""

from typing import Any

from boxout.errors import NotReady, StoreUnavailable
from boxout.model import Table
from boxout.model.partitions import date_of
from boxout.pages import Plotted, plotted
from boxout.report import Standing, examples, history, verdicts, why
from boxout.report.seasons import span_of
from boxout.report.spread import plotted as plottable
from boxout.report.spread import spreads
from boxout.report.standing import standing_out
from boxout.report.why import Why
from boxout.run.waiver import is_waived
from boxout.service.desk import Desk
from boxout.service.ui.chrome import seen


def told(desk: Desk, name: str, partition: str) -> dict[str, Any]:
    """Everything that the page shows."""
    table, day = desk.engine.graph.tables[name], date_of(partition)
    found = why(seen(desk, day, day), name, partition)
    ledger, calendar = desk.engine.ledger, desk.project.pipeline.calendar
    version = found.public.version if found.public else None
    return {
        "table": table,
        "partition": partition,
        "day": day,
        "why": found,
        "history": history(ledger, name, partition),
        "checks": ledger.counts(version) if version else (),
        "findings": ledger.findings([version], partition, partition) if version else (),
        "examples": _examples(desk, found),
        "events": ledger.latest_events([name], partition, partition) if found.told else (),
        "has_plots": bool(version and not table.is_source and plottable(table)),
        "at": ledger.head(),
        "can_waive": table.scheme.name == calendar.scheme.name
        and bool(ledger.expectations(partition, partition, ledger.head())),
        "is_waived": is_waived(desk.engine, partition),
    }


def _examples(desk: Desk, found: Why) -> dict[str, list[dict[str, Any]]]:
    """Rows of what was withheld, by check; none while they cannot be looked at."""
    written = {desk.engine.graph.tables[table]: version for table, version in found.written}
    try:
        return {
            one.check: examples(
                desk.engine.warehouse, desk.project.pipeline, one, found.partition, written
            )
            for one in found.not_passed
        }
    except (NotReady, StoreUnavailable):
        return {}


def standings(desk: Desk, table: str, partition: str) -> list[Standing]:
    """What stands out of this partition, beside what was accepted before it."""
    day = date_of(partition)
    found = verdicts(desk.engine, table, day, day)
    return standing_out(one for one in found if one.partition == partition)


def plots(desk: Desk, table: Table, partition: str) -> list[Plotted]:
    """The partition's computed columns beside the rest of the season."""
    calendar, ledger = desk.project.pipeline.calendar, desk.engine.ledger
    day = date_of(partition)
    span = span_of(ledger, calendar, day, day)._replace(partition=partition)
    return list(plotted(spreads(desk.engine.warehouse, table, span, ()), partition))
