"""The command line."""

from boxout.cli.main import main

__all__ = ["main"]
