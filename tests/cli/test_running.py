"""`boxout plan`, `run` and `backfill`: summaries, exit codes, and what is counted."""

from collections.abc import Sequence
from contextlib import nullcontext

import pytest

from boxout.cli.progress import Count
from boxout.cli.running import error_of, reasons, said, verdict
from boxout.errors import DefinitionError, NotReady, StoreUnavailable, Withheld
from boxout.model.outcomes import (
    Done,
    Failed,
    Fenced,
    NothingToDo,
    Reason,
    Superseded,
    Waiting,
    WithheldOutcome,
)
from boxout.run import RunResult
from cli.night import DAY

LATE = Waiting((Reason("gamebook", "has not arrived"),))
BROKEN = WithheldOutcome((Reason("minutes", "failed, 0", "240 expected"),))


def result(*outcomes: object) -> RunResult:
    return RunResult("r", {("totals", f"{DAY}/{n}"): one for n, one in enumerate(outcomes)})


@pytest.mark.parametrize(
    ("outcome", "error"),
    [
        (Done(1), None),
        (NothingToDo("nothing it read has moved"), None),
        (LATE, NotReady),
        (Superseded("an input moved"), NotReady),
        (BROKEN, Withheld),
        (Fenced("another attempt holds the lease"), StoreUnavailable),
        (Failed("the disk is full", is_retryable=True), StoreUnavailable),
        (Failed("division by zero", is_retryable=False), DefinitionError),
    ],
)
def test_every_outcome_has_its_exit_code(outcome, error):
    assert error_of(outcome) is error
    ended = verdict(result(Done(1), outcome))
    assert type(ended) is (type(None) if error is None else error)
    assert error is None or reasons(outcome)


@pytest.mark.parametrize(
    ("outcomes", "error"),
    [
        ((LATE, BROKEN), Withheld),
        ((LATE, BROKEN, Fenced("x")), StoreUnavailable),
        ((BROKEN, Fenced("x"), Failed("x", is_retryable=False)), DefinitionError),
    ],
)
def test_of_several_outcomes_the_one_that_is_documented_as_first_counts(outcomes, error):
    assert type(verdict(result(*outcomes))) is error


def test_a_run_with_a_failed_partition_names_it_and_never_ends_with_0(landed, boxout, monkeypatch):
    broken = Failed("the processor broke", is_retryable=False)
    failed = RunResult(
        "r", {("game totals", f"{DAY}/{n}"): one for n, one in enumerate((Done(1), broken))}
    )
    monkeypatch.setattr("boxout.cli.running.run", lambda *_, **__: failed)
    done = boxout("run", DAY)
    assert done.code == 2
    assert f"failed game totals, 1 partition: {DAY}/1 attempt: the processor broke" in done.out
    assert "1 of 2 partitions not public and fresh: 1 failed" in done.err


def test_a_run_names_what_is_not_public_once_per_reason(night, boxout):
    boxout("land", night.schedule(), night.gamebook(periods=2), night.team_box(periods=2))
    done = boxout("run", DAY)
    assert done.code == 3
    assert done.out.count("team_boxscore: team minutes 120, at least 240 expected") == 1
    assert "waiting game totals, 4 partitions:" in done.out
    assert "4 of 4 partitions not public and fresh: 4 waiting" in done.err
    assert f"See: boxout why team_offense_game_summary {min(night.ids)}" in done.err


def test_numbers_that_differ_stand_as_a_range(night, boxout):
    night.team_box(night.games[:2], periods=1)
    one = night.rows_of("team_boxscore.csv")
    night.team_box(night.games[2:], periods=3)
    night.csv("team_boxscore.csv", [*one, *night.rows_of("team_boxscore.csv")])
    boxout("land", night.schedule(), "team_boxscore.csv")
    done = boxout("run", DAY)
    assert "team_boxscore: team minutes 60..180, at least 240 expected" in done.out


def test_a_withheld_partition_is_told_with_its_check_and_the_others_go_out(night, boxout):
    boxout("land", night.schedule(), night.gamebook(), night.broken(1))
    done = boxout("run", DAY, "--json")
    assert done.code == done.json["exit_code"] == 4
    assert done.json["error"] == "Withheld"
    assert done.json["outcomes"] == {"Done": 3, "Withheld": 1}
    (group,) = done.json["not_public"]
    assert group["partitions"] == [night.ids[1]]
    assert group["reasons"] == ["sum of players' blk: failed, 1 of 2 rows fail, all equal expected"]


