"""Compiled pipelines kept on disk, so that a cold start need not import Ibis.

The name of the file is a digest of every source file that takes part and of the versions of
Ibis and SQLGlot: what is read was compiled from exactly this code.
"""

import hashlib
import json
import sys
from collections.abc import Mapping
from importlib.metadata import version
from os import getpid
from pathlib import Path
from threading import get_ident
from typing import Any

from boxout.compiled.compile import (
    Compiled,
    CompiledAudit,
    CompiledCheck,
    CompiledProcessor,
    Feed,
    compile_all,
)
from boxout.model import Pipeline, Table, Trial

_COMPILERS = ("ibis-framework", "sqlglot")


def compiled_once(
    pipeline: Pipeline, tables: Mapping[str, Table], dialect: str, folder: Path
) -> Compiled:
    """The pipeline's SQL, from `folder` when this very code was compiled before."""
    path = folder / f"{_digest(pipeline, dialect)}.json"
    if path.is_file():
        return _read(json.loads(path.read_text()))
    compiled = compile_all(pipeline, tables, dialect)
    folder.mkdir(parents=True, exist_ok=True)
    written = path.with_suffix(f".{getpid()}.{get_ident()}.part")
    written.write_text(json.dumps(compiled))
    written.replace(path)
    return compiled


def _digest(pipeline: Pipeline, dialect: str) -> str:
    modules = {one.function.__module__ for one in pipeline.processors} | {__name__}
    digest = hashlib.sha256(f"{pipeline.name} {dialect}".encode())
    for name in _COMPILERS:
        digest.update(f"{name} {version(name)}".encode())
    for package in sorted({module.partition(".")[0] for module in modules}):
        root = Path(str(sys.modules[package].__file__)).parent
        for path in sorted(root.rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:32]


def _read(kept: list[Any]) -> Compiled:
    processors, audits, across, calendar, contents = kept
    return Compiled(
        {name: _processor(one) for name, one in processors.items()},
        {name: _audit(one) for name, one in audits.items()},
        {name: tuple(_audit(one) for one in of) for name, of in across.items()},
        calendar,
        contents,
    )


def _processor(kept: list[Any]) -> CompiledProcessor:
    sql, inputs, fingerprint = kept
    feeds = {name: tuple(Feed(*feed) for feed in of) for name, of in inputs.items()}
    return CompiledProcessor(sql, feeds, fingerprint)


def _audit(kept: list[Any]) -> CompiledAudit:
    sql, checks, bindings = kept
    return CompiledAudit(sql, tuple(map(_check, checks)), bindings)


def _check(kept: list[Any]) -> CompiledCheck:
    *said, trial = kept
    return CompiledCheck(*said, Trial(*trial) if trial else None)
