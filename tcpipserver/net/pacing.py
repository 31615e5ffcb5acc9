"""Who waits for whom: senders that are held back because a recipient, or the handlers, cannot keep up.

Owns the waiting and its ten seconds (docs/architecture.md, "Backpressure"). Must never hold anybody back for what
everybody is told. Run by the dispatcher thread alone.
"""

from tcpipserver.net.connection import Connection
from tcpipserver.net.flusher import LOW_MARK_BYTES
from tcpipserver.net.handlers import Handlers

HIGH_MARK_BYTES = 1 << 20
"""Whoever writes to a recipient for whom more than this waits is held back."""
PATIENCE_SECONDS = 10.0
"""A recipient who keeps others waiting for so long is dropped."""


class Pacing:
    """The waiting senders, by whom they wait for."""

    def __init__(self) -> None:
        self._waiting: dict[Connection | Handlers, tuple[float, list[Connection]]] = {}

    def maybe_hold_back(self, sender: Connection, recipient: Connection | Handlers, now: float) -> None:
        """Hold the sender back if the recipient has too much waiting already.

        The mark for the other thread is set first and the state is looked at again after that, so that a recipient who
        catches up in between is not missed.
        """
        if not _is_full(recipient) or sender.waits_for is not None or sender is recipient:
            return
        recipient.is_waited_for = True
        if _has_room(recipient):
            return
        sender.waits_for = recipient
        self._waiting.setdefault(recipient, (now, []))[1].append(sender)

    def release(self, recipient: Connection | Handlers) -> list[Connection]:
        """The recipient has caught up or is gone; returns those who waited, in the order in which they began to."""
        _, senders = self._waiting.pop(recipient, (0.0, []))
        for sender in senders:
            sender.waits_for = None
        return senders

    def overdue(self, now: float) -> list[Connection]:
        """The recipients who have kept others waiting for too long."""
        return [
            recipient
            for recipient, (since, _) in self._waiting.items()
            if isinstance(recipient, Connection) and now - since >= PATIENCE_SECONDS
        ]

    def forget(self, sender: Connection) -> None:
        """A sender is gone and waits no more."""
        if sender.waits_for is not None:
            self._waiting[sender.waits_for][1].remove(sender)
            sender.waits_for = None


def _is_full(recipient: Connection | Handlers) -> bool:
    return recipient.is_full if isinstance(recipient, Handlers) else recipient.outbox.waiting > HIGH_MARK_BYTES


def _has_room(recipient: Connection | Handlers) -> bool:
    return recipient.has_room if isinstance(recipient, Handlers) else recipient.outbox.waiting <= LOW_MARK_BYTES
