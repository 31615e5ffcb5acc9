"""The server window: the panels put together, the menu, and the beat with which the Tk thread fetches what is new.

Owns the window. Must never decide anything, nor do anything slow: the presenter decides, the control works. Run by the
Tk thread.
"""

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import ttkbootstrap as tb

from tcpipserver.gui.appearance import DARK_THEME, LIGHT_THEME, Appearance
from tcpipserver.gui.feed import Feed
from tcpipserver.gui.geometry import fitting
from tcpipserver.gui.presenter import Presenter
from tcpipserver.gui.settings import LARGEST_TEXT, SMALLEST_TEXT, WindowSettings
from tcpipserver.gui.views import (
    HubControl,
    HubState,
    Notice,
    PersonRow,
    ShownAddresses,
    ShownLine,
    ShownText,
)
from tcpipserver.gui.views_door import DoorForm, KeyRow, ShownDoor
from tcpipserver.gui.window_dialogs import Question
from tcpipserver.gui.window_door import DoorDialog, DoorPanel
from tcpipserver.gui.window_head import HeadPanel, NoticePanel
from tcpipserver.gui.window_keytables import BannedPanel, WaitingPanel
from tcpipserver.gui.window_log import LogPanel
from tcpipserver.gui.window_people import PeoplePanel
from tcpipserver.gui.window_texts import TextsPanel
from tcpipserver.gui.window_tips import add_tips
from tcpipserver.hub.admission import AT_FIRST, Policy

BEAT_MILLISECONDS = 30
_EVENTS_PER_TAKE = 200
_TAKING_SECONDS = 0.008
_DRAWN_MILLISECONDS = 200
"""After opening; what would have delayed the drawing comes then."""
_SWITCH_SECONDS = 0.0005
"""For so long a busy thread of the hub keeps the interpreter, of which Tk lets go at each call. It is a tenth of what
is usual, since one step of drawing has dozens of calls."""
_REASON = "Reason, if you like to give one. Their window shows it:"
_USUAL_SIZE = (980, 680)
_SMALLEST_SIZE = (560, 520)


