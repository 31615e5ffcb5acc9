"""The client list as a table.

Owns the table, its menu and its keys. Must never decide what a row says. Run by the Tk thread.
"""

import tkinter
from collections.abc import Sequence

import ttkbootstrap as tb

from tcpipserver.gui.appearance import Appearance, show_focus
from tcpipserver.gui.presenter import Presenter
from tcpipserver.gui.presenter_people import COLUMNS
from tcpipserver.gui.views import PersonRow
from tcpipserver.gui.window_scrollbar import Scrollbar

_PADDING = 12
_GROWING = frozenset({"name", "address", "computer"})
"""These share what room is left; their widths are the least."""


class PeoplePanel(tb.Frame):
    """The client list."""

    def __init__(self, master: tkinter.Misc, presenter: Presenter, looks: Appearance) -> None:
        super().__init__(master)
        self._presenter = presenter
        self._looks = looks
        self._tree = tb.Treeview(
            self, columns=[column.key for column in COLUMNS], show="headings", selectmode="extended", height=3
        )
        self._tree.grid(row=0, column=0, sticky="nsew")
        Scrollbar(self._tree, 0, 1)
        Scrollbar(self._tree, 1, 0, is_across=True)
        self.rowconfigure(0, weight=1)
        self.columnconfigure(0, weight=1)
        self._empty = tb.Label(self._tree, justify="center", anchor="center", bootstyle="secondary")
        self._menu = tb.Menu(self, tearoff=False)
        people = presenter.people
        self._menu.add_command(label="Write to …", accelerator="Enter", command=people.message_clicked)
        self._menu.add_command(label="Copy", accelerator="Ctrl+C", command=people.copy_clicked)
        self._menu.add_separator()
        self._menu.add_command(label="Send away …", accelerator="Del", command=people.kick_clicked)
        self._menu.add_command(label="Ban …", command=people.ban_clicked)
        self.show_sorting(COLUMNS[0].key, False)
        self.fit()
        self._bind()

    def _bind(self) -> None:
        tree, people = self._tree, self._presenter.people
        tree.bind("<<TreeviewSelect>>", lambda _: people.selected(tuple(map(int, tree.selection()))))
        tree.bind("<FocusIn>", show_focus)
        tree.bind("<Configure>", lambda _: self._place_empty())
        tree.bind("<Return>", lambda _: people.message_clicked())
        tree.bind("<Double-1>", self._double_clicked)
        tree.bind("<Control-c>", lambda _: people.copy_clicked())
        tree.bind("<Delete>", lambda _: people.kick_clicked())
        tree.bind("<Control-a>", lambda _: tree.selection_set(tree.get_children()))
        for button in ("<Button-3>", "<Button-2>", "<Control-Button-1>")[: 3 if self._is_mac else 1]:
            tree.bind(button, self._menu_wanted)
        for key in ("<Shift-F10>", "<Menu>", "<App>"):
            try:
                tree.bind(key, self._menu_wanted_by_key)
            except tkinter.TclError:
                pass  # Each system has its own name for the menu key, and knows no other.

    @property
    def _is_mac(self) -> bool:
        return bool(self.tk.call("tk", "windowingsystem") == "aqua")

    def fit(self) -> None:
        """Set the columns' widths to the size of the text, and the colours to the theme."""
        self._empty.configure(background=self._looks.table_background)
        for column in COLUMNS:
            width = self._looks.digits(column.width) + self._looks.pixels(_PADDING)
            self._tree.column(
                column.key,
                width=width,
                minwidth=width,
                stretch=column.key in _GROWING,
                anchor="e" if column.is_number else "w",
            )

    def put_people(self, rows: Sequence[PersonRow]) -> None:
        """Add rows, or replace those whose id is there."""
        for row in rows:
            if self._tree.exists(str(row.id)):
                self._tree.item(str(row.id), values=row.cells)
            else:
                self._tree.insert("", "end", iid=str(row.id), values=row.cells)

    def remove_people(self, ids: Sequence[int]) -> None:
        """Take rows away."""
        self._tree.delete(*[str(client_id) for client_id in ids if self._tree.exists(str(client_id))])

    def order_people(self, ids: Sequence[int]) -> None:
        """Put all rows into this order."""
        self._tree.set_children("", *map(str, ids))

    def show_sorting(self, column: str, is_descending: bool) -> None:
        """Mark the column by which the rows are ordered."""
        clicked = self._presenter.people.column_clicked
        for shown in COLUMNS:
            arrow = (" ▼" if is_descending else " ▲") if shown.key == column else ""
            self._tree.heading(
                shown.key,
                text=shown.title + arrow,
                anchor="e" if shown.is_number else "w",
                command=lambda key=shown.key: clicked(key),
            )

    def show_empty(self, text: str) -> None:
        """Say this instead of rows; "" when there are rows."""
        self._empty.configure(text=text)
        self._tree.configure(takefocus=not text)
        self._place_empty()

    def _place_empty(self) -> None:
        """In the middle, and never over the headings."""
        if not self._empty.cget("text"):
            self._empty.place_forget()
            return
        height, headings = self._empty.winfo_reqheight(), 2 * self._looks.line_height
        if self._tree.winfo_height() >= height + 2 * headings:
            self._empty.place(relx=0.5, rely=0.55, y=0, anchor="center")
        else:
            self._empty.place(relx=0.5, rely=0, y=headings, anchor="n")

    def _double_clicked(self, event: "tkinter.Event[tkinter.Misc]") -> None:
        if self._tree.identify_row(event.y):
            self._presenter.people.message_clicked()

    def _menu_wanted(self, event: "tkinter.Event[tkinter.Misc]") -> None:
        row = self._tree.identify_row(event.y)
        if row and row not in self._tree.selection():
            self._tree.selection_set(row)
            self._tree.focus(row)
            self._tree.update_idletasks()
        if row:
            self._post_menu(event.x_root, event.y_root)

    def _menu_wanted_by_key(self, _event: "tkinter.Event[tkinter.Misc]") -> None:
        if self._tree.selection():
            self._post_menu(self._tree.winfo_rootx() + 20, self._tree.winfo_rooty() + 40)

    def _post_menu(self, x: int, y: int) -> None:
        self._presenter.people.selected(tuple(map(int, self._tree.selection())))
        self._menu.tk_popup(x, y)
