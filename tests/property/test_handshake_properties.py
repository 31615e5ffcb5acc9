"""Arrivals over a network that divides as it likes, and with peers that say anything in any order."""

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from commonlib.exceptions import ProtocolError
from commonlib.identity import fingerprint_of
from commonlib.wire.client_handshake import HubShown
from commonlib.wire.frames import Frame
from commonlib.wire.hub_handshake import CodeTried, Proved
from commonlib.wire.messages import (
    ApprovalAwaited,
    JoinCodeAsked,
    JoinCodeConfirmed,
    JoinCodeTried,
    Ping,
    Text,
    Welcome,
    encode_message,
)
from commonlib.wire.schema import Message
from tests.support.handshakes import Meeting, Peer, client_peer, hello_of, hub_peer, new_client, new_hub
from tests.support.join_codes import CODE, entropy_of
from tests.support.tls_pairs import Divide, exchange, identity_of

SIZES = st.lists(st.integers(1, 30) | st.integers(1, 3000), min_size=1, max_size=10)
HELLO = hello_of(identity_of("client"), identity_of("hub").fingerprint)
HELLO_OF_A_STRANGER = hello_of(identity_of("stranger"), identity_of("hub").fingerprint)
UNKNOWN = Frame(700, 0, 0, b"unknown")

SAID = st.sampled_from(
    (
        HELLO,
        HELLO_OF_A_STRANGER,
        hello_of(identity_of("client"), identity_of("stranger").fingerprint),
        Welcome(own_id=1, version=(1, 0, 0)),
        ApprovalAwaited(),
        JoinCodeAsked(exchange=b"B" + bytes(32)),
        JoinCodeTried(exchange=b"A" + bytes(32), confirmation=bytes(32)),
        JoinCodeConfirmed(confirmation=bytes(32)),
        Ping(clock=1),
        Text(number=1, text="x"),
        Frame(1, 0, 0, b"\x80"),
        UNKNOWN,
        b"\x00\x00",
    )
)


def divided_by(sizes: list[int]) -> Divide:
    """A network that divides into pieces of these sizes, again and again."""

    def divide(data: bytes) -> list[bytes]:
        pieces, turn = [], 0
        while data:
            size = sizes[turn % len(sizes)]
            pieces.append(data[:size])
            data = data[size:]
            turn += 1
        return pieces

    return lambda data: iter(divide(data))


@given(SIZES, st.booleans(), st.binary(max_size=100).map(lambda text: Text(number=1, text=text.hex())))
def test_an_arrival_is_the_same_however_it_is_divided(sizes: list[int], is_asked: bool, behind: Text) -> None:
    """The same events in the same order, and what the client says behind it is handed over whole."""
    meeting = Meeting(divide=divided_by(sizes))
    meeting.proved()
    expected: list[type] = [Proved]
    if is_asked:
        meeting.hub.ask_code(CODE, entropy_of("hub"))
        meeting.run()
        expected += [CodeTried]
    assert [type(event) for event in meeting.hub_events] == expected
    established = meeting.hub.accept()
    established.piece.encrypt(encode_message(Welcome(own_id=1, version=(1, 0, 0))) + encode_message(behind))
    for chunk in divided_by(sizes)(established.piece.data_to_send()):
        meeting.client.receive_data(chunk)
    assert [type(event) for event in meeting.client.events_received()] == [Welcome]
    assert meeting.client.hand_over().unread == encode_message(behind)


@given(st.lists(SAID, max_size=5), SIZES)
def test_a_hub_is_shown_a_key_only_by_its_owner(said: list[Message | Frame | bytes], sizes: list[int]) -> None:
    """Whatever is said, in any order: only a proof made for this hub says who somebody is."""
    hub, peer = new_hub(), client_peer()
    exchange(peer, hub)
    try:
        _say(peer, hub.receive_data, said, sizes)
    except ProtocolError:
        pass
    known = [one for one in said if one != UNKNOWN]
    events = hub.events_received()
    assert events == [] or events == [Proved(known[0], fingerprint_of(known[0].key))]
    assert events == [] or known[0] in (HELLO, HELLO_OF_A_STRANGER)


@given(st.lists(SAID, max_size=5), SIZES)
def test_a_client_says_nothing_to_a_hub_that_it_does_not_trust(
    said: list[Message | Frame | bytes], sizes: list[int]
) -> None:
    """Whatever the hub says inside TLS before that."""
    client, peer = new_client(), hub_peer()
    exchange(client, peer)
    try:
        _say(peer, client.receive_data, said, sizes)
    except ProtocolError:
        pass
    assert client.data_to_send() == b""
    assert [type(event) for event in client.events_received()] == [HubShown]


def _say(peer: Peer, receive: Callable[[bytes], None], said: list[Message | Frame | bytes], sizes: list[int]) -> None:
    peer.say(*said)
    for chunk in divided_by(sizes)(peer.data_to_send()):
        receive(chunk)
