"""How many messages a second the service keeps, and what becomes of a storm of them.

    python benchmarks/bench_service.py [--messages 10000] [--connections 16 32] [--dates 100] [--only night live]

A load generator in processes of its own sends Pub/Sub pushes over loopback, each connection one
message after the other. First to a service that only keeps them (dates without games), then a storm:
90 % duplicates in random order over the dates of a simulated season part, each a file to be landed.
Then how long the last message of a ten-game night takes: until the ten are public, and until a page
that is open in Chromium says so. All of it depends on what else the machine does: its load is told.
"""

import argparse
import base64
import http.client
import json
import os
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from boxout.project import init
from boxout_nba.simulator import (
    gamebook_rows,
    play,
    schedule_rows,
    simulate_night,
    team_rows,
    write_csv,
)

ROOT = Path(__file__).parents[1]
FIRST = date(2026, 1, 1)


def push(says: dict[str, str], name: str) -> bytes:
    coded = base64.b64encode(json.dumps(says).encode()).decode()
    return json.dumps({"message": {"messageId": name, "data": coded}, "subscription": "s"}).encode()


def sent(port: int, bodies: list[bytes]) -> list[float]:
    """Each answer's seconds; one connection, one message after the other."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.connect()
    connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    took: list[float] = []
    for body in bodies:
        began = time.perf_counter()
        connection.request("POST", "/process", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        took.append(time.perf_counter() - began)
        assert answer.status in {200, 202}, answer.status
    connection.close()
    return took


def on_threads(port: int, shares: list[list[bytes]]) -> list[float]:
    took: list[float] = []
    threads = [
        threading.Thread(target=lambda mine=mine: took.extend(sent(port, mine))) for mine in shares
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return took


def load(port: int, bodies: list[bytes], connections: int) -> tuple[float, list[float]]:
    """Seconds for all, and the seconds of each; half of the connections in each of two processes."""
    shares = [bodies[n::connections] for n in range(connections)]
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(abs, range(2)))  # the processes are there before the clock starts
        began = time.perf_counter()
        halves = [pool.submit(on_threads, port, shares[n::2]) for n in range(2)]
        took = [one for half in halves for one in half.result()]
        return time.perf_counter() - began, took


def tell(name: str, seconds: float, took: list[float]) -> None:
    ordered = sorted(took)
    p50, p99 = (1000 * ordered[int(len(ordered) * share)] for share in (0.5, 0.99))
    print(
        f"{name}: {len(took)} in {seconds:.1f} s, {len(took) / seconds:.0f} a second,"
        f" p50 {p50:.0f} ms, p99 {p99:.0f} ms, longest {1000 * ordered[-1]:.0f} ms"
    )


class Served:
    """A service in a process of its own, on a project in a folder of its own."""

    def __init__(self, folder: Path, pipeline: str = "nba-games") -> None:
        self.folder = folder
        if not (folder / "boxout.toml").exists():
            init(folder, pipeline)
        (folder / "files").mkdir(exist_ok=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        words = ("serve", "-p", str(folder), "--port", str(self.port), "--files", folder / "files")
        command = [sys.executable, "-c", "from boxout.cli import main; main()", *map(str, words)]
        with (folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                command, env=os.environ | {"PYTHONPATH": str(ROOT / "src")}, stderr=log
            )
        self.until(self.is_ready, "it is ready")

    def is_ready(self) -> bool:
        try:
            return self.get("/readyz")["status"] == "ready"
        except OSError:
            return False

    def get(self, path: str) -> dict:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path)
        said = json.loads(connection.getresponse().read())
        connection.close()
        return said

    def until(self, holds, what: str, seconds: float = 300, every: float = 0.02) -> float:
        began = time.perf_counter()
        while not holds():
            if time.perf_counter() - began > seconds or self.process.poll() is not None:
                sys.exit(f"it never came that {what}; see {self.folder / 'log'}")
            time.sleep(every)
        return time.perf_counter() - began

    def ask(self, sql: str) -> list[tuple]:
        with sqlite3.connect(f"file:{self.folder / 'ledger.sqlite'}?mode=ro", uri=True) as ledger:
            return ledger.execute(sql).fetchall()

    @property
    def left(self) -> int:
        return self.ask(
            "SELECT count(*) FROM message WHERE answered_at IS NULL AND same_as IS NULL"
            " AND rejected = ''"
        )[0][0]

    @property
    def megabytes(self) -> int:
        status = Path(f"/proc/{self.process.pid}/status").read_text("utf-8")
        return int(status.partition("VmRSS:")[2].split()[0]) // 1024

    def end(self) -> float:
        began = time.perf_counter()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        return time.perf_counter() - began


def durable(folder: Path, count: int, connections: int) -> None:
    """Only keeping: dates of which nobody has a game."""
    served = Served(folder)
    days = [(FIRST + timedelta(n)).isoformat() for n in range(100)]
    bodies = [push({"date": days[n % 100]}, f"d{connections}-{n}") for n in range(count)]
    tell(f"kept, {connections} connections", *load(served.port, bodies, connections))
    served.end()


def nights(folder: Path, days: list[str], games: int) -> int:
    """Files of these dates, one game book and one box score a date; gives how many games."""
    slates = {day: simulate_night(7, day, games=games) for day in days}
    everything = [game for slate in slates.values() for game in slate]
    write_csv(schedule_rows(everything), folder / "schedule.csv")
    for day, slate in slates.items():
        played = [(g.game_id, play(7, g.away, g.home, g.game_id)) for g in slate]
        books = [row for name, box in played for row in gamebook_rows(name, box)]
        boxes = [row for name, box in played for row in team_rows(name, box)]
        write_csv(books, folder / f"gamebook_{day}.csv")
        write_csv(boxes, folder / f"team_boxscore_{day}.csv")
    return len(everything)


def storm(folder: Path, count: int, connections: int, dates: int) -> None:
    """Each file is told of by many messages, nine of ten of them duplicates, in random order."""
    served = Served(folder)
    days = [(FIRST + timedelta(n)).isoformat() for n in range(dates)]
    games = nights(folder / "files", days, 2)
    names = ["schedule.csv"]
    names += [f"{kind}_{day}.csv" for day in days for kind in ("gamebook", "team_boxscore")]
    distinct = [(f"s{n}", names[n % len(names)]) for n in range(count // 10)]
    drawn = random.Random(7)
    told = distinct + [drawn.choice(distinct) for _ in range(count - len(distinct))]
    drawn.shuffle(told)
    before = served.megabytes
    bodies = [push({"object": name}, of) for of, name in told]
    seconds, took = load(served.port, bodies, connections)
    tell(f"storm, {connections} connections", seconds, took)
    rest = served.until(lambda: served.left == 0, "nothing is left")
    after = served.megabytes
    waits = served.until(lambda: public(served) >= games, "every game is public", 120)
    moves = served.ask(
        "SELECT count(*), count(DISTINCT partition) FROM pointer"
        " WHERE table_name = 'player_game_summary'"
    )[0]
    print(
        f"  {count} messages, {len(distinct)} distinct, {len(names)} files, {games} games: nothing"
        f" left {rest:.1f} s after the last, all public {waits:.1f} s later; {moves[1]} games public"
        f" by {moves[0]} publications of each; memory {before} MB before, {after} MB after"
    )
    for again in (1, 2):
        fresh = [push({"object": name}, f"{of}-{again}") for of, name in told]
        load(served.port, fresh, connections)
        served.until(lambda: served.left == 0, "nothing is left")
        print(f"  the same storm again, new ids: memory {served.megabytes} MB")
    print(f"  ended {served.end():.1f} s after SIGTERM")


def public(served: Served) -> int:
    return served.ask(
        "SELECT count(*) FROM pointer WHERE table_name = 'player_game_summary'"
        " AND until IS NULL AND version IS NOT NULL"
    )[0][0]


def all_but_one(served: Served, n: int) -> str:
    """The n-th night of ten games, of which the game book has not arrived yet."""
    day, files = (FIRST + timedelta(n)).isoformat(), served.folder / "files"
    nights(files, [day], 10)
    (files / "schedule.csv").rename(files / f"schedule_{day}.csv")
    first = [push({"object": f"{k}_{day}.csv"}, f"{k}{day}") for k in ("schedule", "team_boxscore")]
    sent(served.port, first)
    served.until(lambda: served.left == 0, "the first two are done")
    time.sleep(0.5)
    return day


def last_needed(folder: Path, rounds: int = 5) -> None:
    """Seconds from the last message that a night of ten games needs to all ten being public."""
    served = Served(folder)
    took: list[float] = []
    for n in range(rounds):
        day = all_but_one(served, n)
        began = time.perf_counter()
        sent(served.port, [push({"object": f"gamebook_{day}.csv"}, f"t{day}")])
        served.until(lambda due=10 * (n + 1): public(served) == due, "all are public", 60, 0.005)
        took.append(time.perf_counter() - began)
    told = ", ".join(f"{one:.2f}" for one in took)
    print(f"last message of a ten-game night to public: {told} s")
    served.end()


SEEN = """() => {
  window.said = [];
  const look = () => {
    const tally = document.getElementById('tally');
    window.said.push([Date.now() / 1000, tally ? tally.textContent.trim() : '']);
  };
  new MutationObserver(look).observe(document.body, {childList: true, subtree: true});
}"""


def live(folder: Path, rounds: int = 5) -> None:
    """Seconds from the last message to the first change of an open page; from public to shown."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
    if chromium is None:
        print("a page that is open: no Chromium here")
        return
    served = Served(folder)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        took = [watched(served, browser.new_page(), n) for n in range(rounds)]
        browser.close()
    first, shown = (", ".join(f"{one[at]:.2f}" for one in took) for at in (0, 1))
    print(f"message to a change of an open page: {first} s; ten games public to shown: {shown} s")
    served.end()


