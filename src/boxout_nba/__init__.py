"""The NBA pipeline: tables, formulas, processors and readers, on the engine's public door."""

from boxout_nba.pipeline import PIPELINE

__all__ = ["PIPELINE"]
