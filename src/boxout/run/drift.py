"""Is a file like those before it? Column by column, by robust figures, and what cannot be told.

Only what both sides have enough values for is compared; what was not compared is said, and is not
taken for equal. A file of games that still run is not drift: zeros are left out of every scale.
"""

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from statistics import median
from typing import Final, NamedTuple

from boxout.run.describe import ColumnSeen, Seen, merged

VALUES_MIN: Final = 8
"""With fewer values on one of the sides, nothing is said of them."""

MEASURES_MIN: Final = 5
"""With fewer columns that measure something, none of them speaks for the progress of the games."""

FACTOR_MIN: Final = 8.0
"""A scale that moved by less may be the games themselves."""

SPREAD_MAX: Final = 2.5
"""How far the factors of the three quartiles may lie apart: a unit moves all of them alike."""

MOSTLY, HARDLY = 0.98, 0.5
KNOWN_SHARE_MIN: Final = 0.1
CHANCE_MAX: Final = 1e-6
"""How likely it may be that a column is empty by chance, by its nulls so far."""

NULLS_TOLD_MIN: Final = 0.05
DIGITS_OF_AN_ID_MIN: Final = 6
CODES_MIN: Final = 8
ALIKE_MIN: Final = 0.5
"""Values that are alike are enough, whatever the name; of several the one with the nearest name."""

UNIT_NEAR: Final = 0.25
SCALE_ALIKE_MAX: Final = 2.0
UNITS: Final = {60.0: "60", 3600.0: "3,600", 100.0: "100", 1000.0: "1,000", 10.0: "10"}


class Drifted(NamedTuple):
    """One difference of a column: what kind, what was found, what was there so far."""

    kind: str
    column: str
    found: str
    needed: str
    is_breaking: bool

    def __str__(self) -> str:
        sides = f"{self.found}, so far {self.needed}" if self.needed else self.found
        return f"{self.column}: {self.kind}, {sides}"


class Drift(NamedTuple):
    """How a file differs from those before it; `compared` is how many these are.

    `not_compared` says why nothing, or not all, could be compared; empty when all was. A file that
    `is_unread` lacks what its rows are made of.
    """

    compared: int = 0
    found: tuple[Drifted, ...] = ()
    not_compared: str = ""
    is_unread: bool = False

    @property
    def breaking(self) -> tuple[Drifted, ...]:
        """The differences for which a file is refused."""
        return tuple(one for one in self.found if one.is_breaking)


def compare(now: Seen, before: Sequence[Seen], needs: Sequence[str]) -> Drift:
    """A file against those before it; `needs` are the columns that its reader needs."""
    if not before:
        return Drift(0, (), "nothing to compare with: no file of this reader is public yet")
    known = {name: merged(f[name] for f in before if name in f) for f in before for name in f}
    found = [*_gone(now, before, known, needs), *_new(now, known)]
    few: list[str] = []
    progress = _progress(now, known)
    for name, one in now.items():
        if name in known:
            found += _column(name, one, known[name], progress, is_needed=name in needs)
            if name in needs and min(one.rows, known[name].rows) < VALUES_MIN:
                few.append(name)
    return Drift(len(before), tuple(found), _few(now, known, few))


def _few(now: Seen, known: Seen, few: Sequence[str]) -> str:
    if not few:
        return ""
    rows, so_far = now[few[0]].rows, known[few[0]].rows
    return (
        f"its values: {rows} rows found and {so_far} so far, at least {VALUES_MIN} of both needed"
    )


def _gone(
    now: Seen, before: Sequence[Seen], known: Seen, needs: Sequence[str]
) -> Iterator[Drifted]:
    """Columns that every file had: of a reader's needs the header has said so already."""
    for name in known:
        if name in now or name in needs or not all(name in one for one in before):
            continue
        like = looks_like(name, known[name], {n: c for n, c in now.items() if n not in known})
        told = f"{like} looks like it" if like else "no other column looks like it"
        yield Drifted("renamed" if like else "gone", name, told, "", is_breaking=False)


def _new(now: Seen, known: Seen) -> Iterator[Drifted]:
    for name, one in now.items():
        if name not in known:
            yield Drifted("new column", name, f"{one.filled} values", "", is_breaking=False)
        elif one.named != known[name].named:
            sides = f"called {one.named} in the file", known[name].named
            yield Drifted("renamed", name, *sides, is_breaking=False)


def looks_like(name: str, so_far: ColumnSeen, others: Mapping[str, ColumnSeen]) -> str | None:
    """The one of the other columns whose name and values are most like those of a column."""
    rated = {other: _alike(name, so_far, other, one) for other, one in others.items()}
    best = max(rated, key=lambda other: rated[other], default=None)
    return best if best is not None and rated[best] >= ALIKE_MIN else None


def _alike(name: str, so_far: ColumnSeen, other: str, one: ColumnSeen) -> float:
    """From 0 to 1: half by name, half by kind, form and scale."""
    by_name = SequenceMatcher(None, name.lower(), other.lower()).ratio()
    if not one.filled or not so_far.filled or _kind(one) != _kind(so_far):
        return by_name / 2 if one.filled and so_far.filled else by_name
    if so_far.scaled and one.scaled:
        ratio = one.quartiles[1] / so_far.quartiles[1]
        return by_name / 2 + (1 / SCALE_ALIKE_MAX <= ratio <= SCALE_ALIKE_MAX) / 2
    shapes = set(one.shapes) & set(so_far.shapes)
    is_same = bool(shapes) or (one.is_free and so_far.is_free)
    return by_name / 2 + is_same / 2


