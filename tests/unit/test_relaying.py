"""One half of a way through the hub: it joins where the hub relays, and ends with nothing open where it does not."""

import contextlib
import socket
from collections.abc import Callable

import pytest

from commonlib.classic.packet import PACKET_SIZE
from commonlib.wire.relay_join import RelayJoin, relay_proof
from commonlib.wire.way_messages import Role, WayOpened
from tcpipclient.net.peer.loop import Steps
from tcpipclient.net.peer.relaying import RelayError, join_relay
from tests.support.handshakes import NONCE, greeting_with
from tests.support.hub_packets import greeting
from tests.support.tls_pairs import identity_of

OPENED = WayOpened(
    transfer=b"t" * 16, role=Role.SENDER, peer=2, peer_key=identity_of("receiver").fingerprint, token=b"k" * 32
)


def run_ready(steps: Steps[socket.socket]) -> socket.socket:
    """What steps return that look whenever they may."""
    while True:
        try:
            steps.send(True)
        except StopIteration as over:
            connected: socket.socket = over.value
            return connected


def joined_with(hub_says: Callable[[socket.socket], object]) -> socket.socket:
    """What becomes of a half at a hub that says something as soon as it is connected to."""
    with socket.create_server(("127.0.0.1", 0)) as listening, contextlib.ExitStack() as stack:
        steps = join_relay(listening.getsockname(), OPENED, 1e9)
        next(steps)
        hub = stack.enter_context(listening.accept()[0])
        hub.settimeout(5.0)
        hub_says(hub)
        connected = run_ready(steps)
        data = b""
        while len(data) < PACKET_SIZE:
            data += hub.recv(PACKET_SIZE)
        assert RelayJoin.decode(data).proof == relay_proof(OPENED.token, NONCE, OPENED.transfer, Role.SENDER)
        return connected


def test_a_hub_that_greets_is_shown_that_we_have_the_token() -> None:
    """And what comes behind its greeting is from the other half."""
    with joined_with(lambda hub: hub.sendall(greeting_with() + b"half")) as connected:
        connected.settimeout(5.0)
        assert connected.recv(9) == b"half"


@pytest.mark.parametrize(
    "says",
    [lambda hub: hub.sendall(greeting(1)), lambda hub: hub.sendall(bytes(PACKET_SIZE)), lambda hub: hub.close()],
    ids=["an original server", "zeros", "nothing"],
)
def test_a_hub_that_does_not_relay(says: Callable[[socket.socket], object]) -> None:
    """It has no nonce to answer to."""
    with pytest.raises(RelayError):
        joined_with(says)


def test_a_hub_whose_address_is_a_name_is_not_looked_up() -> None:
    """Only the connection to it knows where it is."""
    with pytest.raises(OSError, match=r"."):
        next(join_relay(("localhost", 9999), OPENED, 1e9))
