"""What a message asks for: which dates of which tables, or which file is to be landed."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import Any, Final
from zoneinfo import ZoneInfo

from boxout.errors import DefinitionError
from boxout.graph.order import near
from boxout.ledger import Message
from boxout.model import Pipeline
from boxout.model.partitions import date_of, is_partition
from boxout.service.envelopes import Envelope, Unreadable, unnamed, unwrapped

BODY_MAX: Final = 4096
"""Characters of a message that are kept, for a person to look at."""

DAYS_FROM_TODAY: Final = {"YESTERDAY": -1, "TODAY": 0, "TOMORROW": 1}
STORED: Final = {"OBJECT_FINALIZE", ""}


def message_of(
    headers: Mapping[str, str], body: bytes, pipeline: Pipeline, *, has_files: bool
) -> Message:
    """The message in a request; one that cannot be understood is rejected with the reason."""
    text = body[:BODY_MAX].decode("utf-8", "replace")
    try:
        envelope = unwrapped(headers, body)
    except Unreadable as error:
        return rejected(unnamed(body), text, str(error))
    try:
        return _storable(_asked(envelope, text, pipeline, has_files=has_files))
    except Unreadable as error:
        return _storable(rejected(envelope.message, text, str(error)))


def _storable(message: Message) -> Message:
    """JSON can name halves of characters, which no text in UTF-8 has."""
    return Message(*(one.encode("utf-8", "replace").decode() for one in message))


def rejected(message: str, body: str, reason: str) -> Message:
    """A message of which only the reason counts why nothing is done for it."""
    return Message(message, "", "", "", "", "", "", body, rejected=reason)


def _asked(envelope: Envelope, body: str, pipeline: Pipeline, *, has_files: bool) -> Message:
    says = envelope.says
    stored = _stored(says)
    table = _table(says, pipeline)
    if stored:
        if not has_files:
            raise Unreadable(f"{stored}: no folder of files is served; see boxout serve --files")
        _known_file(stored, pipeline)
        written = str(says.get("generation") or says.get("objectGeneration") or "")
        meaning = f"land {stored}#{written}"
        return Message(envelope.message, meaning, "", "", table, stored, envelope.trace, body)
    first, last, named = _dates(says)
    selected = f"{table}+" if table else ""
    meaning = f"{table or 'all'} {named}"
    return Message(envelope.message, meaning, first, last, selected, "", envelope.trace, body)


def _table(says: Mapping[str, Any], pipeline: Pipeline) -> str:
    table = says.get("table", "")
    if not isinstance(table, str):
        raise Unreadable(f"table is {type(table).__name__}, its name expected")
    known = {*(one.name for one in pipeline.sources), *(p.target.name for p in pipeline.processors)}
    if table and table not in known:
        raise Unreadable(f"{table[:100]}: no such table{near(table[:100], known)}")
    return table


def _stored(says: Mapping[str, Any]) -> str:
    """The file that a storage service tells of; empty when the message is of none."""
    kind = says.get("eventType", "")
    named = says.get("object") or says.get("objectId")
    found = named or (says.get("name", "") if "bucket" in says else "")
    if not isinstance(found, str):
        raise Unreadable(f"object is {type(found).__name__}, the name of a file expected")
    if found and kind not in STORED:
        raise Unreadable(f"{str(kind)[:100]} of {found[:200]}: only files that were written count")
    return found


def _known_file(stored: str, pipeline: Pipeline) -> None:
    path = PurePosixPath(stored)
    strange = path.is_absolute() or ".." in path.parts or "\\" in stored or not stored.isprintable()
    if strange or len(stored) > 1024:
        raise Unreadable(f"{stored[:200]!r}: not the name of a file below the folder")
    patterns = {pattern for one in pipeline.readers for pattern in one.file_patterns}
    if not any(map(path.match, patterns)):
        raise Unreadable(f"{stored[:200]}: no reader knows this file name")


def _dates(says: Mapping[str, Any]) -> tuple[str, str, str]:
    """First and last date, and what the message called them."""
    game, day = says.get("game"), says.get("date")
    named = [game] if game else [day] if day else [says.get("first"), says.get("last")]
    if not all(isinstance(one, str) and is_partition(one) for one in named):
        told = " ".join(str(one)[:40] for one in named if one is not None) or "nothing"
        raise Unreadable(f"{told}: a date (2026-02-03), first and last, or a game expected")
    keys = [str(one) for one in named]
    if any("/" in one for one in keys) and not game:
        raise Unreadable(f"{keys[0][:40]}: a date expected")
    first, last = date_of(keys[0]), date_of(keys[-1])
    if last < first:
        raise Unreadable(f"{first} {last}: the range ends before it begins")
    return first, last, "..".join(dict.fromkeys(keys))


def day_named(word: str, zone: str, now: str) -> str:
    """A date, or what today, yesterday or tomorrow is in a zone; DefinitionError otherwise."""
    days = DAYS_FROM_TODAY.get(word.upper())
    if days is not None:
        here = datetime.fromisoformat(now).astimezone(ZoneInfo(zone))
        return (here.date() + timedelta(days)).isoformat()
    if len(word) == 10 and is_partition(word):
        return word
    raise DefinitionError(
        f"{word[:40]}: say a date (2026-02-03), {', '.join(DAYS_FROM_TODAY)}. Nothing was begun."
    )
