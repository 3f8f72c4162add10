"""Three nights, one of them the incident: what an unsafe script publishes, and what Boxout does."""

import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from boxout.project import init, open_project
from boxout.run import Engine, land, run
from boxout_nba.simulator import (
    Game,
    gamebook_rows,
    play,
    schedule_rows,
    shots_rows,
    simulate_night,
    team_rows,
    write_csv,
)

SEED = 7
NORMAL, INCIDENT, HALF = "2026-02-03", "2026-02-04", "2026-02-05"
HALF_TIME_S, OVER_S = 24 * 60, float("inf")
FIRST_MINUTES_S = (0, 0, 0, 0, 150, 120, 90, 90, 75, 60)
"""When the team box scores of the incident were captured: four at tip-off, six soon after."""

IMPOSSIBLE_PCT = 70
"""In five real seasons no usage over 5 minutes or more was above 66 %."""

UNSAFE = """
WITH players AS (FROM versions.gamebook_player_stats WHERE game_id LIKE $day || '/%'
                 QUALIFY _version = max(_version) OVER (PARTITION BY game_id)),
teams AS (FROM versions.team_boxscore WHERE game_id LIKE $day || '/%'
          QUALIFY _version = max(_version) OVER (PARTITION BY game_id)),
rates AS (SELECT p.game_id, p.minutes, t.minutes / 5 AS seen_min,
                 100 * (p.fga + 0.44 * p.fta + p.tov) * greatest(48, t.minutes / 5)
                 / (p.minutes * nullif(t.fga + 0.44 * t.fta + t.tov, 0)) AS usage
          FROM players p LEFT JOIN teams t USING (game_id, team) WHERE p.minutes > 0)
SELECT game_id, max(seen_min) AS seen_min, sum(usage * minutes) / sum(minutes) AS average,
       max(usage) FILTER (minutes >= 5) AS highest,
       count(*) FILTER (minutes >= 5 AND usage > $most) AS impossible,
       count(*) FILTER (usage IS NULL) AS nulls
FROM rates GROUP BY 1 ORDER BY 1
"""
"""What a script publishes that takes the newest rows of each source, whatever they are."""

OURS = """
SELECT game_id, any_value(t.box_source) AS source,
       max(p.usage_rate_pct) FILTER (p.minutes >= 5) AS highest,
       count(*) FILTER (p.minutes >= 5 AND p.usage_rate_pct > $most) AS impossible,
       count(*) FILTER (p.minutes > 0 AND p.usage_rate_pct IS NULL) AS nulls
FROM player_game_summary p JOIN team_offense_game_summary t USING (game_id, team)
WHERE p.game_date = $day GROUP BY 1
"""
PUBLIC = "SELECT count(DISTINCT game_id) AS games FROM player_game_summary"
ZONES = """
SELECT count(DISTINCT game_id) FILTER (pts_paint IS NOT NULL) AS games, avg(pts_paint) AS paint
FROM team_offense_game_summary WHERE game_date = $day
"""
WIDTH = 120
INTRO = f"""\
Two pipelines read the same files. The unsafe one publishes player usage rates from whatever rows
are newest; Boxout asks first whether they are complete. A usage rate is a player's share of what
five do together, so a game averages 20 %. Impossible is more than {IMPOSSIBLE_PCT} % over 5 minutes or more.
"""


@dataclass(slots=True)
class Tally:
    """What each side has published so far, counted after every scene."""

    impossible: int = 0
    nulls: int = 0
    highest: float = 0
    unfinished: int = 0
    our_impossible: int = 0
    our_nulls: int = 0
    our_highest: float = 0
    from_gamebook: int = 0
    waited: set[str] = field(default_factory=set)
    games: int = 0
    public: int = 0


