"""The sending pump: one thread that lists, reads and sends over one connection what was agreed upon.

Owns the sending machine, the disk below it and the connection. Must never go beyond the limit on speed, nor close the
connection before the receiver's last word. Threads: commands from any, all the rest on the pump's own.
"""

from collections.abc import Callable, Sequence

from commonlib.transfer.events import (
    EntriesSettled,
    OfferCancelled,
    OfferDeclined,
    OfferEnded,
    Progressed,
    SendingEvent,
)
from commonlib.transfer.messages import MOST_OFFERS
from commonlib.transfer.sending import Sending
from commonlib.transfer.states import OfferState
from tcpipclient.core.transfers.pump_news import Moved, ProblemTold, PumpEnded, PumpNews, WayLost
from tcpipclient.net.clock import Clock
from tcpipclient.net.peer.link import PeerLink
from tcpipclient.net.peer.pump import LEFT, Pump
from tcpipclient.net.peer.sending_disk import SendingDisk
from tcpipclient.net.peer.speed_limiter import SpeedLimiter
from tcpipclient.source_tree import ScannedOffer

_SENT_AT_ONCE = 4 << 20
"""Bytes, before somebody looks at anything else."""
_LARGEST_WRITE = 256 << 10
_RECEIVED_AT_ONCE = 64 << 10
_STALL_SECONDS = 60.0
"""Whoever takes nothing for so long while bytes are due has stalled, even if he says that he lives."""
_IDLE_SECONDS = 600.0
"""Whoever tells nothing for so long, and is not done, has stalled: it is longer than looking at any part takes."""
_LAST_SECONDS = 5.0
"""How long the other end may take to confirm that something was cancelled, or to take the rest of a frame."""
_PIECES_PER_SECOND = 8
"""With a limit on speed as much is read as goes out in this part of a second: what is to be said waits for no more."""
_SMALLEST_PIECE = 4096
_STALLED = f"the other computer took nothing for {_STALL_SECONDS:.0f} seconds"
_IDLE = f"the other computer did nothing for {_IDLE_SECONDS / 60:.0f} minutes"


