"""What a program may ask of a client about single files by the classic wire's packets: a part of the class `Client`.

Owns nothing. Must never interpret a packet or touch a socket: that is for core/ and net/. Threads: every method may be
called from any thread, from handlers too.
"""

from abc import ABC, abstractmethod
from pathlib import Path

from commonlib.exceptions import ChatError
from tcpipclient.exchange import FileExchange
from tcpipclient.handles import Books, Transfer
from tcpipclient.net.file_sender import FileJob
from tcpipclient.net.link import Link
from tcpipclient.net.sourcefile import size_of


class FileCommands(ABC):
    """Single files, by a connection to a hub."""

    _books: Books
    _exchange: FileExchange
    _maybe_link: Link | None

    @abstractmethod
    def _link(self) -> Link:
        """The connection. Raises NotConnectedError."""

    def send_file(self, path: str | Path, to: int) -> Transfer:
        """Send a file to one person. Returns at once; files go one after another, texts overtake them.

        Raises:
            NotConnectedError: There is no connection.
            UnknownPersonError: The recipient is not on the hub.
            UnsendableFileError: There is no such file, it is none, or it cannot be read.
            FileTooLargeError: It has more bytes than this wire can say (4 GiB).
        """
        link = self._link()
        path = Path(path)
        size = size_of(path)
        job = FileJob(self._exchange.next_number(), path.absolute(), to, path.name, size)
        transfer = Transfer(job.transfer, to, job.name, size, self._books)
        self._books.add_transfer(transfer)
        try:
            link.gate.run(lambda session: session.offer_file(job.transfer, to, job.name, size))
        except ChatError:
            self._books.forget(job.transfer)
            raise
        link.send_file(job)
        return transfer

    def accept_file(self, transfer: int) -> None:
        """Keep an offered file (`FileOffered.transfer`) under Accept.ASK; nothing where it was answered or is over."""
        self._answer(transfer, accept=True)

    def decline_file(self, transfer: int) -> None:
        """Do not keep an offered file under Accept.ASK; what came of it is deleted. As accept_file otherwise."""
        self._answer(transfer, accept=False)

    def cancel_file(self, transfer: int) -> None:
        """Stop a file on its way, ours or one for us, by the number of its transfer; nothing where it is over.

        FileNotSent or FileNotSaved tells that it is stopped. This wire has no word for it: who receives a file that is
        cancelled notices only that nothing more comes, and who sends one that we cancel goes on for nothing.
        """
        link = self._maybe_link
        if link is None:
            return
        tell = link.dispatcher.tell
        told = link.gate.run(lambda session: session.outgoing.cancel(transfer))
        link.dispatcher.post_events([*told])
        link.dispatcher.post(lambda: link.incoming.cancel(transfer, tell))

    def _answer(self, transfer: int, *, accept: bool) -> None:
        link = self._maybe_link
        if link is not None:
            tell = link.dispatcher.tell
            link.dispatcher.post(lambda: link.incoming.answer(transfer, accept=accept, tell=tell))
