"""The statements of a publication, by name.

`candidate` holds what asked to go out, and the reason why it stays back; the first stays.
"""

from typing import Final

SET_UP: Final = (
    "CREATE TEMP TABLE IF NOT EXISTS candidate"
    " (partition TEXT PRIMARY KEY, why TEXT) WITHOUT ROWID",
    "CREATE TEMP TABLE IF NOT EXISTS going (version INTEGER PRIMARY KEY, table_name TEXT)",
    "CREATE TEMP TABLE IF NOT EXISTS named"
    " (partition TEXT PRIMARY KEY, state TEXT, is_expected BOOLEAN) WITHOUT ROWID",
    "DELETE FROM candidate",
    "DELETE FROM going",
    "DELETE FROM named",
)
GOING: Final = "INSERT INTO going VALUES (?, ?)"
WRITTEN_BY: Final = "SELECT table_name FROM version WHERE version = ? AND attempt = ?"

# Everything the attempt holds, and everything its versions speak of.
CANDIDATES: Final = (
    "INSERT OR IGNORE INTO candidate"
    " SELECT partition, NULL FROM lease WHERE unit = :unit AND attempt = :attempt",
    "INSERT OR IGNORE INTO candidate SELECT c.partition, NULL"
    " FROM going g CROSS JOIN census c ON c.version = g.version",
    "INSERT OR IGNORE INTO candidate SELECT f.partition, NULL"
    " FROM going g CROSS JOIN finding f ON f.version = g.version",
)
FENCED: Final = """
UPDATE candidate SET why = 'fenced' WHERE NOT EXISTS (SELECT 1 FROM lease l
  WHERE l.unit = :unit AND l.partition = candidate.partition AND l.attempt = :attempt)
"""

READS: Final = """
SELECT r.version, r.table_name, r.first, r.last, r.snapshot, r.window_days
FROM going g CROSS JOIN version_read r ON r.version = g.version
"""
OVERLAP: Final = """
SELECT 1 FROM publication_move WHERE table_name = :table AND publication > :snapshot
  AND first <= :last AND last >= :first LIMIT 1
"""
# What the own attempt wrote anew was read as it was written, not as the pointer stood.
_NOT_OWN: Final = """
  AND NOT EXISTS (SELECT 1 FROM going g CROSS JOIN census n ON n.version = g.version
    WHERE g.table_name = p.table_name AND n.partition = p.partition)
"""
_READER: Final = """
UPDATE candidate SET why = 'moved' WHERE why IS NULL
AND EXISTS (SELECT 1 FROM census c WHERE c.version = :version
  AND c.partition = candidate.partition)
"""
MOVED_SAME: Final = (
    _READER
    + """
AND EXISTS (SELECT 1 FROM pointer p WHERE p.table_name = :table
  AND p.partition = candidate.partition AND p.since > :snapshot"""
    + _NOT_OWN
    + ")"
)
MOVED_DATE: Final = (
    _READER
    + """
AND length(partition) > 10 AND EXISTS (SELECT 1 FROM pointer p WHERE p.table_name = :table
  AND p.partition = substr(candidate.partition, 1, 10) AND p.since > :snapshot"""
    + _NOT_OWN
    + ")"
)
MOVED_GAMES: Final = (
    _READER
    + """
AND length(partition) = 10 AND EXISTS (SELECT 1 FROM pointer p WHERE p.table_name = :table
  AND p.partition > candidate.partition AND p.partition < candidate.partition || '~'
  AND p.since > :snapshot"""
    + _NOT_OWN
    + ")"
)
MOVED_WINDOW: Final = (
    _READER
    + """
AND EXISTS (SELECT 1 FROM pointer p WHERE p.table_name = :table
  AND p.partition >= date(substr(candidate.partition, 1, 10), -:days || ' days')
  AND p.partition < substr(candidate.partition, 1, 10) AND p.since > :snapshot"""
    + _NOT_OWN
    + ")"
)
MOVED_CALENDAR: Final = (
    _READER
    + """
AND EXISTS (SELECT 1 FROM expectation e WHERE e.partition = candidate.partition
  AND (e.since > :snapshot OR e.until > :snapshot))
"""
)

