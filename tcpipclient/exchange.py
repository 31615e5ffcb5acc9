"""The batches of a program, which may outlive its connections to a hub.

Owns the public class `FileExchange` and its numbers. Must never load what only batches need before there is one.
Threads: every method may be called from any thread.
"""

import itertools
import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from commonlib.wire.way_messages import TRANSFER_SIZE
from tcpipclient.core.events import Event
from tcpipclient.core.transfers.said import SaidOfFiles
from tcpipclient.net.clock import Clock, SystemClock

if TYPE_CHECKING:
    from commonlib.transfer.resume import Choices
    from tcpipclient.batches import Batch, BatchHandles
    from tcpipclient.core.transfers.book import TransferBook
    from tcpipclient.core.transfers.peers import Peer
    from tcpipclient.net.exchange.hub_line import HubLine
    from tcpipclient.net.exchange.shell import ExchangeShell


def load_ahead() -> None:
    """Load what a batch needs once its offer is answered: for a program that has made one, and now waits."""
    import tcpipclient.net.peer.sending_pump
    import tcpipclient.net.peer.ways  # noqa: F401


class FileExchange:
    """The batches of one program. A Client makes one of its own, unless it is given that of a Client before it.

    `Client(config, exchange=exchange)` goes on with the batches that another connection began: those that have a way go
    on by it while there is no connection, the others when the other end is found again, by his key. One Client has it
    at a time. Whoever makes a FileExchange closes it; a Client closes only its own.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._numbers = itertools.count(1)
        self._lock = threading.RLock()
        self._line: HubLine | None = None
        self._maybe_shell: ExchangeShell | None = None
        self._maybe_handles: BatchHandles | None = None
        self._closed = False
        self._may_listen = True
        self._handling: Callable[[], bool] = bool

    def close(self, *, wait: bool = True) -> None:
        """End all batches, tell the other ends, and end all threads; what has come of files is kept for another run.

        Args:
            wait: Return when all has ended; a handler must not wait for that.
        """
        with self._lock:
            self._closed = True
            shell = self._maybe_shell
        if shell is not None:
            shell.close(wait=wait and not self._is_handling())

    def next_number(self) -> int:
        """A number for a text, a file or a batch."""
        return next(self._numbers)

    @property
    def listening_port(self) -> int:
        """Where others may connect to us; 0 where they may not."""
        shell = self._maybe_shell
        return 0 if shell is None else shell.listening_port

    def let_listen(self, *, wanted: bool) -> None:
        """Whether others may connect to us from the next acceptance on, where `listening_port` of the config is set.

        For a program that asks its user with the first files that he accepts. What listens already goes on.
        """
        with self._lock:
            self._may_listen = wanted
            if self._maybe_shell is not None:
                self._maybe_shell.let_listen(wanted=wanted)

    # For clients alone

    def attach(self, line: "HubLine", is_handling: Callable[[], bool]) -> None:
        """Belong to this connection from now on; `is_handling` tells whether a thread is the one of its handlers."""
        with self._lock:
            self._line = line
            self._handling = is_handling
            if self._maybe_shell is not None:
                self._maybe_shell.attach(line)

    def detach(self, line: "HubLine") -> None:
        """The connection has ended."""
        with self._lock:
            shell = self._maybe_shell
            if shell is None and self._line is line:
                self._line = None
        if shell is not None:
            shell.detach(line)

    def receive_event(self, line: "HubLine", event: Event) -> None:
        """Learn who is there."""
        shell = self._maybe_shell
        if shell is not None:
            shell.receive_event(line, event)

    def receive_said(self, line: "HubLine", said: SaidOfFiles) -> None:
        """Take what somebody says about a batch."""
        shell = self._maybe_made_shell()
        if shell is not None:
            shell.receive_said(line, said)

    def send(self, peer: "Peer", paths: Sequence[Path], *, links: bool) -> "Batch | None":
        """Send files and folders to somebody; None after the end."""
        shell = self._maybe_made_shell()
        if shell is None or self._maybe_handles is None or self._closed:
            return None
        from tcpipclient.batches import Batch

        batch = Batch(self.next_number(), peer.id, self._maybe_handles)
        self._maybe_handles.add(batch)
        transfer = os.urandom(TRANSFER_SIZE)
        is_taken = shell.post(lambda now: shell.book.send(batch.number, transfer, peer, paths, now, links=links))
        return batch if is_taken else None

    def accept(self, number: int, offer: int | None, folder: Path | None, choices: "Choices") -> None:
        """Take what is offered; nothing where there are no batches."""
        if self._maybe_shell is not None:
            self._maybe_shell.accept(number, offer, folder, choices)

    def ask(self, call: Callable[["TransferBook", float], object]) -> None:
        """Have something done with the book of batches; nothing where there are none."""
        shell = self._maybe_shell
        if shell is not None:
            shell.post(lambda now: call(shell.book, now))

    def limit_speed(self, bytes_per_second: int | None) -> None:
        """Send all batches together no faster than this."""
        shell = self._maybe_made_shell()
        if shell is not None:
            shell.limiter.speed = bytes_per_second

    def _maybe_made_shell(self) -> "ExchangeShell | None":
        """What carries it all out, made now where it was not; None before a connection and after the end."""
        with self._lock:
            if self._maybe_shell is None and not self._closed and self._line is not None:
                # Loaded where it is needed, as most programs that connect send no files.
                from tcpipclient.batches import BatchHandles
                from tcpipclient.net.exchange.shell import ExchangeShell

                self._maybe_handles = BatchHandles(self._is_handling)
                told = self._maybe_handles.receive_event
                shell = ExchangeShell(self._line.config, self._clock, self.next_number, told)
                shell.let_listen(wanted=self._may_listen)
                shell.attach(self._line)
                self._maybe_shell = shell
            return self._maybe_shell

    def _is_handling(self) -> bool:
        return self._handling() or (self._maybe_shell is not None and self._maybe_shell.is_on_own_thread)
