"""Messages and requests: what came in, and what became of it."""

from collections.abc import Collection, Sequence
from typing import NamedTuple, Protocol

from boxout.ledger.records import Event


class Message(NamedTuple):
    """What somebody asks for; two messages that mean the same are one unit of work.

    `message` is the sender's id. A message asks for the dates first..last of the `selected`
    tables, or for the file `object` to be landed; of a `rejected` one only the reason is known.
    `promised` is the run that whoever sent it was told of, `trace` the sender's traceparent.
    """

    message: str
    meaning: str
    first: str
    last: str
    selected: str
    object: str
    trace: str
    body: str
    rejected: str = ""
    promised: str = ""


class Received(NamedTuple):
    """A message as the inbox keeps it.

    `same_as` is an earlier one that nobody had begun with and that answers this one too. A message
    is taken when its work begins and answered when its run has ended; `seen_at` is when a person
    has seen that it was rejected.
    """

    asked: Message
    number: int
    received_at: str
    deliveries: int
    same_as: int | None = None
    taken_at: str | None = None
    answered_at: str | None = None
    run: str = ""
    seen_at: str | None = None

    @property
    def state(self) -> str:
        """Rejected, answered, running or waiting."""
        if self.asked.rejected:
            return "rejected"
        if self.answered_at is not None:
            return "answered"
        return "waiting" if self.taken_at is None else "running"


class KeptAnswer(NamedTuple):
    """What was answered to a request with a key; `status` is None while it is being done."""

    asked: str
    status: int | None
    body: str


class Ran(NamedTuple):
    """A run: what was asked, when it began and ended, and how it came out."""

    run: str
    request: str
    began_at: str
    ended_at: str | None
    summary: str | None


class Step(NamedTuple):
    """One version that an attempt wrote, and the publication that it led to; None where not yet.

    An attempt without a version has one step, one with several publications a step for each.
    """

    attempt: int
    unit: str
    at: str
    version: int | None
    table: str | None
    written_at: str | None
    publication: int | None
    published_at: str | None
    partitions: int | None


class Story(NamedTuple):
    """What the attempts of a run did, in their order, and what was told, the latest first."""

    steps: tuple[Step, ...]
    events: tuple[Event, ...]


class Inbox(Protocol):
    """What the service needs of a ledger to lose nothing that came in."""

    def receive(self, messages: Sequence[Message]) -> list[Received]:
        """Keep all of them in one transaction; of a known id only the deliveries grow."""
        ...

    def waiting(self, limit: int) -> list[Received]:
        """What nobody has begun with, oldest first; what is the same as another is left out."""
        ...

    def take(self, numbers: Collection[int]) -> None:
        """The work on these begins: what means the same and comes later is new."""
        ...

    def give_back(self, numbers: Collection[int] | None = None) -> None:
        """Nobody works on these, or on any: what was begun and not answered waits again."""
        ...

    def reject(self, numbers: Collection[int], reason: str) -> None:
        """What these asked for cannot be done."""
        ...

    def answer(self, numbers: Collection[int], run: str) -> None:
        """The run that these asked for has ended."""
        ...

    def message(self, number: int) -> Received | None:
        """One message."""
        ...

    def promised(self, run: str) -> Received | None:
        """The message whose sender was told of this run."""
        ...

    def messages(
        self, limit: int, *, before: int | None = None, is_rejected: bool | None = None
    ) -> list[Received]:
        """The latest messages, newest first; all, or only those that were rejected or were not."""
        ...

    def see(self, numbers: Collection[int]) -> None:
        """A person has seen that these were rejected."""
        ...

    def prune(self, older_than: str) -> int:
        """Delete what was received before and needs nobody; gives how many messages.

        What is not answered stays, and so does what was rejected and that nobody has seen.
        """
        ...

    def begin_answer(self, key: str, asked: str) -> KeptAnswer | None:
        """None, and the key is ours to answer, or what is known of the earlier request with it."""
        ...

    def keep_answer(self, key: str, status: int, body: str) -> None:
        """What was answered to the request with this key."""
        ...

    def forget_answer(self, key: str) -> None:
        """The request with this key was not done: it may be asked again."""
        ...

    def runs(self, limit: int, *, before: str | None = None) -> list[Ran]:
        """The latest runs, newest first; those before a run when one is named."""
        ...

    def ran(self, run: str) -> Ran | None:
        """One run."""
        ...

    def story(self, limit: int, *, run: str | None = None) -> Story:
        """What the attempts of a run did, and the latest events: of this run, or of all."""
        ...
