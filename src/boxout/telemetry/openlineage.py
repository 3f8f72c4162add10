"""Runs as OpenLineage events, read from the outbox: a START, and exactly one end.

A run of the engine is a run here. A landing is one too: it is told when it is public, or withheld,
with its beginning, because before that nothing was read or written that anybody can see.
"""

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from boxout.compiled import lineage
from boxout.deferred import deferred
from boxout.errors import ChannelUnavailable
from boxout.graph import Graph
from boxout.ledger import CheckCount, Entry, Ledger, Version
from boxout.model import Table
from boxout.telemetry.installed import need

event = deferred("openlineage.client.event_v2")
facets = deferred("openlineage.client.facet_v2")
http = deferred("openlineage.client.transport.http")
requests = deferred("requests")
serde = deferred("openlineage.client.serde")

PRODUCER: Final = "urn:boxout"
OUT: Final = ("published", "forced")
BACK: Final = ("withheld", "failed", "alert")
PAGE: Final = 1000
TIMEOUT_S: Final = 10
DIRECT: Final = "DIRECT"
INDIRECT: Final = "INDIRECT"


def run_events(ledger: Ledger, graph: Graph, namespace: str) -> Iterator[tuple[int, Any]]:
    """Every event that the outbox has, with the entry that it was told at, oldest first.

    The same outbox gives the same events, whoever asks and however often: a run's id is made of
    the namespace and of its name here.
    """
    need("openlineage")
    told, after = Told(ledger, graph, namespace), 0
    while page := ledger.outbox(after, PAGE):
        for one in page:
            for made in told.of(one):
                yield one.entry, made
        after = page[-1].entry


def as_line(made: Any) -> str:
    """An event as the official library writes it, on one line."""
    return serde.Serde.to_json(made)


def poster(url: str, key: str = "") -> Callable[[Any], None]:
    """Sends events to a collector; ChannelUnavailable when it does not take one."""
    need("openlineage", "requests")
    auth = {"auth": {"type": "api_key", "apiKey": key}} if key else {}
    said = {
        "type": "http",
        "url": url,
        "timeout": TIMEOUT_S,
        "retry": {"total": 0, "status_forcelist": []},
        **auth,
    }
    try:
        transport = http.HttpTransport(http.HttpConfig.from_dict(said))
    except ValueError as error:
        raise ChannelUnavailable(f"openlineage: {error}") from error

    def post(made: Any) -> None:
        try:
            transport.emit(made)
        except requests.RequestException as error:
            answer = getattr(error.response, "status_code", None)
            told = f"answered {answer}" if answer else f"cannot be reached ({type(error).__name__})"
            raise ChannelUnavailable(f"openlineage: {told}") from error

    return post


