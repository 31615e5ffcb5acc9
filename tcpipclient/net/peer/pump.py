"""What the pumps of both ends do alike: one thread that goes round between a machine, a disk and a connection.

Owns the thread, the commands that other threads leave for it, the ticks, and what is told of the whole. Must never
decide what is sent or saved. Threads: commands from any thread, all the rest on the pump's own.
"""

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from commonlib.printable import printable
from commonlib.transfer.events import ConnectionLost, PeerFinished, PeerSilent
from commonlib.transfer.pulse import SILENCE_SECONDS
from commonlib.transfer.states import OfferState, Tally
from commonlib.transfer.stream import TransferError
from tcpipclient.core.transfers.pump_news import Moved, PumpEnded, PumpNews, StateChanged, WayLost
from tcpipclient.net.clock import Clock
from tcpipclient.net.peer.link import PeerLink
from tcpipclient.net.peer.pump_socket import PumpSocket
from tcpipclient.net.threads import make_thread

if TYPE_CHECKING:
    # Each end loads its own machine alone.
    from commonlib.transfer.receiving import Receiving
    from commonlib.transfer.sending import Sending

_TICK_SECONDS = 0.2
"""Between two looks at the time; progress is told as often."""
_CLOSING_SECONDS = 2.0
"""How long the other end may take to close a connection that we leave, or that has done its work."""

LEFT = "another way is taken"
_LOST = "the connection to the other computer was lost"
_SILENT = f"nothing was heard of the other computer for {SILENCE_SECONDS:.0f} seconds"
_OWN_FAULT = "an unexpected error has stopped the transfer; the log has the details"


# How an offer ends, the worst first.
_ENDS = (OfferState.CANCELLED, OfferState.FAILED, OfferState.DECLINED, OfferState.SAVED)


