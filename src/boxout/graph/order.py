"""Order and cycles of a mapping from each name to the names it reads."""

from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches

from boxout.model import Processor

Reads = Mapping[str, Collection[str]]


def reads_of(one: Processor) -> tuple[str, ...]:
    """The names of the tables a processor reads, fallbacks included, each once."""
    named = (table.name for given in one.inputs.values() for table in given.tables)
    return tuple(dict.fromkeys(named))


def ordered(reads: Reads) -> tuple[str, ...]:
    """Every name after all it reads, otherwise as declared; there must be no cycle."""
    placed: dict[str, None] = {}
    waiting = list(reads)
    while waiting:
        free = next(
            one for one in waiting if all(n in placed or n not in reads for n in reads[one])
        )
        waiting.remove(free)
        placed[free] = None
    return tuple(placed)


def cycles(reads: Reads) -> list[tuple[str, ...]]:
    """Shortest paths along which something reads itself, first name repeated at the end.

    A path runs from what is read to what reads it. Every knot of names that read each other
    gives at least one path, so mending one never uncovers another knot.
    """
    paths: list[tuple[str, ...]] = []
    seen: set[str] = set()
    for name in reads:
        path = () if name in seen else _path_back(reads, name)
        seen.update(path)
        if path:
            paths.append(path)
    return paths


def near(name: str, known: Iterable[str]) -> str:
    """The likely slip, as the end of a sentence; empty when nothing is close."""
    found = get_close_matches(name, sorted(set(known) - {name}), n=1)
    return f". Did you mean {found[0]}?" if found else ""


def _path_back(reads: Reads, name: str) -> tuple[str, ...]:
    paths: list[tuple[str, ...]] = [(name,)]
    reached: set[str] = set()
    for path in paths:
        for read in reads.get(path[0], ()):
            if read == name:
                return (name, *path)
            if read not in reached:
                reached.add(read)
                paths.append((read, *path))
    return ()
