"""What a service throws away while nobody waits for anything: old messages, and rows nobody can need."""

import logging
from dataclasses import dataclass, field
from typing import Final

from boxout.run import Engine
from boxout.run.collect import collect_part

LOG = logging.getLogger("boxout")

PAUSE_S: Final = 3600.0


@dataclass(slots=True)
class Tidying:
    """One engine's leftovers: looked for every hour, and gone a part at a time.

    A part that takes long keeps nobody from working: it is done beside the work, and the next one
    begins at a later look.
    """

    engine: Engine = field(repr=False)
    retention_s: float
    is_under_way: bool = False
    _rested_s: float = PAUSE_S

    def begin(self, later_s: float) -> bool:
        """Whether a part is to be done now, so many seconds after the last look; one at a time."""
        self._rested_s += later_s
        is_due = not self.is_under_way and self._rested_s >= PAUSE_S
        self.is_under_way |= is_due
        return is_due

    def do_a_part(self) -> None:
        """Some of it; when that was all, an hour of rest."""
        try:
            if not self._part():
                self._rested_s = 0.0
        except Exception as error:  # noqa: BLE001  # it is tried again; a service outlives it
            LOG.warning("What nobody needs stays for another hour: %s", error)
            self._rested_s = 0.0
        finally:
            self.is_under_way = False

    def _part(self) -> bool:
        ledger, policy = self.engine.ledger, self.engine.policy
        ledger.inbox.prune(ledger.now(-self.retention_s))
        ledger.prune_outbox(ledger.now(-self.retention_s))
        kept, older_than_s = policy.kept_publications, policy.kept_hours * 3600
        return bool(kept and collect_part(self.engine, kept, older_than_s))