class SendingPump(Pump):
    """Sends.

    Args:
        offers: In the order in which they were agreed upon; at least one.
    """

    def __init__(
        self,
        link: PeerLink,
        offers: Sequence[ScannedOffer],
        tell: Callable[[PumpNews], None],
        limiter: SpeedLimiter,
        clock: Clock,
    ) -> None:
        self._machine = Sending()
        super().__init__("sending-pump", link, self._machine, tell, clock)
        self._limiter = limiter
        self._disk = SendingDisk(self._machine, lambda problem: tell(ProblemTold(problem)))
        self._added = 0
        self._incoming = memoryview(bytearray(_RECEIVED_AT_ONCE))
        self._piece = memoryview(b"")
        self._granted = 0  # Bytes of the piece that may be sent: TLS wants the very same again after "no room".
        self._is_limited = False
        self._is_out_of_room = False
        self._is_leaving = self._is_finishing = False
        # Bytes that are in frames already wait for no limit where what is to be said comes behind them: those of the
        # piece that is being sent, or all. They are many only where there was no limit a moment ago.
        self._is_piece_hurried = self._is_hurried = False
        self._moved_at = self._heard_at = clock.now()
        self._ending_since: float | None = None
        for offer in offers:
            self.add(offer)

    def add(self, offer: ScannedOffer) -> None:
        """Make a further offer, which was agreed upon. Raises ValueError when there were too many."""
        if self._added >= MOST_OFFERS:
            raise ValueError(f"more than {MOST_OFFERS} offers on one connection")
        self._added += 1
        self._command(lambda: self._disk.add(offer))

    def finish(self) -> None:
        """There will be no further offers: PumpEnded follows when all is settled."""
        self._command(self._begin_to_finish)

    def _pause(self) -> None:
        self._is_piece_hurried = True
        self._machine.pause()

    def _cancel(self, why: str) -> None:
        self._is_hurried = True
        for offer in self._offers():
            self._machine.cancel(offer, why)
        self._begin_to_finish()

    def _begin_to_finish(self) -> None:
        self._is_finishing = True
        self._machine.finish()

    def _end_if_cancelled(self) -> None:
        if self._state() is OfferState.CANCELLED:
            self._is_hurried = True
            self._begin_to_finish()

    def _leave(self) -> None:
        self._is_leaving = self._is_hurried = True

    # Going round.

    def _step(self, now: float) -> float | None:
        is_busy = False
        if not self._is_leaving:
            is_busy = self._disk.list_some()
            is_busy |= self._read_some()
        is_busy |= self._send_some(now)
        is_busy |= self._receive_some(now)
        if is_busy:
            return None
        return self._limiter.wait(now) if self._is_limited else _IDLE_SECONDS

    def _read_some(self) -> bool:
        """Read what is asked for; with a limit on speed a little, and only when what was read before is sent."""
        speed = self._limiter.speed
        if speed is None:
            return self._disk.read_some()
        return not self._piece and self._disk.read_some(max(speed // _PIECES_PER_SECOND, _SMALLEST_PIECE))

    def _send_some(self, now: float) -> bool:
        """Send as much as there is room for; False when nothing could be sent."""
        sent = 0
        self._is_limited = self._is_out_of_room = False
        while sent < _SENT_AT_ONCE:
            if not self._piece and not self._maybe_next_piece():
                break
            if not self._granted:
                self._is_limited = True
                most = min(len(self._piece), _LARGEST_WRITE)
                is_hurried = self._is_hurried or self._is_piece_hurried
                self._granted = most if is_hurried else self._limiter.take(most, now)
                if not self._granted:
                    break
                self._is_limited = False
            size = self._pipe.send(self._piece[: self._granted])
            if not size:
                self._is_out_of_room = True
                break
            self._granted -= size
            self._piece = self._piece[size:]
            sent += size
        if sent:
            self._moved_at = now
        return bool(sent)

    def _maybe_next_piece(self) -> bool:
        """Take the next bytes from the machine; False when there are none, or none are to be sent any more."""
        if self._is_leaving:
            self._close_with(self._lost(LEFT, is_left=True))
            return False
        piece = self._machine.maybe_data_to_send()
        if piece is None:
            return False
        self._granted = len(piece) if isinstance(piece, bytes) else 0  # Only the bytes of files are limited.
        self._piece = memoryview(piece)
        self._is_piece_hurried = False
        return True

    def _receive_some(self, now: float) -> bool:
        size = self._pipe.receive_into(self._incoming)
        if size is None:
            return False
        if size:
            self._machine.receive_data(self._incoming[:size])
        else:
            self._receive_eof()
        for event in self._machine.events_received():
            self._receive(event, now)
        return True

    def _receive(self, event: SendingEvent, now: float) -> None:
        self._heard_at = now
        match event:
            case Progressed() | EntriesSettled():
                self._moved_at = now
                self._disk.receive(event)
            case OfferDeclined(why=why) | OfferCancelled(why=why):
                self._is_piece_hurried = True  # Its sender is to hear at once that nothing more comes.
                self._reason(why)
                self._tell_state()
                self._end_if_cancelled()
            case OfferEnded():
                # At once: it is for this that whoever has nothing more to offer waits.
                self._tell_state()
            case _:
                self._receive_common(event)

    def _look_at_time(self, now: float) -> None:
        for event in self._machine.events_received():
            self._receive_common(event)
        self._tell_state()
        self._end_if_cancelled()
        state = self._state()
        is_waiting = state is OfferState.PAUSED or self._machine_is_idle()
        if is_waiting or not self._is_out_of_room:
            self._moved_at = now
        if is_waiting:
            self._heard_at = now
        if self._is_leaving or state is OfferState.CANCELLED:
            self._look_at_end(now)
        elif now - self._moved_at >= _STALL_SECONDS:
            self._ended = self._lost(_STALLED)
        elif now - self._heard_at >= _IDLE_SECONDS:
            self._ended = self._lost(_IDLE)

    def _look_at_end(self, now: float) -> None:
        """Nothing more is wanted of the other end but a last word, and that is not waited for long."""
        if self._ending_since is None:
            self._ending_since = now
        elif now - self._ending_since >= _LAST_SECONDS and self._closing is None:
            self._ended = self._lost(LEFT if self._is_leaving else _STALLED, is_left=self._is_leaving)

    def _machine_is_idle(self) -> bool:
        """Whether all that was offered is settled, and more may be."""
        return self._state() in (OfferState.SAVED, OfferState.FAILED, OfferState.DECLINED)

    def _finish(self) -> None:
        self._tell_state()
        self._ended = self._end()

    def _end(self) -> PumpEnded:
        tally, state = self._tally(), self._state()
        tally.failed += self._disk.failed
        if state is OfferState.SAVED and self._disk.failed:
            state = OfferState.FAILED
        return PumpEnded(state, tally, self._why)

    def _lost(self, why: str, *, is_left: bool = False) -> PumpEnded | WayLost:
        """Where all is settled the receiver's last word, that it is, would bring nothing new."""
        lost = super()._lost(why, is_left=is_left)
        if self._is_finishing and isinstance(lost, WayLost) and lost.is_settled:
            return self._end()
        lost.tally.failed += self._disk.failed
        return lost

    def _moved(self) -> Moved:
        return self._disk.moved()

    def _offers(self) -> Sequence[int]:
        return range(self._disk.count)

    def _close_disk(self) -> None:
        self._disk.close()

    @property
    def _sends(self) -> bool:
        return self._is_out_of_room

    @property
    def _receives(self) -> bool:
        return True
