"""Templates and the style sheet, beside this file."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from boxout.pages import words
from boxout.pages.extras import needed

FOLDER: Final = Path(__file__).parent
STYLE: Final = "boxout.css"


def rendered(template: str, given: Mapping[str, Any]) -> str:
    """A page: what is given is escaped, and a name that is not given is an error."""
    return _environment().get_template(template).render(given)


def style() -> str:
    """The one style sheet of every page."""
    return (FOLDER / STYLE).read_text("utf-8")


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
    made.filters |= {
        name: getattr(words, name)
        for name in (
            "count",
            "many",
            "amount",
            "percent",
            "day",
            "days",
            "moment",
            "plain",
            "worst",
        )
    }
    made.globals |= {"SYMBOLS": words.SYMBOLS, "LOOK_FIRST": words.LOOK_FIRST}
    made.filters["safe_svg"] = needed("markupsafe").Markup
    return made
