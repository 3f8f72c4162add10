"""The ledger's statements on profiles and what they were held against."""

from typing import Final

NAME: Final = "INSERT INTO profile_names (names) VALUES (?) ON CONFLICT DO NOTHING"
LAYOUT: Final = "SELECT layout FROM profile_names WHERE names = ?"
KEEP: Final = """
INSERT INTO profile (version, table_name, partition, phase, layout, numbers)
VALUES (?, ?, ?, ?, ?, ?)
"""
KEEP_COMPARED: Final = """
INSERT INTO compared
  (version, day, phase, before, at, members_max, members, first, last, judged, why_not)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
KEEP_VERDICT: Final = """
INSERT INTO verdict (version, partition, statistic, answer, value, centre, spread, score, threshold)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""

_PROFILE: Final = """
SELECT f.version, f.table_name, f.partition, f.phase, n.names, f.numbers FROM profile f
JOIN profile_names n ON n.layout = f.layout
"""
# Public at the snapshot, not by force, and complete.
_ACCEPTED: Final = (
    _PROFILE
    + """
JOIN pointer p ON p.table_name = f.table_name AND p.partition = f.partition
  AND p.version = f.version AND p.since <= :at AND (p.until IS NULL OR p.until > :at)
JOIN publication u ON u.publication = p.since AND u.kind <> 'forced'
WHERE f.table_name = :table AND f.phase = :phase
AND NOT EXISTS (SELECT 1 FROM finding i WHERE i.version = f.version
  AND i.partition = f.partition AND i.severity = 'complete')
"""
)
LATEST_BEFORE: Final = (
    _ACCEPTED + "AND f.partition < :first ORDER BY f.partition DESC LIMIT :members_max"
)
FROM_TO: Final = (
    _ACCEPTED + "AND f.partition >= :first AND f.partition < :before ORDER BY f.partition"
)
PROFILES: Final = (
    _PROFILE
    + "WHERE f.version IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) AND f.partition BETWEEN ? AND ?"
    + " ORDER BY f.version, f.partition"
)
COMPARED: Final = """
SELECT version, day, phase, before, at, members_max, members, first, last, judged, why_not
FROM compared WHERE version IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) ORDER BY version, day, phase
"""
VERDICTS: Final = """
SELECT version, partition, statistic, answer, value, centre, spread, score, threshold
FROM verdict WHERE version IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) AND partition BETWEEN ? AND ?
ORDER BY version, partition, verdict
"""
