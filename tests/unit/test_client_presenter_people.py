"""The people list as the window shows it: order, search, selection, unread, and who is who after a reconnect."""

import random

import pytest

from tcpipclient.core.events import Person, PersonChanged, PersonJoined, PersonLeft, Registered, TextArrived
from tcpipclient.gui.presenter_connection import PAUSES
from tcpipclient.gui.presenter_departed import MOST_GONE
from tcpipclient.gui.shown import PersonColumn
from tests.support.client_window import ANN, BOB, EVE, ClientWindow


def test_somebody_is_shown_with_all_that_is_known() -> None:
    """Name, computer, address, id, no ping before the hub tells it, presence, unread, and that there is no key."""
    window = ClientWindow().connect(Person(7, "Zoë\n", "desk\x1b", "10.0.0.7", status=4))
    (row,) = window.view.people
    assert row.cells == ("Zoë\\n", "desk\\x1b", "10.0.0.7", "7", "–", "status 4", "", "not encrypted")
    assert row.is_here
    window.arrive(PersonJoined(ANN))
    assert window.view.person("Ann").cells[5] == "since 03:32"


def test_the_same_name_twice_is_told_apart_by_the_id() -> None:
    """Two rows, each with its id; a conversation's title has it too."""
    window = ClientWindow().connect(Person(2, "Ann"), Person(3, "Ann"))
    assert [row.cells[3] for row in window.view.people] == ["2", "3"]
    window.actions.people_selected([row.key for row in window.view.people])
    assert window.view.conversation is not None
    assert window.view.conversation.title == "Ann (2), Ann (3)"


def test_who_comes_changes_and_goes_stays_in_order() -> None:
    """Each event touches one row, at its place."""
    window = ClientWindow().connect(EVE, ANN)
    assert window.view.names == ["Ann", "Eve"]
    window.arrive(PersonJoined(BOB))
    assert window.view.names == ["Ann", "Bob", "Eve"]
    renamed = Person(2, "Zoe", "desk")
    window.arrive(PersonChanged(renamed, ANN), PersonChanged(Person(99, "X"), Person(99, "Y")))
    assert window.view.names == ["Bob", "Eve", "Zoe"]
    window.arrive(PersonLeft(EVE), PersonLeft(Person(99, "X")))
    assert window.view.names == ["Bob", "Zoe"]
    assert window.view.put_people == 2


@pytest.mark.parametrize("column", list(PersonColumn))
@pytest.mark.parametrize("descending", [False, True])
def test_rows_put_one_by_one_stand_where_sorting_puts_them(column: PersonColumn, descending: bool) -> None:
    """Whatever the column and the direction, and whatever happened to them: as if all were shown anew."""
    chance = random.Random(5)
    window = ClientWindow().connect()
    window.actions.heading_clicked(column)
    if column is not PersonColumn.NAME:
        assert window.view.sorting == (column, False)
    if descending is (window.view.sorting == (column, False)):
        window.actions.heading_clicked(column)
    there: dict[int, Person] = {}
    for number in range(2, 60):
        name = chance.choice("abcdefgh")
        there[number] = Person(number, name, chance.choice("xyz"), f"10.0.0.{number % 5}")
        window.arrive(PersonJoined(there[number]))
        heard = there[chance.choice(list(there))]
        window.arrive(TextArrived(heard.id, heard.name, "hi", (0, 0)))
        if number % 4 == 0:
            window.arrive(PersonLeft(there.pop(chance.choice(list(there)))))
    one_by_one = [row.key for row in window.view.people]
    window.actions.search_typed("")
    assert [row.key for row in window.view.people] == one_by_one
    here = [row.is_here for row in window.view.people]
    assert here == sorted(here, reverse=True)
    assert not all(here)


def test_sorting_by_a_column_goes_both_ways() -> None:
    """A second click turns it round; numbers are sorted as numbers."""
    window = ClientWindow().connect(Person(10, "a"), Person(9, "b"), Person(100, "c"))
    window.actions.heading_clicked(PersonColumn.ID)
    assert [row.cells[3] for row in window.view.people] == ["9", "10", "100"]
    window.actions.heading_clicked(PersonColumn.ID)
    assert [row.cells[3] for row in window.view.people] == ["100", "10", "9"]
    assert window.view.sorting == (PersonColumn.ID, True)


