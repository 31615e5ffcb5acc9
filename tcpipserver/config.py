"""How a hub is to run, as one value.

Owns the settings and their defaults. Must never read a file, an argument or the environment: cli.py does. Pure: any
thread.
"""

from dataclasses import dataclass, field
from pathlib import Path

from commonlib.classic.packet import DEFAULT_PORT
from commonlib.exceptions import ChatError
from commonlib.wire.join import normal_join_code
from tcpipserver.hub.admission import Joining, Policy
from tcpipserver.hub.limits import Limits
from tcpipserver.net.descriptors import SOCKETS_PER_GROUP


class NoJoinCodeError(ChatError):
    """Newcomers are to be asked for a join code, and there is none, or one without a letter in it."""

    def __str__(self) -> str:
        return "Whoever comes for the first time is to be asked for a join code, but there is none: choose one."


def check_join_code(policy: Policy, join_code: str) -> None:
    """Whether there is a code where one is asked for. Raises NoJoinCodeError."""
    if policy.joining is Joining.CODE and not normal_join_code(join_code):
        raise NoJoinCodeError


@dataclass(frozen=True, slots=True)
class ServerConfig:
    """One hub.

    Attributes:
        host: The address to listen on; "" is every address of the machine.
        port: 0 is any free one.
        data_dir: The folder that holds its key and the keys that it knows; None is a key for this run alone, and
            nothing is kept.
        policy: Who may join, at the start.
        join_code: What new keys have to know where the policy asks for a code.
        join_code_file: Where a new one is kept; None is the data folder.
        hub_name: What clients are told that it is called, up to 64 characters; "" is nothing.
        limits: What strangers may take of it.
        most_clients: How many connections there may be; None is what the system has room for.
        sockets_per_group: How many sockets one reader thread reads; None is all.
        is_encrypting: Whether the modern wire is inside TLS. Without it nobody's identity means anything: it is there
            to measure what encrypting costs, and for nothing else.
    """

    host: str = ""
    port: int = DEFAULT_PORT
    data_dir: Path | None = None
    policy: Policy = field(default_factory=Policy)
    join_code: str = field(default="", repr=False)
    join_code_file: Path | None = None
    hub_name: str = ""
    limits: Limits = field(default_factory=Limits)
    most_clients: int | None = None
    sockets_per_group: int | None = SOCKETS_PER_GROUP
    is_encrypting: bool = True
