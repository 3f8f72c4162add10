"""dbt on DuckDB: three incremental models that delete and insert, every check a singular test.

Warm, it is invoked again in its process. The dates come from the environment, not from `--vars`:
another value there makes dbt parse the whole project again.
"""

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager

from dbt.cli.main import dbtRunner
from work import Work

KEEPS = "per run: what became of each model and test"
PROJECT = """
name: games
version: "1.0"
profile: games
models: {games: {+materialized: incremental, +incremental_strategy: delete+insert, +unique_key: game_id}}
flags: {send_anonymous_usage_stats: false}
"""
PROFILE = """
games: {target: all, outputs: {all: {type: duckdb, path: %s, threads: 2}}}
"""
SOURCES = """
version: 2
sources: [{name: main, tables: [%s]}]
"""
DATES = ("{{ env_var('FIRST') }}", "{{ env_var('LAST') }}")


def set_up(work: Work) -> None:
    """The sources and the project's files."""
    work.load()
    tables = work.told["tables"]
    given = {read for name in tables for read in work.told["reads"][name]} - set(tables)

    def named(name: str) -> str:
        return (
            f"{{{{ source('main', '{name}') if '{name}' in {sorted(given)} else ref('{name}') }}}}"
        )

    files = {
        "dbt_project.yml": PROJECT,
        "profiles.yml": PROFILE % work.path,
        "models/sources.yml": SOURCES % ", ".join(f"{{name: {one}}}" for one in sorted(given)),
    }
    for folder, names in (("models", tables), ("tests", work.told["checks"])):
        for name in names:
            first, last = (f"'{date}'" for date in DATES)
            files[f"{folder}/{name}.sql"] = work.sql(name, first, last, named)
    for name, text in files.items():
        path = work.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)


@contextmanager
def opened(work: Work) -> Generator[Callable[[str, str], None], None, None]:
    """Builds and tests the dates from first to last."""
    at = ["--project-dir", str(work.folder), "--profiles-dir", str(work.folder)]
    runner = dbtRunner()

    def go(first: str, last: str) -> None:
        os.environ.update(FIRST=first, LAST=last)
        result = runner.invoke(["build", "--quiet", *at])
        if not result.success:
            raise RuntimeError(result.exception or [one.message for one in result.result])

    yield go
