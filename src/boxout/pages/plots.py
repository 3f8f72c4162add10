"""Plots as SVG that stands in a page: its colours are the page's, its words an alternative text."""

import re
from collections.abc import Sequence
from functools import lru_cache
from html import escape
from typing import Any, Final

from boxout.pages.extras import needed
from boxout.report.spread import Spread, Week

WIDTH: Final = 240
SPREAD_HEIGHT: Final = 56
COURSE_HEIGHT: Final = 44
_SIZE: Final = re.compile(r'^<svg [^>]*?width="(\d+)" height="(\d+)"[^>]*>')
_LONG: Final = re.compile(r"(\d+\.\d{2})\d+")
_EMPTY: Final = re.compile(r'<path class="(?:background|foreground)"[^>]*/>')
_INNER: Final = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')
"""What Vega says of single marks: the drawing is one picture, and says in words what it shows."""


def spread_plot(one: Spread, said: str) -> str:
    """The values asked about as outlined bars, before what is usual as filled ones.

    Of a whole season there is nothing else to compare with: its own are filled.
    """
    low, high = one.low, one.high
    if low is None or high is None or not one.bins:
        return ""
    width = (high - low) / len(one.bins) or 1.0
    bars = [
        {"from": low + nth * width, "to": low + (nth + 1) * width, "mine": mine, "usual": usual}
        for nth, (mine, usual) in enumerate(one.bins)
    ]
    is_alone = not any(usual for _, usual in one.bins)
    layers = [_bars(bars, "mine", "var(--mine-pale)")] if is_alone else [
        _bars(bars, "usual", "var(--usual)"), _steps(bars)]  # fmt: skip
    return _svg(layers, SPREAD_HEIGHT, said)


def course_plot(weeks: Sequence[Week], said: str) -> str:
    """The middle of each week as a line, in the band that holds nine tenths of its values."""
    alt = needed("altair")
    rows = [{"at": one.since, "low": one.low, "middle": one.middle, "high": one.high}
            for one in weeks]  # fmt: skip
    when = alt.X("at:T", title=None, axis=_axis(format="%b", tickCount="month"))
    base = alt.Chart(alt.Data(values=rows)).encode(x=when)
    hidden = alt.Axis(labels=False, ticks=False, domain=False, grid=False, title=None)
    scale = alt.Scale(zero=False, nice=False)
    band = base.mark_area(color="var(--usual)").encode(
        y=alt.Y("low:Q", axis=hidden, scale=scale), y2="high:Q"
    )
    line = base.mark_line(color="var(--mine)", strokeWidth=1.6).encode(
        y=alt.Y("middle:Q", axis=hidden, scale=scale)
    )
    return _svg([band, line], COURSE_HEIGHT, said)


def _bars(bars: Sequence[dict[str, float]], side: str, colour: str) -> Any:
    alt = needed("altair")
    chart = alt.Chart(alt.Data(values=list(bars))).mark_rect(color=colour)
    return chart.encode(x=_from(), x2="to:Q", y=_share(side), y2=alt.YDatum(0))


def _steps(bars: Sequence[dict[str, float]]) -> Any:
    """The outline of the bars of what was asked about."""
    alt = needed("altair")
    edges = [{"from": bars[0]["from"], "mine": 0.0}]
    for one in bars:
        edges += [
            {"from": one["from"], "mine": one["mine"]},
            {"from": one["to"], "mine": one["mine"]},
        ]
    edges.append({"from": bars[-1]["to"], "mine": 0.0})
    steps = [{**edge, "nth": nth} for nth, edge in enumerate(edges)]
    chart = alt.Chart(alt.Data(values=steps)).mark_line(color="var(--mine)", strokeWidth=1.6)
    return chart.encode(x=_from(), y=_share("mine"), order="nth:Q")


def _from() -> Any:
    alt = needed("altair")
    return alt.X(
        "from:Q", title=None, axis=_axis(tickCount=4), scale=alt.Scale(nice=False, zero=False)
    )


def _share(side: str) -> Any:
    return needed("altair").Y(f"{side}:Q", axis=None)


def _axis(**more: Any) -> Any:
    return needed("altair").Axis(
        grid=False, labelColor="var(--soft)", tickColor="var(--line)", domainColor="var(--line)",
        tickSize=3, labelPadding=3, **more,
    )  # fmt: skip


def _svg(layers: Sequence[Any], height: int, said: str) -> str:
    alt = needed("altair")
    chart = alt.layer(*layers).properties(width=WIDTH, height=height, background="transparent")
    chart = chart.configure(aria=False, font="inherit", padding=2)
    chart = chart.configure_view(stroke=None).configure_axis(labelFontSize=10)
    return _framed(_drawn()(chart.to_dict(validate=False)), said)


@lru_cache(maxsize=1)
def _drawn() -> Any:
    return needed("vl_convert").vegalite_to_svg


def _framed(svg: str, said: str) -> str:
    """The drawing alone, as wide as its place, with what it shows in words."""
    body = _INNER.sub("", _EMPTY.sub("", _LONG.sub(r"\1", svg)))
    size = _SIZE.match(body)
    if size is None:
        return ""
    frame = f'<svg viewBox="0 0 {size[1]} {size[2]}" role="img" aria-label="{escape(said)}">'
    return frame + body[size.end() :]
