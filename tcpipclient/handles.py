"""What a caller holds while something of his is on its way: a text until it is confirmed, a file until it is saved.

Owns both handles and the books in which events find them. Must never send anything. Threads: handles are made by
whoever sends and looked at by any thread; events reach them on the dispatcher thread.
"""

import threading
from collections.abc import Callable, Iterable
from enum import StrEnum

from tcpipclient.core.events import (
    Direction,
    Event,
    FileNotSent,
    FileProgressed,
    FileSent,
    TextDelivered,
    TextNotDelivered,
)


class TransferState(StrEnum):
    """How far a file of ours is."""

    WAITING = "waiting"
    """Others go first."""
    SENDING = "sending"
    SENT = "sent"
    """The recipient has saved it and said so."""
    UNCONFIRMED = "unconfirmed"
    """Everything went out, and for a minute the recipient has not answered; may still become SENT."""
    NOT_SENT = "not sent"


_ENDS = (TransferState.SENT, TransferState.UNCONFIRMED, TransferState.NOT_SENT)


class Transfer:
    """One file to one recipient; made by `Client.send_file`. All properties may be read on any thread at any time."""

    def __init__(self, number: int, recipient: int, name: str, size: int, books: "Books") -> None:
        self.number = number
        self.recipient = recipient
        self.name = name
        self.size = size
        self._books = books
        self._state = TransferState.WAITING
        self._done = 0
        self._reason = ""

    @property
    def state(self) -> TransferState:
        """How far it is."""
        return self._state

    @property
    def done(self) -> int:
        """Bytes that have gone out, 0 to `size`; all of them is not the same as SENT."""
        return self._done

    @property
    def reason(self) -> str:
        """Why it was not sent or not confirmed: a sentence; else empty."""
        return self._reason

    def wait(self, timeout: float | None = None) -> TransferState:
        """Wait until it is sent, unconfirmed or not sent, at most `timeout` seconds; returns the state then.

        Raises:
            RuntimeError: Called by a handler, which would wait for itself.
        """
        self._books.wait_for(lambda: self._state in _ENDS, timeout)
        return self._state

    def progressed_locked(self, done: int) -> None:
        """So many bytes have gone out. For the books alone."""
        self._done = done
        if self._state is TransferState.WAITING:
            self._state = TransferState.SENDING

    def ended_locked(self, state: TransferState, reason: str = "") -> None:
        """It has come to an end. For the books alone."""
        self._state = state
        self._reason = reason
        if state is not TransferState.NOT_SENT:
            self._done = self.size


class SentText:
    """One text to one or more recipients; made by `Client.send_text`."""

    def __init__(self, number: int, recipients: Iterable[int], books: "Books") -> None:
        self.number = number
        self.recipients = tuple(recipients)
        self._books = books
        self._delivered: frozenset[int] = frozenset()
        self._waiting = frozenset(self.recipients)

    @property
    def delivered(self) -> frozenset[int]:
        """Ids of the recipients whose programs have it whole; 0 is the hub."""
        return self._delivered

    @property
    def waiting(self) -> frozenset[int]:
        """Ids of the recipients of whom nothing is known yet. Who is in neither left before he confirmed."""
        return self._waiting

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until nobody's word is missing, at most `timeout` seconds; returns whether all have it.

        Raises:
            RuntimeError: Called by a handler, which would wait for itself.
        """
        self._books.wait_for(lambda: not self._waiting, timeout)
        return self._delivered == frozenset(self.recipients)

    def settled_locked(self, recipient: int, *, delivered: bool) -> bool:
        """Somebody's word came, or never will; returns whether nobody's is missing. For the books alone."""
        if recipient in self._waiting:
            self._waiting -= {recipient}
            if delivered:
                self._delivered |= {recipient}
        return not self._waiting


class Books:
    """All handles of one client that events may still concern.

    Args:
        is_handling: Whether the calling thread is the one that would bring what is waited for.
    """

    def __init__(self, is_handling: Callable[[], bool]) -> None:
        self._is_handling = is_handling
        self._changed = threading.Condition()
        self._texts: dict[int, SentText] = {}
        self._transfers: dict[int, Transfer] = {}

    def add_text(self, text: SentText) -> None:
        """Follow a text from before it is sent."""
        if text.waiting:
            with self._changed:
                self._texts[text.number] = text

    def add_transfer(self, transfer: Transfer) -> None:
        """Follow a file from before it is sent."""
        with self._changed:
            self._transfers[transfer.number] = transfer

    def forget(self, number: int) -> None:
        """What was added was not sent after all."""
        with self._changed:
            self._texts.pop(number, None)
            self._transfers.pop(number, None)

    def wait_for(self, condition: Callable[[], bool], timeout: float | None) -> None:
        """Wait until the condition holds, at most `timeout` seconds."""
        if self._is_handling():
            raise RuntimeError("a handler cannot wait for what only comes after it has returned")
        with self._changed:
            self._changed.wait_for(condition, timeout)

    def receive_event(self, event: Event) -> None:
        """Bring the handles up to date."""
        match event:
            case TextDelivered() | TextNotDelivered():
                self._settle_text(event.text, event.recipient, delivered=isinstance(event, TextDelivered))
            case FileProgressed(direction=Direction.OUTGOING):
                with self._changed:
                    if event.transfer in self._transfers:
                        self._transfers[event.transfer].progressed_locked(event.done)
            case FileSent():
                self._end_transfer(event.transfer, TransferState.SENT)
            case FileNotSent():
                state = TransferState.UNCONFIRMED if event.timed_out else TransferState.NOT_SENT
                self._end_transfer(event.transfer, state, event.reason)

    def _settle_text(self, number: int, recipient: int, *, delivered: bool) -> None:
        with self._changed:
            text = self._texts.get(number)
            if text is not None and text.settled_locked(recipient, delivered=delivered):
                del self._texts[number]
            self._changed.notify_all()

    def _end_transfer(self, number: int, state: TransferState, reason: str = "") -> None:
        with self._changed:
            transfer = self._transfers.get(number)
            if transfer is None:
                return
            transfer.ended_locked(state, reason)
            if state is not TransferState.UNCONFIRMED:
                del self._transfers[number]
            self._changed.notify_all()
