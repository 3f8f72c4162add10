"""Who is slow to say what he wants is sent away; who is not is answered."""

import socket
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from time import monotonic, sleep
from urllib.parse import urlsplit

import pytest

from service.browser import serving

HEAD_S = 0.4
ASKED = b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


@pytest.fixture
def connect(night) -> Iterator[Callable[[], socket.socket]]:
    """Connections to a service that gives the head of a request 0.4 s."""
    with serving(night, head_s_max=HEAD_S) as (_, address):
        place = urlsplit(address)
        yield lambda: socket.create_connection((place.hostname, place.port), timeout=20)


def dripped(connection: socket.socket, text: bytes) -> float:
    """Seconds until the other side hangs up, while a byte is sent now and then; at most 20."""
    began = monotonic()
    connection.settimeout(0.02)
    with suppress(ConnectionError):
        while (took_s := monotonic() - began) < 20:
            connection.send(text[:1])
            text = text[1:] + text[:1]
            with suppress(TimeoutError):
                if not connection.recv(1000):
                    break
    return took_s


def test_a_head_that_comes_byte_by_byte_is_given_up(connect):
    with closing(connect()) as slow:
        assert dripped(slow, b"X-Long: yes\r\n") < 10


def test_who_says_nothing_is_sent_away_and_told(connect):
    with closing(connect()) as silent:
        assert silent.recv(1000).startswith(b"HTTP/1.1 408 ")
        assert silent.recv(1000) == b""


def test_so_is_the_second_request_of_a_connection(connect):
    with closing(connect()) as twice:
        twice.sendall(ASKED)
        assert twice.recv(10_000).startswith(b"HTTP/1.1 200 ")
        twice.sendall(ASKED[:9])
        while heard := twice.recv(10_000):
            assert b" 200 " not in heard


def test_an_answer_may_take_longer_than_the_question(connect):
    with closing(connect()) as calm:
        calm.sendall(b"GET /ui/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert calm.recv(1000).startswith(b"HTTP/1.1 200 ")
        sleep(2 * HEAD_S)
        calm.settimeout(0.2)
        with suppress(TimeoutError):
            while True:
                assert calm.recv(10_000), "the stream was cut"