@pytest.mark.parametrize("search", ["ANN", "des", "0.0.2", "2"])
def test_the_search_looks_at_name_computer_address_and_id(search: str) -> None:
    """Without regard to case; the note says how many are hidden."""
    window = ClientWindow().connect(ANN, BOB, EVE)
    window.actions.search_typed(search)
    assert window.view.names == ["Ann"]
    assert window.view.people_note == "1 of 3 shown: clear the search to see everybody."
    window.actions.search_typed(" ")
    assert window.view.names == ["Ann", "Bob", "Eve"]


def test_a_search_hides_newcomers_and_keeps_the_selected() -> None:
    """Whoever is selected stays in sight until he is not selected any more."""
    window = ClientWindow().connect(ANN)
    window.select("Ann")
    window.actions.search_typed("bob")
    window.arrive(PersonJoined(EVE), PersonJoined(BOB))
    assert window.view.names == ["Ann", "Bob"]
    window.arrive(PersonChanged(Person(3, "Rob"), BOB))
    assert window.view.names == ["Ann"]
    window.arrive(PersonChanged(Person(4, "Bobby"), EVE))
    window.select("Bobby")
    assert window.view.names == ["Bobby"]
    window.arrive(PersonLeft(Person(3, "Rob")))
    assert window.view.names == ["Bobby"]


def test_select_all_takes_those_on_show_who_are_here() -> None:
    """Not who is hidden by the search, nor who has left."""
    window = ClientWindow().connect(ANN, BOB, EVE)
    window.hear(BOB, "hi")
    window.arrive(PersonLeft(BOB))
    window.actions.all_people_clicked()
    assert window.view.selected == (window.view.person("Ann").key, window.view.person("Eve").key)
    assert window.view.conversation is not None
    assert window.view.conversation.title == "Ann (2), Eve (4)"
    window.actions.search_typed("hidden")
    window.actions.people_selected([])
    assert window.view.names == []
    window.actions.all_people_clicked()
    assert window.view.selected == ()


def test_unread_messages_are_counted_until_they_are_looked_at() -> None:
    """In the row, bold or not, of whoever spoke."""
    window = ClientWindow().connect(ANN, BOB)
    window.hear(ANN, "one")
    window.hear(ANN, "two")
    assert (window.view.person("Ann").unread, window.view.person("Ann").cells[6]) == (2, "2")
    assert window.view.person("Bob").unread == 0
    window.select("Ann")
    assert (window.view.person("Ann").unread, window.view.person("Ann").cells[6]) == (0, "")
    window.hear(ANN, "three")
    assert window.view.person("Ann").unread == 0


def test_a_note_says_what_to_do_while_nobody_is_there() -> None:
    """Not connected, alone, one, several."""
    window = ClientWindow()
    assert window.view.people_note.startswith("Not connected: ")
    window.connect()
    assert window.view.people_note.startswith("Nobody else is here yet.")
    window.arrive(PersonJoined(ANN))
    assert window.view.people_note == "1 other here"
    window.arrive(PersonJoined(BOB))
    assert window.view.people_note == "2 here"
    window.arrive(PersonLeft(BOB), PersonLeft(ANN))
    assert window.view.people_note.startswith("Nobody else is here yet.")


def test_who_left_stays_only_for_his_conversation() -> None:
    """Pale, behind those who are here, with the time."""
    window = ClientWindow().connect(ANN, BOB, EVE)
    window.hear(ANN, "bye")
    window.arrive(PersonLeft(ANN), PersonLeft(BOB))
    assert window.view.names == ["Eve", "Ann"]
    row = window.view.person("Ann")
    assert not row.is_here
    assert row.cells[5] == "left 03:32"


