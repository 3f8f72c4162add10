"""What a run costs in a warehouse that is paid by what it reads: told before, and after."""

from typing import Any, Final

from boxout.asked import Span
from boxout.cli import show
from boxout.cli.auditing import looking
from boxout.project import Project
from boxout.run import Engine, Estimate, estimate
from boxout.warehouse import Spent, billing_of

UNITS: Final = ("bytes", "kB", "MB", "GB", "TB")


def tell_estimate(
    opened: Project, where: Span, tables: set[str], wait_s: float, *, is_json: bool
) -> None:
    """Show what a run would read; nothing is computed and nothing is billed."""
    with looking(opened, wait_s) as engine:
        found = estimate(engine, where.first, where.last, tables, where.game)
    if not is_json:
        _show(found)
    tables_read = [one._asdict() for one in found.tables]
    answer = {"bytes_read": found.bytes_read, "tables": tables_read, "waiting": found.waiting}
    show.finish({**answer, "bytes_billed_max": found.bytes_billed_max}, None, is_json=is_json)


def _show(found: Estimate) -> None:
    rows = [(one.table, str(one.partitions), size(one.bytes_read)) for one in found.tables]
    if rows:
        show.grid(rows, ("table", "partitions", "reads at most"))
    waits = show.many(found.waiting, "partition")
    later = f" {waits} more wait; what they read is not known yet." if found.waiting else ""
    show.say(
        f"The statements that compute would read {size(found.bytes_read)} at most, and their audits"
        f" what was written; no statement may bill more than {size(found.bytes_billed_max)}."
        f"{later} Nothing was computed."
    )


def spent(engine: Engine) -> Spent | None:
    """What this process has asked so far of a warehouse that is paid; None when it costs nothing."""
    billing = billing_of(engine.warehouse)
    return billing.spent if billing else None


def billed(engine: Engine, before: Spent | None) -> dict[str, Any]:
    """What was asked since, and what is billed for it; nothing when that is nothing."""
    now = spent(engine)
    return {} if now is None or before is None else now.since(before)._asdict()


def billed_note(found: dict[str, Any]) -> list[str]:
    """The same as a line."""
    if not found:
        return []
    jobs = show.many(found["jobs"], "job")
    read, paid = size(found["bytes_processed"]), size(found["bytes_billed"])
    return [f"{jobs} read {read}; {paid} are billed"]


def size(count: int) -> str:
    """So many bytes, as people say it."""
    amount, unit = float(count), 0
    while amount >= 1000 and unit < len(UNITS) - 1:
        amount, unit = amount / 1000, unit + 1
    return f"{amount:.3g} {UNITS[unit]}" if amount < 1000 else f"{amount:,.0f} {UNITS[unit]}"
