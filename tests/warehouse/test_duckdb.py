"""A DuckDB file: who may open it, how it follows the declared tables, what a failure leaves."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from boxout.errors import DefinitionError, StoreUnavailable
from boxout.model import Scheme, Table, count, number, text
from boxout.warehouse import DuckdbWarehouse, Pinned
from warehouse.kits import (
    COLUMNS,
    ONE,
    PLAYERS,
    TOTALS,
    TWO,
    DuckdbKit,
    audit,
    held,
    keep,
    public,
    row,
    table,
)

ROOT = Path(__file__).parents[2]
HOLD = """
import sys
from boxout.warehouse import DuckdbWarehouse
held = DuckdbWarehouse.open(sys.argv[1], ())
print("held", flush=True)
sys.stdin.read()
"""
NIGHT = """
import sys
from warehouse.kits import ONE, TOTALS, DuckdbKit, Path, keep, row
kit = DuckdbKit(Path(sys.argv[1]))
for version in range(int(sys.argv[2]), int(sys.argv[2]) + 2):
    keep(kit, TOTALS, version, row(ONE))
if sys.argv[3] == "close":
    kit.warehouse.close()
"""
READ = """
import duckdb, sys
held = duckdb.connect(sys.argv[1], read_only=True)
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def path(duckdb_kit: DuckdbKit) -> Path:
    """A file with one public game, which nobody holds."""
    keep(duckdb_kit, TOTALS, 1, row(ONE), row(TWO))
    duckdb_kit.warehouse.project([("totals", ONE, 1, 1)], 1)
    duckdb_kit.warehouse.close()
    return duckdb_kit.folder / "w.duckdb"


