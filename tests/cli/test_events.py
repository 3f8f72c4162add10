"""`boxout events` and `boxout notify`: what a night leaves to be told, and how it is told."""

import json
from contextlib import closing
from datetime import UTC, datetime

import pytest

from boxout import project as project_module
from boxout.cli import notifying
from boxout.project import open_project
from cli.night import DAY, Night, Said

TEAM, PLAYERS = "team_offense_game_summary", "player_game_summary"
NEXT_EVENING = datetime(2026, 2, 4, 18, tzinfo=UTC)


@pytest.fixture
def withheld(landed, boxout) -> Night:
    """A night of which one game does not add up: three games are public, one is withheld."""
    boxout("land", landed.broken(0))
    boxout("run", DAY)
    return landed


def lines(said: Said) -> list[dict]:
    return [json.loads(line) for line in said.raw.splitlines()]


def configured(night: Night, text: str) -> None:
    path = night.folder / "boxout.toml"
    path.write_text(path.read_text() + text)


@pytest.fixture
def evening(monkeypatch):
    monkeypatch.setattr(project_module, "_utc", lambda: NEXT_EVENING)


@pytest.fixture
def team(withheld, posted, monkeypatch, evening):
    """The night with a channel for people."""
    configured(withheld, '[notify.channels.team]\nurl = "$TEAM_URL"\n')
    monkeypatch.setenv("TEAM_URL", f"json://{posted.url}/hook")
    return posted


def test_events_are_listed_in_order(withheld, boxout):
    said = boxout("events")
    kinds = [one["type"].removeprefix("boxout.") for one in lines(boxout("events", "--json"))]
    assert kinds[:2] == ["arrived", "published"]
    assert {"run_began", "run_ended", "withheld"} <= set(kinds)
    assert kinds.index("run_began") < kinds.index("withheld") < kinds.index("run_ended")
    assert "withheld" in said.out
    assert said.out.count("run began") == 1


def test_events_can_be_chosen_by_kind_table_date_and_severity(withheld, boxout):
    def ids(*words: str) -> set[str]:
        return {one["id"] for one in lines(boxout("events", *words, "--json"))}

    of_the_team = ids("--table", TEAM)
    assert of_the_team
    assert ids("--table", TEAM, "--kind", "withheld") < of_the_team
    assert ids("--kind", "withheld", "--kind", "published") == ids("--kind", "withheld") | ids(
        "--kind", "published"
    )
    assert ids("2031-01-01") == set()
    assert ids(DAY) < ids()
    assert ids("--severity", "error") == ids("--kind", "withheld")


def test_events_after_one_are_all_that_follow_it(withheld, boxout):
    every = lines(boxout("events", "--json", "--limit", "1000"))
    assert lines(boxout("events", "--json", "--after", "3")) == every[3:]
    assert lines(boxout("events", "--json", "--limit", "2")) == every[-2:]


def test_an_event_that_cannot_be_asked_for_is_refused(withheld, boxout):
    assert "no such table" in boxout("events", "--table", "nonsense").err
    assert "say one of info, warning, error" in boxout("events", "--severity", "bad").err


def test_the_withheld_game_is_one_message_with_the_next_command(team, withheld, boxout):
    done = boxout("notify")
    assert done.code == 0, done.err
    assert done.out.startswith("team: 1 sent")
    ((_, said),) = team.posted
    assert said["type"] == "failure"
    assert f"{withheld.ids[0]} withheld" in said["title"]
    assert f"Readers see of {TEAM}, " in said["message"]
    command = said["message"].rpartition("Next: boxout ")[2].split()
    assert boxout(*command).code == 0


def test_nothing_is_told_twice(team, boxout):
    boxout("notify")
    assert boxout("notify").out.startswith("team: 0 sent")
    boxout("run", DAY)
    boxout("notify")
    assert len(team.posted) == 1


def test_a_channel_that_is_down_ends_with_5_and_is_told_later(team, boxout):
    team.answer = 500
    done = boxout("notify")
    assert done.code == 5
    assert "its service did not take the message. It is kept" in done.err
    assert boxout("notify", "--json").json["exit_code"] == 5
    team.answer = 200
    team.posted.clear()
    assert boxout("notify").code == 0
    assert len(team.posted) == 1


def test_a_secret_that_is_not_there_is_named_and_nothing_is_lost(team, boxout, monkeypatch):
    monkeypatch.delenv("TEAM_URL")
    done = boxout("notify")
    assert done.code == 5
    assert "the environment has no TEAM_URL" in done.err


def test_a_date_on_which_nothing_ran_is_an_alert(landed, posted, boxout, monkeypatch, evening):
    configured(landed, '[notify.channels.team]\nurl = "$TEAM_URL"\n')
    monkeypatch.setenv("TEAM_URL", f"json://{posted.url}/hook")
    done = boxout("notify", "--json").json
    assert done["silent"] == ["no run evaluated any check, 4 expected on the date"]
    assert "silence" in posted.posted[-1][1]["title"]
    assert boxout("expect", DAY).code == 0


def test_an_empty_project_is_an_alert_and_not_silence(night, posted, boxout, monkeypatch):
    configured(night, '[notify.channels.team]\nurl = "$TEAM_URL"\n')
    monkeypatch.setenv("TEAM_URL", f"json://{posted.url}/hook")
    boxout("notify")
    assert "whether there are games is not known" in posted.posted[0][1]["title"]


def test_nobody_to_tell_is_refused(night, boxout):
    done = boxout("notify")
    assert done.code == 2
    assert "there is no channel" in done.err


def test_a_slip_in_the_channels_is_named(night, boxout):
    configured(night, '[notify.channels.team]\nulr = "x"\n')
    done = boxout("status")
    assert done.code == 2
    assert "notify.channels.team.ulr means nothing. Did you mean url?" in done.err


def test_watching_goes_on_when_a_channel_is_down_and_waits_longer(team, boxout, monkeypatch):
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        team.answer = 200 if len(slept) == 2 else 500
        if len(slept) == 4:
            raise KeyboardInterrupt

    team.answer = 500
    monkeypatch.setattr(notifying, "sleep", sleep)
    assert boxout("notify", "--watch", "--every", "1").code == 130
    assert slept == [2, 4, 1, 1]
    with closing(open_project().ledger()) as ledger:
        assert ledger.cursor("notify team").entry > 0


def test_runs_are_told_as_openlineage_events_and_posted_once(withheld, posted, boxout, monkeypatch):
    said = lines(boxout("events", "--openlineage"))
    ends = [one["eventType"] for one in said]
    assert ends.count("START") * 2 == len(said)
    last = int(lines(boxout("events", "--json", "--limit", "1"))[0]["id"])
    assert lines(boxout("events", "--openlineage", "--after", str(last))) == []
    assert boxout("events", "--post").code == 2
    monkeypatch.setenv("OPENLINEAGE_URL", f"http://{posted.url}")
    assert boxout("events", "--post").out == f"openlineage: {len(said)} events sent"
    assert boxout("events", "--post").out == "openlineage: 0 events sent"
    assert [one for _, one in posted.posted] == said
