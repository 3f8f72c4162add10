"""A storm: processes that die at named steps and at random moments, and a judge after each death.

    python -m chaos.storm KILLS SEED [postgres]

with the ledger in a file, or on a server that dies too; then every other project has its warehouse
held by one process, and several others work through it at the same time.

Prints one JSON document. It forks, so it has to be a process of its own that opens no store.
"""

import json
import sys
import time
from collections import Counter, deque
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from boxout import project
from boxout.warehouse import DuckdbWarehouse
from chaos import nights
from chaos.acts import LEASE_S, STEPS, Step, act_of, landing, new_project, opened, running
from chaos.holder import held
from chaos.ledgers import Ledgers, on_server
from chaos.processes import Child, Ended, apart, scratch
from chaos.truth import Truth, computed
from chaos.verdict import judge

PER_PROJECT = 50
ACTS = {"land": 9, "run": 6, "turn": 3, "rollback": 1, "collect": 1}
if not hasattr(DuckdbWarehouse, "drop"):
    del ACTS["collect"]  # test_collection says so
EARLY_S, LATE_S = 0.0, 0.25
SOON = 5
"""How many steps later one is tried again that was not reached."""
AFTER_NEWS = {"project"}
"""What only happens after something was published."""
SERVER_SHARE, HOLDER_SHARE = 0.15, 0.1
"""How often the server of the ledgers ends, or whoever holds the warehouse, and not whoever works."""
AWAY = "StoreUnavailable"
LOST = "lost"
WARM = "warm"
SERVER = "postgres"


