"""What may go wrong between a client and its hub, in sentences with a next step.

Owns the client's errors (those of received files: folder_errors.py). Must never hold logic. Pure: any thread.
"""

from commonlib.exceptions import ChatError
from commonlib.identity import Fingerprint, key_code
from commonlib.printable import printable
from tcpipclient.core.trusting import HubIdentity


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


class PayloadError(ChatError):
    """A payload was to go where only the classic wire leads.

    Attributes:
        person: Id of who is on it; 0 where the hub is, or our own way to it.
    """

    def __init__(self, person: int) -> None:
        super().__init__(person)
        self.person = person

    def __str__(self) -> str:
        who = f"the person with the id {self.person}" if self.person else "this hub"
        return f"A payload cannot go to {who}, on the classic wire: send a command of one packet instead."


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


class UnknownHubError(ConnectError):
    """The hub encrypts, and nobody has said yet that it is the right one; nothing was told to it.

    Attributes:
        hub: Who answered.
    """

    def __init__(self, hub: HubIdentity) -> None:
        super().__init__(hub.host, hub.port)
        self.hub = hub

    def __str__(self) -> str:
        return (
            f"The hub at {self.place} is not known here yet. Its key code is: {self.hub.key_code}. Ask whoever runs it "
            "for its code, and trust it only if both are the same."
        )


class HubChangedError(ConnectError):
    """Who answers is not the hub that is wanted at this address; nothing was told to him.

    Attributes:
        wanted: Fingerprint of the hub that was trusted there, or that was asked for.
        found: Of the one that answers; None where he does not encrypt at all.
    """

    def __init__(self, host: str, port: int, wanted: Fingerprint, found: Fingerprint | None) -> None:
        super().__init__(host, port)
        self.wanted = wanted
        self.found = found

    def __str__(self) -> str:
        answer = f"shows another key: {key_code(self.found)}" if self.found else "does not encrypt at all"
        return (
            f"THIS IS NOT THE HUB THAT YOU TRUST. The one at {self.place} has the key code {key_code(self.wanted)}, "
            f"and what answers there now {answer}. Somebody may be trying to read along, so nothing was sent. Ask "
            "whoever runs the hub. Only if he says that it was set up anew, connect once with the fingerprint that he "
            "tells you."
        )


class UnencryptedHubError(ConnectError):
    """The hub does not encrypt, and that was not allowed for its address; nothing was told to it."""

    def __str__(self) -> str:
        return (
            f"The hub at {self.place} does not encrypt, so whoever watches the network could read along: allow it only "
            "for an original server that you want to use all the same."
        )


class EncryptionError(ConnectError):
    """The encryption could not be set up; `detail` says why."""

    def __str__(self) -> str:
        return (
            f"The encryption with the hub at {self.place} failed ({self.detail}): try again. If it stays so, something "
            "between this computer and the hub changes what is sent; ask whoever runs the network."
        )


class TurnedAwayError(ConnectError):
    """The hub has said why it does not take us in.

    Attributes:
        reason: A RefusalReason, or a number from a newer version.
        seconds: After so long another try has a chance; 0 where time changes nothing.
    """

    def __init__(self, host: str, port: int, reason: int, sentence: str, seconds: int = 0) -> None:
        super().__init__(host, port, sentence)
        self.reason = reason
        self.seconds = seconds

    def __str__(self) -> str:
        return f"The hub at {self.place} does not let you in: {self.detail}"


class JoinCodeNeededError(TurnedAwayError):
    """The hub asks for a join code, and none was given, or not the right one.

    Attributes:
        was_given: Whether there was one.
    """

    def __init__(self, host: str, port: int, reason: int, sentence: str, *, was_given: bool) -> None:
        super().__init__(host, port, reason, sentence)
        self.was_given = was_given


class FalseHubError(ConnectError):
    """The hub asked for the join code and does not know it itself."""

    def __str__(self) -> str:
        return (
            f"The hub at {self.place} asked for the join code and does not know it itself, so it is not the hub that "
            "the code is for: check the address, and ask whoever gave you the code."
        )
