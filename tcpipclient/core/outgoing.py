"""The files that we send: whose turn, under which FileID, who has said that he saved one (docs/protocol.md, "Files").

Owns the books of outgoing files. A file is sent only when its recipient says so: DoneRecievingFile with its name, after
its end went out. Must never read a file. Pure: used under the session's lock.
"""

from datetime import datetime
from enum import Enum

from commonlib.classic.file_sending import LARGEST_FILE, FileSending, FileTooLargeError, wire_file_name
from commonlib.classic.packet import LARGEST_SHORT_ID
from commonlib.printable import printable
from commonlib.values import dataclass
from tcpipclient.core.events import FileNotSent, FileSent

CONFIRM_SECONDS = 60.0
"""A recipient who has said nothing for so long after a file's end is not waited for any more."""
MOST_UNCONFIRMED = 256
"""Files that a late word may still confirm."""

FileOutcome = FileSent | FileNotSent


@dataclass(frozen=True, slots=True)
class OutgoingTarget:
    """A file of ours: its name as it is here, and its recipient's id."""

    name: str
    recipient: int


class _Stage(Enum):
    WAITING = "waiting"
    SENDING = "sending"
    ENDED = "ended"
    UNCONFIRMED = "unconfirmed"


_CANCELLED = {
    _Stage.WAITING: "was cancelled before anything of it was sent.",
    _Stage.SENDING: "was cancelled: its recipient is not told, and his program gives it up when nothing more comes.",
    _Stage.ENDED: "was cancelled after all of it had gone out: its recipient may have saved it.",
}


@dataclass(slots=True)
class _Outgoing:
    transfer: int
    recipient: int
    name: str
    wire_name: str
    size: int
    stage: _Stage = _Stage.WAITING
    file_id: int = 0
    end_written: float | None = None

    def not_sent(self, reason: str, *, timed_out: bool = False, cancelled: bool = False) -> FileNotSent:
        sentence = f'"{printable(self.name)}" {reason}'
        return FileNotSent(self.transfer, self.recipient, self.name, sentence, timed_out, cancelled)


class OutgoingFiles:
    """All files of ours that are not over, by the number of their transfer."""

    def __init__(self) -> None:
        self._files: dict[int, _Outgoing] = {}
        self._next_file_id = 0

    def offer(self, transfer: int, recipient: int, name: str, size: int) -> None:
        """A file is to be sent when its turn comes.

        Raises:
            FileTooLargeError: Its size needs more than 32 bits.
        """
        if size > LARGEST_FILE:
            raise FileTooLargeError(name, size)
        self._files[transfer] = _Outgoing(transfer, recipient, name, wire_file_name(name), size)

    def maybe_begin(self, transfer: int, own_id: int, created: datetime, modified: datetime) -> FileSending | None:
        """Its turn has come; None where it is over already. Dates are naive local times."""
        file = self._files.get(transfer)
        if file is None:
            return None
        file.file_id = self._free_file_id(own_id)
        file.stage = _Stage.SENDING
        return FileSending(
            file_id=file.file_id,
            # On the modern wire ids may be longer than a packet has room for; what counts there is around the packet.
            id_to=_short(file.recipient),
            id_from=_short(own_id),
            name=file.name,
            size=file.size,
            created=created,
            modified=modified,
        )

    def maybe_target(self, transfer: int) -> OutgoingTarget | None:
        """What is sent to whom; None where it is over already."""
        file = self._files.get(transfer)
        return None if file is None else OutgoingTarget(file.name, file.recipient)

    def is_going(self, transfer: int) -> bool:
        """Whether there is any use in sending more of it."""
        return transfer in self._files

    def end_file(self, transfer: int) -> None:
        """Its end is about to go out: from here on its recipient may confirm it."""
        file = self._files.get(transfer)
        if file is not None:
            file.stage = _Stage.ENDED

    def end_written(self, transfer: int, now: float) -> None:
        """Its end has gone out: from here on its recipient is waited for."""
        file = self._files.get(transfer)
        if file is not None and file.end_written is None:
            file.end_written = now

    def fail(self, transfer: int, reason: str) -> list[FileOutcome]:
        """It cannot be sent; `reason` is a sentence."""
        file = self._files.pop(transfer, None)
        return [] if file is None else [FileNotSent(transfer, file.recipient, file.name, reason)]

    def cancel(self, transfer: int) -> list[FileOutcome]:
        """It is not wanted any more. This wire has no word for that: what went out is all that its recipient gets.

        Nothing where it is over, or was given up waiting for: it is with its recipient then.
        """
        file = self._files.get(transfer)
        if file is None or file.stage is _Stage.UNCONFIRMED:
            return []
        del self._files[transfer]
        return [file.not_sent(_CANCELLED[file.stage], cancelled=True)]

    def confirm(self, recipient: int, wire_name: str) -> list[FileOutcome]:
        """He says that he has saved a file of this name: the oldest of that name whose end went out to him.

        One that was given up waiting for is confirmed only where no other is meant: it may have been sent again.
        """
        for stage in (_Stage.ENDED, _Stage.UNCONFIRMED):
            for file in self._files.values():
                if file.stage is stage and file.recipient == recipient and file.wire_name == wire_name:
                    del self._files[file.transfer]
                    return [FileSent(file.transfer, recipient, file.name, file.size)]
        return []

    def receive_departure(self, recipient: int) -> list[FileOutcome]:
        """Somebody has left."""
        return self._lose([file for file in self._files.values() if file.recipient == recipient], "the recipient left")

    def receive_eof(self) -> list[FileOutcome]:
        """The connection has ended."""
        return self._lose(list(self._files.values()), "the connection to the hub ended")

    def receive_tick(self, now: float) -> list[FileOutcome]:
        """Wait no longer for those who have said nothing for CONFIRM_SECONDS."""
        told: list[FileOutcome] = []
        for file in list(self._files.values()):
            if file.stage is not _Stage.ENDED or file.end_written is None:
                continue
            if now - file.end_written >= CONFIRM_SECONDS:
                file.stage = _Stage.UNCONFIRMED
                reason = (
                    f"went out, and for {CONFIRM_SECONDS:.0f} seconds its recipient has not said that he saved it: "
                    "ask him whether he has it."
                )
                told.append(file.not_sent(reason, timed_out=True))
        self._forget_oldest_unconfirmed()
        return told

    def _lose(self, files: list[_Outgoing], why: str) -> list[FileOutcome]:
        told: list[FileOutcome] = []
        for file in files:
            del self._files[file.transfer]
            if file.stage is not _Stage.UNCONFIRMED:
                told.append(file.not_sent(f"was not sent: {why} before it was saved. Send it again when you can."))
        return told

    def _forget_oldest_unconfirmed(self) -> None:
        unconfirmed = [file.transfer for file in self._files.values() if file.stage is _Stage.UNCONFIRMED]
        for transfer in unconfirmed[:-MOST_UNCONFIRMED]:
            del self._files[transfer]

    def _free_file_id(self, own_id: int) -> int:
        """1 to 65535. Original hubs pass ids on as they are, so those of two clients should not begin alike."""
        used = {file.file_id for file in self._files.values() if file.stage is not _Stage.WAITING}
        candidate = self._next_file_id or own_id * 251 % LARGEST_SHORT_ID + 1
        while candidate in used and len(used) < LARGEST_SHORT_ID:
            candidate = candidate % LARGEST_SHORT_ID + 1
        self._next_file_id = candidate % LARGEST_SHORT_ID + 1
        return candidate


def _short(person_id: int) -> int:
    return person_id if person_id <= LARGEST_SHORT_ID else 0
