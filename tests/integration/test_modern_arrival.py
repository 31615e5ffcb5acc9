"""How people arrive on the modern wire: proved, asked for the code or approved, and nothing they said early is lost.

Threads: the hub's own, and pytest's main thread as every client.
"""

import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from commonlib.classic.packet import PacketType
from commonlib.meaning import Meaning
from commonlib.wire.frames import Frame, FrameCutter, FrameType
from commonlib.wire.greeting import VERSION, Door
from commonlib.wire.join import ClientJoin, Parties
from commonlib.wire.messages import (
    ApprovalAwaited,
    Closing,
    Hello,
    JoinCodeAsked,
    JoinCodeConfirmed,
    JoinCodeTried,
    People,
    Ping,
    Profile,
    Receipt,
    Refused,
    Text,
    Welcome,
    encode_message,
)
from commonlib.wire.reasons import ClosingReason, RefusalReason
from tcpipserver.config import NoJoinCodeError, ServerConfig
from tcpipserver.hub.admission import Joining, Policy
from tcpipserver.hub.inputs import OperatorApproved, OperatorBanned, OperatorDenied, OperatorKicked, OperatorUnbanned
from tcpipserver.hub.limits import Limits
from tcpipserver.service import Service
from tests.support.classic_client import SECONDS, ClassicClient, credentials
from tests.support.join_codes import entropy_of
from tests.support.leaks import wait_until
from tests.support.modern_client import ModernClient
from tests.support.running_hub import RunningHub, running_hub
from tests.support.tls_pairs import identity_of

CODE = "amber-river-stone-482"
ASKING = ServerConfig(policy=Policy(Joining.CODE), join_code=CODE)
APPROVING = ServerConfig(policy=Policy(Joining.APPROVAL))


def try_code(client: ModernClient, code: str) -> None:
    """Answer the hub's question for the join code."""
    asked = client.wait_for(JoinCodeAsked)
    parties = Parties(client.hub, client.identity.fingerprint, client.mark.nonce)
    join = ClientJoin(code, parties, asked.exchange, entropy_of("client"))
    client.send(JoinCodeTried(exchange=join.exchange, confirmation=join.confirmation))
    client.code = join  # type: ignore[attr-defined]


def knock(hub: RunningHub, name: str, identity: str) -> ModernClient:
    """Somebody proves his key; what follows is up to the hub."""
    client = hub.connect_modern(identity_of(identity)).secure()
    client.send(client.hello(name))
    return client


def refusal(client: ModernClient) -> Refused:
    """Why somebody is not taken in; the hub must end the connection behind it."""
    refused = client.wait_for(Refused)
    client.wait_for_end()
    return refused


# The door


def test_the_greeting_is_marked_with_a_nonce_of_its_own() -> None:
    """It tells what newcomers have to expect; two connections never have the same nonce."""
    with running_hub() as hub:
        first, second = hub.connect_modern().greet(), hub.connect_modern().greet()
        assert first.mark.version == VERSION
        assert first.mark.door == Door.TAKES_CLASSIC
        assert first.mark.nonce != second.mark.nonce
    with running_hub(ASKING) as hub:
        assert hub.connect_modern().greet().mark.door == Door.ASKS_FOR_CODE


def test_the_hub_shows_the_key_that_it_tells_of() -> None:
    """The certificate of TLS is of that key."""
    with running_hub() as hub:
        assert hub.connect_modern().secure().hub == hub.service.fingerprint


def test_who_has_proved_his_key_is_taken_in_and_shown_by_it() -> None:
    """The others, and those who come later, hear of the key; the log says who is encrypted and who is not."""
    with running_hub() as hub:
        ann = hub.join_modern("Ann", identity_of("ann"))
        bob, cid = hub.join_modern("Bob"), hub.join("Cid")
        assert bob.people[ann.id].key == identity_of("ann").fingerprint
        ann.wait_for_person(bob.id)
        assert ann.wait_for_person(cid.id).key is None
        for client in (ann, bob, cid):
            client.echo()
        assert "encrypted" in hub.log.wait_for("Ann (1) registered")
        assert "not encrypted" in hub.log.wait_for("Cid (3) registered")


