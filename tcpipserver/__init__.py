"""The hub: listens on one port, knows who is there, passes on what people say and send.

Owns the server's side; what it shares with clients is in commonlib. Must never import tcpipclient, nor load anything
before somebody asks for it: the command is a user of this package too, and has to hear Ctrl-C first. Importing it
starts nothing: threads begin with `Server.start`.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tcpipserver.api import EVERYONE, Server
    from tcpipserver.config import ServerConfig
    from tcpipserver.hub.admission import Joining, Policy
    from tcpipserver.hub.limits import Limits
    from tcpipserver.hub.people import Credentials, Details, Person
    from tcpipserver.net.handlers import Command, Payload, SaidText
    from tcpipserver.net.listener import ListenError
    from tcpipserver.service import AlreadyStartedError, NotRunningError
else:
    _LATE = {
        "tcpipserver.api": ("EVERYONE", "Server"),
        "tcpipserver.config": ("ServerConfig",),
        "tcpipserver.hub.admission": ("Joining", "Policy"),
        "tcpipserver.hub.limits": ("Limits",),
        "tcpipserver.hub.people": ("Credentials", "Details", "Person"),
        "tcpipserver.net.handlers": ("Command", "Payload", "SaidText"),
        "tcpipserver.net.listener": ("ListenError",),
        "tcpipserver.service": ("AlreadyStartedError", "NotRunningError"),
    }

    def __getattr__(name: str) -> object:
        """One of the names above, whose module is loaded now."""
        from importlib import import_module

        for module, names in _LATE.items():
            if name in names:
                return getattr(import_module(module), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "EVERYONE",
    "AlreadyStartedError",
    "Command",
    "Credentials",
    "Details",
    "Joining",
    "Limits",
    "ListenError",
    "NotRunningError",
    "Payload",
    "Person",
    "Policy",
    "SaidText",
    "Server",
    "ServerConfig",
]
