"""The doorkeeper as all arrivals share him: one question at a time, with the time of day.

Owns the lock around him. Must never block, nor judge anybody. Any
thread.
"""

import threading

from tcpipserver.hub.doorkeeper import Doorkeeper, Visit
from tcpipserver.hub.origins import origin_of
from tcpipserver.net.clock import Clock


class SharedDoorkeeper:
    """Asks the doorkeeper."""

    def __init__(self, doorkeeper: Doorkeeper, clock: Clock) -> None:
        self._doorkeeper = doorkeeper
        self._clock = clock
        self._lock = threading.Lock()

    def begin(self, address: str) -> Visit | str:
        """Somebody connects: his visit, or why there is none, to go on where «… was sent away: » ends."""
        with self._lock:
            return self._doorkeeper.begin(origin_of(address), self._clock.now())

    def prove(self, visit: Visit) -> None:
        """Somebody has proved who he is, or has introduced himself on the classic wire."""
        with self._lock:
            self._doorkeeper.prove(visit)

    def end(self, visit: Visit) -> None:
        """A visit is over; to be called once for each."""
        with self._lock:
            self._doorkeeper.end(visit)

    def seconds_locked_out(self, visit: Visit) -> int:
        """For how long nobody is taken in from there who has not been admitted before; 0 where it is not so."""
        with self._lock:
            return self._doorkeeper.seconds_locked_out(visit.address, self._clock.now())

    def fail(self, visit: Visit) -> None:
        """A wrong proof has come from there."""
        with self._lock:
            self._doorkeeper.fail(visit.address, self._clock.now())

    def begin_guess(self, visit: Visit) -> int:
        """A join code was tried: 0 where it may be looked at, else for how many seconds none is from there."""
        with self._lock:
            return self._doorkeeper.begin_guess(visit.address, self._clock.now())

    def guess_was_right(self, visit: Visit) -> None:
        """The join code that was tried last from there is the right one."""
        with self._lock:
            self._doorkeeper.guess_was_right(visit.address)
