"""`boxout rollback`, `waive`, `acknowledge`: what a person decides, with a reason on record."""

import getpass
from contextlib import closing
from typing import Annotated

import typer

from boxout.asked import known
from boxout.cli import show
from boxout.cli.options import HERE, AsJson, Folder, Wait
from boxout.errors import DefinitionError, StoreUnavailable
from boxout.model.partitions import is_partition
from boxout.project import Project, open_project
from boxout.run import Engine
from boxout.run.rollback import (
    Bad,
    RollbackPlan,
    of_partition,
    of_publication,
    of_run,
    of_version,
    plan_rollback,
    roll_back,
)
from boxout.run.waiver import is_waived, unwaive

Reason = Annotated[str, typer.Option("--reason", help="Why; it stays on record for ever.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do it without asking.")]
Where = Annotated[
    list[str] | None, typer.Argument(help="TABLE PARTITION, when no other target is given.")
]
Publication = Annotated[int | None, typer.Option(help="All that this publication moved.")]
Run = Annotated[str | None, typer.Option(help="All that this run published.")]
Version = Annotated[int | None, typer.Option(help="Wherever this version is public.")]
Game = Annotated[str, typer.Argument(help="A game (2026-02-03/BOS@LAL).")]


def rollback(
    where: Where = None,
    publication: Publication = None,
    run: Run = None,
    version: Version = None,
    reason: Reason = "",
    yes: Yes = False,
    project: Folder = HERE,
    wait: Wait = 0,
    json: AsJson = False,
) -> None:
    """Take back what is public, and all that came from it: to the version before, or to nothing.

    Shows the plan and asks; with --json and without --yes it only shows. One publication, on
    record, undone by rolling it back. The same rows do not become public again.
    """
    target = Target(where or (), publication, run, version)
    reason = with_reason(reason)
    opened = open_project(project)
    with opened.working(wait) as engine:
        bad = target.bad(opened, engine)
        plan = plan_rollback(engine, bad, reason)
        if not json:
            _show_plan(plan)
        is_wanted = yes or (not json and typer.confirm("Do it?", err=True))
        number = _do(engine, plan) if is_wanted else None
    if not json:
        _tell(number, len(plan.steps))
    show.finish({"plan": plan.steps, "publication": number}, None, is_json=json)


class Target:
    """What is to be taken back: exactly one of a partition, a publication, a run, a version."""

    def __init__(
        self,
        where: list[str] | tuple[str, ...],
        publication: int | None,
        run: str | None,
        version: int | None,
    ) -> None:
        given = [one for one in (where or None, publication, run, version) if one is not None]
        if len(given) != 1 or len(where) not in {0, 2}:
            raise DefinitionError(
                "rollback: name one target: TABLE PARTITION, --publication N, --run R or"
                " --version V. Nothing was changed."
            )
        self.where, self.publication, self.run, self.version = where, publication, run, version

    def bad(self, project: Project, engine: Engine) -> Bad:
        """The pointers that are to go."""
        if self.publication is not None:
            return of_publication(engine, self.publication)
        if self.run is not None:
            return of_run(engine, self.run)
        if self.version is not None:
            return of_version(engine, self.version)
        table, partition = self.where
        known(project, engine.ledger, table, partition)
        return of_partition(engine, table, partition)


def _do(engine: Engine, plan: RollbackPlan) -> int:
    """The publication; what was shown is what is done, or nothing."""
    number = roll_back(engine, plan)
    if number is None:
        raise StoreUnavailable(
            f"rollback: something was published after publication {plan.at}, on which the plan was"
            " made. Nothing was changed; do it again, and look at the new plan."
        )
    return number


def _show_plan(plan: RollbackPlan) -> None:
    rows = [(s.table, s.partition, _named(s.found), _named(s.to), s.why) for s in plan.steps]
    show.grid(rows, ("table", "partition", "from", "to", "because it"))


def _named(version: int | None) -> str:
    return "nothing public" if version is None else f"version {version}"


def _tell(number: int | None, count: int) -> None:
    if number is None:
        show.say("\nNothing was changed.")
        return
    show.say(f"\npublication {number}: {show.many(count, 'pointer')} moved.")
    show.say(f"Undo it with: boxout rollback --publication {number} --reason ...")
    show.say("Compute again what was withdrawn: boxout repair")


def with_reason(reason: str) -> str:
    """The reason; refused when there is none."""
    if not reason.strip():
        raise DefinitionError(
            "--reason: say why; it stays on record for ever. Nothing was changed."
        )
    return reason.strip()


def reason_of(*, is_forced: bool, reason: str) -> str | None:
    """The reason of a forced command, None of any other; refused when one of both is lacking."""
    if not is_forced and reason:
        raise DefinitionError("--reason goes with --force. Nothing was written.")
    return with_reason(reason) if is_forced else None


def waive(
    game: Game,
    reason: Reason = "",
    by: Annotated[str, typer.Option(help="Who says so; the user's name without it.")] = "",
    is_undo: Annotated[
        bool, typer.Option("--undo", help="Take the waiver back: the calendar's word counts again.")
    ] = False,
    project: Folder = HERE,
    wait: Wait = 0,
    json: AsJson = False,
) -> None:
    """Say that a game will never come: nobody waits for it any more, with the reason on record.

    With --undo it may come after all: it is expected as the calendar says, and looked at again.
    """
    reason = with_reason(reason)
    if is_undo:
        _unwaive(game, reason, by or getpass.getuser(), open_project(project), wait, is_json=json)
        return
    with closing(open_project(project).ledger()) as ledger:
        if not is_partition(game) or not ledger.expectations(game, game, ledger.head()):
            raise DefinitionError(f"{game}: the calendar never listed it. Nothing was changed.")
        number = ledger.waive(game, reason, by or getpass.getuser())
    if not json:
        show.say(f"{game} is waived since publication {number}: {reason}")
        show.say("What counted on it is stale now. Next: boxout repair")
    show.finish({"partition": game, "publication": number, "reason": reason}, None, is_json=json)


def _unwaive(
    game: str, reason: str, by: str, project: Project, wait: float, *, is_json: bool
) -> None:
    with project.working(wait) as engine:
        if not is_waived(engine, game):
            raise DefinitionError(f"{game}: it is not waived. Nothing was changed.")
        number = unwaive(engine, game, reason, by)
    if number is None:
        raise StoreUnavailable(
            f"{game}: something was published meanwhile. Nothing was changed; do it again."
        )
    if not is_json:
        show.say(f"{game} is waived no more since publication {number}: {reason}")
        show.say("It is expected as the calendar says. Next: boxout repair")
    show.finish({"partition": game, "publication": number, "reason": reason}, None, is_json=is_json)


def acknowledge(game: Game, project: Folder = HERE, json: AsJson = False) -> None:
    """Say that an alert was seen: nobody looks at the game again until it is asked for again."""
    with closing(open_project(project).ledger()) as ledger:
        units = [one.unit for one in ledger.work(game, game)]
        if not units:
            raise DefinitionError(f"{game}: nobody waits for it. Nothing was changed.")
        for unit in units:
            ledger.end_work(unit, (game,), "acknowledged")
    if not json:
        show.say(f"{game}: acknowledged for {', '.join(units)}. Ask again with: boxout run {game}")
    show.finish({"partition": game, "units": units}, None, is_json=json)