@dataclass(slots=True)
class Storm:
    """What happened so far."""

    files: Path
    truth: Truth
    rng: Random
    kills_max: int
    ledgers: Ledgers | None = None
    kills: int = 0
    random_kills: int = 0
    holders: int = 0
    refused: int = 0
    behind: int = 0
    publications: int = 0
    steps: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    folder: Path = Path()
    is_held: bool = False
    holder: Child | None = None
    kept: dict[str, int] = field(default_factory=dict)
    upcoming: deque[tuple[str, Step]] = field(default_factory=deque)

    def __post_init__(self) -> None:
        steps = [one for one in STEPS if one[0] in ACTS]
        self.upcoming.extend(self.rng.sample(steps, len(steps)))

    def weather(self, root: Path, number: int) -> None:
        """One project from its first opening to rest, with its share of deaths."""
        self.folder = root / f"project{number}"
        self.kept = {}
        ledger = self.ledgers and self.ledgers.empty(self.folder.name)
        new_project(self.folder, self.files.parent / WARM, ledger)
        self.is_held = self.ledgers is not None and number % 2 == 0
        end = min(self.kills + PER_PROJECT, self.kills_max)
        self.moment("run", 0)
        while self.kills < end - PER_PROJECT // 5:
            self.once(nights.EARLIER_ARRIVALS, list(ACTS))
        while self.kills < end:
            self.once(nights.LAST_ARRIVALS, ["land", "run", "turn"])
        self.rest()

    def hold(self) -> None:
        """Have somebody hold the warehouse, where somebody should."""
        if self.is_held and self.holder is None:
            self.holder = held(self.folder)

    def let_go(self) -> None:
        """Kill whoever holds the warehouse."""
        if self.holder is not None:
            self.holder.kill()
            self.holder.wait()
            self.kills += 1
            self.holders += 1
        self.holder = None

    def once(self, arrivals: list[nights.Arrival], acts: list[str]) -> None:
        """One act that dies, after one that lives and leaves it something to do."""
        self.hold()
        if self.rng.random() < 0.5:
            act, step = self.upcoming.popleft()
            is_dead = act in acts and self.step(act, self.arrange(act, step, arrivals), step)
            # A step that was not reached comes again soon, when the project is another.
            self.upcoming.insert(len(self.upcoming) if is_dead else SOON, (act, step))
            return
        act = self.rng.choices(acts, [ACTS[one] for one in acts])[0]
        before = self.rng.choice(("land", "run", None)) if act == "land" else "land"
        if before is not None:
            self.live(before, self.said(before, arrivals))
        self.moment(act, self.said(act, arrivals))

    def arrange(self, act: str, step: Step, arrivals: list[nights.Arrival]) -> Any:
        """Leave something to do for the act that will die, and say what it is about.

        What is stale, or waits and was woken; for a step after a publication, news: rows that are
        not public already.
        """
        day = self.rng.choice(nights.DAYS)
        is_news = step.name in AFTER_NEWS
        if arrivals is nights.LAST_ARRIVALS or act not in {"land", "run", "turn"}:
            return self.said(act, arrivals)
        if is_news:
            self.books(day, "first")
        if act == "land":
            book = nights.Arrival(nights.GAMEBOOK, day, "corrected")
            return book if is_news else self.said(act, arrivals)
        if act == "turn" or not is_news:
            self.live("land", nights.Arrival(nights.TEAM_BOX, day, "wrong"))
        if act == "turn":
            self.live("run", 0)
        if act == "turn" or is_news:
            self.live("land", nights.Arrival(nights.TEAM_BOX, day, "first"))
            book = "corrected" if is_news else self.rng.choice(("first", "corrected"))
            self.live("land", nights.Arrival(nights.GAMEBOOK, day, book))
        return self.said(act, arrivals)

    def books(self, day: str, variant: str) -> None:
        """Have a night public, computed from this variant of its gamebook."""
        for reader, one in ((nights.SCHEDULE, "first"), (nights.TEAM_BOX, "first")):
            self.live("land", nights.Arrival(reader, day, one))
        self.live("land", nights.Arrival(nights.GAMEBOOK, day, variant))
        self.live("run", 0)

    def said(self, act: str, arrivals: list[nights.Arrival]) -> Any:
        return self.rng.choice(arrivals) if act == "land" else str(self.rng.random())

    def step(self, act: str, said: Any, step: Step) -> bool:
        """Die at a named step; whether it came to that."""
        ended = self.child(act, said, step).wait()
        if ended.is_killed:
            self.steps[f"{act} {step}"] += 1
        self.over(act, said, ended)
        return ended.is_killed

    def moment(self, act: str, said: Any) -> None:
        """Die at a random moment, one time in four beside a process that lives."""
        share = 0.75 if self.is_held else 0.25
        beside = self.child("run", 0) if self.rng.random() < share else None
        child = self.child(act, said)
        time.sleep(self.rng.uniform(EARLY_S, LATE_S))
        is_away = self.away()
        if not is_away:
            child.kill()
        ended = child.wait()
        self.random_kills += ended.is_killed
        if beside is not None:
            self.over("run", 0, beside.wait(), is_away=is_away)
        self.over(act, said, ended, is_away=is_away)

    def away(self) -> bool:
        """Sometimes a store goes away in the place of whoever works; whether one did."""
        if self.ledgers is not None and self.rng.random() < SERVER_SHARE:
            self.ledgers.restart(self.rng)
            return True
        if self.holder is not None and self.rng.random() < HOLDER_SHARE:
            self.let_go()
            return True
        return False

    def child(self, act: str, said: Any, step: Step | None = None) -> Child:
        return Child(act_of(act, said, self.folder, self.files, step))

    def live(self, act: str, said: Any) -> None:
        """An act that nobody kills; it must end by itself and without an error."""
        ended = self.child(act, said).wait()
        self.told(act, said, ended)

    def over(self, act: str, said: Any, ended: Ended, *, is_away: bool = False) -> None:
        """After a death the files are judged; what did not die must have ended well."""
        if ended.is_killed or is_away:
            self.kills += ended.is_killed
            self.look(f"{act} {said}")
        if self.is_held:
            time.sleep(2 * LEASE_S)  # nobody ends the leases of the dead
        self.told(act, said, ended, is_away=is_away)

    def told(self, act: str, said: Any, ended: Ended, *, is_away: bool = False) -> None:
        if ended.error is not None:
            if is_away and AWAY in ended.error.splitlines()[-1]:
                self.refused += 1
                return
            self.faults.append(f"{act} {said} ended with an error: {ended.error}")
        elif act == "land" and not ended.is_killed:
            self.kept[said.file] = ended.answer.version

    def look(self, after: str) -> None:
        judged = apart(partial(judge, self.folder, self.truth))
        self.behind += judged.is_behind
        self.faults += [f"{self.folder.name} after {after}: {fault}" for fault in judged.faults]

    def rest(self) -> None:
        """The last files arrive, faults stop: everything is current, and stays as it is."""
        self.let_go()
        time.sleep(0.15)  # the leases of the dead run out
        for one in nights.LAST_ARRIVALS:
            self.live("land", one)
        self.live("run", 0)
        self.look("everything")
        self.faults += [
            f"{self.folder.name} {one}"
            for one in apart(partial(at_rest, self.folder, self.truth, self.kept))
        ]
        self.publications += apart(partial(_head, self.folder))


