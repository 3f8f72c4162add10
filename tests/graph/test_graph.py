from dataclasses import replace

import pytest

from boxout.errors import DefinitionError
from boxout.graph import Graph, build, select
from boxout.model import Baseline, Profile, Statistic, processor, text, window
from boxout.model.tables import Table
from boxout_nba import GAMES, PIPELINE


def test_all_faults_of_a_definition_are_told_at_once():
    bare = Table("bare", "thing", GAMES.sources[0].scheme, (), (text("x", "x"),), (), False)

    @processor(bare, gone=bare, spare=GAMES.sources[0])
    def odd(gone, other):
        return gone

    with pytest.raises(DefinitionError) as error:
        build(replace(GAMES, processors=(*GAMES.processors, odd, odd)))
    told = str(error.value)
    for fault in ("no key", "no check", "two writers", "cycle: bare -> bare", "'other'", "'spare'"):
        assert fault in told


def test_an_unknown_input_comes_with_the_likely_slip():
    with pytest.raises(DefinitionError, match="Did you mean"):
        build(replace(GAMES, sources=tuple(replace(s, name=s.name + "x") for s in GAMES.sources)))


def test_a_group_runs_as_one_unit_with_what_is_read_first():
    (unit,) = build(GAMES).units
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
    assert select(build(GAMES), asked) == names


def test_a_selector_that_names_nothing_is_refused():
    with pytest.raises(DefinitionError, match="Did you mean schedule"):
        select(build(GAMES), "shedule")


def looking_back(days: dict[str, tuple[str, int]]) -> Graph:
    """Derived tables by date, each over a window of so many days of another."""
    tables = {name: derived_by_date(name) for name in days}
    sources = {table.name: table for table in GAMES.sources}

    def one(name: str, of: str, width: int):
        @processor(tables[name], it=window(tables.get(of) or sources[of], days=width))
        def computed(it):
            return it

        return computed

    made = [one(name, of, width) for name, (of, width) in days.items()]
    return build(replace(GAMES, processors=(*GAMES.processors, *made)))


def derived_by_date(name: str) -> Table:
    schedule = GAMES.sources[0]
    return replace(schedule, name=name, is_source=False, key=("game_id", "game_date"))


def test_windows_over_windows_add_up():
    graph = looking_back({"form": ("schedule", 7), "trend": ("form", 14), "short": ("schedule", 3)})
    assert graph.days_back == 21
    assert graph.look_back("2026-02-22/BOS@LAL") == "2026-02-01"


def test_without_a_window_nothing_before_its_date_matters():
    graph = build(GAMES)
    assert (graph.days_back, graph.look_back("2026-02-22/BOS@LAL")) == (0, "2026-02-22")


def test_a_column_that_the_rows_of_a_window_carry_may_not_be_there_already():
    one = derived_by_date("form")
    taken = replace(one, columns=(*one.columns, text("as_of", "another")))
    read = processor(derived_by_date("later"), before=window(taken, days=2))(lambda before: before)
    made = processor(taken)(lambda: None)
    with pytest.raises(DefinitionError, match="which has a column as_of"):
        build(replace(PIPELINE, processors=(made, read), cross_checks=()))


def test_each_table_looks_back_as_far_as_itself():
    graph = looking_back({"form": ("schedule", 7), "trend": ("form", 14)})
    assert graph.look_back("2026-02-22", ["form"]) == "2026-02-15"
    assert graph.look_back("2026-02-22", ["schedule"]) == "2026-02-22"


def test_what_a_table_is_computed_from_is_named_to_the_end():
    graph = looking_back({"form": ("schedule", 7), "trend": ("form", 14)})
    assert graph.upstream(["trend"]) == {"trend", "form", "schedule"}
    assert graph.upstream(["form"]) == {"form", "schedule"}


def test_a_directory_that_reads_what_nobody_lands_is_told_with_its_reader():
    (one, *_) = [r for r in PIPELINE.readers if r.resolves]
    gone = replace(one.resolves.directory.tables[0], name="gamebok", columns=(text("team", "x"),))
    odd = replace(one.resolves.directory, column="player_lokup", tables=(gone,))
    wrong = replace(one, resolves=replace(one.resolves, directory=odd))
    with pytest.raises(DefinitionError) as error:
        build(replace(PIPELINE, readers=(*PIPELINE.readers, wrong)))
    for fault in (
        f"reader {one.name}: {one.table} has no column player_lokup. Did you mean player_lookup?",
        "directory player: two different directories have this name",
    ):
        assert fault in str(error.value)
    alone = replace(PIPELINE, readers=(wrong,))
    with pytest.raises(DefinitionError, match="directory player: nothing lands or writes gamebok"):
        build(alone)
    with pytest.raises(DefinitionError, match="gamebok has no column player_id"):
        build(alone)


def test_a_directory_of_no_table_is_refused():
    (one, *_) = [r for r in PIPELINE.readers if r.resolves]
    empty = replace(one.resolves, directory=replace(one.resolves.directory, tables=()))
    with pytest.raises(DefinitionError, match="names no table, so nobody could ever be known"):
        build(replace(PIPELINE, readers=(replace(one, resolves=empty),)))


def test_a_baseline_that_names_what_is_not_there_is_refused_with_the_likely_slips():
    profile = Profile(
        exposure="minuts",
        statistics=(
            Statistic("blocks", lambda t: t.blks / 2),
            Statistic("fine", lambda t: t.blk / 0),
        ),
        leaves_out=frozenset({"starterr"}),
    )
    tables = {"gamebook_player_stats": profile, "shotts": Profile()}
    baseline = Baseline(tables, warns=9, blocks=3, slate_warns=5, slate_blocks=1, members_min=0)
    with pytest.raises(DefinitionError) as error:
        build(replace(GAMES, baseline=baseline))
    told = str(error.value)
    for fault in ("minuts", "blks", "starterr", "Did you mean shots", "warns at 9", "a slate warns at 5", "members_min 0"):  # fmt: skip
        assert fault in told
    assert "fine" not in told
