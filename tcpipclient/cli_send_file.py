"""The command `send-file`: files and folders to one, several or everybody, until each has said that he saved them.

Owns who gets them how, the waiting, and the stopping in between. Must never say that something arrived without its
recipient's word. Thread: the program's main thread.
"""

import os
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TextIO

from commonlib.exceptions import ChatError
from commonlib.printable import printable
from commonlib.values import replace
from tcpipclient.api import Client
from tcpipclient.cli_arguments import SendFile
from tcpipclient.cli_batch_deliveries import AGAIN, BatchDeliveries, BatchSending
from tcpipclient.cli_batch_wording import shown_top
from tcpipclient.cli_deliveries import Deliveries, Sending
from tcpipclient.cli_entry import Entry
from tcpipclient.cli_exit import ExitCode
from tcpipclient.cli_inbox import Inbox, Item
from tcpipclient.cli_output import Output
from tcpipclient.cli_progress import Bars
from tcpipclient.cli_recipients import resolve, shown_name
from tcpipclient.cli_session import connected, people_there, plain_config, uninterrupted, warn_of_unencrypted
from tcpipclient.config import MOST_BATCHES_AT_ONCE, ClientConfig
from tcpipclient.core.batch_events import BatchEnded
from tcpipclient.core.events import Direction, FileNotSent, FileProgressed, FileSent, Person
from tcpipclient.core.exceptions import UnsendableFileError
from tcpipclient.core.way_rule import WayRule
from tcpipclient.exchange import load_ahead
from tcpipclient.net.sourcefile import size_of

STILL_SECONDS = 60.0
"""Without anything moving; as long as a recipient's program waits for the next piece of a file."""
GOODBYE_SECONDS = 2.0
"""For the recipients to hear that it was stopped."""


class ClassicRecipientError(ChatError):
    """Somebody on the classic wire cannot be sent this.

    Attributes:
        person: Who.
        detail: What cannot be, and what to do, as the rest of a sentence.
    """

    def __init__(self, person: Person, detail: str) -> None:
        super().__init__(person, detail)
        self.person = person
        self.detail = detail

    def __str__(self) -> str:
        who = shown_name(self.person.name, self.person.id)
        return f"{who} has a program, or a hub, that takes single files only: {self.detail}. Nothing was sent."


def run(asked: SendFile, output: Output, keyboard: TextIO | None) -> ExitCode:
    """Send the files and wait for the word that they are saved. Raises ChatError."""
    for path in asked.paths:
        check_path(path)
    inbox = Inbox()
    with connected(_config(asked), inbox, Entry(output, keyboard)) as client, Bars(output) as bars:
        people = people_there(client)
        recipients = resolve(asked.to, people)
        by_id = {person.id: person for person in people}
        check_classic(asked, [by_id[recipient] for recipient in recipients])
        warn_of_unencrypted(client, output, recipients, people)
        mailing = Mailing(client, output, bars, asked.access.timeout or STILL_SECONDS)
        try:
            mailing.send(asked, [by_id[recipient] for recipient in recipients])
            load_ahead()
            mailing.wait(inbox)
        except KeyboardInterrupt:
            with uninterrupted():
                mailing.stop(inbox)
            raise KeyboardInterrupt(f"stopped as asked. {AGAIN}") from None
    for sentence in mailing.complaints:
        output.notice(sentence)
    return mailing.exit_code


def check_path(path: Path) -> None:
    """Refuse before anything is sent what could not be sent afterwards.

    Raises:
        UnsendableFileError: It is not there, or is neither a file nor a folder with a name.
    """
    if not _name(path):
        raise UnsendableFileError(str(path), "it is a whole disk; name the folders on it")
    if not path.is_dir():
        size_of(path)


def check_classic(asked: SendFile, people: Iterable[Person]) -> None:
    """Refuse before anything is sent what some of these people cannot be sent.

    Raises:
        ClassicRecipientError: A folder, or only directly, to somebody on the classic wire.
        FileTooLargeError: A file of more bytes than that wire can say.
    """
    for person in people:
        if person.is_encrypted:
            continue
        if asked.ways is WayRule.DIRECT:
            raise ClassicRecipientError(person, "what he gets goes through the hub, so leave --path direct out")
        from commonlib.classic.file_sending import LARGEST_FILE, FileTooLargeError

        for path in asked.paths:
            if path.is_dir():
                name = printable(str(path))
                raise ClassicRecipientError(person, f"{name} is a folder; pack it into an archive and send that")
            if size_of(path) > LARGEST_FILE:
                raise FileTooLargeError(path.name, size_of(path))


