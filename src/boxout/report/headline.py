"""The report in three sentences."""

from collections import Counter

from boxout.report.asked import BACK, STANDS
from boxout.report.held import WELL
from boxout.report.quality import Report

NOTHING_KNOWN = "Nothing has arrived for these dates, and nothing is expected on them."


def headline(found: Report) -> tuple[str, ...]:
    """What a reader wants to know first: is it all there, is it all public, did it pass."""
    if not found.days:
        return (NOTHING_KNOWN,)
    return tuple(filter(None, (_arrived(found), _public(found), _passed(found))))


def _arrived(found: Report) -> str:
    totals = found.expected.totals
    if not totals.expected:
        return "The calendar expects nothing here."
    if totals.complete == totals.expected:
        return f"All {totals.expected:,} expected are complete."
    lacks = {"incomplete": totals.incomplete, "missing": totals.missing}
    told = " and ".join(f"{number:,} {state}" for state, number in lacks.items() if number)
    return f"{totals.complete:,} of {totals.expected:,} expected are complete, {told}."


def _public(found: Report) -> str:
    states: Counter[str] = Counter()
    for one in found.tables:
        if not one.is_source:
            states.update(one.states)
    back = {state: number for state, number in states.items() if state not in WELL}
    if not states:
        return "Nothing was computed from it."
    if not back:
        return f"All {states.total():,} computed partitions are public and current."
    told = ", ".join(f"{number:,} {state}" for state, number in sorted(back.items()))
    return f"{states['fresh']:,} of {states.total():,} computed partitions are public and current; {told}."


def _passed(found: Report) -> str:
    asked = [one for one in found.checks if one.versions]
    if not asked:
        return "No check was asked."
    stands = sum(len(one.checks) for one in found.not_passing if one.now == STANDS)
    back = sum(len(one.checks) for one in found.not_passing if one.now == BACK)
    faults = sum(bool(one.fault) for one in asked)
    told = [f"{len(asked)} checks were asked"]
    told += [f"{back} kept something back"] if back else []
    told += [f"{stands} did not pass for what is public all the same"] if stands else []
    told += [f"{faults} judged nothing"] if faults else []
    if len(told) == 1:
        return f"{told[0]}, and everything passed."
    return f"{told[0]}: {', '.join(told[1:])}."
