"""A night, then the incident: what an unsafe script would have published, and what Boxout did."""

import sys
import tempfile
from math import isfinite
from pathlib import Path

from rich.console import Console
from rich.table import Table

from boxout.model.outcomes import Done
from boxout.project import init, open_project
from boxout.run import Engine, land, run
from boxout_nba.simulator import (
    Game,
    gamebook_rows,
    play,
    schedule_rows,
    simulate_night,
    team_rows,
    write_csv,
)

SEED = 7
UNSAFE = """
SELECT p.game_id, max(100 * (p.fga + 0.44 * p.fta + p.tov) * 48
                      / (p.minutes * (t.fga + 0.44 * t.fta + t.tov))) AS highest,
       count(*) FILTER (p.minutes > 0) AS players
FROM versions.gamebook_player_stats p LEFT JOIN versions.team_boxscore t
  ON t.game_id = p.game_id AND t.team = p.team AND t._version = $version
WHERE p.minutes > 0 AND p.game_id LIKE $day || '%' GROUP BY 1 ORDER BY 1
"""
ORIGINS = """
SELECT DISTINCT game_id, box_source FROM team_offense_game_summary WHERE game_date = $day
"""
SHOW = Console(width=132)


def capture(folder: Path, games: list[Game], periods: dict[str, int | None]) -> Path:
    """A team box score file in which each game was seen after so many periods."""
    rows = [
        row
        for game in games
        for row in team_rows(
            game.game_id,
            play(SEED, game.away, game.home, game.game_id, periods_max=periods[game.game_id]),
        )
    ]
    return write_csv(rows, folder / "team_boxscore.csv")


def arrive(engine: Engine, folder: Path, games: list[Game], periods: dict[str, int | None]) -> None:
    """The schedule of a night, and its gamebook as seen after so many periods."""
    readers = {one.name: one for one in engine.pipeline.readers}
    lines = [
        row
        for g in games
        for row in gamebook_rows(
            g.game_id, play(SEED, g.away, g.home, g.game_id, periods_max=periods[g.game_id])
        )
    ]
    land(engine, write_csv(schedule_rows(games), folder / "schedule.csv"), readers["schedule"])
    land(engine, write_csv(lines, folder / "gamebook.csv"), readers["gamebook_player_stats"])


def scene(
    engine: Engine, folder: Path, games: list[Game], title: str, periods: dict[str, int | None]
) -> None:
    """Land a capture, run, and show both answers game by game."""
    readers = {one.name: one for one in engine.pipeline.readers}
    landed = land(engine, capture(folder, games, periods), readers["team_boxscore"])
    day = games[0].game_date
    result = run(engine, day, day, set(engine.graph.processors))
    unsafe = engine.warehouse.query(UNSAFE, {"version": landed.version, "day": day})
    origins = {
        row["game_id"]: row["box_source"] for row in engine.warehouse.query(ORIGINS, {"day": day})
    }
    table = Table("game", "an unsafe script publishes", "Boxout", title=title, title_justify="left")
    for row in unsafe:
        outcome = result.outcomes["game totals", row["game_id"]]
        table.add_row(
            row["game_id"], _unsafe(row), _boxout(outcome, origins.get(row["game_id"], ""))
        )
    SHOW.print(table)


def _unsafe(row: dict[str, object]) -> str:
    highest = row["highest"]
    if not isinstance(highest, float) or not isfinite(highest):
        return f"[red]usage NULL or infinite, {row['players']} players[/red]"
    return f"{'[red]' if highest > 55 else '[green]'}highest usage {highest:.0f} %, {row['players']} players"


def _boxout(outcome: object, origin: str) -> str:
    if isinstance(outcome, Done):
        return f"[green]published from {origin}[/green]"
    reasons = getattr(outcome, "reasons", ())
    return (
        f"[yellow]waits: {reasons[0]}[/yellow]"
        if reasons
        else "[green]kept: public and fresh[/green]"
    )


def main() -> None:
    """Play the demo in a scratch project, or in the folder given."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp(prefix="boxout-demo-"))
    init(folder, "nba")
    engine = open_project(folder).engine()
    first, second = simulate_night(SEED, "2026-02-03"), simulate_night(SEED, "2026-02-04")
    over: dict[str, int | None] = {game.game_id: None for game in (*first, *second)}
    half = over | {game.game_id: 2 for game in second[5:]}
    zeros = over | {game.game_id: 0 for game in second}
    arrive(engine, folder, first, over)
    scene(engine, folder, first, "2026-02-03, a normal night", over)
    arrive(engine, folder, second, half)
    scene(
        engine, folder, second, "2026-02-04, team box scores captured at tip-off: all zeros", zeros
    )
    scene(engine, folder, second, "2026-02-04, half a night: five games are at half-time", half)
    arrive(engine, folder, second, over)
    scene(engine, folder, second, "2026-02-04, the real box scores", over)
    SHOW.print(f"The project is in {folder}. Try there: boxout status 2026-02-04", soft_wrap=True)


if __name__ == "__main__":
    main()
