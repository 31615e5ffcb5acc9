"""The client: connects to a hub, sees who is there, exchanges texts and files.

Owns the public names of the client side. It must never import the server package or a window toolkit, nor load before
somebody asks for it what only a connection needs: the program with a window is a user of this package too, and draws it
first. Pure: importing it starts no thread and opens no socket.
"""

from typing import TYPE_CHECKING

from commonlib.classic.packet import DEFAULT_PORT, SERVER, Layout
from commonlib.conflict import Conflict
from commonlib.exceptions import ChatError, FieldError
from tcpipclient.address import parse_address
from tcpipclient.core.events import (
    ApprovalAwaited,
    ClockDiffered,
    CommandArrived,
    ConnectionLost,
    Direction,
    Event,
    FileNotSaved,
    FileNotSent,
    FileOffered,
    FileProgressed,
    FileSaved,
    FileSent,
    HubExited,
    HubTrusted,
    LatenciesTold,
    LatencyMeasured,
    Loss,
    PacketIgnored,
    PayloadArrived,
    Person,
    PersonChanged,
    PersonJoined,
    PersonLeft,
    Registered,
    TextArrived,
    TextDelivered,
    TextNotDelivered,
)
from tcpipclient.core.exceptions import (
    AlreadyConnectedError,
    ArrivalClosedError,
    ConnectError,
    ConnectTimedOutError,
    EncryptionError,
    FalseHubError,
    HubBusyError,
    HubChangedError,
    HubStoppingError,
    JoinCodeNeededError,
    NotAHubError,
    NotConnectedError,
    PayloadError,
    RefusedError,
    SettingError,
    TurnedAwayError,
    UnencryptedHubError,
    UnknownHostError,
    UnknownHubError,
    UnknownPersonError,
    UnsendableFileError,
)
from tcpipclient.core.trusting import HubIdentity, Trust

if TYPE_CHECKING:
    from commonlib.classic.layouts import BigStringPacket, DataPacket
    from tcpipclient.api import Client
    from tcpipclient.config import Accept, ClientConfig
    from tcpipclient.handles import SentText, Transfer, TransferState
    from tcpipclient.recipients import EVERYONE, Recipients
else:
    _LATE = {
        "commonlib.classic.layouts": ("BigStringPacket", "DataPacket"),
        "tcpipclient.api": ("Client",),
        "tcpipclient.config": ("Accept", "ClientConfig"),
        "tcpipclient.handles": ("SentText", "Transfer", "TransferState"),
        "tcpipclient.recipients": ("EVERYONE", "Recipients"),
    }

    def __getattr__(name: str) -> object:
        """One of the names above, whose module is loaded now."""
        from importlib import import_module

        for module, names in _LATE.items():
            if name in names:
                return getattr(import_module(module), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "DEFAULT_PORT",
    "EVERYONE",
    "SERVER",
    "Accept",
    "AlreadyConnectedError",
    "ApprovalAwaited",
    "ArrivalClosedError",
    "BigStringPacket",
    "ChatError",
    "Client",
    "ClientConfig",
    "ClockDiffered",
    "CommandArrived",
    "Conflict",
    "ConnectError",
    "ConnectTimedOutError",
    "ConnectionLost",
    "DataPacket",
    "Direction",
    "EncryptionError",
    "Event",
    "FalseHubError",
    "FieldError",
    "FileNotSaved",
    "FileNotSent",
    "FileOffered",
    "FileProgressed",
    "FileSaved",
    "FileSent",
    "HubBusyError",
    "HubChangedError",
    "HubExited",
    "HubIdentity",
    "HubStoppingError",
    "HubTrusted",
    "JoinCodeNeededError",
    "LatenciesTold",
    "LatencyMeasured",
    "Layout",
    "Loss",
    "NotAHubError",
    "NotConnectedError",
    "PacketIgnored",
    "PayloadArrived",
    "PayloadError",
    "Person",
    "PersonChanged",
    "PersonJoined",
    "PersonLeft",
    "Recipients",
    "RefusedError",
    "Registered",
    "SentText",
    "SettingError",
    "TextArrived",
    "TextDelivered",
    "TextNotDelivered",
    "Transfer",
    "TransferState",
    "Trust",
    "TurnedAwayError",
    "UnencryptedHubError",
    "UnknownHostError",
    "UnknownHubError",
    "UnknownPersonError",
    "UnsendableFileError",
    "parse_address",
]
