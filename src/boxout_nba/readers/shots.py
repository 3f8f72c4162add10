"""What every publisher's shots share: their order in the game, and their shape."""

from boxout import Measure, Rows, ibis
from boxout_nba.spelling import lookup
from boxout_nba.tables import SHOTS
from boxout_nba.zones import LEAGUE_ZONES, settled

RIM_FT = 5.25
"""From the baseline to below the basket."""


def numbered(rows: Rows) -> Rows:
    """Rows with the columns of `shots` as attempts, each with its place in its game.

    By period and clock, then by everything else that tells two attempts apart: a tip-in in the
    same second is an attempt of its own, and two that are alike in everything are two.
    """
    order = [rows.period.cast("int64"), ibis.desc(rows.seconds_left.try_cast("float64"))]
    others = ("team", "player_id", "made", "shot_value", "distance_ft", "x_ft", "y_ft", "_line")
    place = ibis.row_number().over(
        ibis.window(group_by=rows.game_id, order_by=[*order, *(rows[name] for name in others)])
    )
    named = rows.mutate(shot_number=place + 1, player_lookup=lookup(rows.player_name))
    return named.select("_line", *SHOTS.column_names)


def feet_across(tenths: Measure) -> Measure:
    """Feet from the middle of the court, of tenths of feet from the basket."""
    return tenths.try_cast("float64") / 10


def feet_from_baseline(tenths: Measure) -> Measure:
    """Feet from the baseline, of tenths of feet from the basket."""
    return tenths.try_cast("float64") / 10 + RIM_FT


def yes_or_null(is_one: Measure, of: Measure) -> Measure:
    """Whether it was assisted or blocked, where that can be: null elsewhere."""
    return ibis.ifelse(of, is_one, ibis.null("boolean"))


def league_zone(label: Measure, value: Measure, x_ft: Measure, y_ft: Measure) -> Measure:
    """The zone of a chart, settled by the value of the attempt; null for a label nobody knows."""
    found = settled(label, value, x_ft, y_ft)
    return ibis.ifelse(label.isin(list(LEAGUE_ZONES)), found, ibis.null("string"))
