import re
from dataclasses import replace
from pathlib import Path

import pytest

from boxout.cli.main import answer
from boxout.compiled import compile_all
from boxout.errors import DefinitionError
from boxout.graph import build
from boxout.model import Comparison, Severity, across, at_most, count, every_row
from boxout.report import CHECKS, INDEX, MARK, reference
from boxout.testing.example import EXAMPLE, PLAYER, TEAM, form
from boxout_nba import PIPELINE, formulas, tables

DOCS = Path(__file__).parents[2] / "docs"


@across("totals", team=TEAM, player=PLAYER)
def same_games(team, player):
    """One row per game that either table has."""
    rows = team.left_join(player, "game", rname="player_{name}")
    return Comparison(rows, {"there": rows.player_value.notnull()})


EXAMPLE = replace(EXAMPLE, cross_checks=(same_games,))


def pages_of(pipeline):
    graph = build(pipeline)
    return reference(pipeline, graph, compile_all(pipeline, graph.tables, "duckdb"))


def with_form(**changes):
    """The example pipeline with its last table declared differently."""
    target = replace(form.target, **changes)
    return replace(EXAMPLE, processors=(*EXAMPLE.processors[:-1], replace(form, target=target)))


@pytest.fixture(scope="module")
def example() -> dict[str, str]:
    return pages_of(EXAMPLE)


def docs(*words: str) -> int:
    return answer(["docs", "--pipeline", "nba", *words])


def test_the_pages_in_docs_are_those_of_the_declarations():
    assert docs("--into", str(DOCS), "--check") == 0, "make docs writes them"


def test_a_changed_missing_or_left_over_page_is_refused_by_name(tmp_path, capsys):
    assert docs("--into", str(tmp_path)) == 0
    (tmp_path / CHECKS).write_text("by hand")
    (tmp_path / INDEX).unlink()
    (tmp_path / "tables" / "gone.md").write_text(f"{MARK}\n\nof a table that is no more")
    (tmp_path / "tables" / "mine.md").write_text("written by a person")
    capsys.readouterr()
    assert docs("--into", str(tmp_path), "--check") == DefinitionError.exit_code
    told = " ".join(capsys.readouterr().err.split())
    assert "checks.md (different)" in told
    assert "tables/README.md (missing)" in told
    assert "tables/gone.md (left over)" in told
    assert "mine.md" not in told


def test_writing_again_mends_every_page_and_leaves_what_a_person_wrote(tmp_path):
    folder = tmp_path / "tables"
    folder.mkdir()
    (folder / "gone.md").write_text(f"{MARK}\n\nof a table that is no more")
    (folder / "mine.md").write_text("written by a person")
    assert docs("--into", str(tmp_path)) == 0
    assert docs("--into", str(tmp_path), "--check") == 0
    assert not (folder / "gone.md").exists()
    assert (folder / "mine.md").read_text() == "written by a person"


def test_every_kind_of_input_says_what_it_reads(example):
    team, zones, form_page = (example[f"tables/{name}.md"] for name in ("team", "zones", "form"))
    assert (
        "| `box` | [box](box.md), or else [live_box](live_box.md) | same game |"
        " required: the first that is ready |"
    ) in team
    assert "| `shots` | [shots](shots.md) | same game | optional: its late arrival" in team
    assert "| `team` | [team](team.md) | same game | required |" in zones
    assert "| `before` | [player](player.md) | the 2 days before the date | required |" in form_page


def test_a_table_names_its_group_its_identities_and_its_readers(example):
    player = example["tables/player.md"]
    assert "Public together with [team](team.md), all or none." in player
    assert "| there | `team` | not public |" in player
    assert player.endswith("## Read by\n\n[form](form.md)\n")


def test_the_index_puts_a_table_after_all_that_it_reads(example):
    index = example[INDEX]
    places = [index.index(f"[{name}]({name}.md)") for name in ("box", "team", "player", "form")]
    assert places == sorted(places)
    assert "flowchart LR" in index


def test_bounds_severity_and_columns_of_a_check_are_told():
    checks = (
        every_row("positive", lambda t: t.value.length() > 0, severity=Severity.WARN),
        at_most(3, "few", lambda t: t.day.nunique()),
    )
    page = pages_of(with_form(checks=checks))["tables/form.md"]
    assert "| positive | `value` | every row | public all the same, and told |" in page
    assert "| few | `day` | at most 3, per date | not public |" in page
    assert "| duplicate keys | rows less distinct keys | exactly 0, per date | not public |" in page


def test_every_check_that_an_audit_asks_is_in_the_table_of_checks(example):
    graph = build(EXAMPLE)
    compiled = compile_all(EXAMPLE, graph.tables, "duckdb")
    asked = sum(len(audit.checks) for audit in compiled.audits.values())
    asked += sum(len(audit.checks) for of in compiled.across.values() for audit in of)
    rows = [line for line in example[CHECKS].splitlines() if line.startswith("| [")]
    assert len(rows) == asked


def test_a_formula_that_several_columns_share_stands_once():
    said = "twice the | value, <b>2 * value</b>"
    day, value = (replace(one, formula=said) for one in form.target.columns)
    columns = (day, replace(value, null=said))
    page = pages_of(with_form(columns=columns))["tables/form.md"]
    plain = r"twice the | value, \<b>2 \* value\</b>"
    assert f"- `day`, `value`: {plain}" in page
    assert plain.replace("|", r"\|") in page


def test_a_formula_without_a_word_is_a_fault_of_the_definition():
    columns = (*form.target.columns, count("n", "n", formula=lambda value: value))
    with pytest.raises(DefinitionError, match="form: the formula of n says nothing"):
        build(with_form(columns=columns))


TAKEN_OVER = {"minutes", "minutes_last_7", "minutes_last_14", "spread", "total"}
"""Decimal numbers that are sums of, or the same as, a column of an input."""


def test_every_rate_of_the_nba_tables_says_its_formula():
    named = (getattr(tables, name) for name in tables.__all__)
    columns = {
        f"{table}.{column.name}"
        for table in named
        if getattr(table, "is_source", None) is False
        for column in table.columns
        if column.dtype == "float64" and column.formula is None and column.name not in TAKEN_OVER
    }
    assert columns == set()


def test_every_formula_of_the_nba_pipeline_is_that_of_a_column_and_names_its_source():
    used = {c.formula for one in PIPELINE.processors for c in one.target.columns}
    parts = {formulas.plays, formulas.half_possessions}
    mine = {
        one
        for one in vars(formulas).values()
        if getattr(one, "__module__", "") == formulas.__name__ and one.__name__[0] != "_"
    }
    assert mine - parts <= used
    arithmetic = {formulas.overtime_periods, formulas.half_possessions}
    assert {
        one.__name__ for one in mine - arithmetic if "Source: " not in (one.__doc__ or "")
    } == set()


def test_every_link_in_docs_leads_somewhere():
    pages = list(DOCS.rglob("*.md"))
    links = [
        (page, target)
        for page in pages
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8"))
    ]
    assert len(links) > 100
    assert [
        (page.name, target) for page, target in links if not (page.parent / target).exists()
    ] == []


def test_every_page_of_docs_can_be_reached_from_its_map():
    found, waiting = set(), [DOCS / "README.md"]
    while waiting:
        page = waiting.pop()
        found.add(page)
        targets = re.findall(r"\]\(([^)#:]+\.md)\)", page.read_text("utf-8"))
        near = {(page.parent / target).resolve() for target in targets}
        waiting += sorted(one for one in near - found if DOCS in one.parents)
    assert set(DOCS.rglob("*.md")) == {one for one in found if DOCS in one.parents}
