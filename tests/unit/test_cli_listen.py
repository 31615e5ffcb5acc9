"""Which rules a listening command gives its client, what it counts, and when it ends."""

import io
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

import pytest

from commonlib.conflict import Conflict
from commonlib.transfer.messages import EntryKind, Totals
from tcpipclient.api import Client
from tcpipclient.cli_acceptance import Rule, is_from_known
from tcpipclient.cli_arguments import AcceptRule, Access, Listen
from tcpipclient.cli_arrivals import Arrivals
from tcpipclient.cli_exit import ExitCode
from tcpipclient.cli_inbox import Item
from tcpipclient.cli_listen import Listening, plan_of
from tcpipclient.cli_output import Output
from tcpipclient.cli_progress import Bars
from tcpipclient.cli_questions import Questions
from tcpipclient.config import Accept
from tcpipclient.core.batch_events import BatchChanged, BatchEnded, BatchOffered, BatchState, OfferedEntry, WayKind
from tcpipclient.core.events import (
    ClockDiffered,
    ConnectionLost,
    Direction,
    FileNotSaved,
    FileOffered,
    FileSaved,
    Loss,
    Person,
    PersonLeft,
    TextArrived,
)

TEXT = TextArrived(2, "Bob", "Hi.", (0, 0))
OFFER = FileOffered(7, 2, "Bob", "a.txt", "a.txt", 5)
SAVED = FileSaved(7, 2, "Bob", "a.txt", 5, PurePosixPath("/d/a.txt"))
PHOTOS = OfferedEntry(EntryKind.FOLDER, "photos", "photos", 5000)
BATCH = BatchOffered(8, 0, 2, "Bob", bytes(32), Totals(files=3, folders=1, size=5000), (PHOTOS,))
LOST = ConnectionLost(Loss.HUB_EXITED, "The hub was stopped.")


def ended(state: BatchState, direction: Direction = Direction.INCOMING) -> BatchEnded:
    """The end of the batch."""
    return BatchEnded(8, direction, 2, "Bob", state, reason="" if state is BatchState.SAVED else "No.")


class Stage:
    """A listening command with everything around it in memory, whose client decides by itself."""

    def __init__(self, *, as_json: bool = False, count: int | None = None) -> None:
        self.out, self.err = io.StringIO(), io.StringIO()
        output = Output(as_json, self.out, self.err)
        arrivals = Arrivals(Client("nowhere"), output, Bars(output), Questions(nobody_answers=True))
        self.listening = Listening(output, arrivals, count)

    def receive(self, items: Iterable[Item]) -> None:
        for item in items:
            self.listening.receive(item)


def test_texts_saved_files_and_saved_batches_count_and_nothing_else() -> None:
    """With enough of them it is done; a batch is one, however much is in it."""
    stage = Stage(count=3)
    stage.receive([OFFER, PersonLeft(Person(3, "Cy")), FileNotSaved(6, 2, "Bob", "b.txt", "No."), TEXT, BATCH])
    stage.receive([ended(BatchState.FAILED), ended(BatchState.SAVED, Direction.OUTGOING), ended(BatchState.SAVED)])
    assert stage.listening.exit_code is None
    stage.receive([SAVED])
    assert stage.listening.exit_code is ExitCode.DONE
    assert stage.listening.arrived == 3


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
        stage.receive([LOST])
        assert stage.listening.exit_code is ExitCode.FAILED
        assert stage.err.getvalue() == "The hub was stopped.\n"
        assert ("connection_lost" in stage.out.getvalue()) is as_json


@pytest.mark.parametrize(
    "end",
    [ended(BatchState.SAVED), BatchChanged(8, Direction.INCOMING, 2, BatchState.CONNECTING)],
    ids=["saved", "cut"],
)
def test_without_the_hub_it_goes_on_until_no_batch_has_a_way(end: Item) -> None:
    """What goes from computer to computer does not need the hub; then the code is 1."""
    stage = Stage()
    stage.receive([BATCH, BatchChanged(8, Direction.INCOMING, 2, BatchState.RUNNING, WayKind.DIRECT), LOST])
    assert stage.listening.exit_code is None
    assert stage.err.getvalue().startswith("The hub was stopped. What has a way of its own goes on")
    stage.receive([end])
    assert stage.listening.exit_code is ExitCode.FAILED


def test_a_wrong_clock_is_a_notice() -> None:
    """It is no result."""
    stage = Stage()
    stage.receive([ClockDiffered(3600)])
    assert "60 minutes ahead" in stage.err.getvalue()
    assert stage.out.getvalue() == ""


def listen(accept: AcceptRule, conflict: Conflict | None = Conflict.RENAME, largest: int | None = None) -> Listen:
    """What was typed."""
    return Listen(Access("hub", 9999, "Bob", as_json=False, timeout=None), Path("d"), accept, conflict, None, largest)


@pytest.mark.parametrize("may_ask", [True, False])
def test_what_the_client_can_decide_is_left_to_it(may_ask: bool) -> None:
    """Before a byte is written, and without a question."""
    for rule, accept in (
        (AcceptRule.ALL, Accept.ALL),
        (AcceptRule.KNOWN, is_from_known),
        (AcceptRule.NONE, Accept.NONE),
    ):
        plan = plan_of(listen(rule), may_ask=may_ask)
        assert (plan.accept, plan.rule, plan.asks) == (accept, None, False)
        assert plan.questions().nobody_answers


def test_who_wants_to_be_asked_is_asked_where_he_can_be() -> None:
    """Without a terminal nothing is taken."""
    plan = plan_of(listen(AcceptRule.ASK), may_ask=True)
    assert (plan.accept, plan.rule, plan.asks) == (Accept.ASK, Rule(AcceptRule.ASK), True)
    assert plan_of(listen(AcceptRule.ASK, None, 5), may_ask=False).accept is Accept.NONE


def test_a_cap_is_kept_with_and_without_a_terminal() -> None:
    """What is larger is asked about, or declined."""
    rule = Rule(AcceptRule.KNOWN, 5)
    for may_ask in (True, False):
        plan = plan_of(listen(AcceptRule.KNOWN, largest=5), may_ask=may_ask)
        assert (plan.accept, plan.rule, plan.asks) == (Accept.ASK, rule, may_ask)


def test_names_that_are_there_are_asked_about_on_a_terminal_only() -> None:
    """Elsewhere the client keeps both; who takes nothing is asked nothing."""
    asking = plan_of(listen(AcceptRule.ALL, None), may_ask=True)
    assert (asking.rule, asking.asks, asking.asks_conflicts) == (Rule(AcceptRule.ALL), True, True)
    assert plan_of(listen(AcceptRule.ALL, None), may_ask=False).accept is Accept.ALL
    assert not plan_of(listen(AcceptRule.NONE, None), may_ask=True).asks
