"""The people list of the client's window: search, the table, the sentence below it, and the entry for the server.

Owns these widgets and which rows are drawn. Rows change in slices and only where something differs. Must never sort,
search or count: rows come as they are to be shown. Thread: Tk's.
"""

import math
import tkinter as tk
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Literal

import ttkbootstrap as tb

from tcpipclient.gui.actions import Actions
from tcpipclient.gui.shown import PersonColumn, PersonRow
from tcpipclient.gui.shown_hub import Lock
from tcpipclient.gui.window_lock import SIGN_COLOURS, SIGN_SIZE, SIGNS
from tcpipclient.gui.window_person_menu import PersonMenu
from tcpipclient.gui.window_scrollbar import scrollbar_of
from tcpipclient.gui.window_slices import Slices, Step
from tcpipclient.gui.window_theme import BOLD_FONT, Look, Palette

_COLUMNS = tuple(PersonColumn)
_SAMPLES = {
    PersonColumn.NAME: "Some name",
    PersonColumn.COMPUTER: "DESKTOP-COMPUTER",
    PersonColumn.ADDRESS: "192.168.100.100 ",
    PersonColumn.ID: "65535",
    PersonColumn.PING: "100 ms",
    PersonColumn.PRESENCE: "since 20:00",
    PersonColumn.UNREAD: "9999",
    PersonColumn.KEY: "not encrypted",
}
_SHOWN = (
    PersonColumn.NAME,
    PersonColumn.PRESENCE,
    PersonColumn.PING,
    PersonColumn.UNREAD,
    PersonColumn.KEY,
    PersonColumn.ID,
    PersonColumn.COMPUTER,
    PersonColumn.ADDRESS,
)
"""From left to right: what is needed first, since the list may be narrow. The lock in front says what the key does."""
_IN_SIGHT = _SHOWN[:4]
"""What is seen without moving the list sideways: the name gets what the others leave, and with large text less."""
_SHORT_NAME = "Ann…"
_RIGHT = (PersonColumn.ID, PersonColumn.PING, PersonColumn.UNREAD)
_MARKS = {False: " ▲", True: " ▼"}
_LOCK_WIDTH, _CELL_PADDING = 34, 18
_BATCH = 10


