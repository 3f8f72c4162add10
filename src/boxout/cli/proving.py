"""`boxout prove`, `diff`, `simulate`: what a number rests on, what changed, what could go wrong."""

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from boxout.asked import known
from boxout.cli import show
from boxout.cli.options import HERE, AsJson, Folder, OnePartition, OneTable, Wait
from boxout.deferred import deferred
from boxout.errors import DefinitionError, Withheld
from boxout.model.partitions import date_of
from boxout.project import open_project
from boxout.run.diff import Diff, diff
from boxout.run.prove import Proof, Replayed, prove, replay

# One command in twenty simulates, and `boxout status` must answer before a person wonders.
testing = deferred("boxout.testing")

Replay = Annotated[
    bool, typer.Option("--replay", help="Compute it again from its inputs, compare bit by bit.")
]
From = Annotated[int | None, typer.Option("--from", help="A publication; the one before the last.")]
To = Annotated[int | None, typer.Option("--to", help="A publication; the latest without it.")]
Seeds = Annotated[int, typer.Option("--seeds", min=1, help="How many schedules.")]
Seed = Annotated[int, typer.Option("--seed", min=0, help="The first of them.")]


def prove_(
    table: OneTable,
    partition: OnePartition,
    is_replayed: Replay = False,
    project: Folder = HERE,
    wait: Wait = 0,
    json: AsJson = False,
) -> None:
    """Everything a public number rests on: publication, run, code, inputs, files, checks, waivers."""
    opened = open_project(project)
    with opened.working(wait) as engine:
        known(opened, engine.ledger, table, partition)
        proof = prove(engine, table, partition)
        again = replay(engine, table, partition) if is_replayed else None
    if not json:
        for line in _lines(proof, 0):
            show.say(line)
        if again is not None:
            show.say(_told(again))
    is_other = again is not None and not again.is_equal
    error = Withheld(f"{table} {partition}: {_refused(again)}") if again and is_other else None
    answer: dict[str, Any] = {
        "proof": proof,
        "replayed": again
        and {
            **again._asdict(),
            "is_as_published": again.is_as_published,
            "is_equal": again.is_equal,
        },
    }
    show.finish(answer, error, is_json=json)


def _lines(proof: Proof, depth: int) -> Iterator[str]:
    pointer, published = proof.pointer, proof.publication
    rows = f", {show.many(proof.census.rows, 'row')}" if proof.census else ""
    yield (
        f"{'   ' * depth}{pointer.table} {pointer.partition}: version {pointer.version}{rows},"
        f" publication {published.publication}, {show.moment(published.at)}"
    )
    for line in _under(proof):
        yield f"{'   ' * depth}  {line}"
    for one in proof.inputs:
        yield from _lines(one, depth + 1)


def _under(proof: Proof) -> Iterator[str]:
    published, attempt = proof.publication, proof.attempt
    if published.kind != "normal":
        yield f"{published.kind.upper()}: {published.reason}"
    if proof.is_present_code is not None:
        present = "the present code" if proof.is_present_code else "NOT the present code"
        yield f"code {proof.version.fingerprint}, {present}; {attempt.code or 'no revision'}"
    yield f"run {attempt.run}, attempt {attempt.attempt}"
    if proof.arrival is not None:
        found = proof.arrival
        yield f"file {found.file}, SHA-256 {found.digest[:16]}, {found.rejected} rows set aside"
    passed = sum(one.failed + one.unknown == 0 for one in proof.checks)
    yield f"{passed} of {show.many(len(proof.checks), 'check')} passed for the whole version"
    for one in proof.findings:
        yield f"{one.severity} {one.check}: {one.answer}, {one.found}, {one.needed}"
    yield from (f"waived: {one}" for one in proof.waivers)


def _told(again: Replayed) -> str:
    same = "the same rows, bit by bit" if again.is_equal else _other(again)
    return f"\ncomputed again: {again.again.rows} rows, {same} as version {again.version}"


def _refused(again: Replayed) -> str:
    if again.is_as_published:
        return "computed again, its rows differ. Nothing was changed."
    return (
        "the warehouse does not hold the rows that were published. Nothing was changed."
        f" Next: boxout recheck {date_of(again.held.partition)} --take-back"
    )


def _other(again: Replayed) -> str:
    if again.is_as_published:
        return "OTHER ROWS than were published,"
    held = "OTHER ROWS in the warehouse than were published, "
    return held + ("which came out again" if again.is_again else "and others again came out")


def diff_(
    table: OneTable,
    partition: OnePartition,
    before: From = None,
    after: To = None,
    project: Folder = HERE,
    wait: Wait = 0,
    json: AsJson = False,
) -> None:
    """What differs between two publications of a table's partition: rows added, gone, changed."""
    opened = open_project(project)
    with opened.working(wait) as engine:
        known(opened, engine.ledger, table, partition)
        moments = [p.since for p, _ in engine.ledger.history(table, partition)]
        head = engine.ledger.head()
        late = head if after is None else after
        early = (moments[1] if len(moments) > 1 else 0) if before is None else before
        if not 0 <= early <= late <= head:
            raise DefinitionError(f"--from {early} --to {late}: there are publications 1 to {head}")
        found = list(diff(engine, table, (partition, partition), early, late))
    if not json:
        _show(found, early, late)
    show.finish({"from": early, "to": late, "partitions": found}, None, is_json=json)


def _show(found: list[Diff], early: int, late: int) -> None:
    if not found:
        show.say(f"nothing differs between publications {early} and {late}")
    for one in found:
        show.say(
            f"{one.partition}: version {one.before or 'none'} at publication {early}, version"
            f" {one.after or 'none'} at {late}: {len(one.added)} rows added, {len(one.gone)} gone,"
            f" {len(one.changed)} changed"
        )
        rows = [
            ("/".join(map(str, changed.key)), name, before, after)
            for changed in one.changed
            for name, (before, after) in changed.columns.items()
        ]
        if rows:
            show.grid(rows, ("row", "column", "before", "after"))


def simulate_(
    seeds: Seeds = 200, seed: Seed = 0, project: Folder = HERE, json: AsJson = False
) -> None:
    """Play schedules of workers, crashes, zombies, corrections and rollbacks on this pipeline."""
    pipeline = open_project(project).pipeline
    stops = publications = 0
    for number in range(seed, seed + seeds):
        verdict = testing.simulate(number, pipeline)
        stops, publications = stops + len(verdict.trace), publications + verdict.publications
        if verdict.anomalies:
            raise Withheld(
                f"seed {number} breaks a promise. The shortest schedule that shows it:\n"
                f"{testing.shrink(verdict, pipeline)}"
            )
    if not json:
        show.say(
            f"{show.many(seeds, 'schedule')}, {stops:,} calls of the stores, {publications:,}"
            " publications: no promise was broken"
        )
    answer = {"seeds": seeds, "first": seed, "calls": stops, "publications": publications}
    show.finish(answer, None, is_json=json)
