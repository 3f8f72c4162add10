"""The statements of a publication, by name.

`candidate` holds what asked to go out, and the reason why it stays back; the first stays.
"""

from typing import Final

SET_UP: Final = (
    "CREATE TEMP TABLE IF NOT EXISTS candidate"
    " (partition TEXT PRIMARY KEY, why TEXT) WITHOUT ROWID",
    "CREATE TEMP TABLE IF NOT EXISTS going (version INTEGER PRIMARY KEY, table_name TEXT)",
    "CREATE TEMP TABLE IF NOT EXISTS named"
    " (partition TEXT PRIMARY KEY, state TEXT, is_expected BOOLEAN, identity TEXT, phase TEXT)"
    " WITHOUT ROWID",
    "CREATE TEMP TABLE IF NOT EXISTS moved (partition TEXT PRIMARY KEY) WITHOUT ROWID",
    "CREATE TEMP TABLE IF NOT EXISTS same"
    " (version INTEGER, partition TEXT, PRIMARY KEY (version, partition)) WITHOUT ROWID",
    "DELETE FROM candidate",
    "DELETE FROM going",
    "DELETE FROM named",
    "DELETE FROM same",
)
GOING: Final = "INSERT INTO going VALUES (?, ?)"
WRITTEN_BY: Final = "SELECT table_name, attempt FROM version WHERE version = ?"

# Everything the attempt holds, and everything its versions speak of.
CANDIDATES: Final = (
    "INSERT INTO candidate SELECT partition, NULL FROM lease"
    " WHERE unit = :unit AND attempt = :attempt ON CONFLICT DO NOTHING",
    "INSERT INTO candidate SELECT c.partition, NULL FROM going g"
    " CROSS JOIN census c ON c.version = g.version WHERE TRUE ON CONFLICT DO NOTHING",
    "INSERT INTO candidate SELECT f.partition, NULL FROM going g"
    " CROSS JOIN finding f ON f.version = g.version WHERE TRUE ON CONFLICT DO NOTHING",
)
# Nobody takes over what is just going out.
HOLD: Final = """
SELECT partition FROM lease WHERE unit = :unit AND attempt = :attempt /* FOR UPDATE */
"""
FENCED: Final = """
UPDATE candidate SET why = 'fenced' WHERE NOT EXISTS (SELECT 1 FROM lease l
  WHERE l.unit = :unit AND l.partition = candidate.partition AND l.attempt = :attempt)
"""

READS: Final = """
SELECT r.version, r.table_name, r.first, r.last, r.snapshot, r.window_days, r.since
FROM going g CROSS JOIN version_read r ON r.version = g.version
"""
OVERLAP: Final = """
SELECT 1 FROM publication_move WHERE table_name = :table AND publication > :snapshot
  AND first <= :last AND last >= :first LIMIT 1
"""
FORGET_MOVED: Final = "DELETE FROM moved"
# What the own attempt wrote anew was read as it was written, not as the pointer stood.
MOVED: Final = """
INSERT INTO moved SELECT p.partition FROM pointer p
WHERE p.table_name = :table AND p.since > :snapshot AND p.partition BETWEEN :first AND :last
  AND NOT EXISTS (SELECT 1 FROM going g CROSS JOIN census n ON n.version = g.version
    WHERE g.table_name = p.table_name AND n.partition = p.partition)
ON CONFLICT DO NOTHING
"""
MOVED_CALENDAR: Final = """
INSERT INTO moved SELECT e.partition FROM expectation e
WHERE e.until IS NULL AND e.flipped > :snapshot AND e.partition BETWEEN :first AND :last
ON CONFLICT DO NOTHING
"""
IS_ANY_MOVED: Final = "SELECT 1 FROM moved LIMIT 1"
_READER: Final = """
UPDATE candidate SET why = 'moved' WHERE why IS NULL
AND EXISTS (SELECT 1 FROM census c WHERE c.version = :version
  AND c.partition = candidate.partition)
AND EXISTS (SELECT 1 FROM moved m WHERE """
# The same partition; the date of a game; the games of a date.
KEEP_RELATED: Final = (
    _READER + "m.partition = candidate.partition)",
    _READER
    + "length(candidate.partition) > 10 AND m.partition = substr(candidate.partition, 1, 10))",
    _READER
    + "length(candidate.partition) = 10 AND m.partition > candidate.partition"
    + " AND m.partition < candidate.partition || '~')",
)
KEEP_WINDOW: Final = (
    _READER
    + "m.partition >= date(substr(candidate.partition, 1, 10), -:days || ' days')"
    + " AND m.partition >= :since AND m.partition < substr(candidate.partition, 1, 10))"
)

