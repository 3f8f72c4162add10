"""The options that several commands share."""

from pathlib import Path
from typing import Annotated, Final, TypeAlias

import typer

Folder: TypeAlias = Annotated[Path, typer.Option("--project", "-p", help="The project's folder.")]
AsJson: TypeAlias = Annotated[
    bool, typer.Option("--json", help="One JSON document on stdout, also for an error.")
]
Wait: TypeAlias = Annotated[
    float,
    typer.Option(
        "--wait", min=0, help="Seconds to wait for a warehouse that another process holds."
    ),
]
Select: TypeAlias = Annotated[
    str, typer.Option("--select", "-s", help="Tables, in dbt's grammar: +name, name+, a,b.")
]
Force: TypeAlias = Annotated[
    bool, typer.Option("--force", help="Publish past failed checks; needs a --reason.")
]
Range: TypeAlias = Annotated[
    list[str] | None, typer.Argument(help="A date, two dates (a range), or a game.")
]
OneTable: TypeAlias = Annotated[str, typer.Argument(help="A table.")]
OnePartition: TypeAlias = Annotated[
    str, typer.Argument(help="A game (2026-02-03/BOS@LAL) or a date, as the table is cut.")
]

HERE: Final = Path()
