"""`boxout serve`: one process that takes messages, computes, and shows it."""

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from boxout.cli import show
from boxout.cli.options import HERE, Folder, Wait
from boxout.deferred import deferred
from boxout.errors import DefinitionError
from boxout.project import open_project

# The service is an extra, and no other command needs it.
service = deferred("boxout.service")

Host = Annotated[str, typer.Option(help="The address to listen on.")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes one that is free.")]
Files = Annotated[
    Path | None, typer.Option(help="The folder below which the files lie that messages name.")
]
Inline = Annotated[
    bool, typer.Option("--inline", help="Answer a message when its work is done, not before.")
]
Workers = Annotated[int, typer.Option(min=1, help="How many dates are worked on side by side.")]
Retention = Annotated[
    float, typer.Option("--retention", min=0, help="Days that answered messages are kept.")
]
Audience = Annotated[str, typer.Option(help="The audience that pushes are signed for (OIDC).")]
Account = Annotated[str, typer.Option(help="The account that signs pushes, by its mail address.")]
Keys = Annotated[
    str, typer.Option(help="A JWK set, as a file or an https address; Google's without it.")
]


def serve_(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    files: Files = None,
    is_inline: Inline = False,
    workers: Workers = 4,
    retention: Retention = 30,
    audience: Audience = "",
    account: Account = "",
    keys: Keys = "",
    project: Folder = HERE,
    wait: Wait = 0,
) -> None:
    """Take messages, compute what they ask for, and answer questions, until it is ended.

    People and scripts show a token, of BOXOUT_READ_TOKENS, BOXOUT_OPERATE_TOKENS or
    BOXOUT_FORCE_TOKENS in the environment; without any, only this machine is answered.
    """
    started = _service()
    if files is not None and not files.is_dir():
        raise DefinitionError(f"--files {files}: no such folder. Nothing was started.")
    is_signed = bool(audience or account or keys)
    pushes = started.pushes_of(audience, account, keys or started.GOOGLE) if is_signed else None
    guard = started.guard_of(os.environ, has_push=is_signed)
    doors = started.Doors(started.Place(host, port), guard, pushes)
    pace = started.Pace(workers=workers, retention_s=retention * 86400)
    manner = started.Manner(files, is_inline, pace=pace)
    with started.opened(open_project(project), wait, manner) as desk:
        show.tell(f"Boxout listens on {host} port {port}. End it with Ctrl-C.")
        started.serve(desk, doors)


def _service() -> Any:
    try:
        service.serve  # noqa: B018  # the first use imports it
    except ImportError as error:
        raise DefinitionError(
            f"boxout serve needs more than is installed: {error}."
            " Install it with: pip install 'boxout[service]'"
        ) from error
    return service
