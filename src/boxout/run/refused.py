"""A file that is refused whole leaves nothing behind but the word that it was refused."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from boxout.errors import Withheld
from boxout.ledger.records import Entry
from boxout.model import Reader
from boxout.run.engine import Engine


@contextmanager
def telling_refusal(engine: Engine, path: Path, reader: Reader) -> Generator[None]:
    """Write a refusal of what is read inside to the outbox, and let it go on to whoever asked."""
    try:
        yield
    except Withheld as refusal:
        told = str(refusal)
        details = {"file": str(path), "reader": reader.name, "message": told}
        cause = told.splitlines()[0].rstrip(":")
        about = (reader.table.name, "", "", 0, None, None)
        engine.ledger.tell([Entry(0, "", "refused", "", *about, cause, details)])
        raise
