"""Whole messages over a socket and over multiprocessing's connections: bounds, deadlines, ends.

Threads: pytest's main thread, and one that sends or aborts.
"""

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from multiprocessing.connection import Pipe

import pytest

from tcpipserver.control.channel import Channel, ChannelError, ChannelTimedOutError, PipeChannel, SocketChannel

SECONDS = 20.0
MOMENT = 0.05
Pair = tuple[Channel, Channel]


def sockets() -> Pair:
    """Two ends of a connection of sockets."""
    one, other = socket.socketpair()
    return SocketChannel(one), SocketChannel(other)


def pipes() -> Pair:
    """Two ends of a connection as multiprocessing makes it."""
    one, other = Pipe()
    return PipeChannel(one), PipeChannel(other)


@pytest.fixture(params=[sockets, pipes], ids=["socket", "pipe"])
def pair(request: pytest.FixtureRequest) -> Iterator[Pair]:
    """Two ends of a connection, of each kind."""
    make: Callable[[], Pair] = request.param
    one, other = make()
    yield one, other
    one.close()
    other.close()


def soon() -> float:
    """A deadline that is never reached where all is well."""
    return time.monotonic() + SECONDS


def test_messages_arrive_whole_and_in_order(pair: Pair) -> None:
    """Empty ones too, and each by itself."""
    one, other = pair
    for message in (b"a", b"", b"bc" * 1000):
        one.send(message, soon())
    assert [other.receive(10_000, soon()) for _ in range(3)] == [b"a", b"", b"bc" * 1000]


def test_a_large_message_arrives(pair: Pair) -> None:
    """Larger than any buffer of the system."""
    one, other = pair
    message = bytes(range(256)) * 4000
    sending = threading.Thread(target=one.send, args=(message, soon()))
    sending.start()
    assert other.receive(len(message), soon()) == message
    sending.join(SECONDS)


def test_a_message_above_the_bound_ends_the_connection(pair: Pair) -> None:
    """The bound itself passes."""
    one, other = pair
    one.send(b"12345", soon())
    one.send(b"123456", soon())
    assert other.receive(5, soon()) == b"12345"
    with pytest.raises(ChannelError):
        other.receive(5, soon())


def test_silence_ends_at_the_deadline(pair: Pair) -> None:
    """With an error of its own; a deadline that has passed is one too."""
    one, _ = pair
    for deadline in (time.monotonic() + MOMENT, 0.0):
        with pytest.raises(ChannelTimedOutError):
            one.receive(5, deadline)
    with pytest.raises(ChannelTimedOutError):
        one.send(b"x", 0.0)


def test_one_who_goes_is_noticed(pair: Pair) -> None:
    """On receiving and on sending."""
    one, other = pair
    other.close()
    with pytest.raises(ChannelError) as caught:
        one.receive(5, soon())
    assert not isinstance(caught.value, ChannelTimedOutError)
    with pytest.raises(ChannelError):
        one.send(bytes(50_000_000), soon())


def test_whoever_waits_is_woken_by_an_abort(pair: Pair) -> None:
    """From another thread, long before the deadline."""
    one, _ = pair
    timer = threading.Timer(MOMENT, one.abort)
    timer.start()
    with pytest.raises(ChannelError):
        one.receive(5, soon())
    timer.join(SECONDS)
    one.abort()


@pytest.mark.parametrize("sent", [b"", b"\x05", b"\x05\0\0\0", b"\x05\0\0\0abcd"])
def test_half_a_message_is_waited_for_until_the_deadline(sent: bytes) -> None:
    """However it is cut; a socket that drips cannot hold anybody longer."""
    one, other = socket.socketpair()
    with closing(other), closing(SocketChannel(one)) as channel:
        other.sendall(sent)
        with pytest.raises(ChannelTimedOutError):
            channel.receive(5, time.monotonic() + MOMENT)
        other.shutdown(socket.SHUT_WR)
        with pytest.raises(ChannelError):
            channel.receive(5, soon())


@pytest.mark.parametrize("length", [6, 0x7FFF_FFFF, 0xFFFF_FFFF])
def test_a_length_that_lies_takes_no_memory(length: int) -> None:
    """It is refused before anything of the message is waited for."""
    one, other = socket.socketpair()
    with closing(other), closing(SocketChannel(one)) as channel:
        other.sendall(struct.pack("<I", length))
        with pytest.raises(ChannelError) as caught:
            channel.receive(5, soon())
        assert not isinstance(caught.value, ChannelTimedOutError)


def test_who_does_not_read_holds_a_sender_until_the_deadline() -> None:
    """And no longer."""
    one, other = socket.socketpair()
    with closing(other), closing(SocketChannel(one)) as channel, pytest.raises(ChannelTimedOutError):
        channel.send(bytes(50_000_000), time.monotonic() + MOMENT)


def test_each_error_says_what_to_do() -> None:
    """They are what a user sees."""
    assert str(ChannelError()).endswith("see the hub's log, and try again.")
    assert str(ChannelTimedOutError()).endswith("or give it longer with --timeout.")
