import ast

from tidy.source import Source, judge, sources

EMPTY = Source("boxout/empty.py", ast.parse(""))
FULL = Source("boxout/ledger/full.py", ast.parse("x = 1"))


def not_empty(tree: ast.Module, path: str) -> list[str]:
    return [f"{path}: is not empty"] if tree.body else []


def test_a_fault_is_reported() -> None:
    assert judge(not_empty, [EMPTY, FULL]) == ["boxout/ledger/full.py: is not empty"]


def test_an_exception_excuses_a_file() -> None:
    assert judge(not_empty, [FULL], {"boxout/ledger/full.py": "a reason"}) == []


def test_an_exception_excuses_a_folder() -> None:
    assert judge(not_empty, [FULL], {"boxout/ledger/": "a reason"}) == []


def test_an_exception_that_excuses_nothing_is_a_fault() -> None:
    (fault,) = judge(not_empty, [EMPTY], {"boxout/empty.py": "a reason"})
    assert fault.startswith("boxout/empty.py: the exception (a reason) is not needed any more")


def test_an_exception_for_a_file_that_is_gone_is_a_fault() -> None:
    assert len(judge(not_empty, [], {"boxout/gone.py": "a reason"})) == 1


def test_the_real_source_is_what_is_judged() -> None:
    assert "boxout/errors.py" in {file.path for file in sources()}
