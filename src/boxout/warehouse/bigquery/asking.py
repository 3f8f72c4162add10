"""What a person asks in BigQuery's SQL: one statement that reads, now or as at a publication."""

from typing import Any, Final

from boxout.deferred import deferred
from boxout.errors import BoxoutError, DefinitionError
from boxout.warehouse.bigquery.warehouse import BigqueryWarehouse

sqlglot = deferred("sqlglot")

DIALECT: Final = "bigquery"
NOBODYS: Final = -1
"""The version under which a question can be stopped."""


class BigqueryReading:
    """A connection as a person's command needs it: it can read, and nothing else."""

    def __init__(self, warehouse: BigqueryWarehouse, at: int | None) -> None:
        self.warehouse, self._at = warehouse, at
        self.description: list[tuple[str, ...]] | None = None
        self._rows: list[tuple[Any, ...]] = []

    def execute(self, sql: str) -> "BigqueryReading":
        """Run one statement that reads."""
        asked = self._as_of(sql)
        try:
            kind, _ = self.warehouse.jobs.described(asked, {})
            if kind != "SELECT":
                raise DefinitionError(
                    f"{kind or 'nothing'} found, one statement that reads expected."
                    " Nothing was changed."
                )
            names, self._rows = self.warehouse.jobs.answer(asked, versions=[NOBODYS])
        except (BoxoutError, TypeError):
            raise
        except Exception as error:
            raise DefinitionError(f"The query was refused, nothing was changed. {error}") from error
        self.description = [(name,) for name in names]
        return self

    def fetchall(self) -> list[tuple[Any, ...]]:
        """The rows of the answer."""
        return self._rows

    def interrupt(self) -> None:
        """Have the statement that runs cancelled."""
        self.warehouse.stop(NOBODYS)

    def close(self) -> None:
        """Let go of the warehouse."""
        self.warehouse.close()

    def _as_of(self, sql: str) -> str:
        """The statement, with every public name meaning what it did at the publication."""
        if self._at is None:
            return sql
        try:
            tree = sqlglot.parse_one(sql, read=DIALECT)
        except sqlglot.errors.ParseError as error:
            told = "The query was refused, nothing was changed."
            raise DefinitionError(f"{told} {error}") from error
        named = {one.name for one in tree.find_all(sqlglot.exp.Table)}
        meant = self.warehouse.as_of(named, self._at)
        written = ", ".join(f"`{name}` AS ({text})" for name, text in meant.items())
        return f"WITH {written} SELECT * FROM ({sql})" if meant else sql
