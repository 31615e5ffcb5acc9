"""What a listening command does with offers and what follows them: what it tells, asks, keeps and shows."""

import io
import json
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest

from commonlib.conflict import Conflict
from commonlib.transfer.messages import EntryKind, Totals
from tcpipclient.api import Client
from tcpipclient.cli_acceptance import Rule
from tcpipclient.cli_arguments import AcceptRule
from tcpipclient.cli_arrivals import Arrivals
from tcpipclient.cli_inbox import Answer, AnswersEnded, Item
from tcpipclient.cli_output import Output
from tcpipclient.cli_progress import SMALLEST_SHOWN, Bars
from tcpipclient.cli_questions import Questions
from tcpipclient.core.batch_events import (
    BatchChanged,
    BatchEnded,
    BatchOffered,
    BatchProgressed,
    BatchState,
    OfferedEntry,
    WayKind,
)
from tcpipclient.core.events import (
    Direction,
    FileNotSaved,
    FileOffered,
    FileProgressed,
    FileSaved,
    Person,
    PersonLeft,
    TextArrived,
)

TEXT = TextArrived(2, "Bob", "Hi.", (0, 0))
OFFER = FileOffered(7, 2, "Bob", "a.txt", "a.txt", 5)
SAVED = FileSaved(7, 2, "Bob", "a.txt", 5, PurePosixPath("/d/a.txt"))
PHOTOS = OfferedEntry(EntryKind.FOLDER, "photos", "photos", 5000)
BATCH = BatchOffered(7, 0, 2, "Bob", bytes(32), Totals(files=3, folders=1, size=5000), (PHOTOS,), room=10_000)
CONFLICTING = replace(BATCH, top=(replace(PHOTOS, is_there=True),))
RUNNING = BatchChanged(7, Direction.INCOMING, 2, BatchState.RUNNING, WayKind.DIRECT)
BATCH_SAVED = BatchEnded(
    7, Direction.INCOMING, 2, "Bob", BatchState.SAVED, saved=4, size=5000, paths=(PurePosixPath("/d/photos"),)
)
ASK = Rule(AcceptRule.ASK)


class DecidingClient(Client):
    """A client without a hub that notes what becomes of offers: of batches with the conflict, or why they were not."""

    def __init__(self) -> None:
        super().__init__("nowhere")
        self.decisions: list[tuple[int, object]] = []
        self.port = 0

    @property
    def listening_port(self) -> int:
        return self.port

    def accept_file(self, transfer: int) -> None:
        self.decisions.append((transfer, True))

    def decline_file(self, transfer: int) -> None:
        self.decisions.append((transfer, False))

    def accept_batch(
        self,
        transfer: int,
        *,
        conflict: Conflict | None = None,
        links: bool | None = None,
        folder: Path | None = None,
        offer: int | None = None,
    ) -> None:
        assert (links, folder, offer) == (None, None, 0)
        self.decisions.append((transfer, conflict))

    def decline_batch(self, transfer: int, why: str = "", *, offer: int | None = None) -> None:
        assert offer == 0
        self.decisions.append((transfer, f"no: {why}"))


