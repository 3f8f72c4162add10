"""Live seasons of the league, through the package nba_api: the schedule, then each game that is final.

Only the package knows the addresses, parameters and headers of stats.nba.com. A box score speaks
of a game by its id; the schedule says which ids there are.
"""

import importlib
import json
import re
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any, Final, NamedTuple

from boxout import Ask, Importer, Read, Request, Unanswered, Wanted
from boxout_nba.names import KINDS
from boxout_nba.readers.ids import TEAM_IDS

PAUSE_S: Final = 1.5
TIMEOUT_S: Final = 30
SCHEDULE_KEPT_S: Final = 3600
"""The schedule says which games are final: after an hour it is asked for again."""

FINAL: Final = 3
TOO_MANY: Final = 429
HTTP_REASONS: Final = {
    403: "stats.nba.com refuses this machine (403); it does so with many addresses of data centres",
    TOO_MANY: "stats.nba.com is asked too much (429)",
}
SILENT: Final = (
    "stats.nba.com cannot be reached: this machine is offline, or the site does not answer it"
    " (it leaves many addresses of data centres waiting)"
)
INSTALL: Final = "pip install 'boxout[nba-api]'"


class _Packages(NamedTuple):
    """What is needed of the packages of the extra."""

    endpoints: Any
    http: Any
    requests: Any


def connect() -> Ask:
    """The way to stats.nba.com; ModuleNotFoundError, with the install command, without nba_api."""
    try:
        packages = _Packages(
            importlib.import_module("nba_api.stats.endpoints"),
            importlib.import_module("nba_api.stats.library.http"),
            importlib.import_module("requests"),
        )
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"live seasons need the package nba_api; install it with: {INSTALL}"
        ) from error
    session = packages.requests.Session()
    session.hooks["response"].append(_judged)
    packages.http.NBAStatsHTTP.set_session(session)
    return partial(_asked, packages)


def _judged(response: Any, **_: object) -> None:
    """The package keeps no status, so it is raised here; and it would guess how text is written."""
    response.raise_for_status()
    response.encoding = "utf-8"


def _asked(packages: _Packages, request: Request) -> bytes:
    parameters = dict(request.asked)
    kind = getattr(packages.endpoints, parameters.pop("endpoint"))
    one = kind(**parameters, timeout=TIMEOUT_S, get_request=False)
    failures = packages.requests.exceptions
    try:
        found = packages.http.NBAStatsHTTP().send_api_request(
            endpoint=one.endpoint,
            parameters=one.parameters,
            proxy=one.proxy,
            headers=one.headers,
            timeout=one.timeout,
        )
    except failures.HTTPError as error:
        raise _refused(error.response.status_code, error.response.headers) from error
    except failures.RequestException as error:
        raise Unanswered(f"{SILENT}: {type(error).__name__}", is_passing=True) from error
    return str(found.get_response()).encode("utf-8")


def _refused(status: int, headers: Mapping[str, str]) -> Unanswered:
    """A site that is busy or broken may answer later; only a broken answer is of one request."""
    is_busy, is_broken = status in (TOO_MANY, 408), status >= 500
    return Unanswered(
        HTTP_REASONS.get(status, f"stats.nba.com answers {status}"),
        is_passing=is_busy or is_broken,
        is_of_one=is_broken or status in (400, 404),
        wait_s=_wait_s(headers),
    )


def _wait_s(headers: Mapping[str, str]) -> float:
    """How long Retry-After says to wait, where it says so in seconds or by a date beside Date."""
    told = headers.get("Retry-After", "")
    if told.isdecimal():
        return float(told)
    try:
        until, now = (parsedate_to_datetime(one) for one in (told, headers.get("Date", "")))
        return max(0.0, (until - now).total_seconds())
    except (TypeError, ValueError):
        return 0.0


def refuses(wanted: Wanted) -> str | None:
    """Seasons are written 2025-26."""
    years = re.fullmatch(r"(\d{4})-(\d{2})", wanted.season, re.ASCII)
    if years and (int(years[1]) + 1) % 100 == int(years[2]):
        return None
    return f"{wanted.season}: not a season; write 2025-26"


def schedule_of(wanted: Wanted) -> Request:
    """The schedule of the whole season, whatever dates of it are wanted."""
    asked = {"endpoint": "ScheduleLeagueV2", "season": wanted.season}
    return Request(f"schedule_{wanted.season}.json.gz", asked, SCHEDULE_KEPT_S)


