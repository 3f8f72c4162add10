"""Every real season, landed and published, against the figures Basketball-Reference publishes."""

import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from boxout.project import init, open_project
from boxout.run import Engine, RunResult, land, run

SEASONS = Path(__file__).parents[2] / "shared" / "data" / "nba"
FOLDERS = {
    "games": "season_games",
    "bref_player_box": "bref_player_box",
    "player_box": "player_box",
    "team_box": "team_box",
    "team_box_alt": "team_box_alt",
}
KEY = """
SELECT game_date::VARCHAR || '/' || CASE WHEN is_home THEN opponent ELSE team END || '@'
       || CASE WHEN is_home THEN team ELSE opponent END AS game_id, * EXCLUDE (game_id)
FROM read_parquet($files)
"""
PLAYERS = f"""
WITH published AS ({KEY}), ours AS (FROM player_game_summary)
SELECT count(p.FIGURE) AS compared,
       count(*) FILTER (DIFFERS AND o.player_source = 'gamebook_player_stats') AS mismatched,
       count(*) FILTER (DIFFERS AND o.player_source <> 'gamebook_player_stats') AS explained
FROM published p JOIN ours o ON o.game_id = p.game_id AND o.team = p.team
 AND o.player_id = coalesce(p.player_id::VARCHAR, 'bref:' || p.bref_player_id)
WHERE p.status = 'Played'
"""
TEAMS = f"""
WITH published AS ({KEY}), ours AS (
  SELECT o.*, d.defensive_rating FROM team_offense_game_summary o
  JOIN team_defense_game_summary d USING (game_id, team))
SELECT count(p.FIGURE) AS compared,
       count(*) FILTER (DIFFERS) AS mismatched, 0 AS explained
FROM published p JOIN ours o ON o.game_id = p.game_id AND o.team = p.team
"""
DIFFERS = "(p.FIGURE IS NOT NULL AND (o.OURS IS NULL OR abs(o.OURS - p.FIGURE) > TOLERANCE))"
FIGURES = (
    ("bref_player_box", PLAYERS, "usg_pct", "usage_rate_capped_pct", "0.0501"),
    ("bref_player_box", PLAYERS, "ts_pct", "ts_pct", "0.000501"),
    ("bref_player_box", PLAYERS, "efg_pct", "efg_pct", "0.000501"),
    ("bref_team_box", TEAMS, "pace", "pace", "0.0501"),
    ("bref_team_box", TEAMS, "off_rtg", "offensive_rating", "0.0501"),
    ("bref_team_box", TEAMS, "def_rtg", "defensive_rating", "0.0501"),
)


class Figure(NamedTuple):
    """One published figure: how many rows have it, and how many of ours differ.

    `explained` differ because the published line breaks the points identity: its game was
    withheld from the gamebook and ours comes from the other publisher.
    """

    name: str
    compared: int
    mismatched: int
    explained: int


def publish(folder: Path, seasons: list[str]) -> tuple[Engine, RunResult]:
    """Land the seasons' files and publish what can be."""
    init(folder / "project", "nba")
    engine = open_project(folder / "project").engine()
    readers = {one.name: one for one in engine.pipeline.readers}
    for name, reader in FOLDERS.items():
        for season in seasons:
            path = SEASONS / name / f"{season}.parquet"
            if path.is_file():
                landed = land(engine, path, readers[reader])
                print(
                    f"{name:16} {season}: {landed.rows} rows, {len(landed.published)} partitions public,",
                    end=" ",
                )
                print(
                    f"{len(landed.unchanged)} unchanged, withheld {list(landed.withheld)}, quarantined {dict(landed.rejected)}"
                )
    return engine, run(engine, "2000-01-01", "2099-12-31", set(engine.graph.processors))


def compare(engine: Engine, seasons: list[str]) -> list[Figure]:
    """Each published figure against ours, within the rounding of what is published."""
    return [_figure(engine, seasons, one) for one in FIGURES]


def _figure(engine: Engine, seasons: list[str], asked: tuple[str, ...]) -> Figure:
    folder, sql, figure, ours, off = asked
    files = [str(p) for s in seasons if (p := SEASONS / folder / f"{s}.parquet").is_file()]
    text = sql.replace("DIFFERS", DIFFERS).replace("FIGURE", figure).replace("OURS", ours)
    (row,) = engine.warehouse.query(text.replace("TOLERANCE", off), {"files": files})
    return Figure(figure, row["compared"], row["mismatched"], row["explained"])


def main() -> None:
    seasons = sys.argv[1:] or ["2017-18", "2020-21", "2021-22", "2022-23", "2023-24"]
    engine, result = publish(Path(tempfile.mkdtemp()), seasons)
    print(Counter(type(one).__name__ for one in result.outcomes.values()))
    for (_, game), one in result.outcomes.items():
        for reason in getattr(one, "reasons", ())[:3]:
            print(f"  {game}  {type(one).__name__}  {reason}")
    for figure in compare(engine, seasons):
        print(
            f"{figure.name:10} {figure.compared:7} compared, {figure.mismatched} mismatched, {figure.explained} explained"
        )


if __name__ == "__main__":
    main()
