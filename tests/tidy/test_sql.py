"""SQL has a name and parameters; it is never put together from values."""

import ast

import pytest

from tidy.source import calls, dotted, judge, origins, sources

RUN_SQL = {"exec_driver_sql", "execute", "executemany", "executescript", "query", "raw_sql", "sql"}
EXCEPTIONS = {
    "boxout/warehouse/bigquery/staging.py": "the SQL of a reader; lines and values are parameters",
    "boxout/warehouse/copies.py": "columns and tables by name",
    "boxout/warehouse/duckdb.py": "names of declared tables and columns; values are parameters",
    "boxout/warehouse/landing.py": "names of a file's columns; its path and values are parameters",
    "boxout/warehouse/quarantine.py": "the SQL of a reader; lines and values are parameters",
}
"""Files that must put into SQL what no parameter can be: a name, the argument of a PRAGMA."""


def composed_sql(tree: ast.Module, path: str) -> list[str]:
    """Calls that run a string put together on the spot or in a variable nearby."""
    known = origins(tree)
    built = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and _is_composed(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    return [
        f"{path}:{one.lineno}: give the SQL a name and parameters; do not put it together"
        for one in calls(tree)
        if _runs_sql(one, known)
        and any(_is_composed(given) or _is_one_of(given, built) for given in one.args[:1])
    ]


def _runs_sql(call: ast.Call, known: dict[str, str]) -> bool:
    if isinstance(call.func, ast.Attribute) and call.func.attr.lstrip("_") in RUN_SQL:
        return True
    return dotted(call.func, known) == "sqlalchemy.text"


def _is_composed(given: ast.expr) -> bool:
    match given:
        case ast.JoinedStr(values=parts):
            return any(isinstance(part, ast.FormattedValue) for part in parts)
        case ast.BinOp(left=left, right=right, op=ast.Mod() | ast.Add()):
            return any(_is_text(side) for side in (left, right))
        case ast.Call(func=ast.Attribute(value=owner, attr="format")):
            return _is_text(owner)
        case _:
            return False


def _is_text(given: ast.expr) -> bool:
    return isinstance(given, ast.Constant | ast.JoinedStr) or _is_composed(given)


def _is_one_of(given: ast.expr, names: set[str]) -> bool:
    return isinstance(given, ast.Name) and given.id in names


@pytest.mark.parametrize(
    "text",
    [
        "con.execute(f'select {x}')",
        "con.execute('select ' + x)",
        "self._execute('select ' + x + ' from t')",
        "con.execute('select %s' % x)",
        "con.execute('select {}'.format(x))",
        "con.executemany(f'insert into t values ({x})', rows)",
        "query = f'select {x}'\ncon.sql(query)",
        "import sqlalchemy as sa\ncon.execute(1, sa.text(f'select {x}'))",
    ],
)
def test_sql_put_together_is_refused(text: str) -> None:
    assert len(composed_sql(ast.parse(text), "boxout/f.py")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "con.execute('select ?', [x])",
        "con.execute(QUERY, [x])",
        "con.execute('select 1' ' where true')",
        "print(f'{x} games')",
    ],
)
def test_sql_with_parameters_is_fine(text: str) -> None:
    assert composed_sql(ast.parse(text), "boxout/f.py") == []


def test_no_sql_is_put_together() -> None:
    assert judge(composed_sql, sources(), EXCEPTIONS) == []