class Screen(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


class Stage:
    """A listening command with everything around it in memory; asked about is what the rule says."""

    def __init__(
        self, rule: Rule | None = None, *, nobody: bool = False, conflicts: bool = False, as_json: bool = False
    ) -> None:
        self.client = DecidingClient()
        self.out, self.err = io.StringIO(), io.StringIO()
        output = Output(as_json, self.out, self.err)
        questions = Questions(nobody_answers=nobody or rule is None, about_conflicts=conflicts)
        self.arrivals = Arrivals(self.client, output, Bars(output), questions, rule)

    def receive(self, *items: Item) -> None:
        for item in items:
            self.arrivals.receive(item, 0.0)
            self.arrivals.ask()

    @property
    def objects(self) -> list[dict[str, object]]:
        """What a script has been told."""
        return [json.loads(line) for line in self.out.getvalue().splitlines()]


@pytest.mark.parametrize(("typed", "accepted"), [("y", True), ("n", False)])
def test_an_offered_file_is_asked_about(typed: str, accepted: bool) -> None:
    """The question stands on standard error; the answer decides."""
    stage = Stage(ASK)
    stage.receive(OFFER)
    assert stage.err.getvalue().endswith("Keep it? [y/N/a = always from now on] ")
    assert stage.client.decisions == []
    stage.receive(Answer(typed))
    assert stage.client.decisions == [(7, accepted)]


@pytest.mark.parametrize(("typed", "decision"), [("y", None), ("n", "no: ")])
def test_an_offered_batch_is_laid_out_and_asked_about(typed: str, decision: str | None) -> None:
    """Once, above the question, and not a second time as a result."""
    stage = Stage(ASK)
    stage.receive(BATCH, TEXT)
    assert stage.out.getvalue() == "Bob (2): Hi.\n"
    assert (
        stage.err.getvalue().count("offers 3 files in 1 folder, 5.0 kB; 10.0 kB are free:\n  photos/ (5.0 kB)\n") == 1
    )
    assert stage.err.getvalue().endswith("Keep them all? [y/N/a = always from now on] ")
    stage.receive(Answer(typed))
    assert stage.client.decisions == [(7, decision)]


def test_names_that_are_there_are_asked_about_where_the_user_wants_that() -> None:
    """For what a rule takes, too; the answer goes to the client."""
    stage = Stage(Rule(AcceptRule.ALL), conflicts=True)
    stage.receive(replace(BATCH, transfer=6), CONFLICTING)
    assert stage.client.decisions == [(6, None)]
    assert "photos is there already: r keeps both" in stage.err.getvalue()
    stage.receive(Answer("what?"))
    assert stage.err.getvalue().count("[R/s/p/n]") == 2
    stage.receive(Answer("n"))
    assert stage.client.decisions == [(6, None), (7, Conflict.NEWEST)]


def test_what_is_too_large_to_be_taken_unasked_is_declined_where_nobody_can_be_asked() -> None:
    """And its sender is told why."""
    stage = Stage(Rule(AcceptRule.ALL, 4999), nobody=True)
    stage.receive(BATCH, replace(BATCH, transfer=8, totals=Totals(files=1, size=4999)))
    ((number, declined), kept) = stage.client.decisions
    assert (number, kept) == (7, (8, None))
    assert "larger than what is taken here without asking" in str(declined)
    assert stage.out.getvalue().startswith("Bob (2) offers photos (3 files in 1 folder, 5.0 kB).\n")


def test_what_the_rule_does_not_take_is_declined() -> None:
    """Without a question."""
    stage = Stage(Rule(AcceptRule.KNOWN, 10_000))
    stage.receive(OFFER, BATCH)
    assert stage.client.decisions == [(7, False), (7, None)]
    assert "Keep" not in stage.err.getvalue()


def test_other_things_are_told_while_a_question_is_open() -> None:
    """Nothing waits for the answer; the question is shown again below what came."""
    stage = Stage(ASK)
    stage.receive(OFFER, TEXT)
    assert stage.out.getvalue().endswith("Bob (2): Hi.\n")
    assert stage.err.getvalue().count("Keep it?") == 2


def test_a_question_goes_with_its_offer() -> None:
    """What failed meanwhile is not asked about any longer."""
    for offer, end in (
        (OFFER, FileNotSaved(7, 2, "Bob", "a.txt", "He left.")),
        (BATCH, replace(BATCH_SAVED, state=BatchState.CANCELLED, reason="He left.")),
    ):
        stage = Stage(ASK)
        stage.receive(offer, end, TEXT)
        stage.receive(Answer("y"))
        assert stage.client.decisions == []
        assert stage.err.getvalue().endswith("\n")
        assert stage.err.getvalue().count("Keep") == 1
        assert "He left." in stage.out.getvalue()


def test_who_left_is_asked_about_again() -> None:
    """Always is for one person, not for whoever gets his id."""
    stage = Stage(ASK)
    stage.receive(OFFER, Answer("a"), SAVED, PersonLeft(Person(2, "Bob")))
    stage.receive(FileOffered(8, 2, "Eve", "b.txt", "b.txt", 5))
    assert stage.client.decisions == [(7, True)]


def test_the_end_of_the_keyboard_declines() -> None:
    """What waits and what comes."""
    stage = Stage(ASK)
    stage.receive(OFFER, AnswersEnded(), FileOffered(8, 2, "Bob", "b.txt", "b.txt", 5))
    assert stage.client.decisions == [(7, False), (8, False)]
    assert "files are declined from now on" in stage.err.getvalue()


def test_without_a_rule_the_client_decides() -> None:
    """Neither asked about nor answered; all of it is told."""
    stage = Stage()
    stage.receive(OFFER, BATCH)
    assert stage.client.decisions == []
    assert stage.err.getvalue() == ""
    assert len(stage.out.getvalue().splitlines()) == 2


def progress(done: int) -> FileProgressed:
    """So many bytes of Bob's large file are here."""
    return FileProgressed(7, Direction.INCOMING, 2, "a.txt", done, SMALLEST_SHOWN)


def test_progress_is_told_of_files_that_are_kept() -> None:
    """Not while it is undecided, not of what is sent; often enough and no more."""
    stage = Stage(ASK, as_json=True)
    stage.receive(OFFER, progress(1))
    stage.receive(Answer("y"), progress(2), progress(3), FileProgressed(9, Direction.OUTGOING, 2, "c", 1, 2))
    told = [item for item in stage.objects if item["event"] == "progress"]
    assert [item["done"] for item in told] == [2]
    assert told[0]["peer"] == "Bob"


def test_a_batch_is_told_from_its_offer_to_its_end() -> None:
    """Once it is taken; and nothing of what we send."""
    stage = Stage(as_json=True)
    progressed = BatchProgressed(7, Direction.INCOMING, 2, 1, 5000, 0, 3)
    ours = BatchEnded(9, Direction.OUTGOING, 2, "Bob", BatchState.SAVED)
    stage.receive(BATCH, RUNNING, progressed, progressed, ours, BATCH_SAVED, RUNNING)
    assert [item["event"] for item in stage.objects] == [
        "batch_offered",
        "batch_state",
        "batch_progress",
        "batch_ended",
    ]
    assert {item.get("peer", "Bob") for item in stage.objects} == {"Bob"}


def test_it_is_said_once_that_others_can_connect_now() -> None:
    """With the port, for the firewall, as soon as the client listens."""
    stage = Stage()
    stage.receive(BATCH)
    assert "firewall" not in stage.out.getvalue()
    stage.client.port = 9998
    stage.receive(RUNNING, RUNNING)
    assert stage.out.getvalue().count("at TCP port 9998: where the firewall asks, allow that.") == 1
    script = Stage(as_json=True)
    script.client.port = 9998
    script.receive(BATCH, RUNNING, RUNNING)
    assert [it for it in script.objects if it["event"] == "listening"] == [{"event": "listening", "port": 9998}]
    assert script.err.getvalue() == ""


def test_a_batch_that_runs_is_carried_without_the_hub() -> None:
    """Until it is over."""
    stage = Stage()
    stage.receive(BATCH)
    assert not stage.arrivals.are_carried
    stage.receive(RUNNING)
    assert stage.arrivals.are_carried
    stage.receive(BATCH_SAVED)
    assert not stage.arrivals.are_carried


def test_a_batch_has_a_bar_after_a_while_and_none_under_a_question(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is there in no time needs none."""
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    err = Screen()
    output = Output(False, io.StringIO(), err)
    with Bars(output) as bars:
        arrivals = Arrivals(DecidingClient(), output, bars, Questions(), Rule(AcceptRule.ASK))
        arrivals.receive(BATCH, 0.0)
        arrivals.receive(Answer("y"), 0.0)
        arrivals.ask()
        arrivals.receive(RUNNING, 0.0)
        arrivals.draw(0.0)
        assert "photos from Bob (2)" not in err.getvalue()
        arrivals.receive(replace(BATCH, transfer=8), 0.0)
        arrivals.ask()
        arrivals.draw(1.0)
        assert "photos from Bob (2)" not in err.getvalue()
        arrivals.receive(Answer("n"), 1.0)
        arrivals.ask()
        arrivals.draw(1.0)
        bars.hide()
    assert "photos from Bob (2)" in err.getvalue()
