"""`boxout import nba-api`: a small season, interrupted, refused, garbled; no network."""

import gzip
import json
import re
import sys
import tomllib
from dataclasses import replace
from importlib.metadata import EntryPoint, entry_points
from itertools import pairwise
from pathlib import Path

import pytest
import requests

from boxout import Unanswered, Wanted
from boxout.cli.main import answer
from boxout_nba import importer
from boxout_nba.importer import NBA_API, box_score_of, play_by_play_of, schedule_of
from nba.league import BUSY, League
from nba.samples import LEAGUE, needs_samples
from seeded import seed

IMPORT = ("import", "nba-api", "--season", "2025-26")
SCHEDULE, BOX, PLAYS = "ScheduleLeagueV2", "BoxScoreTraditionalV3", "PlayByPlayV3"


class Project:
    """A project in a folder, a league that answers, and the command line in this process."""

    def __init__(self, league, capsys) -> None:
        self.league, self._capsys = league, capsys

    def __call__(self, *words):
        self.league.asked.clear()
        self.league.at.clear()
        self._capsys.readouterr()
        code = answer([*words, "--json"])
        self.said = json.loads(self._capsys.readouterr().out)
        return code

    def public(self, table: str) -> int:
        assert self("query", f"SELECT count(*) AS n FROM {table}") == 0
        return self.said[0]["n"]


@pytest.fixture
def project(tmp_path, monkeypatch, capsys) -> Project:
    league = League()
    monkeypatch.chdir(tmp_path)
    provided = EntryPoint("nba-api", "boxout_nba.importer:NBA_API", "boxout.importers")
    others = entry_points

    def found(group):
        return [provided] if group == "boxout.importers" else others(group=group)

    monkeypatch.setattr("boxout.installed.entry_points", found)
    monkeypatch.setattr(importer, "NBA_API", replace(NBA_API, connect=lambda: league.ask))
    monkeypatch.setattr("boxout.cli.importing.sleep", league.sleep)
    monkeypatch.setattr("boxout.cli.importing.monotonic", lambda: league.now_s)
    assert answer(["init", "--pipeline", "nba-games"]) == 0
    seed(tmp_path, "nba-games")
    return Project(league, capsys)


def test_a_small_season_is_imported_and_public(project):
    assert project(*IMPORT) == 0
    games = list(project.league.games)
    assert project.league.asked == [
        (SCHEDULE, ""), *((BOX, one) for one in games), *((PLAYS, one) for one in games),
    ]  # fmt: skip
    assert project.said["refused"] == []
    files = sorted(p.name for p in Path("imported/nba-api/2025-26").rglob("*.json.gz"))
    assert len(files) == project.said["files"] == 13
    assert project.public("schedule") == 6
    assert project.public("team_boxscore") == 12
    assert project.public("gamebook_player_stats") == 6 * 28
    assert project.public("shots") == 6
    assert project("run", "2026-02-03", "2026-02-05") == 0
    assert project.public("player_game_summary") == 6 * 28


