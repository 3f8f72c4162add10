"""The rows, in a DuckDB file: versions that are only appended, and views over a pointer table."""

import re
from collections import OrderedDict
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock, local
from typing import TYPE_CHECKING, Any
from weakref import finalize

from boxout.deferred import deferred
from boxout.errors import DefinitionError, StoreUnavailable
from boxout.model import Table
from boxout.warehouse import copies, fetch, landing, pointers, quarantine
from boxout.warehouse.asking import ask
from boxout.warehouse.binding import bind
from boxout.warehouse.port import Interrupted, Move, Pinned, Pins, Row, Standing, Stray
from boxout.warehouse.schema import columns_sql, follow, hashed_sql, quoted, show, versions_sql
from boxout.warehouse.strays import strays
from boxout.warehouse.work import Work

if TYPE_CHECKING:
    import duckdb
else:
    duckdb = deferred("duckdb")

# A checkpoint merges row groups, which rewrites them. In the middle of a backfill that is a third
# of the work; left out for ever, a file of small nights grows tenfold. So it is done at the end.
_WORKING = "SET max_vacuum_tasks = 0"
_CLOSING = "SET max_vacuum_tasks = 1"

STATEMENTS_MAX = 200
"""How many parsed statements are kept; a pipeline has a few for each table."""


