"""The tables of those who wait for the operator's word, and of those whom he keeps out.

Owns the tables and their buttons. Must never decide who is in them. Run by the Tk thread.
"""

import tkinter
from collections.abc import Callable, Sequence

import ttkbootstrap as tb

from tcpipserver.gui.appearance import BOLD_FONT, Appearance, show_focus
from tcpipserver.gui.presenter import Presenter
from tcpipserver.gui.presenter_admission import BANNED_COLUMNS, WAITING_COLUMNS
from tcpipserver.gui.views import Column
from tcpipserver.gui.views_door import KeyRow
from tcpipserver.gui.window_scrollbar import Scrollbar

_PADDING = 12
_MOST_ROWS_IN_SIGHT = 4


class KeyTable(tb.Frame):
    """Rows with keys, of which some can be chosen."""

    def __init__(self, master: tkinter.Misc, looks: Appearance, columns: Sequence[Column], rows: int) -> None:
        super().__init__(master)
        self._looks, self._columns = looks, columns
        self.tree = tb.Treeview(
            self, columns=[column.key for column in columns], show="headings", selectmode="extended", height=rows
        )
        self.tree.grid(row=0, column=0, sticky="nsew")
        Scrollbar(self.tree, 0, 1)
        Scrollbar(self.tree, 1, 0, is_across=True)
        self.rowconfigure(0, weight=1)
        self.columnconfigure(0, weight=1)
        for column in columns:
            self.tree.heading(column.key, text=column.title, anchor="e" if column.is_number else "w")
        self.tree.bind("<FocusIn>", show_focus)
        self.tree.bind("<Control-a>", lambda _: self.tree.selection_set(self.tree.get_children()))
        self.fit()

    def fit(self) -> None:
        """Set the columns' widths to the size of the text."""
        for column in self._columns:
            width = self._looks.digits(column.width) + self._looks.pixels(_PADDING)
            self.tree.column(
                column.key,
                width=width,
                minwidth=width // 2,
                stretch=True,
                anchor="e" if column.is_number else "w",
            )

    def show(self, rows: Sequence[KeyRow]) -> None:
        """Show these and no others; the choice stays as far as it can."""
        wanted = {row.key for row in rows}
        gone = [key for key in self.tree.get_children() if key not in wanted]
        if gone:
            self.tree.delete(*gone)
        for index, row in enumerate(rows):
            if self.tree.exists(row.key):
                self.tree.item(row.key, values=row.cells)
                self.tree.move(row.key, "", index)
            else:
                self.tree.insert("", index, iid=row.key, values=row.cells)

    def chosen(self) -> tuple[str, ...]:
        """The keys of the chosen rows; where none is and there is only one, of that."""
        chosen = self.tree.selection() or self.tree.get_children()
        return tuple(map(str, chosen)) if self.tree.selection() or len(chosen) == 1 else ()


class WaitingPanel(tb.Frame):
    """Those who wait, with the two answers; on show only while somebody does."""

    def __init__(self, master: tkinter.Misc, presenter: Presenter, looks: Appearance) -> None:
        super().__init__(master)
        gap = looks.pixels(8)
        head = tb.Frame(self)
        head.pack(fill="x", pady=(0, gap // 2))
        self.table = KeyTable(self, looks, WAITING_COLUMNS, 1)
        self.deny = tb.Button(
            head,
            text="Turn away …",
            command=lambda: presenter.admission.deny_clicked(self.table.chosen()),
            bootstyle="danger outline",
        )
        self.deny.pack(side="right")
        self.approve = tb.Button(
            head, text="Let in", command=lambda: presenter.approve_clicked(self.table.chosen()), bootstyle="success"
        )
        self.approve.pack(side="right", padx=gap)
        self._title = tb.Label(head, font=BOLD_FONT)
        self._title.pack(side="left")
        self.table.pack(fill="x")  # type: ignore[no-untyped-call]

    def fit(self) -> None:
        """Set the columns' widths to the size of the text."""
        self.table.fit()

    def show_waiting(self, rows: Sequence[KeyRow]) -> None:
        """Show these."""
        one = len(rows) == 1
        self._title.configure(
            text="Somebody asks to be let in: compare the key code"
            if one
            else f"{len(rows):,} ask to be let in: choose, and compare the key codes"
        )
        self.table.tree.configure(height=min(max(len(rows), 1), _MOST_ROWS_IN_SIGHT))
        self.table.show(rows)


class BannedPanel(tb.Frame):
    """Those who are kept out, and the way back."""

    def __init__(self, master: tkinter.Misc, looks: Appearance, unban: Callable[[tuple[str, ...]], None]) -> None:
        super().__init__(master, padding=looks.pixels(6))
        foot = tb.Frame(self)
        foot.pack(side="bottom", fill="x", pady=(looks.pixels(6), 0))
        self.unban = tb.Button(foot, text="Unban", command=lambda: unban(self.table.chosen()), bootstyle="outline")
        self.unban.pack(side="right")
        self._note = tb.Label(foot, bootstyle="secondary")
        self._note.pack(side="left")
        self.table = KeyTable(self, looks, BANNED_COLUMNS, 2)
        self.table.pack(fill="both", expand=True)  # type: ignore[no-untyped-call]
        self.show_banned((), 0)

    def fit(self) -> None:
        """Set the columns' widths to the size of the text."""
        self.table.fit()

    def show_banned(self, rows: Sequence[KeyRow], count: int) -> None:
        """Show these, of so many."""
        self.table.show(rows)
        self.unban.configure(state="normal" if rows else "disabled")
        if not count:
            self._note.configure(text="Nobody is kept out. Right-click somebody in the list above to ban a key.")
        elif count > len(rows):
            self._note.configure(text=f"The last {len(rows):,} of {count:,}")
        else:
            self._note.configure(text="Whoever has one of these keys is refused, whatever name he goes by.")
