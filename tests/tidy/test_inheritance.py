"""We wrap, we do not mix in: a class has no parent but the ones the language asks for."""

import ast
import builtins

import pytest

from tidy.source import SRC, classes, judge, sources

FORMS = {"Enum", "Generic", "IntEnum", "NamedTuple", "Protocol", "StrEnum", "TypedDict"}
NEEDED_BY_A_LIBRARY = {
    "Pickler": "pickle: how a value that does not travel is named",
    "Unpickler": "the same, from the name back",
    "BaseModel": "Pydantic: how the body of a request is described",
    "BaseOperator": "Airflow: how a task is written",
    "BaseSensorOperator": "Airflow: the same, of one that waits",
    "TypeDecorator": "SQLAlchemy: how a column type of our own is written",
    "UserDefinedType": "SQLAlchemy: the same, from nothing",
}
EXCEPTIONS: dict[str, str] = {}

BUILT_IN = {
    name
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
}
PARTS_OF_A_PORT = {"Asking": "the ledger's port is longer than a file"}
"""Protocols that another protocol takes in whole."""

OURS = {one.name for one in classes(ast.parse((SRC / "boxout/errors.py").read_text("utf-8")))}


def inherited(tree: ast.Module, path: str) -> list[str]:
    """Classes with a parent that is neither a form, an exception, nor needed by a library."""
    errors = BUILT_IN | OURS
    faults: list[str] = []
    for kind in classes(tree):
        parents = {_name(base) for base in kind.bases}
        if parents & errors:
            errors = errors | {kind.name}
        allowed = set(PARTS_OF_A_PORT) if "Protocol" in parents else set[str]()
        faults += [
            f"{path}:{kind.lineno}: {kind.name} inherits {parent}: hold one and pass calls on"
            for parent in sorted(parents - FORMS - errors - allowed - NEEDED_BY_A_LIBRARY.keys())
        ]
    return faults


def _name(base: ast.expr) -> str:
    match base:
        case ast.Subscript(value=value):
            return _name(value)
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case _:
            return ast.unparse(base)


@pytest.mark.parametrize(
    "text",
    [
        "class Ours(Theirs): ...",
        "class Ours(Protocol, Mixin): ...",
        "class Ours(library.Base): ...",
        "class Ours(make()): ...",
        "class Ours(dict[str, int]): ...",
        "class Ours(Asking): ...",
    ],
)
def test_a_parent_is_refused(text: str) -> None:
    assert len(inherited(ast.parse(text), "boxout/f.py")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "class Plain: ...",
        "class Port(Protocol): ...",
        "class Box(Protocol[T]): ...",
        "class Port(Asking, Protocol): ...",
        "class Kind(enum.StrEnum): ...",
        "class Bad(ValueError): ...",
        "class Bad(Withheld): ...",
        "class Bad(ValueError): ...\nclass Worse(Bad): ...",
        "class Row(NamedTuple): ...",
    ],
)
def test_a_form_of_the_language_is_fine(text: str) -> None:
    assert inherited(ast.parse(text), "boxout/f.py") == []


def test_nothing_inherits() -> None:
    assert judge(inherited, sources(), EXCEPTIONS) == []