class DuckdbWarehouse:
    """A warehouse in one DuckDB file, which one process holds; its threads share it."""

    dialect = "duckdb"
    staging_dialect = "duckdb"

    def __init__(self, connection: Any, *, is_closed: bool = False) -> None:
        self._connection = connection
        self._is_closed = is_closed
        self._moving = Lock()
        self._landing = local()
        self._work = Work()
        self._statements: OrderedDict[str, Any] = OrderedDict()
        self._parsing = Lock()
        self._reading: Any = None
        # Also when nobody closes it: at the end of the process, or when it is forgotten.
        self._close = finalize(self, _closed, connection)

    @classmethod
    def open(
        cls, path: Path | str, tables: Iterable[Table], *, is_closed: bool = False
    ) -> "DuckdbWarehouse":
        """Open or create the file, and bring it to the declared tables.

        With `is_closed` no statement reaches a file of this machine but through `stage`, so that
        others may be let in to ask. StoreUnavailable when another process holds it, DefinitionError when the rows it has do
        not fit what is declared now.
        """
        try:
            access = "false" if is_closed else "true"
            connection = duckdb.connect(str(path), config={"enable_external_access": access})
        except duckdb.Error as error:
            raise StoreUnavailable(_unavailable(path, str(error))) from error
        opened = cls(connection, is_closed=is_closed)
        try:
            with _told():
                connection.execute(_WORKING)
                with _transaction(connection) as cursor:
                    follow(cursor, tables)
        except BaseException:
            opened.close()
            raise
        return opened

    def close(self) -> None:
        """Let go of the file."""
        if self._reading is not None:
            self._reading.close()
        self._statements.clear()
        self._close()

    def append(
        self, table: Table, version: int, sql: str, shaped: Mapping[str, str], pins: Pins
    ) -> None:
        bound, parameters = bind(pins)
        named = [*bound, *(f"{quoted(name)} AS ({text})" for name, text in shaped.items())]
        computed = ", ".join([*named, f"_computed AS ({sql})"])
        columns = columns_sql(table)
        with self._at_work([version]) as cursor:
            _refuse_second(cursor, table, version)
            text = (
                f"INSERT INTO {versions_sql(table)} ({columns}, _version) WITH {computed} "
                f"SELECT {columns}, $version FROM _computed"
            )
            cursor.execute(self._parsed(cursor, text), {**parameters, "version": version})

    def audit(self, sql: str, bound: Mapping[str, tuple[Table, int]]) -> list[Row]:
        parts: list[str] = []
        numbers: dict[str, int] = {}
        for at, (name, (table, version)) in enumerate(bound.items()):
            parts.append(f"{quoted(name)} AS ({hashed_sql(table)} WHERE _version = $v{at})")
            numbers[f"v{at}"] = version
        text = f"WITH {', '.join(parts)}, _asked AS ({sql}) FROM _asked"
        with self._at_work(numbers.values()) as cursor:
            asked = self._parsed(cursor, text)
            found = fetch.rows(cursor.execute(asked, numbers))
            return fetch.exact_rows(cursor.execute(asked, numbers)) if found is None else found

    def contents(
        self, sql: str, table: Table, versions: Sequence[int] | None, first: str, last: str
    ) -> list[Row]:
        part = quoted(table.scheme.column)
        where = f"({part} BETWEEN $first AND $last OR {part} IS NULL)"
        given: dict[str, Any] = {"first": first, "last": last}
        if versions is not None:
            where += " AND _version BETWEEN $low AND $high"
            where += " AND _version IN (SELECT unnest($versions::BIGINT[]))"
            given |= {"versions": list(versions)}
            given |= {"low": min(versions, default=0), "high": max(versions, default=0)}
        text = f"WITH held AS ({hashed_sql(table)} WHERE {where}), _asked AS ({sql}) FROM _asked"
        return self.query(text, given)

    def stop(self, version: int) -> bool:
        return self._work.stop(version)

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
        with _told(), self._connection.cursor() as cursor:
            return fetch.exact_rows(cursor.execute(sql, dict(parameters or {})))

    def cut(self) -> tuple[int, dict[tuple[str, str], int | None]]:
        with _told(), _transaction(self._connection) as cursor:
            return pointers.projected(cursor), pointers.now(cursor)

    def rows(self, table: Table, at: int | None = None) -> list[Row]:
        with _told(), _transaction(self._connection) as cursor:
            given = {"tbl": table.name, "at": pointers.readable(cursor, table, at)}
            return fetch.exact_rows(cursor.execute(pointers.rows_at(table), given))

    def version_rows(self, table: Table, version: int) -> list[Row]:
        text = f"SELECT {columns_sql(table)} FROM {versions_sql(table)} WHERE _version = $version"
        return self.query(text, {"version": version})

    def version_columns(self, table: Table, version: int, columns: Sequence[str]) -> Any:
        named = ", ".join(quoted(name) for name in columns)
        text = f"SELECT {named} FROM {versions_sql(table)} WHERE _version = $version"
        with self._at_work([version]) as cursor:
            return cursor.sql(text, params={"version": version}).to_arrow_table()

    def projected(self) -> int:
        with _told(), self._connection.cursor() as cursor:
            return pointers.projected(cursor)

    def standing(self) -> Standing:
        with _told(), self._connection.cursor() as cursor:
            return pointers.standing(cursor)

    def project(
        self, moves: Sequence[Move], upto: int, mark: int = 0, *, after: Standing | None = None
    ) -> bool:
        with _told(), self._moving, _transaction(self._connection) as cursor:
            is_there = after is None or pointers.standing(cursor) == after
            if is_there:
                pointers.move(cursor, moves, upto, mark)
        return is_there

    def newest_version(self) -> int:
        with _told(), self._connection.cursor() as cursor:
            return pointers.newest_version(cursor)

    def strays(self, tables: Sequence[Table]) -> list[Stray]:
        with _told(), self._connection.cursor() as cursor:
            return strays(cursor, tables)

    def mend(
        self, tables: Sequence[Table], moves: Sequence[Move], upto: int, mark: int = 0
    ) -> None:
        with _told(), self._moving, _transaction(self._connection) as cursor:
            pointers.forget_all(cursor)
            pointers.move(cursor, moves, upto, mark)
            show(cursor, tables)

    def drop(self, table: Table, versions: Sequence[int], before: int) -> None:
        text = f"DELETE FROM {versions_sql(table)} WHERE _version IN (SELECT unnest($v::BIGINT[]))"
        with _told(), self._moving, _transaction(self._connection) as cursor:
            pointers.forget(cursor, table, versions, before)
            cursor.execute(text, {"v": list(versions)})

    def file_columns(self, path: Path) -> list[str]:
        with self._files() as files:
            return landing.file_columns(files, path)

    def stage(self, columns: str, path: Path, typed: str) -> None:
        with _told(), self._files() as files:
            quarantine.forget_latest(self._staging())
            landing.stage(self._staging(), columns, path, typed, files=files)

    @contextmanager
    def _files(self) -> Generator[Any, None, None]:
        """What can read files: this thread's cursor, or a database of its own beside a closed one."""
        if not self._is_closed:
            yield self._staging()
            return
        with self._parsing:
            if self._reading is None:
                self._reading = duckdb.connect(":memory:")
        with self._reading.cursor() as files:
            yield files

    @contextmanager
    def asking(
        self, tables: Iterable[Table], at: int | None
    ) -> Generator[
        tuple[Any, Callable[[str], tuple[list[str], list[tuple[Any, ...]]]]], None, None
    ]:
        """A cursor, and a function that answers what a person asks on it; it can only read.

        DefinitionError when the warehouse is not closed: files would be in reach.
        """
        if not self._is_closed:
            raise DefinitionError("This warehouse can reach files: nobody may ask it from outside.")
        with self._connection.cursor() as cursor:
            yield cursor, lambda sql: ask(cursor, sql, tables, at)

    def came(self, rows_max: int) -> dict[str, list[str | None]]:
        with _told():
            return landing.came(self._staging(), rows_max)

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
        with _told():
            said = {"reader": reader, "at": at, "version": version}
            return quarantine.set_aside(self._staging(), table, file, judged, said)

    def latest_set_aside(self, lines_max: int) -> list[Row]:
        with _told():
            return fetch.exact_rows(quarantine.latest(self._staging(), lines_max))

    def quarantine(self) -> list[Row]:
        with _told(), self._connection.cursor() as cursor:
            return fetch.exact_rows(quarantine.everything(cursor))

    def columns_set_aside(self, table: Table, version: int) -> list[str]:
        with _told(), self._connection.cursor() as cursor:
            return quarantine.columns(cursor, table, version)

    def stage_again(self, table: Table, version: int, columns: Sequence[str], typed: str) -> None:
        with _told():
            quarantine.forget_latest(self._staging())
            quarantine.stage_again(self._staging(), table, version, columns, typed)

    def stage_kept(self, table: Table, pairs: Sequence[tuple[str, int]]) -> None:
        bound, parameters = bind({"kept": Pinned(table, pairs)})
        text = f"INSERT INTO staged BY NAME WITH {bound[0]} FROM kept"
        with _told():
            self._staging().execute(text, parameters)

    def unstage(self, column: str, partitions: Sequence[str]) -> None:
        text = f"DELETE FROM staged WHERE list_contains($parts::VARCHAR[], {quoted(column)})"
        with _told():
            self._staging().execute(text, {"parts": list(partitions)})

    def staged_lines(self, column: str) -> dict[str | None, list[int]]:
        text = f"SELECT {quoted(column)}, list(_line ORDER BY _line) FROM staged"
        with _told():
            rows = self._staging().execute(f"{text} WHERE _line IS NOT NULL GROUP BY 1 ORDER BY 1")
            return dict(rows.fetchall())

    def take_in(self, table: Table, version: int, lines: Sequence[int], publication: int) -> None:
        with _told(), self._connection.cursor() as cursor:
            quarantine.take_in(cursor, table, version, lines, publication)

    def leave(self, table: Table, version: int, lines: Sequence[int], by: int) -> None:
        with _told(), self._connection.cursor() as cursor:
            quarantine.leave(cursor, table, version, lines, by)

    def supersede(self, table: Table, partitions: Sequence[str], by: int) -> None:
        with _told(), self._connection.cursor() as cursor:
            quarantine.supersede(cursor, table, partitions, by)

    def staged_partitions(self, column: str) -> list[str]:
        with _told():
            rows = self._staging().execute(
                f"SELECT DISTINCT {quoted(column)} FROM staged ORDER BY 1"
            )
            return [row[0] for row in rows.fetchall()]

    def keep_staged(self, table: Table, version: int) -> None:
        columns = columns_sql(table)
        with _told(), self._staging() as cursor, self._work.on([version], cursor.interrupt):
            # What was staged goes with its cursor: a large file would stay in memory.
            del self._landing.cursor
            _refuse_second(cursor, table, version)
            cursor.execute(
                f"INSERT INTO {versions_sql(table)} ({columns}, _version) "
                f"SELECT {columns}, $version FROM staged",
                {"version": version},
            )
            quarantine.name_version(cursor, version)

    def taken_out(self, table: Table, versions: Sequence[int]) -> Any:
        with self._at_work(versions) as cursor:
            return copies.taken_out(cursor, table, versions)

    def keep_copied(self, table: Table, versions: Sequence[int], rows: Any) -> None:
        with _told(), _transaction(self._connection) as cursor:
            copies.bring_in(cursor, table, versions, rows)

    def bring_in_quarantine(self, rows: Sequence[Row]) -> None:
        with _told(), _transaction(self._connection) as cursor:
            copies.bring_in_quarantine(cursor, rows)

    def begin_history(self, table: Table, publication: int) -> None:
        with _told(), _transaction(self._connection) as cursor:
            pointers.begin_history(cursor, table, publication)

    def _parsed(self, cursor: Any, text: str) -> Any:
        """A statement that is asked of every version: to parse it takes a third of asking it."""
        with self._parsing:
            if text not in self._statements:
                (self._statements[text],) = cursor.extract_statements(text)
            self._statements.move_to_end(text)
            while len(self._statements) > STATEMENTS_MAX:
                self._statements.popitem(last=False)
            return self._statements[text]

    def _staging(self) -> Any:
        """This thread's cursor for landing: what is staged are temporary tables of it."""
        if not hasattr(self._landing, "cursor"):
            self._landing.cursor = self._connection.cursor()
        return self._landing.cursor

    @contextmanager
    def _at_work(self, versions: Iterable[int]) -> Generator[Any, None, None]:
        with (
            _told(),
            self._connection.cursor() as cursor,
            self._work.on(list(versions), cursor.interrupt),
        ):
            yield cursor


