"""Delivery: what follows a channel's cursor is sent, then the cursor goes on.

A crash in between sends again, with the same ids. What a channel does not take is kept, because
its cursor stays; the other channels are not held up.
"""

import json
from collections.abc import Mapping
from typing import Final, NamedTuple

from boxout.errors import ChannelUnavailable
from boxout.ledger import Cursor, Entry, Ledger
from boxout.notify.channels import Senders
from boxout.notify.cloud import cloud_event
from boxout.notify.groups import Group, grouped
from boxout.notify.message import digest, message
from boxout.notify.settings import Channel, Notify
from boxout.notify.severity import SEVERITIES

AT_ONCE: Final = 10_000
"""So many entries are looked at together, and grouped."""

MESSAGES_MAX: Final = 20
"""So many messages at once; what is more is told in one."""

Told = dict[str, tuple[str, str]]
"""By cause: when it was told last, and what it was."""


class Delivery(NamedTuple):
    """What became of a channel: sent, not told again because nothing changed, and the error."""

    channel: str
    sent: int
    repeated: int
    upto: int
    error: str | None


def deliver(ledger: Ledger, channel: Channel, notify: Notify, send: Senders) -> Delivery:
    """Send a channel all that is new for it, oldest first."""
    reader = f"notify {channel.name}"
    through = Delivery(channel.name, 0, 0, ledger.cursor(reader).entry, None)
    while entries := ledger.outbox(through.upto, AT_ONCE):
        wanted = [one for one in entries if channel.wants(one)]
        if channel.form == "cloudevents":
            one = _events(ledger, channel, wanted, send, notify.source)
        else:
            one = _messages(ledger, channel, wanted, send, notify)
        through = through._replace(
            sent=through.sent + one.sent, repeated=through.repeated + one.repeated, error=one.error
        )
        if one.error is not None:
            return through._replace(upto=ledger.cursor(reader).entry)
        kept = ledger.cursor(reader).kept
        ledger.advance(reader, Cursor(entries[-1].entry, kept))
        through = through._replace(upto=entries[-1].entry)
    return through


def _events(
    ledger: Ledger, channel: Channel, wanted: list[Entry], send: Senders, source: str
) -> Delivery:
    reader, sent = f"notify {channel.name}", 0
    for one in wanted:
        try:
            send.cloud_event(channel, cloud_event(one, source))
        except ChannelUnavailable as error:
            return Delivery(channel.name, sent, 0, 0, str(error))
        ledger.advance(reader, Cursor(one.entry, ""))
        sent += 1
    return Delivery(channel.name, sent, 0, 0, None)


def _messages(
    ledger: Ledger, channel: Channel, wanted: list[Entry], send: Senders, notify: Notify
) -> Delivery:
    reader = f"notify {channel.name}"
    at = ledger.cursor(reader)
    told = _remembered(at.kept, _since(ledger, notify))
    groups = grouped(wanted)
    news = [one for one in groups if told.get(one.key, ("", ""))[1] != one.content]
    sent, repeated = 0, len(groups) - len(news)
    for batch in _batches(news):
        try:
            what = message(ledger, batch[0]) if len(batch) == 1 else digest(batch)
            send.message(channel, what)
        except ChannelUnavailable as error:
            return Delivery(channel.name, sent, repeated, 0, str(error))
        told |= {one.key: (ledger.now(), one.content) for one in batch}
        ledger.advance(reader, Cursor(at.entry, json.dumps(told)))
        sent += 1
    return Delivery(channel.name, sent, repeated, 0, None)


def _batches(news: list[Group]) -> list[list[Group]]:
    """One by one, and what is too much as the last."""
    if len(news) <= MESSAGES_MAX:
        return [[one] for one in news]
    worst_first = sorted(news, key=lambda one: -SEVERITIES.index(one.severity))
    most = MESSAGES_MAX - 1
    return [*([one] for one in worst_first[:most]), worst_first[most:]]


def _since(ledger: Ledger, notify: Notify) -> str:
    return ledger.now(-notify.window_h * 3600)


def _remembered(kept: str, since: str) -> Told:
    known: Mapping[str, list[str]] = json.loads(kept) if kept else {}
    return {key: (at, content) for key, (at, content) in known.items() if at >= since}
