"""A client's session with a hub on the classic wire: packets in, events out (docs/protocol.md, "Sequences").

Owns the state of the connection, the roster, the receipts and the books of files. Must never do I/O, read a clock,
block, or believe a field that it has not looked at: nothing that comes from a hub makes `receive_...` raise. Pure: used
under one lock, since commands come from any thread and packets from the dispatcher's.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from commonlib.classic.cutter import Run, cut_runs
from commonlib.classic.file_receiving import FileEvent, FileKey, FileReceiving
from commonlib.classic.file_sending import FileSending
from commonlib.classic.keepalive import SERVER_SILENCE_SECONDS, is_server_silent, maybe_clock_difference
from commonlib.classic.layouts import BigStringPacket, ClientDataPacket, DataPacket
from commonlib.classic.packet import (
    LARGEST_SHORT_ID,
    SERVER,
    Layout,
    LayoutTable,
    PacketType,
    sender_of,
    stamp_recipient,
)
from commonlib.classic.texts import TextJoiner, split_text
from commonlib.exceptions import ProtocolError
from tcpipclient.core import events
from tcpipclient.core.commands import encode_command, read_command, with_own_command
from tcpipclient.core.events import Event, Loss
from tcpipclient.core.exceptions import NotConnectedError, UnknownPersonError
from tcpipclient.core.order import State, is_allowed
from tcpipclient.core.outgoing import OutgoingFiles
from tcpipclient.core.profile import Profile
from tcpipclient.core.receipts import Receipts
from tcpipclient.core.roster import Roster, read_person

SessionEvent = Event | FileEvent
"""What `receive_...` returns: events for the user, and bytes and ends of incoming files for whoever writes them."""

_FILE_TYPES = frozenset({PacketType.FILE_START, PacketType.FILE_CHUNK, PacketType.FILE_END})
_IGNORED_TOLD_ONE_BY_ONE = 5


@dataclass(frozen=True, slots=True)
class _Moment:
    """When something is received: monotonic and Unix seconds."""

    now: float
    wall: float


class ClassicSession:
    """One connection to one hub, original or ours.

    Args:
        profile: What we say about ourselves.
        layouts: Of the commands of one's own; more may be added by `add_command`.
        now: Monotonic seconds.

    Raises:
        FieldError: The profile does not fit into its packet.
    """

    def __init__(self, profile: Profile, now: float, layouts: LayoutTable | None = None) -> None:
        self.state = State.GREETED_BY_NOBODY
        self.own_id = 0
        self.roster = Roster()
        self.outgoing = OutgoingFiles()
        self.profile = profile
        self._credentials = profile.credentials(PacketType.MY_CREDENTIALS)
        self._layouts = layouts or LayoutTable()
        self._last_heard = now
        self._own_address = ""
        self._clock_warned = False
        self._ignored = 0
        self._joiner = TextJoiner()
        self._receipts = Receipts()
        self._incoming = FileReceiving()
        self._to_send: list[bytes] = []
        self._due: list[SessionEvent] = []
        self._receivers: dict[int, Callable[[bytes, _Moment], list[SessionEvent]]] = {
            PacketType.REQUEST_CREDENTIALS: self._receive_greeting,
            PacketType.REGISTERED: self._receive_registered,
            PacketType.CLIENT_DATA: self._receive_client_data,
            PacketType.CLIENT_DISCONNECTING: self._receive_disconnecting,
            PacketType.HOST_EXITING: self._receive_host_exiting,
            PacketType.PING: self._receive_ping,
            PacketType.MESSAGE: self._receive_message,
            PacketType.MESSAGE_RECEIVED: self._receive_receipt,
            PacketType.DONE_RECEIVING_FILE: self._receive_done,
        }

    # What arrives

    def receive_block(self, block: bytes, now: float, wall: float) -> list[SessionEvent]:
        """Take whole packets, as PacketCutter gives them; `now` is monotonic, `wall` Unix seconds.

        Registered comes before all other events; what there was to tell before it is told behind it.
        """
        self._last_heard = now
        moment = _Moment(now, wall)
        told: list[SessionEvent] = []
        for run in cut_runs(block, self._layouts):
            came = self._receive_run(run, moment)
            if self.state is State.INTRODUCED:
                self._due += came
            else:
                told += came + self._take_due()
        return told

    def receive_eof(self, said: str = "") -> list[SessionEvent]:
        """The connection has ended; `said` is what the system told about it, if anything."""
        told = f" ({said})" if said else ""
        return self._end(Loss.CLOSED, f"The connection to the hub has ended{told}. Connect again when you like.")

    def receive_tick(self, now: float) -> list[SessionEvent]:
        """Time has passed; to be called about once a second."""
        if self.state in (State.REGISTERED, State.INTRODUCED) and is_server_silent(self._last_heard, now):
            minutes = SERVER_SILENCE_SECONDS / 60
            reason = f"Nothing was heard of the hub for {minutes:.0f} minutes. Check the network, and connect again."
            return self._end(Loss.SILENT, reason)
        if self.state not in (State.REGISTERED, State.LEAVING):
            return []
        return [*self._take_due(), *self._incoming.receive_tick(now), *self.outgoing.receive_tick(now)]

    def fail(self, loss: Loss, reason: str) -> list[SessionEvent]:
        """Our own side ends the connection; `reason` is a sentence."""
        return self._end(loss, reason)

    def has_ended(self) -> bool:
        """Whether nothing will come or go any more."""
        return self.state is State.ENDED

    def data_to_send(self) -> bytes:
        """The packets that are to go out now, joined; each is given once."""
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
        packets = split_text(text, id_to=SERVER, id_from=self.own_id, numbers=numbers)
        for recipient in recipients:
            if not self._is_there(recipient):
                reason = "The recipient left before the text was sent."
                self._due.append(events.TextNotDelivered(number, recipient, reason))
                continue
            self._to_send.append(stamp_recipient(packets, Layout.DATA, recipient))
            dropped = self._receipts.expect(recipient, number)
            if dropped is not None:
                reason = "Too many texts to one recipient wait for his word; this one is not waited for any more."
                self._due.append(events.TextNotDelivered(dropped, recipient, reason))

    def send_command(self, packet: DataPacket | BigStringPacket, recipients: Sequence[int]) -> None:
        """Send a packet of a command of one's own to each who is there; id 0 is as the hub understands it.

        Raises:
            NotConnectedError: As require_registered.
            FieldError: The number is the protocol's, or a field does not fit.
        """
        self.require_registered()
        self._to_send += encode_command(packet, filter(self._is_there, recipients))

    def update_profile(self, profile: Profile) -> None:
        """Be somebody else from now on.

        Our hub takes a new name from CredentialsUpdate, which an original ignores; an original passes ClientData to
        everyone, so both are sent.

        Raises:
            NotConnectedError: There is no connection.
            FieldError: A value does not fit its field.
        """
        self.require_registered()
        packets = [profile.credentials(PacketType.CREDENTIALS_UPDATE), profile.details(self.own_id, self._own_address)]
        self._to_send += packets
        self.profile = profile

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

    def maybe_begin_file(self, transfer: int, created: datetime, modified: datetime) -> FileSending | None:
        """The machine for an offered file whose turn has come; None where there is no use in sending it."""
        return self.outgoing.maybe_begin(transfer, self.own_id, created, modified)

    def confirm_file(self, key: FileKey, wire_name: str) -> None:
        """Tell a sender that his file is saved, by the name that he gave it."""
        self._send(DataPacket(PacketType.DONE_RECEIVING_FILE, id_to=key.sender, id_from=self.own_id, text_a=wire_name))

    def give_up_file(self, key: FileKey, serial: int | None = None) -> None:
        """Take no more of an incoming file, as FileBegan named it; what still comes of it is passed over."""
        self._incoming.give_up(key, serial)

    def leave(self) -> None:
        """Say goodbye; nothing goes out after that, and the end of the connection is no loss."""
        if self.state in (State.INTRODUCED, State.REGISTERED):
            self._send(DataPacket(PacketType.CLOSE, id_from=self.own_id))
        if self.state is not State.ENDED:
            self.state = State.LEAVING

    # One kind of packet each

    def _receive_run(self, run: Run, moment: _Moment) -> list[SessionEvent]:
        if self.has_ended():
            return []
        if not is_allowed(self.state, run.packet_type):
            if self.state is State.GREETED_BY_NOBODY:
                return self._end(Loss.NOT_A_HUB, "What answers there is no hub: it does not begin as one does.")
            return self._ignore(f"{run.count} packets of type {run.packet_type} came where they may not")
        if run.packet_type in _FILE_TYPES:
            return list(self._incoming.receive_run(run, run.id_from, moment.now))
        told: list[SessionEvent] = []
        receive = self._receivers.get(run.packet_type)
        for packet in run.each():
            if self.has_ended():
                break
            told += receive(packet, moment) if receive else [read_command(run, packet)]
        return told

    def _receive_greeting(self, packet: bytes, moment: _Moment) -> list[SessionEvent]:
        greeting = DataPacket.decode(packet)
        if self.state is not State.GREETED_BY_NOBODY:
            return self._ignore("a second greeting came")
        if not 1 <= greeting.id_to <= LARGEST_SHORT_ID:
            return self._end(Loss.NOT_A_HUB, f"The hub gave us the id {greeting.id_to}, which this wire cannot say.")
        self.own_id = greeting.id_to
        self._own_address = greeting.text_a[:30]
        self._to_send.append(self._credentials)
        self.state = State.INTRODUCED
        return self._check_clock(greeting, moment)

    def _receive_registered(self, packet: bytes, _: _Moment) -> list[SessionEvent]:
        registered = DataPacket.decode(packet)
        if registered.id_from != self.own_id or self.state is not State.INTRODUCED:
            return []
        self.state = State.REGISTERED
        version = (registered.data(6), registered.data(7), registered.data(8))
        return [events.Registered(self.own_id, version, self.roster.snapshot())]

    def _receive_client_data(self, packet: bytes, _: _Moment) -> list[SessionEvent]:
        person = read_person(ClientDataPacket.decode(packet))
        if person is None:
            return self._ignore("details of nobody, or of somebody else than their sender, came")
        if person.id == self.own_id:
            return []
        told = self.roster.put(person)
        return [told] if told is not None and self.state is not State.INTRODUCED else []

    def _receive_disconnecting(self, packet: bytes, _: _Moment) -> list[SessionEvent]:
        left = sender_of(packet, Layout.DATA)
        person = self.roster.maybe_remove(left)
        self._joiner.forget(left)
        told: list[SessionEvent] = [
            events.TextNotDelivered(text, left, "The recipient left before he confirmed the text.")
            for text in self._receipts.forget(left)
        ]
        told += self._incoming.receive_departure(left, "its sender left")
        told += self.outgoing.receive_departure(left)
        if person is not None and self.state is not State.INTRODUCED:
            told.append(events.PersonLeft(person))
        return told

    def _receive_host_exiting(self, packet: bytes, _: _Moment) -> list[SessionEvent]:
        if sender_of(packet, Layout.DATA) != SERVER:
            return self._ignore("somebody who is not the hub says that the hub is exiting")
        reason = "The hub was stopped. Connect again when it is back."
        return [events.HubExited(), *self._end(Loss.HUB_EXITED, reason)]

    def _receive_ping(self, packet: bytes, moment: _Moment) -> list[SessionEvent]:
        ping = DataPacket.decode(packet)
        self._send(DataPacket(PacketType.PING_RESPONSE, id_from=self.own_id, longs=(ping.long(1),)))
        # An original hub passes on the pings of other clients, whose clocks do not matter.
        return self._check_clock(ping, moment) if ping.id_from == SERVER else []

    def _receive_message(self, packet: bytes, _: _Moment) -> list[SessionEvent]:
        sender = sender_of(packet, Layout.DATA)
        try:
            joined = self._joiner.receive_packet(sender, packet)
        except ProtocolError as error:
            return self._ignore(f"{error.detail}; its sender is id {sender}")
        if joined is None:
            return []
        # An original client leaves idTo 0 here, and an original hub then shows the receipt to everybody; our hub can
        # only guess whose text is meant. With the sender's id in it, both bring it to him alone.
        self._send(DataPacket(PacketType.MESSAGE_RECEIVED, id_to=sender, id_from=self.own_id))
        return [events.TextArrived(sender, self.roster.name_of(sender), joined.text, joined.numbers)]

    def _receive_receipt(self, packet: bytes, _: _Moment) -> list[SessionEvent]:
        recipient = sender_of(packet, Layout.DATA)
        text = self._receipts.maybe_confirm(recipient)
        return [] if text is None else [events.TextDelivered(text, recipient)]

    def _receive_done(self, packet: bytes, _: _Moment) -> list[SessionEvent]:
        done = DataPacket.decode(packet)
        return [*self.outgoing.confirm(done.id_from, done.text_a)]

    # What several of them need

    def _is_there(self, recipient: int) -> bool:
        return recipient in self.roster or recipient in (SERVER, self.own_id)

    def _send(self, packet: DataPacket) -> None:
        if self.state in (State.INTRODUCED, State.REGISTERED):
            self._to_send.append(packet.encode())

    def _check_clock(self, packet: DataPacket, moment: _Moment) -> list[SessionEvent]:
        seconds = maybe_clock_difference(packet.long(1), moment.wall)
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
