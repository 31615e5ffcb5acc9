"""One relay on real sockets, without a hub: what passes, and how it ends.

Threads: one for each half, as the arrivals' are, and pytest's main thread as both clients.
"""

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from commonlib.wire.way_messages import Role
from tcpipserver.net import relay as relay_module
from tcpipserver.net.relay import SILENT_SECONDS, Relay
from tests.support.clock import FakeClock
from tests.support.leaks import wait_until
from tests.support.niceness import niceness_given_way, niceness_of
from tests.support.relay_ways import way

SECONDS = 20.0


def connected_over_tcp(receive_buffer: int) -> tuple[socket.socket, socket.socket]:
    """The hub's end of a connection, and that of a client who has so little room for what comes."""
    with socket.create_server(("127.0.0.1", 0)) as listening, socket.socket() as connecting:
        connecting.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        connecting.settimeout(SECONDS)
        connecting.connect(listening.getsockname())
        return listening.accept()[0], socket.socket(fileno=connecting.detach())


@dataclass
class Half:
    """One half: the hub's end of it on a thread of its own, and the client's end.

    Attributes:
        was_joined: What the relay said; None while it has not.
    """

    role: Role
    relay: Relay
    unread: bytes = b""
    wait: float = SECONDS
    receive_buffer: int | None = None
    was_joined: bool | None = None
    ours: socket.socket = field(init=False)
    theirs: socket.socket = field(init=False)
    thread: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        buffer = self.receive_buffer
        self.ours, self.theirs = socket.socketpair() if buffer is None else connected_over_tcp(buffer)
        self.theirs.settimeout(SECONDS)
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        with self.ours:
            self.was_joined = self.relay.join(self.role, self.ours, self.wait)
            if self.was_joined:
                self.relay.carry(self.role, self.unread)

    def read_all(self) -> bytes:
        """All that comes until the end."""
        taken = bytearray()
        while data := self.theirs.recv(1 << 20):
            taken += data
        return bytes(taken)

    def ends_as_time_passes(self, clock: FakeClock) -> bool:
        """Whether its thread ends if the clock goes on by a minute again and again."""

        def has_ended() -> bool:
            clock.advance(SILENT_SECONDS)
            return not self.thread.is_alive()

        return wait_until(has_ended, SECONDS)

    def has_ended(self) -> bool:
        """Whether its thread ends in time."""
        self.thread.join(SECONDS)
        return not self.thread.is_alive()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    """Time by hand; who waits looks at it often."""
    monkeypatch.setattr(relay_module, "_LOOK_SECONDS", 0.01)
    return FakeClock()


Halves = Callable[..., tuple[Half, Half]]


@pytest.fixture
def halves(clock: FakeClock) -> Iterator[Halves]:
    """Makes both halves of a relay; at the end they and their threads are gone."""
    made: list[Half] = []

    def make(unread: bytes = b"") -> tuple[Half, Half]:
        relay = Relay(way(), clock)
        made.extend((Half(Role.RECEIVER, relay), Half(Role.SENDER, relay, unread)))
        return made[1], made[0]

    yield make
    for half in made:
        half.relay.end()
        half.theirs.close()
        assert half.has_ended()


def test_all_that_was_sent_comes_before_the_end(halves: Halves) -> None:
    """Both ways, with what was read too early; then both halves end, and it is counted."""
    sender, receiver = halves(b"early ")
    sender.theirs.sendall(b"late")
    sender.theirs.shutdown(socket.SHUT_WR)
    assert receiver.read_all() == b"early late"
    receiver.theirs.sendall(b"thanks")
    receiver.theirs.close()
    assert sender.read_all() == b"thanks"
    assert sender.has_ended()
    assert receiver.has_ended()
    assert sender.relay.passed == {Role.SENDER: 10, Role.RECEIVER: 6}


def test_whoever_talks_comes_before_what_is_relayed(halves: Halves) -> None:
    """Both threads that move bytes let others have the processor first."""
    sender, receiver = halves()
    for source, target in ((sender, receiver), (receiver, sender)):
        source.theirs.sendall(b"data")
        assert target.theirs.recv(4) == b"data"
    assert [niceness_of(half.thread) for half in (sender, receiver)] == [niceness_given_way()] * 2


