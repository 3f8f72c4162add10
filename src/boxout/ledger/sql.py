"""The ledger's statements, by name. Values are parameters, always."""

from typing import Final

BEGIN_RUN: Final = "INSERT INTO run (run, request, began_at) VALUES (?, ?, ?)"
# Once: whoever comes later finds it ended.
END_RUN: Final = "UPDATE run SET ended_at = ?, summary = ? WHERE run = ? AND ended_at IS NULL"

ABANDON: Final = """
UPDATE run SET ended_at = ?, summary = ? WHERE ended_at IS NULL RETURNING run, request
"""

ATTEMPT: Final = """
INSERT INTO attempt (unit, run, at, code) VALUES (?, ?, ?, ?) RETURNING attempt
"""
UNIT_AND_RUN: Final = "SELECT unit, run FROM attempt WHERE attempt = ?"

# `until` at or before now is a lease that ran out. One that is just being published is passed over.
RAN_OUT: Final = """
SELECT partition FROM lease
WHERE partition IN (SELECT value FROM json_each(?1)) AND unit = ?2 AND until <= ?3
/* FOR UPDATE SKIP LOCKED */
"""
TAKE_OVER: Final = "UPDATE lease SET attempt = ?, until = ? WHERE unit = ? AND partition = ?"
# A lease that somebody holds stays as it is.
CLAIM: Final = """
INSERT INTO lease (unit, partition, attempt, until) VALUES (?, ?, ?, ?)
ON CONFLICT (unit, partition) DO NOTHING
"""
HELD: Final = "SELECT partition FROM lease WHERE unit = ? AND attempt = ?"
RELEASE: Final = """
DELETE FROM lease WHERE attempt = ?1 AND unit = (SELECT unit FROM attempt WHERE attempt = ?1)
"""

HEARTBEAT: Final = """
UPDATE lease SET until = ?1 WHERE attempt = ?2
  AND unit = (SELECT unit FROM attempt WHERE attempt = ?2)
"""
END_ALL_LEASES: Final = "DELETE FROM lease"
HOLDERS: Final = """
SELECT partition, attempt FROM lease WHERE unit = ? AND partition BETWEEN ? AND ? AND until > ?
"""

VERSION: Final = """
INSERT INTO version (table_name, attempt, fingerprint, at) VALUES (?, ?, ?, ?) RETURNING version
"""
READ: Final = """
INSERT INTO version_read (version, table_name, first, last, snapshot, window_days, since)
VALUES (?, ?, ?, ?, ?, ?, ?)
"""
CENSUS: Final = "INSERT INTO census (version, partition, row_count, content) VALUES (?, ?, ?, ?)"
CHECK_COUNT: Final = """
INSERT INTO check_count (version, check_name, severity, passed, failed, unknown)
VALUES (?, ?, ?, ?, ?, ?)
"""
FINDING: Final = """
INSERT INTO finding (version, partition, check_name, severity, answer, found, needed)
VALUES (?, ?, ?, ?, ?, ?, ?)
"""
EVENT: Final = """
INSERT INTO event (at, run, table_name, partition, kind, subject, found, needed)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
ARRIVAL: Final = """
INSERT INTO arrival (version, file, reader, rejected, digest, landing) VALUES (?, ?, ?, ?, ?, ?)
"""

HEAD: Final = "SELECT coalesce(max(publication), 0) FROM publication"

POINTERS: Final = """
SELECT table_name, partition, version, since, basis, checked FROM pointer
WHERE table_name = ?1 AND partition BETWEEN ?2 AND ?3
  AND since <= ?4 AND (until IS NULL OR until > ?4)
ORDER BY partition
"""
BEGINNING: Final = """
SELECT partition, since FROM pointer WHERE table_name = ? AND since <= ? AND version IS NOT NULL
ORDER BY partition, since LIMIT 1
"""
EXPECTATIONS: Final = """
SELECT partition, state, is_expected, since, flipped, identity, phase FROM expectation
WHERE partition BETWEEN ?1 AND ?2 AND since <= ?3 AND (until IS NULL OR until > ?3)
ORDER BY partition
"""
EXPECTATIONS_OF: Final = """
SELECT partition, state, is_expected, since, flipped, identity, phase FROM expectation
WHERE identity IN (SELECT CAST(value AS TEXT) FROM json_each(?1)) AND since <= ?2
  AND (until IS NULL OR until > ?2)
ORDER BY partition
"""
# The numbers come as one JSON array, so that any count of them is one statement.
VERSIONS: Final = """
SELECT version, table_name, attempt, fingerprint, at, collected_at IS NOT NULL FROM version
WHERE version IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) ORDER BY version
"""
READS: Final = """
SELECT version, table_name, first, last, snapshot, window_days, since FROM version_read
WHERE version IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) ORDER BY version, rowid
"""
ATTEMPTS: Final = """
SELECT attempt, unit, run, at, code FROM attempt
WHERE attempt IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) ORDER BY attempt
"""
ARRIVALS: Final = """
SELECT version, file, reader, rejected, digest, landing FROM arrival
WHERE version IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) ORDER BY version
"""
COUNTS: Final = """
SELECT check_name, severity, passed, failed, unknown FROM check_count
WHERE version = ? ORDER BY rowid
"""
CENSUS_OF: Final = """
SELECT partition, row_count, content FROM census
WHERE version = ? AND partition BETWEEN ? AND ? ORDER BY partition
"""
CENSUSES: Final = """
SELECT version, partition, row_count, content FROM census
WHERE version IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) AND partition BETWEEN ? AND ?
"""
FINDINGS: Final = """
SELECT partition, check_name, severity, answer, found, needed FROM finding
WHERE version IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) AND partition BETWEEN ? AND ?
ORDER BY version, partition, rowid
"""
INCOMPLETE: Final = """
SELECT version, partition, check_name, severity, answer, found, needed FROM finding
WHERE version IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) AND severity = 'complete'
ORDER BY version, partition, rowid
"""
MOVES: Final = """
SELECT table_name, partition, version, since, basis, checked FROM pointer
WHERE since > ? AND since <= ? ORDER BY since, table_name, partition
"""
PUBLICATIONS: Final = """
SELECT publication, attempt, unit, at, partitions, kind, reason FROM publication
WHERE CAST(?1 AS TEXT) IS NULL OR attempt IN (SELECT attempt FROM attempt WHERE run = ?1)
ORDER BY publication DESC LIMIT ?2
"""
HISTORY: Final = """
SELECT p.table_name, p.partition, p.version, p.since, p.basis, p.checked,
  u.publication, u.attempt, u.unit, u.at, u.partitions, u.kind, u.reason
FROM pointer p JOIN publication u ON u.publication = p.since
WHERE p.table_name = ? AND p.partition = ? ORDER BY p.since DESC
"""
LATEST_VERSIONS: Final = """
SELECT v.version FROM census c CROSS JOIN version v ON v.version = c.version
WHERE v.table_name = ?1 AND c.partition = ?2 AND c.row_count > 0 ORDER BY c.version DESC LIMIT ?3
"""
# One look may leave several events (one per reason): all that carry the latest time.
LATEST_EVENTS: Final = """
SELECT e.at, e.run, e.table_name, e.partition, e.kind, e.subject, e.found, e.needed
FROM (SELECT max(event) AS event FROM event
  WHERE table_name = ? AND partition BETWEEN ? AND ? GROUP BY partition) latest
JOIN event l ON l.event = latest.event
JOIN event e ON e.table_name = l.table_name AND e.partition = l.partition AND e.at = l.at
ORDER BY e.partition, e.event
"""
