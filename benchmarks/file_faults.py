"""Kinds of faults in the files of a night: what is wrong is what really goes wrong with feeds.

A kind takes the night's frames by source and changes one of them; `both` is the same fault in the
player lines and in the team lines, as if both came from one broken feed.
"""

from collections.abc import Callable, Mapping
from random import Random
from typing import NamedTuple, TypeAlias

import polars as pl

Frames: TypeAlias = Mapping[str, pl.DataFrame]
Change: TypeAlias = Callable[["Night", Random], dict[str, pl.DataFrame]]

LINE = (
    "fgm",
    "fga",
    "fg3m",
    "fg3a",
    "ftm",
    "fta",
    "oreb",
    "dreb",
    "ast",
    "stl",
    "blk",
    "pf",
    "pts",
)
COUNTED = (*LINE, "tov")


class Night(NamedTuple):
    """The frames of one date by source, and of the date with games before it."""

    day: str
    frames: Frames
    before: Frames

    @property
    def team_source(self) -> str:
        return "team_box" if "team_box" in self.frames else "team_box_alt"

    @property
    def players(self) -> pl.DataFrame:
        return self.frames["bref_player_box"]

    @property
    def teams(self) -> pl.DataFrame:
        return self.frames[self.team_source]


class Kind(NamedTuple):
    """One kind of fault, and which nights can have it."""

    name: str
    change: Change
    needs: str = ""


def _some(random: Random, frame: pl.DataFrame, column: str) -> str:
    return random.choice(sorted(frame[column].unique().to_list()))


def _game(random: Random, frame: pl.DataFrame) -> str:
    return _some(random, frame, "game_id")


def _in(frame: pl.DataFrame, where: pl.Expr, **to: pl.Expr) -> pl.DataFrame:
    """The frame, changed where a condition holds."""
    return frame.with_columns(
        pl.when(where).then(new).otherwise(pl.col(name)).alias(name) for name, new in to.items()
    )


def _star(random: Random, players: pl.DataFrame) -> pl.Expr:
    """One of the three players with the most points of a random game."""
    game = _game(random, players)
    best = players.filter(pl.col("game_id") == game).sort("pts", descending=True, nulls_last=True)
    return pl.col("bref_player_id") == best["bref_player_id"][random.randrange(3)]


def _times(columns: tuple[str, ...], by: float) -> dict[str, pl.Expr]:
    return {name: (pl.col(name) * by).round().cast(pl.Int64) for name in columns}


def of_players(make: Callable[[pl.DataFrame, Random], pl.DataFrame]) -> Change:
    return lambda night, random: {"bref_player_box": make(night.players, random)}


def of_teams(make: Callable[[pl.DataFrame, Random], pl.DataFrame]) -> Change:
    return lambda night, random: {night.team_source: make(night.teams, random)}


def of_both(make: Callable[[pl.DataFrame, Random], pl.DataFrame]) -> Change:
    """The very same change in both; the random choices are drawn once."""

    def change(night: Night, random: Random) -> dict[str, pl.DataFrame]:
        seed = random.random()
        return {
            "bref_player_box": make(night.players, Random(seed)),
            night.team_source: make(night.teams, Random(seed)),
        }

    return change


def of_shots(make: Callable[[pl.DataFrame, Random], pl.DataFrame]) -> Change:
    return lambda night, random: {"shots": make(night.frames["shots"], random)}


def of_schedule(make: Callable[[pl.DataFrame, Random], pl.DataFrame]) -> Change:
    return lambda night, random: {"games": make(night.frames["games"], random)}


def in_one_game(frame: pl.DataFrame, random: Random, **to: pl.Expr) -> pl.DataFrame:
    return _in(frame, pl.col("game_id") == _game(random, frame), **to)