def _head(folder: Path) -> int:
    with opened(folder) as engine:
        return engine.ledger.head()


def at_rest(folder: Path, truth: Truth, kept: dict[str, int]) -> list[str]:
    """What is not as one clean run has it, what moves when nothing arrived, and what was lost."""
    faults: list[str] = []
    final = truth[nights.FINAL, nights.FINAL]
    with opened(folder) as engine:
        head = engine.ledger.head()
        again = running(engine)
        if again != {"NothingToDo": len(nights.games())} or engine.ledger.head() != head:
            faults.append(f"is not at rest: {again}, {engine.ledger.head() - head} publications")
        for (table, partition), rows in final.items():
            key = ", ".join(engine.graph.tables[table].key)
            sql = f'FROM "{table}" WHERE game_id = $game ORDER BY {key}'
            seen = [tuple(r.values()) for r in engine.warehouse.query(sql, {"game": partition})]
            if seen != rows:
                faults.append(f"I6 at rest: {table} {partition} differs from a clean run")
        arrived = {a.version: Path(a.file).name for a in engine.ledger.arrivals(kept.values())}
        faults += [f"{LOST}: {f} version {v}" for f, v in kept.items() if arrived.get(v) != f]
        waits = [w for w in engine.ledger.work("", "~") if w.ended is None]
        faults += [f"{LOST}: {w.unit} {w.partition} waits for ever: {w.reason}" for w in waits]
    return faults


def warm_up(files: Path) -> None:
    """Import and compile all that the children will need, then let go of the stores."""
    folder = files.parent / WARM
    new_project(folder)
    with opened(folder) as engine:
        for reader in (nights.SCHEDULE, nights.GAMEBOOK):
            landing(engine, files, nights.Arrival(reader, nights.FIRST, "first"))
        running(engine)
        code = engine.code
    project.revision = lambda _pipeline: code  # it asks git each time, and the code stays as it is


def storm(kills: int, seed: int, place: str = "file") -> dict[str, Any]:
    """So many deaths; what was found."""
    with scratch() as folder, on_server() if place == SERVER else nullcontext() as ledgers:
        root = Path(folder)
        nights.write_all(root / "files")
        warm_up(root / "files")
        truth = computed(root / "files", root / WARM)
        began = time.perf_counter()
        one = Storm(root / "files", truth, Random(seed), kills, ledgers)
        number = 0
        while one.kills < kills:
            number += 1
            one.weather(root, number)
        took = time.perf_counter() - began
    lost = [fault for fault in one.faults if LOST in fault]
    asked = {f"{act} {step}" for act, step in STEPS if act in ACTS}
    return {
        "kills": one.kills,
        "at random moments": one.random_kills,
        "at named steps": sum(one.steps.values()),
        "steps reached": f"{len(one.steps)} of {len(asked)}",
        "never reached": sorted(asked - one.steps.keys()),
        "whoever held the warehouse": one.holders,
        "ends of the server": ledgers.ends if ledgers else 0,
        "at work then, and told so": one.refused,
        "projects": number,
        "publications": one.publications,
        "left behind by the dead, and caught up": one.behind,
        "violations": len(one.faults) - len(lost),
        "lost": len(lost),
        "seconds": round(took, 1),
        "kills per second": round(one.kills / took, 1),
        "faults": one.faults,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(storm(int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:])))
