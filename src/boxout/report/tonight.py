"""One date as people follow it: every partition's way through the tables, and what it waits for."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from boxout.ledger import Publication
from boxout.model.outcomes import Reason
from boxout.model.partitions import AFTER, date_of
from boxout.report.expected import EXPECTED, Expected, expected
from boxout.report.held import cells, held
from boxout.report.look import Seen
from boxout.report.states import Cell

PUBLICATIONS_MAX = 8


Held: TypeAlias = tuple[str, str, tuple[Reason, ...]]
"""(table, state, why) of one partition."""


class Because(NamedTuple):
    """Why tables of a partition are in a state: those with the same reasons together."""

    tables: tuple[str, ...]
    state: str
    reasons: tuple[str, ...]


class Way(NamedTuple):
    """One partition's way: the state of each table in the graph's order, and what holds it up.

    `said` is the calendar's word, empty for a date; it `is_public` when all that is computed of it is
    public and current; `look_at` when somebody looks again, `deadline`
    until when, and `ended` why nobody does any more.
    """

    partition: str
    said: str
    is_expected: bool
    steps: tuple[Cell, ...]
    because: tuple[Because, ...]
    look_at: str
    deadline: str
    ended: str
    is_public: bool

    @property
    def states(self) -> dict[str, str]:
        """The state of each table that something is known of."""
        return {one.table: one.state for one in self.steps}


@dataclass(frozen=True, slots=True)
class Tonight:
    """A date: the calendar's partitions and the date itself, with the dates before and after.

    `states` counts what is computed; `published` are the latest publications.
    """

    date: str
    before: str
    after: str
    publication: int
    tables: tuple[str, ...]
    date_tables: tuple[str, ...]
    ways: tuple[Way, ...]
    whole: Way | None
    states: Mapping[str, int]
    published: tuple[Publication, ...]


def tonight(seen: Seen, day: str) -> Tonight:
    """The date as it stands."""
    waited = expected(seen, day, day)
    found = cells(seen, waited, day, day)
    why: dict[str, list[Held]] = {}
    for table, partition, state, reasons in held(seen, found, waited):
        why.setdefault(partition, []).append((table, state, reasons))
    steps: dict[str, list[Cell]] = {}
    for one in found:
        steps.setdefault(one.partition, []).append(one)
    said = {one.partition: one for one in waited.partitions}
    names = _names(seen)
    ways = {
        key: _way(seen, key, said.get(key), steps.get(key, ()), why.get(key, ()))
        for key in dict.fromkeys([*said, *steps])
    }
    states: Counter[str] = Counter(
        one.state for one in found if not seen.graph.tables[one.table].is_source
    )
    before, after = _around(seen, day)
    return Tonight(
        date=day,
        before=before,
        after=after,
        publication=seen.snapshot.number,
        tables=names[0],
        date_tables=names[1],
        ways=tuple(one for key, one in ways.items() if key != day),
        whole=ways.get(day),
        states=states,
        published=tuple(seen.ledger.publications(PUBLICATIONS_MAX)),
    )


def _names(seen: Seen) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The tables cut like the calendar, and the others, each in the graph's order."""
    scheme = seen.pipeline.calendar.scheme.name
    mine = tuple(name for name, one in seen.graph.tables.items() if one.scheme.name == scheme)
    return mine, tuple(name for name in seen.graph.tables if name not in mine)


def _way(
    seen: Seen, partition: str, said: Expected | None, steps: Sequence[Cell], why: Sequence[Held]
) -> Way:
    work = next(iter(seen.ledger.work(partition, partition)), None)
    is_open = work is not None and work.ended is None
    is_expected = said is None or said.outlook == EXPECTED
    computed = [one.state for one in steps if not seen.graph.tables[one.table].is_source]
    return Way(
        partition,
        said.state if said else "",
        is_expected,
        tuple(steps),
        tuple(_because(seen, why)) if is_expected else (),
        work.look_at if work and is_open else "",
        work.deadline if work and is_open else "",
        (work.ended or "") if work else "",
        bool(computed) and set(computed) == {"fresh"},
    )


def _because(seen: Seen, why: Sequence[Held]) -> Iterator[Because]:
    """What something waits for: what may stay away is no reason, and nothing is said twice."""
    is_told = any(not seen.graph.tables[table].is_source for table, _, _ in why)
    groups: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for table, state, reasons in why:
        texts = tuple(str(one) for one in reasons if "optional" not in one.needed)
        is_said = is_told and state == "missing" and seen.graph.tables[table].is_source
        if texts and not is_said:
            groups.setdefault((state, texts), []).append(table)
    for (state, texts), tables in groups.items():
        yield Because(tuple(tables), state, texts)


def _around(seen: Seen, day: str) -> tuple[str, str]:
    name, at = seen.pipeline.calendar.table.name, seen.snapshot.number
    before = seen.ledger.keys_before(name, day, at, 1)
    after = seen.ledger.keys_after(name, day + AFTER, at, 1)
    return date_of(next(iter(before), "")), date_of(next(iter(after), ""))
