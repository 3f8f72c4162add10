"""What a change of the declarations would break, and what follows by itself."""

import json
from dataclasses import replace

import pytest

from boxout import Pipeline, Rows, Table, optional, processor, text
from boxout.graph import build
from boxout.report import Change, as_text, changes, declared
from boxout_nba import PIPELINE
from incidents.small import BOX, SHOTS, SMALL, TOTALS, form, totals


def snapshot(pipeline: Pipeline = SMALL):
    return json.loads(as_text(declared(pipeline, build(pipeline)).snapshot))


def with_box(table: Table, function=totals.function) -> Pipeline:
    """The small pipeline with another box score."""
    again = processor(TOTALS, box=table, shots=optional(SHOTS))(function)
    return replace(
        SMALL,
        sources=tuple(table if one.name == "box" else one for one in SMALL.sources),
        processors=(again, form),
        readers=tuple(
            replace(one, table=table) if one.table == BOX else one for one in SMALL.readers
        ),
    )


def changed(**columns):
    """The box score with columns in the place of others; None takes one away."""
    kept = (columns.get(one.name, one) for one in BOX.columns)
    new = (one for name, one in columns.items() if name not in BOX.column_names)
    return with_box(replace(BOX, columns=tuple(one for one in (*kept, *new) if one)))


def weights(found: list[Change]) -> list[tuple[str, str]]:
    return [(one.weight, str(one)) for one in found]


def test_what_was_not_changed_has_no_change():
    assert changes(snapshot(), snapshot()) == []


def test_the_text_of_a_snapshot_is_the_snapshot():
    made = declared(PIPELINE, build(PIPELINE)).snapshot
    assert json.loads(as_text(made)) == json.loads(json.dumps(made))


def test_a_new_column_that_may_be_null_is_additive():
    after = snapshot(changed(note=text("note", "a remark", null="none")))
    assert weights(changes(snapshot(), after)) == [("additive", "box.note: new, string")]


def test_a_new_column_of_a_source_that_is_never_null_breaks_what_was_landed():
    after = snapshot(changed(note=text("note", "a remark")))
    (one,) = changes(snapshot(), after)
    assert one.weight == "breaking"
    assert "never null, where the rows that were landed before have null" in one.what


def test_a_retyped_column_is_breaking_and_names_the_column_that_is_computed_from_it():
    after = snapshot(changed(points=text("points", "both teams'")))
    found = changes(snapshot(), after)
    assert weights(found)[0] == ("breaking", "box.points: int64 so far, string as declared")
    assert found[0].breaks == ("totals: column points", "through these: form")


def test_a_column_that_is_gone_is_breaking_and_names_the_likely_slip():
    def renamed(box: Rows, shots: Rows) -> Rows:
        return totals.function(box.mutate(overtimes=box.overtime), shots)

    after = changed(overtimes=None, overtime=text("overtime", "as published", null="none"))
    after = with_box(after.sources[2], renamed)
    found = {one.column: one for one in changes(snapshot(), snapshot(after)) if one.column}
    assert found["overtimes"].what == "gone. Did you mean overtime?"
    assert found["overtimes"].breaks == ("totals: column overtimes", "through these: form")
    assert found["overtime"].weight == "additive"


def test_a_column_that_a_join_reads_names_the_join_and_the_other_side():
    old = snapshot()
    del old["tables"]["shots"]["columns"]["game"]
    old["tables"]["shots"]["columns"]["match"] = {"type": "string", "unit": None, "null": None}
    before, after = snapshot(), old
    (gone, _) = (one for one in changes(before, after) if one.table == "shots")
    assert gone.column == "game"
    assert "a join (with box.game)" in gone.breaks[0]
    assert "which rows there are" in gone.breaks[0]


@pytest.mark.parametrize(
    ("changes_of", "told"),
    [
        ({"unit": "minutes"}, "in no unit so far, in minutes as declared"),
        ({"null": "unknown"}, "never null so far, now null may mean: unknown"),
    ],
)
def test_another_unit_or_null_where_none_was_is_breaking(changes_of, told):
    after = snapshot(changed(points=replace(BOX.columns[1], **changes_of)))
    assert ("breaking", f"box.points: {told}") in weights(changes(snapshot(), after))


def test_another_key_or_partition_is_breaking():
    after = snapshot(with_box(replace(BOX, key=("game", "points"))))
    told = "box: has the key game so far, game, points as declared"
    assert weights(changes(snapshot(), after)) == [("breaking", told)]


def test_a_table_that_is_gone_is_breaking_and_a_new_one_is_not():
    fewer = replace(SMALL, processors=(totals,))
    assert ("breaking", "form: gone") in weights(changes(snapshot(), snapshot(fewer)))
    assert ("additive", "form: new table") in weights(changes(snapshot(fewer), snapshot()))


def test_a_reader_that_needs_more_is_breaking():
    needs = replace(SMALL.readers[0], needs=(*SMALL.readers[0].needs, "arena"))
    after = snapshot(replace(SMALL, readers=(needs, *SMALL.readers[1:])))
    told = "slate: reader slate needs arena, which its files need not have so far"
    assert weights(changes(snapshot(), after)) == [("breaking", told)]


def test_a_changed_check_or_processor_is_computed_again():
    def other(box: Rows, shots: Rows) -> Rows:
        return totals.function(box.filter(box.points > 0), shots)

    after = snapshot(with_box(BOX, other))
    assert weights(changes(snapshot(), after)) == [
        ("recomputed", "totals: its processor changed: rows")
    ]


def test_only_what_both_sides_say_is_compared():
    bare = {
        "tables": {
            name: {
                "partition": one["partition"],
                "columns": {c: {"type": of["type"]} for c, of in one["columns"].items()},
            }
            for name, one in snapshot()["tables"].items()
        }
    }
    assert changes(bare, snapshot()) == []


def test_a_processor_that_reads_a_column_that_is_not_declared_is_named_with_why():
    pipeline = changed(overtimes=None)
    found = declared(pipeline, build(pipeline))
    assert list(found.faults) == ["totals"]
    assert "overtimes" in found.faults["totals"]


def test_the_lineage_of_the_real_pipeline_reaches_every_column_of_its_box_scores():
    reads = snapshot(PIPELINE)["processors"]["team_offense_game_summary"]
    every = {one for of in reads["columns"].values() for one in of}
    assert {"team_boxscore.pts", "team_boxscore.minutes"} <= every
    assert reads["columns"]["win"] != []
    assert any("gamebook_player_stats.game_id" in join for join in reads["joins"])
