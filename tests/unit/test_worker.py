"""One thread of the hub: its name, its end, and what happens when it breaks.

Threads: pytest's main thread and the workers.
"""

import threading

import pytest

from tcpipserver.net.worker import Worker
from tests.support.log_lines import LogLines


def test_a_worker_runs_its_function_once_under_its_name() -> None:
    """And has ended when the function returns, without a failure."""
    names: list[str] = []
    failed: list[str] = []
    worker = Worker("digging", lambda: names.append(threading.current_thread().name), failed.append)
    worker.start()
    assert worker.join(20)
    assert (names, failed) == (["digging"], [])


def test_joining_waits_no_longer_than_told() -> None:
    """One that does not end is told as such."""
    release = threading.Event()
    worker = Worker("stuck", lambda: release.wait(20) and None, pytest.fail)
    worker.start()
    assert not worker.join(0.01)
    release.set()
    assert worker.join(20)


def test_one_that_never_started_has_ended() -> None:
    """So stopping needs not know how far starting came."""
    assert Worker("lazy", pytest.fail, pytest.fail).join(0)


def test_a_worker_may_ask_for_its_own_end() -> None:
    """Joining from inside does not wait for itself."""
    answers: list[bool] = []
    worker = Worker("own", lambda: answers.append(worker.join(20)), pytest.fail)
    worker.start()
    assert worker.join(20)
    assert answers == [True]


def test_a_worker_that_breaks_says_how() -> None:
    """The log gets the traceback, and whoever owns the hub hears which thread it was."""
    failed: list[str] = []

    def dig() -> None:
        raise LookupError("made up")

    with LogLines() as log:
        worker = Worker("digging", dig, failed.append)
        worker.start()
        assert worker.join(20)
        assert failed == ["digging"]
        assert log.faults() == ["The digging thread broke; the hub stops. LookupError('made up')"]
