"""The demo keeps what it says: the unsafe script publishes the impossible, Boxout nothing of it."""

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "examples"))
import demo


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """What both sides published, and the screen."""
    lines: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", Written(lines))
        tally = demo.main(tmp_path_factory.mktemp("demo"))
    return tally, "".join(lines)


class Written:
    """A screen of no particular width that keeps what is written."""

    encoding = "utf-8"

    def __init__(self, lines):
        self._lines = lines

    def write(self, text):
        self._lines.append(text)

    def flush(self):
        pass

    def isatty(self):
        return False


def test_the_unsafe_script_publishes_impossible_rates_and_nulls(shown):
    tally, _ = shown
    assert tally.unfinished == 15
    assert tally.impossible > 50
    assert tally.highest > 500
    assert tally.nulls > 50


def test_boxout_publishes_neither(shown):
    tally, _ = shown
    assert (tally.our_impossible, tally.our_nulls) == (0, 0)
    assert 0 < tally.our_highest < demo.IMPOSSIBLE_PCT


def test_every_game_of_the_incident_goes_out_from_the_gamebook_and_half_games_wait(shown):
    tally, screen = shown
    assert tally.from_gamebook == 10
    assert len(tally.waited) == 5
    assert screen.count("from the gamebook: team_boxscore has") == 10
    assert screen.count("team minutes 120, at least 240 expected") == 5


def test_in_the_end_every_game_is_public(shown):
    tally, screen = shown
    assert tally.public == tally.games == 30
    assert "now 30 of 30 are public" in screen


def test_what_went_out_without_shots_goes_out_again_with_them(shown):
    _, screen = shown
    assert "10 of 10 games published again: shots by zone were there for 0, now for 10" in screen


def test_both_sides_agree_where_the_sources_are_complete(shown):
    """To a point: the script divides by the league's turnovers, which include the team's own."""
    _, screen = shown
    pairs = re.findall(r"\w{3}@\w{3} +(\d+) % +20 % +published +(\d+) %", screen)
    assert len(pairs) == 20
    assert [pair for pair in pairs if abs(int(pair[0]) - int(pair[1])) > 1] == []


def test_it_fits_in_120_columns(shown):
    _, screen = shown
    long = [line for line in screen.splitlines() if len(line.rstrip()) > 120]
    assert [line for line in long if not line.startswith("Try next")] == []
