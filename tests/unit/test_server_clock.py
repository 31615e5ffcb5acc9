"""The clocks of this machine, as the hub's threads read them. Thread: pytest's main thread."""

import time

from tcpipserver.net.clock import SystemClock


def test_each_clock_is_the_machines_own() -> None:
    """What is measured goes by the clock that never jumps, what is told by the one on the wall."""
    clock = SystemClock()
    assert time.monotonic() <= clock.now() <= time.monotonic()
    assert time.time() - 1 <= clock.wall() <= time.time() + 1
