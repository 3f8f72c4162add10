"""A message to a person: what happened, what readers see now, and the next command to type."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from boxout.ledger import CALENDAR, Entry, Ledger
from boxout.model.partitions import date_of
from boxout.notify.groups import Group

EXAMPLES_MAX: Final = 3


class Message(NamedTuple):
    """`entry` is the first that it tells of: a message that is sent twice has the same."""

    title: str
    body: str
    severity: str
    entry: int


def message(ledger: Ledger, group: Group) -> Message:
    """Everything that one cause did, in one message."""
    first = group.entries[0]
    said = [
        _happened(group),
        *_examples(group),
        "",
        *_readers(ledger, group),
        f"Next: {_next(group)}",
    ]
    return Message(_title(group), "\n".join(said), group.severity, first.entry)


def digest(groups: Sequence[Group]) -> Message:
    """What is more than anybody reads one by one."""
    worst = groups[0].entries[0]
    kinds = [f"  {_title(group)}" for group in groups]
    said = [f"{len(groups)} more causes, too many to be told one by one:", *kinds, ""]
    said.append(f"Next: boxout events --after {worst.entry - 1}")
    return Message(f"{len(groups)} more causes", "\n".join(said), groups[0].severity, worst.entry)


def _title(group: Group) -> str:
    first = group.entries[0]
    because = f": {group.cause.splitlines()[0]}" if group.cause else ""
    if not group.tables:
        return f"{group.kind} {first.run}".strip() + because
    tables = ", ".join(t for t in group.tables if t != CALENDAR)
    return f"{_count(group)}{group.kind} {tables or 'calendar'}{because}"


def _count(group: Group) -> str:
    if all(one.partitions for one in group.entries):
        listed = all("partitions" in one.details for one in group.entries)
        most = max(one.partitions for one in group.entries)
        count = len(group.partitions) if listed else most
        return f"{group.partitions[0]} " if count == 1 else f"{count} partitions "
    return ""


def _happened(group: Group) -> str:
    first, last = group.entries[0], group.entries[-1]
    reach = group.partitions
    where = (
        f" of {reach[0]}" if len(reach) == 1 else f" of {reach[0]} to {reach[-1]}" if reach else ""
    )
    run = f" in run {first.run}" if first.run and group.tables else ""
    entries = f"entry {first.entry}" + (f" to {last.entry}" if last is not first else "")
    because = f" Because: {group.cause}." if group.cause else ""
    tables = ", ".join(group.tables) or first.run
    return f"{tables}{where}: {group.kind} at {first.at[:19]}Z{run} ({entries}).{because}"


def _examples(group: Group) -> Iterator[str]:
    found: list[Any] = []
    for one in group.entries:
        reasons = one.details.get("reasons")
        found += reasons if isinstance(reasons, list | tuple) else []
    told = list(dict.fromkeys((r["partition"], r["found"], r["needed"]) for r in found))
    for partition, had, needed in told[:EXAMPLES_MAX]:
        wanted = f", {needed}" if needed and needed != group.cause else ""
        yield f"  {partition}: {had}{wanted}"
    if len(told) > EXAMPLES_MAX:
        yield f"  and {len(told) - EXAMPLES_MAX} more"
    for one in group.entries[:EXAMPLES_MAX]:
        if file := one.details.get("file"):
            aside = one.details.get("rejected")
            yield f"  {file}" + (f": {aside} rows set aside" if aside else "")


def _readers(ledger: Ledger, group: Group) -> Iterator[str]:
    """What is public of it at this moment, whatever has happened since."""
    names = set(group.partitions)
    if not names or group.kind in {"published", "waived", "waiver undone"}:
        return
    seen: dict[str, list[str]] = {}
    for table in group.tables:
        pointers = ledger.pointers([table], min(names), max(names), ledger.head())
        there = [one for one in pointers if one.partition in names and one.version is not None]
        seen.setdefault(_seen(there, len(names)), []).append(table)
    for what, tables in seen.items():
        yield f"Readers see of {', '.join(tables)}: {what}"


def _seen(there: Sequence[Any], asked: int) -> str:
    if not there:
        return "nothing."
    if asked == 1:
        return f"version {there[0].version}, public since publication {there[0].since}."
    since = sorted({one.since for one in there})
    span = f"publication {since[0]}" + (f" to {since[-1]}" if len(since) > 1 else "")
    return f"{len(there)} of {asked}, public since {span}; nothing of the others."


def _next(group: Group) -> str:
    first = group.entries[0]
    partition = first.first or (group.partitions[0] if group.partitions else "")
    day = f"boxout expect {date_of(partition)}"
    why = f"boxout why {first.table} {partition}"
    past = f"boxout history {first.table} {partition}"
    commands = {
        "withheld": why,
        "failed": why,
        "alert": why,
        "refused": f"boxout land {first.details.get('file', 'FILE')}, once the file is mended",
        "arrived": "boxout quarantine list",
        "forced": past,
        "rollback": past,
        "waived": day,
        "waiver undone": day,
        "silence": day,
        "published": day,
        "run abandoned": f"boxout run {_asked(first)}",
    }
    return commands.get(group.kind, f"boxout events --after {first.entry - 1}")


def _asked(one: Entry) -> str:
    """The date or the range that a run was asked for, as the command line wants it."""
    words = one.cause.split()
    return words[0].replace("..", " ") if words and words[0][:1].isdigit() else "DATE"
