"""The doorkeeper: how many may stand at the door, how often an address may knock, and who has guessed too often.

Owns the counts per address, and the lock-outs. Must never judge a key, nor hold back one who has been admitted: only
wrong proofs and wrong join codes count towards a lock-out. Pure: used by the arrivals' threads under the arrivals'
lock; everywhere `now` is monotonic seconds.
"""

import math
from collections import OrderedDict, deque
from dataclasses import dataclass

from tcpipserver.hub.limits import Limits

MOST_ADDRESSES = 20_000
"""Addresses that are remembered, besides those from which somebody is connected."""
_MINUTE = 60.0


@dataclass(slots=True)
class Visit:
    """One connection that was let in, from `begin` to `end`.

    Attributes:
        is_arriving: He has not proved who he is, nor introduced himself on the classic wire.
    """

    address: str
    is_arriving: bool = True


@dataclass(slots=True)
class _Address:
    """What is kept of one address; `attempts_left` as it was at `counted_at`."""

    attempts_left: float
    counted_at: float
    connections: int = 0
    failures: int = 0
    failed_at: float = 0.0
    locked_until: float = 0.0


class Doorkeeper:
    """One hub's door.

    Attributes:
        arriving: How many have been let in and have not proved who they are.
    """

    def __init__(self, limits: Limits, most_addresses: int = MOST_ADDRESSES) -> None:
        self._limits = limits
        self._most_addresses = most_addresses
        # In the order in which they were last seen, so that the longest unseen is forgotten first.
        self._addresses: OrderedDict[str, _Address] = OrderedDict()
        self._wrong_codes: deque[float] = deque()
        self.arriving = 0

    # Connections

    def begin(self, address: str, now: float) -> Visit | str:
        """Somebody connects: his visit, or why there is none, to go on where «… was sent away: » ends."""
        limits = self._limits
        if self.arriving >= limits.arriving:
            return f"{limits.arriving} others are arriving at this moment"
        kept = self._seen(address, now)
        if kept.connections >= limits.connections_per_address:
            return f"its address has {limits.connections_per_address} connections already"
        kept.attempts_left += (now - kept.counted_at) * limits.attempts_per_minute / _MINUTE
        kept.attempts_left = min(kept.attempts_left, limits.attempts_per_minute)
        kept.counted_at = now
        if kept.attempts_left < 1.0:
            return f"its address connects more than {limits.attempts_per_minute} times a minute"
        kept.attempts_left -= 1.0
        kept.connections += 1
        self.arriving += 1
        return Visit(address)

    def prove(self, visit: Visit) -> None:
        """Somebody has proved who he is, or has introduced himself on the classic wire."""
        if visit.is_arriving:
            visit.is_arriving = False
            self.arriving -= 1

    def end(self, visit: Visit) -> None:
        """A visit is over; to be called once for each."""
        self.prove(visit)
        self._addresses[visit.address].connections -= 1

    # Failures

    def seconds_locked_out(self, address: str, now: float) -> int:
        """For how long nobody is taken in from an address who has not been admitted before; 0 where it is not so."""
        kept = self._addresses.get(address)
        return 0 if kept is None else max(math.ceil(kept.locked_until - now), 0)

    def fail(self, address: str, now: float) -> None:
        """A wrong proof has come from an address."""
        limits, kept = self._limits, self._seen(address, now)
        if now - kept.failed_at > limits.failures_kept_seconds:
            kept.failures = 0
        kept.failures += 1
        kept.failed_at = now
        too_many = kept.failures - limits.free_failures
        if too_many > 0:
            # More doublings than these are longer than any lock-out, and than any number.
            seconds = limits.lock_out_seconds * 2.0 ** min(too_many - 1, 32)
            kept.locked_until = now + min(seconds, limits.longest_lock_out_seconds)

    def begin_guess(self, address: str, now: float) -> int:
        """A join code was tried: 0 where it may be looked at, else for how many seconds none is from there.

        It counts as wrong until `guess_was_right`, so that many tries at once are not one.
        """
        seconds = self.seconds_locked_out(address, now)
        if seconds:
            return seconds
        while self._wrong_codes and now - self._wrong_codes[0] >= _MINUTE:
            self._wrong_codes.popleft()
        if len(self._wrong_codes) >= self._limits.failures_per_minute:
            return math.ceil(self._wrong_codes[0] + _MINUTE - now)
        self._wrong_codes.append(now)
        self.fail(address, now)
        return 0

    def guess_was_right(self, address: str) -> None:
        """The join code that was tried last from an address is the right one: nothing is held against it any more."""
        if self._wrong_codes:
            self._wrong_codes.pop()
        kept = self._addresses.get(address)
        if kept is not None:
            kept.failures, kept.locked_until = 0, 0.0

    # Memory

    def _seen(self, address: str, now: float) -> _Address:
        kept = self._addresses.get(address)
        if kept is None:
            self._make_room()
            kept = self._addresses[address] = _Address(self._limits.attempts_per_minute, now)
        self._addresses.move_to_end(address)
        return kept

    def _make_room(self) -> None:
        """Forget the address that was not seen for longest and has nobody connected."""
        for _ in range(len(self._addresses) + 1 - self._most_addresses):
            address, kept = self._addresses.popitem(last=False)
            if not kept.connections:
                return
            self._addresses[address] = kept
