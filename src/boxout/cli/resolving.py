"""`boxout resolve`: what waits because nobody knows who is meant, and a person's word who it is."""

import getpass
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from typing import Annotated

import typer

from boxout.cli import show
from boxout.cli.deciding import Reason, with_reason
from boxout.cli.options import HERE, AsJson, Folder, Wait
from boxout.cli.setting_aside import replayed, said, tell, verdict
from boxout.errors import DefinitionError
from boxout.graph.order import near
from boxout.ledger import Alias, Ledger
from boxout.model import Directory, Pipeline
from boxout.project import Project, open_project
from boxout.report.quarantine import Aside, Unresolved, is_waiting, unresolved, unresolved_rows
from boxout.run import Engine, catch_up
from boxout.run.resolve import known
from boxout.warehouse import Row

Value = Annotated[str, typer.Argument(help="The value as the list shows it.")]
Official = Annotated[str, typer.Argument(help="Who is meant, as he is known.")]
Group = Annotated[str, typer.Option("--team", help="The group in which it holds, as a team.")]
Kind = Annotated[str, typer.Option("--kind", help="The directory, when there are several.")]
By = Annotated[str, typer.Option("--by", help="Who says so; the user's name without it.")]
Undo = Annotated[bool, typer.Option("--undo", help="Take the alias back, on record.")]
Listed = Annotated[bool, typer.Option("--list", help="Every alias there ever was.")]


def resolve(
    value: Value = "",
    official: Official = "",
    team: Group = "",
    reason: Reason = "",
    is_undone: Undo = False,
    is_listed: Listed = False,
    kind: Kind = "",
    by: By = "",
    project: Folder = HERE,
    wait: Wait = 0,
    json: AsJson = False,
) -> None:
    """Say who is meant by a name that no directory knows; what waits for it is read again at once.

    Without VALUE, the names that wait, with the rows, files and teams, and who may be meant. An
    alias without --team counts only where the name itself is not known. --undo takes it back: the
    rows that were taken in by it wait again.
    """
    opened = open_project(project)
    if is_listed:
        _list(opened, is_json=json)
        return
    directory = _directory(opened.pipeline, kind)
    if not value:
        _queue(opened, directory, wait, is_json=json)
        return
    told = Told(directory, value, official, team, with_reason(reason), by or getpass.getuser())
    if is_undone == bool(official):
        raise DefinitionError("resolve: say VALUE OFFICIAL, or VALUE --undo. Nothing was changed.")
    with opened.working(wait) as engine:
        catch_up(engine)
        act: Callable[[Engine], Done] = told.undo if is_undone else told.record
        done = act(engine)
    _finish(done, is_json=json)


class Done:
    """What became of a word: the alias, what was read again, and files that may have used it."""

    def __init__(self, alias: Alias, engine: Engine, rows: Sequence[Aside]) -> None:
        self.alias = alias
        self.replayed = replayed(engine, rows)
        mine = {(row["table"], row["file"], row["line"]) for row in rows}
        self.waiting = sum(
            is_waiting(row) and (row["table"], row["file"], row["line"]) in mine
            for row in engine.warehouse.quarantine()
        )
        self.files: list[str] = []


class Told:
    """What a person says of a value."""

    def __init__(
        self, directory: Directory, value: str, official: str, group: str, reason: str, by: str
    ) -> None:
        self.directory, self.value, self.official = directory, value, official
        self.group, self.reason, self.by = group, reason, by

    def record(self, engine: Engine) -> Done:
        """Keep the alias and read what waits for it again; refused when nobody knows who is meant."""
        rows = self._rows(engine)
        given = self._given(row["value"] for row in rows)
        alias = Alias(
            self.directory.name, given, self.group, self._known(engine, given), self.reason,
            self.by, "",
        )  # fmt: skip
        if not engine.ledger.put_alias(alias):
            raise DefinitionError(
                f"{given}: {_meaning(_holding(engine.ledger, alias))} already. Nothing was changed;"
                f" take that back first, with: boxout resolve {given} --undo"
            )
        held = _holding(engine.ledger, alias)
        return Done(held, engine, [r for r in rows if r["value"] == given and is_waiting(r)])

    def undo(self, engine: Engine) -> Done:
        """Take the alias back, and the rows that it brought in."""
        rows = self._rows(engine)
        said_of = engine.ledger.aliases(self.directory.name)
        given = self._given(one.given for one in said_of)
        ended = engine.ledger.end_alias(
            self.directory.name, given, self.group, by=self.by, reason=self.reason
        )
        if ended is None:
            where = f" in {self.group}" if self.group else ""
            raise DefinitionError(
                f"{given}: no alias holds{where}. Nothing was changed; see: boxout resolve --list"
            )
        mine = [r for r in rows if r["value"] == given and r["publication"] is not None]
        done = Done(ended, engine, mine)
        done.waiting = 0
        done.files = _files_since(engine, self.directory, ended)
        return done

    def _rows(self, engine: Engine) -> list[Aside]:
        rows = engine.warehouse.quarantine()
        found = unresolved_rows(engine.pipeline, self.directory, rows)
        return [r for r in found if not self.group or self.group in (r["groups"] or "").split("/")]

    def _given(self, there: Iterable[str]) -> str:
        """The value as files have it, or as the directory spells it."""
        return self.value if self.value in set(there) else self.directory.spelled(self.value)

    def _known(self, engine: Engine, given: str) -> str:
        """Who is meant, as he is known; refused when he is not."""
        rows = known(engine.warehouse, self.directory)
        groups = {row["in_group"] for row in rows}
        if self.group and self.group not in groups:
            raise DefinitionError(
                f"--team {self.group}: nobody is known there{near(self.group, groups)}."
                " Nothing was changed."
            )
        names = {row["value"] for row in rows if self.group in {"", row["in_group"]}}
        asked = (self.official, self.directory.spelled(self.official))
        meant = next((one for one in asked if one in names), None)
        if meant is None or meant == given:
            why = "means himself" if meant else f"is not known{near(asked[1], names)}"
            raise DefinitionError(f"{self.official}: {why}. Nothing was changed.")
        return meant


