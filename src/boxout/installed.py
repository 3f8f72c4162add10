"""What installed packages provide under an entry point: pipelines and importers."""

from importlib.metadata import EntryPoint, entry_points
from typing import TypeVar

from boxout.errors import DefinitionError
from boxout.graph.order import near

T = TypeVar("T")


def provided(word: str, name: str, kind: type[T]) -> T:
    """The one of this name under `boxout.<word>s`; DefinitionError when there is none."""
    found = {one.name: one for one in entry_points(group=f"boxout.{word}s")}
    if name not in found:
        installed = ", ".join(sorted(found)) or "none"
        raise DefinitionError(
            f"{word} {name!r} is not installed; installed: {installed}{near(name, found)}"
        )
    return _loaded(word, found[name], kind)


def _loaded(word: str, one: EntryPoint, kind: type[T]) -> T:
    try:
        loaded = one.load()
    except (ImportError, AttributeError) as error:
        raise DefinitionError(
            f"{word} {one.name!r} cannot be loaded from {one.value}: {error}"
        ) from error
    if not isinstance(loaded, kind):
        raise DefinitionError(
            f"{word} {one.name!r}: {one.value} is of type {type(loaded).__name__},"
            f" {'an' if kind.__name__[0] in 'AEIOU' else 'a'} {kind.__name__} expected"
        )
    return loaded
