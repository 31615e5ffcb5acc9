"""The client's end of an arrival: nothing is said to a hub that is not trusted yet, or does not keep order."""

import pytest

from commonlib.exceptions import ProtocolError
from commonlib.wire.bounds import LARGEST_ARRIVAL
from commonlib.wire.client_handshake import ClientHandshake, HubShown
from commonlib.wire.frames import LARGEST_BODY, LARGEST_EARLY_BODY, Frame, FrameError
from commonlib.wire.handshake import HandshakeError
from commonlib.wire.hub_handshake import CodeTried
from commonlib.wire.join import JoinCodeError
from commonlib.wire.messages import (
    ApprovalAwaited,
    Closing,
    Hello,
    JoinCodeAsked,
    JoinCodeConfirmed,
    JoinCodeTried,
    People,
    Person,
    Ping,
    Pong,
    Refused,
    RosterComplete,
    Text,
    Welcome,
    encode_message,
)
from commonlib.wire.schema import Message
from commonlib.wire.tls import TlsError
from tests.support.handshakes import Meeting, Peer, hello_of, hub_peer, new_client
from tests.support.join_codes import CODE, entropy_of, hub_join
from tests.support.tls_pairs import exchange, identity_of

HUB, CLIENT = identity_of("hub"), identity_of("client")
WELCOME = Welcome(own_id=7, version=(1, 2, 3), name="Zo\u00eb")


def shown() -> tuple[ClientHandshake, Peer]:
    """A client that has been shown the hub's key, and a peer in the hub's place."""
    client, peer = new_client(), hub_peer()
    exchange(client, peer)
    (event,) = client.events_received()
    assert event == HubShown(HUB.fingerprint)
    return client, peer


def trusting() -> tuple[ClientHandshake, Peer]:
    """The same, trusted: Hello has been said."""
    client, peer = shown()
    client.trust()
    exchange(client, peer)
    return client, peer


def say(client: ClientHandshake, peer: Peer, *messages: Message | Frame | bytes) -> None:
    """Let the peer say it all in one go."""
    peer.say(*messages)
    client.receive_data(peer.data_to_send())


def test_nothing_is_said_before_the_hub_is_trusted() -> None:
    """Not even a name; afterwards it is Hello, with a proof for this very hub."""
    client, peer = shown()
    assert client.data_to_send() == b""
    assert peer.heard == []
    client.trust()
    exchange(client, peer)
    (hello,) = peer.heard
    assert isinstance(hello, Hello)
    assert (hello.key, hello.profile) == (CLIENT.spki, hello_of(CLIENT, HUB.fingerprint).profile)


def test_what_a_hub_says_before_it_is_trusted_waits() -> None:
    """A hub that welcomes everybody unseen is looked at all the same."""
    client, peer = shown()
    say(client, peer, WELCOME)
    assert client.events_received() == []
    client.trust()
    assert client.events_received() == [WELCOME]


def test_welcome_ends_the_arrival_and_the_roster_is_handed_over() -> None:
    """However long the frames behind it are, and where they end."""
    client, peer = trusting()
    people = People(people=[Person(id=number, name="x" * 64) for number in range(1, 500)])
    roster = encode_message(people) * 10 + encode_message(RosterComplete())
    assert len(encode_message(people)) > LARGEST_EARLY_BODY
    assert len(roster) > 2 * LARGEST_ARRIVAL
    half = len(roster) // 2
    say(client, peer, WELCOME, roster[:half])
    assert client.events_received() == [WELCOME]
    say(client, peer, roster[half:], b"\x01")
    established = client.hand_over()
    assert established.unread == roster + b"\x01"
    peer.say(b"more")
    assert established.piece.receive_data(peer.data_to_send()) == b"more"


@pytest.mark.parametrize("last", [Refused(reason=6, text="out"), Closing(reason=2, text="")])
def test_a_refusal_is_told_and_is_the_last_word(last: Message) -> None:
    """Whatever comes behind it."""
    client, peer = trusting()
    say(client, peer, last, WELCOME)
    assert client.events_received() == [last]
    client.receive_data(b"anything")
    client.receive_eof()


def test_the_wait_for_the_operator_is_told_and_may_last() -> None:
    """The hub asks now and then whether the client is still there."""
    client, peer = trusting()
    say(client, peer, ApprovalAwaited())
    for clock in range(5000):
        say(client, peer, Ping(clock=clock))
        exchange(client, peer)
        assert peer.heard[-1] == Pong(clock=clock)
    say(client, peer, WELCOME)
    assert client.events_received() == [ApprovalAwaited(), WELCOME]


