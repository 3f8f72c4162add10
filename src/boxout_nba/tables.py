"""The tables of the NBA pipeline, with what must hold in each."""

from boxout import (
    Check,
    Column,
    Measure,
    Predicate,
    Rows,
    Scheme,
    at_least,
    between,
    complete,
    count,
    derived,
    every_row,
    exactly,
    flag,
    ibis,
    instant,
    number,
    source,
    text,
)

GAME = Scheme("game", "game_id")
DATE = Scheme("date", "game_date")
COUNTED = (
    "pts",
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
    "tov",
    "pf",
)
DNP = "did not play"
UNDEFINED = "the denominator is zero"
GAME_ID = text("game_id", "YYYY-MM-DD/AWY@HOM, the Eastern Time date of tip-off as scheduled")
TEAM = text("team", "official tricode")


def line(null: str | None = None) -> tuple[Column, ...]:
    """The counting columns of a box score."""
    return tuple(count(name, f"{name} of the box score", null=null) for name in COUNTED)


def points_add_up(rows: Rows) -> Predicate:
    """Points are two per two-point make, three per three, one per free throw."""
    return rows.pts == 2 * (rows.fgm - rows.fg3m) + 3 * rows.fg3m + rows.ftm


def makes_within_attempts(rows: Rows) -> Predicate:
    """No more made than tried; every three is a field goal."""
    tried = (rows.fgm <= rows.fga) & (rows.fg3m <= rows.fg3a) & (rows.fg3a <= rows.fga)
    return tried & (rows.ftm <= rows.fta) & (rows.fg3m <= rows.fgm)


def has_played(rows: Rows) -> Predicate:
    """Whether a listed player was active."""
    return rows.status == "active"


def of_away(rows: Rows) -> Predicate:
    """Whether the row belongs to the away team, by the game's key."""
    return rows.team == rows.game_id.substr(11, 3)


def of_home(rows: Rows) -> Predicate:
    """Whether the row belongs to the home team, by the game's key."""
    return rows.team == rows.game_id.substr(15, 3)


def fewest_with_minutes(rows: Rows) -> Measure:
    """Players with minutes in the team that has fewer of them."""
    played = rows.minutes > 0
    return ibis.least((played & of_away(rows)).sum(), (played & of_home(rows)).sum())


def minutes_off(rows: Rows) -> Measure:
    """Minutes by which a team's players miss 240 + 25 per overtime; the larger of both teams."""
    away = rows.minutes.sum(where=of_away(rows))
    home = rows.minutes.sum(where=of_home(rows))
    return ibis.greatest(*(_off(minutes) for minutes in (away, home)))


def _off(minutes: Measure) -> Measure:
    periods = ibis.greatest(((minutes - 240) / 25).round(), 0)
    return (minutes - (240 + 25 * periods)).abs()


def lesser(column: str):
    """The smaller of both teams' values of a column."""
    return lambda rows: rows[column].min()


PLAYER_CHECKS: tuple[Check, ...] = (
    every_row(
        "points add up",
        lambda t: ~has_played(t) | points_add_up(t),
        shown=("pts", "fgm", "fg3m", "ftm"),
    ),
    every_row("makes within attempts", lambda t: ~has_played(t) | makes_within_attempts(t)),
    every_row(
        "did not play has no stats", lambda t: has_played(t) | (t.pts.isnull() & t.minutes.isnull())
    ),
    every_row("team plays in the game", lambda t: of_away(t) | of_home(t), shown=("team",)),
    complete(at_least(5, "players with minutes in the lesser team", fewest_with_minutes)),
    complete(between(0, 2, "player minutes off team minutes", minutes_off)),
)
PLAYER_COLUMNS = (
    GAME_ID,
    TEAM,
    text("player_lookup", "normalised name"),
    text("player_id", "league id, or bref:<id> where the league's is not known"),
    text("player_name", "name as published"),
    text("status", "active, dnp or inactive"),
    text("dnp_reason", "reason as published", null="played, or no reason given"),
    flag("starter", "whether the player started", null="not published"),
    number("minutes", "time on court", unit="minutes", null=DNP),
    *line(DNP),
    count("plus_minus", "margin while on court", unit="points", null=f"{DNP}, or not published"),
)

SCHEDULE = source(
    "schedule",
    one_row_per="game",
    scheme=DATE,
    key=("game_id",),
    columns=(
        GAME_ID,
        text("nba_game_id", "ten digits", null="not given"),
        text("game_date", "Eastern Time date of tip-off, YYYY-MM-DD"),
        instant("tipoff_utc", "scheduled tip-off", null="not given"),
        text("season", "2025-26"),
        text("season_type", "as published"),
        text("home_team", "official tricode"),
        text("away_team", "official tricode"),
        text("status", "scheduled, live, final, postponed or cancelled"),
        flag("neutral_site", "whether on neutral ground", null="not given"),
    ),
    checks=(
        every_row("home is not away", lambda t: t.home_team != t.away_team),
        every_row(
            "known status",
            lambda t: t.status.isin(["scheduled", "live", "final", "postponed", "cancelled"]),
        ),
        every_row(
            "game id names date and teams",
            lambda t: t.game_id == t.game_date + "/" + t.away_team + "@" + t.home_team,
        ),
    ),
)
GAMEBOOK = source(
    "gamebook_player_stats",
    one_row_per="player listed for the game",
    scheme=GAME,
    key=("game_id", "team", "player_id"),
    columns=PLAYER_COLUMNS,
    checks=PLAYER_CHECKS,
)
PLAYER_BOXSCORE = source(
    "player_boxscore",
    one_row_per="player who played",
    scheme=GAME,
    key=("game_id", "team", "player_id"),
    columns=PLAYER_COLUMNS,
    checks=PLAYER_CHECKS,
)
TEAM_BOXSCORE = source(
    "team_boxscore",
    one_row_per="team",
    scheme=GAME,
    key=("game_id", "team"),
    columns=(
        GAME_ID,
        TEAM,
        number("minutes", "minutes of all five positions", unit="minutes"),
        *line(),
    ),
    checks=(
        every_row("points add up", points_add_up, shown=("pts", "fgm", "fg3m", "ftm")),
        every_row("makes within attempts", makes_within_attempts),
        every_row("team plays in the game", lambda t: of_away(t) | of_home(t), shown=("team",)),
        complete(exactly(2, "teams", lambda t: t.team.nunique())),
        complete(at_least(1, "team points", lesser("pts"))),
        complete(at_least(1, "team field-goal attempts", lesser("fga"))),
        complete(at_least(240, "team minutes", lesser("minutes"))),
    ),
)

