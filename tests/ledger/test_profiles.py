"""Profiles: what counts as accepted at a snapshot, and that nothing said of a version is lost."""

from boxout.ledger import Compared, Ledger, Profiled, Profiles, Verdict
from ledger.acts import claim, finding, public, rollback, write

DAYS = tuple(f"2026-02-0{day}/BOS@LAL" for day in range(1, 6))


def profiled(version: int, partition: str, phase: str = "regular") -> Profiled:
    return Profiled(version, "box", partition, phase, ("pts: mean", ": rows"), bytes(8))


def kept(ledger: Ledger, partition: str, **said: object) -> int:
    """A version of one partition, public, with its profile."""
    attempt = claim(ledger, partition, unit="box")
    version = write(ledger, attempt, partition, table="box", content=partition)
    ledger.keep_profiles(Profiles([profiled(version, partition)]))
    ledger.publish(attempt, [version], **said)  # pyright: ignore[reportArgumentType]
    ledger.release(attempt)
    return version


def accepted(ledger: Ledger, before: str = "~", **asked: object) -> list[str]:
    given = {"first": before, "before": before, "at": ledger.head(), "members_max": 9} | asked
    found = ledger.accepted("box", "regular", **given)  # pyright: ignore[reportArgumentType]
    return [one.partition for one in found]


def test_what_was_never_public_is_not_accepted(ledger: Ledger) -> None:
    version = write(ledger, claim(ledger, DAYS[0], unit="box"), DAYS[0], table="box")
    ledger.keep_profiles(Profiles([profiled(version, DAYS[0])]))
    assert accepted(ledger) == []


def test_what_was_forced_is_not_accepted(ledger: Ledger) -> None:
    attempt = claim(ledger, DAYS[0], unit="box")
    version = write(ledger, attempt, DAYS[0], table="box", findings=[finding(DAYS[0], "block")])
    ledger.keep_profiles(Profiles([profiled(version, DAYS[0])]))
    ledger.publish(attempt, [version], forced="seen on film")
    assert ledger.head() == 1
    assert accepted(ledger) == []


def test_what_is_incomplete_is_not_accepted(ledger: Ledger) -> None:
    version = kept(ledger, DAYS[0])
    assert accepted(ledger) == [DAYS[0]]
    ledger.record_audit(version, [], [], [finding(DAYS[0], "complete")])
    assert accepted(ledger) == []


def test_what_was_withdrawn_is_not_accepted_and_was_before(ledger: Ledger) -> None:
    version = kept(ledger, DAYS[0])
    ledger.turn_back(rollback(("box", DAYS[0], None), bad=[(version, DAYS[0])]), run="r", at=1)
    assert accepted(ledger) == []
    assert accepted(ledger, at=1) == [DAYS[0]]


def test_what_was_displaced_is_not_accepted(ledger: Ledger) -> None:
    kept(ledger, DAYS[0])
    public(ledger, DAYS[0], table="box", content="newer, with no profile")
    assert accepted(ledger) == []


def test_the_latest_before_a_key_are_accepted_in_order(ledger: Ledger) -> None:
    for partition in reversed(DAYS):
        kept(ledger, partition)
    assert accepted(ledger, DAYS[3], members_max=2) == list(DAYS[1:3])
    assert accepted(ledger, DAYS[0]) == []


def test_from_a_first_key_on_all_are_accepted(ledger: Ledger) -> None:
    for partition in DAYS:
        kept(ledger, partition)
    assert accepted(ledger, DAYS[4], first=DAYS[2], members_max=1) == list(DAYS[1:4])


def test_another_phase_or_table_has_its_own_members(ledger: Ledger) -> None:
    kept(ledger, DAYS[0])
    found = [
        ledger.accepted(*of, first="~", before="~", at=ledger.head(), members_max=9)
        for of in (("box", "playoffs"), ("other", "regular"))
    ]
    assert found == [[], []]


def test_what_was_said_of_a_version_is_kept(ledger: Ledger) -> None:
    version = kept(ledger, DAYS[0])
    compared = Compared(version, "2026-02-01", "regular", "2026-02-01", 3, 240, 7, "a", "b", 2, "")
    near = Verdict(version, DAYS[0], "pts: mean", "warn", 1.5, 1.0, 0.25, 2.0, 1.5)
    slate = near._replace(partition="2026-02-01")
    ledger.keep_profiles(Profiles(compared=[compared], verdicts=[near, slate]))
    profile = profiled(version, DAYS[0])
    assert ledger.profiles([version], "", "~") == Profiles([profile], [compared], [slate, near])
    assert ledger.profiles([version], DAYS[0], "~") == Profiles([profile], [compared], [near])
    assert ledger.profiles([version + 1], "", "~") == Profiles([], [], [])
