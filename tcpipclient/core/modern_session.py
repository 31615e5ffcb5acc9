"""A client's session with a hub on the modern wire: frames in, events out (docs/protocol.md, M5 to M8).

Owns what is special about this wire: its frames, their legal order, and what each means. It begins behind the hub's
Welcome. Must never do I/O, read a clock, block, or believe a field that it has not looked at: nothing that comes from a
hub makes `receive_...` raise. Pure: used under one lock, since commands come from any thread and frames from the
dispatcher's.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

from commonlib.classic.cutter import cut_runs
from commonlib.classic.file_receiving import FileBegan, FileEvent, FileKey
from commonlib.classic.layouts import BigStringPacket, DataPacket
from commonlib.classic.packet import FIRST_OWN_COMMAND, LayoutTable, PacketType, check_own_command, type_of
from commonlib.classic.texts import LARGEST_NUMBER, LARGEST_TEXT, SMALLEST_NUMBER
from commonlib.exceptions import FieldError
from commonlib.ticks import ticks_from_unix
from commonlib.values import dataclass, replace
from commonlib.wire import messages
from commonlib.wire.frames import HEADER_SIZE, HUB, Frame, FrameType, encode_frame
from commonlib.wire.messages import MessageError, decode_message, encode_message
from commonlib.wire.reasons import ClosingReason
from commonlib.wire.schema import Message
from commonlib.wire.way_messages import FilesAnswered, FilesCancelled, FilesOffered, WayOpened, WayRefused, WayWanted
from tcpipclient.core import events
from tcpipclient.core.closing import loss_of
from tcpipclient.core.commands import encode_command, read_command
from tcpipclient.core.events import Loss
from tcpipclient.core.exceptions import PayloadError
from tcpipclient.core.order import State, is_frame_allowed
from tcpipclient.core.profile import Profile
from tcpipclient.core.roster import person_of
from tcpipclient.core.session import Session, SessionEvent
from tcpipclient.core.transfers.said import SaidOfFiles, SaidToOthers

if TYPE_CHECKING:
    # Loaded where it is needed: for files to somebody on the classic wire.
    from tcpipclient.core.framed_file import FramedFileSending

QUIET_SECONDS = 15.0
"""After so long without a word of the hub it is asked whether it is there."""
SILENCE_SECONDS = 45.0
"""After so long it is given up."""

_FILE_TYPES = frozenset({PacketType.FILE_START, PacketType.FILE_CHUNK, PacketType.FILE_END})


@dataclass(frozen=True, slots=True)
class Admission:
    """What the arrival has settled before a session begins.

    Attributes:
        welcome: The hub's word that we are in.
        hub_key: Fingerprint of the hub's key.
        clock: The hub's, by its greeting, in ticks; 0 where it gave none.
    """

    welcome: messages.Welcome
    hub_key: bytes
    clock: int = 0


class ModernSession(Session):
    """One connection to one hub of ours, encrypted.

    Args:
        profile: What we have said about ourselves.
        now, wall: Monotonic and Unix seconds.
        layouts: Of the commands of one's own that are packets.
    """

    def __init__(
        self, profile: Profile, admission: Admission, now: float, wall: float, layouts: LayoutTable | None = None
    ) -> None:
        super().__init__(profile, now, layouts)
        self.state = State.INTRODUCED
        self.own_id = admission.welcome.own_id
        self.hub_key = admission.hub_key
        self.hub_name = admission.welcome.hub_name
        self._admission = admission
        self._now, self._wall = now, wall
        self._last_asked = now
        self._asked: tuple[int, float] | None = None
        self._receivers: dict[type, Callable[..., list[SessionEvent]]] = {
            messages.People: self._receive_people,
            messages.PeopleLeft: self._receive_people_left,
            messages.RosterComplete: self._receive_roster_complete,
            messages.Ping: self._receive_ping,
            messages.Pong: self._receive_pong,
            messages.Latencies: self._receive_latencies,
            messages.Closing: self._receive_closing,
            messages.Text: self._receive_text,
            messages.Receipt: self._receive_receipt,
            messages.Command: self._receive_command,
            messages.ClassicPackets: self._receive_classic_packets,
            messages.FileBegan: self._receive_file_began,
            **dict.fromkeys((WayOpened, WayRefused), self._receive_of_hub),
            **dict.fromkeys((FilesOffered, FilesAnswered, WayWanted), self._receive_of_peer),
            FilesCancelled: lambda message, sender: [SaidOfFiles(sender, message)],
        }

    # What arrives

    def receive_block(self, block: list[Frame], now: float, wall: float) -> list[SessionEvent]:
        """Take frames, as FrameCutter gives them. As Session."""
        self._last_heard = self._now = now
        self._wall = wall
        told: list[SessionEvent] = []
        for frame in block:
            came = self._receive_frame(frame)
            if self.state is State.INTRODUCED:
                self._due += came
            else:
                told += came + self._take_due()
        return told

    def maybe_silence(self, now: float) -> str | None:
        """As Session; asks the hub after QUIET_SECONDS, and again each time that so many have passed."""
        if now - self._last_heard >= SILENCE_SECONDS:
            return f"The hub was silent for {SILENCE_SECONDS:.0f} seconds. Check the network, and connect again."
        if now - max(self._last_heard, self._last_asked) >= QUIET_SECONDS:
            self._ask_hub(now)
        return None

    def _ask_hub(self, now: float) -> None:
        clock = ticks_from_unix(self._wall + now - self._now)
        self._last_asked = now
        self._asked = (clock, now)
        self._to_send.append(encode_message(messages.Ping(clock=clock)))

    # What is asked for

    def send_command(self, packet: DataPacket | BigStringPacket, recipients: Sequence[int]) -> None:
        """As Session; the packet goes inside a frame, so that it reaches those on the classic wire, too."""
        self.require_registered()
        (encoded,) = encode_command(packet, (HUB,))
        body = messages.ClassicPackets(packets=encoded)
        self._to_send += [encode_message(body, to=recipient) for recipient in recipients if self._is_there(recipient)]

    def send_payload(self, number: int, payload: bytes, recipients: Sequence[int]) -> None:
        """As Session."""
        self.require_registered()
        check_own_command(number)
        if len(payload) > messages.LARGEST_PAYLOAD:
            raise FieldError("The payload", f"it has {len(payload)} bytes, and {messages.LARGEST_PAYLOAD} is the most")
        there = [recipient for recipient in recipients if self._is_there(recipient)]
        for recipient in there:
            person = self.roster.maybe_get(recipient)
            if person is not None and not person.is_encrypted:
                raise PayloadError(recipient)
        command = messages.Command(number=number, payload=payload)
        self._to_send += [encode_message(command, to=recipient) for recipient in there]

    def ask_latencies(self, ids: Sequence[int], now: float) -> None:
        """As Session; the hub is asked for its own answer, too."""
        self.require_registered()
        if self._asked is None or now - self._last_asked >= QUIET_SECONDS:
            self._ask_hub(now)
        for start in range(0, len(ids), messages.MOST_LATENCIES):
            self._send(messages.LatenciesAsked(ids=list(ids[start : start + messages.MOST_LATENCIES])))

    def say_of_files(self, message: SaidToOthers, recipient: int) -> None:
        """As Session."""
        if self.state is State.REGISTERED and self._is_there(recipient):
            self._to_send.append(encode_message(message, to=recipient))

    def update_profile(self, profile: Profile) -> None:
        """As Session."""
        self.require_registered()
        self._to_send.append(encode_message(profile.message()))
        self.profile = profile

    def maybe_begin_file(self, transfer: int, created: datetime, modified: datetime) -> "FramedFileSending | None":
        """As Session."""
        sending = self.outgoing.maybe_begin(transfer, self.own_id, created, modified)
        file = self.outgoing.maybe_target(transfer)
        if sending is None or file is None:
            return None
        from tcpipclient.core.framed_file import FramedFileSending

        return FramedFileSending(sending, file.name, file.recipient)

    def confirm_file(self, key: FileKey, wire_name: str) -> None:
        """As Session."""
        done = DataPacket(PacketType.DONE_RECEIVING_FILE, text_a=wire_name)
        self._send(messages.ClassicPackets(packets=done.encode()), to=key.sender)

    def _text_encoder(self, number: int, text: str, numbers: tuple[int, int]) -> Callable[[int], bytes]:
        if len(text) > LARGEST_TEXT:
            raise FieldError("The text", f"it has {len(text)} characters, and {LARGEST_TEXT} is the most that is sent")
        if not all(SMALLEST_NUMBER <= each <= LARGEST_NUMBER for each in numbers):
            raise FieldError("A number", f"it must lie between {SMALLEST_NUMBER} and {LARGEST_NUMBER}")
        message = messages.Text(number=number, text=text, numbers=numbers)
        body = encode_message(message)[HEADER_SIZE:]
        return lambda recipient: encode_frame(Frame(FrameType.TEXT, recipient, HUB, body))

    def _goodbye(self) -> bytes:
        return encode_message(messages.Closing(reason=ClosingReason.LEAVING))

    # One kind of frame each

    def _receive_frame(self, frame: Frame) -> list[SessionEvent]:
        if self.has_ended():
            return []
        if not is_frame_allowed(self.state, frame.type):
            return self._ignore(f"a frame of type {frame.type} came where it may not")
        try:
            message = decode_message(frame)
        except MessageError as error:
            return self._ignore(error.detail)
        return self._receivers[type(message)](message, frame.sender)

    def _receive_people(self, message: messages.People, _: int) -> list[SessionEvent]:
        told: list[SessionEvent] = []
        for person in map(person_of, message.people):
            if person.id == self.own_id:
                continue
            if person.id not in self.roster and self.roster.is_full:
                told += self._ignore("more people came than a roster holds")
                continue
            change = self.roster.put(person)
            if change is not None and self.state is not State.INTRODUCED:
                told.append(change)
        return told

    def _receive_people_left(self, message: messages.PeopleLeft, _: int) -> list[SessionEvent]:
        return [event for left in message.ids for event in self._receive_departure(left)]

    def _receive_roster_complete(self, _: messages.RosterComplete, __: int) -> list[SessionEvent]:
        if self.state is not State.INTRODUCED:
            return self._ignore("the roster was complete already")
        self.state = State.REGISTERED
        welcome = self._admission.welcome
        registered = events.Registered(
            self.own_id,
            welcome.version,
            self.roster.snapshot(),
            self.hub_key,
            welcome.hub_name,
            welcome.name,
            welcome.session,
        )
        return [registered, *self._check_clock(self._admission.clock, self._wall)]

    def _receive_ping(self, message: messages.Ping, sender: int) -> list[SessionEvent]:
        if sender != HUB:
            return self._ignore("somebody who is not the hub asks whether we are there")
        self._send(messages.Pong(clock=message.clock))
        return self._check_clock(message.clock, self._wall)

    def _receive_pong(self, message: messages.Pong, sender: int) -> list[SessionEvent]:
        if self._asked is None or sender != HUB or message.clock != self._asked[0]:
            return []
        self.latency = self._now - self._asked[1]
        self._asked = None
        return [events.LatencyMeasured(self.latency)]

    def _receive_latencies(self, message: messages.Latencies, sender: int) -> list[SessionEvent]:
        if sender != HUB:
            return self._ignore("somebody who is not the hub tells latencies")
        there = {told: microseconds / 1e6 for told, microseconds in message.latencies if told in self.roster}
        return [events.LatenciesTold(MappingProxyType(there))]

    def _receive_closing(self, message: messages.Closing, sender: int) -> list[SessionEvent]:
        if sender != HUB:
            return self._ignore("somebody who is not the hub ends our connection")
        loss, reason = loss_of(message)
        told: list[SessionEvent] = [events.HubExited()] if loss is Loss.HUB_EXITED else []
        return [*told, *self._end(loss, reason)]

    def _receive_text(self, message: messages.Text, sender: int) -> list[SessionEvent]:
        self._send(messages.Receipt(number=message.number), to=sender)
        return [events.TextArrived(sender, self.roster.name_of(sender), message.text, message.numbers)]

    def _receive_receipt(self, message: messages.Receipt, sender: int) -> list[SessionEvent]:
        text = self._receipts.maybe_confirm(sender, message.number)
        return [] if text is None else [events.TextDelivered(text, sender)]

    def _receive_command(self, message: messages.Command, sender: int) -> list[SessionEvent]:
        return [events.PayloadArrived(message.number, sender, message.payload)]

    def _receive_of_hub(self, message: WayOpened | WayRefused, sender: int) -> list[SessionEvent]:
        if sender != HUB:
            return self._ignore("somebody who is not the hub speaks of ways in its name")
        return [SaidOfFiles(sender, message)]

    def _receive_of_peer(self, message: FilesOffered | FilesAnswered | WayWanted, sender: int) -> list[SessionEvent]:
        if sender in (HUB, self.own_id):
            return self._ignore("the hub, or we ourselves, offer us files")
        return [SaidOfFiles(sender, message)]

    def _receive_classic_packets(self, message: messages.ClassicPackets, sender: int) -> list[SessionEvent]:
        """The addresses that count are those of the frame."""
        told: list[SessionEvent] = []
        for run in cut_runs(message.packets, self._layouts):
            if run.packet_type in _FILE_TYPES:
                told += self._incoming.receive_run(run, sender, self._now)
            elif run.packet_type == PacketType.DONE_RECEIVING_FILE:
                for packet in run.each():
                    told += self.outgoing.confirm(sender, DataPacket.decode(packet).text_a)
            elif run.packet_type >= FIRST_OWN_COMMAND:
                from_sender = replace(run, id_from=sender)
                told += [read_command(from_sender, packet) for packet in run.each()]
            else:
                told += self._ignore(f"packets of type {run.packet_type} came inside a frame")
        return told

    def _receive_file_began(self, message: messages.FileBegan, sender: int) -> list[SessionEvent]:
        if type_of(message.packet) != PacketType.FILE_START:
            return self._ignore("a file began with something else than a file's first packet")
        (run,) = cut_runs(message.packet, self._layouts)
        came = self._incoming.receive_run(run, sender, self._now)
        return [_with_full_name(event, message.name) for event in came]

    def _send(self, message: Message, to: int = HUB) -> None:
        if self.state in (State.INTRODUCED, State.REGISTERED):
            self._to_send.append(encode_message(message, to=to))


def _with_full_name(event: FileEvent, name: str) -> FileEvent:
    return replace(event, full_name=name) if isinstance(event, FileBegan) else event
