"""Who is on the hub and can be spoken to about batches: people with keys, by id and by key.

Owns who is here now. Must never hold a batch. Pure: used by the book of batches.
"""

from collections.abc import Iterable

from commonlib.values import dataclass


@dataclass(frozen=True, slots=True)
class Peer:
    """Somebody's connection to the hub.

    Attributes:
        id: Names this connection, and may be another's on the next hub.
        key: Fingerprint of his key: who he is.
    """

    id: int
    key: bytes
    name: str = ""


class Peers:
    """All of them.

    Attributes:
        is_connected: Whether there is a hub.
    """

    def __init__(self) -> None:
        self.is_connected = False
        self._people: dict[int, Peer] = {}

    def find_hub(self, people: Iterable[Peer]) -> None:
        """We are on a hub, with these."""
        self.is_connected = True
        self._people = {peer.id: peer for peer in people}

    def lose_hub(self) -> None:
        """There is no hub any more, and nobody to be seen."""
        self.is_connected = False
        self._people.clear()

    def put(self, peer: Peer) -> None:
        """Somebody came, or is called something else."""
        self._people[peer.id] = peer

    def remove(self, person_id: int) -> None:
        """Somebody left."""
        self._people.pop(person_id, None)

    def maybe_get(self, person_id: int) -> Peer | None:
        """Who has this id and a key; None where nobody has."""
        return self._people.get(person_id)

    def is_here(self, peer: Peer) -> bool:
        """Whether this very connection is."""
        here = self._people.get(peer.id)
        return here is not None and here.key == peer.key

    def maybe_found(self, peer: Peer) -> Peer | None:
        """The same connection, else the newest other one of the same key; None for neither."""
        here = self._people.get(peer.id)
        if here is not None and here.key == peer.key:
            return here
        others = [it for it in self._people.values() if it.key == peer.key]
        return max(others, key=lambda it: it.id, default=None)
