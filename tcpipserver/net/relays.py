"""All ways through the hub: who may come in by one, how many there are, and what the log tells of them.

Owns the tokens' book, the relays and their lock. Must never let bytes of one way into another. `carry_out` runs on the
dispatcher's thread, `run` on the arrival's thread of each half, the rest on any.
"""

import logging
import secrets
import socket
import threading
from collections.abc import Callable

from commonlib.identity import Fingerprint
from commonlib.meaning import Meaning
from commonlib.wire.relay_join import RelayJoin
from commonlib.wire.way_messages import TOKEN_SIZE, Role, WayOpened
from commonlib.wording import shown_size
from tcpipserver.hub import effects
from tcpipserver.hub.effects import Deliver, EndWays, OpenWay, WayEnd
from tcpipserver.hub.limits import Limits
from tcpipserver.hub.records import named
from tcpipserver.hub.relaybook import RelayBook
from tcpipserver.net.clock import Clock
from tcpipserver.net.relay import Relay

event_log = logging.getLogger("tcpipserver.events")


class NoRelayError(Exception):
    """A half is not joined to another one; its text continues «… did not register: »."""


class Relays:
    """Every way of one hub that goes through it."""

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock
        self._lock = threading.Lock()
        self._book = RelayBook()
        self._relays: dict[bytes, Relay] = {}
        self._halves: dict[bytes, int] = {}
        self._ended_bytes = 0
        self._is_stopping = False

    # Dispatcher

    def carry_out(self, effect: OpenWay | EndWays) -> list[Deliver]:
        """What the brain wants done about ways; returns what people are to be told."""
        if isinstance(effect, OpenWay):
            return self._open_way(effect)
        self._end_ways(effect.key)
        return []

    def _open_way(self, way: OpenWay) -> list[Deliver]:
        token = secrets.token_bytes(TOKEN_SIZE)
        with self._lock:
            self._book.expect(token, way, self._clock.now())
        return [
            _told(way, Role.SENDER, way.sender, way.receiver, token),
            _told(way, Role.RECEIVER, way.receiver, way.sender, token),
        ]

    def _end_ways(self, key: Fingerprint) -> None:
        with self._lock:
            self._book.forget(key)
            for relay in self._relays.values():
                if key in (relay.way.sender.person.key, relay.way.receiver.person.key):
                    relay.end()

    # Arrivals

    def run(
        self, join: RelayJoin, nonce: bytes, half: socket.socket, unread: bytes, joined: Callable[[], None]
    ) -> None:
        """Carry one half of a way, from its RelayJoin to the end of both; afterwards the caller closes the socket.

        Args:
            nonce: From the greeting of this connection.
            unread: What came behind the RelayJoin.
            joined: Called once the other half is here, too.

        Raises:
            WrongTokenError, UsedTokenError: It belongs to no way.
            NoRelayError: There is no room for it, or its other half has not come.
        """
        token, relay = self._take(join, nonce)
        try:
            if not relay.join(join.role, half, self._limits.relay_half_seconds):
                raise NoRelayError("the other half of its relay did not come")
            joined()
            if join.role is Role.SENDER:
                event_log.log(Meaning.CONNECTION, "%s.", _sentence(relay.way, "sends files"))
            relay.carry(join.role, unread)
        finally:
            self._leave(token, relay)

    # Any thread

    @property
    def running(self) -> int:
        """How many ways bytes pass by now."""
        with self._lock:
            return sum(relay.is_joined for relay in self._relays.values())

    @property
    def passed_bytes(self) -> int:
        """What has passed since the start, both ways."""
        with self._lock:
            return self._ended_bytes + sum(sum(relay.passed.values()) for relay in self._relays.values())

    def stop(self) -> None:
        """End all of them, and take none any more. Their threads end soon."""
        with self._lock:
            self._is_stopping = True
            for relay in self._relays.values():
                relay.end()

    # Inside

    def _take(self, join: RelayJoin, nonce: bytes) -> tuple[bytes, Relay]:
        with self._lock:
            if self._is_stopping:
                raise NoRelayError("the hub stops")
            opened = self._book.take(join, nonce, self._clock.now())
            relay = self._relays.get(opened.token)
            if relay is None:
                self._check_room_locked(opened.way)
                relay = self._relays[opened.token] = Relay(opened.way, self._clock)
            self._halves[opened.token] = self._halves.get(opened.token, 0) + 1
            return opened.token, relay

    def _check_room_locked(self, way: OpenWay) -> None:
        limits = self._limits
        if len(self._relays) >= limits.relays:
            raise NoRelayError(f"all {limits.relays} relays are in use (--limit relays=N)")
        for key in {way.sender.person.key, way.receiver.person.key}:
            ways = (relay.way for relay in self._relays.values())
            if sum(key in (one.sender.person.key, one.receiver.person.key) for one in ways) >= limits.relays_per_key:
                raise NoRelayError(f"its user has {limits.relays_per_key} relays already (--limit relays_per_key=N)")

    def _leave(self, token: bytes, relay: Relay) -> None:
        """One half has ended; with the last one the way has."""
        with self._lock:
            self._halves[token] -= 1
            if self._halves[token]:
                return
            del self._halves[token], self._relays[token]
            passed = sum(relay.passed.values())
            self._ended_bytes += passed
        if relay.is_joined:
            sentence = _sentence(relay.way, "has ended sending files")
            event_log.log(Meaning.CONNECTION, "%s: %s passed.", sentence, shown_size(passed))


def _told(way: OpenWay, role: Role, end: WayEnd, peer: WayEnd, token: bytes) -> Deliver:
    assert peer.person.key is not None
    said = WayOpened(
        transfer=way.transfer,
        role=role,
        peer=peer.person.id,
        peer_key=peer.person.key,
        token=token,
        port=peer.port,
        addresses=peer.addresses,
    )
    return Deliver((end.connection,), effects.Files(0, end.person.id, said))


def _sentence(way: OpenWay, what: str) -> str:
    return f"{named(way.sender.person)} {what} to {named(way.receiver.person)} through the hub"
