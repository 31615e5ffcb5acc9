"""Waking a thread out of its selector. Threads: pytest's main thread, and one that sleeps."""

import selectors
import threading

from tcpipserver.net.waker import Waker


def is_ready(selector: selectors.BaseSelector) -> bool:
    """Whether the selector would wake now."""
    return bool(selector.select(0))


def test_a_wake_is_not_lost_before_the_sleep() -> None:
    """Who is woken before he sleeps wakes at once; drained, he may sleep again."""
    waker = Waker()
    with selectors.DefaultSelector() as selector:
        waker.register(selector)
        assert not is_ready(selector)
        waker.wake()
        waker.wake()
        assert is_ready(selector)
        assert selector.select(0)[0][0].data is None
        waker.drain()
        assert not is_ready(selector)
        waker.drain()
        waker.wake()
        assert is_ready(selector)
    waker.close()


def test_a_sleeper_wakes() -> None:
    """A thread that sleeps in its selector without end is woken from another one."""
    waker = Waker()
    with selectors.DefaultSelector() as selector:
        waker.register(selector)
        sleeper = threading.Thread(target=selector.select)
        sleeper.start()
        waker.wake()
        sleeper.join(20)
        assert not sleeper.is_alive()
    waker.close()


def test_who_wakes_never_blocks_and_never_fails() -> None:
    """Not with a full pipe, and not after the other side has gone."""
    waker = Waker()
    with selectors.DefaultSelector() as selector:
        waker.register(selector)
        for _ in range(100_000):
            waker.wake()
        assert is_ready(selector)
        waker.drain()
        assert not is_ready(selector)
    waker.close()
    waker.wake()
