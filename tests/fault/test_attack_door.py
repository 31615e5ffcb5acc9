"""What strangers, and members who break TLS, may try at the door: they are ended, and everybody else goes on.

Threads: the hub's own, and pytest's main thread as every client.
"""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path

import pytest

from commonlib.identity import Fingerprint
from commonlib.storage.contexts import client_context
from commonlib.wire.frames import HEADER_SIZE
from commonlib.wire.messages import Closing, Hello, Profile, Refused, Text, encode_message
from commonlib.wire.proof import proof_message
from commonlib.wire.reasons import ClosingReason, RefusalReason
from commonlib.wire.tls import TlsError
from tcpipserver.config import ServerConfig
from tcpipserver.hub.limits import Limits
from tests.support.classic_client import SECONDS
from tests.support.leaks import wait_until
from tests.support.modern_client import ModernClient
from tests.support.running_hub import RunningHub, running_hub
from tests.support.tls_forger import Forger
from tests.support.tls_pairs import identity_of

HALF_OPEN = 2000
MANY = Limits(arrival_seconds=600.0, arriving=4000, connections_per_address=4000, attempts_per_minute=4000)
MOMENT = 0.3
OTHER_HOST = "127.0.0.2" if os.name == "posix" else ""


@contextmanager
def half_open(port: int, count: int, first_bytes: bytes) -> Iterator[list[socket.socket]]:
    """So many connect, say this, and then nothing."""
    with ExitStack() as stack:
        opened = [stack.enter_context(socket.create_connection(("127.0.0.1", port), SECONDS)) for _ in range(count)]
        for each in opened:
            each.sendall(first_bytes)
        yield opened


def arriving(hub: RunningHub) -> int:
    """How many are arriving at this moment."""
    assert hub.service._arrivals is not None
    return len(hub.service._arrivals._arriving)


# Proofs


def of_another_hub(client: ModernClient) -> Hello:
    """What a false hub was given by a client, who took it for the one that he wanted, and passes on to the real one."""
    own = client.identity
    false_hub = identity_of("false hub").fingerprint
    proof = own.sign(proof_message(client.mark.nonce, client.greeting, false_hub, own.fingerprint))
    return Hello(version=1, key=own.spki, proof=proof, profile=Profile(name="Eve"))


def of_another_connection(client: ModernClient) -> Hello:
    """What the same client said to the same hub a moment ago."""
    with ModernClient(client.socket.getpeername()[1], client.identity) as before:
        return before.secure().hello("Eve")


def of_a_changed_greeting(client: ModernClient) -> Hello:
    """Somebody in between took a hint out of the greeting."""
    own, greeting = client.identity, bytearray(client.greeting)
    greeting[26] ^= 1
    proof = own.sign(proof_message(client.mark.nonce, bytes(greeting), client.hub, own.fingerprint))
    return Hello(version=1, key=own.spki, proof=proof, profile=Profile(name="Eve"))


def of_somebody_else(client: ModernClient) -> Hello:
    """Ann's key is known to all; only she can sign with it."""
    ann = identity_of("ann")
    message = proof_message(client.mark.nonce, client.greeting, client.hub, Fingerprint(ann.fingerprint))
    return Hello(version=1, key=ann.spki, proof=client.identity.sign(message), profile=Profile(name="Ann"))


@pytest.mark.parametrize("false", [of_another_hub, of_another_connection, of_a_changed_greeting, of_somebody_else])
def test_a_false_proof_is_refused_and_counts(false: Callable[[ModernClient], Hello]) -> None:
    """He is told, he is not taken in, and after a few of them nobody new is from his address; who is here stays."""
    limits = Limits(free_failures=2, lock_out_seconds=600.0)
    with running_hub(ServerConfig(limits=limits)) as hub:
        cid = hub.join("Cid")
        for expected in [RefusalReason.NOT_PROVED] * 3:
            eve = hub.connect_modern(identity_of("eve")).secure()
            eve.send(false(eve))
            assert eve.wait_for(Refused).reason == expected
            eve.wait_for_end()
        honest = hub.connect_modern(identity_of("eve")).secure()
        honest.send(honest.hello("Eve"))
        assert honest.wait_for(Refused).reason == RefusalReason.LOCKED_OUT
        assert [member.person.name for member in hub.members()] == ["Cid"]
        cid.echo()


# Garbage and silence


GARBAGE = {
    "no record": b"\x16" + b"\xff" * 400,
    "a record without an end": b"\x16\x03\x01\xff\xff" + bytes(200),
    "an alert": b"\x15\x03\x03\x00\x02\x02\x28",
    "a hello of nothing": b"\x16\x03\x01\x00\x04\x01\x00\x00\x00",
    "another protocol": b"GET / HTTP/1.1\r\n\r\n",
}


@pytest.mark.parametrize("data", GARBAGE.values(), ids=GARBAGE)
def test_garbage_in_place_of_tls_ends_its_sender(data: bytes) -> None:
    """Nobody else notices."""
    with running_hub(ServerConfig(limits=Limits(arrival_seconds=MOMENT))) as hub:
        ann = hub.join_modern("Ann")
        stranger = hub.connect()
        stranger.greet()
        stranger.send(data)
        stranger.wait_for_end()
        hub.log.wait_for("did not register")
        ann.echo()