def scaled(columns: tuple[str, ...], by: float, *, is_one_game: bool = True):
    def make(frame: pl.DataFrame, random: Random) -> pl.DataFrame:
        to = _times(tuple(c for c in columns if c in frame.columns), by)
        return (
            in_one_game(frame, random, **to)
            if is_one_game
            else _in(frame, pl.lit(value=True), **to)
        )

    return make


def set_to(value: object, *columns: str, is_one_game: bool = False):
    def make(frame: pl.DataFrame, random: Random) -> pl.DataFrame:
        chosen = columns or (random.choice(COUNTED),)
        to = {name: pl.lit(value).cast(frame.schema[name]) for name in chosen}
        played = (
            pl.col("seconds").is_not_null() if "seconds" in frame.columns else pl.lit(value=True)
        )
        if is_one_game:
            played &= pl.col("game_id") == _game(random, frame)
        return _in(frame, played, **to)

    return make


def without_a_team(frame: pl.DataFrame, random: Random) -> pl.DataFrame:
    game = _game(random, frame)
    team = _some(random, frame.filter(pl.col("game_id") == game), "team")
    return frame.filter(~((pl.col("game_id") == game) & (pl.col("team") == team)))


def twice(frame: pl.DataFrame, random: Random) -> pl.DataFrame:
    return pl.concat([frame, frame.filter(pl.col("game_id") == _game(random, frame))])


def shifted(frame: pl.DataFrame, random: Random) -> pl.DataFrame:
    """Every value of the line stands one column to the right."""
    names = [name for name in frame.columns if name in COUNTED]
    moved = {new: pl.col(old) for new, old in zip(names[1:], names[:-1], strict=True)}
    return in_one_game(frame, random, **moved)


def truncated(frame: pl.DataFrame, random: Random) -> pl.DataFrame:
    return frame.head(int(len(frame) * random.uniform(0.5, 0.9)))


def teams_swapped(frame: pl.DataFrame, random: Random) -> pl.DataFrame:
    return in_one_game(
        frame, random, team=pl.col("opponent"), opponent=pl.col("team"), is_home=~pl.col("is_home")
    )


def sides_swapped(frame: pl.DataFrame, random: Random) -> pl.DataFrame:
    return in_one_game(frame, random, is_home=~pl.col("is_home"))


def labels_swapped(frame: pl.DataFrame, random: Random) -> pl.DataFrame:
    """Each line under the other team's name, home and away as they were."""
    return teams_swapped(frame, random)


def columns_swapped(one: str, other: str, *, is_one_game: bool = True):
    def make(frame: pl.DataFrame, random: Random) -> pl.DataFrame:
        to = {one: pl.col(other), other: pl.col(one)}
        return (
            in_one_game(frame, random, **to)
            if is_one_game
            else _in(frame, pl.lit(value=True), **to)
        )

    return make


def star_doubled(players: pl.DataFrame, random: Random) -> pl.DataFrame:
    return _in(players, _star(random, players), **_times(COUNTED, 2))


def star_missing(players: pl.DataFrame, random: Random) -> pl.DataFrame:
    return players.filter(~_star(random, players))


def star_did_not_play(players: pl.DataFrame, random: Random) -> pl.DataFrame:
    to = {n: pl.lit(None) for n in (*COUNTED, "seconds", "plus_minus")}
    return _in(players, _star(random, players), status=pl.lit("Did Not Play"), **to)


def one_more(frame: pl.DataFrame, random: Random) -> pl.DataFrame:
    """One value of one line is one too high; another each time."""
    played = frame.filter(pl.col("fga").is_not_null())
    row = played.row(random.randrange(len(played)), named=True)
    who = "bref_player_id" if "bref_player_id" in row else "team"
    name = random.choice(COUNTED)
    mine = (pl.col("game_id") == row["game_id"]) & (pl.col(who) == row[who])
    return _in(frame, mine, **{name: pl.col(name) + 1})


