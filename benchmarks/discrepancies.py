"""Refusals held against known_discrepancies.csv.

A refusal is explained when every condition that failed has a row of the list: the same game, and a
field that the condition is about; for a sum that differs also the team, and the same two values.
"""

import csv
from pathlib import Path
from typing import Any, NamedTuple

from others import TOTALS

from boxout.model.outcomes import Reason, Waiting, WithheldOutcome
from boxout.run import Engine, Landed, RunResult

ADDED = (
    "pts", "fgm", "fga", "fg3m", "fg3a", "ftm", "fta", "oreb", "dreb", "ast", "stl", "blk", "pf",
)  # fmt: skip
STATS = ("team_stat_differs", "player_stat_differs")
ABOUT = {
    "points add up": ("pts", "fgm", "fg3m", "ftm"),
    "makes within attempts": ("fgm", "fga", "fg3m", "fg3a", "ftm", "fta"),
    "usage adds up to 0.5 %": ("fga", "fta", "tov"),
}
"""The fields of the checks whose name does not end with its one field."""

FED_BY = {"gamebook_player_stats": "bref_player_box", "player_boxscore": "player_box"}
LISTED_AS = {"bref_player_box": "bref_team_box", "player_box": "player_box"}
"""The folder that feeds a source, and the name under which the list says that it lacks a game."""

SUMS = ", ".join(f"sum({one})::BIGINT AS {one}" for one in ADDED)
NAMES = ", ".join(ADDED)
DIFFERENT = f"""
WITH sums AS (SELECT game_id, team, {SUMS} FROM gamebook_player_stats GROUP BY ALL),
of_players AS (UNPIVOT sums ON {NAMES} INTO NAME field VALUE players),
of_team AS (UNPIVOT (SELECT game_id, team, {NAMES} FROM team_boxscore)
            ON {NAMES} INTO NAME field VALUE line)
SELECT game_id, team, field, players, line FROM of_players JOIN of_team USING (game_id, team, field)
WHERE players <> line ORDER BY ALL
"""
ASIDE = """
SELECT q.tbl, q.line, q.reason, q.original->>'$.game_id' AS game,
       q.original->>'$.bref_player_id' AS player,
       coalesce(q.original->>'$.player_name', '') = '' AND q.original->>'$.status' = 'Inactive'
       AND c.bref_player_id IS NOT NULL AND c.nba_name IS NULL
       AND coalesce(c.bref_name, '') = '' AS is_nameless
FROM boxout.quarantine q LEFT JOIN read_parquet($crosswalk) c
  ON c.bref_player_id = q.original->>'$.bref_player_id' ORDER BY q.file, q.line
"""
NAMELESS = "no name in any source"
"""The one reason that the list does not have: a placeholder id, without a name in the crosswalk."""


class Known(NamedTuple):
    """One row of the list; `game_id` is the league's, `player_id` empty for a team or a game."""

    kind: str
    table_a: str
    table_b: str
    season: str
    game_id: str
    team: str
    player_id: str
    field: str
    value_a: str
    value_b: str
    note: str


class Case(NamedTuple):
    """One refusal: a game or a row, what was said of it, and the rows of the list behind it.

    `kind` is the kind that explains it, None when nothing does.
    """

    outcome: str
    subject: str
    said: tuple[str, ...]
    kind: str | None
    rows: tuple[Known, ...]


def load(folder: Path, seasons: list[str]) -> list[Known]:
    """The rows of the list that speak of these seasons."""
    with (folder / "known_discrepancies.csv").open(encoding="utf-8", newline="") as file:
        rows = [Known(**row) for row in csv.DictReader(file)]
    return [row for row in rows if row.season in seasons]


