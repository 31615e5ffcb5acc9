"""Drops: what is asked before anything is sent, and what then happens."""

from pathlib import PurePath

import pytest

from tcpipclient.core.events import Person, PersonLeft
from tcpipclient.gui.model import DroppedFile, DropRead, DropReading, RefusedItem
from tcpipclient.gui.presenter_drops import LARGE_DROP
from tcpipclient.gui.presenter_question import MOST_LISTED
from tcpipclient.gui.presenter_transfers import MOST_TRANSFERS
from tcpipclient.gui.shown import FileItem, SendQuestion
from tests.support.client_window import ANN, BOB, ClientWindow, files


@pytest.fixture
def window() -> ClientWindow:
    """Connected, with Ann selected."""
    window = ClientWindow().connect(ANN, BOB)
    window.select("Ann")
    return window


def complaint(window: ClientWindow) -> str:
    """The banner's sentence."""
    assert window.view.banner is not None
    return window.view.banner.text


def test_exactly_what_goes_to_whom_is_asked_first(window: ClientWindow) -> None:
    """Names and sizes, and what is refused with its reason; nothing is sent before the yes."""
    number = window.drop(
        DroppedFile(PurePath("/home/me/a\nb.txt"), "a\nb.txt", 1500),
        DroppedFile(PurePath("/home/me/c"), "c", 500),
        refused=[RefusedItem("/home/me/folder", "folders cannot be sent yet")],
    )
    assert window.model.of("read_drop") == [(number, ("/home/me/a\nb.txt", "/home/me/c", "/home/me/folder"))]
    assert window.view.questions == [
        SendQuestion(
            number,
            "Send 2 files (2.0 kB) to Ann (2)?",
            ("Ann (2)",),
            (FileItem("a\\nb.txt", "1.5 kB"), FileItem("c", "500 bytes")),
            "",
            (FileItem("/home/me/folder", "folders cannot be sent yet"),),
            "",
            "Send 2 files",
        )
    ]
    assert window.model.of("send_file") == []
    window.actions.send_answered(number + 1, yes=True)
    assert window.model.of("send_file") == []
    window.actions.send_answered(number, yes=True)
    window.actions.send_answered(number, yes=True)
    assert [call[1:] for call in window.model.of("send_file")] == [
        (PurePath("/home/me/a\nb.txt"), 2),
        (PurePath("/home/me/c"), 2),
    ]


def test_a_no_sends_nothing(window: ClientWindow) -> None:
    """And the next drop is asked about anew."""
    window.actions.send_answered(window.drop(*files(1)), yes=False)
    assert window.model.of("send_file") == []
    assert window.send_files(*files(1)) == [1]


def test_several_people_get_each_file(window: ClientWindow) -> None:
    """Their names are listed, the first of many."""
    window.select("Ann", "Bob")
    window.send_files(*files(2))
    assert window.view.questions[0].heading == "Send 2 files (2.0 kB) to each of 2 people?"
    assert window.view.questions[0].recipients == ("Ann (2)", "Bob (3)")
    assert [call[2] for call in window.model.of("send_file")] == [2, 2, 3, 3]
    crowd = ClientWindow().connect(*(Person(number, "P") for number in range(2, 30)))
    crowd.actions.all_people_clicked()
    crowd.drop(*files(1))
    assert crowd.view.questions[0].recipients[19:] == ("P (21)", "and 8 more")
    assert crowd.view.questions[0].button == "Send 1 file"


def test_of_a_large_drop_the_first_are_listed(window: ClientWindow) -> None:
    """The rest is counted, on both lists; while it is read, that is said."""
    many = files(10_000)
    odd = [RefusedItem("/very/long/" + "x" * 200 + f"/{number}", "no") for number in range(MOST_LISTED + 5)]
    window.actions.files_dropped([str(file.path) for file in many])
    assert window.view.drop_note == "Looking at 10,000 items…"
    (number, _) = window.model.of("read_drop")[0]
    window.receive(DropReading(number, 500, 10_000), DropReading(number + 1, 700, 10_000))
    assert window.view.drop_note == "Looking at 10,000 items: 500 done…"
    window.receive(DropRead(number, tuple(many[:9000]), tuple(odd)), DropRead(number + 1, (), ()))
    assert window.view.drop_note == ""
    (question,) = window.view.questions
    assert len(question.items) == len(question.refused) == MOST_LISTED
    assert question.more_items == "and 8,800 more (8.8 MB)"
    assert question.more_refused == "and 5 more"
    assert question.refused[0].name.startswith("…")
    assert question.refused[0].name.endswith("x/0")


