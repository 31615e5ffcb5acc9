"""The menu on the messages: what it copies, and when it offers what."""

import tkinter as tk

from tcpipclient.gui.shown import Link
from tcpipclient.gui.window_message_menu import COPY, COPY_LINK, COPY_MESSAGE, SELECT_ALL
from tests.support.client_windows import ShownWindow, conversation, message

URL = "https://a.example"


def offered(shown: ShownWindow) -> set[str]:
    """The entries that can be chosen."""
    menu = shown.window.conversation.messages.menu.menu
    labels = [index for index in range(int(menu.index("end") or 0) + 1) if menu.type(index) == "command"]
    return {str(menu.entrycget(index, "label")) for index in labels if menu.entrycget(index, "state") == "normal"}


def choose(shown: ShownWindow, label: str) -> str:
    """Choose an entry; returns what is in the clipboard then."""
    shown.window.conversation.messages.menu.menu.invoke(label)
    return str(shown.window.clipboard_get())


def text_with_two(shown: ShownWindow) -> tk.Text:
    """A message of two lines, and one that is a link."""
    rows = message(1, "first line\nsecond line"), message(2, URL, links=(Link(0, len(URL), URL),))
    shown.window.show_conversation(conversation(*rows))
    text = shown.window.conversation.messages.text
    shown.until(lambda: URL in text.get("1.0", "end"))
    return text


def test_a_message_is_copied_whole_wherever_it_was_clicked(client_window: ShownWindow) -> None:
    """On its head or on any of its lines; a link is offered where there is one."""
    text = text_with_two(client_window)
    menu = client_window.window.conversation.messages.menu
    for words in ("Ann (3)", "first line", "second line"):
        menu.fit(text.search(words, "1.0"))
        assert offered(client_window) == {COPY_MESSAGE, SELECT_ALL}
        assert choose(client_window, COPY_MESSAGE) == "first line\nsecond line"
    menu.fit(text.search(URL, "1.0"))
    assert offered(client_window) == {COPY_MESSAGE, COPY_LINK, SELECT_ALL}
    assert choose(client_window, COPY_LINK) == URL


def test_what_is_selected_is_copied(client_window: ShownWindow) -> None:
    """A part, or everything."""
    text = text_with_two(client_window)
    menu = client_window.window.conversation.messages.menu
    begin = text.search("second", "1.0")
    text.tag_add("sel", begin, f"{begin}+6c")
    menu.fit(begin)
    assert COPY in offered(client_window)
    assert choose(client_window, COPY) == "second"
    menu.menu.invoke(SELECT_ALL)
    assert choose(client_window, COPY).startswith("Ann (3)")


def test_without_messages_nothing_is_offered(client_window: ShownWindow) -> None:
    """An empty conversation has nothing to copy."""
    client_window.window.show_conversation(conversation(note="Nothing was said yet."))
    client_window.until(lambda: "Nothing was said yet." in client_window.texts())
    client_window.window.conversation.messages.menu.fit("1.0")
    assert offered(client_window) == set()


def test_the_right_button_and_a_key_open_it(client_window: ShownWindow) -> None:
    """At the pointer, and at the keyboard's place."""
    text = text_with_two(client_window)
    menu = client_window.window.conversation.messages.menu.menu
    for event in ("<Button-3>", "<Shift-F10>"):
        text.focus_force()
        client_window.window.update()
        text.event_generate(event, x=30, y=30)
        client_window.until(lambda: bool(menu.winfo_ismapped()))
        menu.unpost()
        client_window.until(lambda: not menu.winfo_ismapped())
