"""Toasts inside the client's window: a short notice at its lower edge that goes away by itself or at a click.

Owns those on show, at most three. Must never take the keyboard. Thread: Tk's.
"""

import tkinter as tk

from tcpipclient.gui.shown import Toast
from tcpipclient.gui.window_theme import BOLD_FONT, Look

_MOST = 3
_MILLISECONDS = 6000
_WIDTH = 300


class Toasts:
    """The notices on show."""

    def __init__(self, root: tk.Tk, look: Look) -> None:
        self._root, self._look = root, look
        self._shown: list[tk.Frame] = []

    def show_toast(self, toast: Toast) -> None:
        """See NoticeView."""
        while len(self._shown) >= _MOST:
            self._remove(self._shown[0])
        palette, pixels = self._look.palette, self._look.pixels
        frame = tk.Frame(self._root, background=palette.text, padx=pixels(14), pady=pixels(10))
        parts = [(toast.title, BOLD_FONT), (toast.text, "TkTextFont")]
        labels = [
            tk.Label(
                frame,
                text=words,
                font=font,
                background=palette.text,
                foreground=palette.background,
                anchor="w",
                justify="left",
                wraplength=pixels(_WIDTH),
            )
            for words, font in parts
            if words
        ]
        for label in labels:
            label.pack(fill="x")
        for widget in (frame, *labels):
            widget.bind("<Button-1>", lambda _: self._remove(frame))
        self._shown.append(frame)
        frame.after(_MILLISECONDS, lambda: self._remove(frame))
        self._place()

    def _remove(self, frame: tk.Frame) -> None:
        if frame in self._shown:
            self._shown.remove(frame)
            frame.destroy()
            self._place()

    def _place(self) -> None:
        bottom = -self._look.pixels(16)
        for frame in reversed(self._shown):
            frame.place(relx=1.0, rely=1.0, x=-self._look.pixels(16), y=bottom, anchor="se")
            frame.lift()
            bottom -= frame.winfo_reqheight() + self._look.pixels(8)
