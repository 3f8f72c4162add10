"""The same script, with every statement parsed once and kept."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import cache
from typing import Any

from with_bare import KEEPS, script, set_up
from work import Work

__all__ = ["KEEPS", "opened", "set_up"]


class Parsed:
    """A connection that keeps what it has parsed."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._parsed = cache(lambda text: connection.extract_statements(text)[0])

    def execute(self, text: str, given: dict[str, str] | None = None) -> Any:
        """As the connection's own."""
        return self._connection.execute(self._parsed(text), given)


@contextmanager
def opened(work: Work) -> Generator[Callable[[str, str], None], None, None]:
    """The script, with its connection open."""
    with work.connect() as connection:
        yield script(work, Parsed(connection))