class Mailing:
    """Files on their way to their recipients: batches, and single files to who is on the classic wire.

    Args:
        seconds: Patience with what stands still.
    """

    def __init__(self, client: Client, output: Output, bars: Bars, seconds: float) -> None:
        self._client = client
        self._output = output
        self._bars = bars
        self._seconds = seconds
        self._files = Deliveries(())
        self._files_deadline = 0.0
        self._batches = BatchDeliveries((), seconds, 0.0)

    @property
    def complaints(self) -> list[str]:
        """A sentence or more for each that was not saved, or may not have been."""
        return [*self._files.complaints, *self._batches.complaints]

    @property
    def exit_code(self) -> ExitCode:
        """A failure counts before a lack of patience."""
        codes = {self._files.exit_code, self._batches.exit_code}
        return next((code for code in (ExitCode.FAILED, ExitCode.TIMED_OUT) if code in codes), ExitCode.DONE)

    def send(self, asked: SendFile, people: Sequence[Person]) -> None:
        """Begin: one batch for each, or each file on its own. Raises ChatError."""
        label = shown_top([_name(path) for path in asked.paths])
        files, batches = [], []
        for person in people:
            if person.is_encrypted:
                batch = self._client.send_files(asked.paths, person.id, links=asked.links)
                batches.append(BatchSending(batch.number, person.id, person.name, label))
                continue
            for path in asked.paths:
                transfer = self._client.send_file(path, person.id)
                files.append(Sending(transfer.number, person.id, person.name, transfer.name, transfer.size))
        now = time.monotonic()
        self._files = Deliveries(files)
        self._files_deadline = now + self._seconds
        self._batches = BatchDeliveries(batches, self._seconds, now)

    def wait(self, inbox: Inbox) -> None:
        """Return when nobody's word is missing, or waited for any longer. Raises OutputError."""
        while self._files.waiting or self._batches.waiting:
            item = inbox.maybe_next(self._next_look())
            now = time.monotonic()
            if item is not None:
                self._receive(item, now)
            self._expire(now)
            self._bars.show_rows(self._batches.rows(), now)

    def stop(self, inbox: Inbox) -> None:
        """Cancel what is on its way, and give the recipients a moment to hear it."""
        for number in self._batches.waiting:
            self._client.cancel_batch(number)
        deadline = time.monotonic() + GOODBYE_SECONDS
        while self._batches.waiting and (item := inbox.maybe_next(deadline)) is not None:
            self._receive(item, time.monotonic())

    def _next_look(self) -> float | None:
        deadlines = [self._batches.deadline, self._files_deadline if self._files.waiting else None]
        until = min((deadline for deadline in deadlines if deadline is not None), default=None)
        return self._bars.next_look(until, time.monotonic())

    def _receive(self, item: Item, now: float) -> None:
        if self._files.is_news(item):
            self._files_deadline = now + self._seconds
        self._show(item)
        for report in (*self._files.receive(item, now), *self._batches.receive(item, now)):
            self._output.report(report)

    def _expire(self, now: float) -> None:
        for number, report in self._batches.expire(now):
            self._client.cancel_batch(number)
            self._bars.remove(number)
            self._output.report(report)
        if self._files.waiting and now >= self._files_deadline:
            for report in self._files.give_up(self._seconds):
                self._output.report(report)

    def _show(self, item: Item) -> None:
        match item:
            case FileProgressed(transfer=number, direction=Direction.OUTGOING) if number in self._files.waiting:
                self._bars.show(number, self._files.waiting[number].shown, item.done, item.size)
            case FileSent() | FileNotSent(timed_out=False) | BatchEnded(direction=Direction.OUTGOING):
                self._bars.remove(item.transfer)
            case _:
                pass


def _config(asked: SendFile) -> ClientConfig:
    plain = plain_config(asked.access)
    return replace(plain, ways=asked.ways, speed_limit=asked.limit_speed, at_once=MOST_BATCHES_AT_ONCE)


def _name(path: Path) -> str:
    """What it is called, also where it was named as `.` or as the folder above."""
    return os.path.basename(os.path.abspath(path))  # noqa: PTH100, PTH119 - `..` is to be taken off
