"""One connection of the client's window: a Client, and the thread that sends on it.

Owns the order of what is told: that a text or a file has got its number comes before anything that carries it. Must
never decide. Threads: `work` runs on one of the connector's and waits for a busy hub; events come from the client's.
"""

import queue
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from commonlib.exceptions import ChatError
from tcpipclient.core.events import (
    ConnectionLost,
    Direction,
    Event,
    FileNotSent,
    FileProgressed,
    FileSent,
    TextDelivered,
    TextNotDelivered,
)
from tcpipclient.core.exceptions import NotConnectedError
from tcpipclient.gui.model import (
    Arrived,
    BatchRefused,
    BatchStarted,
    FileRefused,
    FileStarted,
    ModelEvent,
    TextRefused,
    TextSent,
)

if TYPE_CHECKING:
    from tcpipclient.api import Client

NOT_ENCRYPTED = "The connection of whom it is for is not encrypted any more, so nothing was sent. Retry, or ask first."


class Connection:
    """One client and its queue of texts and files to send.

    Args:
        number: Of the attempt; all that is told carries it.
        client: Not connected yet.
        tell: Takes what the window is to be told; called on several threads.
    """

    def __init__(self, number: int, client: "Client", tell: Callable[[ModelEvent], None]) -> None:
        self.number = number
        self.client = client
        self._tell = tell
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._last_told = 0
        self._early: list[Arrived] = []
        self._is_sending_batch = False
        self._early_of_batches: list[Arrived] = []
        client.on_event(self._receive)

    def send_text(self, message: int, text: str, to: tuple[int, ...], numbers: tuple[int, int]) -> None:
        """Have a text sent when its turn comes."""
        self._jobs.put(lambda: self._send_text(message, text, to, numbers))

    def send_file(self, file: int, path: Path, to: int) -> None:
        """Have a file handed to the client when its turn comes."""
        self._jobs.put(lambda: self._send_file(file, path, to))

    def send_batch(self, batch: int, paths: Sequence[Path], to: int, *, links: bool) -> None:
        """Have files and folders handed to the client, together, when their turn comes."""
        self._jobs.put(lambda: self._send_batch(batch, paths, to, links=links))

    def ask_latencies(self, ids: tuple[int, ...]) -> None:
        """Have the hub asked for latencies when that has its turn."""
        self._jobs.put(lambda: self._ask_latencies(ids))

    def close(self) -> None:
        """Say goodbye and end; waits for the client's threads."""
        self._jobs.put(None)
        self.client.close()

    def work(self) -> None:
        """The thread's work; returns after `close`, or when the connection has ended."""
        while (job := self._jobs.get()) is not None:
            job()
        self.client.close()

    def _send_text(self, message: int, text: str, to: tuple[int, ...], numbers: tuple[int, int]) -> None:
        try:
            sent = self.client.send_text(text, to, numbers)
        except ChatError as error:
            self._tell(TextRefused(self.number, message, str(error)))
            return
        self._tell_number(TextSent(self.number, message, sent.number), sent.number)

    def _send_file(self, file: int, path: Path, to: int) -> None:
        try:
            transfer = self.client.send_file(path, to)
        except ChatError as error:
            self._tell(FileRefused(self.number, file, str(error)))
            return
        self._tell_number(FileStarted(self.number, file, transfer.number), transfer.number)

    def _ask_latencies(self, ids: tuple[int, ...]) -> None:
        with suppress(NotConnectedError):  # ConnectionLost is on its way.
            self.client.ask_latencies(ids)

    def _send_batch(self, batch: int, paths: Sequence[Path], to: int, *, links: bool) -> None:
        with self._lock:
            self._is_sending_batch = True
        told: BatchStarted | BatchRefused
        try:
            sent = self.client.send_files(paths, to, links=links)
        except ChatError as error:
            told = BatchRefused(self.number, batch, str(error))
        else:
            told = BatchStarted(self.number, batch, sent.number)
            if not sent.number:
                # He has come back without encryption in this moment, and the user saw another person.
                for transfer in sent.transfers:
                    self.client.cancel_file(transfer.number)
                told = BatchRefused(self.number, batch, NOT_ENCRYPTED)
        with self._lock:
            self._is_sending_batch = False
            self._tell(told)
            for early in self._early_of_batches:
                self._tell(early)
            self._early_of_batches.clear()

    def _tell_number(self, told: TextSent | FileStarted, number: int) -> None:
        with self._lock:
            self._tell(told)
            self._last_told = number
            for early in self._early:
                self._tell(early)
            self._early.clear()

    def _receive(self, event: Event) -> None:
        """On the client's dispatcher thread: hold back what carries a number that was not told yet."""
        arrived = Arrived(self.number, event)
        with self._lock:
            if self._is_sending_batch and _is_of_our_batch(event):
                self._early_of_batches.append(arrived)
            elif _number_of_ours(event) > self._last_told:
                self._early.append(arrived)
            else:
                self._tell(arrived)
        if isinstance(event, ConnectionLost):
            self._jobs.put(None)


def _is_of_our_batch(event: Event) -> bool:
    # Late: the window is drawn before what batches need is loaded.
    from tcpipclient.core.batch_events import BatchChanged, BatchEnded, BatchProgressed

    return isinstance(event, BatchChanged | BatchProgressed | BatchEnded) and event.direction is Direction.OUTGOING


def _number_of_ours(event: Event) -> int:
    """The number of the text or file of ours that an event is about; 0 where it is about none."""
    match event:
        case TextDelivered(text=number) | TextNotDelivered(text=number):
            return number
        case FileSent(transfer=number) | FileNotSent(transfer=number):
            return number
        case FileProgressed(transfer=number, direction=Direction.OUTGOING):
            return number
        case _:
            return 0
