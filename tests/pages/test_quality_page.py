"""The quality report as a page: whole in itself, readable by everybody."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from boxout.errors import DefinitionError
from boxout.pages import extras, quality_page
from boxout.report import report
from boxout.run import run
from boxout_nba.simulator import team_rows
from conftest import DAY, World

VOID = {"meta", "link", "br", "path", "line", "input", "img", "hr"}


class Seen(HTMLParser):
    """Every element of a page, and whether each was closed in its place."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.ill: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.ill.append(tag)

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [found for name, found in self.elements if name == tag]


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """A night with one game withheld, alone and as a range."""
    world = World(tmp_path_factory.mktemp("pages") / "project")
    world.schedule()
    world.gamebook()
    rows = world.rows(team_rows, None, None)
    rows[0]["blk"] += 1
    world.land("team_boxscore", rows)
    run(world.engine, DAY, DAY, set(world.engine.graph.processors))
    found = report(world.engine, DAY, DAY)
    yield found, report(world.engine, "2026-02-01", "2026-02-28")
    world.engine.warehouse.close()
    world.engine.ledger.close()


@pytest.fixture(scope="module")
def page(reports) -> str:
    return quality_page(reports[0], "3 February 2026")


def test_a_page_asks_for_nothing_outside_of_itself(page):
    seen = Seen(page)
    for _, found in seen.elements:
        for name in ("src", "href", "action", "data", "poster", "srcset", "xlink:href"):
            assert (found.get(name) or "#").startswith(("#", "data:,"))
    assert [tag for tag, _ in seen.elements if tag in {"script", "iframe", "object", "embed"}] == []
    assert re.findall(r"url\(|@import|https?://(?!www\.w3\.org)", page) == []


def test_a_page_is_well_formed_with_a_title_and_its_headings_in_order(page):
    seen = Seen(page)
    assert (seen.ill, seen.open) == ([], [])
    assert "<title>3 February 2026 · quality of nba-games</title>" in page
    levels = [int(tag[1]) for tag, _ in seen.elements if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - before <= 1 for before, later in pairwise(levels))


def test_every_plot_says_what_it_shows_and_every_table_has_a_caption(page):
    seen = Seen(page)
    plots = [one["aria-label"] for one in seen.of("svg")]
    assert all(plots)
    assert any(one.startswith("usage_rate_pct, 3 February 2026; median ") for one in plots)
    assert page.count("<table") == page.count("<caption")


def test_a_plot_is_one_picture_however_many_marks_it_has(page):
    assert page.count('role="img"') > 3
    assert 'role="graphics-symbol"' not in page
    assert "aria-roledescription" not in page


def test_what_is_inside_is_reachable_and_every_label_names_something(page):
    seen = Seen(page)
    ids = {found["id"] for _, found in seen.elements if found.get("id")}
    assert {one["href"][1:] for one in seen.of("a")} <= ids
    named = {found["aria-labelledby"] for _, found in seen.elements if "aria-labelledby" in found}
    assert named <= ids


def test_what_was_held_back_stands_with_its_rows(page):
    assert "sum of players&#39; blk" in page
    assert "not public" in page
    assert "Rows that did not pass" in page


def test_words_from_outside_cannot_become_part_of_the_page(reports):
    (held, *more) = reports[0].held
    evil = replace(held, reasons=("<script>alert(1)</script>",))
    made = quality_page(replace(reports[0], held=(evil, *more)), "<b>3 February</b>")
    assert "<script" not in made
    assert "<b>3 February" not in made


def test_several_dates_have_strips_with_their_states_in_words(reports):
    made = quality_page(reports[1], "February 2026")
    assert 'aria-label="player_game_summary: 1 date withheld"' in made
    assert 'class="is-withheld"' in made


def test_without_the_extra_the_command_that_installs_it_is_named(monkeypatch):
    monkeypatch.setattr(extras, "MODULES", ("no_such_module",))
    with pytest.raises(DefinitionError, match=r"pip install 'boxout\[pages\]'"):
        extras.prepared()
