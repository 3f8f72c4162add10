"""Play-by-play of the league: v3, the live pages, and v2 as JSON or as a season's table."""

from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from boxout import Measure, Reader, Rows, ibis
from boxout_nba.readers.clock import seconds
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
from boxout_nba.readers.rejects import PLAYER_REJECTS
from boxout_nba.readers.shots import (
    feet_across,
    feet_from_baseline,
    league_zone,
    numbered,
    yes_or_null,
)
from boxout_nba.spelling import tricode
from boxout_nba.tables import SCHEDULE, SHOTS
from boxout_nba.zones import zone

BLOCK = " BLOCK ("
_FEET = r" ([0-9]+)' "


def v3_attempts(path: Path) -> Iterator[dict[str, object]]:
    """A row per field-goal attempt, with who blocked it: that is an action of the same number."""
    game = document(path)["game"]
    blocks = {
        a["actionNumber"]: a["personId"] for a in game["actions"] if BLOCK in a["description"]
    }
    names = _ids_of_names(game)
    for action in game["actions"]:
        if action["isFieldGoal"] == 1:
            assist = _assistant(action["description"])
            yield flat(action) | {
                "gameId": game["gameId"],
                "assistName": assist,
                "assistPersonId": names.get((action["teamId"], assist)),
                "blockPersonId": blocks.get(action["actionNumber"]),
            }


def _ids_of_names(game: Document) -> dict[tuple[int, str | None], int]:
    """The only player of a team with this name in the descriptions."""
    found: dict[tuple[int, str | None], set[int]] = defaultdict(set)
    for action in game["actions"]:
        if action["personId"] and action["playerName"]:
            found[action["teamId"], action["playerName"]].add(action["personId"])
    return {name: min(ids) for name, ids in found.items() if len(ids) == 1}


def _assistant(description: str) -> str | None:
    if " AST)" not in description:
        return None
    return description.rpartition("(")[2].rpartition(" AST)")[0].rpartition(" ")[0]


def live_attempts(path: Path) -> Iterator[dict[str, object]]:
    """A row per field-goal attempt of a live page."""
    game = document(path)["game"]
    for action in game["actions"]:
        if action["isFieldGoal"] == 1:
            yield flat(action) | {"gameId": game["gameId"]}


def read_v3(raw: Rows, schedule: Rows) -> Rows:
    """The zone is that of the place; an assist without the player's number keeps its flag."""
    value = raw.shotValue.try_cast("int64")
    x, y = feet_across(raw.xLegacy), feet_from_baseline(raw.yLegacy)
    distance = raw.shotDistance.try_cast("float64")
    zoned = raw.mutate(shot_value=value, zone=zone(value, distance, x, y), x_ft=x, y_ft=y)
    return _attempts(zoned, schedule, raw.assistName.notnull())


def read_live(raw: Rows, schedule: Rows) -> Rows:
    """The zone is the league's where the page gives it."""
    value = raw.actionType.cases(("2pt", 2), ("3pt", 3), else_=ibis.null("int64"))
    x, y = feet_across(raw.xLegacy), feet_from_baseline(raw.yLegacy)
    place = zone(value, _far(raw, x, y), x, y)
    if "area" in raw.columns:
        place = ibis.coalesce(league_zone(raw.area, value, x, y), place)
    rows = raw.mutate(shot_value=value, zone=place, x_ft=x, y_ft=y)
    for name in ("assistPersonId", "blockPersonId", "shotDistance"):
        if name not in raw.columns:
            rows = rows.mutate(**{name: ibis.null("string")})
    return _attempts(rows, schedule, rows.assistPersonId.notnull())


def _far(raw: Rows, x: Measure, y: Measure) -> Measure:
    by_place = (x * x + (y - feet_from_baseline(ibis.literal("0"))) ** 2).sqrt()
    if "shotDistance" not in raw.columns:
        return by_place
    return ibis.coalesce(raw.shotDistance.try_cast("float64"), by_place)


def _attempts(raw: Rows, schedule: Rows, is_assisted: Measure) -> Rows:
    made = raw.shotResult.cases(("Made", True), ("Missed", False), else_=ibis.null("boolean"))
    rows = raw.mutate(
        made=made,
        assisted=yes_or_null(is_assisted, made),
        blocked=yes_or_null(raw.blockPersonId.notnull(), ~made),
        assist_player_id=raw.assistPersonId,
        block_player_id=raw.blockPersonId,
        team=tricode(raw.teamTricode),
        player_id=raw.personId,
        player_name=raw.playerNameI,
        seconds_left=seconds(raw.clock),
        distance_ft=raw.shotDistance,
    )
    listed = with_game(rows, schedule, "gameId")
    return numbered(listed.mutate(game_id=listed.game_of_schedule))


