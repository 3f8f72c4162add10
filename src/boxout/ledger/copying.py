"""A ledger as it is at one moment, written into an empty one."""

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from boxout.deferred import deferred
from boxout.errors import DefinitionError, Withheld
from boxout.ledger.records import Census
from boxout.ledger.store import Base

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

sqlalchemy = deferred("sqlalchemy")

CHUNK_ROWS: Final = 10_000

LEFT: Final = frozenset({"lease", "alembic_version"})
"""Whoever holds a lease works on the stores that are copied, not on the copy."""

BY_ARRIVAL: Final = frozenset({"check_count", "finding", "version_read"})
"""Tables without a key, whose rows are read in the order in which they came."""

_VERSIONS: Final = """
SELECT v.version, coalesce(sum(c.row_count), 0), v.collected_at IS NOT NULL FROM version v
LEFT JOIN census c ON c.version = v.version WHERE v.table_name = ?
GROUP BY v.version, v.collected_at ORDER BY v.version
"""
_TABLES: Final = "SELECT DISTINCT table_name FROM version WHERE collected_at IS NULL"
_RECORDED: Final = """
SELECT c.version, c.partition, c.row_count, c.content FROM census c
JOIN version v ON v.version = c.version WHERE v.table_name = ? AND v.collected_at IS NULL
"""
_HISTORY_BEGINS: Final = """
SELECT max(p.until) FROM pointer p JOIN version v ON v.version = p.version
WHERE p.table_name = ? AND v.collected_at IS NOT NULL
"""
_USED: Final = "SELECT (SELECT count(*) FROM version), (SELECT count(*) FROM publication)"
_UNKNOWABLE: Final = (
    "{table_name} {partition}: version {version} was taken back, and its rows were collected since."
    " The other warehouse could not know them again, should they arrive once more. Nothing of the copy"
    " counts. Next: copy to a warehouse of the same kind."
)
_NEXT: Final = "SELECT setval(pg_get_serial_sequence(?, ?), CAST(? AS BIGINT))"


class Relabel(Protocol):
    """What a row of a table of the ledger becomes in the copy, column name to value."""

    def __call__(self, table: str, row: dict[str, Any], /) -> dict[str, Any]:
        """The row in the copy's words."""
        ...


class Kept(NamedTuple):
    """One version of a table: its number, its rows as recorded, whether they were collected."""

    version: int
    rows: int
    is_collected: bool


class Cut:
    """A ledger as it was when the cut was made, whatever others write meanwhile."""

    def __init__(self, c: Any) -> None:
        self.c = c

    def versions(self, table: str) -> list[Kept]:
        """Every version of a table, oldest first."""
        found = self.c.exec_driver_sql(_VERSIONS, (table,))
        return [Kept(int(version), int(rows), bool(is_gone)) for version, rows, is_gone in found]

    def history_begins(self, table: str) -> int:
        """The first publication whose rows of a table are all there; 0 when none were collected."""
        return int(self.c.exec_driver_sql(_HISTORY_BEGINS, (table,)).scalar() or 0)

    def tables(self) -> list[str]:
        """Every table of which there are rows, or were when they were written."""
        return [str(name) for (name,) in self.c.exec_driver_sql(_TABLES)]

    def recorded(self, table: str) -> dict[tuple[int, str], Census]:
        """What was recorded of the rows, by version and partition."""
        found = self.c.exec_driver_sql(_RECORDED, (table,))
        return {(int(v), str(p)): Census(str(p), int(n), str(of)) for v, p, n, of in found}


class Copies:
    """What a ledger can give to another one, and take from it."""

    def __init__(self, store: Base) -> None:
        self._store = store

    @contextmanager
    def cut(self) -> Generator[Cut, None, None]:
        """This ledger, held still for reading."""
        with self._store.reading() as c:
            yield Cut(c)

    def refuse_used(self) -> None:
        """DefinitionError when a version was ever written here, or anything published."""
        with self._store.reading() as c:
            _refuse_used(c, self._store)

    def take(self, cut: Cut, relabel: Relabel) -> dict[str, int]:
        """All of another ledger in one transaction; how many rows, by table.

        DefinitionError, and nothing is written, when there is anything here already.
        """
        with self._store.writing() as c:
            _refuse_used(c, self._store)
            here = _tables(c)
            return {
                name: _copied((cut.c, one), (c, here[name]), relabel)
                for name, one in _tables(cut.c).items()
            }


def _refuse_used(c: Any, store: Base) -> None:
    versions, publications = c.exec_driver_sql(_USED).one()
    if versions or publications:
        raise DefinitionError(
            f"The ledger {store.path} is in use: it has {versions} versions and {publications}"
            " publications, 0 expected. Nothing was written. Next: name an empty ledger and an"
            " empty warehouse."
        )


def _tables(c: Any) -> "dict[str, Table]":
    """The tables that are copied, as this store has them."""
    found = sqlalchemy.MetaData()
    found.reflect(_plain(c))
    return {name: one for name, one in found.tables.items() if name not in LEFT}


def _copied(source: "tuple[Any, Table]", target: "tuple[Any, Table]", relabel: Relabel) -> int:
    (c, table), (into, here), count = source, target, 0
    for rows in _chunks(_plain(c), table):
        _plain(into).execute(here.insert(), [relabel(table.name, row) for row in rows])
        count += len(rows)
    if _plain(into).dialect.name == "postgresql":
        _go_on_after(into, here)
    return count


def _chunks(c: "Connection", table: "Table") -> Iterator[list[dict[str, Any]]]:
    order = list(table.primary_key) or list(table.columns)
    if table.name in BY_ARRIVAL:
        order = [sqlalchemy.literal_column("rowid")]
    columns = [column for column in table.columns if column.name != "rowid"]
    asked = sqlalchemy.select(*columns).order_by(*order).execution_options(yield_per=CHUNK_ROWS)
    for rows in c.execute(asked).mappings().partitions():
        yield [dict(row) for row in rows]


def _go_on_after(c: Any, table: "Table") -> None:
    """The numbers that the server gives go on after those that came."""
    for column in table.primary_key:
        last = _plain(c).execute(sqlalchemy.select(sqlalchemy.func.max(column))).scalar()
        if isinstance(last, int):
            c.exec_driver_sql(_NEXT, (table.name, column.name, last))


def _plain(c: Any) -> Any:
    """The connection under one that translates."""
    return getattr(c, "plain", c)


def unchanged(table: str, row: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001
    """A row of the copy as it was; to be used where both warehouses speak the same."""
    return row


def relabelled(
    contents: Mapping[tuple[int, str], str], fingerprints: Mapping[tuple[str, str], str]
) -> Relabel:
    """Rows with the fingerprints that the copy's warehouse and compiler give the same things.

    `contents` are those of rows, by version and partition; `fingerprints` those of code, by table
    and the fingerprint in the source.
    """

    def row_of(table: str, row: dict[str, Any]) -> dict[str, Any]:
        if table in {"census", "tombstone"}:
            known = contents.get((row["version"], row["partition"]))
            if known is None and table == "tombstone" and row["row_count"]:
                raise Withheld(_UNKNOWABLE.format(**row))
            return {**row, "content": row["content"] if known is None else known}
        if table == "version":
            old = row["fingerprint"]
            return {**row, "fingerprint": fingerprints.get((row["table_name"], old), old)}
        return row

    return row_of
