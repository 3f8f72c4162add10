"""What the datasets hold beside the rows, and how they follow the declared tables."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from boxout.errors import DefinitionError, NotReady
from boxout.model import Table
from boxout.warehouse.bigquery import in_place, pointers, quarantine
from boxout.warehouse.bigquery.jobs import Jobs
from boxout.warehouse.bigquery.names import DATE, KINDS, Names, quoted
from boxout.warehouse.bigquery.wire import Given, Wire
from boxout.warehouse.port import Row, Stray

OWN: Final = {
    "pointers": (pointers.COLUMNS, ("tbl", "part")),
    "dropped": (pointers.DROPPED, ()),
    "declared": ({"tbl": "STRING", "partition_column": "STRING", "sql": "STRING"}, ()),
    "followed": (in_place.FOLLOWED, ()),
    "quarantine": (quarantine.COLUMNS, ("tbl", "version")),
}
"""The tables that every warehouse keeps for itself: their columns, and what they are clustered by."""

BESIDE: Final = {DATE: "DATE", "_version": "INT64"}
_DECLARED: Final = "SELECT tbl, partition_column, `sql` FROM {declared}"
_DECLARE: Final = """
MERGE {declared} d USING (
  SELECT tbl, partition_column, `sql` FROM UNNEST(@tbl) AS tbl WITH OFFSET AS a
  JOIN UNNEST(@cut) AS partition_column WITH OFFSET AS b ON a = b
  JOIN UNNEST(@sql) AS `sql` WITH OFFSET AS c ON a = c
) m ON d.tbl = m.tbl
WHEN MATCHED THEN UPDATE SET partition_column = m.partition_column, `sql` = m.`sql`
WHEN NOT MATCHED THEN
  INSERT (tbl, partition_column, `sql`) VALUES (m.tbl, m.partition_column, m.`sql`)
