"""TLS without a socket: what goes in comes out, and a hostile peer is bounded."""

import ssl
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from commonlib.wire.bounds import LARGEST_HANDSHAKE
from commonlib.wire.tls import TlsError, TlsPiece
from tests.support.tls_forger import (
    ALERT,
    APPLICATION_DATA,
    HANDSHAKE,
    USER_CANCELED,
    WARNING,
    Forger,
    victim_of_a_client,
    victim_of_a_hub,
)
from tests.support.tls_pairs import (
    any_client_context,
    bytewise,
    established_pair,
    exchange,
    identity_of,
    server_context_of,
)


def new_hub() -> TlsPiece:
    return TlsPiece(server_context_of("hub"), True)


def new_client() -> TlsPiece:
    return TlsPiece(any_client_context(), False)


def taken_until_fault(piece: TlsPiece, chunks: Iterable[bytes]) -> int:
    """How many bytes a piece takes before it finds a fault, which it must."""
    taken = 0
    for chunk in chunks:
        try:
            piece.receive_data(chunk)
        except TlsError:
            return taken
        taken += len(chunk)
    pytest.fail(f"all {taken} bytes were taken")


def test_plaintext_goes_both_ways() -> None:
    """And is not to be seen in between."""
    pair = established_pair()
    pair.client.encrypt(b"from the client")
    pair.hub.encrypt(b"from the hub")
    there, back = pair.client.data_to_send(), pair.hub.data_to_send()
    assert b"client" not in there
    assert pair.hub.receive_data(there) == b"from the client"
    assert pair.client.receive_data(back) == b"from the hub"
    assert pair.client.data_to_send() == b""


def test_the_client_speaks_first_and_nothing_is_left_to_send_afterwards() -> None:
    """No tickets follow the handshake, so a peer that closes early loses nothing."""
    client, hub = new_client(), new_hub()
    assert hub.data_to_send() == b""
    hello = client.data_to_send()
    assert hello[0] == 0x16
    assert hub.receive_data(hello) == b""
    assert client.receive_data(hub.data_to_send()) == b""
    assert client.is_established
    assert not hub.is_established
    assert hub.receive_data(client.data_to_send()) == b""
    assert hub.is_established
    assert hub.data_to_send() == b""


def test_the_handshake_works_byte_by_byte() -> None:
    """A network may divide it anywhere."""
    client, hub = new_client(), new_hub()
    exchange(client, hub, bytewise)
    assert client.is_established
    assert hub.is_established


def test_what_is_glued_to_the_handshake_is_not_lost() -> None:
    """The client's last word of the handshake and its first frame come in one chunk."""
    client, hub = new_client(), new_hub()
    hub.receive_data(client.data_to_send())
    client.receive_data(hub.data_to_send())
    client.encrypt(b"x" * 100_000)
    assert hub.receive_data(client.data_to_send()) == b"x" * 100_000


def test_the_client_sees_the_certificate_of_the_hub() -> None:
    """And the hub sees none of the client, who proves its key in another way."""
    pair = established_pair()
    certificate = ssl.DER_cert_to_PEM_cert(pair.client.peer_certificate()).encode()
    assert certificate == identity_of("hub").certificate
    with pytest.raises(TlsError, match="no certificate"):
        pair.hub.peer_certificate()


def test_records_out_of_order_end_the_connection() -> None:
    """Whoever takes bytes out must send them before anybody else takes more."""
    pair = established_pair()
    pair.hub.encrypt(b"one")
    one = pair.hub.data_to_send()
    pair.hub.encrypt(b"two")
    with pytest.raises(TlsError, match="bad record mac"):
        pair.client.receive_data(pair.hub.data_to_send() + one)


def test_an_end_that_is_said_is_heard() -> None:
    """What came before it is still read, what comes behind it is not, and the other direction stays open."""
    pair = established_pair()
    pair.client.encrypt(b"last words")
    pair.client.send_eof()
    assert not pair.hub.has_ended
    assert pair.hub.receive_data(pair.client.data_to_send() + b"anything") == b"last words"
    assert pair.hub.has_ended
    assert pair.hub.receive_data(b"more of it") == b""
    pair.hub.encrypt(b"answer")
    assert pair.client.receive_data(pair.hub.data_to_send()) == b"answer"
    with pytest.raises(TlsError):
        pair.client.encrypt(b"too late")


