"""What a listening command does with each thing that comes: what it tells, keeps and counts, and when it ends."""

import io
import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import PurePosixPath

import pytest

from tcpipclient.api import Client
from tcpipclient.cli_exit import ExitCode
from tcpipclient.cli_inbox import Answer, AnswersEnded, Item
from tcpipclient.cli_listen import Listening, is_from_known
from tcpipclient.cli_output import Output
from tcpipclient.cli_progress import SMALLEST_SHOWN, Bars
from tcpipclient.cli_questions import Questions
from tcpipclient.core.events import (
    ClockDiffered,
    ConnectionLost,
    Direction,
    FileNotSaved,
    FileOffered,
    FileProgressed,
    FileSaved,
    Loss,
    Person,
    PersonLeft,
    TextArrived,
)

TEXT = TextArrived(2, "Bob", "Hi.", (0, 0))
OFFER = FileOffered(7, 2, "Bob", "a.txt", "a.txt", 5)
SAVED = FileSaved(7, 2, "Bob", "a.txt", 5, PurePosixPath("/d/a.txt"))


class DecidingClient(Client):
    """A client without a hub that notes what becomes of offered files."""

    def __init__(self) -> None:
        super().__init__("nowhere")
        self.decisions: list[tuple[int, bool]] = []

    def accept_file(self, transfer: int) -> None:
        self.decisions.append((transfer, True))

    def decline_file(self, transfer: int) -> None:
        self.decisions.append((transfer, False))


class Stage:
    """A listening command with everything around it in memory."""

    def __init__(self, *, asks: bool = False, as_json: bool = False, count: int | None = None) -> None:
        self.client = DecidingClient()
        self.out, self.err = io.StringIO(), io.StringIO()
        output = Output(as_json, self.out, self.err)
        self.listening = Listening(self.client, output, Bars(output), Questions() if asks else None, count)

    def receive(self, items: Iterable[Item]) -> None:
        for item in items:
            self.listening.receive(item)


def test_texts_and_saved_files_count_and_nothing_else() -> None:
    """With enough of them it is done."""
    stage = Stage(count=2)
    stage.receive([OFFER, PersonLeft(Person(3, "Cy")), FileNotSaved(6, 2, "Bob", "b.txt", "No."), TEXT])
    assert stage.listening.exit_code is None
    stage.receive([SAVED])
    assert stage.listening.exit_code is ExitCode.DONE
    assert stage.listening.arrived == 2


def test_without_a_count_it_goes_on() -> None:
    """Until it is told otherwise."""
    stage = Stage()
    stage.receive([TEXT] * 50)
    assert stage.listening.exit_code is None
    assert stage.out.getvalue() == "Bob (2): Hi.\n" * 50


def test_a_lost_connection_ends_it() -> None:
    """Code 1, and the client's sentence on standard error; a script gets an object, too."""
    for as_json in (False, True):
        stage = Stage(as_json=as_json)
        stage.receive([ConnectionLost(Loss.HUB_EXITED, "The hub was stopped.")])
        assert stage.listening.exit_code is ExitCode.FAILED
        assert stage.err.getvalue() == "The hub was stopped.\n"
        assert ("connection_lost" in stage.out.getvalue()) is as_json


def test_a_wrong_clock_is_a_notice() -> None:
    """It is no result."""
    stage = Stage()
    stage.receive([ClockDiffered(3600)])
    assert "60 minutes ahead" in stage.err.getvalue()
    assert stage.out.getvalue() == ""


@pytest.mark.parametrize(("typed", "accepted"), [("y", True), ("n", False)])
def test_an_offered_file_is_asked_about(typed: str, accepted: bool) -> None:
    """The question stands on standard error; the answer decides."""
    stage = Stage(asks=True)
    stage.receive([OFFER])
    assert stage.err.getvalue().endswith("Keep it? [y/N/a = always from now on] ")
    assert stage.client.decisions == []
    stage.receive([Answer(typed)])
    assert stage.client.decisions == [(7, accepted)]
    assert stage.listening.exit_code is None


def test_other_things_are_told_while_a_question_is_open() -> None:
    """Nothing waits for the answer; the question is shown again below what came."""
    stage = Stage(asks=True)
    stage.receive([OFFER, TEXT])
    assert stage.out.getvalue().endswith("Bob (2): Hi.\n")
    assert stage.err.getvalue().count("Keep it?") == 2


def test_a_question_goes_with_its_file() -> None:
    """A file that failed meanwhile is not asked about any longer."""
    stage = Stage(asks=True)
    stage.receive([OFFER, FileNotSaved(7, 2, "Bob", "a.txt", "He left."), TEXT])
    stage.receive([Answer("y")])
    assert stage.client.decisions == []
    assert stage.err.getvalue().endswith("\n")


def test_who_left_is_asked_about_again() -> None:
    """Always is for one person, not for whoever gets his id."""
    stage = Stage(asks=True)
    stage.receive([OFFER, Answer("a"), SAVED, PersonLeft(Person(2, "Bob"))])
    stage.receive([FileOffered(8, 2, "Eve", "b.txt", "b.txt", 5)])
    assert stage.client.decisions == [(7, True)]


def test_the_end_of_the_keyboard_declines() -> None:
    """What waits and what comes."""
    stage = Stage(asks=True)
    stage.receive([OFFER, AnswersEnded(), FileOffered(8, 2, "Bob", "b.txt", "b.txt", 5)])
    assert stage.client.decisions == [(7, False), (8, False)]
    assert "files are declined from now on" in stage.err.getvalue()


def test_without_questions_the_client_decides_by_its_rule() -> None:
    """Neither asked about nor answered."""
    stage = Stage()
    stage.receive([OFFER, Answer("y"), AnswersEnded()])
    assert stage.client.decisions == []
    assert stage.err.getvalue() == ""


def progress(done: int) -> FileProgressed:
    """So many bytes of Bob's large file are here."""
    return FileProgressed(7, Direction.INCOMING, 2, "a.txt", done, SMALLEST_SHOWN)


def test_progress_is_told_of_files_that_are_kept() -> None:
    """Not while it is undecided, not of what is sent; often enough and no more."""
    stage = Stage(asks=True, as_json=True)
    stage.receive([OFFER, progress(1)])
    stage.receive([Answer("y"), progress(2), progress(3), FileProgressed(9, Direction.OUTGOING, 2, "c", 1, 2)])
    objects = [json.loads(line) for line in stage.out.getvalue().splitlines()]
    assert [item["done"] for item in objects if item["event"] == "progress"] == [2]
    assert objects[-1]["peer"] == "Bob"


def test_known_are_those_who_have_proved_a_key() -> None:
    """Whoever else sends a file is not taken for somebody that is known."""
    assert not is_from_known(OFFER)
    assert is_from_known(replace(OFFER, sender_key=bytes(32)))
