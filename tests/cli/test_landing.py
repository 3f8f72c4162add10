"""`boxout land`: what is refused, what is set aside, what a crash leaves."""

import gzip
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace

import pytest

from boxout import project as project_module
from boxout.errors import StoreUnavailable
from boxout.project import open_project
from boxout.run import land
from boxout_nba.simulator import gamebook_rows, schedule_rows, team_rows
from cli.night import DAY


def public(night, boxout, table: str) -> int:
    (row,) = boxout("query", f"SELECT count(*) AS n FROM {table}", "--json").json
    return row["n"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "it is empty"),
        (os.urandom(500) + b"\xff\xfe", "not text in UTF-8"),
        (b"\0" * 500, "columns are missing"),
        ("game_id,team\nJokić,x\n".encode("iso8859-2"), "not text in UTF-8"),
        (b"game_id,team,team\n1,2,3\n", "columns are there twice: team"),
        (b"game_id,team\n1,2\n", "columns are missing"),
    ],
)
def test_a_csv_that_is_none_is_refused_whole(night, boxout, content, said):
    night.schedule()
    boxout("land", "schedule.csv")
    (night.folder / "team_boxscore.csv").write_bytes(content)
    done = boxout("land", "team_boxscore.csv")
    assert done.code == 4
    assert "team_boxscore.csv: refused whole" in done.err
    assert said in done.err
    assert "Nothing was landed; readers still see what they saw." in done.err
    assert public(night, boxout, "team_boxscore") == 0


def test_a_refusal_is_told_to_whoever_reads_the_outbox(night, boxout):
    (night.folder / "team_boxscore.csv").write_bytes(b"game_id,team\n1,2\n")
    boxout("land", "team_boxscore.csv")
    with closing(open_project(night.folder).ledger()) as ledger:
        (one,) = ledger.outbox(0, 10)
    assert (one.kind, one.table, one.publication) == ("refused", "team_boxscore", None)
    assert one.cause.startswith("team_boxscore.csv: refused whole by reader team_box")
    assert one.details["file"] == "team_boxscore.csv"
    assert "Nothing was landed" in str(one.details["message"])


@pytest.mark.parametrize("content", [b"", b"hello\nworld\n", b"PAR1" + b"\0" * 100])
def test_a_parquet_that_is_none_is_refused_whole(night, boxout, content):
    (night.folder / "x.parquet").write_bytes(content)
    done = boxout("land", "x.parquet", "--reader", "team_box")
    assert done.code == 4
    assert "it cannot be read as parquet" in done.err
    assert "LINE 1" not in done.err


@pytest.mark.parametrize("cut", ["\n1,2", '\n1,"2,3\n', "\n1,2,3,4\n"])
def test_a_file_that_was_cut_off_is_refused_with_the_line(night, boxout, cut):
    text = (night.folder / night.team_box()).read_text().rstrip("\n")
    (night.folder / "team_boxscore.csv").write_text(text + cut)
    done = boxout("land", "team_boxscore.csv")
    assert done.code == 4
    assert "line 10" in done.err
    assert "Nothing was landed" in done.err


def test_a_short_row_does_not_swallow_the_rows_above_it(night, boxout):
    header, *rows = (night.folder / night.team_box()).read_text().splitlines()
    rows.insert(1, "1,2")
    (night.folder / "team_boxscore.csv").write_text("\n".join([header, *rows]))
    done = boxout("land", "team_boxscore.csv")
    assert done.code == 4
    assert "line 3: 2 columns found, 17 needed" in done.err


def test_a_file_without_rows_is_refused(night, boxout):
    header = (night.folder / night.schedule()).read_text().splitlines()[0]
    (night.folder / "schedule.csv").write_text(header + "\n")
    done = boxout("land", "schedule.csv")
    assert done.code == 4
    assert "0 rows found, at least 1 needed" in done.err


def test_wrong_columns_are_told_with_the_likely_slip(night, boxout):
    rows = [{("seson" if k == "season" else k): v for k, v in row.items()}
            for row in schedule_rows(night.games)]  # fmt: skip
    done = boxout("land", night.csv("schedule.csv", rows))
    assert done.code == 4
    assert "columns are missing: season, did you mean seson?" in done.err
    assert "found game_id" in done.err
    assert "needed game_id" in done.err
    assert boxout("land", "schedule.csv", "--map", "season=seson").code == 0


