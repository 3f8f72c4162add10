from dataclasses import replace
from pathlib import Path

import pytest

from boxout.errors import DefinitionError
from boxout.graph import build, mermaid, select
from boxout.model import processor, text
from boxout.model.tables import Table
from boxout_nba import PIPELINE

DRAWN = Path(__file__).parents[2] / "docs" / "nba.mmd"


def test_all_faults_of_a_definition_are_told_at_once():
    bare = Table("bare", "thing", PIPELINE.sources[0].scheme, (), (text("x", "x"),), (), False)

    @processor(bare, gone=bare, spare=PIPELINE.sources[0])
    def odd(gone, other):
        return gone

    with pytest.raises(DefinitionError) as error:
        build(replace(PIPELINE, processors=(*PIPELINE.processors, odd, odd)))
    told = str(error.value)
    for fault in ("no key", "no check", "two writers", "cycle: bare -> bare", "'other'", "'spare'"):
        assert fault in told


def test_an_unknown_input_comes_with_the_likely_slip():
    with pytest.raises(DefinitionError, match="Did you mean"):
        build(
            replace(
                PIPELINE, sources=tuple(replace(s, name=s.name + "x") for s in PIPELINE.sources)
            )
        )


def test_a_group_runs_as_one_unit_with_what_is_read_first():
    (unit,) = build(PIPELINE).units
    assert unit.processors[0].name == "team_offense"


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("player_game_summary", {"player_game_summary"}),
        (
            "team_offense_game_summary+",
            {"team_offense_game_summary", "team_defense_game_summary", "player_game_summary"},
        ),
        ("1+team_defense_game_summary", {"team_offense_game_summary", "team_defense_game_summary"}),
        ("team_*,*_offense_*", {"team_offense_game_summary"}),
        ("schedule team_boxscore", {"schedule", "team_boxscore"}),
    ],
)
def test_selection_speaks_the_grammar_of_dbt(asked, names):
    assert select(build(PIPELINE), asked) == names


def test_a_selector_that_names_nothing_is_refused():
    with pytest.raises(DefinitionError, match="Did you mean schedule"):
        select(build(PIPELINE), "shedule")


def test_the_drawn_graph_is_the_present_one():
    assert DRAWN.read_text() == mermaid(build(PIPELINE))
