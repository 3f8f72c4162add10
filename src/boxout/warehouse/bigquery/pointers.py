"""The pointer table: moved forward by one statement, read as of a publication, thinned out.

One row more, whose table has no name, says which publication all the others stand at, in the place
of a version, and its mark, in the place of a publication.
"""

from collections.abc import Sequence
from typing import Any, Final

from boxout.errors import DefinitionError, StoreUnavailable
from boxout.model import Table
from boxout.warehouse.bigquery.jobs import Jobs
from boxout.warehouse.bigquery.names import Names
from boxout.warehouse.bigquery.wire import Given
from boxout.warehouse.port import Move, Standing

COLUMNS: Final = {
    "tbl": "STRING",
    "part": "STRING",
    "version": "INT64",
    "since": "INT64",
    "until": "INT64",
}
DROPPED: Final = {"tbl": "STRING", "before": "INT64"}

_GIVEN: Final = """
SELECT tbl, part, NULLIF(whole, -1) AS version, since FROM UNNEST(@t) AS tbl WITH OFFSET AS a
JOIN UNNEST(@p) AS part WITH OFFSET AS b ON a = b
JOIN UNNEST(@v) AS whole WITH OFFSET AS c ON a = c
JOIN UNNEST(@s) AS since WITH OFFSET AS d ON a = d
"""
_BEGUN: Final = """
SELECT 'begin' AS kind, tbl, part, version, since,
  LEAD(since) OVER (PARTITION BY tbl, part ORDER BY since) AS until FROM moved
"""
# Two that move at the same time both change the row of the publication: BigQuery lets one of them
# through, and the other is asked again and finds what was moved meanwhile.
_MOVE: Final = (
    """
MERGE {pointers} p USING (
  WITH head AS (
    SELECT COALESCE(MAX(version), 0) AS seen, COALESCE(MAX(since), 0) AS mark
    FROM {pointers} WHERE tbl = ''),
  there AS (SELECT * FROM head WHERE @upto >= seen AND (@after < 0 OR seen = @after AND mark = @was)),
  given AS ("""
    + _GIVEN
    + """),
  moved AS (SELECT g.* FROM given g CROSS JOIN there h WHERE g.since > h.seen AND @upto > h.seen)
"""
    + _BEGUN
    + """
  UNION ALL
  SELECT 'end', tbl, part, NULL, MIN(since), NULL FROM moved GROUP BY tbl, part
  UNION ALL
  SELECT 'head', '', '', @upto, @mark, NULL FROM there
) m
ON m.kind <> 'begin' AND p.tbl = m.tbl AND p.part = m.part AND p.until IS NULL
WHEN MATCHED AND m.kind = 'end' THEN UPDATE SET until = m.since
WHEN MATCHED AND m.kind = 'head' THEN UPDATE SET version = m.version, since = m.since
WHEN NOT MATCHED AND m.kind <> 'end' THEN
  INSERT (tbl, part, version, since, until) VALUES (m.tbl, m.part, m.version, m.since, m.until)
"""
)
_ANEW: Final = (
    "MERGE {pointers} p USING (WITH moved AS ("
    + _GIVEN
    + ")"
    + _BEGUN
    + """
  UNION ALL SELECT 'head', '', '', @upto, @mark, NULL
) m ON FALSE
WHEN NOT MATCHED BY SOURCE THEN DELETE
WHEN NOT MATCHED BY TARGET THEN
  INSERT (tbl, part, version, since, until) VALUES (m.tbl, m.part, m.version, m.since, m.until)
"""
)
_NOW: Final = "SELECT tbl, part, version FROM {pointers} WHERE until IS NULL"
_HEAD: Final = """
SELECT COALESCE(MAX(version), 0) AS seen, COALESCE(MAX(since), 0) AS mark
FROM {pointers} WHERE tbl = ''
"""
_KEPT: Final = """
SELECT h.seen, d.since
FROM (SELECT COALESCE(MAX(version), 0) AS seen FROM {pointers} WHERE tbl = '') h
CROSS JOIN (SELECT COALESCE(MAX(before), 0) AS since FROM {dropped} WHERE tbl = @tbl) d
"""
_NAMING: Final = """
SELECT version, part, since FROM {pointers} WHERE tbl = @tbl
AND version IN UNNEST(@versions) AND (until IS NULL OR until > @before)
ORDER BY version, part LIMIT 1
"""
_HISTORY_ENDS: Final = """
INSERT INTO {dropped} (tbl, before) SELECT @tbl, MAX(until) FROM {pointers}
WHERE tbl = @tbl AND version IN UNNEST(@versions) HAVING COUNT(*) > 0
"""
_FORGET: Final = "DELETE FROM {pointers} WHERE tbl = @tbl AND version IN UNNEST(@versions)"
_BEGUN_AT: Final = "INSERT INTO {dropped} (tbl, before) VALUES (@tbl, @before)"
_WITHDRAWN: Final = -1


