"""What people ask: how far is it, why not, and what was it before."""

from boxout.report.answers import history, status, why

__all__ = ["history", "status", "why"]
