"""What a person decides, asked the same way from wherever: who is meant, and whether it can be."""

from typing import NamedTuple

from boxout.asked import known
from boxout.errors import DefinitionError
from boxout.ledger import Ledger
from boxout.model.partitions import is_partition
from boxout.project import Project
from boxout.run import Engine
from boxout.run.rollback import Bad, of_partition, of_publication, of_run, of_version
from boxout.run.waiver import is_waived, unwaive


class Target(NamedTuple):
    """What is to be taken back: exactly one of a table's partition, a publication, a run, a version."""

    where: tuple[str, ...] = ()
    publication: int | None = None
    run: str | None = None
    version: int | None = None

    def refuse_unclear(self) -> None:
        """DefinitionError when nothing is named, or more than one thing."""
        given = [one for one in self if one is not None and one != ()]
        if len(given) != 1 or len(self.where) not in {0, 2}:
            raise DefinitionError(
                "rollback: name one target: a table and its partition, a publication, a run or a"
                " version. Nothing was changed."
            )


def bad_of(project: Project, engine: Engine, target: Target) -> Bad:
    """The pointers that are to go; DefinitionError when the target is none, or is not there."""
    target.refuse_unclear()
    if target.publication is not None:
        return of_publication(engine, target.publication)
    if target.run is not None:
        return of_run(engine, target.run)
    if target.version is not None:
        return of_version(engine, target.version)
    table, partition = target.where
    known(project, engine.ledger, table, partition)
    return of_partition(engine, table, partition)


def waived(ledger: Ledger, game: str, reason: str, by: str) -> int:
    """Expect a game never again; the publication. DefinitionError when nobody ever expected it."""
    if not is_partition(game) or not ledger.expectations(game, game, ledger.head()):
        raise DefinitionError(f"{game}: the calendar never listed it. Nothing was changed.")
    return ledger.waive(game, reason, by)


def expected_again(engine: Engine, game: str, reason: str, by: str) -> int | None:
    """Take a waiver back; the publication, None when something was published meanwhile."""
    if not is_waived(engine, game):
        raise DefinitionError(f"{game}: it is not waived. Nothing was changed.")
    return unwaive(engine, game, reason, by)


def acknowledged(ledger: Ledger, game: str) -> list[str]:
    """End the work that waits for a game; of which units. DefinitionError when there is none."""
    units = [one.unit for one in ledger.work(game, game)]
    if not units:
        raise DefinitionError(f"{game}: nobody waits for it. Nothing was changed.")
    for unit in units:
        ledger.end_work(unit, (game,), "acknowledged")
    return units