def _progress(now: Seen, known: Seen) -> float:
    """How far the games of a file have come against those before it, by all its measures together.

    A file of the first minutes has less of everything, and the one after it more. No unit is
    another for that.
    """
    factors = [
        one.quartiles[1] / known[name].quartiles[1]
        for name, one in now.items()
        if name in known and _is_measure(one, known[name])
    ]
    return median(factors) if len(factors) >= MEASURES_MIN else 1.0


def _is_measure(now: ColumnSeen, so_far: ColumnSeen) -> bool:
    is_enough = min(now.scaled, so_far.scaled) >= VALUES_MIN
    return is_enough and _kind(now) == _kind(so_far) == "numbers" and not _has_format(so_far)


def _column(
    name: str, now: ColumnSeen, so_far: ColumnSeen, progress: float, *, is_needed: bool
) -> Iterator[Drifted]:
    """The first difference of these: empty, of another type, of another format, in another unit."""
    nulls = _nulls(now, so_far)
    if nulls:
        kind, found, needed = nulls
        is_new = kind == "always null" and so_far.null_share < NULLS_TOLD_MIN
        yield Drifted(kind, name, found, needed, is_needed and is_new)
    if min(now.filled, so_far.filled) < VALUES_MIN:
        return
    told = _retyped(now, so_far) or _format(now, so_far) or _unit(now, so_far, progress)
    if told:
        yield Drifted(*(told[0], name), *told[1:], is_needed)


Told = tuple[str, str, str] | None


def _nulls(now: ColumnSeen, so_far: ColumnSeen) -> Told:
    if min(so_far.rows, now.rows) < VALUES_MIN:
        return None
    by_chance = so_far.null_share**now.rows
    if not now.filled and by_chance < CHANCE_MAX:
        return "always null", f"all {now.rows} rows", f"{so_far.null_share:.0%} null"
    if not so_far.null_share and now.null_share >= NULLS_TOLD_MIN:
        return "newly null", f"{now.null_share:.0%} of {now.rows} rows", "never null"
    return None


def _kind(one: ColumnSeen) -> str:
    """What nearly all of the values are; empty when they are mixed."""
    if not one.filled:
        return ""
    numbers, truths = one.numbers / one.filled, one.truths / one.filled
    if truths >= MOSTLY:
        return "true or false"
    if numbers >= MOSTLY:
        return "numbers"
    return "text" if numbers + truths <= HARDLY else ""


def _retyped(now: ColumnSeen, so_far: ColumnSeen) -> Told:
    kinds = _kind(now), _kind(so_far)
    is_flag = {*kinds} == {"numbers", "true or false"} and _is_binary(now, so_far)
    if "" in kinds or kinds[0] == kinds[1] or is_flag:
        return None
    return "retyped", f"{kinds[0]}{_example(now)}", f"{kinds[1]}{_example(so_far)}"


def _is_binary(*sides: ColumnSeen) -> bool:
    """Whether there are two values at most: 0 and 1 say as much as true and false."""
    return all(one.different <= 2 for one in sides)


def _example(one: ColumnSeen) -> str:
    return f" like {_commonest(one)}" if one.shapes and not one.is_free else ""


def _commonest(one: ColumnSeen) -> str:
    return max(one.shapes, key=lambda form: one.shapes[form])


def _format(now: ColumnSeen, so_far: ColumnSeen) -> Told:
    """Ids and codes: a form that (nearly) none of the values has had so far."""
    if not _has_format(so_far):
        return None
    known = sum(count for form, count in now.shapes.items() if form in so_far.shapes)
    if not now.shapes or known >= KNOWN_SHARE_MIN * now.filled:
        return None
    return "another format", _commonest(now), _commonest(so_far)


def _has_format(one: ColumnSeen) -> bool:
    """Whether the values are ids, dates or codes: few forms, with digits in text, or long numbers."""
    if one.is_free:
        return False
    if _kind(one) == "numbers":
        is_long = max(map(len, one.shapes)) >= DIGITS_OF_AN_ID_MIN
        return is_long and one.wholes == one.numbers and not any("." in s for s in one.shapes)
    digits = sum(count for form, count in one.shapes.items() if "9" in form)
    is_code = len(one.shapes) == 1 and one.different >= CODES_MIN
    return digits >= MOSTLY * one.filled or is_code


def _unit(now: ColumnSeen, so_far: ColumnSeen, progress: float) -> Told:
    """All three quartiles further apart than the games' progress, by much the same factor."""
    if min(now.scaled, so_far.scaled) < VALUES_MIN or _kind(now) != "numbers":
        return None
    pairs = zip(now.quartiles, so_far.quartiles, strict=True)
    factors = sorted(found / needed for found, needed in pairs)
    factor = factors[1]
    is_far = not progress / FACTOR_MIN < factor < progress * FACTOR_MIN
    if not is_far or factors[2] / factors[0] > SPREAD_MAX:
        return None
    found, needed = now.quartiles[1], so_far.quartiles[1]
    return "another unit", f"median {found:,.6g} ({_times(factor)})", f"{needed:,.6g}"


def _times(factor: float) -> str:
    size = factor if factor >= 1 else 1 / factor
    near = min(UNITS, key=lambda unit: abs(unit - size))
    told = UNITS[near] if abs(near - size) <= UNIT_NEAR * near else f"about {size:,.0f}"
    return f"{told} times as much" if factor >= 1 else f"1/{told} of it"
