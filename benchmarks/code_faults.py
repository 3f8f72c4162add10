"""Kinds of faults in the code: a processor that is wrong as processors really are."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

from boxout import Pipeline, Processor
from boxout_nba.processors import player_game, team_defense, team_offense


class CodeKind(NamedTuple):
    """A processor, and what is done to the rows that the right one gives."""

    name: str
    of: Processor
    change: Callable[[Any], Any]


def with_fault(pipeline: Pipeline, kind: CodeKind) -> Pipeline:
    """The pipeline with one wrong processor."""
    right = kind.of

    def wrong(**inputs: Any) -> Any:
        return kind.change(right.function(**inputs))

    processors = tuple(
        replace(one, function=wrong) if one.name == right.name else one
        for one in pipeline.processors
    )
    return replace(pipeline, processors=processors)


def times(column: str, by: float) -> Callable[[Any], Any]:
    return lambda rows: rows.mutate(**{column: rows[column] * by})


def nothing(*columns: str) -> Callable[[Any], Any]:
    return lambda rows: rows.mutate(**{name: rows[name].nullif(rows[name]) for name in columns})


def other_side(*columns: str) -> Callable[[Any], Any]:
    """The opponent's numbers, joined by the wrong key."""

    def change(rows: Any) -> Any:
        seen = rows.view()
        other = seen.select("game_id", "opponent", **{f"o_{n}": seen[n] for n in columns})
        other = other.rename(o_game="game_id", o_team="opponent")
        joined = rows.join(other, (rows.game_id == other.o_game) & (rows.team == other.o_team))
        kept = [joined[n] for n in rows.columns if n not in columns]
        return joined.select(*kept, **{n: joined[f"o_{n}"] for n in columns})

    return change


CODE: tuple[CodeKind, ...] = (
    CodeKind("a join fans out", player_game, lambda rows: rows.union(rows)),
    CodeKind("a left join finds nothing", player_game, nothing("usage_rate_pct", "usage_rate_capped_pct")),
    CodeKind("usage fifty times", player_game, times("usage_rate_pct", 50)),
    CodeKind("usage as a fraction", player_game, times("usage_rate_pct", 0.01)),
    CodeKind("usage of a fifth of the minutes", player_game, times("usage_rate_pct", 0.2)),
    CodeKind("usage off by 2 percent", player_game, times("usage_rate_pct", 1.02)),
    CodeKind("ts in percent", player_game, times("ts_pct", 100)),
    CodeKind("efg off by a tenth", player_game, times("efg_pct", 1.1)),
    CodeKind("steal share by seconds", player_game, times("stl_pct", 1 / 60)),
    CodeKind("assist share of a fifth", player_game, times("ast_pct", 0.2)),
    CodeKind("rebound share as a fraction", player_game, times("reb_pct", 0.01)),
    CodeKind("did not play as zero", player_game, lambda rows: rows.mutate(pts=rows.pts.coalesce(0))),
    CodeKind("the bench is lost", player_game, lambda rows: rows.filter(rows.minutes > 10)),
    CodeKind("who did not play is lost", player_game, lambda rows: rows.filter(~rows.is_dnp)),
    CodeKind("win inverted", player_game, lambda rows: rows.mutate(win=~rows.win)),
    CodeKind("rating per possession", team_offense, times("offensive_rating", 0.01)),
    CodeKind("pace per 40 minutes", team_offense, times("pace", 40 / 48)),
    CodeKind("possessions of both teams", team_offense, times("possessions", 2)),
    CodeKind("ts without its half", team_offense, times("ts_pct", 2)),
    CodeKind("efg as makes per attempt", team_offense, lambda rows: rows.mutate(efg_pct=rows.fgm / rows.fga)),
    CodeKind("margin from the other side", team_offense, lambda rows: rows.mutate(margin=-rows.margin)),
    CodeKind("home for away", team_offense, lambda rows: rows.mutate(home_game=~rows.home_game)),
    CodeKind("the opponent's line", team_offense, other_side("ast", "stl", "blk")),
    CodeKind("overtime off by one", team_offense, lambda rows: rows.mutate(overtime_periods=rows.overtime_periods + 1)),
    CodeKind("simple possessions without turnovers", team_offense, lambda rows: rows.mutate(possessions_simple=rows.possessions_simple - rows.tov)),
    CodeKind("own points as allowed", team_defense, other_side("pts_allowed")),
    CodeKind("rating of the own offence", team_defense, other_side("defensive_rating")),
    CodeKind("opponent's ts in percent", team_defense, times("opponent_ts_pct", 100)),
    CodeKind("turnovers forced doubled", team_defense, times("turnovers_forced", 2)),
)  # fmt: skip
