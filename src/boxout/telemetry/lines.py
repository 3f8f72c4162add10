"""Log lines as JSON: what happened to which partitions, in which run, under which fence."""

import json
import logging
from collections.abc import Mapping, Sequence
from time import gmtime
from typing import Any, Final, TextIO, cast

from boxout.ledger import Claim, Published
from boxout.ledger.outbox import of_events
from boxout.telemetry.observed import Call, Ended, became

LOG = logging.getLogger("boxout.telemetry")

NAMED_MAX: Final = 20
"""So many partitions are named in a line; the count beside them is of all."""

FIELDS: Final = ("run", "unit", "table", "publication", "fence", "partition", "partitions",
                 "cause")  # fmt: skip


class Lines:
    """An observer that logs claims, publications and what stayed back."""

    def __init__(self, log: logging.Logger = LOG) -> None:
        self._log = log
        self._of: dict[int, tuple[str, str]] = {}

    def begins(self, call: Call) -> object:
        """Nothing is said before it is over."""
        return call.method

    def ends(self, call: Call, begun: object, ended: Ended) -> None:
        """A line for what the call did, if it did anything that matters."""
        given = call.given
        if ended.error is not None:
            self._say(logging.ERROR, f"{call.store}.{begun} broke: {ended.error}", {})
            return
        match call.store, begun, ended.result:
            case "ledger", "claim", Claim() as claim if claim.held:
                self._of[claim.attempt] = (given["run"], given["unit"])
                self._say(logging.INFO, "claimed", self._about(claim.attempt, claim.held))
            case "ledger", "publish", Published() as published:
                self._published(given["attempt"], published)
            case "ledger", "record_events", _:
                for one in of_events(given["events"]):
                    about = {"run": one.run, "table": one.table, "cause": one.cause}
                    names: Any = one.details["partitions"]
                    self._say(logging.WARNING, one.kind, about | _named(names))
            case "ledger", "release", _:
                self._of.pop(given["attempt"], None)
            case _:
                pass

    def _published(self, attempt: int, published: Published) -> None:
        for outcome, of in became(published).items():
            number = published.publication if outcome == "published" else None
            self._say(logging.INFO, outcome, self._about(attempt, of) | {"publication": number})

    def _about(self, attempt: int, partitions: Sequence[str]) -> dict[str, Any]:
        run, unit = self._of.get(attempt, ("", ""))
        return {"run": run, "unit": unit, "fence": attempt, **_named(partitions)}

    def _say(self, level: int, told: str, about: Mapping[str, Any]) -> None:
        self._log.log(level, told, extra={"boxout": about})


def _named(partitions: Sequence[str]) -> dict[str, Any]:
    return {"partition": list(partitions[:NAMED_MAX]), "partitions": len(partitions)}


class AsJson:
    """One JSON document for every record, on one line, in UTC."""

    def __init__(self) -> None:
        self._plain = logging.Formatter()
        self._plain.converter = gmtime

    def format(self, record: logging.LogRecord) -> str:
        """A formatter is whatever has this method."""
        about: Mapping[str, Any] = getattr(record, "boxout", {})
        said: dict[str, Any] = {
            "time": f"{self._plain.formatTime(record, '%Y-%m-%dT%H:%M:%S')}.{int(record.msecs):03}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **{name: about[name] for name in FIELDS if about.get(name) is not None},
        }
        if record.exc_info:
            said["exception"] = self._plain.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False)


def json_lines(stream: TextIO) -> logging.Handler:
    """A handler that writes every record as a line of JSON, in UTC."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(cast("logging.Formatter", AsJson()))
    return handler
