"""Somebody stands between a client and its hub, or in the hub's place: he learns nothing, and the user is told.

Each test fails when the defence that it names is taken out. Thread: pytest's main thread connects; the attacker is
played on another.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from commonlib.exceptions import ProtocolError
from commonlib.identity import Fingerprint, key_code
from commonlib.storage.owner_only import StorageError
from commonlib.wire.hub_handshake import Proved
from commonlib.wire.proof import ProofError
from commonlib.wire.reasons import RefusalReason
from tcpipclient import (
    Client,
    HubChangedError,
    HubIdentity,
    Trust,
    TurnedAwayError,
    UnencryptedHubError,
    UnknownHubError,
)
from tcpipclient.config import ClientSettings
from tcpipclient.core.trusting import TrustRule
from tcpipclient.trust import TRUST_FILE, TrustStore
from tests.support import hub_packets, modern_hub
from tests.support.handshakes import Peer, hub_peer
from tests.support.memory_network import READ_SIZE, SECONDS, MemoryNetwork
from tests.support.modern_hub import ModernHub
from tests.support.scripted_hub import ScriptedHub
from tests.support.tls_pairs import identity_of

RIGHT, FALSE = identity_of("hub").fingerprint, identity_of("false hub").fingerprint


class Victim:
    """A client with a data folder, and the network that it connects over."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.network = MemoryNetwork()

    def client(self, rule: TrustRule = Trust.KNOWN, *, allow: bool = False, host: str = "hub") -> Client:
        """A new one, as the next start of the program makes it."""
        given = ClientSettings(trust=rule, allow_unencrypted=allow, data_dir=self.folder, close_timeout=0.01)
        return Client(host, connect_with=self.network.connect, **given)

    def attempt(self, play: Callable[[ModernHub], object], client: Client, whose: str = "hub") -> Exception | None:
        """What comes of connecting while the other side does this."""
        return modern_hub.attempt(play, client, self.network, whose)

    def pinned(self, host: str = "hub") -> Fingerprint | None:
        """Whom it trusts."""
        with TrustStore(self.folder) as store:
            return store.maybe_pin(host, 9999)

    def trust_hub(self) -> None:
        """Connect to the right hub for the first time."""
        client = self.client(Trust.FIRST_USE)
        modern_hub.connect(client, self.network)
        client.close()


@pytest.fixture
def victim(tmp_path: Path) -> Victim:
    """One that has never connected."""
    return Victim(tmp_path / "data")


@pytest.fixture
def trusting(victim: Victim) -> Victim:
    """One that knows its hub."""
    victim.trust_hub()
    assert victim.pinned() == RIGHT
    return victim


def say_yes(_: HubIdentity) -> bool:
    """A user who clicks whatever comes."""
    return True


RULES: list[TrustRule] = [Trust.KNOWN, Trust.FIRST_USE, say_yes, RIGHT]
NAMES = ["known", "first use", "says yes", "the right fingerprint"]


class Original:
    """In the hub's place, without a mark in its greeting; keeps what it is told."""

    def __init__(self) -> None:
        self.heard: bytes | None = None

    def __call__(self, hub: ModernHub) -> None:
        hub.transport.send(hub_packets.greeting(1, wall=None))
        self.heard = hub.transport.coming.read(READ_SIZE, SECONDS)


class TlsEnd:
    """In the hub's place, with TLS and whatever key; keeps all that it is told inside TLS."""

    def __init__(self, whose: str) -> None:
        self.peer: Peer = hub_peer(whose)
        self.is_closed = False

    def __call__(self, hub: ModernHub) -> None:
        hub.greet()
        while data := hub.transport.coming.read(READ_SIZE, SECONDS):
            self.peer.receive_data(data)
            hub.transport.send(self.peer.data_to_send())
        self.is_closed = True


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
@pytest.mark.parametrize("allow", [True, False])
def test_a_pinned_address_never_goes_classic(trusting: Victim, rule: TrustRule, allow: bool) -> None:
    """Whatever the flags, and even where it was allowed for the address before: not a byte is sent."""
    with TrustStore(trusting.folder) as store:
        store.allow_unencrypted("hub", 9999)
    attacker = Original()
    error = trusting.attempt(attacker, trusting.client(rule, allow=allow))
    assert isinstance(error, HubChangedError)
    assert (error.wanted, error.found) == (RIGHT, None)
    assert attacker.heard == b""
    assert "does not encrypt" in str(error)


def test_without_the_mark_there_is_no_silent_way_on(victim: Victim) -> None:
    """At an address that nobody has known yet, too: what is not allowed is not done."""
    attacker = Original()
    for rule in (Trust.KNOWN, Trust.FIRST_USE, say_yes):
        error = victim.attempt(attacker, victim.client(rule))
        assert isinstance(error, UnencryptedHubError)
        assert attacker.heard == b""


def test_a_wanted_fingerprint_is_never_met_in_the_clear(victim: Victim) -> None:
    """Also at the first connection, and where the clear is allowed: the user has said whom he wants."""
    attacker = Original()
    error = victim.attempt(attacker, victim.client(RIGHT, allow=True))
    assert isinstance(error, HubChangedError)
    assert attacker.heard == b""


