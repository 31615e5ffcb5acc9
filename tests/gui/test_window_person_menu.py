"""The menu on somebody in the people list leads to his key code, by the pointer and by the keyboard."""

from typing import Any

from tcpipclient.gui.shown import PersonMenuShown
from tests.support.client_windows import ShownWindow, person


def test_the_menu_is_of_the_row_under_the_pointer(client_window: ShownWindow) -> None:
    """Which is selected, where it was not; beside the rows there is none."""
    window = client_window.window
    tree = window.people.tree
    menu: Any = window.people.menu.menu
    window.show_people([person(3, "Ann"), person(4, "Bob")])
    client_window.until(lambda: bool(tree.bbox("4")))
    x, y, _, height = tree.bbox("4")
    tree.event_generate("<Button-3>", x=x + 5, y=tree.winfo_height() - 3)
    assert tree.selection() == ()
    opened: list[tuple[int, int]] = []
    menu.tk_popup = lambda left, top: opened.append((left, top))
    for _ in range(2):
        tree.event_generate("<Button-3>", x=x + 5, y=y + height // 2, rootx=100, rooty=100)
        assert tree.selection() == ("4",)
    assert opened == [(100, 100)] * 2
    menu.invoke(0)
    assert client_window.told.of("person_key_clicked") == [(4,)]


def test_the_keyboard_opens_it_too(client_window: ShownWindow) -> None:
    """For the row that has it; without one nothing opens."""
    window = client_window.window
    tree, menu = window.people.tree, window.people.menu.menu
    client_window.press(tree, "<Shift-F10>")
    assert not menu.winfo_ismapped()
    window.show_people([person(3, "Ann")])
    client_window.until(lambda: bool(tree.bbox("3")))
    tree.focus("3")
    client_window.press(tree, "<Shift-F10>")
    client_window.until(lambda: bool(menu.winfo_ismapped()))
    menu.unpost()
    menu.invoke(0)
    assert client_window.told.of("person_key_clicked") == [(3,)]


def test_the_menu_says_whether_files_are_taken_without_asking(client_window: ShownWindow) -> None:
    """As the presenter has it when the menu opens; a click tells what is wanted now."""
    window = client_window.window
    menu: Any = window.people.menu.menu
    menu.tk_popup = lambda *_: None
    window.show_people([person(3, "Ann")])
    client_window.until(lambda: bool(window.people.tree.bbox("3")))
    window.people.tree.focus("3")
    client_window.press(window.people.tree, "<Shift-F10>")
    assert client_window.told.of("person_menu_opened") == [(3,)]
    window.show_person_menu(PersonMenuShown(takes_always=False, can_change=False))
    assert menu.entrycget(1, "state") == "disabled"
    window.show_person_menu(PersonMenuShown(takes_always=True, can_change=True))
    menu.invoke(1)
    window.show_person_menu(PersonMenuShown(takes_always=False, can_change=True))
    menu.invoke(1)
    assert client_window.told.of("always_chosen") == [(3, False), (3, True)]
