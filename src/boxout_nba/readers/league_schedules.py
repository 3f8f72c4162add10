"""Schedules of the league: of a season (scheduleleaguev2) and of a day (scoreboards)."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from boxout import Measure, Reader, Rows, ibis
from boxout_nba.readers.clock import eastern_date, iso_date, moment, parsed, utc
from boxout_nba.readers.documents import FILES, document, flat, has_keys, has_result, result_rows
from boxout_nba.readers.ids import kind_of_id, season_of_id, team_of_id
from boxout_nba.readers.schedules import (
    ELSEWHERE,
    HARMLESS,
    PUBLISHED_REJECTS,
    Game,
    decided,
    schedule_of,
    status,
    unless_undecided,
)
from boxout_nba.seasons import whole_seasons
from boxout_nba.spelling import season_type, tricode
from boxout_nba.tables import SCHEDULE


def season_games(path: Path) -> Iterator[dict[str, object]]:
    """A row per game of a season."""
    schedule = document(path)["leagueSchedule"]
    for date in schedule["gameDates"]:
        for game in date["games"]:
            yield {"seasonYear": schedule["seasonYear"], **flat(game)}


def read_season(raw: Rows) -> Rows:
    """The date is the league's own; the time beside TBD is a placeholder."""
    told = raw.gameStatusText
    if "postponedStatus" in raw.columns:
        told = ibis.ifelse(raw.postponedStatus == "P", "PPD", told)
    return schedule_of(
        raw,
        Game(
            raw.gameId,
            raw.gameDateEst.substr(0, 10),
            unless_undecided(raw.gameStatusText, moment(raw.gameDateTimeUTC)),
            raw.seasonYear,
            kind_of_id(raw.gameId),
            decided(raw["homeTeam.teamTricode"], raw["homeTeam.teamId"]),
            decided(raw["awayTeam.teamTricode"], raw["awayTeam.teamId"]),
            status(raw.gameStatus, told),
            _given(raw, "isNeutral"),
            _given(raw, "arenaName"),
        ),
    )


def read_flat_season(raw: Rows) -> Rows:
    """The same, flattened into a table by a publisher."""
    told = ibis.ifelse(raw.postponed_status == "P", "PPD", raw.status_text)
    return schedule_of(
        raw,
        Game(
            raw.game_id,
            raw.game_date_et.substr(0, 10),
            unless_undecided(raw.status_text, moment(raw.tipoff_utc)),
            raw.season,
            season_type(raw.season_type),
            decided(raw.home_team, raw.home_team_id),
            decided(raw.away_team, raw.away_team_id),
            status(raw.game_status, told),
            raw.is_neutral,
            raw.arena,
        ),
    )


def day_games(path: Path) -> Iterator[dict[str, object]]:
    """A row per game of a day."""
    yield from map(flat, document(path)["scoreboard"]["games"])


def read_day(raw: Rows) -> Rows:
    """A scoreboard: its games by the Eastern Time date of their tip-off."""
    return schedule_of(
        raw,
        Game(
            raw.gameId,
            eastern_date(raw.gameTimeUTC),
            unless_undecided(raw.gameStatusText, moment(raw.gameTimeUTC)),
            season_of_id(raw.gameId),
            kind_of_id(raw.gameId),
            decided(raw["homeTeam.teamTricode"], raw["homeTeam.teamId"]),
            decided(raw["awayTeam.teamTricode"], raw["awayTeam.teamId"]),
            status(raw.gameStatus, raw.gameStatusText),
            _given(raw, "isNeutral"),
            ibis.null("string"),
        ),
    )


