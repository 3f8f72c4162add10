"""One real season against the figures Basketball-Reference publishes."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
from truth import SEASONS, compare, publish

pytestmark = pytest.mark.skipif(
    not SEASONS.is_dir(), reason="the real seasons are not beside the project"
)


def test_one_season_equals_the_published_figures(tmp_path):
    engine, _ = publish(tmp_path, ["2020-21"])
    for figure in compare(engine, ["2020-21"]):
        assert figure.compared > 2000
        assert figure.mismatched == 0, figure
