"""The same acts for every warehouse: each gives a query in the warehouse's own language."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import count as numbers
from pathlib import Path
from typing import Any

from boxout.model import Scheme, Table, count, day, every_row, flag, instant, number, source, text
from boxout.warehouse import DuckdbWarehouse, MemoryWarehouse, Pinned, Row, Warehouse

ONE, TWO, THREE = "2026-02-03/BOS@LAL", "2026-02-03/PHX@POR", "2026-02-04/MIA@CHI"
GAME = Scheme("game", "game_id")
COLUMNS = (
    text("game_id", "the game"),
    text("name", "whose line", null="nobody's"),
    number("share", "of the team", null="not played"),
    flag("is_home", "at home", null="neutral"),
    day("on_date", "the date", null="not known"),
    instant("at", "when", null="not known"),
    count("pts", "points", null="not played"),
)


def table(name: str, columns: tuple = COLUMNS, scheme: Scheme = GAME) -> Table:
    return source(
        name,
        one_row_per="player",
        scheme=scheme,
        key=(scheme.column, "name"),
        columns=columns,
        checks=(every_row("there", lambda rows: rows.pts.notnull()),),
    )


TOTALS, PLAYERS = table("totals"), table("players")


def row(game: str = ONE, name: str | None = "a", pts: int | None = 10, **changed: Any) -> Row:
    return {
        "game_id": game,
        "name": name,
        "share": 0.25,
        "is_home": True,
        "on_date": date(2026, 2, 3),
        "at": datetime.fromisoformat("2026-02-03T23:59:59.123456"),
        "pts": pts,
    } | changed


def _grouped(rows: Iterable[Row]) -> list[Row]:
    games: dict[str, list[Row]] = {}
    for one in rows:
        games.setdefault(one["game_id"], []).append(one)
    return [
        {"partition": game, "rows": len(of), "content": sum(one["_content"] for one in of)}
        for game, of in games.items()
    ]


def _breaks(bound: Mapping[str, list[Row]]) -> Iterator[Row]:
    for one in bound["pinned"]:
        if one["pts"] > 10:
            raise ArithmeticError("broken half-way")
        yield one


TEXTS: dict[str, tuple[str, Callable[..., Iterable[Row]]]] = {
    "pinned": ("FROM pinned", lambda bound: bound["pinned"]),
    "by reader": ("SELECT * REPLACE (as_of AS game_id) FROM pinned", lambda bound: [
        one | {"game_id": one["as_of"]} for one in bound["pinned"]
    ]),
    "shape": ("SELECT * REPLACE (upper(name) AS name) FROM pinned", lambda bound: [
        one | {"name": one["name"].upper()} for one in bound["pinned"]
    ]),
    "shaped": ("FROM shaped", lambda bound: bound["shaped"]),
    "pts as text": ("SELECT * REPLACE (name AS pts) FROM pinned", lambda bound: [
        one | {"pts": one["name"]} for one in bound["pinned"]
    ]),
    "one column more": ("SELECT *, 7 AS more FROM pinned", lambda bound: [
        one | {"more": 7} for one in bound["pinned"]
    ]),
    "a column less": ("SELECT * EXCLUDE (pts) FROM pinned", lambda bound: [
        {name: value for name, value in one.items() if name != "pts"} for one in bound["pinned"]
    ]),
    "breaks": (
        "SELECT * REPLACE (CASE WHEN pts > 10 THEN error('broken half-way') ELSE pts END AS pts) FROM pinned",
        _breaks,
    ),
    "never ends": (
        "SELECT p.* FROM pinned p, range(1000000) a(i), range(1000000) b(j) WHERE hash(i, j, pts) = 0",
        lambda bound: (one for _ in numbers() for one in bound["pinned"]),
    ),
    "audit never ends": (
        "SELECT p.* FROM audited p, range(1000000) a(i), range(1000000) b(j) WHERE hash(i, j, pts) = 0",
        lambda bound: (one for _ in numbers() for one in bound["audited"]),
    ),
    "audit": (
        "SELECT game_id AS partition, count(*) AS rows, sum(_content) AS content FROM audited GROUP BY game_id",
        lambda bound: _grouped(bound["audited"]),
    ),
    "held": (
        "SELECT _version AS version, game_id AS partition, count(*) AS rows, sum(_content) AS content"
        " FROM held GROUP BY ALL",
        lambda bound: [
            {"version": version, **one}
            for version in {row["_version"] for row in bound["held"]}
            for one in _grouped(row for row in bound["held"] if row["_version"] == version)
        ],
    ),
    "contents": ("SELECT _content FROM audited", lambda bound: [
        {"_content": one["_content"]} for one in bound["audited"]
    ]),
    "both": (
        "SELECT a.pts AS ours, b.pts AS theirs FROM a JOIN b USING (game_id)",
        lambda bound: [
            {"ours": x["pts"], "theirs": y["pts"]}
            for x in bound["a"] for y in bound["b"] if x["game_id"] == y["game_id"]
        ],
    ),
    "judged": (
        "SELECT _line, CASE WHEN pts < 0 THEN 'below zero' END AS _reason, game_id AS _partition, NULL AS _value, NULL AS _groups FROM staged",
        lambda bound: [
            {"_line": one["_line"], "_reason": "below zero" if one["pts"] < 0 else None}
            for one in bound["staged"]
        ],
    ),
    "points of both": (
        "SELECT pts FROM totals UNION ALL SELECT pts FROM players",
        lambda public: [
            {"pts": one["pts"]} for name in ("totals", "players") for one in public.get(name, ())
        ],
    ),
    "public": (
        "SELECT game_id, pts FROM totals WHERE pts >= $least",
        lambda public, least: [
            {"game_id": one["game_id"], "pts": one["pts"]}
            for one in public.get("totals", ()) if one["pts"] >= least
        ],
    ),
}  # fmt: skip


class DuckdbKit:
    """A warehouse in a file; queries are SQL."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.warehouse: Warehouse = DuckdbWarehouse.open(folder / "w.duckdb", (TOTALS, PLAYERS))

    def text(self, name: str) -> str:
        return TEXTS[name][0]

    def stage(self, rows: list[Row], name: str = "staged") -> None:
        path = self.folder / f"{name}.csv"
        with path.open("w", newline="") as file:
            written = csv.DictWriter(file, list(rows[0]))
            written.writeheader()
            written.writerows(rows)
        self.warehouse.stage("*", path, self.again())

    def again(self) -> str:
        """What is staged, typed."""
        casts = ", ".join(f'"{c.name}"::{_SQL[c.dtype]} AS "{c.name}"' for c in COLUMNS)
        return f"SELECT _line, {casts} FROM raw"


