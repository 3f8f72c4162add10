"""What every warehouse shows, shown by this one."""

from warehouse.test_projection import *  # noqa: F403
from warehouse.test_projection import _often  # noqa: F401
