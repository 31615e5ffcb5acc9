"""One batch's row and details: how far it is, what can be asked for it, what went wrong."""

from pathlib import PurePath
from typing import Any

import pytest

from commonlib.transfer.messages import Outcome, Place, Totals
from tcpipclient.core.batch_events import (
    BatchChanged,
    BatchEnded,
    BatchOffered,
    BatchProblem,
    BatchProgressed,
    BatchState,
    WayKind,
)
from tcpipclient.core.events import Direction
from tcpipclient.gui.presenter_batch import Batch, shown_totals
from tcpipclient.gui.shown import FileItem, TransferAction, TransferShown
from tcpipclient.gui.shown_files import DetailsShown

IN, OUT = Direction.INCOMING, Direction.OUTGOING
ACT = TransferAction


def batch(direction: Direction = OUT, *names: str, **fields: Any) -> Batch:
    """Something that goes to Ann, or comes from her."""
    found = Batch(1, direction, 5, "Ann (2)", names or ("Photos",), 10_000)
    for name, value in {"number": 7, "state": BatchState.RUNNING, **fields}.items():
        setattr(found, name, value)
    return found


def test_a_batch_that_runs_says_all_there_is() -> None:
    """Amount, files, speed, time left, and the way in use."""
    running = batch(OUT, "Photos", "a.txt")
    running.changed(BatchChanged(7, OUT, 2, BatchState.RUNNING, WayKind.DIRECT))
    running.progressed(BatchProgressed(7, OUT, 2, 2_500, 10_000, 3, 12, "Photos/b.jpg", 500.0, 15.0))
    row = running.row()
    assert (row.arrow, row.name, row.peer, row.state) == ("↑", "Photos and 1 more", "to Ann (2)", TransferShown.SENDING)
    assert (row.percent, row.amount, row.count) == (25, "2.5 kB of 10.0 kB", "3 of 12 files")
    assert (row.speed, row.left, row.way, row.detail) == ("500 bytes/s", "15 s left", "direct", "")
    assert row.actions == (ACT.PAUSE, ACT.CANCEL)
    assert row.more == (ACT.ADD, ACT.DETAILS)
    assert ("Now", "Photos/b.jpg") in running.details().facts


@pytest.mark.parametrize(
    ("state", "ours", "for_us"),
    [
        (BatchState.WAITING, TransferShown.WAITING, TransferShown.WAITING),
        (BatchState.OFFERED, TransferShown.OFFERED, TransferShown.OFFERED),
        (BatchState.CONNECTING, TransferShown.CONNECTING, TransferShown.CONNECTING),
        (BatchState.RUNNING, TransferShown.SENDING, TransferShown.RECEIVING),
        (BatchState.PAUSED, TransferShown.PAUSED, TransferShown.PAUSED),
        (BatchState.VERIFIED, TransferShown.FINISHING, TransferShown.FINISHING),
        (BatchState.SAVED, TransferShown.SENT, TransferShown.SAVED),
        (BatchState.FAILED, TransferShown.FAILED, TransferShown.FAILED),
        (BatchState.DECLINED, TransferShown.DECLINED, TransferShown.DECLINED),
        (BatchState.CANCELLED, TransferShown.CANCELLED, TransferShown.CANCELLED),
    ],
)
def test_every_state_has_its_word(state: BatchState, ours: TransferShown, for_us: TransferShown) -> None:
    """At both ends."""
    assert (batch(OUT, state=state).row().state, batch(IN, state=state).row().state) == (ours, for_us)


def test_whom_one_connects_to_is_not_from_whom() -> None:
    """The words beside the state fit it."""
    assert batch(IN, state=BatchState.CONNECTING).row().peer == "to Ann (2)"
    assert batch(IN).row().peer == "from Ann (2)"


@pytest.mark.parametrize(
    ("fields", "actions"),
    [
        ({"state": BatchState.WAITING, "place": 1, "waiting_count": 3}, (ACT.DOWN, ACT.CANCEL)),
        ({"state": BatchState.WAITING, "place": 2, "waiting_count": 3}, (ACT.UP, ACT.DOWN, ACT.CANCEL)),
        ({"state": BatchState.WAITING, "place": 3, "waiting_count": 3}, (ACT.UP, ACT.CANCEL)),
        ({"state": BatchState.WAITING}, (ACT.CANCEL,)),
        ({"state": BatchState.OFFERED}, (ACT.CANCEL,)),
        ({"state": BatchState.CONNECTING}, (ACT.PAUSE, ACT.CANCEL)),
        ({"state": BatchState.PAUSED}, (ACT.PAUSE, ACT.CANCEL)),
        ({"state": BatchState.PAUSED, "paused_here": True}, (ACT.RESUME, ACT.CANCEL)),
        ({"state": BatchState.VERIFIED}, (ACT.CANCEL,)),
        ({"cancelling": True}, ()),
        ({"state": BatchState.SAVED}, (ACT.CLEAR,)),
        ({"state": BatchState.FAILED}, (ACT.RETRY, ACT.CLEAR)),
    ],
)
def test_what_can_be_asked_of_ours(fields: dict[str, Any], actions: tuple[TransferAction, ...]) -> None:
    """In each state; a place in the queue can be changed where there is another."""
    assert batch(OUT, **fields).actions() == actions


