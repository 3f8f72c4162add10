"""The answer of `boxout why`, as a good colleague would give it."""

from collections.abc import Iterator, Mapping, Sequence

from boxout.cli import show
from boxout.model import Severity
from boxout.model.outcomes import Reason
from boxout.report import InputSeen, Why

Row = dict[str, object]


def show_why(answer: Why, rows: Mapping[str, Sequence[Row]], lacking: str) -> None:
    """What it is and why, each input or check with both sides, what readers see, what is next."""
    for line in lines_of(answer, rows, lacking):
        show.say(line)


def lines_of(answer: Why, rows: Mapping[str, Sequence[Row]], lacking: str) -> Iterator[str]:
    """The lines of the answer."""
    stop = "" if answer.because.endswith(("?", ".")) else "."
    yield f"{answer.table} {answer.partition}: {answer.state}, {answer.because}{stop}"
    yield ""
    body = [
        *_inputs(answer),
        *_checks(answer, rows),
        *_observed(answer),
        ("calendar", answer.calendar),
    ]
    width = max(len(name) for name, _ in body)
    for name, text in body:
        yield f"  {name:<{width}}  {text}".rstrip()
    if lacking:
        yield f"\n  No example rows: {lacking}"
    yield ""
    yield _readers(answer)
    yield from (f"Last told: {one}" for one in answer.told[:1] if answer.state != "fresh")
    steps = enumerate(answer.next_steps)
    yield from (f"{'Next: ' if at == 0 else '      '}{step}" for at, step in steps)


def _inputs(answer: Why) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for one in answer.inputs:
        seen.add(one.table)
        name = one.table + ("" if one.need == "required" else f" ({one.need})")
        if one.is_ready:
            yield name, _ready(one)
        else:
            yield from _not_ready(name, one.table, one.reasons)
    others = [one for one in answer.lacking if one.subject not in seen]
    for subject in dict.fromkeys(one.subject for one in others):
        yield from _not_ready(subject, subject, [one for one in others if one.subject == subject])


def _not_ready(name: str, table: str, reasons: Sequence[Reason]) -> Iterator[tuple[str, str]]:
    for at, reason in enumerate(reasons):
        needed = f", {reason.needed}" if reason.needed else ""
        who = "" if reason.subject == table else f"{reason.subject}: "
        yield (name if at == 0 else ""), f"not ready: {who}{reason.found}{needed}"


def _ready(one: InputSeen) -> str:
    if one.is_own:
        if one.built_from is None:
            return "computed together with it"
        return f"published together with it, version {one.built_from}"
    if one.now is None:
        return f"ready, {show.many(one.partitions, 'partition')}"
    text = f"ready, {show.many(one.rows, 'row')}, version {one.now}"
    if one.built_from is not None and one.built_from != one.now:
        return f"{text}; last built from version {one.built_from}"
    return text


def _checks(answer: Why, rows: Mapping[str, Sequence[Row]]) -> Iterator[tuple[str, str]]:
    for one in answer.not_passed:
        yield (
            one.check,
            f"{one.answer}: {one.found}, {one.needed} ({one.table} version {one.version})",
        )
        for row in rows.get(one.check, ()):
            yield "", "  ".join(f"{name} {value}" for name, value in row.items())


def _observed(answer: Why) -> Iterator[tuple[str, str]]:
    for one in answer.observed:
        kind = "on trial" if one.severity == Severity.OBSERVE else "warning"
        yield one.check, f"{kind}: {one.answer}, {one.found}, {one.needed}; it holds nothing back"


def _readers(answer: Why) -> str:
    public = answer.public
    if public is None:
        return "Readers see nothing of it."
    rows = show.many(public.rows, "row")
    still = "see" if answer.state == "fresh" else "still see"
    forced = f" FORCED past failed checks: {public.forced}" if public.forced is not None else ""
    return (
        f"Readers {still} version {public.version}, {rows}, since publication"
        f" {public.publication} ({show.moment(public.at)}, attempt {public.attempt} of"
        f" {public.unit}).{forced}"
    )
