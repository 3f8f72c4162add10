"""Every real season, landed and published, against the figures Basketball-Reference publishes.

What is not public, and what was set aside on landing, is held against known_discrepancies.csv, and
the reverse: what became of each row of that list. Exits 1 when anything stays unexplained.
"""

import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import naive
from discrepancies import Case, Known, load, refusals
from fates import fates
from others import others, show_others

from boxout.project import init, open_project
from boxout.run import Engine, Landed, RunResult, land, run

SEASONS = Path(__file__).parents[2] / "shared" / "data" / "nba"
ALL = ("2017-18", "2020-21", "2021-22", "2022-23", "2023-24")
FOLDERS = {
    "games": "season_games",
    "bref_player_box": "bref_player_box",
    "player_box": "player_box",
    "team_box": "team_box",
    "team_box_alt": "team_box_alt",
    "shots": "season_shots",
}
KEY = """
SELECT game_date::VARCHAR || '/' || CASE WHEN is_home THEN opponent ELSE team END || '@'
       || CASE WHEN is_home THEN team ELSE opponent END AS key, *
FROM read_parquet($files)
"""
PLAYERS = f"""
SELECT p.game_id AS nba_game_id, p.team, p.player_id::VARCHAR AS player_id, p.player_name,
       p.FIGURE AS published, o.OURS AS ours, UNIT AS unit, o.player_source,
       {{'pts': p.pts, 'fgm': p.fgm, 'fg3m': p.fg3m, 'fga': p.fga, 'fta': p.fta, 'tov': p.tov,
         'seconds': p.seconds}} AS published_line,
       {{'pts': o.pts, 'fgm': o.fgm, 'fg3m': o.fg3m, 'fga': o.fga, 'fta': o.fta, 'tov': o.tov,
         'seconds': round(60 * o.minutes, 2)}} AS our_line
FROM ({KEY}) p JOIN team_offense_game_summary t ON t.game_id = p.key AND t.team = p.team
JOIN team_offense_game_summary s ON s.game_id = p.key AND s.team = t.opponent
JOIN player_game_summary o ON o.game_id = p.key AND o.team = p.team
 AND o.player_id = coalesce(p.player_id::VARCHAR, 'bref:' || p.bref_player_id)
WHERE p.status = 'Played'
"""
TEAMS = f"""
SELECT p.game_id AS nba_game_id, p.team, NULL AS player_id, NULL AS player_name,
       p.FIGURE AS published, o.OURS AS ours, UNIT AS unit, o.player_source,
       NULL AS published_line, NULL AS our_line
FROM ({KEY}) p JOIN (
  SELECT o.*, d.defensive_rating FROM team_offense_game_summary o
  JOIN team_defense_game_summary d USING (game_id, team)) o ON o.game_id = p.key AND o.team = p.team
"""
PLAYER_ZONES = f"""
SELECT p.game_id AS nba_game_id, p.team, p.player_id::VARCHAR AS player_id, p.player_name,
       p.FIGURE AS published, OURS AS ours, UNIT AS unit, o.player_source,
       NULL AS published_line, NULL AS our_line
FROM ({KEY}) p JOIN player_game_summary o ON o.game_id = p.key AND o.team = p.team
 AND o.player_id = p.player_id::VARCHAR
WHERE o.shots_state = 'agrees' AND NOT o.is_dnp
"""
TEAM_ZONES = f"""
SELECT p.game_id AS nba_game_id, p.team, NULL AS player_id, NULL AS player_name,
       p.FIGURE AS published, OURS AS ours, UNIT AS unit, o.player_source,
       NULL AS published_line, NULL AS our_line
FROM ({KEY}) p JOIN team_offense_game_summary o ON o.game_id = p.key AND o.team = p.team
WHERE o.shots_state = 'agrees'
"""
DIFFERS = """
SELECT * FROM (PAIRS)
WHERE (ours IS NULL) <> (published IS NULL) OR abs(ours - published) > $tolerance
ORDER BY nba_game_id, team, player_id
"""
IN_FILE = "SELECT count(*) AS lines FROM read_parquet($file)"
COUNTED = "SELECT count(*) AS pairs FROM (PAIRS) WHERE published IS NOT NULL OR ours IS NOT NULL"
FIGURES = (
    ("bref_player_box", PLAYERS, "usg_pct", "usage_rate_pct", 0.0501),
    ("bref_player_box", PLAYERS, "ts_pct", "ts_pct", 0.000501),
    ("bref_player_box", PLAYERS, "efg_pct", "efg_pct", 0.000501),
    *(
        ("bref_player_box", PLAYERS, f"{name}_pct", f"{name}_pct", 0.0501)
        for name in ("oreb", "dreb", "reb", "ast", "stl", "blk", "tov")
    ),
    ("bref_team_box", TEAMS, "pace", "pace", 0.0501),
    ("bref_team_box", TEAMS, "off_rtg", "offensive_rating", 0.0501),
    ("bref_team_box", TEAMS, "def_rtg", "defensive_rating", 0.0501),
    ("player_box_misc", PLAYER_ZONES, "pts_paint", "o.pts_paint", 0),
    ("team_box_misc", TEAM_ZONES, "pts_paint", "o.pts_paint", 0),
    *(
        ("player_box_scoring", PLAYER_ZONES, figure, f"coalesce({ours}, 0)", 0.000501)
        for figure, ours in (
            ("pct_pts_paint", "o.pts_paint / nullif(o.pts, 0)"),
            ("pct_pts_2pt_mr", "2 * o.mid_range_fgm / nullif(o.pts, 0)"),
            ("pct_pts_3pt", "3 * (o.corner_3_fgm + o.above_break_3_fgm) / nullif(o.pts, 0)"),
            ("pct_fga_3pt", "(o.corner_3_fga + o.above_break_3_fga) / nullif(o.fga, 0)"),
        )
    ),
)
STINT = "100 * t.minutes / 5 / o.minutes"
UNITS = {
    "oreb_pct": f"{STINT} / (t.oreb + s.dreb)",
    "dreb_pct": f"{STINT} / (t.dreb + s.oreb)",
    "reb_pct": f"{STINT} / (t.oreb + s.dreb + t.dreb + s.oreb)",
    "ast_pct": "100 / (o.minutes / (t.minutes / 5) * t.fgm - o.fgm)",
    "stl_pct": f"{STINT} / t.possessions",
    "blk_pct": f"{STINT} / (s.fga - s.fg3a)",
}
"""By how much one more on the player's line raises his percentage."""

