"""The threads that run arrivals: none waits for another, and they do not stay.

Threads: pytest's main thread, as the listener's, and those that run arrivals.
"""

import gc
import queue
import threading
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from commonlib.storage.giving_way import give_way
from tcpipserver.net import arrivalthreads
from tcpipserver.net.arrivalthreads import ArrivalThreads
from tests.support.leaks import wait_until

SECONDS = 20.0

Running = Callable[[Callable[[Any, Any], None]], ArrivalThreads]


@pytest.fixture
def running() -> Iterator[Running]:
    """Makes threads for a function, and ends them with the test; none of them may be left."""
    before = set(threading.enumerate())
    made: list[ArrivalThreads] = []

    def run(handle: Callable[[Any, Any], None]) -> ArrivalThreads:
        made.append(ArrivalThreads(handle))
        return made[-1]

    yield run
    assert [threads.stop(SECONDS) for threads in made] == [True] * len(made)
    assert wait_until(lambda: set(threading.enumerate()) <= before, SECONDS)


def test_a_thread_that_is_done_runs_the_next_arrival(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each gets its own socket and address."""
    monkeypatch.setattr(arrivalthreads, "IDLE_SECONDS", SECONDS)
    ran: queue.SimpleQueue[tuple[object, object, int]] = queue.SimpleQueue()
    threads = running(lambda connected, address: ran.put((connected, address, threading.get_ident())))
    idents = set()
    for number in range(20):
        threads.run(number, f"address {number}")
        connected, address, ident = ran.get(timeout=SECONDS)
        assert (connected, address) == (number, f"address {number}")
        idents.add(ident)
        assert wait_until(lambda: len(threads._idle) == 1, SECONDS)
    assert len(idents) == 1


def test_a_thread_that_gave_way_to_others_runs_no_other_arrival(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who comes next would come late: it ends with its own arrival."""
    monkeypatch.setattr(arrivalthreads, "IDLE_SECONDS", SECONDS)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("os.nice", lambda _: 0, raising=False)
    ran: queue.SimpleQueue[threading.Thread] = queue.SimpleQueue()

    def handle(gives_way: bool, _: str) -> None:
        if gives_way:
            give_way()
        ran.put(threading.current_thread())

    threads = running(handle)
    threads.run(True, "")
    late = ran.get(timeout=SECONDS)
    late.join(SECONDS)
    assert not late.is_alive()
    assert threads._idle == []
    threads.run(False, "")
    assert ran.get(timeout=SECONDS) is not late


def test_no_arrival_waits_for_another(running: Running) -> None:
    """As many as have come run at the same time."""
    together = threading.Barrier(11)
    met: list[int] = []

    def wait(*_: object) -> None:
        met.append(together.wait(SECONDS))

    threads = running(wait)
    for number in range(10):
        threads.run(number, "")
    own = together.wait(SECONDS)
    assert wait_until(lambda: sorted([own, *met]) == list(range(11)), SECONDS)


def test_a_thread_that_has_nothing_to_do_ends(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """By itself, after a moment."""
    monkeypatch.setattr(arrivalthreads, "IDLE_SECONDS", 0.01)
    before = threading.active_count()
    ran = threading.Event()
    threads = running(lambda *_: ran.set())
    threads.run(1, "")
    assert ran.wait(SECONDS)
    assert wait_until(lambda: threading.active_count() == before, SECONDS)
    assert threads._idle == []


def test_what_is_given_to_a_thread_that_is_about_to_end_is_run(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was chosen before it could say that it leaves."""
    monkeypatch.setattr(arrivalthreads, "IDLE_SECONDS", 0.0)
    ran: queue.SimpleQueue[int] = queue.SimpleQueue()
    threads = running(lambda connected, _: ran.put(connected))
    for number in range(500):
        threads.run(number, "")
        assert ran.get(timeout=SECONDS) == number


def test_a_thread_keeps_nothing_of_the_arrival_that_it_ran(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """A socket that nobody wants any more is not kept open by one who waits for the next."""

    class Connected:
        """Stands for a socket."""

    monkeypatch.setattr(arrivalthreads, "IDLE_SECONDS", SECONDS)
    threads = running(lambda *_: None)
    connected = Connected()
    kept = weakref.ref(connected)
    threads.run(connected, "")
    del connected
    assert wait_until(lambda: len(threads._idle) == 1, SECONDS)
    gc.collect()
    assert kept() is None


def test_stopping_ends_the_idle_at_once_and_the_others_with_their_arrivals(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is still arriving is not waited for: the arrivals see to that."""
    monkeypatch.setattr(arrivalthreads, "IDLE_SECONDS", 10 * SECONDS)
    goes_on, before = threading.Event(), threading.active_count()

    def wait(is_slow: bool, _: str) -> None:
        if is_slow:
            goes_on.wait(SECONDS)

    threads = running(wait)
    threads.run(True, "")
    threads.run(False, "")
    assert wait_until(lambda: len(threads._idle) == 1, SECONDS)
    assert threads.stop(SECONDS)
    assert threading.active_count() == before + 1
    goes_on.set()
    assert wait_until(lambda: threading.active_count() == before, SECONDS)


def test_without_a_thread_for_it_the_arrival_is_refused(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """The caller is told, and the next one is run again."""
    ran = threading.Event()
    threads = running(lambda *_: ran.set())

    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        with pytest.raises(RuntimeError):
            threads.run(1, "")
    threads.run(2, "")
    assert ran.wait(SECONDS)
