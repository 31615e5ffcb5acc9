"""Which way files go: together to who takes batches, one by one to who does not."""

from pathlib import PurePath

import pytest

from tcpipclient.core.events import Person
from tcpipclient.gui.model import DropCounted, DroppedFile
from tcpipclient.gui.presenter_question import COUNTING
from tcpipclient.gui.shown import TransferAction
from tests.support.client_window import BOB, HUB_KEY, KEYED_ANN, ClientWindow, files

FOLDER = DroppedFile(PurePath("/home/me/Photos"), "Photos", 0, is_folder=True, only_in_batch="no folders")


@pytest.fixture
def window() -> ClientWindow:
    """Connected to a hub with Ann, who has a key, and Bob, who is on the classic wire; both are selected."""
    window = ClientWindow().connect(KEYED_ANN, BOB, hub_key=HUB_KEY)
    window.select("Ann", "Bob")
    return window


def test_each_gets_what_his_program_takes(window: ClientWindow) -> None:
    """Ann the folder with the files, Bob the files alone."""
    (file,) = files(1)
    window.actions.send_answered(window.drop(file, FOLDER), yes=True)
    assert [call[1:] for call in window.model.of("send_batch")] == [((file.path, FOLDER.path), 2, False)]
    assert [call[1:] for call in window.model.of("send_file")] == [(file.path, 3)]
    assert [shown.peer for shown in window.view.transfers.values()] == ["to Bob (3)", "to Ann (2)"]
    assert window.view.transfers_note == "1 running, 1 waiting"


def test_of_folders_alone_who_takes_none_gets_nothing(window: ClientWindow) -> None:
    """And it was said."""
    number = window.drop(FOLDER)
    assert window.view.questions[-1].refused[0].detail == "not to Bob (3): no folders"
    window.actions.send_answered(number, yes=True)
    assert window.model.of("send_file") == []
    assert len(window.model.of("send_batch")) == 1


def test_folders_are_counted_while_it_is_asked(window: ClientWindow) -> None:
    """The question is shown anew; who answers before stops the counting."""
    window.select("Ann")
    number = window.drop(FOLDER)
    assert window.view.questions[-1].note == COUNTING
    assert window.model.of("count_drop") == [(number, (FOLDER.path,))]
    window.receive(DropCounted(number, 3, 1, 0, 900, {"Photos": 900}), DropCounted(99, 5))
    assert window.view.questions[-1].heading == "Send 1 folder (900 bytes) to Ann (2)?"
    window.actions.send_answered(number, yes=True)
    assert window.view.transfers[1].amount == "900 bytes"
    window.actions.send_answered(window.drop(FOLDER), yes=True)
    assert window.model.of("forget_drop") == [(number + 1,)]
    assert len(window.model.of("send_batch")) == 2
    window.receive(DropCounted(number + 1, 3))


def test_folders_that_cannot_be_sent_are_not(window: ClientWindow) -> None:
    """A yes that comes nevertheless does nothing."""
    window.select("Ann")
    number = window.drop(FOLDER)
    window.receive(DropCounted(number, problem="Photos cannot be sent."))
    window.actions.send_answered(number, yes=True)
    assert window.model.of("send_batch") == []


def test_a_row_that_takes_nothing_says_so(window: ClientWindow) -> None:
    """A single file's, or one that is gone; nothing was dropped, nothing happens."""
    window.actions.files_dropped(["/a"], into=5)
    assert window.view.banner is not None
    assert window.view.banner.text.startswith("Nothing can be added to that.")
    window.actions.banner_closed()
    window.actions.files_dropped([], into=5)
    window.select("Ann")
    window.actions.files_dropped(["/a"])
    assert window.view.banner is None
    window.actions.files_dropped(["/a"], into=5)
    assert window.view.banner is not None


def test_leaving_says_what_begins_anew(window: ClientWindow) -> None:
    """Single files do; what goes in batches stays where it is."""
    window.select("Bob")
    window.send_files(*files(2))
    window.select("Ann")
    window.send_batch(*files(1))
    window.actions.close_clicked("1x1", maximised=False)
    assert window.view.leave_question is not None
    assert "2 single files among them would begin anew." in window.view.leave_question.text


def test_somebody_with_files_stays_in_the_list(window: ClientWindow) -> None:
    """As long as a row of the panel is about him."""
    window.select("Ann")
    key = window.send_batch(*files(1), transfer=7)
    window.actions.clear_transfers_clicked()
    window.lose()
    assert "Ann" in window.view.names
    window.actions.transfer_action(key, TransferAction.CANCEL, window.now)
    other = ClientWindow().connect(Person(5, "Cid"))
    other.actions.clear_transfers_clicked()
    other.lose()
    assert other.view.names == []
