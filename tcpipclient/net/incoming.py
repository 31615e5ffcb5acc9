"""The files that others send us: whether we take them, and what becomes of them.

Owns the decisions and the open files. Must never make a path or a name: that is folder.py's; nor tell a sender that his
file is saved before it was accepted and has its name. Runs on the dispatcher thread.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from commonlib.classic.file_receiving import FileBegan, FileCompleted, FileDataArrived, FileEvent, FileFailed, FileKey
from commonlib.printable import printable
from commonlib.safename import safe_name
from commonlib.values import dataclass
from tcpipclient.config import Accept, Acceptance
from tcpipclient.core.events import (
    Direction,
    Event,
    FileNotSaved,
    FileOffered,
    FileProgressed,
    FileSaved,
)
from tcpipclient.folder_errors import FolderError
from tcpipclient.net.gate import Gate
from tcpipclient.net.late_logger import LateLogger

if TYPE_CHECKING:
    # Loaded by who has one: who keeps no files writes none.
    from tcpipclient.folder import DownloadFolder, IncomingFile

MOST_ARRIVING = 64
"""Files that are arriving or wait for an answer; each is an open file."""

_log = LateLogger(__name__)


@dataclass(slots=True)
class _Arriving:
    """A file that is being written, or is whole and waits for the user's answer."""

    offered: FileOffered
    began: FileBegan
    file: "IncomingFile"
    accepted: bool
    is_whole: bool = False
    modified: datetime | None = None
    told: int = 0

    def not_saved(self, reason: str, *, declined: bool = False) -> FileNotSaved:
        return _not_saved(self.offered, reason, declined=declined)


