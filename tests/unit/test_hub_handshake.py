"""The hub's end of an arrival: who is who, and who knows the code."""

from collections.abc import Callable

import pytest

from commonlib.exceptions import ProtocolError
from commonlib.wire.bounds import LARGEST_ARRIVAL, USUAL, Bounds
from commonlib.wire.frames import LARGEST_EARLY_BODY, Frame, FrameError
from commonlib.wire.greeting import Door
from commonlib.wire.handshake import HandshakeError
from commonlib.wire.hub_handshake import CodeTried, HubHandshake, Proved
from commonlib.wire.join import ClientJoin, JoinCodeError, Parties
from commonlib.wire.messages import (
    Hello,
    JoinCodeAsked,
    JoinCodeConfirmed,
    JoinCodeTried,
    MessageError,
    Ping,
    Refused,
    Text,
    encode_message,
)
from commonlib.wire.proof import ProofError
from commonlib.wire.reasons import RefusalReason
from commonlib.wire.schema import Message
from commonlib.wire.tls import TlsError
from tests.support.handshakes import (
    GREETING,
    NONCE,
    PROFILE,
    Meeting,
    Peer,
    client_peer,
    greeting_with,
    hello_of,
    new_client,
    new_hub,
)
from tests.support.join_codes import CODE, entropy_of
from tests.support.tls_pairs import exchange, identity_of

HUB, CLIENT, STRANGER = identity_of("hub"), identity_of("client"), identity_of("stranger")
HELLO = hello_of(CLIENT, HUB.fingerprint)


def established(bounds: Bounds = USUAL) -> tuple[HubHandshake, Peer]:
    """A hub that waits for Hello, and a peer that may say anything."""
    hub, peer = new_hub(bounds=bounds), client_peer()
    exchange(peer, hub)
    return hub, peer


def test_a_client_that_proves_its_key_is_told() -> None:
    """With what it says about itself; nothing is answered before somebody decides."""
    meeting = Meeting()
    proved = meeting.proved()
    assert proved.fingerprint == CLIENT.fingerprint
    assert proved.hello.profile == PROFILE
    assert meeting.hub.data_to_send() == b""


def test_every_byte_that_was_read_is_handed_over() -> None:
    """Whole frames and the beginning of another that came glued to Hello, in the bytes as they came."""
    hub, peer = established()
    more = encode_message(Ping(clock=1)) + encode_message(Text(number=2, text="\u00e9")) + b"\x07\x00\x00"
    peer.say(HELLO, Frame(9999, 5, 6, b"unknown", 7), more)
    exchange(peer, hub)
    (event,) = hub.events_received()
    assert isinstance(event, Proved)
    established_now = hub.accept()
    assert established_now.unread.endswith(more)
    assert established_now.unread.startswith((7).to_bytes(4, "little") + (9999).to_bytes(2, "little") + b"\x07\x00")
    peer.say(b"rest")
    assert established_now.piece.receive_data(peer.data_to_send()) == b"rest"


FALSE_HELLOS: dict[str, Hello] = {
    "a proof for another hub": hello_of(CLIENT, STRANGER.fingerprint),
    "a proof of another connection": hello_of(CLIENT, HUB.fingerprint, nonce=bytes(32)),
    "a proof of a greeting that was changed": hello_of(
        CLIENT, HUB.fingerprint, greeting=greeting_with(door=Door.TAKES_CLASSIC | Door.ASKS_FOR_CODE)
    ),
    "somebody else's key": Hello(version=1, key=STRANGER.spki, proof=HELLO.proof),
    "no key": Hello(version=1, key=b"key", proof=HELLO.proof),
    "no signature": Hello(version=1, key=CLIENT.spki, proof=b"proof"),
}


@pytest.mark.parametrize("what", FALSE_HELLOS)
def test_a_false_proof_is_refused(what: str) -> None:
    """The client is told that it proved nothing, the shell that it is to be counted."""
    hub, peer = established()
    peer.say(FALSE_HELLOS[what])
    with pytest.raises(ProofError):
        hub.receive_data(peer.data_to_send())
    assert hub.events_received() == []
    peer.receive_data(hub.data_to_send())
    assert peer.heard == [Refused(reason=RefusalReason.NOT_PROVED)]
    assert peer.piece.has_ended


