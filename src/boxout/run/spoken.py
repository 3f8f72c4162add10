"""Which dates a file of the calendar speaks for without naming anything on them."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from boxout.errors import DefinitionError
from boxout.model import Reader
from boxout.run.engine import Engine


def empty_dates(
    engine: Engine,
    reader: Reader,
    partitions: Sequence[str],
    aside: Collection[str],
    covers: tuple[str, str] | None,
) -> tuple[str, ...]:
    """The dates of which the file says that there is nothing on them.

    Of a date of which rows were set `aside` it does not say so. `covers` is a person's word on the
    first and the last date that the file speaks for; otherwise it is the reader's.
    """
    if covers is not None and reader.table != engine.pipeline.calendar.table:
        raise DefinitionError(f"{reader.table}: only a file of the calendar covers dates")
    days = _days(*covers) if covers is not None else _by_reader(engine, reader, partitions)
    named = {*partitions, *aside}
    return tuple(day for day in days if day not in named)


def _by_reader(engine: Engine, reader: Reader, partitions: Sequence[str]) -> list[str]:
    """Those outside of the dates that the file names only as far as nobody has spoken of them.

    A season's file without its pre-season does not take down the pre-season.
    """
    if reader.covers is None or not partitions:
        return []
    first, last = min(partitions), max(partitions)
    days = _days(*reader.covers(first, last))
    said = engine.ledger.pointers((reader.table.name,), days[0], days[-1], engine.ledger.head())
    known = {one.partition for one in said}
    return [day for day in days if first <= day <= last or day not in known]


def _days(first: str, last: str) -> list[str]:
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    return [str(begin + timedelta(n)) for n in range((end - begin).days + 1)]