class Pump(ABC):
    """One end of one connection.

    Args:
        tell: Takes news, on the pump's thread; it must not block.
    """

    def __init__(
        self, name: str, link: PeerLink, machine: "Sending | Receiving", tell: Callable[[PumpNews], None], clock: Clock
    ) -> None:
        self._pipe = PumpSocket(link)
        self._tell = tell
        self._clock = clock
        self._commands: deque[Callable[[], None]] = deque()
        self._thread = make_thread(name, self._run, self._tell_own_fault, gives_way=True)
        self._protocol = machine
        self._told_state = StateChanged(OfferState.OFFERED)
        self._told_moved = Moved(0, 0)
        self._why = ""
        self._tick_at = 0.0
        self._closing: PumpEnded | WayLost | None = None  # To be told when the connection is closed.
        self._closed_at = 0.0  # At the latest.
        self._ended: PumpEnded | WayLost | None = None

    # From any thread.

    def start(self) -> None:
        """Begin; PumpEnded or WayLost is told at the end."""
        self._thread.start()

    def pause(self) -> None:
        """Let no data flow until `resume`."""
        self._command(self._pause)

    def resume(self) -> None:
        """End our own pause; the other end's may go on."""
        self._command(self._protocol.resume)

    def cancel(self, why: str = "") -> None:
        """Give up all that is not settled; the other end is shown `why`. PumpEnded follows."""
        self._command(lambda: self._cancel(why))

    def leave(self) -> None:
        """Stop at the end of a frame and close the connection, to go on over another one. WayLost follows."""
        self._command(self._leave)

    def join(self, seconds: float) -> bool:
        """Wait for the thread; True when it has ended."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _command(self, work: Callable[[], None]) -> None:
        self._commands.append(work)
        self._pipe.wake()

    def _pause(self) -> None:
        self._protocol.pause()

    # What each end does in its own way.

    @abstractmethod
    def _step(self, now: float) -> float | None:
        """Do what can be done now. None when there is more to do, else how many seconds nothing is to be done."""

    @abstractmethod
    def _cancel(self, why: str) -> None:
        """Give up all offers."""

    @abstractmethod
    def _look_at_time(self, now: float) -> None:
        """Notice what should have happened by now."""

    @abstractmethod
    def _moved(self) -> Moved:
        """How far it is."""

    @abstractmethod
    def _offers(self) -> Sequence[int]:
        """The offers of this connection that were agreed upon."""

    @abstractmethod
    def _close_disk(self) -> None:
        """Let go of all files."""

    @property
    @abstractmethod
    def _sends(self) -> bool:
        """Whether something waits for room in the connection."""

    @property
    @abstractmethod
    def _receives(self) -> bool:
        """Whether what has come is to be read now."""

    # The thread.

    def _run(self) -> None:
        try:
            end = self._go_round()
        finally:
            self._close_disk()
            self._pipe.close()
        self._tell_moved()
        self._tell(end)

    def _go_round(self) -> PumpEnded | WayLost:
        try:
            while self._ended is None:
                while self._commands:
                    self._commands.popleft()()
                now = self._clock.now()
                if now >= self._tick_at:
                    self._tick(now)
                quiet = self._step(now)
                if quiet is not None and self._ended is None:
                    self._pipe.wait(min(quiet, self._tick_at - now), sends=self._sends, receives=self._receives)
        except TransferError as error:
            return self._lost(str(error))
        except OSError as error:
            return self._closing or self._lost(f"{_LOST} ({error.strerror or error})")
        return self._ended

    def _tick(self, now: float) -> None:
        self._tick_at = now + _TICK_SECONDS
        self._protocol.receive_tick(now)
        self._look_at_time(now)
        self._tell_moved()
        if self._closing is not None and now >= self._closed_at:
            self._ended = self._closing

    def _lost(self, why: str, *, is_left: bool = False) -> PumpEnded | WayLost:
        return WayLost(why, self._tally(), is_left, self._state() in _ENDS)

    def _receive_eof(self) -> None:
        """The other end has closed the connection."""
        if self._closing is not None:
            self._ended = self._closing
        else:
            self._protocol.receive_eof()

    def _close_with(self, end: PumpEnded | WayLost) -> None:
        """All that is to be sent has been; the other end is to close the connection now, or it has had its time."""
        if self._closing is None:
            self._pipe.end_sending()
            self._closing = end
            self._closed_at = self._clock.now() + _CLOSING_SECONDS

    @abstractmethod
    def _leave(self) -> None:
        """Begin to leave the connection."""

    # What is told.

    def _receive_common(self, event: object) -> None:
        """Act on an event that both machines tell."""
        match event:
            case PeerSilent():
                self._ended = self._lost(_SILENT)
            case ConnectionLost():
                self._ended = self._lost(_LOST)
            case PeerFinished():
                self._finish()
            case _:
                pass

    @abstractmethod
    def _finish(self) -> None:
        """Both ends have said that all is settled."""

    def _reason(self, why: str) -> None:
        """The other end has said why it gives something up."""
        self._why = self._why or printable(why, limit=500)

    def _tally(self) -> Tally:
        """Of all offers together."""
        whole = Tally()
        for offer in self._offers():
            part = self._protocol.tally(offer)
            whole.listed += part.listed
            whole.verified += part.verified
            whole.saved += part.saved
            whole.unchanged += part.unchanged
            whole.skipped += part.skipped
            whole.failed += part.failed
            whole.size += part.size
        return whole

    def _state(self) -> OfferState:
        """All offers as one: the first that has not ended, else the worst end."""
        states = [self._protocol.state(offer) for offer in self._offers()]
        for state in states:
            if state not in _ENDS:
                return state
        return next((end for end in _ENDS if end in states), OfferState.OFFERED)

    def _tell_state(self) -> None:
        state = StateChanged(self._state())
        if state != self._told_state:
            self._told_state = state
            self._tell(state)

    def _tell_moved(self) -> None:
        moved = self._moved()
        if moved != self._told_moved:
            self._told_moved = moved
            self._tell(moved)

    def _tell_own_fault(self) -> None:
        self._tell(WayLost(_OWN_FAULT))
