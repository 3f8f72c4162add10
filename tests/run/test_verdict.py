from math import nan

import pytest

from boxout.compiled import CompiledAudit, CompiledCheck
from boxout.model import Trial
from boxout.run.verdict import judge

ROWS = CompiledCheck("rows pass", "block", None, None, "none expected", False)
BETWEEN = CompiledCheck("minutes", "block", 240, 315, "240 to 315 expected", True)
OPEN = CompiledCheck("anything", "block", None, None, "a number", True)
GAME, DAY = "2026-02-03/BOS@LAL", "2026-02-04"


def answer(check: CompiledCheck, **columns: object) -> str:
    row = {"partition": GAME, "rows": 2, **columns}
    counts, findings = judge(CompiledAudit("", (check,), {}), [row], [GAME], DAY)
    told = findings[0].answer if findings else "passed"
    assert counts[0][2:] == tuple(int(told == one) for one in ("passed", "failed", "unknown"))
    return told


@pytest.mark.parametrize(
    ("failed", "unknown", "told"),
    [(0, 0, "passed"), (1, 0, "failed"), (1, 1, "failed"), (0, 1, "unknown"),
     (None, 0, "unknown"), (0, None, "unknown")],
)  # fmt: skip
def test_rows_pass_only_when_every_one_is_known_to(failed, unknown, told):
    assert answer(ROWS, c0_failed=failed, c0_unknown=unknown) == told


def test_no_rows_pass_no_check():
    assert answer(ROWS, rows=0, c0_failed=0, c0_unknown=0) == "unknown"


@pytest.mark.parametrize(
    ("value", "told"),
    [(240, "passed"), (315.0, "passed"), (239.9, "failed"), (316, "failed"), (None, "unknown"),
     (nan, "unknown")],
)  # fmt: skip
def test_a_measure_passes_only_within_its_bound(value, told):
    assert answer(BETWEEN, c0_measure=value) == told


@pytest.mark.parametrize(("value", "told"), [(7, "passed"), (None, "unknown"), (nan, "unknown")])
def test_an_open_bound_still_wants_a_number(value, told):
    assert answer(OPEN, c0_measure=value) == told


def test_a_partition_without_rows_is_unknown_to_every_check():
    counts, findings = judge(CompiledAudit("", (ROWS, BETWEEN), {}), [], [GAME], DAY)
    assert [one.answer for one in findings] == ["unknown", "unknown"]
    assert [one.passed for one in counts] == [0, 0]


@pytest.mark.parametrize(
    ("until", "severity"), [("2026-02-05", "observe"), (DAY, "observe"), ("2026-02-03", "block")]
)
def test_a_rule_only_observes_until_the_end_of_its_last_day(until, severity):
    tried = ROWS._replace(trial=Trial(until, "is it right?"))
    row = {"partition": GAME, "rows": 2, "c0_failed": 1, "c0_unknown": 0}
    counts, findings = judge(CompiledAudit("", (tried,), {}), [row], [GAME], DAY)
    assert {one.severity for one in (*counts, *findings)} == {severity}
