"""What dbt wrote of a build, judged: whatever it does not say is a refusal."""

import json
from pathlib import Path
from typing import Any

import pytest

from boxout.errors import BoxoutError, DefinitionError, NotReady, Withheld
from boxout.integrations.dbt import judge_build

MART, STAGED, SEED = "model.shop.mart", "model.shop.staged", "seed.shop.raw"
TEST, UPSTREAM_TEST = "test.shop.not_null_mart", "test.shop.unique_staged"


class Wrote:
    """The files of a build in which all went well; each test changes one thing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.nodes: dict[str, Any] = {
            SEED: node("raw", "seed"),
            STAGED: node("staged", "model", SEED),
            MART: node("mart", "model", STAGED, "source.shop.given"),
            UPSTREAM_TEST: node("unique_staged", "test", STAGED),
            TEST: node("not_null_mart", "test", MART),
        }
        self.statuses = {SEED: "success", STAGED: "success", MART: "success"}
        self.statuses |= {UPSTREAM_TEST: "pass", TEST: "pass"}
        self.invocations = ["one", "one"]
        self.args: dict[str, Any] = {"which": "build", "empty": False}
        self.unit_tests: dict[str, Any] = {}

    def judged(self, name: str = "mart"):
        ours, theirs = ({"invocation_id": one} for one in self.invocations)
        manifest = {"metadata": theirs, "nodes": self.nodes, "unit_tests": self.unit_tests}
        results = [{"unique_id": key, "status": one} for key, one in self.statuses.items()]
        ran = {"metadata": ours, "args": self.args, "results": results}
        (self.folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
        (self.folder / "run_results.json").write_text(json.dumps(ran), "utf-8")
        return judge_build(self.folder, [name])

    def refusal(self, kind: type[BoxoutError]) -> str:
        with pytest.raises(kind) as refused:
            self.judged()
        assert type(refused.value) is kind
        return str(refused.value)


def node(name: str, kind: str, *depends_on: str) -> dict[str, Any]:
    relation = f'"private"."main"."{name}"'
    of = {"name": name, "resource_type": kind, "relation_name": relation, "config": {}}
    return of | ({} if kind == "seed" else {"depends_on": {"nodes": [*depends_on]}})


@pytest.fixture
def wrote(tmp_path: Path) -> Wrote:
    return Wrote(tmp_path)


def test_a_whole_build_may_be_landed(wrote: Wrote) -> None:
    built = wrote.judged()
    assert built.invocation == "one"
    assert built.models["mart"] == (MART, '"private"."main"."mart"', 2)
    assert wrote.judged(MART).models[MART].name == MART


@pytest.mark.parametrize("key", [MART, STAGED, SEED])
@pytest.mark.parametrize("status", ["error", "skipped", "partial success", "no-op"])
def test_a_node_upstream_that_failed_or_was_skipped_is_a_refusal(
    wrote: Wrote, key: str, status: str
) -> None:
    wrote.statuses[key] = status
    assert f"{key}: {status}, success needed" in wrote.refusal(Withheld)


@pytest.mark.parametrize("key", [MART, STAGED, SEED])
def test_a_node_upstream_that_was_not_part_of_the_build_is_a_refusal(
    wrote: Wrote, key: str
) -> None:
    del wrote.statuses[key]
    assert f"{key}: not built in this invocation" in wrote.refusal(NotReady)


@pytest.mark.parametrize("key", [TEST, UPSTREAM_TEST])
@pytest.mark.parametrize("status", ["fail", "error", "skipped"])
def test_a_test_that_did_not_pass_is_a_refusal(wrote: Wrote, key: str, status: str) -> None:
    wrote.statuses[key] = status
    assert f"{key}: {status}, pass or warn needed" in wrote.refusal(Withheld)


@pytest.mark.parametrize("key", [TEST, UPSTREAM_TEST])
def test_a_test_that_was_not_evaluated_is_a_refusal(wrote: Wrote, key: str) -> None:
    del wrote.statuses[key]
    assert f"{key}: not evaluated in this invocation" in wrote.refusal(NotReady)


def test_a_model_without_a_test_is_a_refusal(wrote: Wrote) -> None:
    del wrote.nodes[TEST], wrote.statuses[TEST]
    assert f"{MART}: none of 0 tests passed on it, at least 1 needed" in wrote.refusal(NotReady)


def test_a_warning_alone_is_no_passed_test(wrote: Wrote) -> None:
    wrote.statuses[TEST] = "warn"
    assert "none of 1 tests passed on it" in wrote.refusal(NotReady)


def test_a_warning_upstream_is_no_refusal(wrote: Wrote) -> None:
    wrote.statuses[UPSTREAM_TEST] = "warn"
    assert wrote.judged().models["mart"].tests == 1


def test_a_unit_test_counts_like_any_other(wrote: Wrote) -> None:
    wrote.unit_tests = {"unit_test.shop.mart.adds": node("adds", "unit_test", MART)}
    assert "unit_test.shop.mart.adds: not evaluated" in wrote.refusal(NotReady)


def test_an_ephemeral_model_is_built_with_what_reads_it(wrote: Wrote) -> None:
    wrote.nodes[STAGED]["config"] = {"materialized": "ephemeral"}
    del wrote.statuses[STAGED]
    assert wrote.judged().models["mart"].name == MART
    del wrote.statuses[SEED]
    assert f"{SEED}: not built" in wrote.refusal(NotReady)


def test_a_node_that_the_manifest_does_not_have_is_a_refusal(wrote: Wrote) -> None:
    wrote.nodes[MART]["depends_on"]["nodes"].append("function.shop.rate")
    assert "function.shop.rate: not built" in wrote.refusal(NotReady)


@pytest.mark.parametrize("invocations", [["one", "two"], ["", ""], [None, None]])
def test_files_that_are_not_of_one_invocation_are_a_refusal(wrote: Wrote, invocations) -> None:
    wrote.invocations = invocations
    assert "run_results.json is of invocation" in wrote.refusal(NotReady)


@pytest.mark.parametrize("which", ["run", "test", "retry", "compile", None])
def test_anything_but_a_build_is_a_refusal(wrote: Wrote, which) -> None:
    wrote.args["which"] = which
    assert "dbt build needed" in wrote.refusal(NotReady)


@pytest.mark.parametrize("name", ["empty", "sample", "event_time_start", "event_time_end"])
def test_a_build_that_left_out_rows_is_a_refusal(wrote: Wrote, name: str) -> None:
    wrote.args[name] = "1 day"
    assert f"built with --{name.replace('_', '-')}" in wrote.refusal(NotReady)


def test_all_faults_are_told_at_once_and_the_worst_decides(wrote: Wrote) -> None:
    wrote.statuses |= {STAGED: "error", MART: "skipped", TEST: "skipped"}
    del wrote.statuses[UPSTREAM_TEST]
    assert wrote.refusal(Withheld).count("\n  ") == 5


def test_a_model_that_is_not_there_is_refused_with_the_likely_slip(wrote: Wrote) -> None:
    with pytest.raises(DefinitionError, match=r"mrat: no model.*mart"):
        wrote.judged("mrat")


def test_a_name_that_two_models_have_is_refused(wrote: Wrote) -> None:
    wrote.nodes["model.other.mart"] = node("mart", "model")
    with pytest.raises(DefinitionError, match=r"mart: not one model; there are model\.shop\.mart"):
        wrote.judged()


def test_a_form_that_is_not_known_is_refused(wrote: Wrote) -> None:
    del wrote.nodes[MART]["depends_on"]
    assert "not in the form in which dbt 1.10 writes" in wrote.refusal(DefinitionError)


def test_no_files_are_no_build(tmp_path: Path) -> None:
    with pytest.raises(NotReady, match=r"manifest\.json is not there"):
        judge_build(tmp_path, ["mart"])


@pytest.mark.parametrize("text", ["{", "[]", "{}"])
def test_files_that_dbt_did_not_write_are_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text, "utf-8")
    with pytest.raises(DefinitionError, match=r"manifest\.json"):
        judge_build(tmp_path, ["mart"])
