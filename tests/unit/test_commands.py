"""The packets of one's own commands.

Thread: pytest's main thread.
"""

import pytest

from commonlib.classic.cutter import cut_runs
from commonlib.classic.layouts import BigStringPacket, DataPacket
from commonlib.classic.packet import Layout, LayoutTable, PacketType
from commonlib.exceptions import FieldError
from tcpipclient.core.commands import encode_command, read_command, with_own_command


@pytest.mark.parametrize("layout", [Layout.CLIENT_DATA, Layout.FILE_START, Layout.FILE_CHUNK])
def test_own_commands_are_data_or_big_string(layout: Layout) -> None:
    """Other layouts mean something to hubs."""
    with pytest.raises(FieldError, match="DATA or BIG_STRING"):
        with_own_command(LayoutTable(), 100, layout)


@pytest.mark.parametrize("number", [0, *PacketType, 65536])
def test_the_protocols_numbers_are_not_free(number: int) -> None:
    """Neither to register nor to send."""
    with pytest.raises(FieldError):
        with_own_command(LayoutTable(), number, Layout.DATA)
    with pytest.raises(FieldError):
        encode_command(DataPacket(number), [2])


def test_a_command_comes_back_as_it_went() -> None:
    """Encoded for each recipient, cut and read in the layout that was registered."""
    layouts = with_own_command(LayoutTable(), 100, Layout.BIG_STRING)
    packets = encode_command(BigStringPacket(100, id_from=9, extra=4, text="hello"), [2, 3])
    runs = cut_runs(b"".join(packets), layouts)
    assert [run.id_to for run in runs] == [2, 3]
    read = read_command(runs[0], runs[0].packets)
    assert (read.number, read.sender) == (100, 9)
    assert read.packet == BigStringPacket(100, 2, 9, 5, 4, "hello")
