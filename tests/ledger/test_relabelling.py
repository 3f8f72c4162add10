import pytest

from boxout.errors import Withheld
from boxout.ledger import relabelled

ONE = "2026-02-03/BOS@LAL"
TAKEN_BACK = {
    "table_name": "totals",
    "partition": ONE,
    "version": 1,
    "row_count": 2,
    "content": "a",
}


def test_what_was_taken_back_is_known_by_its_content_in_the_other_warehouse() -> None:
    row_of = relabelled({(1, ONE): "b"}, {})
    assert row_of("tombstone", TAKEN_BACK) == TAKEN_BACK | {"content": "b"}


def test_what_was_taken_back_and_has_no_rows_any_more_could_not_be_known_again() -> None:
    with pytest.raises(Withheld, match="was taken back, and its rows were collected"):
        relabelled({}, {})("tombstone", TAKEN_BACK)


def test_code_has_the_fingerprint_of_the_other_dialect_and_older_code_stays_stale() -> None:
    row_of = relabelled({}, {("totals", "now"): "there"})
    found = [row_of("version", {"table_name": "totals", "fingerprint": f}) for f in ("now", "old")]
    assert [one["fingerprint"] for one in found] == ["there", "old"]