def test_a_person_is_told_by_table(project, capsys):
    assert answer([*IMPORT, "--skip", "play-by-play"]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["team_boxscore", "6", "12", "6", "0", "0", "0"] in lines
    assert ["gamebook_player_stats", "6", "168", "6", "0", "0", "0"] in lines


def test_requests_are_at_least_the_pause_apart(project):
    assert project(*IMPORT, "--no-land") == 0
    at = project.league.at
    gaps = [after - before for before, after in pairwise(at)]
    assert len(gaps) == 12
    assert all(1.5 <= gap <= 2.25 for gap in gaps)


def test_a_second_import_asks_for_nothing_and_lands_the_schedule_only(project):
    project(*IMPORT)
    assert project(*IMPORT) == 0
    assert project.league.asked == []
    assert [one["table"] for one in project.said["landed"]] == ["schedule"]
    assert project.said["landed"][0]["public"] == []


def test_an_interrupted_import_lands_nothing_and_then_asks_for_what_is_missing(project):
    games = list(project.league.games)
    project.league.wrong[BOX, games[2]] = [KeyboardInterrupt()]
    assert project(*IMPORT) == 130
    assert not Path("warehouse.duckdb").exists()
    assert project(*IMPORT) == 0
    assert project.league.asked == [(BOX, g) for g in games[2:]] + [(PLAYS, g) for g in games]
    assert project.public("team_boxscore") == 12


def test_a_machine_that_is_offline_is_told_so_and_nothing_is_landed(project):
    project.league.is_offline = True
    assert project(*IMPORT) == 5
    assert project.said["error"] == "SourceUnavailable"
    assert "stats.nba.com cannot be reached" in project.said["message"]
    assert "nothing was landed" in project.said["message"]
    assert not Path("warehouse.duckdb").exists()
    assert not Path("imported").exists()


def test_going_offline_in_the_middle_lands_nothing_and_keeps_what_is_whole(project):
    game = list(project.league.games)[3]
    lost = Unanswered("stats.nba.com cannot be reached", is_passing=True)
    project.league.wrong[BOX, game] = [lost] * 5
    assert project(*IMPORT) == 5
    assert "Whole answers in imported/nba-api/2025-26: 4." in project.said["message"]
    assert not Path("warehouse.duckdb").exists()


def test_too_many_requests_are_followed_by_a_pause_and_the_same_request(project):
    game = next(iter(project.league.games))
    project.league.wrong[BOX, game] = [BUSY]
    assert project(*IMPORT, "--no-land") == 0
    assert project.league.asked[1:3] == [(BOX, game)] * 2
    assert project.league.at[2] - project.league.at[1] >= 30


def garbled(league, game):
    """Answers that are none: cut off, of another game, an error page, without players."""
    whole = json.dumps(league.answer(BOX, game)).encode()
    other = next(one for one in league.games if one != game)
    empty = league.answer(BOX, game)
    empty["boxScoreTraditional"]["homeTeam"]["players"] = []
    return [
        whole[:-9], json.dumps(league.answer(BOX, other)).encode(), b"<html>", b"[]", b"\xff",
        json.dumps(empty).encode(),
    ]  # fmt: skip


@pytest.mark.parametrize("kind", range(6))
def test_a_garbled_answer_is_refused_and_asked_for_again(project, kind):
    game = list(project.league.games)[1]
    project.league.wrong[BOX, game] = [garbled(project.league, game)[kind]]
    assert project(*IMPORT, "--no-land", "--skip", "play-by-play") == 0
    assert project.league.asked.count((BOX, game)) == 2
    kept = gzip.decompress(Path("imported/nba-api/2025-26", box_score_of(game).file).read_bytes())
    assert json.loads(kept) == project.league.answer(BOX, game)


def test_a_game_that_cannot_be_had_is_named_and_the_others_are_landed(project):
    game = next(iter(project.league.games))
    project.league.wrong[BOX, game] = [b"<html>"] * 5
    assert project(*IMPORT, "--skip", "play-by-play") == 5
    assert list(project.said["lacking"]) == [f"box_scores/{game}.json.gz"]
    assert project.public("team_boxscore") == 10
    assert project(*IMPORT, "--skip", "play-by-play") == 0
    assert project.league.asked == [(BOX, game)]
    assert project.public("team_boxscore") == 12


def test_only_final_games_of_the_range_are_asked_for(project):
    rows = list(project.league.games.values())
    rows[2]["status"] = "scheduled"
    day = ("--from", "2026-02-04", "--to", "2026-02-04", "--no-land")
    assert project(*IMPORT, *day) == 0
    game = rows[3]["nba_game_id"]
    assert project.league.asked == [(SCHEDULE, ""), (BOX, game), (PLAYS, game)]


@pytest.mark.parametrize(
    "changed", [{"status": "postponed"}, {"home_team": "RMD"}, {"nba_game_id": "0032500001"}]
)
def test_a_game_that_is_off_or_not_of_the_league_is_not_asked_for(project, changed):
    next(iter(project.league.games.values())).update(changed)
    assert project(*IMPORT, "--no-land") == 0
    assert len(project.league.asked) == 11


def test_a_file_that_gave_way_to_a_correction_is_not_landed_again(project):
    project(*IMPORT, "--skip", "play-by-play")
    assists = assists_of(project)
    game = next(iter(project.league.games))
    found = project.league.answer(BOX, game)
    player = found["boxScoreTraditional"]["homeTeam"]["players"][0]
    player["statistics"]["assists"] += 1
    Path("corrected.json").write_text(json.dumps(found))
    assert project("land", "corrected.json", "--reader", "box_score_v3_players") == 0
    assert assists_of(project) == assists + 1
    assert project(*IMPORT, "--skip", "play-by-play") == 0
    assert assists_of(project) == assists + 1


def assists_of(project) -> int:
    assert project("query", "SELECT sum(ast)::INT AS n FROM gamebook_player_stats") == 0
    return project.said[0]["n"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("import", "nba-ap", "--season", "2025-26"), "Did you mean nba-api?"),
        (("import", "nba-api", "--season", "2025-27"), "2025-27: not a season; write 2025-26"),
        ((*IMPORT, "--from", "yesterday"), "say a date"),
        ((*IMPORT, "--from", "2026-02-03/BOS@LAL"), "say a date"),
        ((*IMPORT, "--from", "2026-02-05", "--to", "2026-02-03"), "ends before it begins"),
        ((*IMPORT, "--skip", "play-by-pla"), "Did you mean play-by-play?"),
        ((*IMPORT, "--skip", "schedule"), "the others are asked for by it"),
    ],
)
def test_what_cannot_be_asked_is_refused_before_anybody_is_asked(project, words, said):
    assert project(*words) == 2
    assert said in project.said["message"]
    assert project.league.asked == []


