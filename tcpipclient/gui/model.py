"""What the presenters need of a client: the calls that do the work, and the values that tell how it went.

Owns the Protocol of the model and its events; connector.py keeps it with threads, the tests with a fake. Must never
hold a widget or a socket. Threads: the calls are made on the Tk thread and return at once; the events come to it
through the connector's queue.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Protocol

from commonlib.identity import Fingerprint
from tcpipclient.core.events import Event
from tcpipclient.core.exceptions import ConnectError
from tcpipclient.gui.settings import Settings


@dataclass(frozen=True, slots=True)
class Answers:
    """What the user has said about one hub.

    Attributes:
        trust: Key of the hub that he has compared and trusts; None trusts those that were trusted before.
        join_code: As he typed it; empty where he was not asked.
        allow_unencrypted: Whether he wants to be connected though the hub does not encrypt.
    """

    trust: Fingerprint | None = None
    join_code: str = field(default="", repr=False)
    allow_unencrypted: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """Where to connect, and as whom.

    Attributes:
        connection: Number of this attempt and of the connection it may become; all its events carry it.
        downloads: Folder for received files; empty is the system's.
        answers: What the user has said about the hub.
    """

    connection: int
    host: str
    port: int
    name: str
    downloads: str
    answers: Answers = Answers()


@dataclass(frozen=True, slots=True)
class Arrived:
    """The client tells something; Registered is the first of a connection. Events of the same connection keep order."""

    connection: int
    event: Event


@dataclass(frozen=True, slots=True)
class ConnectFailed:
    """An attempt led to no connection. `reason` is a sentence with a next step.

    Attributes:
        lasting: True where trying again cannot help: a setting is wrong.
        cause: Why; None where no hub was asked.
    """

    connection: int
    reason: str
    lasting: bool = False
    cause: ConnectError | None = None


@dataclass(frozen=True, slots=True)
class TextSent:
    """A text went on its way; its TextDelivered and TextNotDelivered events come after this, with the number `text`.

    Attributes:
        message: As `Model.send_text` was given it.
    """

    connection: int
    message: int
    text: int


@dataclass(frozen=True, slots=True)
class TextRefused:
    """A text was not sent; `reason` is a sentence with a next step."""

    connection: int
    message: int
    reason: str


@dataclass(frozen=True, slots=True)
class FileStarted:
    """A file waits for its turn; its events come after this, with the number `transfer`.

    Attributes:
        file: As `Model.send_file` was given it.
    """

    connection: int
    file: int
    transfer: int


@dataclass(frozen=True, slots=True)
class FileRefused:
    """A file was not sent; `reason` is a sentence with a next step."""

    connection: int
    file: int
    reason: str


@dataclass(frozen=True, slots=True)
class DroppedFile:
    """A file that can be sent: absolute path, name as the recipient will see it, bytes."""

    path: PurePath
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class RefusedItem:
    """Something dropped that cannot be sent, exactly as it came, and why: the rest of a sentence."""

    item: str
    reason: str


@dataclass(frozen=True, slots=True)
class DropReading:
    """So many items of a drop have been looked at; told from time to time."""

    drop: int
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class DropRead:
    """All that was dropped has been looked at, in its order."""

    drop: int
    files: tuple[DroppedFile, ...]
    refused: tuple[RefusedItem, ...]


@dataclass(frozen=True, slots=True)
class NotDone:
    """Something on this computer did not work: a file cannot be opened, the settings not be saved. A sentence."""

    reason: str


@dataclass(frozen=True, slots=True)
class OwnKey:
    """The key by which hubs and others know us; told once, soon after the start."""

    key: Fingerprint


ModelEvent = (
    Arrived
    | ConnectFailed
    | TextSent
    | TextRefused
    | FileStarted
    | FileRefused
    | DropReading
    | DropRead
    | OwnKey
    | NotDone
)


class Model(Protocol):
    """A client and the computer it is on, as the presenters use them. Nothing raises; everything is told by events."""

    def connect(self, target: Target) -> None:
        """Begin to connect; answered by Arrived with Registered, or by ConnectFailed."""

    def close(self, connection: int) -> None:
        """End a connection, or an attempt at one; what is still told of it carries its number."""

    def send_text(self, message: int, text: str, to: Sequence[int], numbers: tuple[int, int]) -> None:
        """Send a text to ids of the connection; answered by TextSent or TextRefused."""

    def send_file(self, file: int, path: PurePath, to: int) -> None:
        """Send a file; answered by FileStarted or FileRefused."""

    def ask_latencies(self, ids: Sequence[int]) -> None:
        """Have the hub asked how long these take to answer it; LatenciesTold and LatencyMeasured may come of it."""

    def accept_file(self, transfer: int) -> None:
        """Keep an offered file."""

    def decline_file(self, transfer: int) -> None:
        """Do not keep an offered file."""

    def cancel_file(self, transfer: int) -> None:
        """Stop sending or receiving a file; answered by FileNotSent or FileNotSaved where it was not over."""

    def forget_hub(self, host: str, port: int, key: bytes | None) -> None:
        """Trust nothing at an address any more, nor this key anywhere; NotDone where that cannot be kept."""

    def read_drop(self, drop: int, items: Sequence[str]) -> None:
        """Look at what was dropped; answered by DropReading now and then, and by DropRead."""

    def forget_drop(self, drop: int) -> None:
        """What was dropped is not wanted any more; no answer need come."""

    def open_file(self, path: PurePath) -> None:
        """Open a file with the program that the system has for it; NotDone where that fails."""

    def open_folder(self, path: PurePath) -> None:
        """Show the folder that a file is in; NotDone where that fails."""

    def open_link(self, url: str) -> None:
        """Open a web or mail address; NotDone where that fails."""

    def save_settings(self, settings: Settings) -> None:
        """Write the settings to the disk, soon; NotDone where that fails."""