@pytest.mark.parametrize("which", [0, 1])
def test_the_end_of_one_half_ends_the_other(halves: Halves, which: int) -> None:
    """Whichever it is, and without a word."""
    made = halves()
    assert wait_until(lambda: made[0].relay.is_joined, SECONDS)
    made[which].theirs.close()
    assert made[1 - which].read_all() == b""
    made[1 - which].theirs.close()
    assert made[0].has_ended()
    assert made[1].has_ended()


def test_what_was_sent_arrives_though_the_sender_has_gone_and_the_receiver_still_talks(clock: FakeClock) -> None:
    """To close a socket on which something unread waits would destroy what is on its way."""
    relay, size = Relay(way(), clock), 1 << 20
    sender, receiver = Half(Role.SENDER, relay), Half(Role.RECEIVER, relay, receive_buffer=8192)
    with sender.theirs as source:
        source.sendall(bytes(size))
    while Role.RECEIVER not in relay._ended:
        receiver.theirs.sendall(b"ping")  # One of them finds that the sender has gone; the others are nobody's.
    receiver.theirs.sendall(b"ping" * 100)
    assert len(receiver.read_all()) == size
    receiver.theirs.close()
    assert sender.has_ended()
    assert receiver.has_ended()


def test_when_one_direction_has_ended_the_other_has_a_minute(halves: Halves, clock: FakeClock) -> None:
    """However much is said in it: who does not understand an end must not keep a relay for ever."""
    sender, receiver = halves()
    sender.theirs.shutdown(socket.SHUT_WR)
    assert receiver.read_all() == b""
    for _ in range(3):
        clock.advance(SILENT_SECONDS / 4)
        receiver.theirs.sendall(b"x")
        assert sender.theirs.recv(1) == b"x"
    clock.advance(SILENT_SECONDS / 4)
    assert sender.has_ended()
    assert receiver.has_ended()


def test_a_half_that_stays_alone_is_let_go(clock: FakeClock) -> None:
    """And who comes later is not joined to one who has gone."""
    relay = Relay(way(), clock)
    alone = Half(Role.SENDER, relay, wait=0.05)
    assert alone.has_ended()
    late = Half(Role.RECEIVER, relay)
    assert late.has_ended()
    assert (alone.was_joined, late.was_joined, relay.is_joined) == (False, False, False)
    alone.theirs.close()
    late.theirs.close()


def test_a_relay_that_is_ended_lets_go_of_both(halves: Halves) -> None:
    """At once, whatever they do."""
    sender, receiver = halves()
    assert wait_until(lambda: sender.relay.is_joined, SECONDS)
    sender.relay.end()
    assert sender.has_ended()
    assert receiver.has_ended()
    assert sender.theirs.recv(1) == receiver.theirs.recv(1) == b""


def test_one_who_waits_alone_is_let_go_by_an_end(clock: FakeClock) -> None:
    """He need not wait to the last second."""
    half = Half(Role.SENDER, Relay(way(), clock))
    assert wait_until(lambda: Role.SENDER in half.relay._halves, SECONDS)
    half.relay.end()
    assert half.has_ended()
    assert half.was_joined is False
    half.theirs.close()


def test_a_relay_on_which_nothing_moves_ends(halves: Halves, clock: FakeClock) -> None:
    """The machine of one end is gone without a word: no ping of his comes any more."""
    sender, receiver = halves()
    sender.theirs.sendall(b"x")
    assert receiver.theirs.recv(1) == b"x"
    assert sender.ends_as_time_passes(clock)
    assert receiver.has_ended()


def test_a_receiver_who_reads_nothing_makes_the_sender_wait(halves: Halves, clock: FakeClock) -> None:
    """For a while: no more than the buffers is kept for him, and after a minute it is over."""
    sender, receiver = halves()
    sender.theirs.settimeout(0.2)
    with pytest.raises(TimeoutError):
        sender.theirs.sendall(bytes(64 << 20))
    assert receiver.ends_as_time_passes(clock)