def box_score_of(nba_game_id: str) -> Request:
    """Players and teams of a game, by the official scorer."""
    asked = {"endpoint": "BoxScoreTraditionalV3", "game_id": nba_game_id}
    return Request(f"box_scores/{nba_game_id}.json.gz", asked)


def play_by_play_of(nba_game_id: str) -> Request:
    """Every action of a game, of which its shots are landed."""
    asked = {"endpoint": "PlayByPlayV3", "game_id": nba_game_id}
    return Request(f"play_by_play/{nba_game_id}.json.gz", asked)


def _schedule(wanted: Wanted, _: Read) -> list[Request]:
    return [schedule_of(wanted)]


def _box_scores(wanted: Wanted, read: Read) -> list[Request]:
    return [*map(box_score_of, _final_games(wanted, read))]


def _play_by_plays(wanted: Wanted, read: Read) -> list[Request]:
    return [*map(play_by_play_of, _final_games(wanted, read))]


def _final_games(wanted: Wanted, read: Read) -> list[str]:
    """The ids of the games of the range that were played to their end, by date."""
    schedule = json.loads(read(schedule_of(wanted)))["leagueSchedule"]
    found = {
        (date, game["gameId"])
        for day in schedule["gameDates"]
        for game in day["games"]
        if _is_final(game)
        and (wanted.first or "0") <= (date := game["gameDateEst"][:10]) <= (wanted.last or "9")
    }
    return [nba_game_id for _, nba_game_id in sorted(found)]


def _is_final(game: Mapping[str, Any]) -> bool:
    """Whether it is a game between two teams of the league that ended: no All-Star, none put off."""
    counted = {prefix for kind, prefix in KINDS.items() if kind != "all-star"}
    teams = {str(game[side]["teamId"]) for side in ("homeTeam", "awayTeam")}
    return (
        game["gameStatus"] == FINAL
        and game.get("postponedStatus") != "P"
        and game["gameId"][:3] in counted
        and teams <= TEAM_IDS.keys()
    )


def fault(request: Request, answer: bytes) -> str | None:
    """Why this is not the answer to the request; None when it is one, and whole."""
    try:
        found = json.loads(answer)
        return next(_FAULTS[request.asked["endpoint"]](request.asked, found), None)
    except (KeyError, TypeError, AttributeError) as error:
        return f"it is not of the form that is known, at {error}"
    except ValueError:
        return "it is no JSON"


def _schedule_faults(asked: Mapping[str, str], found: Any) -> Iterator[str]:
    schedule = found["leagueSchedule"]
    if schedule["seasonYear"] != asked["season"]:
        yield f"it is of season {schedule['seasonYear']}"
    games = [game for day in schedule["gameDates"] for game in day["games"]]
    if not games:
        yield "it has no games"
    for game in games:
        _is_final(game)
        if not re.match(r"\d{4}-\d\d-\d\d", game["gameDateEst"]):
            yield f"game {game['gameId']} has no date"


def _box_score_faults(asked: Mapping[str, str], found: Any) -> Iterator[str]:
    box = found["boxScoreTraditional"]
    yield from _other_game(asked, box)
    for side in ("homeTeam", "awayTeam"):
        if not box[side]["players"]:
            yield f"the {side} has no players"
        if not box[side]["statistics"]["points"]:
            yield f"the {side} has no points"


def _play_by_play_faults(asked: Mapping[str, str], found: Any) -> Iterator[str]:
    yield from _other_game(asked, found["game"])
    if not any(one["isFieldGoal"] for one in found["game"]["actions"]):
        yield "it has no field-goal attempts"


def _other_game(asked: Mapping[str, str], game: Mapping[str, Any]) -> Iterator[str]:
    if game["gameId"] != asked["game_id"]:
        yield f"it is of game {game['gameId']}"


_FAULTS: Final = {
    "ScheduleLeagueV2": _schedule_faults,
    "BoxScoreTraditionalV3": _box_score_faults,
    "PlayByPlayV3": _play_by_play_faults,
}

NBA_API: Final = Importer(
    name="nba-api",
    rounds={"schedule": _schedule, "box-scores": _box_scores, "play-by-play": _play_by_plays},
    connect=connect,
    fault=fault,
    refuses=refuses,
    pause_s=PAUSE_S,
)
