"""`boxout rollback`, `waive`, `acknowledge`: what a person decides, with a reason on record."""

import getpass
from contextlib import closing
from typing import Annotated

import typer

from boxout.cli import show
from boxout.cli.options import HERE, AsJson, Folder, Wait
from boxout.decided import Target, acknowledged, bad_of, expected_again, waived
from boxout.errors import DefinitionError, StoreUnavailable
from boxout.project import Project, open_project
from boxout.run import Engine
from boxout.run.rollback import RollbackPlan, plan_rollback, roll_back

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
    target = Target(tuple(where or ()), publication, run, version)
    target.refuse_unclear()
    reason = with_reason(reason)
    opened = open_project(project)
    with opened.working(wait) as engine:
        bad = bad_of(opened, engine, target)
        plan = plan_rollback(engine, bad, reason)
        if not json:
            _show_plan(plan)
        is_wanted = yes or (not json and typer.confirm("Do it?", err=True))
        number = _do(engine, plan) if is_wanted else None
    if not json:
        _tell(number, len(plan.steps))
    show.finish({"plan": plan.steps, "publication": number}, None, is_json=json)


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
        number = waived(ledger, game, reason, by or getpass.getuser())
    if not json:
        show.say(f"{game} is waived since publication {number}: {reason}")
        show.say("What counted on it is stale now. Next: boxout repair")
    show.finish({"partition": game, "publication": number, "reason": reason}, None, is_json=json)


def _unwaive(
    game: str, reason: str, by: str, project: Project, wait: float, *, is_json: bool
) -> None:
    with project.working(wait) as engine:
        number = expected_again(engine, game, reason, by)
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
        units = acknowledged(ledger, game)
    if not json:
        show.say(f"{game}: acknowledged for {', '.join(units)}. Ask again with: boxout run {game}")
    show.finish({"partition": game, "units": units}, None, is_json=json)
