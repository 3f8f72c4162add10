"""The dead man's switch: silence where something was expected is an alert."""

from datetime import date

import pytest

from boxout.graph import Graph, build
from boxout.ledger import CheckCount, Cursor, Event, MemoryLedger
from boxout.notify import watch
from boxout_nba import GAMES
from ledger.acts import DAY, ONE, PASSED, TWO, Time, claim, public, schedule, write

SOURCE = "team_boxscore"
EVERY = ("team_offense_game_summary", "team_defense_game_summary", "player_game_summary")
NOTHING = CheckCount("minutes", "block", 0, 0, 0)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return build(GAMES)


@pytest.fixture
def late(ledger: MemoryLedger, time: Time) -> MemoryLedger:
    """Two games are expected on the date, and it is the evening of the next one."""
    schedule(ledger, "a", (ONE, "final", True), (TWO, "final", True))
    time.pass_s(12 * 3600)
    return ledger


def causes(ledger: MemoryLedger, graph: Graph) -> list[tuple[str, str]]:
    told = watch(ledger, GAMES, graph, 36)
    written = [one for one in ledger.outbox(0, 1000) if one.kind == "silence"]
    assert [one[4:] for one in written[len(written) - len(told) :]] == [one[4:] for one in told]
    return [(one.table, one.cause) for one in told]


def land(ledger: MemoryLedger) -> None:
    public(ledger, ONE, TWO, table=SOURCE)


def compute(ledger: MemoryLedger, *tables: str, count: CheckCount = PASSED) -> None:
    attempt = claim(ledger, ONE, TWO, unit="game totals")
    for table in tables:
        write(ledger, attempt, ONE, TWO, table=table, counts=[count])


def test_a_date_that_was_examined_is_quiet(late: MemoryLedger, graph: Graph) -> None:
    land(late)
    compute(late, *EVERY)
    assert causes(late, graph) == []


def test_an_empty_ledger_is_an_alert(ledger: MemoryLedger, graph: Graph) -> None:
    said = "schedule says nothing of the date: whether there are games is not known"
    assert causes(ledger, graph) == [("schedule", said)]


def test_a_date_on_which_nothing_happened_is_an_alert(late: MemoryLedger, graph: Graph) -> None:
    assert causes(late, graph) == [
        ("(calendar)", "nothing was landed, 2 expected on the date"),
        ("(calendar)", "no run evaluated any check, 2 expected on the date"),
    ]


def test_a_date_that_nobody_computed_is_an_alert(late: MemoryLedger, graph: Graph) -> None:
    land(late)
    assert causes(late, graph) == [
        ("(calendar)", "no run evaluated any check, 2 expected on the date")
    ]


def test_a_table_that_nobody_computed_is_an_alert(late: MemoryLedger, graph: Graph) -> None:
    land(late)
    compute(late, *EVERY[:2])
    assert causes(late, graph) == [(EVERY[2], "no check was evaluated, 2 expected on the date")]


def test_a_version_whose_checks_judged_nothing_is_an_alert(
    late: MemoryLedger, graph: Graph
) -> None:
    land(late)
    compute(late, *EVERY[:2])
    compute(late, EVERY[2], count=NOTHING)
    assert causes(late, graph) == [(EVERY[2], "no check was evaluated, 2 expected on the date")]


def test_a_check_that_judged_nothing_beside_others_is_an_alert(
    late: MemoryLedger, graph: Graph
) -> None:
    land(late)
    compute(late, *EVERY[:2])
    attempt = claim(late, ONE, TWO, unit="another")
    counts = [CheckCount("c", "block", 2, 0, 0), NOTHING]
    write(late, attempt, ONE, TWO, table=EVERY[2], counts=counts)
    assert causes(late, graph) == [
        (EVERY[2], "check minutes judged nothing, 2 expected on the date")
    ]


def test_what_was_withheld_was_examined(late: MemoryLedger, graph: Graph) -> None:
    land(late)
    now = late.now()
    late.record_events([Event(now, "r", t, ONE, "withheld", "c", "0", "1") for t in EVERY])
    assert causes(late, graph) == []


def test_what_only_waits_was_not_examined(late: MemoryLedger, graph: Graph) -> None:
    land(late)
    now = late.now()
    late.record_events([Event(now, "r", t, ONE, "waiting", "c", "0", "1") for t in EVERY])
    assert len(causes(late, graph)) == 1


def test_a_date_without_games_is_quiet(ledger: MemoryLedger, graph: Graph, time: Time) -> None:
    schedule(ledger, "a")
    time.pass_s(12 * 3600)
    assert causes(ledger, graph) == []


def test_a_date_is_given_its_hours(ledger: MemoryLedger, graph: Graph, time: Time) -> None:
    schedule(ledger, "a", (ONE, "final", True))
    ledger.advance("watchdog", Cursor(date.fromisoformat(DAY).toordinal() - 1, ""))
    time.pass_s(6 * 3600 - 1)
    assert causes(ledger, graph) == []
    time.pass_s(1)
    assert len(causes(ledger, graph)) == 2


def test_a_date_is_looked_at_once(late: MemoryLedger, graph: Graph) -> None:
    assert causes(late, graph) != []
    assert causes(late, graph) == []


def test_dates_that_were_missed_are_looked_at_all(
    late: MemoryLedger, graph: Graph, time: Time
) -> None:
    causes(late, graph)
    time.pass_s(3 * 86400)
    silent = [one.first for one in watch(late, GAMES, graph, 36)]
    assert silent == ["2026-02-04", "2026-02-05", "2026-02-06"]
