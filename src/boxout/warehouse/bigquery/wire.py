"""The real client of BigQuery, asked for what is needed of it, without tries of its own."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from io import BytesIO
from typing import Any, Final, NamedTuple

from boxout.deferred import deferred
from boxout.errors import DefinitionError, StoreUnavailable
from boxout.warehouse.bigquery.address import Address

bigquery = deferred("google.cloud.bigquery")
auth_exceptions = deferred("google.auth.exceptions")
credentials = deferred("google.auth.credentials")
exceptions = deferred("google.api_core.exceptions")
parquet = deferred("pyarrow.parquet")

_INSTALL: Final = (
    "A warehouse in BigQuery needs a client that is not installed: pip install 'boxout[bigquery]'."
    " Nothing was read or written."
)
_UNSIGNED: Final = (
    "BigQuery cannot be asked: this machine has no credentials for it. Nothing was read or written."
    " Next: gcloud auth application-default login, or run as a service account."
    " See docs/how-to/bigquery.md"
)
CALL_S_MAX: Final = 60
_ON_ITS_WAY_S: Final = 86_400


class Given(NamedTuple):
    """A parameter whose type its value does not tell: a null, or a list that may be empty."""

    kind: str
    value: Any


class Asked(NamedTuple):
    """A statement with its parameters, and what its job may bill and carries as labels."""

    sql: str
    given: Mapping[str, Any]
    labels: Mapping[str, str] = {}
    is_estimate: bool = False


class Wire:
    """One client; every call is done once, and its errors are those of the client."""

    def __init__(self, address: Address) -> None:
        self.address = address
        try:
            self.client = bigquery.Client(project=address.project, **_signed(address))
        except ModuleNotFoundError as error:
            raise DefinitionError(_INSTALL) from error
        except auth_exceptions.DefaultCredentialsError as error:
            raise StoreUnavailable(_UNSIGNED) from error

    def close(self) -> None:
        """Let go of the connections."""
        self.client.close()

    def started(self, job_id: str, asked: Asked, *, is_again: bool = False) -> Any:
        """The job of this id: begun now, or by whoever asked for the same before.

        When it `is_again` asked for, it is looked for first.
        """
        if is_again:
            with suppress(exceptions.NotFound):
                return self._job(job_id)
        try:
            return self.client.query(
                asked.sql,
                job_config=_config(self.address, asked),
                job_id=job_id,
                retry=None,
                job_retry=None,
                timeout=CALL_S_MAX,
            )
        except exceptions.Conflict:
            return self._job(job_id)

    def _job(self, job_id: str) -> Any:
        return self.client.get_job(job_id, location=self.address.location, retry=None)

    def cancel(self, job_id: str) -> None:
        """Ask that a job ends; nothing when there is none yet."""
        try:
            self.client.cancel_job(job_id, location=self.address.location, retry=None)
        except exceptions.NotFound:
            return

    def created_ms(self, dataset: str, *, is_made: bool = True) -> int | None:
        """When a dataset was made; when it is not there, it `is_made` now, or None."""
        try:
            found = self.client.get_dataset(dataset, retry=None)
        except exceptions.NotFound:
            if not is_made:
                return None
            made = bigquery.Dataset(f"{self.address.project}.{dataset}")
            made.location, made.labels = self.address.location, dict(self.address.labels)
            self.client.create_dataset(made, exists_ok=True, retry=None)
            found = self.client.get_dataset(dataset, retry=None)
        return int(found.created.timestamp() * 1000)

    def make_table(
        self,
        name: str,
        columns: Mapping[str, str],
        *,
        cut_by: str = "",
        clustered: Sequence[str] = (),
    ) -> None:
        """Make a table that is not there; partitioned by the month of a date, and clustered."""
        table = self._table(name, columns)
        if cut_by:
            month = bigquery.TimePartitioningType.MONTH
            table.time_partitioning = bigquery.TimePartitioning(type_=month, field=cut_by)
        if clustered:
            table.clustering_fields = list(clustered)
        table.labels = dict(self.address.labels)
        self.client.create_table(table, exists_ok=True, retry=None)

    def show(self, name: str, sql: str) -> None:
        """A view that selects this; a table of that name is somebody's, and stays."""
        view = bigquery.Table(f"{self.address.project}.{name}")
        view.view_query = sql
        try:
            self.client.create_table(view, retry=None)
        except exceptions.Conflict:
            there = self.client.get_table(view.reference, retry=None)
            if there.table_type == "VIEW":
                self.client.update_table(view, ["view_query"], retry=None)

    def hide(self, name: str) -> None:
        """Remove a view, if it is there; a table of that name is somebody's, and stays."""
        with suppress(exceptions.NotFound):
            there = self.client.get_table(f"{self.address.project}.{name}", retry=None)
            if there.table_type == "VIEW":
                self.client.delete_table(there, retry=None)

    def bring(self, name: str, columns: Mapping[str, str], rows: Any, until: Any) -> None:
        """The rows of an Arrow table as a table that goes away by itself; again is harmless."""
        table = self._table(name, columns)
        table.expires = until
        self.client.create_table(table, exists_ok=True, retry=None)
        file = BytesIO()
        parquet.write_table(rows, file)
        file.seek(0)
        config = bigquery.LoadJobConfig(
            source_format="PARQUET", write_disposition="WRITE_TRUNCATE", schema=table.schema
        )
        config.labels = dict(self.address.labels)
        where = f"{self.address.project}.{name}"
        job = self.client.load_table_from_file(
            file, where, location=self.address.location, job_config=config, num_retries=0
        )
        job.result(retry=None, timeout=None)

    def forget(self, name: str) -> None:
        """Remove a table, if it is there."""
        self.client.delete_table(f"{self.address.project}.{name}", not_found_ok=True, retry=None)

    def cut_by(self, table: str) -> tuple[str, str, str] | None:
        """The column that a table is partitioned by, how long a part is, and the column's type."""
        found = self.client.get_table(table, retry=None)
        part = found.time_partitioning
        if part is None or not part.field:
            return None
        kinds = {field.name: field.field_type for field in found.schema}
        return part.field, part.type_, kinds[part.field]

    def tables(self, dataset: str) -> list[tuple[str, bool]]:
        """The tables and views of a dataset, each with whether it is a view."""
        where = f"{self.address.project}.{dataset}"
        found = self.client.list_tables(where, retry=None)
        return sorted((one.table_id, one.table_type == "VIEW") for one in found)

    def _table(self, name: str, columns: Mapping[str, str]) -> Any:
        fields = [bigquery.SchemaField(column, kind) for column, kind in columns.items()]
        return bigquery.Table(f"{self.address.project}.{name}", schema=fields)


