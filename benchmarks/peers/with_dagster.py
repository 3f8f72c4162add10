"""Dagster: an asset for each table, partitioned by date, its checks reported with it.

Materialized in process against an instance on disk; a range of dates is one run.
"""

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager

from work import Refused, Work

os.environ["DAGSTER_DISABLE_TELEMETRY"] = "yes"

import dagster  # what it sends is decided before

KEEPS = "per date and asset: materializations and checks"
RANGE = "dagster/asset_partition_range_"


def set_up(work: Work) -> None:
    """The sources, and its instance, a folder of SQLite files."""
    work.load()
    (work.folder / "instance").mkdir()


def _asset(work: Work, name: str, dates: dagster.PartitionsDefinition) -> dagster.AssetsDefinition:
    checks = work.checks_of(name)
    tables = work.told["tables"]

    @dagster.asset(
        name=name,
        deps=[read for read in work.told["reads"][name] if read in tables],
        partitions_def=dates,
        backfill_policy=dagster.BackfillPolicy.single_run(),
        check_specs=[dagster.AssetCheckSpec(check, asset=name, blocking=True) for check in checks],
    )
    def asset(context: dagster.AssetExecutionContext) -> dagster.MaterializeResult:
        first, last = context.partition_key_range
        results: list[dagster.AssetCheckResult] = []
        with work.connect() as connection:
            work.build(connection, name, first, last)
            for check in checks:
                try:
                    work.check(connection, check, first, last)
                    results.append(dagster.AssetCheckResult(passed=True, check_name=check))
                except Refused:
                    results.append(dagster.AssetCheckResult(passed=False, check_name=check))
        return dagster.MaterializeResult(check_results=results)

    return asset


@contextmanager
def opened(work: Work) -> Generator[Callable[[str, str], None], None, None]:
    """Materializes all assets for the dates from first to last."""
    dates = dagster.DailyPartitionsDefinition(work.told["first"])
    assets = [_asset(work, name, dates) for name in work.told["tables"]]
    # Its assets open the database for themselves; held open here, that costs little.
    with (
        dagster.DagsterInstance.from_config(str(work.folder / "instance")) as instance,
        work.connect(),
    ):

        def go(first: str, last: str) -> None:
            one = {"partition_key": first} if first == last else {}
            tags = {} if one else {f"{RANGE}start": first, f"{RANGE}end": last}
            if not dagster.materialize(assets, instance=instance, tags=tags, **one).success:
                raise RuntimeError(f"Dagster did not finish {first} to {last}")

        yield go
