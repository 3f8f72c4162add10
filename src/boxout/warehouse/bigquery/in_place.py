"""Tables that others write in place: which of their partitions have changed, and the rows of those."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from boxout.errors import DefinitionError
from boxout.warehouse.bigquery.jobs import Jobs
from boxout.warehouse.bigquery.names import OFFSET, Names, quoted
from boxout.warehouse.bigquery.wire import Given, Wire

FOLLOWED: Final = {"source": "STRING", "part": "STRING", "mark": "STRING"}
WITHOUT: Final = "__NULL__"
"""What BigQuery calls the partition of the rows that have no date."""

_FORMS: Final = {"DAY": "%Y%m%d", "MONTH": "%Y%m", "YEAR": "%Y"}
_MODIFIED: Final = """
SELECT partition_id AS part, CAST(last_modified_time AS STRING) AS mark
FROM {dataset}.INFORMATION_SCHEMA.PARTITIONS WHERE table_name = @name
"""
_CONTENT: Final = """
SELECT {part} AS part, COUNT(*) AS n, SUM(BIGNUMERIC '{offset}' + FARM_FINGERPRINT(TO_JSON_STRING(t))) AS content
FROM {table} t GROUP BY part
"""
_KEPT: Final = "SELECT part, mark FROM {followed} WHERE source = @source"
_KEEP: Final = """
MERGE {followed} f USING (
  SELECT part, mark FROM UNNEST(@parts) AS part WITH OFFSET AS a
  JOIN UNNEST(@marks) AS mark WITH OFFSET AS b ON a = b
) m ON f.source = @source AND f.part = m.part
WHEN MATCHED THEN UPDATE SET mark = m.mark
WHEN NOT MATCHED THEN INSERT (source, part, mark) VALUES (@source, m.part, m.mark)
"""


class Source(NamedTuple):
    """A table of somebody else, and the reader that lands it.

    With `is_by_content` its partitions are told apart by the fingerprint of their rows, which
    reads them; without, by when BigQuery says they were modified, which reads nothing.
    """

    reader: str
    table: str
    is_by_content: bool = False


class Cut(NamedTuple):
    """By which column a table is partitioned, how that becomes a date, and how long a part is."""

    date: str
    form: str


class InPlace:
    """What is there now, and what was there when it was landed last."""

    def __init__(self, wire: Wire, jobs: Jobs, names: Names) -> None:
        self._wire, self._jobs = wire, jobs
        self._followed = names.own("followed")

    def marks(self, source: Source) -> dict[str, str]:
        """Of each partition what tells whether it has changed; a table without has one, named ''."""
        if source.is_by_content:
            return self._contents(source)
        project, dataset, name = source.table.split(".")
        sql = _MODIFIED.format(dataset=quoted(f"{project}.{dataset}"))
        rows = self._jobs.rows(sql, {"name": name}, what="follow")
        if not rows:
            raise DefinitionError(
                f"{source.table}: BigQuery does not say when it was modified, as of a view or an"
                f" empty table. Nothing was landed. Next: in boxout.toml, {source.reader} ="
                f' {{ table = "{source.table}", by = "content" }}'
            )
        if self._cut(source) is None:
            return {"": max(one["mark"] for one in rows)}
        return {one["part"] or WITHOUT: one["mark"] for one in rows}

    def kept(self, source: Source) -> dict[str, str]:
        """What told it when its partitions were landed."""
        sql = _KEPT.format(followed=self._followed)
        rows = self._jobs.rows(sql, {"source": _key(source)}, what="follow")
        return {one["part"]: one["mark"] for one in rows}

    def keep(self, source: Source, marks: Mapping[str, str], of: str) -> None:
        """Say of partitions that they were landed as they were when they had these marks."""
        parts = Given("STRING", list(marks))
        given = {
            "source": _key(source),
            "parts": parts,
            "marks": Given("STRING", list(marks.values())),
        }
        self._jobs.write(_KEEP.format(followed=self._followed), given, what="follow", of=of)

    def rows(self, source: Source, part: str) -> Any:
        """The rows of a partition as an Arrow table."""
        cut, text = self._cut(source), f"SELECT * FROM {quoted(source.table)}"
        if cut is None:
            return self._jobs.arrow(text, {}, what="follow")
        if part == WITHOUT:
            return self._jobs.arrow(f"{text} WHERE {cut.date} IS NULL", {}, what="follow")
        first, after = span_of(part)
        given = {"first": Given("DATE", first), "after": Given("DATE", after)}
        where = f"{cut.date} >= @first AND {cut.date} < @after"
        return self._jobs.arrow(f"{text} WHERE {where}", given, what="follow")

    def _contents(self, source: Source) -> dict[str, str]:
        cut = self._cut(source)
        part = f"COALESCE(FORMAT_DATE('{cut.form}', {cut.date}), '{WITHOUT}')" if cut else "''"
        sql = _CONTENT.format(part=part, offset=OFFSET, table=quoted(source.table))
        rows = self._jobs.rows(sql, what="follow")
        return {one["part"]: f"{one['n']} rows, {one['content']}" for one in rows}

    def _cut(self, source: Source) -> Cut | None:
        found = self._jobs.call(lambda: self._wire.cut_by(source.table))
        if found is None or found[1] not in _FORMS:
            return None
        column, kind, dtype = found
        name = quoted(column)
        return Cut(name if dtype == "DATE" else f"DATE({name})", _FORMS[kind])


def span_of(part: str) -> tuple[date, date]:
    """The first day of a partition of days, months or years, and the first after it."""
    year, month, day = int(part[:4]), int(part[4:6] or 1), int(part[6:8] or 1)
    first = date(year, month, day)
    if len(part) == 8:
        return first, date.fromordinal(first.toordinal() + 1)
    if len(part) == 6:
        return first, date(year + month // 12, month % 12 + 1, 1)
    return first, date(year + 1, 1, 1)


def _key(source: Source) -> str:
    return f"{source.reader} {source.table} {'content' if source.is_by_content else 'modified'}"