"""
_COLUMNS: Final = """
SELECT table_name, column_name, data_type FROM {dataset}.INFORMATION_SCHEMA.COLUMNS
WHERE table_name IN UNNEST(@tables)
"""
_VIEWS: Final = "SELECT table_name, view_definition FROM {dataset}.INFORMATION_SCHEMA.VIEWS"
_TWICE: Final = """
SELECT tbl, part, COUNT(*) AS times FROM {pointers} WHERE until IS NULL AND tbl <> ''
GROUP BY tbl, part HAVING COUNT(*) > 1 ORDER BY tbl, part
"""
_STANDS: Final = "SELECT COUNT(*) AS stands FROM {pointers} WHERE tbl = ''"


class Schema:
    """The tables and views of one warehouse."""

    def __init__(self, wire: Wire, jobs: Jobs, names: Names) -> None:
        self._wire, self._jobs, self._names = wire, jobs, names
        self._own = {name: names.own(name) for name in OWN}

    def follow(self, tables: Iterable[Table], of: str) -> int:
        """Bring the datasets to the declared tables; when the first of them was made.

        Old rows have null in a new column. What is declared no more is not shown any more; its
        rows stay. DefinitionError, and nothing is changed, when rows that are there would be read
        as something else than what was written.
        """
        address = self._names.address
        created = [
            self._jobs.call(lambda name=name: self._wire.created_ms(name))
            for name in (address.own, address.versions, address.dataset)
        ]
        for name, (columns, clustered) in OWN.items():
            self._make(f"{address.own}.{name}", columns, clustered)
        known = self._known()
        tables = list(tables)
        changed = [
            one for one in tables if known.get(one.name) != (one.scheme.column, self._sql(one))
        ]
        there = self._there([one.name for one in changed]) if changed else {}
        faults = [fault for one in changed for fault in _faults(one, there, known)]
        if faults:
            raise DefinitionError(faults)
        for one in changed:
            self._bring(one, there.get(one.name, {}))
        gone = [name for name in known.keys() - {one.name for one in tables} if known[name][1]]
        for name in gone:
            self._hide(name)
        self._declare(changed, {name: known[name][0] for name in gone}, of)
        return int(created[0])

    def found(self) -> int:
        """When the warehouse was made; NotReady when there is none."""
        address = self._names.address
        created = self._jobs.call(lambda: self._wire.created_ms(address.own, is_made=False))
        if created is None:
            raise NotReady(
                f"{address} is not there: nothing has been landed in this project yet."
                " Next: boxout land FILE"
            )
        return created

    def deployed(self) -> dict[str, Any]:
        """What the shown tables are cut by, and their columns, in the words of declarations."""
        dtypes = {kind: dtype for dtype, kind in KINDS.items()}
        cut_by = {name: column for name, (column, sql) in self._known().items() if sql}
        there = self._there(sorted(cut_by))
        return {
            "tables": {
                name: {
                    "partition": column,
                    "columns": {
                        one: {"type": dtypes.get(kind, kind)}
                        for one, kind in there.get(name, {}).items()
                    },
                }
                for name, column in sorted(cut_by.items())
            }
        }

    def show(self, tables: Iterable[Table]) -> None:
        """Every declared table under its public name."""
        for table in tables:
            name, sql = f"{self._names.address.dataset}.{table.name}", self._names.view(table)
            self._jobs.call(lambda name=name, sql=sql: self._wire.show(name, sql))

    def strays(self, tables: Sequence[Table]) -> list[Stray]:
        """Tables and views that nobody declared, replaced views, and pointers that are there twice."""
        return [*self._stray_tables(tables), *self._stray_views(tables), *self._stray_pointers()]

    def newest_version(self, tables: Iterable[Table]) -> int:
        """The highest version that any row has, in a table or set aside; 0 for none."""
        texts = [f"SELECT MAX(_version) AS newest FROM {self._names.versions(t)}" for t in tables]
        texts.append(f"SELECT MAX(version) AS newest FROM {self._own['quarantine']}")
        found = self._jobs.rows(" UNION ALL ".join(texts), what="rows")
        return max(int(row["newest"] or 0) for row in found)

    def _known(self) -> dict[str, tuple[str, str]]:
        found = self._jobs.rows(_DECLARED.format(**self._own), what="schema")
        return {one["tbl"]: (one["partition_column"], one["sql"]) for one in found}

    def _there(self, names: Sequence[str]) -> dict[str, dict[str, str]]:
        sql = _COLUMNS.format(dataset=self._dataset(self._names.address.versions))
        asked = {"tables": Given("STRING", list(names))}
        there: dict[str, dict[str, str]] = {}
        for one in self._jobs.rows(sql, asked, what="schema"):
            if one["column_name"] not in BESIDE:
                there.setdefault(one["table_name"], {})[one["column_name"]] = one["data_type"]
        return there

    def _bring(self, table: Table, there: dict[str, str]) -> None:
        columns = {column.name: KINDS[column.dtype] for column in table.columns}
        if not there:
            name = f"{self._names.address.versions}.{table.name}"
            clustered = ("_version", table.scheme.column)
            self._make(name, {**columns, **BESIDE}, clustered, cut_by=DATE)
        for name, kind in columns.items():
            if there and name not in there:
                self._ddl(
                    f"ALTER TABLE {self._names.versions(table)}"
                    f" ADD COLUMN IF NOT EXISTS {quoted(name)} {kind}"
                )
        self.show([table])

    def _make(
        self, name: str, columns: dict[str, str], clustered: Sequence[str], *, cut_by: str = ""
    ) -> None:
        self._jobs.call(
            lambda: self._wire.make_table(name, columns, cut_by=cut_by, clustered=clustered)
        )

    def _hide(self, name: str) -> None:
        view = f"{self._names.address.dataset}.{name}"
        self._jobs.call(lambda: self._wire.hide(view))

    def _declare(self, changed: Sequence[Table], gone: dict[str, str], of: str) -> None:
        """What is declared now; what is gone, as declared by no SQL, is brought when it is back."""
        said = [(one.name, one.scheme.column, self._sql(one)) for one in changed]
        said += [(name, column, "") for name, column in gone.items()]
        if said:
            names, cut, sql = (Given("STRING", [one[at] for one in said]) for at in range(3))
            given = {"tbl": names, "cut": cut, "sql": sql}
            self._jobs.write(_DECLARE.format(**self._own), given, what="schema", of=of)

    def _ddl(self, sql: str) -> None:
        """A statement that may be run again."""
        self._jobs.rows(sql, what="schema")

    def _sql(self, table: Table) -> str:
        columns = ", ".join(f"{one.name} {KINDS[one.dtype]}" for one in table.columns)
        return f"{columns}\n{self._names.view(table)}"

    def _stray_tables(self, tables: Sequence[Table]) -> Iterable[Stray]:
        declared, kept = {table.name for table in tables}, set(self._known())
        address = self._names.address
        for name, _ in self._jobs.call(lambda: self._wire.tables(address.versions)):
            if name in kept - declared:
                told = "rows of a table that the pipeline has no more"
                yield Stray(f"versions.{name}", told, "", is_shown=False)
            elif name not in declared:
                told = "a table that nobody declared"
                yield Stray(f"versions.{name}", told, "", is_shown=False)
        for name, _ in self._jobs.call(lambda: self._wire.tables(address.own)):
            if name not in OWN and not name.startswith(quarantine.CAME):
                told = "a table that nobody declared"
                yield Stray(f"boxout.{name}", told, "", is_shown=False)

    def _stray_views(self, tables: Sequence[Table]) -> Iterable[Stray]:
        address = self._names.address
        sql = _VIEWS.format(dataset=self._dataset(address.dataset))
        rows = self._jobs.rows(sql, what="schema")
        there: dict[str, str] = {one["table_name"]: one["view_definition"] for one in rows}
        for table in tables:
            found = there.pop(table.name, None)
            if found != self._names.view(table):
                told = "no such view" if found is None else "another view"
                yield Stray(table.name, told, "the view of what is public", is_shown=True)
        for name in there:
            yield Stray(name, "a view that nobody declared", "", is_shown=False)

    def _stray_pointers(self) -> Iterable[Stray]:
        for one in self._rows(_TWICE):
            told = f"{one['times']} pointers"
            yield Stray(f"{one['tbl']} {one['part']}", told, "1 expected", is_shown=True)
        stands = self._rows(_STANDS)[0]["stands"]
        if stands > 1:
            yield Stray("boxout.pointers", f"{stands} publications", "1 expected", is_shown=True)

    def _dataset(self, name: str) -> str:
        return quoted(f"{self._names.address.project}.{name}")

    def _rows(self, sql: str) -> list[Row]:
        return self._jobs.rows(sql.format(**self._own), what="schema")


def _faults(
    table: Table, there: dict[str, dict[str, str]], known: dict[str, tuple[str, str]]
) -> list[str]:
    kept = "The rows in the warehouse are kept as they are"
    declared = {column.name: KINDS[column.dtype] for column in table.columns}
    faults = [
        f"{table}: column {name} is {kind} in the warehouse and {declared[name]} as declared."
        f" {kept}; give the new column another name."
        if name in declared
        else f"{table}: the warehouse has a column {name} that is not declared. {kept}; declare it."
        for name, kind in there.get(table.name, {}).items()
        if declared.get(name) != kind
    ]
    cut_by = known.get(table.name, ("", ""))[0]
    if cut_by and cut_by != table.scheme.column:
        faults.append(
            f"{table}: is cut by {cut_by} in the warehouse and by {table.scheme.column} as"
            f" declared. {kept}; give the new table another name."
        )
    return faults
