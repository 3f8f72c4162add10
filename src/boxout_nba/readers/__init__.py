"""How public files become rows of the sources: every column leaves here as text."""

from boxout_nba.readers.every import READERS

__all__ = ["READERS"]
