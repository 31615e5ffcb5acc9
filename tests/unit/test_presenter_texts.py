"""Texts to the server and the operator's answers: who reads them, and what is wrong with a text that cannot go."""

import pytest

from commonlib.exceptions import FieldError
from tcpipserver.gui.events import TextSaid
from tcpipserver.gui.presenter_texts import MOST_TEXTS, TEXTS_PER_TICK, TextsPresenter
from tcpipserver.hub.people import Credentials, Person
from tests.support.hubs import WALL
from tests.support.recording_server_view import RecordingHubControl, RecordingServerView

ANN = Person(1, "192.0.2.7", Credentials("Ann"))


class Texts:
    """The texts with their view; `here` is who is connected."""

    def __init__(self) -> None:
        self.view = RecordingServerView()
        self.control = RecordingHubControl()
        self.here = {1: "Ann (1)", 2: "Bob (2)"}
        self.presenter = TextsPresenter(self.view, self.control, self.here.get)
        self.presenter.opened()

    def hear(self, text: str = "hello", numbers: tuple[int, int] = (3, 4)) -> None:
        self.presenter.receive_text(TextSaid(WALL, ANN, text, numbers))

    def send(self, text: str = "hi", first: str = "0", second: str = "0") -> None:
        self.presenter.send_clicked(text, first, second, WALL)

    def settle(self) -> None:
        for _ in range(MOST_TEXTS // TEXTS_PER_TICK + 1):
            self.presenter.tick()


@pytest.fixture
def texts() -> Texts:
    return Texts()


def test_a_text_appears_with_its_sender_and_numbers(texts: Texts) -> None:
    """Whole lines stay lines; what could forge something does not pass."""
    texts.hear("one\ntwo\x1b[31m")
    texts.settle()
    (shown,) = texts.view.texts
    assert (shown.who, shown.numbers, shown.text, shown.is_ours) == ("Ann (1)", "3, 4", "one\ntwo\\x1b[31m", False)


def test_many_texts_come_in_batches_and_are_bounded(texts: Texts) -> None:
    """The newest stay; an answer to one that has gone from the list finds nobody."""
    for number in range(MOST_TEXTS + 1):
        texts.hear(str(number))
    texts.settle()
    assert texts.view.largest_batch == TEXTS_PER_TICK
    assert [texts.view.texts[0].text, texts.view.texts[-1].text] == ["1", str(MOST_TEXTS)]
    texts.presenter.text_chosen(1)
    assert texts.view.recipient == ("everybody", True)


def test_unread_texts_are_counted_until_they_are_looked_at(texts: Texts) -> None:
    """While the operator looks at them, nothing is unread."""
    texts.hear()
    texts.hear()
    texts.presenter.visibility_changed(True)
    texts.hear()
    texts.presenter.visibility_changed(False)
    texts.presenter.visibility_changed(True)
    assert texts.view.unread == [1, 2, 0]


def test_what_is_written_goes_to_everybody_unless_somebody_is_chosen(texts: Texts) -> None:
    """It appears among the texts, and the line is empty again."""
    assert texts.view.recipient == ("everybody", True)
    texts.send("hi all", "1", " -2 ")
    texts.settle()
    assert texts.control.orders == [("say", None, "hi all", (1, -2))]
    assert texts.view.entries_cleared == 1
    (shown,) = texts.view.texts
    assert (shown.who, shown.numbers, shown.is_ours) == ("You to everybody", "1, -2", True)


def test_choosing_a_text_answers_its_sender(texts: Texts) -> None:
    """Choosing one of our own changes nothing."""
    texts.hear()
    texts.settle()
    texts.presenter.text_chosen(texts.view.texts[0].key)
    assert texts.view.recipient == ("Ann (1)", False)
    texts.send("hi Ann", "", "")
    texts.settle()
    assert texts.control.orders == [("say", (1,), "hi Ann", (0, 0))]
    texts.presenter.everybody_clicked()
    texts.presenter.text_chosen(texts.view.texts[1].key)
    assert texts.view.recipient == ("everybody", True)


def test_the_client_list_may_choose_several(texts: Texts) -> None:
    """The texts come to the front; as long as one of them is here, it can be sent."""
    texts.presenter.write_to((1, 2), "2 clients")
    assert texts.view.texts_opened == 1
    assert texts.view.recipient == ("2 clients", False)
    del texts.here[1]
    texts.send()
    assert texts.control.orders == [("say", (1, 2), "hi", (0, 0))]
    del texts.here[2]
    texts.send()
    assert texts.view.problem == "2 clients left: choose somebody else, or everybody."


def test_nothing_goes_to_somebody_who_has_the_id_of_one_who_left(texts: Texts) -> None:
    """The window says Ann, so nobody else may read it."""
    texts.presenter.write_to((1,), "Ann (1)")
    texts.here[1] = "Eve (1)"
    texts.send("secret")
    assert texts.control.orders == []
    assert texts.view.problem == "Ann (1) left: choose somebody else, or everybody."
    assert texts.view.entries_cleared == 0


@pytest.mark.parametrize("text", ["", "  \t"])
def test_no_text_is_not_sent(texts: Texts, text: str) -> None:
    """A key pressed by mistake says nothing to anybody."""
    texts.send(text)
    assert texts.control.orders == []
    assert texts.view.problem.startswith("There is nothing to send yet")


@pytest.mark.parametrize("number", ["x", "1.5", "--1", "2147483648", "-2147483649", "9" * 5000, "٣"])
def test_a_number_that_does_not_fit_is_told(texts: Texts, number: str) -> None:
    """The wire has 32 bits for each."""
    texts.send("hi", "0", number)
    assert texts.control.orders == []
    assert texts.view.problem.startswith("The two numbers have to be whole numbers")


def test_the_largest_numbers_are_sent(texts: Texts) -> None:
    """The ends of the range belong to it."""
    texts.send("hi", "2147483647", "-2147483648")
    assert texts.control.orders == [("say", None, "hi", (2147483647, -2147483648))]


def test_a_refusal_is_shown_and_the_text_stays(texts: Texts) -> None:
    """The next one that goes takes the sentence away."""
    texts.control.refusal = FieldError("The text", "too long")
    texts.send()
    assert texts.view.problem == "The text does not fit into a packet: too long."
    assert texts.view.entries_cleared == 0
    texts.control.refusal = None
    texts.send()
    assert texts.view.problem == ""
