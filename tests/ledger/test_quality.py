"""What a report asks of a range: checks and how often, what did not pass, what was ever public."""

from boxout.ledger import CheckCount, Ledger, Tally, Unpassed
from ledger.acts import ONE, PASSED, TWO, Time, claim, finding, public, rollback, write

MADE = "2026-02-04T06:00:00.000+00:00"


def test_a_check_is_counted_once_for_each_version_that_holds_partitions_of_the_range(
    ledger: Ledger,
) -> None:
    public(ledger, ONE, TWO, table="box")
    public(ledger, ONE, table="box", content="y")
    assert ledger.quality("", "~").tallies == (Tally("box", "minutes", "block", 2, 3, 6, 18, 0),)
    assert ledger.quality(TWO, TWO).tallies == (Tally("box", "minutes", "block", 1, 1, 2, 9, 0),)
    assert ledger.quality("3000", "~").tallies == ()


def test_a_check_that_judged_nothing_is_counted_with_nothing_judged(ledger: Ledger) -> None:
    nothing = CheckCount("minutes", "warn", 0, 0, 2)
    write(ledger, claim(ledger, ONE), ONE, counts=[PASSED._replace(check="a"), nothing])
    assert [one[1:] for one in ledger.quality(ONE, ONE).tallies] == [
        ("a", "block", 1, 1, 2, 9, 0),
        ("minutes", "warn", 1, 1, 2, 0, 2),
    ]


def test_what_did_not_pass_comes_with_its_version_also_when_it_was_never_public(
    ledger: Ledger,
) -> None:
    found = [finding(TWO, "warn"), finding(ONE, "block")]
    write(ledger, claim(ledger, ONE, TWO), ONE, TWO, findings=found)
    assert ledger.quality("", "~").unpassed == (
        Unpassed("totals", 1, MADE, finding(ONE, "block")),
        Unpassed("totals", 1, MADE, finding(TWO, "warn")),
    )
    assert ledger.quality(TWO, TWO).unpassed == (Unpassed("totals", 1, MADE, finding(TWO, "warn")),)


def test_every_pointer_of_a_range_comes_in_order_with_its_publication_and_rows(
    ledger: Ledger, time: Time
) -> None:
    public(ledger, TWO, ONE, table="box")
    time.pass_s(60)
    public(ledger, ONE, table="box", content="y")
    ledger.turn_back(rollback(("box", ONE, None)), run="r", at=2)
    seen = ledger.quality("", "~").appearances
    assert [(one.pointer[:4], one.kind, one.reason, one.rows) for one in seen] == [
        (("box", ONE, 1, 1), "normal", "", 2),
        (("box", TWO, 1, 1), "normal", "", 2),
        (("box", ONE, 2, 2), "normal", "", 2),
        (("box", ONE, None, 3), "rollback", "wrong minutes", 0),
    ]
    assert [one.at for one in seen] == [MADE, MADE, ledger.now(), ledger.now()]
    assert [one.pointer for one in seen] == ledger.moves(0, 9)
    assert ledger.quality(TWO, TWO).appearances == (seen[1],)
