"""Where a client listens, whom it takes, and how many strangers may try at once."""

import errno
import os
import queue
import socket
import ssl
from collections.abc import Iterator

import pytest

from commonlib.wire.preface import make_preface
from commonlib.wire.way_messages import Role, WayOpened
from tcpipclient.net.peer.listening import (
    EARLY_SECONDS,
    MOST_STRANGERS,
    STRANGER_SECONDS,
    ExpectedWay,
    ExpectedWays,
    PeerListener,
    listening_socket,
)
from tcpipclient.net.peer.loop import Loop
from tests.support.clock import FakeClock
from tests.support.leaks import wait_until
from tests.support.strangers import drain, is_closed_by_other, knocking
from tests.support.tls_pairs import identity_of, server_context_of

TRANSFER, TOKEN = b"t" * 16, b"k" * 32
WAIT_SECONDS = 5.0
SENDER, RECEIVER = identity_of("sender"), identity_of("receiver")
OPENED = WayOpened(transfer=TRANSFER, role=Role.RECEIVER, peer=2, peer_key=SENDER.fingerprint, token=TOKEN)
PREFACE = make_preface(TRANSFER, Role.SENDER, TOKEN, RECEIVER.fingerprint, SENDER).encode()


class WatchedWays(ExpectedWays):
    """Tells when a token has been looked for."""

    def __init__(self) -> None:
        super().__init__()
        self.looks: queue.Queue[bytes] = queue.Queue()

    def maybe_find(self, token: bytes) -> ExpectedWay | None:
        """As the product's."""
        found = super().maybe_find(token)
        self.looks.put(token)
        return found


class Listening:
    """A listener that runs for a test, by a clock that stands still.

    Attributes:
        taken: The connections that it has taken.
    """

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.expected = WatchedWays()
        self.taken: queue.Queue[ssl.SSLSocket] = queue.Queue()
        self.loop = Loop("listening", self.clock, lambda: None)
        listening = listening_socket(0)
        self.port: int = listening.getsockname()[1]
        self.listener = PeerListener(
            listening,
            self.loop,
            self.clock,
            self.expected,
            context=server_context_of("receiver"),
            own=RECEIVER.fingerprint,
        )
        self.loop.start()
        self.loop.post(self.listener.begin)

    def expect(self) -> None:
        """Wait for the way of OPENED."""
        self.expected.add(ExpectedWay(OPENED, self.taken.put))
        self.loop.post(self.listener.look_again)

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.clock.advance(seconds)
        self.loop.post(lambda: None)

    def assert_takes(self) -> None:
        """Whoever shows what is right is taken still."""
        with knocking(self.port) as connection:
            connection.sendall(PREFACE + b"stream")
            with self.taken.get(timeout=WAIT_SECONDS) as taken:
                taken.settimeout(WAIT_SECONDS)
                assert taken.recv(9) == b"stream"


@pytest.fixture
def listening() -> Iterator[Listening]:
    """A listener that waits for nobody yet."""
    running = Listening()
    yield running
    running.loop.stop()
    while not running.taken.empty():
        running.taken.get().close()


def test_who_is_waited_for_is_taken(listening: Listening) -> None:
    """With his stream, not a byte of which is lost."""
    listening.expect()
    listening.assert_takes()


def test_who_comes_before_he_is_waited_for_is_taken_when_he_is(listening: Listening) -> None:
    """The hub tells both ends at once, and one is a moment faster."""
    with knocking(listening.port) as connection:
        connection.sendall(PREFACE)
        listening.expected.looks.get(timeout=WAIT_SECONDS)
        listening.expect()
        listening.taken.get(timeout=WAIT_SECONDS).close()


def test_a_token_that_nobody_waits_for_is_held_for_two_seconds(listening: Listening) -> None:
    """Then the connection is closed without a word."""
    with knocking(listening.port) as connection:
        connection.sendall(PREFACE)
        listening.expected.looks.get(timeout=WAIT_SECONDS)
        listening.advance(EARLY_SECONDS)
        assert is_closed_by_other(connection)
    listening.expect()
    assert listening.taken.empty()


def test_a_token_is_good_for_one_connection(listening: Listening) -> None:
    """Who shows it again is closed at once."""
    listening.expect()
    listening.assert_takes()
    with knocking(listening.port) as connection:
        connection.sendall(PREFACE)
        assert is_closed_by_other(connection)
    assert listening.taken.empty()


