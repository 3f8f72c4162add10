"""Several processes on one project at the same moment."""

import json

from chaos import nights
from chaos.script import told_by


def test_four_processes_run_the_same_night_and_it_is_published_once():
    (seen,) = told_by("chaos.rush", 4, 1)
    games = len(nights.games())
    assert seen["errors"] == []
    assert seen["published"] == [1] * 3 * games
    assert seen["outcomes"] == [f'{{"Done": {games}}}', *[f'{{"NothingToDo": {games}}}'] * 3]


def test_four_processes_at_work_at_the_same_time_on_a_shared_ledger_publish_a_night_once():
    (seen,) = told_by("chaos.rush", 4, 1, "postgres")
    assert seen["errors"] == []
    assert seen["published"] == [1] * 3 * len(nights.games())
    ended = {kind for one in seen["outcomes"] for kind in json.loads(one)}
    assert "Done" in ended
    assert ended <= {"Done", "NothingToDo", "Fenced", "Superseded"}


def test_live_nights_go_out_beside_a_backfill_and_who_does_not_wait_is_told_whom_to_wait_for():
    seen = told_by("chaos.beside", 10, 2)
    assert seen["errors"] == []
    assert [one["outcomes"] for one in seen["live"]] == [["Done"], ["Done"]]
    assert "is held by process" in seen["without waiting"]["refused"]
