"""Faults of many kinds into random nights of the real seasons: what of them becomes public.

Each season is published once, by game tables, and copied for every trial. The faulty file arrives as
a correction of a random night (a code fault as new code of that night), everything of the night is
run, and the public rows of the night are held against those before. A fault is held when it was
refused, set aside, withheld, or is in a source that says of itself that it is incomplete or differs;
it escaped when a derived row is public that was not before; a game that is
taken back as a whole by a faulty schedule shows nothing wrong, and is told apart. Exits 1 when a kind escaped.

    python benchmarks/bench_faults.py [trials for each kind and season] [seasons...]
"""

import itertools
import shutil
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from time import perf_counter
from typing import NamedTuple

import polars as pl
from code_faults import CODE, CodeKind, with_fault
from file_faults import BOTH, ONE_SOURCE, Kind, Night
from truth import ALL, FOLDERS, SEASONS

from boxout.compiled import compile_all
from boxout.errors import BoxoutError
from boxout.graph import build
from boxout.model.outcomes import WithheldOutcome
from boxout.project import init, open_project
from boxout.run import Engine, land, run

SEED = 20260203
HELD_MIN = 0.99
TABLES = (
    "team_offense_game_summary",
    "team_defense_game_summary",
    "player_game_summary",
    "defense_zone_analytics",
)
READ = ("games", "bref_player_box", "team_box", "team_box_alt", "shots")


class Trial(NamedTuple):
    """What became of one fault; `how` says by what it was held, empty when it escaped."""

    group: str
    kind: str
    season: str
    day: str
    how: str
    told: str


def prepared(folder: Path, season: str) -> Path:
    """A project with one season public, game tables only."""
    init(folder, "nba")
    engine = open_project(folder).engine()
    readers = {one.name: one for one in engine.pipeline.readers}
    for name, reader in FOLDERS.items():
        path = SEASONS / name / f"{season}.parquet"
        if path.is_file():
            land(engine, path, readers[reader])
    run(engine, "2000-01-01", "2099-12-31", set(TABLES))
    closed(engine)
    return folder


def closed(engine: Engine) -> None:
    engine.warehouse.close()  # pyright: ignore[reportAttributeAccessIssue]
    engine.ledger.close()  # pyright: ignore[reportAttributeAccessIssue]


def frames(season: str) -> dict[str, pl.DataFrame]:
    """The season's files that a derived table reads."""
    paths = {name: SEASONS / name / f"{season}.parquet" for name in READ}
    found = {name: pl.read_parquet(path) for name, path in paths.items() if path.is_file()}
    if "team_box" in found:
        found["team_box_alt"] = found["team_box_alt"].clear()
    return {
        name: of.with_columns(pl.col("game_date").cast(pl.String)) for name, of in found.items()
    }


def nights(public: set[str], of: dict[str, pl.DataFrame]) -> list[Night]:
    """The dates on which every game is public, each with the date before it."""
    days = sorted({game[:10] for game in public})
    team = "team_box" if "team_box" in of else "team_box_alt"
    full = set(of["bref_player_box"]["game_date"]) & set(of[team]["game_date"])
    cut = {day: {n: f.filter(pl.col("game_date") == day) for n, f in of.items()} for day in days}
    kept = {d: {n: f for n, f in c.items() if len(f)} for d, c in cut.items()}
    return [
        Night(day, kept[day], kept[before])
        for before, day in itertools.pairwise(days)
        if day in full and before in full and day > days[40]
    ]


def can_have(night: Night, kind: Kind) -> bool:
    if kind.needs == "shots":
        return "shots" in night.frames
    return kind.needs != "games" or len(night.frames["games"]) > 1


def public_rows(engine: Engine, day: str) -> dict[str, pl.DataFrame]:
    """What readers see of a date, by table."""
    found: dict[str, pl.DataFrame] = {}
    for name in TABLES:
        keys = ", ".join(engine.graph.tables[name].key)
        text = f'SELECT * FROM "{name}" WHERE game_id LIKE $day ORDER BY {keys}'
        found[name] = pl.DataFrame(
            engine.warehouse.query(text, {"day": f"{day}%"}), infer_schema_length=None
        )
    return found


def escaped(before: dict[str, pl.DataFrame], after: dict[str, pl.DataFrame]) -> str:
    """Which table shows what it did not show before.

    A game whose shots are left out, and that says so, does not; nor one that is gone as a whole.
    """
    for name, now in after.items():
        was = before[name]
        if now.equals(was) or not len(now):
            continue
        if "shots_state" in now.columns and len(now) == len(was):
            known = now["shots_state"] == "agrees"
            plain = [c for c in now.columns if not c.startswith(ZONED)]
            if now.select(plain).equals(was.select(plain)) and now.filter(known).equals(
                was.filter(known)
            ):
                continue
        kept = was.filter(pl.col("game_id").is_in(now["game_id"].unique().to_list()))
        if now.equals(kept):
            continue
        return name
    return ""


ZONED = ("shots_state", "restricted", "paint", "mid_range", "corner", "above_break", "pts_paint")


