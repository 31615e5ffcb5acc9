"""The clocks that client threads go by: the system's, and the one that stands in for it.

Thread: pytest's main thread, and one that waits where a test says so.
"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from tcpipclient.net.clock import SystemClock
from tests.support.clock import NOW, WALL, FakeClock


def test_the_system_clock_reads_both_times() -> None:
    """Monotonic for what is measured, Unix seconds for what is shown."""
    clock = SystemClock()
    before, wall_before = time.monotonic(), time.time()
    now, wall = clock.now(), clock.wall()
    assert before <= now <= time.monotonic()
    assert wall_before <= wall <= time.time()


def test_waiting_ends_with_the_event_or_the_deadline() -> None:
    """A set event ends it though the deadline is far; a deadline that has passed ends it at once."""
    clock = SystemClock()
    event = threading.Event()
    clock.wait(event, clock.now() - 1)
    clock.wait(event, clock.now() + 0.01)
    assert not event.is_set()
    event.set()
    clock.wait(event, clock.now() + 3600)


def test_the_fake_clock_wakes_who_waits_for_its_time() -> None:
    """Moved on, it sets the event of whoever waits; who comes later sees the time."""
    clock = FakeClock()
    event = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(clock.wait, event, NOW + 5)
        while not clock._waited_for:
            pass
        clock.advance(5)
        waiting.result()
    clock.wait(threading.Event(), NOW + 5)
    assert (clock.now(), clock.wall()) == (NOW + 5, WALL + 5)
