"""`boxout quarantine list|show|replay`: the rows that were set aside, and what becomes of them."""

import json as json_text
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, TypeAlias

import typer

from boxout.cli import show
from boxout.cli.options import HERE, AsJson, Folder, Wait
from boxout.errors import BoxoutError, DefinitionError, StoreUnavailable, Withheld
from boxout.graph.order import near
from boxout.model.partitions import is_partition
from boxout.project import Project, open_project
from boxout.report.quarantine import Aside, Filter, counted, is_waiting
from boxout.run import Engine
from boxout.run.replay import Replayed, replay

Table: TypeAlias = Annotated[str, typer.Option("--table", help="Rows of this table only.")]
File: TypeAlias = Annotated[str, typer.Option("--file", help="Rows of this file only.")]
Reason: TypeAlias = Annotated[str, typer.Option("--reason", help="Words of the reason.")]
Where: TypeAlias = Annotated[str, typer.Option("--partition", help="A date or a game.")]
All: TypeAlias = Annotated[bool, typer.Option("--all", help="Also rows that no longer wait.")]

app = typer.Typer(help="The rows that were set aside: which, why, and read them again.")


@app.command("list")
def list_(
    table: Table = "",
    file: File = "",
    reason: Reason = "",
    partition: Where = "",
    project: Folder = HERE,
    wait: Wait = 0,
    json: AsJson = False,
) -> None:
    """How many rows were set aside, by table, file and reason, and what became of them."""
    opened = open_project(project)
    asked = chosen(opened, Filter(table, file, reason, partition))
    found = counted(filter(asked.takes, quarantined(opened, wait)))
    if not json:
        rows = [(*one[:-1], show.moment(one.since)) for one in found]
        names = ("table", "file", "reason", "rows", "waiting", "taken in", "replaced", "since")
        show.grid(rows, names)
    show.finish({"quarantine": found}, None, is_json=json)


@app.command("show")
def show_(
    table: Table = "",
    file: File = "",
    reason: Reason = "",
    partition: Where = "",
    is_all: All = False,
    project: Folder = HERE,
    wait: Wait = 0,
    json: AsJson = False,
) -> None:
    """The rows themselves, as their file had them, with line, key and reason."""
    opened = open_project(project)
    asked = chosen(opened, Filter(table, file, reason, partition))
    found = [row for row in quarantined(opened, wait) if asked.takes(row)]
    rows = [_with_key(opened, row) for row in found if is_all or is_waiting(row)]
    if not json:
        names = ("file", "line", "partition", "key", "reason", "became", "row")
        show.grid([_shown(row) for row in rows], names)
    show.finish({"rows": rows}, None, is_json=json)


@app.command("replay")
def replay_(
    table: Table = "",
    file: File = "",
    reason: Reason = "",
    partition: Where = "",
    project: Folder = HERE,
    wait: Wait = 0,
    json: AsJson = False,
) -> None:
    """Read what waits again, after a fix of the code or an alias: what passes now becomes public.

    A partition goes out whole: what its file kept and what passes now, together. It is left alone
    when a later arrival is public or when it was taken back. Of a file that has a row that is
    meant, all rows in quarantine are read again. Exit code 4 when rows go on waiting.
    """
    opened = open_project(project)
    asked = chosen(opened, Filter(table, file, reason, partition))
    with opened.working(wait) as engine:
        rows = [row for row in engine.warehouse.quarantine() if asked.takes(row)]
        done = replayed(engine, list(filter(is_waiting, rows)))
        left = [row for row in engine.warehouse.quarantine() if asked.takes(row)]
    waiting = sum(map(is_waiting, left))
    if not json:
        tell(done)
    show.finish({**said(done), "waiting": waiting}, verdict(done, waiting), is_json=json)


def chosen(project: Project, asked: Filter) -> Filter:
    """The filter; refused when it names a table or a partition that cannot be."""
    tables = project.graph.tables
    if asked.table and asked.table not in tables:
        raise DefinitionError(f"--table {asked.table}: no such table{near(asked.table, tables)}")
    if asked.where and not is_partition(asked.where):
        raise DefinitionError(f"--partition {asked.where}: write 2026-02-03 or 2026-02-03/BOS@LAL")
    return asked