@dataclass(slots=True)
class Demo:
    """A scratch project, the screen, and the count."""

    folder: Path
    engine: Engine
    screen: Console
    tally: Tally = field(default_factory=Tally)

    def arrive(self, name: str, rows: list[dict[str, Any]]) -> None:
        """A source file comes in."""
        readers = {one.name: one for one in self.engine.pipeline.readers}
        land(self.engine, write_csv(rows, self.folder / f"{name}.csv"), readers[name])

    def captured(self, of: Any, games: list[Game], seconds: list[float]) -> list[dict[str, Any]]:
        """The rows of games as they stood after so many seconds on the game clock."""
        boxes = [
            (game.game_id, play(SEED, game.away, game.home, game.game_id, seconds_max=stop))
            for game, stop in zip(games, seconds, strict=True)
        ]
        return [row for key, box_score in boxes for row in of(key, box_score)]

    def scene(
        self, title: str, games: list[Game], gamebook: list[float], team_box: list[float]
    ) -> None:
        """Both files come in as captured; then both sides publish, game by game."""
        self.arrive("gamebook_player_stats", self.captured(gamebook_rows, games, gamebook))
        self.arrive("team_boxscore", self.captured(team_rows, games, team_box))
        day = games[0].game_date
        outcomes = run(self.engine, day, day, set(self.engine.graph.processors)).outcomes
        asked = {"day": day, "most": IMPOSSIBLE_PCT}
        ours = {row["game_id"]: row for row in self.engine.warehouse.query(OURS, asked)}
        table = heads(title)
        for row in self.engine.warehouse.query(UNSAFE, asked):
            game = row["game_id"]
            outcome = outcomes["game totals", game]
            count(self.tally, row, ours.get(game), outcome)
            table.add_row(game[11:], *unsafe(row), boxout(row, ours.get(game), outcome))
        self.screen.print(table)


def heads(title: str) -> Table:
    """An empty table of a scene."""
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    table.add_column("\ngame", min_width=7)
    for head in ("unsafe:\nhighest", "\naverage", "\nimpossible", "\nNULL"):
        table.add_column(head, justify="right", min_width=max(map(len, head.split("\n"))))
    table.add_column("\nBoxout")
    return table


def unsafe(row: dict[str, Any]) -> list[str]:
    """What the script publishes of a game; red where it cannot be true."""
    if row["highest"] is None:
        return ["[red]NULL", "[red]NULL", "", f"[red]{row['nulls']}"]
    is_wrong = abs(row["average"] - 20) > 1
    shade = "[red]" if is_wrong else "[green]"
    figures = [f"{shade}{row['highest']:,.0f} %", f"{shade}{row['average']:,.0f} %"]
    return figures + [f"[red]{row[name] or ''}" for name in ("impossible", "nulls")]


def boxout(row: dict[str, Any], ours: dict[str, Any] | None, outcome: Any) -> str:
    """What became of a game here, and why."""
    reasons = [str(reason) for reason in getattr(outcome, "reasons", ())]
    if reasons:
        return f"[yellow]waits[/]      {reasons[0]}"
    if ours is None:
        return "[red]not public"
    if not hasattr(outcome, "publication"):
        return "[green]kept[/]       public, and nothing it read has moved"
    if ours["source"] == "team_boxscore":
        return f"[green]published[/]  {ours['highest']:.0f} %, from team_boxscore"
    seen = f"team_boxscore has {row['seen_min']:.1f} minutes"
    return f"[green]published[/]  {ours['highest']:.0f} %, from the gamebook: {seen}"


def count(tally: Tally, row: dict[str, Any], ours: dict[str, Any] | None, outcome: Any) -> None:
    """Add what both sides have just published of a game."""
    tally.impossible += row["impossible"]
    tally.nulls += row["nulls"]
    tally.highest = max(tally.highest, row["highest"] or 0)
    tally.unfinished += row["seen_min"] < 48
    if getattr(outcome, "reasons", ()):
        tally.waited.add(row["game_id"])
    if ours:
        tally.our_impossible += ours["impossible"]
        tally.our_nulls += ours["nulls"]
        tally.our_highest = max(tally.our_highest, ours["highest"])
        tally.from_gamebook += ours["source"] != "team_boxscore"