def _signed(address: Address) -> dict[str, Any]:
    options: dict[str, Any] = {"location": address.location}
    if address.endpoint:
        options["client_options"] = {"api_endpoint": address.endpoint}
        options["credentials"] = credentials.AnonymousCredentials()
    return options


def _config(address: Address, asked: Asked) -> Any:
    config = bigquery.QueryJobConfig(
        query_parameters=[_parameter(name, value) for name, value in asked.given.items()],
        default_dataset=f"{address.project}.{address.dataset}",
        labels={**address.labels, **asked.labels},
        use_query_cache=False,
    )
    if asked.is_estimate:
        config.dry_run = True
    else:
        config.maximum_bytes_billed = address.bytes_billed_max
    return config


_KINDS: Final[tuple[tuple[type, str], ...]] = (
    (bool, "BOOL"),
    (int, "INT64"),
    (float, "FLOAT64"),
    (str, "STRING"),
)


def _parameter(name: str, value: Any) -> Any:
    given = value if isinstance(value, Given) else Given(_kind(name, value), value)
    kinds: dict[bool, Callable[..., Any]] = {
        True: bigquery.ArrayQueryParameter,
        False: bigquery.ScalarQueryParameter,
    }
    return kinds[isinstance(given.value, list)](name, given.kind, given.value)


def _kind(name: str, value: Any) -> str:
    for python, kind in _KINDS:
        if isinstance(value, python):
            return kind
    raise TypeError(f"parameter {name}: {type(value).__name__} has no type of its own here")