def test_a_key_that_comes_again_has_its_name_and_is_shown_as_another_session() -> None:
    """Where it gives none; two people of one name have different keys."""
    with running_hub() as hub:
        first = hub.join_modern("Ann", identity_of("ann"))
        second = hub.connect_modern(identity_of("ann")).secure()
        second.send(second.hello())
        welcome = second.wait_for(Welcome)
        assert (welcome.name, welcome.session) == ("Ann", 2)
        namesake = hub.join_modern("Ann", identity_of("bob"))
        keys = [namesake.people[first.id].key, first.wait_for_person(namesake.id).key]
        assert keys == [identity_of("ann").fingerprint, identity_of("bob").fingerprint]


def test_two_hundred_people_behind_one_address_get_in_at_once() -> None:
    """With the limits as they are unless told otherwise."""
    with running_hub() as hub, ThreadPoolExecutor(40) as threads:
        clients = list(threads.map(hub.join_modern, [f"Guest {number}" for number in range(200)]))
        hub.wait_for_members(200)
        assert len({client.id for client in clients}) == 200
        clients[0].echo()


# Nothing is lost at the hand-over


@pytest.mark.parametrize("size", [1, 3, 100, 700, 1500, 16 << 10])
def test_frames_glued_to_the_handshake_are_worked_off(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """Hello and three texts leave together with the last bytes of the handshake, however the hub comes to read them."""
    monkeypatch.setattr("tcpipserver.net.newcomer._READ_BYTES", size)
    with running_hub() as hub:
        ann = hub.connect_modern()
        texts = [encode_message(Text(number=number, text="x" * 300)) for number in (1, 2, 3)]
        ann.secure(glued=lambda: encode_message(ann.hello("Ann")) + b"".join(texts))
        ann.wait_for(Welcome)
        assert [ann.wait_for(Receipt).number for _ in texts] == [1, 2, 3]


def test_a_frame_that_is_cut_by_the_hand_over_is_put_together() -> None:
    """Its beginning came with Hello, its end when the reader had the socket."""
    with running_hub() as hub:
        ann = hub.connect_modern().secure()
        text = encode_message(Text(number=7, text="in two pieces"))
        ann.send_bytes(encode_message(ann.hello("Ann")) + text[:20])
        ann.be_welcomed()
        ann.send_bytes(text[20:])
        assert ann.wait_for(Receipt).number == 7


# The join code


def test_who_knows_the_code_is_asked_for_it_once() -> None:
    """Both show each other that they know it; the key is known from then on, and nobody else's."""
    with running_hub(ASKING) as hub:
        for _ in range(2):
            ann = knock(hub, "Ann", "ann")
            if not hub.members():
                try_code(ann, "AMBER river stone 482")
                ann.code.check(ann.wait_for(JoinCodeConfirmed).confirmation)  # type: ignore[attr-defined]
            ann.be_welcomed().echo()
        knock(hub, "Bob", "bob").wait_for(JoinCodeAsked)


def test_a_wrong_code_is_refused_and_counts_until_nobody_new_gets_in() -> None:
    """After the free ones even the right code is not looked at; who was admitted before still gets in."""
    limits = Limits(free_failures=2, lock_out_seconds=600.0)
    config = ServerConfig(policy=ASKING.policy, join_code=CODE, limits=limits)
    with running_hub(config) as hub:
        ann = knock(hub, "Ann", "ann")
        try_code(ann, CODE)
        ann.be_welcomed()
        reasons = []
        for guess in ("wrong 1", "wrong 2", "wrong 3"):
            guesser = knock(hub, "Eve", "eve")
            try_code(guesser, guess)
            reasons.append(refusal(guesser).reason)
        assert reasons == [RefusalReason.CODE_WRONG] * 3
        refused = refusal(knock(hub, "Eve", "eve"))
        assert refused.reason == RefusalReason.LOCKED_OUT
        assert 590 <= refused.seconds <= 600
        knock(hub, "Ann", "ann").be_welcomed()


def test_who_goes_to_ask_his_user_has_not_guessed() -> None:
    """However often: two hundred people behind one address do not lock each other out."""
    config = ServerConfig(policy=ASKING.policy, join_code=CODE, limits=Limits(free_failures=1))
    with running_hub(config) as hub:
        for number in range(10):
            client = knock(hub, "Ann", f"ann {number}")
            client.wait_for(JoinCodeAsked)
            client.close()
        ann = knock(hub, "Ann", "ann")
        try_code(ann, CODE)
        ann.be_welcomed()


def test_who_may_join_can_be_changed_while_the_hub_runs() -> None:
    """The greeting tells at once, who is here stays, and the log says it."""
    with running_hub() as hub:
        cid = hub.join("Cid")
        hub.service.change_policy(ASKING.policy, "another code 7")
        hub.log.wait_for(ASKING.policy.sentence)
        ann = knock(hub, "Ann", "ann")
        assert ann.mark.door == Door.ASKS_FOR_CODE
        try_code(ann, "another code 7")
        ann.be_welcomed()
        cid.echo()
        hub.service.change_policy(Policy())
        knock(hub, "Bob", "bob").be_welcomed()


@pytest.mark.parametrize("code", ["", " - "])
def test_there_must_be_a_code_to_ask_for(code: str) -> None:
    """Nobody is asked for an empty one, which everybody would know."""
    with pytest.raises(NoJoinCodeError):
        Service(ServerConfig(policy=ASKING.policy, join_code=code)).start()
    with running_hub() as hub, pytest.raises(NoJoinCodeError):
        hub.service.change_policy(ASKING.policy, code)


def test_without_encryption_the_modern_wire_is_the_same_in_the_clear() -> None:
    """For measuring alone: the log says loudly what it is."""
    with running_hub(ServerConfig(is_encrypting=False)) as hub:
        cid = hub.join("Cid")
        with socket.create_connection(("127.0.0.1", hub.service.port), SECONDS) as bare:
            greeting = b""
            while len(greeting) < 1024:
                greeting += bare.recv(1024)
            hello = Hello(version=1, key=identity_of("ann").spki, proof=b"none", profile=Profile(name="Ann"))
            bare.sendall(encode_message(hello) + encode_message(Text(number=5, text="x")))
            cutter, frames = FrameCutter(), list[Frame]()
            while not any(frame.type == FrameType.RECEIPT for frame in frames):
                frames += cutter.receive_data(bare.recv(65_536))
            assert FrameType.WELCOME in [frame.type for frame in frames]
        cid.echo()
        assert hub.log.lines(Meaning.TROUBLE) == ["Nothing on this hub is encrypted, and nobody proves who he is."]


# Approval, kick and ban


def test_the_operator_lets_in_and_denies() -> None:
    """Who waits hears that he does, and then what was decided; who was let in is not asked about again."""
    with running_hub(APPROVING) as hub:
        ann, bob = knock(hub, "Ann", "ann"), knock(hub, "Bob", "bob")
        for client in (ann, bob):
            client.wait_for(ApprovalAwaited)
        hub.service.tell(OperatorApproved(ann.identity.fingerprint))
        hub.service.tell(OperatorDenied(bob.identity.fingerprint, "not today"))
        ann.be_welcomed().echo()
        refused = refusal(bob)
        assert (refused.reason, refused.text) == (RefusalReason.DENIED, "not today")
        knock(hub, "Ann", "ann").be_welcomed()


def test_who_was_sent_away_may_return_and_who_is_banned_may_not() -> None:
    """Both hear why; after the ban is lifted he may, too."""
    with running_hub() as hub:
        ann = hub.join_modern("Ann", identity_of("ann"))
        hub.service.tell(OperatorKicked((ann.id,), "too loud"))
        closing = ann.wait_for(Closing)
        assert (closing.reason, closing.text) == (ClosingReason.KICKED, "too loud")
        ann.wait_for_end()
        ann = hub.join_modern("Ann", identity_of("ann"))
        hub.service.tell(OperatorBanned(keys=(ann.identity.fingerprint,), reason="for good"))
        closing = ann.wait_for(Closing)
        assert (closing.reason, closing.text) == (ClosingReason.BANNED, "for good")
        ann.wait_for_end()
        refused = refusal(knock(hub, "Ann", "ann"))
        assert (refused.reason, refused.text) == (RefusalReason.BANNED, "for good")
        hub.service.tell(OperatorUnbanned(ann.identity.fingerprint))
        knock(hub, "Ann", "ann").be_welcomed().echo()


# The classic wire at a door that asks for proof


@pytest.mark.parametrize(
    "config", [ASKING, APPROVING, ServerConfig(policy=Policy(takes_classic=False))], ids=["code", "approval", "option"]
)
def test_an_original_client_is_refused_where_it_cannot_prove_anything(config: ServerConfig) -> None:
    """It hears HostExiting, the socket is closed, and a line of the log tells; nobody else hears of it."""
    with running_hub(config) as hub:
        cid = hub.connect()
        cid.greet()
        cid.send(credentials("Cid"))
        cid.wait_for(PacketType.HOST_EXITING)
        cid.wait_for_end()
        assert cid.count(PacketType.REGISTERED) == 0
        assert hub.members() == ()
        assert wait_until(partial(_is_told, hub), SECONDS), hub.log.lines()


def _is_told(hub: RunningHub) -> bool:
    return any("127.0.0.1" in line and "encrypt" in line for line in hub.log.lines(Meaning.TROUBLE))


# The hub's end


@pytest.mark.parametrize("join", [RunningHub.join, RunningHub.join_modern], ids=["classic", "modern"])
def test_everybody_hears_that_the_hub_stops(join: Callable[[RunningHub, str], ClassicClient | ModernClient]) -> None:
    """On either wire, and the connection ends in order."""
    with running_hub() as hub:
        ann = join(hub, "Ann")
        hub.service.stop()
        if isinstance(ann, ModernClient):
            assert ann.wait_for(Closing).reason == ClosingReason.STOPPING
        else:
            ann.wait_for(PacketType.HOST_EXITING)
        ann.wait_for_end()


# Names


def test_a_name_that_is_made_to_deceive_reaches_the_log_without_its_tricks() -> None:
    """Control characters and those that turn the direction of writing are taken out, and the line stays one line."""
    with running_hub() as hub:
        hub.join_modern("Ann\r\n\x1b[31mroot\u202egnp.exe\x00\u2066\u200f")

        def told() -> list[str]:
            return [line for line in hub.log.lines(Meaning.GOOD) if "registered" in line]

        assert wait_until(lambda: bool(told()), SECONDS)
        (line,) = told()
        assert "Ann" in line
        assert line.isprintable()


@pytest.mark.parametrize("limits", [Limits(handshake_bytes=100), Limits(early_plaintext_bytes=10)])
def test_what_an_arrival_may_take_is_the_operators_choice(limits: Limits) -> None:
    """Somebody who needs more is not taken in, and the log says why; clients of the classic wire are."""
    with running_hub(ServerConfig(limits=limits)) as hub:
        newcomer = hub.connect_modern()

        def arrive() -> None:
            newcomer.secure(lambda: encode_message(Ping(clock=1)) * 10)
            newcomer.send(newcomer.hello("Ann"))
            newcomer.wait_for(Welcome)

        with pytest.raises((AssertionError, ConnectionError)):
            arrive()
        hub.log.wait_for("127.0.0.1 did not register")
        hub.join("Cid")


def test_how_long_names_may_be_is_the_operators_choice() -> None:
    """Longer ones are cut when somebody comes and when he changes them, whichever wire he is on."""
    with running_hub(ServerConfig(limits=Limits(name_characters=5))) as hub:
        ann = hub.join_modern("Annabella")
        cid = hub.join("Cidonius")
        assert ann.wait_for_person(cid.id).name == "Cidon"
        bob = hub.join_modern("Bob")
        assert (bob.people[ann.id].name, bob.people[ann.id].computer) == ("Annab", "test")
        ann.send(Profile(name="Anastasia"))
        bob.wait_for(People, lambda told: [person.name for person in told.people] == ["Anast"])


def test_clients_are_told_what_the_hub_is_called() -> None:
    """By Welcome; without a name nothing."""
    for name in ("Office", ""):
        with running_hub(ServerConfig(hub_name=name)) as hub:
            client = knock(hub, "Ann", "ann")
            assert client.wait_for(Welcome).hub_name == name


@pytest.mark.parametrize(("config", "asked"), [(None, "whether this is the right hub"), (ASKING, "for the join code")])
@pytest.mark.parametrize("says_so", [True, False])
def test_a_client_that_goes_to_ask_its_user_is_nothing_to_worry_about(
    config: ServerConfig | None, asked: str, says_so: bool
) -> None:
    """Told as a connection, not as trouble, whether it ends TLS in order or only the connection."""
    with running_hub(config) as hub:
        client = hub.connect_modern(identity_of("ann")).secure()
        if config is not None:
            client.send(client.hello("Ann"))
            client.wait_for(JoinCodeAsked)
        if says_so:
            assert client.tls is not None
            client.tls.send_eof()
            client.socket.sendall(client.tls.data_to_send())
        client.close()
        line = f"127.0.0.1 did not register: it went away, as clients do to ask their users {asked}."
        hub.log.wait_for(line)
        assert line in hub.log.lines(Meaning.CONNECTION)
        assert hub.log.lines(Meaning.TROUBLE) == []
