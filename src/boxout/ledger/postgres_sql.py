"""The ledger's statements in PostgreSQL's words.

Every statement is written once, for SQLite. Where the two differ, one of these rules applies; what
no rule knows is refused by the server when the contract suite first runs it.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

_RULES: Final = (
    # A percent sign of the statement, before any placeholder of the driver comes in.
    (r"%", "%%"),
    (
        r"json_each\((\?1?|:\w+)\)",
        r"json_array_elements_text(CAST(\1 AS JSON)) AS listed (value)",
    ),
    (
        r"date\((substr\([\w.]+, 1, 10\)), -:days \|\| ' days'\)",
        r"to_char(CAST(\1 AS DATE) - CAST(:days AS INTEGER), 'YYYY-MM-DD')",
    ),
    # A file of SQLite has one writer, and no rows to lock.
    (r"/\* (FOR UPDATE[A-Z ]*) \*/", r"\1"),
    (r" IS NOT (\w+\.\w+)", r" IS DISTINCT FROM \1"),
    # In SQLite the words say in which order the tables are read.
    (r"CROSS JOIN (\w+ \w+)\s+ON", r"JOIN \1 ON"),
    # A temporary table lives as long as its connection, and would only grow.
    (r"(CREATE TEMP TABLE .*\))( WITHOUT ROWID)?$", r"\1 ON COMMIT DELETE ROWS"),
    (r"\bpartition TEXT", 'partition TEXT COLLATE "C"'),
)
_PLACEHOLDER: Final = re.compile(r"\?(\d+)|\?|(?<![:\w]):(\w+)")


@cache
def translated(text: str) -> str:
    """One statement, with the placeholders of psycopg."""
    for pattern, words in _RULES:
        text = re.sub(pattern, words, text)
    return _PLACEHOLDER.sub(_placeholder, text)


def _placeholder(found: re.Match[str]) -> str:
    if found[1]:
        return f"%(p{found[1]})s"
    return f"%({found[2]})s" if found[2] else "%s"


@cache
def _is_numbered(text: str) -> bool:
    return re.search(r"\?\d", text) is not None


def given(text: str, values: Any) -> Any:
    """The values of a statement, or of many runs of it, under the names of its placeholders."""
    if isinstance(values, list):
        return [given(text, one) for one in values]
    if isinstance(values, Mapping) or not _is_numbered(text):
        return values
    return _numbered(values)


def _numbered(values: Sequence[Any]) -> dict[str, Any]:
    return {f"p{number}": value for number, value in enumerate(values, 1)}
