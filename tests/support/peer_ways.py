"""Two clients' ways in tests: introduced to each other as a hub does it, with what each of them tells.

Owns the introductions and the waiting. It must never shorten a step that the product makes: TCP and TLS are real.
Threads: news comes on the ways' own, the rest is the test's.
"""

import os
import queue
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self

from commonlib.wire.way_messages import Role, WayOpened
from tcpipclient.core.way_rule import WayRule
from tcpipclient.net.clock import Clock
from tcpipclient.net.peer.link import LinkStands, PeerLink, WayFailed, WayNews
from tcpipclient.net.peer.ways import Ways
from tests.support.clock import FakeClock
from tests.support.small_relay import SmallRelay
from tests.support.tls_pairs import identity_of, server_context_of

WAIT_SECONDS = 10.0
NOBODY = bytes(16)
"""A transfer that there is not."""
NO_HUB = ("127.0.0.1", 9)
HERE = ("127.0.0.1",)


class Side:
    """One client.

    Attributes:
        news: What its ways have told, in order.
    """

    def __init__(
        self,
        name: str,
        clock: Clock,
        hub: tuple[str, int] = NO_HUB,
        rule: WayRule = WayRule.AUTO,
        *,
        listens: bool = False,
    ) -> None:
        self.identity = identity_of(name)
        self.fingerprint = self.identity.fingerprint
        self.news: queue.Queue[WayNews] = queue.Queue()
        self._links: list[PeerLink] = []
        self._hub = hub
        self._begun = threading.Semaphore(0)
        self.ways = Ways(
            self.identity, lambda: server_context_of(name), self._ask_hub, rule, clock, self._hear, listening_port=0
        )
        if listens:
            self.ways.start_listening()

    def __enter__(self) -> Self:
        """The side itself; it is closed at the end, with all links that it was told of."""
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        self.ways.close()
        for link in self._links:
            link.close()

    def link(self) -> PeerLink:
        """The link that stands next, blocking, with a timeout."""
        news = self.news.get(timeout=WAIT_SECONDS)
        assert isinstance(news, LinkStands), news
        news.link.socket.settimeout(WAIT_SECONDS)
        return news.link

    def failure(self) -> str:
        """Why there is no link."""
        news = self.news.get(timeout=WAIT_SECONDS)
        assert isinstance(news, WayFailed), news
        return news.why

    def open(self, opened: WayOpened) -> None:
        """Begin a search, and return when it has begun by the clock as it stands."""
        self.ways.open(opened)
        assert self._begun.acquire(timeout=WAIT_SECONDS)

    @property
    def has_news(self) -> bool:
        """Whether something was told that nobody has asked for yet."""
        return not self.news.empty()

    def start(self) -> None:
        """Have the threads run, as after a first way."""
        self.ways.open(WayOpened(transfer=NOBODY, role=Role.SENDER, peer=2, peer_key=bytes(32), token=os.urandom(32)))
        self.ways.give_up(NOBODY)

    def poke(self) -> None:
        """Let the threads look at a clock that was moved on."""
        self.ways.give_up(NOBODY)

    def _ask_hub(self) -> tuple[str, int]:
        self._begun.release()
        return self._hub

    def _hear(self, news: WayNews) -> None:
        if news.transfer == NOBODY:
            return
        if isinstance(news, LinkStands):
            self._links.append(news.link)
        self.news.put(news)


@dataclass(frozen=True, slots=True)
class Introduction:
    """What a hub tells the two ends of a way."""

    to_sender: WayOpened
    to_receiver: WayOpened


def introduce(
    sender: Side, receiver: Side, addresses: tuple[str, ...] = HERE, receiver_port: int | None = None
) -> Introduction:
    """A new way between two sides; the sender may be told of another port than the receiver's."""
    transfer, token = os.urandom(16), os.urandom(32)

    def told(role: Role, peer: Side, port: int) -> WayOpened:
        return WayOpened(
            transfer=transfer,
            role=role,
            peer=2,
            peer_key=peer.fingerprint,
            token=token,
            port=port,
            addresses=addresses,
        )

    if receiver_port is None:
        receiver_port = receiver.ways.port
    return Introduction(told(Role.SENDER, receiver, receiver_port), told(Role.RECEIVER, sender, sender.ways.port))


@dataclass(slots=True)
class Two:
    """A sender and a receiver, and a clock that both go by."""

    sender: Side
    receiver: Side
    clock: FakeClock
    relay: SmallRelay | None = None

    def introduce(self, addresses: tuple[str, ...] = HERE, receiver_port: int | None = None) -> Introduction:
        """Begin a way between both."""
        introduction = introduce(self.sender, self.receiver, addresses, receiver_port)
        if self.relay is not None:
            self.relay.tokens[introduction.to_sender.transfer] = introduction.to_sender.token
        self.sender.open(introduction.to_sender)
        self.receiver.open(introduction.to_receiver)
        return introduction

    def advance(self, seconds: float) -> None:
        """Let time pass for both."""
        self.clock.advance(seconds)
        self.sender.poke()
        self.receiver.poke()

    def links(self) -> tuple[PeerLink, PeerLink]:
        """The links at both ends, after one word in each direction has passed on them."""
        at_sender = self.sender.link()
        at_sender.socket.sendall(b"offer")
        at_receiver = self.receiver.link()
        assert at_receiver.first == b"offer"
        at_receiver.socket.sendall(b"accept")
        assert received(at_sender.socket, 6) == b"accept"
        return at_sender, at_receiver


@contextmanager
def two_sides(
    *,
    sender_listens: bool = False,
    receiver_listens: bool = False,
    relay: SmallRelay | None = None,
    rule: WayRule = WayRule.AUTO,
    sender_rule: WayRule | None = None,
) -> Iterator[Two]:
    """A sender and a receiver at one hub; without a relay it does not answer. `rule`: of both, or of the receiver."""
    clock = FakeClock()
    hub = NO_HUB if relay is None else relay.address
    with (
        Side("sender", clock, hub, sender_rule or rule, listens=sender_listens) as sender,
        Side("receiver", clock, hub, rule, listens=receiver_listens) as receiver,
    ):
        yield Two(sender, receiver, clock, relay)


def received(connection: ssl.SSLSocket, size: int) -> bytes:
    """So many bytes from a blocking connection, or what there is before its end."""
    data = b""
    while len(data) < size and (more := connection.recv(size - len(data))):
        data += more
    return data