def refusals(
    engine: Engine, landed: list[Landed], result: RunResult, known: list[Known], folder: Path
) -> list[Case]:
    """Every game whose totals are not public, every partition and every row that landing set aside."""
    ids = engine.warehouse.query("SELECT game_id, nba_game_id FROM schedule")
    by_id: dict[str, list[Known]] = {}
    for row in known:
        by_id.setdefault(row.game_id, []).append(row)
    of_game = {row["game_id"]: by_id.get(row["nba_game_id"], []) for row in ids}
    different = engine.warehouse.query(DIFFERENT)
    cases: list[Case] = []
    for (unit, game), outcome in result.outcomes.items():
        if unit != TOTALS:
            continue
        match outcome:
            case Waiting(reasons):
                cases.append(_waits(folder, game, reasons, of_game.get(game, [])))
            case WithheldOutcome(reasons):
                cells = [one for one in different if one["game_id"] == game]
                cases.append(_withheld(game, reasons, of_game.get(game, []), cells))
            case _:
                pass
    for one in landed:
        cases += [_not_landed(engine, one, game, of_game.get(game, [])) for game in one.withheld]
    return [*cases, *_quarantined(engine, folder)]


def _waits(folder: Path, game: str, reasons: tuple[Reason, ...], known: list[Known]) -> Case:
    missing = {row.table_b: row for row in known if row.kind == "game_missing"}
    used: list[Known] = []
    said: list[str] = []
    for reason in reasons:
        feed = FED_BY.get(reason.subject, "")
        row = missing.get(LISTED_AS.get(feed, ""))
        if reason.found != "has not arrived":
            continue
        if row:
            used.append(row)
            said.append(f"{reason}, {feed} lacks the game")
        elif feed and known and not (folder / feed / f"{known[0].season}.parquet").is_file():
            said.append(f"{reason}, {feed} has no file of the season")
    is_explained = bool(used) and len(said) == len(reasons)
    told = said if is_explained else [str(one) for one in reasons]
    return _case("waits", game, told, used, is_explained=is_explained)


def _withheld(
    game: str, reasons: tuple[Reason, ...], known: list[Known], cells: list[dict[str, Any]]
) -> Case:
    used: list[Known] = []
    said: list[str] = []
    is_explained = bool(cells)
    for cell in cells:
        values = {str(cell["players"]), str(cell["line"])}
        rows = [
            row
            for row in known
            if row.kind == "team_stat_differs"
            and (row.team, row.field) == (cell["team"], cell["field"])
            and {row.value_a, row.value_b} == values
        ]
        used += rows
        is_explained &= bool(rows)
        said.append(
            f"{cell['team']} {cell['field']}: players add up to {cell['players']}, "
            f"team line {cell['line']}"
        )
    fields = {row.field for row in used}
    is_explained &= all(fields & set(about(one.subject)) for one in reasons)
    said += [str(one) for one in reasons if not is_explained or one.subject in ABOUT]
    return _case("withheld", game, said, used, is_explained=is_explained)


def about(check: str) -> tuple[str, ...]:
    """The fields of a box score that a check is about."""
    return ABOUT.get(check, (check.rpartition(" ")[2],))


def _not_landed(engine: Engine, landed: Landed, game: str, known: list[Known]) -> Case:
    findings = engine.ledger.findings((landed.version,), game, game)
    failed = [one for one in findings if one.severity == "block"]
    used: list[Known] = []
    is_explained = bool(failed)
    for one in failed:
        rows = [row for row in known if row.kind in STATS and row.field in about(one.check)]
        used += [row for row in rows if row not in used]
        is_explained &= bool(rows)
    said = [f"{landed.table}: {one.check}: {one.answer}, {one.found}" for one in failed]
    said += [f"player {row.player_id} {row.field} {row.value_a} or {row.value_b}" for row in used]
    return _case("withheld on landing", game, said, used, is_explained=is_explained)


def _quarantined(engine: Engine, folder: Path) -> list[Case]:
    crosswalk = str(folder / "crosswalk" / "players.parquet")
    cases: list[Case] = []
    for row in engine.warehouse.query(ASIDE, {"crosswalk": crosswalk}):
        subject = f"{row['tbl']} line {row['line']}, game {row['game']}"
        is_known = row["reason"] == "player name is missing" and bool(row["is_nameless"])
        kind = NAMELESS if is_known else None
        said = (f"{row['reason']}; id {row['player']}",)
        cases.append(Case("row quarantined", subject, said, kind, ()))
    return cases


def _case(
    outcome: str, subject: str, said: list[str], used: list[Known], *, is_explained: bool
) -> Case:
    kind = " + ".join(sorted({row.kind for row in used})) if is_explained else None
    return Case(outcome, subject, tuple(said), kind, tuple(used))
