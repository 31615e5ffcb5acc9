"""A line that explains what stands above it, and gives way where the window is low for the size of its text.

Owns these lines. Must never hide anything else. Run by the Tk thread.
"""

import tkinter
from typing import Any

import ttkbootstrap as tb

from tcpipserver.gui.appearance import SMALL_FONT, Appearance

_LINES = 27
"""A window of fewer lines of text has better use for them: at the usual size of text none is as low."""


class Hint(tb.Label):
    """One line, packed into its master.

    Args:
        packing: Options of `pack`.
    """

    def __init__(self, master: tkinter.Misc, looks: Appearance, **packing: Any) -> None:
        super().__init__(master, bootstyle="secondary", font=SMALL_FONT)
        self._looks = looks
        self._packing = packing
        self._window = master.winfo_toplevel()
        self._window.bind("<Configure>", self._window_configured, add="+")
        # The size of the text has changed, or what stands beside.
        master.bind("<Configure>", lambda _: self._fit(), add="+")
        self.pack(fill="x", **packing)  # type: ignore[no-untyped-call]

    def _window_configured(self, event: "tkinter.Event[tkinter.Misc]") -> None:
        if event.widget is self._window:
            self._fit()

    def _fit(self) -> None:
        is_shown = bool(self.winfo_manager())
        if self._window.winfo_height() >= _LINES * self._looks.line_height:
            if not is_shown:
                self.pack(fill="x", **self._packing)  # type: ignore[no-untyped-call]
        elif is_shown:
            self.pack_forget()
