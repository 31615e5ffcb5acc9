"""The head of the window: the light, the addresses, the port with its switch, and the sentence across.

Owns these widgets. Must never decide what they say. Run by the Tk thread.
"""

import tkinter

import ttkbootstrap as tb

from commonlib.meaning import Meaning
from tcpipserver.gui.appearance import BIG_FONT, BOLD_FONT, Appearance
from tcpipserver.gui.presenter import Presenter
from tcpipserver.gui.views import HubState, Notice, ShownAddresses
from tcpipserver.gui.window_hint import Hint

_LONGEST_BIG = 24
"""Characters of an address that is shown big; an IPv6 address is longer."""


class HeadPanel(tb.Frame):
    """The state of the hub, and where it is.

    Attributes:
        menu: Filled by the window.
    """

    def __init__(self, master: tkinter.Misc, presenter: Presenter, looks: Appearance) -> None:
        super().__init__(master)
        self._presenter = presenter
        self._looks = looks
        self._meaning = Meaning.CONNECTION
        self._make_switch(looks.pixels(8))
        self._make_addresses(looks.pixels(8))

    def _make_switch(self, gap: int) -> None:
        line = tb.Frame(self)
        line.pack(fill="x")
        self._light = tb.Label(line, text="●", font=BOLD_FONT)
        self._light.pack(side="left")
        self._title = tb.Label(line, font=BOLD_FONT)
        self._title.pack(side="left", padx=(gap // 2, 0))
        right = tb.Frame(line)
        right.pack(side="right")
        tb.Label(right, text="Port").pack(side="left", padx=(0, gap // 2))
        self.port = tb.Entry(right, width=6, justify="right")
        self.port.pack(side="left")
        self.port.bind("<Return>", lambda _: self._start_stop())
        self.switch = tb.Button(right, text="Start", command=self._start_stop, width=7)
        self.switch.pack(side="left", padx=gap)
        self.menu_button = tb.Menubutton(right, text="Menu ", bootstyle="secondary outline")
        self.menu = tb.Menu(self.menu_button, tearoff=False)
        self.menu_button.configure(menu=self.menu)
        self.menu_button.pack(side="left")

    def _make_addresses(self, gap: int) -> None:
        line = tb.Frame(self)
        line.pack(fill="x")
        self._main = tb.Label(line, text="…", font=BIG_FONT)
        self._main.pack(side="left")
        copy = self._presenter.hub.address_copied
        self.copy = tb.Button(line, text="Copy", command=copy, bootstyle="primary outline", state="disabled")
        self.copy.pack(side="left", padx=gap)
        self.more = tb.Menubutton(line, text="More addresses ", bootstyle="secondary outline")
        self._addresses = tb.Menu(self.more, tearoff=False)
        self.more.configure(menu=self._addresses)
        self._hint = Hint(self, self._looks)

    def fit(self) -> None:
        """Set the light to the theme."""
        self._light.configure(foreground=self._looks.colour(self._meaning))

    def show_state(self, state: HubState) -> None:
        """Show what the hub does."""
        self._meaning = state.meaning
        self._title.configure(text=state.title)
        self.switch.configure(
            text=state.button,
            state="disabled" if state.is_busy else "normal",
            bootstyle="success" if state.button == "Start" else "danger outline",
        )
        self.port.configure(state="normal" if state.can_edit_port else "readonly")
        self.fit()

    def show_port(self, port: int) -> None:
        """Show the port."""
        before = str(self.port.cget("state"))
        self.port.configure(state="normal")
        self.port.delete(0, "end")
        self.port.insert(0, str(port))
        self.port.configure(state=before)

    def show_addresses(self, addresses: ShownAddresses) -> None:
        """Show where others find the hub."""
        is_short = len(addresses.main) <= _LONGEST_BIG
        self._main.configure(text=addresses.main or "No address", font=BIG_FONT if is_short else BOLD_FONT)
        self.copy.configure(state="normal" if addresses.main else "disabled")
        self._hint.configure(text=addresses.hint)
        self._addresses.delete(0, "end")
        for address in addresses.others:
            self._addresses.add_command(
                label=f"Copy {address}",
                command=lambda chosen=address: self._presenter.hub.address_copied(chosen),  # type: ignore[misc]
            )
        if addresses.others:
            self.more.pack(side="left")
        else:
            self.more.pack_forget()

    def _start_stop(self) -> None:
        self._presenter.hub.start_stop_clicked(self.port.get())


class NoticePanel(tb.Frame):
    """A sentence across the window, when there is something to say."""

    def __init__(self, master: tkinter.Misc, presenter: Presenter, looks: Appearance) -> None:
        super().__init__(master)
        self._presenter = presenter
        self._looks = looks
        self._notice: Notice | None = None
        gap = looks.pixels(6)
        self._bar = tb.TkFrame(self, width=looks.pixels(5))
        self._bar.pack(side="left", fill="y", padx=(0, gap * 2))
        buttons = tb.Frame(self)
        buttons.pack(side="right", anchor="n")
        hub = presenter.hub
        self.action = tb.Button(buttons, command=hub.notice_action_clicked, bootstyle="primary")
        self.copy_command = tb.Button(
            buttons, text="Copy the command", command=hub.notice_command_clicked, bootstyle="primary"
        )
        self._close = tb.Button(buttons, text="Close", command=hub.notice_closed, bootstyle="secondary outline")
        self._close.pack(side="right", padx=(gap, 0))
        self._text = tb.Label(self, justify="left")
        self._text.pack(fill="x")
        self._command = tb.Entry(self, font="TkFixedFont", state="readonly")
        self.bind("<Configure>", self._wrap)

    def fit(self) -> None:
        """Set the colours to the theme."""
        if self._notice is not None:
            colour = self._looks.colour(self._notice.meaning)
            self._bar.configure(background=colour)
            self._text.configure(foreground=colour)

    def show_notice(self, notice: Notice) -> None:
        """Show a sentence."""
        self._notice = notice
        mark = "!  " if notice.meaning is Meaning.TROUBLE else ""
        self._text.configure(text=mark + notice.text)
        self._command.configure(state="normal")
        self._command.delete(0, "end")
        self._command.insert(0, notice.command)
        self._command.configure(state="readonly")
        for widget, is_wanted in ((self.action, bool(notice.action)), (self.copy_command, bool(notice.command))):
            widget.pack_forget()
            if is_wanted:
                widget.pack(side="right")
        self.action.configure(text=notice.action)
        if notice.command:
            self._command.pack(fill="x", pady=(self._looks.pixels(4), 0))
        else:
            self._command.pack_forget()
        self.fit()

    def _wrap(self, _event: "tkinter.Event[tkinter.Misc]") -> None:
        width = self.winfo_width() - self._close.master.winfo_reqwidth() - self._looks.pixels(40)
        self._text.configure(wraplength=max(width, self._looks.pixels(160)))
