"""What the datasets of a warehouse hold, as names in SQL."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from boxout.model import Table
from boxout.warehouse.bigquery.address import Address

KINDS: Final = {
    "string": "STRING",
    "int64": "INT64",
    "float64": "FLOAT64",
    "boolean": "BOOL",
    "date": "DATE",
    "timestamp": "DATETIME",
}
DATE: Final = "_date"
"""The date that a partition's key begins with, by whose month the rows are kept; null without one."""

OFFSET: Final = "9223372036854775808"
"""Fingerprints of BigQuery begin at minus this."""


def quoted(name: str) -> str:
    """A declared name as an SQL identifier."""
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"


def text(value: str) -> str:
    """A declared name as a value in the text of a view, where no parameter can be."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def columns_sql(table: Table, of: str = "") -> str:
    """The declared columns, in order."""
    return ", ".join(of + quoted(name) for name in table.column_names)


def date_sql(part: str) -> str:
    """The date that a partition's key begins with."""
    return f"SAFE_CAST(SUBSTR({part}, 1, 10) AS DATE)"


class Names(NamedTuple):
    """The tables of one warehouse."""

    address: Address

    def public(self, name: str) -> str:
        """A view that people read."""
        return self._of(self.address.dataset, name)

    def versions(self, table: Table) -> str:
        """The table that holds every version."""
        return self._of(self.address.versions, table.name)

    def own(self, name: str) -> str:
        """A table that the warehouse keeps for itself."""
        return self._of(self.address.own, name)

    def _of(self, dataset: str, name: str) -> str:
        return quoted(f"{self.address.project}.{dataset}.{name}")

    def hashed(self, table: Table, where: str, beside: Sequence[str] = ()) -> str:
        """The rows of versions, each with the fingerprint of its declared columns.

        The sum of many does not fit into a whole number of BigQuery; that of decimals does.
        """
        columns = columns_sql(table)
        kept = "".join(f", {quoted(name)}" for name in beside)
        declared = f"(SELECT AS STRUCT {columns_sql(table, 'h.')})"
        content = f"FARM_FINGERPRINT(TO_JSON_STRING({declared}))"
        return (
            f"SELECT {columns}{kept}, BIGNUMERIC '{OFFSET}' + {content} AS `_content`"
            f" FROM {self.versions(table)} h WHERE {where}"
        )

    def view(self, table: Table) -> str:
        """What the public view of a table selects."""
        return self.shown(table, "p.until IS NULL")

    def shown(self, table: Table, where: str) -> str:
        """The rows that pointers name, of the pointers for which this holds."""
        return (
            f"SELECT {columns_sql(table, 'r.')} FROM {self.versions(table)} r"
            f" JOIN {self.own('pointers')} p ON p.version = r._version"
            f" AND p.part = r.{quoted(table.scheme.column)} AND p.tbl = {text(table.name)}"
            f" AND {where}"
        )
