"""The ledger's statements, by name. Values are parameters, always."""

from typing import Final

CLAIM: Final = """
INSERT INTO lease (unit, partition, attempt, until) VALUES (?, ?, ?, ?)
ON CONFLICT (unit, partition) DO UPDATE SET attempt = excluded.attempt, until = excluded.until
WHERE lease.until <= ?
"""

FENCED: Final = """
INSERT OR IGNORE INTO excluded SELECT DISTINCT c.partition, 'fenced' FROM census c
JOIN lease_unit u LEFT JOIN lease l ON l.unit = u.unit AND l.partition = c.partition
WHERE c.version = :version AND (l.attempt IS NULL OR l.attempt <> :attempt)
"""

MOVED_RANGE: Final = """
SELECT 1 FROM publication_move WHERE tbl = :tbl AND publication > :snapshot
AND first <= :last AND last >= :first LIMIT 1
"""

MOVED_SAME: Final = """
INSERT OR IGNORE INTO excluded SELECT c.partition, 'moved' FROM census c WHERE c.version = :version
AND EXISTS (SELECT 1 FROM pointer p WHERE p.tbl = :tbl AND p.since > :snapshot AND
  (p.partition = c.partition OR p.partition = substr(c.partition, 1, 10)
   OR (length(c.partition) = 10 AND p.partition >= c.partition || '/'
       AND p.partition < c.partition || '0')))
"""

MOVED_WINDOW: Final = """
INSERT OR IGNORE INTO excluded SELECT c.partition, 'moved' FROM census c WHERE c.version = :version
AND EXISTS (SELECT 1 FROM pointer p WHERE p.tbl = :tbl AND p.since > :snapshot
  AND p.partition >= date(substr(c.partition, 1, 10), -:days || ' days')
  AND p.partition < substr(c.partition, 1, 10))
"""

MOVED_CALENDAR: Final = """
INSERT OR IGNORE INTO excluded SELECT c.partition, 'moved' FROM census c
JOIN expectation e ON e.partition = c.partition
WHERE c.version = :version AND e.since > :snapshot
"""

WITHHELD: Final = """
INSERT OR IGNORE INTO excluded SELECT DISTINCT partition, 'withheld' FROM finding
WHERE version = :version AND severity = 'block'
"""

UNCOUNTED: Final = """
INSERT OR IGNORE INTO excluded SELECT a.partition, 'withheld' FROM candidate a
WHERE NOT EXISTS (SELECT 1 FROM census c WHERE c.version = :version AND c.partition = a.partition)
OR NOT EXISTS (SELECT 1 FROM check_count k WHERE k.version = :version AND k.severity = 'block'
  AND k.passed > 0)
"""

DISPLACES_COMPLETE: Final = """
INSERT OR IGNORE INTO excluded SELECT DISTINCT f.partition, 'withheld' FROM finding f
JOIN pointer p ON p.tbl = :tbl AND p.partition = f.partition AND p.until IS NULL
WHERE f.version = :version AND f.severity = 'complete' AND p.version IS NOT NULL
AND NOT EXISTS (SELECT 1 FROM finding o WHERE o.version = p.version
  AND o.partition = f.partition AND o.severity = 'complete')
"""

UNCHANGED: Final = """
INSERT OR IGNORE INTO excluded SELECT n.partition, 'unchanged' FROM census n
JOIN pointer p ON p.tbl = :tbl AND p.partition = n.partition AND p.until IS NULL
JOIN census o ON o.version = p.version AND o.partition = n.partition
WHERE n.version = :version AND o.row_count = n.row_count AND o.content = n.content
AND NOT EXISTS (SELECT 1 FROM version_read r WHERE r.version = :version)
"""

GOING_OUT: Final = """
SELECT partition FROM candidate a
WHERE NOT EXISTS (SELECT 1 FROM excluded e WHERE e.partition = a.partition) ORDER BY partition
"""

CLOSE: Final = """
UPDATE pointer SET until = :publication WHERE tbl = :tbl AND until IS NULL AND partition IN
(SELECT partition FROM candidate a
 WHERE NOT EXISTS (SELECT 1 FROM excluded e WHERE e.partition = a.partition))
"""

POINT: Final = """
INSERT INTO pointer (tbl, partition, since, version, until)
SELECT :tbl, partition, :publication, :version, NULL FROM candidate a
WHERE NOT EXISTS (SELECT 1 FROM excluded e WHERE e.partition = a.partition)
"""

POINTERS: Final = """
SELECT tbl, partition, version, since FROM pointer
WHERE tbl = ? AND partition BETWEEN ? AND ? AND since <= ? AND (until IS NULL OR until > ?)
"""

EXPECTATIONS: Final = """
SELECT partition, state, is_expected, since FROM expectation
WHERE partition BETWEEN ? AND ? AND since <= ? AND (until IS NULL OR until > ?)
"""

END_EXPECTATION: Final = """
UPDATE expectation SET until = ? WHERE partition = ? AND until IS NULL
"""

LATEST_EVENTS: Final = """
SELECT at, run, tbl, partition, kind, subject, found, needed FROM event e
WHERE tbl = ? AND partition BETWEEN ? AND ? AND at = (SELECT max(at) FROM event l
  WHERE l.tbl = e.tbl AND l.partition = e.partition) ORDER BY event
"""

HISTORY: Final = """
SELECT p.tbl, p.partition, p.version, p.since, u.publication, u.attempt, u.unit, u.at, u.partitions
FROM pointer p JOIN publication u ON u.publication = p.since
WHERE p.tbl = ? AND p.partition = ? ORDER BY p.since DESC
"""
