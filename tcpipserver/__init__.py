"""The hub: listens on one port, knows who is there, passes on what people say and send.

Owns the server's side; what it shares with clients is in commonlib. Must never import tcpipclient. Importing it starts
nothing: threads begin with `Server.start`.
"""

from tcpipserver.api import EVERYONE, Server
from tcpipserver.config import ServerConfig
from tcpipserver.hub.people import Credentials, Details, Person
from tcpipserver.net.handlers import Command, SaidText
from tcpipserver.net.listener import ListenError
from tcpipserver.service import AlreadyStartedError, NotRunningError

__all__ = [
    "EVERYONE",
    "AlreadyStartedError",
    "Command",
    "Credentials",
    "Details",
    "ListenError",
    "NotRunningError",
    "Person",
    "SaidText",
    "Server",
    "ServerConfig",
]
