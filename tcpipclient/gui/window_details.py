"""The card with all that is known of one row of the transfers panel; it follows what happens to it.

Owns what stands on it. Must never decide what that is. Thread: Tk's.
"""

import tkinter as tk
from collections.abc import Callable

from tcpipclient.gui.shown_files import DetailsShown
from tcpipclient.gui.window_card import Card, show_if
from tcpipclient.gui.window_theme import Look


class DetailsCard(Card):
    """The details of one row.

    Attributes:
        key: Of the row.
    """

    def __init__(self, root: tk.Tk, look: Look, shown: DetailsShown, closed: Callable[[bool], None]) -> None:
        super().__init__(root, look, shown.title, closed)
        self.key = shown.key
        self.add_list()
        self._lines = 0
        self._put(shown)
        self.add_buttons("", "Close")

    def show(self, shown: DetailsShown) -> None:
        """Say what is known by now; where the user has scrolled to stays in sight."""
        show_if(self._heading, shown.title)
        lines, seen = self._lines, self.list.yview()[0]
        self._put(shown)
        if self._lines != lines:
            self.fit()
        self.list.yview_moveto(seen)

    def _put(self, shown: DetailsShown) -> None:
        text = self.list
        text.configure(state="normal")
        text.delete("1.0", "end")
        self.add_columns(shown.facts)
        self.add_items(shown.heading, shown.items, "", "why")
        text.delete("end-2c")
        text.configure(state="disabled")
        self._lines = len(shown.facts) + len(shown.items)
