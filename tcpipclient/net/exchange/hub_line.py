"""What an exchange of batches uses of one connection to a hub.

Owns the value, and asking the session under its lock. Must never outlive the use of its connection: another one has
another line. Threads: any.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from commonlib.values import dataclass, replace
from tcpipclient.config import ClientConfig
from tcpipclient.core.events import Event, Person
from tcpipclient.core.exceptions import NotConnectedError
from tcpipclient.core.order import State
from tcpipclient.core.transfers.peers import Peer
from tcpipclient.core.transfers.said import SaidToOthers
from tcpipclient.net.gate import Gate

if TYPE_CHECKING:
    # Loaded where it is needed, as what makes keys takes long.
    from commonlib.storage.keyfile import Identity


@dataclass(frozen=True, slots=True)
class HubLine:
    """One connection.

    Attributes:
        identity: Our key, as the hub knows us; None on the classic wire.
        hub_address: Address and port of the hub, as the connection has them.
        post: Has something done on the thread on which handlers run, as long as the connection stands.
        tell: Calls the handlers.
    """

    config: ClientConfig
    gate: Gate
    identity: "Identity | None"
    hub_address: Callable[[], tuple[str, int]]
    post: Callable[[Callable[[], None]], None]
    tell: Callable[[Event], None]

    def say(self, message: SaidToOthers, to: int) -> None:
        """Send a message by the hub; nothing where it cannot be sent."""
        self.gate.run(lambda session: session.say_of_files(message, to))

    def peers(self) -> list[Peer] | None:
        """Everybody with a key; None where there is no connection."""
        people = self.gate.run(lambda session: session.roster.snapshot() if session.state is State.REGISTERED else None)
        return None if people is None else [peer for person in people if (peer := maybe_peer(person)) is not None]

    def announce_port(self, port: int) -> None:
        """Have the roster tell where we listen; nothing where it does, or there is no connection."""
        try:
            self.gate.run(
                lambda session: (
                    None
                    if session.profile.listening_port == port
                    else session.update_profile(replace(session.profile, listening_port=port))
                )
            )
        except NotConnectedError:
            pass


def maybe_peer(person: Person) -> Peer | None:
    """Somebody as the other end of a batch; None where he has no key."""
    return None if person.key is None else Peer(person.id, person.key, person.name)
