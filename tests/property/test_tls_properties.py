"""TLS over a network that divides and delays as it likes: what comes out is what went in."""

from hypothesis import given
from hypothesis import strategies as st

from commonlib.wire.tls import TlsPiece
from tests.support.tls_pairs import any_client_context, server_context_of

MESSAGES = st.lists(st.binary(max_size=300) | st.integers(1, 40_000).map(bytes), max_size=6)
SIZES = st.lists(st.integers(1, 40) | st.integers(1, 20_000), min_size=1, max_size=20)


class Network:
    """Carries bytes both ways in pieces of the given sizes, one end after the other."""

    def __init__(self, ends: tuple[TlsPiece, TlsPiece], sizes: list[int]) -> None:
        self.ends = ends
        self.arrived = (bytearray(), bytearray())
        self._on_the_way = (bytearray(), bytearray())
        self._sizes = sizes
        self._turn = 0

    def run(self) -> None:
        """Carry until nothing is left."""
        while True:
            for end, way in zip(self.ends, self._on_the_way, strict=True):
                way += end.data_to_send()
            if not any(self._on_the_way):
                return
            for receiver in (0, 1):
                way = self._on_the_way[1 - receiver]
                size = self._sizes[self._turn % len(self._sizes)]
                self._turn += 1
                chunk = bytes(way[:size])
                del way[:size]
                if chunk:
                    self.arrived[receiver].extend(self.ends[receiver].receive_data(chunk))


@given(MESSAGES, MESSAGES, SIZES)
def test_what_goes_in_comes_out_in_order(there: list[bytes], back: list[bytes], sizes: list[int]) -> None:
    """Both ways, however the network divides it; the client's first words are glued to its handshake."""
    hub, client = TlsPiece(server_context_of("hub"), True), TlsPiece(any_client_context(), False)
    network = Network((hub, client), sizes)
    while not client.is_established:
        client.receive_data(_answer_to(hub, client.data_to_send()))
    for message in there:
        client.encrypt(message)
    network.run()
    for message in back:
        hub.encrypt(message)
    network.run()
    assert network.arrived == (b"".join(there), b"".join(back))


@given(SIZES)
def test_the_handshake_is_over_however_it_is_divided(sizes: list[int]) -> None:
    """And nothing of it comes out as plaintext."""
    hub, client = TlsPiece(server_context_of("hub"), True), TlsPiece(any_client_context(), False)
    network = Network((hub, client), sizes)
    network.run()
    assert hub.is_established
    assert client.is_established
    assert network.arrived == (b"", b"")


def _answer_to(hub: TlsPiece, data: bytes) -> bytes:
    assert hub.receive_data(data) == b""
    return hub.data_to_send()
