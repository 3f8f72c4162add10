"""Times of day and times on the clock, as files write them."""

from collections.abc import Callable
from functools import cache

from boxout import Measure, ibis

EASTERN = "America/New_York"
_CLOCK = r"^(?:PT)?([0-9]+)(?:\.0+)?[:M]([0-9]+(?:\.[0-9]+)?)S?$"
"""`30:49`, `36.000000:42`, `PT20M46.00S`: minutes and seconds."""


def minutes(text: Measure) -> Measure:
    """A time on the clock in minutes, as text; what is no such time stays, to be rejected.

    To the nearest second: the time of a box score has no finer one.
    """
    return ibis.coalesce((seconds(text).round() / 60).cast("string"), text)


def seconds(text: Measure) -> Measure:
    """A time on the clock in seconds; null when it is none."""
    part = [text.re_extract(_CLOCK, at).try_cast("float64") for at in (1, 2)]
    return part[0] * 60 + part[1]


def moment(text: Measure) -> Measure:
    """An instant of ISO 8601 as a UTC timestamp without zone; null when it is none."""
    return text.try_cast("timestamp")


def parsed(text: Measure, form: str) -> Measure:
    """A timestamp in a form of strptime; null when the text is not in it."""
    return _built_in("try_strptime", ("string", "string"))(text, form)


def eastern(utc: Measure) -> Measure:
    """A UTC timestamp as Eastern Time, daylight saving included."""
    return _in_zone()(EASTERN, _in_zone()("UTC", utc))


def utc(of_east: Measure) -> Measure:
    """An Eastern Time timestamp as UTC."""
    return _in_zone()("UTC", _in_zone()(EASTERN, of_east))


def eastern_date(text: Measure) -> Measure:
    """The Eastern Time date of a UTC instant, as YYYY-MM-DD."""
    return iso_date(eastern(moment(text)))


def iso_date(timestamp: Measure) -> Measure:
    """The date of a timestamp, as YYYY-MM-DD."""
    return timestamp.strftime("%Y-%m-%d")


def _in_zone() -> Callable[..., Measure]:
    return _built_in("timezone", ("string", "timestamp"))


@cache
def _built_in(name: str, takes: tuple[str, str]) -> Callable[..., Measure]:
    """A function of the warehouse that gives a timestamp."""

    def built_in(first: object, second: object) -> None: ...

    return ibis.udf.scalar.builtin(built_in, name=name, signature=(takes, "timestamp"))
