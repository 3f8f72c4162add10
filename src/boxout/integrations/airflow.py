"""Boxout inside Airflow: a task that publishes and says so, and a sensor that waits for it.

An asset event is emitted for a table only when it is public for all of the dates, and some of it became so
since the task began. An outlet that is an asset would emit one whenever the task succeeds; so the
outlet is an alias, to which the operator adds the assets of those tables.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Final

from boxout.asked import chosen, span
from boxout.deferred import deferred
from boxout.errors import BoxoutError, StoreUnavailable
from boxout.integrations.brought import Answer, Brought, Standing, bring, stand
from boxout.project import open_project

sdk = deferred("airflow.sdk")
exceptions = deferred("airflow.sdk.exceptions")
triggers = deferred("airflow.providers.standard.triggers.temporal")

NAMESPACE: Final = "boxout"
WAIT_S: Final = 600.0
TEMPLATED: Final = ("project", "dates", "selected")


def boxout_asset(table: str, *, namespace: str = NAMESPACE) -> Any:
    """The asset of a table, to schedule DAGs by. The operator has the same `namespace`."""
    return sdk.Asset(name=f"{namespace}.{table}", uri=f"boxout://{namespace}/{table}")


class BoxoutRunOperator(sdk.BaseOperator):
    """Bring tables up to date for dates; succeeds only when all of it is public and fresh.

    `dates` are a date, a range (`2026-02-03..2026-02-05`) or a game; `selected` names tables in the
    grammar of --select. What waits is looked at again when the project says so: the task is
    deferred until then, or with `is_deferred` false left to Airflow's own retries. `wait_s` is how
    long to wait for a warehouse that another process holds.
    """

    template_fields: ClassVar[Sequence[str]] = TEMPLATED

    def __init__(
        self,
        *,
        project: Path | str,
        dates: str = "{{ ds }}",
        selected: str = "",
        namespace: str = NAMESPACE,
        is_deferred: bool = True,
        wait_s: float = WAIT_S,
        **kwargs: Any,
    ) -> None:
        alias = sdk.AssetAlias(namespace)
        super().__init__(outlets=[alias, *kwargs.pop("outlets", ())], **kwargs)
        self.project, self.dates, self.selected = str(project), dates, selected
        self.namespace, self.is_deferred, self.wait_s = namespace, is_deferred, wait_s

    def execute(self, context: Mapping[str, Any]) -> dict[str, int | None]:
        """Run, tell of what is new, and end as the worst of the tables says; publications by table."""
        brought = self._brought(context)
        match brought.answer:
            case Answer.PUBLIC:
                self._tell(context, brought)
                return {name: one.publication for name, one in brought.standings.items()}
            case Answer.NOTHING:
                raise exceptions.AirflowSkipException(f"Nothing is expected on {self.dates}.")
            case Answer.LATER:
                raise self._later(brought)
            case Answer.WITHHELD | Answer.OVER:
                raise exceptions.AirflowFailException(brought.told)

    def look_again(self, context: Mapping[str, Any], event: Any = None) -> dict[str, int | None]:
        """The same, when the time of the next look has come."""
        self.log.info("Looking again: %s", event)
        return self.execute(context)

    def _brought(self, context: Mapping[str, Any]) -> Brought:
        try:
            opened = open_project(self.project)
            tables = chosen(opened, self.selected)
            where, run_id = span([self.dates]), run_id_of(context["ti"])
            return bring(opened, where, tables, run_id=run_id, wait_s=self.wait_s)
        except StoreUnavailable as error:
            raise exceptions.AirflowException(str(error)) from error
        except BoxoutError as error:
            raise exceptions.AirflowFailException(str(error)) from error

    def _tell(self, context: Mapping[str, Any], brought: Brought) -> None:
        events = context["outlet_events"][sdk.AssetAlias(self.namespace)]
        for name, one in brought.standings.items():
            if one.answer is Answer.PUBLIC and one.is_new:
                asset = boxout_asset(name, namespace=self.namespace)
                events.add(asset, extra=_extra(self.dates, brought, one))

    def _later(self, brought: Brought) -> BaseException:
        self.log.info("Not public yet, next look %s:\n%s", brought.look_at, brought.told)
        if not self.is_deferred or brought.look_at is None:
            return exceptions.AirflowException(brought.told)
        moment = datetime.fromisoformat(brought.look_at)
        trigger = triggers.DateTimeTrigger(moment=moment)
        return exceptions.TaskDeferred(trigger=trigger, method_name="look_again")


class BoxoutPublishedSensor(sdk.BaseSensorOperator):
    """Waits until tables are public and fresh for dates, whoever publishes them; computes nothing.

    It reads the ledger only, and passes on nothing less: a date with nothing on it does not satisfy it.
    """

    template_fields: ClassVar[Sequence[str]] = TEMPLATED

    def __init__(
        self, *, project: Path | str, dates: str = "{{ ds }}", selected: str = "", **kwargs: Any
    ) -> None:
        super().__init__(**{"mode": "reschedule", **kwargs})
        self.project, self.dates, self.selected = str(project), dates, selected

    def poke(self, context: Mapping[str, Any]) -> bool:
        """Whether all of it is public and fresh now."""
        try:
            opened = open_project(self.project)
            stands = stand(opened, span([self.dates]), chosen(opened, self.selected))
        except StoreUnavailable as error:
            self.log.warning("%s", error)
            return False
        except BoxoutError as error:
            raise exceptions.AirflowFailException(str(error)) from error
        self.log.info("%s: %s\n%s", context["task_instance_key_str"], stands.answer, stands.told)
        return stands.answer is Answer.PUBLIC


def run_id_of(task: Any) -> str:
    """The same for every try and every look of a task, another once it is cleared.

    Clearing raises `max_tries`; so what it then finds done already is not told twice.
    """
    named = (task.dag_id, task.run_id, task.task_id, task.map_index, task.max_tries)
    return f"airflow-{hashlib.sha256(repr(named).encode()).hexdigest()[:12]}"


def _extra(dates: str, brought: Brought, one: Standing) -> dict[str, Any]:
    forced = {"forced": list(one.forced)} if one.forced else {}
    return {
        "publication": one.publication,
        "dates": dates,
        "partitions": len(one.pointers),
        "rows": one.rows,
        "run": brought.run,
        **forced,
    }