def _closed(connection: Any) -> None:
    with suppress(duckdb.Error):
        connection.execute(_CLOSING)
    connection.close()


@contextmanager
def _told() -> Generator[None, None, None]:
    """What DuckDB raises, sorted by what the caller does next; wrong SQL stays a bug."""
    try:
        yield
    except duckdb.InterruptException as error:
        raise Interrupted("the work was stopped; no row of it is kept") from error
    except (duckdb.OperationalError, duckdb.FatalException) as error:
        raise StoreUnavailable(f"The warehouse could not be read or written: {error}") from error


@contextmanager
def _transaction(connection: Any) -> Generator[Any, None, None]:
    """All or nothing, on a cursor of its own."""
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        try:
            yield cursor
            cursor.execute("COMMIT")
        except BaseException:
            # A commit that failed has rolled back by itself.
            with suppress(duckdb.Error):
                cursor.execute("ROLLBACK")
            raise


def _refuse_second(cursor: Any, table: Table, version: int) -> None:
    text = f"SELECT 1 FROM {versions_sql(table)} WHERE _version = $version LIMIT 1"
    if cursor.execute(text, {"version": version}).fetchone():
        raise ValueError(f"{table}: version {version} has rows already; a version never changes")


def _unavailable(path: Path | str, error: str) -> str:
    holder = re.search(r"PID (\d+)", error)
    if holder:
        return f"{path} is held by process {holder[1]}. Nothing was read or written; try again, or use --wait."
    return f"{path} cannot be opened as a DuckDB warehouse: {error.splitlines()[0]}"
