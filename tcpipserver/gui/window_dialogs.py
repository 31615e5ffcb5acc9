"""The questions that the window asks before something is lost.

Owns their windows. Must never wait inside: the answer is a call. Run by the Tk thread.
"""

import tkinter
from collections.abc import Callable

import ttkbootstrap as tb

from tcpipserver.gui.appearance import Appearance

_WRAP = 380


class Question(tb.Toplevel):
    """A sentence and two buttons; Escape and closing are the answer that changes nothing.

    Args:
        answer: Called with what was typed when the question is answered with yes.
        entry_label: What to type; "" for nothing.
    """

    def __init__(
        self,
        master: tb.App,
        looks: Appearance,
        question: str,
        yes: str,
        answer: Callable[[str], None],
        entry_label: str = "",
    ) -> None:
        super().__init__(title="tcpipserver", resizable=(False, False), transient=master)
        self._answer = answer
        gap = looks.pixels(12)
        box = tb.Frame(self, padding=gap)
        box.pack(fill="both", expand=True)
        tb.Label(box, text=question, wraplength=looks.pixels(_WRAP), justify="left").pack(anchor="w")
        self.entry = tb.Entry(box, width=48)
        if entry_label:
            tb.Label(box, text=entry_label, bootstyle="secondary", wraplength=looks.pixels(_WRAP)).pack(
                anchor="w", pady=(gap, 0)
            )
            self.entry.pack(fill="x", pady=(gap // 3, 0))
        buttons = tb.Frame(box)
        buttons.pack(anchor="e", pady=(gap, 0))
        cancel = tb.Button(buttons, text="Cancel", command=self.destroy, bootstyle="secondary outline")
        cancel.pack(side="right")
        self.yes = tb.Button(buttons, text=yes, command=self._say_yes, bootstyle="danger")
        self.yes.pack(side="right", padx=gap // 2)
        self.bind("<Escape>", lambda _: self.destroy())
        self.entry.bind("<Return>", lambda _: self._say_yes())
        self.yes.bind("<Return>", lambda _: self._say_yes())
        cancel.bind("<Return>", lambda _: self.destroy())
        self._centre(master)
        self._focused = self.entry if entry_label else cancel
        self.bind("<Visibility>", self._take_over)

    def _centre(self, master: tb.App) -> None:
        self.update_idletasks()
        left = master.winfo_rootx() + (master.winfo_width() - self.winfo_reqwidth()) // 2
        top = master.winfo_rooty() + (master.winfo_height() - self.winfo_reqheight()) // 3
        self.geometry(f"+{max(left, 0)}+{max(top, 0)}")

    def _take_over(self, _event: "tkinter.Event[tkinter.Misc]") -> None:
        """Nothing else in the window can be used until the question is answered."""
        self.unbind("<Visibility>")
        self.grab_set()
        self._focused.focus_set()

    def _say_yes(self) -> None:
        typed = self.entry.get()
        self.destroy()
        self._answer(typed)
