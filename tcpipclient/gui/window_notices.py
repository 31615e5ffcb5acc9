"""Toasts inside the client's window: a short notice above the messages that goes away by itself or at a click.

Owns those on show, at most three. Must never take the keyboard, nor lie over anything that can be pressed. Thread:
Tk's.
"""

import tkinter as tk

from tcpipclient.gui.shown import Toast
from tcpipclient.gui.window_theme import BOLD_FONT, Look

_MOST = 3
_MILLISECONDS = 6000
_WIDTH = 300


class Toasts:
    """The notices on show.

    Args:
        over: The widget above whose upper right corner they stand.
    """

    def __init__(self, root: tk.Tk, over: tk.Misc, look: Look) -> None:
        self._root, self._over, self._look = root, over, look
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
        """One below the other in the upper right corner of the messages."""
        gap, over = self._look.pixels(10), self._over
        top = gap
        for frame in self._shown:
            frame.place(in_=over, relx=1.0, x=-2 * gap, y=top, anchor="ne")
            frame.lift()
            top += frame.winfo_reqheight() + gap
