"""The source as syntax trees, and the judge that holds a rule against it."""

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, TypeAlias

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src"

Rule: TypeAlias = Callable[[ast.Module, str], list[str]]
Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


class Source(NamedTuple):
    """One file; `path` is relative to src and uses slashes."""

    path: str
    tree: ast.Module


def sources() -> list[Source]:
    """Every Python file of both packages."""
    return [
        Source(file.relative_to(SRC).as_posix(), ast.parse(file.read_text("utf-8")))
        for file in sorted(SRC.glob("boxout*/**/*.py"))
    ]


def judge(
    rule: Rule, files: Iterable[Source], exceptions: Mapping[str, str] | None = None
) -> list[str]:
    """What the rule finds outside its exceptions, and the exceptions that excuse nothing.

    An exception is a path, or a folder with a slash at its end, and its reason.
    """
    allowed = dict(exceptions or {})
    complaints: list[str] = []
    used: set[str] = set()
    for file in files:
        found = rule(file.tree, file.path)
        excuse = _excuse(file.path, allowed)
        if excuse is None:
            complaints += found
        elif found:
            used.add(excuse)
    return complaints + [
        f"{path}: the exception ({reason}) is not needed any more; remove it"
        for path, reason in allowed.items()
        if path not in used
    ]


def functions(tree: ast.AST) -> Iterator[Function]:
    """Every function and method, nested ones too."""
    for node in ast.walk(tree):
        if isinstance(node, Function):
            yield node


def classes(tree: ast.AST) -> Iterator[ast.ClassDef]:
    """Every class, nested ones too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            yield node


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    """Every call."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node


def parameters(function: Function) -> list[ast.arg]:
    """The parameters in order, the starred ones last."""
    given = function.args
    starred = [one for one in (given.vararg, given.kwarg) if one is not None]
    return [*given.posonlyargs, *given.args, *given.kwonlyargs, *starred]


def origins(tree: ast.Module) -> dict[str, str]:
    """What each imported name stands for: `from uuid import uuid4 as new` gives new: uuid.uuid4."""
    known: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            known |= {one.asname: one.name for one in node.names if one.asname}
        elif isinstance(node, ast.ImportFrom):
            known |= {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}
    return known


def dotted(node: ast.AST, known: Mapping[str, str]) -> str:
    """The full name an expression refers to, or nothing when it is not a plain name."""
    if isinstance(node, ast.Name):
        return known.get(node.id, node.id)
    if isinstance(node, ast.Attribute):
        owner = dotted(node.value, known)
        return f"{owner}.{node.attr}" if owner else ""
    return ""


def _excuse(path: str, allowed: Mapping[str, str]) -> str | None:
    return next(
        (one for one in allowed if path == one or (one.endswith("/") and path.startswith(one))),
        None,
    )
