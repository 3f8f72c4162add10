"""The ways out: Apprise for messages, HTTP for CloudEvents."""

import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from datetime import datetime
from importlib.util import find_spec
from typing import Any, Final, NamedTuple

from boxout.deferred import deferred
from boxout.errors import ChannelUnavailable, DefinitionError
from boxout.notify.message import Message
from boxout.notify.settings import Channel

apprise = deferred("apprise")
http = deferred("cloudevents.core.bindings.http")
event = deferred("cloudevents.core.v1.event")

INSTALL: Final = "Telling others needs two packages more: pip install 'boxout[notify]'"
TIMEOUT_S: Final = 10


class Senders(NamedTuple):
    """Sends one message, or one CloudEvent, to a channel; ChannelUnavailable when it is not taken."""

    message: Callable[[Channel, Message], None]
    cloud_event: Callable[[Channel, Mapping[str, Any]], None]


def senders(environ: Mapping[str, str]) -> Senders:
    """The real ones; DefinitionError where the extra is not installed."""
    if find_spec("apprise") is None or find_spec("cloudevents") is None:
        raise DefinitionError(INSTALL)

    def tell(channel: Channel, message: Message) -> None:
        _tell(channel, _url(channel, environ), message)

    def post(channel: Channel, cloud_event: Mapping[str, Any]) -> None:
        _post(channel, _url(channel, environ), cloud_event)

    return Senders(tell, post)


def _url(channel: Channel, environ: Mapping[str, str]) -> str:
    if not channel.url.startswith("$"):
        return channel.url
    found = environ.get(channel.url[1:], "")
    if not found:
        raise ChannelUnavailable(
            f"channel {channel.name}: the environment has no {channel.url[1:]}, which holds its url"
        )
    return found


def _tell(channel: Channel, url: str, message: Message) -> None:
    """An url is a secret: nothing of it is in what is said of a failure."""
    service = apprise.Apprise()
    if not service.add(url):
        raise ChannelUnavailable(
            f"channel {channel.name}: its url is none that Apprise knows; see"
            " https://appriseit.com/services/"
        )
    kinds = apprise.NotifyType
    kind = {"info": kinds.INFO, "warning": kinds.WARNING, "error": kinds.FAILURE}
    try:
        is_taken = service.notify(
            body=message.body, title=f"Boxout: {message.title}", notify_type=kind[message.severity]
        )
    except Exception as error:  # a plug-in of whatever service
        told = f"channel {channel.name}: its service broke ({type(error).__name__})"
        raise ChannelUnavailable(told) from error
    if not is_taken:
        raise ChannelUnavailable(f"channel {channel.name}: its service did not take the message")


def _post(channel: Channel, url: str, cloud_event: Mapping[str, Any]) -> None:
    attributes = {key: value for key, value in cloud_event.items() if key != "data"}
    attributes["time"] = datetime.fromisoformat(attributes["time"])
    made = http.to_structured_event(event.CloudEvent(attributes, cloud_event["data"]))
    if not url.startswith(("http://", "https://")):
        raise ChannelUnavailable(f"channel {channel.name}: its url is neither http nor https")
    request = urllib.request.Request(url, made.body, dict(made.headers), method="POST")
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S):
            pass
    except urllib.error.HTTPError as error:
        told = f"channel {channel.name}: answered {error.code} {error.reason}"
        raise ChannelUnavailable(told) from error
    except (OSError, ValueError) as error:
        told = f"channel {channel.name}: cannot be reached ({type(error).__name__})"
        raise ChannelUnavailable(told) from error
