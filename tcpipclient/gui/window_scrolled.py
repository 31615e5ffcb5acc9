"""A part of a card that scrolls where there is less room than it needs; whatever has the keyboard is in sight.

Owns the canvas, the frame on it, and the scrollbar. Must never know what stands in the frame. Thread: Tk's.
"""

import tkinter as tk
from typing import Any

from tcpipclient.gui.window_scrollbar import QuietScrollbar
from tcpipclient.gui.window_theme import Look


class ScrolledFrame(tk.Frame):
    """A frame, `inside`, as high as what is in it, of which a part is in sight.

    Attributes:
        inside: Where widgets go; `follow` is called when they are all there.
    """

    def __init__(self, master: tk.Misc, look: Look, background: str) -> None:
        super().__init__(master, background=background)
        self.rowconfigure(0, weight=1)
        self.columnconfigure(0, weight=1)
        self._step = look.line()
        self._canvas = tk.Canvas(self, background=background, highlightthickness=0, width=1, height=1)
        self._canvas.grid(row=0, column=0, sticky="nsew")
        self._scrollbar = QuietScrollbar(self, command=self._canvas.yview, bootstyle="round", takefocus=False)
        self._scrollbar.grid_quietly(0, 1)
        self._canvas.configure(yscrollcommand=self._scrollbar.set, yscrollincrement=1)
        self.inside = tk.Frame(self._canvas, background=background)
        self.inside.columnconfigure(0, weight=1)
        item = self._canvas.create_window(0, 0, anchor="nw", window=self.inside)
        self.inside.bind("<Configure>", self._measured)
        self._canvas.bind("<Configure>", lambda event: self._canvas.itemconfigure(item, width=event.width))

    @property
    def wanted(self) -> int:
        """Pixels of height that show all of it."""
        return self.inside.winfo_reqheight()

    def follow(self) -> None:
        """Let the wheel move it, and the keyboard be in sight."""
        self._follow(self.inside)

    def _follow(self, widget: Any) -> None:
        # A list that scrolls by itself keeps its wheel.
        if widget.winfo_class() not in ("Text", "TScrollbar", "TCombobox"):
            widget.bind("<MouseWheel>", lambda event: self._move(-1 if event.delta > 0 else 1))
            if str(self.tk.call("tk", "windowingsystem")) == "x11":
                widget.bind("<Button-4>", lambda _: self._move(-1))
                widget.bind("<Button-5>", lambda _: self._move(1))
        widget.bind("<FocusIn>", self._focused, add="+")
        for child in widget.winfo_children():
            self._follow(child)

    def _move(self, steps: int) -> str:
        if self.wanted > self._canvas.winfo_height():
            self._canvas.yview_scroll(steps * 3 * self._step, "units")
        return "break"

    def _focused(self, event: "tk.Event[tk.Misc]") -> None:
        top = event.widget.winfo_rooty() - self.inside.winfo_rooty()
        bottom = top + event.widget.winfo_height()
        seen = self._canvas.canvasy(0)
        height = self._canvas.winfo_height()
        if top < seen:
            self._canvas.yview_scroll(int(top - seen), "units")
        elif bottom > seen + height:
            self._canvas.yview_scroll(int(min(bottom - seen - height, top - seen)), "units")

    def _measured(self, _: object) -> None:
        self._canvas.configure(scrollregion=(0, 0, 1, self.inside.winfo_reqheight()))
