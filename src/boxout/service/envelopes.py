"""What came over the wire, unwrapped: Pub/Sub push, and CloudEvents structured and binary."""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

STRUCTURED: Final = "application/cloudevents+json"
BATCH: Final = "application/cloudevents-batch+json"
ID_MAX: Final = 512


class Unreadable(ValueError):
    """It is no message; the text says why."""


class Envelope(NamedTuple):
    """A message's id, what it says, and the trace it belongs to."""

    message: str
    says: Mapping[str, Any]
    trace: str = ""


def unwrapped(headers: Mapping[str, str], body: bytes) -> Envelope:
    """The message in a request; Unreadable when there is none."""
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == BATCH:
        raise Unreadable("a batch of CloudEvents; one event in a request expected")
    trace = headers.get("traceparent", "")
    if "ce-specversion" in headers or "ce-id" in headers:
        named = {name[3:]: value for name, value in headers.items() if name.startswith("ce-")}
        return _event(named, parsed(body), trace)
    said = parsed(body)
    if kind == STRUCTURED or "specversion" in said:
        return _event(said, _content(said), trace)
    if "message" in said:
        return _pushed(said, trace)
    raise Unreadable("neither a Pub/Sub push envelope nor a CloudEvent")


def unnamed(body: bytes) -> str:
    """An id for what has none: the same bytes again are the same message."""
    return f"unreadable/{hashlib.sha256(body).hexdigest()}"


def parsed(text: bytes | str) -> dict[str, Any]:
    """A JSON object; Unreadable when it is anything else."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"not JSON: {str(error)[:100]}") from error
    if not isinstance(said, dict):
        raise Unreadable(f"{type(said).__name__} where a JSON object is expected")
    return said


def _event(named: Mapping[str, Any], says: Mapping[str, Any], trace: str) -> Envelope:
    """A CloudEvent; source and id together are unique. Eventarc puts Pub/Sub's message into one."""
    source, of_event = named.get("source"), named.get("id")
    if not (isinstance(source, str) and isinstance(of_event, str) and source and of_event):
        raise Unreadable("a CloudEvent without id or source")
    trace = str(named.get("traceparent") or trace)
    if isinstance(says.get("message"), dict):
        return _pushed(says, trace)
    return Envelope(_id(f"{source}#{of_event}"), says, trace)


def _content(event: Mapping[str, Any]) -> dict[str, Any]:
    if "data_base64" in event:
        return parsed(_decoded(event["data_base64"]))
    found = event.get("data")
    if isinstance(found, str):
        return parsed(found)
    if not isinstance(found, dict):
        raise Unreadable("a CloudEvent whose data is no JSON object")
    return found


def _pushed(said: Mapping[str, Any], trace: str) -> Envelope:
    """Attributes count where the text itself does not speak."""
    message = said["message"]
    if not isinstance(message, dict):
        raise Unreadable("the envelope's message is no JSON object")
    of_message = message.get("messageId") or message.get("message_id")
    if not isinstance(of_message, str):
        raise Unreadable("the envelope's message has no messageId")
    found = message.get("attributes")
    attributes: dict[str, Any] = found if isinstance(found, dict) else {}
    content = _decoded(message.get("data") or "")
    says = parsed(content) if content.strip() else {}
    return Envelope(
        _id(f"pubsub/{of_message}"), attributes | says, str(attributes.get("traceparent") or trace)
    )


def _id(text: str) -> str:
    if len(text) > ID_MAX:
        raise Unreadable(f"an id of {len(text)} characters, at most {ID_MAX} expected")
    return text


def _decoded(text: object) -> bytes:
    if not isinstance(text, str):
        raise Unreadable(f"data is {type(text).__name__}, text in base64 expected")
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Unreadable(f"data is not base64: {error}") from error