def test_columns_may_change_their_names_with_each_other(night, boxout):
    rows = [row | {"home_team": row["away_team"], "away_team": row["home_team"]}
            for row in schedule_rows(night.games)]  # fmt: skip
    night.csv("schedule.csv", rows)
    swap = ("--map", "home_team=away_team", "--map", "away_team=home_team")
    assert boxout("land", "schedule.csv", *swap).code == 0


def test_two_needs_may_be_met_by_one_column(night, boxout):
    rows = [{k: v for k, v in row.items() if k != "arena"}
            for row in schedule_rows(night.games)]  # fmt: skip
    night.csv("schedule.csv", rows)
    assert boxout("land", "schedule.csv", "--map", "arena=season").code == 0


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        ("season", "write needed=found"),
        ("=x", "write needed=found"),
        ("seasn=x", "needs no column seasn. Did you mean season?"),
    ],
)
def test_a_map_that_means_nothing_is_refused(night, boxout, pair, said):
    done = boxout("land", night.schedule(), "--map", pair)
    assert done.code == 2
    assert said in done.err


def test_a_column_mapped_twice_is_refused(night, boxout):
    done = boxout("land", night.schedule(), "--map", "season=a", "--map", "season=b")
    assert done.code == 2
    assert "season is to be both a and b" in done.err


def test_bad_rows_are_named_by_reason_and_line(night, boxout):
    night.schedule()
    boxout("land", "schedule.csv")
    rows = night.rows(team_rows)
    rows[1]["pts"] = "many"
    rows[2]["team"] = "XXX"
    rows[5]["game_id"] = "LAL@BOS"
    done = boxout("land", night.csv("team_boxscore.csv", rows))
    assert done.code == 4
    assert "set aside 1 row: pts is not of type int64, line 3" in done.out
    assert "team does not play in the game, line 4" in done.out
    assert "game id is not YYYY-MM-DD/AWY@HOM, line 7" in done.out
    assert "3 rows set aside, in quarantine" in done.err
    kept = boxout("query", "SELECT line, original->>'pts' AS pts FROM boxout.quarantine", "--json")
    assert {"line": 3, "pts": "many"} in kept.json


def test_a_row_that_was_set_aside_is_kept_once_however_often_its_file_arrives(night, boxout):
    rows = night.rows(team_rows)
    rows[1]["pts"] = "many"
    night.csv("team_boxscore.csv", rows)
    for _ in range(2):
        said = boxout("land", "team_boxscore.csv", "--json").json
        (aside,) = said["landed"][0]["set_aside"]
        said_of_it = {"reason": "pts is not of type int64", "rows": 1, "lines": [3]}
        assert aside == said_of_it | {"is_fault": True}
    assert public(night, boxout, "boxout.quarantine") == 1


def test_of_two_rows_with_one_key_neither_is_chosen_and_both_lines_are_told(night, boxout):
    rows = night.rows(team_rows)
    done = boxout("land", night.csv("team_boxscore.csv", [*rows, rows[0]]))
    assert done.code == 4
    assert "set aside 2 rows: key is there twice, lines 2, 10" in done.out


def test_a_file_of_which_most_rows_are_bad_is_withheld(night, boxout):
    rows = night.rows(team_rows)
    for row in rows[:5]:
        row["team"] = "XXX"
    done = boxout("land", night.csv("team_boxscore.csv", rows))
    assert done.code == 4
    assert "rows set aside: failed, 5 of 8 rows (62%), at most 50% expected" in done.out
    assert public(night, boxout, "team_boxscore") == 0


def test_an_unknown_team_is_set_aside_and_the_others_land(night, boxout):
    rows = night.rows(team_rows)
    rows[0]["game_id"] = f"{DAY}/XXX@LAL"
    done = boxout("land", night.csv("team_boxscore.csv", rows))
    assert done.code == 4
    assert "unknown team, line 2" in done.out
    assert public(night, boxout, "team_boxscore") == 7


def test_a_reversed_game_is_told_with_the_game_that_was_meant(night, boxout):
    away, home = night.games[0].away, night.games[0].home
    rows = night.rows(team_rows)
    for row in rows[:2]:
        row["game_id"] = f"{DAY}/{home}@{away}"
    done = boxout("land", night.schedule(), night.csv("team_boxscore.csv", rows), "--json")
    assert done.code == 4
    assert done.json["not_listed"] == {f"{DAY}/{home}@{away}": night.ids[0]}
    assert "1 partition that schedule does not list" in done.err
    assert f"did you mean {night.ids[0]}?" in done.err


