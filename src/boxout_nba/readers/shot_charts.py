"""Shot charts: with place and zone, without assists and blocks."""

from functools import partial

from boxout import Measure, Reader, Rows, ibis
from boxout_nba.readers.clock import iso_date, parsed
from boxout_nba.readers.documents import FILES, has_result, result_rows
from boxout_nba.readers.ids import team_of_id
from boxout_nba.readers.rejects import PLAYER_REJECTS
from boxout_nba.readers.shots import RIM_FT, feet_across, feet_from_baseline, league_zone, numbered
from boxout_nba.spelling import game_key, is_true
from boxout_nba.tables import SHOTS

TENFOLD = "2020-21"
"""The season whose published file has its places a tenth as large, measured from the baseline."""

OFF_FT_MAX = 3
"""A place that is further than this from the distance beside it is not believed."""


def read_season_chart(raw: Rows) -> Rows:
    """The chart of a season. Its game ids are broken in places; date and teams are not."""
    is_small = raw.season == TENFOLD
    x, y = raw.loc_x.try_cast("float64"), raw.loc_y.try_cast("float64")
    x = ibis.ifelse(is_small, x * 10, x)
    y = ibis.ifelse(is_small, (y - RIM_FT) * 10, y)
    return _chart(
        raw, game_key(raw.game_date, raw.away_team, raw.home_team), is_true(raw.shot_made), (x, y)
    )


def read_game_chart(raw: Rows) -> Rows:
    """The chart of a team or a game, as stats.nba.com gives it (shotchartdetail)."""
    rows = raw.rename(league_id="game_id").mutate(
        minutes_left=raw.minutes_remaining,
        seconds_left=raw.seconds_remaining,
        zone_basic=raw.shot_zone_basic,
    )
    date = iso_date(parsed(raw.game_date, "%Y%m%d"))
    place = (feet_across(raw.loc_x), feet_from_baseline(raw.loc_y))
    return _chart(rows, game_key(date, raw.vtm, raw.htm), raw.shot_made_flag == "1", place)


def _chart(raw: Rows, game: Measure, made: Measure, place: tuple[Measure, Measure]) -> Rows:
    distance = raw.shot_distance.try_cast("float64")
    x, y = _believed(distance, *place)
    value = raw.shot_type.substr(0, 1).try_cast("int64")
    left = raw.minutes_left.try_cast("float64") * 60 + raw.seconds_left.try_cast("float64")
    return numbered(
        raw.mutate(
            game_id=game,
            team=team_of_id(raw.team_id),
            seconds_left=left,
            shot_value=value,
            made=made,
            zone=league_zone(raw.zone_basic, value, x, y),
            distance_ft=raw.shot_distance,
            x_ft=x,
            y_ft=y,
            **dict.fromkeys(("assisted", "blocked"), ibis.null("boolean")),
            **dict.fromkeys(("assist_player_id", "block_player_id"), ibis.null("string")),
        )
    )


def _believed(distance: Measure, x: Measure, y: Measure) -> tuple[Measure, Measure]:
    """The place, where it is as far from the basket as the chart says."""
    away = (x * x + (y - RIM_FT) * (y - RIM_FT)).sqrt()
    is_there = (away - distance).abs() <= OFF_FT_MAX
    return tuple(ibis.ifelse(is_there, one, ibis.null("float64")) for one in (x, y))


_SHOT = ("team_id", "player_id", "player_name", "period", "shot_type", "shot_distance")
_RESULT = (
    *_SHOT,
    *("game_id", "minutes_remaining", "seconds_remaining", "shot_zone_basic"),
    *("loc_x", "loc_y", "shot_made_flag", "game_date", "htm", "vtm"),
)
SHOT_CHARTS = (
    Reader(
        "season_shots",
        SHOTS,
        (
            *_SHOT,
            *("season", "game_date", "home_team", "away_team", "minutes_left", "seconds_left"),
            *("shot_made", "zone_basic", "loc_x", "loc_y"),
        ),
        read_season_chart,
        PLAYER_REJECTS,
        ("shots/*.parquet",),
    ),
    Reader(
        "shot_chart",
        SHOTS,
        _RESULT,
        read_game_chart,
        PLAYER_REJECTS,
        FILES,
        opens=partial(result_rows, name="Shot_Chart_Detail"),
        knows=has_result("Shot_Chart_Detail", *_RESULT),
    ),
)
