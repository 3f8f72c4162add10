"""`__init__.py` is the door of its package: it imports names and lists them, nothing else."""

import ast

import pytest

from tidy.source import Source, judge, sources

EXCEPTIONS: dict[str, str] = {}


def door_faults(tree: ast.Module, path: str) -> list[str]:
    """Statements that do not belong in a door, and differences between its names and `__all__`."""
    if not path.endswith("__init__.py"):
        return []
    body = tree.body[1:] if ast.get_docstring(tree) else tree.body
    strays = [
        f"{path}:{one.lineno}: a door imports names and lists them in __all__, nothing else"
        for one in body
        if not isinstance(one, ast.ImportFrom) and _listed(one) is None
    ]
    imported = {
        alias.asname or alias.name
        for one in body
        if isinstance(one, ast.ImportFrom)
        for alias in one.names
    }
    public = {name for name in imported if not name.startswith("_")}
    listed = {name for one in body for name in _listed(one) or ()}
    return [
        *strays,
        *(f"{path}: {name} is imported and not in __all__" for name in sorted(public - listed)),
        *(f"{path}: {name} is in __all__ and not imported" for name in sorted(listed - public)),
    ]


def _listed(node: ast.stmt) -> list[str] | None:
    match node:
        case ast.Assign(targets=[ast.Name(id="__all__")], value=ast.List(elts=names)):
            return [str(one.value) for one in names if isinstance(one, ast.Constant)]
        case _:
            return None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("def f(): ...", "a door imports names"),
        ("X = 1", "a door imports names"),
        ("import os", "a door imports names"),
        ("from boxout.errors import Withheld", "Withheld is imported and not in __all__"),
        ("__all__ = ['Withheld']", "Withheld is in __all__ and not imported"),
    ],
)
def test_a_door_that_does_more_is_refused(text: str, says: str) -> None:
    (fault,) = door_faults(ast.parse(text), "boxout/x/__init__.py")
    assert says in fault


@pytest.mark.parametrize("text", ["", '"""What it is."""', "from a import B, _c\n__all__ = ['B']"])
def test_a_plain_door_is_fine(text: str) -> None:
    assert door_faults(ast.parse(text), "boxout/x/__init__.py") == []


def test_a_file_that_is_no_door_may_define_things() -> None:
    assert judge(door_faults, [Source("boxout/x.py", ast.parse("X = 1"))]) == []


def test_every_door_is_plain() -> None:
    assert judge(door_faults, sources(), EXCEPTIONS) == []
