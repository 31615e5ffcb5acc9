"""The transfers panel of the client's window: a list of any length, of which only the rows in sight are widgets.

Owns the list, the pool of rows, and the line of totals. Must never decide what can be done with a file: its row says
so. Thread: Tk's.
"""

import time
import tkinter as tk
from collections.abc import Sequence
from functools import partial

import ttkbootstrap as tb

from tcpipclient.gui.actions import Actions
from tcpipclient.gui.shown import TransferAction, TransferRow, TransferShown
from tcpipclient.gui.window_scrollbar import QuietScrollbar
from tcpipclient.gui.window_theme import BOLD_FONT, SMALL_FONT, Look, Palette

_BAR_STYLES = {
    TransferShown.SENT: "success",
    TransferShown.SAVED: "success",
    TransferShown.FAILED: "danger",
    TransferShown.CANCELLED: "secondary",
    TransferShown.DECLINED: "secondary",
}
_SHORT = {TransferAction.ALWAYS: "Always"}
"""Labels that fit in a row; the whole one is in the offers' strip."""
_STRONG = {TransferAction.ACCEPT: "success", TransferAction.RETRY: "primary"}


class TransfersPanel(tb.Frame):
    """All files on their way, and those that are over until they are cleared."""

    def __init__(self, master: tk.Misc, look: Look, actions: Actions) -> None:
        super().__init__(master)
        self._look, self._actions = look, actions
        self._order: list[int] = []
        self._rows: dict[int, TransferRow] = {}
        self._pool: list[_RowFrame] = []
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
        while len(self._pool) < len(keys):
            self._pool.append(_RowFrame(self, self.canvas, self._look))
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


class _RowFrame:
    """The widgets of one row in sight, used for whichever file is there."""

    def __init__(self, panel: TransfersPanel, canvas: tk.Canvas, look: Look) -> None:
        self._panel, self._canvas, self._look = panel, canvas, look
        self._row: TransferRow | None = None
        self._width = 0
        self._edge = look.pixels(8)
        self.frame = tb.Frame(canvas, padding=(self._edge, look.pixels(5)))
        self.frame.columnconfigure(0, weight=1)
        self._name = tb.Label(self.frame, font=BOLD_FONT, anchor="w")
        self._peer = tb.Label(self.frame, font=SMALL_FONT, anchor="w")
        self._bar = tb.Progressbar(self.frame, maximum=100)
        self._amount = tb.Label(self.frame, font=SMALL_FONT, anchor="w")
        self._buttons = tb.Frame(self.frame)
        self._made: dict[TransferAction, tb.Button] = {}
        for line, widget in enumerate((self._name, self._peer, self._bar, self._amount, self._buttons)):
            widget.grid(row=line, column=0, sticky="ew", pady=look.pixels(2) if widget is self._bar else 0)
        labels = (self._name, self._peer, self._amount)
        self._tips = [tb.ToolTip(label, text="", delay=500) for label in labels]
        for widget in (self.frame, *labels, self._bar, self._buttons):
            panel.bind_wheel(widget)
        self._item = canvas.create_window(0, 0, anchor="nw", window=self.frame)
        self.colour(look.palette)

    def put(self, row: TransferRow, place: int, width: int, height: int) -> None:
        """Show this file at this place."""
        self._canvas.itemconfigure(self._item, width=width, height=height, state="normal")
        self._canvas.coords(self._item, 0, place)
        before, self._row = self._row, row
        if before == row and width == self._width:
            return
        self._width = width
        peer = f"{row.state.value} {row.peer}"
        amount = row.detail or " · ".join(part for part in (row.amount, row.speed, row.left) if part)
        room = width - 2 * self._edge
        for label, words, font in (
            (self._name, f"{row.arrow} {row.name}", BOLD_FONT),
            (self._peer, peer, SMALL_FONT),
            (self._amount, amount, SMALL_FONT),
        ):
            label.configure(text=self._look.clip(words, room, font))
        self._bar.configure(value=row.percent)
        if before is None or before.state is not row.state:
            self._bar.configure(bootstyle=_BAR_STYLES.get(row.state, "primary"))
        for tip in self._tips:
            tip.configure(text="\n".join((row.name, peer, row.amount, row.detail)).strip())
        if before is None or before.actions != row.actions:
            self._put_buttons(row.actions)

    def hide(self) -> None:
        """Show no file."""
        if self._row is not None:
            self._canvas.itemconfigure(self._item, state="hidden")
            self._row = None

    def colour(self, palette: Palette) -> None:
        """Take the colours and the text size of the theme."""
        self._width = 0
        self._peer.configure(foreground=palette.pale)
        self._amount.configure(foreground=palette.pale)

    def _put_buttons(self, actions: tuple[TransferAction, ...]) -> None:
        """Show these buttons and no others; one that stays keeps the keyboard."""
        focus = str(self.frame.focus_get() or "")
        for action, button in self._made.items():
            if action not in actions and button.winfo_manager():
                button.pack_forget()
                if str(button) == focus:
                    self._canvas.focus_set()
        for action in actions:
            if action not in self._made:
                self._made[action] = self._make_button(action)
            self._made[action].pack(side="left", padx=(0, self._look.pixels(5)))

    def _make_button(self, action: TransferAction) -> tb.Button:
        button = tb.Button(
            self._buttons,
            text=_SHORT.get(action, action.value),
            bootstyle=f"{_STRONG.get(action, 'secondary')} outline",
            padding=(self._look.pixels(7), self._look.pixels(1)),
            command=partial(self._act, action),
        )
        self._panel.bind_wheel(button)
        return button

    def _act(self, action: TransferAction) -> None:
        if self._row is not None:
            self._panel.act(self._row.key, action)