ROUNDING_S = 1
"""Both publishers round a player's time to the second, each in its own way."""


class Truth(NamedTuple):
    """Seasons landed and run: what came of each file and of each game."""

    engine: Engine
    landed: list[Landed]
    result: RunResult


class Figure(NamedTuple):
    """One published figure: how many rows have it, and by row where ours differs.

    `explained` are those whose published and our inputs differ by known discrepancies alone.
    """

    name: str
    compared: int
    explained: list[str]
    mismatched: list[str]


def publish(folder: Path, seasons: list[str]) -> Truth:
    """Land the seasons' files and publish what can be."""
    init(folder / "project", "nba")
    engine = open_project(folder / "project").engine()
    readers = {one.name: one for one in engine.pipeline.readers}
    landed: list[Landed] = []
    for name, reader in FOLDERS.items():
        for season in seasons:
            path = SEASONS / name / f"{season}.parquet"
            if path.is_file():
                landed.append(land(engine, path, readers[reader]))
                print(f"{name:16} {season}  {_told(landed[-1])}")
    asked = set(engine.graph.processors)
    return Truth(engine, landed, run(engine, "2000-01-01", "2099-12-31", asked))


def _told(one: Landed) -> str:
    return (
        f"{one.rows:6,} rows, {len(one.published):5,} partitions public, "
        f"{len(one.unchanged):5,} unchanged, {len(one.withheld)} withheld, "
        f"{sum(one.rejected.values())} rows quarantined"
    )


