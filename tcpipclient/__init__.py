"""The client: connects to a hub, sees who is there, exchanges texts and files.

Owns the public names of the client side. It must never import the server package or a window toolkit, nor load anything
before somebody asks for it: the commands are users of this package too, and loading is most of what they take. Pure:
importing it starts no thread and opens no socket.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commonlib.classic.layouts import BigStringPacket, DataPacket
    from commonlib.classic.packet import DEFAULT_PORT, SERVER, Layout
    from commonlib.conflict import Conflict
    from commonlib.exceptions import ChatError, FieldError
    from tcpipclient.address import parse_address
    from tcpipclient.api import Client
    from tcpipclient.config import Accept, ClientConfig
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
    from tcpipclient.handles import SentText, Transfer, TransferState
    from tcpipclient.recipients import EVERYONE, Recipients
else:
    _OFFERED_BY = {
        "commonlib.classic.layouts": ("BigStringPacket", "DataPacket"),
        "commonlib.classic.packet": ("DEFAULT_PORT", "SERVER", "Layout"),
        "commonlib.conflict": ("Conflict",),
        "commonlib.exceptions": ("ChatError", "FieldError"),
        "tcpipclient.address": ("parse_address",),
        "tcpipclient.api": ("Client",),
        "tcpipclient.config": ("Accept", "ClientConfig"),
        "tcpipclient.core.events": (
            "ApprovalAwaited",
            "ClockDiffered",
            "CommandArrived",
            "ConnectionLost",
            "Direction",
            "Event",
            "FileNotSaved",
            "FileNotSent",
            "FileOffered",
            "FileProgressed",
            "FileSaved",
            "FileSent",
            "HubExited",
            "HubTrusted",
            "LatenciesTold",
            "LatencyMeasured",
            "Loss",
            "PacketIgnored",
            "PayloadArrived",
            "Person",
            "PersonChanged",
            "PersonJoined",
            "PersonLeft",
            "Registered",
            "TextArrived",
            "TextDelivered",
            "TextNotDelivered",
        ),
        "tcpipclient.core.exceptions": (
            "AlreadyConnectedError",
            "ArrivalClosedError",
            "ConnectError",
            "ConnectTimedOutError",
            "EncryptionError",
            "FalseHubError",
            "HubBusyError",
            "HubChangedError",
            "HubStoppingError",
            "JoinCodeNeededError",
            "NotAHubError",
            "NotConnectedError",
            "PayloadError",
            "RefusedError",
            "SettingError",
            "TurnedAwayError",
            "UnencryptedHubError",
            "UnknownHostError",
            "UnknownHubError",
            "UnknownPersonError",
            "UnsendableFileError",
        ),
        "tcpipclient.core.trusting": ("HubIdentity", "Trust"),
        "tcpipclient.handles": ("SentText", "Transfer", "TransferState"),
        "tcpipclient.recipients": ("EVERYONE", "Recipients"),
    }
    _MODULES = {name: module for module, names in _OFFERED_BY.items() for name in names}

    def __getattr__(name: str) -> object:
        """One of the names above, whose module is loaded now."""
        from importlib import import_module

        module = _MODULES.get(name)
        if module is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = getattr(import_module(module), name)
        globals()[name] = found
        return found


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
