"""A thread for what a disk may take long over."""

import logging
import threading

import pytest

from tcpipclient.net.peer.disk_thread import DiskThread
from tests.support.niceness import niceness_given_way, niceness_of

WAIT_SECONDS = 10.0


def test_jobs_are_done_in_their_order() -> None:
    """One behind the other, all of them before it is closed."""
    done: list[int] = []
    thread = DiskThread("test", lambda: None)
    for number in range(100):
        thread.submit(lambda number=number: done.append(number))  # type: ignore[misc]
    thread.close()
    assert done == list(range(100))


def test_jobs_give_way_to_who_talks() -> None:
    """Whoever writes much lets others have the processor first."""
    seen: list[int] = []
    thread = DiskThread("test", lambda: None)
    thread.submit(lambda: seen.append(niceness_of(threading.current_thread())))
    thread.close()
    assert seen == [niceness_given_way()]


def test_whoever_waits_for_a_job_is_woken_when_it_is_done() -> None:
    """Not before, and not for those behind it."""
    may_go_on, woken = threading.Event(), threading.Event()
    thread = DiskThread("test", woken.set)

    def wait() -> None:
        may_go_on.wait(WAIT_SECONDS)

    thread.submit(wait)
    assert thread.has_done(0)
    assert not thread.has_done(1)
    assert not woken.is_set()
    may_go_on.set()
    assert woken.wait(WAIT_SECONDS)
    assert thread.has_done(1)
    thread.close()


def test_draining_waits_for_all_that_came() -> None:
    """Whoever needs what the jobs use may use it then."""
    done: list[int] = []
    thread = DiskThread("test", lambda: None)
    thread.drain()
    for number in range(50):
        thread.submit(lambda number=number: done.append(number))  # type: ignore[misc]
    thread.drain()
    assert len(done) == 50
    thread.close()


def test_a_thread_without_a_job_is_never_started() -> None:
    """Small files need none."""
    before = threading.active_count()
    thread = DiskThread("test", lambda: None)
    assert threading.active_count() == before
    thread.close()


def test_a_job_that_fails_all_the_same_holds_nobody(caplog: pytest.LogCaptureFixture) -> None:
    """Whoever waits is told, and the log has the traceback."""

    def fail() -> None:
        raise ValueError("a defect")

    woken = threading.Event()
    thread = DiskThread("test", woken.set)
    with caplog.at_level(logging.ERROR):
        thread.submit(fail)
        assert woken.wait(WAIT_SECONDS)
    with pytest.raises(OSError, match="the log has the details"):
        thread.has_done(1)
    thread.drain()
    thread.close()
    assert "a defect" in caplog.text
