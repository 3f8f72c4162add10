"""Pinned rows as subqueries: what the names in a processor's SQL stand for."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from boxout.model.inputs import AS_OF
from boxout.warehouse.bigquery.names import DATE, Names, columns_sql, quoted
from boxout.warehouse.bigquery.wire import Given
from boxout.warehouse.port import Pinned, Pins

_KINDS: Final = {
    "part": "STRING",
    "version": "INT64",
    "as_of": "STRING",
    "first": "STRING",
    "last": "STRING",
}


def bind(names: Names, pins: Pins) -> tuple[list[str], dict[str, Any]]:
    """Each name as a subquery over its pinned rows, and the parameters of all.

    The range of dates leaves out the partitions of BigQuery that hold none of the rows, the range
    of versions the blocks: what is left out is not billed.
    """
    bound: list[str] = []
    given: dict[str, Any] = {}
    for at, (name, pinned) in enumerate(pins.items()):
        parts, versions = _columns(pinned.pairs, 2)
        given |= {f"p{at}": Given("STRING", parts), f"v{at}": Given("INT64", versions)}
        given |= {f"low{at}": min(versions, default=0), f"high{at}": max(versions, default=0)}
        keys = _zipped(at, {"p": "part", "v": "version"})
        chosen = columns_sql(pinned.table, "r.")
        if pinned.read_by is not None:
            for letter, values in zip("afl", _columns(pinned.read_by, 3), strict=True):
                given[f"{letter}{at}"] = Given("STRING", values)
            keys = _read_by(at, keys)
            chosen += f", p.`as_of` AS {quoted(AS_OF)}"
        dates, said = _dates(at, parts)
        given |= said
        bound.append(f"{_named(names, at, (name, pinned), chosen, keys)}{dates})")
    return bound, given


def dates_of(parts: Sequence[str]) -> tuple[date, date] | None:
    """The first and the last date that these keys begin with; None when one begins with none."""
    try:
        found = [date.fromisoformat(part[:10]) for part in parts]
    except ValueError:
        return None
    return (min(found), max(found)) if found else None


def _zipped(at: int, lists: dict[str, str]) -> str:
    """Lists of one length as rows, each row once."""
    first, *others = [
        f"UNNEST(@{letter}{at}) AS `{name}` WITH OFFSET AS at_{letter}"
        for letter, name in lists.items()
    ]
    letters = list(lists)
    joins = "".join(
        f" JOIN {other} ON at_{letter} = at_{letters[0]}"
        for letter, other in zip(letters[1:], others, strict=True)
    )
    named = ", ".join(f"CAST(`{name}` AS {_KINDS[name]}) AS `{name}`" for name in lists.values())
    return f"SELECT DISTINCT {named} FROM {first}{joins}"


def _read_by(at: int, keys: str) -> str:
    readers = _zipped(at, {"a": "as_of", "f": "first", "l": "last"})
    return (
        f"SELECT k.part, k.version, w.`as_of` FROM ({keys}) k JOIN ({readers}) w"
        " ON k.part BETWEEN w.`first` AND w.`last`"
    )


def _dates(at: int, parts: Sequence[str]) -> tuple[str, dict[str, Any]]:
    found = dates_of(parts)
    if found is None:
        return "", {}
    first, last = found
    said = {f"since{at}": Given("DATE", first), f"until{at}": Given("DATE", last)}
    return f" AND r.{DATE} BETWEEN @since{at} AND @until{at}", said


def _named(names: Names, at: int, named: tuple[str, Pinned], chosen: str, keys: str) -> str:
    name, pinned = named
    return (
        f"{quoted(name)} AS (SELECT {chosen} FROM {names.versions(pinned.table)} r JOIN ({keys}) p"
        f" ON p.part = r.{quoted(pinned.table.scheme.column)} AND p.version = r._version"
        f" WHERE r._version BETWEEN @low{at} AND @high{at}"
    )


def _columns(rows: Sequence[tuple[Any, ...]], width: int) -> list[list[Any]]:
    return [list(part) for part in zip(*rows, strict=True)] if rows else [[] for _ in range(width)]
