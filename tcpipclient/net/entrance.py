"""A client's way into its hub: connected, known, let in; with the user asked where he has to be.

Owns the order of these steps, and that nothing is left open where one of them fails. Must never keep a hub waiting
while the user is asked: the connection is closed, and made anew when he has answered. Threads: `enter` runs on the
thread that connects, `abort` is called by any.
"""

import platform
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from commonlib.classic.codepage import clamp_text
from commonlib.wire.schema import LONGEST_NAME
from tcpipclient.config import ClientConfig
from tcpipclient.core.events import Event
from tcpipclient.core.exceptions import ConnectError, UnknownHubError
from tcpipclient.core.profile import Profile
from tcpipclient.core.trusting import Trust
from tcpipclient.net.clock import Clock
from tcpipclient.net.knock import knock
from tcpipclient.net.line import Visitor, Way
from tcpipclient.net.transport import Connect, Transport
from tcpipclient.trust import TrustStore

if TYPE_CHECKING:
    # Loaded where it is needed, as what makes keys takes long.
    from commonlib.storage.keyfile import Identity

CLOSED_MEANWHILE = "it was closed while it was being connected"


class Entrance:
    """One client's; used once.

    Args:
        connect_with: Makes the transport.
        tell: Is told what happens before the hub has taken us in, on the thread that connects.
    """

    def __init__(
        self, config: ClientConfig, connect_with: Connect, clock: Clock, tell: Callable[[Event], None]
    ) -> None:
        self._config = config
        self._connect_with = connect_with
        self._clock = clock
        self._tell = tell
        self._lock = threading.Lock()
        self._aborted = False
        self._identity: Identity | None = None
        self._transport: Transport | None = None

    def enter(self) -> Way:
        """Go in.

        Raises:
            ConnectError: One of its kinds says why we do not get in; nothing is left open.
            StorageError: Our key or the hubs that we trust cannot be read.
        """
        config = self._config
        with TrustStore(config.data_dir) as trust:
            visitor = Visitor(config, own_profile(config), self._clock, trust, self._own_identity, self._tell)
            try:
                return self._knock(visitor)
            except UnknownHubError as error:
                if isinstance(config.trust, Trust | bytes) or not config.trust(error.hub):
                    raise
                trust.pin(config.host, config.port, error.hub.fingerprint)
            # Whoever answers now has to be the one that the user has said yes to.
            return self._knock(visitor)

    @property
    def identity(self) -> "Identity | None":
        """Our key, as the hub knows us; None where it was not asked for."""
        return self._identity

    def abort(self) -> None:
        """Nobody wants to get in any more: `enter` raises soon."""
        with self._lock:
            self._aborted = True
            if self._transport is not None:
                self._transport.abort()

    def _knock(self, visitor: Visitor) -> Way:
        config = self._config
        transport = self._connect_with(config.host, config.port, config.connect_timeout)
        deadline = self._clock.now() + config.register_timeout
        try:
            self._take_up(transport)
            return knock(transport, visitor, deadline)
        except BaseException:
            transport.close()
            raise
        finally:
            self._put_down()

    def _own_identity(self) -> "Identity":
        if self._identity is None:
            from commonlib.storage.keyfile import load_or_make_identity, make_identity

            folder = self._config.data_dir
            self._identity = make_identity() if folder is None else load_or_make_identity(folder)
        return self._identity

    def _take_up(self, transport: Transport) -> None:
        with self._lock:
            self._transport = transport
            self._check_wanted()

    def _put_down(self) -> None:
        with self._lock:
            self._transport = None

    def _check_wanted(self) -> None:
        if self._aborted:
            raise ConnectError(self._config.host, self._config.port, CLOSED_MEANWHILE)


def own_profile(config: ClientConfig) -> Profile:
    """What we say about ourselves; where no computer's name is set, the system is asked."""
    computer = config.computer or clamp_text(platform.node(), LONGEST_NAME)
    return Profile(config.name, computer, config.version)
