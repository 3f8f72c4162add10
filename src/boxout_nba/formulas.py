"""Basketball formulas, each with its source. Rows are any table with box score columns."""

from boxout import Measure, Rows, ibis


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
    """One team's half of the Basketball-Reference possession estimate.

    FGA + 0.4 FTA - 1.07 (OREB / (OREB + opponent DREB)) (FGA - FGM) + TOV.
    """
    kept = line.oreb / (line.oreb + opponent_dreb).nullif(0)
    return line.fga + 0.4 * line.fta - 1.07 * kept * (line.fga - line.fgm) + line.tov


def possessions(own_half: Measure, opponent_half: Measure) -> Measure:
    """Possessions of either team: the mean of both teams' halves of the estimate.

    A half is FGA + 0.4 FTA - 1.07 (OREB / (OREB + opponent DREB)) (FGA - FGM) + TOV, with TOV as
    the sum of the players' turnovers.
    Source: Basketball-Reference glossary, "Possessions".
    """
    return 0.5 * (own_half + opponent_half)


def possessions_simple(line: Rows) -> Measure:
    """Possessions by the team's own line alone: FGA + 0.44 FTA - OREB + TOV.

    Source: the common short estimate, with the free-throw weight of the other formulas here.
    """
    return line.fga + 0.44 * line.fta - line.oreb + line.tov


def rating(points: Measure, possessions: Measure) -> Measure:
    """Points per 100 possessions: 100 PTS / possessions; null without a possession.

    Source: Basketball-Reference glossary, "Offensive Rating" and "Defensive Rating" of a team.
    """
    return 100 * points / possessions.nullif(0)


def overtime_periods(team_minutes: Measure) -> Measure:
    """Overtime periods: (team minutes - 240) / 25, rounded. Five players for 48 minutes are 240."""
    return ((team_minutes - 240) / 25).round()


def pace(possessions: Measure, team_minutes: Measure) -> Measure:
    """Possessions per 48 minutes: 48 possessions / (team minutes / 5).

    Source: Basketball-Reference glossary, "Pace Factor".
    """
    return 48 * possessions / (team_minutes / 5).nullif(0)


def _cut_off(pct: Measure, low: float = 0) -> Measure:
    """A percentage of a short stint as Basketball-Reference publishes it: at most 100, at least `low`.

    Observed, not in its glossary: of 121,993 published lines none is above 100.
    """
    # Three times in the SQL; `clip` would say it nine times.
    return ibis.cases((pct < low, low), (pct > 100, 100), else_=pct)


def rebound_pct(
    rebounds: Measure, available: Measure, minutes: Measure, team_minutes: Measure
) -> Measure:
    """Share of the available rebounds that this player took while on court, in percent.

    100 * rebounds * (team minutes / 5) / (minutes * available); available are the team's own of
    that kind and the opponent's of the other. Null when there are no minutes or no rebounds.
    Source: Basketball-Reference glossary, "Offensive/Defensive/Total Rebound Percentage".
    """
    return _cut_off(100 * rebounds * (team_minutes / 5) / (minutes * available).nullif(0))


def assist_pct(
    ast: Measure, fgm: Measure, minutes: Measure, team_fgm: Measure, team_minutes: Measure
) -> Measure:
    """Share of team mates' makes that this player assisted while on court, in percent.

    100 * AST / ((minutes / (team minutes / 5)) * team FGM - FGM); null without such makes. Below
    zero where a short stint held more of the player's own makes than his share of the team's.
    Source: Basketball-Reference glossary, "Assist Percentage".
    """
    share = 100 * ast / (minutes / (team_minutes / 5) * team_fgm - fgm).nullif(0)
    return _cut_off(share, low=-1000)


def steal_pct(
    stl: Measure, minutes: Measure, team_minutes: Measure, possessions: Measure
) -> Measure:
    """Opponent's possessions that ended with this player's steal while on court, in percent.

    100 * STL * (team minutes / 5) / (minutes * opponent possessions); null without minutes.
    Source: Basketball-Reference glossary, "Steal Percentage".
    """
    return _cut_off(100 * stl * (team_minutes / 5) / (minutes * possessions).nullif(0))


def block_pct(blk: Measure, minutes: Measure, team_minutes: Measure, twos: Measure) -> Measure:
    """Opponent's two-point attempts that this player blocked while on court, in percent.

    100 * BLK * (team minutes / 5) / (minutes * opponent (FGA - 3PA)); null without minutes.
    Source: Basketball-Reference glossary, "Block Percentage".
    """
    return _cut_off(100 * blk * (team_minutes / 5) / (minutes * twos).nullif(0))


def turnover_pct(tov: Measure, fga: Measure, fta: Measure) -> Measure:
    """Turnovers per 100 plays: 100 TOV / (FGA + 0.44 FTA + TOV); null without a play.

    Source: Basketball-Reference glossary, "Turnover Percentage".
    """
    return 100 * tov / (fga + 0.44 * fta + tov).nullif(0)