@dataclass(slots=True)
class Told:
    """What was begun and not ended, and the tables as datasets."""

    ledger: Ledger
    graph: Graph
    namespace: str
    open: dict[str, list[Entry]] = field(default_factory=dict)
    landed: set[str] = field(default_factory=set)
    columns: dict[str, Any] = field(default_factory=dict)

    def of(self, one: Entry) -> Iterator[Any]:
        """The events of one entry: none, one, or a beginning with its end."""
        match one.kind:
            case "run began":
                self.open[one.run] = []
                yield self._event("START", one.run, one.at, "run")
            case "run ended" | "run abandoned" if one.run in self.open:
                yield self._ended(one, self.open.pop(one.run))
            case _ if one.run in self.open:
                self.open[one.run].append(one)
            case "published" | "forced" | "withheld" if self._is_landing(one):
                yield from self._landed(one)
            case _:
                return

    def _is_landing(self, one: Entry) -> bool:
        return (
            bool(one.run) and one.run not in self.landed and self.graph.tables[one.table].is_source
        )

    def _ended(self, one: Entry, of: Sequence[Entry]) -> Any:
        outputs = [said for said in of if said.kind in OUT and said.version is not None]
        back = [said for said in of if said.kind in BACK]
        if one.kind == "run abandoned":
            return self._event("ABORT", one.run, one.at, "run", outputs, f"abandoned: {one.cause}")
        if back and not outputs:
            causes = "; ".join(dict.fromkeys(f"{said.kind}: {said.cause}" for said in back))
            return self._event("FAIL", one.run, one.at, "run", (), causes)
        return self._event("COMPLETE", one.run, one.at, "run", outputs)

    def _landed(self, one: Entry) -> Iterator[Any]:
        self.landed.add(one.run)
        job = f"land {one.table}"
        began = one.at
        if one.version is not None:
            began = next((o.created_at for o in self.ledger.versions([one.version])), one.at)
        yield self._event("START", one.run, began, job)
        if one.kind == "withheld":
            yield self._event("FAIL", one.run, one.at, job, (), f"withheld: {one.cause}")
        else:
            yield self._event("COMPLETE", one.run, one.at, job, (one,))

    def _event(  # noqa: PLR0917
        self, kind: str, run: str, at: str, job: str, outputs: Sequence[Entry] = (), error: str = ""
    ) -> Any:
        message = facets.error_message_run.ErrorMessageRunFacet
        broke = {"errorMessage": message(error, "SQL", producer=PRODUCER)} if error else {}
        number = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self.namespace}/{run}"))
        versions = self.ledger.versions([one.version for one in outputs if one.version is not None])
        return event.RunEvent(
            eventType=event.RunState(kind),
            eventTime=at,
            run=event.Run(runId=number, facets=broke),
            job=event.Job(namespace=self.namespace, name=job),
            inputs=self._inputs(versions),
            outputs=[self._output(table, of) for table, of in _by_table(versions).items()],
            producer=PRODUCER,
        )

    def _inputs(self, versions: Sequence[Version]) -> list[Any]:
        """The tables that were read, at the publication they were read at."""
        written = {one.table for one in versions}
        read = {(o.table, o.snapshot) for one in versions for o in one.reads}
        named = sorted(o for o in read if o[0] in self.graph.tables and o[0] not in written)
        return [
            event.InputDataset(
                self.namespace, table, facets=self._facets(table, f"publication {at}")
            )
            for table, at in named
        ]

    def _output(self, table: str, versions: Sequence[Version]) -> Any:
        """What was written of a table: its latest version, and every check of all of them."""
        numbers = [one.version for one in versions]
        said = self._facets(table, str(max(numbers)))
        if table in self.graph.processors:
            said["columnLineage"] = self._lineage(table)
        counts = [count for number in numbers for count in self.ledger.counts(number)]
        if counts:
            said["dataQualityAssertions"] = _assertions(counts)
        return event.OutputDataset(self.namespace, table, facets=said)

    def _facets(self, table: str, version: str) -> dict[str, Any]:
        shape = facets.schema_dataset
        kept = facets.dataset_version_dataset.DatasetVersionDatasetFacet
        known = self.graph.tables.get(table)
        said: dict[str, Any] = {"version": kept(version, producer=PRODUCER)}
        if known is not None:
            columns = [shape.SchemaDatasetFacetFields(*one) for one in _columns(known)]
            said["schema"] = shape.SchemaDatasetFacet(columns, producer=PRODUCER)
        return said

    def _lineage(self, table: str) -> Any:
        if table not in self.columns:
            self.columns[table] = self._read_by(table)
        return self.columns[table]

    def _read_by(self, table: str) -> Any:
        """Which columns each column is made of; one of which nothing is established says so."""
        facet, read = facets.column_lineage_dataset, lineage(self.graph.processors[table])
        fields = {
            name: facet.Fields(
                [self._field(one, DIRECT) for one in sorted(of)],
                transformationDescription=None if of else "unknown: no column is known to be read",
            )
            for name, of in read.columns.items()
        }
        joined = frozenset[tuple[str, str]]().union(*(one.reads for one in read.joins))
        rows = [self._field(one, INDIRECT) for one in sorted(read.rows | joined)]
        return facet.ColumnLineageDatasetFacet(fields, rows, producer=PRODUCER)

    def _field(self, source: tuple[str, str], kind: str) -> Any:
        facet = facets.column_lineage_dataset
        return facet.InputField(self.namespace, *source, [facet.Transformation(kind)])


def _columns(table: Table) -> Iterator[tuple[str, str, str | None]]:
    for one in table.columns:
        yield one.name, str(one.dtype), one.doc or None


def _by_table(versions: Sequence[Version]) -> dict[str, list[Version]]:
    found: dict[str, list[Version]] = {}
    for one in versions:
        found.setdefault(one.table, []).append(one)
    return found


def _assertions(counts: Sequence[CheckCount]) -> Any:
    """Every check over all partitions: it succeeded where some were judged and all of them passed."""
    kind = facets.data_quality_assertions_dataset
    severity: Mapping[str, str] = {"block": "error"}
    by_check: dict[str, list[CheckCount]] = {}
    for one in counts:
        by_check.setdefault(one.check, []).append(one)
    made = [
        kind.Assertion(
            check,
            any(one.passed for one in of) and not any(one.failed or one.unknown for one in of),
            severity=severity.get(of[0].severity, "warn"),
        )
        for check, of in by_check.items()
    ]
    return kind.DataQualityAssertionsDatasetFacet(made, producer=PRODUCER)
