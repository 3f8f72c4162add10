"""What happened in a run, and what was told last."""

from boxout.ledger import Event, Ledger, Step
from ledger.acts import ONE, TWO, Time, claim, write


def told(ledger: Ledger, run: str, kind: str) -> Event:
    return Event(ledger.now(), run, "totals", ONE, kind, "box", "has not arrived", "")


def test_a_run_has_a_step_for_every_version_with_its_publication(
    ledger: Ledger, time: Time
) -> None:
    began = ledger.now()
    attempt = claim(ledger, ONE, TWO, run="mine")
    time.pass_s(1)
    versions = [write(ledger, attempt, ONE, TWO, table=name) for name in ("totals", "players")]
    time.pass_s(1)
    ledger.publish(attempt, versions)
    wrote, out = "2026-02-04T06:00:01.000+00:00", "2026-02-04T06:00:02.000+00:00"
    assert ledger.inbox.story(9, run="mine").steps == (
        Step(attempt, "totals", began, versions[0], "totals", wrote, 1, out, 2),
        Step(attempt, "totals", began, versions[1], "players", wrote, 1, out, 2),
    )


def test_an_attempt_that_wrote_or_published_nothing_is_a_step_all_the_same(ledger: Ledger) -> None:
    first = claim(ledger, ONE, run="mine")
    ledger.release(first)
    second = claim(ledger, ONE, run="mine")
    version = write(ledger, second, ONE)
    claim(ledger, TWO, run="another")
    steps = [
        (one.attempt, one.version, one.publication)
        for one in ledger.inbox.story(9, run="mine").steps
    ]
    assert steps == [(first, None, None), (second, version, None)]
    assert ledger.inbox.story(9, run="nobody's") == ((), ())


def test_the_latest_events_come_first_of_all_runs_or_of_one(ledger: Ledger) -> None:
    first, second, third = (told(ledger, *of) for of in (("a", "waiting"), ("b", "x"), ("a", "y")))
    ledger.record_events([first, second])
    ledger.record_events([third])
    assert ledger.inbox.story(9) == ((), (third, second, first))
    assert ledger.inbox.story(9, run="a").events == (third, first)
    assert ledger.inbox.story(1).events == (third,)
