"""The connection of a pump: never blocking, and woken from anywhere."""

import threading
from collections.abc import Iterator

import pytest

from tcpipclient.net.peer.pump_socket import PumpSocket
from tests.support.pump_pairs import WAIT_SECONDS, connected_links


@pytest.fixture
def ends() -> Iterator[tuple[PumpSocket, PumpSocket]]:
    """Both ends of one connection."""
    sending, receiving = (PumpSocket(link) for link in connected_links())
    yield sending, receiving
    sending.close()
    receiving.close()


def test_all_that_is_sent_arrives_whatever_fits_at_once(ends: tuple[PumpSocket, PumpSocket]) -> None:
    """When there is no room the same is sent again, and nothing comes twice."""
    sending, receiving = ends
    content = bytes(range(256)) * (40 << 10 >> 3)
    left, got, room = memoryview(content), bytearray(), memoryview(bytearray(100_000))
    has_waited = False
    while len(got) < len(content):
        size = sending.send(left) if left else 0
        left = left[size:]
        has_waited |= bool(left) and not size
        while came := receiving.receive_into(room):
            got += room[:came]
    assert got == content
    assert has_waited
    assert receiving.receive_into(room) is None


def test_the_end_of_a_connection_is_no_bytes(ends: tuple[PumpSocket, PumpSocket]) -> None:
    """What was sent before still comes."""
    sending, receiving = ends
    sending.send(memoryview(b"last words"))
    sending.end_sending()
    room = memoryview(bytearray(100))
    receiving.wait(WAIT_SECONDS, sends=False, receives=True)
    assert receiving.receive_into(room) == 10
    receiving.wait(WAIT_SECONDS, sends=False, receives=True)
    assert receiving.receive_into(room) == 0


def test_who_sends_no_more_still_reads_what_the_other_end_says(ends: tuple[PumpSocket, PumpSocket]) -> None:
    """As it was said, and its end; and until there is something he waits, as before."""
    sending, receiving = ends
    sending.end_sending()
    room = memoryview(bytearray(100))
    assert sending.receive_into(room) is None
    receiving.send(memoryview(b"last words"))
    sending.wait(WAIT_SECONDS, sends=False, receives=True)
    assert sending.receive_into(room) == 10
    assert room[:10] == b"last words"
    receiving.end_sending()
    sending.wait(WAIT_SECONDS, sends=False, receives=True)
    assert sending.receive_into(room) == 0


def test_what_tls_holds_already_is_not_waited_for(ends: tuple[PumpSocket, PumpSocket]) -> None:
    """No selector tells of it."""
    sending, receiving = ends
    sending.send(memoryview(b"0123456789"))
    receiving.wait(WAIT_SECONDS, sends=False, receives=True)
    room = memoryview(bytearray(4))
    assert receiving.receive_into(room) == 4
    receiving.wait(WAIT_SECONDS * 10, sends=False, receives=True)
    assert receiving.receive_into(room) == 4


def test_another_thread_ends_the_wait(ends: tuple[PumpSocket, PumpSocket]) -> None:
    """The one that goes on, or the next one."""
    _, receiving = ends
    waiting = threading.Thread(target=lambda: receiving.wait(WAIT_SECONDS * 10, sends=False, receives=False))
    waiting.start()
    receiving.wake()
    waiting.join(WAIT_SECONDS)
    assert not waiting.is_alive()
    for _ in range(100_000):
        receiving.wake()
    receiving.wait(WAIT_SECONDS * 10, sends=False, receives=True)


def test_waking_a_connection_that_is_closed_does_nothing() -> None:
    """Commands may come late."""
    links = connected_links()
    for link in links:
        pipe = PumpSocket(link)
        pipe.close()
        pipe.wake()
    assert [link.socket.fileno() for link in links] == [-1, -1]
