"""A project: a folder with a boxout.toml that names a pipeline, a ledger and a warehouse."""

import os
import random
import tomllib
import uuid
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar, cast

from boxout.breaker import Breaker
from boxout.compiled import Compiled, compiled_once
from boxout.deferred import deferred
from boxout.distant import BIGQUERY, distant_rows, open_distant
from boxout.errors import OUT_OF_ROOM, DefinitionError, NotReady, StoreUnavailable
from boxout.graph import Graph, build
from boxout.graph.order import near
from boxout.installed import provided
from boxout.ledger import Ledger, SqliteLedger, open_postgres
from boxout.model import Pipeline, Rows, ibis
from boxout.notify import Notify, notify_of
from boxout.opening import as_it_was, is_held, make_warehouse, unreadable, when_free
from boxout.relay import RemoteReading, RemoteWarehouse, found
from boxout.revision import revision
from boxout.run import Engine, Policy
from boxout.settings import policy_of, sources_of
from boxout.threads import beating, limited, side_by_side
from boxout.warehouse import DuckdbWarehouse, Warehouse, deployed, show_as_of
from boxout.warehouse.bigquery import (
    Address,
    BigqueryReading,
    BigqueryWarehouse,
    Source,
    address_of,
)

duckdb = deferred("duckdb")
ibis_errors = deferred("ibis.common.exceptions")

FILE: Final = "boxout.toml"
CACHE: Final = ".boxout"
POSTGRES: Final = "postgresql://"
KEYS: Final = ("pipeline", "ledger", "warehouse")
MAY_BE: Final = (*KEYS, "policy", "notify", "sources")
TEMPLATE: Final = """# A Boxout project. Paths are relative to this file. A ledger that several machines share is
# "postgresql://user@host/database"; its password comes from the environment, as PGPASSWORD.
# A warehouse that they share is "bigquery://project/dataset"; see docs/how-to/bigquery.md.
pipeline = "{pipeline}"
ledger = "ledger.sqlite"
warehouse = "warehouse.duckdb"

# How long and how often; what is not said is as here.
# [policy]
# timeout_s = 900         one processor, then its query is stopped
# deadline_s = 172800     waiting for an input, then one alert
# failures_max = 5        tries of a game that breaks, then one alert
# workers = 2             attempts at the same time
# is_taken_back = false   what fails its checks after publication is rolled back by itself
# kept_publications = 0   a service deletes what no one of so many snapshots has; 0 is never

# Tables in BigQuery that others write, by the reader that lands each; see docs/how-to/bigquery.md.
# [sources]
# team_boxscore = "raw.team_boxscore"

# Whom `boxout notify` tells; see docs/how-to/notifications.md. $NAME is read from the environment.
# [notify.channels.team]
# url = "$BOXOUT_TEAM_URL"
"""

T = TypeVar("T")

_OPENED: Final[set[str]] = set()
"""The warehouses that this process has opened for computing, by path."""


