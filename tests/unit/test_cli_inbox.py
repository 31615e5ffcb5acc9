"""The queue a command waits on, and the thread that reads the keyboard into it."""

import os
import threading
import time

from tcpipclient.cli_inbox import Answer, AnswersEnded, Inbox, read_answers
from tcpipclient.core.events import HubExited, TextArrived
from tests.support.leaks import wait_until

SECONDS = 10.0


def soon() -> float:
    """A moment by which everything here must have happened."""
    return time.monotonic() + SECONDS


def test_items_come_out_in_their_order() -> None:
    """Whoever put them in."""
    inbox = Inbox()
    inbox.put(Answer("y"))
    inbox.put(HubExited())
    assert [inbox.maybe_next(soon()), inbox.maybe_next(soon())] == [Answer("y"), HubExited()]


def test_nothing_comes_when_the_time_is_up() -> None:
    """A moment that has passed gives what is there, and does not wait for more."""
    inbox = Inbox()
    assert inbox.maybe_next(time.monotonic() - 1) is None
    inbox.put(HubExited())
    assert inbox.maybe_next(time.monotonic() - 1) == HubExited()


def test_without_an_end_it_waits_for_the_next_item() -> None:
    """However late that comes: longer than one of the short waits it is made of."""
    inbox = Inbox()
    timer = threading.Timer(0.5, inbox.put, [HubExited()])
    timer.start()
    assert inbox.maybe_next(None) == HubExited()
    timer.join()


def test_the_keyboard_is_read_line_by_line_until_it_ends() -> None:
    """Lines may come in pieces, with the ends of either system; what is no text does no harm."""
    inbox = Inbox()
    reading, writing = os.pipe()
    thread = read_answers(reading, inbox)
    try:
        os.write(writing, b"y\r\n")
        assert inbox.maybe_next(soon()) == Answer("y")
        os.write(writing, b"alwa")
        os.write(writing, b"ys\n\xff\n")
        assert inbox.maybe_next(soon()) == Answer("always")
        assert inbox.maybe_next(soon()) == Answer("\N{REPLACEMENT CHARACTER}")
    finally:
        os.close(writing)
    assert inbox.maybe_next(soon()) == AnswersEnded()
    thread.join(SECONDS)
    os.close(reading)
    assert not thread.is_alive()


def test_a_keyboard_that_breaks_has_ended() -> None:
    """A terminal that was hung up gives no answers."""
    reading, writing = os.pipe()
    os.close(reading)
    os.close(writing)
    inbox = Inbox()
    read_answers(reading, inbox).join(SECONDS)
    assert inbox.maybe_next(soon()) == AnswersEnded()


def text(size: int) -> TextArrived:
    """A text of so many characters."""
    return TextArrived(1, "Ann", "x" * size, (0, 0))


def test_whoever_puts_too_much_waits_until_enough_is_taken_out() -> None:
    """Each item counts, and each character of a text."""
    inbox = Inbox(most_waiting=5000)
    for item in (HubExited(), HubExited(), text(2001)):
        assert not inbox.is_full
        inbox.put(item)
    assert inbox.is_full
    putting = threading.Thread(target=inbox.put, args=(Answer("late"),), daemon=True)
    putting.start()
    assert inbox.maybe_next(soon()) == HubExited()
    putting.join(SECONDS)
    assert not putting.is_alive()
    assert [inbox.maybe_next(soon()) for _ in range(3)] == [HubExited(), text(2001), Answer("late")]
    assert inbox._waiting == 0


def test_a_full_inbox_lets_nobody_in_before() -> None:
    """Who waits is still waiting when nothing was taken out."""
    inbox = Inbox(most_waiting=1000)
    inbox.put(HubExited())
    putting = threading.Thread(target=inbox.put, args=(Answer("late"),), daemon=True)
    putting.start()
    assert wait_until(lambda: bool(inbox._changed._waiters), SECONDS)  # type: ignore[attr-defined]
    assert inbox._items.qsize() == 1
    inbox.close()
    putting.join(SECONDS)
    assert not putting.is_alive()
    assert inbox.maybe_next(soon()) == HubExited()
    assert inbox.maybe_next(time.monotonic() - 1) is None