def test_without_the_package_the_install_command_is_told(project, monkeypatch):
    monkeypatch.setattr(importer, "NBA_API", NBA_API)
    monkeypatch.setitem(sys.modules, "nba_api.stats.endpoints", None)
    assert project(*IMPORT) == 2
    assert "pip install 'boxout[nba-api]'" in project.said["message"]


@needs_samples
def test_the_league_s_own_answers_are_whole():
    box = (LEAGUE / "boxscoretraditionalv3.json").read_bytes()
    plays = gzip.decompress((LEAGUE / "playbyplayv3.json.gz").read_bytes())
    found = json.loads(plays)["game"]["gameId"]
    assert NBA_API.fault(box_score_of("0022500165"), box) is None
    assert NBA_API.fault(play_by_play_of(found), plays) is None
    assert NBA_API.fault(box_score_of("0022500166"), box) == "it is of game 0022500165"


class Answered:
    """The wire: what is sent over it, and the answer that comes back."""

    def __init__(self, monkeypatch) -> None:
        self.sent: list[tuple[requests.PreparedRequest, float]] = []
        self.status, self.body, self.headers = 200, b"{}", {}
        self.error: Exception | None = None
        monkeypatch.setattr("requests.adapters.HTTPAdapter.send", self._send)

    def _send(self, request, **options):
        self.sent.append((request, options["timeout"]))
        if self.error:
            raise self.error
        found = requests.Response()
        found.status_code, found._content, found.request = self.status, self.body, request
        found.url = request.url
        found.headers.update(self.headers)
        found.encoding = requests.utils.get_encoding_from_headers(found.headers)
        return found


@pytest.fixture
def wire(monkeypatch) -> Answered:
    pytest.importorskip("nba_api", reason="the extra nba-api is not installed")
    return Answered(monkeypatch)


@pytest.mark.parametrize(
    ("request_", "url"),
    [
        (schedule_of(Wanted("2025-26")), r"scheduleleaguev2\?LeagueID=00&Season=2025-26"),
        (box_score_of("0022500165"), r"boxscoretraditionalv3\?.*GameID=0022500165"),
        (play_by_play_of("0022500165"), r"playbyplayv3\?.*GameID=0022500165"),
    ],
)
def test_the_package_builds_the_request_and_the_answer_is_kept_as_it_came(wire, request_, url):
    wire.body, wire.headers = '{"name": "Jokić"}'.encode(), {"Content-Type": "text/plain"}
    assert importer.connect()(request_) == wire.body
    ((sent, timeout_s),) = wire.sent
    assert re.search(url, sent.url)
    assert sent.headers["Referer"] == "https://www.nba.com/"
    assert timeout_s == 30


@pytest.mark.parametrize(
    ("status", "is_passing", "is_of_one"),
    [(429, True, False), (500, True, True), (503, True, True), (403, False, False), (404, False, True)],
)  # fmt: skip
def test_a_status_says_whether_to_ask_again(wire, status, is_passing, is_of_one):
    wire.status, wire.headers = status, {"Retry-After": "17"}
    with pytest.raises(Unanswered, match=str(status)) as refused:
        importer.connect()(box_score_of("0022500165"))
    found = refused.value
    assert (found.is_passing, found.is_of_one, found.wait_s) == (is_passing, is_of_one, 17)


def test_a_date_to_wait_for_is_understood(wire):
    wire.status = 429
    wire.headers = {
        "Retry-After": "Tue, 03 Feb 2026 10:01:00 GMT",
        "Date": "Tue, 03 Feb 2026 10:00:00 GMT",
    }
    with pytest.raises(Unanswered) as refused:
        importer.connect()(box_score_of("0022500165"))
    assert refused.value.wait_s == 60


@pytest.mark.parametrize(
    "error", [requests.ConnectionError("no route"), requests.ReadTimeout("30 s")]
)
def test_a_site_that_does_not_answer_is_told_with_what_it_may_be(wire, error):
    wire.error = error
    with pytest.raises(Unanswered, match="offline, or the site does not answer") as refused:
        importer.connect()(box_score_of("0022500165"))
    assert (refused.value.is_passing, refused.value.is_of_one) == (True, False)


def test_the_importer_is_an_entry_point_of_the_project():
    told = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())
    points = told["project"]["entry-points"]["boxout.importers"]
    assert EntryPoint("nba-api", points["nba-api"], "boxout.importers").load() is NBA_API