@dataclass(frozen=True, slots=True)
class Project:
    """Where a project's pipeline and stores are; nothing is opened yet."""

    folder: Path
    pipeline: Pipeline
    graph: Graph
    ledger_at: Path | str
    warehouse_at: Path | Address
    policy: Policy = field(default_factory=Policy)
    notify: Notify = field(default_factory=Notify)
    sources: tuple[Source, ...] = ()

    @property
    def warehouse_path(self) -> Path:
        """The file of the warehouse; DefinitionError when it is in BigQuery."""
        if isinstance(self.warehouse_at, Path):
            return self.warehouse_at
        raise DefinitionError(f"{self.warehouse_at} is no file")

    @property
    def dialect(self) -> str:
        """The SQL that the warehouse speaks."""
        is_file = isinstance(self.warehouse_at, Path)
        return DuckdbWarehouse.dialect if is_file else BigqueryWarehouse.dialect

    @property
    def stores(self) -> frozenset[str]:
        """Where its ledger and its warehouse are."""
        places = (self.ledger_at, self.warehouse_at)
        return frozenset(str(p.resolve() if isinstance(p, Path) else p) for p in places)

    def ledger(self) -> SqliteLedger:
        """The project's ledger: a file, or a PostgreSQL database, whose own time then counts."""
        if isinstance(self.ledger_at, str):
            return open_postgres(self.ledger_at)
        return SqliteLedger.open(self.ledger_at, clock=_utc)

    def warehouse(
        self, wait_s_max: float = 0, *, is_closed: bool = False
    ) -> DuckdbWarehouse | RemoteWarehouse | BigqueryWarehouse:
        """The project's warehouse; waits that long when another process holds it.

        One that a running service holds is used through it; one in BigQuery is held by nobody.
        With `is_closed` no statement reaches a file.
        """
        path, tables = self.warehouse_at, self.graph.tables.values()
        if not isinstance(path, Path):
            return open_distant(path, tables)

        def connect() -> DuckdbWarehouse | RemoteWarehouse:
            if not path.exists() and path.parent.is_dir():
                make_warehouse(path)
            try:
                return DuckdbWarehouse.open(path, tables, is_closed=is_closed)
            except StoreUnavailable as error:
                return self._served(error)

        return when_free(connect, wait_s_max)

    def code(self) -> str:
        """What two processes must agree on to work on one warehouse: the tables as they are."""
        columns = {name: table.column_names for name, table in self.graph.tables.items()}
        return f"{columns} {self.fingerprints()}"

    def _served(self, held: StoreUnavailable) -> RemoteWarehouse:
        """The warehouse of the service that holds the file; `held` again when none does."""
        door = found(self.folder / CACHE)
        if door is None or door.pid == os.getpid() or not is_held(held):
            raise held
        return RemoteWarehouse(door, self.graph.tables, self.code())

    def compiled(self) -> Compiled:
        """The pipeline's SQL; from disk when this very code was compiled before, without Ibis."""
        kept = self.folder / CACHE
        try:
            return compiled_once(self.pipeline, self.graph.tables, self.dialect, kept)
        except OSError as error:
            raise StoreUnavailable(
                f"{kept}: the compiled pipeline cannot be kept here: {error.strerror or error}."
                " Nothing was read or written."
            ) from error

    def fingerprints(self) -> dict[str, str]:
        """The present fingerprint of every derived table; what is built by another is stale."""
        return {name: one.fingerprint for name, one in self.compiled().processors.items()}

    def engine(self, wait_s_max: float = 0, *, is_closed: bool = False) -> Engine:
        """Both stores, opened, with the pipeline compiled; the caller closes them.

        One process at a time can hold the warehouse, and nobody computes without it. So the
        leases that are there when it is opened belong to a process that is gone: they are ended
        at once, and should that ever be wrong, the fence refuses whoever lost one.
        """
        compiled = self.compiled()
        is_first = self._key() not in _OPENED
        warehouse = self.warehouse(wait_s_max, is_closed=is_closed)
        try:
            ledger = self.ledger()
            if is_first and isinstance(warehouse, DuckdbWarehouse):
                ledger.end_leases()
        except BaseException:
            warehouse.close()
            raise
        _OPENED.add(self._key())
        return self._engine(compiled, ledger, cast("Warehouse", warehouse))

    @contextmanager
    def working(self, wait_s_max: float = 0, *, is_closed: bool = False) -> Generator[Engine]:
        """An engine, closed at the end: what is being computed ends first, then the files are let go."""
        engine = self.engine(wait_s_max, is_closed=is_closed)
        try:
            yield engine
        finally:
            cast("Any", engine.warehouse).close()
            _OPENED.discard(self._key())
            cast("Any", engine.ledger).close()

    @contextmanager
    def planning(self) -> Generator[Engine]:
        """An engine without a warehouse: it can plan, also while another process runs."""
        nothing = cast("Warehouse", NoWarehouse(self.dialect))
        with closing(self.ledger()) as ledger:
            yield self._engine(self.compiled(), ledger, nothing)

    def _engine(self, compiled: Compiled, ledger: Ledger, warehouse: Warehouse) -> Engine:
        return Engine(
            pipeline=self.pipeline,
            graph=self.graph,
            compiled=compiled,
            ledger=cast("Ledger", Breaker(ledger, _utc)),
            warehouse=cast("Warehouse", Breaker(warehouse, _utc)),
            new_run=lambda: uuid.uuid4().hex[:12],
            draw=random.random,
            side_by_side=partial(side_by_side, self.policy.workers),
            alive=lambda attempt, lease_s: beating(ledger, attempt, lease_s),
            limit=lambda version, timeout_s: limited(warehouse, version, timeout_s),
            code=revision(self.pipeline),
            policy=self.policy,
        )

    @contextmanager
    def reading(self, wait_s_max: float = 0, at: int | None = None) -> Generator[Any]:
        """A DuckDB connection to the warehouse that cannot write, not even a file; closed at the end.

        The public tables are as publication `at` left them, or as they are. NotReady before
        anything was landed; StoreUnavailable while a process writes, or when `at` is not shown
        yet; DefinitionError when rows of it are gone.
        """
        connection = when_free(lambda: self._readable(at), wait_s_max)
        try:
            if (
                at is not None
                and isinstance(self.warehouse_at, Path)
                and not isinstance(connection, RemoteReading)
            ):
                show_as_of(connection, self.graph.tables.values(), at)
            yield connection
        finally:
            connection.close()

    @contextmanager
    def rows(self, wait_s_max: float = 0) -> Generator[Warehouse]:
        """The same as a warehouse: to look at versions, public or not."""
        with self.reading(wait_s_max) as connection:
            if isinstance(connection, RemoteReading | BigqueryReading):
                yield cast("Warehouse", connection.warehouse)
            else:
                yield DuckdbWarehouse(connection)

    def deployed(self, wait_s_max: float = 0) -> dict[str, Any]:
        """The tables that the warehouse has, in the words of a snapshot of declarations."""
        with self.reading(wait_s_max) as connection:
            if isinstance(connection, BigqueryReading):
                return connection.warehouse.deployed()
            return deployed(connection)

    def _key(self) -> str:
        at = self.warehouse_at
        return str(at.resolve() if isinstance(at, Path) else at)

    def _readable(self, at: int | None) -> Any:
        if not isinstance(self.warehouse_at, Path):
            tables = self.graph.tables.values()
            return BigqueryReading(open_distant(self.warehouse_at, tables, is_reading=True), at)
        try:
            return self._read_only()
        except StoreUnavailable as error:
            return RemoteReading(self._served(error), at)

    def _read_only(self) -> Any:
        config = {"enable_external_access": "false"}
        return self._opened(
            lambda: duckdb.connect(str(self.warehouse_path), read_only=True, config=config)
        )

    def _opened(self, connect: Callable[[], Any]) -> Any:
        if not self.warehouse_path.exists():
            raise NotReady(
                f"{self.warehouse_path} is not there: nothing has been landed in this project yet."
                " Next: boxout land FILE"
            )
        try:
            return connect()
        except duckdb.Error as error:
            raise StoreUnavailable(unreadable(self.warehouse_path, str(error))) from error

    def table(self, name: str, *, at: int | None = None) -> Rows:
        """A public table as an Ibis table, now or at a publication.

        `.to_polars()`, `.to_pandas()` and `.to_pyarrow()` give its rows. The warehouse is held
        for reading as long as the table lives, and nothing can be landed or run meanwhile:
        keep the rows, not the table.

        DefinitionError when there is no such table or publication, NotReady before anything was
        landed, StoreUnavailable while another process writes.
        """
        if name not in self.graph.tables:
            known = ", ".join(self.graph.tables)
            slip = near(name, self.graph.tables)
            raise DefinitionError(f"{name}: no such table{slip or f'; there are {known}'}")
        if not isinstance(self.warehouse_at, Path):
            with self.reading() as distant:
                return distant_rows(distant.warehouse, self.graph.tables[name], at)
        path = str(self.warehouse_path)
        connection = self._opened(lambda: ibis.duckdb.connect(path, read_only=True))
        try:
            if at is None:
                return connection.table(name)
            return as_it_was(connection, self.graph.tables[name], at)
        except ibis_errors.TableNotFound as error:
            raise NotReady(
                f"{name}: the warehouse does not have this table yet; the next boxout land or"
                " boxout run makes it."
            ) from error


