"""The hub's key code and who may join, at the head of the window, and the settings of who may join.

Owns these widgets. Must never decide what they say, nor change who may join without Apply. Run by the Tk thread.
"""

import tkinter

import ttkbootstrap as tb

from tcpipserver.gui.appearance import BOLD_FONT, CODE_FONT, Appearance
from tcpipserver.gui.presenter import Presenter
from tcpipserver.gui.views_door import DoorForm, ShownDoor
from tcpipserver.gui.window_hint import Hint
from tcpipserver.hub.admission import WHO_MAY_JOIN, Joining

_WRAP = 460


class DoorPanel(tb.Frame):
    """The key code, big enough to be read out, and who may join."""

    def __init__(self, master: tkinter.Misc, presenter: Presenter, looks: Appearance) -> None:
        super().__init__(master)
        self._gap = gap = looks.pixels(8)
        door = presenter.door
        self._key_line = tb.Frame(self)
        self._key_line.pack(fill="x")
        self.copy_key = tb.Button(
            self._key_line, text="Copy key code", command=door.key_copied, bootstyle="primary outline"
        )
        self.copy_key.pack(side="right", padx=(gap, 0))
        self._key = tb.Label(self._key_line, font=CODE_FONT, justify="left")
        self._key.pack(side="left", fill="x", expand=True)
        self._hint = Hint(self, looks, pady=(0, gap // 2), after=self._key_line)
        line = tb.Frame(self)
        line.pack(fill="x")
        self.settings = tb.Button(line, text="Who may join …", command=door.settings_clicked, bootstyle="outline")
        self.settings.pack(side="right", padx=(gap, 0))
        self._who = tb.Label(line, font=BOLD_FONT, justify="left")
        self._who.pack(side="left", fill="x", expand=True)
        self._code_line = tb.Frame(self)
        self.copy_code = tb.Button(
            self._code_line, text="Copy join code", command=door.code_copied, bootstyle="primary outline"
        )
        self.copy_code.pack(side="right", padx=(gap, 0))
        tb.Label(self._code_line, text="Join code").pack(side="left", padx=(0, gap))
        self._code = tb.Label(self._code_line, font=CODE_FONT, justify="left")
        self._code.pack(side="left", fill="x", expand=True)
        for label in (self._key, self._who, self._hint, self._code):
            label.bind("<Configure>", lambda event: event.widget.configure(wraplength=event.width))

    def show_door(self, door: ShownDoor) -> None:
        """Show the hub's key and who may join."""
        self._key.configure(text=door.key_code or "–")
        self.copy_key.configure(state="normal" if door.key_code else "disabled")
        self._hint.configure(text=door.key_hint)
        self._who.configure(text=door.who)
        self._code.configure(text=door.join_code)
        if door.join_code:
            self._code_line.pack(fill="x", pady=(self._gap, 0))
        else:
            self._code_line.pack_forget()


class DoorDialog(tb.Toplevel):
    """The settings; Escape and closing change nothing."""

    def __init__(self, master: tb.App, looks: Appearance, presenter: Presenter) -> None:
        super().__init__(title="Who may join", resizable=(False, False), transient=master)
        self._door = presenter.door
        self._joining = tkinter.StringVar(self)
        self._takes_classic = tkinter.BooleanVar(self)
        gap = looks.pixels(12)
        box = tb.Frame(self, padding=gap)
        box.pack(fill="both", expand=True)
        for joining, words in WHO_MAY_JOIN.items():
            tb.Radiobutton(
                box,
                text=words[0].upper() + words[1:],
                value=joining.value,
                variable=self._joining,
                command=self._joining_chosen,
            ).pack(anchor="w", pady=(0, gap // 3))
        self._code_box = tb.Frame(box)
        self._code = tb.Label(self._code_box, font=CODE_FONT)
        self._code.pack(side="left", padx=(gap * 2, gap))
        tb.Button(self._code_box, text="New code", command=self._door.new_code_clicked, bootstyle="outline").pack(
            side="left"
        )
        tb.Separator(box).pack(fill="x", pady=gap // 2)
        self.classic = tb.Checkbutton(
            box,
            text="Take in original clients too, which do not encrypt",
            variable=self._takes_classic,
            command=lambda: self._door.classic_chosen(bool(self._takes_classic.get())),
        )
        self.classic.pack(anchor="w")
        wrap = looks.pixels(_WRAP)
        self._who = tb.Label(box, font=BOLD_FONT, wraplength=wrap, justify="left")
        self._who.pack(anchor="w", pady=(gap, 0))
        tb.Label(
            box,
            text="It counts for those who come from now on; whoever is here stays.",
            bootstyle="secondary",
            wraplength=wrap,
            justify="left",
        ).pack(anchor="w")
        self._make_buttons(box, gap)
        self._after = box.pack_slaves()[len(WHO_MAY_JOIN) - 2]
        self.bind("<Escape>", lambda _: self._cancel())
        self.protocol("WM_DELETE_WINDOW", self._cancel)
        self.bind("<Visibility>", self._take_over)

    def _make_buttons(self, box: tb.Frame, gap: int) -> None:
        buttons = tb.Frame(box)
        buttons.pack(anchor="e", pady=(gap, 0))
        self._cancelling = tb.Button(buttons, text="Cancel", command=self._cancel, bootstyle="secondary outline")
        self._cancelling.pack(side="right")
        self.apply = tb.Button(buttons, text="Apply", command=self._confirm, bootstyle="primary")
        self.apply.pack(side="right", padx=gap // 2)

    def show(self, form: DoorForm) -> None:
        """Show what is chosen."""
        self._joining.set(form.policy.joining.value)
        self._takes_classic.set(form.policy.takes_classic and form.can_take_classic)
        self.classic.configure(state="normal" if form.can_take_classic else "disabled")
        self._who.configure(text=form.who)
        self._code.configure(text=form.join_code or "made with Apply")
        if form.shows_code:
            self._code_box.pack(anchor="w", after=self._after)
        else:
            self._code_box.pack_forget()

    def centre(self) -> None:
        """Put it over its window."""
        self.update_idletasks()
        master = self.master
        left = master.winfo_rootx() + (master.winfo_width() - self.winfo_reqwidth()) // 2
        top = master.winfo_rooty() + (master.winfo_height() - self.winfo_reqheight()) // 3
        self.geometry(f"+{max(left, 0)}+{max(top, 0)}")

    def _take_over(self, _event: "tkinter.Event[tkinter.Misc]") -> None:
        self.unbind("<Visibility>")
        self.grab_set()
        self._cancelling.focus_set()

    def _joining_chosen(self) -> None:
        self._door.joining_chosen(Joining(self._joining.get()))

    def _confirm(self) -> None:
        self.destroy()
        self._door.door_confirmed()

    def _cancel(self) -> None:
        self.destroy()
        self._door.door_cancelled()
