"""How bad it is: what a person should look at, what is out of the ordinary, and the rest."""

from typing import Final

from boxout.ledger import Entry

SEVERITIES: Final = ("info", "warning", "error")

SEVERITY: Final = {
    "published": "info",
    "arrived": "info",
    "run began": "info",
    "run ended": "info",
    "waiver undone": "info",
    "waived": "warning",
    "failed": "warning",
    "forced": "warning",
    "rollback": "warning",
    "withheld": "error",
    "refused": "error",
    "rejected": "error",
    "alert": "error",
    "run abandoned": "error",
    "silence": "error",
}
"""By the kind of an entry."""


def severity(one: Entry) -> str:
    """What nobody has judged yet is an error, so that it is looked at."""
    if one.kind == "arrived" and one.details.get("rejected"):
        return "warning"
    return SEVERITY.get(one.kind, "error")
