"""A pipeline as BigQuery's SQL: nothing is estimated, and nothing is asked that one region has."""

import pytest

from boxout.compiled import compile_all, sql_text
from boxout.graph import build
from boxout.model import ibis
from boxout_nba.pipeline import PIPELINE

COMPILED = compile_all(PIPELINE, build(PIPELINE).tables, "bigquery")
ROWS = ibis.table({"g": "string", "x": "float64", "is_in": "boolean"}, name="t")


def texts() -> dict[str, str]:
    feeds = {
        f"{name} {feed.bound_to}": feed.sql
        for name, one in COMPILED.processors.items()
        for of in one.inputs.values()
        for feed in of
    }
    return {**{name: one.sql for name, one in COMPILED.processors.items()}, **feeds}


def test_six_processors_are_there() -> None:
    assert len(COMPILED.processors) == 6


@pytest.mark.parametrize("word", ["APPROX_", "boxout_quantile", "persistent_udfs", "BY NAME"])
def test_no_text_has_what_only_estimates_or_one_region_or_another_dialect_has(word: str) -> None:
    assert [name for name, text in texts().items() if word in text] == []


def test_every_feed_of_an_input_has_the_same_columns_in_the_same_order() -> None:
    for one in COMPILED.processors.values():
        for feeds in one.inputs.values():
            heads = {tuple(columns(feed.sql)) for feed in feeds}
            assert len(heads) == 1


def columns(sql: str) -> list[str]:
    sqlglot = pytest.importorskip("sqlglot")  # it comes with Ibis
    return sqlglot.parse_one(sql, read="bigquery").named_selects


@pytest.mark.parametrize(
    "measure",
    [
        ROWS.x.median(),
        ROWS.x.median(where=ROWS.is_in),
        ROWS.x.quantile(0.3),
        ROWS.x.quantile([0.1, 0.9]),
    ],
)
def test_medians_and_quantiles_are_exact(measure) -> None:
    text = sql_text(ROWS.group_by("g").aggregate(y=measure), "bigquery")
    assert "APPROX" not in text
    assert "ARRAY_AGG(" in text
    assert text == sql_text(ROWS.group_by("g").aggregate(y=measure), "bigquery")


def test_other_stores_keep_their_own_quantiles() -> None:
    assert "QUANTILE_CONT(" in sql_text(ROWS.aggregate(y=ROWS.x.median()), "duckdb")