def two_lines_swapped(players: pl.DataFrame, random: Random) -> pl.DataFrame:
    """Two team mates have each other's line."""
    game = _game(random, players)
    team = players.filter((pl.col("game_id") == game) & (pl.col("seconds") > 600))
    team = team.filter(pl.col("team") == _some(random, team, "team"))
    one, other = random.sample(team["bref_player_id"].to_list(), 2)
    names = ("bref_player_id", "player_id", "player_name")
    rows = {p: team.filter(pl.col("bref_player_id") == p).row(0, named=True) for p in (one, other)}
    mine = pl.col("game_id") == game
    to = {
        n: pl.when(pl.col("bref_player_id") == one)
        .then(pl.lit(rows[other][n]))
        .otherwise(pl.lit(rows[one][n]))
        for n in names
    }
    return _in(players, mine & pl.col("bref_player_id").is_in([one, other]), **to)


def other_player_id(players: pl.DataFrame, random: Random) -> pl.DataFrame:
    """A player has the id and name of one of another game."""
    star = _star(random, players)
    game = players.filter(star)["game_id"][0]
    others = players.filter(pl.col("game_id") != game)
    if others.is_empty():
        others = players.filter(
            (pl.col("game_id") == game) & (pl.col("team") != players.filter(star)["team"][0])
        )
    row = others.row(random.randrange(len(others)), named=True)
    return _in(
        players, star, **{n: pl.lit(row[n]) for n in ("bref_player_id", "player_id", "player_name")}
    )


def other_game(frame: pl.DataFrame, random: Random) -> pl.DataFrame:
    """One game's rows hold the numbers of another game of the night."""
    games = sorted(frame["game_id"].unique().to_list())
    one, other = random.sample(games, 2)
    keep = frame.filter(pl.col("game_id") != one)
    names = [n for n in ("game_id", "team", "opponent") if n in frame.columns]
    taken, lost = frame.filter(pl.col("game_id") == other), frame.filter(pl.col("game_id") == one)
    sides = {True: {}, False: {}}
    for is_home in (True, False):
        sides[is_home] = lost.filter(pl.col("is_home") == is_home).row(0, named=True)
    wrong = pl.concat(
        taken.filter(pl.col("is_home") == h).with_columns(
            pl.lit(sides[h][n]).alias(n) for n in names
        )
        for h in (True, False)
    )
    return pl.concat([keep, wrong])


def yesterday(source: str) -> Change:
    """The file of the date before, under this date: as rows of the games of this one."""

    def change(night: Night, _random: Random) -> dict[str, pl.DataFrame]:
        name = night.team_source if source == "team" else source
        today, old = night.frames[name], night.before[name]
        games, olds = (sorted(f["game_id"].unique().to_list()) for f in (today, old))
        parts = []
        for one, other in zip(games, olds, strict=False):
            for is_home in (True, False):
                mine = today.filter(
                    (pl.col("game_id") == one) & (pl.col("is_home") == is_home)
                ).row(0, named=True)
                rows = old.filter((pl.col("game_id") == other) & (pl.col("is_home") == is_home))
                given = ("game_id", "game_date", "team", "opponent")
                parts.append(
                    rows.with_columns(pl.lit(mine[n]).cast(today.schema[n]).alias(n) for n in given)
                )
        return {name: pl.concat(parts)}

    return change


def yesterday_dated(source: str) -> Change:
    """The file of the date before with only its date changed."""

    def change(night: Night, _random: Random) -> dict[str, pl.DataFrame]:
        name = night.team_source if source == "team" else source
        old = night.before[name]
        date = night.frames[name]["game_date"][0]
        return {name: old.with_columns(pl.lit(date).alias("game_date"))}

    return change


def running(share: float):
    """A capture in the middle of the game: every number is a part of the final one."""

    def make(frame: pl.DataFrame, random: Random) -> pl.DataFrame:
        names = tuple(n for n in (*COUNTED, "seconds") if n in frame.columns)
        to = {n: (pl.col(n) * share).floor().cast(pl.Int64) for n in names}
        to |= {n: pl.col(n) * share for n in ("minutes",) if n in frame.columns}
        return in_one_game(frame, random, **to)

    return make


