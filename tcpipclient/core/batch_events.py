"""What a client tells of batches: files and folders that pass between two of our own clients as one transfer.

Owns the events and the values in them. Must never hold a rule. Pure: any thread. Names and reasons that a peer chose
are made harmless before they come here, and are shown as they stand.
"""

from enum import StrEnum
from pathlib import PurePath

from commonlib.transfer.messages import EntryKind, Outcome, Place, Totals
from commonlib.values import dataclass
from tcpipclient.core.events import Direction


class WayKind(StrEnum):
    """By which way the bytes of a batch go."""

    DIRECT = "direct"
    HUB = "through the hub"


class BatchState(StrEnum):
    """Where a batch stands; the same at both ends, a message's time apart, but for WAITING and CONNECTING."""

    WAITING = "waiting"
    """Others of ours go first; nobody has been asked."""
    OFFERED = "offered"
    CONNECTING = "connecting"
    """It was accepted, and a way is being made, for the first time or anew."""
    RUNNING = "running"
    PAUSED = "paused"
    VERIFIED = "verified"
    """All bytes have come and were found right; the last names are being given."""
    SAVED = "saved"
    FAILED = "failed"
    """Some of it, or all: BatchEnded says what and why."""
    DECLINED = "declined"
    CANCELLED = "cancelled"

    @property
    def is_over(self) -> bool:
        """Whether nothing will happen to it any more."""
        return self in (BatchState.SAVED, BatchState.FAILED, BatchState.DECLINED, BatchState.CANCELLED)


@dataclass(frozen=True, slots=True)
class OfferedEntry:
    """One of the names at the top of an offer.

    Attributes:
        name: What it will be called if no other has the name: safe, and the one to show.
        sent_name: What the sender calls it.
        size: Bytes of the file, or of all files in the folder.
        is_there: Whether something of that name is in the folder for downloads already.
    """

    kind: EntryKind
    name: str
    sent_name: str
    size: int
    is_there: bool = False


@dataclass(frozen=True, slots=True)
class BatchOffered:
    """Somebody would like to send us files; nothing of them has come, and nothing comes until we accept.

    Attributes:
        transfer: For `Client.accept_batch`, `decline_batch` and the events below; counts on over files and batches.
        offer: 0, or its number where it adds to a transfer that was offered before.
        sender_key: Fingerprint of his key, 32 bytes.
        totals: How many files, folders and links, and how many bytes.
        top: Up to 64 names at the top.
        others: How many more stand there.
        room: Bytes free in the folder for downloads; None where that cannot be told.
    """

    transfer: int
    offer: int
    sender: int
    sender_name: str
    sender_key: bytes
    totals: Totals
    top: tuple[OfferedEntry, ...]
    others: int = 0
    room: int | None = None


@dataclass(frozen=True, slots=True)
class BatchChanged:
    """A batch is in another state, or goes another way.

    Attributes:
        way: By which it goes; None where there is none now.
        place: Position in our queue, from 1, while it is WAITING; else 0.
        paused_here: Whether it is we who have paused it.
        detail: A sentence, where there is more to say; else "".
    """

    transfer: int
    direction: Direction
    peer: int
    state: BatchState
    way: WayKind | None = None
    place: int = 0
    paused_here: bool = False
    detail: str = ""


@dataclass(frozen=True, slots=True)
class BatchProgressed:
    """So much of a batch is done by now; told a few times in a second.

    Attributes:
        done: Bytes that need not be sent any more: sent and confirmed as received, or there before.
        size: Bytes in all.
        files_done: Files whose end is known.
        current: The path of a file that is on its way, below the top of the batch; "" where none is.
        speed: Bytes per second, over the last seconds.
        seconds_left: None where nothing moves.
    """

    transfer: int
    direction: Direction
    peer: int
    done: int
    size: int
    files_done: int
    files: int
    current: str = ""
    speed: float = 0.0
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True)
class BatchProblem:
    """One entry that was not simply saved: failed, skipped, or saved under another name.

    Attributes:
        path: As the sender has it, below the top of the batch.
        place: Where it failed.
        why: A sentence, or what follows "because".
    """

    path: str
    outcome: Outcome
    place: Place
    why: str


@dataclass(frozen=True, slots=True)
class BatchEnded:
    """The last event of a batch.

    Attributes:
        state: SAVED, FAILED, DECLINED or CANCELLED.
        saved, unchanged, skipped, failed: Entries that came to that end; unchanged are those that were there before.
        size: Bytes of files that are at the receiver now.
        problems: The first hundred of them.
        paths: What stands at the top of it in the folder for downloads, up to 64; () at the sender.
        seconds: From the first byte to the last word.
        reason: A sentence with a next step, where it is not simply saved; else "".
    """

    transfer: int
    direction: Direction
    peer: int
    peer_name: str
    state: BatchState
    saved: int = 0
    unchanged: int = 0
    skipped: int = 0
    failed: int = 0
    size: int = 0
    problems: tuple[BatchProblem, ...] = ()
    paths: tuple[PurePath, ...] = ()
    seconds: float = 0.0
    reason: str = ""


BatchEvent = BatchOffered | BatchChanged | BatchProgressed | BatchEnded
"""What a handler of the client's events is told of batches."""