class PeopleList(tb.Frame):
    """Everybody who is there."""

    def __init__(self, master: tk.Misc, look: Look, actions: Actions) -> None:
        super().__init__(master)
        self._look, self._actions = look, actions
        self._order: list[int] = []
        self._drawn: dict[int, PersonRow] = {}
        self._told: tuple[int, ...] = ()
        self._widths: dict[PersonColumn, int] = {}
        self._to_select: tuple[int, ...] | None = None
        self._server_unread = 0
        self._server_open = False
        gap = look.pixels(8)
        self.grid_propagate(False)
        self.grid_rowconfigure(1, weight=1)
        self.grid_columnconfigure(0, weight=1)
        head = tb.Frame(self, padding=(gap, gap, gap, gap))
        head.grid(row=0, column=0, columnspan=2, sticky="ew")
        self.search = tb.Entry(head)
        self._build_head(head)
        self.tree = tb.Treeview(
            self, columns=[column.value for column in _COLUMNS], show="tree headings", selectmode="extended", height=4
        )
        self._locks: dict[Lock, object] = {}
        self.tree.configure(displaycolumns=[column.value for column in _SHOWN])
        self.tree.grid(row=1, column=0, sticky="nsew", padx=(gap, 0))
        scrollbar_of(self.tree).grid_quietly(1, 1)
        scrollbar_of(self.tree, horizontal=True).grid_quietly(2, 0, padx=(gap, 0))
        self._note = tb.Label(self, anchor="w", justify="left", padding=(gap, look.pixels(4)))
        self._note.grid(row=3, column=0, columnspan=2, sticky="ew")
        self._note.bind("<Configure>", lambda event: self._note.configure(wraplength=event.width - 3 * gap))
        self.server = tb.Button(self, text="The server", icon="hdd-network", command=actions.server_clicked)
        self.server.grid(row=4, column=0, columnspan=2, sticky="ew", padx=gap, pady=(look.pixels(4), gap))
        self.menu = PersonMenu(self.tree, actions)
        self._slices = Slices(self.tree)
        self._listen()
        look.follow(self._colour)

    def _build_head(self, head: tb.Frame) -> None:
        look = self._look
        tb.Label(head, text="People", font=BOLD_FONT).grid(row=0, column=0, columnspan=2, sticky="w")
        self.select_all = tb.Button(head, text="Select all", bootstyle="link", command=self._actions.all_people_clicked)
        self.select_all.grid(row=0, column=2, sticky="e")
        tb.Label(head, text="Search").grid(row=1, column=0, padx=(0, look.pixels(6)), pady=(look.pixels(4), 0))
        self.search.grid(row=1, column=1, columnspan=2, sticky="ew", pady=(look.pixels(4), 0))
        head.columnconfigure(1, weight=1)

    def _listen(self) -> None:
        typed = tk.StringVar(self)
        self.search.configure(textvariable=typed)
        self._typed = typed
        typed.trace_add("write", lambda *_: self._actions.search_typed(typed.get()))
        self.search.bind("<Escape>", lambda _: typed.set(""))
        self.search.bind("<Down>", lambda _: self.focus_list())
        for column in _COLUMNS:
            command = partial(self._actions.heading_clicked, column)
            self.tree.heading(column.value, text=column.value, anchor=_anchor(column), command=command)
        self.tree.bind("<Configure>", lambda _: self._fit_name())
        self.tree.bind("<<TreeviewSelect>>", self._selected)
        for keys in (
            ("<Control-a>", "<Control-A>", "<Command-a>") if self._is_aqua() else ("<Control-a>", "<Control-A>")
        ):
            self.tree.bind(keys, self._all)

    def _is_aqua(self) -> bool:
        return str(self.tk.call("tk", "windowingsystem")) == "aqua"

    def focus_list(self) -> str:
        """Give the table the keyboard, with a row to start from."""
        self.tree.focus_set()
        if not self.tree.focus() and self._order:
            self.tree.focus(str(self._order[0]))
        return "break"

    def row_at(self, x_root: int, y_root: int) -> int | None:
        """Key of the row at this place of the screen."""
        if self.winfo_containing(x_root, y_root) is not self.tree:
            return None
        found = self.tree.identify_row(y_root - self.tree.winfo_rooty())
        return int(found) if found else None

    def in_sight(self) -> tuple[int, ...]:
        """Keys of the rows that can be seen now."""
        if not self.tree.winfo_viewable():
            return ()
        first, last = self.tree.yview()
        count = len(self._order)
        return tuple(self._order[int(first * count) : math.ceil(last * count)])

    def show_people(self, rows: Sequence[PersonRow]) -> None:
        """See PeopleView."""
        self._slices.replace(self._rebuilding(tuple(rows)))
        if self._to_select is not None:
            self.select_people(self._to_select)

    def put_person(self, row: PersonRow, index: int) -> None:
        """See PeopleView."""
        self._slices.add(partial(self._put, row, index))

    def remove_person(self, key: int) -> None:
        """See PeopleView."""
        self._slices.add(partial(self._remove, key))

    def select_people(self, keys: Sequence[int]) -> None:
        """See PeopleView."""
        self._to_select = tuple(keys)
        self._slices.add(partial(self._select, self._to_select))

    def show_people_note(self, text: str) -> None:
        """See PeopleView."""
        self._note.configure(text=text)

    def show_sorting(self, column: PersonColumn, descending: bool) -> None:
        """See PeopleView."""
        for each in _COLUMNS:
            mark = _MARKS[descending] if each is column else ""
            self.tree.heading(each.value, text=each.value + mark)

    def show_server(self, unread: int, is_open: bool) -> None:
        """See PeopleView."""
        self._server_unread, self._server_open = unread, is_open
        self.server.configure(
            text=f"The server ({unread} unread)" if unread else "The server",
            bootstyle="primary" if is_open else "default",
        )

    def _rebuilding(self, rows: tuple[PersonRow, ...]) -> Iterator[Step]:
        keys = [row.key for row in rows]
        wanted = set(keys)
        gone = [key for key in self._drawn if key not in wanted]
        kept = [key for key in keys if key in self._drawn]

        def reorder() -> None:
            if gone:
                self.tree.delete(*map(str, gone))
                for key in gone:
                    del self._drawn[key]
            if [key for key in self._order if key in wanted] != kept:
                self.tree.set_children("", *map(str, kept))
            self._order = list(kept)

        yield reorder
        for start in range(0, len(rows), _BATCH):
            yield partial(self._put_batch, rows[start : start + _BATCH], start)

    def _put_batch(self, rows: tuple[PersonRow, ...], start: int) -> None:
        for index, row in enumerate(rows, start):
            self._put(row, index)

    def _put(self, row: PersonRow, index: int) -> None:
        before = self._drawn.get(row.key)
        iid = str(row.key)
        if before is None:
            self.tree.insert("", index, iid=iid, values=row.cells, tags=_tags(row), image=str(self._locks[row.lock]))
            self._order.insert(index, row.key)
        else:
            if before != row:
                self.tree.item(iid, values=row.cells, tags=_tags(row), image=str(self._locks[row.lock]))
            if index >= len(self._order) or self._order[index] != row.key:
                self._order.remove(row.key)
                self._order.insert(index, row.key)
                self.tree.move(iid, "", index)
        self._drawn[row.key] = row

    def _remove(self, key: int) -> None:
        if self._drawn.pop(key, None) is not None:
            self._order.remove(key)
            self.tree.delete(str(key))

    def _select(self, keys: tuple[int, ...]) -> None:
        self._to_select = None
        drawn = tuple(key for key in keys if key in self._drawn)
        if set(drawn) == set(map(int, self.tree.selection())):
            return
        self._told = tuple(sorted(drawn))
        self.tree.selection_set(*map(str, drawn)) if drawn else self.tree.selection_set(())
        if len(drawn) == 1:
            self.tree.focus(str(drawn[0]))
            self.tree.see(str(drawn[0]))

    def _selected(self, _: object) -> None:
        selected = tuple(int(iid) for iid in self.tree.selection())
        if tuple(sorted(selected)) != self._told:
            self._told = tuple(sorted(selected))
            self._actions.people_selected(selected)

    def _all(self, _: object) -> str:
        self._actions.all_people_clicked()
        return "break"

    def _colour(self, palette: Palette) -> None:
        for column in _COLUMNS:
            # Whoever has written stands there in bold.
            sample, title = (
                self._look.width(_SAMPLES[column], BOLD_FONT),
                self._look.width(column.value + _MARKS[False]),
            )
            width = max(sample, title) + self._look.pixels(_CELL_PADDING)
            self._widths[column] = width
            least = self._look.pixels(40)
            self.tree.column(column.value, width=width, minwidth=least, stretch=False, anchor=_anchor(column))
        self._fit_name()
        self._fit_locks()
        self.tree.tag_configure("unread", font=BOLD_FONT)
        self.tree.tag_configure("away", foreground=palette.pale)
        self._note.configure(foreground=palette.pale)

    def _fit_locks(self) -> None:
        width = self._look.pixels(_LOCK_WIDTH)
        self.tree.column("#0", width=width, minwidth=width, stretch=False)
        self._locks = {
            lock: tb.Icon(SIGNS[lock], size=SIGN_SIZE, color=colour) for lock, colour in SIGN_COLOURS.items()
        }
        for key, row in self._drawn.items():
            self.tree.item(str(key), image=str(self._locks[row.lock]))

    def _fit_name(self) -> None:
        """Let the names be as wide as there is room for beside what must be in sight."""
        others = sum(self._widths[column] for column in _IN_SIGHT[1:]) + self._look.pixels(_LOCK_WIDTH)
        room = self.tree.winfo_width() - others - self._look.pixels(4)
        least = self._look.width(_SHORT_NAME) + self._look.pixels(_CELL_PADDING)
        self.tree.column(_IN_SIGHT[0].value, width=max(least, room))


def _anchor(column: PersonColumn) -> Literal["e", "w"]:
    return "e" if column in _RIGHT else "w"


def _tags(row: PersonRow) -> tuple[str, ...]:
    return tuple(tag for tag, wanted in (("unread", row.unread > 0), ("away", not row.is_here)) if wanted)
