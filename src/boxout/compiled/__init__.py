"""Processors and checks as SQL, with the fingerprint that makes changed code stale."""

from boxout.compiled.compile import CompiledAudit, CompiledProcessor, Feed, compile_all
from boxout.compiled.compile import Compiled as Compiled

__all__ = ["Compiled", "CompiledAudit", "CompiledProcessor", "Feed", "compile_all"]
