"""The question before files for us are accepted: what, from whom, where to, what is there already."""

from dataclasses import replace

import pytest

from commonlib.conflict import Conflict
from commonlib.transfer.messages import EntryKind, Totals
from tcpipclient.core.batch_events import BatchOffered, OfferedEntry
from tcpipclient.gui.model import FolderLooked, Keeping
from tcpipclient.gui.presenter_accepting import CHOICES, LISTENING
from tcpipclient.gui.presenter_always import ALWAYS_KEY_NOTE
from tcpipclient.gui.settings import Settings
from tcpipclient.gui.shown import FileItem, TransferAction
from tcpipclient.gui.shown_files import AcceptQuestion, OfferAnswer, Verdict
from tests.support.client_window import HUB_KEY, KEYED_BOB, ClientWindow

FILE, FOLDER, LINK = EntryKind.FILE, EntryKind.FOLDER, EntryKind.LINK


@pytest.fixture
def window() -> ClientWindow:
    """Connected; the user has never accepted anything."""
    return ClientWindow(Settings(downloads="/mine")).connect(KEYED_BOB, hub_key=HUB_KEY)


def offered(window: ClientWindow, *top: OfferedEntry, totals: Totals, **more: object) -> AcceptQuestion:
    """Bob offers this, and it is looked at; returns the question."""
    event = BatchOffered(60, 0, 3, "Bob", bytes([4]) * 32, totals, top)
    window.arrive(replace(event, **more))  # type: ignore[arg-type]
    window.actions.transfer_action(1, TransferAction.REVIEW, window.now)
    return asked(window)


def asked(window: ClientWindow) -> AcceptQuestion:
    """The question as it is now."""
    assert window.view.accept_question is not None
    return window.view.accept_question


def test_everything_that_matters_is_told(window: ClientWindow) -> None:
    """Who, exactly what, how much; names are safe, and what was changed about them is said."""
    question = offered(
        window,
        OfferedEntry(FILE, "a_b.txt", "a\n/b.txt", 1500),
        OfferedEntry(FOLDER, "Photos", "Photos", 4000, is_there=True),
        OfferedEntry(LINK, "link", "link", 0),
        totals=Totals(files=12, folders=2, links=1, size=5500),
        others=3,
        room=10**9,
    )
    assert question.heading == "Bob (3) sends you: 12 files and 1 link in 2 folders (5.5 kB)"
    assert question.lock.startswith("Encrypted to the hub. Key code ")
    assert question.items == (
        FileItem("a_b.txt", '1.5 kB, sent as "a\\n/b.txt"'),
        FileItem("Photos", "folder, 4.0 kB, there already"),
        FileItem("link", "link"),
    )
    assert question.more_items == "and 3 more"
    assert (question.folder, question.room, question.is_room_short) == ("", "1.0 GB free there.", False)
    assert question.conflicts == CHOICES
    assert question.conflict_note.startswith("1 of these is there already.")
    assert question.links == "Make 1 link, too, where they stay inside of what comes"
    assert (question.listening, question.always) == (LISTENING, ALWAYS_KEY_NOTE)
    assert window.model.of("look_at_folder") == [(60, "/mine", ("a_b.txt", "Photos", "link"))]


def test_one_new_file_asks_for_little(window: ClientWindow) -> None:
    """Nothing can be in its way; nobody can tell how much room there is."""
    question = offered(window, OfferedEntry(FILE, "a", "a", 5), totals=Totals(files=1, size=5))
    assert (question.conflicts, question.conflict_note, question.links, question.room) == ((), "", "", "")


def test_a_folder_may_hold_what_is_there(window: ClientWindow) -> None:
    """Nobody has compared what is in it yet."""
    question = offered(window, OfferedEntry(FOLDER, "a", "a", 5), totals=Totals(files=1, folders=1, size=5))
    assert question.conflict_note == "Where a file of the name is there already:"


def test_too_little_room_is_said(window: ClientWindow) -> None:
    """In both numbers."""
    question = offered(window, OfferedEntry(FILE, "a", "a", 5000), totals=Totals(files=1, size=5000), room=400)
    assert question.is_room_short
    assert question.room == "Only 400 bytes free there: too little for 5.0 kB."


def test_another_folder_is_looked_at(window: ClientWindow) -> None:
    """What is there, and how much room; it counts for the answer."""
    entries = [OfferedEntry(FILE, name, name, 5) for name in ("a", "b", "c")]
    offered(window, *entries, totals=Totals(files=3, size=15))
    for _ in range(2):
        window.receive(FolderLooked(60, "/mine", 400, frozenset()))
    assert (asked(window).folder, asked(window).conflicts) == ("/mine", ())
    window.actions.offer_folder_chosen(1, "/else")
    window.actions.offer_folder_chosen(1, "")
    window.actions.offer_folder_chosen(2, "/nowhere")
    assert [call[1] for call in window.model.of("look_at_folder")] == ["/mine", "/else"]
    window.receive(FolderLooked(60, "/else", 10, frozenset({"a", "b"})))
    question = asked(window)
    assert (question.folder, question.is_room_short) == ("/else", True)
    assert question.conflict_note.startswith("2 of these are there already.")
    assert question.items[0] == FileItem("a", "5 bytes, there already")
    window.receive(FolderLooked(61, "/another", 10, frozenset()))
    assert asked(window).folder == "/else"
    window.actions.offer_answered(1, OfferAnswer(Verdict.ACCEPT, Conflict.NEWEST, links=True, listening=False))
    assert window.model.of("accept_batch") == [(60, Keeping(Conflict.NEWEST, True, "/else", False))]
    window.receive(FolderLooked(60, "/late", 10, frozenset()))
    assert window.view.accept_question is None


def test_who_was_told_is_not_told_again() -> None:
    """And an addition is called one."""
    window = ClientWindow(Settings(listening=False)).connect(KEYED_BOB, hub_key=HUB_KEY)
    question = offered(window, OfferedEntry(FILE, "a", "a", 5), totals=Totals(files=1, size=5), offer=1)
    assert question.listening == ""
    assert question.heading == "Bob (3) adds to what you receive: 1 file (5 bytes)"
    assert window.view.offer is not None
    assert window.view.offer.text == 'Bob (3) adds "a": 1 file (5 bytes).'