def test_a_reversed_game_in_the_schedule_is_withheld(night, boxout):
    rows = schedule_rows(night.games)
    rows[0]["home_team"], rows[0]["away_team"] = rows[0]["away_team"], rows[0]["home_team"]
    done = boxout("land", night.csv("schedule.csv", rows))
    assert done.code == 4
    assert f"withheld 1 partition: {DAY}" in done.out
    assert public(night, boxout, "schedule") == 0


def test_what_arrives_before_its_schedule_is_no_fault(night, boxout):
    assert boxout("land", night.gamebook()).code == 0


def test_one_refused_file_does_not_hold_up_the_others(night, boxout):
    night.files()
    (night.folder / "gamebook.csv").write_text("nothing,here\n1,2\n")
    done = boxout("land", "schedule.csv", "gamebook.csv", "team_boxscore.csv", "--json")
    assert done.code == 4
    assert [one["table"] for one in done.json["landed"]] == ["schedule", "team_boxscore"]
    (refused,) = done.json["refused"]
    assert refused["file"] == "gamebook.csv"
    assert refused["error"] == "Withheld"


def test_a_folder_is_landed_with_the_calendar_first(night, boxout):
    night.files()
    done = boxout("land", ".", "--json")
    assert done.code == 0
    assert done.json["landed"][0]["table"] == "schedule"
    assert len(done.json["landed"]) == 3


def test_a_folder_without_known_files_is_refused(night, boxout):
    (night.folder / "empty").mkdir()
    done = boxout("land", "empty")
    assert done.code == 2
    assert "no file here that a reader knows" in done.err


def test_a_file_named_twice_is_landed_once(night, boxout):
    night.schedule()
    done = boxout("land", "schedule.csv", "schedule.csv", "--json")
    assert len(done.json["landed"]) == 1


def test_a_file_name_is_never_a_pattern(night, boxout):
    night.schedule()
    (night.folder / "schedule.csv").rename(night.folder / "schedule[1].csv")
    night.csv("schedule1.csv", [{"another": "file"}])
    assert boxout("land", "schedule[1].csv").code == 0
    assert public(night, boxout, "schedule") == 4


def test_a_compressed_file_with_semicolons_lands(night, boxout):
    text = (night.folder / night.schedule()).read_text().replace(",", ";")
    with gzip.open(night.folder / "schedule.csv.gz", "wt") as file:
        file.write(text)
    assert boxout("land", "schedule.csv.gz", "--reader", "schedule").code == 0


def test_an_arrival_that_is_refused_is_told_by_status_until_a_good_one_comes(night, boxout):
    boxout("land", *night.files())
    rows = night.rows(team_rows)
    rows[0]["pts"] += 1
    night.csv("team_boxscore.csv", rows)
    done = boxout("land", "team_boxscore.csv")
    assert done.code == 4
    assert "points add up: failed, 1 of 2 rows fail, none expected" in done.out
    assert boxout("status", DAY, "--json").json["totals"]["withheld"] == 1
    boxout("land", night.team_box())
    assert "withheld" not in boxout("status", DAY, "--json").json["totals"]


class BreaksAt:
    """A store around another, whose method raises before or after it has done its work."""

    def __init__(self, store, name: str, *, is_done: bool) -> None:
        self._store, self._name, self._is_done = store, name, is_done

    def __getattr__(self, name):
        method = getattr(self._store, name)
        if name != self._name:
            return method

        def broken(*args, **said):
            if self._is_done:
                method(*args, **said)
            raise KeyboardInterrupt

        return broken


def next_process(world):
    """An engine as the next process opens it, once this one is gone."""
    project_module._OPENED.clear()
    return world.project.engine()


STEPS = (
    ("warehouse", "stage"),
    ("warehouse", "set_aside"),
    ("ledger", "claim"),
    ("ledger", "open_version"),
    ("ledger", "arrival"),
    ("warehouse", "keep_staged"),
    ("ledger", "record_audit"),
    ("ledger", "publish"),
    ("warehouse", "supersede"),
    ("ledger", "record_events"),
    ("ledger", "release"),
    ("warehouse", "project"),
)


