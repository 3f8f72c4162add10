"""What the specification of OpenLineage asks of every event, said here again.

Its own schema comes with no package; docs/how-to/lineage.md says where we differ from it.
"""

from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from boxout.graph import build
from boxout.ledger import MemoryLedger
from boxout_nba import GAMES
from ledger.acts import Time
from telemetry.test_openlineage import events, night

URI = {"type": "string", "pattern": "^[a-z][a-z0-9+.-]*:[^ ]+$"}
TEXT = {"type": "string", "minLength": 1}
MOMENT = {
    "type": "string",
    "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$",
}
UUID = {"type": "string", "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"}


def asks(required: dict[str, Any], allowed: dict[str, Any]) -> dict[str, Any]:
    """An object that has the one and may have the other, each as said."""
    return {"type": "object", "required": list(required), "properties": required | allowed}


FACET = asks({"_producer": URI, "_schemaURL": URI}, {})
FACETS = {"type": "object", "additionalProperties": FACET}
NAMED = {"namespace": TEXT, "name": TEXT}
COLUMNS = {"type": "array", "items": asks({"name": TEXT, "type": TEXT}, {})}
DESCRIBED = {**FACETS, "properties": {"schema": {"allOf": [FACET, asks({"fields": COLUMNS}, {})]}}}
GIVEN = asks(NAMED, {"facets": DESCRIBED, "inputFacets": FACETS})
MADE = asks(NAMED, {"facets": DESCRIBED, "outputFacets": FACETS})
KINDS = {"enum": ["START", "COMPLETE", "ABORT", "FAIL", "OTHER", "RUNNING"]}
EVENT = Draft202012Validator(
    asks(
        {
            "run": asks({"runId": UUID}, {"facets": FACETS}),
            "job": asks(NAMED, {"facets": FACETS}),
            "eventTime": MOMENT,
            "producer": URI,
            "schemaURL": URI,
        },
        {
            "eventType": KINDS,
            "inputs": {"type": "array", "items": GIVEN},
            "outputs": {"type": "array", "items": MADE},
        },
    )
)


@pytest.fixture(scope="module")
def told() -> list[dict[str, Any]]:
    """The events of a night: a landing and a run."""
    ledger, graph = MemoryLedger(Time()), build(GAMES)
    night(ledger)
    return events(ledger, graph)


def test_every_event_is_as_the_specification_asks(told: list[dict[str, Any]]) -> None:
    assert len(told) == 4
    for one in told:
        EVENT.validate(one)


@pytest.mark.parametrize(
    "spoiled",
    [
        {"eventTime": "2026-02-04"},
        {"run": {"runId": "night"}},
        {"job": {"namespace": "boxout"}},
        {"eventType": "DONE"},
        {"outputs": [{"namespace": "boxout", "name": "t", "facets": {"schema": {"fields": []}}}]},
    ],
)
def test_what_is_not_as_asked_is_found(told: list[dict[str, Any]], spoiled: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        EVENT.validate(told[-1] | spoiled)
