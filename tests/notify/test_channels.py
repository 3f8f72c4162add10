"""The real ways out: Apprise and HTTP, against a server on loopback."""

import json
from datetime import datetime
from typing import Any

import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_structured_event

from boxout.errors import ChannelUnavailable, DefinitionError
from boxout.ledger import MemoryLedger
from boxout.notify import Channel, Message, channels, cloud_event, senders
from ledger.acts import ONE, public
from notify.posting import Served

MESSAGE = Message("10 partitions withheld", "Next: boxout why", "error", 41)
SECRET = "json://user:s3cret@127.0.0.1:9/hook"


def channel(url: str, form: str = "message") -> Channel:
    return Channel("team", url, form, "info", ())


def test_a_message_goes_out_through_apprise(served: Served) -> None:
    senders({"URL": f"json://{served.url}/hook"}).message(channel("$URL"), MESSAGE)
    ((_, said),) = served.posted
    assert said["title"] == "Boxout: 10 partitions withheld"
    assert said["message"] == "Next: boxout why"
    assert said["type"] == "failure"


@pytest.mark.parametrize("url", [SECRET, "nonsense", "$URL"])
def test_a_message_that_is_not_taken_is_said_without_the_url(url: str) -> None:
    with pytest.raises(ChannelUnavailable, match="channel team: ") as refusal:
        senders({}).message(channel(url), MESSAGE)
    assert "s3cret" not in str(refusal.value)


def test_a_message_that_a_service_refuses_is_not_taken(served: Served) -> None:
    served.answer = 500
    with pytest.raises(ChannelUnavailable, match="did not take the message"):
        senders({}).message(channel(f"json://{served.url}"), MESSAGE)


def event(ledger: MemoryLedger) -> dict[str, Any]:
    public(ledger, ONE, table="offense")
    return cloud_event(ledger.outbox(0, 1)[0], "/boxout/nba")


def test_an_event_is_a_structured_cloud_event(served: Served, ledger: MemoryLedger) -> None:
    senders({}).cloud_event(channel(f"http://{served.url}", "cloudevents"), event(ledger))
    ((headers, said),) = served.posted
    kinds = {name.lower(): value for name, value in headers.items()}
    assert kinds["content-type"] == "application/cloudevents+json"
    assert datetime.fromisoformat(said.pop("time")) == datetime.fromisoformat(event(ledger)["time"])
    assert said["data"]["publication"] == 1
    assert said | {"data": 0} == {
        "specversion": "1.0",
        "id": "1",
        "source": "/boxout/nba",
        "type": "boxout.published",
        "subject": f"offense/{ONE}",
        "datacontenttype": "application/json",
        "data": 0,
    }


def test_a_line_of_events_is_read_by_the_official_library(ledger: MemoryLedger) -> None:
    kind = {"content-type": "application/cloudevents+json"}
    read = from_structured_event(HTTPMessage(kind, json.dumps(event(ledger)).encode()))
    assert (read.get_id(), read.get_type()) == ("1", "boxout.published")


@pytest.mark.parametrize(("answer", "said"), [(503, "answered 503"), (404, "answered 404")])
def test_an_event_that_is_refused_is_not_taken(
    served: Served, ledger: MemoryLedger, answer: int, said: str
) -> None:
    served.answer = answer
    with pytest.raises(ChannelUnavailable, match=said):
        senders({}).cloud_event(channel(f"http://{served.url}", "cloudevents"), event(ledger))


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/s3cret", "file:///etc/hosts", "s3cret"])
def test_an_address_that_cannot_be_is_said_without_the_url(ledger: MemoryLedger, url: str) -> None:
    with pytest.raises(ChannelUnavailable, match="channel team: ") as refusal:
        senders({}).cloud_event(channel(url, "cloudevents"), event(ledger))
    assert "s3cret" not in str(refusal.value)


def test_without_the_extra_the_command_to_install_it_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(channels, "find_spec", lambda _: None)
    with pytest.raises(DefinitionError, match=r"pip install 'boxout\[notify\]'"):
        senders({})
