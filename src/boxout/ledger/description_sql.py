"""The ledger's statements on what files looked like."""

from typing import Final

PUT: Final = """
INSERT INTO description (table_name, reader, file, digest, columns, version, accepted, at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
NORMAL: Final = """
SELECT table_name, reader, file, digest, columns, version, accepted, at FROM description d
WHERE table_name = ? AND reader = ? AND version IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM tombstone t WHERE t.version = d.version AND t.until IS NULL)
ORDER BY description DESC LIMIT ?
"""
