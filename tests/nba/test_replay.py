"""Rows in quarantine that pass by now go public together with the rows of their landing."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import pytest

from boxout.errors import DefinitionError
from boxout.run.replay import replay, waiting
from boxout.run.rollback import of_publication, plan_rollback, roll_back
from boxout_nba.simulator import schedule_rows, team_rows
from boxout_nba.tables import PLAYER_PROPS, SCHEDULE, TEAM_BOXSCORE
from nba.test_directory import DAY, alias, landed_lookups, of_team, props

TAKEN_BACK = "taken back"


def lines_waiting(world):
    return [row["line"] for row in waiting(world.engine.warehouse.quarantine())]


@pytest.fixture
def names(world):
    """Two players of the first game, who are known."""
    world.gamebook()
    game = world.games[0]
    return of_team(world, game.away)[0], of_team(world, game.home)[0]


@contextmanager
def mended(world, reader, **changed):
    """The pipeline with one reader changed, as after a fix of the code."""
    before = world.engine
    readers = tuple(
        replace(one, **changed) if one.name == reader else one for one in before.pipeline.readers
    )
    world.engine = replace(before, pipeline=replace(before.pipeline, readers=readers))
    yield
    world.engine = before


def test_a_replayed_row_comes_with_the_rows_its_file_kept(world, names):
    landed = world.land("player_props", props(world, names[0], "nick"))
    alias(world, "nick", names[1])
    done = replay(world.engine, PLAYER_PROPS, landed.version)
    assert (done.taken_in, done.landed.published, done.left) == (1, (DAY,), {})
    assert landed_lookups(world) == sorted(names)
    (row,) = world.engine.warehouse.quarantine()
    assert row["publication"] == done.landed.publication
    assert lines_waiting(world) == []


def test_what_still_does_not_pass_waits_on_and_nothing_is_published(world, names):
    landed = world.land("player_props", props(world, names[0], "nick"))
    head = world.engine.ledger.head()
    done = replay(world.engine, PLAYER_PROPS, landed.version)
    assert (done.taken_in, done.landed, world.engine.ledger.head()) == (0, None, head)
    assert lines_waiting(world) == [3]


def test_rows_that_pass_go_out_and_the_others_wait_on(world, names):
    landed = world.land("player_props", props(world, "nick", "dick"))
    alias(world, "nick", names[1])
    assert replay(world.engine, PLAYER_PROPS, landed.version).taken_in == 1
    alias(world, "dick", names[0])
    assert replay(world.engine, PLAYER_PROPS, landed.version).taken_in == 1
    assert (landed_lookups(world), lines_waiting(world)) == (sorted(names), [])


def test_replayed_twice_nothing_more_is_published(world, names):
    landed = world.land("player_props", props(world, names[0], "nick"))
    alias(world, "nick", names[1])
    replay(world.engine, PLAYER_PROPS, landed.version)
    head = world.engine.ledger.head()
    done = replay(world.engine, PLAYER_PROPS, landed.version)
    assert (done.taken_in, done.landed, world.engine.ledger.head()) == (0, None, head)


def test_a_crash_before_the_rows_are_marked_is_mended_by_the_next_replay(world, names):
    landed = world.land("player_props", props(world, names[0], "nick"))
    alias(world, "nick", names[1])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("boxout.run.replay._mark", _dies)
        with pytest.raises(KeyboardInterrupt):
            replay(world.engine, PLAYER_PROPS, landed.version)
    head = world.engine.ledger.head()
    assert (landed_lookups(world), lines_waiting(world)) == (sorted(names), [3])
    replay(world.engine, PLAYER_PROPS, landed.version)
    assert (lines_waiting(world), world.engine.ledger.head()) == ([], head)
    assert world.engine.warehouse.quarantine()[0]["publication"] == head


def _dies(*_):
    raise KeyboardInterrupt


def test_when_a_later_arrival_is_public_nothing_of_the_earlier_one_comes_back(world, names):
    landed = world.land("player_props", props(world, names[0], "nick"))
    later = world.land("player_props", props(world, names[1]))
    alias(world, "nick", names[0])
    done = replay(world.engine, PLAYER_PROPS, landed.version)
    assert done.left == {DAY: f"a later arrival is public, version {later.version}"}
    assert (done.landed, landed_lookups(world)) == (None, [names[1]])
    assert lines_waiting(world) == []
    assert world.engine.warehouse.quarantine()[0]["superseded"] == later.version


def test_the_same_file_landed_again_takes_its_row_out_of_the_queue(world, names):
    rows = props(world, names[0], "nick")
    world.land("player_props", rows)
    alias(world, "nick", names[1])
    world.land("player_props", rows)
    assert (landed_lookups(world), lines_waiting(world)) == (sorted(names), [])


def test_a_later_arrival_of_another_date_does_not_matter(world, names):
    landed = world.land("player_props", props(world, names[0], "nick"))
    game = world.games[0]
    day = "2026-02-04"
    later = {"game_date": day, "game_id": f"{day}/{game.away}@{game.home}"}
    world.land("player_props", [row | later for row in props(world, names[1])])
    alias(world, "nick", names[1])
    assert replay(world.engine, PLAYER_PROPS, landed.version).taken_in == 1


def test_two_landings_of_one_date_are_replayed_in_order_and_the_later_one_stays(world, names):
    first = world.land("player_props", props(world, "nick"))
    second = world.land("player_props", props(world, "dick"))
    alias(world, "nick", names[0])
    alias(world, "dick", names[1])
    assert replay(world.engine, PLAYER_PROPS, first.version).taken_in == 1
    assert landed_lookups(world) == [names[0]]
    assert replay(world.engine, PLAYER_PROPS, second.version).taken_in == 1
    assert landed_lookups(world) == [names[1]]
    assert replay(world.engine, PLAYER_PROPS, first.version).left[DAY].startswith("a later arrival")


def test_what_was_taken_back_is_not_brought_back_by_a_replay(world, names):
    landed = world.land("player_props", props(world, names[0], "nick"))
    plan = plan_rollback(world.engine, of_publication(world.engine, landed.publication), "wrong")
    assert roll_back(world.engine, plan)
    alias(world, "nick", names[1])
    done = replay(world.engine, PLAYER_PROPS, landed.version)
    assert TAKEN_BACK in done.left[DAY]
    assert (done.landed, landed_lookups(world)) == (None, [])
    assert lines_waiting(world) == [3]


def test_an_alias_that_is_taken_back_takes_its_rows_out_again(world, names):
    landed = world.land("player_props", props(world, names[0], "nick"))
    alias(world, "nick", names[1])
    replay(world.engine, PLAYER_PROPS, landed.version)
    world.engine.ledger.end_alias("player", "nick", "", by="bob", reason="wrong")
    done = replay(world.engine, PLAYER_PROPS, landed.version)
    assert (done.landed.published, landed_lookups(world)) == ((DAY,), [names[0]])
    assert lines_waiting(world) == [3]


def test_when_no_other_row_is_left_a_person_is_told_to_roll_back(world, names):
    landed = world.land("player_props", props(world, "nick"))
    alias(world, "nick", names[1])
    replay(world.engine, PLAYER_PROPS, landed.version)
    world.engine.ledger.end_alias("player", "nick", "", by="bob", reason="wrong")
    done = replay(world.engine, PLAYER_PROPS, landed.version)
    assert "roll it back" in done.left[DAY]
    assert landed_lookups(world) == [names[1]]


def test_a_row_whose_key_is_public_already_waits_on_and_displaces_nothing(world, names):
    landed = world.land("player_props", props(world, names[0], "nick"))
    alias(world, "nick", names[0])
    done = replay(world.engine, PLAYER_PROPS, landed.version)
    assert (done.taken_in, landed_lookups(world)) == (0, [names[0]])
    (row,) = waiting(world.engine.warehouse.quarantine())
    assert row["reason"] == "key is there twice"


def test_a_date_of_the_calendar_goes_out_once_its_row_passes(world):
    rows = schedule_rows(world.games)
    rows[0]["season_type"] = "Friendly"
    broken = rows[0] | {"nba_game_id": "9925000001", "season_type": rows[1]["season_type"]}
    landed = world.land("schedule", [broken, *rows[1:]])
    assert (landed.withheld, world.public("FROM schedule")) == ((DAY,), [])
    rejects = dict(world.readers["schedule"].rejects)
    del rejects["nba game id is not ten digits of a known kind"]
    with mended(world, "schedule", rejects=rejects):
        done = replay(world.engine, SCHEDULE, landed.version)
    assert (done.taken_in, done.landed.published) == (1, (DAY,))
    assert len(world.public("FROM schedule")) == 4


def test_a_file_that_was_held_back_goes_out_whole_once_most_of_it_passes(world):
    rows = world.rows(team_rows, None, None)
    for row in rows[:5]:
        row["pts"], row["blk"] = row["pts"], "many"
    landed = world.land("team_boxscore", rows)
    assert landed.published == ()
    read = world.readers["team_boxscore"].read

    def mild(raw):
        return read(raw.mutate(blk=raw.blk.nullif("many").fill_null("0")))

    with mended(world, "team_boxscore", read=mild):
        done = replay(world.engine, TEAM_BOXSCORE, landed.version)
    assert (done.taken_in, len(done.landed.published)) == (5, 4)
    assert len(world.public("FROM team_boxscore")) == 8


def test_one_row_that_passes_is_not_held_back_by_the_many_good_rows_that_are_not_read(world):
    rows = world.rows(team_rows, None, None)
    for row in rows[:3]:
        row["blk"] = "many"
    rows[0]["blk"] = "few"
    landed = world.land("team_boxscore", rows)
    read = world.readers["team_boxscore"].read

    def mild(raw):
        return read(raw.mutate(blk=raw.blk.nullif("few").fill_null("0")))

    with mended(world, "team_boxscore", read=mild):
        done = replay(world.engine, TEAM_BOXSCORE, landed.version)
    assert (done.taken_in, done.landed.published) == (1, (world.games[0].game_id,))


def test_a_reader_that_needs_a_column_more_cannot_read_the_rows_again(world, names):
    landed = world.land("player_props", props(world, names[0], "nick"))
    needs = (*world.readers["player_props"].needs, "nickname")
    with (
        mended(world, "player_props", needs=needs),
        pytest.raises(DefinitionError, match=r"do not have nickname.*land the file again"),
    ):
        replay(world.engine, PLAYER_PROPS, landed.version)


def test_a_landing_whose_reader_is_gone_cannot_be_read_again(world, names):
    landed = world.land("player_props", props(world, names[0], "nick"))
    with (
        mended(world, "player_props", name="other"),
        pytest.raises(DefinitionError, match="its reader player_props is gone"),
    ):
        replay(world.engine, PLAYER_PROPS, landed.version)


def test_a_landing_that_comes_while_it_is_replayed_is_not_overwritten(world, names):
    landed = world.land("player_props", props(world, names[0], "nick"))
    alias(world, "nick", names[1])
    rows = props(world, names[1])
    before = world.engine.warehouse
    world.engine = replace(world.engine, warehouse=_Beside(before, lambda: land_other(world, rows)))
    done = replay(world.engine, PLAYER_PROPS, landed.version)
    assert (done.landed.withheld, done.taken_in) == ((DAY,), 0)
    assert landed_lookups(world) == [names[1]]


def land_other(world, rows):
    """Another thread lands a file of the same date."""
    world.engine = replace(world.engine, warehouse=world.engine.warehouse.port)
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(world.land, "player_props", rows).result().published == (DAY,)


class _Beside:
    """A warehouse in which something happens right before the rows are judged."""

    def __init__(self, port, act) -> None:
        self.port, self._act = port, act

    def __getattr__(self, name):
        return getattr(self.port, name)

    def set_aside(self, *given, **said):
        self._act()
        return self.port.set_aside(*given, **said)
