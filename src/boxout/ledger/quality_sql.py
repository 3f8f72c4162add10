"""The statements of a report over a range of partitions, by name, and what they answer."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from boxout.ledger.asking import tables_in
from boxout.ledger.records import Appearance, Finding, Pointer, Quality, Tally, Unpassed
from boxout.ledger.store import rows_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

# A version is counted by its partitions in the range first, so that it meets its checks as one row.
TALLIES: Final = """
WITH held AS MATERIALIZED (SELECT version, row_count FROM census WHERE partition BETWEEN ? AND ?),
asked AS (SELECT version, count(*) AS partitions, sum(row_count) AS row_count
  FROM held GROUP BY version)
SELECT v.table_name, k.check_name, k.severity, count(DISTINCT k.version),
  CAST(sum(a.partitions) AS BIGINT), CAST(sum(a.row_count) AS BIGINT),
  CAST(sum(k.passed + k.failed) AS BIGINT), CAST(sum(k.unknown) AS BIGINT)
FROM asked a JOIN version v ON v.version = a.version JOIN check_count k ON k.version = a.version
GROUP BY v.table_name, k.check_name, k.severity ORDER BY v.table_name, k.check_name, k.severity
"""
UNPASSED: Final = """
SELECT v.table_name, f.version, v.at, f.partition, f.check_name, f.severity, f.answer, f.found,
  f.needed
FROM finding f JOIN version v ON v.version = f.version
WHERE f.partition BETWEEN ? AND ? ORDER BY f.version, f.partition, f.rowid
"""
APPEARANCES: Final = """
SELECT p.table_name, p.partition, p.version, p.since, p.basis, p.checked, u.at, u.kind, u.reason,
  coalesce(c.row_count, 0)
FROM pointer p JOIN publication u ON u.publication = p.since
LEFT JOIN census c ON c.version = p.version AND c.partition = p.partition
WHERE p.table_name = ? AND p.partition BETWEEN ? AND ?
"""


def quality(c: "Connection", first: str, last: str) -> Quality:
    """What a report asks of a range, in one look."""
    asked = (first, last)
    return Quality(
        tuple(Tally(*row) for row in rows_of(c, TALLIES, asked)),
        tuple(
            Unpassed(row[0], row[1], row[2], Finding(*row[3:]))
            for row in rows_of(c, UNPASSED, asked)
        ),
        tuple(sorted(_appearances(c, first, last), key=_moment)),
    )


def _appearances(c: "Connection", first: str, last: str) -> Iterator[Appearance]:
    for table in tables_in(c):
        for row in rows_of(c, APPEARANCES, (table, first, last)):
            yield Appearance(Pointer(*row[:6]), *row[6:])


def _moment(one: Appearance) -> tuple[int, str, str]:
    return one.pointer.since, one.pointer.table, one.pointer.partition
