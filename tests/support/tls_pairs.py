"""Two ends of TLS in memory, and what joins them: pieces of ours, and a peer that may do what ours never would.

Owns the identities that tests use (made once, since making keys takes time) and the passing of bytes between two ends.
It must never open a socket. Thread: the test's own.
"""

import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from commonlib.storage.contexts import client_context, server_context
from commonlib.storage.keyfile import Identity, make_identity
from commonlib.wire.tls import TlsPiece

Divide = Callable[[bytes], Iterator[bytes]]
"""How a network divides what is sent at once."""


class End(Protocol):
    """What takes bytes of the network and has some for it."""

    def receive_data(self, data: bytes, /) -> object:
        """Take bytes of the network."""

    def data_to_send(self) -> bytes:
        """Bytes for the network."""


@cache
def identity_of(name: str) -> Identity:
    """The identity of somebody in the tests, the same whenever he is named in this run."""
    return make_identity()


@cache
def server_context_of(name: str) -> ssl.SSLContext:
    """The context of somebody's hub."""
    return server_context(identity_of(name))


@cache
def any_client_context() -> ssl.SSLContext:
    """The context of all clients: there is nothing of one's own in it."""
    return client_context()


def whole(data: bytes) -> Iterator[bytes]:
    """All at once."""
    yield data


def bytewise(data: bytes) -> Iterator[bytes]:
    """Each byte by itself."""
    for index in range(len(data)):
        yield data[index : index + 1]


def exchange(first: End, second: End, divide: Divide = whole) -> None:
    """Carry bytes both ways until neither end has any more to send; what they return is lost."""
    while True:
        there, back = first.data_to_send(), second.data_to_send()
        if not there and not back:
            return
        for piece in divide(there):
            second.receive_data(piece)
        for piece in divide(back):
            first.receive_data(piece)


@dataclass(frozen=True, slots=True)
class Pair:
    """Both ends of an established connection."""

    hub: TlsPiece
    client: TlsPiece


def established_pair(hub: str = "hub") -> Pair:
    """Two pieces that have shaken hands."""
    pair = Pair(TlsPiece(server_context_of(hub), True), TlsPiece(any_client_context(), False))
    exchange(pair.client, pair.hub)
    assert pair.hub.is_established
    assert pair.client.is_established
    return pair
