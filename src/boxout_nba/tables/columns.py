"""Columns and checks that several tables share."""

from boxout import Check, Column, Scheme, count, every_row, flag, number, text
from boxout_nba import formulas
from boxout_nba.predicates import COUNTED, plays_in_game
from boxout_nba.zones import ZONE_COLUMNS, shots_state

GAME = Scheme("game", "game_id")
REJECT_SHARE_MAX = 0.5
"""When one rule rejects more of a night or a backfill than this, the rule or the input is wrong."""

SEASON_DAYS = 366
"""A window of so many days holds every earlier date of its season; none is longer."""

DATE = Scheme("date", "game_date")
DNP = "did not play"
UNDEFINED = "the denominator is zero"
NO_SHOTS = "no shots have arrived, or they are not those of the box score"
GAME_ID = text("game_id", "YYYY-MM-DD/AWY@HOM, the Eastern Time date of tip-off as scheduled")
GAME_DATE = text("game_date", "Eastern Time date of tip-off, YYYY-MM-DD")
TEAM = text("team", "official tricode")
OPPONENT = text("opponent", "official tricode")
PLAYER_LOOKUP = text("player_lookup", "normalised name")
PLAYER_ID = text(
    "player_id", "league id, or bref:<id> or name:<lookup> where the league's is not known"
)
PLAYER_NAME = text("player_name", "name as published")

IN_GAME = every_row("team plays in the game", plays_in_game, shown=("team",))

COUNTED_MEANS = {
    "pts": "points",
    "fgm": "field goals made",
    "fga": "field goals attempted",
    "fg3m": "threes made",
    "fg3a": "threes attempted",
    "ftm": "free throws made",
    "fta": "free throws attempted",
    "oreb": "offensive rebounds",
    "dreb": "defensive rebounds",
    "ast": "assists",
    "stl": "steals",
    "blk": "blocks",
    "tov": "turnovers of the players",
    "pf": "personal fouls",
}
IN_PAINT = "2 (makes in the restricted area + makes in the paint)"


def line(null: str | None = None) -> tuple[Column, ...]:
    """The counting columns of a box score."""
    return tuple(count(name, COUNTED_MEANS[name], null=null) for name in COUNTED)


def zone_means(name: str) -> str:
    """What a column of a zone counts: `paint_fga` are attempts, paint."""
    zone, _, what = name.rpartition("_")
    return f"{'makes' if what == 'fgm' else 'attempts'}, {zone.replace('_', ' ')}"


def zone_columns(whose: str, null: str = NO_SHOTS) -> tuple[Column, ...]:
    """Makes and attempts by shot zone, and the points from the painted area."""
    counts = (count(name, f"{whose} {zone_means(name)}", null=null) for name in ZONE_COLUMNS)
    in_paint = f"{whose} points in the paint"
    return (*counts, count("pts_paint", in_paint, unit="points", null=null, formula=IN_PAINT))


SHOTS_STATE = text(
    "shots_state",
    "agrees, differs (attempts or makes are not those of the box score) or absent",
    formula=shots_state,
)
RATES = (
    number("ts_pct", "true shooting", unit="fraction", null=UNDEFINED, formula=formulas.ts_pct),
    number(
        "efg_pct",
        "effective field-goal share",
        unit="fraction",
        null=UNDEFINED,
        formula=formulas.efg_pct,
    ),
)


def known(column: str, *values: str) -> Check:
    """The column holds one of these words."""
    return every_row(f"known {column}", lambda t: t[column].isin(values), shown=(column,))


HOME_GAME = flag("home_game", "whether the team is the home team of the key")
