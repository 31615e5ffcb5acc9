"""The receiving pump: one thread that takes over one connection what was agreed upon, and saves it.

Owns the receiving machine, the disk below it and the connection. Must never agree to an offer that its user has not
accepted, nor read on while much waits to be sent. Threads: commands from any, all the rest on the pump's own.
"""

from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

from commonlib.transfer.events import (
    FileBegan,
    FileDataArrived,
    FilesArrived,
    FileVerified,
    OfferCancelled,
    OfferMade,
    PeerSilent,
    ReceivingEvent,
)
from commonlib.transfer.messages import Offer
from commonlib.transfer.receiving import Receiving
from commonlib.transfer.resume import Choices
from commonlib.transfer.states import OfferState
from tcpipclient.core.transfers.pump_news import AgreedOffer, Moved, PumpEnded, PumpNews, WayLost
from tcpipclient.net.clock import Clock
from tcpipclient.net.peer.link import PeerLink
from tcpipclient.net.peer.pump import LEFT, Pump
from tcpipclient.net.peer.receiving_disk import ReceivingDisk
from tcpipclient.tree import DownloadTree

_READ_AT_ONCE = 1 << 20
"""Bytes that are taken from TLS before the machine sees them: it gives 16 KiB at a time."""
_MOST_BUFFERS = 8
"""While the disk is slower than the connection."""
_ANSWERED_AFTER = 512 << 10
"""Bytes that may come before what there is to tell is sent; else it waits until nothing comes. Whatever is sent wakes
the other end, and costs both of them more than a small file does."""
_MOST_WAITING = 1 << 20
"""Bytes of ours that wait to be sent; with more of them nothing more is read."""
_STALL_SECONDS = 60.0
"""Whoever sends nothing for so long that was asked for has stalled, even if he says that he lives ..."""
_COMPARING_SPEED = 10 << 20
"""... but for the time that he takes to compare our parts with his files, at so many bytes in a second."""
_IDLE_SECONDS = 600.0
_LAST_SECONDS = 5.0
"""How long the sender may take to confirm that everything was cancelled."""
_STALLED = "the other computer stopped sending"
_QUIET = (OfferState.OFFERED, OfferState.PAUSED, OfferState.SAVED, OfferState.FAILED, OfferState.DECLINED)
"""States in which nothing has to come."""
_OF_FILES = frozenset((FilesArrived, FileBegan, FileDataArrived, FileVerified))
"""Events that come for each file, and concern its disk alone."""
_NOT_AGREED = "it is not what was agreed upon"


class _Buffer:
    """Memory that bytes are received into. `writes`: by which of the disk's writes it is in use, with those before."""

    __slots__ = ("memory", "writes")

    def __init__(self) -> None:
        self.memory = memoryview(bytearray(_READ_AT_ONCE))
        self.writes = 0