@pytest.mark.parametrize(
    "hostile",
    [
        make_preface(TRANSFER, Role.RECEIVER, TOKEN, RECEIVER.fingerprint, SENDER).encode(),
        make_preface(b"u" * 16, Role.SENDER, TOKEN, RECEIVER.fingerprint, SENDER).encode(),
        make_preface(TRANSFER, Role.SENDER, TOKEN, RECEIVER.fingerprint, identity_of("stranger")).encode(),
        make_preface(TRANSFER, Role.SENDER, TOKEN, SENDER.fingerprint, SENDER).encode(),
        PREFACE[:-1] + bytes([PREFACE[-1] ^ 1]),
        b"GET / HTTP/1.1\r\n\r\n".ljust(300),
        bytes(1000),
    ],
    ids=["role", "transfer", "key", "listener", "signature", "http", "zeros"],
)
def test_who_shows_anything_wrong_is_closed_and_uses_up_nothing(listening: Listening, hostile: bytes) -> None:
    """The right one can still come."""
    listening.expect()
    with knocking(listening.port) as connection:
        connection.sendall(hostile)
        assert is_closed_by_other(connection)
    listening.assert_takes()


@pytest.mark.parametrize("said", [b"", b"\x16", b"GET / HTTP/1.1\r\n\r\n", bytes(4096)])
def test_who_does_not_speak_tls_is_closed(listening: Listening, said: bytes) -> None:
    """At once, or after ten seconds of silence."""
    listening.expect()
    with socket.create_connection(("127.0.0.1", listening.port)) as connection:
        connection.sendall(said)
        listening.assert_takes()
        listening.advance(STRANGER_SECONDS)
        drain(connection)


def test_who_says_his_preface_byte_by_byte_has_ten_seconds_in_all(listening: Listening) -> None:
    """A sign of life now and then does not help him."""
    with knocking(listening.port) as connection:
        connection.sendall(PREFACE[:10])
        listening.advance(STRANGER_SECONDS)
        assert is_closed_by_other(connection)


def test_of_too_many_strangers_the_oldest_of_the_busiest_address_goes(listening: Listening) -> None:
    """So whoever tries often is in his own way alone, and there is always room for one more."""
    listening.expect()
    crowd = [socket.create_connection(("127.0.0.1", listening.port)) for _ in range(MOST_STRANGERS * 3)]
    listening.assert_takes()
    closed = 0
    for connection in crowd:
        connection.settimeout(0)
        try:
            closed += connection.recv(1) == b""
        except BlockingIOError:
            pass
        connection.close()
    # The one that was taken has had his turn besides.
    assert closed == len(crowd) - MOST_STRANGERS + 1


def test_it_listens_on_the_next_free_port() -> None:
    """Of twenty, or on any."""
    with listening_socket(0) as first:
        port = first.getsockname()[1]
        with listening_socket(port) as second:
            assert second.getsockname()[1] not in (0, port)


def test_it_is_reached_by_both_versions_of_the_protocol(listening: Listening) -> None:
    """Where the computer has both."""
    listening.expect()
    host = "::1" if socket.has_dualstack_ipv6() else "127.0.0.1"
    with knocking(listening.port, host) as connection:
        connection.sendall(PREFACE)
        listening.taken.get(timeout=WAIT_SECONDS).close()


class NoDescriptors(socket.socket):
    """Listens, and finds no descriptor for the first who comes."""

    failures = 1

    def accept(self) -> tuple[socket.socket, object]:
        """As the system's, but for the first time."""
        if self.failures:
            self.failures -= 1
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        return super().accept()


def test_without_descriptors_it_tries_again_in_a_second(caplog: pytest.LogCaptureFixture) -> None:
    """And does not spin meanwhile."""
    clock, taken = FakeClock(), queue.Queue[ssl.SSLSocket]()
    loop = Loop("listening", clock, lambda: None)
    plain = listening_socket(0)
    short = NoDescriptors(plain.family, plain.type, 0, plain.detach())
    short.setblocking(False)
    expected = ExpectedWays()
    expected.add(ExpectedWay(OPENED, taken.put))
    listener = PeerListener(
        short, loop, clock, expected, context=server_context_of("receiver"), own=RECEIVER.fingerprint
    )
    loop.start()
    loop.post(listener.begin)
    with socket.create_connection(("127.0.0.1", short.getsockname()[1])) as connection:
        assert wait_until(lambda: "can be taken now" in caplog.text, WAIT_SECONDS)
        clock.advance(1.0)
        loop.post(lambda: None)
        connection.sendall(b"no TLS at all")
        drain(connection)
    loop.stop()
    assert caplog.text.count("can be taken now") == 1
