"""A processor over a few rows written by hand: what is not said of a row is what is usual."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import duckdb

from boxout import Input, Processor, Table, ibis
from boxout_nba import PIPELINE

TYPES = {
    "string": "VARCHAR",
    "int64": "BIGINT",
    "float64": "DOUBLE",
    "boolean": "BOOLEAN",
    "timestamp": "TIMESTAMPTZ",
}
Row = Mapping[str, Any]


def computed(one: Processor, **given: Iterable[Row]) -> list[dict[str, Any]]:
    """The rows of a processor over the given ones, by parameter; the others are empty."""
    connection = duckdb.connect()
    for name, declared in one.inputs.items():
        table = declared.tables[0]
        _fill(connection, name, types(declared), [usual(table, r) for r in given.get(name, ())])
    found = connection.execute(sql(one.name))
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@cache
def sql(name: str) -> str:
    """A processor of the pipeline over tables named like its parameters."""
    one = next(one for one in PIPELINE.processors if one.name == name)
    rows = {name: ibis.table(types(given), name=name) for name, given in one.inputs.items()}
    made = one.function(**rows).select(*one.target.column_names)
    return str(
        ibis.to_sql(made.cast({c.name: c.dtype for c in one.target.columns}), dialect="duckdb")
    )


def types(given: Input) -> dict[str, str]:
    """The columns that a parameter brings."""
    extra = {"as_of": "string"} if given.window_days is not None else {}
    extra |= {"input_table": "string"} if given.is_any_of else {}
    return {**{c.name: c.dtype for c in given.tables[0].columns}, **extra}


def usual(table: Table, row: Row) -> dict[str, Any]:
    """The row with what its key says of it."""
    key = row.get("game_id", "")
    says = {"game_date": key[:10], "home_team": key[15:], "away_team": key[11:14]}
    if "opponent" in table.column_names and "team" in row:
        says["opponent"] = key[15:] if row["team"] == key[11:14] else key[11:14]
        says["home_game"] = row["team"] == key[15:]
    if table.name == "schedule":
        says |= {"status": "final", "season": "2025-26", "season_type": "regular"}
    if "player_lookup" in table.column_names and "player_id" in row:
        says |= {"player_lookup": row["player_id"], "player_name": row["player_id"]}
    return says | dict(row)


def _fill(connection: Any, name: str, of: Mapping[str, str], rows: list[dict[str, Any]]) -> None:
    columns = ", ".join(f'"{column}" {TYPES[dtype]}' for column, dtype in of.items())
    connection.execute(f'CREATE TABLE "{name}" ({columns})')
    marks = ", ".join("?" * len(of))
    for row in rows:
        connection.execute(
            f'INSERT INTO "{name}" VALUES ({marks})', [row.get(column) for column in of]
        )


def looked_back_at(day: str, rows: Iterable[Row]) -> list[dict[str, Any]]:
    """The rows as a window of this date brings them: those before it."""
    return [{**row, "as_of": day} for row in rows if row["game_id"][:10] < day]
