"""Quarantine: the rows that were set aside, as their file had them, and what became of each.

A row is there once, however often its file arrives: it belongs to the landing that set it aside
last. Nothing is deleted.
"""

import json
from collections.abc import Sequence
from typing import Any, Final

from boxout.deferred import deferred
from boxout.model import Table
from boxout.warehouse.bigquery.jobs import Jobs
from boxout.warehouse.bigquery.names import Names
from boxout.warehouse.bigquery.wire import Given
from boxout.warehouse.port import Row

pyarrow = deferred("pyarrow")

CAME: Final = "came_"
"""Tables of rows that are on their way; they go away by themselves."""

COLUMNS: Final = {
    "tbl": "STRING", "file": "STRING", "line": "INT64", "reason": "STRING", "original": "STRING",
    "reader": "STRING", "part": "STRING", "value": "STRING", "groups": "STRING", "since": "STRING",
    "version": "INT64", "publication": "INT64", "superseded": "INT64",
}  # fmt: skip
REJECTED: Final = {
    name: COLUMNS[name]
    for name in ("file", "line", "reason", "original", "part", "value", "groups")
}
"""What is brought of a row that was set aside now."""

_SET_ASIDE: Final = """
MERGE {quarantine} q USING {came} x
ON q.tbl = @tbl AND q.file = x.file AND q.line = x.line AND q.original = x.original
WHEN MATCHED THEN UPDATE SET reason = x.reason, reader = @reader, part = x.part, value = x.value,
  `groups` = x.`groups`, version = @version, publication = NULL, superseded = NULL
WHEN NOT MATCHED THEN INSERT (tbl, file, line, reason, original, reader, part, value, `groups`,
  since, version, publication, superseded)
VALUES (@tbl, x.file, x.line, x.reason, x.original, @reader, x.part, x.value, x.`groups`,
  @at, @version, NULL, NULL)
"""
_NAMED: Final = """
MERGE {quarantine} q USING {came} x
ON q.tbl = @tbl AND q.file = x.file AND q.line = x.line AND q.original = x.original
WHEN MATCHED AND q.version IS NULL THEN UPDATE SET version = @version
"""
_ALL: Final = """
SELECT tbl AS `table`, file, line, reason, original, reader, part, value, `groups`, since, version,
  publication, superseded
FROM {quarantine} ORDER BY tbl, file, line, since, version
"""
_OF_LANDING: Final = """
SELECT line, original FROM {quarantine} WHERE tbl = @tbl AND version = @version
"""
_TAKEN: Final = """
UPDATE {quarantine} SET publication = @by
WHERE tbl = @tbl AND version = @version AND line IN UNNEST(@lines)
"""
_LEFT: Final = """
UPDATE {quarantine} SET superseded = @by
WHERE tbl = @tbl AND version = @version AND line IN UNNEST(@lines) AND publication IS NULL
"""
_EMPTIED: Final = "DELETE FROM {quarantine} WHERE TRUE"
_BROUGHT: Final = f"""
INSERT INTO {{quarantine}} ({", ".join(f"`{name}`" for name in COLUMNS)})
SELECT {", ".join(f"`{name}`" for name in COLUMNS)} FROM {{came}}
"""
_SUPERSEDED: Final = """
UPDATE {quarantine} SET superseded = @by WHERE tbl = @tbl AND version < @by
  AND part IN UNNEST(@parts) AND publication IS NULL AND superseded IS NULL
"""


class Quarantine:
    """The rows that were ever set aside."""

    def __init__(self, jobs: Jobs, names: Names) -> None:
        self._jobs, self._own = jobs, {"quarantine": names.own("quarantine")}

    def set_aside(self, came: str, said: dict[str, Any], of: str) -> None:
        """Keep rows that were brought; `said` are table, reader, time and version of the landing."""
        version = Given("INT64", said["version"])
        self._write(_SET_ASIDE, {**said, "version": version}, of, came)

    def name_version(self, came: str, table: Table, version: int, of: str) -> None:
        """Say of what was set aside last which version its file became."""
        self._write(_NAMED, {"tbl": table.name, "version": version}, of, came)

    def everything(self) -> list[Row]:
        """Every row that was ever set aside."""
        return self._jobs.rows(_ALL.format(**self._own), what="quarantine")

    def of_landing(self, table: Table, version: int) -> list[Row]:
        """What a landing set aside: line, and original as JSON."""
        asked = {"tbl": table.name, "version": version}
        return self._jobs.rows(_OF_LANDING.format(**self._own), asked, what="quarantine")

    def columns(self, table: Table, version: int) -> list[str]:
        """The columns that the file of a landing had, by the names its reader gave them."""
        found = self.of_landing(table, version)
        return (
            [name for name in json.loads(found[0]["original"]) if name != "_line"] if found else []
        )

    def take_in(self, landing: tuple[Table, int], lines: Sequence[int], by: int, of: str) -> None:
        """Say of rows which publication took them in."""
        self._write(_TAKEN, _of(landing, lines, by), of)

    def leave(self, landing: tuple[Table, int], lines: Sequence[int], by: int, of: str) -> None:
        """Say of rows that a later arrival took the place of theirs."""
        self._write(_LEFT, _of(landing, lines, by), of)

    def supersede(self, table: Table, partitions: Sequence[str], by: int, of: str) -> None:
        """Say of all that waits from earlier arrivals of these partitions that a later one came."""
        given = {"tbl": table.name, "by": by, "parts": Given("STRING", list(partitions))}
        self._write(_SUPERSEDED, given, of)

    def bring_in(self, came: str, of: str) -> None:
        """Keep what was set aside in another warehouse, in the place of all that is here."""
        self._write(_EMPTIED, {}, f"{of} emptied")
        self._write(_BROUGHT, {}, of, came)

    def _write(self, sql: str, given: dict[str, Any], of: str, came: str = "") -> None:
        self._jobs.write(sql.format(**self._own, came=came), given, what="quarantine", of=of)


def _of(landing: tuple[Table, int], lines: Sequence[int], by: int) -> dict[str, Any]:
    table, version = landing
    return {"tbl": table.name, "version": version, "lines": Given("INT64", list(lines)), "by": by}


def as_arrow(rows: Sequence[Row]) -> Any:
    """Rows as `everything` gives them, to be brought."""
    kinds = {"STRING": "string", "INT64": "int64"}
    named = [{**row, "tbl": row["table"]} for row in rows]
    return pyarrow.table(
        {
            name: pyarrow.array([row[name] for row in named], kinds[kind])
            for name, kind in COLUMNS.items()
        }
    )
