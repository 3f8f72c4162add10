"""Which readers a file gets, and that each of them is documented."""

from dataclasses import replace
from pathlib import Path

import pytest

from boxout.errors import DefinitionError
from boxout.run import find_readers
from boxout_nba.pipeline import PIPELINE
from nba.samples import LEAGUE, needs_samples

DOCUMENTED = Path(__file__).parents[2] / "docs/readers.md"


def test_every_reader_is_in_the_documentation():
    told = DOCUMENTED.read_text("utf-8")
    of_publishers = [one for one in PIPELINE.readers if one.name != one.table.name]
    assert len(of_publishers) > 20
    assert [one.name for one in of_publishers if f"`{one.name}`" not in told] == []


@needs_samples
def test_two_readers_that_would_land_a_file_into_one_table_are_a_choice_for_a_person(world):
    first = world.readers["box_score_v3_players"]
    pipeline = replace(PIPELINE, readers=(first, replace(first, name="another")))
    project = replace(world.project, pipeline=pipeline)
    path = LEAGUE / "boxscoretraditionalv3.json"
    with pytest.raises(DefinitionError, match="box_score_v3_players and another would both land"):
        find_readers(project.pipeline, path, "")
    assert [one.name for one in find_readers(project.pipeline, path, "another")] == ["another"]
