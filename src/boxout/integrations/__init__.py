"""Inside an orchestrator: what it may take for done, and what it may not."""

from boxout.integrations.brought import Answer, Brought, Standing, bring, stand

__all__ = ["Answer", "Brought", "Standing", "bring", "stand"]