def test_an_end_of_the_network_is_no_fault_but_in_the_handshake() -> None:
    """A computer may be switched off at any time."""
    pair = established_pair()
    pair.hub.receive_eof()
    assert pair.hub.has_ended
    hub = new_hub()
    hub.receive_data(new_client().data_to_send())
    with pytest.raises(TlsError, match="during the handshake"):
        hub.receive_eof()


def test_nothing_is_sent_before_the_handshake_is_over() -> None:
    """Neither end knows yet whom it speaks to."""
    for piece in (new_hub(), new_client()):
        with pytest.raises(TlsError, match="before the handshake"):
            piece.encrypt(b"early")


@pytest.mark.parametrize("garbage", [b"GET / HTTP/1.1\r\n\r\n", bytes(1024), b"\x16\x03\x01\xff\xff" * 9, b"\x16" * 64])
def test_garbage_is_a_fault(garbage: bytes) -> None:
    """At both ends, and the piece is of no use afterwards."""
    for piece in (new_hub(), new_client()):
        with pytest.raises(TlsError):
            piece.receive_data(garbage)
        for use in (piece.receive_eof, lambda: piece.receive_data(b""), lambda: piece.encrypt(b"")):  # noqa: B023
            with pytest.raises(TlsError):
                use()


def test_a_fault_tells_the_peer_by_an_alert() -> None:
    """So that the other side knows why, where there still is one."""
    pair = established_pair()
    with pytest.raises(TlsError):
        pair.hub.receive_data(b"\x17\x03\x03\x00\x20" + bytes(32))
    with pytest.raises(TlsError, match="alert bad record mac"):
        pair.client.receive_data(pair.hub.data_to_send())


def test_an_endless_handshake_is_cut_off() -> None:
    """A ClientHello that announces far more than anybody needs, delivered slowly or at once."""
    endless = b"\x16\x03\x01\x40\x00" + b"\x01\x01\xff\xff" + bytes(16380)
    endless += (b"\x16\x03\x01\x40\x00" + bytes(16384)) * 3
    for size in (1000, len(endless)):
        hub = new_hub()
        chunks = (endless[start : start + size] for start in range(0, len(endless), size))
        assert taken_until_fault(hub, chunks) <= LARGEST_HANDSHAKE
        with pytest.raises(TlsError, match="too long"):
            hub.receive_eof()


def test_how_long_a_handshake_may_be_is_the_callers_choice() -> None:
    """Ours pass with 2 KiB, and do not with 100 bytes."""
    client = new_client()
    hello = client.data_to_send()
    TlsPiece(server_context_of("hub"), True, 2048).receive_data(hello)
    with pytest.raises(TlsError, match="too long"):
        TlsPiece(server_context_of("hub"), True, 100).receive_data(hello)


@pytest.mark.parametrize("cut", [1, 4, 5, 6, 100])
def test_a_handshake_that_stops_is_kept_waiting(cut: int) -> None:
    """Half of it is no fault; the shell has a deadline."""
    hub = new_hub()
    assert hub.receive_data(new_client().data_to_send()[:cut]) == b""
    assert not hub.is_established


Flood = Callable[[Forger], bytes]

FLOODS: dict[str, Flood] = {
    "key updates that ask for one": lambda forger: forger.key_update(requested=True),
    "key updates": lambda forger: forger.key_update(requested=False),
    "records without content": lambda forger: forger.record(APPLICATION_DATA, b""),
    "padding": lambda forger: forger.record(APPLICATION_DATA, b"x", padding=4000),
    "single bytes": lambda forger: forger.record(APPLICATION_DATA, b"x"),
    "warnings": lambda forger: forger.record(ALERT, bytes((WARNING, USER_CANCELED))),
}


@pytest.mark.parametrize("what", FLOODS)
@pytest.mark.parametrize("victim", [victim_of_a_client, victim_of_a_hub])
def test_a_flood_of_what_carries_nothing_ends_the_connection(
    victim: Callable[[Path], tuple[TlsPiece, Forger]], what: str, tmp_path: Path
) -> None:
    """However little the peer reads of the answers: they are bounded, and so is the work."""
    piece, forger = victim(tmp_path)
    assert taken_until_fault(piece, (FLOODS[what](forger) for _ in range(10_000))) < 130_000
    assert len(piece.data_to_send()) < 5000


