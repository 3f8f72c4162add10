"""`boxout report`: the page, the summary, and what is refused."""

import pytest

from boxout.pages import extras

DAY = "2026-02-03"


@pytest.fixture
def public(landed, boxout):
    assert boxout("run", DAY).code == 0
    return landed


def test_a_date_has_a_page_and_a_summary(public, boxout):
    said = boxout("report", DAY)
    assert said.code == 0
    assert "3 February 2026, pipeline nba-games" in said.out
    assert "All 4 expected are complete." in said.out
    assert "and everything passed." in said.out
    assert f"Page: quality-{DAY}.html" in said.out
    assert "<h1>3 February 2026</h1>" in (public.folder / f"quality-{DAY}.html").read_text("utf-8")


def test_without_a_date_the_latest_is_told_and_the_file_can_be_named(public, boxout):
    said = boxout("report", "--into", "night.html", "--json")
    assert (said.code, said.json["page"], said.json["title"]) == (
        0,
        "night.html",
        "3 February 2026",
    )
    assert (public.folder / "night.html").is_file()
    (players,) = (one for one in said.json["tables"] if one["table"] == "player_game_summary")
    assert players["states"] == {"fresh": 4}


def test_a_season_is_found_by_its_name(public, boxout):
    said = boxout("report", "--season", "2025-26", "--summary")
    assert (said.code, "Season 2025-26" in said.out, "Page:" in said.out) == (0, True, False)
    assert not list(public.folder.glob("quality-*"))


def test_an_unknown_season_and_two_questions_at_once_are_refused(public, boxout):
    said = boxout("report", "--season", "2019-20")
    assert (said.code, "no such season" in said.err) == (2, True)
    said = boxout("report", DAY, "--season", "2025-26")
    assert (said.code, "not both" in said.err) == (2, True)


def test_without_the_extra_nothing_is_computed_and_the_summary_still_works(
    public, boxout, monkeypatch
):
    monkeypatch.setattr(extras, "MODULES", ("no_such_module",))
    said = boxout("report", DAY)
    assert (said.code, "pip install" in said.err, said.raw) == (2, True, "")
    assert boxout("report", DAY, "--summary").code == 0


def test_a_page_that_cannot_be_written_is_told(public, boxout):
    said = boxout("report", DAY, "--into", "no/such/folder.html")
    assert (said.code, "cannot be written" in said.err) == (2, True)
