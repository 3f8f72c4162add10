"""Words and tables as Markdown."""

from collections.abc import Iterable, Sequence


def grid(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; empty text when it would have no row."""
    lines = [_row(row) for row in rows]
    return "\n".join([_row(heads), _row(["---"] * len(heads)), *lines]) if lines else ""


def plain(text: str) -> str:
    """Prose in one line, in which nothing is markup but `code`."""
    return " ".join(text.split()).replace("*", r"\*").replace("<", r"\<")


def code(name: str) -> str:
    """A name as it stands in code."""
    return f"`{name}`"


def codes(names: Iterable[str], between: str = ", ") -> str:
    """Several of them in one line."""
    return between.join(map(code, names))


def linked(name: str, folder: str = "") -> str:
    """A table's name, leading to its page."""
    return f"[{name}]({folder}{name}.md)"


def section(title: str, *parts: str) -> str:
    """Parts under a heading; nothing at all when there is no part."""
    said = [part for part in parts if part]
    return "\n\n".join([f"## {title}", *said]) if said else ""


def page(*parts: str) -> str:
    """Parts with an empty line between them, those without a word left out."""
    return "\n\n".join(part for part in parts if part) + "\n"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
