"""SQLMesh on DuckDB, state in the same file: models by time range, every check an audit."""

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import date, timedelta

from work import Work

os.environ["SQLMESH__DISABLE_ANONYMIZED_ANALYTICS"] = "true"

from sqlmesh import Context  # what it sends is decided when it is imported

KEEPS = "per date and model: which intervals are there"
CONFIG = """
gateways: {games: {connection: {type: duckdb, database: %s}}}
default_gateway: games
model_defaults: {dialect: duckdb, start: %s, cron: '@daily'}
"""
MODEL = """MODEL (
  name main.{name},
  kind INCREMENTAL_BY_TIME_RANGE (time_column (game_date, '%Y-%m-%d')),
  optimize_query false,
  audits ({audits})
);
{sql}
"""
AUDIT = "AUDIT (name {name});\n{sql}\n"


def set_up(work: Work) -> None:
    """The sources, the project's files, and a plan before the first date: empty tables."""
    work.load()
    tables, first = work.told["tables"], work.told["first"]
    files = {"config.yaml": CONFIG % (work.path, first)}
    for name in tables:
        audits = work.checks_of(name)
        sql = _sql(work, name)
        files[f"models/{name}.sql"] = MODEL.format(name=name, audits=", ".join(audits), sql=sql)
        for audit in audits:
            files[f"audits/{audit}.sql"] = AUDIT.format(name=audit, sql=_sql(work, audit))
    for name, text in files.items():
        path = work.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    context = Context(paths=[str(work.folder)])
    context.plan(execution_time=first, auto_apply=True, no_prompts=True)
    context.close()


def _sql(work: Work, name: str) -> str:
    return work.sql(name, "@start_ds", "@end_ds", lambda table: f"main.{table}")


@contextmanager
def opened(work: Work) -> Generator[Callable[[str, str], None], None, None]:
    """Fills in and audits the dates that are missing up to the last one."""
    context = Context(paths=[str(work.folder)])

    def go(_first: str, last: str) -> None:
        after = date.fromisoformat(last) + timedelta(1)
        if not context.run(execution_time=after.isoformat()).is_success:
            raise RuntimeError(f"not filled in up to {last}")

    yield go
    context.close()