class ReceivingPump(Pump):
    """Receives.

    Args:
        agreed: What the user has accepted, in any order.
        folder: For downloads.
    """

    def __init__(
        self,
        link: PeerLink,
        agreed: Sequence[AgreedOffer],
        folder: Path,
        choices: Choices,
        tell: Callable[[PumpNews], None],
        clock: Clock,
    ) -> None:
        self._machine = Receiving()
        super().__init__("receiving-pump", link, self._machine, tell, clock)
        tree = DownloadTree(folder, link.peer, choices)
        self._disk = ReceivingDisk(self._machine, tree, choices, tell, self._pipe.wake)
        self._agreed = list(agreed)
        self._offered: list[int] = []
        self._has_finished = False
        self._buffers = deque([_Buffer()])
        self._first = memoryview(link.first)
        self._left_over = memoryview(b"")  # The beginning of a small file, at the end of what came last.
        self._piece = memoryview(b"")
        self._cancelled: str | None = None
        self._cancelled_at = 0.0
        self._came_at = clock.now()
        self._unanswered = 0

    def add(self, offer: AgreedOffer) -> None:
        """The user has accepted a further offer."""
        self._command(lambda: self._agreed.append(offer))

    def _cancel(self, why: str) -> None:
        self._cancelled = why
        self._cancelled_at = self._clock.now()
        for offer in self._offers():
            self._machine.cancel(offer, why)
            self._disk.receive(OfferCancelled(offer, why))

    def _leave(self) -> None:
        self._close_with(self._lost(LEFT, is_left=True))

    # Going round.

    def _step(self, now: float) -> float | None:
        is_busy = self._disk.work()
        has_received = self._receives and self._receive_some(now)
        if not has_received or self._unanswered >= _ANSWERED_AFTER or self._has_finished:
            is_busy |= self._send_some()
        return None if is_busy or has_received else _IDLE_SECONDS

    def _receive_some(self, now: float) -> bool:
        if self._first:
            first, self._first = self._first, self._first[len(self._first) :]
            self._take(first, now)
            return True
        filled, size, buffer = len(self._left_over), None, self._buffers[0]
        buffer.memory[:filled] = self._left_over
        while filled < _READ_AT_ONCE:
            size = self._pipe.receive_into(buffer.memory[filled:])
            if not size:
                break
            filled += size
        if filled:
            # With a full buffer there is more: what is there of a small file waits for the rest of it.
            left = self._take(buffer.memory[:filled], now, may_leave=filled == _READ_AT_ONCE)
            self._left_over = buffer.memory[filled - left : filled]
            buffer.writes = self._disk.writes
            self._next_buffer()
        if size == 0:
            self._receive_eof()
            self._receive_events()
        return bool(filled) or size == 0

    def _next_buffer(self) -> None:
        """Put a buffer in front whose bytes were written, or a new one; with all in use the last one goes round."""
        self._buffers.rotate(-1)
        if self._disk.has_written(self._buffers[0].writes) or len(self._buffers) == _MOST_BUFFERS:
            return
        self._buffers.appendleft(_Buffer())

    def _take(self, data: memoryview, now: float, *, may_leave: bool = False) -> int:
        """Give the machine what came; returns how many bytes at the end it has left."""
        left = self._machine.receive_data(data, may_leave=may_leave)
        self._unanswered += len(data) - left
        if self._receive_events():
            self._came_at = now
        return left

    def _receive_events(self) -> bool:
        """Act on what the machine tells, until that has no more consequences; False where it told nothing."""
        has_any = False
        receive = self._disk.receive
        while events := self._machine.events_received():
            has_any = True
            for event in events:
                receive(event)
                if type(event) not in _OF_FILES:
                    self._receive(event)
        return has_any

    def _receive(self, event: ReceivingEvent) -> None:
        match event:
            case OfferMade(offer):
                self._answer(offer)
            case OfferCancelled(why=why):
                self._reason(why)
            case PeerSilent() if not self._receives:
                pass  # It is we who do not listen: our disk is slow.
            case _:
                self._receive_common(event)

    def _answer(self, offer: Offer) -> None:
        self._offered.append(offer.offer)
        asked = AgreedOffer(offer.totals, tuple(offer.top), offer.others)
        if self._cancelled is not None:
            self._machine.decline(offer.offer, self._cancelled)
            return
        if asked not in self._agreed:
            self._machine.decline(offer.offer, _NOT_AGREED)
            return
        agreed = self._agreed.pop(self._agreed.index(asked))
        why = self._disk.refusal(offer)
        if why:
            self._machine.decline(offer.offer, why)
            self._why = why
        else:
            self._disk.agree(offer.offer, agreed.saved)
            self._machine.accept(offer.offer)

    def _send_some(self) -> bool:
        self._unanswered = 0
        if not self._piece:
            self._piece = memoryview(self._machine.data_to_send())
        is_any = False
        while self._piece:
            size = self._pipe.send(self._piece)
            if not size:
                break
            is_any = True
            self._piece = self._piece[size:]
        if self._has_finished and not self._piece:
            self._close_with(PumpEnded(self._state(), self._tally(), self._why))
        return is_any

    def _look_at_time(self, now: float) -> None:
        self._disk.make_links()
        self._receive_events()
        self._tell_state()
        state = self._state()
        if state in _QUIET or self._has_finished or self._disk.is_hashing:
            self._came_at = now
        if self._cancelled is not None and now - self._cancelled_at >= _LAST_SECONDS and not self._has_finished:
            self._ended = self._lost(_STALLED)
            return
        quiet = now - self._came_at
        patience = _STALL_SECONDS + self._disk.compared / _COMPARING_SPEED if self._disk.is_waiting else _IDLE_SECONDS
        if quiet >= patience:
            self._ended = self._lost(_STALLED)

    def _finish(self) -> None:
        self._tell_state()
        self._has_finished = True

    def _lost(self, why: str, *, is_left: bool = False) -> PumpEnded | WayLost:
        """Who has cancelled wants no other way, whatever the sender says to it."""
        lost = super()._lost(why, is_left=is_left)
        if self._cancelled is None or isinstance(lost, PumpEnded):
            return lost
        return PumpEnded(self._state() if lost.is_settled else OfferState.CANCELLED, lost.tally, self._why)

    def _moved(self) -> Moved:
        return self._disk.moved()

    def _offers(self) -> Sequence[int]:
        return self._offered

    def _close_disk(self) -> None:
        self._disk.close()

    @property
    def _sends(self) -> bool:
        return bool(self._piece)

    @property
    def _receives(self) -> bool:
        if not self._disk.has_written(self._buffers[0].writes):
            return False
        return len(self._piece) + self._machine.waiting < _MOST_WAITING
