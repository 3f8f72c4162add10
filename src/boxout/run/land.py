"""Landing: a file becomes a version of a source; rows that cannot be are set aside with a reason."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from boxout.compiled import unbound
from boxout.errors import DefinitionError, Withheld
from boxout.model import Reader, Rows, ibis
from boxout.run.arrive import Origin, arrive
from boxout.run.engine import Engine


class Landed(NamedTuple):
    """What became of one file: rows kept and set aside, partitions by what happened to them."""

    file: str
    table: str
    version: int
    publication: int | None
    rows: int
    rejected: Mapping[str, int]
    published: tuple[str, ...]
    unchanged: tuple[str, ...]
    withheld: tuple[str, ...]


def land(
    engine: Engine, path: Path, reader: Reader, columns: Mapping[str, str] | None = None
) -> Landed:
    """Land one file through a reader; refused whole when columns are missing.

    `columns` maps the reader's column names to those of the file.
    """
    source = _raw_sql(engine, path, reader, columns or {})
    typed = _typed(reader, source.names)
    engine.warehouse.stage(source.sql, path, _sql(engine, typed))
    rejected = engine.warehouse.set_aside(reader.table, str(path), _sql(engine, judged(reader)))
    partitions = engine.warehouse.staged_partitions(reader.table.scheme.column)
    return _publish(engine, path, reader, rejected, partitions)


def _publish(
    engine: Engine, path: Path, reader: Reader, rejected: Mapping[str, int], partitions: list[str]
) -> Landed:
    table = reader.table
    origin = Origin(str(path), reader.name, sum(rejected.values()), digest(path))
    arrived = arrive(
        engine,
        table,
        partitions,
        lambda version: engine.warehouse.keep_staged(table, version),
        origin,
        run=engine.new_run(),
    )
    told = arrived.published
    rows = sum(one.rows for one in engine.ledger.census(arrived.version, "", "~"))
    return Landed(
        str(path), table.name, arrived.version, told.publication, rows, rejected,
        told.published, told.unchanged, (*told.withheld, *told.withdrawn, *arrived.refused),
    )  # fmt: skip


def digest(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class _Raw(NamedTuple):
    sql: str
    names: tuple[str, ...]


def _raw_sql(engine: Engine, path: Path, reader: Reader, columns: Mapping[str, str]) -> _Raw:
    if not path.is_file():
        raise DefinitionError(f"{path}: no such file. Nothing was landed.")
    names = engine.warehouse.file_columns(path)
    given = {columns.get(name, name): name for name in reader.needs}
    lacking = [
        f"{name} (for {need})" if name != need else name
        for name, need in given.items()
        if name not in names
    ]
    if lacking:
        raise Withheld(
            f"{path}: refused whole by reader {reader.name}, columns are missing: {', '.join(lacking)}.\n"
            f"  found   {', '.join(names)}\n  needed  {', '.join(reader.needs)}\n"
            "Nothing was landed; readers still see what they saw."
        )
    renamed = {columns.get(name, name): name for name in reader.needs}
    chosen = [(name, renamed.get(name, name)) for name in names]
    return _Raw(
        ", ".join(f"{quoted(old)}::VARCHAR AS {quoted(new)}" for old, new in chosen),
        tuple(new for _, new in chosen),
    )


def quoted(name: str) -> str:
    """A name from a file's header as an SQL identifier, whatever it holds."""
    return '"' + name.replace('"', '""') + '"'


def _typed(reader: Reader, names: tuple[str, ...]) -> Rows:
    raw = ibis.table({**dict.fromkeys(names, "string"), "_line": "int64"}, name="raw")
    read = reader.read(raw)
    text = {
        c.name: read[c.name].cast("string").nullif(ibis.literal("")) for c in reader.table.columns
    }
    cast = {c.name: text[c.name].try_cast(c.dtype) for c in reader.table.columns}
    bad = ibis.coalesce(
        *(
            ibis.ifelse(
                text[c.name].notnull() & cast[c.name].isnull(),
                f"{c.name} is not of type {c.dtype}",
                ibis.null("string"),
            )
            for c in reader.table.columns
        ),
        *(
            ibis.ifelse(text[c.name].isnull(), f"{c.name} is missing", ibis.null("string"))
            for c in reader.table.columns
            if c.null is None
        ),
    )
    return read.select("_line", **cast, _bad=bad)


def judged(reader: Reader) -> Rows:
    """Every staged row with the first reason for which it is set aside, or null."""
    table = reader.table
    staged = unbound(table, "staged", {"_line": "int64", "_bad": "string"})
    others = staged.group_by(*table.key).aggregate(times_there=staged.count())
    rows = staged.left_join(others, list(table.key))
    twice = ibis.ifelse(
        rows.times_there.cast("int64") > ibis.literal(1), "key is there twice", ibis.null("string")
    )
    reasons = [
        ibis.ifelse(reject(rows), name, ibis.null("string"))
        for name, reject in reader.rejects.items()
    ]
    return rows.select("_line", _reason=ibis.coalesce(*reasons, rows["_bad"], twice))


def _sql(engine: Engine, expression: Any) -> str:
    return str(ibis.to_sql(expression, dialect=engine.warehouse.dialect))
