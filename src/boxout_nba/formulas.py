"""Basketball formulas, each with its source. Rows are any table with box score columns."""

from boxout import Measure, Rows


def plays(line: Rows) -> Measure:
    """Possessions ended: FGA + 0.44 FTA + TOV. Source: Basketball-Reference glossary."""
    return line.fga + 0.44 * line.fta + line.tov


def ts_pct(pts: Measure, fga: Measure, fta: Measure) -> Measure:
    """True shooting as a fraction: PTS / (2 (FGA + 0.44 FTA)); null without an attempt.

    Source: Basketball-Reference glossary, "True Shooting Percentage".
    """
    return pts / (2 * (fga + 0.44 * fta)).nullif(0)


def efg_pct(fgm: Measure, fg3m: Measure, fga: Measure) -> Measure:
    """Effective field-goal share as a fraction: (FGM + 0.5 3PM) / FGA; null without an attempt.

    Source: Basketball-Reference glossary, "Effective Field Goal Percentage".
    """
    return (fgm + 0.5 * fg3m) / fga.nullif(0)


def usage_rate_pct(
    player_plays: Measure, minutes: Measure, team_plays: Measure, team_minutes: Measure
) -> Measure:
    """Share of the team's plays that this player ended while on court, in percent.

    100 * plays * (team minutes / 5) / (minutes * team plays).
    Source: Basketball-Reference glossary, "Usage Percentage".
    Null when the player has no minutes. May honestly exceed 100 in a one-minute stint.
    """
    return 100 * player_plays * (team_minutes / 5) / (minutes * team_plays).nullif(0)


def half_possessions(line: Rows, opponent_dreb: Measure) -> Measure:
    """One team's half of the Basketball-Reference possession estimate."""
    kept = line.oreb / (line.oreb + opponent_dreb).nullif(0)
    return line.fga + 0.4 * line.fta - 1.07 * kept * (line.fga - line.fgm) + line.tov


def pace(possessions: Measure, team_minutes: Measure) -> Measure:
    """Possessions per 48 minutes. Source: Basketball-Reference glossary, "Pace Factor"."""
    return 48 * possessions / (team_minutes / 5).nullif(0)