def test_what_was_allowed_is_remembered_for_that_address_alone(victim: Victim) -> None:
    """An original server needs no flag the second time; another address does."""

    def let_in(hub: ModernHub) -> None:
        ScriptedHub(hub.transport).let_in(1)

    assert victim.attempt(let_in, victim.client(allow=True)) is None
    assert victim.attempt(let_in, victim.client()) is None
    assert isinstance(victim.attempt(Original(), victim.client(host="other")), UnencryptedHubError)


def test_where_the_clear_was_allowed_a_hub_with_a_key_is_still_judged(victim: Victim) -> None:
    """Allowing it once trusts nobody."""
    with TrustStore(victim.folder) as store:
        store.allow_unencrypted("hub", 9999)
    assert isinstance(victim.attempt(TlsEnd("hub"), victim.client(allow=True)), UnknownHubError)


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_another_key_is_refused_loudly_and_told_nothing(trusting: Victim, rule: TrustRule) -> None:
    """No flag of every day helps, nobody is asked, and the pin stays; the sentence has both codes."""
    attacker = TlsEnd("false hub")
    error = trusting.attempt(attacker, trusting.client(rule, allow=True), "false hub")
    assert isinstance(error, HubChangedError)
    assert (error.wanted, error.found) == (RIGHT, FALSE)
    assert key_code(RIGHT) in str(error)
    assert key_code(FALSE) in str(error)
    assert attacker.peer.piece.is_established
    assert attacker.peer.heard == []
    assert attacker.is_closed
    assert trusting.pinned() == RIGHT


def test_a_hub_that_really_is_new_is_trusted_by_its_fingerprint(trusting: Victim) -> None:
    """Given by the user, who has asked; from then on it is the one that counts."""
    client = trusting.client(FALSE)
    modern_hub.connect(client, trusting.network, whose="false hub")
    client.close()
    assert trusting.pinned() == FALSE
    assert isinstance(trusting.attempt(TlsEnd("hub"), trusting.client()), HubChangedError)


@pytest.mark.parametrize("rule", [Trust.KNOWN, lambda _: False], ids=["known", "says no"])
def test_nothing_is_said_to_a_hub_before_it_is_trusted(victim: Victim, rule: TrustRule) -> None:
    """TLS stands, and inside it nothing was sent: neither who we are nor a proof of it."""
    attacker = TlsEnd("hub")
    error = victim.attempt(attacker, victim.client(rule))
    assert isinstance(error, UnknownHubError)
    assert error.hub.fingerprint == RIGHT
    assert error.hub.key_code in str(error)
    assert attacker.peer.piece.is_established
    assert attacker.peer.heard == []
    assert victim.pinned() is None


def test_the_hub_that_answers_after_the_question_must_be_the_one_that_was_shown(victim: Victim) -> None:
    """The user is asked without a connection; whoever takes the hub's place meanwhile is found out."""
    shown: list[HubIdentity] = []

    def ask(hub: HubIdentity) -> bool:
        shown.append(hub)
        return True

    def swap(hub: ModernHub) -> None:
        TlsEnd("hub")(hub)
        TlsEnd("false hub")(ModernHub(victim.network.accept(), "false hub"))

    error = victim.attempt(swap, victim.client(ask))
    assert [hub.fingerprint for hub in shown] == [RIGHT]
    assert isinstance(error, HubChangedError)
    assert error.found == FALSE


def test_who_said_yes_is_asked_no_more(victim: Victim) -> None:
    """Neither at this address nor, for the same hub, at another one."""
    asked: list[HubIdentity] = []

    def ask(hub: HubIdentity) -> bool:
        asked.append(hub)
        return True

    def come_twice(hub: ModernHub) -> None:
        TlsEnd("hub")(hub)
        modern_hub.accept(victim.network)

    assert victim.attempt(come_twice, victim.client(ask)) is None
    for host in ("hub", "HUB", "192.0.2.7"):
        client = victim.client(ask, host=host)
        modern_hub.connect(client, victim.network)
        client.close()
    assert [hub.host for hub in asked] == ["hub"]
    assert victim.pinned("192.0.2.7") == RIGHT


@pytest.mark.parametrize("place", [23, 26, 210, 241, 300, 1023])
def test_a_greeting_that_was_tampered_with_shows(victim: Victim, place: int) -> None:
    """The proof covers all of it: version, hints, nonce, and what nobody reads. The mark itself is another test's."""
    seen: list[ProtocolError] = []

    def tamper(hub: ModernHub) -> None:
        changed = bytearray(hub.greeting)
        changed[place] ^= 1
        hub.greet(bytes(changed))
        try:
            hub.wait_for(Proved)
        except ProofError as error:
            seen.append(error)

    error = victim.attempt(tamper, victim.client(Trust.FIRST_USE))
    assert len(seen) == 1
    assert isinstance(error, TurnedAwayError)
    assert error.reason == RefusalReason.NOT_PROVED


def test_a_store_that_was_broken_trusts_nobody(trusting: Victim) -> None:
    """Whoever can spoil the file does not make us forget whom we trust."""
    (trusting.folder / TRUST_FILE).write_bytes(b"spoilt" * 1000)
    client = trusting.client(Trust.FIRST_USE, allow=True)
    with pytest.raises(StorageError):
        client.connect()
    client.close()
