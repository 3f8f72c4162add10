"""The pointer table of a DuckDB file: moved forward, read as of a publication, thinned out."""

from collections.abc import Iterable, Sequence
from typing import Any

from boxout.errors import DefinitionError, StoreUnavailable
from boxout.model import Table
from boxout.warehouse.port import Move, Standing
from boxout.warehouse.schema import columns_sql, quoted, versions_sql

_MOVED = """
CREATE OR REPLACE TEMP TABLE moved AS
SELECT tbl, unnest(parts) AS part, version, since
FROM (SELECT unnest($t::VARCHAR[]) AS tbl, unnest($p::VARCHAR[][]) AS parts,
  unnest($v::BIGINT[]) AS version, unnest($s::BIGINT[]) AS since) WHERE since > $seen
"""
_AS_OF = "CREATE OR REPLACE TEMP TABLE as_of AS SELECT $at::BIGINT AS publication"
_END = """
UPDATE boxout.pointers p SET until = m.since
FROM (SELECT tbl, part, min(since) AS since FROM moved GROUP BY ALL) m
WHERE p.until IS NULL AND p.tbl = m.tbl AND p.part = m.part
"""
_BEGIN = """
INSERT INTO boxout.pointers SELECT tbl, part, version, since,
  lead(since) OVER (PARTITION BY tbl, part ORDER BY since) FROM moved
"""
_NAMING = """
SELECT version, part, since FROM boxout.pointers WHERE tbl = $tbl
AND version IN (SELECT unnest($versions::BIGINT[])) AND (until IS NULL OR until > $before)
ORDER BY version, part LIMIT 1
"""
_HISTORY_ENDS = """
INSERT INTO boxout.dropped SELECT $tbl, max(until) FROM boxout.pointers
WHERE tbl = $tbl AND version IN (SELECT unnest($versions::BIGINT[])) HAVING count(*) > 0
"""
_FORGET = """
DELETE FROM boxout.pointers WHERE tbl = $tbl AND version IN (SELECT unnest($versions::BIGINT[]))
"""
_KEPT_SINCE = "SELECT coalesce(max(before), 0) FROM boxout.dropped WHERE tbl = ?"
_NEWEST = """
SELECT format('SELECT max(_version) FROM versions."{}"', replace(table_name, '"', '""'))
FROM duckdb_tables() WHERE schema_name = 'versions'
UNION ALL SELECT 'SELECT max(version) FROM boxout.quarantine'
"""
_STANDS = """
SELECT p.publication, coalesce(m.mark, 0) FROM boxout.projected p
LEFT JOIN boxout.marked m ON m.publication = p.publication
"""
_NOW = "SELECT tbl, part, version FROM boxout.pointers WHERE until IS NULL"


def projected(cursor: Any) -> int:
    """The publication that the pointers stand at."""
    return int(cursor.execute("FROM boxout.projected").fetchone()[0])


def standing(cursor: Any) -> Standing:
    """The same, with its mark."""
    return Standing(*map(int, cursor.execute(_STANDS).fetchone()))


def newest_version(cursor: Any) -> int:
    """The highest version that any row of the file has, in a table or set aside; 0 for none."""
    texts = [row[0] for row in cursor.execute(_NEWEST).fetchall()]
    return max(int(cursor.execute(text).fetchone()[0] or 0) for text in texts)


def now(cursor: Any) -> dict[tuple[str, str], int | None]:
    """The version that every (table, partition) points to; None is withdrawn."""
    return {(row[0], row[1]): row[2] for row in cursor.execute(_NOW).fetchall()}


def move(cursor: Any, moves: Sequence[Move], upto: int, mark: int) -> None:
    """Set the pointers that are not set yet; ValueError for one of a later publication."""
    seen = projected(cursor)
    if upto < seen:
        return
    if any(since > upto for *_, since in moves):
        raise ValueError(f"a move is later than publication {upto}, up to which pointers move")
    if moves and upto > seen:
        cursor.execute(_MOVED, {**_given(moves), "seen": seen})
        cursor.execute(_END)
        cursor.execute(_BEGIN)
    cursor.execute("UPDATE boxout.projected SET publication = ?", [upto])
    cursor.execute("DELETE FROM boxout.marked")
    cursor.execute("INSERT INTO boxout.marked VALUES (?, ?)", [upto, mark])


