"""Files that a reader opens by itself, and what it says of them."""

import gzip
import json
from dataclasses import replace

import pytest

from boxout.errors import DefinitionError, Withheld
from boxout.graph.faults import definition_faults
from boxout.run import is_known, land
from boxout_nba.pipeline import PIPELINE
from boxout_nba.simulator import schedule_rows, team_rows
from boxout_nba.tables import SCHEDULE, TEAM_OFFENSE


def rows_of(path):
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        return json.load(file)["rows"]


@pytest.fixture
def reader(world):
    return replace(world.readers["team_boxscore"], opens=rows_of)


def written(world, rows, name="box.json"):
    path = world.folder / name
    text = json.dumps({"rows": rows}).encode()
    path.write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    return path


def of_night(world):
    return world.rows(team_rows, world.games, None)


@pytest.mark.parametrize("name", ["box.json", "box.json.gz"])
def test_a_file_that_the_reader_opens_lands_like_the_same_rows_in_a_csv(world, reader, name):
    landed = land(world.engine, written(world, of_night(world), name), reader)
    assert (landed.rows, landed.file) == (8, str(world.folder / name))
    assert world.team_box().unchanged == landed.published


def test_its_rows_are_numbered_from_one_and_kept_in_quarantine_as_they_were(world, reader):
    rows = of_night(world)
    rows[2]["pts"] = "many"
    landed = land(world.engine, written(world, rows), reader)
    assert landed.lines == {"pts is not of type int64": [3]}
    (kept,) = world.public("SELECT original->>'pts' AS pts, line FROM boxout.quarantine")
    assert kept == {"pts": "many", "line": 3}


def test_a_column_that_only_some_rows_have_is_null_in_the_others(world, reader):
    rows = of_night(world)
    del rows[0]["pts"]
    landed = land(world.engine, written(world, rows), reader)
    assert landed.rejected == {"pts is missing": 1}


def test_a_column_that_no_row_has_is_missing_and_can_be_mapped(world, reader):
    rows = [{("points" if k == "pts" else k): v for k, v in r.items()} for r in of_night(world)]
    path = written(world, rows)
    with pytest.raises(Withheld, match="columns are missing:\n  pts"):
        land(world.engine, path, reader)
    assert land(world.engine, path, reader, {"pts": "points"}).rows == 8


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "JSONDecodeError"),
        (b'{"rows": [{"a": 1}', "JSONDecodeError"),
        (b'{"games": []}', "KeyError"),
        (b'{"rows": 5}', "TypeError"),
        (b'{"rows": [5]}', "AttributeError"),
        (b'{"rows": [{"pts": [1, 2]}]}', "list where one value is expected"),
        (b'{"rows": []}', "reader team_boxscore finds no row in it"),
        (b"\xff\xfe\x00", "UnicodeDecodeError"),
    ],
)
def test_a_file_that_the_reader_cannot_open_is_refused_whole(world, reader, content, said):
    path = world.folder / "box.json"
    path.write_bytes(content)
    with pytest.raises(Withheld, match="refused whole") as refusal:
        land(world.engine, path, reader)
    assert said in str(refusal.value)
    assert world.engine.ledger.head() == 0


def test_a_zipped_file_that_was_cut_off_is_refused_whole(world, reader):
    path = written(world, of_night(world), "box.json.gz")
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(Withheld, match="EOFError"):
        land(world.engine, path, reader)


def test_a_package_that_the_reader_lacks_is_named(world, reader):
    def opens(path):
        raise ModuleNotFoundError("pdfplumber is not installed: pip install 'boxout[pdf]'")

    with pytest.raises(DefinitionError, match=r"pip install 'boxout\[pdf\]'"):
        land(world.engine, written(world, []), replace(reader, opens=opens))


def test_a_file_whose_content_cannot_be_looked_at_is_refused_and_not_unknown(world, reader):
    path = world.folder / "box.json"
    path.write_text("{")
    with pytest.raises(Withheld, match="refused whole, it cannot be read"):
        is_known(path, replace(reader, knows=lambda path: "rows" in json.loads(path.read_text())))


