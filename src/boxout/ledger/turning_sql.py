"""The statements of rollback, waiver, work and collection, by name."""

from typing import Final

IS_KEPT: Final = "SELECT collected_at IS NULL FROM version WHERE version = ?"
CLOSE: Final = """
UPDATE pointer SET until = ? WHERE table_name = ? AND partition = ? AND until IS NULL
"""
POINT: Final = """
INSERT INTO pointer (table_name, partition, since, version, until, basis, checked)
VALUES (?, ?, ?, ?, NULL, ?, ?)
"""
FENCE: Final = "DELETE FROM lease WHERE unit = ? AND partition = ?"
LIFT: Final = """
UPDATE tombstone SET until = ?
WHERE table_name = ? AND partition = ? AND version = ? AND until IS NULL
"""
BURY: Final = """
INSERT INTO tombstone (table_name, partition, version, since, until, reason, row_count, content)
SELECT v.table_name, :partition, v.version, :publication, NULL, :reason,
  coalesce(:rows, c.row_count, 0), coalesce(:content, c.content, '')
FROM version v LEFT JOIN census c ON c.version = v.version AND c.partition = :partition
WHERE v.version = :version
"""
TOMBSTONES: Final = """
SELECT table_name, partition, version, since, reason, row_count, content FROM tombstone
WHERE until IS NULL AND partition BETWEEN ? AND ? ORDER BY table_name, partition, version
"""
WAIVE: Final = """
INSERT INTO waiver (partition, since, reason, by_whom, is_undo) VALUES (?, ?, ?, ?, ?)
"""
WAIVERS: Final = """
SELECT partition, reason, by_whom, since, is_undo FROM waiver ORDER BY partition, since
"""
IS_WAIVED: Final = """
SELECT NOT is_undo FROM waiver WHERE partition = ? ORDER BY since DESC LIMIT 1
"""

PUT_WORK: Final = """
INSERT INTO work (unit, partition, run, asked_at, looks, failures, look_at, deadline, ended, reason)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (unit, partition) DO UPDATE SET run = excluded.run,
  asked_at = CASE WHEN work.ended IS NULL THEN work.asked_at ELSE excluded.asked_at END,
  deadline = CASE WHEN work.ended IS NULL THEN work.deadline ELSE excluded.deadline END,
  looks = CASE WHEN work.ended IS NULL THEN work.looks ELSE 0 END + excluded.looks,
  failures = CASE WHEN work.ended IS NULL THEN work.failures ELSE 0 END + excluded.failures,
  look_at = excluded.look_at, ended = excluded.ended, reason = excluded.reason
"""
CLEAR_ON: Final = "DELETE FROM work_on WHERE unit = ? AND partition = ?"
PUT_ON: Final = """
INSERT INTO work_on (unit, partition, table_name, first, last) VALUES (?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING
"""
_WORK: Final = """
SELECT unit, partition, run, asked_at, looks, failures, look_at, deadline, ended, reason FROM work
"""
WORK: Final = _WORK + "WHERE partition BETWEEN ? AND ? ORDER BY partition, unit"
DUE_WORK: Final = _WORK + (
    "WHERE ended IS NULL AND look_at <= ? ORDER BY look_at, partition, unit LIMIT ?"
)
END_WORK: Final = "UPDATE work SET ended = ? WHERE unit = ? AND partition = ?"
# A person's word moves whatever rests on the calendar's, also where neither expects the partition:
# a waived game is still on its date, a postponed one is not.
MOVES_WHAT_READ_IT: Final = """
UPDATE expectation SET flipped = since WHERE partition = ? AND since = ? AND until IS NULL
"""
END_OF_WAIVED: Final = "UPDATE work SET ended = ? WHERE partition = ?"
# It was asked for, and is asked for again: with as much patience as anything new.
WAITS_AGAIN: Final = """
UPDATE work SET ended = NULL, asked_at = :now, look_at = :now, deadline = :deadline,
  looks = 0, failures = 0
WHERE partition = :partition AND ended = 'waived'
"""
