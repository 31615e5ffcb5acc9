"""What may go wrong between a client and its hub, in sentences with a next step.

Owns the client's errors (those of received files: folder_errors.py). Must never hold logic. Pure: any thread.
"""

from commonlib.exceptions import ChatError
from commonlib.printable import printable


class SettingError(ChatError, ValueError):
    """A setting cannot be used.

    Attributes:
        setting: Its name in ClientConfig.
        detail: What is wrong and what to do, as the rest of a sentence.
    """

    def __init__(self, setting: str, detail: str) -> None:
        super().__init__(setting, detail)
        self.setting = setting
        self.detail = detail

    def __str__(self) -> str:
        return f"The setting {self.setting} cannot be used: {self.detail}."


class NotConnectedError(ChatError):
    """Something was asked that needs a connection, and there is none (not yet, or not any more)."""

    def __str__(self) -> str:
        return "There is no connection to a hub: connect first."


class AlreadyConnectedError(ChatError):
    """A client was asked to connect a second time; each Client is one connection."""

    def __str__(self) -> str:
        return "This client was connected before: make a new Client for a new connection."


class HubBusyError(ChatError):
    """The hub did not take what we send for too long, and what was asked was not sent.

    Attributes:
        seconds: How long we waited.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds

    def __str__(self) -> str:
        return f"The hub took nothing from us for {self.seconds:.0f} seconds: send less at a time, or try again later."


class UnknownPersonError(ChatError):
    """Nobody with this id is on the hub.

    Attributes:
        person: The id.
    """

    def __init__(self, person: int) -> None:
        super().__init__(person)
        self.person = person

    def __str__(self) -> str:
        return f"Nobody with the id {self.person} is on the hub: look at the roster who is there now."


class UnsendableFileError(ChatError):
    """What was to be sent is no file, or cannot be read.

    Attributes:
        path: As it was given.
        detail: Why not and what to do, as the rest of a sentence.
    """

    def __init__(self, path: str, detail: str) -> None:
        super().__init__(path, detail)
        self.path = path
        self.detail = detail

    def __str__(self) -> str:
        return f"{printable(self.path)} cannot be sent: {self.detail}."


class ConnectError(ChatError):
    """We could not get into a hub.

    Attributes:
        host, port: As they were asked for.
        detail: What the system or the hub said; may be empty.
    """

    def __init__(self, host: str, port: int, detail: str = "") -> None:
        super().__init__(host, port, detail)
        self.host = host
        self.port = port
        self.detail = detail

    @property
    def place(self) -> str:
        """The hub's address as it is shown."""
        return f"{printable(self.host)} port {self.port}"

    def __str__(self) -> str:
        said = f" ({self.detail})" if self.detail else ""
        return f"{self.place} cannot be reached{said}: check the network, and the address that was given."


class UnknownHostError(ConnectError):
    """No computer is known under this name."""

    def __str__(self) -> str:
        return f"No computer is known as {printable(self.host)}: check the spelling, or use its IP address."


class RefusedError(ConnectError):
    """The computer is there, and nothing listens on the port."""

    def __str__(self) -> str:
        return (
            f"Nothing listens on {self.place}: is the hub started, is that its port, and does the firewall of that "
            "computer let it through?"
        )


class ConnectTimedOutError(ConnectError):
    """No answer came in time, from the computer or from the hub on it; `detail` says from which."""

    def __str__(self) -> str:
        return (
            f"{self.detail or 'Nothing'} answered at {self.place} in time: check the address, whether that computer "
            "is on, and whether a firewall stands between."
        )


class NotAHubError(ConnectError):
    """What answered does not speak this protocol."""

    def __str__(self) -> str:
        return f"What answers at {self.place} is no hub: check the port (a hub's is 9999 unless it was told otherwise)."


class ArrivalClosedError(ConnectError):
    """The hub closed the connection before we were in."""

    def __str__(self) -> str:
        said = f" ({self.detail})" if self.detail else ""
        return (
            f"The hub at {self.place} closed the connection before we were in{said}: it may be full, or not let this "
            "computer in. Try again in a minute, or ask whoever runs it."
        )


class HubStoppingError(ConnectError):
    """The hub is being stopped."""

    def __str__(self) -> str:
        return f"The hub at {self.place} is being stopped: try again when it is back."