def test_a_second_run_has_nothing_to_do_and_that_is_done(landed, boxout):
    assert boxout("run", DAY).code == 0
    done = boxout("backfill", DAY, "2026-02-04", "--json")
    assert done.code == 0
    assert done.json["outcomes"] == {"NothingToDo": 4}
    assert done.json["notes"] == ["no schedule has arrived for 2026-02-04"]


def test_a_game_that_still_runs_is_waited_for_and_a_postponed_one_is_not(night, boxout):
    boxout("land", night.schedule(g0="live", g1="postponed"), night.gamebook(), night.team_box())
    done = boxout("run", DAY)
    assert done.code == 3
    assert "2 published, 1 waiting" in done.out
    assert "schedule: it is live, final needed" in done.out
    assert "not asked for, because schedule says so: 1 postponed" in done.out


def test_a_date_of_which_every_game_is_postponed_is_not_ready(night, boxout):
    boxout("land", night.schedule(g0="postponed", g1="postponed", g2="cancelled", g3="postponed"))
    done = boxout("run", DAY)
    assert done.code == 3
    assert "no game is final; schedule lists 3 postponed, 1 cancelled" in done.err
    assert "Nothing was computed" in done.err


def test_a_game_that_the_schedule_does_not_list_is_not_ready(landed, boxout):
    away, home = landed.games[0].away, landed.games[0].home
    done = boxout("run", f"{DAY}/{home}@{away}")
    assert done.code == 3
    assert "schedule: does not list it" in done.out


def test_a_plan_groups_by_action_and_reason_and_changes_nothing(night, boxout):
    boxout("land", night.schedule(), night.gamebook(night.games[1:]), night.team_box())
    before = boxout("query", "SELECT count(*) AS n FROM versions.player_game_summary", "--json")
    done = boxout("plan", DAY)
    assert done.code == 0
    assert "3 run, 1 wait. Nothing was changed." in done.out
    assert done.out.count("nothing is public") == 1
    assert f"{night.ids[0][11:]} game totals wait gamebook_player_stats" in done.out
    assert boxout("query", "SELECT count(*) AS n FROM versions.player_game_summary",
                  "--json").json == before.json  # fmt: skip
    boxout("run", DAY)
    kept = ", ".join(sorted(one[11:] for one in night.ids[1:]))
    assert f"{kept} game totals keep nothing it read has moved" in boxout("plan", DAY).out


def test_a_plan_can_be_made_while_another_process_holds_the_warehouse(landed, boxout, held):
    with held(landed.folder):
        done = boxout("plan", DAY)
    assert done.code == 0
    assert "4 run" in done.out


class Told:
    """A progress bar that keeps what it is told."""

    def __init__(self) -> None:
        self.completed: list[int] = []

    def update(self, _task, *, completed: int) -> None:
        self.completed.append(completed)


def test_a_count_goes_forward_only_and_ends_with_everything():
    bar = Told()
    count = Count(total=10, bar=bar)
    for finished in (3, 2, 7, 12):
        count.reach(finished)
    assert bar.completed == [3, 3, 7, 10]


def test_a_backfill_counts_finished_partitions_of_all_that_were_asked_for(
    landed, boxout, monkeypatch
):
    boxout("run", landed.ids[0])
    bars: list[Count] = []
    bar = Told()

    def watched(what: str, total: int):
        if what == "partitions":
            bars.append(Count(total, bar=bar))
        return nullcontext(bars[-1] if bars else Count(total))

    monkeypatch.setattr("boxout.cli.running.counting", watched)
    assert boxout("backfill", DAY).code == 0
    assert bars[0].total == 4
    assert bar.completed[0] == 1, "the one that is fresh already"
    assert bar.completed[-1] == 4


def test_the_json_of_a_run_names_its_outcomes_as_they_are():
    document = said(result(Done(1), LATE, BROKEN), [])
    assert document["outcomes"] == {"Done": 1, "Waiting": 1, "Withheld": 1}
    outcomes: Sequence[str] = [one["outcome"] for one in document["not_public"]]
    assert outcomes == ["waiting", "withheld"]


def test_nothing_is_begun_after_the_deadline_of_a_run(landed, boxout):
    done = boxout("run", DAY, "--deadline", "0")
    assert done.code == 5
    assert "deadline came before it was begun" in done.out
    assert boxout("run", DAY, "--deadline", "600").code == 0


def test_what_a_file_would_cost_is_not_asked(boxout, landed):
    said = boxout("run", DAY, "--dry-run")
    assert (said.code, "costs nothing" in said.err) == (2, True)