_SQL = {
    "string": "VARCHAR",
    "int64": "BIGINT",
    "float64": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
}


class MemoryKit:
    """A warehouse in memory; queries are the names of programs."""

    def __init__(self) -> None:
        self.warehouse = MemoryWarehouse({name: program for name, (_, program) in TEXTS.items()})

    def text(self, name: str) -> str:
        return name

    def stage(self, rows: list[Row], name: str = "staged") -> None:
        self.warehouse.stage_rows(rows)

    def again(self) -> str:
        """What is staged, as it is."""
        return ""


Kit = DuckdbKit | MemoryKit


def keep(kit: Kit, of: Table, version: int, *rows: Row) -> None:
    """Append rows as one version, the way that landing does."""
    kit.stage(list(rows))
    kit.warehouse.keep_staged(of, version)


def append(kit: Kit, version: int, query: str, *pins: tuple[str, int], of: Table = TOTALS) -> None:
    """Append what a query selects over pinned rows of `totals`."""
    kit.warehouse.append(of, version, kit.text(query), {}, {"pinned": Pinned(TOTALS, pins)})


def held(kit: Kit, version: int, of: Table = TOTALS) -> list[Row]:
    """The rows of a version, in one order."""
    return in_order(kit.warehouse.version_rows(of, version))


def public(kit: Kit, at: int | None = None, of: Table = TOTALS) -> list[tuple[str, int]]:
    """What is public, as (game, points) in order."""
    return sorted((one["game_id"], one["pts"]) for one in kit.warehouse.rows(of, at))


def in_order(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=repr)


def audit(kit: Kit, version: int, query: str = "audit", of: Table = TOTALS) -> list[Row]:
    return in_order(kit.warehouse.audit(kit.text(query), {"audited": (of, version)}))