class NoWarehouse:
    """Stands where no warehouse is needed; using it is a bug."""

    staging_dialect = DuckdbWarehouse.staging_dialect

    def __init__(self, dialect: str) -> None:
        self.dialect = dialect

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"a plan reads the ledger only; it has no warehouse to {name}")


def _utc() -> datetime:
    return datetime.now(UTC)


def open_project(folder: Path | str = ".") -> Project:
    """The project in this folder; DefinitionError when there is none or it is not one."""
    path = Path(folder) / FILE
    said = _read(path)
    faults = [
        f"{path}: {key} is {'not text' if key in said else 'missing'}"
        for key in KEYS
        if not isinstance(said.get(key), str) or not said[key]
    ]
    faults += [
        f"{path}: {key} means nothing{near(key, MAY_BE)}" for key in said if key not in MAY_BE
    ]
    policy, wrong = policy_of(said.get("policy", {}))
    told, amiss = notify_of(said.get("notify", {}), f"/boxout/{said.get('pipeline')}")
    faults += [f"{path}: {one}" for one in (*wrong, *amiss)]
    if not faults and said["ledger"] == said["warehouse"]:
        faults = [f"{path}: ledger and warehouse are one file, {said['ledger']}; two expected"]
    if faults:
        raise DefinitionError(faults)
    pipeline = find_pipeline(said["pipeline"])
    root = path.parent
    ledger = said["ledger"] if said["ledger"].startswith(POSTGRES) else root / said["ledger"]
    is_distant = said["warehouse"].startswith(BIGQUERY)
    warehouse = address_of(said["warehouse"]) if is_distant else root / said["warehouse"]
    stores = (ledger, warehouse)
    project = warehouse.project if isinstance(warehouse, Address) else ""
    readers = [one.name for one in pipeline.readers]
    sources, faults = sources_of(said.get("sources", {}), readers, project)
    if faults:
        raise DefinitionError([f"{path}: {one}" for one in faults])
    return Project(root, pipeline, build(pipeline), *stores, policy, told, tuple(sources))


def _read(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise DefinitionError(f"{path.resolve()}: no project here. Make one with: boxout init")
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DefinitionError(f"{path}: not a project file: {error}") from error
    except OSError as error:
        raise DefinitionError(f"{path}: cannot be read: {error.strerror}") from error


def find_pipeline(name: str) -> Pipeline:
    """The pipeline that an installed package provides under this entry point."""
    return provided("pipeline", name, Pipeline)


def init(folder: Path, pipeline: str) -> Path:
    """Write a project file; DefinitionError when there is one already."""
    path = folder / FILE
    if path.exists():
        raise DefinitionError(f"{path} is there already. Nothing was changed.")
    find_pipeline(pipeline)
    written = path.with_suffix(".part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        written.write_text(TEMPLATE.format(pipeline=pipeline), "utf-8")
        written.replace(path)
    except OSError as error:
        with suppress(OSError):
            written.unlink()
        kind = StoreUnavailable if error.errno in OUT_OF_ROOM else DefinitionError
        raise kind(f"{path}: cannot be written: {error.strerror}. Nothing was changed.") from error
    return path
