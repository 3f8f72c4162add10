"""Results on stdout, as JSON or for people; everything else on stderr."""

import json
import sys
from collections import Counter
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from boxout.model.outcomes import Waiting, WithheldOutcome
from boxout.run import Landed, Plan, RunResult

OUT = Console()
ERR = Console(stderr=True)


def as_json(value: Any) -> None:
    """One JSON document on stdout."""
    sys.stdout.write(json.dumps(value, default=str) + "\n")


def grid(title: str, rows: Sequence[dict[str, Any]]) -> None:
    """Rows of equal keys as a table."""
    table = Table(title=title, title_justify="left")
    for name in rows[0] if rows else ("nothing",):
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    OUT.print(table)


def landed(one: Landed) -> dict[str, Any]:
    """What became of a file, in the words of the command's output."""
    return {
        "file": one.file,
        "table": one.table,
        "version": one.version,
        "rows": one.rows,
        "public": len(one.published),
        "unchanged": len(one.unchanged),
        "withheld": ", ".join(one.withheld),
        "quarantined": ", ".join(f"{count} ({why})" for why, count in one.rejected.items()),
    }


def outcomes(result: RunResult) -> dict[str, Any]:
    """A run's outcomes: how many of each kind, and the reasons of those that are not public."""
    kinds = Counter(type(one).__name__ for one in result.outcomes.values())
    reasons = {
        f"{unit} {partition}": [str(reason) for reason in one.reasons]
        for (unit, partition), one in result.outcomes.items()
        if isinstance(one, Waiting | WithheldOutcome)
    }
    return {"run": result.run, "outcomes": dict(kinds), "not public": reasons}


def steps(plan: Plan) -> list[dict[str, Any]]:
    """A plan's steps as rows."""
    return [
        {
            "partition": step.partition,
            "unit": step.unit,
            "action": step.action,
            "because": "; ".join(str(reason) for reason in step.reasons),
        }
        for step in plan.steps
    ]


def status_rows(
    days: dict[str, dict[str, dict[str, int]]], tables: Sequence[str]
) -> list[dict[str, Any]]:
    """Dates by tables, each cell the partitions per state."""
    return [
        {"date": day}
        | {
            t: " ".join(f"{n} {s}" for s, n in sorted(cells.get(t, {}).items())) or "-"
            for t in tables
        }
        for day, cells in days.items()
    ]
