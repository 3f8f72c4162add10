"""`boxout follow`: tables that others write in place, landed where they have changed."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final, NamedTuple, cast

from boxout.cli import show
from boxout.cli.landing import Outcome, landed_all, show_landed
from boxout.cli.options import HERE, AsJson, Folder, Wait
from boxout.deferred import deferred
from boxout.errors import DefinitionError
from boxout.model import Reader
from boxout.project import CACHE, Project, open_project
from boxout.warehouse.bigquery import BigqueryWarehouse, Source

parquet = deferred("pyarrow.parquet")

FOLDER: Final = "followed"


class Changed(NamedTuple):
    """A partition of a source that is not as it was when it was landed, and a file of its rows."""

    source: Source
    part: str
    mark: str
    path: Path


class Look(NamedTuple):
    """Partitions of a source with other marks than those kept, and those that are there no more."""

    source: Source
    changed: dict[str, str]
    gone: list[str]


def follow(project: Folder = HERE, wait: Wait = 0, json: AsJson = False) -> None:
    """Land what has changed in the tables under [sources], which others write in place.

    A partition is landed, as a file would be, when BigQuery says that it was modified since, or
    when its rows have another fingerprint. One that was refused is landed again the next time. What is
    gone from a source stays public until it is taken back. The exit codes are those of land.
    """
    opened = open_project(project)
    if not opened.sources:
        raise DefinitionError(
            "No table is followed: boxout.toml has no [sources]. Nothing was landed."
            " See docs/how-to/bigquery.md"
        )
    readers = {one.name: one for one in opened.pipeline.readers}
    with closing(cast("BigqueryWarehouse", opened.warehouse())) as warehouse:
        looks = [_look(warehouse, source) for source in opened.sources]
        gone = {look.source.table: look.gone for look in looks if look.gone}
        changed = [one for look in looks for one in _changed(opened, warehouse, look)]
        files = [(one.path, readers[one.source.reader]) for one in changed]
        done = landed_all(opened, files, wait_s_max=wait) if files else None
        for one in changed if done else ():
            if _is_through(cast("Outcome", done), one.path, readers[one.source.reader]):
                warehouse.followed(one.source, {one.part: one.mark})
    _finish(changed, gone, done, is_json=json)


def _look(warehouse: BigqueryWarehouse, source: Source) -> Look:
    kept, now = warehouse.in_place.kept(source), warehouse.in_place.marks(source)
    changed = {part: mark for part, mark in sorted(now.items()) if kept.get(part) != mark}
    return Look(source, changed, sorted(kept.keys() - now.keys()))


def _changed(opened: Project, warehouse: BigqueryWarehouse, look: Look) -> Iterator[Changed]:
    """Files of what has changed; the rows are read after the marks."""
    source = look.source
    folder = opened.folder / CACHE / FOLDER / source.reader / source.table
    for part, mark in look.changed.items():
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{part or 'all'}.parquet"
        parquet.write_table(warehouse.in_place.rows(source, part), path)
        yield Changed(source, part, mark, path)


def _is_through(done: Outcome, path: Path, reader: Reader) -> bool:
    """Whether a file was kept as a version, of whatever became of its partitions."""
    return any(one.file == str(path) and one.table == reader.table.name for one in done.landed)


def _finish(
    changed: list[Changed], gone: dict[str, list[str]], done: Outcome | None, *, is_json: bool
) -> None:
    if not is_json:
        show.say(f"{show.many(len(changed), 'partition')} changed in the tables that are followed.")
        for table, parts in gone.items():
            show.say(f"Gone from {table}, and public all the same: {show.listed(parts)}")
        if done:
            show_landed(done.landed)
    parts = [{"table": one.source.table, "partition": one.part} for one in changed]
    answer: dict[str, Any] = done.answer() if done else {"landed": []}
    error = done.error() if done else None
    show.finish({"changed": parts, "gone": gone, **answer}, error, is_json=is_json)
