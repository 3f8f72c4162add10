"""Luigi: one task for each table and range of dates, done when its marker is there."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import luigi
from work import Work

KEEPS = "per date and table: a file that says done"


class Table(luigi.Task):
    """One table with its checks."""

    folder = luigi.Parameter()
    name = luigi.Parameter()
    first = luigi.Parameter()
    last = luigi.Parameter()

    def requires(self) -> list["Table"]:
        told = Work(Path(self.folder)).told
        return [
            Table(self.folder, read, self.first, self.last)
            for read in told["reads"][self.name]
            if read in told["tables"]
        ]

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget(
            Path(self.folder) / "done" / self.name / f"{self.first}_{self.last}"
        )

    def run(self) -> None:
        work = Work(Path(self.folder))
        with work.connect() as connection:
            work.build(connection, self.name, self.first, self.last)
            for check in work.checks_of(self.name):
                work.check(connection, check, self.first, self.last)
        with self.output().open("w") as done:
            done.write("done")


def set_up(work: Work) -> None:
    """The sources."""
    work.load()


@contextmanager
def opened(work: Work) -> Generator[Callable[[str, str], None], None, None]:
    """Asks the local scheduler for the dates from first to last."""
    # Its tasks open the database for themselves; held open here, that costs little.
    with work.connect():

        def go(first: str, last: str) -> None:
            asked = [Table(str(work.folder), name, first, last) for name in work.told["tables"]]
            if not luigi.build(asked, local_scheduler=True, log_level="WARNING"):
                raise RuntimeError(f"Luigi did not finish {first} to {last}")

        yield go