def test_a_flood_in_one_chunk_is_bounded_as_well(tmp_path: Path) -> None:
    """The answers to 1 MiB of key updates would be as much."""
    piece, forger = victim_of_a_client(tmp_path)
    with pytest.raises(TlsError, match="too many answers"):
        piece.receive_data(b"".join(forger.key_update(requested=True) for _ in range(5000)))
    assert len(piece.data_to_send()) < 20_000


def test_tickets_from_a_hub_are_bounded(tmp_path: Path) -> None:
    """Ours gives none; another may give some, and not for ever."""
    piece, forger = victim_of_a_hub(tmp_path)
    assert taken_until_fault(piece, (forger.ticket() for _ in range(2000))) < 130_000
    with pytest.raises(TlsError, match="carry too little"):
        piece.receive_eof()


def test_a_peer_that_renews_its_keys_now_and_then_is_served(tmp_path: Path) -> None:
    """As the standard wants of those who send much; ours never does."""
    piece, forger = victim_of_a_client(tmp_path)
    for _ in range(2000):
        data = forger.record(APPLICATION_DATA, b"x" * 16384)
        assert len(piece.receive_data(data + forger.key_update(requested=True))) == 16384
    assert piece.data_to_send()


def test_the_shortest_frames_are_no_flood(tmp_path: Path) -> None:
    """16 bytes in each record, for as long as the peer likes."""
    piece, forger = victim_of_a_client(tmp_path)
    for _ in range(20_000):
        assert piece.receive_data(forger.record(APPLICATION_DATA, bytes(16))) == bytes(16)


def test_early_data_is_not_taken() -> None:
    """What a client claims to have sent along with its first bytes never comes out as plaintext."""
    hub = new_hub()
    early = b"\x17\x03\x03\x00\x40" + bytes(64)
    with pytest.raises(TlsError):
        hub.receive_data(new_client().data_to_send() + early * 300)


def test_a_second_handshake_is_a_fault(tmp_path: Path) -> None:
    """TLS 1.3 has no renegotiation."""
    piece, forger = victim_of_a_client(tmp_path)
    with pytest.raises(TlsError):
        piece.receive_data(forger.record(HANDSHAKE, new_client().data_to_send()[5:]))


@pytest.mark.parametrize("length", [1, 2048, 2049, 4096, 4097, 16384, 16385, 300_000])
def test_any_length_passes_in_order(length: int) -> None:
    """Records hold a part of it each."""
    data = bytes(index % 251 for index in range(length))
    pair = established_pair()
    pair.hub.encrypt(data)
    pair.hub.encrypt(b"end")
    assert pair.client.receive_data(pair.hub.data_to_send()) == data + b"end"


@pytest.mark.parametrize(("length", "count"), [(1, 1), (2049, 1), (16384, 1), (16385, 2), (40_000, 3)])
def test_what_is_sent_at_once_is_one_record_up_to_16_kibibytes(length: int, count: int) -> None:
    """And as few as TLS allows beyond that."""
    pair = established_pair()
    pair.hub.encrypt(bytes(length))
    assert records_in(pair.hub.data_to_send()) == count
    pair.hub.encrypt(bytes(length), in_slices=True)
    assert records_in(pair.hub.data_to_send()) == -(-length // 2048)


def records_in(stream: bytes) -> int:
    """How many records of TLS there are in this."""
    count = 0
    while stream:
        stream = stream[5 + int.from_bytes(stream[3:5], "big") :]
        count += 1
    return count


def test_buffers_stay_small_after_much_has_passed() -> None:
    """What OpenSSL once had in a buffer it keeps room for; thousands of idle connections cannot afford that."""
    pair = established_pair()
    outgoing, incoming = pair.hub._outgoing, pair.hub._incoming
    read, written = [], []

    class Outgoing:
        def read(self) -> bytes:
            read.append(outgoing.read())
            return read[-1]

    class Incoming:
        pending = property(lambda self: incoming.pending)

        def write(self, data: memoryview) -> int:
            written.append(len(data) + incoming.pending)
            return incoming.write(data)

    pair.hub._outgoing, pair.hub._incoming = Outgoing(), Incoming()  # type: ignore[assignment]
    pair.hub.encrypt(bytes(1 << 20), in_slices=True)
    pair.client.encrypt(bytes(1 << 20))
    assert pair.hub.receive_data(pair.client.data_to_send()) == bytes(1 << 20)
    assert 0 < max(map(len, read)) < 2100
    assert 0 < max(written) <= 4096
