"""Who is told of what happened: people by message, machines by CloudEvents, each once."""

from boxout.notify.channels import Senders, senders
from boxout.notify.cloud import cloud_event
from boxout.notify.deliver import Delivery, deliver
from boxout.notify.message import Message
from boxout.notify.settings import Channel, Notify, notify_of
from boxout.notify.severity import SEVERITIES, severity
from boxout.notify.watchdog import watch

__all__ = [
    "SEVERITIES",
    "Channel",
    "Delivery",
    "Message",
    "Notify",
    "Senders",
    "cloud_event",
    "deliver",
    "notify_of",
    "senders",
    "severity",
    "watch",
]
