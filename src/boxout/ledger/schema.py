"""The ledger's relational schema, and the forward migrations that make it."""

from typing import Final

FIRST: Final = """
CREATE TABLE run (run TEXT PRIMARY KEY, request TEXT, began_at TEXT, ended_at TEXT, summary TEXT);
CREATE TABLE attempt (attempt INTEGER PRIMARY KEY, unit TEXT, run TEXT, at TEXT);
CREATE TABLE lease (unit TEXT, partition TEXT, attempt INTEGER, until TEXT,
  PRIMARY KEY (unit, partition)) WITHOUT ROWID;
CREATE TABLE version (version INTEGER PRIMARY KEY, tbl TEXT, attempt INTEGER, fingerprint TEXT, at TEXT);
CREATE TABLE version_read (version INTEGER, tbl TEXT, first TEXT, last TEXT, snapshot INTEGER,
  window_days INTEGER);
CREATE INDEX version_read_version ON version_read (version);
CREATE TABLE census (version INTEGER, partition TEXT, row_count INTEGER, content TEXT,
  PRIMARY KEY (version, partition)) WITHOUT ROWID;
CREATE TABLE check_count (version INTEGER, name TEXT, severity TEXT, passed INTEGER, failed INTEGER,
  unknown INTEGER);
CREATE INDEX check_count_version ON check_count (version);
CREATE TABLE finding (version INTEGER, partition TEXT, name TEXT, severity TEXT, answer TEXT,
  found TEXT, needed TEXT);
CREATE INDEX finding_version ON finding (version, partition);
CREATE TABLE publication (publication INTEGER PRIMARY KEY, attempt INTEGER, unit TEXT, at TEXT,
  partitions INTEGER);
CREATE TABLE pointer (tbl TEXT, partition TEXT, since INTEGER, version INTEGER, until INTEGER,
  PRIMARY KEY (tbl, partition, since)) WITHOUT ROWID;
CREATE TABLE publication_move (publication INTEGER, tbl TEXT, first TEXT, last TEXT);
CREATE INDEX publication_move_tbl ON publication_move (tbl, publication);
CREATE TABLE expectation (partition TEXT, since INTEGER, state TEXT, is_expected INTEGER,
  until INTEGER, PRIMARY KEY (partition, since)) WITHOUT ROWID;
CREATE TABLE event (event INTEGER PRIMARY KEY, at TEXT, run TEXT, tbl TEXT, partition TEXT,
  kind TEXT, subject TEXT, found TEXT, needed TEXT);
CREATE INDEX event_partition ON event (tbl, partition);
CREATE TABLE arrival (version INTEGER PRIMARY KEY, file TEXT, reader TEXT, rejected INTEGER);
"""

MIGRATIONS: Final[tuple[str, ...]] = (FIRST,)
"""Each step takes the schema one number forward; the number is kept in the file."""
