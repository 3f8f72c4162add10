"""What a person says a value means: one at a time, taken back on record."""

from boxout.ledger import Alias, Ledger
from ledger.acts import Time

JOKIC = Alias("player", "jokic", "DEN", "nikolajokic", "last name only", "ann", "")


def test_there_are_no_aliases_at_first(ledger: Ledger) -> None:
    assert ledger.aliases() == []


def test_an_alias_holds_from_the_ledgers_time_on_with_who_and_why(ledger: Ledger) -> None:
    assert ledger.put_alias(JOKIC)
    assert ledger.aliases("player") == [JOKIC._replace(at=ledger.now())]
    assert ledger.aliases("team") == []


def test_a_second_meaning_is_refused_while_the_first_holds(ledger: Ledger) -> None:
    ledger.put_alias(JOKIC)
    assert not ledger.put_alias(JOKIC._replace(official="someoneelse"))
    assert [one.official for one in ledger.aliases()] == ["nikolajokic"]


def test_a_value_may_mean_another_in_another_group(ledger: Ledger) -> None:
    assert ledger.put_alias(JOKIC)
    assert ledger.put_alias(JOKIC._replace(group="BOS", official="another"))
    assert ledger.put_alias(JOKIC._replace(group="", official="third"))
    assert [one.group for one in ledger.aliases()] == ["DEN", "BOS", ""]


def test_an_alias_that_is_taken_back_stays_on_record(ledger: Ledger, time: Time) -> None:
    ledger.put_alias(JOKIC)
    began = ledger.now()
    time.pass_s(60)
    ended = ledger.end_alias("player", "jokic", "DEN", by="bob", reason="it was his brother")
    said = {"ended_at": ledger.now(), "ended_by": "bob", "ended_reason": "it was his brother"}
    assert ended == JOKIC._replace(at=began, **said)
    assert ledger.aliases() == [ended]


def test_what_does_not_hold_cannot_be_taken_back(ledger: Ledger) -> None:
    ledger.put_alias(JOKIC)
    assert ledger.end_alias("player", "jokic", "", by="bob", reason="wrong") is None
    ledger.end_alias("player", "jokic", "DEN", by="bob", reason="wrong")
    assert ledger.end_alias("player", "jokic", "DEN", by="bob", reason="again") is None
    assert [one.ended_reason for one in ledger.aliases()] == ["wrong"]


def test_a_new_meaning_may_follow_the_one_that_was_taken_back(ledger: Ledger) -> None:
    ledger.put_alias(JOKIC)
    ledger.end_alias("player", "jokic", "DEN", by="bob", reason="wrong")
    assert ledger.put_alias(JOKIC._replace(official="another"))
    assert [one.official for one in ledger.aliases() if not one.ended_at] == ["another"]
