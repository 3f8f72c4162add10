"""Whom to tell what, as the project's file says it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final, NamedTuple

from boxout.graph.order import near
from boxout.ledger import Entry
from boxout.notify.severity import SEVERITIES, SEVERITY, severity

FORMS: Final = {"message": "warning", "cloudevents": "info"}
"""What a channel sends, and from which severity on when nothing is said."""


class Channel(NamedTuple):
    """One address. `url` is Apprise's for messages, http or https for CloudEvents.

    An url that begins with $ names the environment variable that holds it. No kinds are all kinds.
    """

    name: str
    url: str
    form: str
    severity: str
    kinds: tuple[str, ...]

    def wants(self, one: Entry) -> bool:
        """Whether an entry is for this channel."""
        is_bad = SEVERITIES.index(severity(one)) >= SEVERITIES.index(self.severity)
        return is_bad and (not self.kinds or one.kind in self.kinds)


@dataclass(frozen=True, slots=True)
class Notify:
    """The channels; the same cause is told again after `window_h` hours, or when it changed.

    A date whose games are expected and that nothing has examined `silence_after_h` hours after it
    began is an alert. `source` is that of CloudEvents, /boxout/PIPELINE by default.
    """

    channels: tuple[Channel, ...] = ()
    window_h: float = 24
    silence_after_h: float = 36
    source: str = "/boxout"


def notify_of(said: object, source: str) -> tuple[Notify, list[str]]:
    """The settings and every fault in what the file says; what it does not say stays as it is.

    `source` is that of CloudEvents where the file does not say it.
    """
    if not isinstance(said, dict):
        return Notify(source=source), [
            "notify is not a table: write [notify] and its lines below it"
        ]
    known = {one.name for one in fields(Notify)}
    faults = [
        f"notify.{key} means nothing{near(str(key), known)}" for key in said if key not in known
    ]
    given = {name: value for name, value in said.items() if name in {"window_h", "silence_after_h"}}
    faults += [
        f"notify.{name} is {value!r}, a number above 0 expected"
        for name, value in given.items()
        if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0
    ]
    source = said.get("source", source)
    if not isinstance(source, str):
        faults.append(f"notify.source is {source!r}, text expected")
    channels = said.get("channels", {})
    if not isinstance(channels, dict):
        return Notify(), [*faults, "notify.channels is not a table: write [notify.channels.NAME]"]
    for name, of in channels.items():
        faults += _faults(f"notify.channels.{name}", of)
    if faults:
        return Notify(), faults
    made = tuple(_channel(name, of) for name, of in channels.items())
    return Notify(channels=made, source=source, **given), []


def _faults(path: str, of: object) -> Iterator[str]:
    if not isinstance(of, dict):
        yield f"{path} is not a table: write [{path}] and its lines below it"
        return
    known = ("url", "form", "severity", "kinds")
    yield from (
        f"{path}.{key} means nothing{near(str(key), known)}" for key in of if key not in known
    )
    if not isinstance(of.get("url"), str) or not of["url"].removeprefix("$"):
        yield f"{path}.url is {'not text' if 'url' in of else 'missing'}"
    for key, may_be in (("form", FORMS), ("severity", SEVERITIES)):
        if key in of and of[key] not in may_be:
            yield f"{path}.{key} is {of[key]!r}, one of {', '.join(may_be)} expected"
    kinds = of.get("kinds", [])
    if not isinstance(kinds, list):
        yield f"{path}.kinds is {kinds!r}, a list of kinds expected"
    else:
        yield from (
            f"{path}.kinds: {kind} is no kind{near(str(kind), SEVERITY)}"
            for kind in kinds
            if kind not in SEVERITY
        )


def _channel(name: str, of: Mapping[str, Any]) -> Channel:
    form = of.get("form", "message")
    kinds = tuple(of.get("kinds", ()))
    lowest = of.get("severity", "info" if kinds else FORMS[form])
    return Channel(name, of["url"], form, lowest, kinds)
