"""What a program may ask of a client about batches: the part of the class `Client` that deals with them.

Owns the choice between a batch and single files by the classic wire. Must never interpret a message or touch a socket:
that is for core/ and net/. Threads: every method may be called from any thread, from handlers too.
"""

import os
from collections.abc import Sequence
from pathlib import Path

from commonlib.conflict import Conflict
from commonlib.wire.way_messages import TRANSFER_SIZE
from tcpipclient.batches import Batch
from tcpipclient.config import ClientConfig
from tcpipclient.core.exceptions import NotConnectedError, UnsendableFileError
from tcpipclient.core.session import Session
from tcpipclient.core.transfers.peers import Peer
from tcpipclient.file_commands import FileCommands

_CLASSIC_FOLDER = "it is a folder, and whom it is for is on the unencrypted wire: pack it into an archive and send that"


class BatchCommands(FileCommands):
    """Files and folders, by a connection to a hub."""

    config: ClientConfig

    def send_files(self, paths: Sequence[str | Path], to: int, *, links: bool = False) -> Batch:
        """Send files and folders to one person, together. Returns at once; `wait` on the result for the end.

        What stands in the way (a path that is not there, a recipient who declines) is told as the end of the batch. To
        somebody on the classic wire each file goes by itself, as with `send_file`: `transfers` are theirs.

        Args:
            paths: At least one. A link among them stands for what it leads to.
            links: Send the links below them as links; else they are left out.

        Raises:
            NotConnectedError: There is no connection.
            UnknownPersonError: The recipient is not on the hub.
            UnsendableFileError: Nothing is named, or a path is empty; to somebody on the classic wire, too: there is no
                such file, or it is a folder.
            FileTooLargeError: To somebody on the classic wire: a file has 4 GiB or more.
        """
        named = _named(paths)
        peer = self._link().gate.run(lambda session: _maybe_peer(session, to))
        if peer is None:
            folder = next((path for path in named if path.is_dir()), None)
            if folder is not None:
                raise UnsendableFileError(str(folder), _CLASSIC_FOLDER)
            return Batch(0, to, transfers=tuple(self.send_file(path, to) for path in named))
        batch = self._exchange.send(peer, named, links=links)
        if batch is None:
            raise NotConnectedError
        return batch

    def add_files(self, transfer: int, paths: Sequence[str | Path]) -> None:
        """Add to a batch of ours; its recipient is asked about it anew. Nothing where it is over.

        Raises:
            UnsendableFileError: There is no such file.
        """
        named = _named(paths)
        missing = next((path for path in named if not path.exists()), None)
        if missing is not None:
            raise UnsendableFileError(str(missing), "there is no such file; check the path")
        self._exchange.ask(lambda book, now: book.add(transfer, named, now))

    def accept_batch(
        self,
        transfer: int,
        *,
        conflict: Conflict | None = None,
        links: bool | None = None,
        folder: Path | None = None,
        offer: int | None = None,
    ) -> None:
        """Take an offered batch (`BatchOffered.transfer`); nothing where it was answered or is over.

        Args:
            conflict, links, folder: Instead of what the settings say; only the first answer of a batch says so.
            offer: Only what was offered under this number; None for all that was told of.
        """
        from commonlib.transfer.resume import Choices

        config = self.config
        choices = Choices(conflict or config.conflict, config.links if links is None else links)
        self._exchange.accept(transfer, offer, folder or config.downloads, choices)

    def decline_batch(self, transfer: int, why: str = "", *, offer: int | None = None) -> None:
        """Do not take an offered batch; the sender is shown `why`. As accept_batch otherwise."""
        self._exchange.ask(lambda book, now: book.decline(transfer, why, now, offer))

    def pause_batch(self, transfer: int) -> None:
        """Let nothing of a batch flow, ours or one for us, until `resume_batch`; one that waits lets others pass."""
        self._exchange.ask(lambda book, now: book.pause(transfer, now))

    def resume_batch(self, transfer: int) -> None:
        """End our own pause; the other end's may go on."""
        self._exchange.ask(lambda book, now: book.resume(transfer, now))

    def cancel_batch(self, transfer: int, why: str = "") -> None:
        """Give a batch up, ours or one for us; the other end is shown `why`, and what was saved stays."""
        self._exchange.ask(lambda book, now: book.cancel(transfer, why, now))

    def retry_batch(self, transfer: int) -> None:
        """Send a batch of ours again that has failed, or was declined or cancelled, behind all that wait."""
        name = os.urandom(TRANSFER_SIZE)
        self._exchange.ask(lambda book, now: book.retry(transfer, name, now))

    def move_batch(self, transfer: int, place: int) -> None:
        """Put a batch of ours that waits at this place in the queue, from 1."""
        self._exchange.ask(lambda book, now: book.move(transfer, place, now))

    def limit_speed(self, bytes_per_second: int | None) -> None:
        """Send all batches together no faster than this; None for no limit."""
        self._exchange.limit_speed(bytes_per_second)

    @property
    def listening_port(self) -> int:
        """Where others may connect to us to pass files; 0 before the first was accepted, and where none can be had."""
        return self._exchange.listening_port


def _named(paths: Sequence[str | Path]) -> list[Path]:
    """The paths as they are for whoever is in another folder. An empty one would stand for the folder we are in."""
    if not paths or "" in paths:
        raise UnsendableFileError("nothing", "name a file or a folder")
    return [Path(path).absolute() for path in paths]


def _maybe_peer(session: Session, to: int) -> Peer | None:
    """Whom a batch can be sent to under this id; None where only the classic wire leads."""
    session.check_recipients((to,))
    person = session.roster.maybe_get(to)
    return None if person is None or person.key is None else Peer(person.id, person.key, person.name)
