"""Each thing that must hold is broken in one game of its own: that game is withheld, and says why.

One night of games is computed by the real pipeline, except that its processors make one fault each
in the games of the table below. The games without a fault go out.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import NamedTuple

import pytest

from boxout import ibis
from boxout.graph import build
from boxout.model.outcomes import Done, WithheldOutcome
from boxout.project import init, open_project
from boxout.run import land, run
from boxout_nba.predicates import COUNTED, SHOOTING
from boxout_nba.simulator import (
    gamebook_rows,
    play,
    prop_rows,
    schedule_rows,
    shots_rows,
    simulate_night,
    team_rows,
    write_csv,
)

SEED = 7
DAYS = tuple(f"2026-02-{day:02}" for day in range(3, 10))
OFFENSE, DEFENSE, PLAYERS = (
    "team_offense_game_summary",
    "team_defense_game_summary",
    "player_game_summary",
)


class Fault(NamedTuple):
    """A check, and what a processor does to a table's rows of one game to break it."""

    check: str
    table: str
    spoil: Callable


def sets(**columns):
    """Put these values into the rows of the game; a function is given the rows."""

    def spoil(rows, is_hit):
        changed = {
            name: ibis.ifelse(is_hit(rows), make(rows) if callable(make) else make, rows[name])
            for name, make in columns.items()
        }
        return rows.mutate(**changed)

    return spoil


def adds(*columns, **much):
    """Raise columns in the rows of the game's home team, by 1 or by as much as is said."""

    def spoil(rows, is_hit):
        raised = dict.fromkeys(columns, 1) | much
        is_one = is_hit(rows) & at_home(rows)
        return rows.mutate(
            **{n: ibis.ifelse(is_one, rows[n] + by, rows[n]) for n, by in raised.items()}
        )

    return spoil


def drops(of_row):
    """Lose rows of the game."""
    return lambda rows, is_hit: rows.filter(~(is_hit(rows) & of_row(rows)))


def doubles(rows, is_hit):
    """Give every row of the game twice, as a join on a key that is not unique does."""
    return rows.union(rows.filter(is_hit(rows)))


def of_all(column, times):
    """A column of every row of the game, this many times as large."""
    return sets(**{column: lambda rows: rows[column] * times})


def at_home(rows):
    return rows.team == rows.game_id.substr(15, 3)


def when(is_so, value, column):
    """The value where a condition on the row holds, the column elsewhere."""
    return lambda rows: ibis.ifelse(is_so(rows), value, rows[column])


def is_dnp(rows):
    return rows.is_dnp


def is_over(rows):
    return rows.points_result == "over"


def has_minutes(rows):
    return rows.minutes > 0


IN_PAINT = {"paint_fgm": 1, "paint_fga": 1, "pts_paint": 2}
FROM_PAINT_OUT = {"paint_fga": -1, "above_break_3_fga": 1}
MADE_THERE = {"paint_fgm": -1, "pts_paint": -2, "above_break_3_fgm": 1}
IN_STEP = {
    "pts": {"ftm": 1, "fta": 1},
    "fgm": {"fga": 1, "pts": 2} | IN_PAINT,
    "fga": {"paint_fga": 1},
    "fg3m": {"fg3a": 1, "pts": 1} | FROM_PAINT_OUT | MADE_THERE,
    "fg3a": FROM_PAINT_OUT,
    "ftm": {"fta": 1, "pts": 1},
}
"""What must move with a column so that its own table still adds up."""


def moved(name, ending=""):
    """One more of a column, and of those that keep step with it; a team's own rates do too."""
    raised = {name: 1} | IN_STEP.get(name, {})
    more = adds(**{f"{column}{ending}": by for column, by in raised.items()})
    rates = RATES_ALLOWED if ending else RATES
    return lambda rows, is_hit: rates(more(rows, is_hit), is_hit)


