"""What the values of a file look like, column by column: what the next file is compared with."""

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from statistics import median, quantiles
from typing import Any, Final, NamedTuple

SHAPES_MAX: Final = 8
"""A column with more shapes than that is free text, and has no format."""

_DIGIT: Final = re.compile(r"[0-9]")
_LETTER: Final = re.compile(r"[^\W\d_]")
_TRUTHS: Final = frozenset({"true", "false"})


class ColumnSeen(NamedTuple):
    """The values of one column, of `rows` that were looked at.

    `named` is its name in the file. `filled` values are neither null nor empty, `numbers` of them
    finite numbers, `wholes` without a fraction, `truths` true or false; `different` counts each
    value once. `quartiles` are those of the absolute values of the `scaled` numbers that are not
    zero. `shapes` has each value with every digit as 9 and every letter as a, and how often.
    """

    named: str
    rows: int
    filled: int
    numbers: int
    wholes: int
    truths: int
    different: int
    scaled: int
    quartiles: tuple[float, ...]
    shapes: Mapping[str, int]

    @property
    def null_share(self) -> float:
        """The share of the rows that have no value."""
        return 1 - self.filled / self.rows if self.rows else 1.0

    @property
    def is_free(self) -> bool:
        """Whether its values have no format: too many shapes, or none that was kept."""
        return not 0 < len(self.shapes) <= SHAPES_MAX


Seen = Mapping[str, ColumnSeen]
"""A file by its columns, under the names of its reader."""


def describe(texts: Mapping[str, Sequence[str | None]], named: Mapping[str, str]) -> Seen:
    """The columns of a file, by the texts that came."""
    return {name: _column(named.get(name, name), values) for name, values in texts.items()}


def _column(named: str, values: Sequence[str | None]) -> ColumnSeen:
    counts = Counter(value for value in values if value)
    numbers = {value: number for value in counts if (number := _number(value)) is not None}
    sizes = sorted(
        abs(number) for value, number in numbers.items() if number for _ in range(counts[value])
    )
    shapes: Counter[str] = Counter()
    for value, count in counts.items():
        shapes[shape(value)] += count
    return ColumnSeen(
        named,
        len(values),
        counts.total(),
        sum(counts[value] for value in numbers),
        sum(counts[value] for value, number in numbers.items() if number == int(number)),
        sum(count for value, count in counts.items() if value.lower() in _TRUTHS),
        len(counts),
        len(sizes),
        _quartiles(sizes),
        dict(shapes),
    )


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and "_" not in text else None


def _quartiles(sizes: Sequence[float]) -> tuple[float, ...]:
    if len(sizes) < 2:
        return (*sizes, *sizes, *sizes)
    return tuple(quantiles(sizes, n=4, method="inclusive"))


def shape(value: str) -> str:
    """The value with every digit as 9 and every letter as a."""
    return _LETTER.sub("a", _DIGIT.sub("9", value))


def merged(seen: Iterable[ColumnSeen]) -> ColumnSeen:
    """Several files' values of one column as one: counts added, quartiles in the middle."""
    every = list(seen)
    scaled = [one.quartiles for one in every if one.scaled]
    shapes: Counter[str] = Counter()
    for one in every:
        shapes.update(one.shapes)
    is_free = any(one.filled and one.is_free for one in every)
    return ColumnSeen(
        every[0].named,
        sum(one.rows for one in every),
        sum(one.filled for one in every),
        sum(one.numbers for one in every),
        sum(one.wholes for one in every),
        sum(one.truths for one in every),
        max(one.different for one in every),
        sum(one.scaled for one in every),
        tuple(median(of) for of in zip(*scaled, strict=True)),
        {} if is_free else dict(shapes),
    )


def as_text(seen: Seen) -> str:
    """A description as the ledger keeps it; of free text no shapes."""
    kept = {
        name: one._replace(shapes={} if one.is_free else one.shapes) for name, one in seen.items()
    }
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def from_text(text: str) -> Seen:
    """What `as_text` wrote."""
    kept: dict[str, list[Any]] = json.loads(text)
    return {name: ColumnSeen._make([*of[:8], tuple(of[8]), of[9]]) for name, of in kept.items()}
