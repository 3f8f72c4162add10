"""What a run works with: a pipeline, judged and compiled, the two stores, and its policy."""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from boxout.compiled import Compiled
from boxout.errors import OtherHistory, StoreUnavailable
from boxout.graph import Graph
from boxout.ledger import Ledger, News
from boxout.model import Pipeline
from boxout.run.snapshot import Snapshot, load
from boxout.warehouse import Standing, Warehouse

LOG = logging.getLogger("boxout")

TRIES_MAX: Final = 20
"""How often the views are found moved by somebody else before they are left to them."""

_BUSY: Final = (
    "The public views could not be moved: others moved them each time. Whoever comes next does it."
)
_OTHER: Final = (
    "The warehouse shows publication {shown} of another history than this ledger's, which ends at"
    " publication {head}: the ledger went back in time (a backup, or a standby that lacked the latest"
    " publications), or it belongs to another warehouse. Nothing was written; readers see what they"
    " saw. Next: put the ledger that belongs here in its place; or, when it is lost, look at what"
    " readers will see with boxout audit, and let them see it with boxout audit --mend."
    " See docs/how-to/shared-ledger.md"
)

PROJECTED_MAX: Final = 10_000
"""So many publications are shown in one go: a warehouse that is far behind catches up in parts."""

SideBySide: TypeAlias = Callable[[Sequence[Callable[[], Any]]], list[Any]]
"""Runs what it is given, possibly at the same time; the results in the order given."""

Alive: TypeAlias = Callable[[int, float], AbstractContextManager[object]]
"""Keeps the leases of an attempt, of so many seconds each, while the block runs."""


Limit: TypeAlias = Callable[[int, float], AbstractContextManager[object]]
"""Stops the work on a version when the block takes longer than so many seconds."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How long and how often; a deadline ends waiting, `failures_max` ends trying.

    A processor that takes longer than `timeout_s` is stopped, and tried again later. With
    `is_taken_back`, what fails its checks after publication is rolled back by itself: whoever
    publishes looks again at the dates that it moved.

    A look that finds nothing ready is repeated after `first_look_s`, then twice that, and so on
    to `look_s_max`, each time changed by a share of at most `jitter_share` either way.

    A service deletes by itself the rows that nobody can need when `kept_publications` says how many
    snapshots stay readable; nothing that was written in the last `kept_hours` goes. 0 is never.

    One attempt takes on `partitions_max` partitions; where some input looks back, those of
    `windowed_dates_max` dates, each of which reads the rows of its whole window.
    """

    lease_s: float = 900
    timeout_s: float = 900
    tries_max: int = 3
    failures_max: int = 5
    first_look_s: float = 60
    look_s_max: float = 3600
    jitter_share: float = 0.2
    deadline_s: float = 2 * 86400
    partitions_max: int = 10_000
    windowed_dates_max: int = 60
    workers: int = 2
    is_taken_back: bool = False
    kept_publications: int = 0
    kept_hours: float = 24


@dataclass(frozen=True, slots=True)
class Engine:
    """A pipeline, judged and compiled, and the two stores.

    `new_run` makes run ids and `draw` random numbers in 0..1, so that a simulation can own them;
    `code` is the revision of the pipeline's code, kept with every attempt.
    """

    pipeline: Pipeline
    graph: Graph
    compiled: Compiled
    ledger: Ledger
    warehouse: Warehouse
    new_run: Callable[[], str]
    draw: Callable[[], float]
    side_by_side: SideBySide
    alive: Alive
    limit: Limit
    code: str = ""
    policy: Policy = field(default_factory=Policy)

    @property
    def fingerprints(self) -> Mapping[str, str]:
        """The present fingerprint of every derived table."""
        return {name: one.fingerprint for name, one in self.compiled.processors.items()}

    @property
    def today(self) -> str:
        """The date by the ledger's clock, the only one that counts."""
        return self.ledger.now()[:10]

    def snapshot(
        self, first: str, last: str, at: int | None = None, of: Collection[str] | None = None
    ) -> Snapshot:
        """A range of dates and all that it depends on, now or as at a publication.

        Of every table, or only `of` these and what they are computed from.
        """
        graph, calendar = self.graph, self.pipeline.calendar
        tables = tuple(graph.tables) if of is None else {*graph.upstream(of), calendar.table.name}
        fingerprints = self.fingerprints if at is None else None
        first = graph.look_back(first, of)
        return load(
            self.ledger,
            graph,
            tables,
            first,
            last,
            fingerprints=fingerprints,
            calendar=calendar,
            at=at,
        )


def begin(engine: Engine) -> None:
    """The same as `show`, before anything is done: OtherHistory when the two stores do not agree."""
    try:
        catch_up(engine)
    except OtherHistory:
        raise
    except Exception as error:  # noqa: BLE001  # whoever needs the views asks for them again
        LOG.warning("The public views are behind, and will follow at the next run: %s", error)


def show(engine: Engine) -> None:
    """Move the public views after a publication; whatever goes wrong, whoever comes next does it.

    The publication stands: nothing that happens here makes it a failure.
    """
    try:
        catch_up(engine)
    except Exception as error:  # noqa: BLE001  # what was published is public, and said so
        LOG.warning("Published, and the public views will follow at the next run: %s", error)


def catch_up(engine: Engine) -> None:
    """Move the warehouse's pointers up to the ledger's latest publication; anyone may.

    Only from a publication that this very ledger has: OtherHistory, and nothing is moved, when what
    the warehouse shows is no state that the ledger was ever in.
    """
    bring_up(engine.ledger, engine.warehouse)


def bring_up(ledger: Ledger, warehouse: Warehouse) -> None:
    """The same for two stores, a part at a time: each is what was public at some moment."""
    tries_left, seen = TRIES_MAX, -1
    while tries_left:
        stands, news = _both(ledger, warehouse)
        is_told = stands.mark == news.mark
        if is_told and news.head == stands.publication:
            return
        moves = [(m.table, m.partition, m.version, m.since) for m in news.moves]
        is_ours = warehouse.project(moves, news.head, news.mark, after=stands)
        if is_ours and news.head < stands.publication + PROJECTED_MAX:
            return
        if not is_ours or stands.publication <= seen:
            tries_left -= 1
        seen = stands.publication
    raise StoreUnavailable(_BUSY)


def agreed(engine: Engine) -> int:
    """The publication that the public views show; OtherHistory when the ledger never made it."""
    return _both(engine.ledger, engine.warehouse)[0].publication


def _both(ledger: Ledger, warehouse: Warehouse) -> tuple[Standing, News]:
    stands = warehouse.standing()
    news = ledger.news(stands.publication, PROJECTED_MAX)
    if is_other(stands, news):
        raise OtherHistory(_OTHER.format(shown=stands.publication, head=ledger.head()))
    return stands, news


def is_other(stands: Standing, news: News) -> bool:
    """Whether the views show a state of another ledger, or of this one before it went back.

    What nobody marked was shown before there were marks; its number has to do.
    """
    if not stands.publication:
        return False
    return news.of == 0 or stands.mark not in {0, news.of}
