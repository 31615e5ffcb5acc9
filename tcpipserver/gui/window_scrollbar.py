"""Scrollbars that are seen while there is something to scroll.

Owns their coming and going. The room for one is kept, so that text beside it does not wrap anew. Run by the Tk thread.
"""

import tkinter
from typing import Any

import ttkbootstrap as tb


class Scrollbar(tb.Scrollbar):
    """Moves a Text or a table, stands in a cell of its master's grid, and is out of sight when all is in sight.

    Args:
        widget: What it moves; both have the same master.
    """

    def __init__(self, widget: "tkinter.Text | tb.Treeview", row: int, column: int, *, is_across: bool = False) -> None:
        master: Any = widget.master
        command: Any = widget.xview if is_across else widget.yview
        super().__init__(
            master, orient="horizontal" if is_across else "vertical", command=command, bootstyle="secondary round"
        )
        widget["xscrollcommand" if is_across else "yscrollcommand"] = self.set
        if is_across:
            master.rowconfigure(row, minsize=self.winfo_reqheight())
        else:
            master.columnconfigure(column, minsize=self.winfo_reqwidth())
        self._place = {"row": row, "column": column, "sticky": "ew" if is_across else "ns"}

    def set(self, first: float | str, last: float | str) -> None:
        """This part of the whole is in sight, from 0 to 1."""
        super().set(first, last)
        if float(first) <= 0.0 and float(last) >= 1.0:
            self.grid_remove()
        elif not self.winfo_manager():
            self.grid(**self._place)  # type: ignore[no-untyped-call]
