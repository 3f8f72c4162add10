"""What a service throws away by itself, and what it never does unless it is told to."""

from dataclasses import replace

import pytest

from boxout.errors import StoreUnavailable
from boxout.run import Policy
from boxout.service.tidying import PAUSE_S, Tidying
from incidents.conftest import small

__all__ = ["small"]

D1, D2 = "2026-02-01", "2026-02-02"
GAME = f"{D2}/AB"


@pytest.fixture
def corrected(small):
    """A day of rows that were corrected, a day ago."""
    small.days(D1, D2)
    small.lines(D1, D2)
    for points in (200, 250, 300):
        small.box({GAME: points})
        small.run(D1, D2)
    small.clock.pass_s(2 * 86400)
    return small


def tidying(small, **policy) -> Tidying:
    return Tidying(replace(small.engine, policy=Policy(**policy)), retention_s=30 * 86400)


def versions(small) -> int:
    (row,) = small.rows('SELECT count(DISTINCT _version) AS n FROM versions."totals"')
    return row["n"]


def test_rows_stay_for_ever_unless_the_policy_says_otherwise(corrected):
    before = versions(corrected)
    tidying(corrected).do_a_part()
    assert versions(corrected) == before


def test_what_no_kept_snapshot_has_goes_while_the_service_rests(corrected):
    public, before = corrected.rows("FROM totals ORDER BY ALL"), versions(corrected)
    tidy = tidying(corrected, kept_publications=1)
    assert tidy.begin(0)
    tidy.do_a_part()
    assert versions(corrected) < before
    assert corrected.rows("FROM totals ORDER BY ALL") == public


def test_it_goes_on_until_nothing_is_left_and_then_rests_an_hour(corrected):
    tidy = tidying(corrected, kept_publications=1)
    tidy.do_a_part()
    assert tidy.begin(1)
    tidy.do_a_part()
    assert not tidy.begin(1)
    assert tidy.begin(PAUSE_S)


def test_one_part_is_done_at_a_time(corrected):
    tidy = tidying(corrected, kept_publications=1)
    assert (tidy.begin(0), tidy.begin(PAUSE_S)) == (True, False)
    tidy.do_a_part()
    assert tidy.begin(0)


def test_what_is_too_young_stays(corrected):
    before = versions(corrected)
    tidying(corrected, kept_publications=1, kept_hours=72).do_a_part()
    assert versions(corrected) == before


def test_a_store_that_is_away_is_asked_again_an_hour_later(corrected, monkeypatch, caplog):
    def away(*_):
        raise StoreUnavailable("the disk is away")

    monkeypatch.setattr(corrected.engine.ledger, "collect", away)
    tidy = tidying(corrected, kept_publications=1)
    tidy.do_a_part()
    assert not tidy.begin(1)
    assert "the disk is away" in caplog.text
