"""What became of a partition: a closed list of small records. Only `Done` satisfies anyone."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for a decision, with both sides of the comparison.

    `subject` is the table or check it is about; `found` and `needed` are what was seen and
    what had to be, in words.
    """

    subject: str
    found: str
    needed: str = ""

    def __str__(self) -> str:
        return f"{self.subject}: {self.found}" + (f", {self.needed}" if self.needed else "")


@dataclass(frozen=True, slots=True)
class Done:
    """Published."""

    publication: int


@dataclass(frozen=True, slots=True)
class NothingToDo:
    """Public and fresh already; or nothing will ever come here (`is_never`)."""

    why: str
    is_never: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """An input is not there, not complete or not fresh."""

    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class WithheldOutcome:
    """Computed, failed its checks, not public."""

    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Superseded:
    """Something it had read moved before it could be published."""

    moved: str


@dataclass(frozen=True, slots=True)
class Fenced:
    """Another attempt holds, or held meanwhile, the lease."""

    holder: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The attempt broke; `is_retryable` says whether trying again can help."""

    error: str
    is_retryable: bool


Outcome: TypeAlias = Done | NothingToDo | Waiting | WithheldOutcome | Superseded | Fenced | Failed


def reasons(outcome: Outcome) -> tuple[Reason, ...]:
    """Why an outcome is what it is."""
    match outcome:
        case Waiting(because) | WithheldOutcome(because):
            return because
        case Superseded(moved):
            return (Reason("read set", moved, "it is tried again by the next run"),)
        case Fenced(holder):
            return (Reason("lease", holder),)
        case Failed(error):
            return (Reason("attempt", error),)
        case NothingToDo(because):
            return (Reason("kept", because),)
        case Done():
            return ()