class IncomingFiles:
    """All files that are on their way to us.

    Args:
        folder: Where they are written; None takes none.
        acceptance: Which are taken.
        next_number: Gives each transfer its number.
    """

    def __init__(
        self, gate: Gate, folder: "DownloadFolder | None", acceptance: Acceptance, next_number: Callable[[], int]
    ) -> None:
        self._gate = gate
        self._folder = folder
        self._acceptance = acceptance
        self._next_number = next_number
        self._arriving: dict[int, _Arriving] = {}
        # Only those of which more may come: the sender may use a FileID again while the user still thinks.
        self._by_key: dict[FileKey, int] = {}

    def receive(self, event: FileEvent, tell: Callable[[Event], None]) -> None:
        """Take the next of what happens to incoming files; `tell` is called with what there is to tell."""
        if isinstance(event, FileBegan):
            self._begin(event, tell)
            return
        arriving = self._arriving.get(self._by_key.get(event.key, 0))
        if arriving is None:
            if isinstance(event, FileFailed):
                # It was refused at its start: too many were on their way.
                offered = self._offer(event.key, event.name, 0)
                tell(_not_saved(offered, _not_received(event, offered.name)))
            return
        match event:
            case FileDataArrived():
                self._write(arriving, event.data, tell)
            case FileCompleted():
                del self._by_key[event.key]
                arriving.is_whole = True
                arriving.modified = event.modified
                if arriving.accepted:
                    self._finish(arriving, tell)
            case FileFailed():
                self._drop(arriving)
                tell(arriving.not_saved(_not_received(event, arriving.offered.name)))

    def answer(self, transfer: int, *, accept: bool, tell: Callable[[Event], None]) -> None:
        """The user's answer to an offer; one that comes too late, or a second one, changes nothing."""
        arriving = self._arriving.get(transfer)
        if arriving is None or arriving.accepted:
            return
        if not accept:
            self._stop(arriving)
            tell(arriving.not_saved(f'"{printable(arriving.offered.name)}" was declined.', declined=True))
            return
        arriving.accepted = True
        if arriving.is_whole:
            self._finish(arriving, tell)

    def cancel(self, transfer: int, tell: Callable[[Event], None]) -> None:
        """The user does not want it any more, whether he had accepted it or not; nothing where it is over."""
        arriving = self._arriving.get(transfer)
        if arriving is None:
            return
        self._stop(arriving)
        shown = printable(arriving.offered.name)
        tell(arriving.not_saved(f'"{shown}" was cancelled; nothing of it is kept.', declined=True))

    def discard_all(self, tell: Callable[[Event], None]) -> None:
        """The connection has ended: nobody can be told any more that a file is saved, so none is."""
        for arriving in list(self._arriving.values()):
            self._drop(arriving)
            shown = printable(arriving.offered.name)
            tell(arriving.not_saved(f'"{shown}" was not kept: the connection ended before it was accepted.'))

    def progress(self) -> list[FileProgressed]:
        """How far those have come that came further since this was last asked."""
        moved = [arriving for arriving in self._arriving.values() if arriving.file.received != arriving.told]
        for arriving in moved:
            arriving.told = arriving.file.received
        return [
            FileProgressed(
                arriving.offered.transfer,
                Direction.INCOMING,
                arriving.offered.sender,
                arriving.offered.name,
                arriving.told,
                arriving.offered.size,
            )
            for arriving in moved
        ]

    def _begin(self, began: FileBegan, tell: Callable[[Event], None]) -> None:
        offered = self._offer(began.key, began.full_name or began.name, began.size)
        shown = printable(offered.name)
        tell(offered)
        accepted = self._maybe_decide(offered)
        if accepted is False or self._folder is None:
            self._give_up(began)
            why = "files are not taken here" if self._folder else "no folder for received files was set"
            tell(_not_saved(offered, f'"{shown}" was declined: {why}.', declined=True))
            return
        if len(self._arriving) >= MOST_ARRIVING:
            self._give_up(began)
            reason = f'"{shown}" was not taken: {MOST_ARRIVING} files are arriving or wait for an answer. Answer them.'
            tell(_not_saved(offered, reason))
            return
        try:
            file = self._folder.begin(offered.sent_name, began.size)
        except FolderError as error:
            self._give_up(began)
            tell(_not_saved(offered, str(error)))
            return
        if file.skipped is not None:
            file.discard()
            self._give_up(began)
            tell(_not_saved(offered, file.skipped.reason, declined=True))
            return
        self._arriving[offered.transfer] = _Arriving(offered, began, file, accepted=bool(accepted))
        self._by_key[began.key] = offered.transfer

    def _offer(self, key: FileKey, sent_name: str, size: int) -> FileOffered:
        sender = self._gate.run(lambda session: session.roster.maybe_get(key.sender))
        name, sender_key = (sender.name, sender.key) if sender else ("", None)
        safe = safe_name(sent_name).name
        return FileOffered(self._next_number(), key.sender, name, safe, sent_name, size, sender_key)

    def _maybe_decide(self, offered: FileOffered) -> bool | None:
        """True or False by the rule, None where the user is to be asked. A rule that fails says no."""
        match self._acceptance:
            case Accept.ALL:
                return True
            case Accept.NONE:
                return False
            case Accept.ASK:
                return None
            case decide:
                try:
                    return bool(decide(offered))
                except Exception:  # noqa: BLE001 - the user's function must not end the thread
                    _log.exception("the function that accepts files has failed; the file is declined")
                    return False

    def _write(self, arriving: _Arriving, data: bytes, tell: Callable[[Event], None]) -> None:
        try:
            arriving.file.write(data)
        except FolderError as error:
            self._give_up(arriving.began)
            self._drop(arriving)
            tell(arriving.not_saved(str(error)))

    def _finish(self, arriving: _Arriving, tell: Callable[[Event], None]) -> None:
        from tcpipclient.folder import Saved

        del self._arriving[arriving.offered.transfer]
        try:
            outcome = arriving.file.finish(arriving.modified)
        except FolderError as error:
            tell(arriving.not_saved(str(error)))
            return
        offered = arriving.offered
        if not isinstance(outcome, Saved):
            tell(arriving.not_saved(outcome.reason, declined=True))
            return
        self._gate.run(lambda session: session.confirm_file(arriving.began.key, arriving.began.name))
        tell(FileSaved(offered.transfer, offered.sender, offered.sender_name, offered.name, offered.size, outcome.path))

    def _give_up(self, began: FileBegan) -> None:
        # Its packets came in a block; a later one of the block may have begun another file under the same key.
        self._gate.run(lambda session: session.give_up_file(began.key, began.serial))

    def _stop(self, arriving: _Arriving) -> None:
        """What still comes of it is passed over; of one that is whole nothing does, and its key may be another's."""
        if not arriving.is_whole:
            self._give_up(arriving.began)
        self._drop(arriving)

    def _drop(self, arriving: _Arriving) -> None:
        arriving.file.discard()
        del self._arriving[arriving.offered.transfer]
        if not arriving.is_whole:
            self._by_key.pop(arriving.began.key, None)


def _not_received(failed: FileFailed, name: str) -> str:
    return f'"{printable(name)}" was not received: {failed.reason}. Ask for it again.'


def _not_saved(offered: FileOffered, reason: str, *, declined: bool = False) -> FileNotSaved:
    return FileNotSaved(offered.transfer, offered.sender, offered.sender_name, offered.name, reason, declined=declined)