def test_after_a_reconnect_the_same_name_and_computer_continue_the_conversation() -> None:
    """With the new id, and a note that says what was compared; other computers are other people."""
    window = ClientWindow().connect(ANN, BOB)
    window.select("Ann")
    window.say("are you there?")
    key = window.view.person("Ann").key
    window.lose()
    assert window.view.names == ["Ann"]
    window.tick(PAUSES[0])
    window.arrive(Registered(9, (0, 1, 0), (Person(20, "Ann", "desk"), Person(21, "Bob", "other"))))
    assert window.view.names == ["Ann", "Bob"]
    row = window.view.person("Ann")
    assert (row.key, row.cells[3], row.is_here) == (key, "20", True)
    assert window.view.conversation is not None
    assert window.view.conversation.title == "Ann (20)"
    note = window.view.messages[-1]
    assert "Ann (20) came." in note.text
    assert "with the id 2" in note.text
    window.say("again")
    assert window.model.of("send_text")[-1][2] == (20,)


def test_somebody_of_another_computer_is_another_person() -> None:
    """His row and his conversation are new."""
    window = ClientWindow().connect(ANN)
    window.hear(ANN, "hello")
    window.arrive(PersonLeft(ANN), PersonJoined(Person(8, "Ann", "elsewhere")))
    assert [row.is_here for row in window.view.people] == [True, False]
    assert window.view.people[0].unread == 0


def test_a_voice_from_nowhere_gets_a_row_of_somebody_who_left() -> None:
    """An id that is in no roster; two texts of it are one row."""
    window = ClientWindow().connect()
    window.arrive(TextArrived(77, "", "boo", (0, 0)), TextArrived(77, "", "again", (0, 0)))
    (row,) = window.view.people
    assert (row.cells[3], row.is_here, row.unread) == ("77", False, 2)


def test_only_so_many_who_left_are_kept() -> None:
    """The one who left first is forgotten first, but never one who is selected."""
    window = ClientWindow().connect(ANN)
    window.hear(ANN, "I stay selected")
    window.select("Ann")
    window.arrive(PersonLeft(ANN))
    for number in range(10, 10 + MOST_GONE + 5):
        person = Person(number, f"P{number}")
        window.arrive(PersonJoined(person), TextArrived(number, person.name, "hi", (0, 0)), PersonLeft(person))
    assert len(window.view.people) == MOST_GONE
    assert "Ann" in window.view.names
    assert "P10" not in window.view.names
    assert f"P{10 + MOST_GONE + 4}" in window.view.names


def test_all_who_left_may_be_selected() -> None:
    """Then there are more rows than are kept otherwise, and none is forgotten."""
    crowd = [Person(number, f"P{number}") for number in range(2, MOST_GONE + 10)]
    window = ClientWindow().connect(*crowd)
    window.actions.all_people_clicked()
    window.lose()
    assert len(window.view.people) == len(crowd)


def test_two_who_left_under_one_name_are_forgotten_one_by_one() -> None:
    """The newer one is found again although the older one is forgotten."""
    window = ClientWindow().connect()
    for number in (2, 3):
        twin = Person(number, "Ann", "desk")
        window.arrive(PersonJoined(twin), TextArrived(number, "Ann", "hi", (0, 0)))
    window.arrive(PersonLeft(Person(2, "Ann", "desk")), PersonLeft(Person(3, "Ann", "desk")))
    for number in range(10, 10 + MOST_GONE - 1):
        person = Person(number, f"P{number}")
        window.arrive(PersonJoined(person), TextArrived(number, person.name, "hi", (0, 0)), PersonLeft(person))
    assert [row.cells[3] for row in window.view.people if row.cells[0] == "Ann"] == ["3"]
    window.arrive(PersonJoined(Person(50_000, "Ann", "desk")))
    assert [row.cells[3] for row in window.view.people if row.cells[0] == "Ann"] == ["50000"]


def test_an_unknown_row_is_nobody() -> None:
    """A key that was never given, or is forgotten, selects nothing."""
    window = ClientWindow().connect(ANN)
    window.actions.people_selected([999])
    assert window.view.conversation is not None
    assert window.view.conversation.title == ""
