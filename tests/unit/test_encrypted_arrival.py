"""Arriving at a hub over the modern wire: every way in which it goes well, and every one in which it does not.

Thread: pytest's main thread connects; the hub is played on another.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from commonlib.identity import Fingerprint, fingerprint_of
from commonlib.wire import messages
from commonlib.wire.hub_handshake import CodeTried, Proved
from commonlib.wire.join import JoinCodeError
from commonlib.wire.reasons import ClosingReason, RefusalReason
from tcpipclient import (
    ApprovalAwaited,
    ArrivalClosedError,
    Client,
    ConnectTimedOutError,
    EncryptionError,
    Event,
    FalseHubError,
    HubStoppingError,
    HubTrusted,
    JoinCodeNeededError,
    Registered,
    TextArrived,
    Trust,
    TurnedAwayError,
)
from tcpipclient.config import ClientSettings
from tests.support import modern_hub
from tests.support.clients import Heard
from tests.support.join_codes import CODE, entropy_of
from tests.support.memory_network import MemoryNetwork
from tests.support.modern_hub import ModernHub
from tests.support.modern_sessions import BOB
from tests.support.tls_pairs import identity_of


class Meeting:
    """A network, and the clients on it that trust whoever answers first."""

    def __init__(self) -> None:
        self.network = MemoryNetwork()
        self.clients: list[Client] = []

    def client(self, **settings: object) -> Client:
        """Ann."""
        given = ClientSettings(name="Ann \u0391", trust=Trust.FIRST_USE, close_timeout=0.01)
        given.update(settings)  # type: ignore[typeddict-item]
        self.clients.append(Client("hub", connect_with=self.network.connect, **given))
        return self.clients[-1]


@pytest.fixture
def meeting() -> Iterator[Meeting]:
    """A new one; its clients are closed in the end."""
    meeting = Meeting()
    yield meeting
    for client in meeting.clients:
        client.close()


def ask_code(hub: ModernHub, code: str = CODE) -> None:
    """Go on until the client has tried the join code, or has gone."""
    hub.greet()
    hub.wait_for(Proved)
    hub.handshake.ask_code(code, entropy_of("hub"))
    hub.flush()
    hub.wait_for(CodeTried)


def test_we_are_let_in_and_know_by_whom(meeting: Meeting) -> None:
    """The hub knows our key and our name, in full; we know its key, and who is there."""
    client = meeting.client()
    heard = Heard(client)
    hub = modern_hub.connect(client, meeting.network, BOB, hub_name="Office", name="Ann \u0391", session=2)
    assert hub.proved is not None
    assert hub.proved.hello.profile.name == "Ann \u0391"
    assert hub.proved.fingerprint == fingerprint_of(hub.proved.hello.key)
    registered = heard.wait_for(Registered)
    assert registered.hub_key == identity_of("hub").fingerprint
    assert (registered.is_encrypted, registered.hub_name, registered.session) == (True, "Office", 2)
    assert [person.name for person in client.people] == ["Bob"]


def test_our_key_stays_the_same_where_it_is_kept(meeting: Meeting, tmp_path: Path) -> None:
    """And is another one each time where it is not."""
    keys = []
    for folder in (tmp_path / "data", tmp_path / "data", None, None):
        client = meeting.client(data_dir=folder)
        hub = modern_hub.connect(client, meeting.network)
        assert hub.proved is not None
        keys.append(hub.proved.fingerprint)
        client.close()
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3


def test_the_join_code_opens_the_door(meeting: Meeting) -> None:
    """It is tried without being sent; spaces, dashes and case do not count."""
    client = meeting.client(join_code=" Correct-HORSE battery ")

    def play(hub: ModernHub) -> None:
        ask_code(hub)
        hub.handshake.check_code()
        hub.flush()
        hub.let_in()

    assert modern_hub.attempt(play, client, meeting.network) is None


def test_a_wrong_join_code_is_told_as_one(meeting: Meeting) -> None:
    """Whoever asks the user again has to know that there was one."""

    def play(hub: ModernHub) -> None:
        ask_code(hub)
        try:
            hub.handshake.check_code()
        except JoinCodeError:
            hub.flush()

    error = modern_hub.attempt(play, meeting.client(join_code="wrong"), meeting.network)
    assert isinstance(error, JoinCodeNeededError)
    assert error.was_given
    assert error.reason == RefusalReason.CODE_WRONG


def test_without_a_join_code_we_leave_and_ask(meeting: Meeting) -> None:
    """The hub's time is not spent on waiting for a user."""
    error = modern_hub.attempt(ask_code, meeting.client(), meeting.network)
    assert isinstance(error, JoinCodeNeededError)
    assert not error.was_given


def test_a_hub_that_does_not_know_the_code_itself_is_a_false_one(meeting: Meeting) -> None:
    """It has learnt no more than that one guess was wrong."""

    def play(hub: ModernHub) -> None:
        ask_code(hub, "a guess")
        hub.handshake._send(messages.JoinCodeConfirmed(confirmation=bytes(32)))
        hub.flush()
        hub.transport.coming.read(1, 10.0)

    error = modern_hub.attempt(play, meeting.client(join_code=CODE), meeting.network)
    assert isinstance(error, FalseHubError)


def test_a_hub_cannot_skip_the_code_that_it_has_asked_for(meeting: Meeting) -> None:
    """Else a false hub would only have to ask."""

    def play(hub: ModernHub) -> None:
        ask_code(hub, "a guess")
        hub.handshake._send(messages.Welcome(own_id=1, version=(1, 0, 0)))
        hub.flush()
        hub.transport.coming.read(1, 10.0)

    error = modern_hub.attempt(play, meeting.client(join_code=CODE), meeting.network)
    assert isinstance(error, ArrivalClosedError)