def _directory(pipeline: Pipeline, kind: str) -> Directory:
    there = pipeline.directories
    if not kind and len(there) == 1:
        return next(iter(there.values()))
    if kind not in there:
        named = f"--kind {kind}: no such directory" if kind else "say which directory, with --kind"
        raise DefinitionError(f"{named}; there are {', '.join(there) or 'none'}")
    return there[kind]


def _holding(ledger: Ledger, alias: Alias) -> Alias:
    said_of = ledger.aliases(alias.kind)
    return next(one for one in said_of if one[:3] == alias[:3] and one.ended_at is None)


def _before(ledger: Ledger, alias: Alias) -> int:
    """The last publication before an alias held, looked for from the newest backwards."""
    limit = 100
    while True:
        latest = ledger.publications(limit)
        if len(latest) < limit or latest[-1].at < alias.at:
            return max((one.publication for one in latest if one.at < alias.at), default=0)
        limit *= 4


def _files_since(engine: Engine, directory: Directory, alias: Alias) -> list[str]:
    """Files that were landed while an alias held, through readers that use its directory."""
    ledger, head = engine.ledger, engine.ledger.head()
    versions = {one.version for one in ledger.moves(_before(ledger, alias), head) if one.version}
    readers = {one.name for one in engine.pipeline.readers
               if one.resolves and one.resolves.directory.name == directory.name}  # fmt: skip
    arrivals = ledger.arrivals(versions)
    return sorted({o.file for o in arrivals if o.reader in readers and o.landing == o.version})


def _queue(project: Project, directory: Directory, wait_s: float, *, is_json: bool) -> None:
    with project.rows(wait_s) as warehouse:
        rows = unresolved_rows(project.pipeline, directory, warehouse.quarantine())
        people: list[Row] = known(warehouse, directory) if any(map(is_waiting, rows)) else []
    found = unresolved(directory, rows, [(one["value"], one["in_group"]) for one in people])
    if not is_json:
        names = ("value", "rows", "files", "in", "since", "why", "may be")
        show.grid([_waiting(one) for one in found], names)
        if found:
            show.say('\nSay who is meant with: boxout resolve VALUE OFFICIAL --reason "..."')
    show.finish({"unresolved": found}, None, is_json=is_json)


def _waiting(one: Unresolved) -> tuple[object, ...]:
    where = (show.listed(one.files, 2), show.listed(one.groups), show.moment(one.since))
    return (one.value, one.rows, *where, one.reason, ", ".join(one.likely))


def _list(project: Project, *, is_json: bool) -> None:
    with closing(project.ledger()) as ledger:
        aliases = ledger.aliases()
    if not is_json:
        rows = [
            (a.kind, a.given, a.group, a.official, a.by, show.moment(a.at), a.reason, _ended(a))
            for a in aliases
        ]
        show.grid(rows, ("kind", "value", "in", "means", "by", "since", "because", "taken back"))
    show.finish({"aliases": aliases}, None, is_json=is_json)


def _ended(one: Alias) -> str:
    if one.ended_at is None:
        return ""
    return f"{show.moment(one.ended_at)} by {one.ended_by}: {one.ended_reason}"


def _meaning(one: Alias) -> str:
    where = f" in {one.group}" if one.group else ""
    return f"means {one.official}{where}"


def _finish(done: Done, *, is_json: bool) -> None:
    alias = done.alias
    if not is_json:
        verb = _meaning(alias) if alias.ended_at is None else f"no longer {_meaning(alias)}"
        show.say(f"{alias.given} {verb}: {alias.ended_reason or alias.reason}")
        if done.replayed:
            tell(done.replayed)
        if done.files:
            show.say("These files arrived while it held. If one names him, land it again:")
            for file in done.files:
                show.say(f"  {file}")
    answer = {"alias": alias, "files": done.files, **said(done.replayed), "waiting": done.waiting}
    show.finish(answer, verdict(done.replayed, done.waiting), is_json=is_json)
