"""The rows, in BigQuery: versions appended by jobs that are done once, views over a pointer table."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from threading import local
from typing import Any, Final

from boxout.errors import StoreUnavailable
from boxout.model import Table
from boxout.warehouse.bigquery.address import Address
from boxout.warehouse.bigquery.binding import bind, dates_of
from boxout.warehouse.bigquery.in_place import InPlace, Source
from boxout.warehouse.bigquery.jobs import Jobs
from boxout.warehouse.bigquery.names import DATE, KINDS, Names, columns_sql, date_sql, quoted
from boxout.warehouse.bigquery.pointers import Pointers
from boxout.warehouse.bigquery.quarantine import CAME, COLUMNS, REJECTED, Quarantine, as_arrow
from boxout.warehouse.bigquery.schema import Schema
from boxout.warehouse.bigquery.staging import DIALECT, Staging
from boxout.warehouse.bigquery.tries import Tries
from boxout.warehouse.bigquery.wire import Given, Wire
from boxout.warehouse.billing import Spent
from boxout.warehouse.port import Move, Pinned, Pins, Row, Standing, Stray
from boxout.warehouse.work import Work

KEPT_FOR: Final = timedelta(days=1)
"""How long rows on their way are kept, should nobody remove them."""

HAS_ROWS: Final = "has rows already; a version never changes"
_IS_NEW: Final = (
    "IF(EXISTS(SELECT 1 FROM {versions} WHERE _version = @version), ERROR(@there), TRUE)"
)


class BigqueryWarehouse:
    """A warehouse in three datasets, which any number of processes may use."""

    dialect = "bigquery"
    staging_dialect = DIALECT

    def __init__(
        self,
        address: Address,
        tables: Iterable[Table],
        tries: Tries,
        new_id: Callable[[], str],
        now: Callable[[], datetime],
        *,
        is_reading: bool = False,
    ) -> None:
        self.address, self.names = address, Names(address)
        self._new_id, self._now = new_id, now
        self.wire = Wire(address)
        self.jobs = Jobs(self.wire, tries, new_id, work := Work())
        self._work = work
        self._tables = {table.name: table for table in tables}
        self._schema = Schema(self.wire, self.jobs, self.names)
        self._pointers = Pointers(self.jobs, self.names)
        self.in_place = InPlace(self.wire, self.jobs, self.names)
        self._quarantine = Quarantine(self.jobs, self.names)
        self._mine = local()
        # A dataset that was made anew has none of the rows of the jobs before it.
        made = (
            self._schema.found()
            if is_reading
            else self._schema.follow(self._tables.values(), new_id())
        )
        self._store = f"{address} {made}"

    def close(self) -> None:
        """Let go of the connections."""
        self.wire.close()

    @property
    def spent(self) -> Spent:
        """What this process has asked of BigQuery, and what it bills for that."""
        return self.jobs.spent

    @property
    def bytes_billed_max(self) -> int:
        """What BigQuery refuses to go beyond in one statement."""
        return self.address.bytes_billed_max

    def append(
        self, table: Table, version: int, sql: str, shaped: Mapping[str, str], pins: Pins
    ) -> None:
        statement, given = self._appending(table, version, sql, shaped, pins)
        self._insert(table, version, statement, given)

    def estimate(self, table: Table, sql: str, shaped: Mapping[str, str], pins: Pins) -> int:
        """The bytes that an append of this would process; nothing is written."""
        return self.jobs.described(*self._appending(table, 0, sql, shaped, pins))[1]

    def _appending(
        self, table: Table, version: int, sql: str, shaped: Mapping[str, str], pins: Pins
    ) -> tuple[str, dict[str, Any]]:
        bound, given = bind(self.names, pins)
        named = [*bound, *(f"{quoted(name)} AS ({text})" for name, text in shaped.items())]
        computed = ", ".join([*named, f"_computed AS ({sql})"])
        return self._inserting(table, f"WITH {computed}", "_computed"), {
            **given,
            **_said(table, version),
        }

    def _inserting(self, table: Table, before: str, source: str) -> str:
        columns, versions = columns_sql(table), self.names.versions(table)
        return (
            f"INSERT INTO {versions} ({columns}, {DATE}, _version) {before} SELECT {columns},"
            f" {date_sql(quoted(table.scheme.column))}, @version FROM {source}"
            f" WHERE {_IS_NEW.format(versions=versions)}"
        )

    def _insert(
        self, table: Table, version: int, sql: str, given: Mapping[str, Any], of: str = ""
    ) -> None:
        try:
            key = f"{self._store} {of}"
            said = {"what": "append", "of": key, "table": table.name}
            self.jobs.write(sql, given, **said, versions=[version])
        except Exception as error:
            if HAS_ROWS in str(error):
                raise ValueError(f"{table}: version {version} {HAS_ROWS}") from error
            raise

    def audit(self, sql: str, bound: Mapping[str, tuple[Table, int]]) -> list[Row]:
        parts: list[str] = []
        numbers: dict[str, int] = {}
        for at, (name, (table, version)) in enumerate(bound.items()):
            hashed = self.names.hashed(table, f"_version = @v{at}")
            parts.append(f"{quoted(name)} AS ({hashed})")
            numbers[f"v{at}"] = version
        text = f"WITH {', '.join(parts)}, _asked AS ({sql}) SELECT * FROM _asked"
        return self.jobs.rows(text, numbers, what="audit", versions=list(numbers.values()))

    def contents(
        self, sql: str, table: Table, versions: Sequence[int] | None, first: str, last: str
    ) -> list[Row]:
        part = quoted(table.scheme.column)
        where = f"({part} BETWEEN @first AND @last OR {part} IS NULL)"
        given: dict[str, Any] = {"first": first, "last": last}
        dates = dates_of([first, last])
        if dates is not None:
            where += f" AND ({DATE} BETWEEN @since AND @until OR {DATE} IS NULL)"
            given |= {"since": Given("DATE", dates[0]), "until": Given("DATE", dates[1])}
        if versions is not None:
            where += " AND _version BETWEEN @low AND @high AND _version IN UNNEST(@versions)"
            given |= {"low": min(versions, default=0), "high": max(versions, default=0)}
            given |= {"versions": Given("INT64", list(versions))}
        held = self.names.hashed(table, where, beside=("_version",))
        text = f"WITH held AS ({held}), _asked AS ({sql}) SELECT * FROM _asked"
        return self.jobs.rows(text, given, what="contents")

    def stop(self, version: int) -> bool:
        return self._work.stop(version)

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
        return self.jobs.rows(sql, parameters, what="query")

    def cut(self) -> tuple[int, dict[tuple[str, str], int | None]]:
        return self._pointers.cut()

    def rows(self, table: Table, at: int | None = None) -> list[Row]:
        if at is None:
            return self.jobs.rows(self.names.view(table), what="rows")
        return self.jobs.rows(self._pointers.text_at(table, at), what="rows")

    def as_of(self, names: Collection[str], at: int) -> dict[str, str]:
        """Of the declared tables among these names, the text that selects what was public then."""
        tables = [table for name, table in self._tables.items() if name in names]
        return {table.name: self._pointers.text_at(table, at) for table in tables}

    def arrow(self, table: Table, at: int | None) -> Any:
        """The public rows of a table as an Arrow table, now or at a publication."""
        text = self.names.view(table) if at is None else self._pointers.text_at(table, at)
        return self.jobs.arrow(text, {}, what="rows")

    def deployed(self) -> dict[str, Any]:
        """The tables that are there: what they are cut by, and their columns with their types."""
        return self._schema.deployed()

    def followed(self, source: Source, marks: Mapping[str, str]) -> None:
        """Say of partitions of a source that they were landed as they were with these marks."""
        self.in_place.keep(source, marks, self._new_id())

    def version_rows(self, table: Table, version: int) -> list[Row]:
        text = (
            f"SELECT {columns_sql(table)} FROM {self.names.versions(table)}"
            " WHERE _version = @version"
        )
        return self.jobs.rows(text, {"version": version}, what="rows")

    def version_columns(self, table: Table, version: int, columns: Sequence[str]) -> Any:
        named = ", ".join(quoted(name) for name in columns)
        text = f"SELECT {named} FROM {self.names.versions(table)} WHERE _version = @version"
        return self.jobs.arrow(text, {"version": version}, what="rows", versions=[version])

    def projected(self) -> int:
        return self._pointers.projected()

    def standing(self) -> Standing:
        return self._pointers.standing()

    def project(
        self, moves: Sequence[Move], upto: int, mark: int = 0, *, after: Standing | None = None
    ) -> bool:
        return self._pointers.move(moves, Standing(upto, mark), self._new_id(), after)

    def newest_version(self) -> int:
        return self._schema.newest_version(self._tables.values())

    def strays(self, tables: Sequence[Table]) -> list[Stray]:
        return self._schema.strays(tables)

    def mend(
        self, tables: Sequence[Table], moves: Sequence[Move], upto: int, mark: int = 0
    ) -> None:
        self._pointers.anew(moves, Standing(upto, mark), self._new_id())
        self._schema.show(tables)

    def drop(self, table: Table, versions: Sequence[int], before: int) -> None:
        self._pointers.forget(table, versions, before, self._new_id())
        text = f"DELETE FROM {self.names.versions(table)} WHERE _version IN UNNEST(@versions)"
        given = {"versions": Given("INT64", list(versions))}
        self.jobs.write(text, given, what="drop", of=self._new_id())

    def file_columns(self, path: Path) -> list[str]:
        return self._staging().file_columns(path)

    def stage(self, columns: str, path: Path, typed: str) -> None:
        self._staging().came = None
        self._staging().stage(columns, path, typed)

    def came(self, rows_max: int) -> dict[str, list[str | None]]:
        return self._staging().texts(rows_max)

    def set_aside(
        self,
        table: Table,
        file: str,
        judged: str,
        *,
        reader: str = "",
        at: str = "",
        version: int | None = None,
    ) -> dict[str, int]:
        staging = self._staging()
        counted = staging.set_aside(file, judged)
        if counted:
            came = self._brought(self._new_id(), REJECTED, staging.aside())
            said = {"tbl": table.name, "reader": reader, "at": at, "version": version}
            self._quarantine.set_aside(came, said, self._new_id())
            staging.came = came
        return counted

    def latest_set_aside(self, lines_max: int) -> list[Row]:
        return self._staging().latest(lines_max)

    def quarantine(self) -> list[Row]:
        return self._quarantine.everything()

    def columns_set_aside(self, table: Table, version: int) -> list[str]:
        return self._quarantine.columns(table, version)

    def stage_again(self, table: Table, version: int, columns: Sequence[str], typed: str) -> None:
        kept = self._quarantine.of_landing(table, version)
        self._staging().came = None
        self._staging().stage_again(kept, columns, typed)

    def stage_kept(self, table: Table, pairs: Sequence[tuple[str, int]]) -> None:
        bound, given = bind(self.names, {"kept": Pinned(table, pairs)})
        self._staging().add(self.jobs.arrow(f"WITH {bound[0]} SELECT * FROM kept", given))

    def unstage(self, column: str, partitions: Sequence[str]) -> None:
        self._staging().unstage(column, partitions)

    def staged_lines(self, column: str) -> dict[str | None, list[int]]:
        return self._staging().lines(column)

    def take_in(self, table: Table, version: int, lines: Sequence[int], publication: int) -> None:
        self._quarantine.take_in((table, version), lines, publication, self._new_id())

    def leave(self, table: Table, version: int, lines: Sequence[int], by: int) -> None:
        self._quarantine.leave((table, version), lines, by, self._new_id())

    def supersede(self, table: Table, partitions: Sequence[str], by: int) -> None:
        self._quarantine.supersede(table, partitions, by, self._new_id())

    def staged_partitions(self, column: str) -> list[str]:
        return self._staging().partitions(column)

    def keep_staged(self, table: Table, version: int) -> None:
        """Sent as a table first, which costs nothing; appended by a job like any other version."""
        staging = self._staging()
        del self._mine.staging
        self._work.refuse_stopped([version])
        rows = staging.rows(table)
        staging.close()
        columns = {column.name: KINDS[column.dtype] for column in table.columns}
        digest = _digest(rows)
        came = self._brought(f"{table.name}_v{version}_{digest[:16]}", columns, rows)
        sql = self._inserting(table, "", came)
        self._insert(table, version, sql, _said(table, version), digest)
        self._forget(came)
        if staging.came is not None:
            self._quarantine.name_version(staging.came, table, version, self._new_id())
            self._forget(staging.came)

    def taken_out(self, table: Table, versions: Sequence[int]) -> Any:
        text = (
            f"SELECT {columns_sql(table)}, _version FROM {self.names.versions(table)}"
            " WHERE _version IN UNNEST(@versions)"
        )
        return self.jobs.arrow(text, {"versions": Given("INT64", list(versions))}, what="copy")

    def keep_copied(self, table: Table, versions: Sequence[int], rows: Any) -> None:
        """In two steps: what is brought by half is brought again, and nothing of it is public."""
        self._refuse_used()
        kept = self.names.versions(table)
        given = {"versions": Given("INT64", list(versions))}
        gone = f"DELETE FROM {kept} WHERE _version IN UNNEST(@versions)"
        self.jobs.write(gone, given, what="copy", of=self._new_id())
        columns = {column.name: KINDS[column.dtype] for column in table.columns}
        came = self._brought(self._new_id(), {**columns, "_version": "INT64"}, rows)
        names, date = columns_sql(table), date_sql(quoted(table.scheme.column))
        text = (
            f"INSERT INTO {kept} ({names}, {DATE}, _version)"
            f" SELECT {names}, {date}, _version FROM {came}"
        )
        self.jobs.write(text, {}, what="copy", of=self._new_id())
        self._forget(came)

    def bring_in_quarantine(self, rows: Sequence[Row]) -> None:
        self._refuse_used()
        came = self._brought(self._new_id(), COLUMNS, as_arrow(rows))
        self._quarantine.bring_in(came, self._new_id())
        self._forget(came)

    def begin_history(self, table: Table, publication: int) -> None:
        if publication:
            self._pointers.begin_history(table, publication, self._new_id())

    def _refuse_used(self) -> None:
        if publication := self.projected():
            raise ValueError(f"the warehouse shows publication {publication}; it is in use")

    def _staging(self) -> Staging:
        """What this thread lands."""
        if not hasattr(self._mine, "staging"):
            self._mine.staging = Staging(self._public, self._tables)
        return self._mine.staging

    def _public(self, name: str, columns: Sequence[str]) -> Any:
        named = ", ".join(map(quoted, columns)) or "1 AS nothing"
        return self.jobs.arrow(f"SELECT {named} FROM {self.names.public(name)}", {})

    def _brought(self, name: str, columns: Mapping[str, str], rows: Any) -> str:
        """Rows in a table of their own, which goes away by itself."""
        until = self._now() + KEPT_FOR
        where = f"{self.address.own}.{CAME}{name}"
        self.jobs.call(lambda: self.wire.bring(where, columns, rows, until))
        return self.names.own(f"{CAME}{name}")

    def _forget(self, came: str) -> None:
        name = came.strip("`").removeprefix(f"{self.address.project}.")
        try:
            self.jobs.call(lambda: self.wire.forget(name))
        except StoreUnavailable:
            return  # it goes away by itself


def open_bigquery(
    address: Address,
    tables: Iterable[Table],
    *,
    tries: Tries,
    new_id: Callable[[], str],
    now: Callable[[], datetime],
    is_reading: bool = False,
) -> BigqueryWarehouse:
    """Open the warehouse at this address, and bring it to the declared tables.

    When it is only read it stays as it is; NotReady when there is none.
    """
    return BigqueryWarehouse(address, tables, tries, new_id, now, is_reading=is_reading)


def _said(table: Table, version: int) -> dict[str, Any]:
    return {"version": version, "there": f"{table}: version {version} {HAS_ROWS}"}


def _digest(rows: Any) -> str:
    found = hashlib.sha256(str(rows.schema).encode())
    for batch in rows.to_batches():
        found.update(repr(batch.to_pydict()).encode())
    return found.hexdigest()
