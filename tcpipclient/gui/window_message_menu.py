"""The menu on the messages: copy what is selected, a message or a link, select everything.

Owns the menu and what opens it: the right button, and the keys that systems have for it. Must never change a message.
Thread: Tk's.
"""

import tkinter as tk
from collections.abc import Callable

import ttkbootstrap as tb

COPY, COPY_MESSAGE, COPY_LINK, SELECT_ALL = "Copy", "Copy message", "Copy link", "Select all"


class MessageMenu:
    """The menu of one Text.

    Args:
        message_at: The message at a place of the Text; empty where there is none.
        link_at: The address of the link there; empty where there is none.
    """

    def __init__(self, text: tk.Text, message_at: Callable[[str], str], link_at: Callable[[str], str]) -> None:
        self._text, self._message_at, self._link_at = text, message_at, link_at
        self._message, self._link = "", ""
        self.menu = tb.Menu(text, tearoff=False)
        self.menu.add_command(label=COPY, command=lambda: self._copy(self._text.get("sel.first", "sel.last")))
        self.menu.add_command(label=COPY_MESSAGE, command=lambda: self._copy(self._message))
        self.menu.add_command(label=COPY_LINK, command=lambda: self._copy(self._link))
        self.menu.add_separator()
        self.menu.add_command(label=SELECT_ALL, command=lambda: text.tag_add("sel", "1.0", "end-1c"))
        is_aqua = text.tk.call("tk", "windowingsystem") == "aqua"
        for button in ("<Button-2>", "<Control-Button-1>") if is_aqua else ("<Button-3>",):
            text.bind(button, self._clicked)
        for key in ("<Shift-F10>", "<Menu>", "<App>"):
            try:
                text.bind(key, self._pressed)
            except tk.TclError:
                pass  # Each system has its own name for the menu key, and knows no other.

    def fit(self, place: str) -> None:
        """Offer what there is at a place of the Text."""
        self._message, self._link = self._message_at(place), self._link_at(place)
        for label, is_there in (
            (COPY, bool(self._text.tag_ranges("sel"))),
            (COPY_MESSAGE, bool(self._message)),
            (COPY_LINK, bool(self._link)),
            (SELECT_ALL, self._text.compare("1.0", "!=", "end-1c")),
        ):
            self.menu.entryconfigure(label, state="normal" if is_there else "disabled")

    def _clicked(self, event: "tk.Event[tk.Text]") -> str:
        self._text.focus_set()
        self.fit(f"@{event.x},{event.y}")
        self.menu.tk_popup(event.x_root, event.y_root)
        return "break"

    def _pressed(self, _: object) -> str:
        """At the keyboard's place, or in the corner where that is out of sight."""
        box = self._text.bbox("insert") or (0, 0, 0, 0)
        self.fit("insert")
        self.menu.tk_popup(self._text.winfo_rootx() + box[0], self._text.winfo_rooty() + box[1] + box[3])
        return "break"

    def _copy(self, words: str) -> None:
        self._text.clipboard_clear()
        self._text.clipboard_append(words)
