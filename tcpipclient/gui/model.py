"""What the presenters need of a client: the calls that do the work, and the values that tell how it went.

Owns the Protocol of the model and its events; connector.py keeps it with threads, the tests with a fake. Must never
hold a widget or a socket. Threads: the calls are made on the Tk thread and return at once; the events come to it
through the connector's queue.
"""

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Protocol

from commonlib.conflict import Conflict
from commonlib.identity import Fingerprint
from commonlib.values import dataclass, field
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
        speed_limit: Bytes per second that are sent of files at most; 0 is no limit.
    """

    connection: int
    host: str
    port: int
    name: str
    downloads: str
    answers: Answers = Answers()
    speed_limit: int = 0


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
class BatchStarted:
    """A batch is the client's; its events come after this, with the number `transfer`.

    Attributes:
        batch: As `Model.send_batch` was given it.
    """

    connection: int
    batch: int
    transfer: int


@dataclass(frozen=True, slots=True)
class BatchRefused:
    """A batch was not sent; `reason` is a sentence with a next step."""

    connection: int
    batch: int
    reason: str


@dataclass(frozen=True, slots=True)
class Keeping:
    """How files that are offered are to be kept.

    Attributes:
        folder: Where; empty is the folder of the connection.
        listening: Whether this computer may listen for direct connections.
    """

    conflict: Conflict = Conflict.RENAME
    links: bool = False
    folder: str = ""
    listening: bool = True


@dataclass(frozen=True, slots=True)
class FolderLooked:
    """What is in a folder where something is offered to go.

    Attributes:
        transfer: As `Model.look_at_folder` was given it.
        folder: The whole path.
        room: Bytes free there; None where nobody can tell.
        there: Those of the names that are taken.
    """

    transfer: int
    folder: str
    room: int | None
    there: frozenset[str]


@dataclass(frozen=True, slots=True)
class DroppedFile:
    """A file or folder that can be sent.

    Attributes:
        path: Absolute.
        name: As the recipient will see it.
        size: Bytes; 0 of a folder.
        only_in_batch: Why it cannot go by itself to somebody on the classic wire: the rest of a sentence; else empty.
    """

    path: PurePath
    name: str
    size: int
    is_folder: bool = False
    only_in_batch: str = ""


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
class DropCounted:
    """What is in the folders of a drop, files beside them included.

    Attributes:
        sizes: Bytes of the first items, by their names.
        left_out: What is not sent of what is in the folders, the first hundred.
        problem: A sentence where it cannot be counted, and so not be sent; else empty.
    """

    drop: int
    files: int = 0
    folders: int = 0
    links: int = 0
    size: int = 0
    sizes: Mapping[str, int] = field(default_factory=dict)
    left_out: tuple[RefusedItem, ...] = ()
    problem: str = ""


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
    | BatchStarted
    | BatchRefused
    | FolderLooked
    | DropReading
    | DropRead
    | DropCounted
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

    def send_batch(self, batch: int, paths: Sequence[PurePath], to: int, *, links: bool) -> None:
        """Send files and folders together; answered by BatchStarted or BatchRefused."""

    def add_to_batch(self, transfer: int, paths: Sequence[PurePath]) -> None:
        """Send more files and folders with a batch; NotDone where that fails."""

    def accept_batch(self, transfer: int, keeping: Keeping) -> None:
        """Keep what is offered; NotDone where that fails."""

    def decline_batch(self, transfer: int) -> None:
        """Do not keep what is offered."""

    def pause_batch(self, transfer: int) -> None:
        """Let nothing more of a batch pass for now."""

    def resume_batch(self, transfer: int) -> None:
        """Let it pass again."""

    def cancel_batch(self, transfer: int) -> None:
        """Stop a batch; answered by BatchEnded where it was not over."""

    def move_batch(self, transfer: int, place: int) -> None:
        """Give a batch that waits another place in the queue, from 1."""

    def limit_speed(self, bytes_per_second: int | None) -> None:
        """Send batches no faster than this, all together; None is as fast as it goes."""

    def look_at_folder(self, transfer: int, folder: str, names: Sequence[str]) -> None:
        """See what is in a folder (empty is the usual one) and how much room; answered by FolderLooked."""

    def read_drop(self, drop: int, items: Sequence[str]) -> None:
        """Look at what was dropped; answered by DropReading now and then, and by DropRead."""

    def count_drop(self, drop: int, paths: Sequence[PurePath]) -> None:
        """Count what is in folders that were dropped; answered by DropCounted."""

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
