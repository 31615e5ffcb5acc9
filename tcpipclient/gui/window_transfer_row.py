"""One row of the transfers panel: name, state, bar, amounts and buttons, with a menu for what is asked for less often.

Owns the widgets of a row in sight, which are used for whatever stands there. Must never decide what can be done: its
row says so. Thread: Tk's.
"""

import tkinter as tk
from collections.abc import Callable
from functools import partial

import ttkbootstrap as tb

from tcpipclient.gui.shown import TransferAction, TransferRow
from tcpipclient.gui.window_bar import Bar
from tcpipclient.gui.window_theme import BOLD_FONT, SMALL_FONT, Look, Palette

MORE = "More"
_SHORT = {TransferAction.ALWAYS: "Always"}
"""Labels that fit in a row; the whole one is in the offers' strip."""
_STRONG = {
    TransferAction.ACCEPT: "success",
    TransferAction.REVIEW: "success",
    TransferAction.RESUME: "primary",
    TransferAction.RETRY: "primary",
}


class RowFrame:
    """The widgets of one row in sight, used for whichever file is there.

    Args:
        act: Takes what was asked for, and the key of the row.
        bind_wheel: Lets the wheel above a widget move the list.
        menu: Of all rows, filled for the one that it is opened for.
    """

    def __init__(
        self,
        canvas: tk.Canvas,
        look: Look,
        act: Callable[[int, TransferAction], None],
        bind_wheel: Callable[[tk.Misc], None],
        menu: tb.Menu,
    ) -> None:
        self._canvas, self._look, self._menu = canvas, look, menu
        self._act_on, self._bind_wheel = act, bind_wheel
        self._row: TransferRow | None = None
        self._width = 0
        self._place: tuple[int, int, int] | None = None
        self._said: dict[tb.Label, str] = {}
        self._tip = ""
        self._edge = look.pixels(8)
        self.frame = tb.Frame(canvas, padding=(self._edge, look.pixels(5)))
        self.frame.columnconfigure(0, weight=1)
        self._name = tb.Label(self.frame, font=BOLD_FONT, anchor="w")
        self._peer = tb.Label(self.frame, font=SMALL_FONT, anchor="w")
        self._bar = Bar(self.frame, look)
        self._amount = tb.Label(self.frame, font=SMALL_FONT, anchor="w")
        self._buttons = tb.Frame(self.frame)
        self._made: dict[TransferAction, tb.Button] = {}
        self._more: tb.Button | None = None
        for line, widget in enumerate((self._name, self._peer, self._bar, self._amount, self._buttons)):
            widget.grid(row=line, column=0, sticky="ew", pady=look.pixels(2) if widget is self._bar else 0)
        labels = (self._name, self._peer, self._amount)
        self._tips = [tb.ToolTip(label, text="", delay=500) for label in labels]
        menu_button = "<Button-2>" if canvas.tk.call("tk", "windowingsystem") == "aqua" else "<Button-3>"
        for widget in (self.frame, *labels, self._bar, self._buttons):
            bind_wheel(widget)
            widget.bind(menu_button, self._menu_wanted)
        self._item = canvas.create_window(0, 0, anchor="nw", window=self.frame, state="hidden")
        self.colour(look.palette)

    def put(self, row: TransferRow, place: int, width: int, height: int) -> None:
        """Show this file at this place."""
        if self._place != (place, width, height):
            self._place = (place, width, height)
            self._canvas.itemconfigure(self._item, width=width, height=height, state="normal")
            self._canvas.coords(self._item, 0, place)
        before, self._row = self._row, row
        if before == row and width == self._width:
            return
        if width != self._width:
            self._width = width
            self._said.clear()
        peer = " · ".join(part for part in (f"{row.state.value} {row.peer}", row.way, row.count) if part)
        told = " · ".join(part for part in (row.amount, row.speed, row.left) if part)
        amount = row.detail or told
        room = width - 2 * self._edge - self._look.pixels(6)
        for label, words, font in (
            (self._name, f"{row.arrow} {row.name}", BOLD_FONT),
            (self._peer, peer, SMALL_FONT),
            (self._amount, amount, SMALL_FONT),
        ):
            # While files arrive fast each call of the toolkit may wait for the threads that receive them.
            if self._said.get(label) != words:
                self._said[label] = words
                label.configure(text=self._look.clip(words, room, font))
        self._bar.put(row.percent, row.state, self._look.palette)
        tip = "\n".join(filter(None, (row.name, peer, told, row.detail)))
        if tip != self._tip:
            self._tip = tip
            for each in self._tips:
                each.configure(text=tip)
        if before is None or (before.actions, bool(before.more)) != (row.actions, bool(row.more)):
            self._put_buttons(row)

    def hide(self) -> None:
        """Show no file."""
        if self._row is not None:
            self._canvas.itemconfigure(self._item, state="hidden")
            self._row = self._place = None

    def colour(self, palette: Palette) -> None:
        """Take the colours and the text size of the theme."""
        self._width = 0
        self._bar.colour(palette)
        self._peer.configure(foreground=palette.pale)
        self._amount.configure(foreground=palette.pale)

    def _put_buttons(self, row: TransferRow) -> None:
        """Show these buttons and no others; one that stays keeps the keyboard."""
        focus = str(self.frame.focus_get() or "")
        for action, button in self._made.items():
            if action not in row.actions:
                self._hide_button(button, focus)
        for column, action in enumerate(row.actions):
            if action not in self._made:
                style = f"{_STRONG.get(action, 'secondary')} outline"
                self._made[action] = self._make_button(
                    _SHORT.get(action, action.value), style, partial(self._act, action)
                )
            self._made[action].grid(row=0, column=column, padx=(0, self._look.pixels(5)))
        if row.more:
            if self._more is None:
                self._more = self._make_button(MORE, "secondary link", self._more_pressed)
                for key in ("<Down>", "<Shift-F10>"):
                    self._more.bind(key, lambda _: self._more_pressed())
            self._more.grid(row=0, column=len(row.actions))
        elif self._more is not None:
            self._hide_button(self._more, focus)

    def _hide_button(self, button: tb.Button, focus: str) -> None:
        button.grid_remove()
        if str(button) == focus:
            self._canvas.focus_set()

    def _make_button(self, label: str, style: str, command: Callable[[], object]) -> tb.Button:
        button = tb.Button(
            self._buttons,
            text=label,
            bootstyle=style,
            padding=(self._look.pixels(7), self._look.pixels(1)),
            command=command,
        )
        self._bind_wheel(button)
        return button

    def _act(self, action: TransferAction) -> None:
        if self._row is not None:
            self._act_on(self._row.key, action)

    def _more_pressed(self) -> str:
        """The menu below the button, with what no button is for."""
        if self._row is not None and self._more is not None:
            self._post(self._row.more, self._more.winfo_rootx(), self._more.winfo_rooty() + self._more.winfo_height())
        return "break"

    def _menu_wanted(self, event: "tk.Event[tk.Misc]") -> str:
        """The menu at the pointer, with everything."""
        if self._row is not None:
            self._post((*self._row.actions, *self._row.more), event.x_root, event.y_root)
        return "break"

    def _post(self, actions: tuple[TransferAction, ...], x: int, y: int) -> None:
        self._menu.delete(0, "end")
        assert self._row is not None
        key = self._row.key  # Another may stand here when the entry is chosen.
        for action in actions:
            self._menu.add_command(label=action.value, command=partial(self._act_on, key, action))
        if actions:
            self._menu.tk_popup(x, y)
