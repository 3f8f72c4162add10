"""JSON files, plain or gzipped, as flat rows under dotted names."""

import gzip
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

Document: TypeAlias = Mapping[str, Any]
"""A JSON object as it was read. It is shared: nobody may change it."""

FILES = ("*.json", "*.json.gz")


def document(path: Path) -> Document:
    """The JSON object in a file; ValueError when there is none."""
    stat = path.stat()
    return _parsed(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=2)
def _parsed(path: Path, _changed_ns: int, _size: int) -> Document:
    """Several readers look at one file: it is parsed once for all of them."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8-sig") as file:
        found = json.load(file)
    if not isinstance(found, dict):
        raise ValueError(f"a JSON object expected, {type(found).__name__} found")
    return found


def has_keys(*keys: str) -> Callable[[Path], bool]:
    """Tells the files whose object has these keys, one inside the other."""

    def knows(path: Path) -> bool:
        found: Any = document(path)
        for key in keys:
            if not isinstance(found, dict) or key not in found:
                return False
            found = found[key]
        return True

    return knows


def flat(record: Document, prefix: str = "") -> dict[str, object]:
    """The values of nested objects under dotted names; lists are left out."""
    row: dict[str, object] = {}
    for name, value in record.items():
        if isinstance(value, dict):
            row |= flat(value, f"{prefix}{name}.")
        elif not isinstance(value, list):
            row[prefix + name] = value
    return row


def has_result(name: str, *columns: str) -> Callable[[Path], bool]:
    """Tells the files with a result set of this name that has these columns."""

    def knows(path: Path) -> bool:
        found = _result(document(path), name)
        return found is not None and {c.upper() for c in columns} <= _upper(found["headers"])

    return knows


def result_rows(path: Path, name: str) -> Iterator[dict[str, object]]:
    """The rows of a result set, under its headers in lower case."""
    found = _result(document(path), name)
    if found is None:
        raise ValueError(f"no result set {name}")
    headers = [str(one).lower() for one in found["headers"]]
    for row in found["rowSet"]:
        yield dict(zip(headers, row, strict=True))


def _result(of: Document, name: str) -> Document | None:
    sets = of.get("resultSets", ())
    named = (one for one in sets if isinstance(one, dict) and one.get("name") == name)
    return next(named, None) if isinstance(sets, list) else None


def _upper(headers: Sequence[object]) -> set[str]:
    return {str(one).upper() for one in headers}
