"""Processors and checks as SQL, with the fingerprint that makes changed code stale."""

from boxout.compiled.compile import (
    Compiled,
    CompiledAudit,
    CompiledProcessor,
    Feed,
    compile_all,
    unbound,
)

__all__ = ["Compiled", "CompiledAudit", "CompiledProcessor", "Feed", "compile_all", "unbound"]