def test_who_shakes_hands_and_says_nothing_is_sent_away_in_time() -> None:
    """TLS alone is no introduction."""
    with running_hub(ServerConfig(limits=Limits(arrival_seconds=MOMENT))) as hub:
        hub.connect_modern().secure().wait_for_end()
        assert hub.log.wait_for("did not register").endswith("it did not say who it is in time.")


def test_who_chatters_before_he_says_who_he_is_is_sent_away() -> None:
    """Frames of a kind that nobody knows are passed over, and not for ever."""
    with running_hub() as hub:
        chatterer = hub.connect_modern().secure()
        unknown = b"\x00\x10\x00\x00\x99\x99" + bytes(10) + bytes(4096)
        with suppress(ConnectionError):
            for _ in range(10_000):
                chatterer.send_bytes(unknown)
        hub.log.wait_for("did not register: it sent too much")


@pytest.mark.parametrize("first_bytes", [b"", b"\x16\x03\x01\x02\x00\x01\x00"], ids=["silent", "half a hello"])
def test_two_thousand_half_open_connections_keep_nobody_waiting(first_bytes: bytes) -> None:
    """Each waits on a thread of its own: members talk, and newcomers of both wires get in meanwhile."""
    with running_hub(ServerConfig(limits=MANY)) as hub:
        ann = hub.join_modern("Ann")
        with half_open(hub.service.port, HALF_OPEN, first_bytes):
            assert wait_until(lambda: arriving(hub) == HALF_OPEN, SECONDS)
            ann.echo()
            hub.join_modern("Bob").echo()
            hub.join("Cid").echo()
            assert arriving(hub) == HALF_OPEN


def test_one_address_cannot_take_all_places() -> None:
    """It gets as many as are allowed, half open or not; from elsewhere people come in as before."""
    limits = Limits(arrival_seconds=600.0, arriving=100, connections_per_address=50)
    with running_hub(ServerConfig(limits=limits)) as hub, half_open(hub.service.port, 120, b""):
        hub.log.wait_for("was sent away: its address has 50 connections already")
        assert wait_until(lambda: arriving(hub) == 50, SECONDS)
        if OTHER_HOST:
            hub.connect_modern(source=OTHER_HOST).register("Ann").echo()


# Members who break TLS or frames


def test_a_flood_of_key_updates_ends_its_sender_and_is_kept_nowhere(tmp_path: Path) -> None:
    """Each asks for an answer, and he reads none of them."""
    with running_hub() as hub:
        ann = hub.join_modern("Ann")
        eve = hub.connect_modern()
        eve.context = client_context()
        eve.context.keylog_filename = str(tmp_path / "secrets")
        eve.register("Eve")
        lines = [line.split() for line in (tmp_path / "secrets").read_text().splitlines() if line[0] != "#"]
        forger = Forger(bytes.fromhex(next(line[2] for line in lines if line[0] == "CLIENT_TRAFFIC_SECRET_0")))
        forger._sequence = 1  # Hello was one record.
        flood = b"".join(forger.key_update(requested=True) for _ in range(20_000))
        largest = 0
        with suppress(ConnectionError):
            for position in range(0, len(flood), 4096):
                eve.socket.sendall(flood[position : position + 4096])
                largest = max(largest, hub.service._waiting.size)
        assert "too many answers" in hub.log.wait_for("Eve (2) is gone")
        assert largest < 64 << 10
        assert wait_until(lambda: hub.service._waiting.size == 0, SECONDS)
        ann.echo()


def test_records_that_cannot_be_decrypted_end_their_sender() -> None:
    """As a connection that broke; the others hear that he has left."""
    with running_hub() as hub:
        ann, eve = hub.join_modern("Ann"), hub.join_modern("Eve")
        eve.socket.sendall(b"\x17\x03\x03\x00\x40" + bytes(64))
        with suppress(TlsError):  # He is told inside TLS what is wrong.
            eve.wait_for_end()
        hub.log.wait_for("Eve (2) is gone: TLS finds")
        ann.echo()


def test_a_frame_that_is_too_long_ends_its_sender_with_a_word() -> None:
    """By what its header announces: nothing of its body is waited for."""
    with running_hub() as hub:
        ann, eve = hub.join_modern("Ann"), hub.join_modern("Eve")
        eve.send_bytes(b"\xff\xff\xff\xff" + bytes(HEADER_SIZE - 4))
        assert eve.wait_for(Closing).reason == ClosingReason.PROTOCOL
        eve.wait_for_end()
        ann.echo()


def test_a_member_who_reads_nothing_is_ended_and_the_writer_goes_on() -> None:
    """What waits for him is bounded, encrypted or not."""
    with running_hub() as hub:
        deaf, ann = hub.join_modern("Deaf"), hub.join_modern("Ann")
        connection = hub.connection_of(deaf)
        text = encode_message(Text(number=1, text="x" * 500_000), deaf.id)
        assert wait_until(partial(_is_waited_for, ann, text, connection), SECONDS)
        assert connection.outbox.waiting < 16 << 20
        deaf.close()
        ann.echo()


def _is_waited_for(writer: ModernClient, text: bytes, connection: object) -> bool:
    writer.send_bytes(text)
    return bool(connection.outbox.waiting > 1 << 20)  # type: ignore[attr-defined]
