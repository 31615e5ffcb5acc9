"""Who gets files how, what is refused before anything is sent, and how the waiting ends."""

import io
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from commonlib.classic.file_sending import FileTooLargeError
from tcpipclient.api import Client
from tcpipclient.cli_arguments import Access, SendFile
from tcpipclient.cli_exit import ExitCode
from tcpipclient.cli_inbox import Inbox
from tcpipclient.cli_output import Output
from tcpipclient.cli_progress import Bars
from tcpipclient.cli_send_file import ClassicRecipientError, Mailing, check_classic, check_path
from tcpipclient.core.batch_events import BatchChanged, BatchEnded, BatchState
from tcpipclient.core.events import Direction, FileSent, Person
from tcpipclient.core.exceptions import UnsendableFileError
from tcpipclient.core.way_rule import WayRule

BOB, CY, OLD = Person(2, "Bob", key=bytes(32)), Person(3, "Cy", key=bytes(32)), Person(4, "Old")
ACCESS = Access("hub", 9999, "Ann", as_json=True, timeout=None)


class SendingClient:
    """Stands for a client: notes what is to be sent and cancelled, and numbers it from 5 on."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, int, bool | None]] = []
        self.cancelled: list[int] = []

    def send_files(self, paths: Sequence[Path], to: int, *, links: bool = False) -> SimpleNamespace:
        return self._note(" ".join(path.name for path in paths), to, links)

    def send_file(self, path: Path, to: int) -> SimpleNamespace:
        return self._note(path.name, to, None)

    def cancel_batch(self, transfer: int, why: str = "") -> None:
        assert not why
        self.cancelled.append(transfer)

    def _note(self, name: str, to: int, links: bool | None) -> SimpleNamespace:
        self.sent.append((name, to, links))
        return SimpleNamespace(number=4 + len(self.sent), name=name, size=5)


class Stage:
    """A mailing with everything around it in memory."""

    def __init__(self, seconds: float = 60.0) -> None:
        self.client = SendingClient()
        self.inbox = Inbox()
        self.out = io.StringIO()
        output = Output(True, self.out, io.StringIO())
        self.mailing = Mailing(cast(Client, self.client), output, Bars(output), seconds)

    def send(self, *people: Person, links: bool = False) -> None:
        self.mailing.send(SendFile(ACCESS, (), (Path("a.txt"), Path("b.txt")), links), people)

    @property
    def ends(self) -> list[tuple[object, object]]:
        """Whose ends a script has been told, and how they ended."""
        told = [json.loads(line) for line in self.out.getvalue().splitlines()]
        return [(item["peer"], item["state"]) for item in told if item["event"] == "batch_ended"]


def ended(number: int, state: BatchState = BatchState.SAVED) -> BatchEnded:
    """The last event of a batch of ours."""
    return BatchEnded(
        number, Direction.OUTGOING, 2, "", state, saved=2, reason="" if state is BatchState.SAVED else "No."
    )


def test_each_recipient_gets_one_batch_and_who_is_classic_single_files() -> None:
    """All begin at once; links go along where they are wanted."""
    stage = Stage()
    stage.send(BOB, OLD, CY, links=True)
    assert stage.client.sent == [
        ("a.txt b.txt", 2, True),
        ("a.txt", 4, None),
        ("b.txt", 4, None),
        ("a.txt b.txt", 3, True),
    ]


def test_it_is_over_with_the_last_word() -> None:
    """Of batches and of single files; nobody is waited for any longer."""
    stage = Stage()
    stage.send(BOB, OLD)
    for event in (ended(5), FileSent(6, 4, "a.txt", 5), FileSent(7, 4, "b.txt", 5)):
        stage.inbox.put(event)
    stage.mailing.wait(stage.inbox)
    assert stage.mailing.exit_code is ExitCode.DONE
    assert stage.mailing.complaints == []
    assert stage.ends == [("Bob", "saved")]


def test_a_failure_counts_before_a_lack_of_patience() -> None:
    """Each that stands still is cancelled and complained of."""
    stage = Stage(seconds=0.01)
    stage.send(BOB, CY)
    stage.inbox.put(ended(5, BatchState.DECLINED))
    stage.inbox.put(BatchChanged(6, Direction.OUTGOING, 3, BatchState.OFFERED))
    stage.mailing.wait(stage.inbox)
    assert stage.mailing.exit_code is ExitCode.FAILED
    assert stage.client.cancelled == [6]
    assert [complaint.split(",")[0] for complaint in stage.mailing.complaints] == ["To Bob (2)", "To Cy (3)"]


def test_silence_alone_makes_it_time_out() -> None:
    """Of batches and of single files."""
    for person in (BOB, OLD):
        stage = Stage(seconds=0.01)
        stage.send(person)
        stage.inbox.put(BatchChanged(5, Direction.OUTGOING, 2, BatchState.OFFERED))
        stage.mailing.wait(stage.inbox)
        assert stage.mailing.exit_code is ExitCode.TIMED_OUT


def test_stopping_cancels_all_and_tells_how_they_ended() -> None:
    """Also of those that were saved in the last moment."""
    stage = Stage()
    stage.send(BOB, CY)
    stage.inbox.put(ended(5, BatchState.CANCELLED))
    stage.inbox.put(ended(6))
    stage.mailing.stop(stage.inbox)
    assert stage.client.cancelled == [5, 6]
    assert stage.ends == [("Bob", "cancelled"), ("Cy", "saved")]


def test_a_file_or_a_folder_can_be_sent(tmp_path: Path) -> None:
    """What is not there is named."""
    file = tmp_path / "file"
    file.write_bytes(b"")
    check_path(file)
    check_path(tmp_path)
    with pytest.raises(UnsendableFileError, match=r"nothing-here cannot be sent: there is no such file"):
        check_path(tmp_path / "nothing-here")
    with pytest.raises(UnsendableFileError, match="whole disk"):
        check_path(Path(tmp_path.anchor))


def test_who_is_classic_gets_no_folder(tmp_path: Path) -> None:
    """And nobody gets anything then; the sentence says who it is and what to do."""
    asked = SendFile(ACCESS, (), (tmp_path,))
    check_classic(asked, [BOB, CY])
    with pytest.raises(ClassicRecipientError, match=r"^Old \(4\) .* is a folder; pack it .* Nothing was sent\.$"):
        check_classic(asked, [BOB, OLD])


def test_who_is_classic_gets_nothing_directly(tmp_path: Path) -> None:
    """What he gets goes through the hub."""
    file = tmp_path / "file"
    file.write_bytes(b"")
    asked = SendFile(ACCESS, (), (file,), ways=WayRule.HUB)
    check_classic(asked, [OLD])
    with pytest.raises(ClassicRecipientError, match="leave --path direct out"):
        check_classic(replace(asked, ways=WayRule.DIRECT), [OLD])


def test_who_is_classic_gets_no_file_over_four_gibibytes(tmp_path: Path) -> None:
    """That wire's field for a size has 32 bits; the largest that fits is fine. The files are sparse."""
    file = tmp_path / "large.bin"
    asked = SendFile(ACCESS, (), (file,))
    with file.open("wb") as stream:
        stream.truncate(0xFFFF_FFFF)
    check_classic(asked, [OLD])
    with file.open("r+b") as stream:
        stream.truncate(0x1_0000_0000)
    check_classic(asked, [BOB])
    with pytest.raises(FileTooLargeError, match="4 GiB"):
        check_classic(asked, [OLD])
