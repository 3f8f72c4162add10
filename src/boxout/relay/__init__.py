"""A warehouse that another process holds, through that process."""

from boxout.relay.client import RemoteReading, RemoteWarehouse
from boxout.relay.place import FILE, Door, forget, found, write
from boxout.relay.server import Relay

__all__ = [
    "FILE",
    "Door",
    "Relay",
    "RemoteReading",
    "RemoteWarehouse",
    "forget",
    "found",
    "write",
]
