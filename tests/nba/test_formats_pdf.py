"""PDF files of the league."""

from datetime import datetime

import pytest

from boxout.errors import DefinitionError, Withheld
from boxout.run import find_readers, land
from boxout_nba.readers import pdf
from nba.samples import SCRAPER, landed, needs_samples, one, opened


@pytest.fixture
def world(whole_world):
    return whole_world


REPORT = SCRAPER / "nbac_injury_report__raw_f4391904.pdf"


@needs_samples
def test_an_injury_report_lands_as_its_parsed_copy_says_row_by_row(world):
    found = landed(world, REPORT)["injury_report"]
    assert (found.rows, found.rejected, found.published) == (14, {}, ("2024-01-04",))
    parsed = opened(SCRAPER / "nbac_injury_report__exp_f4391904.json")["records"]
    theirs = {
        (
            one["date"], one["matchup"], one["team"],
            " ".join(reversed(one["player"].split(", "))), one["status"].lower(), one["reason"],
        )
        for one in parsed
    }  # fmt: skip
    rows = world.public(
        "SELECT strftime(game_date::DATE, '%m/%d/%Y') AS date, game_id[12:] AS matchup, team,"
        " player_name, status, reason FROM injury_report"
    )
    assert {tuple(row.values()) for row in rows} == theirs
    assert len(theirs) == 14


@needs_samples
def test_a_reason_of_two_lines_and_a_suffix_are_read_and_the_time_of_issue_is_eastern(world):
    landed(world, REPORT)
    row = one(world, "FROM injury_report WHERE player_lookup = 'dougmcdermott'")
    assert row["reason"] == "Injury/Illness - Right Forearm; Contusion"
    row = one(world, "FROM injury_report WHERE player_lookup = 'garypaytonii'")
    assert (row["team"], row["player_name"], row["status"]) == ("GSW", "Gary Payton II", "out")
    assert row["reported_utc"] == datetime.fromisoformat("2024-01-04 17:30")


@needs_samples
@pytest.mark.parametrize("name", ["0173bcd1", "d8072441"])
def test_a_gamebook_whose_bytes_were_damaged_on_its_way_is_refused_whole(world, name):
    path = SCRAPER / f"nbac_gamebook_pdf__raw_{name}.pdf"
    with pytest.raises(Withheld, match="there is no text in it: the PDF is damaged"):
        find_readers(world.project.pipeline, path, "")


@needs_samples
@pytest.mark.parametrize("kept", [0, 200, 30000])
def test_a_pdf_that_was_cut_off_is_refused_whole(world, kept):
    path = world.folder / "report.pdf"
    path.write_bytes(REPORT.read_bytes()[:kept])
    with pytest.raises(Withheld, match="refused whole"):
        land(world.engine, path, world.readers["injury_report_pdf"])


@needs_samples
def test_without_the_extra_the_message_says_what_to_install(world, monkeypatch):
    def absent(name):
        raise ModuleNotFoundError(name)

    pdf._pages.cache_clear()
    monkeypatch.setattr(pdf.importlib, "import_module", absent)
    with pytest.raises(DefinitionError, match=r"pip install 'boxout\[pdf\]'"):
        find_readers(world.project.pipeline, REPORT, "")
