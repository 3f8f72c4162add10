"""What ends work that takes too long, and what a project's file says of it."""

from contextlib import contextmanager
from dataclasses import replace

import pytest

from boxout.cli.mending import EVERYTHING
from boxout.errors import DefinitionError
from boxout.model.outcomes import Failed
from boxout.project import open_project
from boxout.run import Policy, run
from boxout.run.repair import has_work, mend, repair
from boxout.settings import policy_of
from boxout.threads import limited
from incidents.scene import ALL, DAY, alerts, kinds, public_games

SLOW = "SELECT count(*) FROM range(1000000000) a, range(1000) b"


class Slow:
    """A warehouse around another, whose appends never end by themselves."""

    def __init__(self, warehouse):
        self._warehouse = warehouse

    def __getattr__(self, name):
        return getattr(self._warehouse, name)

    def append(self, table, version, sql, shaped, pins):
        column = table.column_names[0]
        slow = f"WITH slow AS ({SLOW}) SELECT x.* FROM ({sql}) x, slow WHERE x.{column} IS NOT NULL"
        self._warehouse.append(table, version, slow, shaped, pins)


@pytest.fixture
def night(world):
    world.schedule()
    world.gamebook()
    world.team_box()
    return world


def test_a_processor_that_takes_too_long_is_stopped_and_tried_again_later(night):
    engine = night.engine
    slow = replace(
        engine,
        warehouse=Slow(engine.warehouse),
        policy=Policy(timeout_s=0.3),
        limit=lambda version, timeout_s: limited(engine.warehouse, version, timeout_s),
    )
    outcomes = run(slow, DAY, DAY, ALL).outcomes
    assert {type(one) for one in outcomes.values()} == {Failed}
    assert all(one.is_retryable and "stopped after 0.3 s" in one.error for one in outcomes.values())
    assert public_games(night) == []
    assert [w.failures for w in engine.ledger.work(DAY, DAY + "~")] == [1] * 4
    assert kinds(run(engine, DAY, DAY, ALL)) == {"Done": 4}


def test_what_is_in_time_is_not_stopped(night):
    stopped: list[int] = []

    @contextmanager
    def watching(version, timeout_s):
        with limited(night.engine.warehouse, version, timeout_s):
            yield
        stopped.append(version)

    assert kinds(run(replace(night.engine, limit=watching), DAY, DAY, ALL)) == {"Done": 4}
    assert len(stopped) == 3


def test_a_run_begins_nothing_after_its_deadline_and_keeps_it_as_work(night):
    result = run(night.engine, DAY, DAY, ALL, deadline_s=0)
    assert {type(one) for one in result.outcomes.values()} == {Failed}
    assert len(night.engine.ledger.work(DAY, DAY + "~")) == 4
    assert public_games(night) == []
    assert kinds(run(night.engine, DAY, DAY, ALL, deadline_s=600)) == {"Done": 4}


def test_what_a_project_says_of_its_policy_counts(tmp_path, night):
    path = night.folder / "boxout.toml"
    path.write_text(path.read_text() + "\n[policy]\ntimeout_s = 7\nworkers = 3\n")
    policy = open_project(night.folder).policy
    assert (policy.timeout_s, policy.workers, policy.tries_max) == (7, 3, Policy().tries_max)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"timeout": 7}, "policy.timeout means nothing. Did you mean timeout_s?"),
        ({"timeout_s": "long"}, "policy.timeout_s is 'long', a number above 0 expected"),
        ({"workers": 0}, "policy.workers is 0, a whole number above 0 expected"),
        ({"workers": True}, "policy.workers is True, a whole number above 0 expected"),
        ({"is_taken_back": 1}, "policy.is_taken_back is 1, true or false expected"),
        ("fast", "policy is not a table"),
    ],
)
def test_a_policy_that_cannot_be_meant_is_refused(said, told):
    policy, faults = policy_of(said)
    assert policy == Policy()
    assert told in faults[0]


def test_every_fault_of_a_project_file_is_told_at_once(night):
    path = night.folder / "boxout.toml"
    path.write_text('pipeline = "nba"\nledger = "l"\n[policy]\nworkers = -1\nlease = 3\n')
    with pytest.raises(DefinitionError) as refused:
        open_project(night.folder)
    assert len(refused.value.faults) == 3


def test_what_fails_after_publication_is_taken_back_by_itself_when_the_policy_says_so(night):
    run(night.engine, DAY, DAY, ALL)
    game = night.games[0].game_id
    before = night.public("FROM player_game_summary ORDER BY ALL")
    broken = (
        "UPDATE versions.player_game_summary SET pts = pts + 1 WHERE game_id = $game AND pts > 20"
    )
    night.engine.warehouse.query(broken, {"game": game})
    watching = replace(night.engine, policy=Policy(is_taken_back=True))
    mend(watching)
    assert "rollback" in {u.kind for u in night.engine.ledger.publications(9)}
    assert any("taken back" in one for one in alerts(night.folder))
    assert night.public("FROM player_game_summary ORDER BY ALL") == before


def test_there_is_work_only_when_something_moved_or_is_due(night):
    ledger = night.engine.ledger
    code = night.engine.compiled
    assert has_work(ledger, code)
    mend(night.engine)
    assert not has_work(ledger, code)
    assert public_games(night) == sorted(g.game_id for g in night.games)


def test_other_code_finds_work_where_this_one_has_none(night):
    mend(night.engine)
    code = night.engine.compiled
    (name, one), *_ = code.processors.items()
    changed = code._replace(processors={**code.processors, name: one._replace(fingerprint="x")})
    assert has_work(night.engine.ledger, changed)


def test_another_check_of_a_source_finds_work_too(night):
    mend(night.engine)
    code = night.engine.compiled
    one = code.audits["team_boxscore"]
    changed = code._replace(audits={**code.audits, "team_boxscore": one._replace(checks=())})
    assert has_work(night.engine.ledger, changed)


def test_whoever_begins_anew_goes_on_where_the_one_before_him_was(night):
    mend(night.engine)
    later = night.project.engine()
    assert not has_work(later.ledger, later.compiled)
    assert mend(later).results == ()


def test_the_same_file_again_is_no_work(night):
    mend(night.engine)
    night.gamebook()
    assert not has_work(night.engine.ledger, night.engine.compiled)


def test_everything_that_was_ever_landed_can_be_repaired_in_one_go(small):
    days = [f"2026-02-0{n}" for n in range(1, 4)]
    small.days(*days)
    small.lines(*days)
    small.box({f"{day}/AB": 200 for day in days})
    first, last, _ = EVERYTHING
    results = repair(small.engine, first, last)
    assert not results[-1].count(Failed)
    assert small.rows("SELECT day FROM form ORDER BY day") == [{"day": day} for day in days]
