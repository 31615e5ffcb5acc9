"""The file packets of the classic wire inside frames of the modern one (docs/protocol.md, M8).

Owns which packets share a frame, and the name that goes beside the first of them in full Unicode. Must never read a
file. Pure; a machine belongs to one thread at a time.
"""

from commonlib.classic.cutter import Run, cut_runs
from commonlib.classic.file_sending import FileSending
from commonlib.classic.packet import LayoutTable, PacketType
from commonlib.wire.messages import LONGEST_FILE_NAME, ClassicPackets, FileBegan, encode_message

_LAYOUTS = LayoutTable()


class FramedFileSending:
    """Turns the bytes of one file into frames: any number of send_data, then finish.

    Args:
        sending: Makes the packets.
        name: The file's, as it is here.
        recipient: His id, of any width.
    """

    def __init__(self, sending: FileSending, name: str, recipient: int) -> None:
        self._sending = sending
        self._name = _sayable(name)
        self._recipient = recipient

    def send_data(self, data: bytes) -> bytes:
        """As FileSending; the packets stand in frames. Raises FileChangedError."""
        return self._framed(self._sending.send_data(data))

    def finish(self) -> bytes:
        """As FileSending; the packets stand in frames. Raises FileChangedError."""
        return self._framed(self._sending.finish())

    def _framed(self, packets: bytes) -> bytes:
        return b"".join(map(self._frame, cut_runs(packets, _LAYOUTS)))

    def _frame(self, run: Run) -> bytes:
        if run.packet_type == PacketType.FILE_START:
            return encode_message(FileBegan(name=self._name, packet=run.packets), to=self._recipient)
        return encode_message(ClassicPackets(packets=run.packets), to=self._recipient)


def _sayable(name: str) -> str:
    """A name as long as the field and fit for UTF-8: halves of surrogate pairs, which files may have, become `_`."""
    return "".join("_" if "\ud800" <= character <= "\udfff" else character for character in name)[:LONGEST_FILE_NAME]