def running_scored(share: float):
    """The same, with points that add up, as a live page has them."""

    def make(frame: pl.DataFrame, random: Random) -> pl.DataFrame:
        found = running(share)(frame, random)
        is_any = pl.col("fgm").is_not_null()
        fixed = _in(found, is_any, fg3m=pl.min_horizontal("fg3m", "fgm"))
        return _in(fixed, is_any, pts=2 * pl.col("fgm") + pl.col("fg3m") + pl.col("ftm"))

    return make


def all_zero(frame: pl.DataFrame, random: Random) -> pl.DataFrame:
    names = [n for n in (*COUNTED, "seconds", "minutes") if n in frame.columns]
    return set_to(0, *names, is_one_game=True)(frame, random)


def zeros_for_nulls(players: pl.DataFrame, _random: Random) -> pl.DataFrame:
    names = (*COUNTED, "seconds")
    return players.with_columns(pl.col(n).fill_null(0) for n in names)


def unknown_team(frame: pl.DataFrame, random: Random) -> pl.DataFrame:
    team = _some(random, frame, "team")
    return _in(frame, pl.col("team") == team, team=pl.lit("XYZ"))


def negative(frame: pl.DataFrame, random: Random) -> pl.DataFrame:
    name = random.choice(COUNTED)
    return in_one_game(frame, random, **{name: -pl.col(name)})


def a_hundredth(frame: pl.DataFrame, _random: Random) -> pl.DataFrame:
    """Counts as shares of a hundred: fractions where whole numbers are expected."""
    return frame.with_columns((pl.col(n) / 100).alias(n) for n in ("pts", "fga", "fgm"))


def clock_as_decimal(players: pl.DataFrame, _random: Random) -> pl.DataFrame:
    """34:30 was read as 34.30 minutes."""
    whole, rest = pl.col("seconds") // 60, pl.col("seconds") % 60
    return players.with_columns(((whole + rest / 100) * 60).round(2).alias("seconds"))


def minutes_moved(players: pl.DataFrame, random: Random) -> pl.DataFrame:
    """Ten minutes of a star were given to the last man on the bench."""
    star = _star(random, players)
    mine = players.filter(star).row(0, named=True)
    team = players.filter(
        (pl.col("game_id") == mine["game_id"])
        & (pl.col("team") == mine["team"])
        & (pl.col("seconds") > 0)
    )
    last = team.sort("seconds").row(0, named=True)["bref_player_id"]
    moved = _in(players, star, seconds=pl.col("seconds") - 600)
    return _in(moved, pl.col("bref_player_id") == last, seconds=pl.col("seconds") + 600)


def in_both_teams(players: pl.DataFrame, random: Random) -> pl.DataFrame:
    """A star is listed, with his line, for the opponent too."""
    line = players.filter(_star(random, players))
    other = line.with_columns(
        team=pl.col("opponent"), opponent=pl.col("team"), is_home=~pl.col("is_home")
    )
    return pl.concat([players, other])


def shots_of_half(shots: pl.DataFrame, random: Random) -> pl.DataFrame:
    return shots.filter((pl.col("game_id") != _game(random, shots)) | (pl.col("period") < 3))


def shots_made_inverted(shots: pl.DataFrame, random: Random) -> pl.DataFrame:
    return in_one_game(shots, random, shot_made=~pl.col("shot_made"))


def shots_of_one_zone(shots: pl.DataFrame, random: Random) -> pl.DataFrame:
    """Every two-point attempt of a game is said to be mid-range."""
    is_two = pl.col("shot_type").str.starts_with("2PT")
    mine = (pl.col("game_id") == _game(random, shots)) & is_two
    return _in(shots, mine, zone_basic=pl.lit("Mid-Range"))


