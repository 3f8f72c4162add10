"""Which tables a project follows, as its file says it."""

import pytest

from boxout.settings import sources_of
from boxout.warehouse.bigquery import Source

READERS = ("team_boxscore", "schedule")


def test_a_table_is_of_the_warehouses_project_unless_it_names_another() -> None:
    said = {"schedule": "raw.games", "team_boxscore": {"table": "other-one.raw.b", "by": "content"}}
    assert sources_of(said, READERS, "my-project") == (
        [
            Source("schedule", "my-project.raw.games"),
            Source("team_boxscore", "other-one.raw.b", is_by_content=True),
        ],
        [],
    )


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"shedule": "raw.games"}, "no such reader. did you mean schedule?"),
        ({"schedule": "games"}, "DATASET.TABLE"),
        ({"schedule": "raw.games; DROP"}, "DATASET.TABLE"),
        ({"schedule": {"by": "content"}}, "DATASET.TABLE"),
        ({"schedule": {"table": "raw.games", "by": "size"}}, '"modified" or "content"'),
        ({"schedule": {"table": "raw.games", "from": "x"}}, '"modified" or "content"'),
        ("raw.games", "not a table"),
    ],
)
def test_what_names_no_table_is_refused(said: object, says: str) -> None:
    found, faults = sources_of(said, READERS, "my-project")
    assert found == []
    assert says.lower() in faults[0].lower()


def test_a_warehouse_in_a_file_follows_nothing() -> None:
    found, faults = sources_of({"schedule": "raw.games"}, READERS, "")
    assert (found, "this one is a file" in faults[0]) == ([], True)
