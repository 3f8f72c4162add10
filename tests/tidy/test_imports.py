"""An import that the layers cannot see, and a file that nobody imports."""

import ast
import tomllib
from collections.abc import Iterable

import pytest

from tidy.source import ROOT, Source, calls, dotted, functions, judge, origins, sources

LATE_IMPORTS = {
    "boxout/deferred.py": "Ibis and DuckDB take a second to import; `boxout status` needs neither",
    "boxout/cli/proving.py": "one command in twenty simulates; status must answer in 0.4 s",
    "boxout/pages/extras.py": "jinja2, altair and vl-convert are an extra; only pages need them",
    "boxout/cli/serving.py": "the service is an extra; only `boxout serve` needs it",
    "boxout_nba/importer.py": "nba_api is an extra; only `boxout import` needs it",
    "boxout_nba/readers/pdf.py": "pdfplumber is an extra; only PDF files need it",
}
"""A late import is an optional extra, or a heavy module that most commands do without."""

LOADED_BY_PATH: dict[str, str] = {
    "boxout/ledger/migrations/": "Alembic finds migrations by their place",
    "boxout/integrations/": "pipelines of orchestrators import them, and nobody here does",
}
"""Files that are found by their place: migrations, `__main__`."""


def late_imports(tree: ast.Module, path: str) -> list[str]:
    """Imports inside a function, imports by a computed name, and our own modules deferred."""
    inside = {
        node.lineno
        for one in functions(tree)
        for node in ast.walk(one)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    known = origins(tree)
    called = {one.lineno for one in calls(tree) if _is_late(one, known)}
    return [
        f"{path}:{line}: import it at the top, where the layers see it"
        for line in sorted(inside | called)
    ]


def _is_late(call: ast.Call, known: dict[str, str]) -> bool:
    name = dotted(call.func, known)
    if name.endswith("deferred.deferred"):
        return any(
            isinstance(one, ast.Constant) and str(one.value).startswith("boxout")
            for one in call.args
        )
    return name in {"importlib.import_module", "__import__"}


def orphans(files: Iterable[Source], doors: Iterable[str]) -> list[Source]:
    """Files whose module is imported by no other file and is not an entry point."""
    files = list(files)
    wanted = set(doors) | {name for file in files for name in _imports(file)}
    wanted |= {parent for name in wanted for parent in _parents(name)}
    return [file for file in files if _module(file.path) not in wanted]


def _imports(file: Source) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{one.name}" for one in node.names)}
    return found - {_module(file.path)}


def _module(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _parents(name: str) -> set[str]:
    words = name.split(".")
    return {".".join(words[:end]) for end in range(1, len(words))}


def entry_points() -> set[str]:
    """The modules that pyproject.toml names."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    groups = project["entry-points"].values()
    named = [*project["scripts"].values(), *(one for group in groups for one in group.values())]
    return {str(one).partition(":")[0] for one in named}


@pytest.mark.parametrize(
    "text",
    [
        "def f():\n    import os",
        "def f():\n    if g():\n        from boxout.model import Table",
        "import importlib\nm = importlib.import_module('os')",
        "from importlib import import_module as load\nm = load('os')",
        "m = __import__('os')",
        "from boxout.deferred import deferred\nm = deferred('boxout.ledger')",
    ],
)
def test_a_late_import_is_refused(text: str) -> None:
    assert len(late_imports(ast.parse(text), "boxout/f.py")) == 1


@pytest.mark.parametrize(
    "text",
    ["import os\ndef f(): ...", "from boxout.deferred import deferred\nibis = deferred('ibis')"],
)
def test_an_import_at_the_top_is_fine(text: str) -> None:
    assert late_imports(ast.parse(text), "boxout/f.py") == []


def planted(**texts: str) -> list[Source]:
    return [
        Source(name.replace("__", "/") + ".py", ast.parse(text)) for name, text in texts.items()
    ]


def test_a_file_that_nobody_imports_is_found() -> None:
    files = planted(boxout__cli="from boxout.used import x", boxout__used="", boxout__left="")
    assert [file.path for file in orphans(files, {"boxout.cli"})] == ["boxout/left.py"]


def test_a_file_that_imports_only_itself_is_found() -> None:
    files = planted(boxout__alone="import boxout.alone")
    assert [file.path for file in orphans(files, set())] == ["boxout/alone.py"]


def test_a_module_imported_as_a_name_is_used() -> None:
    assert orphans(planted(boxout__a="from boxout import b", boxout__b=""), {"boxout.a"}) == []


def test_every_import_is_at_the_top() -> None:
    assert judge(late_imports, sources(), LATE_IMPORTS) == []


def test_every_file_is_imported() -> None:
    files = sources()
    unused = {file.path for file in orphans(files, entry_points())}

    def rule(_tree: ast.Module, path: str) -> list[str]:
        return [f"{path}: nobody imports it; use it or remove it"] if path in unused else []

    assert judge(rule, files, LOADED_BY_PATH) == []