def read_older_day(raw: Rows) -> Rows:
    """A scoreboard v2: the time of a game that is still to come is in its status."""
    date = raw.game_date_est.substr(0, 10)
    told = raw.game_status_text
    tipoff = utc(parsed(date + " " + told.strip().upper(), "%Y-%m-%d %I:%M %p ET"))
    return schedule_of(
        raw.rename(league_id="game_id"),
        Game(
            raw.game_id,
            date,
            tipoff,
            season_of_id(raw.game_id),
            kind_of_id(raw.game_id),
            decided(team_of_id(raw.home_team_id), raw.home_team_id),
            decided(team_of_id(raw.visitor_team_id), raw.visitor_team_id),
            status(raw.game_status_id, told),
            ibis.null("string"),
            _given(raw, "arena_name"),
        ),
    )


def page_games(path: Path) -> Iterator[dict[str, object]]:
    """A row per game of a day, in the form of the league's former live pages."""
    yield from map(flat, document(path)["games"])


def read_page_day(raw: Rows) -> Rows:
    """A day of the former live pages; a play-off game that may not be needed is scheduled."""
    is_undecided = raw.isStartTimeTBD == "true"
    return schedule_of(
        raw,
        Game(
            raw.gameId,
            iso_date(parsed(raw.startDateEastern, "%Y%m%d")),
            ibis.ifelse(is_undecided, ibis.null("timestamp"), moment(raw.startTimeUTC)),
            season_of_id(raw.gameId),
            kind_of_id(raw.gameId),
            decided(tricode(raw["hTeam.triCode"]), raw["hTeam.teamId"]),
            decided(tricode(raw["vTeam.triCode"]), raw["vTeam.teamId"]),
            raw.statusNum.cases(("1", "scheduled"), ("2", "live"), ("3", "final")),
            ibis.null("string"),
            _given(raw, "arena.name"),
        ),
    )


def _given(raw: Rows, name: str) -> Measure:
    return raw[name] if name in raw.columns else ibis.null("string")


_TEAMS = tuple(f"{side}Team.team{what}" for side in ("home", "away") for what in ("Id", "Tricode"))
_reader = partial(
    Reader, rejects=PUBLISHED_REJECTS, harmless=HARMLESS, foreign=ELSEWHERE, file_patterns=FILES
)
LEAGUE_SCHEDULES = (
    _reader(
        "league_schedule",
        SCHEDULE,
        ("gameId", "gameDateEst", "gameDateTimeUTC", "gameStatus", "gameStatusText", *_TEAMS),
        read_season,
        covers=whole_seasons,
        opens=season_games,
        knows=has_keys("leagueSchedule", "gameDates"),
    ),
    Reader(
        "published_schedule",
        SCHEDULE,
        (
            *("game_id", "season", "season_type", "game_date_et", "tipoff_utc", "status_text"),
            *("game_status", "postponed_status", "is_neutral", "arena"),
            *("home_team_id", "home_team", "away_team_id", "away_team"),
        ),
        read_flat_season,
        PUBLISHED_REJECTS,
        ("schedule/*published*.parquet",),
        covers=whole_seasons,
        harmless=HARMLESS,
        foreign=ELSEWHERE,
    ),
    _reader(
        "scoreboard_v3",
        SCHEDULE,
        ("gameId", "gameTimeUTC", "gameStatus", "gameStatusText", *_TEAMS),
        read_day,
        opens=day_games,
        knows=has_keys("scoreboard", "games"),
    ),
    _reader(
        "scoreboard_v2",
        SCHEDULE,
        (
            *("game_id", "game_date_est", "game_status_id", "game_status_text"),
            *("home_team_id", "visitor_team_id"),
        ),
        read_older_day,
        opens=partial(result_rows, name="GameHeader"),
        knows=has_result("GameHeader", "GAME_ID", "GAME_DATE_EST"),
    ),
    _reader(
        "scoreboard_page",
        SCHEDULE,
        (
            *("gameId", "startDateEastern", "startTimeUTC", "isStartTimeTBD", "statusNum"),
            *("hTeam.teamId", "hTeam.triCode", "vTeam.teamId", "vTeam.triCode"),
        ),
        read_page_day,
        opens=page_games,
        knows=has_keys("numGames"),
    ),
)