def trial(  # noqa: PLR0917
    engine: Engine, group: str, kind: Kind | CodeKind, season: str, night: Night, random: Random
) -> Trial:
    """One fault on one night of a copied project."""
    before = public_rows(engine, night.day)
    told: list[str] = []
    if isinstance(kind, Kind):
        readers = {one.name: one for one in engine.pipeline.readers}
        for source, frame in kind.change(night, random).items():
            path = Path(tempfile.mkdtemp()) / f"{season}.parquet"
            frame.write_parquet(path)
            told += landed(engine, path, readers[FOLDERS[source]])
            shutil.rmtree(path.parent)
    result = run(engine, night.day, night.day, set(TABLES))
    held = [o for (_, p), o in result.outcomes.items() if isinstance(o, WithheldOutcome)]
    kinds = Counter(type(o).__name__ for o in result.outcomes.values())
    checks = [r.subject for o in held for r in o.reasons]
    name = escaped(before, public_rows(engine, night.day))
    how = "" if name else how_held(told, held, kinds, checks)
    detail = f"{name}; landing: {'; '.join(told)[:200]}; {dict(kinds)}; {checks[:2]}"
    return Trial(group, kind.name, season, night.day, how, detail)


def landed(engine: Engine, path: Path, reader) -> list[str]:
    """What the landing said: refused, set aside, withheld, incomplete."""
    try:
        one = land(engine, path, reader)
    except BoxoutError as error:
        return [f"refused: {str(error).splitlines()[0][:120]}"]
    said = [f"set aside: {reason}" for reason, count in one.rejected.items() if count]
    said += [f"withheld: {r.subject}" for of in one.reasons.values() for r in of[:1]]
    lacking = engine.ledger.incomplete([one.version])
    said += [f"incomplete: {f.check}" for of in lacking.values() for f in of[:1]]
    return list(dict.fromkeys(said))


def how_held(told: list[str], held, kinds: Counter[str], checks: list[str]) -> str:
    if held:
        is_usual = all(one.startswith("as usual") for one in checks)
        return "withheld as unusual" if is_usual else "withheld by a rule"
    if told:
        return told[0].partition(":")[0]
    return "waits or taken back" if kinds["Waiting"] else "left out or taken back"


def trials(season: str, count: int, folder: Path) -> Iterator[Trial]:
    made = prepared(folder / season, season)
    engine = open_project(made).engine()
    public = {
        r["game_id"]
        for r in engine.warehouse.query("SELECT game_id FROM team_offense_game_summary")
    }
    closed(engine)
    of = frames(season)
    asked = (
        [("one source", k) for k in ONE_SOURCE]
        + [("code", k) for k in CODE]
        + [("both", k) for k in BOTH]
    )
    every = nights(public, of)
    for group, kind in asked:
        random = Random(f"{SEED} {season} {kind.name} {group}")
        fits = [n for n in every if isinstance(kind, CodeKind) or can_have(n, kind)]
        for night in random.sample(fits, min(count, len(fits))):
            copy = folder / "copy"
            shutil.copytree(made, copy)
            one = open_project(copy).engine()
            changed = with_code(one, kind) if isinstance(kind, CodeKind) else one
            one_trial = trial(changed, group, kind, season, night, random)
            if not one_trial.how:
                print(
                    f"escaped: {group}, {kind.name}, {season} {night.day}: {one_trial.told}",
                    flush=True,
                )
            yield one_trial
            closed(one)
            shutil.rmtree(copy)


_COMPILED: dict[str, tuple] = {}


def with_code(engine: Engine, kind: CodeKind) -> Engine:
    """The engine with one wrong processor, compiled once."""
    if kind.name not in _COMPILED:
        pipeline = with_fault(engine.pipeline, kind)
        graph = build(pipeline)
        _COMPILED[kind.name] = pipeline, graph, compile_all(pipeline, graph.tables, "duckdb")
    pipeline, graph, compiled = _COMPILED[kind.name]
    return replace(engine, pipeline=pipeline, graph=graph, compiled=compiled)


def show(done: list[Trial], group: str) -> int:
    """The table of a group; how many escaped."""
    mine = [one for one in done if one.group == group]
    by_kind: dict[str, list[Trial]] = defaultdict(list)
    for one in mine:
        by_kind[one.kind].append(one)
    print(f"\n{group}: {len(by_kind)} kinds")
    for kind, of in by_kind.items():
        held = [one for one in of if one.how]
        ways = ", ".join(f"{n} {how}" for how, n in Counter(one.how for one in held).most_common())
        print(f"  {kind:44} {len(held):3} of {len(of):3}  {ways}")
        for one in of:
            if not one.how:
                print(f"      escaped {one.season} {one.day}: {one.told}")
    held_all = sum(bool(one.how) for one in mine)
    print(
        f"  {group}: {held_all} of {len(mine)} held, {held_all / max(len(mine), 1):.2%} (at least {HELD_MIN:.0%})"
    )
    return len(mine) - held_all


def main() -> int:
    words = sys.argv[1:]
    count = int(words[0]) if words else 1
    began = perf_counter()
    with tempfile.TemporaryDirectory(prefix="boxout-faults-") as folder:
        done = [one for season in words[1:] or ALL for one in trials(season, count, Path(folder))]
    lost = {group: show(done, group) for group in ("one source", "code", "both")}
    print(f"\n{len(done)} trials in {perf_counter() - began:.0f} s")
    return 1 if lost["one source"] or lost["code"] else 0


if __name__ == "__main__":
    sys.exit(main())
