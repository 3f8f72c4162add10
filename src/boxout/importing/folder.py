"""The folder of an import: a file per answer, and a manifest with what was asked, when, and its digest.

In this order, and a crash after any step loses one answer at most:

1. the answer is written under a temporary name, which nobody reads
2. it is renamed; without a line in the manifest that has its digest it is not taken for whole
3. its line is added to the manifest; from here on it is not asked for again
"""

import gzip
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final

from boxout.errors import DefinitionError, StoreUnavailable
from boxout.model import Request

MANIFEST: Final = "manifest.jsonl"


class Folder:
    """The answers that are kept; `clock` gives the time in UTC."""

    def __init__(self, path: Path, clock: Callable[[], datetime]) -> None:
        self.path = path
        self._clock = clock
        self._lines = _lines_of(path / MANIFEST)

    def place(self, request: Request) -> Path:
        """Where the answer to a request is kept."""
        return self.path / request.file

    def has(self, request: Request, since: datetime | None = None) -> bool:
        """Whether its answer is here, whole, to what is asked now, and current.

        With `since`, only an answer that was asked for at that moment or later.
        """
        line = self._lines.get(request.file)
        if line is None or line["asked"] != dict(request.asked):
            return False
        at = datetime.fromisoformat(line["at"])
        if since is not None and at < since:
            return False
        if request.kept_s is not None and self._clock() - at > timedelta(seconds=request.kept_s):
            return False
        return self._digest(request) == line["sha256"]

    def read(self, request: Request) -> bytes:
        """The answer, as it came."""
        return gzip.decompress(self.place(request).read_bytes())

    def keep(self, request: Request, answer: bytes) -> None:
        """Keep an answer, as it came and gzipped; StoreUnavailable when there is no room."""
        packed = gzip.compress(answer, mtime=0)
        line = {
            "file": request.file,
            "asked": dict(request.asked),
            "at": self._clock().isoformat(),
            "sha256": hashlib.sha256(packed).hexdigest(),
            "bytes": len(packed),
        }
        try:
            _put(self.place(request), packed)
            _add(self.path / MANIFEST, json.dumps(line))
        except OSError as error:
            raise StoreUnavailable(
                f"{self.place(request)}: cannot be written: {error.strerror}. What is in the"
                " folder stays; nothing was landed."
            ) from error
        self._lines[request.file] = line

    def _digest(self, request: Request) -> str | None:
        try:
            return hashlib.sha256(self.place(request).read_bytes()).hexdigest()
        except FileNotFoundError:
            return None


def _lines_of(manifest: Path) -> dict[str, dict[str, Any]]:
    """The last line of each file; a line that was cut off is none."""
    try:
        text = manifest.read_text("utf-8", errors="replace")
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise DefinitionError(f"{manifest}: cannot be read: {error.strerror}") from error
    return {line["file"]: line for line in _parsed(text)}


def _parsed(text: str) -> Iterator[dict[str, Any]]:
    for one in text.splitlines():
        with suppress(ValueError):
            line = json.loads(one)
            is_line = isinstance(line, dict) and {"file", "asked", "at", "sha256"} <= line.keys()
            if is_line and datetime.fromisoformat(line["at"]).tzinfo is not None:
                yield line


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=".part-", delete=False) as part:
        try:
            part.write(content)
            part.flush()
            os.fsync(part.fileno())
            Path(part.name).replace(path)
        except BaseException:
            Path(part.name).unlink(missing_ok=True)
            raise


def _add(manifest: Path, line: str) -> None:
    """A line of its own, also behind one that was cut off."""
    with manifest.open("ab") as file:
        file.write(f"\n{line}\n".encode())