def shots_in_metres(shots: pl.DataFrame, random: Random) -> pl.DataFrame:
    to = {n: pl.col(n) * 0.3048 for n in ("loc_x", "loc_y")}
    to["shot_distance"] = (pl.col("shot_distance") * 0.3048).round().cast(pl.Int64)
    return in_one_game(shots, random, **to)


def shooters_swapped(shots: pl.DataFrame, random: Random) -> pl.DataFrame:
    """Two team mates have each other's shots."""
    game = _game(random, shots)
    mine = shots.filter(pl.col("game_id") == game)
    team = mine.filter(pl.col("team_id") == mine["team_id"][0])
    counts = team.group_by("player_id").len().sort("len", descending=True)["player_id"].to_list()
    one, other = counts[0], counts[-1]
    names = {p: team.filter(pl.col("player_id") == p)["player_name"][0] for p in (one, other)}
    swap = {one: other, other: one}
    is_one = (pl.col("game_id") == game) & pl.col("player_id").is_in([one, other])
    return _in(
        shots, is_one,
        player_id=pl.col("player_id").replace(swap),
        player_name=pl.col("player_id").replace_strict({p: names[swap[p]] for p in swap}, default=None),
    )  # fmt: skip


def game_moved(games: pl.DataFrame, random: Random) -> pl.DataFrame:
    """Home and away change places, with their scores."""
    to = {f"{a}_team": pl.col(f"{b}_team") for a, b in (("home", "away"), ("away", "home"))}
    return in_one_game(games, random, **to)


def game_gone(games: pl.DataFrame, random: Random) -> pl.DataFrame:
    return games.filter(pl.col("game_id") != _game(random, games))


def own_opponent(games: pl.DataFrame, random: Random) -> pl.DataFrame:
    return in_one_game(games, random, away_team=pl.col("home_team"))


def renamed(name: str):
    return lambda frame, _: frame.rename({name: f"{name}_total"})


def emptied(frame: pl.DataFrame, _random: Random) -> pl.DataFrame:
    return frame.clear()


