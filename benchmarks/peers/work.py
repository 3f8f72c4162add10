"""The work of one comparison as every tool finds it: a folder with the sources, and what to do."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

TABLE = re.compile(r":table (\w+):")


class Refused(Exception):
    """Games that do not pass a check."""


def in_quotes(name: str) -> str:
    """A table as SQL names it."""
    return f'"{name}"'


@dataclass(frozen=True)
class Work:
    """What is to be done, and where; `path` is the database that holds sources and results."""

    folder: Path

    @property
    def path(self) -> Path:
        """The database of this tool."""
        return self.folder / "games.duckdb"

    @cached_property
    def told(self) -> dict[str, Any]:
        """Nights, tables, checks, and what each of them reads."""
        return json.loads((self.folder / "work.json").read_text())

    def sql(self, name: str, first: str, last: str, table: Callable[[str], str] = in_quotes) -> str:
        """The SQL of a table or check, in a tool's own words for dates and tables."""
        text = {**self.told["tables"], **self.told["checks"]}[name]
        text = TABLE.sub(lambda found: table(found[1]), text)
        return text.replace(":first:", first).replace(":last:", last)

    def checks_of(self, name: str) -> list[str]:
        """The checks that can be asked once this table is there, and not before."""
        order = list(self.told["tables"])
        return [
            check
            for check, read in self.told["checked"].items()
            if max(read, key=order.index) == name
        ]

    def build(self, connection: Any, name: str, first: str, last: str) -> None:
        """Put the rows of these dates in the place of those that the table has."""
        given = {"first": first, "last": last}
        rows = self.sql(name, "$first", "$last")
        there = "SELECT count(*) FROM duckdb_tables() WHERE table_name = $name"
        if connection.execute(there, {"name": name}).fetchone() == (0,):
            connection.execute(f'CREATE TABLE "{name}" AS {rows} LIMIT 0', given)
        connection.execute("BEGIN")
        old = f"""DELETE FROM "{name}" WHERE game_id >= $first AND game_id < $last || '~'"""
        connection.execute(old, given)
        connection.execute(f'INSERT INTO "{name}" {rows}', given)
        connection.execute("COMMIT")

    def check(self, connection: Any, name: str, first: str, last: str) -> None:
        """Refused, with the games, when any of these dates does not pass."""
        asked = self.sql(name, "$first", "$last")
        found = connection.execute(asked, {"first": first, "last": last}).fetchall()
        if found:
            raise Refused(f"{name}: {found[:3]}")

    def load(self) -> None:
        """The sources as tables, in a database of the DuckDB that this tool has."""
        with self.connect() as connection:
            for path in sorted((self.folder / "sources").iterdir()):
                connection.execute(f"CREATE TABLE \"{path.stem}\" AS FROM '{path}'")

    def connect(self) -> Any:
        """The database, for a tool that leaves that to the code it runs."""
        return duckdb.connect(str(self.path))
