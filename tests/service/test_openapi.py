"""Whatever the OpenAPI document allows is answered, and never with a bug."""

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings

from boxout.service import Guard, Role

TOKEN = "t" * 20
BOUNDED = settings(
    max_examples=3,
    deadline=None,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


def asked(client, operation) -> set[int]:
    """The status of every answer to some requests that the document allows, or nearly."""
    told: set[int] = set()

    @seed(7)
    @BOUNDED
    @given(operation.as_strategy())
    def ask(case) -> None:
        sent = case.as_transport_kwargs(base_url="http://127.0.0.1:8000")
        sent = {name: one for name, one in sent.items() if one is not None and name != "cookies"}
        headers = {**(sent.pop("headers", None) or {}), "Authorization": f"Bearer {TOKEN}"}
        if "data" in sent:
            sent["content"] = sent.pop("data")
        with client.stream(sent.pop("method"), sent.pop("url"), headers=headers, **sent) as answer:
            told.add(answer.status_code)

    ask()
    return told


def test_nothing_that_is_described_ends_in_a_bug(landed, at_work):
    client = at_work(landed, Guard({Role.FORCE: (TOKEN,)}), files=landed.folder)
    schema = schemathesis.openapi.from_dict(client.get("/openapi.json").json())
    operations = [found.ok() for found in schema.get_all_operations()]
    told = {one.label: asked(client, one) for one in operations}
    assert len(told) > 20
    assert {name: codes for name, codes in told.items() if max(codes) >= 500} == {}
