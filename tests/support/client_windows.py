"""The client's window in the test's own process, with somebody in the presenter's place who notes what is told.

Owns the fixture `client_window` and values to show. An error in a callback of Tk fails the test.
Thread: pytest's main thread, which is Tk's.
"""

import tkinter as tk
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tcpipclient.gui.event_queue import EventQueue
from tcpipclient.gui.shown import (
    ConversationShown,
    Delivery,
    Link,
    MessageKind,
    MessageRow,
    PersonRow,
    TransferAction,
    TransferRow,
    TransferShown,
)
from tcpipclient.gui.shown_hub import Lock
from tcpipclient.gui.window import ClientWindow
from tcpipclient.gui.window_scrolled import ScrolledFrame
from tests.support.leaks import wait_until
from tests.support.virtual_screen import Screen

SECONDS = 20.0


class NotedActions:
    """Stands in for the presenter: keeps each call's name and arguments, and decides nothing."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []

    def __getattr__(self, name: str) -> Callable[..., None]:
        def note(*args: Any, **named: Any) -> None:
            self.calls.append((name, args, named))

        return note

    def of(self, name: str) -> list[tuple[Any, ...]]:
        """The arguments of all calls with this name; those given by name follow the others."""
        return [(*args, *named.values()) for called, args, named in self.calls if called == name]


class ShownWindow:
    """A window on the screen, what it told, and the pump that keeps it alive."""

    def __init__(self) -> None:
        self.told = NotedActions()
        self.events = EventQueue()
        told: Any = self.told
        self.window = ClientWindow(lambda _: told, self.events)
        self.errors: list[BaseException] = []
        window: Any = self.window
        window.report_callback_exception = lambda _, error, __: self.errors.append(error)
        self.window.begin()
        self.until(lambda: bool(self.window.winfo_viewable()))

    def until(self, condition: Callable[[], bool]) -> None:
        """Let the window live until this holds."""

        def lives_on() -> bool:
            self.window.update()
            return condition()

        assert wait_until(lives_on, SECONDS), "the window never came to show it"

    def press(self, widget: tk.Misc, keys: str) -> None:
        """Press a key in a widget, by Tk's name for it."""
        widget.focus_force()
        self.window.update()
        widget.event_generate(keys)
        self.window.update()

    def texts(self) -> list[str]:
        """What stands on all labels and buttons in sight."""
        return [str(widget.cget("text")) for widget in self.labels()]

    def labels(self) -> list[Any]:
        """All labels and buttons in sight."""
        return [widget for widget in _below(self.window) if _is_labelled(widget)]

    def switch(self, label: str) -> Any:
        """The switch with this label."""
        switches = (widget for widget in _below(self.window) if widget.winfo_class() == "TCheckbutton")
        (found,) = [switch for switch in switches if switch.cget("text") == label]
        return found

    def list_text(self) -> str:
        """What the list on the card says that is open."""
        card: Any = self.window.grab_current()  # type: ignore[no-untyped-call]
        (text,) = [widget for widget in _below(card) if widget.winfo_class() == "Text"]
        return str(text.get("1.0", "end-1c"))

    def accept_card(self) -> "ShownAcceptCard":
        """The card on which files are accepted."""
        self.window.update()
        return ShownAcceptCard(self.window)

    def button(self, label: str) -> Any:
        """The button with this label, as soon as it is in sight."""
        found: list[Any] = []

        def look() -> bool:
            found.extend(
                widget
                for widget in _below(self.window)
                if widget.winfo_class() == "TButton" and widget.winfo_viewable() and widget.cget("text") == label
            )
            return bool(found)

        self.until(look)
        return found[-1]


class ShownAcceptCard:
    """The card on which files are accepted, as it can be seen.

    Attributes:
        files: The list of names.
        choices: What may happen to what is there.
    """

    def __init__(self, window: tk.Misc) -> None:
        (self._body,) = [widget for widget in _below(window) if isinstance(widget, ScrolledFrame)]
        inside = list(_below(self._body))
        (self.files,) = [widget for widget in inside if widget.winfo_class() == "Text"]
        (self.choices,) = [widget for widget in inside if widget.winfo_class() == "TCombobox"]
        self._switches = [widget for widget in inside if widget.winfo_class() == "TCheckbutton"]

    def switch(self, label: str) -> Any:
        """The switch with this label."""
        (found,) = [switch for switch in self._switches if switch.cget("text") == label]
        return found

    def shows(self, widget: tk.Misc) -> bool:
        """Whether all of a widget is in sight."""
        top, bottom = self._body.winfo_rooty(), self._body.winfo_rooty() + self._body.winfo_height()
        return top <= widget.winfo_rooty() and widget.winfo_rooty() + widget.winfo_height() <= bottom


def _below(widget: tk.Misc) -> Iterator[Any]:
    for child in widget.winfo_children():
        yield child
        yield from _below(child)


def _is_labelled(widget: tk.Misc) -> bool:
    return widget.winfo_class() in {"TLabel", "TButton", "Label"} and bool(widget.winfo_viewable())


@pytest.fixture(scope="session")
def toolkit(session_screen: Screen) -> Iterator[None]:
    """Hold Tk's connection to the screen for all tests, so that none of them seems to leave it behind."""
    root = tk.Tk(screenName=session_screen.name)
    root.withdraw()
    root.after(1, root.quit)
    root.mainloop()
    forgotten: Any = tk
    forgotten._default_root = None
    yield
    root.destroy()


@pytest.fixture
def client_window(toolkit: None, screen: Screen) -> Iterator[ShownWindow]:
    """A window until the test ends; then no callback of it may have failed."""
    assert screen.name
    shown = ShownWindow()
    try:
        yield shown
        shown.window.update()
        assert shown.errors == []
    finally:
        shown.window.end()


def person(key: int, name: str, unread: int = 0, *, is_here: bool = True) -> PersonRow:
    """Somebody in the list."""
    cells = (name, "PC", "192.0.2.7", str(key), "–", "here", str(unread or ""), "482 193")
    return PersonRow(key, cells, unread, is_here, Lock.CLOSED)


def message(
    number: int, text: str, kind: MessageKind = MessageKind.THEIRS, links: tuple[Link, ...] = (), detail: str = ""
) -> MessageRow:
    """A message of Ann's, or ours."""
    mine = kind is MessageKind.MINE
    sender = "You" if mine else "Ann (3)"
    return MessageRow(number, kind, sender, "12:04", text, links, Delivery.SENT if mine else Delivery.NONE, detail)


def conversation(*messages: MessageRow, note: str = "", draft: str = "", is_server: bool = False) -> ConversationShown:
    """The conversation with Ann, or with the server."""
    return ConversationShown("Ann (3)", note, is_server, draft, messages, has_earlier=False)


def transfer(key: int, name: str, *actions: TransferAction, percent: int = 0) -> TransferRow:
    """A file to Ann."""
    return TransferRow(key, "↑", name, "to Ann (3)", TransferShown.SENDING, percent, "1 kB", "", "", "", actions)
