"""Files for the user are accepted on a card that tells everything and hides no button."""

from dataclasses import replace

import pytest

from commonlib.conflict import Conflict
from tcpipclient.gui.shown import FileItem, LeaveQuestion
from tcpipclient.gui.shown_files import AcceptQuestion, Choice, OfferAnswer, Verdict
from tcpipclient.gui.window_accept import FOLDER, LATER, LISTEN
from tests.support.client_windows import ShownWindow

LONG = "W" * 120
QUESTION = AcceptQuestion(
    key=5,
    heading=f"{LONG} sends you: 64 files (4.2 GB)",
    lock="Encrypted to the hub.",
    items=tuple(FileItem(f"{LONG}{number}", "3 kB") for number in range(64)),
    more_items="and 9 more",
    folder="/home/ann/" + LONG,
    room="1.0 GB free there.",
    is_room_short=False,
    conflicts=(Choice(Conflict.RENAME, "Keep both"), Choice(Conflict.NEWEST, "Keep the newer")),
    conflict_note="2 of these are there already:",
    links="Make 3 links, too",
    listening="Let this computer listen. " * 12,
    always="Always holds.",
)
SHORT = replace(QUESTION, conflicts=(), conflict_note="", links="", listening="", more_items="", items=())


def answers(window: ShownWindow) -> list[OfferAnswer]:
    """What was answered so far, always to the question that was open."""
    told = window.told.of("offer_answered")
    assert all(key == 5 for key, _ in told)
    return [answer for _, answer in told]


@pytest.mark.parametrize("size", ["600x440", "800x600"])
def test_no_name_hides_a_button(client_window: ShownWindow, size: str) -> None:
    """What is said scrolls; all answers lie within the window."""
    window = client_window.window
    window.geometry(size)
    client_window.until(lambda: f"{window.winfo_width()}x{window.winfo_height()}" == size)
    window.ask_accept(QUESTION)
    for label in ("Accept", "Always from this person", "Decline", LATER):
        button = client_window.button(label)
        assert button.winfo_rooty() + button.winfo_height() <= window.winfo_rooty() + window.winfo_height()
        assert button.winfo_rootx() + button.winfo_width() <= window.winfo_rootx() + window.winfo_width()
        assert button.winfo_rootx() >= window.winfo_rootx()


def test_everything_that_is_asked_can_be_answered(client_window: ShownWindow) -> None:
    """What was chosen stays when the question is shown anew, and goes with the answer."""
    window = client_window.window
    window.ask_accept(QUESTION)
    card = client_window.accept_card()
    for label in (QUESTION.links, LISTEN):
        card.switch(label).invoke()
    card.choices.current(1)
    window.ask_accept(replace(QUESTION, room="Only 4 bytes free there.", is_room_short=True))
    client_window.until(lambda: "Only 4 bytes free there." in client_window.texts())
    client_window.button("Accept").invoke()
    assert answers(client_window) == [OfferAnswer(Verdict.ACCEPT, Conflict.NEWEST, links=True, listening=False)]


def test_what_is_not_asked_has_its_usual_answer(client_window: ShownWindow) -> None:
    """Enter accepts, for that button has the keyboard."""
    window = client_window.window
    window.ask_accept(SHORT)
    client_window.press(client_window.button("Accept"), "<Return>")
    assert answers(client_window) == [OfferAnswer(Verdict.ACCEPT)]
    assert LISTEN not in client_window.texts()


def test_escape_leaves_the_offer_waiting(client_window: ShownWindow) -> None:
    """So does the button; the presenter closes the card."""
    window = client_window.window
    window.ask_accept(QUESTION)
    client_window.press(client_window.button("Decline"), "<Escape>")
    client_window.button(LATER).invoke()
    client_window.button("Decline").invoke()
    client_window.button("Always from this person").invoke()
    given = [answer.verdict for answer in answers(client_window)]
    assert given == [Verdict.LATER, Verdict.LATER, Verdict.DECLINE, Verdict.ALWAYS]
    window.close_accept(4)
    assert window.questions.is_open
    window.close_accept(5)
    assert not window.questions.is_open


def test_where_there_is_too_little_room_enter_does_not_accept(client_window: ShownWindow) -> None:
    """The harmless button has the keyboard."""
    window = client_window.window
    window.focus_force()
    window.ask_accept(replace(SHORT, is_room_short=True))
    later = client_window.button(LATER)
    client_window.until(lambda: window.focus_get() is later)


def test_what_has_the_keyboard_is_in_sight(client_window: ShownWindow) -> None:
    """Tab leads through all of it, out of the list, too."""
    window = client_window.window
    window.geometry("600x440")
    client_window.until(lambda: window.winfo_width() == 600)
    window.ask_accept(QUESTION)
    card = client_window.accept_card()
    for widget in (card.switch(LISTEN), client_window.button(FOLDER)):
        widget.focus_force()
        client_window.until(lambda widget=widget: card.shows(widget))  # type: ignore[misc]
    card.files.focus_force()
    client_window.press(card.files, "<Tab>")
    client_window.until(lambda: window.focus_get() is client_window.button(FOLDER))


def test_a_question_that_another_one_covers_is_put_off(client_window: ShownWindow) -> None:
    """What is told of its folder afterwards harms nothing, and it can be asked again from its row."""
    window = client_window.window
    window.ask_accept(QUESTION)
    window.ask_leave(LeaveQuestion("Leave?", "One file is on its way.", "Stay", "Leave"))
    window.ask_accept(replace(QUESTION, room="12 GB free there."))
    client_window.until(lambda: answers(client_window) == [OfferAnswer(Verdict.LATER, listening=True)])
    window.close_accept(QUESTION.key)
    client_window.button("Stay").invoke()
    assert not window.questions.is_open
    window.ask_accept(QUESTION)
    client_window.button("Accept").invoke()
    assert answers(client_window)[-1].verdict is Verdict.ACCEPT


def test_an_offer_that_is_withdrawn_is_not_put_off(client_window: ShownWindow) -> None:
    """Nor is one whose place another offer has taken: who asks knows of both."""
    window = client_window.window
    window.ask_accept(replace(QUESTION, key=4))
    window.ask_accept(QUESTION)
    window.close_accept(QUESTION.key)
    window.ask_leave(LeaveQuestion("Leave?", "One file is on its way.", "Stay", "Leave"))
    window.update()
    assert answers(client_window) == []
