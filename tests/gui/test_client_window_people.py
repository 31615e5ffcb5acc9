"""The people list draws what it is told, and tells what is selected."""

from tcpipclient.gui.settings import Settings
from tcpipclient.gui.shown import PersonColumn
from tests.support.client_windows import ShownWindow, person


def names(shown: ShownWindow) -> list[str]:
    """From top to bottom."""
    tree = shown.window.people.tree
    return [str(tree.set(row, PersonColumn.NAME.value)) for row in tree.get_children()]


def test_rows_stand_in_the_order_given(client_window: ShownWindow) -> None:
    """Also when they come again in another, with some gone and some new."""
    people = client_window.window.people
    people.show_people([person(key, f"P{key}") for key in range(500)])
    client_window.until(lambda: len(names(client_window)) == 500)
    wanted = [*range(499, 200, -1), 900, 3]
    people.show_people([person(key, f"P{key}") for key in wanted])
    client_window.until(lambda: names(client_window) == [f"P{key}" for key in wanted])


def test_a_changed_row_goes_to_its_place(client_window: ShownWindow) -> None:
    """With its new cells; a row that leaves is taken away."""
    people = client_window.window.people
    people.show_people([person(1, "Ann"), person(2, "Bob"), person(3, "Eve")])
    people.put_person(person(3, "Aaron", unread=2), 0)
    people.remove_person(2)
    client_window.until(lambda: names(client_window) == ["Aaron", "Ann"])
    assert "unread" in people.tree.item("3", "tags")


def test_a_selection_is_told_once(client_window: ShownWindow) -> None:
    """By click or keys; the presenter's own is shown and not told back."""
    people = client_window.window.people
    people.show_people([person(1, "Ann"), person(2, "Bob")])
    people.select_people([2])
    client_window.until(lambda: people.tree.selection() == ("2",))
    assert client_window.told.of("people_selected") == []
    people.tree.selection_set("1", "2")
    client_window.until(lambda: client_window.told.of("people_selected") == [((1, 2),)])


def test_search_headings_and_the_server_are_told(client_window: ShownWindow) -> None:
    """What is typed, the column, and the button."""
    people = client_window.window.people
    people.search.insert(0, "an")
    client_window.button("The server").invoke()
    client_window.button("Select all").invoke()
    client_window.until(lambda: client_window.told.of("all_people_clicked") == [()])
    assert client_window.told.of("search_typed")[-1] == ("an",)
    assert client_window.told.of("server_clicked") == [()]
    client_window.press(people.search, "<Escape>")
    assert client_window.told.of("search_typed")[-1] == ("",)


def test_unread_texts_of_the_server_stand_on_its_button(client_window: ShownWindow) -> None:
    """As many as there are."""
    client_window.window.people.show_server(4, is_open=False)
    assert client_window.button("The server (4 unread)")


def test_space_presses_a_button_that_has_the_keyboard(client_window: ShownWindow) -> None:
    """As everywhere; the toolkit alone would only take Enter."""
    client_window.press(client_window.window.people.select_all, "<space>")
    client_window.until(lambda: client_window.told.of("all_people_clicked") == [()])


def test_the_rows_that_can_be_seen_are_told(client_window: ShownWindow) -> None:
    """Those at the top, and after scrolling the others; none once the window is hidden."""
    people = client_window.window.people
    people.show_people([person(key, f"P{key:03}") for key in range(300)])
    client_window.until(lambda: len(names(client_window)) == 300)
    client_window.until(lambda: bool(people.in_sight()) and people.in_sight()[0] == 0)
    assert len(people.in_sight()) < 100
    people.tree.yview_moveto(1.0)
    client_window.until(lambda: people.in_sight()[-1] == 299)
    client_window.window.withdraw()
    client_window.until(lambda: people.in_sight() == ())


def test_what_matters_is_in_sight_with_large_text(client_window: ShownWindow) -> None:
    """Name, presence, ping and what is new, without moving the list sideways."""
    window = client_window.window
    window.show_settings(Settings(text_percent=170))
    window.geometry("1100x760")
    tree = window.people.tree
    client_window.until(lambda: window.winfo_width() == 1100 and tree.winfo_width() > 400)
    first = ("#0", "Name", "Presence", "Ping", "New")
    client_window.until(lambda: sum(tree.column(column, "width") for column in first) <= tree.winfo_width())
