"""Files that use a table's own column names."""

from boxout import LookUp, Reader, Rows, Table
from boxout_nba.directory import OF_GAME, OF_TEAM
from boxout_nba.readers.rejects import (
    NAMED_REJECTS,
    PLAYER_REJECTS,
    REJECTS,
    SCHEDULE_REJECTS,
    TEAM_REJECTS,
    Rejects,
)
from boxout_nba.spelling import season_type, tricode
from boxout_nba.tables import (
    GAME_LINES,
    GAMEBOOK,
    INJURY_REPORT,
    PLAYER_BOXSCORE,
    PLAYER_PROPS,
    ROSTERS,
    SCHEDULE,
    SHOTS,
    TEAM_BOXSCORE,
)


def own_columns(
    table: Table, rejects: Rejects, *patterns: str, resolves: LookUp | None = None
) -> Reader:
    """The reader of files that use the table's own column names."""

    def read(raw: Rows) -> Rows:
        teams = {
            c: tricode(raw[c])
            for c in ("team", "home_team", "away_team")
            if c in table.column_names
        }
        if table is SCHEDULE:
            teams["season_type"] = season_type(raw.season_type)
        return raw.mutate(**teams).select("_line", *table.column_names)

    return Reader(table.name, table, table.column_names, read, rejects, patterns, resolves=resolves)


NOBODY: Rejects = {}
OWN = (
    own_columns(SCHEDULE, SCHEDULE_REJECTS, "schedule*.csv"),
    own_columns(GAMEBOOK, PLAYER_REJECTS, "gamebook*.csv"),
    own_columns(PLAYER_BOXSCORE, PLAYER_REJECTS, "player_boxscore*.csv"),
    own_columns(TEAM_BOXSCORE, TEAM_REJECTS, "team_boxscore*.csv"),
    own_columns(SHOTS, PLAYER_REJECTS, "shots*.csv"),
    own_columns(ROSTERS, NOBODY, "rosters*.csv"),
    own_columns(INJURY_REPORT, PLAYER_REJECTS, "injury_report*.csv", resolves=OF_TEAM),
    own_columns(PLAYER_PROPS, NAMED_REJECTS, "player_props*.csv", resolves=OF_GAME),
    own_columns(GAME_LINES, REJECTS, "game_lines*.csv"),
)