MADE, MISSED = "1", "2"


def v2_attempts(path: Path) -> Iterator[dict[str, object]]:
    """A row per field-goal attempt of a game, under the names of a season's table."""
    for row in result_rows(path, "PlayByPlay"):
        if row["eventmsgtype"] in (1, 2):
            yield {_V2_NAMES.get(name, name): value for name, value in row.items()}


def read_v2(raw: Rows, schedule: Rows) -> Rows:
    """No places here. What the text leaves out, it leaves out for a reason.

    A three without its distance is from the corner (so the charts of 2017-18 say of 11,143 out
    of 11,219), a two without it is at the rim (2,805 of 2,811 at 0 feet).
    """
    kind = raw.event_msg_type
    shots = raw.filter(kind.isin((MADE, MISSED)))
    told = _of_shooter(shots)
    value = ibis.ifelse(told.contains(" 3PT "), 3, 2)
    feet = told.re_extract(_FEET, 1).nullif("").try_cast("float64")
    is_far = feet.notnull() | (value == 3)
    made = shots.event_msg_type == MADE
    nowhere = ibis.null("float64")
    rows = shots.mutate(
        made=made,
        shot_value=value,
        distance_ft=ibis.ifelse(is_far, feet, 0.0),
        zone=ibis.cases(
            (feet.isnull() & (value == 3), "corner_3"),
            (feet.isnull(), "restricted_area"),
            else_=zone(value, feet, nowhere, nowhere),
        ),
        x_ft=nowhere,
        y_ft=nowhere,
        team=tricode(shots.player1_team),
        player_id=shots.player1_id,
        player_name=shots.player1_name,
        seconds_left=seconds(shots.game_clock),
        **_others(shots, made),
    )
    listed = with_game(rows.rename(league_id="game_id"), schedule, "league_id")
    return numbered(listed.mutate(game_id=listed.game_of_schedule))


def _of_shooter(shots: Rows) -> Measure:
    """The text of the shot: that of the other side tells of the block."""
    home, away = shots.home_description, shots.visitor_description
    return ibis.coalesce(
        *(ibis.ifelse(t.contains(BLOCK), ibis.null("string"), t) for t in (home, away))
    )


def _others(shots: Rows, made: Measure) -> dict[str, Measure]:
    second, third = (shots[f"player{n}_id"].nullif("0") for n in (2, 3))
    nobody = ibis.null("string")
    return {
        "assisted": yes_or_null(second.notnull(), made),
        "assist_player_id": ibis.ifelse(made, second, nobody),
        "blocked": yes_or_null(third.notnull(), ~made),
        "block_player_id": ibis.ifelse(made, nobody, third),
    }


_V2_NAMES = {
    "eventmsgtype": "event_msg_type",
    "pctimestring": "game_clock",
    "homedescription": "home_description",
    "visitordescription": "visitor_description",
    "player1_team_abbreviation": "player1_team",
}
_V2 = (
    *("game_id", "event_msg_type", "period", "game_clock"),
    *("home_description", "visitor_description", "player1_id", "player1_name", "player1_team"),
    *("player2_id", "player3_id"),
)
_ATTEMPT = (
    *("gameId", "period", "clock", "teamTricode", "personId", "playerNameI", "shotResult"),
    *("xLegacy", "yLegacy"),
)
_has_actions = has_keys("game", "actions")
_of_game = partial(Reader, rejects=of_listed_game(PLAYER_REJECTS), looks_up=SCHEDULE)
PLAY_BY_PLAY = (
    _of_game(
        "play_by_play_v3",
        SHOTS,
        (*_ATTEMPT, "shotValue", "shotDistance", "assistName", "assistPersonId", "blockPersonId"),
        read_v3,
        file_patterns=FILES,
        opens=v3_attempts,
        knows=lambda path: has_keys("game", "videoAvailable")(path) and _has_actions(path),
    ),
    _of_game(
        "play_by_play_live",
        SHOTS,
        (*_ATTEMPT, "actionType"),
        read_live,
        file_patterns=FILES,
        opens=live_attempts,
        knows=lambda path: _has_actions(path) and not has_keys("game", "videoAvailable")(path),
    ),
    _of_game(
        "play_by_play_v2",
        SHOTS,
        _V2,
        read_v2,
        file_patterns=FILES,
        opens=v2_attempts,
        knows=has_result("PlayByPlay", "EVENTMSGTYPE"),
    ),
    _of_game("season_play_by_play", SHOTS, _V2, read_v2, file_patterns=("play_by_play/*.parquet",)),
)
