"""The tools that are compared, and one figure of one of them in a process of its own."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
BARE = "bare script"
BOXOUT = "Boxout"
MEASURED = {"PYTHONPATH", "AIRFLOW_HOME", "DAGSTER_HOME", "PREFECT_HOME"}


class Tool(NamedTuple):
    """The environment it runs in, its module with_NAME, and the package that it is."""

    environment: str
    module: str
    package: str = "duckdb"

    @property
    def python(self) -> str:
        """The interpreter of its environment; Boxout's is this one."""
        if not self.environment:
            return sys.executable
        return str(ROOT / ".venv-peers" / self.environment / "bin" / "python")


TOOLS = {
    BARE: Tool("bare", "bare"),
    "bare, parsed once": Tool("bare", "parsed"),
    "bare, DuckDB 1": Tool("sqlmesh", "bare"),
    BOXOUT: Tool("", "boxout", "boxout"),
    "Hamilton": Tool("hamilton", "hamilton", "sf-hamilton"),
    "Luigi": Tool("luigi", "luigi", "luigi"),
    "dbt": Tool("dbt", "dbt", "dbt-core"),
    "SQLMesh": Tool("sqlmesh", "sqlmesh", "sqlmesh"),
    "Dagster": Tool("dagster", "dagster", "dagster"),
    "Prefect": Tool("prefect", "prefect", "prefect"),
    "Airflow": Tool("airflow", "airflow", "apache-airflow"),
}


class Broke(Exception):
    """A tool did not do the work; it carries the end of what the tool said."""


def prepared(name: str, given: Path, folder: Path) -> Path:
    """A folder of this tool's own with the work in it, set up."""
    if name == BOXOUT:
        shutil.copytree(given / "boxout", folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sources").symlink_to(given / "sources")
    shutil.copy(given / "work.json", folder)
    asked(name, folder, "set-up")
    return folder


def asked(name: str, folder: Path, *figure: object, limit_s: float | None = None) -> dict[str, Any]:
    """What measure.py tells, and when it was asked. TimeoutExpired after `limit_s`."""
    tool = TOOLS[name]
    command = [tool.python, HERE / "measure.py", tool.module, folder, *map(str, figure)]
    own = {key: value for key, value in os.environ.items() if key not in MEASURED}
    environment = own if tool.environment else dict(os.environ)
    at = time.time()
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=limit_s, check=False
    )
    if done.returncode:
        raise Broke(f"{name}, {' '.join(map(str, figure))}:\n{done.stderr[-2000:]}")
    return {**json.loads(done.stdout.splitlines()[-1]), "asked_at": at}


def cold_s(name: str, folder: Path, night: int) -> float:
    """Seconds from the start of a process to the numbers of one night."""
    told = asked(name, folder, "night", night)
    return told["public_at"] - told["asked_at"]
