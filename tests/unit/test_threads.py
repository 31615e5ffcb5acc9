"""How the client's threads begin and fail.

Thread: pytest's main thread, and the ones that the tests start.
"""

import threading

import pytest

from tcpipclient.net.threads import make_thread
from tests.support.niceness import niceness_given_way, niceness_of


def test_a_thread_is_named_and_does_not_keep_a_program_alive() -> None:
    """It is a daemon, and its work is done on it."""
    names: list[str] = []
    thread = make_thread("reader", lambda: names.append(threading.current_thread().name), lambda: None)
    assert thread.daemon
    thread.start()
    thread.join()
    assert names == ["tcpipclient-reader"]


def test_failed_work_is_logged_and_told(caplog: pytest.LogCaptureFixture) -> None:
    """With its traceback; and whoever depends on the thread hears of it, on that thread."""
    told = threading.Event()
    thread = make_thread("writer", lambda: 1 // 0, told.set)  # type: ignore[arg-type, return-value]
    thread.start()
    thread.join()
    assert told.is_set()
    assert "the writer thread" in caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_work_that_is_done_is_no_failure() -> None:
    """Then nobody is told."""
    told = threading.Event()
    thread = make_thread("writer", lambda: None, told.set)
    thread.start()
    thread.join()
    assert not told.is_set()


@pytest.mark.parametrize("gives_way", [True, False])
def test_a_thread_that_has_much_to_do_gives_way_from_its_beginning(gives_way: bool) -> None:
    """And no other does."""
    seen: list[int] = []
    work = lambda: seen.append(niceness_of(threading.current_thread()))  # noqa: E731
    thread = make_thread("mover", work, lambda: None, gives_way=gives_way)
    thread.start()
    thread.join()
    assert seen == [niceness_given_way() if gives_way else niceness_of(threading.current_thread())]
