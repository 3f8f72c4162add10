"""How public files become rows of the sources: every column leaves here as text."""

from boxout_nba.readers.own import OWN
from boxout_nba.readers.seasons import SEASONS

__all__ = ["OWN", "SEASONS"]
