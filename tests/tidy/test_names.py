import ast
import re
from collections.abc import Iterator

import pytest

from tidy.source import classes, functions, judge, parameters, sources

INSTEAD = {
    "data": "say what it holds: rows, versions, events",
    "info": "say what it tells: reason, report, description",
    "manager": "name what it does: a claim, a reader, a ledger",
    "helper": "name what the function gives back",
    "helpers": "name what the functions share",
    "util": "name what the function gives back",
    "utils": "name what the functions share",
}
"""Words that say nothing, and what to write instead."""

VAGUE: dict[str, str] = {}
UNMARKED: dict[str, str] = {}


def vague_names(tree: ast.Module, path: str) -> list[str]:
    """Modules, functions, classes and parameters whose name has a word that says nothing."""
    return [
        f"{path}:{line}: {name}: not {word!r}; {INSTEAD[word]}"
        for line, name in _names(tree, path)
        for word in _words(name)
        if word in INSTEAD
    ]


def unmarked_booleans(tree: ast.Module, path: str) -> list[str]:
    """Boolean parameters and fields that do not start with is_ or has_."""
    return [
        f"{path}:{line}: {name} is a bool: call it is_{name} or has_{name}"
        for line, name, annotation in _annotated(tree)
        if _is_bool(annotation) and not re.match(r"_*(is|has)_", name)
    ]


def _names(tree: ast.Module, path: str) -> Iterator[tuple[int, str]]:
    for part in path.removesuffix(".py").split("/"):
        yield 1, part
    for kind in classes(tree):
        yield kind.lineno, kind.name
    for function in functions(tree):
        yield function.lineno, function.name
        for parameter in parameters(function):
            yield parameter.lineno, parameter.arg


def _words(name: str) -> list[str]:
    return [word.lower() for word in re.findall(r"[A-Z]*[a-z0-9]+|[A-Z]+", name)]


def _annotated(tree: ast.Module) -> Iterator[tuple[int, str, ast.expr]]:
    for function in functions(tree):
        for parameter in parameters(function):
            if parameter.annotation is not None:
                yield parameter.lineno, parameter.arg, parameter.annotation
    for kind in classes(tree):
        for field in kind.body:
            if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
                yield field.lineno, field.target.id, field.annotation


def _is_bool(annotation: ast.expr) -> bool:
    match annotation:
        case ast.Name(id="bool"):
            return True
        case ast.BinOp(left=left, right=ast.Constant(value=None)):
            return _is_bool(left)
        case ast.Subscript(
            value=ast.Name(id="Annotated" | "ClassVar"), slice=ast.Tuple(elts=parts)
        ):
            return _is_bool(parts[0])
        case ast.Subscript(value=ast.Name(id="ClassVar"), slice=inner):
            return _is_bool(inner)
        case _:
            return False


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("", "boxout/utils.py"),
        ("", "boxout/data/rows.py"),
        ("def process_data(): ...", "boxout/f.py"),
        ("class RunManager: ...", "boxout/f.py"),
        ("class C:\n    def helper(self): ...", "boxout/f.py"),
        ("def f(data): ...", "boxout/f.py"),
        ("def f(*, game_info=None): ...", "boxout/f.py"),
    ],
)
def test_a_name_that_says_nothing_is_refused(text: str, path: str) -> None:
    assert len(vague_names(ast.parse(text), path)) == 1


def test_a_refusal_names_the_replacement() -> None:
    (fault,) = vague_names(ast.parse("def f(data): ..."), "boxout/f.py")
    assert fault == "boxout/f.py:1: data: not 'data'; say what it holds: rows, versions, events"


@pytest.mark.parametrize("text", ["def metadata(): ...", "def f(update): ...", "class Dated: ..."])
def test_a_longer_word_is_fine(text: str) -> None:
    assert vague_names(ast.parse(text), "boxout/f.py") == []


@pytest.mark.parametrize(
    "text",
    [
        "def f(force: bool): ...",
        "def f(*, force: bool | None = None): ...",
        "def f(force: Annotated[bool, Option('--force')]): ...",
        "class C:\n    public: bool = False",
        "class C:\n    public: ClassVar[bool] = False",
    ],
)
def test_a_boolean_that_does_not_say_so_is_refused(text: str) -> None:
    assert len(unmarked_booleans(ast.parse(text), "boxout/f.py")) == 1


@pytest.mark.parametrize(
    "text",
    ["def f(is_public: bool): ...", "class C:\n    has_rows: bool", "def f(force: str): ..."],
)
def test_a_boolean_that_says_so_is_fine(text: str) -> None:
    assert unmarked_booleans(ast.parse(text), "boxout/f.py") == []


def test_every_name_says_something() -> None:
    assert judge(vague_names, sources(), VAGUE) == []


def test_every_boolean_says_so() -> None:
    assert judge(unmarked_booleans, sources(), UNMARKED) == []
