"""Three questions to a season, answered from public tables only.

    python examples/three_questions.py --games 1300
    marimo edit examples/three_questions.py
    marimo export html examples/three_questions.py -o page.html -- --games 300

It needs the extra `examples`: pip install -e '.[examples]'. With --project it reads a project that
is there already; without, it makes one from a season.
"""

import marimo

app = marimo.App(width="medium", app_title="Three questions")


with app.setup:
    from contextlib import closing
    from pathlib import Path

    import altair as alt
    import marimo as mo
    import polars as pl
    from season import REAL, season

    from boxout.project import open_project


@app.cell
def opened():
    asked = mo.cli_args()
    if asked.get("project"):
        project = open_project(str(asked.get("project")))
        whose = f"the project in {project.folder}"
    else:
        project, whose = season(
            int(asked.get("games") or 300), Path(str(asked.get("seasons") or REAL))
        )
    with closing(project.ledger()) as ledger:
        head = ledger.head()
    return head, project, whose


@app.cell
def telling(head, whose):
    def answer(question, said, chart, rests_on):
        """The question, its answer in words and as a chart, and what it rests on."""
        foot = f"Publication {head}, {', '.join(rests_on)}; {whose}."
        if mo.app_meta().mode == "script":
            print(f"{question}\n  {said}\n  {foot}\n")
        return mo.vstack([mo.md(f"## {question}"), mo.md(said), chart, mo.md(f"*{foot}*")])

    return (answer,)


@app.cell
def title(whose):
    mo.md(f"""
    # Three questions

    To {whose}. Everything below is read from public tables as one publication left them: a number
    is in it only if every input it was computed from was complete, checked and current.
    """)
    return


@app.cell
def rows(head, project):
    def public(name, *columns):
        """The rows of a public table as the publication left them."""
        return project.table(name, at=head).select(*columns).to_polars()

    schedule = public("schedule", "game_date", "home_team", "away_team", "status")
    teams = public(
        "team_offense_game_summary",
        "game_id", "game_date", "team", "home_game", "margin", "minutes", "pace",
    )  # fmt: skip
    players = public(
        "player_game_summary",
        "game_date", "team", "player_id", "player_name", "minutes", "usage_rate_pct",
    )  # fmt: skip
    defense = public(
        "team_defense_game_summary", "team", "pts_paint_allowed", "fgm_allowed", "fg3m_allowed"
    )
    final = schedule.filter(pl.col("status") == "final")
    sides = [final.select("game_date", team=side) for side in ("home_team", "away_team")]
    rested = (
        pl.concat(sides)
        .with_columns(day=pl.col("game_date").str.to_date())
        .sort("team", "day")
        .with_columns(days=(pl.col("day") - pl.col("day").shift(1).over("team")).dt.total_days())
        .drop_nulls("days")
        .select("team", "game_date", is_second_night=pl.col("days") == 1)
    )
    return defense, players, rested, teams


@app.cell
def back_to_back(answer, players, rested):
    _played = players.filter(pl.col("minutes") > 0).join(rested, on=["team", "game_date"])
    _each = (
        _played.group_by("player_id", "player_name", "is_second_night")
        .agg(pl.len().alias("games"), pl.col("minutes", "usage_rate_pct").mean())
        .filter((pl.col("games") >= 3) & (pl.col("minutes") >= 24))
    )
    _both = _each.filter(pl.col("is_second_night")).join(
        _each.filter(~pl.col("is_second_night")), on="player_id", suffix="_rested"
    )
    _change = _both.select(
        "player_name",
        games="games",
        usage=pl.col("usage_rate_pct") - pl.col("usage_rate_pct_rested"),
        minutes=pl.col("minutes") - pl.col("minutes_rested"),
    ).sort("player_name")

    def _said():
        if len(_change) < 10:
            return f"It cannot be said: {len(_change)} players have three games of either kind."
        mean, error = _change["usage"].mean(), _change["usage"].std() / len(_change) ** 0.5
        is_clear = abs(mean) > 1.96 * error
        verdict = (
            ("**It rises.**" if mean > 0 else "**It falls.**") if is_clear else "**Not visibly.**"
        )
        return (
            f"{verdict} Of {len(_change)} players with 24 minutes a game or more, usage on the"
            f" second night differs from their other games by {mean:+.2f} percentage points"
            f" (95 % interval {mean - 1.96 * error:+.2f} to {mean + 1.96 * error:+.2f}), their"
            f" time on court by {_change['minutes'].mean():+.1f} minutes."
        )

    _chart = (
        alt.Chart(_change, width=560, height=240)
        .mark_bar()
        .encode(
            alt.X("usage", bin=alt.Bin(maxbins=30), title="usage on a second night less other games, points"),
            alt.Y("count()", title="players"),
        )
    )  # fmt: skip
    answer(
        "Does usage rise on a back-to-back?",
        _said(),
        _chart,
        ["schedule", "player_game_summary"],
    )
    return


