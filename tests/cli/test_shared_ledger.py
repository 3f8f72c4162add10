"""The same commands, with the ledger on a server."""

import re

import pytest

from cli.night import DAY
from ledger.postgres import empty_ledger, serving


@pytest.fixture(scope="module")
def url():
    with serving() as server:
        yield server.get_uri()


@pytest.fixture
def shared(night, url):
    file = night.folder / "boxout.toml"
    file.write_text(re.sub(r'ledger = ".*"', f'ledger = "{url}"', file.read_text("utf-8")), "utf-8")
    with empty_ledger(url, None):
        yield night


def test_a_night_is_landed_computed_and_taken_back_on_a_shared_ledger(boxout, shared):
    first = shared.ids[0]
    assert boxout("land", *shared.files()).code == 0
    assert boxout("run", DAY).code == 0
    assert not (shared.folder / "ledger.sqlite").exists()
    assert boxout("audit").code == 0
    assert boxout("rollback", "team_boxscore", first, "--reason", "wrong file", "--yes").code == 0
    assert "withdrawn" in boxout("history", "team_offense_game_summary", first).out
    assert boxout("audit").code == 0


def test_one_broken_game_on_a_shared_ledger_is_withheld_and_the_others_go_out(boxout, shared):
    first, second = shared.ids[:2]
    boxout("land", shared.schedule(), shared.gamebook(), shared.broken(game=0))
    assert boxout("run", DAY).code == 4
    assert "blk" in boxout("why", "player_game_summary", first).out
    assert boxout("history", "player_game_summary", second).code == 0
    public = boxout("query", "SELECT DISTINCT game_id FROM player_game_summary").out
    assert (first in public, second in public) == (False, True)


def test_a_server_that_is_not_there_is_a_store_that_cannot_be_used(boxout, night, tmp_path):
    file = night.folder / "boxout.toml"
    gone = f"postgresql://ann@/there?host={tmp_path}"
    file.write_text(
        re.sub(r'ledger = ".*"', f'ledger = "{gone}"', file.read_text("utf-8")), "utf-8"
    )
    said = boxout("status", DAY)
    assert said.code == 5
    assert "cannot be used now" in said.err