def test_a_code_is_given_once_it_is_asked() -> None:
    """And the hub must show that it knows it before anything else counts."""
    meeting = Meeting()
    meeting.proved()
    meeting.hub.ask_code(CODE, entropy_of("hub"))
    meeting.run()
    assert [type(event) for event in meeting.client_events] == [HubShown, JoinCodeAsked]
    assert isinstance(meeting.hub_events[-1], CodeTried)
    established = meeting.hub.accept()
    established.piece.encrypt(encode_message(WELCOME))
    meeting.client.receive_data(established.piece.data_to_send())
    assert meeting.client.events_received() == [WELCOME]


def asked_by_a_false_hub() -> tuple[ClientHandshake, Peer]:
    """A client that has given a code to somebody who does not know it."""
    client, peer = trusting()
    say(client, peer, JoinCodeAsked(exchange=hub_join("a guess").exchange))
    client.try_code(CODE, entropy_of("client"))
    exchange(client, peer)
    assert isinstance(peer.heard[-1], JoinCodeTried)
    client.events_received()
    return client, peer


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (JoinCodeConfirmed(confirmation=bytes(32)), JoinCodeError),
        (WELCOME, HandshakeError),
        (ApprovalAwaited(), HandshakeError),
        (JoinCodeAsked(exchange=b"B" + bytes(32)), HandshakeError),
    ],
    ids=["a made-up confirmation", "a welcome without one", "another step without one", "another guess"],
)
def test_a_hub_that_does_not_know_the_code_gets_no_further(said: Message, error: type[ProtocolError]) -> None:
    """It has had its one guess."""
    client, peer = asked_by_a_false_hub()
    with pytest.raises(error):
        say(client, peer, said)
    assert client.events_received() == []


def test_a_hub_asks_for_the_code_once() -> None:
    """A second question would be a second guess."""
    meeting = Meeting()
    meeting.proved()
    meeting.hub.ask_code(CODE, entropy_of("hub"))
    meeting.run()
    again = meeting.hub.accept().piece
    again.encrypt(encode_message(JoinCodeAsked(exchange=b"B" + bytes(32))))
    with pytest.raises(HandshakeError, match="wrong time"):
        meeting.client.receive_data(again.data_to_send())


def test_a_question_for_the_code_that_is_no_exchange_is_a_fault() -> None:
    """The code is not even looked at."""
    client, peer = trusting()
    say(client, peer, JoinCodeAsked(exchange=b"nonsense"))
    with pytest.raises(JoinCodeError):
        client.try_code(CODE, entropy_of("client"))


@pytest.mark.parametrize(
    "said", [Text(number=1, text="x"), JoinCodeConfirmed(confirmation=bytes(32)), RosterComplete()]
)
def test_what_does_not_belong_there_ends_the_arrival(said: Message) -> None:
    """A hub has an order to keep, too."""
    client, peer = trusting()
    with pytest.raises(HandshakeError, match="wrong time"):
        say(client, peer, said)


def test_a_hub_cannot_fill_our_memory_before_it_has_welcomed_us() -> None:
    """By one frame, by the beginning of one, or by many while the user still looks at the key."""
    client, peer = trusting()
    with pytest.raises(FrameError, match="too early"):
        say(client, peer, Frame(500, 0, 0, bytes(LARGEST_EARLY_BODY + 1)))
    client, peer = trusting()
    with pytest.raises(HandshakeError, match="too much"):
        say(client, peer, LARGEST_BODY.to_bytes(4, "little") + bytes(100_000))
    client, peer = shown()
    with pytest.raises(HandshakeError, match="too much"):
        say(client, peer, *[Frame(500, 0, 0, bytes(1000))] * 100)


def test_an_end_before_the_end_is_told() -> None:
    """In TLS and behind it, but not behind Welcome."""
    with pytest.raises(TlsError, match="ended"):
        new_client().receive_eof()
    client, peer = trusting()
    with pytest.raises(HandshakeError, match="ended"):
        client.receive_eof()
    client, peer = trusting()
    say(client, peer, WELCOME)
    client.receive_eof()
    peer.piece.send_eof()
    client.receive_data(peer.data_to_send())
    assert client.hand_over().piece.has_ended