@app.cell
def paint(answer, defense):
    _known = defense.drop_nulls("pts_paint_allowed")
    _share = len(_known) / max(len(defense), 1)
    _has_shots = _share >= 0.9
    _inside = (
        _known.select("team", points="pts_paint_allowed")
        if _has_shots
        else defense.select("team", points=2 * (pl.col("fgm_allowed") - pl.col("fg3m_allowed")))
    )
    _by_team = _inside.group_by("team").agg(
        pl.col("points").mean(), games=pl.len()
    ).sort("points", "team", descending=[True, False])  # fmt: skip
    _what = "points in the paint" if _has_shots else "points from two-point makes"

    def _named(rows):
        return ", ".join(f"{team} {points:.1f}" for team, points, _ in rows.iter_rows())

    _lacking = (
        ""
        if _has_shots
        else f"**This cannot be answered here:** shots are public for {100 * _share:.0f} % of the team"
        " games, and the box score does not know the paint. The nearest it knows is what was"
        " allowed inside the arc. "
    )
    _chart = (
        alt.Chart(_by_team, width=560, height=420)
        .mark_bar()
        .encode(
            alt.X("points", title=f"{_what} allowed per game"),
            alt.Y("team", sort="-x", title=None),
            tooltip=["team", "points", "games"],
        )
    )
    answer(
        "Which teams give up the paint?",
        f"{_lacking}Most {_what} allowed per game: {_named(_by_team.head(3))};"
        f" fewest: {_named(_by_team.tail(3).reverse())}.",
        _chart,
        ["team_defense_game_summary"],
    )
    return


@app.cell
def pace(answer, teams):
    _games = teams.filter(pl.col("home_game")).select(
        "game_id", "pace", margin=pl.col("margin").abs(), is_over_48=pl.col("minutes") > 240
    )
    _regulation = _games.filter(~pl.col("is_over_48"))
    _r = _regulation.select(pl.corr("pace", "margin")).item()
    _slope = _r * _regulation["margin"].std() / _regulation["pace"].std()
    _error = ((1 - _r**2) / (len(_regulation) - 2)) ** 0.5
    _verdict = "**Hardly.**" if _r**2 < 0.02 else "**Somewhat.**"
    if abs(_r) < 1.96 * _error:
        _verdict = "**Not visibly.**"
    _points = alt.Chart(_regulation, width=560, height=300).encode(
        alt.X("pace", scale=alt.Scale(zero=False), title="possessions per 48 minutes"),
        alt.Y("margin", title="final margin, points"),
    )
    answer(
        "How much does a margin depend on pace?",
        f"{_verdict} Over {len(_regulation)} games without overtime, pace explains"
        f" {100 * _r**2:.1f} % of the variance of the final margin: ten possessions more go with"
        f" {10 * _slope:+.1f} points (correlation {_r:+.2f}).",
        _points.mark_circle(opacity=0.4)
        + _points.transform_regression("pace", "margin").mark_line(color="firebrick"),
        ["team_offense_game_summary"],
    )
    return


if __name__ == "__main__":
    app.run()
