"""Where a warehouse in BigQuery is, as a project file names it."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple
from urllib.parse import SplitResult, parse_qsl, urlsplit

from boxout.errors import DefinitionError

SCHEME: Final = "bigquery://"
BYTES_BILLED_MAX: Final = 100_000_000_000
"""What one statement may cost when nothing else is said."""

_NAMED: Final = ("location", "maximum_bytes_billed", "labels", "endpoint")
_PROJECT: Final = re.compile(r"[a-z][a-z0-9.:-]{2,60}[a-z0-9]")
_DATASET: Final = re.compile(r"[A-Za-z0-9_]{1,1000}")
_LABEL: Final = re.compile(r"[a-z][a-z0-9_-]{0,62}:[a-z0-9_-]{0,63}")
_HERE: Final = ("localhost", "127.0.0.1", "::1")


class Address(NamedTuple):
    """A project and a dataset; two more beside it hold the versions and the pointers.

    No statement may bill more than `bytes_billed_max`. `labels` are on every job. An `endpoint` is
    an emulator on this machine: nothing is signed for it.
    """

    project: str
    dataset: str
    location: str
    bytes_billed_max: int = BYTES_BILLED_MAX
    labels: Mapping[str, str] = {}
    endpoint: str = ""

    @property
    def versions(self) -> str:
        """The dataset of all versions."""
        return f"{self.dataset}_versions"

    @property
    def own(self) -> str:
        """The dataset of the pointers, the quarantine, and what is on its way."""
        return f"{self.dataset}_boxout"

    def __str__(self) -> str:
        return f"{SCHEME}{self.project}/{self.dataset}"


def address_of(text: str) -> Address:
    """The address that a text like `bigquery://project/dataset?location=EU` names.

    DefinitionError, with every fault, when it names none.
    """
    parts = urlsplit(text)
    said = dict(parse_qsl(parts.query, keep_blank_values=True))
    faults = list(_faults(parts, said))
    if faults:
        raise DefinitionError([f"warehouse {text!r}: {fault}" for fault in faults])
    return Address(
        parts.netloc,
        parts.path.strip("/"),
        said.get("location", "US"),
        int(said.get("maximum_bytes_billed", BYTES_BILLED_MAX)),
        _labels(said.get("labels", "")),
        said.get("endpoint", ""),
    )


def _faults(parts: SplitResult, said: Mapping[str, str]) -> list[str]:
    limit, labels, endpoint = (
        said.get(name, "") for name in ("maximum_bytes_billed", "labels", "endpoint")
    )
    judged = {
        f"{parts.netloc!r} is no project; bigquery://PROJECT/DATASET expected": _PROJECT.fullmatch(
            parts.netloc
        ),
        f"{parts.path.strip('/')!r} is no dataset; letters, digits and _ expected": (
            _DATASET.fullmatch(parts.path.strip("/"))
        ),
        f"maximum_bytes_billed={limit!r}; a whole number above 0 expected": (
            "maximum_bytes_billed" not in said or (limit.isdecimal() and int(limit) > 0)
        ),
        f"labels={labels!r}; key:value, with commas between, in lower case expected": (
            not labels or all(_LABEL.fullmatch(one) for one in labels.split(","))
        ),
        f"endpoint={endpoint!r}; an emulator on this machine, http://localhost:PORT, expected": (
            not endpoint or urlsplit(endpoint).hostname in _HERE
        ),
    }
    unknown = [
        f"{name} means nothing; {', '.join(_NAMED)} are known"
        for name in said
        if name not in _NAMED
    ]
    return [*(fault for fault, is_right in judged.items() if not is_right), *unknown]


def _labels(text: str) -> dict[str, str]:
    pairs = (one.partition(":") for one in text.split(",") if one)
    return {name: value for name, _, value in pairs}
