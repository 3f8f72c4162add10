"""The work that every tool is given: the sources as files, the SQL of tables and checks.

All of it comes from the pipeline as Boxout compiled it: three tables of games out of the schedule,
the gamebook's lines and the team box scores, and every check of theirs. In the SQL `:table name:`
stands for a table, `:first:` and `:last:` for the dates of the games that are asked for.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb

from boxout.compiled import CompiledAudit, CompiledCheck
from boxout.project import init, open_project
from boxout.run import Engine, land
from boxout_nba.simulator import (
    Game,
    gamebook_rows,
    play,
    schedule_rows,
    simulate_season,
    team_rows,
    write_csv,
)

SEED = 7
OPENING = "2025-10-21"
GROUP = "game totals"
RANGE = "game_id >= :first: AND game_id < :last: || '~'"
MOVED = """
COPY (SELECT columns(lambda c: c NOT IN ('game_id', 'game_date')),
  (left(game_id, 4)::INT - n)::VARCHAR || substr(game_id, 5) AS game_id,
  (left(game_id, 4)::INT - n)::VARCHAR || substr(game_id, 5, 6) AS game_date
FROM read_csv(?, all_varchar = true), range({seasons}) t(n) ORDER BY game_id)
TO '{target}' (FORMAT parquet)
"""


def export(folder: Path, sizes: dict[str, int]) -> None:
    """Write for each size a project of Boxout, the sources as Parquet, and what there is to do."""
    folder.mkdir(parents=True)
    games = [game for game in simulate_season(SEED, OPENING) if game.status == "final"]
    files = _csv(folder, games)
    for size, seasons in sizes.items():
        engine = _landed(folder / size / "boxout", files, seasons)
        _sources(engine, folder / size / "sources")
        _write_work(
            engine, sorted({game.game_date for game in games}), seasons, folder / size / "work.json"
        )
        engine.warehouse.close()


def _csv(folder: Path, games: list[Game]) -> dict[str, Path]:
    boxes = [(g.game_id, play(SEED, g.away, g.home, g.game_id)) for g in games]
    rows = {
        "schedule": schedule_rows(games),
        "gamebook_player_stats": [row for key, box in boxes for row in gamebook_rows(key, box)],
        "team_boxscore": [row for key, box in boxes for row in team_rows(key, box)],
    }
    return {name: write_csv(of, folder / f"{name}.csv") for name, of in rows.items()}


def _landed(folder: Path, files: dict[str, Path], seasons: int) -> Engine:
    init(folder, "nba-games")
    engine = open_project(folder).engine()
    readers = {one.name: one for one in engine.pipeline.readers}
    for name, path in files.items():
        target = path.with_suffix(".parquet")
        duckdb.execute(MOVED.format(seasons=seasons, target=target), [str(path)])
        land(engine, target, readers[name])
    return engine


def _sources(engine: Engine, folder: Path) -> None:
    folder.mkdir()
    for name, table in engine.graph.tables.items():
        if table.is_source:
            rows = f'FROM "{name}" ORDER BY "{table.scheme.column}"'
            engine.warehouse.query(f"COPY ({rows}) TO '{folder / name}.parquet' (FORMAT parquet)")


def _write_work(engine: Engine, nights: list[str], seasons: int, path: Path) -> None:
    tables = [one.target.name for one in engine.graph.units[0].processors]
    checks = dict(_checks(engine, tables))
    work = {
        "nights": nights,
        "first": f"{int(nights[0][:4]) - seasons + 1}{nights[0][4:]}",
        "last": nights[-1],
        "tables": {name: _table(engine, name) for name in tables},
        "reads": {name: sorted(engine.graph.parents(name)) for name in tables},
        "checks": {name: sql for name, (sql, _) in checks.items()},
        "checked": {name: of for name, (_, of) in checks.items()},
    }
    path.write_text(json.dumps(work, indent=1))


def _table(engine: Engine, name: str) -> str:
    """The table's SQL over the source that every game here has, where there is a choice of two."""
    compiled = engine.compiled.processors[name]
    parts: list[str] = []
    for given, feeds in compiled.inputs.items():
        feed = feeds[0]
        rows = f"SELECT * FROM :table {feed.table}: WHERE {RANGE}"
        parts += [f'"{feed.bound_to}" AS ({rows})', f'"{given}" AS ({feed.sql})']
    return f"WITH {', '.join(parts)} SELECT * FROM ({compiled.sql}) AS computed"


def _checks(engine: Engine, tables: list[str]) -> Iterator[tuple[str, tuple[str, list[str]]]]:
    for name in tables:
        yield f"check_{name}", _check(engine.compiled.audits[name])
    for number, audit in enumerate(engine.compiled.across[GROUP]):
        yield f"check_across_{number}", _check(audit)


def _check(audit: CompiledAudit) -> tuple[str, list[str]]:
    """The games that do not pass, and the tables that are looked at."""
    parts = [
        f'"{name}" AS (SELECT *, 0::UBIGINT AS _content FROM :table {table}: WHERE {RANGE})'
        for name, table in audit.bindings.items()
    ]
    refused = " OR ".join(_refused(at, check) for at, check in enumerate(audit.checks))
    sql = f"WITH {', '.join(parts)} SELECT asked.partition FROM ({audit.sql}) AS asked WHERE {refused}"
    return sql, list(audit.bindings.values())


def _refused(at: int, check: CompiledCheck) -> str:
    if not check.is_measure:
        return f"c{at}_failed > 0 OR c{at}_unknown > 0 OR c{at}_unknown IS NULL"
    bounds = [(">=", check.low), ("<=", check.high)]
    kept = [f"c{at}_measure {sign} {bound}" for sign, bound in bounds if bound is not None]
    return f"({' AND '.join(kept)}) IS NOT TRUE"
