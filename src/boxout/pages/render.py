"""Templates and the style sheet, beside this file."""

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from boxout.pages import words
from boxout.pages.extras import needed

FOLDER: Final = Path(__file__).parent
STYLE: Final = "boxout.css"

ASSETS: Final = {
    STYLE: "text/css",
    "boxout.js": "text/javascript",
    "htmx.min.js": "text/javascript",
    "htmx-sse.min.js": "text/javascript",
}
"""What a page that is served asks for beside itself, and what kind of file it is."""


class Asset(NamedTuple):
    """A file and the beginning of its digest, under which it may be kept for ever."""

    digest: str
    body: bytes


def rendered(template: str, given: Mapping[str, Any]) -> str:
    """A page: what is given is escaped, and a name that is not given is an error."""
    return _environment().get_template(template).render(given)


def style() -> str:
    """The one style sheet of every page."""
    return (FOLDER / STYLE).read_text("utf-8")


@lru_cache
def asset(name: str) -> Asset:
    """One of the files of ASSETS."""
    body = (FOLDER / name).read_bytes()
    return Asset(hashlib.sha256(body).hexdigest()[:16], body)


def _address(name: str) -> str:
    return f"/ui/assets/{asset(name).digest}/{name}"


@lru_cache(maxsize=1)
def _environment() -> Any:
    jinja2 = needed("jinja2")
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {name: getattr(words, name) for name in words.FILTERS}
    made.globals |= {name: getattr(words, name) for name in ("SYMBOLS", "LOOK_FIRST", "SHOWN_MAX")}
    made.globals["asset"] = _address
    made.filters["safe_svg"] = needed("markupsafe").Markup
    return made
