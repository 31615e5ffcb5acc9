"""The upper edge of the client's window: host, port, name, the one button, light and lock with words, and the banner.

Owns these widgets. Must never decide: what is typed goes to the actions as it is. Thread: Tk's.
"""

import time
import tkinter as tk
from collections.abc import Sequence

import ttkbootstrap as tb

from tcpipclient.gui.actions import Actions
from tcpipclient.gui.shown import Banner, ConnectionShown, Light, Severity
from tcpipclient.gui.window_lock import LockButton
from tcpipclient.gui.window_theme import BOLD_FONT, Look, Palette

_LIGHT_SIZE = 18
_WORDS_WIDTH = 150
_SIGNS = {Severity.NOTE: "info-circle-fill", Severity.WARNING: "exclamation-triangle-fill"}
_TROUBLE_SIGN = "x-octagon-fill"


class ConnectionBar(tb.Frame):
    """Host, port, name, Connect, the light; `menu_place` is free for the window's menu."""

    def __init__(self, master: tk.Misc, look: Look, actions: Actions) -> None:
        edge = look.pixels(10)
        super().__init__(master, padding=(edge, look.pixels(8)))
        self._look, self._actions = look, actions
        self._shown = ConnectionShown(Light.RED, "Not connected.", "Connect", can_edit=True)
        self.host = tb.Combobox(self, width=18)
        self.port = tb.Entry(self, width=6)
        self.name = tb.Entry(self, width=14)
        self.button = tb.Button(self, text="Connect", command=self._clicked, bootstyle="primary", width=11)
        self._light = tb.Label(self)
        self._words = tb.Label(self, text="", anchor="w")
        self.lock = LockButton(self, look, actions)
        self.menu_place = tb.Frame(self)
        gap = look.pixels(5)
        fields: tuple[tuple[str, tb.Entry | tb.Combobox, int], ...] = (
            ("Host", self.host, 3),
            ("Port", self.port, 0),
            ("My name", self.name, 2),
        )
        for index, (label, field, weight) in enumerate(fields):
            tb.Label(self, text=label).grid(row=0, column=2 * index, padx=(0, gap))
            field.grid(row=0, column=2 * index + 1, sticky="ew", padx=(0, 2 * gap))  # type: ignore[no-untyped-call]
            self.grid_columnconfigure(2 * index + 1, weight=weight)
            field.bind("<Return>", self._entered)
        self.button.grid(row=0, column=6, padx=(0, 2 * gap))
        self.grid_columnconfigure(8, weight=4)
        self.menu_place.grid(row=0, column=10, padx=(gap, 0))
        self.lay_out(narrow=False)
        self.host.bind("<<ComboboxSelected>>", lambda _: self.host.selection_clear())
        self._words.bind("<Configure>", self._fit_words)
        look.follow(self._colour)

    def lay_out(self, *, narrow: bool) -> None:
        """Put the light and its words behind the button, or on a line of their own."""
        gap = self._look.pixels(6)
        self.grid_columnconfigure(8, minsize=0 if narrow else self._look.pixels(_WORDS_WIDTH))
        if narrow:
            self._light.grid(row=1, column=0, sticky="e", padx=(0, gap), pady=(gap, 0))
            self._words.grid(row=1, column=1, columnspan=5, sticky="ew", pady=(gap, 0))
            self.lock.grid(row=1, column=6, columnspan=5, sticky="e", pady=(gap, 0))
        else:
            self._light.grid(row=0, column=7, sticky="", padx=(0, gap), pady=0)
            self._words.grid(row=0, column=8, columnspan=1, sticky="ew", pady=0)
            self.lock.grid(row=0, column=9, columnspan=1, sticky="e", padx=(gap, 0), pady=0)

    def show_fields(self, host: str, port: str, name: str, hosts: Sequence[str]) -> None:
        """See ConnectionView."""
        self.host.configure(values=list(hosts))
        for field, text in ((self.host, host), (self.port, port), (self.name, name)):
            state = str(field.cget("state"))
            field.configure(state="normal")
            field.delete(0, "end")
            field.insert(0, text)
            field.configure(state=state)

    def show_connection(self, shown: ConnectionShown) -> None:
        """See ConnectionView."""
        before, self._shown = self._shown, shown
        self._fit_words()
        if shown.button != before.button:
            self.button.configure(text=shown.button)
        if shown.can_edit != before.can_edit:
            for field in (self.host, self.port, self.name):
                field.configure(state="normal" if shown.can_edit else "disabled")
        if shown.light is not before.light:
            self._colour(self._look.palette)

    def _fit_words(self, _: object = None) -> None:
        """Break the words where they do not fit beside the light."""
        width = self._words.winfo_width()
        self._words.configure(text=self._shown.words, wraplength=max(width, self._look.pixels(80)))

    def _colour(self, palette: Palette) -> None:
        colour = palette.lights[self._shown.light]
        self._light.configure(image=tb.Icon("circle-fill", size=_LIGHT_SIZE, color=colour))

    def _entered(self, _: object) -> str:
        if self._shown.can_edit:
            self._clicked()
        return "break"

    def _clicked(self) -> None:
        self._actions.connect_clicked(self.host.get(), self.port.get(), self.name.get(), time.monotonic())


class BannerBar(tk.Frame):
    """A sentence across the window, with a sign and a button that takes it away."""

    def __init__(self, master: tk.Misc, look: Look, actions: Actions) -> None:
        super().__init__(master)
        self._look = look
        self._severity = Severity.NOTE
        self._sign = tk.Label(self)
        self._text = tk.Label(self, anchor="w", justify="left", font=BOLD_FONT)
        self.close = tb.Button(self, text="Close", bootstyle="outline", command=actions.banner_closed)
        self._sign.pack(side="left", padx=(look.pixels(12), look.pixels(8)), pady=look.pixels(8))
        self.close.pack(side="right", padx=look.pixels(8), pady=look.pixels(5))
        self._text.pack(side="left", fill="x", expand=True)
        self._text.bind("<Configure>", lambda event: self._text.configure(wraplength=event.width))
        look.follow(self._colour)

    def show_banner(self, banner: Banner | None) -> None:
        """See ConnectionView."""
        if banner is None:
            self.grid_remove()
            return
        self._severity = banner.severity
        self._text.configure(text=banner.text)
        self._colour(self._look.palette)
        self.grid()

    def _colour(self, palette: Palette) -> None:
        background, text = palette.banners[self._severity]
        sign = _SIGNS.get(self._severity, _TROUBLE_SIGN)
        self.configure(background=background)
        self._text.configure(background=background, foreground=text)
        self._sign.configure(background=background, image=tb.Icon(sign, size=_LIGHT_SIZE, color=text))