def watched(served: Served, page: Page, n: int) -> tuple[float, float]:
    day = all_but_one(served, n)
    page.goto(f"http://127.0.0.1:{served.port}/ui/?date={day}")
    page.wait_for_selector("#live[data-live=yes]")
    time.sleep(1)
    page.evaluate(SEEN)
    began = time.time()
    sent(served.port, [push({"object": f"gamebook_{day}.csv"}, f"t{day}")])
    served.until(lambda: public(served) == 10 * (n + 1), "all are public", 60, 0.005)
    at_public = time.time()
    page.locator("#tally").filter(has_text="10 of 10").wait_for()
    said = page.evaluate("window.said")
    page.close()
    shown = next(at for at, text in said if text.startswith("10 of 10"))
    return said[0][0] - began, shown - at_public


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--messages", type=int, default=10_000)
    asked.add_argument("--connections", type=int, nargs="+", default=[16, 32])
    asked.add_argument("--dates", type=int, default=100)
    asked.add_argument("--only", nargs="+", default=["kept", "night", "live", "storm"])
    given = asked.parse_args()
    print(f"load of this machine at the start: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory(prefix="boxout-") as folder:
        at = Path(folder)
        for count in given.connections if "kept" in given.only else ():
            durable(at / f"kept{count}", given.messages, count)
        if "night" in given.only:
            last_needed(at / "night")
        if "live" in given.only:
            live(at / "live")
        for count in given.connections if "storm" in given.only else ():
            storm(at / f"storm{count}", given.messages, count, given.dates)
    print(f"load of this machine at the end: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
