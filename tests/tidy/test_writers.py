"""Who can write rows and who can publish: one file, and no SQL that goes round it."""

import ast
import re

import pytest

from tidy.source import dotted, judge, origins, sources

PUBLISHES = {"publish"}
WRITES = {"append", "keep_copied", "keep_rows", "keep_staged"}
WRITERS = {
    "boxout/run/writes.py": "the one place that writes versions and publishes them",
    "boxout/warehouse/memory.py": "the port itself",
    "boxout/testing/simulate.py": "lands a simulated arrival, of which there is no file",
}
STORES = {
    "boxout/warehouse/": "the rows and their pointers are its own",
    "boxout/ledger/": "what happened and what is public is its own",
    "boxout/run/audit.py": "tells a person what to type, and runs nothing",
}
"""The files that may name the methods, and those that may write in SQL."""

WRITING = re.compile(
    r"\b(INSERT\s+(OR\s+\w+\s+)?INTO|UPDATE\s+[\w.\"]+\s+SET|DELETE\s+FROM|MERGE\s+INTO|TRUNCATE"
    r"|(CREATE|DROP|ALTER)\s+(OR\s+REPLACE\s+)?(TEMP\s+)?(TABLE|VIEW|SCHEMA)|COPY\s+\w+\s+FROM)\b",
    re.IGNORECASE,
)


def writers(tree: ast.Module, path: str) -> list[str]:
    """Everything that names a method which writes a version or publishes."""
    called = {id(node.func): node for node in ast.walk(tree) if isinstance(node, ast.Call)}
    known = origins(tree)
    found: set[tuple[int, str]] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=name) if name in PUBLISHES | WRITES - {"append"}:
                found.add((node.lineno, name))
            case ast.Attribute(attr="append") if not _is_of_a_list(called.get(id(node))):
                found.add((node.lineno, "append"))
            case ast.Call(func=ast.Name(id="getattr"), args=[_, ast.Constant(value=str(name)), *_]):
                found |= {(node.lineno, name)} if name in PUBLISHES | WRITES else set()
            case ast.Name() if dotted(node, known).startswith("boxout.ledger.publishing."):
                found.add((node.lineno, "boxout.ledger.publishing"))
            case _:
                pass
    return [
        f"{path}:{line}: {name}: only boxout/run/writes.py does" for line, name in sorted(found)
    ]


def _is_of_a_list(call: ast.Call | None) -> bool:
    """Whether it is called with the one argument that a list's method takes."""
    return call is not None and len(call.args) == 1 and not call.keywords


def writing_sql(tree: ast.Module, path: str) -> list[str]:
    """Text that would write to a store."""
    return [
        f"{path}:{node.lineno}: {' '.join(found[0].split())}: only a store writes in SQL"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if (found := WRITING.search(node.value))
    ]


@pytest.mark.parametrize(
    "text",
    [
        "engine.ledger.publish(1, (2,))",
        "ledger = engine.ledger\nledger.publish(1, (2,), forced='x')",
        "go = engine.ledger.publish\ngo(1, (2,))",
        "getattr(engine.ledger, 'publish')(1, (2,))",
        "from boxout.ledger.publishing import publish as go\ngo(c, request, (), ())",
        "engine.warehouse.append(table, 1, sql, {}, {})",
        "w = engine.warehouse\nw.append(table, version=1, sql=sql, shaped={}, pins={})",
        "w = engine.warehouse\npartial(w.append, table, 1)",
        "engine.warehouse.keep_staged(table, 1)",
        "warehouse.keep_copied(table, [1], rows)",
        "keep = warehouse.keep_rows",
    ],
)
def test_whoever_else_writes_or_publishes_is_refused(text: str) -> None:
    assert len(writers(ast.parse(text), "boxout/run/f.py")) == 1


@pytest.mark.parametrize(
    "text", ["rows.append(row)", "found.append((key, version))", "publish(e, 1)"]
)
def test_a_list_may_grow_and_the_one_place_may_be_called(text: str) -> None:
    assert writers(ast.parse(text), "boxout/run/f.py") == []


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO versions.box VALUES (1)",
        "insert or ignore into pointer values (1)",
        "UPDATE boxout.pointers SET version = 1",
        "DELETE FROM pointer",
        "CREATE OR REPLACE VIEW box AS SELECT 1",
        "DROP TABLE versions.box",
    ],
)
def test_sql_that_writes_is_refused_outside_the_stores(sql: str) -> None:
    tree = ast.parse(f"engine.warehouse.query({sql!r})")
    assert len(writing_sql(tree, "boxout/run/f.py")) == 1


def test_one_place_writes_versions_and_publishes_them() -> None:
    assert judge(writers, _outside("boxout/ledger/"), WRITERS) == []


def test_only_the_stores_write_in_sql() -> None:
    assert judge(writing_sql, sources(), STORES) == []


def test_the_one_place_does_each_once() -> None:
    (tree,) = (one.tree for one in sources() if one.path == "boxout/run/writes.py")
    told = [one.split(": ")[1] for one in writers(tree, "writes.py")]
    assert told == ["append", "keep_staged", "keep_copied", "publish"]


def _outside(folder: str):
    return [one for one in sources() if not one.path.startswith(folder)]