def test_a_small_drop_is_read_without_a_word(window: ClientWindow) -> None:
    """It takes no time."""
    window.actions.files_dropped(["/a"] * (LARGE_DROP - 1))
    assert window.view.drop_note == ""


def test_where_nothing_can_be_sent_the_question_only_tells(window: ClientWindow) -> None:
    """It has no button that sends, and a yes does nothing."""
    number = window.drop(refused=[RefusedItem("http://x", "an address")])
    (question,) = window.view.questions
    assert (question.heading, question.button) == ("Nothing of this can be sent.", "")
    window.actions.send_answered(number, yes=True)
    assert window.model.of("send_file") == []


def test_more_than_can_wait_is_refused_whole(window: ClientWindow) -> None:
    """Counted over all recipients."""
    window.select("Ann", "Bob")
    number = window.drop(*files(MOST_TRANSFERS // 2 + 1))
    (question,) = window.view.questions
    assert question.heading.startswith("10,002 files are more than can wait at a time: 10,000 can.")
    assert question.button == ""
    window.actions.send_answered(number, yes=True)
    assert window.model.of("send_file") == []


def test_files_may_be_dropped_on_a_row(window: ClientWindow) -> None:
    """Then they are for that person, whoever is selected."""
    window.actions.files_dropped(["/a"], onto=window.view.person("Bob").key)
    window.receive(DropRead(1, tuple(files(1)), ()))
    assert window.view.questions[0].recipients == ("Bob (3)",)


@pytest.mark.parametrize("selected", [None, "server", "gone"])
def test_somebody_must_be_chosen(window: ClientWindow, selected: str | None) -> None:
    """Nobody, the server and who has left get no files."""
    if selected is None:
        window.actions.people_selected([])
    elif selected == "server":
        window.actions.server_clicked()
    else:
        window.arrive(PersonLeft(ANN))
    window.actions.files_dropped(["/a"])
    assert complaint(window).startswith("Select who gets the files")
    assert window.model.of("read_drop") == []


def test_drops_need_a_connection_and_come_one_at_a_time(window: ClientWindow) -> None:
    """An empty one is none."""
    window.actions.files_dropped([])
    assert window.view.banner is None
    window.drop(*files(1))
    window.actions.files_dropped(["/b"])
    assert complaint(window).startswith("Answer the question")
    fresh = ClientWindow()
    fresh.actions.files_dropped(["/a"])
    assert complaint(fresh).startswith("Connect first")


def test_who_leaves_before_the_answer_gets_nothing(window: ClientWindow) -> None:
    """The others do, and it is said."""
    window.select("Ann", "Bob")
    number = window.drop(*files(1))
    window.arrive(PersonLeft(ANN))
    window.actions.send_answered(number, yes=True)
    assert [call[2] for call in window.model.of("send_file")] == [3]
    assert complaint(window) == "Not sent to Ann (2): no longer there."


def test_who_left_without_a_trace_is_somebody(window: ClientWindow) -> None:
    """Dropped on a row that is gone before the answer."""
    window.actions.files_dropped(["/a"], onto=window.view.person("Bob").key)
    window.receive(DropRead(1, tuple(files(1)), ()))
    window.arrive(PersonLeft(BOB))
    window.actions.send_answered(1, yes=True)
    assert complaint(window) == "Not sent to somebody: no longer there."


def test_the_end_of_the_connection_ends_the_reading(window: ClientWindow) -> None:
    """A question that is open stays; its yes tells that nobody is there."""
    window.actions.files_dropped(["/a"] * LARGE_DROP)
    window.lose()
    assert window.model.of("forget_drop") == [(1,)]
    assert window.view.drop_note == ""
    window.receive(DropRead(1, tuple(files(1)), ()))
    assert window.view.questions == []
    again = ClientWindow().connect(ANN)
    again.select("Ann")
    number = again.drop(*files(1))
    again.lose()
    again.actions.send_answered(number, yes=True)
    assert again.model.of("send_file") == []
    assert complaint(again) == "Not sent to Ann (2): no longer there."
