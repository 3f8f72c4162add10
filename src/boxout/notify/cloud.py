"""An entry of the outbox as a CloudEvent, version 1.0 of the specification."""

from typing import Any, Final

from boxout.ledger import Entry
from boxout.notify.severity import severity

SAID: Final = ("run", "table", "first", "last", "partitions", "version", "publication", "cause")


def cloud_event(one: Entry, source: str) -> dict[str, Any]:
    """The event in the structured form; source and id together are unique, however often it is sent."""
    event = {
        "specversion": "1.0",
        "id": str(one.entry),
        "source": source,
        "type": f"boxout.{one.kind.replace(' ', '_')}",
        "time": one.at,
        "datacontenttype": "application/json",
    }
    subject = "/".join(filter(None, (one.table, one.first if one.partitions == 1 else "")))
    named = {"subject": subject} if subject else {}
    said = {name: getattr(one, name) for name in SAID}
    return {**event, **named, "data": {**said, "severity": severity(one), "details": one.details}}