ONE_SOURCE: tuple[Kind, ...] = (
    Kind("players: zeros from a running game", of_players(all_zero)),
    Kind("players: captured at half-time", of_players(running(0.5))),
    Kind("players: captured in the last minute", of_players(running_scored(0.97))),
    Kind("players: team missing", of_players(without_a_team)),
    Kind("players: a game twice", of_players(twice)),
    Kind("players: columns shifted", of_players(shifted)),
    Kind("players: file truncated", of_players(truncated)),
    Kind("players: yesterday's numbers", yesterday("bref_player_box")),
    Kind("players: yesterday's file, new date", yesterday_dated("bref_player_box")),
    Kind("players: teams swapped", of_players(labels_swapped)),
    Kind("players: home and away swapped", of_players(sides_swapped)),
    Kind("players: another game's numbers", of_players(other_game), "games"),
    Kind("players: a star's line doubled", of_players(star_doubled)),
    Kind("players: a star missing", of_players(star_missing)),
    Kind("players: a star said not to have played", of_players(star_did_not_play)),
    Kind("players: one value off by one", of_players(one_more)),
    Kind("players: two lines swapped", of_players(two_lines_swapped)),
    Kind("players: another player's id", of_players(other_player_id)),
    Kind("players: a player in both teams", of_players(in_both_teams)),
    Kind("players: nulls in a column", of_players(set_to(None))),
    Kind("players: zeros in a column", of_players(set_to(0))),
    Kind("players: zeros where nobody played", of_players(zeros_for_nulls)),
    Kind(
        "players: seconds taken for minutes",
        of_players(scaled(("seconds",), 60, is_one_game=False)),
    ),
    Kind(
        "players: minutes taken for seconds",
        of_players(scaled(("seconds",), 1 / 60, is_one_game=False)),
    ),
    Kind("players: 34:30 read as 34.30", of_players(clock_as_decimal)),
    Kind("players: ten minutes to another", of_players(minutes_moved)),
    Kind("players: a fiftieth of the attempts", of_players(scaled(("fga", "fta", "tov"), 0.02))),
    Kind("players: shares for counts", of_players(a_hundredth)),
    Kind("players: negative numbers", of_players(negative)),
    Kind("players: steals and blocks swapped", of_players(columns_swapped("stl", "blk"))),
    Kind("players: rebounds swapped", of_players(columns_swapped("oreb", "dreb"))),
    Kind("players: assists and turnovers swapped", of_players(columns_swapped("ast", "tov"))),
    Kind("players: turnovers doubled", of_players(scaled(("tov",), 2))),
    Kind("players: unknown team", of_players(unknown_team)),
    Kind("players: a column renamed", of_players(renamed("stl"))),
    Kind("players: empty file", of_players(emptied)),
    Kind("teams: zeros from a running game", of_teams(all_zero)),
    Kind("teams: captured in the last minute", of_teams(running_scored(0.97))),
    Kind("teams: a team missing", of_teams(without_a_team)),
    Kind("teams: a game twice", of_teams(twice)),
    Kind("teams: columns shifted", of_teams(shifted)),
    Kind("teams: yesterday's numbers", yesterday("team")),
    Kind("teams: teams swapped", of_teams(labels_swapped)),
    Kind("teams: home and away swapped", of_teams(sides_swapped)),
    Kind("teams: one value off by one", of_teams(one_more)),
    Kind("teams: a fiftieth of the attempts", of_teams(scaled(("fga", "fta", "tov"), 0.02))),
    Kind("teams: ten times the assists", of_teams(scaled(("ast",), 10))),
    Kind("teams: turnovers doubled", of_teams(scaled(("tov",), 2))),
    Kind("teams: nulls in a column", of_teams(set_to(None))),
    Kind("shots: of the first half only", of_shots(shots_of_half), "shots"),
    Kind("shots: makes and misses inverted", of_shots(shots_made_inverted), "shots"),
    Kind("shots: every two from mid-range", of_shots(shots_of_one_zone), "shots"),
    Kind("shots: metres for feet", of_shots(shots_in_metres), "shots"),
    Kind("shots: two shooters swapped", of_shots(shooters_swapped), "shots"),
    Kind("schedule: home and away swapped", of_schedule(game_moved)),
    Kind("schedule: a game gone", of_schedule(game_gone)),
    Kind("schedule: a team plays itself", of_schedule(own_opponent)),
)
"""Each strikes one source, or one file of it."""

BOTH: tuple[Kind, ...] = (
    Kind("zeros from a running game", of_both(all_zero)),
    Kind("captured at half-time", of_both(running_scored(0.5))),
    Kind("columns shifted", of_both(shifted)),
    Kind("teams swapped", of_both(labels_swapped)),
    Kind("another game's numbers", of_both(other_game), "games"),
    Kind("a fiftieth of the attempts", of_both(scaled(("fga", "fta", "tov"), 0.02))),
    Kind("blocks zero on the whole night", of_both(set_to(0, "blk"))),
    Kind("assists zero in a game", of_both(set_to(0, "ast", is_one_game=True))),
    Kind("fouls doubled on the whole night", of_both(scaled(("pf",), 2, is_one_game=False))),
    Kind(
        "steals and blocks swapped, whole night",
        of_both(columns_swapped("stl", "blk", is_one_game=False)),
    ),
    Kind("rebounds swapped in a game", of_both(columns_swapped("oreb", "dreb"))),
    Kind(
        "assists and turnovers swapped, whole night",
        of_both(columns_swapped("ast", "tov", is_one_game=False)),
    ),
    Kind("free throws lost in a game", of_both(set_to(0, "ftm", "fta", is_one_game=True))),
    Kind("offensive rebounds doubled in a game", of_both(scaled(("oreb",), 2))),
    Kind("nulls in a column", of_both(set_to(None))),
)
"""The same in both sources: no identity between them can see it."""