def quarantined(project: Project, wait_s: float) -> list[Aside]:
    """Every row that was ever set aside."""
    with project.rows(wait_s) as warehouse:
        return list(warehouse.quarantine())


def _with_key(project: Project, row: Aside) -> dict[str, Any]:
    original: dict[str, Any] = json_text.loads(row["original"])
    original.pop("_line", None)
    key = project.graph.tables[row["table"]].key if row["table"] in project.graph.tables else ()
    return {**row, "original": original, "key": {k: original[k] for k in key if k in original}}


def _shown(row: Mapping[str, Any]) -> tuple[Any, ...]:
    key = ", ".join(f"{name} {value}" for name, value in row["key"].items())
    text = json_text.dumps(row["original"], ensure_ascii=False)
    return (row["file"], row["line"], row["part"], key, row["reason"], _became(row), text)


def _became(row: Mapping[str, Any]) -> str:
    if row["publication"] is not None:
        return f"taken in by publication {row['publication']}"
    if row["superseded"] is not None:
        return f"replaced by version {row['superseded']}"
    return (
        "waits" if row["version"] is not None else "waits: its landing did not end, land it again"
    )


def replayed(engine: Engine, rows: Sequence[Aside]) -> list[Replayed | BoxoutError]:
    """Every landing of these rows in turn, until a store gives out."""
    done: list[Replayed | BoxoutError] = []
    lost = sorted({row["file"] for row in rows if row["version"] is None})
    if lost:
        told = f"{show.listed(lost)}: the landing did not end. Land it again; nothing was replayed."
        done.append(Withheld(told))
    for version, table in sorted({(r["version"], r["table"]) for r in rows if r["version"]}):
        try:
            done.append(replay(engine, engine.graph.tables[table], version))
        except (Withheld, DefinitionError) as error:
            done.append(error)
        except StoreUnavailable as error:
            return [*done, error]
    return done


def tell(done: Sequence[Replayed | BoxoutError]) -> None:
    """What became of each landing."""
    ended = [one for one in done if isinstance(one, Replayed)]
    if not ended:
        show.say("Nothing was replayed.")
        return
    show.grid([_row(one) for one in ended], ("file", "table", "landing", "taken in", "public"))
    for one in ended:
        for line in _notes(one):
            show.say(line)


def _row(one: Replayed) -> tuple[Any, ...]:
    public = len(one.landed.published) if one.landed else 0
    return (one.file, one.table, one.landing, one.taken_in, show.many(public, "partition"))


def _notes(one: Replayed) -> Iterator[str]:
    for partition, why in one.left.items():
        yield f"  left as it is  {partition}: {why}"
    if one.landed:
        for partition in one.landed.withheld:
            told = "; ".join(map(str, one.landed.reasons[partition]))
            yield f"  withheld       {partition}: {told}"


def said(done: Sequence[Replayed | BoxoutError]) -> dict[str, Any]:
    """The same in JSON."""
    return {
        "replayed": [one for one in done if isinstance(one, Replayed)],
        "refused": [show.failure_of(one) for one in done if isinstance(one, BoxoutError)],
    }


def verdict(done: Sequence[Replayed | BoxoutError], waiting: int) -> BoxoutError | None:
    """The error to end with: the one whose next step comes first, with all that needs a look."""
    errors = [one for one in done if isinstance(one, BoxoutError)]
    back = [(one.table, p) for one in done if isinstance(one, Replayed) and one.landed
            for p in one.landed.withheld]  # fmt: skip
    parts = [str(one) for one in errors]
    if waiting:
        parts.append(f"Still waiting: {show.many(waiting, 'row')}. See: boxout quarantine show")
    if back:
        table, partition = back[0]
        parts.append(
            f"{show.many(len(back), 'partition')} not public. See: boxout why {table} {partition}"
        )
    kinds = {type(one) for one in errors} | ({Withheld} if parts else set())
    worst = next((k for k in (StoreUnavailable, DefinitionError, Withheld) if k in kinds), None)
    return worst("\n\n".join(parts)) if worst else None
