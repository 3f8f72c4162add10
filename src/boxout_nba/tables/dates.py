"""The sources that are landed by date, several times a day: the latest arrival counts."""

from boxout import Check, every_row, instant, number, source, text
from boxout_nba.tables.columns import (
    DATE,
    GAME_DATE,
    GAME_ID,
    PLAYER_ID,
    PLAYER_LOOKUP,
    PLAYER_NAME,
    TEAM,
    known,
)

NOT_GIVEN = "not published"
OF_DATE: Check = every_row(
    "game is of the date", lambda t: t.game_id.substr(0, 10) == t.game_date, shown=("game_id",)
)
REPORTED = ("available", "probable", "questionable", "doubtful", "out")
MARKETS = ("points", "rebounds", "assists", "threes", "steals", "blocks", "points_rebounds_assists")

ROSTERS = source(
    "rosters",
    one_row_per="player under contract with a team on the date",
    scheme=DATE,
    key=("game_date", "team", "player_id"),
    columns=(
        GAME_DATE,
        TEAM,
        PLAYER_LOOKUP,
        PLAYER_ID,
        PLAYER_NAME,
        text("position", "as published", null=NOT_GIVEN),
    ),
    checks=(
        every_row("team has an official code", lambda t: t.team.length() == 3, shown=("team",)),
    ),
)
INJURY_REPORT = source(
    "injury_report",
    one_row_per="player listed in the report of the date",
    scheme=DATE,
    key=("game_id", "team", "player_lookup"),
    columns=(
        GAME_DATE,
        GAME_ID,
        TEAM,
        PLAYER_LOOKUP,
        PLAYER_NAME,
        text("status", ", ".join(REPORTED)),
        text("reason", "as published", null=NOT_GIVEN),
        instant("reported_utc", "when the report was issued", null=NOT_GIVEN),
    ),
    checks=(OF_DATE, known("status", *REPORTED)),
)
PLAYER_PROPS = source(
    "player_props",
    one_row_per="line of one bookmaker on one player and market, as it stood at one moment",
    scheme=DATE,
    key=("game_id", "player_lookup", "market", "bookmaker", "seen_at", "line"),
    columns=(
        GAME_DATE,
        GAME_ID,
        PLAYER_LOOKUP,
        PLAYER_NAME,
        text("market", ", ".join(MARKETS)),
        text("bookmaker", "as published"),
        text("seen_at", "when the line was seen, as published; sorts by time"),
        number("line", "the number to be over or under"),
        number("over_odds", "American odds of the over", null=NOT_GIVEN),
        number("under_odds", "American odds of the under", null=NOT_GIVEN),
    ),
    checks=(OF_DATE, known("market", *MARKETS)),
)
GAME_LINES = source(
    "game_lines",
    one_row_per="line of one bookmaker on one game, as it stood at one moment",
    scheme=DATE,
    key=("game_id", "bookmaker", "seen_at"),
    columns=(
        GAME_DATE,
        GAME_ID,
        text("bookmaker", "as published; `closing` for the last line before tip-off"),
        text("seen_at", "when the line was seen, as published; sorts by time"),
        number(
            "home_spread",
            "points the home team gives; negative when favoured",
            unit="points",
            null=NOT_GIVEN,
        ),
        number("total", "points of both teams", unit="points", null=NOT_GIVEN),
        number("home_moneyline", "American odds of the home team", null=NOT_GIVEN),
        number("away_moneyline", "American odds of the away team", null=NOT_GIVEN),
    ),
    checks=(OF_DATE,),
)
