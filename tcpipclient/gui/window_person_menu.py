"""The menu on the people list: key code, and whether somebody's files are taken without asking.

Owns the menu and what opens it: the right button, and the keys that systems have for it. Must never change who is
selected but to the row under the pointer. Thread: Tk's.
"""

import tkinter as tk

import ttkbootstrap as tb

from tcpipclient.gui.actions import Actions
from tcpipclient.gui.shown import PersonMenuShown

KEY_CODE = "Key code…"
ALWAYS = "Take files without asking"


class PersonMenu:
    """The menu of one people list, whose rows are named by their keys."""

    def __init__(self, tree: tb.Treeview, actions: Actions) -> None:
        self._tree, self._actions = tree, actions
        self._row = 0
        self.menu = tb.Menu(tree, tearoff=False)
        self.menu.add_command(label=KEY_CODE, command=lambda: self._actions.person_key_clicked(self._row))
        self._always = tk.BooleanVar(tree)
        self.menu.add_checkbutton(label=ALWAYS, variable=self._always, command=self._always_clicked)
        is_aqua = tree.tk.call("tk", "windowingsystem") == "aqua"
        for button in ("<Button-2>", "<Control-Button-1>") if is_aqua else ("<Button-3>",):
            tree.bind(button, self._clicked)
        for key in ("<Shift-F10>", "<Menu>", "<App>"):
            try:
                tree.bind(key, self._pressed)
            except tk.TclError:
                pass  # Each system has its own name for the menu key, and knows no other.

    def show_person_menu(self, shown: PersonMenuShown) -> None:
        """See PeopleView."""
        self._always.set(shown.takes_always)
        self.menu.entryconfigure(1, state="normal" if shown.can_change else "disabled")

    def _always_clicked(self) -> None:
        self._actions.always_chosen(self._row, wanted=bool(self._always.get()))

    def _clicked(self, event: "tk.Event[tk.Misc]") -> str:
        row = self._tree.identify_row(event.y)
        if row:
            if row not in self._tree.selection():
                self._tree.selection_set(row)
            self._post(row, event.x_root, event.y_root)
        return "break"

    def _pressed(self, _: object) -> str:
        """For the row that has the keyboard, below it."""
        row = self._tree.focus()
        box = self._tree.bbox(row) if row else ""
        if box:
            x, y, _, height = box
            self._post(row, self._tree.winfo_rootx() + x, self._tree.winfo_rooty() + y + height)
        return "break"

    def _post(self, row: str, x: int, y: int) -> None:
        self._row = int(row)
        self._actions.person_menu_opened(self._row)
        self.menu.tk_popup(x, y)
