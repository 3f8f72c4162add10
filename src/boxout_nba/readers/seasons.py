"""Whole seasons as Parquet files: Basketball-Reference style and NBA-log style."""

from boxout import Measure, Reader, Rows, ibis
from boxout_nba.predicates import COUNTED
from boxout_nba.readers.rejects import PLAYER_REJECTS, SCHEDULE_REJECTS, TEAM_REJECTS
from boxout_nba.seasons import whole_seasons
from boxout_nba.spelling import game_key, game_key_of_side, lookup, season_type, tricode
from boxout_nba.tables import GAMEBOOK, PLAYER_BOXSCORE, SCHEDULE, TEAM_BOXSCORE

_LINE = (*COUNTED, "plus_minus")
STATUSES = {
    "Played": "active",
    "Inactive": "inactive",
    "Did Not Play": "dnp",
    "Did Not Dress": "dnp",
    "Not With Team": "dnp",
    "Player Suspended": "dnp",
}
"""What Basketball-Reference says of a listed player; anything else is rejected."""


def read_games(raw: Rows) -> Rows:
    """The games table of a season: every game in it has been played."""
    rows = raw.mutate(
        home_team=tricode(raw.home_team),
        away_team=tricode(raw.away_team),
        game_date=raw.game_date.substr(0, 10),
        nba_game_id=raw.game_id,
    )
    return rows.select(
        "_line",
        "nba_game_id",
        "game_date",
        "tipoff_utc",
        "season",
        "home_team",
        "away_team",
        "arena",
        season_type=season_type(rows.season_type),
        game_id=game_key(rows.game_date, rows.away_team, rows.home_team),
        status=ibis.literal("final"),
        neutral_site=rows.neutral_site_source,
    )


def read_bref_players(raw: Rows) -> Rows:
    """Basketball-Reference style player lines: every player listed."""
    status = raw.status.cases(*STATUSES.items(), else_=ibis.null("string"))
    return (
        _players(raw, status)
        .mutate(
            player_id=ibis.coalesce(raw.player_id, "bref:" + raw.bref_player_id),
            minutes=(raw.seconds.try_cast("float64") / 60).cast("string"),
        )
        .select(*_PLAYER)
    )


def read_log_players(raw: Rows) -> Rows:
    """NBA-log style player lines: players who played."""
    return _players(
        raw.mutate(status=ibis.literal("Played"), starter=ibis.null("string")),
        ibis.literal("active"),
    ).select(*_PLAYER)


_PLAYER = ("_line", *GAMEBOOK.column_names)


def _players(raw: Rows, status: Measure) -> Rows:
    rows = raw.mutate(
        game_id=game_key_of_side(raw), team=tricode(raw.team), player_lookup=lookup(raw.player_name)
    )
    return rows.mutate(
        status=status, dnp_reason=ibis.ifelse(status == "dnp", raw.status, ibis.null("string"))
    )


def read_log_teams(raw: Rows) -> Rows:
    """NBA-log style team lines; minutes there are those of one position."""
    return _teams(raw, (raw.minutes.try_cast("float64") * 5).cast("string"))


def read_alternative_teams(raw: Rows) -> Rows:
    """Team lines of the second publisher."""
    return _teams(raw, raw.team_minutes)


def _teams(raw: Rows, minutes: Measure) -> Rows:
    rows = raw.mutate(game_id=game_key_of_side(raw), team=tricode(raw.team), minutes=minutes)
    return rows.select("_line", *TEAM_BOXSCORE.column_names)


_SIDE = ("game_date", "team", "opponent", "is_home")
SEASONS = (
    Reader(
        "season_games",
        SCHEDULE,
        ("game_id", "game_date", "season", "season_type", "home_team", "away_team", "arena"),
        read_games,
        SCHEDULE_REJECTS,
        ("games/*.parquet",),
        covers=whole_seasons,
    ),
    Reader(
        "bref_player_box",
        GAMEBOOK,
        (
            *_SIDE,
            "bref_player_id",
            "player_id",
            "player_name",
            "status",
            "starter",
            "seconds",
            *_LINE,
        ),
        read_bref_players,
        PLAYER_REJECTS,
        ("bref_player_box/*.parquet",),
    ),
    Reader(
        "player_box",
        PLAYER_BOXSCORE,
        (*_SIDE, "player_id", "player_name", "minutes", *_LINE),
        read_log_players,
        PLAYER_REJECTS,
        ("player_box/*.parquet",),
    ),
    Reader(
        "team_box",
        TEAM_BOXSCORE,
        (*_SIDE, "minutes", *COUNTED),
        read_log_teams,
        TEAM_REJECTS,
        ("team_box/*.parquet",),
    ),
    Reader(
        "team_box_alt",
        TEAM_BOXSCORE,
        (*_SIDE, "team_minutes", *COUNTED),
        read_alternative_teams,
        TEAM_REJECTS,
        ("team_box_alt/*.parquet",),
    ),
)