@pytest.mark.parametrize(
    ("fields", "actions"),
    [
        ({"state": BatchState.SAVED}, (ACT.CLEAR,)),
        ({"state": BatchState.FAILED, "paths": (PurePath("/d/a"),)}, (ACT.OPEN_FOLDER, ACT.CLEAR)),
        (
            {"state": BatchState.SAVED, "paths": (PurePath("/d/a"),), "files": 1},
            (ACT.OPEN_FILE, ACT.OPEN_FOLDER, ACT.CLEAR),
        ),
        ({"state": BatchState.SAVED, "paths": (PurePath("/d/a"),), "files": 2}, (ACT.OPEN_FOLDER, ACT.CLEAR)),
    ],
)
def test_what_can_be_asked_of_what_has_come(fields: dict[str, Any], actions: tuple[TransferAction, ...]) -> None:
    """A single file can be opened; of nothing there is nothing to open."""
    assert batch(IN, **fields).actions() == actions


def test_the_menu_has_the_rest() -> None:
    """More files while it takes them; pause and cancel where an answer is asked for meanwhile."""
    offered = BatchOffered(7, 1, 2, "Ann", b"k" * 32, Totals(files=1), ())
    assert batch(OUT, number=0).more() == (ACT.DETAILS,)
    assert batch(OUT, paths=(PurePath("/d/a"),)).more() == (ACT.ADD, ACT.DETAILS, ACT.OPEN_FOLDER)
    assert batch(OUT, state=BatchState.SAVED).more() == (ACT.DETAILS, ACT.OPEN_FOLDER)
    assert batch(IN, state=BatchState.SAVED).more() == (ACT.DETAILS,)
    assert batch(IN, offered=offered).actions() == (ACT.REVIEW, ACT.DECLINE)
    assert batch(IN, offered=offered).more() == (ACT.DETAILS, ACT.PAUSE, ACT.CANCEL)
    paused = batch(IN, offered=offered, state=BatchState.PAUSED, paused_here=True)
    assert paused.more() == (ACT.DETAILS, ACT.RESUME, ACT.CANCEL)
    assert batch(IN, offered=offered, state=BatchState.OFFERED).more() == (ACT.DETAILS,)


def test_who_has_paused_it_is_said() -> None:
    """And which number in the queue it has, and that it is being stopped."""
    assert batch(state=BatchState.PAUSED).row().detail == "Ann (2) has paused it."
    assert batch(state=BatchState.PAUSED, paused_here=True).row().detail == "You have paused it."
    assert batch(state=BatchState.WAITING, place=2).row().detail == "Number 2 in the queue."
    assert batch(state=BatchState.WAITING).row().detail == ""
    assert batch(cancelling=True).row().detail == "Stopping…"


def test_what_stands_still_shows_no_speed() -> None:
    """It would be that of before."""
    moving = batch()
    moving.progressed(BatchProgressed(7, OUT, 2, 2_500, 10_000, 0, 12, "x", 500.0, 15.0))
    assert moving.row().count == "12 files"
    moving.changed(BatchChanged(7, OUT, 2, BatchState.WAITING, detail="Ann has left."))
    row = moving.row()
    assert (row.speed, row.left, row.detail) == ("", "", "Ann has left.")
    nameless = batch()
    nameless.names = ()
    assert nameless.row().name == "files"


def test_what_is_saved_is_whole() -> None:
    """An empty one, too; of the receiver's it is known where it is."""
    coming = batch(IN)
    coming.end(BatchEnded(7, IN, 2, "Ann", BatchState.SAVED, saved=1, paths=(PurePath("/d/Photos"),), seconds=61.0))
    row = coming.row()
    assert (row.percent, row.amount, row.actions) == (100, "10.0 kB", (ACT.OPEN_FOLDER, ACT.CLEAR))
    assert coming.details() == DetailsShown(
        coming.key,
        "Photos",
        (
            ("State", "Saved from Ann (2)"),
            ("Amount", "10.0 kB"),
            ("Ended", "1 saved"),
            ("Took", "1 min"),
            ("Where", str(PurePath("/d"))),
        ),
        "",
        (),
    )
    empty = batch(size=0)
    assert empty.row().percent == 0
    empty.end(BatchEnded(7, OUT, 2, "Ann", BatchState.SAVED))
    assert empty.row().percent == 100


def test_problems_are_told_one_by_one() -> None:
    """With the place where each came up; paths are made fit to be shown."""
    problems = (
        BatchProblem("a\n/b", Outcome.FAILED, Place.SENDER, "it may not be read"),
        BatchProblem("c", Outcome.FAILED, Place.NOWHERE, "nobody knows"),
        BatchProblem("d", Outcome.SKIPPED, Place.NOWHERE, "one of the name is there"),
        BatchProblem("e", Outcome.VERIFIED, Place.NOWHERE, "odd"),
    )
    failed = batch()
    reason = "2 of 9 files failed: see Details."
    failed.end(
        BatchEnded(7, OUT, 2, "Ann", BatchState.FAILED, saved=7, skipped=1, failed=2, problems=problems, reason=reason)
    )
    shown = failed.details()
    assert ("Ended", "7 saved, 1 skipped, 2 failed") in shown.facts
    assert ("Note", reason) in shown.facts
    assert shown.heading == "Not simply saved:"
    assert shown.items == (
        FileItem("a\\n/b", "at the sender: it may not be read"),
        FileItem("c", "nobody knows"),
        FileItem("d", "skipped: one of the name is there"),
        FileItem("e", "not known: odd"),
    )


@pytest.mark.parametrize(
    ("totals", "words"),
    [
        (Totals(files=1, size=5), "1 file (5 bytes)"),
        (Totals(files=12, folders=2, size=4200), "12 files in 2 folders (4.2 kB)"),
        (Totals(files=1, links=3), "1 file and 3 links (0 bytes)"),
        (Totals(links=1, folders=1), "1 link in 1 folder (0 bytes)"),
        (Totals(folders=2), "2 folders, empty"),
    ],
)
def test_an_offer_is_told_in_few_words(totals: Totals, words: str) -> None:
    """Of files and links those that there are."""
    assert shown_totals(totals) == words
