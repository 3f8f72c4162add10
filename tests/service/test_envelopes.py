"""What came over the wire is understood, or rejected with a reason: never a crash, never a yes."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boxout.errors import DefinitionError
from boxout.service.asks import day_named, message_of
from boxout_nba import GAMES
from cli.night import DAY
from service.posted import pushed

ASKED = {"table": "gamebook_player_stats", "date": DAY}
EVENT = {"specversion": "1.0", "id": "7", "source": "//files", "type": "arrived"}
BINARY = {"ce-specversion": "1.0", "ce-id": "7", "ce-source": "//files", "ce-type": "arrived"}


def asked(said: object, headers: dict[str, str] | None = None, *, has_files: bool = True):
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    return message_of(headers or {}, body, GAMES, has_files=has_files)


@pytest.mark.parametrize(
    ("said", "headers", "name"),
    [
        (pushed(ASKED, "7"), {}, "pubsub/7"),
        ({**EVENT, "data": ASKED}, {"content-type": "application/cloudevents+json"}, "//files#7"),
        ({**EVENT, "data": json.dumps(ASKED)}, {}, "//files#7"),
        (
            {**EVENT, "data_base64": base64.b64encode(json.dumps(ASKED).encode()).decode()},
            {"content-type": "application/cloudevents+json; charset=utf-8"},
            "//files#7",
        ),
        (ASKED, BINARY, "//files#7"),
        (pushed(ASKED, "8"), BINARY, "pubsub/8"),
        (pushed(b"", "9", **ASKED), {}, "pubsub/9"),
    ],
)
def test_every_envelope_says_the_same(said, headers, name):
    message = asked(said, headers)
    assert (message.message, message.rejected) == (name, "")
    assert (message.meaning, message.selected) == (
        f"gamebook_player_stats {DAY}",
        "gamebook_player_stats+",
    )
    assert (message.first, message.last) == (DAY, DAY)


@pytest.mark.parametrize(
    ("says", "first", "last"),
    [
        ({"date": DAY}, DAY, DAY),
        ({"game": f"{DAY}/BOS@LAL"}, DAY, DAY),
        ({"first": DAY, "last": "2026-02-05"}, DAY, "2026-02-05"),
    ],
)
def test_dates_are_said_in_three_ways(says, first, last):
    message = asked(pushed(says))
    assert (message.first, message.last, message.selected) == (first, last, "")


@pytest.mark.parametrize(
    "says",
    [
        {"object": "in/gamebook.csv", "generation": 3},
        {"bucket": "b", "name": "in/gamebook.csv", "generation": "3"},
    ],
)
def test_a_file_that_was_written_is_to_be_landed(says):
    message = asked({**EVENT, "data": says})
    assert (message.object, message.meaning) == ("in/gamebook.csv", "land in/gamebook.csv#3")


def test_a_notice_of_a_storage_service_is_to_be_landed():
    named = {"objectId": "gamebook.csv", "objectGeneration": "3", "eventType": "OBJECT_FINALIZE"}
    message = asked(pushed({"kind": "storage#object"}, **named))
    assert message.meaning == "land gamebook.csv#3"
    deleted = asked(pushed({}, **{**named, "eventType": "OBJECT_DELETE"}))
    assert "only files that were written count" in deleted.rejected


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[1]", "list where a JSON object is expected"),
        (b"[" * 100_000, "not JSON"),
        ({}, "neither a Pub/Sub push envelope nor a CloudEvent"),
        ({"message": "x"}, "message is no JSON object"),
        ({"message": {"data": ""}}, "no messageId"),
        ({"message": {"messageId": "1", "data": 5}}, "data is int"),
        ({"message": {"messageId": "1", "data": "***"}}, "not base64"),
        ({"message": {"messageId": "x" * 600, "data": ""}}, "an id of 607 characters"),
        ({"specversion": "1.0", "data": {}}, "without id or source"),
        ({**EVENT, "data": 5}, "data is no JSON object"),
        (pushed(b"not json"), "not JSON"),
        (pushed({}), "nothing: a date"),
        (pushed({"table": "gamebook_player_stats"}), "nothing: a date"),
        (
            pushed({"table": "team_boxscor", "date": DAY}),
            "no such table. Did you mean team_boxscore?",
        ),
        (pushed({"table": 5, "date": DAY}), "table is int"),
        (pushed({"date": "2026-02-30"}), "2026-02-30: a date"),
        (pushed({"date": f"{DAY}/BOS@LAL"}), "a date expected"),
        (pushed({"date": None}), "nothing: a date"),
        (pushed({"first": DAY, "last": "2026-02-01"}), "ends before it begins"),
        (pushed({"object": "../boxout.toml"}), "not the name of a file below the folder"),
        (pushed({"object": "/etc/passwd"}), "not the name of a file below the folder"),
        (pushed({"object": "a\x00.csv"}), "not the name of a file below the folder"),
        (pushed({"object": 5}), "object is int"),
        (pushed({"object": "notes.txt"}), "no reader knows this file name"),
    ],
)
def test_what_cannot_be_understood_is_rejected_with_the_reason(said, reason):
    assert reason in asked(said).rejected


def test_without_a_folder_no_file_is_landed():
    message = asked(pushed({"object": "gamebook.csv"}), has_files=False)
    assert "no folder of files is served" in message.rejected


def test_a_batch_of_events_is_rejected():
    message = asked([], {"content-type": "application/cloudevents-batch+json"})
    assert "one event in a request expected" in message.rejected


def test_the_same_bytes_again_are_the_same_message():
    assert asked(b"x").message == asked(b"x").message != asked(b"y").message


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
WORDS = st.sampled_from(
    ["table", "date", "game", "first", "last", "object", "objectId", "name", "bucket", "message"]
)


@given(st.dictionaries(WORDS, JSON) | JSON, st.sampled_from([{}, BINARY]))
def test_whatever_comes_is_a_message_or_is_rejected(says, headers):
    for said in (says, pushed(says), {**EVENT, "data": says}, {"message": says}):
        message = asked(said, headers)
        is_asking = bool(message.object or message.first)
        assert is_asking != bool(message.rejected)


@given(st.binary())
def test_whatever_bytes_come_are_rejected(body):
    assert asked(body).rejected


def test_today_is_a_date_where_the_calendar_is():
    late = "2026-02-04T03:00:00.000+00:00"
    assert day_named("TODAY", GAMES.calendar.zone, late) == DAY
    assert day_named("today", "UTC", late) == "2026-02-04"
    assert day_named("YESTERDAY", GAMES.calendar.zone, late) == "2026-02-02"
    assert day_named("TOMORROW", GAMES.calendar.zone, late) == "2026-02-04"
    assert day_named(DAY, "UTC", late) == DAY


@pytest.mark.parametrize("word", ["", "NOW", "2026-02-30", f"{DAY}/BOS@LAL"])
def test_another_word_is_no_date(word):
    with pytest.raises(DefinitionError, match="say a date"):
        day_named(word, "UTC", "2026-02-04T03:00:00.000+00:00")
