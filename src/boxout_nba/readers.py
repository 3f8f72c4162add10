"""How public files become rows of the sources: every column leaves here as text."""

from boxout import Measure, Predicate, Reader, Rows, Table, ibis
from boxout_nba.predicates import COUNTED
from boxout_nba.tables import GAMEBOOK, PLAYER_BOXSCORE, SCHEDULE, TEAM_BOXSCORE
from boxout_nba.teams import ALIASES, TRICODES

_ID = r"^\d{4}-\d{2}-\d{2}/[A-Z]{3}@[A-Z]{3}$"
_LINE = (*COUNTED, "plus_minus")


def tricode(team: Measure) -> Measure:
    """The official tricode of a team; unknown codes stay as they are, to be rejected."""
    return team.upper().substitute(ALIASES)


def game_key(rows: Rows) -> Measure:
    """The canonical game id of a row that knows its date, team, opponent and side."""
    is_home = rows.is_home.lower() == "true"
    team, opponent = tricode(rows.team), tricode(rows.opponent)
    away, home = ibis.ifelse(is_home, opponent, team), ibis.ifelse(is_home, team, opponent)
    return rows.game_date.substr(0, 10) + "/" + away + "@" + home


def lookup(name: Measure) -> Measure:
    """`player_lookup` in the warehouse: no accents, no case, letters and digits only."""
    plain = name.lower().replace("ø", "o").replace("ł", "l").replace("đ", "d").replace("ß", "ss")
    plain = _strip_accents()(plain.replace("ı", "i")).re_replace(r"\bjunior\b", "jr")
    return plain.re_replace(r"\bsenior\b", "sr").re_replace("[^a-z0-9]", "")


def _strip_accents():
    @ibis.udf.scalar.builtin
    def strip_accents(text: str) -> str: ...

    return strip_accents


def is_unknown_team(rows: Rows) -> Predicate:
    """Whether a team of the row or of its game is not a team of the league."""
    away, home = rows.game_id.substr(11, 3), rows.game_id.substr(15, 3)
    return ~(away.isin(TRICODES) & home.isin(TRICODES))


REJECTS = {
    "game id is missing": lambda rows: rows.game_id.isnull(),
    "game id is not YYYY-MM-DD/AWY@HOM": lambda rows: ~rows.game_id.re_search(_ID),
    "unknown team": is_unknown_team,
}
TEAM_REJECTS = {
    **REJECTS,
    "team is missing": lambda rows: rows.team.isnull(),
    "team does not play in the game, or the game id is reversed": lambda rows: (
        ~((rows.team == rows.game_id.substr(11, 3)) | (rows.team == rows.game_id.substr(15, 3)))
    ),
}


def own_columns(table: Table, *patterns: str) -> Reader:
    """The reader of files that use the table's own column names."""

    def read(raw: Rows) -> Rows:
        teams = {
            c: tricode(raw[c])
            for c in ("team", "home_team", "away_team")
            if c in table.column_names
        }
        return raw.mutate(**teams).select("_line", *table.column_names)

    needs = table.column_names
    rejects = TEAM_REJECTS if "team" in needs else REJECTS
    return Reader(table.name, table, needs, read, rejects, patterns)


def read_games(raw: Rows) -> Rows:
    """The games table of a season: every game in it has been played."""
    home, away = tricode(raw.home_team), tricode(raw.away_team)
    rows = raw.mutate(
        home_team=home,
        away_team=away,
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
        game_id=rows.game_date + "/" + rows.away_team + "@" + rows.home_team,
        status=ibis.literal("final"),
        neutral_site=rows.neutral_site_source,
    )


def read_bref_players(raw: Rows) -> Rows:
    """Basketball-Reference style player lines: every player listed."""
    status = raw.status.cases(("Played", "active"), ("Inactive", "inactive"), else_="dnp")
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
        game_id=game_key(raw), team=tricode(raw.team), player_lookup=lookup(raw.player_name)
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
    rows = raw.mutate(game_id=game_key(raw), team=tricode(raw.team), minutes=minutes)
    return rows.select("_line", *TEAM_BOXSCORE.column_names)


_SIDE = ("game_date", "team", "opponent", "is_home")
READERS = (
    own_columns(SCHEDULE, "schedule*.csv"),
    own_columns(GAMEBOOK, "gamebook*.csv"),
    own_columns(PLAYER_BOXSCORE, "player_boxscore*.csv"),
    own_columns(TEAM_BOXSCORE, "team_boxscore*.csv"),
    Reader(
        "season_games",
        SCHEDULE,
        ("game_id", "game_date", "season", "home_team", "away_team"),
        read_games,
        REJECTS,
        ("games/*.parquet",),
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
        TEAM_REJECTS,
        ("bref_player_box/*.parquet",),
    ),
    Reader(
        "player_box",
        PLAYER_BOXSCORE,
        (*_SIDE, "player_id", "player_name", "minutes", *_LINE),
        read_log_players,
        TEAM_REJECTS,
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
