import os
import subprocess
import sys
from dataclasses import replace

import pytest

from boxout.compiled import compile_all, compiled_once
from boxout.errors import DefinitionError
from boxout.graph import build
from boxout.model import optional, processor, window
from incidents.small import FORM, LINES, SMALL, TOTALS


def test_what_is_kept_on_disk_is_what_was_compiled(world, tmp_path):
    pipeline, tables = world.project.pipeline, world.project.graph.tables
    fresh = compile_all(pipeline, tables, "duckdb")
    assert compiled_once(pipeline, tables, "duckdb", tmp_path) == fresh
    assert compiled_once(pipeline, tables, "duckdb", tmp_path) == fresh
    assert len(list(tmp_path.glob("*.json"))) == 1


FINGERPRINTS = """
from boxout.compiled import compile_all
from boxout.graph import build
from boxout_nba import PIPELINE
made = compile_all(PIPELINE, build(PIPELINE).tables, "duckdb")
print({name: one.fingerprint for name, one in made.processors.items()})
"""


def test_the_same_code_has_the_same_fingerprints_in_every_process():
    told = {
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", FINGERPRINTS],
            env=os.environ | {"PYTHONHASHSEED": str(seed)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in range(1, 5)
    }
    assert len(told) == 1
    assert "upcoming_player_game_context" in told.pop()


def windowed(function, declared):
    one = processor(FORM, lines=LINES, before=declared)(function)
    processors = tuple(other for other in SMALL.processors if other.target != FORM)
    pipeline = replace(SMALL, processors=(*processors, one))
    return compile_all(pipeline, build(pipeline).tables, "duckdb").processors["form"]


def mixed(lines, before):
    sums = before.aggregate(games=before.count(), points=before.points.sum())
    return lines.cross_join(sums)


def apart(lines, before):
    sums = before.group_by("as_of").aggregate(games=before.count(), points=before.points.sum())
    return lines.inner_join(sums, lines.day == sums.as_of)


def test_a_processor_that_does_not_tell_its_windows_apart_is_refused():
    with pytest.raises(DefinitionError, match="mixed: does not use as_of of before"):
        windowed(mixed, window(TOTALS, days=2))


def test_a_function_before_a_window_that_drops_as_of_is_refused():
    feed = TOTALS.via(lambda rows: rows.select("game", "points"))
    with pytest.raises(DefinitionError, match="drops as_of"):
        windowed(apart, window(feed, days=2))


def test_a_function_before_a_window_keeps_as_of():
    feed = TOTALS.via(lambda rows: rows.filter(rows.points > 0))
    (one,) = windowed(apart, window(feed, days=2)).inputs["before"]
    assert "0" in one.sql.partition("WHERE")[2]


def test_a_window_that_becomes_optional_is_other_code():
    days = window(TOTALS, days=2)
    fingerprints = {windowed(apart, one).fingerprint for one in (days, optional(days))}
    assert len(fingerprints) == 2
