"""What a host may take for done."""

from pathlib import Path

import pytest

from boxout.asked import Span
from boxout.errors import StoreUnavailable
from boxout.integrations import Answer, Brought, bring
from boxout.project import open_project
from cli.night import DAY, Night, held
from integrations.hosted import landed, project_of

PLAYERS = "player_game_summary"


@pytest.fixture
def night(tmp_path: Path) -> Night:
    return project_of(tmp_path / "project")


def brought(night: Night, last: str = DAY, run_id: str | None = None) -> Brought:
    return bring(open_project(night.folder), Span(DAY, last, None), [PLAYERS], run_id=run_id)


def without_the_first(night: Night) -> tuple[str, str, str]:
    return night.schedule(), night.gamebook(night.games[1:]), night.team_box()


def test_a_whole_night_is_public_and_new_once(night: Night) -> None:
    landed(night, *night.files())
    first, second = brought(night), brought(night)
    assert (first.answer, second.answer) == (Answer.PUBLIC, Answer.PUBLIC)
    assert (first.standings[PLAYERS].is_new, second.standings[PLAYERS].is_new) == (True, False)
    assert first.standings[PLAYERS].publication == second.standings[PLAYERS].publication == 4


def test_nine_games_of_ten_are_no_night(night: Night) -> None:
    landed(night, *without_the_first(night))
    said = brought(night)
    assert said.answer is Answer.LATER
    assert said.look_at is not None
    (line,) = said.standings[PLAYERS].reasons
    assert line.startswith(f"{night.ids[0]}: later: gamebook_player_stats: has not arrived")


def test_a_date_of_which_the_calendar_said_nothing_is_not_public(night: Night) -> None:
    assert brought(night).answer is Answer.LATER
    landed(night, *night.files())
    said = brought(night, last="2026-02-04")
    assert said.answer is Answer.LATER
    assert said.standings[PLAYERS].reasons == (
        "2026-02-04: later: schedule: has not arrived for this date",
    )


def test_a_date_with_nothing_on_it_satisfies_nobody(night: Night) -> None:
    off = dict.fromkeys(("g0", "g1", "g2", "g3"), "cancelled")
    landed(night, night.schedule(**off))
    said = brought(night)
    assert said.answer is Answer.NOTHING
    assert said.standings[PLAYERS].publication is None


def test_withheld_comes_before_waiting(night: Night) -> None:
    landed(night, *without_the_first(night), night.broken(1))
    said = brought(night)
    assert said.answer is Answer.WITHHELD
    assert {line.split(": ")[1] for line in said.standings[PLAYERS].reasons} == {
        "withheld",
        "later",
    }


def test_a_wait_that_met_its_deadline_is_over(night: Night) -> None:
    landed(night, *without_the_first(night))
    file = night.folder / "boxout.toml"
    file.write_text(file.read_text("utf-8") + "\n[policy]\ndeadline_s = 0.001\n", "utf-8")
    looks = [brought(night).answer, brought(night).answer]  # the second is after it for sure
    assert Answer.OVER in looks


def test_what_an_earlier_look_published_is_new_to_a_host_that_asks_again(night: Night) -> None:
    landed(night, *without_the_first(night))
    assert brought(night, run_id="host-1").answer is Answer.LATER
    landed(night, night.gamebook())
    brought(night)  # somebody else is quicker
    again = brought(night, run_id="host-1").standings[PLAYERS]
    assert (again.answer, again.is_new) == (Answer.PUBLIC, True)
    other = brought(night, run_id="host-2").standings[PLAYERS]
    assert (other.answer, other.is_new) == (Answer.PUBLIC, False)


def test_a_warehouse_that_is_held_is_said_to_be(night: Night) -> None:
    landed(night, *night.files())
    with held(night.folder), pytest.raises(StoreUnavailable):
        brought(night)
