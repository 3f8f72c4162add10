"""A rule that rejects too much of a batch holds back the whole of it, and says how much."""

from dataclasses import replace

import pytest

from boxout.compiled import compile_all
from boxout.errors import DefinitionError
from boxout.graph import build
from boxout.ledger import Finding
from boxout.model import Comparison, RejectLimit, across, processor
from boxout.model.outcomes import Done, WithheldOutcome
from boxout.run import land
from boxout.run.batch import BATCH, broken, strictest
from boxout_nba.simulator import write_csv
from incidents.small import BOX, SMALL, TOTALS, Small

DAY = "2026-02-01"
GAMES = [f"{DAY}/{home}{away}" for home in "ABC" for away in "XYZ"][:8]
TOO_MANY = 900
HALF = RejectLimit(0.5, 5)


def of(count: int, check: str = "few", severity: str = "block") -> list[Finding]:
    return [Finding(str(n), check, severity, "failed", "1", "0") for n in range(count)]


def is_broken(count: int, total: int, limit: RejectLimit | None = HALF) -> bool:
    return bool(broken(limit, of(count), list(map(str, range(total))))[1])


def test_more_than_the_share_and_at_least_the_count_are_needed():
    assert not is_broken(5, 10)
    assert is_broken(6, 10)
    assert not is_broken(4, 4)
    assert is_broken(5, 5)
    assert not is_broken(0, 0)
    assert not is_broken(10, 10, limit=None)


def test_rules_are_not_added_up_and_what_only_warns_is_not_counted():
    limit, ten = RejectLimit(0.5, 5), list(map(str, range(10)))
    assert broken(limit, [*of(4), *of(4, "other")], ten) == ([], [])
    assert broken(limit, of(9, severity="observe"), ten) == ([], [])
    assert broken(limit, of(9, severity="warn"), ten) == ([], [])


def test_the_limit_of_a_group_is_that_of_its_strictest_table():
    tables = [
        replace(TOTALS, rejects=limit)
        for limit in (None, RejectLimit(0.5, 5), RejectLimit(0.2, 9), RejectLimit(0.2, 5))
    ]
    assert strictest(tables) == RejectLimit(0.2, 5)
    assert strictest(tables[:1]) is None


@pytest.mark.parametrize("limit", [RejectLimit(0, 5), RejectLimit(1, 5), RejectLimit(0.5, 0)])
def test_a_limit_that_says_nothing_is_refused(limit):
    with pytest.raises(DefinitionError, match="totals: reject_share_max"):
        build(pipeline_with(limit))


def pipeline_with(limit, cross=()):
    old = SMALL.processors[0]
    table = replace(TOTALS, rejects=limit)
    made = processor(table.group("g") if cross else table, **old.inputs)(old.function)
    return replace(SMALL, processors=(made,), cross_checks=cross)


def deploy(small: Small, limit, cross=()) -> Small:
    pipeline = pipeline_with(limit, cross)
    graph = build(pipeline)
    made = compile_all(pipeline, graph.tables, "duckdb")
    small.engine = replace(small.engine, pipeline=pipeline, graph=graph, compiled=made)
    return small


def night(small: Small, bad: int) -> Small:
    """A night of eight games, of which the first have far too many points."""
    small.slate(DAY, **{game[11:]: "final" for game in GAMES})
    small.box({game: TOO_MANY if at < bad else 200 for at, game in enumerate(GAMES)})
    return small


def outcomes(small: Small, **asked) -> list[type]:
    return [type(one) for one in small.run(DAY, **asked).outcomes.values()]


@across("g", totals=TOTALS)
def few_points(totals):
    """One row per game."""
    return Comparison(totals, {"few": totals.points < 300})


@pytest.mark.parametrize("cross", [(), (few_points,)], ids=["table", "across"])
def test_what_is_left_of_a_broken_batch_is_not_published(small, cross):
    deploy(night(small, bad=5), RejectLimit(0.5, 5), cross)
    result = small.run(DAY)
    assert {type(one) for one in result.outcomes.values()} == {WithheldOutcome}
    told = {str(r) for r in result.outcomes["g" if cross else "totals", GAMES[-1]].reasons}
    assert (
        f"{BATCH}: failed, 5 of 8 partitions (62%) do not pass 'fewer than 500',"
        " at most 50% expected" in told
    )
    assert small.rows("FROM totals") == []
    events = small.engine.ledger.latest_events(["totals"], GAMES[-1], GAMES[-1])
    assert {(one.kind, one.subject) for one in events} == {("withheld", BATCH)}


def test_bad_games_within_the_share_hold_up_nobody_else(small):
    deploy(night(small, bad=4), RejectLimit(0.5, 4))
    assert outcomes(small).count(Done) == 4


def test_without_a_limit_each_partition_stands_for_itself(small):
    deploy(night(small, bad=7), None)
    assert outcomes(small).count(Done) == 1


def test_a_person_goes_past_a_broken_batch_with_a_reason_on_record(small):
    deploy(night(small, bad=5), RejectLimit(0.5, 5))
    outcomes(small)
    assert set(outcomes(small, forced="an all-star night")) == {Done}
    assert set(small.engine.ledger.forced().values()) == {"an all-star night"}


def test_one_game_of_a_broken_batch_that_passes_goes_out_when_it_is_asked_for_alone(small):
    deploy(night(small, bad=5), RejectLimit(0.5, 5))
    outcomes(small)
    assert outcomes(small, game=GAMES[-1]) == [Done]


def file(small: Small, bad: int, total: int) -> tuple:
    """A file of box scores, one a game, of which the first are set aside; and its reader."""
    rows = [
        {"game": f"{DAY}/{n:03}", "points": "many" if n < bad else 200, "overtimes": "0"}
        for n in range(total)
    ]
    reader = next(one for one in SMALL.readers if one.table == BOX)
    return write_csv(rows, small.folder / "box.csv"), reader


@pytest.mark.parametrize(
    ("bad", "total", "is_back"),
    [(20, 101, False), (21, 101, True), (19, 60, False), (1, 2, False), (2, 3, True)],
)
def test_a_file_of_which_too_many_rows_are_set_aside_is_held_back_whole(small, bad, total, is_back):
    landed = land(small.engine, *file(small, bad, total))
    assert (len(landed.withheld), len(landed.published)) == (
        (total - bad, 0) if is_back else (0, total - bad)
    )


def test_a_file_that_is_held_back_says_its_share_and_a_person_can_go_past_it(small):
    path, reader = file(small, 21, 101)
    landed = land(small.engine, path, reader)
    assert {str(r) for of in landed.reasons.values() for r in of} == {
        "rows set aside: failed, 21 of 101 rows (21%), at most 20% expected"
    }
    landed = land(small.engine, path, reader, forced="the last season without points")
    assert (len(landed.withheld), len(landed.published)) == (0, 80)
    assert set(small.engine.ledger.forced().values()) == {"the last season without points"}
    assert len(small.engine.warehouse.quarantine()) == 21