def test_a_replayed_proof_is_refused() -> None:
    """What an honest client once said, said again on another connection of the same hub."""
    heard = Meeting().proved().hello
    hub, peer = new_hub(greeting_with(nonce=b"another connection".ljust(32))), client_peer()
    exchange(peer, hub)
    peer.say(heard)
    with pytest.raises(ProofError):
        hub.receive_data(peer.data_to_send())


def test_a_forwarded_proof_is_refused() -> None:
    """A false hub, trusted by the client, greets it as the real hub greets him, and passes on what the client says."""
    real_greeting = greeting_with(nonce=b"of the real hub's connection".ljust(32))
    false_hub = Meeting(hub=new_hub(real_greeting, hub="stranger"), client=new_client(real_greeting))
    forwarded = false_hub.proved().hello
    real_hub, peer = new_hub(real_greeting), client_peer()
    exchange(peer, real_hub)
    peer.say(forwarded)
    with pytest.raises(ProofError):
        real_hub.receive_data(peer.data_to_send())


def test_a_greeting_that_was_changed_on_the_way_shows() -> None:
    """Whoever sits in between takes the hint of a join code away, or adds one."""
    meeting = Meeting(hub=new_hub(greeting_with(door=Door.ASKS_FOR_CODE)), client=new_client(GREETING))
    with pytest.raises(ProofError):
        meeting.run()


def test_the_right_code_is_confirmed_by_both() -> None:
    """Asked after the proof, for whoever has to decide then."""
    meeting = Meeting()
    meeting.proved()
    meeting.hub.ask_code(CODE, entropy_of("hub"))
    meeting.run()
    assert isinstance(meeting.hub_events[-1], CodeTried)
    assert meeting.hub.accept().unread == b""


def test_a_wrong_code_ends_the_arrival() -> None:
    """The client is told, the shell counts it."""
    meeting = Meeting(code="wrong")
    meeting.proved()
    meeting.hub.ask_code(CODE, entropy_of("hub"))
    with pytest.raises(JoinCodeError):
        meeting.run()
    meeting.client.receive_data(meeting.hub.data_to_send())
    assert Refused(reason=RefusalReason.CODE_WRONG) in meeting.client.events_received()
    meeting.hub.receive_data(b"more of it")
    assert meeting.hub.events_received() == []


def test_a_connection_has_one_guess() -> None:
    """A second try in the same bytes is not looked at, though it is the right one."""
    hub, peer = established()
    peer.say(HELLO)
    exchange(peer, hub)
    hub.ask_code(CODE, entropy_of("hub"))
    peer.receive_data(hub.data_to_send())
    (asked,) = peer.heard
    assert isinstance(asked, JoinCodeAsked)
    parties = Parties(HUB.fingerprint, CLIENT.fingerprint, NONCE)
    tries = [ClientJoin(code, parties, asked.exchange, entropy_of(code)) for code in ("wrong", CODE)]
    peer.say(*(JoinCodeTried(exchange=one.exchange, confirmation=one.confirmation) for one in tries))
    hub.receive_data(peer.data_to_send())
    with pytest.raises(JoinCodeError):
        hub.check_code()
    hub.receive_data(b"more of it")
    peer.receive_data(hub.data_to_send())
    assert hub.events_received()[1:] == [CodeTried()]
    assert not any(isinstance(message, JoinCodeConfirmed) for message in peer.heard)


def test_nobody_becomes_another_while_he_is_asked_for_the_code() -> None:
    """A second Hello would have the code proved by one key and another one taken in."""
    hub, peer = established()
    peer.say(HELLO)
    exchange(peer, hub)
    hub.ask_code(CODE, entropy_of("hub"))
    peer.say(hello_of(STRANGER, HUB.fingerprint))
    with pytest.raises(HandshakeError, match="wrong time"):
        exchange(peer, hub)


def test_a_client_that_is_refused_hears_why() -> None:
    """At any time once TLS stands; before that there is nothing to say it in."""
    refused = Refused(reason=RefusalReason.BANNED, text="enough", seconds=9)
    hub, peer = established()
    hub.refuse(refused)
    peer.receive_data(hub.data_to_send())
    assert peer.heard == [refused]
    early = new_hub()
    early.refuse(refused)
    assert early.data_to_send() == b""
    early.receive_data(client_peer().data_to_send())
    assert early.data_to_send() == b""


