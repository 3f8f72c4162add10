"""The columns of a file: which of them a reader takes, and what is said when one is missing."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from boxout.graph.order import near
from boxout.model import Reader


class Header(NamedTuple):
    """What is taken of a file, by the reader's names: each with its name in the file.

    `lacking` are the needed columns that the file does not have, with the names looked for.
    """

    found: tuple[str, ...]
    named: Mapping[str, str]
    lacking: Mapping[str, str]

    @property
    def names(self) -> tuple[str, ...]:
        """The columns, as the reader calls them."""
        return tuple(self.named)

    @property
    def sql(self) -> str:
        """Every column as text under the reader's name."""
        return _as_texts(self.named)

    @property
    def as_it_is(self) -> str:
        """Every column as text under its own name."""
        return _as_texts({name: name for name in self.found if name.lower() != "_line"})


def header_of(reader: Reader, columns: Mapping[str, str], found: Sequence[str]) -> Header:
    """Every needed column under its own name, and the others of the file beside them."""
    needed = {name: columns.get(name, name) for name in reader.needs}
    lacking = {need: name for need, name in needed.items() if name not in found}
    there = {need: name for need, name in needed.items() if need not in lacking}
    taken = {name.lower() for name in (*needed, *needed.values(), "_line")}
    others = {name: name for name in found if name.lower() not in taken}
    return Header(tuple(found), there | others, lacking)


def lacking_text(path: Path, reader: Reader, header: Header, more: Sequence[str]) -> str:
    """The refusal of a file without needed columns; `more` is what is known from earlier files."""
    names, lacking = header.found, header.lacking
    slips = {need: near(found.lower(), names) for need, found in lacking.items()}
    told = [
        (f"{found} (for {need})" if need != found else need) + slips[need].replace(". D", ", d")
        for need, found in lacking.items()
    ]
    return (
        f"{path}: refused whole by reader {reader.name}, columns are missing:\n"
        + "".join(f"  {one}\n" for one in told)
        + f"\n  found   {_shortened(names)}\n  needed  {_shortened(reader.needs)}\n\n"
        + "".join(f"  {line}\n" for line in more)
        + ("\n" if more else "")
        + "Nothing was landed; readers still see what they saw.\n"
        f"Next: name a column with --map {next(iter(lacking))}=FOUND, choose another --reader, or"
        " mend the file."
    )


def _as_texts(named: Mapping[str, str]) -> str:
    return ", ".join(f"{quoted(old)}::VARCHAR AS {quoted(new)}" for new, old in named.items())


def _shortened(names: Sequence[str]) -> str:
    """The names on one line, of which nobody wants a thousand."""
    text = ", ".join(name if name.isprintable() else repr(name) for name in names)
    return text if len(text) <= 600 else f"{text[:600]} ... ({len(names)} columns)"


def quoted(name: str) -> str:
    """A name from a file's header as an SQL identifier, whatever it holds."""
    return '"' + name.replace('"', '""') + '"'
