"""Lines: a season's closing lines, prop lines of a table, and snapshots of The Odds API."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from boxout import Measure, Reader, Rows, ibis
from boxout_nba.readers.clock import eastern_date
from boxout_nba.readers.documents import FILES, document
from boxout_nba.readers.ids import team_of_name
from boxout_nba.readers.rejects import NAMED_REJECTS, REJECTS
from boxout_nba.spelling import game_key, lookup
from boxout_nba.tables import GAME_LINES, PLAYER_PROPS
from boxout_nba.tables.dates import MARKETS

NO_LINE = "a market without a line"
PROP_MARKETS = {f"player_{market}": market for market in MARKETS}
WITHOUT_LINE = ("player_double_double", "player_triple_double")
EVEN = 2.0
"""Decimal odds at which American odds change their sign."""


def read_closing_lines(raw: Rows) -> Rows:
    """The spread there is positive for whoever is favoured; here it is what the home team gives."""
    date = raw.game_date.substr(0, 10)
    spread = raw.spread.try_cast("float64")
    return raw.select(
        "_line",
        game_date=date,
        game_id=game_key(raw.game_date, raw.away_team, raw.home_team),
        bookmaker=ibis.literal("closing"),
        seen_at=ibis.literal("closing"),
        home_spread=raw.favored.cases(
            ("home", -spread), ("away", spread), else_=ibis.null("float64")
        ),
        total=raw.total,
        home_moneyline=raw.moneyline_home,
        away_moneyline=raw.moneyline_away,
    )


def read_props(raw: Rows) -> Rows:
    """A row per line; markets that are a yes or a no have none, and are set aside as such."""
    return raw.select(
        "_line",
        "bookmaker",
        "over_odds",
        "under_odds",
        "line",
        game_date=raw.game_date_et.substr(0, 10),
        game_id=game_key(raw.game_date_et, raw.away_team, raw.home_team),
        player_lookup=lookup(raw.player),
        player_name=raw.player,
        market=raw.market.substitute(PROP_MARKETS),
        seen_at=raw.snapshot,
    )


def odds(path: Path) -> Iterator[dict[str, object]]:
    """A row per bookmaker of a snapshot, of one game or of several."""
    snapshot = document(path)
    given = snapshot["data"]
    for game in given if isinstance(given, list) else [given]:
        for bookmaker in game["bookmakers"]:
            yield {
                "timestamp": snapshot["timestamp"],
                "commence_time": game["commence_time"],
                "home_team": game["home_team"],
                "away_team": game["away_team"],
                "bookmaker": bookmaker["key"],
                **_markets(bookmaker, game["home_team"], game["away_team"]),
            }


def _markets(bookmaker: dict[str, Any], home: str, away: str) -> dict[str, object]:
    found: dict[tuple[str, str], dict[str, Any]] = {
        (market["key"], outcome["name"]): outcome
        for market in bookmaker["markets"]
        for outcome in market["outcomes"]
    }
    nothing: dict[str, Any] = {}
    return {
        "home_spread": found.get(("spreads", home), nothing).get("point"),
        "total": found.get(("totals", "Over"), nothing).get("point"),
        "home_price": found.get(("h2h", home), nothing).get("price"),
        "away_price": found.get(("h2h", away), nothing).get("price"),
    }


def read_odds(raw: Rows) -> Rows:
    """Lines as they stood at the time of the snapshot; prices are decimal odds there."""
    date = eastern_date(raw.commence_time)
    return raw.select(
        "_line",
        "bookmaker",
        "home_spread",
        "total",
        game_date=date,
        game_id=game_key(date, team_of_name(raw.away_team), team_of_name(raw.home_team)),
        seen_at=raw.timestamp,
        home_moneyline=_american(raw.home_price),
        away_moneyline=_american(raw.away_price),
    )


def _american(price: Measure) -> Measure:
    decimal = price.try_cast("float64")
    return ibis.cases(
        (decimal.abs() >= 100, decimal),
        (decimal >= EVEN, (decimal - 1) * 100),
        (decimal > 1, -100 / (decimal - 1)),
        else_=ibis.null("float64"),
    ).round(0)


def knows_odds(path: Path) -> bool:
    """Tells a snapshot of lines: a game with its bookmakers."""
    given = document(path).get("data")
    first: Any = given[0] if isinstance(given, list) and given else given
    return isinstance(first, dict) and {"bookmakers", "commence_time"} <= first.keys()


BETTING = (
    Reader(
        "closing_lines",
        GAME_LINES,
        (
            *("game_date", "away_team", "home_team", "favored", "spread", "total"),
            *("moneyline_home", "moneyline_away"),
        ),
        read_closing_lines,
        REJECTS,
        ("betting/game_lines*.parquet",),
    ),
    Reader(
        "prop_lines",
        PLAYER_PROPS,
        (
            *("snapshot", "game_date_et", "away_team", "home_team", "player", "market", "line"),
            *("bookmaker", "over_odds", "under_odds"),
        ),
        read_props,
        {NO_LINE: lambda rows: rows.market.isin(WITHOUT_LINE), **NAMED_REJECTS},
        ("betting/player_props*.parquet",),
        harmless=frozenset({NO_LINE}),
    ),
    Reader(
        "odds_snapshot",
        GAME_LINES,
        ("timestamp", "commence_time", "home_team", "away_team", "bookmaker", "home_spread"),
        read_odds,
        REJECTS,
        FILES,
        opens=odds,
        knows=knows_odds,
    ),
)