def compare(engine: Engine, seasons: list[str], known: list[Known]) -> list[Figure]:
    """Each published figure against ours, within the rounding of what is published."""
    listed = {(k.game_id, k.player_id, k.field) for k in known if k.player_id}
    return [_figure(engine, seasons, listed, asked) for asked in FIGURES]


def _figure(
    engine: Engine, seasons: list[str], listed: set[tuple[str, str, str]], asked: tuple[Any, ...]
) -> Figure:
    folder, pairs, figure, ours, tolerance = asked
    pairs = pairs.replace("FIGURE", figure).replace("OURS", ours)
    pairs = pairs.replace("UNIT", UNITS.get(figure, "NULL"))
    files = [str(p) for s in seasons if (p := SEASONS / folder / f"{s}.parquet").is_file()]
    if not files:
        return Figure(figure, 0, [], [])
    (row,) = engine.warehouse.query(COUNTED.replace("PAIRS", pairs), {"files": files})
    differs = engine.warehouse.query(
        DIFFERS.replace("PAIRS", pairs), {"files": files, "tolerance": tolerance}
    )
    found = Figure(figure, row["pairs"], [], [])
    between = _between_team_mates(differs, tolerance)
    for line in differs:
        reason = _cut_off(figure, line) or _because(line, listed) or between.get(_who(line))
        reason = reason or _of_other_points(figure, line, listed)
        into = found.mismatched if reason is None else found.explained
        into.append(_by_row(figure, line) + (f": {reason}" if reason else ""))
    return found


def _by_row(figure: str, line: dict[str, Any]) -> str:
    who = f"{line['team']} {line['player_name'] or ''}".rstrip()
    published, ours = (
        "null" if line[one] is None else f"{line[one]:.4g}" for one in ("published", "ours")
    )
    return f"{figure} {line['nba_game_id']} {who}, published {published}, ours {ours}"


def _cut_off(figure: str, line: dict[str, Any]) -> str | None:
    """Whether the published usage stops at 100, where ours goes on and keeps a capped one beside."""
    if figure != "usg_pct" or line["published"] != 100 or not (line["ours"] or 0) > 100:
        return None
    return f"published is cut off at 100; {line['our_line']['seconds']:g} seconds on court"


def _of_other_points(
    figure: str, line: dict[str, Any], listed: set[tuple[str, str, str]]
) -> str | None:
    """Whether a share of points was published with points that are known to differ from ours."""
    is_known = (line["nba_game_id"], line["player_id"], "pts") in listed
    return "his points are known to differ" if figure.startswith("pct_pts") and is_known else None


def _between_team_mates(differs: list[dict[str, Any]], tolerance: float) -> dict[Any, str]:
    """Percentages that were published from another count than the line beside them has.

    Told of a team when each of its differences is a whole number on the line, and all add up to
    nothing: what one player had when the percentage was made, a team mate has now.
    """
    by_team: dict[Any, list[tuple[Any, float, bool]]] = {}
    for line in differs:
        if line["unit"] and line["published"] is not None and line["ours"] is not None:
            more = (line["published"] - line["ours"]) / line["unit"]
            is_whole = abs(more - round(more)) <= tolerance / abs(line["unit"])
            key = (line["nba_game_id"], line["team"])
            by_team.setdefault(key, []).append((_who(line), round(more), is_whole))
    return {
        who: f"published from a line with {more:+} here; a team mate has it now"
        for of in by_team.values()
        if all(is_whole for *_, is_whole in of) and not sum(more for _, more, _ in of)
        for who, more, _ in of
    }


def _who(line: dict[str, Any]) -> tuple[str, str, str]:
    return line["nba_game_id"], line["team"], line["player_id"]


def _because(line: dict[str, Any], listed: set[tuple[str, str, str]]) -> str | None:
    """Why a figure may differ: its inputs differ, each by a known row or by rounding."""
    theirs, ours = line["published_line"] or {}, line["our_line"] or {}
    apart = {field: (theirs[field], ours[field]) for field in ours if theirs[field] != ours[field]}
    is_known = [
        (line["nba_game_id"], line["player_id"], field) in listed
        or (field == "seconds" and abs(a - b) <= ROUNDING_S)
        for field, (a, b) in apart.items()
    ]
    if not apart or not all(is_known):
        return None
    said = ", ".join(f"{field} {a:g} there and {b:g} here" for field, (a, b) in apart.items())
    return f"{said}; the line is from {line['player_source']}"