# Windows that were cut at the first key of a table, and an earlier key that came since.
KEEP_BEFORE: Final = """
UPDATE candidate SET why = 'moved' WHERE why IS NULL
AND EXISTS (SELECT 1 FROM census c WHERE c.version = :version
  AND c.partition = candidate.partition)
AND date(substr(candidate.partition, 1, 10), -:days || ' days') < :began
AND EXISTS (SELECT 1 FROM pointer p WHERE p.table_name = :table AND p.partition < :began
  AND p.since > :snapshot AND p.version IS NOT NULL)
"""

# No check was evaluated for a partition unless one judged as many as the version holds. A rule on
# trial is none: nothing would have been held back by it.
EVALUATED: Final = """
SELECT count(*) FROM (SELECT 1 FROM check_count
  WHERE version = :version AND severity <> 'observe' GROUP BY check_name
  HAVING sum(passed + failed) > 0 AND sum(passed + failed + unknown) >=
    (SELECT count(*) FROM census WHERE version = :version))
"""
WITHHELD_ALL: Final = "UPDATE candidate SET why = 'withheld' WHERE why IS NULL"
NOT_HELD: Final = """
UPDATE candidate SET why = 'withheld' WHERE why IS NULL
AND NOT EXISTS (SELECT 1 FROM census c
  WHERE c.version = :version AND c.partition = candidate.partition)
"""
WITHHELD: Final = """
UPDATE candidate SET why = 'withheld' WHERE why IS NULL
AND EXISTS (SELECT 1 FROM finding f
  WHERE f.version = :version AND f.partition = candidate.partition AND f.severity = 'block')
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

# All that one rollback withdrew of these tables, with the very rows, whoever brings them again. A
# correction may leave some tables of its group as they were: it is not what was withdrawn.
WITHDRAWN: Final = """
UPDATE candidate SET why = 'withdrawn' WHERE why IS NULL
AND EXISTS (SELECT 1 FROM tombstone t JOIN going g ON g.table_name = t.table_name
  WHERE t.partition = candidate.partition AND t.until IS NULL
  GROUP BY t.since
  HAVING sum(CASE WHEN EXISTS (SELECT 1 FROM census n WHERE n.version = g.version
    AND n.partition = t.partition AND n.row_count = t.row_count AND n.content = t.content)
    THEN 0 ELSE 1 END) = 0)
"""

# A person who brings withdrawn rows back on purpose says that they may be public.
LIFT: Final = """
UPDATE tombstone SET until = :publication WHERE table_name = :table AND until IS NULL
AND partition IN (SELECT partition FROM candidate WHERE why IS NULL)
AND EXISTS (SELECT 1 FROM census n WHERE n.version = :version AND n.partition = tombstone.partition
  AND n.row_count = tombstone.row_count AND n.content = tombstone.content)
"""

# The same version again, or the same rows, unless they became complete or lose a forced mark.
SAME: Final = """
INSERT INTO same SELECT :version, candidate.partition FROM candidate
JOIN pointer p ON p.table_name = :table AND p.partition = candidate.partition AND p.until IS NULL
WHERE candidate.why IS NULL AND (p.version = :version OR EXISTS (
    SELECT 1 FROM census n JOIN census o ON o.version = p.version AND o.partition = n.partition
    WHERE n.version = :version AND n.partition = candidate.partition
      AND o.row_count = n.row_count AND o.content = n.content)
  AND NOT EXISTS (SELECT 1 FROM publication u WHERE u.publication = p.since AND u.kind = 'forced')
  AND (NOT EXISTS (SELECT 1 FROM finding f WHERE f.version = p.version
      AND f.partition = candidate.partition AND f.severity = 'complete')
    OR EXISTS (SELECT 1 FROM finding f WHERE f.version = :version
      AND f.partition = candidate.partition AND f.severity = 'complete')))
