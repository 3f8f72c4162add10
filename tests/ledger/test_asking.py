"""Questions that stay quick in a ledger of many years, and answer what a slow look would."""

from boxout.ledger import Census, CheckCount, Followed, Ledger
from ledger.acts import ONE, PASSED, TWO, Time, claim, public, rollback, write

EARLY, LATE = "2026-02-01/BOS@LAL", "2026-02-09/BOS@LAL"


def write_into(ledger: Ledger, version: int, content: str = "y") -> None:
    ledger.record_audit(version, [Census(ONE, 2, content)], [PASSED], [])


def test_the_nearest_public_partitions_come_first(ledger: Ledger) -> None:
    for partition in (ONE, EARLY, LATE, TWO):
        public(ledger, partition, table="box")
    public(ledger, "2026-02-05/BOS@LAL", table="other")
    head = ledger.head()
    assert ledger.keys_before("box", LATE, head, 2) == [TWO, ONE]
    assert ledger.keys_after("box", EARLY, head, 2) == [ONE, TWO]
    assert ledger.keys_before("box", LATE, 2, 9) == [ONE, EARLY]
    assert ledger.keys_after("box", LATE, head, 9) == []


def test_a_withdrawn_partition_is_not_among_them(ledger: Ledger) -> None:
    public(ledger, ONE, table="box")
    public(ledger, ONE, table="box", content="again")
    ledger.turn_back(rollback(("box", ONE, None)), run="r", at=2)
    assert ledger.keys_before("box", "~", 3, 9) == []
    assert ledger.keys_before("box", "~", 2, 9) == [ONE]


def test_what_moved_since_a_publication_reaches_from_its_first_to_its_last_partition(
    ledger: Ledger,
) -> None:
    assert ledger.reach(0) is None
    public(ledger, EARLY, table="box")
    public(ledger, TWO, table="box")
    public(ledger, ONE, LATE, table="other")
    assert ledger.reach(0) == (EARLY, LATE)
    assert ledger.reach(1) == (ONE, LATE)
    assert ledger.reach(3) is None


def test_what_other_code_built_is_named_as_it_was_then(ledger: Ledger) -> None:
    public(ledger, ONE, table="box")
    public(ledger, TWO, table="box")
    attempt = claim(ledger, ONE, unit="box")
    version = ledger.open_version(attempt, "box", "g", ())
    write_into(ledger, version)
    ledger.publish(attempt, [version])
    assert ledger.built_by_others("box", "f", "", "~", ledger.head()) == {ONE}
    assert ledger.built_by_others("box", "f", TWO, "~", ledger.head()) == set()
    assert ledger.built_by_others("box", "f", "", "~", 2) == set()
    assert ledger.built_by_others("box", "g", "", "~", 2) == {ONE, TWO}


def test_rows_that_other_code_confirmed_are_of_that_code(ledger: Ledger) -> None:
    public(ledger, ONE, table="box")
    attempt = claim(ledger, ONE, unit="box")
    version = ledger.open_version(attempt, "box", "g", ())
    write_into(ledger, version, content="x")
    assert ledger.publish(attempt, [version]).unchanged == (ONE,)
    assert ledger.built_by_others("box", "f", "", "~", ledger.head()) == {ONE}


def test_publications_have_their_time(ledger: Ledger, time: Time) -> None:
    public(ledger, ONE, table="box")
    first = ledger.now()
    time.pass_s(5)
    public(ledger, TWO, table="box")
    assert ledger.published_at([1, 2, 7]) == {1: first, 2: ledger.now()}
    assert ledger.published_at([]) == {}


def test_whoever_follows_goes_on_where_he_was_unless_the_code_is_another(ledger: Ledger) -> None:
    assert ledger.followed("repair") == Followed(0, "")
    ledger.follow("repair", Followed(7, "f"))
    ledger.follow("repair", Followed(5, "f"))
    ledger.follow("another", Followed(1, "f"))
    assert ledger.followed("repair") == Followed(7, "f")
    ledger.follow("repair", Followed(3, "g"))
    assert ledger.followed("repair") == Followed(3, "g")


def test_the_last_answer_is_found_behind_many_versions_without_it(ledger: Ledger) -> None:
    attempt = claim(ledger, ONE, unit="box")
    rare = CheckCount("rare", "warn", 1, 0, 0)
    write(ledger, attempt, ONE, table="box", counts=[rare])
    for _ in range(200):
        write(ledger, attempt, ONE, table="box")
    (found,) = ledger.last_evaluated("box", ["rare"])
    assert (found.version, found.counts) == (1, rare)
