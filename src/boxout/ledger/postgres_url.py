"""The address of a PostgreSQL database, as its own tools write it: one host, or several in turn."""

import re
from typing import Any, Final

from boxout.deferred import deferred
from boxout.errors import DefinitionError

conninfo = deferred("psycopg.conninfo")
psycopg = deferred("psycopg")

_PASSWORDS: Final = ((r"(://[^:/@?]*:)[^@/?]*@", r"\1***@"), (r"\b(password=)[^&]*", r"\1***"))
_INSTALL: Final = (
    "A ledger on PostgreSQL needs a driver that is not installed: pip install 'boxout[postgres]'."
    " Nothing was read or written."
)
_UNREADABLE: Final = (
    "{url} is not the address of a PostgreSQL database: {error}. Nothing was read or written."
    " Needed: postgresql://user@host/database, or postgresql://user@one,other/database for several"
    " servers of which one can be written to."
)


def shown(url: str) -> str:
    """The address without its password."""
    for pattern, words in _PASSWORDS:
        url = re.sub(pattern, words, url)
    return url


def parts(url: str, wait_s: float) -> dict[str, Any]:
    """What the driver needs to connect; with several hosts, to whichever can be written to.

    DefinitionError when the address cannot be read, or the driver is not installed.
    """
    try:
        said: dict[str, Any] = conninfo.conninfo_to_dict(url)
    except ModuleNotFoundError as error:
        raise DefinitionError(_INSTALL) from error
    except psycopg.ProgrammingError as error:
        told = _UNREADABLE.format(url=shown(url), error=shown(str(error).strip()))
        raise DefinitionError(told) from error
    timeouts = f"-c lock_timeout={int(wait_s * 1000)} -c idle_in_transaction_session_timeout=0"
    options = f"{said.get('options') or ''} {timeouts} -c client_min_messages=warning"
    if "," in said.get("host", ""):
        said.setdefault("target_session_attrs", "read-write")
    return {"connect_timeout": max(2, int(wait_s)), **said, "options": options.strip()}
