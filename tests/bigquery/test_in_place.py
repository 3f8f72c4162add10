"""Tables that others write in place are landed, partition by partition, where they have changed."""

import csv
import io
import uuid
from collections.abc import Sequence
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from google.cloud import bigquery as google

from bigquery.emulator import PROJECT
from bigquery.kit import address, opened
from boxout.warehouse.bigquery import Source
from boxout.warehouse.bigquery.in_place import span_of
from boxout_nba.simulator import gamebook_rows, play, team_rows
from cli.night import DAY

READERS = {
    "schedule": "schedule.csv",
    "gamebook_player_stats": "gamebook.csv",
    "team_boxscore": "team_boxscore.csv",
}


class Theirs:
    """A dataset of somebody else's, whose tables are written in place."""

    def __init__(self, endpoint: str) -> None:
        self.dataset = f"theirs{uuid.uuid4().hex[:8]}"
        self.warehouse = opened(address(endpoint), ())
        self.client = self.warehouse.wire.client
        self.client.create_dataset(self.dataset)

    def put(self, name: str, rows: Sequence[dict], day: str = DAY) -> None:
        """Rows, all text, beside those that are there; partitioned by the month they were written."""
        table = google.Table(
            f"{PROJECT}.{self.dataset}.{name}",
            schema=[google.SchemaField(one, "STRING") for one in rows[0]]
            + [google.SchemaField("written_on", "DATE")],
        )
        table.time_partitioning = google.TimePartitioning("MONTH", field="written_on")
        self.client.create_table(table, exists_ok=True)
        values: dict = {
            one: [None if row[one] in (None, "") else str(row[one]) for row in rows]
            for one in rows[0]
        }
        values["written_on"] = [date.fromisoformat(day)] * len(rows)
        file = io.BytesIO()
        pq.write_table(pa.table(values), file)
        file.seek(0)
        config = google.LoadJobConfig(
            source_format="PARQUET", write_disposition="WRITE_APPEND", schema=table.schema
        )
        self.client.load_table_from_file(file, table.reference, job_config=config).result()

    def run(self, sql: str) -> None:
        self.client.query(sql.format(of=f"{PROJECT}.{self.dataset}")).result()

    def forget(self, name: str) -> None:
        self.client.delete_table(f"{PROJECT}.{self.dataset}.{name}")


@pytest.fixture
def theirs(endpoint):
    made = Theirs(endpoint)
    yield made
    made.warehouse.close()


@pytest.fixture
def followed(night, theirs):
    """A project that follows three tables of theirs; by content, because that is what is seen here."""
    night.files()
    lines = ["", "[sources]"]
    for reader, name in READERS.items():
        with (night.folder / name).open(newline="") as file:
            theirs.put(reader, list(csv.DictReader(file)))
        lines.append(f'{reader} = {{ table = "{theirs.dataset}.{reader}", by = "content" }}')
    toml = night.folder / "boxout.toml"
    toml.write_text(toml.read_text("utf-8") + "\n".join(lines) + "\n", "utf-8")
    return night


def test_what_others_wrote_is_landed_and_landed_again_where_it_has_changed(
    boxout,
    followed,
    theirs,
):
    said = boxout("follow", "--json")
    assert (said.code, len(said.json["changed"])) == (0, 3)
    assert boxout("run", DAY).code == 0
    assert boxout("follow", "--json").json["changed"] == []
    game = followed.games[0]
    box = play(99, game.away, game.home, game.game_id)
    for reader, rows in (("team_boxscore", team_rows), ("gamebook_player_stats", gamebook_rows)):
        theirs.run(f"DELETE FROM `{{of}}.{reader}` WHERE game_id = '{game.game_id}'")
        theirs.put(reader, rows(game.game_id, box))
    said = boxout("follow", "--json")
    assert {(one["table"].split(".")[2], one["partition"]) for one in said.json["changed"]} == {
        ("team_boxscore", "202602"),
        ("gamebook_player_stats", "202602"),
    }
    assert {tuple(one["public"]) for one in said.json["landed"]} == {(game.game_id,)}
    assert boxout("run", DAY).code == 0
    told = boxout("diff", "team_offense_game_summary", game.game_id)
    assert told.code == 0


def test_what_was_refused_is_tried_again(boxout, followed, theirs):
    theirs.run("ALTER TABLE `{of}.team_boxscore` DROP COLUMN blk")
    assert boxout("follow").code == 4
    said = boxout("follow", "--json")
    assert (said.code, [one["table"].split(".")[2] for one in said.json["changed"]]) == (
        4,
        ["team_boxscore"],
    )


def test_a_table_made_anew_has_changed_when_bigquery_says_so(theirs):
    source = Source("team_boxscore", f"{PROJECT}.{theirs.dataset}.t")
    theirs.put("t", [{"a": "1"}])
    in_place = theirs.warehouse.in_place
    marks = in_place.marks(source)
    assert list(marks) == ["202602"]
    theirs.warehouse.followed(source, marks)
    assert in_place.kept(source) == in_place.marks(source) == marks
    theirs.forget("t")
    theirs.put("t", [{"a": "1"}])
    assert in_place.marks(source) != in_place.kept(source)


def test_a_partition_has_its_rows_and_no_others(theirs):
    source = Source("team_boxscore", f"{PROJECT}.{theirs.dataset}.t", is_by_content=True)
    theirs.put("t", [{"a": "1"}], "2026-01-31")
    theirs.put("t", [{"a": "2"}], "2026-02-01")
    in_place = theirs.warehouse.in_place
    assert sorted(in_place.marks(source)) == ["202601", "202602"]
    assert in_place.rows(source, "202601")["a"].to_pylist() == ["1"]


@pytest.mark.parametrize(
    ("part", "span"),
    [
        ("20260228", (date(2026, 2, 28), date(2026, 3, 1))),
        ("202612", (date(2026, 12, 1), date(2027, 1, 1))),
        ("2026", (date(2026, 1, 1), date(2027, 1, 1))),
    ],
)
def test_a_partition_is_a_span_of_days(part, span):
    assert span_of(part) == span