RATES = sets(
    ts_pct=lambda t: t.pts / (2 * (t.fga + 0.44 * t.fta)),
    efg_pct=lambda t: (t.fgm + 0.5 * t.fg3m) / t.fga,
    possessions_simple=lambda t: t.fga + 0.44 * t.fta - t.oreb + t.tov,
    offensive_rating=lambda t: 100 * t.pts / t.possessions,
    opponent_rating=lambda t: 100 * (t.pts - t.margin) / t.possessions,
)
RATES_ALLOWED = sets(
    opponent_ts_pct=lambda t: t.pts_allowed / (2 * (t.fga_allowed + 0.44 * t.fta_allowed)),
    opponent_efg_pct=lambda t: (t.fgm_allowed + 0.5 * t.fg3m_allowed) / t.fga_allowed,
)


FAULTS = (
    *(Fault(f"sum of players' {name}", OFFENSE, moved(name)) for name in COUNTED),
    Fault("points add up", OFFENSE, adds("pts")),
    Fault("makes within attempts", OFFENSE, sets(fgm=lambda t: t.fga + 1)),
    Fault("minutes are 240 + 25 per overtime", OFFENSE, adds(minutes=5)),
    Fault("a win is a positive margin", OFFENSE, sets(win=lambda t: ~t.win)),
    Fault("team plays in the game", OFFENSE, sets(team=when(at_home, "XXX", "team"))),
    Fault("home is not away", OFFENSE, sets(opponent=lambda t: t.team)),
    Fault("teams", OFFENSE, drops(at_home)),
    Fault("home teams", OFFENSE, sets(home_game=True)),
    Fault("winners", OFFENSE, sets(win=True)),
    Fault("sum of margins", OFFENSE, adds("margin")),
    Fault("assists of the team with fewer", OFFENSE, sets(ast=0)),
    Fault("fouls of the team with fewer", OFFENSE, sets(pf=0)),
    Fault("steals of both teams", OFFENSE, sets(stl=0)),
    Fault(
        "defensive rebounds beyond offensive ones",
        OFFENSE,
        sets(oreb=lambda t: t.dreb, dreb=lambda t: t.oreb),
    ),
    Fault("teams", OFFENSE, drops(lambda t: t.team.notnull())),
    Fault("known shots_state", OFFENSE, sets(shots_state="some")),
    Fault("zones add up to attempts", OFFENSE, adds("paint_fga")),
    Fault("sum of players' shots by zone", OFFENSE, adds(paint_fga=1, restricted_area_fga=-1)),
    Fault("shooting rates are those of the line", OFFENSE, adds(efg_pct=0.001)),
    Fault("pace and ratings are those of the possessions", OFFENSE, adds(pace=0.5)),
    Fault("pace and ratings are those of the possessions", OFFENSE, adds(opponent_rating=0.5)),
    Fault("simple possessions are those of the line", OFFENSE, adds(possessions_simple=1)),
    Fault("home is where the key says", OFFENSE, sets(home_game=lambda t: ~t.home_game)),
    Fault("team turnovers beyond the players', -1 to 6", OFFENSE, adds(tov_with_team=7)),
    Fault("duplicate keys", OFFENSE, doubles),
    Fault("never null", OFFENSE, sets(pace=ibis.null(float))),
    *(Fault(f"{name} scored is allowed", DEFENSE, moved(name, "_allowed")) for name in SHOOTING),
    Fault("turnovers made are forced", DEFENSE, adds("turnovers_forced")),
    *(Fault(f"{name} is the team's own", DEFENSE, adds(name)) for name in ("stl", "blk", "dreb")),
    Fault("ratings mirror", DEFENSE, adds(defensive_rating=0.01)),
    Fault("pace is the game's", DEFENSE, adds(opponent_pace=0.01)),
    Fault("points allowed add up", DEFENSE, adds("pts_allowed")),
    Fault("rates allowed are those of the line", DEFENSE, adds(opponent_ts_pct=0.001)),
    Fault(
        "makes allowed within attempts allowed",
        DEFENSE,
        sets(fgm_allowed=lambda t: t.fga_allowed + 1),
    ),
    Fault("known shots_state", DEFENSE, sets(shots_state="some")),
    Fault("zones allowed add up", DEFENSE, adds("paint_fga_allowed")),
    Fault(
        "shots by zone scored are allowed",
        DEFENSE,
        adds(paint_fga_allowed=1, restricted_area_fga_allowed=-1),
    ),
    Fault("duplicate keys", DEFENSE, doubles),
    Fault("never null", DEFENSE, sets(opponent=ibis.null(str))),
    Fault("team plays in the game", DEFENSE, sets(team=when(at_home, "XXX", "team"))),
    Fault("home is not away", DEFENSE, sets(opponent=lambda t: t.team)),
    Fault("teams", DEFENSE, drops(at_home)),
    Fault("points add up", PLAYERS, sets(pts=lambda t: t.pts + 1)),
    Fault("makes within attempts", PLAYERS, sets(ftm=lambda t: t.fta + 1)),
    Fault("who played has every stat", PLAYERS, sets(stl=when(has_minutes, ibis.null(int), "stl"))),
    Fault("did not play has no stats", PLAYERS, sets(ast=when(is_dnp, 0, "ast"))),
    Fault("usage where there are minutes", PLAYERS, sets(usage_rate_pct=ibis.null(float))),
    Fault("team plays in the game", PLAYERS, sets(team=when(is_dnp, "XXX", "team"))),
    Fault("teams", PLAYERS, drops(at_home)),
    Fault("player minutes within 2", PLAYERS, sets(minutes=lambda t: t.minutes + 0.5)),
    Fault("usage adds up to 0.5 %", PLAYERS, of_all("usage_rate_pct", 1.01)),
    Fault("players share their team's win", PLAYERS, sets(win=lambda t: ~t.win)),
    Fault("rows in are rows out", PLAYERS, drops(is_dnp)),
    Fault("known shots_state", PLAYERS, sets(shots_state="some")),
    Fault("zones add up to attempts", PLAYERS, sets(paint_fga=lambda t: t.paint_fga + 1)),
    Fault(
        "a reason where and only where a player did not play",
        PLAYERS,
        sets(dnp_reason_category="coach"),
    ),
    Fault("known reason", PLAYERS, sets(dnp_reason_category=when(is_dnp, "tired", "dnp_reason_category"))),
    Fault(
        "the result is that of points and line",
        PLAYERS,
        sets(points_result=when(is_over, "under", "points_result")),
    ),
    Fault(
        "shooting rates are those of the line",
        PLAYERS,
        sets(ts_pct=when(has_minutes, 0.9, "ts_pct")),
    ),
    Fault("turnover rate is that of the line", PLAYERS, of_all("tov_pct", 1.01)),
    Fault("usage is of his plays", PLAYERS, of_all("usage_rate_pct", 1.001)),
    Fault("assist share is of his assists", PLAYERS, of_all("ast_pct", 0.2)),
    Fault("steal share is of his steals", PLAYERS, of_all("stl_pct", 1.01)),
    Fault("block share is of his blocks", PLAYERS, of_all("blk_pct", 1.01)),
    *(
        Fault("rebound shares are of his rebounds", PLAYERS, of_all(f"{end}reb_pct", 0.99))
        for end in ("o", "d", "")
    ),
    Fault("at most 4 counts off the box score", PLAYERS, sets(box_apart=5)),
    Fault("at most 2.5 minutes off the box score", PLAYERS, sets(box_minutes_apart=3.0)),
    Fault(
        "his shots are those of his line where the team's are",
        PLAYERS,
        sets(shots_state="contradicts"),
    ),
    Fault("duplicate keys", PLAYERS, doubles),
    Fault("never null", PLAYERS, sets(player_lookup=ibis.null(str))),
)  # fmt: skip


