"""All relays of a hub: who may come in, how many at a time, and whose end with him.

Through a whole hub in tests/integration/test_hub_relay.py. Threads: one for each half, and pytest's main thread.
"""

import logging
import socket
import threading
from collections.abc import Iterator

import pytest

from commonlib.wire.relay_join import RelayJoin
from commonlib.wire.way_messages import Role, WayOpened
from tcpipserver.hub.effects import EndWays, Files
from tcpipserver.hub.limits import Limits
from tcpipserver.hub.relaybook import UsedTokenError, WrongTokenError
from tcpipserver.net.relays import NoRelayError, Relays
from tests.support.clock import FakeClock
from tests.support.hubs import NONCE, key
from tests.support.leaks import wait_until
from tests.support.relay_ways import TRANSFER, join, way

SECONDS = 20.0


class Desk:
    """Relays with halves on threads of their own.

    Attributes:
        refused: Why halves were not joined, in order.
        joined: How often somebody was told that both halves are here.
    """

    def __init__(self, limits: Limits) -> None:
        self.relays = Relays(limits, FakeClock())
        self.refused: list[str] = []
        self.joined = 0
        self.clients: list[socket.socket] = []
        self._threads: list[threading.Thread] = []

    def opened(self, transfer: bytes = TRANSFER, sender: int = 1, receiver: int = 2) -> bytes:
        """A way is opened; the token that both are told."""
        to_sender, to_receiver = self.relays.carry_out(way(transfer, sender, receiver))
        assert isinstance(to_sender.item, Files)
        assert isinstance(to_sender.item.said, WayOpened)
        assert isinstance(to_receiver.item, Files)
        assert isinstance(to_receiver.item.said, WayOpened)
        assert to_sender.item.said.token == to_receiver.item.said.token
        return to_sender.item.said.token

    def come(self, token: bytes, role: Role, transfer: bytes = TRANSFER) -> socket.socket:
        """One half comes; returns its client's end."""
        ours, theirs = socket.socketpair()
        theirs.settimeout(SECONDS)
        self.clients.append(theirs)
        thread = threading.Thread(target=self._run, args=(join(role, token, transfer), ours))
        thread.start()
        self._threads.append(thread)
        return theirs

    def wait_for_answers(self, count: int) -> None:
        """Wait until so many halves have been taken or refused."""
        assert wait_until(lambda: len(self.relays._relays) + len(self.refused) == count, SECONDS)

    def _run(self, shown: RelayJoin, ours: socket.socket) -> None:
        with ours:
            try:
                self.relays.run(shown, NONCE, ours, b"", self._note_joined)
            except (NoRelayError, WrongTokenError, UsedTokenError) as error:
                self.refused.append(str(error))

    def _note_joined(self) -> None:
        self.joined += 1

    def close(self) -> None:
        """Everything ends, and every thread does."""
        self.relays.stop()
        for client in self.clients:
            client.close()
        for thread in self._threads:
            thread.join(SECONDS)
            assert not thread.is_alive()
        assert (self.relays._relays, self.relays._halves) == ({}, {})


@pytest.fixture
def limits() -> Limits:
    """What there may be."""
    return Limits(relays=3, relays_per_key=2, relay_half_seconds=SECONDS)


@pytest.fixture
def desk(limits: Limits) -> Iterator[Desk]:
    """Nobody is here."""
    desk = Desk(limits)
    yield desk
    desk.close()


def test_both_are_told_of_each_other_with_one_token() -> None:
    """Which is another one each time."""
    relays = Relays(Limits(), FakeClock())
    to_sender, to_receiver = relays.carry_out(way())
    assert (to_sender.connections, to_receiver.connections) == ((1,), (2,))
    assert isinstance(to_sender.item, Files)
    said = to_sender.item.said
    assert isinstance(said, WayOpened)
    assert (said.role, said.peer, said.peer_key) == (Role.SENDER, 2, key(2))
    assert isinstance(to_receiver.item, Files)
    assert to_receiver.item.said == WayOpened(
        transfer=TRANSFER, role=Role.RECEIVER, peer=1, peer_key=key(1), token=said.token
    )
    assert relays.carry_out(way())[0] != to_sender


