"""A scrollbar that is there when there is something to scroll, in a place that is kept for it.

Owns nothing else. Its place never changes size, so that coming and going cannot make the widget beside it wrap anew.
Thread: Tk's.
"""

import tkinter as tk
from typing import Any

import ttkbootstrap as tb


class QuietScrollbar(tb.Scrollbar):
    """Put by `grid_quietly`, and out of sight while everything is in sight."""

    def grid_quietly(self, row: int, column: int, padx: int | tuple[int, int] = 0) -> None:
        """Stand in this cell, whose size is kept."""
        vertical = str(self.cget("orient")) == "vertical"
        master: Any = self.master
        if vertical:
            master.columnconfigure(column, minsize=self.winfo_reqwidth())
        else:
            master.rowconfigure(row, minsize=self.winfo_reqheight())
        self.grid(row=row, column=column, sticky="ns" if vertical else "ew", padx=padx)  # type: ignore[no-untyped-call]

    def set(self, first: float | str, last: float | str) -> None:
        """Show this part of the whole, from 0 to 1."""
        super().set(first, last)
        needed = float(first) > 0.0 or float(last) < 1.0
        if needed and not self.winfo_manager():
            self.grid()  # type: ignore[no-untyped-call]
        elif not needed and self.winfo_manager():
            self.grid_remove()


def scrollbar_of(widget: "tk.Text | tb.Treeview", *, horizontal: bool = False) -> QuietScrollbar:
    """A scrollbar that moves this widget and is moved by it."""
    orient, name = ("horizontal", "xscrollcommand") if horizontal else ("vertical", "yscrollcommand")
    view: Any = widget.xview if horizontal else widget.yview
    bar = QuietScrollbar(widget.master, orient=orient, command=view, bootstyle="round")
    widget[name] = bar.set
    return bar
