"""Pinned rows as subqueries: what the names in a processor's SQL stand for."""

from collections.abc import Sequence
from typing import Any

from boxout.model.inputs import AS_OF
from boxout.warehouse.port import Pinned, Pins
from boxout.warehouse.schema import columns_sql, quoted, versions_sql


def bind(pins: Pins) -> tuple[list[str], dict[str, Any]]:
    """Each name as a subquery over its pinned rows, and the parameters of all.

    The range of versions skips what lies outside it by whole row groups. Joined by partition
    alone and compared by version afterwards, it takes half the time of a join by both, which is
    what an equality would be made into. Who reads what of a window is settled among the keys, of
    which there are few, so that the rows are still joined by equality.
    """
    bound: list[str] = []
    parameters: dict[str, Any] = {}
    for at, (name, pinned) in enumerate(pins.items()):
        partitions, versions = _columns(pinned.pairs, 2)
        parameters |= {f"p{at}": partitions, f"v{at}": versions}
        parameters |= {f"low{at}": min(versions, default=0), f"high{at}": max(versions, default=0)}
        keys = f"SELECT DISTINCT unnest($p{at}::VARCHAR[]) AS part, unnest($v{at}::BIGINT[]) AS version"
        chosen = columns_sql(pinned.table, "r.")
        if pinned.read_by is not None:
            as_of, first, last = _columns(pinned.read_by, 3)
            parameters |= {f"a{at}": as_of, f"f{at}": first, f"l{at}": last}
            keys = _read_by(at, keys)
            chosen += f", p.as_of AS {quoted(AS_OF)}"
        bound.append(_named(at, name, pinned, chosen, keys))
    return bound, parameters


def _read_by(at: int, keys: str) -> str:
    readers = (
        f"SELECT DISTINCT unnest($a{at}::VARCHAR[]) AS as_of, unnest($f{at}::VARCHAR[]) AS first,"
        f" unnest($l{at}::VARCHAR[]) AS last"
    )
    return (
        f"SELECT k.part, k.version, w.as_of FROM ({keys}) k JOIN ({readers}) w"
        " ON k.part BETWEEN w.first AND w.last"
    )


def _named(at: int, name: str, pinned: Pinned, chosen: str, keys: str) -> str:
    table = pinned.table
    return (
        f"{quoted(name)} AS (SELECT {chosen} FROM {versions_sql(table)} r JOIN ({keys}) p "
        f"ON p.part = r.{quoted(table.scheme.column)} "
        f"WHERE r._version BETWEEN $low{at} AND $high{at} AND r._version - p.version = 0)"
    )


def _columns(rows: Sequence[tuple[Any, ...]], width: int) -> list[list[Any]]:
    return [list(part) for part in zip(*rows, strict=True)] if rows else [[] for _ in range(width)]
