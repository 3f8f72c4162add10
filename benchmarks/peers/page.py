"""The tables and the plot of docs/performance.md, from figures.json; compare.py writes both."""

import json
from collections.abc import Iterator
from typing import Any

import altair as alt
from tools import BARE, BOXOUT, HERE, ROOT, TOOLS

FIGURES = HERE / "figures.json"
PAGE = ROOT / "docs" / "performance.md"
PLOT = ROOT / "docs" / "performance.svg"
COLUMNS = {
    "cold": "night, cold",
    "warm": "night, warm",
    "season by night": "season by night",
    "season": "season in one go",
    "ten": "ten seasons",
    "all": "75 seasons",
}
SHOWN = (
    "![Seconds of each tool for a warm night, a season by night and ten seasons, and the share of"
    f" each step of Boxout]({PLOT.name})"
)

Figures = dict[str, dict[str, Any]]


def seconds(told: dict[str, Any], column: str) -> float | None:
    """The best of several measurements; None when it was stopped or not measured."""
    return min(told[column], default=None)


def cell(figures: Figures, name: str, column: str) -> str:
    """Seconds, and how many times the bare script in the same table."""
    ours, bare = seconds(figures[name], column), seconds(figures[BARE], column)
    if ours is None:
        return figures[name]["ended"].get(column, "").partition("\n")[0]
    ratio = f" ({ours / bare:.2g}×)" if bare and name != BARE else ""
    return f"{ours:.2f}{ratio}" if ours < 10 else f"{ours:.0f}{ratio}"


def rows(figures: Figures) -> Iterator[list[str]]:
    """The table, line by line."""
    yield ["", *COLUMNS.values(), "state it keeps", "version, DuckDB"]
    for name in TOOLS:
        if name in figures:
            told = figures[name]
            cells = [cell(figures, name, column) for column in COLUMNS]
            yield [name, *cells, told["keeps"], f"{told['version']}, {told['duckdb']}"]


def table(figures: Figures) -> str:
    """Seconds and ratios as Markdown."""
    head, *body = rows(figures)
    return "\n".join(f"| {' | '.join(line)} |" for line in [head, ["---"] * len(head), *body])


def steps(figures: Figures) -> str:
    """Milliseconds of every step of a warm night and of a season as Markdown."""
    night, season = figures["where"]["night"], figures["where"]["season"]
    lines = ["| step | warm night, ms | season in one go, ms |", "| --- | --- | --- |"]
    for step, took in night.items():
        lines.append(f"| {step} | {took * 1000:.1f} | {season[step] * 1000:.0f} |")
    totals = (f"{sum(one.values()) * 1000:.0f}" for one in (night, season))
    return "\n".join([*lines, f"| together, one worker | {' | '.join(totals)} |"])


def planned(figures: Figures) -> str:
    """How much of a night the same statements take for a date without games, in a sentence."""
    bare = figures["where"]["bare night"]
    whole, plans = bare["all"] * 1000, bare["planning"] * 1000
    return f"{whole:.0f} ms for a night of games, {plans:.0f} ms for a date without games."


def plot(figures: Figures) -> alt.VConcatChart:
    """Above: how long each tool takes, on scales of powers of ten; below: the steps of ours."""
    told = [figures[name] for name in TOOLS if name in figures]
    figures_shown = ("warm", "season by night", "ten")
    shown = [column for column in figures_shown if any(one[column] for one in told)]
    charts = [_tools(figures, column, at == 0) for at, column in enumerate(shown)]
    whole = alt.vconcat(alt.hconcat(*charts), _shares(figures["where"]), background="white")
    return whole.resolve_scale(color="independent")


def _tools(figures: Figures, column: str, is_first: bool) -> alt.Chart:  # noqa: FBT001
    dots = [
        {"tool": name, "seconds": took}
        for name in TOOLS
        if name in figures and (took := seconds(figures[name], column)) is not None
    ]
    named = alt.Axis(labels=is_first, ticks=False, grid=True, title=None)
    return (
        alt.Chart(alt.Data(values=dots), title=f"{COLUMNS[column]}, seconds", width=200)
        .mark_circle(size=90, opacity=1)
        .encode(
            x=alt.X("seconds:Q", scale=alt.Scale(type="log"), title=None),
            y=alt.Y(
                "tool:N",
                scale=alt.Scale(domain=[name for name in TOOLS if name in figures]),
                axis=named,
            ),
            color=alt.condition(
                f"datum.tool == '{BOXOUT}'", alt.value("#c8102e"), alt.value("#667")
            ),
        )
    )


def _shares(where: dict[str, dict[str, float]]) -> alt.Chart:
    parts = [
        {"what": what, "step": step, "ms": took * 1000, "at": at}
        for key, what in (("night", "warm night"), ("season", "season in one go"))
        for at, (step, took) in enumerate(where[key].items())
    ]
    return (
        alt.Chart(alt.Data(values=parts), title="Boxout: share of each step", width=640, height=60)
        .mark_bar()
        .encode(
            x=alt.X("ms:Q", stack="normalize", axis=alt.Axis(format="%"), title=None),
            y=alt.Y("what:N", sort=["warm night"], title=None),
            color=alt.Color("step:N", sort=list(where["night"]), title=None),
            order="at:Q",
        )
    )


def measured_on(about: dict[str, Any]) -> str:
    """When, on what, and how busy it was."""
    return (
        f"Measured on {about['on']}: {about['machine']}, Python {about['python']}, a load of"
        f" {about['load']} before it began. A season has {about['nights']} nights; an empty cell was"
        " not measured."
    )


def write_page(figures: Figures) -> None:
    """Put tables and plot into the page; what people wrote there stays."""
    text = PAGE.read_text()
    blocks = {
        "on": measured_on(figures["about"]),
        "plot": SHOWN,
        "tools": table(figures),
        "steps": steps(figures),
        "planning": planned(figures),
    }
    for name, made in blocks.items():
        before, _, rest = text.partition(f"<!-- {name} -->\n")
        text = f"{before}<!-- {name} -->\n{made}\n<!-- end -->{rest.partition('<!-- end -->')[2]}"
    PAGE.write_text(text)
    plot(figures).save(PLOT)


if __name__ == "__main__":
    write_page(json.loads(FIGURES.read_text()))
