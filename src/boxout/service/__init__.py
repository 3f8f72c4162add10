"""One process that takes messages, computes, and shows it."""

from boxout.service.app import build
from boxout.service.changes import Changes
from boxout.service.desk import Desk, Manner, opened
from boxout.service.pushes import GOOGLE, Pushes, pushes_of
from boxout.service.roles import Guard, Role, guard_of
from boxout.service.serving import Doors, Place, serve
from boxout.service.worker import Pace

__all__ = [
    "GOOGLE",
    "Changes",
    "Desk",
    "Doors",
    "Guard",
    "Manner",
    "Pace",
    "Place",
    "Pushes",
    "Role",
    "build",
    "guard_of",
    "opened",
    "pushes_of",
    "serve",
]
