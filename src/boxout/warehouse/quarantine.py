"""Quarantine: the rows that were set aside, as their file had them, and what became of each.

A row is there once, however often its file arrives: it belongs to the landing that set it aside
last. Nothing is deleted. A row waits until a publication has taken it in or a later arrival of
its partition has replaced the one it came with.
"""

import json
from collections.abc import Sequence
from typing import Any, Final

from boxout.model import Table

TABLE: Final = """
CREATE TABLE IF NOT EXISTS boxout.quarantine (
  tbl VARCHAR, file VARCHAR, line BIGINT, reason VARCHAR, original JSON,
  reader VARCHAR, part VARCHAR, value VARCHAR, groups VARCHAR, since VARCHAR,
  version BIGINT, publication BIGINT, superseded BIGINT)
"""
# A row without a line was public already when the others were read again: it is not judged.
_REJECTED: Final = """
CREATE OR REPLACE TEMP TABLE rejected AS
SELECT $tbl AS _tbl, $file AS _file, x.*, to_json(r) AS _original FROM ({judged}) x
JOIN raw r USING (_line) WHERE _reason IS NOT NULL
"""
_IS_THERE: Final = """
q.tbl = x._tbl AND q.file = x._file AND q.line = x._line AND q.original = x._original
"""
_AGAIN: Final = f"""
UPDATE boxout.quarantine q SET reason = x._reason, reader = $reader, part = x._partition,
  value = x._value, groups = x._groups, version = $version, publication = NULL, superseded = NULL
FROM rejected x WHERE {_IS_THERE}
"""
_NEW: Final = f"""
INSERT INTO boxout.quarantine SELECT _tbl, _file, _line, _reason, _original, $reader, _partition,
  _value, _groups, $at, $version, NULL, NULL
FROM rejected x WHERE NOT EXISTS (FROM boxout.quarantine q WHERE {_IS_THERE})
"""
_LATEST: Final = """
SELECT _reason AS reason, _partition AS part, count(*) AS rows, list(_line ORDER BY _line)[:$most] AS lines
FROM rejected GROUP BY ALL ORDER BY ALL
"""
_NAMED: Final = f"""
UPDATE boxout.quarantine q SET version = $version FROM rejected x
WHERE {_IS_THERE} AND q.version IS NULL
"""
_HAS_REJECTED: Final = """
SELECT 1 FROM duckdb_tables() WHERE "temporary" AND table_name = 'rejected'
"""
_ALL: Final = """
SELECT tbl AS "table", file, line, reason, original::VARCHAR AS original, reader, part, value,
  groups, since, version, publication, superseded
FROM boxout.quarantine ORDER BY tbl, file, line, rowid
"""
_COLUMNS: Final = """
SELECT json_keys(original) FROM boxout.quarantine WHERE tbl = $tbl AND version = $version LIMIT 1
"""
_RAW: Final = """
CREATE OR REPLACE TEMP TABLE raw AS SELECT unnest(from_json(original, $shape)), line AS _line
FROM boxout.quarantine WHERE tbl = $tbl AND version = $version
"""
_TAKEN: Final = """
UPDATE boxout.quarantine SET publication = $publication
WHERE tbl = $tbl AND version = $version AND list_contains($lines::BIGINT[], line)
"""
_LEFT: Final = """
UPDATE boxout.quarantine SET superseded = $by WHERE tbl = $tbl AND version = $version
  AND list_contains($lines::BIGINT[], line) AND publication IS NULL
"""
_SUPERSEDED: Final = """
UPDATE boxout.quarantine SET superseded = $by WHERE tbl = $tbl AND version < $by
  AND list_contains($parts::VARCHAR[], part) AND publication IS NULL AND superseded IS NULL
"""


def set_aside(
    cursor: Any, table: Table, file: str, judged: str, said: dict[str, Any]
) -> dict[str, int]:
    """Quarantine what has a reason and remove it from `staged`; how many, by reason.

    `said` are the reader, the landing's version, and the time, of rows that are not there yet.
    """
    cursor.execute(_REJECTED.format(judged=judged), {"tbl": table.name, "file": file})
    cursor.execute(_AGAIN, {name: said[name] for name in ("reader", "version")})
    cursor.execute(_NEW, said)
    cursor.execute("DELETE FROM staged WHERE _line IN (SELECT _line FROM rejected)")
    return dict(cursor.execute("SELECT _reason, count(*) FROM rejected GROUP BY 1").fetchall())


def latest(cursor: Any, most: int) -> Any:
    """What was set aside last, by reason and partition, with the first lines of each."""
    return cursor.execute(_LATEST, {"most": most})


def forget_latest(cursor: Any) -> None:
    """Nothing was set aside of what is staged next."""
    cursor.execute("DROP TABLE IF EXISTS temp.rejected")


def name_version(cursor: Any, version: int) -> None:
    """Say of what was set aside last which version its file became."""
    if cursor.execute(_HAS_REJECTED).fetchone():
        cursor.execute(_NAMED, {"version": version})


def everything(cursor: Any) -> Any:
    """Every row that was ever set aside."""
    return cursor.execute(_ALL)


def columns(cursor: Any, table: Table, version: int) -> list[str]:
    """The columns that the file of a landing had, by the names its reader gave them."""
    found = cursor.execute(_COLUMNS, {"tbl": table.name, "version": version}).fetchone()
    return [name for name in (found[0] if found else []) if name != "_line"]


def stage_again(cursor: Any, table: Table, version: int, names: Sequence[str], typed: str) -> None:
    """The rows that a landing set aside, typed anew, in the temporary table `staged`."""
    shape = json.dumps(dict.fromkeys(names, "VARCHAR"))
    cursor.execute(_RAW, {"tbl": table.name, "version": version, "shape": shape})
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE staged AS {typed}")


def take_in(
    cursor: Any, table: Table, version: int, lines: Sequence[int], publication: int
) -> None:
    """Say of rows which publication took them in."""
    given = {"tbl": table.name, "version": version, "lines": list(lines)}
    cursor.execute(_TAKEN, {**given, "publication": publication})


def leave(cursor: Any, table: Table, version: int, lines: Sequence[int], by: int) -> None:
    """Say of rows that a later arrival took the place of theirs."""
    given = {"tbl": table.name, "version": version, "lines": list(lines)}
    cursor.execute(_LEFT, {**given, "by": by})


def supersede(cursor: Any, table: Table, partitions: Sequence[str], by: int) -> None:
    """Say of all that waits from earlier arrivals of these partitions that a later one came."""
    cursor.execute(_SUPERSEDED, {"tbl": table.name, "by": by, "parts": list(partitions)})