def test_the_operators_answer_is_waited_for(meeting: Meeting) -> None:
    """Longer than for a hub; the user is told of it once, and the hub's question whether we are there is answered."""
    client = meeting.client(register_timeout=5.0)
    told: list[Event] = []
    client.on_event(told.append)

    def play(hub: ModernHub) -> None:
        hub.greet()
        hub.wait_for(Proved)
        established = hub.handshake.accept()
        hub._piece = established.piece
        hub.send(messages.ApprovalAwaited(), messages.ApprovalAwaited(), messages.Ping(clock=7))
        assert hub.take() == (0, messages.Pong(clock=7))
        hub.send(messages.Welcome(own_id=1, version=(1, 0, 0)), messages.RosterComplete())

    assert modern_hub.attempt(play, client, meeting.network) is None
    assert [type(event) for event in told[:3]] == [HubTrusted, ApprovalAwaited, Registered]


def test_an_operator_who_does_not_answer_is_not_waited_for_for_ever(meeting: Meeting) -> None:
    """The sentence says that it was he."""

    def play(hub: ModernHub) -> None:
        hub.greet()
        hub.wait_for(Proved)
        hub._piece = hub.handshake.accept().piece
        hub.send(messages.ApprovalAwaited())
        hub.transport.coming.read(1, 10.0)

    error = modern_hub.attempt(play, meeting.client(approval_timeout=0.05), meeting.network)
    assert isinstance(error, TurnedAwayError)
    assert "operator" in str(error)


@pytest.mark.parametrize("reason", [RefusalReason.BANNED, RefusalReason.DENIED, RefusalReason.LOCKED_OUT, 999])
def test_a_hub_that_turns_us_away_says_why(meeting: Meeting, reason: int) -> None:
    """With what the operator wrote."""

    def play(hub: ModernHub) -> None:
        hub.greet()
        hub.wait_for(Proved)
        hub.handshake.refuse(messages.Refused(reason=reason, text="not today", seconds=30))
        hub.flush()

    error = modern_hub.attempt(play, meeting.client(), meeting.network)
    assert isinstance(error, TurnedAwayError)
    assert (error.reason, error.seconds) == (reason, 30)
    assert "not today" in str(error)


@pytest.mark.parametrize(
    ("reason", "kind"), [(ClosingReason.STOPPING, HubStoppingError), (ClosingReason.BANNED, TurnedAwayError)]
)
def test_a_hub_that_ends_it_while_we_arrive_says_why(
    meeting: Meeting, reason: ClosingReason, kind: type[Exception]
) -> None:
    """As when we are in."""

    def play(hub: ModernHub) -> None:
        hub.greet()
        hub.wait_for(Proved)
        hub._piece = hub.handshake.accept().piece
        hub.send(messages.Closing(reason=reason))

    assert isinstance(modern_hub.attempt(play, meeting.client(), meeting.network), kind)


def test_a_hub_that_stops_half_way_is_given_its_time(meeting: Meeting) -> None:
    """At the beginning of TLS, and where the roster never comes."""

    def say_nothing(hub: ModernHub) -> None:
        hub.greet()
        while hub.transport.coming.read(1000, 10.0):
            pass

    def say_welcome(hub: ModernHub) -> None:
        hub.greet()
        hub.wait_for(Proved)
        hub._piece = hub.handshake.accept().piece
        hub.send(messages.Welcome(own_id=1, version=(1, 0, 0)))
        while hub.transport.coming.read(1000, 10.0):
            pass

    for play in (say_nothing, say_welcome):
        error = modern_hub.attempt(play, meeting.client(register_timeout=0.2), meeting.network)
        assert isinstance(error, ConnectTimedOutError), play


def test_a_hub_whose_tls_is_none_is_told_apart(meeting: Meeting) -> None:
    """It may be somebody in between."""

    def play(hub: ModernHub) -> None:
        hub.greet()
        hub.transport.coming.read(1, 10.0)
        hub.transport.send(b"\x15\x03\x03\x00\x02\x02\x28 and so on")

    assert isinstance(modern_hub.attempt(play, meeting.client(), meeting.network), EncryptionError)


def test_what_the_hub_says_behind_welcome_is_not_lost(meeting: Meeting) -> None:
    """In the same record, and in the record behind it that came in the same piece of the network."""
    client = meeting.client()
    heard = Heard(client)

    def play(hub: ModernHub) -> None:
        hub.greet()
        hub.wait_for(Proved)
        piece = hub.handshake.accept().piece
        for message in (
            messages.Welcome(own_id=1, version=(1, 0, 0)),
            messages.People(people=[BOB]),
            messages.RosterComplete(),
        ):
            piece.encrypt(messages.encode_message(message))
        piece.encrypt(messages.encode_message(messages.Text(number=1, text="hello"), sender=2))
        hub.transport.send(piece.data_to_send())
        while hub.transport.coming.read(1000, 10.0):
            pass

    assert modern_hub.attempt(play, client, meeting.network) is None
    assert [type(event) for event in heard.events[:3]] == [HubTrusted, Registered, TextArrived]


def test_a_fingerprint_that_is_asked_for_is_pinned(meeting: Meeting, tmp_path: Path) -> None:
    """So it need be given once."""
    right: Fingerprint = identity_of("hub").fingerprint
    for rule in (right, Trust.KNOWN):
        client = meeting.client(trust=rule, data_dir=tmp_path / "data")
        modern_hub.connect(client, meeting.network)
        assert client.hub_key == right
        client.close()