def show(cases: list[Case], fate_of: list[tuple[Known, str | None]]) -> None:
    """Every refusal with its reason, the counts, and what became of the list."""
    print("\nNot public, or set aside on landing, by row:")
    for case in cases:
        print(f"  {case.outcome:20} {case.subject}: {'; '.join(case.said)}")
    print("\nOutcome, and the kind of known discrepancy behind it:")
    for (outcome, kind), count in Counter((one.outcome, one.kind) for one in cases).items():
        print(f"  {outcome:20} {kind or 'UNEXPLAINED':42} {count:5}")
    print("\nWhat became of the rows of known_discrepancies.csv:")
    for (kind, fate), count in sorted(
        Counter((row.kind, fate or "UNEXPLAINED") for row, fate in fate_of).items()
    ):
        print(f"  {kind:26} {count:4}  {fate}")


def show_figures(figures: list[Figure]) -> None:
    """How many of each published figure were compared, and those that differ by row."""
    print("\nPublished figures:")
    for one in figures:
        print(
            f"  {one.name:8} {one.compared:8,} compared, {len(one.mismatched)} unexplained "
            f"mismatches, {len(one.explained)} explained"
        )
        for line in one.explained:
            print(f"    {line}")


def lost(truth: Truth) -> list[str]:
    """Games without an outcome, and files of which a row was neither kept nor set aside."""
    told = {game for _, game in truth.result.outcomes}
    games = truth.engine.warehouse.query("SELECT game_id FROM schedule ORDER BY 1")
    missing = [f"{row['game_id']} has no outcome" for row in games if row["game_id"] not in told]
    for one in truth.landed:
        (row,) = truth.engine.warehouse.query(IN_FILE, {"file": one.file})
        kept = one.rows + sum(one.rejected.values())
        if kept != row["lines"]:
            missing.append(f"{one.file}: {row['lines']} rows, {kept} of them kept or set aside")
    return missing


def judge(folder: Path, seasons: list[str]) -> list[str]:
    """Land, publish, compare and reconcile, with everything shown; what stays unexplained."""
    known = load(SEASONS, seasons)
    truth = publish(folder, seasons)
    print(Counter(type(one).__name__ for one in truth.result.outcomes.values()))
    cases = refusals(truth.engine, truth.landed, truth.result, known, SEASONS)
    fate_of = fates(truth.engine, known, cases)
    figures = compare(truth.engine, seasons, known)
    beside = others(truth.engine, truth.result)
    counted, apart = naive.differences(
        truth.engine.warehouse.query(naive.OURS), naive.expected(SEASONS, seasons)
    )
    show(cases, fate_of)
    show_figures(figures)
    show_others(beside)
    print(f"\nRest, load and form, counted the slow way: {counted:,} compared, {len(apart)} differ")
    return [
        *lost(truth),
        *(f"{c.outcome} {c.subject}: {'; '.join(c.said)}" for c in cases if c.kind is None),
        *(f"{row}" for row, fate in fate_of if fate is None),
        *(line for one in figures for line in one.mismatched),
        *(f"{o.unit} {o.partition}: {o.said}" for o in beside if o.why is None),
        *apart,
    ]


def main() -> int:
    """Show what is unexplained, and how many; 1 when something is."""
    if not SEASONS.is_dir():
        sys.exit(f"{SEASONS}: no such folder. The real seasons are not beside the project.")
    with tempfile.TemporaryDirectory(prefix="boxout-truth-") as folder:
        unexplained = judge(Path(folder), sys.argv[1:] or list(ALL))
    print(f"\nunexplained: {len(unexplained)}")
    for line in unexplained:
        print(f"  {line}")
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
