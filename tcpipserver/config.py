"""How a hub is to run, as one value.

Owns the settings and their defaults. Must never read a file, an argument or the environment: cli.py does. Pure: any
thread.
"""

from dataclasses import dataclass

from commonlib.classic.packet import DEFAULT_PORT
from tcpipserver.net.group import SOCKETS_PER_GROUP

ARRIVAL_SECONDS = 10.0
MOST_ARRIVING = 1024


@dataclass(frozen=True, slots=True)
class ServerConfig:
    """One hub.

    Attributes:
        host: The address to listen on; "" is every address of the machine.
        port: 0 is any free one.
        arrival_seconds: How long a newcomer may take to introduce himself.
        most_arriving: How many may do so at the same time.
        most_clients: How many connections there may be; None is what the system has room for.
        sockets_per_group: How many sockets one reader thread reads; None is all.
    """

    host: str = ""
    port: int = DEFAULT_PORT
    arrival_seconds: float = ARRIVAL_SECONDS
    most_arriving: int = MOST_ARRIVING
    most_clients: int | None = None
    sockets_per_group: int | None = SOCKETS_PER_GROUP
