"""Reasons that many partitions share, told once."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final, TypeAlias

from boxout.model.outcomes import Reason
from boxout.model.partitions import date_of

_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")

Line: TypeAlias = tuple[str, str, str, tuple[Reason, ...]]
"""(unit, partition, what became or becomes of it, why)"""


@dataclass(frozen=True, slots=True)
class Group:
    """Partitions of one unit with one outcome and the same kind of reasons.

    Numbers that differ from one partition to the next stand as `lowest..highest`.
    """

    unit: str
    kind: str
    reasons: tuple[str, ...]
    partitions: tuple[str, ...]


def grouped(lines: Iterable[Line]) -> list[Group]:
    """One group per unit, outcome and kind of reasons, in the order of their first partition."""
    found: dict[tuple[str, str, tuple[str, ...]], dict[str, list[str]]] = {}
    for unit, partition, kind, reasons in lines:
        texts = list(dict.fromkeys(_texts(partition, _merged(reasons))))
        key = (unit, kind, tuple(_NUMBER.sub("0", text) for text in texts))
        found.setdefault(key, {})[partition] = texts
    return [
        Group(
            unit,
            kind,
            tuple(_spanned(of) for of in zip(*known.values(), strict=True)),
            tuple(known),
        )
        for (unit, kind, _), known in found.items()
    ]


def _merged(reasons: Sequence[Reason]) -> list[Reason]:
    """Reasons that differ in their subject only as one."""
    same: dict[tuple[str, str], list[str]] = {}
    for one in reasons:
        same.setdefault((one.found, one.needed), []).append(one.subject)
    return [
        Reason(", ".join(dict.fromkeys(subjects)), found, needed)
        for (found, needed), subjects in same.items()
    ]


def _texts(partition: str, reasons: Sequence[Reason]) -> list[str]:
    """The reasons without the partition's own name, which differs everywhere."""
    texts = [str(reason) for reason in reasons]
    return [one.replace(partition, "it").replace(date_of(partition), "its date") for one in texts]


def _spanned(texts: Sequence[str]) -> str:
    """One text for all, with the range of every number in it."""
    plain = _NUMBER.split(texts[0])
    numbers = zip(*(_NUMBER.findall(text) for text in texts), strict=True)
    spans = [_span(list(of)) for of in numbers]
    return "".join(part + span for part, span in zip_longest(plain, spans, fillvalue=""))


def _span(numbers: Sequence[str]) -> str:
    lowest, highest = min(numbers, key=float), max(numbers, key=float)
    return lowest if lowest == highest else f"{lowest}..{highest}"
