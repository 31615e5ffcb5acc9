"""What the hub's threads need of a dialect, whichever it is.

Owns the two protocols. Must never know a wire. Pure: the methods say which thread calls them.
"""

from collections.abc import Sequence
from typing import Any, Protocol

from tcpipserver.hub import effects, inputs
from tcpipserver.hub.people import Wire


class Dialect(Protocol):
    """One connection, from its bytes to the hub's inputs. A piece is of the dialect's own kind, for `receive` alone.

    `cut` runs on the arrival's, later the normalizer's thread, the rest on the dispatcher's; they share no state but
    what `take_in` sets.
    """

    @property
    def wire(self) -> Wire:
        """Which encoder its connection needs."""
        ...

    def cut(self, data: bytes, /) -> Sequence[Any]:
        """Add a chunk of the stream (decrypted, where it was encrypted); returns the pieces that are whole now."""
        ...

    def receive(self, piece: Any, /) -> list[inputs.Input]:
        """What a piece means to the hub. Never raises: what the protocol does not allow is an input, too."""
        ...

    def take_in(self) -> None:
        """The client is a member from now on (effects.TakenIn)."""
        ...

    def receive_end(self) -> None:
        """The connection has ended: nothing of it is kept."""
        ...


class Encoder(Protocol):
    """From the hub's items to the bytes of one wire, the same for all its connections. Used by the dispatcher."""

    def encode(self, item: effects.Item, /) -> bytes:
        """The bytes of an item; none where the wire cannot say it. Never raises."""
        ...

    def forget_people(self) -> None:
        """Nobody is connected: what was made of people is of no more use."""
        ...
