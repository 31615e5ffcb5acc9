"""A loop goes on with each task when what it waits for is there, and leaves nothing behind whenever it is ended."""

import selectors
import socket
import threading

import pytest

from tcpipclient.net.clock import SystemClock
from tcpipclient.net.peer.loop import Loop, Steps, Wait
from tests.support.clock import FakeClock

FAR = 1e9
WAIT_SECONDS = 5.0


class Running:
    """A loop that runs for a test, by a clock that stands still."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.failed = threading.Event()
        self.loop = Loop("test", self.clock, self.failed.set)
        self.loop.start()

    def __enter__(self) -> "Running":
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        self.loop.stop()

    def on_thread(self, act: "object") -> None:
        """Have something done on the loop's thread, and wait until it is."""
        done = threading.Event()
        assert self.loop.post(act)  # type: ignore[arg-type]
        assert self.loop.post(done.set)
        assert done.wait(WAIT_SECONDS)


def test_a_task_goes_on_when_its_socket_is_ready() -> None:
    """And is told that it was the socket."""
    ours, others = socket.socketpair()
    told: list[object] = []
    over = threading.Event()

    def steps() -> Steps[None]:
        with ours:
            told.append((yield Wait(FAR, ours, selectors.EVENT_READ)))
            told.append(ours.recv(9))
        over.set()

    with Running() as running, others:
        running.on_thread(lambda: running.loop.spawn(steps(), ours))
        others.sendall(b"word")
        assert over.wait(WAIT_SECONDS)
        assert told == [True, b"word"]


def test_a_task_is_told_when_its_time_is_over_though_there_is_something_to_read() -> None:
    """Nobody can keep it alive by feeding it byte by byte."""
    ours, others = socket.socketpair()
    told: list[bool] = []
    over = threading.Event()

    def steps() -> Steps[None]:
        with ours:
            told.append((yield Wait(running.clock.now(), ours, selectors.EVENT_READ)))
        over.set()

    with Running() as running, others:
        others.sendall(b"word")
        running.on_thread(lambda: running.loop.spawn(steps(), ours))
        assert over.wait(WAIT_SECONDS)
        assert told == [False]


@pytest.mark.parametrize("ending", ["cancel", "stop"])
def test_a_task_that_waits_is_closed_where_it_stands(ending: str) -> None:
    """Its own clearing up is run, once."""
    closed: list[bool] = []

    def steps() -> Steps[None]:
        try:
            yield Wait(FAR)
        finally:
            closed.append(True)

    with Running() as running:
        tasks: list[object] = []
        running.on_thread(lambda: tasks.append(running.loop.spawn(steps())))
        running.on_thread(lambda: None)
        if ending == "cancel":
            running.on_thread(lambda: running.loop.cancel(tasks[0]))  # type: ignore[arg-type]
            running.on_thread(lambda: running.loop.cancel(tasks[0]))  # type: ignore[arg-type]
        else:
            running.loop.stop()
        assert closed == [True]


def test_what_a_task_would_own_is_closed_where_it_never_begins() -> None:
    """Closing a generator that has not begun runs nothing of it."""
    ours, others = socket.socketpair()

    def steps() -> Steps[None]:
        yield Wait(FAR)

    with Running() as running, others:
        running.on_thread(lambda: running.loop.cancel(running.loop.spawn(steps(), ours)))
        assert others.recv(1) == b""


def test_waking_a_task_that_pauses() -> None:
    """It goes on before its time."""
    told: list[bool] = []
    over = threading.Event()

    def steps() -> Steps[None]:
        told.append((yield Wait(FAR)))
        over.set()

    with Running() as running:
        tasks = []
        running.on_thread(lambda: tasks.append(running.loop.spawn(steps())))
        running.on_thread(lambda: None)
        running.on_thread(lambda: running.loop.wake(tasks[0]))
        assert over.wait(WAIT_SECONDS)
        assert told == [True]


def test_what_was_posted_before_the_end_is_done_and_nothing_after() -> None:
    """Whoever hands over a connection knows whether somebody has it now."""
    with Running() as running:
        done: list[int] = []
        for number in range(100):
            running.loop.post(lambda number=number: done.append(number))  # type: ignore[misc]
        running.loop.stop()
        assert done == list(range(100))
        assert not running.loop.post(lambda: done.append(-1))


def test_a_task_that_fails_ends_the_loop_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    """The others are closed, the log has the traceback."""
    closed = threading.Event()

    def waiting() -> Steps[None]:
        try:
            yield Wait(FAR)
        finally:
            closed.set()

    def failing() -> Steps[None]:
        yield Wait(running.clock.now())
        raise RuntimeError("a fault of ours")

    with Running() as running:
        running.loop.post(lambda: running.loop.spawn(waiting()))
        running.loop.post(lambda: running.loop.spawn(failing()))
        assert running.failed.wait(WAIT_SECONDS)
        assert closed.is_set()
        assert "a fault of ours" in caplog.text


def test_a_connection_that_holds_the_thread_is_ended_by_the_other_loop() -> None:
    """As one does whose peer feeds TLS faster than it can be read."""
    ours, others = socket.socketpair()
    came: list[bytes] = []
    over = threading.Event()
    holds = threading.Event()

    def steps() -> Steps[None]:
        with ours:
            yield Wait(FAR, ours, selectors.EVENT_READ)
            ours.setblocking(True)
            ours.recv(9)
            holds.set()
            came.append(ours.recv(9))
        over.set()

    with Running() as held, others:
        watching = Loop("watching", held.clock, lambda: None)
        watching.watched = held.loop
        watching.start()
        held.on_thread(lambda: held.loop.spawn(steps(), ours))
        others.sendall(b"word")
        assert holds.wait(WAIT_SECONDS)
        watching.post(lambda: None)
        held.clock.advance(1.0)
        watching.post(lambda: None)
        assert over.wait(WAIT_SECONDS)
        assert came == [b""]
        watching.stop()


def test_stopping_ends_what_holds_the_thread() -> None:
    """Nobody waits for a peer in order to leave."""
    ours, others = socket.socketpair()
    holds = threading.Event()

    def steps() -> Steps[None]:
        with ours:
            yield Wait(FAR, ours, selectors.EVENT_WRITE)
            ours.setblocking(True)
            holds.set()
            ours.recv(9)

    loop = Loop("held", SystemClock(), lambda: None)
    loop.start()
    with others:
        loop.post(lambda: loop.spawn(steps(), ours))
        assert holds.wait(WAIT_SECONDS)
        loop.stop()
        assert others.recv(1) == b""


def test_a_task_may_stop_its_own_loop() -> None:
    """It does not wait for itself."""
    stopped = threading.Event()

    def steps() -> Steps[None]:
        running.loop.stop()
        stopped.set()
        yield Wait(FAR)

    with Running() as running:
        running.loop.post(lambda: running.loop.spawn(steps()))
        assert stopped.wait(WAIT_SECONDS)
