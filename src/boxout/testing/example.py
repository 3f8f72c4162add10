"""A small pipeline with every kind of input: what a simulation runs when it is given none."""

from collections.abc import Callable
from functools import reduce

from boxout.model import (
    Calendar,
    Comparison,
    Pipeline,
    Rows,
    Scheme,
    Table,
    across,
    any_of,
    derived,
    every_row,
    optional,
    processor,
    source,
    text,
    window,
)

GAME, DATE = Scheme("game", "game"), Scheme("date", "day")


def _checked(name: str) -> tuple:
    return (every_row(f"{name} is there", lambda rows: rows.value.notnull()),)


def _table(make: Callable[..., Table], name: str, scheme: Scheme, doc: str) -> Table:
    return make(
        name,
        one_row_per=scheme.name,
        scheme=scheme,
        key=(scheme.column,),
        columns=(text(scheme.column, "the partition"), text("value", doc)),
        checks=_checked(name),
    )


def _source(name: str, scheme: Scheme) -> Table:
    return _table(source, name, scheme, "what arrived")


def _derived(name: str, scheme: Scheme) -> Table:
    return _table(derived, name, scheme, "what it was computed from")


SLATE = source(
    "slate",
    one_row_per="game",
    scheme=DATE,
    key=("game",),
    columns=(text("day", "its date"), text("game", "its key"), text("value", "its state")),
    checks=_checked("state"),
)
LINES = _source("lines", DATE)
BOX, LIVE_BOX, SHOTS = (_source(name, GAME) for name in ("box", "live_box", "shots"))
TEAM, PLAYER, ZONES = (_derived(name, GAME) for name in ("team", "player", "zones"))
FORM = _derived("form", DATE)
GROUP = "totals"


@processor(TEAM.group(GROUP), box=any_of(BOX, LIVE_BOX), shots=optional(SHOTS))
def team(box: Rows, shots: Rows) -> Rows:  # noqa: ARG001
    """One row per game, from the box score or the live one, and the shots when they are there."""
    return box


@processor(PLAYER.group(GROUP), box=any_of(BOX, LIVE_BOX), team=TEAM)
def player(box: Rows, team: Rows) -> Rows:  # noqa: ARG001
    """One row per game, from the same box score as the team's."""
    return box


@processor(ZONES, shots=SHOTS, team=TEAM, lines=optional(LINES))
def zones(shots: Rows, team: Rows, lines: Rows) -> Rows:  # noqa: ARG001
    """One row per game, from another unit's table, and the lines of its date when they are there."""
    return shots


@processor(
    FORM,
    slate=SLATE,
    lines=optional(LINES),
    before=window(PLAYER, days=2),
    far=optional(window(ZONES, days=2)),
    shots=optional(window(SHOTS, days=1)),
)
def form(slate: Rows, lines: Rows, before: Rows, far: Rows, shots: Rows) -> Rows:  # noqa: ARG001
    """One row per date, over the games of the two days before, and their zones and shots if there."""
    dates = (rows.select("as_of") for rows in (before, far, shots))
    seen = reduce(lambda some, more: some.union(more), dates).distinct()
    return slate.left_join(seen, [(slate.day, seen.as_of)]).select("day", "value")


@across(GROUP, team=TEAM, player=PLAYER)
def same_games(team: Rows, player: Rows) -> Comparison:
    """One row per game that either table has."""
    return Comparison(team, {"there": player.value.notnull()})


EXAMPLE = Pipeline(
    name="example",
    processors=(team, player, zones, form),
    cross_checks=(same_games,),
    calendar=Calendar(
        SLATE,
        GAME,
        "value",
        expected_when=frozenset({"final"}),
        never_when=frozenset({"postponed"}),
    ),
    sources=(SLATE, LINES, BOX, LIVE_BOX, SHOTS),
    readers=(),
)
