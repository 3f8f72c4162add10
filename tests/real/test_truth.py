"""Real seasons against the figures Basketball-Reference publishes and the list of known faults."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
import naive
import truth
from discrepancies import load, refusals
from fates import fates
from others import TOTALS, others

ABSENT = "the real seasons are not beside the project"
needs_seasons = pytest.mark.skipif(not truth.SEASONS.is_dir(), reason=ABSENT)


class Season:
    """One season, landed and published, with what is known to be wrong in it."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self.known = load(truth.SEASONS, [name])
        self.truth = truth.publish(folder, [name])
        engine, landed, result = self.truth
        (listed,) = engine.warehouse.query("SELECT count(*) AS games FROM schedule")
        self.games: int = listed["games"]
        self.cases = refusals(engine, landed, result, self.known, truth.SEASONS)

    def nba_ids(self, outcome: str) -> set[str]:
        """The league's ids of the games with this outcome."""
        rows = self.truth.engine.warehouse.query("SELECT game_id, nba_game_id FROM schedule")
        of = {row["game_id"]: row["nba_game_id"] for row in rows}
        return {of[case.subject] for case in self.cases if case.outcome == outcome}

    def listed(self, kind: str, table: str, *, but: tuple[str, ...] = ()) -> set[str]:
        """The games that the list names for a difference with this table."""
        return {
            row.game_id
            for row in self.known
            if row.kind == kind and row.table_b == table and row.field not in but
        }


@pytest.fixture(scope="module", params=["2017-18", "2020-21"])
def season(request, tmp_path_factory):
    return Season(tmp_path_factory.mktemp("season"), request.param)


@needs_seasons
def test_no_published_figure_has_an_unexplained_mismatch(season):
    figures = truth.compare(season.truth.engine, [season.name], season.known)
    beside_nba_logs = "player_box_misc", "team_box_misc", "player_box_scoring"
    has_logs = (truth.SEASONS / "player_box_misc" / f"{season.name}.parquet").is_file()
    asked = [one for one in truth.FIGURES if has_logs or one[0] not in beside_nba_logs]
    compared = [one for one in figures if one.compared]
    assert len(compared) == len(asked) >= 13
    for figure in compared:
        assert figure.compared > 2000
        assert figure.mismatched == []


@needs_seasons
def test_rest_load_and_form_are_what_counting_the_slow_way_gives(season):
    rows = season.truth.engine.warehouse.query(naive.OURS)
    wanted = naive.expected(truth.SEASONS, [season.name])
    compared, apart = naive.differences(rows, wanted)
    assert compared == 2 * len(naive.FIELDS) * season.games > 18_000
    assert apart == []


@needs_seasons
def test_what_is_not_public_beside_the_totals_has_its_reason(season):
    found = others(season.truth.engine, season.truth.result)
    assert len(found) > 50
    assert [one for one in found if one.why is None] == []


@needs_seasons
def test_the_withheld_games_are_exactly_those_whose_team_line_is_known_to_differ(season):
    differs = season.listed("team_stat_differs", "bref_team_box", but=("tov", "reb"))
    assert differs
    assert season.nba_ids("withheld") == differs


@needs_seasons
def test_the_waiting_games_are_exactly_those_that_no_publisher_has(season):
    lacking = season.listed("game_missing", "bref_team_box")
    if (truth.SEASONS / "player_box" / f"{season.name}.parquet").is_file():
        lacking &= season.listed("game_missing", "player_box")
    assert season.nba_ids("waits") == lacking


@needs_seasons
def test_everything_that_is_not_public_has_its_row_in_the_list(season):
    assert [case for case in season.cases if case.kind is None] == []
    totals = [one for (unit, _), one in season.truth.result.outcomes.items() if unit == TOTALS]
    refused = [one for one in totals if getattr(one, "reasons", ())]
    assert len(season.nba_ids("waits") | season.nba_ids("withheld")) == len(refused) > 0


@needs_seasons
def test_no_game_and_no_row_of_a_file_is_lost(season):
    assert truth.lost(season.truth) == []


@needs_seasons
def test_every_row_of_the_list_led_to_a_refusal_or_has_a_reason_why_it_could_not(season):
    told = fates(season.truth.engine, season.known, season.cases)
    assert len(told) == len(season.known) > 0
    assert [row for row, fate in told if fate is None] == []


@needs_seasons
def test_a_refusal_that_is_not_in_the_list_stays_unexplained(season):
    engine, landed, result = season.truth
    cases = refusals(engine, landed, result, [], truth.SEASONS)
    assert {case.kind for case in cases if case.outcome in {"waits", "withheld"}} == {None}


def test_without_the_seasons_the_script_says_so_and_fails(monkeypatch, tmp_path):
    monkeypatch.setattr(truth, "SEASONS", tmp_path / "absent")
    with pytest.raises(SystemExit, match="no such folder") as left:
        truth.main()
    assert left.value.code
