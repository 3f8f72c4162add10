"""Statements as jobs: tried again without being done twice, stopped, counted, and paid for."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager, suppress
from decimal import Decimal
from threading import Lock
from typing import Any, Final

from boxout.errors import DefinitionError, StoreUnavailable
from boxout.warehouse.bigquery.tries import Tries, first_line, is_passing, reasons
from boxout.warehouse.bigquery.wire import Asked, Given, Wire
from boxout.warehouse.billing import Spent
from boxout.warehouse.port import Interrupted, Row
from boxout.warehouse.work import Work

NOT_ALLOWED: Final = frozenset({"accessDenied", "authError", "billingNotEnabled"})
NOT_THERE: Final = frozenset({"notFound"})
TOO_DEAR: Final = "bytesBilledLimitExceeded"
STOPPED: Final = "stopped"


class Jobs:
    """The statements of one process.

    A job that writes has an id made of what it writes. Asked for again, by whomever, BigQuery
    answers with the job that there is. Only a job that failed, and so wrote nothing, is followed
    by another, whose id ends with the next number.
    """

    def __init__(self, wire: Wire, tries: Tries, new_id: Callable[[], str], work: Work) -> None:
        self._wire, self._tries, self._new_id, self._work = wire, tries, new_id, work
        self._spent, self._lock = Spent(), Lock()

    @property
    def spent(self) -> Spent:
        """What this process has asked so far."""
        return self._spent

    def rows(
        self,
        sql: str,
        given: Mapping[str, Any] | None = None,
        *,
        what: str = "read",
        versions: Sequence[int] = (),
    ) -> list[Row]:
        """The rows of a statement, each value as the port gives it.

        Of `versions` somebody may stop the work meanwhile.
        """
        found = self._finished(f"boxout_{what}_{self._new_id()}", sql, given, what, versions)
        return [{name: _plain(value) for name, value in row.items()} for row in found]

    def arrow(
        self,
        sql: str,
        given: Mapping[str, Any],
        *,
        what: str = "read",
        versions: Sequence[int] = (),
    ) -> Any:
        """The same as an Arrow table."""
        found = self._finished(f"boxout_{what}_{self._new_id()}", sql, given, what, versions)
        return found.to_arrow(create_bqstorage_client=False)

    def write(
        self,
        sql: str,
        given: Mapping[str, Any],
        *,
        what: str,
        of: str,
        table: str = "",
        versions: Sequence[int] = (),
    ) -> None:
        """Do once, and never twice, what a statement writes; `of` is what else makes it this one."""
        name = job_name(what, of, sql, given)
        self._finished(name, sql, given, what, versions, table=table)

    def answer(
        self, sql: str, *, versions: Sequence[int] = ()
    ) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Names and rows of what a person asks."""
        found = self._finished(f"boxout_query_{self._new_id()}", sql, {}, "query", versions)
        names = [field.name for field in found.schema]
        return names, [tuple(map(_plain, row.values())) for row in found]

    def described(self, sql: str, given: Mapping[str, Any]) -> tuple[str, int]:
        """Of what kind a statement is, and the bytes it would process; nothing is run."""
        asked = Asked(sql, given, {"boxout": "estimate"}, is_estimate=True)
        name = f"boxout_estimate_{self._new_id()}"
        with _told():
            job = self._tries.of(lambda _: self._wire.started(name, asked))
        return job.statement_type or "", int(job.total_bytes_processed or 0)

    def call(self, once: Callable[[], Any]) -> Any:
        """What a call that may be made again gives."""
        with _told():
            return self._tries.of(lambda _: once())

    def _finished(
        self,
        name: str,
        sql: str,
        given: Mapping[str, Any] | None,
        what: str,
        versions: Sequence[int],
        *,
        table: str = "",
    ) -> Any:
        labels = {"boxout": what, **({"boxout_table": label(table)} if table else {})}
        asked = Asked(sql, given or {}, labels)
        chain = _Chain(name)
        with _told(), self._work.on(versions, lambda: self._interrupt(chain)):
            job, found = self._tries.of(lambda nth: self._once(chain, asked, versions, nth))
            self._count(job)
            return found

    def _once(
        self, chain: "_Chain", asked: Asked, versions: Sequence[int], nth: int
    ) -> tuple[Any, Any]:
        """One job to its end: whatever is unknown of a job is asked of the same again."""
        self._work.refuse_stopped(versions)
        job = None
        try:
            job = self._wire.started(chain.job_id, asked, is_again=nth > 0)
            return job, job.result(retry=None, job_retry=None, timeout=None)
        except Exception as error:
            if job is not None and job.error_result and is_passing(error):
                chain.failed += 1
            raise

    def _interrupt(self, chain: "_Chain") -> None:
        # What a cancellation cannot reach now is cancelled at the next try of who stops it.
        with suppress(Exception):
            self._wire.cancel(chain.job_id)

    def _count(self, job: Any) -> None:
        processed, billed = job.total_bytes_processed or 0, job.total_bytes_billed or 0
        with self._lock:
            before = self._spent
            self._spent = Spent(
                before.jobs + 1, before.bytes_processed + processed, before.bytes_billed + billed
            )


class _Chain:
    """The jobs of one statement: each but the last failed, and wrote nothing."""

    def __init__(self, name: str) -> None:
        self._name, self.failed = name, 0

    @property
    def job_id(self) -> str:
        return f"{self._name}_{self.failed}"


def label(text: str) -> str:
    """A name as the value of a label."""
    return re.sub(r"[^a-z0-9_-]", "_", text.lower())[:63]


def job_name(what: str, of: str, sql: str, given: Mapping[str, Any]) -> str:
    """The name of the job that writes this: the same for the same, in every process."""
    values = {name: one.value if isinstance(one, Given) else one for name, one in given.items()}
    said = json.dumps([what, of, sql, values], sort_keys=True, default=str)
    return f"boxout_{what}_{hashlib.sha256(said.encode()).hexdigest()[:40]}"


@contextmanager
def _told() -> Any:
    """What BigQuery raises, sorted by what the caller does next; wrong SQL stays a bug."""
    try:
        yield
    except (Interrupted, StoreUnavailable, DefinitionError):
        raise
    except Exception as error:
        why = reasons(error)
        if STOPPED in why:
            raise Interrupted("the work was stopped; no row of it is kept") from error
        if TOO_DEAR in why:
            raise DefinitionError(_TOO_DEAR.format(error=first_line(error))) from error
        if why & NOT_ALLOWED or type(error).__name__ in _UNSIGNED:
            raise StoreUnavailable(_NOT_ALLOWED.format(error=first_line(error))) from error
        raise


_UNSIGNED: Final = frozenset(
    {"DefaultCredentialsError", "Forbidden", "RefreshError", "Unauthorized"}
)
_TOO_DEAR: Final = (
    "{error} Nothing was written. Next: allow more with maximum_bytes_billed in the warehouse's"
    " line of boxout.toml, or ask for fewer dates."
)
_NOT_ALLOWED: Final = (
    "BigQuery does not let this process in: {error} Nothing was written."
    " See docs/how-to/bigquery.md for the roles that are needed."
)


def _plain(value: Any) -> Any:
    """A value as the port gives it: a whole number of any size is an int."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value
