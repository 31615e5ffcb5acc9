"""Which packets may come when.

Thread: pytest's main thread.
"""

import pytest

from commonlib.classic.packet import PacketType
from commonlib.exceptions import ProtocolError
from tcpipclient.core.order import Opening, State, is_allowed

BY_HUBS = {PacketType.PING, PacketType.REGISTERED, PacketType.HOST_EXITING, PacketType.CLIENT_DATA}
FROM_CLIENTS_ONLY = {
    PacketType.PING_RESPONSE,
    PacketType.MY_CREDENTIALS,
    PacketType.CREDENTIALS_UPDATE,
    PacketType.CLOSE,
}


def test_only_a_greeting_may_come_first() -> None:
    """Of all 65,536 types one."""
    assert [kind for kind in range(65536) if is_allowed(State.GREETED_BY_NOBODY, kind)] == [
        PacketType.REQUEST_CREDENTIALS
    ]


@pytest.mark.parametrize("state", [State.INTRODUCED, State.REGISTERED, State.LEAVING])
def test_a_greeting_comes_only_once_and_clients_packets_never(state: State) -> None:
    """What is a client's to say to a hub is never a hub's to say to us."""
    assert not is_allowed(state, PacketType.REQUEST_CREDENTIALS)
    assert not any(is_allowed(state, kind) for kind in FROM_CLIENTS_ONLY)
    assert all(is_allowed(state, kind) for kind in BY_HUBS)


def test_talk_and_own_commands_wait_until_we_are_registered() -> None:
    """Texts, receipts, files and numbers from 17 on."""
    talk = (PacketType.MESSAGE, PacketType.MESSAGE_RECEIVED, *range(13, 18), 65535)
    assert not any(is_allowed(State.INTRODUCED, kind) for kind in talk)
    assert all(is_allowed(State.REGISTERED, kind) for kind in talk)


def test_after_the_end_nothing_may_come() -> None:
    """Type 0 may never."""
    assert not any(is_allowed(State.ENDED, kind) for kind in (*PacketType, 17))
    assert not any(is_allowed(state, 0) for state in State)


@pytest.mark.parametrize("cut", [1, 2, 1024])
def test_an_opening_is_known_by_its_first_two_bytes(cut: int) -> None:
    """A hub's are 03 00, in any chunking; what follows is not looked at."""
    opening = Opening()
    data = b"\x03\x00" + b"\xff" * 1022
    opening.receive_data(data[:cut])
    opening.receive_data(data[cut:])
    opening.receive_data(b"SSH-2.0")


@pytest.mark.parametrize("chunks", [(b"", b"SSH-2.0-x"), (b"\x03", b"\x01"), (b"", b"\x16"), (b"", b"H")])
def test_a_stranger_is_noticed_at_once(chunks: tuple[bytes, bytes]) -> None:
    """Long before 1024 bytes have come."""
    opening = Opening()
    opening.receive_data(chunks[0])
    with pytest.raises(ProtocolError):
        opening.receive_data(chunks[1])
