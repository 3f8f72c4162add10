"""What is taken out of BigQuery and brought into it is the same, held to the facts of every warehouse."""

import re

import pytest

from boxout_nba.simulator import gamebook_rows
from cli.night import DAY, Night
from warehouse.test_copies import *  # noqa: F403

PUBLIC = "SELECT game_id, player_id, pts, usage_rate_pct FROM player_game_summary ORDER BY 1, 2"


@pytest.fixture
def file(tmp_path, boxout, monkeypatch):
    """The same night in a DuckDB file, public, with a correction and rows in quarantine."""
    made = Night(tmp_path / "file")
    assert boxout("init", str(made.folder), "--pipeline", "nba-games").code == 0
    monkeypatch.chdir(made.folder)
    assert boxout("land", *made.files()).code == 0
    assert boxout("run", DAY).code == 0
    rows = made.rows(gamebook_rows)
    rows[0]["player_name"], rows[30]["pts"] = "Some Body", "many"
    boxout("land", made.csv("gamebook.csv", rows))
    boxout("run", DAY)
    assert boxout("rollback", "team_boxscore", made.ids[3], "--reason", "no", "--yes").code == 0
    return made


def test_a_project_goes_to_bigquery_and_back(boxout, night, file, tmp_path, monkeypatch):
    monkeypatch.chdir(file.folder)
    distant = str(night.folder)
    assert boxout("copy", distant).code == 0
    assert boxout("audit", "-p", distant).code == 0
    for words in (("status", DAY), ("quarantine", "list")):
        assert boxout(*words, "-p", distant, "--json").raw == boxout(*words, "--json").raw
    plan = boxout("plan", DAY, "-p", distant, "--json").raw
    assert plan == boxout("plan", DAY, "--json").raw
    again = boxout("land", file.team_box(), "-p", distant)
    assert "has the rows of a version that was withdrawn" in again.out
    back = tmp_path / "back"
    assert boxout("init", str(back), "--pipeline", "nba-games").code == 0
    assert boxout("copy", str(back), "-p", distant).code == 0
    assert boxout("audit", "-p", str(back)).code == 0
    asked = [boxout("query", PUBLIC, "-p", one, "--json").raw for one in (".", distant, str(back))]
    assert len({re.sub(r"(\.\d{9})\d+", r"\1", one) for one in asked}) == 1
