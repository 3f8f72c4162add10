"""Nothing that happens on a date or after it changes a row that speaks of what came before it."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from boxout.run import run
from boxout_nba.simulator import (
    Game,
    gamebook_rows,
    play,
    simulate_season,
    team_rows,
)
from conftest import SEED, World, opened
from nba.played import played

CONTEXTS = ("upcoming_team_game_context", "upcoming_player_game_context")
ZONES = "defense_zone_analytics"
GAMES = simulate_season(SEED, "2025-10-21", games=70)
DAYS = sorted({game.game_date for game in GAMES})


@pytest.fixture(scope="module")
def fortnight(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Two weeks of games with everything that is known before and after them, all public."""
    yield from opened(played(tmp_path_factory.mktemp("fortnight"), GAMES))


def said(world: World, day: str, game: Game) -> list[list[dict[str, object]]]:
    """Both contexts up to a date, and how the other games of these dates were defended."""
    contexts = [f"FROM {table} WHERE game_date <= '{day}' ORDER BY ALL" for table in CONTEXTS]
    others = f"FROM {ZONES} WHERE game_date <= '{day}' AND game_id <> '{game.game_id}' ORDER BY ALL"
    return [world.public(sql) for sql in (*contexts, others)]


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(at=st.integers(2, len(DAYS) - 1), seed=st.integers(100, 10_000), data=st.data())
def test_a_game_of_a_date_or_later_played_otherwise_changes_no_context_of_it(
    fortnight: World, at: int, seed: int, data: st.DataObject
) -> None:
    day = DAYS[at]
    later = [game for game in GAMES if game.game_date >= day and game.status == "final"]
    game = data.draw(st.sampled_from(later))
    before = said(fortnight, day, game)
    assert all(before)
    played_again(fortnight, game, seed)
    assert said(fortnight, day, game) == before


def played_again(world: World, game: Game, seed: int) -> None:
    """A correction of everything in a game's box score, computed through to the last date."""
    box = play(seed, game.away, game.home, game.game_id)
    world.land("team_boxscore", team_rows(game.game_id, box))
    world.land("gamebook_player_stats", gamebook_rows(game.game_id, box))
    run(world.engine, DAYS[0], DAYS[-1], set(world.engine.graph.processors))


def test_a_game_played_otherwise_changes_the_contexts_after_it(fortnight: World) -> None:
    day = DAYS[2]
    before = fortnight.public(f"FROM {CONTEXTS[0]} WHERE game_date > '{day}' ORDER BY ALL")
    game = next(g for g in GAMES if g.game_date == day and g.status == "final")
    played_again(fortnight, game, 20_000)
    after = fortnight.public(f"FROM {CONTEXTS[0]} WHERE game_date > '{day}' ORDER BY ALL")
    assert after != before
