"""The sources that are landed by game, and the schedule that says which games there are."""

from boxout import (
    Check,
    at_least,
    between,
    complete,
    count,
    every_row,
    exactly,
    flag,
    instant,
    number,
    source,
    text,
)
from boxout_nba.names import KINDS
from boxout_nba.predicates import (
    fewest_attempts,
    fewest_with_minutes,
    has_every_stat,
    has_no_stats,
    has_played,
    lesser,
    line_minutes_off,
    makes_within_attempts,
    minutes_off,
    of_whole_seconds,
    points_add_up,
    points_apart,
)
from boxout_nba.tables.columns import (
    DATE,
    DNP,
    GAME,
    GAME_DATE,
    GAME_ID,
    IN_GAME,
    PLAYER_ID,
    PLAYER_LOOKUP,
    PLAYER_NAME,
    TEAM,
    known,
    line,
)
from boxout_nba.zones import THREES, ZONES, is_as_far

NOT_LEVEL = complete(at_least(1, "points between the teams", points_apart))
PLAYER_CHECKS: tuple[Check, ...] = (
    known("status", "active", "dnp", "inactive"),
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
    PLAYER_LOOKUP,
    PLAYER_ID,
    PLAYER_NAME,
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
        GAME_DATE,
        instant("tipoff_utc", "scheduled tip-off", null="not given"),
        text("season", "2025-26"),
        text("season_type", "phase of the season: " + ", ".join(KINDS)),
        text("home_team", "official tricode"),
        text("away_team", "official tricode"),
        text("status", "scheduled, live, final, postponed or cancelled"),
        flag("neutral_site", "whether on neutral ground", null="not given"),
        text("arena", "name of the arena as published", null="not given"),
    ),
    checks=(
        every_row("home is not away", lambda t: t.home_team != t.away_team),
        known("status", "scheduled", "live", "final", "postponed", "cancelled"),
        known("season_type", *KINDS),
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
    checks=(
        *PLAYER_CHECKS,
        every_row("minutes are whole seconds", lambda t: ~has_played(t) | of_whole_seconds(t)),
    ),
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

NOT_GIVEN = "not published"
SHOTS = source(
    "shots",
    one_row_per="field-goal attempt",
    scheme=GAME,
    key=("game_id", "shot_number"),
    columns=(
        GAME_ID,
        count("shot_number", "place among the attempts of the game, from 1"),
        TEAM,
        PLAYER_LOOKUP,
        PLAYER_ID,
        PLAYER_NAME,
        count("period", "1 to 4, overtimes from 5"),
        number("seconds_left", "left in the period", unit="seconds"),
        count("shot_value", "2 or 3, what a make is worth", unit="points"),
        flag("made", "whether it went in"),
        text("zone", ", ".join(ZONES)),
        number("distance_ft", "from the basket", unit="feet", null=NOT_GIVEN),
        number("x_ft", "from the middle of the court", unit="feet", null=NOT_GIVEN),
        number("y_ft", "from the baseline", unit="feet", null=NOT_GIVEN),
        flag("assisted", "whether a make was assisted", null=f"missed, or {NOT_GIVEN}"),
        text("assist_player_id", "who assisted", null=f"nobody, or {NOT_GIVEN}"),
        flag("blocked", "whether a miss was blocked", null=f"made, or {NOT_GIVEN}"),
        text("block_player_id", "who blocked", null=f"nobody, or {NOT_GIVEN}"),
    ),
    checks=(
        known("zone", *ZONES),
        every_row(
            "an attempt is worth what its zone is",
            lambda t: t.shot_value == 2 + t.zone.isin(THREES).cast("int64"),
            shown=("shot_value", "zone"),
        ),
        every_row(
            "the zone is as far away as the attempt",
            is_as_far,
            shown=("zone", "distance_ft"),
        ),
        every_row("no assist on a miss", lambda t: t.made | t.assisted.isnull()),
        every_row("no block on a make", lambda t: ~t.made | t.blocked.isnull()),
        IN_GAME,
        complete(at_least(40, "attempts of the team with fewer", fewest_attempts)),
    ),
)
