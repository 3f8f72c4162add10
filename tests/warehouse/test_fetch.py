"""Many rows come by columns, and are the same rows."""

import duckdb
import pytest

from boxout.warehouse.fetch import FEW_ROWS, exact_rows, rows

SHAPES = {
    "text and nulls": "i::VARCHAR AS a, CASE WHEN i % 2 = 0 THEN 'x' END AS b, NULL::VARCHAR AS c",
    "whole numbers": "i AS a, nullif(i, 1500) AS b, NULL::BIGINT AS c, i::INTEGER AS d, hash(i) AS e",
    "sums": "sum(i) AS a, CASE WHEN i % 2 = 0 THEN sum(i) END AS b, NULL::HUGEINT AS c, -sum(i) AS d",
    "decimals": "i / 7 AS a, CASE WHEN i % 2 = 0 THEN i / 7 END AS b, 'inf'::DOUBLE AS c",
    "yes and no": "i % 2 = 0 AS a, CASE WHEN i % 3 = 0 THEN true END AS b",
    "dates": "DATE '2026-02-03' + i::INTEGER AS a, TIMESTAMP '2026-02-03 23:59:59.123456' AS b",
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("many", [0, 1, FEW_ROWS - 1, FEW_ROWS, FEW_ROWS + 1, 3 * FEW_ROWS])
def test_rows_by_columns_are_the_rows(shape: str, many: int) -> None:
    text = f"SELECT {SHAPES[shape]} FROM range({many}) t(i) GROUP BY i ORDER BY i"
    with duckdb.connect() as connection:
        found, should = rows(connection.execute(text)), exact_rows(connection.execute(text))
    assert found == should
    assert [[type(v) for v in one.values()] for one in found or ()] == [
        [type(v) for v in one.values()] for one in should
    ]


@pytest.mark.parametrize("large", [2**53, -(2**53), 2**100])
def test_a_sum_too_large_for_a_column_of_floats_is_not_guessed(large: int) -> None:
    text = f"SELECT ({large})::HUGEINT + i % 2 AS a FROM range({2 * FEW_ROWS}) t(i)"
    with duckdb.connect() as connection:
        assert rows(connection.execute(text)) is None
