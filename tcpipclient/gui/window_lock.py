"""The lock of the connection: whether it is encrypted, in a sign and in words, as a button that shows the hub's key.

Owns the button. Must never be hidden while there is a connection. Thread: Tk's.
"""

import tkinter as tk

import ttkbootstrap as tb

from tcpipclient.gui.actions import Actions
from tcpipclient.gui.shown_hub import Lock, LockShown
from tcpipclient.gui.window_theme import Look, Palette

SIGNS = {Lock.CLOSED: "lock-fill", Lock.OPEN: "unlock-fill"}
SIGN_SIZE = 14
SIGN_COLOURS = {Lock.CLOSED: "#2bb673", Lock.OPEN: "#e4606d"}
"""Of the signs in a list: they are seen on a row that is chosen, too, in both themes."""


class LockButton(tk.Frame):
    """The lock, where there is a connection; a click tells the actions."""

    def __init__(self, master: tk.Misc, look: Look, actions: Actions) -> None:
        super().__init__(master)
        self._look = look
        self._shown = LockShown(Lock.NONE, "")
        self.button = tb.Button(self, text="", compound="left", bootstyle="outline", command=actions.hub_clicked)
        look.follow(self._colour)

    def show_lock(self, shown: LockShown) -> None:
        """See HubView."""
        self._shown = shown
        if shown.lock is Lock.NONE:
            self.button.pack_forget()
            self.configure(width=1)
            return
        self.button.configure(text=shown.words, bootstyle="danger" if shown.lock is Lock.OPEN else "success outline")
        self._colour(self._look.palette)
        self.button.pack()

    def _colour(self, palette: Palette) -> None:
        self.configure(background=palette.background)
        sign = SIGNS.get(self._shown.lock)
        if sign is not None:
            colour = "#ffffff" if self._shown.lock is Lock.OPEN else palette.encrypted
            self.button.configure(image=tb.Icon(sign, size=SIGN_SIZE, color=colour))
