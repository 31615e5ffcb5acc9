"""Strangers in the network against a client that listens: whatever they do, those who are known find their way.

TCP and TLS are real, on loopback. Threads: the ways' own, one that feeds, and pytest's main thread as the strangers.
"""

import contextlib
import socket
import threading
from pathlib import Path
from random import Random

from commonlib.storage.contexts import client_context
from tcpipclient.core.batch_events import WayKind
from tcpipclient.net.peer.listening import MOST_STRANGERS
from tcpipclient.net.peer.loop import HELD_SECONDS
from tcpipclient.net.peer.search import DIRECT_SECONDS
from tests.support.leaks import holdings_now, maybe_leak, wait_until
from tests.support.peer_ways import WAIT_SECONDS, Two, two_sides
from tests.support.small_relay import running_relay
from tests.support.strangers import drain, is_closed_by_other, knocking
from tests.support.tls_forger import clients_forger

SEED = 20_261_123


def assert_direct(two: Two) -> None:
    """The two find each other."""
    two.introduce()
    links = two.links()
    assert [link.way for link in links] == [WayKind.DIRECT, WayKind.DIRECT]
    for link in links:
        link.close()


def test_hundreds_who_connect_and_say_nothing() -> None:
    """They cost a few descriptors and no thread, and whoever is known comes in between."""
    with two_sides(receiver_listens=True) as two, contextlib.ExitStack() as crowd:
        two.sender.start()
        before = holdings_now()
        for number in range(300):
            silent = crowd.enter_context(socket.create_connection(("127.0.0.1", two.receiver.ways.port)))
            silent.sendall(b"\x16\x03\x01" if number % 2 else b"")
            if number % 100 == 0:
                assert_direct(two)
        assert holdings_now().threads == before.threads
        # Theirs, and at most so many of ours.
        most = len(before.descriptors) + 300 + MOST_STRANGERS
        assert wait_until(lambda: len(holdings_now().descriptors) <= most, WAIT_SECONDS)
        assert_direct(two)


def test_garbage_of_all_sizes() -> None:
    """In the clear and inside TLS."""
    random = Random(SEED)
    with two_sides(receiver_listens=True) as two:
        port = two.receiver.ways.port
        two.sender.start()
        before = holdings_now()
        for _ in range(50):
            garbage = random.randbytes(random.randint(1, 5000))
            # He may have closed before we are done.
            with socket.create_connection(("127.0.0.1", port)) as clear, contextlib.suppress(OSError):
                clear.sendall(garbage)
                clear.shutdown(socket.SHUT_WR)
                drain(clear)
            with knocking(port) as inside, contextlib.suppress(OSError):
                inside.sendall(garbage)
                drain(inside)
        assert maybe_leak(before) is None
        assert_direct(two)


class Feeder:
    """Somebody who has shaken hands, and then sends changes of keys without end: TLS reads them all in one call."""

    def __init__(self, port: int, folder: Path) -> None:
        context = client_context()
        log = folder / "secrets"
        context.keylog_filename = str(log)
        inside = context.wrap_socket(socket.create_connection(("127.0.0.1", port)))
        forger = clients_forger(log)
        # What is made beforehand lasts for a second, as reading takes longer than sending.
        self._updates = [b"".join(forger.key_update(requested=False) for _ in range(1000)) for _ in range(100)]
        self._raw = socket.socket(fileno=inside.detach())
        self._raw.settimeout(20.0)
        self._thread = threading.Thread(target=self._feed, name="feeder")
        self._thread.start()

    def is_cut_off(self) -> bool:
        """Whether the connection is ended, before or behind all that there was to feed."""
        self._thread.join()
        return is_closed_by_other(self._raw)

    def close(self) -> None:
        """End it."""
        self._thread.join()
        self._raw.close()

    def _feed(self) -> None:
        with contextlib.suppress(OSError):
            for updates in self._updates:
                self._raw.sendall(updates)


def test_one_who_feeds_tls_without_end_is_cut_off(tmp_path: Path) -> None:
    """He holds the thread of strangers until the other one ends that; the known go through the hub meanwhile."""
    with running_relay() as relay, two_sides(relay=relay, receiver_listens=True) as two:
        feeder = Feeder(two.receiver.ways.port, tmp_path)
        try:
            two.introduce()
            two.advance(DIRECT_SECONDS)
            two.links()
            two.advance(HELD_SECONDS)
            assert feeder.is_cut_off()
        finally:
            feeder.close()
        assert_direct(two)
