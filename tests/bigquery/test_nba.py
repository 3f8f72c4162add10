"""The pipeline of the NBA in BigQuery: of the same files the same rows as in DuckDB."""

import uuid
from collections.abc import Iterator

import pytest

from bigquery.emulator import PROJECT
from boxout_nba.simulator import (
    simulate_season,
)
from conftest import SEED, World, opened
from nba.played import played

GAMES = simulate_season(SEED, "2025-10-21", games=14)
DAYS = sorted({game.game_date for game in GAMES})
SIX = (
    "team_offense_game_summary",
    "team_defense_game_summary",
    "player_game_summary",
    "defense_zone_analytics",
    "upcoming_team_game_context",
    "upcoming_player_game_context",
)


@pytest.fixture(scope="module")
def in_duckdb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    yield from opened(played(tmp_path_factory.mktemp("duckdb"), GAMES))


@pytest.fixture(scope="module")
def in_bigquery(tmp_path_factory: pytest.TempPathFactory, endpoint: str) -> Iterator[World]:
    where = f"bigquery://{PROJECT}/n{uuid.uuid4().hex[:8]}?endpoint={endpoint}"
    yield from opened(played(tmp_path_factory.mktemp("bigquery"), GAMES, where))


@pytest.mark.parametrize("table", SIX)
def test_a_processor_gives_the_rows_that_it_gives_in_duckdb(
    in_duckdb: World, in_bigquery: World, table: str
) -> None:
    ours, theirs = rows(in_bigquery, table), rows(in_duckdb, table)
    assert len(ours) > 20
    assert [alike(row) for row in ours] == theirs


def alike(row: dict[str, object]) -> dict[str, object]:
    """The row, whose floats may differ in their last digits: the two work them out in another order."""
    return {
        name: pytest.approx(value, rel=1e-13, abs=0) if isinstance(value, float) else value
        for name, value in row.items()
    }


def rows(world: World, table: str) -> list[dict[str, object]]:
    declared = world.engine.graph.tables[table]
    found = world.engine.warehouse.rows(declared)
    return sorted(found, key=lambda row: [str(row[name]) for name in declared.key])
