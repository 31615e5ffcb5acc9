"""What a client's session with a hub is, whatever wire it speaks: what came in, events out, and what is to be sent.

Owns what both wires have in common: the state, the roster, the books of texts and files, and how a session ends. Must
never do I/O, read a clock, block, or know a packet or a frame: that is for classic_session.py and modern_session.py.
Nothing that comes from a hub makes `receive_...` raise. Pure: used under one lock, since commands come from any thread
and what arrives from the dispatcher's.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol

from commonlib.classic.file_receiving import FileEvent, FileKey, FileReceiving
from commonlib.classic.keepalive import maybe_clock_difference
from commonlib.classic.layouts import BigStringPacket, DataPacket
from commonlib.classic.packet import SERVER, Layout, LayoutTable
from tcpipclient.core import events
from tcpipclient.core.commands import with_own_command
from tcpipclient.core.events import Event, Loss
from tcpipclient.core.exceptions import NotConnectedError, UnknownPersonError
from tcpipclient.core.order import State
from tcpipclient.core.outgoing import OutgoingFiles
from tcpipclient.core.profile import Profile
from tcpipclient.core.receipts import Receipts
from tcpipclient.core.roster import Roster
from tcpipclient.core.transfers.said import SaidOfFiles, SaidToOthers

SessionEvent = Event | FileEvent | SaidOfFiles
"""What `receive_...` returns: events for the user, bytes and ends of incoming files for whoever writes them, what is
said of batches."""

_IGNORED_TOLD_ONE_BY_ONE = 5


class FileMachine(Protocol):
    """Turns the bytes of one file into what this wire sends of it."""

    def send_data(self, data: bytes, /) -> bytes:
        """The next bytes of the file; what goes out of them, possibly nothing. Raises FileChangedError."""
        ...

    def finish(self) -> bytes:
        """All bytes have been handed in; what is left to go out. Raises FileChangedError."""
        ...


class Session(ABC):
    """One connection to one hub.

    Attributes:
        state: Where it is.
        own_id: What the hub calls us; 0 before it has said so.
        roster: Everybody else.
        outgoing: The files that we send.
        profile: What we say about ourselves.
        hub_key: Fingerprint of the hub's key, 32 bytes; None where the connection is not encrypted.
        hub_name: What the hub is called; empty where it has not said.
        latency: Seconds that the hub's last answer took; None before one was measured, and on wires without a measure.
    """

    def __init__(self, profile: Profile, now: float, layouts: LayoutTable | None = None) -> None:
        self.state = State.GREETED_BY_NOBODY
        self.own_id = 0
        self.roster = Roster()
        self.outgoing = OutgoingFiles()
        self.profile = profile
        self.hub_key: bytes | None = None
        self.hub_name = ""
        self.latency: float | None = None
        self._layouts = layouts or LayoutTable()
        self._last_heard = now
        self._clock_warned = False
        self._ignored = 0
        self._receipts = Receipts()
        self._incoming = FileReceiving()
        self._to_send: list[bytes] = []
        self._due: list[SessionEvent] = []

    # What arrives

    @abstractmethod
    def receive_block(self, block: Any, now: float, wall: float) -> list[SessionEvent]:
        """Take what the cutter of this wire gives; `now` is monotonic, `wall` Unix seconds.

        Registered comes before all other events; what there was to tell before it is told behind it.
        """

    @abstractmethod
    def maybe_silence(self, now: float) -> str | None:
        """The sentence for a hub that has been silent for too long; None where it has not. May ask whether it is there.

        Called about once a second.
        """

    def receive_eof(self, said: str = "") -> list[SessionEvent]:
        """The connection has ended; `said` is what the system told about it, if anything."""
        told = f" ({said})" if said else ""
        return self._end(Loss.CLOSED, f"The connection to the hub has ended{told}. Connect again when you like.")

    def receive_tick(self, now: float) -> list[SessionEvent]:
        """Time has passed; to be called about once a second."""
        if self.state in (State.REGISTERED, State.INTRODUCED):
            reason = self.maybe_silence(now)
            if reason is not None:
                return self._end(Loss.SILENT, reason)
        if self.state not in (State.REGISTERED, State.LEAVING):
            return []
        return [*self._take_due(), *self._incoming.receive_tick(now), *self.outgoing.receive_tick(now)]

    def fail(self, loss: Loss, reason: str) -> list[SessionEvent]:
        """Our own side ends the connection; `reason` is a sentence."""
        return self._end(loss, reason)

    def receive_unreadable(self) -> list[SessionEvent]:
        """What came cannot be cut, so nothing more can be read."""
        reason = "What the hub sends cannot be understood. Connect again; if it stays so, a program here is too old."
        return self._end(Loss.NOT_UNDERSTOOD, reason)

    def has_ended(self) -> bool:
        """Whether nothing will come or go any more."""
        return self.state is State.ENDED

    def data_to_send(self) -> bytes:
        """What is to go out now, joined; each is given once."""
        data = b"".join(self._to_send)
        self._to_send.clear()
        return data

    # What is asked for

    def add_command(self, number: int, layout: Layout) -> None:
        """Understand a command of one's own.

        Raises:
            FieldError: The number is the protocol's, or the layout neither DATA nor BIG_STRING.
        """
        self._layouts = with_own_command(self._layouts, number, layout)

    def require_registered(self) -> None:
        """Accept that something is to be sent.

        Raises:
            NotConnectedError: The hub has not taken us in yet, or we are leaving, or the connection has ended.
        """
        if self.state is not State.REGISTERED:
            raise NotConnectedError

    def check_recipients(self, recipients: Sequence[int]) -> None:
        """Accept ids that something can be sent to: those of the roster, our own, and 0, the hub's.

        Raises:
            NotConnectedError: As require_registered.
            UnknownPersonError: An id that is nobody's.
        """
        self.require_registered()
        for recipient in recipients:
            if not self._is_there(recipient):
                raise UnknownPersonError(recipient)

    def send_text(self, number: int, text: str, recipients: Sequence[int], numbers: tuple[int, int] = (0, 0)) -> None:
        """Send a text to each who is there; `number` is the caller's, for TextDelivered or TextNotDelivered.

        Raises:
            NotConnectedError: As require_registered.
            FieldError: The text is too long or a number too large.
        """
        self.require_registered()
        encode = self._text_encoder(number, text, numbers)
        for recipient in recipients:
            if not self._is_there(recipient):
                reason = "The recipient left before the text was sent."
                self._due.append(events.TextNotDelivered(number, recipient, reason))
                continue
            self._to_send.append(encode(recipient))
            dropped = self._receipts.expect(recipient, number)
            if dropped is not None:
                reason = "Too many texts to one recipient wait for his word; this one is not waited for any more."
                self._due.append(events.TextNotDelivered(dropped, recipient, reason))

    @abstractmethod
    def send_command(self, packet: DataPacket | BigStringPacket, recipients: Sequence[int]) -> None:
        """Send a packet of a command of one's own to each who is there; id 0 is as the hub understands it.

        Raises:
            NotConnectedError: As require_registered.
            FieldError: The number is the protocol's, or a field does not fit.
        """

    @abstractmethod
    def send_payload(self, number: int, payload: bytes, recipients: Sequence[int]) -> None:
        """Send a command of one's own with any payload to each who is there and on the modern wire.

        Raises:
            NotConnectedError: As require_registered.
            FieldError: The number is the protocol's, or the payload too large.
            PayloadError: This wire has no room for it.
        """

    @abstractmethod
    def ask_latencies(self, ids: Sequence[int], now: float) -> None:
        """Have the hub asked how long these take to answer it; nothing where the wire has no word for it.

        Raises:
            NotConnectedError: As require_registered.
        """

    def say_of_files(self, message: SaidToOthers, recipient: int) -> None:  # noqa: B027 - not every wire has words for it
        """Say something about a batch to somebody; nothing where there is no connection, or this wire has no word."""

    @abstractmethod
    def update_profile(self, profile: Profile) -> None:
        """Be somebody else from now on.

        Raises:
            NotConnectedError: There is no connection.
            FieldError: A value does not fit its field.
        """

    def offer_file(self, transfer: int, recipient: int, name: str, size: int) -> None:
        """Announce that a file is to be sent; it begins with maybe_begin_file.

        Raises:
            NotConnectedError: As require_registered.
            UnknownPersonError: The recipient is nobody, or the hub, which would give it to everyone.
            FileTooLargeError: Its size needs more than 32 bits.
        """
        self.check_recipients((recipient,))
        if recipient == SERVER:
            raise UnknownPersonError(recipient)
        self.outgoing.offer(transfer, recipient, name, size)

    @abstractmethod
    def maybe_begin_file(self, transfer: int, created: datetime, modified: datetime) -> FileMachine | None:
        """The machine for an offered file whose turn has come; None where there is no use in sending it."""

    @abstractmethod
    def confirm_file(self, key: FileKey, wire_name: str) -> None:
        """Tell a sender that his file is saved, by the name that its first packet gave it."""

    def give_up_file(self, key: FileKey, serial: int | None = None) -> None:
        """Take no more of an incoming file, as FileBegan named it; what still comes of it is passed over."""
        self._incoming.give_up(key, serial)

    def leave(self) -> None:
        """Say goodbye; nothing goes out after that, and the end of the connection is no loss."""
        if self.state in (State.INTRODUCED, State.REGISTERED):
            self._to_send.append(self._goodbye())
        if self.state is not State.ENDED:
            self.state = State.LEAVING

    # What each wire says in its own way

    @abstractmethod
    def _text_encoder(self, number: int, text: str, numbers: tuple[int, int], /) -> Callable[[int], bytes]:
        """What makes of a text what goes to one recipient. Raises FieldError."""

    @abstractmethod
    def _goodbye(self) -> bytes:
        """That we leave."""

    # What both need

    def _is_there(self, recipient: int) -> bool:
        return recipient in self.roster or recipient in (SERVER, self.own_id)

    def _receive_departure(self, left: int) -> list[SessionEvent]:
        """Somebody is gone, whether we knew of him or not."""
        person = self.roster.maybe_remove(left)
        told: list[SessionEvent] = [
            events.TextNotDelivered(text, left, "The recipient left before he confirmed the text.")
            for text in self._receipts.forget(left)
        ]
        told += self._incoming.receive_departure(left, "its sender left")
        told += self.outgoing.receive_departure(left)
        if person is not None and self.state is not State.INTRODUCED:
            told.append(events.PersonLeft(person))
        return told

    def _check_clock(self, ticks: int, wall: float) -> list[SessionEvent]:
        seconds = maybe_clock_difference(ticks, wall)
        if seconds is None or self._clock_warned:
            return []
        self._clock_warned = True
        return [events.ClockDiffered(seconds)]

    def _ignore(self, detail: str) -> list[SessionEvent]:
        """The first few are told one by one, then only the 10th, 100th, 1000th …: nobody can flood a log."""
        self._ignored += 1
        if self._ignored <= _IGNORED_TOLD_ONE_BY_ONE or str(self._ignored).strip("0") == "1":
            return [events.PacketIgnored(detail)]
        return []

    def _take_due(self) -> list[SessionEvent]:
        due, self._due = self._due, []
        return due

    def _end(self, loss: Loss, reason: str) -> list[SessionEvent]:
        if self.has_ended():
            return []
        unasked = self.state is not State.LEAVING
        self.state = State.ENDED
        self._to_send.clear()
        told = self._take_due()
        told += self._incoming.receive_eof("the connection to the hub ended")
        told += self.outgoing.receive_eof()
        told += [
            events.TextNotDelivered(text, recipient, "The connection to the hub ended before the text was confirmed.")
            for recipient, text in self._receipts.forget_all()
        ]
        return [*told, events.ConnectionLost(loss, reason)] if unasked else told
