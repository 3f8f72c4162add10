"""PDF files as lines of text. The package that reads them comes with an extra."""

import importlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

FILES = ("*.pdf",)
LETTER_GAP = 1
"""Points between two letters that are of two words: some publishers set their words close."""

LINE_GAP = 3
"""Points between two words that are on two lines."""


class Word(NamedTuple):
    """A word of a page: points from the left and from the top."""

    left: float
    top: float
    text: str


def pages(path: Path) -> tuple[tuple[Word, ...], ...]:
    """The words of a PDF, page by page; ValueError when there are none."""
    stat = path.stat()
    return _pages(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=2)
def _pages(path: Path, _changed_ns: int, _size: int) -> tuple[tuple[Word, ...], ...]:
    """Several readers look at one file: it is read once for all of them."""
    with _pdfplumber().open(path) as pdf:
        found = tuple(
            tuple(
                Word(one["x0"], one["top"], one["text"])
                for one in page.extract_words(x_tolerance=LETTER_GAP)
            )
            for page in pdf.pages
        )
    if not any(found):
        raise ValueError("there is no text in it: the PDF is damaged, or a picture")
    return found


def lines(words: Iterable[Word]) -> list[list[Word]]:
    """The words of a page by line, from top to bottom and from left to right."""
    found: list[list[Word]] = []
    for word in sorted(words, key=lambda one: one.top):
        if found and word.top - found[-1][0].top <= LINE_GAP:
            found[-1].append(word)
        else:
            found.append([word])
    return [sorted(line, key=lambda one: one.left) for line in found]


def text(words: Iterable[Word]) -> str:
    """Words as they are read."""
    return " ".join(word.text for word in words)


def begins(path: Path) -> str:
    """The text of the first page."""
    return " ".join(text(line) for line in lines(pages(path)[0]))


def _pdfplumber() -> Any:
    try:
        return importlib.import_module("pdfplumber")
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "PDF files need the package pdfplumber; install it with: pip install 'boxout[pdf]'"
        ) from error
