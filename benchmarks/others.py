"""Why tables beside the game totals are not public: what they need is in no file."""

from collections import Counter
from typing import NamedTuple

from boxout.model.outcomes import Outcome, Waiting, WithheldOutcome
from boxout.run import Engine, RunResult

TOTALS = "game totals"
NOT_EXPECTED = "teams of the date without expected players"
WITHOUT_A_PLAYER = """
WITH played AS (SELECT s.season, s.game_date, s.home_team AS team, s.game_id FROM schedule s
  UNION ALL SELECT s.season, s.game_date, s.away_team, s.game_id FROM schedule s),
public AS (SELECT DISTINCT game_id FROM player_game_summary)
SELECT DISTINCT now.game_date AS day FROM played now WHERE NOT EXISTS (
  SELECT 1 FROM played before JOIN public USING (game_id)
  WHERE before.season = now.season AND before.team = now.team AND before.game_date < now.game_date)
"""


class Other(NamedTuple):
    """One partition of a unit that is not public; `why` is None when nothing explains it."""

    unit: str
    partition: str
    said: str
    why: str | None


def others(engine: Engine, result: RunResult) -> list[Other]:
    """Every partition of the other units that waits or is withheld, and why that is right."""
    shots = {row["game_id"] for row in engine.warehouse.query("SELECT DISTINCT game_id FROM shots")}
    public = engine.warehouse.query("SELECT DISTINCT game_id FROM team_offense_game_summary")
    games = {row["game_id"] for row in public}
    without = {row["day"] for row in engine.warehouse.query(WITHOUT_A_PLAYER)}
    found: list[Other] = []
    for (unit, partition), outcome in result.outcomes.items():
        if unit == TOTALS or not isinstance(outcome, Waiting | WithheldOutcome):
            continue
        why = _why(partition, outcome, shots, games)
        if why is None and partition in without and isinstance(outcome, WithheldOutcome):
            why = "a team has no roster and no earlier game this season"
        found.append(Other(unit, partition, "; ".join(map(str, outcome.reasons)), why))
    return found


def _why(partition: str, outcome: Outcome, shots: set[str], games: set[str]) -> str | None:
    if not isinstance(outcome, Waiting):
        return None
    subjects = {one.subject for one in outcome.reasons}
    if partition not in games and "team_offense_game_summary" in subjects:
        return "its game totals are not public"
    return "no file has its shots" if subjects == {"shots"} and partition not in shots else None


def show_others(found: list[Other]) -> None:
    """How many of each unit, by reason."""
    print("\nNot public beside the game totals:")
    for (unit, why), count in sorted(
        Counter((o.unit, o.why or "UNEXPLAINED") for o in found).items()
    ):
        print(f"  {unit:30} {count:5}  {why}")
