"""The file that says where a running service is; only its owner can read it."""

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

FILE: Final = "service.json"


class Door(NamedTuple):
    """Where the relay listens on this machine, and the key that opens it."""

    pid: int
    port: int
    key: str


def write(folder: Path, door: Door) -> None:
    """Say where it is; whole or not at all, and nobody else can read it at any moment."""
    folder.mkdir(exist_ok=True)
    part = folder / f"{FILE}.part"
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(door._asdict(), file)
    part.replace(folder / FILE)


def found(folder: Path) -> Door | None:
    """Where it is said to be; None when nobody says so."""
    try:
        return Door(**json.loads((folder / FILE).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def forget(folder: Path) -> None:
    """It is there no more."""
    with suppress(OSError):
        (folder / FILE).unlink()
