"""How public files become rows of the sources: every column leaves here as text."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from boxout import Measure, Reader, Rows, Table, ibis
from boxout_nba.predicates import COUNTED
from boxout_nba.spelling import (
    game_key,
    game_key_of_side,
    has_foreign_letter,
    is_no_game_id,
    is_no_nba_game_id,
    is_unknown_team,
    lookup,
    tricode,
)
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

REJECTS = {
    "game id is missing": lambda rows: rows.game_id.isnull(),
    "game id is not YYYY-MM-DD/AWY@HOM": lambda rows: is_no_game_id(rows.game_id),
    "unknown team": is_unknown_team,
}
SCHEDULE_REJECTS = {
    **REJECTS,
    "game id is reversed": lambda rows: (
        rows.game_id == rows.game_date + "/" + rows.home_team + "@" + rows.away_team
    ),
    "game id is not that of date and teams": lambda rows: (
        rows.game_id != rows.game_date + "/" + rows.away_team + "@" + rows.home_team
    ),
    "nba game id is not ten digits of a known kind": lambda rows: is_no_nba_game_id(
        rows.nba_game_id
    ),
}
TEAM_REJECTS = {
    **REJECTS,
    "team is missing": lambda rows: rows.team.isnull(),
    "team does not play in the game": lambda rows: (
        ~((rows.team == rows.game_id.substr(11, 3)) | (rows.team == rows.game_id.substr(15, 3)))
    ),
}
PLAYER_REJECTS = {
    **TEAM_REJECTS,
    "player name is missing": lambda rows: rows.player_name.isnull(),
    "player name has a letter that is not Latin": lambda rows: has_foreign_letter(rows.player_name),
}


Rejects: TypeAlias = Mapping[str, Callable[[Rows], object]]


def own_columns(table: Table, rejects: Rejects, *patterns: str) -> Reader:
    """The reader of files that use the table's own column names."""

    def read(raw: Rows) -> Rows:
        teams = {
            c: tricode(raw[c])
            for c in ("team", "home_team", "away_team")
            if c in table.column_names
        }
        return raw.mutate(**teams).select("_line", *table.column_names)

    return Reader(table.name, table, table.column_names, read, rejects, patterns)


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
        "season_type",
        "home_team",
        "away_team",
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
READERS = (
    own_columns(SCHEDULE, SCHEDULE_REJECTS, "schedule*.csv"),
    own_columns(GAMEBOOK, PLAYER_REJECTS, "gamebook*.csv"),
    own_columns(PLAYER_BOXSCORE, PLAYER_REJECTS, "player_boxscore*.csv"),
    own_columns(TEAM_BOXSCORE, TEAM_REJECTS, "team_boxscore*.csv"),
    Reader(
        "season_games",
        SCHEDULE,
        ("game_id", "game_date", "season", "home_team", "away_team"),
        read_games,
        SCHEDULE_REJECTS,
        ("games/*.parquet",),
        is_gapless=True,
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
