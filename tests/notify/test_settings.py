"""[notify] of boxout.toml: judged whole, and what it does not say."""

from typing import Any

import pytest

from boxout.notify import Channel, Notify, notify_of


def test_nobody_is_told_when_nothing_is_said() -> None:
    assert notify_of({}, "/boxout/nba") == (Notify(source="/boxout/nba"), [])


def test_a_channel_is_told_of_warnings_and_a_machine_of_everything() -> None:
    channels = {"team": {"url": "$T"}, "bus": {"url": "$B", "form": "cloudevents"}}
    settings, faults = notify_of({"channels": channels, "window_h": 6}, "")
    assert faults == []
    assert settings.window_h == 6
    assert settings.channels == (
        Channel("team", "$T", "message", "warning", ()),
        Channel("bus", "$B", "cloudevents", "info", ()),
    )


def test_a_channel_that_names_kinds_gets_them_whatever_their_severity() -> None:
    of = {"url": "$T", "kinds": ["published"]}
    settings, _ = notify_of({"channels": {"team": of}}, "")
    assert settings.channels[0] == Channel("team", "$T", "message", "info", ("published",))


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        (3, "notify is not a table"),
        ({"chanels": {}}, "Did you mean channels?"),
        ({"window_h": 0}, "notify.window_h is 0, a number above 0 expected"),
        ({"silence_after_h": True}, "notify.silence_after_h is True"),
        ({"source": 3}, "notify.source is 3, text expected"),
        ({"channels": []}, "notify.channels is not a table"),
        ({"channels": {"t": 3}}, "notify.channels.t is not a table"),
        ({"channels": {"t": {}}}, "notify.channels.t.url is missing"),
        ({"channels": {"t": {"url": "$"}}}, "notify.channels.t.url is not text"),
        ({"channels": {"t": {"url": "$T", "form": "fax"}}}, "one of message, cloudevents expected"),
        ({"channels": {"t": {"url": "$T", "severity": "bad"}}}, "one of info, warning, error"),
        ({"channels": {"t": {"url": "$T", "kinds": ["withold"]}}}, "Did you mean withheld?"),
        ({"channels": {"t": {"url": "$T", "kinds": "withheld"}}}, "a list of kinds expected"),
        ({"channels": {"t": {"url": "$T", "to": "x"}}}, "notify.channels.t.to means nothing"),
    ],
)
def test_a_slip_is_named_with_what_was_expected(said: Any, fault: str) -> None:
    settings, faults = notify_of(said, "")
    assert settings.channels == ()
    assert any(fault in one for one in faults), faults
