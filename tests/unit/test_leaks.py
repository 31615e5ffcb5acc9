"""The check that no test leaves anything behind: it must see what is left, name it, and wait for what is going.

Thread: pytest's main thread, and one of each test that needs it.
"""

import os
import socket
import threading
from pathlib import Path

import pytest

from tests.support.leaks import holdings_now, maybe_leak, wait_until

NAMES_DESCRIPTORS = Path("/proc/self/fd").is_dir() or Path("/dev/fd").is_dir()


def test_nothing_new_is_no_leak() -> None:
    """What was there before the test is not the test's."""
    with socket.socket():
        assert maybe_leak(holdings_now(), seconds=0.0) is None


def test_a_running_thread_is_named() -> None:
    """A thread that goes on after the test is a leak, told by its name."""
    before = holdings_now()
    release = threading.Event()
    thread = threading.Thread(target=release.wait, name="left-behind", daemon=True)
    thread.start()
    try:
        assert "left-behind" in (maybe_leak(before, seconds=0.0) or "")
    finally:
        release.set()
        thread.join()
    assert maybe_leak(before) is None


def test_a_thread_that_is_ending_gets_time() -> None:
    """A thread that ends within the deadline is no leak, although it still runs when we first look."""
    before = holdings_now()
    looked = threading.Event()
    thread = threading.Thread(target=looked.wait, name="ending")
    thread.start()
    threading.Timer(0.05, looked.set).start()
    assert maybe_leak(before, seconds=30.0) is None
    thread.join()


@pytest.mark.skipif(not NAMES_DESCRIPTORS, reason="this system does not list a process's descriptors")
def test_an_open_descriptor_is_named() -> None:
    """A descriptor that stays open after the test is a leak, told by its number."""
    before = holdings_now()
    number = os.open(os.devnull, os.O_RDONLY)
    try:
        assert f"{number} (" in (maybe_leak(before, seconds=0.0) or "")
    finally:
        os.close(number)
    assert maybe_leak(before) is None


def test_waiting_ends_at_its_deadline() -> None:
    """A condition that never holds is given up; one that holds at once needs no time."""
    assert wait_until(lambda: True, 0.0)
    assert not wait_until(lambda: False, 0.02)
