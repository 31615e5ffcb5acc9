"""The keys of the client's window: what each does, bound for the whole window, and the list of them.

Owns the bindings that hold wherever the keyboard is. Must never bind a key that a field needs for itself. Thread: Tk's.
"""

import tkinter as tk
from collections.abc import Callable
from functools import partial
from typing import Protocol

from tcpipclient.gui.actions import Actions


class Places(Protocol):
    """What the keys act on."""

    def attach(self) -> None:
        """Choose files to send."""

    def attach_folder(self) -> None:
        """Choose a folder to send."""

    def show_keys(self) -> None:
        """Show the list of keys."""

    def next_part(self, direction: int) -> None:
        """Give the keyboard to the next part of the window (1) or the one before (-1)."""

    def search(self) -> None:
        """Give the keyboard to the search above the people list."""

    def write(self) -> None:
        """Give the keyboard to the composer."""


def modifier(root: tk.Misc) -> str:
    """The key that makes commands on this system, as menus name it."""
    return "Command" if root.tk.call("tk", "windowingsystem") == "aqua" else "Ctrl"


def keys_told(root: tk.Misc) -> list[tuple[str, str]]:
    """Each key and what it does."""
    command = modifier(root)
    return [
        ("Enter", "Send what is written; in the upper fields: connect"),
        ("Shift+Enter", "New line"),
        (f"{command}+O", "Choose files to send"),
        (f"{command}+Shift+O", "Choose a folder to send"),
        (f"{command}+V", "Paste text, or files that were copied"),
        (f"{command}+F", "Search people"),
        (f"{command}+M", "Write a message"),
        (f"{command}+A", "In the people list: select everybody"),
        ("F6, Shift+F6", "Next part of the window, and back"),
        ("Tab, Shift+Tab", "Next field, and back"),
        ("Left, Right, Enter", "In the messages: choose a link and open it"),
        ("Shift+F10", "In the messages: copy a message or a link; in the list: a key code"),
        (f"{command}+Plus, {command}+Minus, {command}+0", "Larger, smaller, normal text"),
        ("Escape", "Cancel a question, empty the search"),
        ("F1", "This list"),
    ]


def bind_keys(root: tk.Misc, places: Places, actions: Actions) -> None:
    """Bind them."""
    command = "Command" if modifier(root) == "Command" else "Control"
    sizes = {1: ("plus", "equal", "KP_Add"), -1: ("minus", "KP_Subtract"), 0: ("0", "KP_0")}
    for steps, keys in sizes.items():
        for key in keys:
            _bind(root, f"<{command}-Key-{key}>", partial(actions.text_size_changed, steps))
    for letter, act in (("o", places.attach), ("f", places.search), ("m", places.write)):
        for form in (letter, letter.upper()):
            _bind(root, f"<{command}-Key-{form}>", act)
    for form in ("o", "O"):
        _bind(root, f"<{command}-Shift-Key-{form}>", places.attach_folder)
    # The toolkit has Enter press a button instead of Space; people are used to both.
    root.tk.call("bind", "TButton", "<Key-space>", "ttk::button::activate %W")
    _bind(root, "<F1>", places.show_keys)
    _bind(root, "<F6>", lambda: places.next_part(1))
    _bind(root, "<Shift-F6>", lambda: places.next_part(-1))


def _bind(root: tk.Misc, sequence: str, act: Callable[[], None]) -> None:
    def pressed(_: object) -> str:
        act()
        return "break"

    root.bind(sequence, pressed)
