"""`boxout query` and `boxout graph`."""

import pytest

from cli.night import DAY


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM boxout.pointers",
        "INSERT INTO boxout.projected VALUES (99)",
        "DROP VIEW player_game_summary",
        "UPDATE versions.schedule SET status = 'final'",
        "COPY (SELECT 1) TO 'written.csv'",
        "EXPORT DATABASE 'written'",
        "ATTACH 'written.duckdb'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
    ],
)
def test_a_query_cannot_write(landed, boxout, sql):
    files = sorted(landed.folder.iterdir())
    done = boxout("query", sql)
    assert done.code == 2, done.err
    assert "The query was refused, nothing was changed." in done.err
    assert sorted(landed.folder.iterdir()) == files
    assert boxout("query", "SELECT count(*) AS n FROM schedule", "--json").json == [{"n": 4}]


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELEC 1", 'syntax error at or near "SELEC"'),
        ("SELECT nothing FROM schedule", 'Referenced column "nothing" not found'),
        ("SELECT CAST('x' AS INT)", "Could not convert string 'x'"),
        ("SELECT 1; SELECT 2", "2 statements found, one expected"),
        ("", "0 statements found, one expected"),
        ("SELECT $1", "parameters"),
    ],
)
def test_a_wrong_query_is_told_in_the_words_of_duckdb(landed, boxout, sql, said):
    done = boxout("query", sql)
    assert done.code == 2
    assert said in done.err
    assert "Traceback" not in done.err


def test_all_rows_are_shown_and_counted(landed, boxout):
    done = boxout("query", "SELECT range AS n FROM range(5000)")
    assert len(done.raw.splitlines()) == 5001
    assert done.err == "5000 rows"


def test_long_values_are_not_cut(landed, boxout):
    done = boxout("query", "SELECT repeat('x', 5000) AS a, repeat('y', 5000) AS b")
    assert "x" * 5000 in done.raw
    assert "y" * 5000 in done.raw


def test_two_columns_of_one_name_are_both_there(landed, boxout):
    assert boxout("query", "SELECT 1 AS a, 2 AS a", "--json").json == [{"a": 1, "a_2": 2}]


def test_a_query_of_no_rows_is_an_empty_list(landed, boxout):
    assert boxout("query", "SELECT 1 AS a WHERE false", "--json").json == []


def test_a_query_works_beside_another_reader(landed, boxout, held):
    with held(landed.folder, is_reading=True):
        assert boxout("query", "SELECT 1 AS a", "--json").json == [{"a": 1}]


def test_a_query_is_told_who_holds_the_warehouse(landed, boxout, held):
    with held(landed.folder) as holder:
        done = boxout("query", "SELECT 1")
    assert done.code == 5
    assert f"is held by process {holder.pid}" in done.err


def test_the_graph_is_text_mermaid_or_json(night, boxout):
    assert "team_defense_game_summary <- team_offense_game_summary" in boxout("graph").out
    assert boxout("graph", "--mermaid").raw.startswith("flowchart LR\n")
    assert boxout("graph", "--json").json["team_defense_game_summary"] == [
        "team_offense_game_summary"
    ]
    assert max(map(len, boxout("graph").raw.splitlines())) > 80, "lines are not folded"


def test_dates_and_times_are_text_in_json(landed, boxout):
    (row,) = boxout("query", f"SELECT DATE '{DAY}' AS d", "--json").json
    assert row == {"d": DAY}