class Spoiled(NamedTuple):
    """The outcome of every game, by its fault; `sound` are the outcomes of the others.

    `checks` are (table, check) of every check asked; those across the group stand under "across".
    """

    checks: set[tuple[str, str]]
    outcomes: dict[int, object]
    sound: list[object]


@pytest.fixture(scope="module")
def spoiled(tmp_path_factory):
    folder = tmp_path_factory.mktemp("spoiled")
    init(folder, "nba-games")
    games = [game for day in DAYS for game in simulate_night(SEED, day, games=15)]
    faults = {games[at].game_id: fault for at, fault in enumerate(FAULTS)}
    engine = project_with(folder, faults).engine()
    arrive(engine, folder, games)
    outcomes = run(engine, DAYS[0], DAYS[-1], set(engine.graph.processors)).outcomes
    of_game = {game: outcome for (_, game), outcome in outcomes.items()}
    assert len(games) == len(of_game) > len(FAULTS)
    yield Spoiled(
        set(checks_of(engine)),
        {at: of_game[game] for at, game in enumerate(faults)},
        [outcome for game, outcome in of_game.items() if game not in faults],
    )
    engine.warehouse.close()
    engine.ledger.close()


def checks_of(engine):
    """(table, check) of every check that is asked of a derived table or across the three."""
    for name in (OFFENSE, DEFENSE, PLAYERS):
        for check in engine.compiled.audits[name].checks:
            yield name, check.name
    for audits in engine.compiled.across.values():
        for audit in audits:
            for check in audit.checks:
                yield "across", check.name