RATES = (
    number("ts_pct", "true shooting", unit="fraction", null=UNDEFINED),
    number("efg_pct", "effective field-goal share", unit="fraction", null=UNDEFINED),
)
TEAM_OFFENSE = derived(
    "team_offense_game_summary",
    one_row_per="team and game",
    scheme=GAME,
    key=("game_id", "team"),
    columns=(
        GAME_ID,
        text("game_date", "Eastern Time date of tip-off"),
        TEAM,
        text("opponent", "official tricode"),
        flag("home_game", "whether the team is the home team of the key"),
        flag("win", "whether the team won"),
        count("margin", "own points minus opponent's", unit="points"),
        number("minutes", "minutes of all five positions", unit="minutes"),
        count("overtime_periods", "overtime periods played"),
        *line(),
        count("tov_with_team", "turnovers as the league counts the team, team turnovers included"),
        number("possessions", "Basketball-Reference estimate, both teams averaged"),
        number("possessions_simple", "FGA + 0.44 FTA - OREB + TOV"),
        number("pace", "possessions per 48 minutes"),
        number("offensive_rating", "points per 100 possessions"),
        number("opponent_rating", "opponent's points per 100 possessions"),
        *RATES,
        text("box_source", "the table the team's line came from"),
        text("player_source", "the table the players' turnovers came from"),
    ),
    checks=(
        every_row("points add up", points_add_up, shown=("pts", "fgm", "fg3m", "ftm")),
        every_row("makes within attempts", makes_within_attempts),
        exactly(2, "teams", lambda t: t.team.nunique()),
        exactly(1, "home teams", lambda t: t.home_game.sum()),
        exactly(1, "winners", lambda t: t.win.sum()),
        exactly(0, "sum of margins", lambda t: t.margin.sum()),
    ),
)
TEAM_DEFENSE = derived(
    "team_defense_game_summary",
    one_row_per="team and game",
    scheme=GAME,
    key=("game_id", "team"),
    columns=(
        GAME_ID,
        text("game_date", "Eastern Time date of tip-off"),
        TEAM,
        text("opponent", "official tricode"),
        *(
            count(f"{name}_allowed", f"opponent's {name}")
            for name in ("pts", "fgm", "fga", "fg3m", "fg3a", "ftm", "fta")
        ),
        count("turnovers_forced", "opponent's players' turnovers"),
        count("stl", "own steals"),
        count("blk", "own blocks"),
        count("dreb", "own defensive rebounds"),
        number("defensive_rating", "points allowed per 100 possessions"),
        number("opponent_pace", "possessions per 48 minutes"),
        number("opponent_ts_pct", "opponent's true shooting", unit="fraction", null=UNDEFINED),
        number(
            "opponent_efg_pct",
            "opponent's effective field-goal share",
            unit="fraction",
            null=UNDEFINED,
        ),
    ),
    checks=(exactly(2, "teams", lambda t: t.team.nunique()),),
)
PLAYER_GAME = derived(
    "player_game_summary",
    one_row_per="player listed for the game",
    scheme=GAME,
    key=("game_id", "team", "player_id"),
    columns=(
        *PLAYER_COLUMNS[:2],
        text("game_date", "Eastern Time date of tip-off"),
        *PLAYER_COLUMNS[2:],
        flag("win", "whether the player's team won"),
        flag("is_dnp", "whether the player did not play"),
        text(
            "dnp_reason_category",
            "injury, rest, personal, coach, suspension or other",
            null="played",
        ),
        *RATES,
        number(
            "usage_rate_pct",
            "share of the team's plays while on court",
            unit="percent",
            null=f"{DNP}, or 0:00",
        ),
        number(
            "usage_rate_capped_pct",
            "the same, at most 100, as published",
            unit="percent",
            null=f"{DNP}, or 0:00",
        ),
        text("player_source", "the table the line came from"),
    ),
    checks=(
        every_row("points add up", lambda t: t.is_dnp | points_add_up(t)),
        every_row(
            "usage where there are minutes",
            lambda t: t.is_dnp | (t.minutes == 0) | t.usage_rate_pct.notnull(),
        ),
        every_row(
            "did not play has no stats",
            lambda t: ~t.is_dnp | (t.pts.isnull() & t.usage_rate_pct.isnull()),
        ),
    ),
)
