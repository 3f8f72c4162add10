"""Expectation as the ledger alone tells it, for a pipeline that is not about basketball."""

from dataclasses import replace
from itertools import count

import pytest

from boxout.graph import build
from boxout.ledger import Census, CheckCount, Day, MemoryLedger, Rollback, Undo
from boxout.model import optional, processor
from boxout.report import expected, look_at_arrivals
from boxout.report.needs import needs
from boxout_nba import GAMES
from incidents.scene import Clock
from incidents.small import BOX, FORM, LINES, SHOTS, SMALL, TOTALS

DAY, NEXT = "2026-05-01", "2026-05-02"
SLOT, GAME = f"{DAY}/slot 401", f"{DAY}/AB"
NUMBERS = count(1)
PASSED = CheckCount("is there", "block", 9, 0, 0)


@pytest.fixture
def ledger():
    return MemoryLedger(Clock())


def arrives(ledger, table, *partitions, calendar=()):
    """One version of a table, public; `calendar` is what it says when it is the slate."""
    attempt = ledger.claim(table, partitions, run="r", lease_s=60).attempt
    version = ledger.open_version(attempt, table, "f", ())
    census = [Census(partition, 1, str(next(NUMBERS))) for partition in partitions]
    ledger.record_audit(version, census, [PASSED], [])
    ledger.publish(attempt, [version], calendar=calendar, calendar_dates=partitions)
    ledger.release(attempt)


def asked(ledger, pipeline=SMALL, first=DAY, last=DAY):
    seen = look_at_arrivals(ledger, pipeline, build(pipeline), first, last)
    return expected(seen, first, last)


def test_an_undecided_slot_keeps_its_date_open(ledger):
    arrives(ledger, "slate", DAY, calendar=[Day(SLOT, "undecided", False, "401")])
    found = asked(ledger)
    (slot,) = found.partitions
    assert (slot.state, slot.outlook) == ("undecided", "may come")
    assert not found.dates[0].is_complete


def test_an_undecided_slot_leads_to_the_game_that_it_became(ledger):
    arrives(ledger, "slate", DAY, calendar=[Day(SLOT, "undecided", False, "401")])
    arrives(ledger, "slate", DAY, calendar=[Day(GAME, "scheduled", False, "401")])
    game, slot = asked(ledger).partitions
    assert (slot.state, slot.moved_to) == ("unlisted", (GAME,))
    assert game.moved_from == (SLOT,)


def test_a_slot_that_was_not_necessary_leaves_its_date_empty_and_complete(ledger):
    arrives(ledger, "slate", DAY, calendar=[Day(SLOT, "undecided", False, "401")])
    arrives(ledger, "slate", DAY)
    (day,) = asked(ledger).dates
    assert (day.listed, day.is_complete) == (0, True)


def test_a_date_taken_back_is_unknown_again(ledger):
    arrives(ledger, "slate", DAY, calendar=[Day(GAME, "final", True)])
    undo = Rollback((Undo("slate", "slate", DAY, None),), ((1, DAY),), "wrong", (), (DAY,))
    ledger.turn_back(undo, run="r", at=1)
    found = asked(ledger)
    assert found.unknown == ((DAY, DAY),)
    assert found.totals.expected == 0


def test_what_nothing_needs_is_not_complete_by_itself(ledger):
    @processor(TOTALS, box=optional(BOX), shots=optional(SHOTS))
    def totals(box, shots):
        return box

    @processor(FORM, lines=LINES)
    def form(lines):
        return lines

    loose = replace(SMALL, processors=(totals, form))
    arrives(ledger, "slate", DAY, calendar=[Day(GAME, "final", True)])
    arrives(ledger, "box", GAME)
    assert [p.found for p in asked(ledger, loose).partitions] == ["missing"]
    arrives(ledger, "shots", GAME)
    assert [p.found for p in asked(ledger, loose).partitions] == ["complete"]


def test_a_source_that_was_taken_back_is_missing(ledger):
    arrives(ledger, "slate", DAY, calendar=[Day(GAME, "final", True)])
    arrives(ledger, "box", GAME)
    ledger.turn_back(Rollback((Undo("box", "box", GAME, None),), (), "wrong"), run="r", at=2)
    (game,) = asked(ledger).partitions
    assert game.found == "missing"
    assert [(s.state, str(s.reasons[0])) for s in game.sources if s.table == "box"] == [
        ("withdrawn", "box: was withdrawn by publication 3")
    ]


def test_the_needs_of_a_game_are_what_its_processors_declare():
    found = needs(build(GAMES), GAMES.calendar)
    assert {name: found.role(name) for name in found.sources} == {
        "gamebook_player_stats": "required",
        "player_boxscore": "fallback",
        "team_boxscore": "required",
        "shots": "optional",
    }
    assert ("team_boxscore", "gamebook_player_stats") in found.choices
