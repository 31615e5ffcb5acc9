"""The blue File Drop area, and drops onto the whole of the client's window.

Owns the area and the registration with the system. A drop is always answered with COPY: any other answer lets the
program it came from delete the originals. Must never look at what was dropped: paths go to the actions as they came.
Thread: Tk's.
"""

import logging
import tkinter as tk
from collections.abc import Callable
from typing import Any

import ttkbootstrap as tb
from tkinterdnd2 import COPY, DND_FILES, TkinterDnD

from tcpipclient.gui.window_theme import BOLD_FONT, SMALL_FONT, Look

_ICON_SIZE = 28
_READY_WORDS = "Let go to send."
_logger = logging.getLogger(__name__)


class DropArea(tk.Canvas):
    """Where files are dropped; a click, Enter or Space chooses them instead."""

    def __init__(self, master: tk.Misc, look: Look, attach: Callable[[], None]) -> None:
        super().__init__(master, takefocus=True, cursor="hand2", highlightthickness=look.pixels(2))
        self._look, self._attach = look, attach
        self._note = ""
        self._is_ready = False
        self.can_drop = True
        self._sign = tk.Label(self)
        self._title = tk.Label(self, text="File Drop", font=BOLD_FONT)
        self._words = tk.Label(self, font=SMALL_FONT, justify="center")
        self.bind("<Configure>", lambda _: self._draw())
        for widget in (self, self._sign, self._title, self._words):
            widget.bind("<Button-1>", self._clicked)
        self.bind("<Return>", self._clicked)
        self.bind("<space>", self._clicked)
        look.follow(lambda _: self._draw())

    def show_drop_note(self, text: str) -> None:
        """See TransfersView."""
        self._note = text
        self._draw()

    def show_ready(self, *, ready: bool) -> None:
        """Files are held above the window, or not any more."""
        if ready != self._is_ready:
            self._is_ready = ready
            self._draw()

    def _clicked(self, _: object) -> str:
        self.focus_set()
        self._attach()
        return "break"

    def _draw(self) -> None:
        """Draw anew for this size; the icon gives way where there is little height."""
        palette, look = self._look.palette, self._look
        width, height, edge = self.winfo_width(), self.winfo_height(), look.pixels(6)
        fill = palette.drop_ready if self._is_ready else palette.drop
        text = "#ffffff" if self._is_ready else palette.drop_text
        self.delete("all")
        self.configure(
            width=look.units(160),
            height=look.units(112),
            background=palette.background,
            highlightbackground=palette.background,
            highlightcolor=palette.text,
        )
        self.create_rectangle(
            edge, edge, width - edge, height - edge, fill=fill, outline=text, width=look.pixels(2), dash=(6, 4)
        )
        self._sign.configure(image=tb.Icon("cloud-arrow-up-fill", size=_ICON_SIZE, color=text))
        self._words.configure(text=self._told(), wraplength=max(1, width - 5 * edge))
        parts = [self._sign, self._title, self._words]
        for part in parts:
            part.configure(background=fill, foreground=text)
        if sum(part.winfo_reqheight() for part in parts) > height - 4 * edge:
            parts.remove(self._sign)
        top = (height - sum(part.winfo_reqheight() for part in parts)) // 2
        for part in parts:
            self.create_window(width // 2, top, window=part, anchor="n")
            top += part.winfo_reqheight()

    def _told(self) -> str:
        if self._note:
            return self._note
        if self._is_ready:
            return _READY_WORDS
        return "Drop files here, or click to choose." if self.can_drop else "Click to choose files to send."


class Drops:
    """Drops onto the window."""

    def __init__(self, root: Any, area: DropArea, dropped: Callable[[str, int, int], None]) -> None:
        self._root, self._area, self._dropped = root, area, dropped

    def begin(self) -> None:
        """Load the library and take drops from now on; the area says so where there is none."""
        root, area = self._root, self._area
        try:
            TkinterDnD.require(root)
            root.drop_target_register(DND_FILES)
            root.dnd_bind("<<DropEnter>>", self._entered)
            root.dnd_bind("<<DropPosition>>", self._moved)
            root.dnd_bind("<<DropLeave>>", self._left)
            root.dnd_bind("<<Drop>>", self.drop)
        except (RuntimeError, tk.TclError) as error:
            _logger.warning("Files cannot be dropped onto the window: %s The Attach button sends them.", error)
            area.can_drop = False
            area.show_drop_note("")

    def drop(self, event: Any) -> str:
        """Files were let go above the window."""
        self._area.show_ready(ready=False)
        self._dropped(event.data, event.x_root, event.y_root)
        return str(COPY)

    def _entered(self, _: Any) -> str:
        self._area.show_ready(ready=True)
        return str(COPY)

    def _moved(self, _: Any) -> str:
        return str(COPY)

    def _left(self, _: Any) -> str:
        self._area.show_ready(ready=False)
        return str(COPY)
