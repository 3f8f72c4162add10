"""How far apart two games are, in miles and in hours of the clock."""

from typing import NamedTuple

from boxout import Measure, Predicate, Rows, ibis
from boxout_nba.arenas import ARENAS, HOME, LAC_MOVED

EARTH_RADIUS_MILES = 3958.7613
"""Mean radius, IUGG."""


class Spot(NamedTuple):
    """Where a game is played, as columns: degrees, and hours of the clock ahead of UTC on a day."""

    lat: Measure
    lon: Measure
    clock_h: Measure


def place(games: Rows) -> Measure:
    """The place of each game as text, for `spot`; null where it is not known.

    Needs `arena`, `neutral_site`, `home_team` and `game_date`. A game without an arena is played
    at the home team's unless it is on neutral ground.
    """
    name = ibis.coalesce(games.arena, ibis.ifelse(_is_at_home(games), _home(games), _none()))
    told = ((key, "|".join(map(str, map(float, of)))) for key, of in ARENAS.items())
    return name.cases(*told, else_=_none())


def spot(place: Measure, day: Measure) -> Spot:
    """A place taken apart, with its clock on a day."""
    lat, lon, utc_h, has_summer = (place.split("|")[n].cast("float64") for n in range(4))
    summer = is_summer_time(day.cast("date")).cast("float64")
    return Spot(lat, lon, utc_h + summer * has_summer)


def _is_at_home(games: Rows) -> Predicate:
    return ~games.neutral_site.fill_null(False)


def _home(games: Rows) -> Measure:
    home = games.home_team.cases(*HOME.items(), else_=_none())
    is_shared = (games.home_team == "LAC") & (games.game_date < LAC_MOVED)
    return ibis.ifelse(is_shared, HOME["LAL"], home)


def _none() -> Measure:
    return ibis.null("string")


def miles(here: Spot, there: Spot) -> Measure:
    """The great circle between two places, by the haversine formula; null when one is not known."""
    half_lat = (there.lat - here.lat).radians() / 2
    half_lon = (there.lon - here.lon).radians() / 2
    across = half_lon.sin() ** 2 * here.lat.radians().cos() * there.lat.radians().cos()
    return 2 * EARTH_RADIUS_MILES * (half_lat.sin() ** 2 + across).sqrt().clip(0, 1).asin()


def is_summer_time(day: Measure) -> Predicate:
    """Whether clocks in the United States and Canada are on summer time at noon of the day.

    From the second Sunday of March to the first of November. Source: Energy Policy Act of 2005.
    """
    month, date = day.month(), day.day()
    since_sunday = (day.day_of_week.index() + 1) % 7
    last_sunday = date - since_sunday
    in_march = (month == 3) & (last_sunday >= 8)
    in_november = (month == 11) & (last_sunday < 1)
    return month.between(4, 10) | in_march | in_november