def test_bytes_pass_and_are_counted(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """While they do, and afterwards; the log tells of both ends by name."""
    caplog.set_level(logging.INFO, "tcpipserver.events")
    token = desk.opened()
    sender, receiver = desk.come(token, Role.SENDER), desk.come(token, Role.RECEIVER)
    sender.sendall(b"hello")
    assert receiver.recv(5) == b"hello"
    assert wait_until(lambda: desk.relays.passed_bytes == 5, SECONDS)
    assert (desk.relays.running, desk.joined) == (1, 2)
    sender.close()
    assert receiver.recv(1) == b""
    receiver.close()
    assert wait_until(lambda: desk.relays.running == 0, SECONDS)
    assert desk.relays.passed_bytes == 5
    assert [record.getMessage() for record in caplog.records] == [
        "1 (1) sends files to 2 (2) through the hub.",
        "1 (1) has ended sending files to 2 (2) through the hub: 5 bytes passed.",
    ]


def test_no_more_ways_than_there_may_be(desk: Desk) -> None:
    """Nor more of one person, whichever end he is; who has ended makes room."""
    transfers = [bytes([number] * 16) for number in range(5)]
    people = [(1, 2), (3, 1), (1, 4), (5, 6), (7, 8)]
    tokens = [desk.opened(transfer, *pair) for transfer, pair in zip(transfers, people, strict=True)]
    first = desk.come(tokens[0], Role.SENDER, transfers[0])
    for number in (1, 2, 3, 4):
        desk.come(tokens[number], Role.SENDER, transfers[number])
        desk.wait_for_answers(number + 1)
    assert desk.refused == [
        "its user has 2 relays already (--limit relays_per_key=N)",
        "all 3 relays are in use (--limit relays=N)",
    ]
    desk.come(tokens[0], Role.RECEIVER, transfers[0]).close()
    assert first.recv(1) == b""
    first.close()
    assert wait_until(lambda: len(desk.relays._relays) == 2, SECONDS)
    desk.come(tokens[4], Role.RECEIVER, transfers[4])
    assert wait_until(lambda: len(desk.relays._relays) == 3, SECONDS)


@pytest.mark.parametrize("limits", [Limits(relay_half_seconds=0.05)])
def test_a_half_that_stays_alone_makes_room(desk: Desk) -> None:
    """Its token is used up; nobody is joined to it."""
    token = desk.opened()
    assert desk.come(token, Role.SENDER).recv(1) == b""
    desk.come(token, Role.RECEIVER)
    desk.come(token, Role.SENDER)
    alone = "the other half of its relay did not come"
    assert wait_until(lambda: len(desk.refused) == 3, SECONDS)
    assert sorted(desk.refused) == sorted([alone, alone, str(UsedTokenError())])
    assert desk.joined == 0


@pytest.mark.parametrize("whose", [1, 2])
def test_what_passes_ends_with_the_owner_of_a_key(desk: Desk, whose: int) -> None:
    """Both halves, at either end of it, and what was still to come; others go on."""
    token, other, coming = desk.opened(), desk.opened(bytes(16), 3, 4), desk.opened(bytes([9] * 16))
    halves = [desk.come(token, role) for role in Role]
    others = [desk.come(other, role, bytes(16)) for role in Role]
    assert wait_until(lambda: desk.relays.running == 2, SECONDS)
    assert desk.relays.carry_out(EndWays(key(whose))) == []
    assert [half.recv(1) for half in halves] == [b"", b""]
    desk.come(coming, Role.SENDER, bytes([9] * 16))
    assert wait_until(lambda: desk.refused == [str(WrongTokenError())], SECONDS)
    others[0].sendall(b"x")
    assert others[1].recv(1) == b"x"


def test_after_a_stop_nobody_comes(desk: Desk) -> None:
    """And who waits for his other half is let go."""
    token = desk.opened()
    waiting = desk.come(token, Role.SENDER)
    assert wait_until(lambda: len(desk.relays._relays) == 1, SECONDS)
    desk.relays.stop()
    assert waiting.recv(1) == b""
    assert wait_until(lambda: desk.refused == ["the other half of its relay did not come"], SECONDS)
    desk.come(token, Role.RECEIVER)
    assert wait_until(lambda: desk.refused[1:] == ["the hub stops"], SECONDS)