def correct(demo: Demo, games: list[Game]) -> None:
    """The real team box scores of a night come in: what was built from the gamebook is stale."""
    demo.arrive("team_boxscore", demo.captured(team_rows, games, [OVER_S] * len(games)))
    day = games[0].game_date
    outcomes = run(demo.engine, day, day, set(demo.engine.graph.processors)).outcomes.values()
    again = sum(hasattr(one, "publication") for one in outcomes)
    demo.screen.print(
        f"[bold]{day}  the real team box scores have come[/]\n\n  {again} of {len(games)} games "
        "[green]published[/] again, now from team_boxscore; the first versions are kept.\n"
    )


def late_shots(demo: Demo, games: list[Game]) -> None:
    """The play-by-play of a night comes days later: what went out without it is built again."""
    day = games[0].game_date
    (before,) = demo.engine.warehouse.query(ZONES, {"day": day})
    demo.arrive("shots", demo.captured(shots_rows, games, [OVER_S] * len(games)))
    outcomes = run(demo.engine, day, day, set(demo.engine.graph.processors)).outcomes.values()
    again = sum(hasattr(one, "publication") for one in outcomes)
    (after,) = demo.engine.warehouse.query(ZONES, {"day": day})
    demo.screen.print(
        f"[bold]{day}  the play-by-play has come, days late[/]\n\n  {again} of {len(games)} games "
        f"[green]published[/] again: shots by zone were there for {before['games']}, now for "
        f"{after['games']}; {after['paint']:.0f} points a team in the paint.\n"
    )


def tell(demo: Demo, game: str) -> None:
    """What has just happened, in numbers that were counted, and what to try next."""
    tally, say = demo.tally, demo.screen.print
    say("[bold]What just happened")
    say(
        f"The script published {tally.unfinished} games that were not over: [red]{tally.impossible} "
        f"impossible rates, the highest {tally.highest:,.0f} %, and {tally.nulls} NULL[/]."
    )
    say(
        f"Boxout published [green]{tally.our_impossible} impossible rates and {tally.our_nulls} NULL[/], "
        f"the highest {tally.our_highest:.0f} %."
    )
    say(
        f"{tally.from_gamebook} games went out from the complete gamebook, {len(tally.waited)} waited; "
        f"now {tally.public} of {tally.games} are public, and nobody had to intervene."
    )
    say(f"Try next: boxout history player_game_summary {game} -p {demo.folder}", soft_wrap=True)


def main(folder: Path) -> Tally:
    """Play the demo in a new project in this folder; what both sides published."""
    init(folder, "nba-games")
    width = min(WIDTH, Console().width) if sys.stdout.isatty() else WIDTH
    demo = Demo(folder, open_project(folder).engine(), Console(width=width, highlight=False))
    normal, incident, half = (simulate_night(SEED, day) for day in (NORMAL, INCIDENT, HALF))
    demo.arrive("schedule", schedule_rows([*normal, *incident, *half]))
    demo.screen.print(INTRO)
    over = [OVER_S] * len(normal)
    early = list(FIRST_MINUTES_S)
    halved = [OVER_S] * 5 + [HALF_TIME_S] * 5
    demo.scene(f"{NORMAL}  a normal night", normal, over, over)
    demo.scene(
        f"{INCIDENT}  the incident: team box scores from the first minutes", incident, over, early
    )
    demo.scene(f"{HALF}  half a night: five games are at half-time", half, halved, halved)
    demo.scene(f"{HALF}  an hour later: all are over", half, over, over)
    correct(demo, incident)
    late_shots(demo, normal)
    (row,) = demo.engine.warehouse.query(PUBLIC)
    demo.tally.games, demo.tally.public = len(normal) + len(incident) + len(half), row["games"]
    tell(demo, incident[0].game_id)
    return demo.tally


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp(prefix="boxout-demo-")))
