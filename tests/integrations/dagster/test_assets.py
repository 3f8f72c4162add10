"""Boxout inside a real Dagster: an instance, its runs, and what they leave in it."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from boxout.integrations.dagster import boxout_assets, boxout_dates, boxout_sensor
from boxout.project import init, open_project
from boxout.run import run
from cli.night import DAY, Night, held
from integrations.hosted import example, landed, project_of
from seeded import seed

PLAYERS, OFFENSE = "player_game_summary", "team_offense_game_summary"
DERIVED = {OFFENSE, "team_defense_game_summary", PLAYERS}


class Hosted:
    """A project of a night in a Dagster, beside an asset of somebody else's that reads a table."""

    def __init__(self, night: Night, instance: dg.DagsterInstance) -> None:
        self.night, self.instance = night, instance
        self.newsletters: list[str] = []
        dates = boxout_dates(night.folder, start="2026-02-01")

        @dg.asset(deps=[PLAYERS], partitions_def=dates)
        def newsletter(context: dg.AssetExecutionContext) -> None:
            self.newsletters.append(context.partition_key)

        self.assets = [*boxout_assets(night.folder, dates, wait_s=0), newsletter]

    def run(self, day: str = DAY) -> dg.ExecuteInProcessResult:
        return dg.materialize(
            self.assets, instance=self.instance, partition_key=day, raise_on_error=False
        )

    def materialized(self) -> set[str]:
        tables = (*sorted(DERIVED), "newsletter")
        return {
            name
            for name in tables
            if DAY in self.instance.get_materialized_partitions(dg.AssetKey(name))
        }


@pytest.fixture
def hosted(tmp_path: Path) -> Iterator[Hosted]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield Hosted(project_of(tmp_path / "project"), instance)


def checks(result: dg.ExecuteInProcessResult, table: str) -> dict[str, dg.AssetCheckEvaluation]:
    mine = [one for one in result.get_asset_check_evaluations() if one.asset_key.path[-1] == table]
    return {one.check_name: one for one in mine}


def metadata(result: dg.ExecuteInProcessResult, table: str) -> dict[str, object]:
    (event,) = [
        one.materialization
        for one in result.get_asset_materialization_events()
        if one.asset_key.path[-1] == table
    ]
    return {name: one.value for name, one in event.metadata.items()}


def test_a_whole_night_is_materialized_with_its_publication(hosted: Hosted) -> None:
    landed(hosted.night, *hosted.night.files())
    result = hosted.run()
    assert result.success
    assert hosted.materialized() == {*DERIVED, "newsletter"}
    told = metadata(result, PLAYERS)
    assert told["boxout/publication"] == 4
    assert set(told["boxout/versions"]) == set(hosted.night.ids)
    assert told["dagster/row_count"] == 112
    assert told["boxout/moved"] is True


def test_every_check_of_the_engine_is_an_asset_check(hosted: Hosted) -> None:
    landed(hosted.night, *hosted.night.files())
    found = checks(hosted.run(), OFFENSE)
    assert {"published", "duplicate_keys", "points_add_up", "sum_of_players_blk"} <= found.keys()
    assert all(one.passed for one in found.values())


