"""`boxout schema` and `boxout check --against`."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from boxout.cli import schema
from boxout.model import text
from boxout_nba import GAMES

DOCS = Path(__file__).parents[2] / "docs" / "schema"


def with_columns(table: str, columns):
    """The pipeline of the games, without a baseline, with other columns in one of its sources."""
    changed = {
        one: replace(one, columns=columns(one.columns))
        for one in GAMES.sources
        if one.name == table
    }
    return replace(
        GAMES,
        baseline=None,
        sources=tuple(changed.get(one, one) for one in GAMES.sources),
        readers=tuple(replace(r, table=changed.get(r.table, r.table)) for r in GAMES.readers),
        processors=tuple(
            replace(p, inputs={
                name: replace(given, feeds=tuple(
                    replace(f, table=changed.get(f.table, f.table)) for f in given.feeds))
                for name, given in p.inputs.items()})
            for p in GAMES.processors
        ),
    )  # fmt: skip


@pytest.fixture
def code(monkeypatch):
    """Lets the code declare another pipeline than the one that the project was made with."""

    def declare(pipeline):
        monkeypatch.setattr(schema, "find_pipeline", lambda _name: pipeline)

    return declare


def test_the_snapshot_in_docs_is_what_the_code_declares(boxout):
    done = boxout("schema", "--pipeline", "nba", "--into", str(DOCS), "--check")
    assert done.code == 0, "make docs writes it"


def test_a_snapshot_that_is_not_current_is_refused_and_stays(night, boxout):
    boxout("schema", "--into", "schema")
    path = night.folder / "schema" / "nba-games.json"
    path.write_text(path.read_text().replace('"pts"', '"points"'))
    before = path.read_text()
    done = boxout("schema", "--into", "schema", "--check")
    assert done.code == 2
    assert "is not what the code declares. Next: boxout check --against" in done.err
    assert path.read_text() == before


def test_nothing_is_found_against_a_project_of_this_very_code(landed, boxout):
    done = boxout("check", "--against", ".")
    assert done.code == 0
    assert "No change against ." in done.out
    assert "Not compared, because a warehouse does not say: units" in done.out


def test_a_project_without_a_warehouse_cannot_be_compared(night, boxout):
    done = boxout("check", "--against", ".")
    assert done.code == 3
    assert "nothing has been landed in this project yet" in done.err


def test_a_column_that_is_gone_is_refused_with_what_it_would_break(landed, boxout, code):
    code(with_columns("team_boxscore", lambda of: tuple(c for c in of if c.name != "oreb")))
    done = boxout("check", "--against", ".", "--pipeline", "changed")
    assert done.code == 2
    assert "team_boxscore.oreb: gone" in done.out
    assert "team_offense_game_summary: cannot be built" in done.out
    assert "2 breaking changes against ." in done.err


def test_what_is_refused_before_it_runs_names_the_processors_of_the_snapshot(night, boxout, code):
    boxout("schema", "--into", "schema")
    code(with_columns("team_boxscore", lambda of: tuple(c for c in of if c.name != "oreb")))
    done = boxout("check", "--against", "schema/nba-games.json", "--json")
    assert done.code == 2
    gone = next(one for one in done.json["changes"] if one["column"] == "oreb")
    assert gone["weight"] == "breaking"
    assert any(line.startswith("team_offense_game_summary: column") for line in gone["breaks"])
    assert any("through these" in line for line in gone["breaks"])


def test_a_new_column_is_additive(landed, boxout, code):
    code(with_columns("team_boxscore", lambda of: (*of, text("note", "a remark", null="none"))))
    done = boxout("check", "--against", ".", "--pipeline", "changed")
    assert done.code == 0
    assert "additive: follows by itself when the project is opened" in done.out
    assert "team_boxscore.note: new, string" in done.out


@pytest.mark.parametrize(
    ("content", "said"),
    [("", "no snapshot"), ("[]", "no snapshot of a pipeline"), (None, "cannot be read")],
)
def test_what_is_no_snapshot_is_refused(night, boxout, content, said):
    if content is not None:
        (night.folder / "x.json").write_text(content)
    done = boxout("check", "--against", "x.json")
    assert done.code == 2
    assert said in done.err


def test_the_snapshot_is_plain_json_with_what_each_processor_reads(night, boxout):
    boxout("schema", "--into", "schema")
    kept = json.loads((night.folder / "schema" / "nba-games.json").read_text())
    reads = kept["processors"]["team_offense_game_summary"]["columns"]["pts"]
    assert "team_boxscore.pts" in reads
