"""The tables of the NBA pipeline, with what must hold in each."""

from boxout import (
    Check,
    Column,
    Scheme,
    at_least,
    between,
    complete,
    count,
    derived,
    every_row,
    exactly,
    flag,
    instant,
    number,
    source,
    text,
)
from boxout_nba.predicates import (
    COUNTED,
    SHOOTING,
    allowed,
    fewest_with_minutes,
    has_every_stat,
    has_no_rates,
    has_no_stats,
    has_played,
    lesser,
    line_minutes_off,
    makes_within_attempts,
    minutes_off,
    plays_in_game,
    points_add_up,
    points_apart,
)

GAME = Scheme("game", "game_id")
DATE = Scheme("date", "game_date")
DNP = "did not play"
UNDEFINED = "the denominator is zero"
GAME_ID = text("game_id", "YYYY-MM-DD/AWY@HOM, the Eastern Time date of tip-off as scheduled")
TEAM = text("team", "official tricode")


def line(null: str | None = None) -> tuple[Column, ...]:
    """The counting columns of a box score."""
    return tuple(count(name, f"{name} of the box score", null=null) for name in COUNTED)


IN_GAME = every_row("team plays in the game", plays_in_game, shown=("team",))
NOT_LEVEL = complete(at_least(1, "points between the teams", points_apart))
PLAYER_CHECKS: tuple[Check, ...] = (
    every_row("known status", lambda t: t.status.isin(["active", "dnp", "inactive"])),
    every_row(
        "points add up",
        lambda t: ~has_played(t) | points_add_up(t),
        shown=("pts", "fgm", "fg3m", "ftm"),
    ),
    every_row("makes within attempts", lambda t: ~has_played(t) | makes_within_attempts(t)),
    every_row("who played has every stat", lambda t: ~has_played(t) | has_every_stat(t)),
    every_row("did not play has no stats", lambda t: has_played(t) | has_no_stats(t)),
    IN_GAME,
    complete(at_least(5, "players with minutes in the lesser team", fewest_with_minutes)),
    complete(between(0, 2, "player minutes off team minutes", minutes_off)),
    NOT_LEVEL,
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
        IN_GAME,
        complete(exactly(2, "teams", lambda t: t.team.nunique())),
        complete(at_least(1, "team points", lesser("pts"))),
        complete(at_least(1, "team field-goal attempts", lesser("fga"))),
        complete(at_least(240, "team minutes", lesser("minutes"))),
        complete(exactly(0, "team minutes off 240 + 25 per overtime", line_minutes_off)),
        NOT_LEVEL,
    ),
)

RATES = (
    number("ts_pct", "true shooting", unit="fraction", null=UNDEFINED),
    number("efg_pct", "effective field-goal share", unit="fraction", null=UNDEFINED),
)
TWO_TEAMS: tuple[Check, ...] = (
    IN_GAME,
    every_row("home is not away", lambda t: t.team != t.opponent, shown=("team", "opponent")),
    exactly(2, "teams", lambda t: t.team.nunique()),
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
        count("players_listed", "players listed in the table of player_source"),
        text("box_source", "the table the team's line came from"),
        text("player_source", "the table the players' turnovers came from"),
    ),
    checks=(
        every_row("points add up", points_add_up, shown=("pts", "fgm", "fg3m", "ftm")),
        every_row("makes within attempts", makes_within_attempts),
        every_row(
            "minutes are 240 + 25 per overtime",
            lambda t: (t.overtime_periods >= 0) & (t.minutes == 240 + 25 * t.overtime_periods),
            shown=("minutes", "overtime_periods"),
        ),
        every_row("a win is a positive margin", lambda t: t.win == (t.margin > 0)),
        *TWO_TEAMS,
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
        *(count(f"{name}_allowed", f"opponent's {name}") for name in SHOOTING),
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
    checks=(
        every_row("points allowed add up", lambda t: points_add_up(allowed(t))),
        every_row(
            "makes allowed within attempts allowed", lambda t: makes_within_attempts(allowed(t))
        ),
        *TWO_TEAMS,
    ),
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
        every_row("makes within attempts", lambda t: t.is_dnp | makes_within_attempts(t)),
        every_row("who played has every stat", lambda t: t.is_dnp | has_every_stat(t)),
        IN_GAME,
        exactly(2, "teams", lambda t: t.team.nunique()),
        every_row(
            "usage where there are minutes",
            lambda t: t.is_dnp | (t.minutes == 0) | t.usage_rate_pct.notnull(),
        ),
        every_row(
            "did not play has no stats",
            lambda t: ~t.is_dnp | (has_no_stats(t) & has_no_rates(t)),
        ),
    ),
)
