"""People with keys in the client's window: known again by key, told apart by key, trusted with files by key."""

from commonlib.identity import short_key_code
from tcpipclient.core.events import Person, PersonJoined, PersonLeft, TextArrived
from tcpipclient.gui.presenter_conversations import NAMESAKE
from tcpipclient.gui.shown import PersonColumn, TransferAction
from tcpipclient.gui.shown_hub import Lock
from tests.support.client_window import ANNS_KEY, BOBS_KEY, HUB_KEY, OTHER_HUB_KEY, ClientWindow

ANN = Person(2, "Ann", "desk", "10.0.0.2", key=ANNS_KEY)
BOB = Person(3, "Bob", "lap", "10.0.0.3", key=BOBS_KEY)
CLASSIC_ANN = Person(4, "Ann", "desk", "10.0.0.4")


def note(window: ClientWindow) -> str:
    """Below the title of the open conversation."""
    assert window.view.conversation is not None
    return window.view.conversation.note


def test_a_key_continues_its_conversation_under_any_name() -> None:
    """From another computer, with another id, after a reconnect; a note says that the key is the same."""
    window = ClientWindow().connect(ANN, BOB, hub_key=HUB_KEY)
    window.hear(ANN, "hello")
    window.select("Ann")
    window.connect_again(Person(20, "Anna", "tablet", key=ANNS_KEY), hub_key=HUB_KEY)
    assert window.view.conversation is not None
    assert window.view.conversation.title == "Anna (20)"
    assert window.view.messages[-1].text == "Anna (20) is back: the same key as Ann (2) had before."
    window.say("again")
    assert window.model.of("send_text")[-1][2] == (20,)


def test_a_name_without_the_key_continues_nothing() -> None:
    """Neither one without any key, nor one with another."""
    window = ClientWindow().connect(ANN, hub_key=HUB_KEY)
    window.hear(ANN, "hello")
    window.arrive(PersonLeft(ANN), PersonJoined(CLASSIC_ANN), PersonJoined(Person(9, "Ann", "desk", key=BOBS_KEY)))
    assert [row.is_here for row in window.view.people] == [True, True, False]
    assert [row.unread for row in window.view.people] == [0, 0, 1]


def test_a_key_means_nothing_on_another_hub() -> None:
    """Each hub proves keys for itself alone: another one could say whatever it likes."""
    window = ClientWindow().connect(ANN, hub_key=HUB_KEY)
    window.hear(ANN, "hello")
    window.connect_again(ANN, hub_key=OTHER_HUB_KEY)
    assert sorted(row.is_here for row in window.view.people) == [False, True]


def test_a_second_session_is_shown_as_such() -> None:
    """Two rows of one key, each with its number, and no namesakes of each other."""
    second = Person(5, "Ann", "lap", key=ANNS_KEY, session=2)
    window = ClientWindow().connect(ANN, second, hub_key=HUB_KEY)
    digits = short_key_code(ANNS_KEY)
    assert [row.cells[7] for row in window.view.people] == [digits, f"{digits} #2"]
    window.actions.people_selected([window.view.people[0].key])
    assert NAMESAKE not in note(window)


def test_two_of_one_name_are_told_apart() -> None:
    """By their keys in the list, by a sentence in the conversation; one without a key is named as such."""
    window = ClientWindow().connect(ANN, CLASSIC_ANN, BOB, hub_key=HUB_KEY)
    assert [(row.cells[7], row.lock) for row in window.view.people] == [
        (short_key_code(ANNS_KEY), Lock.CLOSED),
        ("not encrypted", Lock.OPEN),
        (short_key_code(BOBS_KEY), Lock.CLOSED),
    ]
    window.actions.people_selected([window.view.people[1].key])
    assert note(window).endswith(NAMESAKE)
    assert "Not encrypted." in note(window)
    window.select("Bob")
    assert "Encrypted to the hub. Key code" in note(window)
    assert NAMESAKE not in note(window)


def test_keys_are_sorted_and_searched_by_their_digits() -> None:
    """Those without one stand together."""
    window = ClientWindow().connect(ANN, CLASSIC_ANN, BOB, hub_key=HUB_KEY)
    window.actions.heading_clicked(PersonColumn.KEY)
    cells = [row.cells[7] for row in window.view.people]
    assert cells == ["not encrypted", *sorted([short_key_code(ANNS_KEY), short_key_code(BOBS_KEY)])]
    window.actions.search_typed(short_key_code(BOBS_KEY))
    assert window.view.names == ["Bob"]


def test_always_holds_for_the_key_and_no_longer_for_a_name() -> None:
    """After a reconnect the same key is not asked about; the same name with another key is."""
    window = ClientWindow().connect(ANN, hub_key=HUB_KEY)
    window.offer(ANN, 1)
    window.actions.transfer_action(next(iter(window.view.transfers)), TransferAction.ALWAYS, window.now)
    back = Person(30, "Anna", "tablet", key=ANNS_KEY)
    window.connect_again(back, Person(31, "Ann", "desk", key=BOBS_KEY), hub_key=HUB_KEY)
    window.offer(back, 2)
    window.offer(Person(31, "Ann"), 3)
    assert window.model.of("accept_file") == [(1,), (2,)]
    assert window.view.offer is not None


def test_a_voice_from_nowhere_has_no_key() -> None:
    """Nothing is known of one who is in no roster."""
    window = ClientWindow().connect(hub_key=HUB_KEY)
    window.arrive(TextArrived(77, "Ann", "boo", (0, 0)))
    assert window.view.people[0].cells[7] == "not encrypted"