WRONG_ORDER: dict[str, tuple[Message | Frame | bytes, type[ProtocolError]]] = {
    "a text": (Text(number=1, text="early"), HandshakeError),
    "a code that nobody asked for": (JoinCodeTried(exchange=b"A", confirmation=bytes(32)), HandshakeError),
    "what only a hub says": (Refused(reason=1), HandshakeError),
    "no message": (Frame(1, 0, 0, b"\xc1"), MessageError),
    "too much at once": (Frame(1, 0, 0, bytes(LARGEST_EARLY_BODY + 1)), FrameError),
    "a length that is a lie": (b"\xff\xff\xff\xff", FrameError),
}


@pytest.mark.parametrize("what", WRONG_ORDER)
def test_what_does_not_belong_there_ends_the_arrival(what: str) -> None:
    """Nothing of it reaches anybody."""
    said, error = WRONG_ORDER[what]
    hub, peer = established()
    peer.say(said, bytes(16), HELLO)
    with pytest.raises(error):
        hub.receive_data(peer.data_to_send())
    assert hub.events_received() == []
    hub.receive_data(b"anything")


def test_how_long_an_early_frame_may_be_is_the_hubs_choice() -> None:
    """A shorter bound holds for Hello already, and a longer one lets more pass."""
    hub, peer = established(Bounds(body=100))
    peer.say(HELLO)
    with pytest.raises(FrameError):
        hub.receive_data(peer.data_to_send())
    hub, peer = established(Bounds(body=2 * LARGEST_EARLY_BODY))
    peer.say(Frame(500, 0, 0, bytes(2 * LARGEST_EARLY_BODY)), HELLO)
    exchange(peer, hub)
    assert [type(event) for event in hub.events_received()] == [Proved]


def test_how_much_waits_for_the_decision_is_the_hubs_choice() -> None:
    """A Hello and 1000 bytes behind it are too much for 500, and not for 2000."""
    for waiting, is_taken in ((500, False), (2000, True)):
        hub, peer = established(Bounds(waiting=waiting))
        peer.say(HELLO, Frame(500, 0, 0, bytes(1000)))
        if is_taken:
            hub.receive_data(peer.data_to_send())
        else:
            with pytest.raises(HandshakeError, match="too much"):
                hub.receive_data(peer.data_to_send())


def test_frames_of_newer_versions_are_passed_over() -> None:
    """Before and behind Hello."""
    hub, peer = established()
    peer.say(Frame(500, 0, 0, b"new"), Frame(501, 1, 2, b""), HELLO)
    exchange(peer, hub)
    assert [type(event) for event in hub.events_received()] == [Proved]


def test_a_client_that_goes_on_talking_is_bounded() -> None:
    """While somebody decides, what it says waits; not for ever, and not without end."""
    hub, peer = established()
    peer.say(HELLO)
    taken = 0

    def talk() -> None:
        nonlocal taken
        for _ in range(1000):
            peer.say(Text(number=1, text="x" * 1000))
            hub.receive_data(peer.data_to_send())
            taken += 1000

    with pytest.raises(HandshakeError, match="too much"):
        talk()
    assert 0 < taken < LARGEST_ARRIVAL


@pytest.mark.parametrize(
    "end",
    [lambda hub, peer: hub.receive_eof(), lambda hub, peer: (peer.piece.send_eof(), exchange(peer, hub))],
    ids=["of the network", "of TLS"],
)
def test_an_end_before_the_end_is_told(end: Callable[[HubHandshake, Peer], object]) -> None:
    """In TLS and behind it."""
    hub, peer = established()
    with pytest.raises(HandshakeError, match="ended"):
        end(hub, peer)
    with pytest.raises(TlsError, match="ended"):
        new_hub().receive_eof()
    hub.receive_eof()


@pytest.mark.parametrize("at_once", [False, True])
def test_a_client_that_goes_to_ask_about_the_hub_is_known_as_such(at_once: bool) -> None:
    """Whether its end comes by itself or in the same bytes as the last of its handshake."""
    hub, peer = new_hub(), client_peer()
    hub.receive_data(peer.data_to_send())
    assert hub.maybe_asking is None
    peer.receive_data(hub.data_to_send())
    if not at_once:
        hub.receive_data(peer.data_to_send())
    peer.piece.send_eof()
    with pytest.raises(HandshakeError, match="ended the connection"):
        hub.receive_data(peer.data_to_send())
    assert hub.maybe_asking == "whether this is the right hub"
