"""The dashboard: pages drawn here, kept live by events from the server."""

from boxout.service.ui.actions import actions
from boxout.service.ui.live import assets
from boxout.service.ui.routes import routes

__all__ = ["actions", "assets", "routes"]
