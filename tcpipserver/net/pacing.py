"""Who waits for whom: senders that are held back because a recipient, or the handlers, cannot keep up.

Owns the waiting and its ten seconds, and what the waiting ones send in the meantime (docs/architecture.md,
"Backpressure"). Must never let a sender wait for one who is slower than most of those he writes to, and never let a
sender's later packets overtake his earlier ones. Run by the dispatcher thread alone.
"""

from collections import deque
from dataclasses import dataclass, field

from tcpipserver.net.connection import Connection
from tcpipserver.net.flusher import LOW_MARK_BYTES
from tcpipserver.net.handlers import Handlers
from tcpipserver.net.normalizer import Cut, Ended

HIGH_MARK_BYTES = 1 << 20
"""Whoever writes to a recipient for whom more than this waits is held back; or to several, when it waits for most."""
PATIENCE_SECONDS = 10.0
"""A recipient who keeps others waiting has so long to show that he reads, again and again; else he is dropped."""
LEAST_READ_BYTES = 64 << 10
"""A recipient who keeps others waiting is not dropped as long as he takes so much within the ten seconds."""


@dataclass(slots=True)
class _Held:
    """A sender who waits, or has waited and has not caught up: `waits_for` is None then."""

    waits_for: Connection | Handlers | None
    backlog: deque[Cut | Ended] = field(default_factory=deque)


@dataclass(slots=True)
class _Awaited:
    """One for whom senders wait; his patience began at `since`, when `flushed` bytes had gone out to him."""

    since: float
    flushed: int
    senders: list[Connection] = field(default_factory=list)


class Pacing:
    """The waiting senders, with their backlogs, and those they wait for."""

    def __init__(self) -> None:
        self._held: dict[Connection, _Held] = {}
        self._awaited: dict[Connection | Handlers, _Awaited] = {}
        self._began_to_wait: dict[Connection, Connection | Handlers] = {}

    def is_held(self, sender: Connection) -> bool:
        """Whether what this one sends has to queue up behind what he sent before."""
        return sender in self._held

    def maybe_waits_for(self, sender: Connection) -> Connection | Handlers | None:
        """For whom this one waits."""
        held = self._held.get(sender)
        return None if held is None else held.waits_for

    def take_waiting(self) -> dict[Connection, Connection | Handlers]:
        """Who waits for whom, or has begun to since this was last asked, however soon he went on."""
        waiting, self._began_to_wait = self._began_to_wait, {}
        for sender, held in self._held.items():
            if held.waits_for is not None:
                waiting[sender] = held.waits_for
        return waiting

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

    def maybe_hold_back_for_most(self, sender: Connection, others: int, waiting: list[Connection], now: float) -> None:
        """Hold the sender back if more than half of those he writes to have too much waiting already.

        He waits for the one of them who will have caught up first, and for nobody who is slower than most: one deaf
        recipient of many must not silence those who speak to all.

        Args:
            others: How many he writes to, without himself.
            waiting: Those of them for whom anything waits.
        """
        full = [recipient for recipient in waiting if _is_full(recipient)]
        if 2 * len(full) > others:
            self.maybe_hold_back(sender, min(full, key=lambda recipient: recipient.outbox.waiting), now)

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
        self._began_to_wait[sender] = recipient
        awaited = self._awaited.get(recipient)
        if awaited is None:
            awaited = self._awaited[recipient] = _Awaited(now, _flushed(recipient))
        awaited.senders.append(sender)

    def release(self, recipient: Connection | Handlers) -> list[Connection]:
        """The recipient has caught up or is gone; returns those who waited, in the order in which they began to."""
        awaited = self._awaited.pop(recipient, None)
        if awaited is None:
            return []
        for sender in awaited.senders:
            self._held[sender].waits_for = None
        return awaited.senders

    def overdue(self, now: float) -> list[Connection]:
        """The recipients who have kept others waiting for ten seconds and hardly read; for the rest they begin anew.

        A system may call a socket writable only once a third of its buffer is free, which can be a mebibyte: what fits
        by now is sent before the count is looked at.
        """
        found: list[Connection] = []
        for recipient, awaited in self._awaited.items():
            if not isinstance(recipient, Connection) or now - awaited.since < PATIENCE_SECONDS:
                continue
            recipient.outbox.flush()
            flushed = recipient.outbox.flushed
            if flushed - awaited.flushed < LEAST_READ_BYTES and not _has_room(recipient):
                found.append(recipient)
            else:
                awaited.since, awaited.flushed = now, flushed
        return found

    def caught_up(self) -> list[Connection]:
        """The recipients who need not be waited for any more, though the flusher may not know it yet."""
        return [recipient for recipient in self._awaited if isinstance(recipient, Connection) and _has_room(recipient)]

    def stop_waiting(self, sender: Connection) -> None:
        """A sender has been dismissed: he waits for nobody, and what he has queued up may be taken."""
        held = self._held.get(sender)
        if held is not None and held.waits_for is not None:
            awaited = self._awaited[held.waits_for]
            awaited.senders.remove(sender)
            if not awaited.senders:  # Then he keeps nobody waiting, and is not to be dropped for it.
                del self._awaited[held.waits_for]
            held.waits_for = None


def _is_full(recipient: Connection | Handlers) -> bool:
    return recipient.is_full if isinstance(recipient, Handlers) else recipient.outbox.waiting > HIGH_MARK_BYTES


def _flushed(recipient: Connection | Handlers) -> int:
    return 0 if isinstance(recipient, Handlers) else recipient.outbox.flushed


def _has_room(recipient: Connection | Handlers) -> bool:
    return recipient.has_room if isinstance(recipient, Handlers) else recipient.outbox.waiting <= LOW_MARK_BYTES
