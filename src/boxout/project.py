"""A project: a folder with a boxout.toml that names a pipeline, a ledger and a warehouse."""

import random
import subprocess
import sys
import tomllib
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import entry_points, packages_distributions, version
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from boxout.compiled import compiled_once
from boxout.errors import DefinitionError, StoreUnavailable
from boxout.graph import Graph, build
from boxout.ledger import SqliteLedger
from boxout.model import Pipeline, Rows, ibis
from boxout.run import Engine, Policy
from boxout.threads import beating, side_by_side
from boxout.warehouse import DuckdbWarehouse

FILE = "boxout.toml"
CACHE = ".boxout"
TEMPLATE = """# A Boxout project. Paths are relative to this file.
pipeline = "{pipeline}"
ledger = "ledger.sqlite"
warehouse = "warehouse.duckdb"
"""


@dataclass(frozen=True, slots=True)
class Project:
    """Where a project's pipeline and stores are; nothing is opened yet."""

    folder: Path
    pipeline: Pipeline
    graph: Graph
    ledger_path: Path
    warehouse_path: Path

    def ledger(self) -> SqliteLedger:
        """The project's ledger."""
        return SqliteLedger.open(self.ledger_path, clock=_utc)

    def warehouse(self, wait_s_max: float = 0) -> DuckdbWarehouse:
        """The project's warehouse; waits that long when another process holds it."""
        end = monotonic() + wait_s_max
        while True:
            try:
                return DuckdbWarehouse.open(self.warehouse_path, self.graph.tables.values())
            except StoreUnavailable:
                if monotonic() >= end:
                    raise
                sleep(0.1)

    def engine(self, wait_s_max: float = 0) -> Engine:
        """Both stores, opened, with the pipeline compiled."""
        warehouse = self.warehouse(wait_s_max)
        ledger, policy = self.ledger(), Policy()
        return Engine(
            pipeline=self.pipeline,
            graph=self.graph,
            compiled=compiled_once(
                self.pipeline, self.graph.tables, warehouse.dialect, self.folder / CACHE
            ),
            ledger=ledger,
            warehouse=warehouse,
            new_run=lambda: uuid.uuid4().hex[:12],
            draw=random.random,
            side_by_side=side_by_side,
            alive=lambda attempt: beating(ledger, attempt, policy.lease_s),
            code=revision(self.pipeline),
            policy=policy,
        )

    def table(self, name: str, *, at: int | None = None) -> Rows:
        """A public table as an Ibis table, now or at a publication; `.to_polars()`, `.to_pandas()`.

        Opens the warehouse for reading; DefinitionError when the pipeline has no such table.
        """
        if name not in self.graph.tables:
            raise DefinitionError(
                f"{name}: no such table; there are {', '.join(self.graph.tables)}"
            )
        connection: Any = ibis.duckdb.connect(str(self.warehouse_path), read_only=True)
        if at is None:
            return connection.table(name)
        table = self.graph.tables[name]
        rows = connection.table(name, database="versions")
        pointers = connection.table("pointers", database="boxout")
        then = pointers.filter(
            (pointers.tbl == name)
            & (pointers.since <= at)
            & (pointers.until.isnull() | (pointers.until > at))
        )
        matches = (rows["_version"] == then.version) & (rows[table.scheme.column] == then.part)
        return rows.semi_join(then, matches).select(*table.column_names)


def revision(pipeline: Pipeline) -> str:
    """The git revision of the pipeline's code, or its package's version where there is no git."""
    module = sys.modules[pipeline.processors[0].function.__module__]
    package = module.__name__.partition(".")[0]
    folder = Path(str(module.__file__)).parent
    describe = ("git", "-C", str(folder), "describe", "--always", "--dirty", "--abbrev=12")
    try:
        said = subprocess.run(describe, capture_output=True, text=True, check=False, timeout=5)
    except (OSError, subprocess.TimeoutExpired):
        said = None
    if said is not None and said.returncode == 0:
        return f"git {said.stdout.strip()}"
    owner = packages_distributions().get(package, [package])[0]
    return f"{owner} {version(owner)}"


def _utc() -> datetime:
    return datetime.now(UTC)


def open_project(folder: Path | str = ".") -> Project:
    """The project in this folder; DefinitionError when there is none or it is not one."""
    path = Path(folder) / FILE
    if not path.is_file():
        raise DefinitionError(f"{path.resolve()}: no project here. Make one with: boxout init")
    try:
        said = tomllib.loads(path.read_text())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DefinitionError(f"{path}: not a project file: {error}") from error
    lacking = [
        key for key in ("pipeline", "ledger", "warehouse") if not isinstance(said.get(key), str)
    ]
    if lacking:
        raise DefinitionError([f"{path}: {key} is missing or not text" for key in lacking])
    pipeline = find_pipeline(said["pipeline"])
    root = path.parent
    return Project(root, pipeline, build(pipeline), root / said["ledger"], root / said["warehouse"])


def find_pipeline(name: str) -> Pipeline:
    """The pipeline that an installed package provides under this entry point."""
    found = {one.name: one for one in entry_points(group="boxout.pipelines")}
    if name not in found:
        raise DefinitionError(
            f"pipeline {name!r} is not installed; installed: {', '.join(found) or 'none'}"
        )
    return found[name].load()


def init(folder: Path, pipeline: str) -> Path:
    """Write a project file; DefinitionError when there is one already."""
    path = folder / FILE
    if path.exists():
        raise DefinitionError(f"{path} is there already. Nothing was changed.")
    find_pipeline(pipeline)
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(TEMPLATE.format(pipeline=pipeline))
    return path
