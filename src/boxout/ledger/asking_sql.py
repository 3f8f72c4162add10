"""The statements of questions that stay quick, by name: each walks a key, and stops."""

from typing import Final

NEXT_TABLE: Final = """
SELECT table_name FROM publication_move WHERE table_name > ? ORDER BY table_name LIMIT 1
"""
FORCED: Final = "SELECT publication, reason FROM publication WHERE kind = 'forced'"
PUBLISHED_AT: Final = """
SELECT publication, at FROM publication
WHERE publication IN (SELECT CAST(value AS BIGINT) FROM json_each(?))
"""
REACH: Final = """
SELECT min(first), max(last) FROM publication_move WHERE table_name = ? AND publication > ?
"""
_KEYS: Final = """
SELECT DISTINCT partition FROM pointer WHERE table_name = ?1 AND partition {side} ?2
AND since <= ?3 AND (until IS NULL OR until > ?3) AND version IS NOT NULL
ORDER BY partition {order} LIMIT ?4
"""
KEYS_BEFORE: Final = _KEYS.format(side="<", order="DESC")
KEYS_AFTER: Final = _KEYS.format(side=">", order="ASC")
BUILT_BY_OTHERS: Final = """
SELECT p.partition FROM pointer p JOIN version v ON v.version = p.basis
WHERE p.table_name = ?1 AND p.partition BETWEEN ?2 AND ?3
AND p.since <= ?4 AND (p.until IS NULL OR p.until > ?4) AND v.fingerprint <> ?5
"""
# The same condition as at publication: one check judged as many as the version holds.
UNEVALUATED: Final = """
WITH public AS (SELECT DISTINCT version FROM pointer
  WHERE until IS NULL AND version IS NOT NULL AND table_name = ?1 AND partition BETWEEN ?2 AND ?3),
judged AS (SELECT p.version FROM public p JOIN check_count k ON k.version = p.version
  WHERE k.severity <> 'observe' GROUP BY p.version, k.check_name HAVING sum(k.passed + k.failed) > 0
  AND sum(k.passed + k.failed + k.unknown) >=
    (SELECT count(*) FROM census c WHERE c.version = p.version))
SELECT table_name, partition, version, since, basis, checked, '' FROM pointer
WHERE until IS NULL AND version IS NOT NULL AND table_name = ?1 AND partition BETWEEN ?2 AND ?3
  AND version NOT IN (SELECT version FROM judged)
ORDER BY partition
"""
FAILED_IN_PUBLIC: Final = """
SELECT DISTINCT p.table_name, p.partition, p.version, p.since, p.basis, p.checked, f.check_name
FROM pointer p JOIN finding f ON f.version = p.version AND f.partition = p.partition
WHERE p.until IS NULL AND p.table_name = ?1 AND p.partition BETWEEN ?2 AND ?3
  AND f.severity = 'block'
  AND NOT EXISTS (SELECT 1 FROM pointer q JOIN publication u ON u.publication = q.since
    WHERE q.table_name = p.table_name AND q.partition = p.partition AND q.version = p.version
      AND u.kind = 'forced')
ORDER BY p.partition, f.check_name
"""
NO_VERSION_BEYOND: Final = 1 << 53
NEWEST_BEFORE: Final = """
SELECT version, at FROM version WHERE table_name = ? AND version < ? ORDER BY version DESC LIMIT ?
"""
# Asked of again in one version, by another scan: the later answer counts.
COUNTS_OF: Final = """
SELECT check_name, severity, passed, failed, unknown FROM check_count
WHERE version = ? ORDER BY rowid DESC
"""
