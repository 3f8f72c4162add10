"""The ledger's statements on what a value means."""

from typing import Final

HOLDS: Final = """
SELECT kind, given, in_group, official, reason, by_whom, at FROM alias
WHERE kind = ? AND given = ? AND in_group = ? AND ended_at IS NULL
"""
PUT: Final = """
INSERT INTO alias (kind, given, in_group, official, reason, by_whom, at, ended_by, ended_reason)
VALUES (?, ?, ?, ?, ?, ?, ?, '', '')
"""
END: Final = """
UPDATE alias SET ended_at = ?, ended_by = ?, ended_reason = ?
WHERE kind = ? AND given = ? AND in_group = ? AND ended_at IS NULL
"""
ALL: Final = """
SELECT kind, given, in_group, official, reason, by_whom, at, ended_at, ended_by, ended_reason
FROM alias WHERE CAST(?1 AS TEXT) IS NULL OR kind = ?1 ORDER BY alias
"""
