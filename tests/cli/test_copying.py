"""`boxout copy`: a project in other stores, the same in every respect, and back."""

import re
import sqlite3

import duckdb
import pytest

from boxout_nba.simulator import gamebook_rows
from cli.night import DAY
from ledger.postgres import empty_ledger, serving

PLAYERS = "player_game_summary"
WHOLE = f"SELECT count(*) AS n, sum(hash(p)::HUGEINT) AS h FROM {PLAYERS} p"


@pytest.fixture(scope="module")
def url():
    with serving() as server:
        yield server.get_uri()


@pytest.fixture
def lived(landed, boxout):
    """A night that was published, corrected, partly taken back, with rows in quarantine."""
    rows = landed.rows(gamebook_rows)
    rows[0]["player_name"] = "Some Body"
    rows[1]["pts"] = "many"
    assert boxout("run", DAY).code == 0
    boxout("land", landed.csv("gamebook.csv", rows))
    boxout("run", DAY)
    boxout("rollback", "team_boxscore", landed.ids[3], "--reason", "wrong", "--yes")
    return landed


@pytest.fixture
def elsewhere(boxout, tmp_path, monkeypatch):
    """Makes a project with other stores; `ledger` is a file beside it unless an address is given."""

    def made(name: str, ledger: str = "ledger.sqlite"):
        folder = tmp_path / name
        assert boxout("init", str(folder), "--pipeline", "nba-games").code == 0
        file = folder / "boxout.toml"
        text = re.sub('ledger = ".*"', f'ledger = "{ledger}"', file.read_text("utf-8"))
        file.write_text(text, "utf-8")
        return str(folder)

    return made


def answers(boxout, folder: str, game: str) -> list[object]:
    """What a person is told of a project."""
    asked = (
        ("status", DAY),
        ("history", PLAYERS, game),
        ("quarantine", "list"),
        ("events",),
        ("query", WHOLE),
    )
    return [boxout(*words, "-p", folder, "--json").raw for words in asked]


def test_a_project_goes_to_a_server_and_back_and_is_the_same(lived, boxout, elsewhere, url):
    with empty_ledger(url, None):
        server = elsewhere("server", url)
        assert boxout("copy", server).code == 0
        assert boxout("audit", "-p", server).code == 0
        back = elsewhere("back")
        assert boxout("copy", back, "-p", server).code == 0
        assert boxout("audit", "-p", back).code == 0
        before = answers(boxout, str(lived.folder), lived.ids[0])
        assert answers(boxout, server, lived.ids[0]) == before
        assert answers(boxout, back, lived.ids[0]) == before
        for folder in (server, back):
            assert (
                boxout("plan", DAY, "-p", folder, "--json").json
                == boxout("plan", DAY, "--json").json
            )


@pytest.mark.parametrize("on_server", [False, True])
def test_work_goes_on_in_the_copy(lived, boxout, elsewhere, url, on_server):
    with empty_ledger(url, None):
        there = elsewhere("there", url) if on_server else elsewhere("there")
        assert boxout("copy", there).code == 0
        again = boxout("land", lived.team_box(), "-p", there)
        assert "has the rows of a version that was withdrawn" in again.out
        rows = lived.rows(gamebook_rows)
        rows[0]["player_name"] = "Any Body"
        assert boxout("land", lived.csv("gamebook.csv", rows), "-p", there).code == 0
        assert boxout("run", DAY, "-p", there).code in {0, 4}
        names = boxout("query", f"SELECT player_name FROM {PLAYERS}", "-p", there).out
        assert "Any Body" in names
        assert boxout("audit", "-p", there).code == 0


def test_a_copy_that_was_interrupted_is_made_again(lived, boxout, elsewhere, monkeypatch):
    there = elsewhere("there")

    def dies(*_args):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("boxout.ledger.copying._copied", dies)
        assert boxout("copy", there).code == 130
    assert boxout("query", "SELECT 1", "-p", there).code == 0
    assert boxout("status", DAY, "-p", there, "--json").raw != boxout("status", DAY, "--json").raw
    assert boxout("copy", there).code == 0
    assert boxout("audit", "-p", there).code == 0
    game = lived.ids[0]
    assert answers(boxout, there, game) == answers(boxout, str(lived.folder), game)


def test_rows_that_are_not_those_of_the_record_are_not_copied(lived, boxout, elsewhere):
    with duckdb.connect(str(lived.folder / "warehouse.duckdb")) as c:
        c.execute(f"UPDATE versions.{PLAYERS} SET pts = pts + 1")
    done = boxout("copy", elsewhere("there"))
    assert done.code == 4
    assert "do not hold the rows that were recorded" in done.err
    assert "boxout audit" in done.err


def test_rows_in_a_partition_that_was_published_empty_are_not_copied(night, boxout, elsewhere):
    assert boxout("land", night.schedule(), "--covers", "2026-02-02..2026-02-04").code == 0
    with duckdb.connect(str(night.folder / "warehouse.duckdb")) as c:
        c.execute(
            "INSERT INTO versions.schedule"
            " SELECT * REPLACE ('2026-02-04' AS game_date) FROM versions.schedule LIMIT 1"
        )
    done = boxout("copy", elsewhere("there"))
    assert done.code == 4
    assert "2026-02-04" in done.err


def test_a_table_that_is_declared_no_more_is_not_left_behind(landed, boxout, elsewhere):
    with sqlite3.connect(landed.folder / "ledger.sqlite") as c:
        c.execute(
            "UPDATE version SET table_name = 'old_boxscore' WHERE table_name = 'team_boxscore'"
        )
    done = boxout("copy", elsewhere("there"))
    assert done.code == 2
    assert "old_boxscore" in done.err


def test_stores_that_are_in_use_take_no_copy(lived, boxout, elsewhere):
    there = elsewhere("there")
    assert boxout("copy", there).code == 0
    done = boxout("copy", there)
    assert done.code == 2
    assert "is in use: it has" in done.err


def test_a_project_is_not_copied_onto_itself(lived, boxout):
    done = boxout("copy", str(lived.folder))
    assert done.code == 2
    assert "uses a store of" in done.err


def test_a_project_of_another_pipeline_takes_no_copy(lived, boxout, tmp_path):
    assert boxout("init", str(tmp_path / "whole"), "--pipeline", "nba").code == 0
    done = boxout("copy", str(tmp_path / "whole"))
    assert done.code == 2
    assert "nba-games expected" in done.err


def test_what_was_collected_stays_unreadable_in_the_copy(lived, boxout, elsewhere):
    rows = [
        row | {"player_name": f"{row['player_name']} again"} for row in lived.rows(gamebook_rows)
    ]
    boxout("land", lived.csv("gamebook.csv", rows))
    boxout("run", DAY)
    assert "gamebook_player_stats" in boxout("gc", "--keep", "0", "--older-than", "0").out
    there = elsewhere("there")
    assert boxout("copy", there).code == 0
    sql = "SELECT count(*) FROM gamebook_player_stats"
    asked = [(str(at), folder) for folder in (".", there) for at in range(1, 9)]
    codes = [boxout("query", sql, "--at", at, "-p", folder).code for at, folder in asked]
    assert codes[:8] == codes[8:]
    assert {0, 2} <= set(codes)
    with sqlite3.connect(f"{there}/ledger.sqlite") as c:
        assert c.execute("SELECT count(*) FROM version WHERE collected_at IS NOT NULL").fetchone()[
            0
        ]
