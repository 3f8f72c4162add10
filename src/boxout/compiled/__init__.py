"""Processors and checks as SQL, with the fingerprint that makes changed code stale."""

from boxout.compiled.cache import compiled_once
from boxout.compiled.compile import (
    Compiled,
    CompiledAudit,
    CompiledCheck,
    CompiledProcessor,
    Feed,
    compile_all,
    together_sql,
)
from boxout.compiled.dialects import sql_text
from boxout.compiled.expressions import unbound
from boxout.compiled.lineage import Join, Lineage, Sources, broken, lineage, reader_lineage

__all__ = [
    "Compiled",
    "CompiledAudit",
    "CompiledCheck",
    "CompiledProcessor",
    "Feed",
    "Join",
    "Lineage",
    "Sources",
    "broken",
    "compile_all",
    "compiled_once",
    "lineage",
    "reader_lineage",
    "sql_text",
    "together_sql",
    "unbound",
]
