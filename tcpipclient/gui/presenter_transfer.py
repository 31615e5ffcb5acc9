"""One file of the transfers panel: how far it is, how fast, what can be asked for it.

Owns the record of a file and its row. Must never call a model or a view. Pure: the Tk thread's; times are monotonic
seconds.
"""

from math import exp
from pathlib import PurePath

from commonlib.values import dataclass, field
from commonlib.wording import shown_duration, shown_file, shown_size
from tcpipclient.core.events import Direction
from tcpipclient.gui.shown import TransferAction, TransferRow, TransferShown

SILENT_SECONDS = 20.0
"""After which it is said that nothing of a file comes."""
SILENT = "Nothing of it has come for a while: its sender may have stopped it, which the classic wire does not tell."
SMOOTHING_SECONDS = 3.0
"""A speed of so long ago still counts for a third."""

_RUNNING = frozenset({TransferShown.SENDING, TransferShown.RECEIVING})
_WAITING = frozenset({TransferShown.WAITING, TransferShown.OFFERED})


@dataclass(slots=True)
class Speed:
    """Bytes per second, smoothed; None before two moments are known."""

    bytes_per_second: float | None = None
    _done: int = 0
    _at: float | None = None

    def moved(self, done: int, now: float) -> None:
        """So many bytes by now."""
        if self._at is None:
            self._done, self._at = done, now
            return
        passed = now - self._at
        if passed <= 0:
            return
        current = (done - self._done) / passed
        old = 0.0 if passed > 10 * SMOOTHING_SECONDS else exp(-passed / SMOOTHING_SECONDS)
        before = current if self.bytes_per_second is None else self.bytes_per_second
        self.bytes_per_second = old * before + (1 - old) * current
        self._done, self._at = done, now

    def maybe_left(self, size: int) -> float | None:
        """Seconds until all is done; None where nobody can tell."""
        if not self.bytes_per_second or self.bytes_per_second < 1:
            return None
        return max(0, size - self._done) / self.bytes_per_second


@dataclass(slots=True)
class Transfer:
    """One file on its way, to one person or from one.

    Attributes:
        key: Of its row.
        person: Key of the other one's row in the people list.
        peer: As shown: "to Ann (3)".
        path: Of the file to send, or where the received one is.
        number: The client's; 0 while it has none.
        heard_at: When something of it came, or it was offered.
        cancelling: Whether the user has asked for it to stop.
    """

    key: int
    direction: Direction
    person: int
    peer: str
    name: str
    size: int
    state: TransferShown
    path: PurePath = field(default_factory=PurePath)
    number: int = 0
    done: int = 0
    detail: str = ""
    heard_at: float = 0.0
    cancelling: bool = False
    speed: Speed | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens to it by itself, or hardly anything."""
        return self.state not in _RUNNING and self.state not in _WAITING

    def moved(self, done: int, now: float) -> None:
        """So many bytes by now."""
        self.done = done
        self.heard_at = now
        if self.detail == SILENT:
            self.detail = ""
        self.speed = self.speed or Speed()
        self.speed.moved(done, now)

    def maybe_silent(self, now: float) -> bool:
        """Note where nothing of a file for us has come for long; whether that is new."""
        if self.done >= self.size or now - self.heard_at < SILENT_SECONDS or self.detail == SILENT:
            return False
        self.detail = SILENT
        return True

    def end(self, state: TransferShown, detail: str = "") -> None:
        """It has come to an end."""
        self.state = state
        self.detail = detail
        self.speed = None
        if state in (TransferShown.SENT, TransferShown.SAVED, TransferShown.UNCONFIRMED):
            self.done = self.size

    def actions(self) -> tuple[TransferAction, ...]:
        """What is offered now."""
        if self.state is TransferShown.OFFERED:
            return TransferAction.ACCEPT, TransferAction.DECLINE, TransferAction.ALWAYS
        if not self.is_over:
            return () if self.cancelling else (TransferAction.CANCEL,)
        if self.state is TransferShown.SAVED:
            return TransferAction.OPEN_FILE, TransferAction.OPEN_FOLDER, TransferAction.CLEAR
        if self.direction is Direction.INCOMING:
            return (TransferAction.CLEAR,)
        if self.state is TransferShown.SENT:
            return TransferAction.OPEN_FILE, TransferAction.OPEN_FOLDER, TransferAction.CLEAR
        return TransferAction.RETRY, TransferAction.OPEN_FOLDER, TransferAction.CLEAR

    def row(self) -> TransferRow:
        """As it is shown."""
        is_running = self.state in _RUNNING
        speed = self.speed.bytes_per_second if self.speed and is_running else None
        left = self.speed.maybe_left(self.size) if self.speed and is_running else None
        whole = shown_size(self.size)
        return TransferRow(
            self.key,
            "↑" if self.direction is Direction.OUTGOING else "↓",
            shown_file(self.name),
            self.peer,
            self.state,
            self._percent(),
            whole if self.is_over or not self.done else f"{shown_size(self.done)} of {whole}",
            f"{shown_size(int(speed))}/s" if speed is not None else "",
            f"about {shown_duration(left)} left" if left is not None else "",
            "Stopping…" if self.cancelling and not self.is_over else self.detail,
            self.actions(),
        )

    def _percent(self) -> int:
        if not self.size:
            return 100 if self.state in (TransferShown.SENT, TransferShown.SAVED) else 0
        return min(100, self.done * 100 // self.size)