@pytest.mark.parametrize("is_done", [False, True])
@pytest.mark.parametrize(("store", "step"), STEPS)
def test_a_crash_at_any_step_of_landing_loses_nothing(world, store, step, is_done):
    rows = world.rows(team_rows, None, None)
    rows[1]["pts"] = "many"
    rows[2]["pts"] += 1
    world.schedule()
    crashing = BreaksAt(getattr(world.engine, store), step, is_done=is_done)
    world.engine = replace(world.engine, **{store: crashing})
    with pytest.raises(KeyboardInterrupt):
        world.land("team_boxscore", rows)
    world.engine = next_process(world)
    half = world.public("SELECT game_id FROM team_boxscore GROUP BY 1 HAVING count(*) <> 2")
    assert [row["game_id"] for row in half] in ([], [world.games[0].game_id])
    world.land("team_boxscore", rows)
    assert world.public("SELECT count(*) AS n FROM team_boxscore") == [{"n": 5}]
    assert world.public("SELECT count(*) AS n FROM boxout.quarantine") == [{"n": 1}]


def test_a_landing_beside_another_is_refused_whole_and_leaves_nothing(world):
    games = [game.game_id for game in world.games]
    ledger = world.engine.ledger
    ledger.claim("team_boxscore", games[:1], run="other", lease_s=60)
    with pytest.raises(StoreUnavailable, match="land it again"):
        world.team_box()
    assert ledger.latest_versions("team_boxscore", games[1], 1) == []
    assert ledger.claim("team_boxscore", games[1:], run="next", lease_s=60).refused == ()


def test_the_lease_of_a_process_that_is_gone_does_not_hold_up_a_landing(world):
    games = [game.game_id for game in world.games]
    gone = world.project.ledger()
    gone.claim("team_boxscore", games, run="gone", lease_s=600)
    gone.close()
    world.engine = next_process(world)
    assert len(world.team_box().published) == 4


def test_a_reader_that_reads_what_it_does_not_list_is_named(world):
    reader = world.readers["schedule"]
    careless = replace(reader, read=lambda raw: reader.read(raw.mutate(season=raw.saison)))
    world.schedule()
    with pytest.raises(Exception, match="does not list among its needs"):
        land(world.engine, world.folder / "schedule.csv", careless)


def test_threads_that_land_at_once_do_not_mix_their_rows(world):
    world.schedule()
    world.land("gamebook_player_stats", world.rows(gamebook_rows, None, None))
    files = {"gamebook_player_stats": "gamebook_player_stats.csv", "schedule": "schedule.csv"}

    def five_times(table):
        file, reader = world.folder / files[table], world.readers[table]
        return [land(world.engine, file, reader) for _ in range(5)]

    with ThreadPoolExecutor(2) as pool:
        landed = [one for each in pool.map(five_times, files) for one in each]
    assert {(one.table, one.rows) for one in landed} == {
        ("gamebook_player_stats", 4 * 28),
        ("schedule", 4),
    }


def test_a_file_that_may_not_be_read_is_told(night, boxout, monkeypatch):
    night.schedule()
    monkeypatch.setattr("boxout.warehouse.landing.open", _forbidden, raising=False)
    done = boxout("land", "schedule.csv")
    assert done.code == 2
    assert "cannot be read: Permission denied" in done.err


def _forbidden(*_args, **_said):
    raise PermissionError(13, "Permission denied")


def test_dates_that_a_schedule_covers_and_does_not_name_are_known_to_be_empty(night, boxout):
    assert boxout("land", night.schedule(), "--covers", "2026-02-02..2026-02-05").code == 0
    said = boxout("status", "2026-02-01..2026-02-06", "--json").json["days"]
    assert sorted(said) == ["2026-02-02", DAY, "2026-02-04", "2026-02-05"]


def test_only_a_schedule_covers_dates(night, boxout):
    done = boxout("land", night.gamebook(), "--covers", "2026-02-02..2026-02-05")
    assert done.code == 2
    assert "--covers is for files of schedule only" in done.err


def test_a_file_that_no_reader_knows_by_its_content_does_not_hold_up_the_others(night, boxout):
    (night.folder / "other.json").write_text('{"something": "else"}')
    (night.folder / "cut.json").write_text('{"something"')
    done = boxout("land", "other.json", "cut.json", night.schedule())
    assert done.code == 4
    assert "other.json: refused whole, no reader knows what is in it" in done.err
    assert "cut.json: refused whole, it cannot be read: JSONDecodeError" in done.err
    assert public(night, boxout, "schedule") > 0


def test_without_sources_there_is_nothing_to_follow(boxout, night):
    said = boxout("follow")
    assert (said.code, "no [sources]" in said.err) == (2, True)
