"""How numbers are spread, beside what is usual; and the rows that are far from it."""

import pytest

from boxout import count, derived, every_row, number, text
from boxout.report.spread import MINE, Span, courses, far, measured, plotted, spreads
from boxout.warehouse import DuckdbWarehouse
from incidents.small import GAME

TABLE = derived(
    "totals",
    one_row_per="game",
    scheme=GAME,
    key=("game",),
    columns=(
        text("game", "its key"),
        count("points", "both teams'"),
        number("pace", "of play", null="no minutes", formula="points by minutes"),
    ),
    checks=(every_row("positive", lambda t: t.points > 0),),
)
DAY = "2026-02-01"
SPAN = Span(DAY, DAY, "2025-10-01", "2026-06-30")


@pytest.fixture
def warehouse(tmp_path):
    """A season of one game a day, its paces 0 to 99, and one date with 50 and with 1000."""
    opened = DuckdbWarehouse.open(tmp_path / "w.duckdb", [TABLE])
    cursor = opened._connection.cursor()
    cursor.execute("""
        INSERT INTO versions.totals (game, points, pace, _version)
        SELECT ('2025-11-01'::DATE + (n // 2)::INTEGER)::VARCHAR || '/' || n, n, n, 1 FROM range(100) t(n)
    """)
    cursor.execute(
        f"INSERT INTO versions.totals (game, points, pace, _version) VALUES"
        f" ('{DAY}/A', 0, 50, 2), ('{DAY}/B', 7, 1000, 2), ('{DAY}/C', 7, NULL, 2)"
    )
    parts = [row["game"] for row in opened.query("SELECT game FROM versions.totals")]
    moves = [("totals", part, 2 if part.startswith(DAY) else 1, 1) for part in parts]
    opened.project(moves, 1)
    yield opened
    opened.close()


def test_computed_decimals_are_plotted_and_all_numbers_beside_the_key_are_measured():
    assert [one.name for one in measured(TABLE)] == ["points", "pace"]
    assert [one.name for one in plotted(TABLE)] == ["pace"]


def test_the_values_of_a_date_stand_beside_those_of_the_rest_of_its_season(warehouse):
    points, pace = spreads(warehouse, TABLE, SPAN, ())
    assert (points.mine.rows, points.mine.nulls, points.mine.zeros) == (3, 0, 1)
    assert points.mine.quantiles[0] == 0
    assert (pace.mine.rows, pace.mine.nulls, pace.mine.values) == (3, 1, 2)
    assert (pace.usual.rows, pace.usual.at(0.5), pace.usual.at(1.0)) == (100, 49.5, 99)


def test_a_value_far_outside_does_not_squeeze_the_others_and_is_counted(warehouse):
    _, pace = spreads(warehouse, TABLE, SPAN, ())
    assert pace.outside == 1
    assert (pace.low, pace.high) == (pytest.approx(0.495), pytest.approx(98.505))
    mine, usual = zip(*pace.bins, strict=True)
    assert (sum(mine), round(sum(usual), 6), mine[-1]) == (1, 1, 0.5)


def test_what_a_person_forced_is_not_usual(warehouse):
    refused = [f"2025-11-01/{n}" for n in (0, 1)]
    _, pace = spreads(warehouse, TABLE, SPAN, refused)
    assert (pace.usual.rows, pace.usual.at(0.0)) == (98, 2)


def test_dates_without_rows_have_no_side(warehouse):
    nothing = Span("2026-03-01", "2026-03-01", "2026-03-01", "2026-03-01")
    for one in spreads(warehouse, TABLE, nothing, ()):
        assert (one.mine, one.usual, one.bins) == (None, None, ())


def test_a_row_far_from_the_middle_half_is_named_by_its_key(warehouse):
    (one,) = far(warehouse, TABLE, SPAN, ())
    assert (one.key, one.column, one.value) == (f"{DAY}/B", "pace", 1000)
    assert (one.low, one.high) == (24.75, 74.25)


def test_nothing_is_far_where_there_is_too_little_to_compare_with(warehouse):
    alone = Span(DAY, DAY, DAY, DAY)
    assert far(warehouse, TABLE, alone, ()) == []


def test_a_season_has_its_course_week_by_week(warehouse):
    whole = Span("2025-10-01", "2026-06-30", "2025-10-01", "2026-06-30")
    weeks = courses(warehouse, TABLE, whole)["pace"]
    assert [one.since for one in weeks[:2]] == ["2025-10-27", "2025-11-03"]
    assert (weeks[0].values, weeks[0].middle) == (4, 1.5)
    assert MINE == "mine"