class Pointers:
    """What is public, and what was."""

    def __init__(self, jobs: Jobs, names: Names) -> None:
        self._jobs, self._names = jobs, names
        self._own = {name: names.own(name) for name in ("pointers", "dropped")}

    def projected(self) -> int:
        """The publication that the pointers stand at."""
        return self.standing().publication

    def standing(self) -> Standing:
        """The same, with its mark."""
        (found,) = self._jobs.rows(_HEAD.format(**self._own), what="pointers")
        return Standing(int(found["seen"]), int(found["mark"]))

    def cut(self) -> tuple[int, dict[tuple[str, str], int | None]]:
        """The publication, and the version of every pointer."""
        found = self._jobs.rows(_NOW.format(**self._own), what="pointers")
        stands = [one["version"] for one in found if one["tbl"] == ""]
        now = {(one["tbl"], one["part"]): one["version"] for one in found if one["tbl"] != ""}
        return max(stands, default=0), now

    def move(self, moves: Sequence[Move], to: Standing, of: str, after: Standing | None) -> bool:
        """Set the pointers that are not set yet, in one statement; never back.

        With `after`, only where they stand there. Whether they did: they stand at `to` now.
        """
        there = after or Standing(-1, 0)
        given = {"mark": to.mark, "after": there.publication, "was": there.mark}
        self._moved(_MOVE, moves, to.publication, given, of)
        return after is None or self.standing() == to

    def anew(self, moves: Sequence[Move], to: Standing, of: str) -> None:
        """Set all pointers, whatever stood there, in one statement."""
        self._moved(_ANEW, moves, to.publication, {"mark": to.mark}, of)

    def _moved(
        self, sql: str, moves: Sequence[Move], upto: int, said: dict[str, Any], of: str
    ) -> None:
        if any(since > upto for *_, since in moves):
            raise ValueError(f"a move is later than publication {upto}, up to which pointers move")
        given = {**_given(moves), "upto": upto, **said}
        self._jobs.write(sql.format(**self._own), given, what="pointers", of=of)

    def text_at(self, table: Table, at: int) -> str:
        """The text that selects what was public at a publication, when all of it is still there."""
        kept = self._jobs.rows(_KEPT.format(**self._own), {"tbl": table.name}, what="pointers")[0]
        if at > kept["seen"]:
            raise StoreUnavailable(
                f"publication {at} is not projected yet; readers see {kept['seen']}"
            )
        if at < kept["since"]:
            raise DefinitionError(
                f"{table}: publication {at} is not kept any more; {kept['since']} is the first"
            )
        return self._names.shown(
            table, f"p.since <= {at:d} AND (p.until IS NULL OR p.until > {at:d})"
        )

    def forget(self, table: Table, versions: Sequence[int], before: int, of: str) -> None:
        """Remove the ended pointers to these versions; ValueError when another names one of them."""
        asked: dict[str, Any] = {"tbl": table.name, "versions": Given("INT64", list(versions))}
        naming = self._jobs.rows(_NAMING.format(**self._own), {**asked, "before": before})
        if naming:
            one = naming[0]
            raise ValueError(
                f"{table}: version {one['version']} is public for {one['part']} since publication"
                f" {one['since']}, or was after {before}. Nothing was deleted."
            )
        for sql in (_HISTORY_ENDS, _FORGET):
            self._jobs.write(sql.format(**self._own), asked, what="drop", of=of)

    def begin_history(self, table: Table, publication: int, of: str) -> None:
        """Let what was before this publication be refused."""
        given = {"tbl": table.name, "before": publication}
        self._jobs.write(_BEGUN_AT.format(**self._own), given, what="copy", of=of)


def _given(moves: Sequence[Move]) -> dict[str, Any]:
    tables, parts, versions, sinces = ([one[at] for one in moves] for at in range(4))
    whole = [_WITHDRAWN if one is None else one for one in versions]
    return {
        "t": Given("STRING", tables),
        "p": Given("STRING", parts),
        "v": Given("INT64", whole),
        "s": Given("INT64", sinces),
    }