def holding(program: str, path: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        cwd=ROOT / "src",
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


@pytest.fixture
def writer(path: Path) -> Iterator[subprocess.Popen[str]]:
    process = holding(HOLD, path)
    yield process
    process.communicate("")


@pytest.fixture
def reader(path: Path) -> Iterator[subprocess.Popen[str]]:
    process = holding(READ, path)
    yield process
    process.communicate("")


def reopened(path: Path, *tables: Table) -> DuckdbKit:
    kit = DuckdbKit.__new__(DuckdbKit)
    kit.folder, kit.warehouse = path.parent, DuckdbWarehouse.open(path, tables)
    return kit


def test_a_file_is_opened_again_with_everything_in_it(path: Path) -> None:
    kit = reopened(path, TOTALS, PLAYERS)
    assert (kit.warehouse.projected(), public(kit), len(held(kit, 1))) == (1, [(ONE, 10)], 2)
    keep(kit, TOTALS, 2, row(ONE, pts=11))
    kit.warehouse.project([("totals", ONE, 2, 2)], 2)
    assert (public(kit, 1), public(kit)) == ([(ONE, 10)], [(ONE, 11)])
    kit.warehouse.close()


def test_the_process_that_holds_the_file_is_named(path: Path, writer: subprocess.Popen) -> None:
    with pytest.raises(StoreUnavailable, match=f"held by process {writer.pid}"):
        DuckdbWarehouse.open(path, (TOTALS,))


def test_beside_a_writer_no_other_process_can_even_read(
    path: Path, writer: subprocess.Popen
) -> None:
    with pytest.raises(duckdb.IOException, match=f"PID {writer.pid}"):
        duckdb.connect(str(path), read_only=True)


def test_readers_in_several_processes_see_the_file_at_once_and_keep_writers_out(
    path: Path, reader: subprocess.Popen
) -> None:
    with duckdb.connect(str(path), read_only=True) as beside:
        assert beside.execute("SELECT game_id FROM totals").fetchall() == [(ONE,)]
    with pytest.raises(StoreUnavailable, match=f"held by process {reader.pid}"):
        DuckdbWarehouse.open(path, (TOTALS,))


@pytest.mark.parametrize("end", ["close", "exit"])
def test_small_nights_are_merged_when_the_file_is_closed(tmp_path: Path, end: str) -> None:
    roots = f"{ROOT / 'src'}{os.pathsep}{ROOT / 'tests'}"
    for night in range(3):
        given = [sys.executable, "-c", NIGHT, str(tmp_path), str(1 + 2 * night), end]
        subprocess.run(given, env=os.environ | {"PYTHONPATH": roots}, check=True)
    kit = DuckdbKit(tmp_path)
    groups = "SELECT DISTINCT row_group_id FROM pragma_storage_info('versions.totals')"
    assert (len(kit.warehouse.query("FROM versions.totals")), len(kit.warehouse.query(groups))) == (
        6,
        1,
    )
    kit.warehouse.close()


def test_a_file_of_another_kind_is_told(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database")
    with pytest.raises(StoreUnavailable, match="cannot be opened as a DuckDB warehouse"):
        DuckdbWarehouse.open(path, (TOTALS,))


def test_a_closed_warehouse_is_unavailable(duckdb_kit: DuckdbKit) -> None:
    duckdb_kit.warehouse.close()
    with pytest.raises(StoreUnavailable):
        duckdb_kit.warehouse.projected()


def test_a_new_column_is_null_in_old_rows_and_shown_from_then_on(path: Path) -> None:
    more = table("totals", (*COLUMNS, number("pace", "of the game", null="not known")))
    kit = reopened(path, more, PLAYERS)
    assert held(kit, 1, more) == [row(ONE, pace=None), row(TWO, pace=None)]
    assert kit.warehouse.query("SELECT pace, pts FROM totals") == [{"pace": None, "pts": 10}]
    kit.warehouse.append(
        more, 2, "SELECT * REPLACE (9.5 AS pace) FROM old", {}, {"old": Pinned(more, [(ONE, 1)])}
    )
    kit.warehouse.project([("totals", ONE, 2, 2)], 2)
    assert kit.warehouse.query("SELECT pace FROM totals") == [{"pace": 9.5}]
    kit.warehouse.close()
    kit = reopened(path, more, PLAYERS)
    assert kit.warehouse.query("SELECT pace FROM totals") == [{"pace": 9.5}]
    kit.warehouse.close()


def shown(kit: DuckdbKit) -> set[str]:
    found = kit.warehouse.query("SELECT view_name FROM duckdb_views() WHERE NOT internal")
    return {one["view_name"] for one in found}


def test_a_table_that_is_taken_out_shows_no_rows_until_it_comes_back(path: Path) -> None:
    kit = reopened(path, PLAYERS)
    assert shown(kit) == {"players"}
    assert held(kit, 1, TOTALS) == [row(ONE), row(TWO)]
    kit.warehouse.project([("totals", TWO, 1, 2)], 2)
    kit.warehouse.close()
    kit = reopened(path, PLAYERS)
    assert shown(kit) == {"players"}
    kit.warehouse.close()
    kit = reopened(path, TOTALS, PLAYERS)
    assert public(kit) == [(ONE, 10), (TWO, 10)]
    kit.warehouse.close()


def test_a_table_that_comes_back_is_held_to_the_rows_it_left(path: Path) -> None:
    reopened(path, PLAYERS).warehouse.close()
    turned = "is cut by game_id in the warehouse and by name"
    with pytest.raises(DefinitionError, match=turned):
        DuckdbWarehouse.open(path, (CHANGED[turned], PLAYERS))


def test_columns_in_another_order_are_the_same_columns(path: Path) -> None:
    turned = table("totals", COLUMNS[::-1])
    kit = reopened(path, turned, PLAYERS)
    assert public(kit, of=turned) == [(ONE, 10)]
    assert list(kit.warehouse.query("FROM totals")[0]) == [c.name for c in COLUMNS[::-1]]
    kit.warehouse.close()


CHANGED = {
    "column pts is BIGINT in the warehouse and VARCHAR as declared": table(
        "totals", (*COLUMNS[:-1], text("pts", "now in words"))
    ),
    "has a column share that is not declared": table(
        "totals", tuple(one for one in COLUMNS if one.name != "share")
    ),
    "is cut by game_id in the warehouse and by name": table(
        "totals", COLUMNS, Scheme("player", "name")
    ),
}


@pytest.mark.parametrize("says", CHANGED)
def test_a_table_that_the_rows_do_not_fit_is_refused_and_nothing_changes(
    path: Path, says: str
) -> None:
    fresh = table("fresh", (*COLUMNS, count("more", "not there yet")))
    with pytest.raises(DefinitionError, match=says):
        DuckdbWarehouse.open(path, (fresh, CHANGED[says], PLAYERS))
    kit = reopened(path, TOTALS, PLAYERS)
    assert public(kit) == [(ONE, 10)]
    there = "SELECT count(*) AS n FROM duckdb_tables() WHERE table_name = 'fresh'"
    assert kit.warehouse.query(there) == [{"n": 0}]
    kit.warehouse.close()


def test_a_file_that_keeps_no_declarations_is_compared_by_its_columns(path: Path) -> None:
    with duckdb.connect(str(path)) as older:
        older.execute("DROP TABLE boxout.declared")
        older.execute("DROP TABLE boxout.dropped")
    with pytest.raises(DefinitionError, match="column pts is BIGINT"):
        DuckdbWarehouse.open(path, (table("totals", (*COLUMNS[:-1], text("pts", "in words"))),))
    kit = reopened(path, TOTALS, PLAYERS)
    assert (public(kit), public(kit, 1)) == ([(ONE, 10)], [(ONE, 10)])
    kit.warehouse.close()


def test_every_table_that_does_not_fit_is_named(path: Path) -> None:
    with pytest.raises(DefinitionError) as refused:
        DuckdbWarehouse.open(path, [table(one, COLUMNS[:-2]) for one in ("totals", "players")])
    assert len(refused.value.faults) == 4


def test_names_may_hold_anything(tmp_path: Path) -> None:
    odd = Scheme("odd", 'the "game"')
    columns = (text('the "game"', "key"), text("select", "a word of SQL", null="none"))
    named = table('it\'s "a" table', columns, odd)
    with_rows = 'SELECT \'x\' AS "the ""game""", \'y\' AS "select"'
    warehouse = DuckdbWarehouse.open(tmp_path / "w.duckdb", (named,))
    warehouse.append(named, 1, with_rows, {}, {})
    warehouse.append(named, 2, "FROM p", {}, {"p": Pinned(named, [("x", 1)])})
    warehouse.project([(named.name, "x", 2, 1)], 1)
    assert warehouse.rows(named) == [{'the "game"': "x", "select": "y"}]
    assert warehouse.query('FROM "it\'s ""a"" table"') == warehouse.rows(named)
    warehouse.close()


def test_the_views_show_what_the_warehouse_tells(duckdb_kit: DuckdbKit) -> None:
    warehouse = duckdb_kit.warehouse
    keep(duckdb_kit, TOTALS, 1, row(ONE), row(TWO), row(TWO, "b"))
    keep(duckdb_kit, TOTALS, 2, row(ONE, pts=11), row(TWO, pts=12))
    warehouse.project([("totals", ONE, 1, 1), ("totals", TWO, 1, 1), ("totals", ONE, 2, 2)], 2)
    assert warehouse.query("FROM totals ORDER BY ALL") == sorted(
        warehouse.rows(TOTALS), key=lambda one: (one["game_id"], one["name"])
    )
    assert warehouse.query("FROM players") == []


def test_a_statement_that_fails_half_way_moves_no_pointer(duckdb_kit: DuckdbKit) -> None:
    warehouse = duckdb_kit.warehouse
    keep(duckdb_kit, TOTALS, 1, row(ONE))
    keep(duckdb_kit, PLAYERS, 2, row(ONE))
    warehouse.query("DROP TABLE boxout.projected")
    warehouse.query("CREATE TABLE boxout.projected (publication BIGINT CHECK (publication < 1))")
    warehouse.query("INSERT INTO boxout.projected VALUES (0)")
    moves = [("totals", ONE, 1, 1), ("players", ONE, 2, 1)]
    with pytest.raises(duckdb.ConstraintException):
        warehouse.project(moves, 1)
    assert warehouse.cut() == (0, {})
    warehouse.query("CREATE OR REPLACE TABLE boxout.projected AS SELECT 0::BIGINT AS publication")
    warehouse.project(moves, 1)
    assert (public(duckdb_kit), public(duckdb_kit, of=PLAYERS)) == ([(ONE, 10)], [(ONE, 10)])


def test_a_drop_that_fails_half_way_drops_nothing(duckdb_kit: DuckdbKit) -> None:
    warehouse = duckdb_kit.warehouse
    keep(duckdb_kit, TOTALS, 1, row(ONE, pts=1))
    keep(duckdb_kit, TOTALS, 2, row(ONE, pts=2))
    warehouse.project([("totals", ONE, 1, 1), ("totals", ONE, 2, 2)], 2)
    warehouse.query("ALTER TABLE versions.totals RENAME TO away")
    with pytest.raises(duckdb.CatalogException):
        warehouse.drop(TOTALS, [1], 2)
    warehouse.query("ALTER TABLE versions.away RENAME TO totals")
    assert (public(duckdb_kit, 1), public(duckdb_kit)) == ([(ONE, 1)], [(ONE, 2)])


def test_values_that_change_places_show_even_where_hashes_cancel_each_other(
    duckdb_kit: DuckdbKit,
) -> None:
    keep(duckdb_kit, TOTALS, 1, row(ONE, "a", 10), row(ONE, "b", 20))
    keep(duckdb_kit, TOTALS, 2, row(ONE, "a", 20), row(ONE, "b", 10))
    text = "SELECT bit_xor(_content) AS content FROM audited"
    first, second = (
        duckdb_kit.warehouse.audit(text, {"audited": (TOTALS, version)}) for version in (1, 2)
    )
    assert first != second


def test_the_content_of_many_games_is_exact(duckdb_kit: DuckdbKit) -> None:
    keep(
        duckdb_kit, TOTALS, 1, *(row(f"2026-02-03/{n}", name) for n in range(1500) for name in "ab")
    )
    one_by_one = {one["partition"]: one["content"] for one in audit(duckdb_kit, 1)}
    hashes = "SELECT game_id, _content FROM audited"
    summed: dict[str, int] = {}
    for one in duckdb_kit.warehouse.audit(hashes, {"audited": (TOTALS, 1)}):
        summed[one["game_id"]] = summed.get(one["game_id"], 0) + one["_content"]
    assert one_by_one == summed
