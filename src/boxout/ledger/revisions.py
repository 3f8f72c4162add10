"""Bringing a ledger file forward to the schema that this Boxout knows."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from boxout.deferred import deferred
from boxout.errors import StoreUnavailable
from boxout.ledger.store import Base

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection

# Alembic takes a fifth of a second to import, and a ledger is behind once in its life.
command = deferred("alembic.command")
config = deferred("alembic.config")
script = deferred("alembic.script")

HEAD: Final = "0008"
"""The newest step in migrations/versions."""

_REVISION: Final = "SELECT version_num FROM alembic_version"
_NEWER: Final = (
    "The ledger {path} was written by a newer Boxout (schema {found}, this one knows {head})."
    " Nothing was read or written. Install the newer Boxout, or name another file."
)
_FOREIGN: Final = (
    "{path} is a database, but not a ledger: it holds the tables {tables}."
    " Nothing was written. Name another file."
)


def bring_forward(store: Base) -> None:
    """Run the steps that the file lacks; a crash inside leaves it as it was."""
    with store.reading() as c:
        if _stored(c, store) == HEAD:
            return
    with store.writing() as c:
        found = _stored(c, store)  # another process may have been here in between
        if found == HEAD:
            return
        alembic = _alembic()
        if found is not None and found not in _known(alembic):
            raise StoreUnavailable(_NEWER.format(path=store.path, found=found, head=HEAD))
        store.bring(c, partial(_upgrade, alembic))


def _upgrade(alembic: "Config", connection: "Connection") -> None:
    alembic.attributes["connection"] = connection
    command.upgrade(alembic, HEAD)


def _stored(c: Any, store: Base) -> str | None:
    tables = store.tables(c)
    if not tables:
        return None
    if "alembic_version" not in tables or "publication" not in tables:
        raise StoreUnavailable(_FOREIGN.format(path=store.path, tables=", ".join(tables[:5])))
    return str(c.exec_driver_sql(_REVISION).scalar_one())


def _alembic() -> "Config":
    alembic = config.Config()
    alembic.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return alembic


def _known(alembic: "Config") -> set[str]:
    steps = script.ScriptDirectory.from_config(alembic).walk_revisions()
    return {step.revision for step in steps}