def with_other(raw, schedule):
    found = raw.left_join(schedule, raw.nba_game_id == schedule.nba_game_id)
    return found.select(
        "_line",
        game_id=schedule.game_id,
        **{name: raw[name] for name in raw.columns if name not in {"_line", "game_id"}},
    )


def test_a_reader_may_look_up_what_a_file_does_not_say_in_a_public_source(world, reader):
    needs = ("nba_game_id", *(name for name in reader.needs if name != "game_id"))
    looking = replace(reader, read=with_other, looks_up=SCHEDULE, needs=needs)
    ids = {row["game_id"]: row["nba_game_id"] for row in schedule_rows(world.games)}
    rows = [{**row, "nba_game_id": ids[row["game_id"]]} for row in of_night(world)]
    rows = [{k: v for k, v in row.items() if k != "game_id"} for row in rows]
    path = written(world, rows)
    assert land(world.engine, path, looking).rejected == {"game id is missing": 8}
    world.schedule()
    assert land(world.engine, path, looking).rows == 8


DAY = "2026-02-03"
UNDECIDED = "teams are not decided"


def calendar(world, **changed):
    reader = world.readers["schedule"]
    rejects = {UNDECIDED: lambda rows: rows.home_team == "TBD", **reader.rejects}
    return replace(reader, rejects=rejects, harmless=frozenset({UNDECIDED}), **changed)


def with_slots(world, count):
    row = schedule_rows(world.games[:1])[0]
    slot = {"home_team": "TBD", "away_team": "TBD", "game_id": None, "nba_game_id": "0022500999"}
    return [*schedule_rows(world.games), *([row | slot] * count)]


def test_rows_that_are_harmless_hold_back_neither_their_date_nor_the_file(world):
    rows = with_slots(world, 20)
    landed = land(world.engine, written(world, rows), calendar(world, opens=rows_of))
    assert (landed.published, landed.withheld, landed.faults) == (("2026-02-03",), (), 0)
    assert landed.rejected == {UNDECIDED: 20}
    assert len(world.public("FROM boxout.quarantine")) == 20


def test_a_fault_beside_harmless_rows_still_holds_back_its_date(world):
    rows = with_slots(world, 20)
    rows[0]["home_team"] = "XXX"
    landed = land(world.engine, written(world, rows), calendar(world, opens=rows_of))
    assert (landed.published, landed.withheld, landed.faults) == ((), ("2026-02-03",), 1)


def test_a_file_of_nothing_but_harmless_rows_is_no_success(world):
    rows = with_slots(world, 3)[-3:]
    landed = land(world.engine, written(world, rows), calendar(world, opens=rows_of))
    assert (landed.rows, landed.published, landed.faults) == (0, (), 3)


def test_a_reader_that_names_what_is_not_there_is_refused_with_the_definition():
    reader = replace(
        PIPELINE.readers[0], looks_up=TEAM_OFFENSE, harmless=frozenset({"unknown teem"})
    )
    told = definition_faults(replace(PIPELINE, readers=(reader,)))
    assert told == [
        "reader schedule: looks up team_offense_game_summary, which is not a source",
        "reader schedule: 'unknown teem' is said to be harmless and is not among its rejects."
        " Did you mean unknown team?",
    ]


@pytest.mark.parametrize("team", ["TBD", "XXX"])
def test_a_date_whose_only_game_was_set_aside_is_not_said_to_be_empty(world, team):
    first, *_ = schedule_rows(world.games)
    slot = {"home_team": team, "away_team": team, "game_id": "2026-02-05/XXX@XXX"}
    rows = [first]
    rows += [first | slot | {"game_date": "2026-02-05"}]
    last = {"game_id": first["game_id"].replace(DAY, "2026-02-06"), "game_date": "2026-02-06"}
    rows += [first | last]
    reader = calendar(world, opens=rows_of, covers=lambda first, last: (first, last))
    landed = land(world.engine, written(world, rows), reader)
    assert landed.published == (DAY, "2026-02-04", "2026-02-06")