def forget_all(cursor: Any) -> None:
    """No pointer and no publication, as in a new file; to be moved to where they should be."""
    cursor.execute("DELETE FROM boxout.pointers")
    cursor.execute("DELETE FROM boxout.projected")
    cursor.execute("INSERT INTO boxout.projected VALUES (0)")


def _given(moves: Sequence[Move]) -> dict[str, list[Any]]:
    """The moves as parameters: what they share is given once, with a list of partitions."""
    shared: dict[tuple[str, int | None, int], list[str]] = {}
    for table, partition, version, since in moves:
        shared.setdefault((table, version, since), []).append(partition)
    tables, versions, sinces = (list(part) for part in zip(*shared, strict=True))
    return {"t": tables, "p": list(shared.values()), "v": versions, "s": sinces}


def rows_at(table: Table) -> str:
    """The rows that were public as of publication $at."""
    return (
        f"SELECT {columns_sql(table, 'r.')} FROM {versions_sql(table)} r "
        "SEMI JOIN (FROM boxout.pointers WHERE tbl = $tbl AND since <= $at "
        "AND (until IS NULL OR until > $at)) p "
        f"ON p.version = r._version AND p.part = r.{quoted(table.scheme.column)}"
    )


def show_as_of(cursor: Any, tables: Iterable[Table], at: int) -> None:
    """Let the public names of this connection mean the rows as publication `at` left them.

    StoreUnavailable and DefinitionError as `readable`.
    """
    cursor.execute(_AS_OF, {"at": at})
    for table in tables:
        readable(cursor, table, at)
        cursor.execute(_view_as_of(table))


def _view_as_of(table: Table) -> str:
    name = table.name.replace("'", "''")
    return (
        f"CREATE OR REPLACE TEMP VIEW {quoted(table.name)} AS SELECT {columns_sql(table, 'r.')} "
        f"FROM {versions_sql(table)} r SEMI JOIN (SELECT p.* FROM boxout.pointers p, temp.as_of a "
        f"WHERE p.tbl = '{name}' AND p.since <= a.publication "
        "AND (p.until IS NULL OR p.until > a.publication)) p "
        f"ON p.version = r._version AND p.part = r.{quoted(table.scheme.column)}"
    )


def readable(cursor: Any, table: Table, at: int | None) -> int:
    """The publication to read a table at, when its rows are all there as it left them."""
    seen = projected(cursor)
    if at is None:
        return seen
    if at > seen:
        raise StoreUnavailable(f"publication {at} is not projected yet; readers see {seen}")
    since = int(cursor.execute(_KEPT_SINCE, [table.name]).fetchone()[0])
    if at < since:
        raise DefinitionError(
            f"{table}: publication {at} is not kept any more; {since} is the first"
        )
    return at


def forget(cursor: Any, table: Table, versions: Sequence[int], before: int) -> None:
    """Remove the ended pointers to these versions; ValueError when another names one of them."""
    asked = {"tbl": table.name, "versions": list(versions)}
    naming = cursor.execute(_NAMING, {**asked, "before": before}).fetchone()
    if naming:
        raise ValueError(
            f"{table}: version {naming[0]} is public for {naming[1]} since publication {naming[2]},"
            f" or was after {before}. Nothing was deleted."
        )
    cursor.execute(_HISTORY_ENDS, asked)
    cursor.execute(_FORGET, asked)


def begin_history(cursor: Any, table: Table, publication: int) -> None:
    """Let what was before this publication be refused."""
    if publication:
        cursor.execute("INSERT INTO boxout.dropped VALUES (?, ?)", [table.name, publication])
