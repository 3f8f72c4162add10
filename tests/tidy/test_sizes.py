import ast

import pytest

from tidy.source import SRC, Function, functions, judge, sources

MOST_LINES_OF_A_FUNCTION = 35
MOST_LINES_OF_A_FILE = 399

LONG_FUNCTIONS: dict[str, str] = {}
LONG_FILES: dict[str, str] = {}


def long_functions(tree: ast.Module, path: str) -> list[str]:
    """Functions of more than 35 lines; a docstring does not count."""
    return [
        f"{path}:{one.lineno}: {one.name} has {length} lines, at most {MOST_LINES_OF_A_FUNCTION}:"
        " give a step of it a name"
        for one in functions(tree)
        if (length := _lines(one)) > MOST_LINES_OF_A_FUNCTION
    ]


def long_file(text: str, path: str) -> list[str]:
    """A file of 400 lines or more."""
    length = len(text.splitlines())
    if length <= MOST_LINES_OF_A_FILE:
        return []
    return [f"{path}: {length} lines, fewer than 400 expected: it holds two subjects"]


def _lines(function: Function) -> int:
    last = function.end_lineno or function.lineno
    return last - function.lineno + 1 - _docstring_lines(function)


def _docstring_lines(function: Function) -> int:
    first = function.body[0]
    if ast.get_docstring(function) is None or first.end_lineno is None:
        return 0
    return first.end_lineno - first.lineno + 1


def function_of(lines: int) -> str:
    return "def f():\n" + "    x = 1\n" * (lines - 1)


def test_a_function_of_36_lines_is_refused() -> None:
    (fault,) = long_functions(ast.parse(function_of(36)), "boxout/f.py")
    assert fault.startswith("boxout/f.py:1: f has 36 lines, at most 35")


def test_a_function_of_35_lines_is_fine() -> None:
    assert long_functions(ast.parse(function_of(35)), "boxout/f.py") == []


def test_a_docstring_does_not_make_a_function_long() -> None:
    text = 'def f():\n    """One.\n\n    Two.\n    """\n' + "    x = 1\n" * 34
    assert long_functions(ast.parse(text), "boxout/f.py") == []


@pytest.mark.parametrize(("lines", "faults"), [(399, 0), (400, 1)])
def test_a_file_has_fewer_than_400_lines(lines: int, faults: int) -> None:
    assert len(long_file("x = 1\n" * lines, "boxout/f.py")) == faults


def test_every_function_is_short() -> None:
    assert judge(long_functions, sources(), LONG_FUNCTIONS) == []


def test_every_file_is_short() -> None:
    def rule(_tree: ast.Module, path: str) -> list[str]:
        return long_file((SRC / path).read_text("utf-8"), path)

    assert judge(rule, sources(), LONG_FILES) == []
