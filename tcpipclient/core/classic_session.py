"""A client's session with a hub on the classic wire: packets in, events out (docs/protocol.md, "Sequences").

Owns what is special about this wire: its packets, their legal order, and what each means. Must never do I/O, read a
clock, block, or believe a field that it has not looked at: nothing that comes from a hub makes `receive_...` raise.
Pure: used under one lock, since commands come from any thread and packets from the dispatcher's.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from commonlib.classic.cutter import Run, cut_runs
from commonlib.classic.file_receiving import FileKey
from commonlib.classic.file_sending import FileSending
from commonlib.classic.keepalive import SERVER_SILENCE_SECONDS, is_server_silent
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
from commonlib.values import dataclass
from tcpipclient.core import events
from tcpipclient.core.commands import encode_command, read_command
from tcpipclient.core.events import Loss
from tcpipclient.core.exceptions import PayloadError
from tcpipclient.core.order import State, is_allowed
from tcpipclient.core.profile import Profile
from tcpipclient.core.roster import read_person
from tcpipclient.core.session import Session, SessionEvent

_NO_ID = "which the unencrypted wire has no room for. Ask its operator to start the hub anew: ids then begin at 1."
_FILE_TYPES = frozenset({PacketType.FILE_START, PacketType.FILE_CHUNK, PacketType.FILE_END})


@dataclass(frozen=True, slots=True)
class _Moment:
    """When something is received: monotonic and Unix seconds."""

    now: float
    wall: float


class ClassicSession(Session):
    """One connection to one hub, original or ours.

    Args:
        profile: What we say about ourselves.
        layouts: Of the commands of one's own; more may be added by `add_command`.
        now: Monotonic seconds.

    Raises:
        FieldError: The profile does not fit into its packet.
    """

    def __init__(self, profile: Profile, now: float, layouts: LayoutTable | None = None) -> None:
        super().__init__(profile, now, layouts)
        self._credentials = profile.credentials(PacketType.MY_CREDENTIALS)
        self._own_address = ""
        self._joiner = TextJoiner()
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
        """Take whole packets, as PacketCutter gives them. As Session."""
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

    def maybe_silence(self, now: float) -> str | None:
        """As Session. The hub pings us, so there is nothing to ask."""
        if not is_server_silent(self._last_heard, now):
            return None
        minutes = SERVER_SILENCE_SECONDS / 60
        return f"Nothing was heard of the hub for {minutes:.0f} minutes. Check the network, and connect again."

    # What is asked for

    def send_command(self, packet: DataPacket | BigStringPacket, recipients: Sequence[int]) -> None:
        """As Session."""
        self.require_registered()
        self._to_send += encode_command(packet, filter(self._is_there, recipients))

    def send_payload(self, number: int, payload: bytes, recipients: Sequence[int]) -> None:  # noqa: ARG002
        """As Session; never possible here."""
        self.require_registered()
        raise PayloadError(SERVER)

    def ask_latencies(self, ids: Sequence[int], now: float) -> None:  # noqa: ARG002 - of the other wire
        """As Session: this wire has no word for it."""
        self.require_registered()

    def update_profile(self, profile: Profile) -> None:
        """As Session.

        Our hub takes a new name from CredentialsUpdate, which an original ignores; an original passes ClientData to
        everyone, so both are sent.
        """
        self.require_registered()
        packets = [profile.credentials(PacketType.CREDENTIALS_UPDATE), profile.details(self.own_id, self._own_address)]
        self._to_send += packets
        self.profile = profile

    def maybe_begin_file(self, transfer: int, created: datetime, modified: datetime) -> FileSending | None:
        """As Session."""
        return self.outgoing.maybe_begin(transfer, self.own_id, created, modified)

    def confirm_file(self, key: FileKey, wire_name: str) -> None:
        """As Session."""
        self._send(DataPacket(PacketType.DONE_RECEIVING_FILE, id_to=key.sender, id_from=self.own_id, text_a=wire_name))

    def _text_encoder(self, _: int, text: str, numbers: tuple[int, int]) -> Callable[[int], bytes]:
        packets = split_text(text, id_to=SERVER, id_from=self.own_id, numbers=numbers)
        return lambda recipient: stamp_recipient(packets, Layout.DATA, recipient)

    def _goodbye(self) -> bytes:
        return DataPacket(PacketType.CLOSE, id_from=self.own_id).encode()

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
            return self._end(Loss.NOT_A_HUB, f"The hub gave us the id {greeting.id_to}, {_NO_ID}")
        self.own_id = greeting.id_to
        self._own_address = greeting.text_a[:30]
        self._to_send.append(self._credentials)
        self.state = State.INTRODUCED
        return self._check_clock(greeting.long(1), moment.wall)

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
        self._joiner.forget(left)
        return self._receive_departure(left)

    def _receive_host_exiting(self, packet: bytes, _: _Moment) -> list[SessionEvent]:
        if sender_of(packet, Layout.DATA) != SERVER:
            return self._ignore("somebody who is not the hub says that the hub is exiting")
        reason = "The hub was stopped. Connect again when it is back."
        return [events.HubExited(), *self._end(Loss.HUB_EXITED, reason)]

    def _receive_ping(self, packet: bytes, moment: _Moment) -> list[SessionEvent]:
        ping = DataPacket.decode(packet)
        self._send(DataPacket(PacketType.PING_RESPONSE, id_from=self.own_id, longs=(ping.long(1),)))
        # An original hub passes on the pings of other clients, whose clocks do not matter.
        return self._check_clock(ping.long(1), moment.wall) if ping.id_from == SERVER else []

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

    def _send(self, packet: DataPacket) -> None:
        if self.state in (State.INTRODUCED, State.REGISTERED):
            self._to_send.append(packet.encode())
