"""What waits for the client's window: in order, nothing lost, and who is too fast is slowed down, but not for ever.

Thread: pytest's main thread takes, a thread of the test's puts in.
"""

import threading
from collections.abc import Sequence

from tcpipclient.gui.event_queue import EventQueue
from tcpipclient.gui.model import ModelEvent, NotDone

SECONDS = 20.0


def told(count: int) -> list[ModelEvent]:
    """So many different events."""
    return [NotDone(str(number)) for number in range(count)]


def putting(events: EventQueue, some: Sequence[ModelEvent]) -> threading.Thread:
    """A thread that puts these in."""
    thread = threading.Thread(target=lambda: [events.put(event) for event in some])
    thread.start()
    return thread


def test_events_are_taken_in_order_and_no_more_than_asked_for() -> None:
    """What is left waits for the next time."""
    events, some = EventQueue(), told(3)
    for event in some:
        events.put(event)
    assert events.take(2) == some[:2]
    assert events.take(2) == some[2:]
    assert events.take(2) == []


def test_a_taker_may_wait_for_the_first() -> None:
    """It comes from another thread."""
    events, some = EventQueue(), told(1)
    thread = putting(events, some)
    assert events.take(1, SECONDS) == some
    thread.join(SECONDS)


def test_whoever_is_too_fast_waits_until_something_is_taken() -> None:
    """No more than the bound is there at a time, and everything arrives in order."""
    events, some = EventQueue(most=2, patience=SECONDS), told(5)
    thread = putting(events, some)
    thread.join(0.02)
    assert thread.is_alive()
    taken: list[ModelEvent] = []
    while batch := events.take(99, SECONDS if len(taken) < len(some) else 0.0):
        assert len(batch) <= 2
        taken += batch
    thread.join(SECONDS)
    assert taken == some


def test_nobody_waits_for_a_window_that_sleeps() -> None:
    """One wait is enough; what comes then is kept without waiting, and pacing begins anew when something is taken."""
    events, some = EventQueue(most=1, patience=0.001), told(50)
    for event in some:
        events.put(event)
    assert events.take(99) == some


def test_what_may_not_wait_does_not() -> None:
    """However much is waiting."""
    events, some = EventQueue(most=1, patience=SECONDS), told(3)
    for event in some:
        events.put_now(event)
    assert events.take(9) == some