class Window(tb.App):
    """The whole window.

    Attributes:
        presenter: What decides.
        head, notice, people, log, texts: The panels.
    """

    def __init__(
        self,
        settings: WindowSettings,
        control: HubControl,
        feed: Feed,
        is_dark: bool,
        port: int,
        host: str = "",
        policy: Policy = AT_FIRST,
        should_end: Callable[[], bool] = lambda: False,
    ) -> None:
        super().__init__(title="tcpipserver", theme=DARK_THEME if is_dark else LIGHT_THEME)
        self.withdraw()
        self._feed = feed
        self._should_end = should_end
        self._settings = settings
        self._beat: str | None = None
        self._question: Question | None = None
        self._door_dialog: DoorDialog | None = None
        self._is_closed = False
        self._is_system_dark = is_dark and settings.colours == "system"
        self._unread = 0
        self.looks = Appearance(self)
        self.looks.set_text_step(settings.text_step)
        self.presenter = Presenter(self, control, port, host, policy)
        self._colours = tb.StringVar(self, settings.colours)
        self._make_panels()
        self._fill_menu()
        self._bind_keys()
        self._place()
        self.protocol("WM_DELETE_WINDOW", self.presenter.hub.close_clicked)

    def _make_panels(self) -> None:
        gap = self.looks.pixels(10)
        self._box = tb.Frame(self, padding=gap)
        self._box.pack(fill="both", expand=True)
        self._totals = tb.Label(self._box, bootstyle="secondary")
        self._totals.pack(side="bottom", fill="x", pady=(gap // 2, 0))
        self.head = HeadPanel(self._box, self.presenter, self.looks)
        self.head.pack(fill="x", pady=(0, gap))  # type: ignore[no-untyped-call]
        self.door = DoorPanel(self._box, self.presenter, self.looks)
        self.door.pack(fill="x", pady=(0, gap))  # type: ignore[no-untyped-call]
        self.waiting = WaitingPanel(self._box, self.presenter, self.looks)
        self.notice = NoticePanel(self._box, self.presenter, self.looks)
        self._panes = tb.Panedwindow(self._box, orient="vertical")
        self._panes.pack(fill="both", expand=True)
        self.people = PeoplePanel(self._panes, self.presenter, self.looks)
        self._tabs = tb.Notebook(self._panes)
        self.log = LogPanel(self._tabs, self.presenter, self.looks)
        self.texts = TextsPanel(self._tabs, self.presenter, self.looks)
        self._tabs.add(self.log, text="Event log", underline=0)
        self._tabs.add(self.texts, text="Texts to the server", underline=0)
        self.banned = BannedPanel(self._tabs, self.looks, self.presenter.unban_clicked)
        self._tabs.add(self.banned, text="Banned", underline=0)
        self._tabs.enable_traversal()
        self._panes.add(self.people, weight=1)
        self._panes.add(self._tabs, weight=1)
        self._tabs.bind("<<NotebookTabChanged>>", lambda _: self._tab_changed())

    def _fill_menu(self) -> None:
        menu, hub = self.head.menu, self.presenter.hub
        menu.add_command(label="Others cannot connect …", command=hub.firewall_clicked)
        menu.add_command(label="Save the event log …", accelerator="Ctrl+S", command=self.log.save)
        menu.add_separator()
        for value, label in (
            ("system", "Colours of the system"),
            ("light", "Light colours"),
            ("dark", "Dark colours"),
        ):
            menu.add_radiobutton(label=label, value=value, variable=self._colours, command=self._colours_chosen)
        menu.add_separator()
        menu.add_command(label="Larger text", accelerator="Ctrl +", command=lambda: self._resize_text(1))
        menu.add_command(label="Smaller text", accelerator="Ctrl −", command=lambda: self._resize_text(-1))
        menu.add_command(label="Usual text", accelerator="Ctrl 0", command=lambda: self._resize_text(None))
        menu.add_separator()
        menu.add_command(label="Quit", accelerator="Ctrl+Q", command=hub.close_clicked)

    def _bind_keys(self) -> None:
        for keys, step in (
            (("<Control-plus>", "<Control-equal>", "<Control-KP_Add>"), 1),
            (("<Control-minus>", "<Control-KP_Subtract>"), -1),
            (("<Control-Key-0>", "<Control-KP_0>"), None),
        ):
            for key in keys:
                self.bind(key, lambda _, step=step: self._resize_text(step))  # type: ignore[misc]
        # The toolkit has Enter press a button instead of Space; people are used to both.
        self.tk.call("bind", "TButton", "<Key-space>", "ttk::button::activate %W")
        self.bind("<Control-s>", lambda _: self.log.save())
        self.bind("<Control-q>", lambda _: self.presenter.hub.close_clicked())
        self.bind("<Control-f>", lambda _: self._find())

    def _place(self) -> None:
        pixels = self.looks.pixels
        screen = self.winfo_screenwidth(), self.winfo_screenheight()
        usual = min(pixels(_USUAL_SIZE[0]), screen[0]), min(pixels(_USUAL_SIZE[1]), screen[1])
        self.minsize(min(pixels(_SMALLEST_SIZE[0]), screen[0]), min(pixels(_SMALLEST_SIZE[1]), screen[1]))
        self.geometry(fitting(self._settings.geometry, screen) or f"{usual[0]}x{usual[1]}")
        if self._settings.is_maximised:
            self._maximise()

    # The beat

    def open(self) -> None:
        """Show the window and begin to fetch what is new."""
        sys.setswitchinterval(_SWITCH_SECONDS)
        self.deiconify()
        self.update_idletasks()
        self._panes.sashpos(0, round(self._panes.winfo_height() * self._settings.sash))
        self.presenter.opened()
        self._fetch()
        self.after(_DRAWN_MILLISECONDS, add_tips, self)

    def _fetch(self) -> None:
        """One beat: fetch for a few milliseconds, show some of what is due, come back soon."""
        self._beat = self.after(BEAT_MILLISECONDS, self._fetch)
        wall, deadline = time.time(), time.monotonic() + _TAKING_SECONDS
        while taken := self._feed.take(_EVENTS_PER_TAKE):
            self.presenter.receive(taken, wall)
            if time.monotonic() >= deadline:
                break
        self.presenter.tick()
        if self._should_end():
            self.presenter.hub.close_confirmed()
        if self._is_closed:
            self._end()

    def settings_now(self) -> WindowSettings:
        """What is to be remembered, once the window has been closed."""
        return self._settings

    # What the presenter wants shown

    def put_people(self, rows: Sequence[PersonRow]) -> None:
        """Add rows, or replace those whose id is there."""
        self.people.put_people(rows)

    def remove_people(self, ids: Sequence[int]) -> None:
        """Take rows away."""
        self.people.remove_people(ids)

    def order_people(self, ids: Sequence[int]) -> None:
        """Put all rows into this order."""
        self.people.order_people(ids)

    def show_sorting(self, column: str, is_descending: bool) -> None:
        """Mark the column by which the rows are ordered."""
        self.people.show_sorting(column, is_descending)

    def show_empty(self, text: str) -> None:
        """Say this instead of rows."""
        self.people.show_empty(text)

    def ask_reason(self, question: str, ids: tuple[int, ...]) -> None:
        """Ask whether, and why, to send these away."""
        self._ask(
            question,
            "Send away",
            lambda reason: self.presenter.kick_confirmed(ids, reason),
            _REASON,
        )

    def ask_ban(self, question: str, keys: tuple[str, ...]) -> None:
        """Ask whether, and why, to keep these out."""
        self._ask(question, "Ban", lambda reason: self.presenter.ban_confirmed(keys, reason), _REASON)

    def ask_denial(self, question: str, keys: tuple[str, ...]) -> None:
        """Ask whether, and why, not to let these in."""
        self._ask(question, "Turn away", lambda reason: self.presenter.denial_confirmed(keys, reason), _REASON)

    def show_door(self, door: ShownDoor) -> None:
        """Show the hub's key and who may join."""
        self.door.show_door(door)

    def ask_door(self, form: DoorForm) -> None:
        """Open the settings of who may join, or show them as they are now."""
        is_there = self._door_dialog is not None and self._door_dialog.winfo_exists()
        if self._door_dialog is None or not is_there:
            self._door_dialog = DoorDialog(self, self.looks, self.presenter)
        self._door_dialog.show(form)
        if not is_there:
            self._door_dialog.centre()

    def remember_policy(self, policy: Policy) -> None:
        """This is who may join, at the next start too."""
        self._settings = replace(self._settings, joining=policy.joining.value, takes_classic=policy.takes_classic)

    def show_waiting(self, rows: Sequence[KeyRow], *, is_new: bool) -> None:
        """Show those who wait; nobody takes the table away."""
        self.waiting.show_waiting(rows)
        if rows:
            self.waiting.pack(fill="x", pady=(0, self.looks.pixels(8)), before=self._panes)  # type: ignore[no-untyped-call]
        else:
            self.waiting.pack_forget()
        if is_new:
            self.bell()

    def show_banned(self, rows: Sequence[KeyRow], count: int) -> None:
        """Show those who are kept out."""
        self.banned.show_banned(rows, count)
        self._tabs.tab(self.banned, text=f"Banned ({count:,})" if count else "Banned")

    def add_lines(self, lines: Sequence[ShownLine]) -> None:
        """Add lines to the log."""
        self.log.add_lines(lines)

    def clear_lines(self) -> None:
        """Take all lines away."""
        self.log.clear_lines()

    def show_log_state(self, text: str, is_paused: bool) -> None:
        """Say how many lines there are."""
        self.log.show_log_state(text, is_paused)

    def add_texts(self, texts: Sequence[ShownText]) -> None:
        """Add texts."""
        self.texts.add_texts(texts)

    def show_recipient(self, text: str, is_everybody: bool) -> None:
        """Say who will read what is being written."""
        self.texts.show_recipient(text, is_everybody)

    def show_unread(self, count: int) -> None:
        """Say how many texts nobody has looked at, on the tab and in the title."""
        self._tabs.tab(self.texts, text=f"Texts to the server ({count})" if count else "Texts to the server")
        self.title(f"({count}) tcpipserver" if count else "tcpipserver")
        if count > self._unread:
            self.bell()
        self._unread = count

    def show_problem(self, text: str) -> None:
        """Say why a text was not sent."""
        self.texts.show_problem(text)

    def clear_entry(self) -> None:
        """A text has gone out."""
        self.texts.clear_entry()

    def open_texts(self) -> None:
        """Bring the texts to the front, ready for typing."""
        self._tabs.select(self.texts)
        self.texts.entry.focus_set()

    def show_state(self, state: HubState) -> None:
        """Show what the hub does."""
        self.head.show_state(state)

    def show_port(self, port: int) -> None:
        """Show the port."""
        self.head.show_port(port)
        self._settings = replace(self._settings, port=port)

    def show_addresses(self, addresses: ShownAddresses) -> None:
        """Show where others find the hub."""
        self.head.show_addresses(addresses)

    def show_notice(self, notice: Notice | None) -> None:
        """Show a sentence across the window, or none."""
        if notice is None:
            self.notice.pack_forget()
        else:
            self.notice.show_notice(notice)
            self.notice.pack(fill="x", pady=(0, self.looks.pixels(8)), before=self._panes)  # type: ignore[no-untyped-call]

    def show_totals(self, text: str) -> None:
        """Show the line at the foot."""
        self._totals.configure(text=text)

    def show_dark(self, is_dark: bool) -> None:
        """The system prefers dark windows, or light ones."""
        self._is_system_dark = is_dark
        self._colours_chosen()

    def ask_close(self, question: str) -> None:
        """Ask whether to close."""
        self._ask(question, "Stop and close", lambda _: self.presenter.hub.close_confirmed())

    def _ask(self, question: str, yes: str, answer: Callable[[str], None], entry_label: str = "") -> None:
        """One question at a time: a new one takes the place of one that nobody has answered."""
        if self._question is not None:
            self._question.destroy()
        self._question = Question(self, self.looks, question, yes, answer, entry_label)

    def copy(self, text: str) -> None:
        """Put a text into the clipboard."""
        self.clipboard_clear()
        self.clipboard_append(text)

    def close(self) -> None:
        """End the window with this beat, when nobody uses its widgets any more."""
        self._is_closed = True

    def _end(self) -> None:
        is_maximised = self._is_maximised()
        self._settings = replace(
            self._settings,
            geometry=self._settings.geometry if is_maximised else self.geometry(),
            is_maximised=is_maximised,
            colours=self._colours.get(),
            text_step=self.looks.step,
            sash=min(max(self._panes.sashpos(0) / max(self._panes.winfo_height(), 1), 0.1), 0.9),
        )
        if self._beat is not None:
            self.after_cancel(self._beat)
        self.destroy()

    # What concerns looks alone

    def _colours_chosen(self) -> None:
        chosen = self._colours.get()
        self._use_dark(self._is_system_dark if chosen == "system" else chosen == "dark")

    def _use_dark(self, is_dark: bool) -> None:
        if self.looks.use_dark(is_dark):
            self._fit()

    def _resize_text(self, step: int | None) -> None:
        wanted = 0 if step is None else min(max(self.looks.step + step, SMALLEST_TEXT), LARGEST_TEXT)
        self.looks.set_text_step(wanted)
        self._fit()

    def _fit(self) -> None:
        for panel in (self.head, self.waiting, self.notice, self.people, self.log, self.texts, self.banned):
            panel.fit()

    def _tab_changed(self) -> None:
        self.presenter.texts.visibility_changed(self._tabs.select() == str(self.texts))

    def _find(self) -> None:
        self._tabs.select(self.log)
        self.log.find.focus_set()

    def _maximise(self) -> None:
        if self.winsys == "x11":
            self.attributes("-zoomed", True)
        else:
            self.state("zoomed")

    def _is_maximised(self) -> bool:
        return bool(self.attributes("-zoomed")) if self.winsys == "x11" else self.state() == "zoomed"
