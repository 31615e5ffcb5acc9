"""The modern wire as a dialect of the hub: from decrypted bytes to inputs (docs/protocol.md, "The modern wire").

Owns the translation of frames into inputs; the other way is modern_encoder.py. Must never decide who hears what, and
never lets a client say what only a hub may. Pure: `cut` runs on the arrival's, later the normalizer's thread, the rest
on the dispatcher's.
"""

from commonlib.classic.cutter import cut_runs
from commonlib.classic.packet import (
    FILE_ID_OFFSET,
    LARGEST_SHORT_ID,
    Layout,
    PacketType,
    stamp_recipient,
    type_of,
)
from commonlib.wire import messages
from commonlib.wire.frames import Frame, FrameCutter
from commonlib.wire.messages import MessageError, UnknownFrameError, decode_message
from commonlib.wire.schema import Message
from commonlib.wire.way_messages import FilesAnswered, FilesCancelled, FilesOffered, WayWanted
from tcpipserver.dialects.classic import LayoutRegistry
from tcpipserver.hub import inputs
from tcpipserver.hub.limits import Limits
from tcpipserver.hub.people import Credentials, Details, Wire


class ModernDialect:
    """One connection of the modern wire whose client has proved his key."""

    __slots__ = ("_connection", "_cutter", "_limits", "_registry")

    def __init__(self, connection: int, registry: LayoutRegistry, limits: Limits) -> None:
        self._connection = connection
        self._registry = registry
        self._limits = limits
        self._cutter = FrameCutter(limits.early_frame_bytes)

    @property
    def wire(self) -> Wire:
        """The modern one."""
        return Wire.MODERN

    def cut(self, data: bytes) -> list[Frame]:
        """Add a chunk of the decrypted stream; returns the frames that are whole now.

        Raises:
            FrameError: A frame is longer than may be: the connection is of no further use (inputs.StreamBroken).
        """
        return self._cutter.receive_data(data)

    def receive(self, frame: Frame) -> list[inputs.Input]:
        """What a frame means to the hub. What the protocol does not allow becomes Misbehaved."""
        try:
            message = decode_message(frame)
        except UnknownFrameError:
            return [inputs.SignOfLife(self._connection)]
        except MessageError as error:
            return self._misbehaved(error.detail)
        return self._translate(message, frame.to)

    @property
    def unfinished(self) -> int:
        """Bytes that wait for the rest of their frame."""
        return self._cutter.unfinished

    def take_in(self) -> None:
        """The client is a member: his frames may be long now."""
        self._cutter.largest = self._limits.frame_bytes

    def receive_end(self) -> None:
        """Nothing is kept beyond this object."""

    def _translate(self, message: Message, to: int) -> list[inputs.Input]:
        connection = self._connection
        match message:
            case messages.ClassicPackets():
                return self._packets(message.packets, to)
            case messages.FileBegan():
                return self._file_began(message, to)
            case messages.Text():
                return [
                    inputs.TextSaid(connection, to, message.text, numbers=message.numbers, number=message.number),
                ]
            case messages.Receipt():
                return [inputs.TextReceived(connection, to, number=message.number)]
            case messages.Command():
                return [inputs.CommandSent(connection, to, message.number, message.payload)]
            case FilesOffered() | FilesAnswered() | FilesCancelled() | WayWanted():
                return [inputs.FilesSaid(connection, to, message)]
            case messages.Ping():
                return [inputs.PingAsked(connection, message.clock)]
            case messages.Pong():
                return [inputs.PingAnswered(connection, message.clock)]
            case messages.LatenciesAsked():
                return [inputs.LatenciesAsked(connection, tuple(message.ids))]
            case messages.Profile():
                return [inputs.ProfileChanged(connection, *read_profile(message))]
            case messages.Closing():
                return [inputs.LeaveAnnounced(connection)]
            case _:
                return self._misbehaved(f"it sent a frame of type {message.frame_type:d}, which is not for it to send")

    def _packets(self, packets: bytes, to: int) -> list[inputs.Input]:
        """Packets of one type for the recipient of the frame, whatever they say themselves about him."""
        packet_type = type_of(packets)
        if packet_type < PacketType.FILE_START:
            return self._misbehaved(f"it sent packets of type {packet_type} in a frame, which is only for files")
        layout = self._registry.table.layout_of(packet_type)
        runs = cut_runs(_addressed(packets, layout, to), self._registry.table)
        if any(run.packet_type != packet_type for run in runs):
            return self._misbehaved("it sent packets of several types in one frame")
        return [inputs.PacketsSent(self._connection, packet_type, layout, to, run.packets, run.file_id) for run in runs]

    def _file_began(self, message: messages.FileBegan, to: int) -> list[inputs.Input]:
        packet_type = type_of(message.packet)
        if packet_type != PacketType.FILE_START:
            return self._misbehaved(f"it began a file with a packet of type {packet_type}")
        packet = _addressed(message.packet, Layout.FILE_START, to)
        file_id = int.from_bytes(packet[FILE_ID_OFFSET : FILE_ID_OFFSET + 2], "little")
        return [
            inputs.PacketsSent(
                self._connection, packet_type, Layout.FILE_START, to, packet, file_id, file_name=message.name
            )
        ]

    def _misbehaved(self, detail: str) -> list[inputs.Input]:
        return [inputs.Misbehaved(self._connection, detail)]


def read_profile(profile: messages.Profile) -> tuple[Credentials, Details]:
    """What a client says about itself, in Hello or later."""
    credentials = Credentials(profile.name, profile.computer, profile.program)
    details = Details(
        alternate_address=profile.alternate_address,
        colour=profile.colour,
        status=profile.status,
        listening_port=profile.listening_port,
        status_ticks=profile.status_ticks,
    )
    return credentials, details


def _addressed(packets: bytes, layout: Layout, to: int) -> bytes:
    """With the recipient in them, for one on the classic wire; an id that has no room there is nobody's on it."""
    has_room = to <= LARGEST_SHORT_ID or layout.place.width > 2
    return stamp_recipient(packets, layout, to) if has_room else packets
