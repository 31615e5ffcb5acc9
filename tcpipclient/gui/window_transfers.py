"""The transfers panel of the client's window: a list of any length, of which only the rows in sight are widgets.

Owns the list, the pool of rows, and the line of totals. Must never decide what can be done with a file: its row says
so. Thread: Tk's.
"""

import time
import tkinter as tk
from collections.abc import Callable, Sequence

import ttkbootstrap as tb

from tcpipclient.gui.actions import Actions
from tcpipclient.gui.shown import TransferAction, TransferRow
from tcpipclient.gui.window_scrollbar import QuietScrollbar
from tcpipclient.gui.window_theme import BOLD_FONT, SMALL_FONT, Look, Palette
from tcpipclient.gui.window_transfer_row import RowFrame

_PAUSE_MILLISECONDS, _MOST_AHEAD = 4, 4


class TransfersPanel(tb.Frame):
    """All files on their way, and those that are over until they are cleared.

    Args:
        add: Asks which files are to be added to what is sent in a row, given its key.
    """

    def __init__(self, master: tk.Misc, look: Look, actions: Actions, add: Callable[[int], None]) -> None:
        super().__init__(master)
        self._look, self._actions, self._add = look, actions, add
        self._order: list[int] = []
        self._rows: dict[int, TransferRow] = {}
        self._pool: list[RowFrame] = []
        self._top = 0
        self._redraw: str | None = None
        self._row_height = 1
        gap = look.pixels(8)
        self.grid_rowconfigure(1, weight=1)
        self.grid_columnconfigure(0, weight=1)
        head = tb.Frame(self, padding=(gap, look.pixels(4), 0, look.pixels(4)))
        head.grid(row=0, column=0, columnspan=2, sticky="ew")
        tb.Label(head, text="Files", font=BOLD_FONT).pack(side="left")
        self.clear = tb.Button(head, text="Clear finished", bootstyle="link", command=actions.clear_transfers_clicked)
        self.clear.pack(side="right")
        self.canvas = tk.Canvas(self, width=look.pixels(200), height=look.pixels(80), takefocus=True)
        self._scrollbar = QuietScrollbar(self, command=self._scrolled, bootstyle="round")
        self.canvas.grid(row=1, column=0, sticky="nsew")
        self._scrollbar.grid_quietly(1, 1)
        self._note = tb.Label(self, font=SMALL_FONT, anchor="w", justify="left", padding=(gap, look.pixels(3)))
        self._note.grid(row=2, column=0, columnspan=2, sticky="ew")
        self._note.bind("<Configure>", lambda event: self._note.configure(wraplength=max(1, event.width - 2 * gap)))
        self.menu = tb.Menu(self, tearoff=False)
        self._listen()
        look.follow(self._colour)

    def put_transfers(self, rows: Sequence[TransferRow]) -> None:
        """See TransfersView."""
        for row in rows:
            if row.key not in self._rows:
                self._order.append(row.key)
            self._rows[row.key] = row
        self._draw_soon()

    def remove_transfers(self, keys: Sequence[int]) -> None:
        """See TransfersView."""
        gone = set(keys)
        self._order = [key for key in self._order if key not in gone]
        for key in gone:
            self._rows.pop(key, None)
        self._draw_soon()

    def order_transfers(self, keys: Sequence[int]) -> None:
        """See TransfersView."""
        moved, wanted = set(keys), iter(keys)
        self._order = [next(wanted) if key in moved else key for key in self._order]
        self._draw_soon()

    def maybe_taking_more_at(self, x_root: int, y_root: int) -> int | None:
        """Key of the row at this place of the screen, where files can be added to it."""
        canvas = self.canvas
        x, y = x_root - canvas.winfo_rootx(), y_root - canvas.winfo_rooty()
        if not (0 <= x < canvas.winfo_width() and 0 <= y < canvas.winfo_height()):
            return None
        position = (self._top + y) // self._row_height
        row = self._rows[self._order[position]] if position < len(self._order) else None
        return row.key if row is not None and TransferAction.ADD in row.more else None

    def show_transfers_note(self, text: str) -> None:
        """See TransfersView."""
        self._note.configure(text=text)

    def _listen(self) -> None:
        self.canvas.bind("<Configure>", lambda _: self._draw_soon())
        self.canvas.bind("<Up>", lambda _: self._move(-self._row_height))
        self.canvas.bind("<Down>", lambda _: self._move(self._row_height))
        self.canvas.bind("<Prior>", lambda _: self._move(-self._height()))
        self.canvas.bind("<Next>", lambda _: self._move(self._height()))
        self.canvas.bind("<Home>", lambda _: self._go(0))
        self.canvas.bind("<End>", lambda _: self._go(len(self._order) * self._row_height))
        self.canvas.bind("<Button-1>", lambda _: self.canvas.focus_set())
        self.bind_wheel(self.canvas)

    def bind_wheel(self, widget: tk.Misc) -> None:
        """Let the wheel above this widget move the list."""
        widget.bind("<MouseWheel>", lambda event: self._move(self._row_height * (-1 if event.delta > 0 else 1)))
        if str(self.tk.call("tk", "windowingsystem")) == "x11":
            widget.bind("<Button-4>", lambda _: self._move(-self._row_height))
            widget.bind("<Button-5>", lambda _: self._move(self._row_height))

    def act(self, key: int, action: TransferAction) -> None:
        """A button of a row."""
        if action is TransferAction.ADD:
            self._add(key)
        else:
            self._actions.transfer_action(key, action, time.monotonic())

    def _height(self) -> int:
        return max(1, self.canvas.winfo_height())

    def _scrolled(self, command: str, amount: str, unit: str = "") -> None:
        if command == "moveto":
            self._go(int(float(amount) * len(self._order) * self._row_height))
        else:
            step = self._height() * 0.9 if unit == "pages" else self._row_height
            self._move(int(int(amount) * step))

    def _move(self, pixels: int) -> str:
        return self._go(self._top + pixels)

    def _go(self, top: int) -> str:
        self._top = top
        self._draw_soon()
        return "break"

    def _draw_soon(self) -> None:
        if self._redraw is None:
            self._redraw = self.canvas.after_idle(self._draw)

    def _draw(self) -> None:
        self._redraw = None
        if not self.winfo_exists():
            return
        height, all_pixels = self._height(), len(self._order) * self._row_height
        self._top = max(0, min(self._top, all_pixels - height))
        first = self._top // self._row_height
        keys = self._order[first : first + height // self._row_height + 2]
        if len(self._pool) < len(keys):
            self._make_row()
            if len(self._pool) < len(keys):
                self.canvas.after(_PAUSE_MILLISECONDS, self._draw_soon)
        width = max(1, self.canvas.winfo_width())
        for position, frame in enumerate(self._pool):
            if position < len(keys):
                place = (first + position) * self._row_height - self._top
                frame.put(self._rows[keys[position]], place, width, self._row_height)
            else:
                frame.hide()
        if all_pixels:
            self._scrollbar.set(self._top / all_pixels, min(1.0, (self._top + height) / all_pixels))
        else:
            self._scrollbar.set(0.0, 1.0)

    def rows_ahead(self) -> list[Callable[[], None]]:
        """Steps that make the widgets of the first rows, before there is anything to show in them."""
        return [self._make_row] * max(0, min(_MOST_AHEAD, self._height() // self._row_height + 1) - len(self._pool))

    def _make_row(self) -> None:
        self._pool.append(RowFrame(self.canvas, self._look, self.act, self.bind_wheel, self.menu))

    def _colour(self, palette: Palette) -> None:
        pixels, line = self._look.pixels, self._look.line
        self._row_height = line() * 2 + line(SMALL_FONT) * 2 + pixels(52)
        self.canvas.configure(
            background=palette.background,
            highlightthickness=pixels(2),
            highlightbackground=palette.background,
            highlightcolor=palette.link,
        )
        self._note.configure(foreground=palette.pale)
        for frame in self._pool:
            frame.colour(palette)
        self._draw_soon()