# No check was evaluated for a partition unless one judged as many as the version holds.
EVALUATED: Final = """
SELECT count(*) FROM (SELECT 1 FROM check_count WHERE version = :version GROUP BY check_name
  HAVING sum(passed + failed) > 0 AND sum(passed + failed + unknown) >=
    (SELECT count(*) FROM census WHERE version = :version))
"""
WITHHELD_ALL: Final = "UPDATE candidate SET why = 'withheld' WHERE why IS NULL"
WITHHELD: Final = """
UPDATE candidate SET why = 'withheld' WHERE why IS NULL AND (
  NOT EXISTS (SELECT 1 FROM census c
    WHERE c.version = :version AND c.partition = candidate.partition)
  OR EXISTS (SELECT 1 FROM finding f
    WHERE f.version = :version AND f.partition = candidate.partition AND f.severity = 'block'))
"""
DISPLACES_COMPLETE: Final = """
UPDATE candidate SET why = 'withheld' WHERE why IS NULL
AND partition IN (SELECT f.partition FROM finding f
  JOIN pointer p ON p.table_name = :table AND p.partition = f.partition
    AND p.until IS NULL AND p.version IS NOT NULL
  WHERE f.version = :version AND f.severity = 'complete'
  AND NOT EXISTS (SELECT 1 FROM finding o WHERE o.version = p.version
    AND o.partition = f.partition AND o.severity = 'complete'))
"""

# The same version again, or the same rows of a source that has not become complete with them.
UNCHANGED: Final = """
UPDATE candidate SET why = 'unchanged' WHERE why IS NULL
AND NOT EXISTS (SELECT 1 FROM going g WHERE NOT EXISTS (SELECT 1 FROM pointer p
  WHERE p.table_name = g.table_name AND p.partition = candidate.partition AND p.until IS NULL
  AND (p.version = g.version OR :is_source AND EXISTS (SELECT 1 FROM census n
    JOIN census o ON o.version = p.version AND o.partition = n.partition
    WHERE n.version = g.version AND n.partition = candidate.partition
      AND o.row_count = n.row_count AND o.content = n.content)
    AND (NOT EXISTS (SELECT 1 FROM finding f WHERE f.version = p.version
        AND f.partition = candidate.partition AND f.severity = 'complete')
      OR EXISTS (SELECT 1 FROM finding f WHERE f.version = g.version
        AND f.partition = candidate.partition AND f.severity = 'complete')))))
"""

# A window over rows of the own attempt that stay back read what will not be public.
MOVED_WITH_OWN: Final = """
UPDATE candidate SET why = 'moved' WHERE why IS NULL
AND EXISTS (SELECT 1 FROM census c WHERE c.version = :version
  AND c.partition = candidate.partition)
AND EXISTS (SELECT 1 FROM candidate b
  WHERE b.partition >= date(substr(candidate.partition, 1, 10), -:days || ' days')
  AND b.partition < substr(candidate.partition, 1, 10) AND b.why <> 'unchanged'
  AND EXISTS (SELECT 1 FROM going g CROSS JOIN census n ON n.version = g.version
    WHERE g.table_name = :table AND n.partition = b.partition))
"""

WHAT_BECAME: Final = "SELECT partition, why FROM candidate ORDER BY partition"
PUBLICATION: Final = "INSERT INTO publication (attempt, unit, at, partitions) VALUES (?, ?, ?, ?)"
CLOSE: Final = """
UPDATE pointer SET until = :publication WHERE table_name = :table AND until IS NULL
AND partition IN (SELECT partition FROM candidate WHERE why IS NULL)
"""
POINT: Final = """
INSERT INTO pointer (table_name, partition, since, version, until)
SELECT :table, partition, :publication, :version, NULL FROM candidate WHERE why IS NULL
"""
MOVE: Final = (
    "INSERT INTO publication_move (publication, table_name, first, last) VALUES (?, ?, ?, ?)"
)

NAMED: Final = "INSERT OR REPLACE INTO named VALUES (?, ?, ?)"
END_EXPECTATIONS: Final = """
UPDATE expectation SET until = ?1 WHERE until IS NULL
AND partition >= ?2 AND partition < ?2 || '~'
AND NOT EXISTS (SELECT 1 FROM named n WHERE n.partition = expectation.partition
  AND n.state = expectation.state AND n.is_expected = expectation.is_expected)
"""
EXPECT: Final = """
INSERT INTO expectation (partition, since, state, is_expected, until)
SELECT partition, :publication, state, is_expected, NULL FROM named n
WHERE NOT EXISTS (SELECT 1 FROM expectation e
  WHERE e.partition = n.partition AND e.until IS NULL)
"""
