"""The commands of one's own: what tells them apart, and their packets (docs/protocol.md, "Own commands").

Owns which layouts they may have. Must never know what a command means. Pure: any thread.
"""

from collections.abc import Iterable

from commonlib.classic.cutter import Run
from commonlib.classic.layouts import BigStringPacket, DataPacket
from commonlib.classic.packet import Layout, LayoutTable, check_own_command, stamp_recipient
from commonlib.exceptions import FieldError
from tcpipclient.core.events import CommandArrived


def with_own_command(layouts: LayoutTable, number: int, layout: Layout) -> LayoutTable:
    """A table that also knows a command of one's own.

    Raises:
        FieldError: The number is the protocol's, or the layout neither DATA nor BIG_STRING.
    """
    if layout not in (Layout.DATA, Layout.BIG_STRING):
        raise FieldError("Packet_Type", "an own command has the layout DATA or BIG_STRING")
    return layouts.with_command(number, layout)


def encode_command(packet: DataPacket | BigStringPacket, recipients: Iterable[int]) -> list[bytes]:
    """The packet, 1024 bytes, once for each recipient.

    Raises:
        FieldError: The number is the protocol's, or a field does not fit.
    """
    check_own_command(packet.packet_type)
    layout = Layout.DATA if isinstance(packet, DataPacket) else Layout.BIG_STRING
    encoded = packet.encode()
    return [stamp_recipient(encoded, layout, recipient) for recipient in recipients]


def read_command(run: Run, packet: bytes) -> CommandArrived:
    """What a packet of 1024 bytes out of a run says, in the layout that the run was cut by."""
    decoded: DataPacket | BigStringPacket
    decoded = BigStringPacket.decode(packet) if run.layout is Layout.BIG_STRING else DataPacket.decode(packet)
    return CommandArrived(run.packet_type, run.id_from, decoded)
