"""A ledger that grew for decades: some real days of it, repeated over the years and corrected again.

Every number and every date of a copy is moved, so that the copies are one consistent history: each
day's versions were read, checked and published in the order in which they came, a correction ended
what it replaced. What is copied is a real ledger's own; nothing is made up row by row.
"""

import sqlite3
from pathlib import Path
from time import perf_counter
from typing import Final

from boxout.ledger.schema import METADATA

PUBLICATIONS: Final = {"publication", "since", "until", "snapshot", "flipped", "checked"}
VERSIONS: Final = {"version", "basis", "landing"}
DATES: Final = {
    "partition",
    "before",
    "first",
    "last",
    "day",
    "at",
    "began_at",
    "ended_at",
    "since",
}
OWN: Final = {"event": "event", "description": "description", "verdict": "verdict"}
LEFT_ALONE: Final = {
    *("lease", "work", "work_on", "followed", "profile_names"),
    *("outbox", "outbox_cursor", "message", "answer_kept"),
}
"""What is of the moment, and what is told and pruned."""

COPIES: Final = """
CREATE TABLE src.copy AS WITH RECURSIVE n(k) AS (
  SELECT 0 UNION ALL SELECT k + 1 FROM n WHERE k + 1 < :copies)
SELECT k, -((:copies - 1 - k) / :corrections + :gap) * :days AS days,
  (k + 1) % :corrections <> 0 AS is_corrected FROM n
"""
FOLLOWS: Final = """
(SELECT min(f.since) + {publications} * (c.k + 1) FROM src.{table} f WHERE f.partition = t.partition
  {same})
"""


def grow(template: Path, grown: Path, publications: int, *, corrections: int, gap: int) -> None:
    """Fill an empty ledger with about so many publications; tells how long each table took.

    Each of the template's days is published `corrections` times; the last of them lie `gap` times
    the template's length before it.
    """
    c = sqlite3.connect(grown, isolation_level=None)
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -8000000"):
        c.execute(f"PRAGMA {pragma}")
    c.execute("ATTACH ? AS src", [str(template)])
    c.execute("DROP TABLE IF EXISTS src.copy")
    steps = dict(c.execute(STEPS).fetchall())
    days = c.execute(DAYS).fetchone()[0]
    copies = publications // steps["publication"] // corrections * corrections
    given = {"copies": copies, "corrections": corrections, "gap": gap, "days": days}
    c.execute(COPIES, given)
    indexes = c.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    ).fetchall()
    for name, _ in indexes:
        c.execute(f'DROP INDEX "{name}"')
    for table in METADATA.sorted_tables:
        if table.name not in LEFT_ALONE:
            began = perf_counter()
            c.execute(f"INSERT INTO main.{table.name} {_copied(table, steps)}")
            print(f"  {table.name}: {c.execute('SELECT changes()').fetchone()[0]:,} rows", end="")
            print(f" in {perf_counter() - began:.0f} s", flush=True)
    c.execute("INSERT INTO main.profile_names SELECT * FROM src.profile_names")
    for _, sql in indexes:
        c.execute(sql)
    c.execute("DROP TABLE src.copy")
    c.close()


STEPS: Final = """
SELECT 'publication', max(publication) FROM src.publication
UNION ALL SELECT 'version', max(version) FROM src.version
UNION ALL SELECT 'attempt', max(attempt) FROM src.attempt
UNION ALL SELECT 'event', max(event) FROM src.event
UNION ALL SELECT 'description', max(description) FROM src.description
UNION ALL SELECT 'verdict', coalesce(max(verdict), 0) FROM src.verdict
"""
DAYS: Final = "SELECT count(DISTINCT substr(partition, 1, 10)) FROM src.expectation"


def _copied(table, steps: dict[str, int]) -> str:
    columns = ", ".join(f'"{one.name}"' for one in table.columns)
    values = ", ".join(_moved(table.name, one.name, steps) for one in table.columns)
    keys = [one.name for one in table.primary_key.columns]
    order = 't."table_name", c.k' if keys and keys[0] == "table_name" else "c.k"
    return f"({columns}) SELECT {values} FROM src.copy c CROSS JOIN src.{table.name} t ORDER BY {order}"


def _moved(table: str, name: str, steps: dict[str, int]) -> str:
    value, counted = f't."{name}"', _counted(table, name)
    if name == "until":
        same = "AND f.table_name = t.table_name" if table == "pointer" else ""
        follows = FOLLOWS.format(publications=steps["publication"], table=table, same=same)
        later = f"{value} + {steps['publication']} * c.k"
        return f"CASE WHEN t.until IS NOT NULL THEN {later} WHEN c.is_corrected THEN {follows} END"
    if counted:
        return f"CASE WHEN {value} > 0 THEN {value} + {steps[counted]} * c.k ELSE {value} END"
    if name in DATES:
        moved = f"date(substr({value}, 1, 10), c.days || ' days') || substr({value}, 11)"
        return f"CASE WHEN {value} GLOB '????-*' THEN {moved} ELSE {value} END"
    return (
        f"CASE WHEN {value} = '' THEN '' ELSE {value} || '-' || c.k END" if name == "run" else value
    )


def _counted(table: str, name: str) -> str:
    """What a column counts; nothing when it is no number of the ledger's."""
    if name == OWN.get(table) or name == "attempt":
        return name
    if name in VERSIONS:
        return "version"
    is_number = name in PUBLICATIONS and not (table == "version_read" and name == "since")
    return "publication" if is_number else ""
