"""The graph as a drawing, a month as a sheet."""

from boxout.graph import build
from boxout.pages import dag, heat
from incidents.small import SMALL


def test_every_arrow_goes_to_the_right_and_no_two_tables_lie_on_each_other():
    drawing = dag.drawing(build(SMALL), {"totals": {"fresh": 3, "withheld": 1}})
    places = {one.table: one for one in drawing.nodes}
    assert len({(one.x, one.y) for one in drawing.nodes}) == len(drawing.nodes) == 6
    assert places["box"].x < places["totals"].x < places["form"].x
    assert (places["totals"].state, places["totals"].said) == ("withheld", "1 withheld, 3 fresh")
    assert (places["box"].state, places["box"].said) == ("", "nothing known")
    assert sum(one.is_optional for one in drawing.arrows) == 1
    assert max(one.x for one in drawing.nodes) + dag.WIDTH <= drawing.width
    assert max(one.y for one in drawing.nodes) + dag.HEIGHT <= drawing.height


def test_a_sheet_begins_on_monday_and_says_what_each_date_has():
    days = heat.calendar("2024-02-01", "2024-02-10")
    found = {"2024-02-03": {"box": {"fresh": 2}, "totals": {"waiting": 1}}}
    (sheet,) = heat.sheets(found, days)
    assert (sheet.name, len(sheet.weeks)) == ("February 2024", 2)
    assert sheet.weeks[0][:3] == (None, None, None)
    assert sheet.weeks[0][5] == ("2024-02-03", 3, "waiting", "1 waiting, 2 fresh")
    assert sheet.weeks[0][4].state == ""
