"""Who waits for whom: senders that are held back because a recipient, or the handlers, cannot keep up.

Owns the waiting and its ten seconds, and what the waiting ones send in the meantime (docs/architecture.md,
"Backpressure"). Must never hold anybody back for what everybody is told, and never let a sender's later packets
overtake his earlier ones. Run by the dispatcher thread alone.
"""

from collections import deque
from dataclasses import dataclass, field

from tcpipserver.net.connection import Connection
from tcpipserver.net.flusher import LOW_MARK_BYTES
from tcpipserver.net.handlers import Handlers
from tcpipserver.net.normalizer import Cut, Ended

HIGH_MARK_BYTES = 1 << 20
"""Whoever writes to a recipient for whom more than this waits is held back."""
PATIENCE_SECONDS = 10.0
"""A recipient who keeps others waiting for so long is dropped."""


@dataclass(slots=True)
class _Held:
    """A sender who waits, or has waited and has not caught up: `waits_for` is None then."""

    waits_for: Connection | Handlers | None
    backlog: deque[Cut | Ended] = field(default_factory=deque)


class Pacing:
    """The waiting senders, with their backlogs, and those they wait for."""

    def __init__(self) -> None:
        self._held: dict[Connection, _Held] = {}
        self._waiting: dict[Connection | Handlers, tuple[float, list[Connection]]] = {}

    def is_held(self, sender: Connection) -> bool:
        """Whether what this one sends has to queue up behind what he sent before."""
        return sender in self._held

    def maybe_waits_for(self, sender: Connection) -> Connection | Handlers | None:
        """For whom this one waits."""
        held = self._held.get(sender)
        return None if held is None else held.waits_for

    def keep(self, cut: Cut | Ended) -> None:
        """Queue up what one who is held has sent."""
        self._held[cut.connection].backlog.append(cut)

    def maybe_next(self, sender: Connection) -> Cut | Ended | None:
        """The next of what a sender has queued up; None while he waits, and when nothing is left: he is free then."""
        held = self._held.get(sender)
        if held is None or held.waits_for is not None:
            return None
        if held.backlog:
            return held.backlog.popleft()
        del self._held[sender]
        return None

    def maybe_hold_back(self, sender: Connection, recipient: Connection | Handlers, now: float) -> None:
        """Hold the sender back if the recipient has too much waiting already.

        The mark for the other thread is set first and the state is looked at again after that, so that a recipient who
        catches up in between is not missed.
        """
        if not _is_full(recipient) or sender is recipient or self.maybe_waits_for(sender) is not None:
            return
        recipient.is_waited_for = True
        if _has_room(recipient):
            return
        self._held.setdefault(sender, _Held(None)).waits_for = recipient
        self._waiting.setdefault(recipient, (now, []))[1].append(sender)

    def release(self, recipient: Connection | Handlers) -> list[Connection]:
        """The recipient has caught up or is gone; returns those who waited, in the order in which they began to."""
        _, senders = self._waiting.pop(recipient, (0.0, []))
        for sender in senders:
            self._held[sender].waits_for = None
        return senders

    def overdue(self, now: float) -> list[Connection]:
        """The recipients who have kept others waiting for too long."""
        return [
            recipient
            for recipient, (since, _) in self._waiting.items()
            if isinstance(recipient, Connection) and now - since >= PATIENCE_SECONDS
        ]

    def stop_waiting(self, sender: Connection) -> None:
        """A sender has been dismissed: he waits for nobody, and what he has queued up may be taken."""
        held = self._held.get(sender)
        if held is not None and held.waits_for is not None:
            self._waiting[held.waits_for][1].remove(sender)
            held.waits_for = None


def _is_full(recipient: Connection | Handlers) -> bool:
    return recipient.is_full if isinstance(recipient, Handlers) else recipient.outbox.waiting > HIGH_MARK_BYTES


def _has_room(recipient: Connection | Handlers) -> bool:
    return recipient.has_room if isinstance(recipient, Handlers) else recipient.outbox.waiting <= LOW_MARK_BYTES
