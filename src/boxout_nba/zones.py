"""Shot zones: their names, and which zone an attempt belongs to when the league gives none."""

from boxout import Measure, Predicate, Rows, ibis

ZONES = ("restricted_area", "paint", "mid_range", "corner_3", "above_break_3")
"""Where an attempt was made; `paint` is the painted area without the restricted area.

What is thrown from the back court counts among the threes above the break.
"""

THREES = ("corner_3", "above_break_3")

LEAGUE_ZONES = {
    "Restricted Area": "restricted_area",
    "In The Paint (Non-RA)": "paint",
    "Mid-Range": "mid_range",
    "Left Corner 3": "corner_3",
    "Right Corner 3": "corner_3",
    "Above the Break 3": "above_break_3",
    "Backcourt": "above_break_3",
}
"""The league's names for zones of its shot charts."""

RESTRICTED_FT = 4
PAINT_FT = 8
LANE_HALF_WIDTH_FT = 8
FREE_THROW_LINE_FT = 19
CORNER_X_FT = 22
CORNER_Y_FT = 14


def zone(value: Measure, distance_ft: Measure, x_ft: Measure, y_ft: Measure) -> Measure:
    """The zone by the value of the attempt, its distance and, where known, its place.

    Restricted area up to 4 ft; paint up to 8 ft or inside the lane; other twos are mid-range;
    threes from beside the lane's end line are corner threes. Null when the distance is not known.
    `x_ft` is measured from the middle, `y_ft` from the baseline; both may be null.
    """
    in_lane = ((x_ft.abs() <= LANE_HALF_WIDTH_FT) & (y_ft <= FREE_THROW_LINE_FT)).fill_null(False)
    in_corner = ((x_ft.abs() >= CORNER_X_FT) & (y_ft <= CORNER_Y_FT)).fill_null(False)
    return ibis.cases(
        ((value == 3) & in_corner, "corner_3"),
        (value == 3, "above_break_3"),
        (distance_ft <= RESTRICTED_FT, "restricted_area"),
        ((distance_ft <= PAINT_FT) | in_lane, "paint"),
        (distance_ft.notnull(), "mid_range"),
        else_=ibis.null("string"),
    )


def settled(league: Measure, value: Measure, x_ft: Measure, y_ft: Measure) -> Measure:
    """The league's zone; where it contradicts the value of the attempt, the value decides.

    An attempt on the line is a three in a zone of twos, or the reverse, in one of 1,500 rows.
    """
    given = league.cases(*LEAGUE_ZONES.items(), else_=ibis.null("string"))
    is_three_zone = given.isin(THREES)
    by_value = zone(value, ibis.literal(99.0), x_ft, y_ft)
    return ibis.ifelse(is_three_zone == (value == 3), given, by_value)


def counted(shots: Rows) -> dict[str, Measure]:
    """Attempts and makes by zone, as aggregates over rows of `shots`."""
    found: dict[str, Measure] = {}
    for name in ZONES:
        found[f"{name}_fga"] = (shots.zone == name).sum()
        found[f"{name}_fgm"] = ((shots.zone == name) & shots.made).sum()
    return found


ZONE_COLUMNS = tuple(f"{name}_{what}" for name in ZONES for what in ("fgm", "fga"))


def shots_state(rows: Rows) -> Measure:
    """Whether the attempts and makes by zone are those of the line beside them.

    `agrees` when the sums over the zones equal FGA, FGM, 3PA and 3PM; `absent` without a shot;
    else `differs`. Of a player `differs` too when his team's do, and `contradicts` when the team's
    shots agree and his are another line's.
    """
    attempts = sum((rows[f"{zone}_fga"] for zone in ZONES), ibis.literal(0))
    makes = sum((rows[f"{zone}_fgm"] for zone in ZONES), ibis.literal(0))
    threes = sum((rows[f"{zone}_fga"] for zone in THREES), ibis.literal(0))
    threes_made = sum((rows[f"{zone}_fgm"] for zone in THREES), ibis.literal(0))
    agrees = (attempts == rows.fga) & (makes == rows.fgm)
    agrees &= (threes == rows.fg3a) & (threes_made == rows.fg3m)
    return ibis.cases((attempts.isnull(), "absent"), (agrees, "agrees"), else_="differs")


NEAREST_FT = {"mid_range": 7.0, "corner_3": 20.0, "above_break_3": 6.0}
FARTHEST_FT = {"restricted_area": 4.5, "paint": 16.5}
"""How near and how far attempts of a zone are, with a foot to spare: in 838,611 real ones no attempt
of the restricted area was beyond 3 ft, of the paint beyond 15, from mid-range within 8."""


def is_as_far(shots: Rows) -> Predicate:
    """Whether the distance of an attempt, where it is known, is one that its zone can have.

    The league's play-by-play says 0 where nobody measured, of threes from the corner too.
    """
    low = shots.zone.cases(*NEAREST_FT.items(), else_=0.0)
    high = shots.zone.cases(*FARTHEST_FT.items(), else_=94.0)
    is_unknown = shots.distance_ft.isnull() | (shots.distance_ft == 0)
    return is_unknown | shots.distance_ft.between(low, high)


APART_MAX = 1
"""Attempts by which a player's shots may miss his line while his team's agree: one shot that was
credited to a team mate, in one of 12,108 real team-games."""


def is_of_another(rows: Rows) -> Predicate:
    """Whether the shots under a player's id are those of another line, though the team's agree."""
    attempts = sum((rows[f"{zone}_fga"] for zone in ZONES), ibis.literal(0))
    makes = sum((rows[f"{zone}_fgm"] for zone in ZONES), ibis.literal(0))
    apart = ((attempts - rows.fga).abs() > APART_MAX) | ((makes - rows.fgm).abs() > APART_MAX)
    return ((rows.team_shots == "agrees") & apart).fill_null(False)
