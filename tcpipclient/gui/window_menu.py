"""The menu of the client's window: theme, text size, folder for received files, limits of files, keys.

Owns the menu and its button. Must never keep a setting: what is chosen goes to the actions, and what holds comes back
by `show`. Thread: Tk's.
"""

import tkinter as tk
from collections.abc import Callable
from functools import partial
from tkinter import filedialog

import ttkbootstrap as tb

from tcpipclient.gui.actions import Actions
from tcpipclient.gui.settings import Settings, Theme

_THEMES = {Theme.SYSTEM: "Colours of the system", Theme.LIGHT: "Light", Theme.DARK: "Dark"}

_SIZES = ((10, "MB", 10**6), (100, "MB", 10**6), (1, "GB", 10**9), (10, "GB", 10**9), (100, "GB", 10**9))
LARGEST_UNASKED = (("Any size", 0), *((f"{count} {unit}", count * factor) for count, unit, factor in _SIZES))
LISTENING = "Listen for direct connections"


class WindowMenu:
    """The button "Settings" and what it opens."""

    def __init__(self, place: tb.Frame, actions: Actions, modifier: str, keys_wanted: Callable[[], None]) -> None:
        self._actions = actions
        self._theme = tk.StringVar(place, value=Theme.SYSTEM)
        self._downloads = ""
        self.button = tb.Menubutton(place, text="Settings ", bootstyle="outline", takefocus=True)
        self.button.pack()
        self.menu = menu = tb.Menu(self.button, tearoff=False)
        for theme, label in _THEMES.items():
            menu.add_radiobutton(
                label=label,
                value=theme,
                variable=self._theme,
                command=partial(actions.theme_chosen, theme),
            )
        menu.add_separator()
        for steps, label, key in ((1, "Larger text", "+"), (-1, "Smaller text", "-"), (0, "Normal text", "0")):
            menu.add_command(
                label=label,
                accelerator=f"{modifier}+{key}",
                command=partial(actions.text_size_changed, steps),
            )
        menu.add_separator()
        menu.add_command(label="Folder for received files…", command=self._choose_folder)
        menu.add_command(label="Usual folder for received files", command=lambda: actions.downloads_chosen(""))
        self._add_limits(menu)
        menu.add_separator()
        menu.add_command(label="My key code…", command=actions.own_key_clicked)
        menu.add_command(label="Keys…", accelerator="F1", command=keys_wanted)
        self.button.configure(menu=menu)
        for key in ("<Return>", "<Down>"):
            self.button.bind(key, self._post)

    def _add_limits(self, menu: tb.Menu) -> None:
        actions = self._actions
        self._largest = tk.IntVar(self.button, value=0)
        self._listening = tk.BooleanVar(self.button, value=False)
        menu.add_command(label="Speed limit…", command=actions.speed_limit_clicked)
        self.sizes = sizes = tb.Menu(menu, tearoff=False)
        for label, size in LARGEST_UNASKED:
            sizes.add_radiobutton(
                label=label,
                value=size,
                variable=self._largest,
                command=partial(actions.largest_unasked_chosen, size),
            )
        menu.add_cascade(label="Take without asking up to", menu=sizes)
        menu.add_checkbutton(label=LISTENING, variable=self._listening, command=self._listening_clicked)

    def _listening_clicked(self) -> None:
        self._actions.listening_chosen(listening=bool(self._listening.get()))

    def show(self, settings: Settings) -> None:
        """Mark what holds."""
        self._theme.set(settings.theme)
        self._downloads = settings.downloads
        self._largest.set(settings.largest_unasked)
        self._listening.set(bool(settings.listening))

    def _post(self, _: object) -> str:
        self.button.event_generate("<space>")
        return "break"

    def _choose_folder(self) -> None:
        chosen = filedialog.askdirectory(
            parent=self.button, title="Folder for received files", initialdir=self._downloads or None, mustexist=True
        )
        if chosen:
            self._actions.downloads_chosen(str(chosen))
