"""Whose turn it is among the batches that we send.

Owns the queue, and how many go together: in all, and to one person. Must never begin a batch that is not ready. Pure:
used by the book of batches; times are monotonic seconds.

A batch that nobody answers, or to which no way is found, lets others pass after a while (`OutgoingBatch.holds_turn`);
when it comes to run all the same, more run together for that time.
"""

from tcpipclient.core.transfers.outgoing import OutgoingBatch

MOST_EACH = 2
"""Batches to one person that go together."""
MOST_ASKED_EACH = 8
"""Batches that one person has not answered; his program may decline what is beyond."""


class Turns:
    """The batches of one client that are not over.

    Args:
        at_once: How many go together.
    """

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._batches: list[OutgoingBatch] = []
        self.due: float | None = None

    def add(self, batch: OutgoingBatch) -> None:
        """One more, behind all others."""
        self._batches.append(batch)

    def move(self, number: int, place: int) -> None:
        """Put one that waits at this place among those that wait, from 1; nothing where it does not wait."""
        waiting = [batch for batch in self._batches if not batch.has_begun]
        moved = next((batch for batch in waiting if batch.number == number), None)
        if moved is not None:
            waiting.remove(moved)
            waiting.insert(max(place, 1) - 1, moved)
            self._batches = [*(batch for batch in self._batches if batch.has_begun), *waiting]

    def advance(self, now: float) -> None:
        """Begin those whose turn has come, and tell the others where they stand."""
        self._batches = [batch for batch in self._batches if not batch.state.is_over]
        for batch in self._batches:
            if batch.is_ready and self._has_room(batch, now):
                batch.begin(now)
        waiting = [batch for batch in self._batches if not batch.has_begun]
        for place, batch in enumerate(waiting, start=1):
            batch.show_place(place, now)
        times = [time for batch in self._batches if (time := batch.maybe_passed_at) is not None and time > now]
        self.due = min(times, default=None) if waiting else None

    def _has_room(self, batch: OutgoingBatch, now: float) -> bool:
        to_him = [other for other in self._batches if other.peer.key == batch.peer.key]
        return (
            sum(other.holds_turn(now) for other in self._batches) < self._at_once
            and sum(other.holds_turn(now) for other in to_him) < MOST_EACH
            and sum(other.is_unanswered for other in to_him) < MOST_ASKED_EACH
        )
