"""The SQL of a reader: raw text becomes typed rows, and each row gets the reason to set it aside.

A reader is compiled once in a process for the files with the same columns; where names are resolved
the SQL holds what the directory knows at the time, and is made anew.
"""

from functools import lru_cache
from typing import Any, Final

from boxout.compiled import sql_text, unbound
from boxout.errors import DefinitionError
from boxout.model import Reader, Rows, ibis
from boxout.run.engine import Engine, catch_up
from boxout.run.resolve import LOOKED_UP, aliases_of, looked_up, why_unresolved

WHOLE: Final = r"^\s*[+-]?[0-9]+(\.0*)?\s*$"

KEPT_MAX: Final = 256


def typed_sql(engine: Engine, reader: Reader, names: tuple[str, ...]) -> str:
    """The SQL that makes rows of the table out of the raw rows of a file with these columns."""
    dialect = engine.warehouse.staging_dialect
    if reader.resolves is None:
        return _typed_once(reader, names, dialect)
    catch_up(engine)
    return _sql(looked_up(reader, _typed(reader, names), aliases_of(engine, reader)), dialect)


@lru_cache(KEPT_MAX)
def _typed_once(reader: Reader, names: tuple[str, ...], dialect: str) -> str:
    return _sql(_typed(reader, names), dialect)


def judged_sql(engine: Engine, reader: Reader) -> str:
    """The SQL that gives every staged row the first reason for which it is set aside, or null."""
    return _judged_once(reader, engine.warehouse.staging_dialect)


@lru_cache(KEPT_MAX)
def _judged_once(reader: Reader, dialect: str) -> str:
    return _sql(_judged(reader), dialect)


def _typed(reader: Reader, names: tuple[str, ...]) -> Rows:
    raw = ibis.table({**dict.fromkeys(names, "string"), "_line": "int64"}, name="raw")
    try:
        read = reader.read(raw, *(unbound(one, one.name) for one in (reader.looks_up,) if one))
    except AttributeError as error:
        raise DefinitionError(
            f"reader {reader.name} reads a column that it does not list among its needs: {error}."
            " Nothing was landed."
        ) from error
    text = {
        c.name: read[c.name].cast("string").nullif(ibis.literal("")) for c in reader.table.columns
    }
    cast = {c.name: _cast(text[c.name], c.dtype) for c in reader.table.columns}
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


def _cast(text: Any, dtype: str) -> Any:
    """The text as a value of a type, null where it is none.

    A whole number with a fraction would be rounded by the cast. NaN and infinity are no numbers: a
    bound lets them pass, a sum is lost with them.
    """
    cast = text.try_cast(dtype)
    if dtype == "int64":
        return ibis.ifelse(text.re_search(WHOLE), cast, ibis.null("int64"))
    if dtype == "float64":
        return ibis.ifelse(cast.isnan() | cast.isinf(), ibis.null("float64"), cast)
    return cast


def _judged(reader: Reader) -> Rows:
    """Every staged row with the first reason for which it is set aside, or null."""
    table, resolves = reader.table, reader.resolves
    beside = {"_line": "int64", "_bad": "string"} | (LOOKED_UP if resolves else {})
    staged = unbound(table, "staged", beside)
    others = staged.group_by(*table.key).aggregate(times_there=staged.count())
    rows = staged.left_join(others, list(table.key))
    twice = ibis.ifelse(
        rows.times_there.cast("int64") > ibis.literal(1), "key is there twice", ibis.null("string")
    )
    nothing = ibis.null("string")
    reasons = [ibis.ifelse(reject(rows), name, nothing) for name, reject in reader.rejects.items()]
    told: Any = ibis.coalesce(*reasons, rows["_bad"], *why_unresolved(reader, rows), twice)
    value, groups = (rows["_given"], rows["_groups"]) if resolves else (nothing, nothing)
    is_waiting = told.isin(sorted(reader.unresolved))
    return rows.select(
        "_line",
        _reason=told,
        _partition=rows[table.scheme.column],
        _value=ibis.ifelse(is_waiting, value, nothing),
        _groups=ibis.ifelse(is_waiting, groups, nothing),
    )


def _sql(expression: Any, dialect: str) -> str:
    return sql_text(expression, dialect)
