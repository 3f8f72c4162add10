"""Box scores of the league as JSON: of stats.nba.com (v3 and v2) and of its live pages."""

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from boxout import Measure, Reader, Rows, ibis
from boxout_nba.predicates import COUNTED
from boxout_nba.readers.clock import eastern_date, minutes
from boxout_nba.readers.documents import (
    FILES,
    Document,
    document,
    flat,
    has_keys,
    has_result,
    result_rows,
)
from boxout_nba.readers.looked_up import of_listed_game, with_game
from boxout_nba.readers.rejects import PLAYER_REJECTS, TEAM_REJECTS
from boxout_nba.spelling import game_key, lookup, tricode
from boxout_nba.tables import GAMEBOOK, PLAYER_BOXSCORE, SCHEDULE, TEAM_BOXSCORE

SIDES = ("awayTeam", "homeTeam")
STATISTICS = {
    "pts": "points",
    "fgm": "fieldGoalsMade",
    "fga": "fieldGoalsAttempted",
    "fg3m": "threePointersMade",
    "fg3a": "threePointersAttempted",
    "ftm": "freeThrowsMade",
    "fta": "freeThrowsAttempted",
    "oreb": "reboundsOffensive",
    "dreb": "reboundsDefensive",
    "ast": "assists",
    "stl": "steals",
    "blk": "blocks",
    "tov": "turnovers",
    "pf": "foulsPersonal",
}
"""What v3 and the live pages call the columns of a box score."""

V3 = {own: f"statistics.{name}" for own, name in STATISTICS.items()}
V2 = {own: own for own in COUNTED} | {"tov": "to"}
V2_NEEDS = ("game_id", "team_abbreviation", "min", *V2.values())


def sides(box: Document) -> Iterator[tuple[Document, dict[str, object]]]:
    """Both teams of a game, each with what a row of it says of the game."""
    game = flat({name: value for name, value in box.items() if name not in SIDES})
    names = {f"{side}.teamTricode": box[side]["teamTricode"] for side in SIDES}
    for side in SIDES:
        yield box[side], game | names | {"teamTricode": box[side]["teamTricode"]}


def players(path: Path, key: str) -> Iterator[dict[str, object]]:
    """A row per player listed, of both teams."""
    for team, game in sides(document(path)[key]):
        for player in team["players"]:
            yield game | flat(player)


def teams(path: Path, key: str) -> Iterator[dict[str, object]]:
    """A row per team, with its own totals."""
    for team, game in sides(document(path)[key]):
        yield game | flat({"statistics": team["statistics"]})


def read_v3_players(raw: Rows, schedule: Rows) -> Rows:
    """Who has minutes played; who has none did not, for the reason in the comment."""
    rows = with_game(raw, schedule, "gameId")
    time = rows["statistics.minutes"].nullif("")
    return player_rows(
        rows.mutate(
            game_id=rows.game_of_schedule,
            team=tricode(rows.teamTricode),
            player_id=rows.personId,
            player_name=rows.firstName + " " + rows.familyName,
            status=ibis.ifelse(time.notnull(), "active", "dnp"),
            dnp_reason=rows["comment"],
            starter=(rows.position != "").cast("string"),
            minutes=minutes(time),
        ),
        V3 | {"plus_minus": "statistics.plusMinusPoints"},
    )


def read_v2_players(raw: Rows, schedule: Rows) -> Rows:
    """The same in the older form."""
    rows = with_game(raw, schedule, "game_id").rename(league_id="game_id")
    time = rows["min"].nullif("")
    return player_rows(
        rows.mutate(
            game_id=rows.game_of_schedule,
            team=tricode(rows.team_abbreviation),
            status=ibis.ifelse(time.notnull(), "active", "dnp"),
            dnp_reason=rows["comment"],
            starter=(rows.start_position != "").cast("string"),
            minutes=minutes(time),
        ),
        V2 | {"plus_minus": "plus_minus"},
    )


def read_live_players(raw: Rows) -> Rows:
    """Of the live page, which says who has played and why another has not."""
    told = [name for name in ("notPlayingDescription", "notPlayingReason") if name in raw.columns]
    reasons = [raw[name].nullif("") for name in told]
    return player_rows(
        raw.mutate(
            game_id=_live_game(raw),
            team=tricode(raw.teamTricode),
            player_id=raw.personId,
            player_name=raw["name"],
            status=ibis.cases(
                (raw.played == "1", "active"),
                (raw.status == "INACTIVE", "inactive"),
                (raw.status == "ACTIVE", "dnp"),
            ),
            dnp_reason=ibis.coalesce(*reasons, ibis.null("string")),
            starter=(raw.starter == "1").cast("string"),
            minutes=minutes(raw["statistics.minutes"]),
        ),
        V3 | {"plus_minus": "statistics.plusMinusPoints"},
    )