def test_one_game_without_its_source_keeps_the_date_from_being_materialized(hosted: Hosted) -> None:
    night = hosted.night
    landed(night, night.schedule(), night.gamebook(night.games[1:]), night.team_box())
    result = hosted.run()
    assert hosted.materialized() == set()
    assert hosted.newsletters == []
    said = checks(result, PLAYERS)["published"]
    assert (said.passed, said.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert f"{night.ids[0]}: later: gamebook_player_stats: has not arrived" in said.description
    assert said.metadata["partitions public"].value == 3


def test_waiting_is_no_failure_of_the_run_and_materializes_nothing(hosted: Hosted) -> None:
    result = hosted.run()
    assert result.success
    assert hosted.materialized() == set()
    said = checks(result, PLAYERS)
    assert set(said) == {"published"}, "what was asked of nothing has no answer"
    assert "schedule: has not arrived for this date" in said["published"].description


def test_when_the_source_comes_the_date_is_materialized(hosted: Hosted) -> None:
    night = hosted.night
    landed(night, night.schedule(), night.gamebook(night.games[1:]), night.team_box())
    hosted.run()
    landed(night, night.gamebook())
    result = hosted.run()
    assert hosted.materialized() == {*DERIVED, "newsletter"}
    assert checks(result, PLAYERS)["published"].passed


def test_what_is_withheld_fails_the_run_with_the_check_that_says_why(hosted: Hosted) -> None:
    night = hosted.night
    landed(night, night.schedule(), night.gamebook(), night.broken(0))
    result = hosted.run()
    assert not result.success
    assert hosted.materialized() == set()
    found = checks(result, OFFENSE)
    wrong = {name for name, one in found.items() if not one.passed}
    assert wrong == {"published", "sum_of_players_blk"}
    assert {found[name].severity for name in wrong} == {dg.AssetCheckSeverity.ERROR}
    assert night.ids[0] in found["sum_of_players_blk"].description


def test_what_is_fresh_already_is_materialized_and_said_not_to_have_moved(hosted: Hosted) -> None:
    landed(hosted.night, *hosted.night.files())
    hosted.run()
    told = metadata(hosted.run(), PLAYERS)
    assert (told["boxout/publication"], told["boxout/moved"]) == (4, False)


def test_a_date_with_nothing_on_it_materializes_nothing(hosted: Hosted) -> None:
    night = hosted.night
    landed(night, night.schedule(g0="cancelled", g1="cancelled", g2="cancelled", g3="cancelled"))
    result = hosted.run()
    assert result.success
    assert hosted.materialized() == set()
    assert checks(result, PLAYERS)["published"].description == "nothing is expected on this date"


def test_a_forced_publication_says_so(hosted: Hosted) -> None:
    night = hosted.night
    landed(night, night.schedule(), night.gamebook(), night.broken(0))
    hosted.run()
    with open_project(night.folder).working() as engine:
        run(engine, DAY, DAY, DERIVED, forced="the league says so")
    assert metadata(hosted.run(), PLAYERS)["boxout/forced"] == "the league says so"


def test_a_warehouse_that_is_held_fails_the_run_and_may_be_tried_again(hosted: Hosted) -> None:
    landed(hosted.night, *hosted.night.files())
    with held(hosted.night.folder):
        assert not hosted.run().success
    assert hosted.run().success


def test_the_sensor_runs_again_what_waits_when_its_input_is_there(hosted: Hosted) -> None:
    night = hosted.night
    job = dg.define_asset_job("night", selection=sorted(DERIVED))
    sensor = boxout_sensor(night.folder, job)
    landed(night, night.schedule(), night.gamebook(night.games[1:]), night.team_box())
    hosted.run()
    assert asked(sensor, hosted) == [], "its next look is a minute away"
    landed(night, night.gamebook())
    (request,) = asked(sensor, hosted)
    assert request.partition_key == DAY
    assert {key.path[-1] for key in request.asset_selection} == DERIVED
    assert asked(sensor, hosted)[0].run_key == request.run_key, "one look is asked for once"
    hosted.run()
    assert asked(sensor, hosted) == []


def test_all_units_of_a_pipeline_are_assets_and_contexts_wait_for_no_game(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    init(folder, "nba")
    seed(folder, "nba")
    assets = boxout_assets(folder, boxout_dates(folder, start="2025-10-21"), key_prefix=["nba"])
    graph = dg.Definitions(assets=assets).resolve_asset_graph()
    parents = {
        key.path[-1]: {parent.path[-1] for parent in graph.get(key).parent_keys}
        for key in graph.executable_asset_keys
    }
    assert parents["defense_zone_analytics"] >= {"schedule"}
    assert PLAYERS not in parents["upcoming_player_game_context"]
    assert len(parents) == 6


def asked(sensor: dg.SensorDefinition, hosted: Hosted) -> list[dg.RunRequest]:
    defs = dg.Definitions(assets=hosted.assets, jobs=[sensor.job], sensors=[sensor])
    context = dg.build_sensor_context(instance=hosted.instance, definitions=defs)
    return list(sensor.evaluate_tick(context).run_requests or [])


def test_the_example_of_the_page_runs_a_night(tmp_path: Path, monkeypatch) -> None:
    night = project_of(tmp_path / "my-project")
    landed(night, *night.files())
    monkeypatch.chdir(tmp_path)
    page: dict[str, dg.Definitions] = {"__name__": "page"}
    exec(example("dagster.md"), page)
    job = page["defs"].resolve_job_def("night")
    with dg.DagsterInstance.ephemeral() as instance:
        assert job.execute_in_process(instance=instance, partition_key=DAY).success
        known = instance.get_materialized_partitions(dg.AssetKey("newsletter"))
    assert known == {DAY}
