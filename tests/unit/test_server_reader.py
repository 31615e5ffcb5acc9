"""The hub's reader: what it puts into the raw queue, whom it stops reading, and when it goes on.

Threads: pytest's main thread and the reader's.
"""

import queue
import socket
import struct
from collections.abc import Iterator

import pytest

from tcpipserver.net.connection import Connection
from tcpipserver.net.credit import CREDIT_BYTES, FRUGAL_READ_BYTES, READ_BYTES, Budget
from tcpipserver.net.normalizer import Chunk
from tcpipserver.net.reader import Reader
from tests.support.hub_connections import NotingCaretaker, connection_on, real_connection
from tests.support.leaks import wait_until

SECONDS = 20.0
Raw = queue.SimpleQueue[Chunk | None]


@pytest.fixture
def raw() -> Raw:
    """The queue that chunks go into."""
    return queue.SimpleQueue()


@pytest.fixture
def reader(raw: Raw) -> Iterator[Reader]:
    """A reader that runs, and has to end without breaking."""
    failed: list[str] = []
    made = Reader("reader-1", raw, failed.append)
    made.start()
    yield made
    assert made.stop(SECONDS)
    assert failed == []


class Resuming(NotingCaretaker):
    """A caretaker whose reader is a real one."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self._reader = reader

    def resume(self, connection: Connection) -> None:
        """Ask the reader."""
        self._reader.resume(connection)


def take(raw: Raw) -> Chunk:
    """The next chunk."""
    chunk = raw.get(timeout=SECONDS)
    assert chunk is not None
    return chunk


def test_bytes_and_end_arrive_in_order(raw: Raw, reader: Reader) -> None:
    """What comes is put into the queue with its connection, then its end and the reason for it, once."""
    with real_connection() as (connection, theirs):
        theirs.send(b"hello")
        reader.add(connection)
        assert take(raw) == Chunk(connection, b"hello")
        theirs.send(b"world")
        theirs.close()
        assert take(raw) == Chunk(connection, b"world")
        assert take(raw) == Chunk(connection, b"", "it closed the connection")
        assert not reader.is_reading(connection)
        reader.resume(connection)
        assert wait_until(lambda: not reader._asked, SECONDS)
        assert raw.empty()


class SilentSocket(socket.socket):
    """A socket whose own shutting tells its selector nothing, as on Windows."""

    def shutdown(self, how: int) -> None:
        """Do nothing."""


def test_one_who_is_aborted_is_let_go_though_the_system_says_nothing(raw: Raw, reader: Reader) -> None:
    """His end is told once, whether he was read or held back; after it was closed nothing more happens."""
    for is_held_back in (False, True):
        ours, theirs = socket.socketpair()
        with theirs, SilentSocket(fileno=ours.detach()) as silent:
            connection = connection_on(silent)
            connection.register(Resuming(reader))
            if is_held_back:
                connection.is_held_back = True
            else:
                reader.add(connection)
                assert wait_until(lambda it=connection: reader.is_reading(it), SECONDS)
            connection.abort()
            assert take(raw) == Chunk(connection, b"", "the hub closed the connection")
            assert not reader.is_reading(connection)
        connection.abort()
        assert wait_until(lambda: not reader._asked, SECONDS)
        assert raw.empty()


def test_a_broken_connection_ends_with_the_systems_reason(raw: Raw, reader: Reader) -> None:
    """The text is for the log."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        theirs = socket.create_connection(listening.getsockname())
        ours, _ = listening.accept()
    with ours:
        connection = connection_on(ours)
        connection.register(NotingCaretaker())
        reader.add(connection)
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        theirs.close()
        chunk = take(raw)
        assert chunk.data == b""
        assert "reset" in chunk.reason.lower()


def test_one_without_credit_is_not_read_until_it_is_restored(raw: Raw, reader: Reader) -> None:
    """He is out of the selector, his bytes wait in the system, and others are read; a resume brings him back."""
    with real_connection(1) as (greedy, theirs), real_connection(2) as (modest, others):
        greedy.credit.add_read(CREDIT_BYTES - 5000)
        reader.add(greedy)
        reader.add(modest)
        theirs.send(b"x" * 5000)
        assert len(take(raw).data) == 5000
        assert wait_until(lambda: greedy.is_held_back, SECONDS)
        theirs.send(b"later")
        others.send(b"now")
        assert take(raw) == Chunk(modest, b"now")
        assert not reader.is_reading(greedy)
        assert raw.empty()
        greedy.credit.add_processed(CREDIT_BYTES - 5000)
        reader.resume(greedy)
        assert take(raw) == Chunk(greedy, b"later")
        assert not greedy.is_held_back
        assert (greedy.was_held_back, modest.was_held_back) == (True, False)


def test_credit_restored_before_the_reader_could_say_so_is_not_missed(raw: Raw, reader: Reader) -> None:
    """The dispatcher may work the bytes off before it can see that their sender is held back."""
    with real_connection() as (connection, theirs):
        credit = connection.credit

        class Quick(type(credit)):  # type: ignore[misc]
            __slots__ = ()

            @property
            def is_used_up(self) -> bool:
                """Used up when asked, and worked off before the answer is acted upon."""
                self._processed = self._read
                return True

        connection.credit = Quick(Budget())
        reader.add(connection)
        for word in (b"one", b"two", b"three"):
            theirs.send(word)
            assert take(raw).data == word
        assert reader.stop(SECONDS)


def test_resuming_one_who_is_read_does_nothing(raw: Raw, reader: Reader) -> None:
    """Several threads may ask for the same at once."""
    with real_connection() as (connection, theirs):
        reader.add(connection)
        for _ in range(5):
            reader.resume(connection)
        theirs.send(b"once")
        assert take(raw).data == b"once"
        assert raw.empty()


def test_a_stream_is_read_in_large_pieces(raw: Raw, reader: Reader) -> None:
    """After a full first read the pieces may be sixteen times as large; no byte is lost or turned round."""
    stream = bytes(range(256)) * 2048
    with real_connection(budget=Budget(1 << 30)) as (connection, theirs):
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
        theirs.setblocking(False)
        sent = theirs.send(stream)
        reader.add(connection)
        pieces: list[bytes] = []
        while sum(map(len, pieces)) < sent:
            pieces.append(take(raw).data)
        assert b"".join(pieces) == stream[:sent]
        assert len(pieces[0]) == FRUGAL_READ_BYTES
        assert FRUGAL_READ_BYTES < max(map(len, pieces)) <= READ_BYTES


def test_stopping_leaves_the_sockets_open(raw: Raw) -> None:
    """They are others' to close."""
    reader = Reader("reader-1", raw, pytest.fail)
    reader.start()
    with real_connection() as (connection, _):
        reader.add(connection)
        assert reader.stop(SECONDS)
        assert connection.socket.fileno() >= 0
