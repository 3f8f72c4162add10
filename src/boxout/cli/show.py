"""Results on stdout, as JSON or for people; messages, logs and progress on stderr."""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Final, TextIO

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from boxout.errors import BoxoutError
from boxout.report import plain

WIDE: Final = 100_000
"""Columns of an output that no terminal shows: nothing is folded or cut for a pipe or a file."""

NAMED_MAX: Final = 6
FOLDED_ROWS_MAX: Final = 500


def out() -> Console:
    """The console of results."""
    return Console(file=sys.stdout, width=_width(sys.stdout))


def err() -> Console:
    """The console of everything else."""
    return Console(file=sys.stderr, width=_width(sys.stderr))


def _width(stream: TextIO) -> int | None:
    return None if stream.isatty() or "COLUMNS" in os.environ else WIDE


class Shown(Exception):
    """An error whose answer is on stdout already; what is left is its message and exit code."""

    def __init__(self, error: BoxoutError) -> None:
        self.error = error
        super().__init__(str(error))


def as_json(value: Any) -> None:
    """One JSON document on stdout; what JSON has no number for is null."""
    sys.stdout.write(json.dumps(plain(value), allow_nan=False, ensure_ascii=False) + "\n")


def failure(name: str, message: str, next_step: str, exit_code: int) -> dict[str, Any]:
    """What a failed command says in JSON."""
    return {"error": name, "message": message, "next_step": next_step, "exit_code": exit_code}


def failure_of(error: BoxoutError) -> dict[str, Any]:
    """The same, of an error made on purpose."""
    return failure(type(error).__name__, str(error), error.next_step, error.exit_code)


def finish(answer: Mapping[str, Any], error: BoxoutError | None, *, is_json: bool) -> None:
    """End a command that has an answer and may have failed all the same: one document, one code."""
    if is_json:
        as_json({**answer, **(failure_of(error) if error else {})})
    if error:
        raise Shown(error)


def say(text: str, *, style: str | None = None) -> None:
    """A line of the result, as it is."""
    out().print(text, markup=False, highlight=False, soft_wrap=True, style=style)


def tell(text: str, *, heading: str = "") -> None:
    """A message on stderr."""
    console = err()
    if heading:
        console.print(f"[bold]{heading}[/bold]: ", end="")
    console.print(text, markup=False, highlight=False, soft_wrap=True)


def grid(rows: Sequence[Sequence[Any]], names: Sequence[str]) -> None:
    """Rows under the names of their columns; nothing is cut.

    A terminal gets long cells folded; anything else, and what no terminal can hold, one line a row.
    """
    texts = [["" if value is None else str(value) for value in row] for row in rows]
    console = out()
    if console.is_terminal and len(texts) <= FOLDED_ROWS_MAX:
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for name in names:
            table.add_column(Text(name), overflow="fold")
        for text in texts:
            table.add_row(*(Text(cell) for cell in text))
        console.print(table)
        return
    widths = [max(map(cell_len, column)) for column in zip(names, *texts, strict=True)]
    lines = [_line(text, widths) for text in ([list(names)] if names else []) + texts]
    sys.stdout.write("".join(lines))


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (
        cell + " " * (width - cell_len(cell)) for cell, width in zip(cells, widths, strict=True)
    )
    return "  ".join(padded).rstrip() + "\n"


def listed(names: Sequence[str], most: int = NAMED_MAX) -> str:
    """The names, and how many more there are."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def shortened(text: str, most: int = 80) -> str:
    """The beginning of a text that is too long for a line."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def many(count: int, one: str) -> str:
    """A number of things: 1 partition, 2 partitions."""
    return f"{count} {one}" if count == 1 else f"{count} {one}s"


def moment(at: str) -> str:
    """A moment of the ledger, to the second."""
    return f"{at[:19].replace('T', ' ')} UTC"
