"""The command line: which commands there are, and how each of them can end."""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

import typer

from boxout.cli import (
    asking,
    auditing,
    checking,
    copying,
    deciding,
    documenting,
    expecting,
    following,
    gating,
    importing,
    landing,
    mending,
    notifying,
    proving,
    reading,
    reporting,
    resolving,
    running,
    schema,
    serving,
    setting_aside,
    show,
    starting,
)
from boxout.deferred import deferred
from boxout.errors import (
    OUT_OF_ROOM,
    BoxoutError,
    ChannelUnavailable,
    DefinitionError,
    NotReady,
    OtherHistory,
    SourceUnavailable,
    StoreUnavailable,
    Withheld,
)

duckdb = deferred("duckdb")

INTERRUPTED: Final = 130
BROKEN_PIPE: Final = 141
DUCKDB_INTERRUPTED: Final = "Query interrupted"
"""What DuckDB makes of Ctrl-C when it hears it before Python does."""

EXIT_CODES: Final = "\n\n".join(
    ["Exit codes: 0 done, and all that was asked for is public; 1 a bug, with its traceback"]
    + [
        f"{e.exit_code} {e.__name__}: {e.next_step}"
        for e in (
            DefinitionError,
            NotReady,
            Withheld,
            StoreUnavailable,
            OtherHistory,
            SourceUnavailable,
            ChannelUnavailable,
        )
    ]
    + [f"{INTERRUPTED} interrupted: nothing half-public"]
)
JSON: Final = (
    "Results are on stdout, messages on stderr. With --json stdout is one document (of events, one"
    " on each line), also after a failure: it then has error, message, next_step and exit_code,"
    " beside what was done."
)
SENTENCE: Final = "Boxout publishes a number only when every input it was computed from was complete, checked, current and public at that very moment."

app = typer.Typer(
    help=f"{SENTENCE}\n\n{EXIT_CODES}\n\n{JSON}", no_args_is_help=True, add_completion=False
)
app.command("init")(starting.init_)
app.command("land")(landing.land_)
app.command("import")(importing.import_)
app.command("follow")(following.follow)
app.command("gate")(gating.gate)
app.command("plan")(running.plan_)
app.command("run")(running.run_)
app.command("backfill")(running.backfill)
app.command("status")(asking.status_)
app.command("expect")(expecting.expect_)
app.command("why")(asking.why_)
app.command("history")(asking.history_)
app.command("repair")(mending.repair_)
app.command("recheck")(mending.recheck_)
app.command("audit")(auditing.audit_)
app.command("report")(reporting.report_)
app.add_typer(checking.app, name="checks")
app.command("waiting")(mending.waiting)
app.command("acknowledge")(deciding.acknowledge)
app.command("events")(notifying.events_)
app.command("notify")(notifying.notify_)
app.command("waive")(deciding.waive)
app.command("rollback")(deciding.rollback)
app.command("diff")(proving.diff_)
app.command("prove")(proving.prove_)
app.command("resolve")(resolving.resolve)
app.add_typer(setting_aside.app, name="quarantine")
app.command("gc")(mending.gc)
app.command("copy")(copying.copy_)
app.command("simulate")(proving.simulate_)
app.command("query")(reading.query)
app.command("graph")(reading.graph)
app.command("docs")(documenting.docs_)
app.command("schema")(schema.schema_)
app.command("check")(schema.check_)
app.command("serve")(serving.serve_)


def main() -> None:
    """Run the command line of this process."""
    code = answer(sys.argv[1:])
    with suppress(BrokenPipeError):
        sys.stdout.flush()
    sys.stderr.flush()
    # All files are closed by now. Taking the modules apart would only cost time, and Ctrl-C at
    # that moment would end a finished command as if it had been interrupted.
    os._exit(code)


def answer(words: Sequence[str]) -> int:
    """Run one command and give its exit code; only a bug leaves as an exception."""
    is_json = "--json" in words
    try:
        code = app(args=list(words), prog_name="boxout", standalone_mode=False)
        sys.stdout.flush()
        return _interrupted(is_json=is_json) if code == INTERRUPTED else int(code or 0)
    except (KeyboardInterrupt, typer.Abort):
        return _interrupted(is_json=is_json)
    except (BrokenPipeError, SystemExit):  # SystemExit is how Typer passes the former on
        return BROKEN_PIPE
    except show.Shown as shown:
        show.tell(str(shown), heading=type(shown.error).__name__)
        return shown.error.exit_code
    except Exception as error:  # noqa: BLE001 - told in JSON too; a bug is raised again
        return _failed(error, is_json=is_json)


def _interrupted(*, is_json: bool) -> int:
    text = "What was not published stays invisible; run it again."
    failure = show.failure("Interrupted", text, "run it again", INTERRUPTED)
    return _told(failure, is_json=is_json)


def _failed(error: Exception, *, is_json: bool) -> int:
    if str(error) == DUCKDB_INTERRUPTED:
        return _interrupted(is_json=is_json)
    known = error if isinstance(error, BoxoutError) else None
    usage = None if known else usage_of(error)
    store = known if known or usage else unavailable(error)
    failure = show.failure_of(store) if store else usage
    if failure is not None:
        return _told(failure, is_json=is_json)
    if is_json:
        name = type(error).__name__
        show.as_json(show.failure(name, str(error), BoxoutError.next_step, BoxoutError.exit_code))
        sys.stdout.flush()
    raise error


def _told(failure: dict[str, Any], *, is_json: bool) -> int:
    if is_json:
        show.as_json(failure)
    if failure["message"]:
        show.tell(failure["message"], heading=failure["error"])
    return int(failure["exit_code"])


def usage_of(error: Exception) -> dict[str, Any] | None:
    """What Typer says of words that are no command line; None for every other error."""
    message = getattr(error, "format_message", None)
    if message is None:
        return None
    context: Any = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "boxout"
    # Without any words Typer has shown the help already, and has nothing to add.
    text = f"{message()}\nSee: {command} --help" if message() else ""
    return show.failure("UsageError", text, f"{command} --help", DefinitionError.exit_code)


def unavailable(error: Exception) -> StoreUnavailable | None:
    """The same as an error made on purpose, when a disk or a store gave out; None otherwise."""
    if isinstance(error, OSError) and error.errno in OUT_OF_ROOM:
        return StoreUnavailable(
            f"{error.filename or 'a file'}: {error.strerror}. What was not published stays"
            " invisible; make room and run it again."
        )
    gave_out = (duckdb.OperationalError, duckdb.FatalException)
    if isinstance(error, gave_out):
        return StoreUnavailable(
            f"The warehouse could not be read or written: {str(error).splitlines()[0]}. What was"
            " not published stays invisible; mend that and run it again."
        )
    return None
