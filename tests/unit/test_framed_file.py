"""File packets inside frames: whatever the pieces a file comes in, the packets inside are those of the classic wire.

Thread: pytest's main thread.
"""

import pytest

from commonlib.classic.file_sending import PREFERRED_BLOCK, FileChangedError, FileSending
from commonlib.wire.messages import FileBegan
from tcpipclient.core.framed_file import FramedFileSending
from tests.support.hub_packets import DATE
from tests.support.modern_sessions import packets_in, said_in


def sending(size: int) -> FileSending:
    """The machine inside."""
    return FileSending(file_id=7, id_to=2, id_from=1, name="a.bin", size=size, created=DATE, modified=DATE)


@pytest.mark.parametrize("size", [0, 1, 914, 915, 5000, PREFERRED_BLOCK + 1000])
@pytest.mark.parametrize("piece", [1000, PREFERRED_BLOCK])
def test_the_packets_inside_are_the_same(size: int, piece: int) -> None:
    """For any size, in any pieces; the name stands beside the first alone."""
    content = bytes(range(256)) * (size // 256 + 1)
    content = content[:size]
    plain, framed = sending(size), FramedFileSending(sending(size), "Ω.bin", 2)
    packets, frames = b"", b""
    for start in range(0, size, piece):
        packets += plain.send_data(content[start : start + piece])
        frames += framed.send_data(content[start : start + piece])
    sent = said_in(frames + framed.finish())
    assert packets_in(sent) == packets + plain.finish()
    assert [message.name for _, message in sent if isinstance(message, FileBegan)] == ["Ω.bin"]


def test_a_file_that_changed_is_told_as_ever() -> None:
    """Nothing of an end is made."""
    framed = FramedFileSending(sending(2), "a", 2)
    framed.send_data(b"x")
    with pytest.raises(FileChangedError):
        framed.finish()
