"""What other threads hand to the dispatcher.

Owns these values. Must never hold behaviour. Made on any thread, taken by the dispatcher's.
"""

from collections.abc import Callable
from concurrent.futures import Future
from typing import NamedTuple

from tcpipserver.hub import inputs
from tcpipserver.hub.brain import Hub
from tcpipserver.net.connection import Connection
from tcpipserver.net.handlers import Handlers
from tcpipserver.net.normalizer import Cut, Ended


class Opened(NamedTuple):
    """Somebody has connected; his arrival thread waits for the greeting, which is to carry these random bytes."""

    connection: Connection
    nonce: bytes = b""


class Happened(NamedTuple):
    """Something for the brain that did not come from a registered connection's packets."""

    happened: inputs.Input


class Drained(NamedTuple):
    """Somebody for whom senders were held back has caught up."""

    recipient: Connection | Handlers


class Asked(NamedTuple):
    """A question to the brain from another thread; the answer goes into the future."""

    question: Callable[[Hub], object]
    answer: "Future[object]"


Item = list[Cut | Ended] | Opened | Happened | Drained | Asked
