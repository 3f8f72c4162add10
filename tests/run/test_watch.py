"""Every version against its baseline before it is public: what is held back, told, or not judged."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from boxout.model import Baseline, Profile, Statistic
from boxout.model.outcomes import Done, WithheldOutcome
from boxout.report import member_values, verdicts
from incidents.small import Small

DAYS = [(date(2026, 1, 1) + timedelta(days=n)).isoformat() for n in range(41)]
LAST = DAYS[-1]
DOUBLED = Statistic("points and points", lambda t: t.points + t.points)
BASELINE = Baseline({"totals": Profile(statistics=(DOUBLED,)), "box": Profile()})


@pytest.fixture
def watched(small: Small) -> Small:
    """Forty dates with a game each, public; the last date has arrived and is not computed."""
    watch(small, BASELINE)
    small.days(*DAYS)
    small.box({f"{day}/AB": 200 + n % 7 for n, day in enumerate(DAYS[:-1])})
    small.run(DAYS[0], DAYS[-2])
    return small


def watch(small: Small, baseline: Baseline | None) -> None:
    pipeline = replace(small.engine.pipeline, baseline=baseline)
    small.engine = replace(small.engine, pipeline=pipeline)


def played(small: Small, points: int, day: str = LAST, **asked: object):
    small.box({f"{day}/AB": points})
    return small.run(day, **asked).outcomes["totals", f"{day}/AB"]


def said(small: Small, day: str = LAST) -> list[str]:
    (number, *_) = small.engine.ledger.latest_versions("totals", f"{day}/AB", 1)
    return [v.answer for v in small.engine.ledger.profiles([number], day, day + "~").verdicts]


def test_what_is_as_usual_goes_out(watched: Small) -> None:
    assert isinstance(played(watched, 204), Done)
    assert said(watched) == []


def test_what_is_far_off_is_withheld_and_says_by_how_much_and_from_what(watched: Small) -> None:
    outcome = played(watched, 400)
    assert isinstance(outcome, WithheldOutcome)
    (reason, *_) = [one for one in outcome.reasons if one.subject == "as usual, points: mean"]
    assert reason.found.startswith("failed, 400, ")
    assert "40 accepted partitions from 2026-01-01/AB to 2026-02-09/AB" in reason.needed
    assert set(said(watched)) == {"block"}


def test_what_is_somewhat_off_is_told_and_goes_out(watched: Small) -> None:
    assert isinstance(played(watched, 255), Done)
    assert set(said(watched)) == {"warn"}


def test_a_person_may_force_it_and_it_is_no_member_of_a_baseline(watched: Small) -> None:
    assert isinstance(played(watched, 400, forced="seen on film"), Done)
    (point, *_) = verdicts(watched.engine, "totals", LAST, LAST)
    after = replace_before(point, "~")
    assert f"{LAST}/AB" not in dict(member_values(watched.engine, after))


def replace_before(standing, before: str):
    return standing._replace(before=before, at=10_000)


def test_without_enough_accepted_partitions_nothing_is_judged_and_why_is_kept(
    small: Small,
) -> None:
    watch(small, BASELINE)
    small.days(*DAYS)
    assert isinstance(played(small, 400, DAYS[3]), Done)
    (number,) = small.engine.ledger.latest_versions("totals", f"{DAYS[3]}/AB", 1)
    (compared,) = small.engine.ledger.profiles([number], "", "~").compared
    assert compared.judged == 0
    assert compared.why_not == "0 accepted before it, at least 30 needed"
    found = verdicts(small.engine, "totals", DAYS[3], DAYS[3])
    assert {one.answer for one in found} == {"not judged"}
    assert {one.score for one in found} == {None}


def test_only_what_lies_before_the_date_is_a_member(watched: Small) -> None:
    played(watched, 205)
    early = [
        s for s in verdicts(watched.engine, "totals", DAYS[35], DAYS[35]) if s.column == "points"
    ]
    assert {s.members for s in early} == {35}
    assert [p for p, _ in member_values(watched.engine, early[0])] == [f"{d}/AB" for d in DAYS[:35]]


def test_a_source_that_is_far_off_is_told_and_lands(watched: Small) -> None:
    watched.box({f"{LAST}/AB": 4000})
    (number,) = watched.engine.ledger.latest_versions("box", f"{LAST}/AB", 1)
    findings = watched.engine.ledger.findings([number], "", "~")
    assert {one.severity for one in findings} == {"warn"}


def test_an_error_while_profiling_is_no_publication(watched: Small) -> None:
    broken = Statistic("broken", lambda t: t.nothing)
    watch(watched, Baseline({"totals": Profile(statistics=(broken,))}))
    assert type(played(watched, 204)).__name__ == "Failed"
    assert watched.engine.ledger.history("totals", f"{LAST}/AB") == []


def test_it_never_is_the_check_that_was_evaluated(watched: Small) -> None:
    played(watched, 204)
    (number,) = watched.engine.ledger.latest_versions("totals", f"{LAST}/AB", 1)
    counts = [one.check for one in watched.engine.ledger.counts(number)]
    assert counts
    assert not [name for name in counts if name.startswith("as usual")]


def test_a_pipeline_without_baselines_profiles_nothing(small: Small, tmp_path: Path) -> None:
    small.days(DAYS[0])
    played(small, 200, DAYS[0])
    (number,) = small.engine.ledger.latest_versions("totals", f"{DAYS[0]}/AB", 1)
    assert not small.engine.ledger.profiles([number], "", "~").kept
    assert verdicts(small.engine, "totals", DAYS[0], DAYS[0]) == []


def test_a_slate_is_told_of_each_of_its_games(watched: Small) -> None:
    day = "2026-02-11"
    games = [f"{day}/{name}" for name in ("AB", "CD", "EF", "GH")]
    watched.slate(day, AB="final", CD="final", EF="final", GH="final")
    watched.box(dict.fromkeys(games, 240))
    outcomes = watched.run(day).outcomes
    (number,) = watched.engine.ledger.latest_versions("totals", games[0], 1)
    told = watched.engine.ledger.profiles([number], day, day).verdicts
    assert {one.partition for one in told} == {day}
    findings = watched.engine.ledger.findings([number], "", "~")
    mine = {f.partition for f in findings if f.check == f"as usual, points: mean, all of {day}"}
    assert mine == set(games)
    assert len(outcomes) >= len(games)