def project_with(folder, faults):
    """The project of this folder, with faulty processors."""
    project = open_project(folder)
    processors = tuple(
        faulty(one, {g: f for g, f in faults.items() if f.table == one.target.name})
        for one in project.pipeline.processors
    )
    pipeline = replace(project.pipeline, name="spoiled", processors=processors)
    return replace(project, pipeline=pipeline, graph=build(pipeline))


def faulty(one, faults):
    """A processor that computes what it should and then spoils some games."""

    @wraps(one.function)
    def broken(**rows):
        made = one.function(**rows)
        for game, fault in faults.items():
            made = fault.spoil(made, lambda t, game=game: t.game_id == game)
        return made

    return replace(one, function=broken)


def arrive(engine, folder, games):
    """Every source of these games, landed whole."""
    readers = {one.name: one for one in engine.pipeline.readers}
    boxes = [(g.game_id, play(SEED, g.away, g.home, g.game_id)) for g in games]
    rows = {
        "schedule": schedule_rows(games),
        "gamebook_player_stats": [row for key, box in boxes for row in gamebook_rows(key, box)],
        "team_boxscore": [row for key, box in boxes for row in team_rows(key, box)],
        "shots": [row for key, box in boxes for row in shots_rows(key, box)],
        "player_props": [row for game in games for row in prop_rows(SEED, game)],
    }
    for name, of in rows.items():
        assert land(engine, write_csv(of, folder / f"{name}.csv"), readers[name]).withheld == ()


@pytest.mark.parametrize(
    "at", range(len(FAULTS)), ids=lambda at: f"{FAULTS[at].table}: {FAULTS[at].check}"
)
def test_a_game_that_breaks_an_identity_is_withheld_and_names_it(spoiled, at):
    outcome = spoiled.outcomes[at]
    assert isinstance(outcome, WithheldOutcome)
    assert any(reason.subject.startswith(FAULTS[at].check) for reason in outcome.reasons)


def test_the_games_beside_them_go_out(spoiled):
    assert len(spoiled.sound) > 10
    assert {type(one) for one in spoiled.sound} == {Done}


def test_every_check_of_the_three_tables_has_a_fault_that_breaks_it(spoiled):
    broken = {(fault.table, fault.check) for fault in FAULTS}
    named = {check for _, check in broken}
    asked = {(table, check.partition(":")[0]) for table, check in spoiled.checks}
    assert [
        (table, check)
        for table, check in sorted(asked)
        if (table, check) not in broken and not (table == "across" and check in named)
    ] == []