def _live_game(raw: Rows) -> Measure:
    date = eastern_date(raw.gameTimeUTC)
    return game_key(date, raw["awayTeam.teamTricode"], raw["homeTeam.teamTricode"])


def player_rows(rows: Rows, names: Mapping[str, str]) -> Rows:
    """The line of each player listed; whoever did not play has no stats, whatever the file says."""
    has_played = rows.status == "active"
    nothing = ibis.null("string")
    line = {own: ibis.ifelse(has_played, rows[name], nothing) for own, name in names.items()}
    return rows.select(
        "_line",
        "game_id",
        "team",
        "player_id",
        "player_name",
        "status",
        "starter",
        **line,
        player_lookup=lookup(rows.player_name),
        dnp_reason=ibis.ifelse(has_played, nothing, rows.dnp_reason),
        minutes=ibis.ifelse(has_played, rows.minutes, nothing),
    )


def read_v3_teams(raw: Rows, schedule: Rows) -> Rows:
    """The league's totals of both teams."""
    rows = with_game(raw, schedule, "gameId")
    return _team_rows(rows, rows.game_of_schedule, rows.teamTricode, "statistics.minutes", V3)


def read_v2_teams(raw: Rows, schedule: Rows) -> Rows:
    """The same in the older form."""
    rows = with_game(raw, schedule, "game_id").rename(league_id="game_id")
    return _team_rows(rows, rows.game_of_schedule, rows.team_abbreviation, "min", V2)


def read_live_teams(raw: Rows) -> Rows:
    """Totals of the live page, partial while the game runs."""
    return _team_rows(raw, _live_game(raw), raw.teamTricode, "statistics.minutes", V3)


def _team_rows(
    rows: Rows, game: Measure, team: Measure, time: str, names: Mapping[str, str]
) -> Rows:
    line = {own: rows[name] for own, name in names.items()}
    return rows.select(
        "_line", game_id=game, team=tricode(team), minutes=minutes(rows[time]), **line
    )


_GAME = ("gameId", "teamTricode")
_LIVE_GAME = ("gameTimeUTC", "awayTeam.teamTricode", "homeTeam.teamTricode", "teamTricode")
_LINE = ("statistics.minutes", *V3.values())
_PLUS_MINUS = "statistics.plusMinusPoints"
_KNOWS_V2 = has_result("PlayerStats", *V2_NEEDS)
_KNOWS_V3 = has_keys("boxScoreTraditional")
_KNOWS_LIVE = has_keys("game", "homeTeam", "players")
BOX_SCORES = (
    Reader(
        "box_score_v3_players",
        GAMEBOOK,
        (*_GAME, "personId", "firstName", "familyName", "position", "comment", *_LINE, _PLUS_MINUS),
        read_v3_players,
        of_listed_game(PLAYER_REJECTS),
        FILES,
        opens=partial(players, key="boxScoreTraditional"),
        knows=_KNOWS_V3,
        looks_up=SCHEDULE,
    ),
    Reader(
        "box_score_v3_teams",
        TEAM_BOXSCORE,
        (*_GAME, *_LINE),
        read_v3_teams,
        of_listed_game(TEAM_REJECTS),
        FILES,
        opens=partial(teams, key="boxScoreTraditional"),
        knows=_KNOWS_V3,
        looks_up=SCHEDULE,
    ),
    Reader(
        "box_score_v2_players",
        GAMEBOOK,
        (*V2_NEEDS, "player_id", "player_name", "start_position", "comment", "plus_minus"),
        read_v2_players,
        of_listed_game(PLAYER_REJECTS),
        FILES,
        opens=partial(result_rows, name="PlayerStats"),
        knows=_KNOWS_V2,
        looks_up=SCHEDULE,
    ),
    Reader(
        "box_score_v2_teams",
        TEAM_BOXSCORE,
        V2_NEEDS,
        read_v2_teams,
        of_listed_game(TEAM_REJECTS),
        FILES,
        opens=partial(result_rows, name="TeamStats"),
        knows=_KNOWS_V2,
        looks_up=SCHEDULE,
    ),
    Reader(
        "box_score_live_players",
        PLAYER_BOXSCORE,
        (*_LIVE_GAME, "personId", "name", "status", "played", "starter", *_LINE, _PLUS_MINUS),
        read_live_players,
        PLAYER_REJECTS,
        FILES,
        opens=partial(players, key="game"),
        knows=_KNOWS_LIVE,
    ),
    Reader(
        "box_score_live_teams",
        TEAM_BOXSCORE,
        (*_LIVE_GAME, *_LINE),
        read_live_teams,
        TEAM_REJECTS,
        FILES,
        opens=partial(teams, key="game"),
        knows=_KNOWS_LIVE,
    ),
)
