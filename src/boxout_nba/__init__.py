"""The NBA pipeline: tables, formulas, processors and readers, on the engine's public door."""

from boxout_nba.pipeline import GAMES, PIPELINE

__all__ = ["GAMES", "PIPELINE"]
