"""A run as a line of time."""

from boxout.ledger import Step
from boxout.service.ui.timeline import bars

AT = "2026-02-04T06:00:{:02}.000+00:00".format


def test_an_attempt_lies_where_it_was_in_the_run_and_says_what_it_published():
    steps = [
        Step(1, "totals", AT(2), 1, "offense", AT(4), 9, AT(6), 3),
        Step(1, "totals", AT(2), 2, "players", AT(5), 9, AT(6), 3),
        Step(2, "form", AT(8), None, None, None, None, None, None),
    ]
    first, second = bars(steps, AT(0), AT(10))
    assert (first.left, first.width, first.took_s, first.partitions) == (20, 40, 4, 3)
    assert (first.tables, first.publications) == (("offense", "players"), (9,))
    assert (second.took_s, second.publications, second.width > 0) == (0, (), True)
    assert second.left + second.width <= 100