"""
UNCHANGED: Final = """
UPDATE candidate SET why = 'unchanged' WHERE why IS NULL
AND NOT EXISTS (SELECT 1 FROM going g WHERE NOT EXISTS (SELECT 1 FROM same s
  WHERE s.version = g.version AND s.partition = candidate.partition))
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
# Numbered 1, 2, 3: without a gap, also after a transaction that was undone.
PUBLICATION: Final = """
INSERT INTO publication (publication, attempt, unit, at, partitions, kind, reason)
SELECT coalesce(max(publication), 0) + 1, ?, ?, ?, ?, ?, ? FROM publication
RETURNING publication
"""
_OUT: Final = """(SELECT c.partition FROM candidate c WHERE c.why IS NULL AND NOT EXISTS
  (SELECT 1 FROM same s WHERE s.version = :version AND s.partition = c.partition))"""
CLOSE: Final = (
    "UPDATE pointer SET until = :publication WHERE table_name = :table AND until IS NULL"
    f" AND partition IN {_OUT}"
)
POINT: Final = (
    "INSERT INTO pointer (table_name, partition, since, version, until, basis, checked)"
    " SELECT :table, partition, :publication, :version, NULL, :version, :publication"
    f" FROM {_OUT}"
)
# Rows that are public already stay under their pointer, which is fresh again.
CONFIRM: Final = """
UPDATE pointer SET basis = :version,
  checked = coalesce(:publication, (SELECT max(publication) FROM publication))
WHERE table_name = :table AND until IS NULL AND partition IN (SELECT c.partition
  FROM candidate c JOIN same s ON s.version = :version AND s.partition = c.partition
  WHERE c.why IS NULL OR c.why = 'unchanged')
"""
MOVE: Final = (
    "INSERT INTO publication_move (publication, table_name, first, last) VALUES (?, ?, ?, ?)"
)

_AGAIN: Final = """ON CONFLICT (partition) DO UPDATE SET state = excluded.state,
  is_expected = excluded.is_expected, identity = excluded.identity, phase = excluded.phase
"""
NAMED: Final = "INSERT INTO named VALUES (?, ?, ?, ?, ?) " + _AGAIN
# An aggregate, so that there is one row also for a partition that was never listed.
NAMED_AS_IT_WAS: Final = (
    "INSERT INTO named SELECT ?1, ?2, ?3, max(identity), max(phase) FROM expectation"
    " WHERE until IS NULL AND partition = ?1 " + _AGAIN
)
UNLISTED: Final = """
INSERT INTO named SELECT partition, 'unlisted', FALSE, identity, phase FROM expectation
WHERE until IS NULL AND partition >= ?1 AND partition < ?1 || '~'
ON CONFLICT DO NOTHING
"""
WAIVED: Final = """
UPDATE named SET state = 'waived', is_expected = FALSE
WHERE (SELECT NOT w.is_undo FROM waiver w WHERE w.partition = named.partition
  ORDER BY w.since DESC LIMIT 1)
"""
# A partition that was never listed was not expected.
EXPECT: Final = """
INSERT INTO expectation
  (partition, since, state, is_expected, until, flipped, identity, phase)
SELECT n.partition, :publication, n.state, n.is_expected, NULL,
  CASE WHEN coalesce(e.is_expected, FALSE) = n.is_expected THEN coalesce(e.flipped, 0)
    ELSE :publication END, n.identity, n.phase
FROM named n LEFT JOIN expectation e ON e.partition = n.partition AND e.until IS NULL
WHERE e.partition IS NULL OR e.state <> n.state OR e.is_expected <> n.is_expected
  OR e.identity IS NOT n.identity OR e.phase IS NOT n.phase
"""
END_EXPECTATIONS: Final = """
UPDATE expectation SET until = :publication WHERE until IS NULL AND since < :publication
AND EXISTS (SELECT 1 FROM expectation f
  WHERE f.partition = expectation.partition AND f.since = :publication)
"""

WAKE: Final = """
UPDATE work SET look_at = :now WHERE ended IS NULL AND look_at > :now
AND EXISTS (SELECT 1 FROM publication_move m JOIN work_on o ON o.table_name = m.table_name
    AND o.first <= m.last AND o.last >= m.first
  WHERE m.publication = :publication AND o.unit = work.unit AND o.partition = work.partition)
"""
ANSWERED: Final = """
DELETE FROM work WHERE unit = :unit AND partition IN
  (SELECT partition FROM candidate WHERE why IS NULL OR why = 'unchanged')
"""
FORGET_ON: Final = """
DELETE FROM work_on WHERE NOT EXISTS (SELECT 1 FROM work w
  WHERE w.unit = work_on.unit AND w.partition = work_on.partition AND w.ended IS NULL)
"""
