"""What dbt wrote of a build, judged: may a model be landed, or does something it rests on stand in the way?

dbt runs what it can and goes on: after a build some models are new, some old, and some untested. Two
files say which, `manifest.json` and `run_results.json`. Whatever they do not say is a refusal.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from boxout.errors import BoxoutError, DefinitionError, NotReady, Withheld
from boxout.graph.order import near

MANIFEST: Final = "manifest.json"
RESULTS: Final = "run_results.json"
BUILT: Final = frozenset({"model", "seed", "snapshot"})
TESTED: Final = frozenset({"pass", "warn"})
PARTIAL: Final = ("empty", "sample", "event_time_start", "event_time_end")
"""Arguments of a build that leaves out rows."""

UNTOUCHED: Final = "Nothing was landed; readers still see what they saw."


class Model(NamedTuple):
    """A model that may be landed: where its rows are, and how many tests passed on all it rests on."""

    name: str
    relation: str
    tests: int


class Built(NamedTuple):
    """One invocation of dbt and its models that may be landed; `digest` is of both files."""

    invocation: str
    digest: str
    models: Mapping[str, Model]


class _Fault(NamedTuple):
    """Why a model may not be landed; `is_failed` when dbt tried and failed, otherwise it lacks something."""

    told: str
    is_failed: bool


def judge_build(target: Path, wanted: Sequence[str]) -> Built:
    """The models of the latest build, by the names given; refused when one may not be landed.

    Every model, seed and snapshot that one rests on, however far, was built by one `dbt build`, whose
    files these are; every test on any of them was evaluated in it and passed, and at least one on the
    model itself. Withheld when something failed, NotReady when something is missing or of another
    invocation; DefinitionError when the files, or the names, are not what they have to be.
    """
    manifest, results = _read(target / MANIFEST), _read(target / RESULTS)
    try:
        return _judged(manifest, results, wanted, digest_of(target))
    except (KeyError, TypeError, AttributeError) as error:
        told = f"{target}: not in the form in which dbt 1.10 writes: {error!r}. {UNTOUCHED}"
        raise DefinitionError(told) from error


def _judged(
    manifest: Mapping[str, Any], results: Mapping[str, Any], wanted: Sequence[str], digest: str
) -> Built:
    found = {name: _find(manifest, name) for name in wanted}
    statuses = {one["unique_id"]: one["status"] for one in results["results"]}
    faults = list(_of_invocation(manifest, results))
    for name in found.values():
        faults += _of_model(manifest, statuses, name)
    if faults:
        raise _refusal(list(dict.fromkeys(faults)))
    models = {name: _model(manifest, statuses, found[name]) for name in wanted}
    return Built(_invocation(results), digest, models)


def digest_of(target: Path) -> str:
    """The SHA-256 of both files: another one says that dbt ran meanwhile."""
    try:
        texts = [(target / name).read_bytes() for name in (MANIFEST, RESULTS)]
    except OSError as error:
        raise DefinitionError(f"{target}: cannot be read: {error.strerror}. {UNTOUCHED}") from error
    return hashlib.sha256(b"".join(texts)).hexdigest()


def _read(path: Path) -> dict[str, Any]:
    wanted = ("metadata", "nodes") if path.name == MANIFEST else ("metadata", "results")
    try:
        said = json.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise NotReady(f"{path} is not there. Next: dbt build. {UNTOUCHED}") from error
    except (OSError, ValueError) as error:
        raise DefinitionError(f"{path}: cannot be read: {error}. {UNTOUCHED}") from error
    if not isinstance(said, dict) or any(name not in said for name in wanted):
        raise DefinitionError(
            f"{path}: not written by dbt, {' and '.join(wanted)} expected. {UNTOUCHED}"
        )
    return said


def _find(manifest: Mapping[str, Any], name: str) -> str:
    nodes: Mapping[str, Any] = manifest["nodes"]
    models = {key: one["name"] for key, one in nodes.items() if one["resource_type"] in BUILT}
    found = [key for key, known in models.items() if name in {key, known}]
    if len(found) == 1:
        return found[0]
    several = f"; there are {', '.join(found)}: write one of these" if found else ""
    slip = "" if found else near(name, models.values())
    raise DefinitionError(
        f"{name}: {'not one' if found else 'no'} model{several}{slip}. {UNTOUCHED}"
    )


def _invocation(said: Mapping[str, Any]) -> str:
    return str(said["metadata"].get("invocation_id") or "")


def _of_invocation(manifest: Mapping[str, Any], results: Mapping[str, Any]) -> Iterator[_Fault]:
    """Both files are of one `dbt build` that left out no rows."""
    ours, theirs = _invocation(results), _invocation(manifest)
    if not ours or ours != theirs:
        yield _Fault(
            f"{RESULTS} is of invocation {ours or 'unknown'}, {MANIFEST} of {theirs or 'unknown'}:"
            " dbt ran again, or broke off, after the build",
            is_failed=False,
        )
    args: Mapping[str, Any] = results.get("args") or {}
    if args.get("which") != "build":
        yield _Fault(f"dbt {args.get('which')} wrote {RESULTS}, dbt build needed", is_failed=False)
    for name in PARTIAL:
        if args.get(name):
            flag = name.replace("_", "-")
            yield _Fault(f"built with --{flag}: rows were left out", is_failed=False)


def _of_model(
    manifest: Mapping[str, Any], statuses: Mapping[str, str], name: str
) -> Iterator[_Fault]:
    nodes: Mapping[str, Any] = manifest["nodes"]
    upstream = _upstream(nodes, name)
    for key in upstream:
        if nodes.get(key, {}).get("config", {}).get("materialized") != "ephemeral":
            yield from _of_status(key, statuses.get(key), frozenset({"success"}), "built")
    tests = _tests(manifest, upstream)
    for key in tests:
        yield from _of_status(key, statuses.get(key), TESTED, "evaluated")
    on_itself = _tests(manifest, {name})
    if not any(statuses.get(key) == "pass" for key in on_itself):
        yield _Fault(
            f"{name}: none of {len(on_itself)} tests passed on it, at least 1 needed",
            is_failed=False,
        )


def _of_status(key: str, status: str | None, good: frozenset[str], word: str) -> Iterator[_Fault]:
    if status is None:
        yield _Fault(f"{key}: not {word} in this invocation, so it may be older", is_failed=False)
    elif status not in good:
        yield _Fault(f"{key}: {status}, {' or '.join(sorted(good))} needed", is_failed=True)


def _upstream(nodes: Mapping[str, Any], name: str) -> dict[str, None]:
    """The node and all that it is built from, however far, nearest first; no source, which dbt never builds."""
    found: dict[str, None] = {}
    waiting = [name]
    while waiting:
        key = waiting.pop(0)
        if key not in found and not key.startswith("source."):
            found[key] = None
            is_built_of_none = key not in nodes or nodes[key]["resource_type"] == "seed"
            waiting += [] if is_built_of_none else nodes[key]["depends_on"]["nodes"]
    return found


def _tests(manifest: Mapping[str, Any], of: Mapping[str, None] | set[str]) -> list[str]:
    """The data tests and unit tests that look at any of these nodes."""
    tests = {key: one for key, one in manifest["nodes"].items() if one["resource_type"] == "test"}
    tests |= manifest.get("unit_tests") or {}
    return [key for key, one in tests.items() if any(k in of for k in one["depends_on"]["nodes"])]


def _model(manifest: Mapping[str, Any], statuses: Mapping[str, str], name: str) -> Model:
    node = manifest["nodes"][name]
    passed = [
        k for k in _tests(manifest, _upstream(manifest["nodes"], name)) if statuses[k] == "pass"
    ]
    return Model(name, str(node["relation_name"]), len(passed))


def _refusal(faults: Sequence[_Fault]) -> BoxoutError:
    kind = Withheld if any(one.is_failed for one in faults) else NotReady
    lines = "\n".join(f"  {one.told}" for one in faults)
    return kind(f"What dbt built is not whole:\n{lines}\n{UNTOUCHED} Next: dbt build")
