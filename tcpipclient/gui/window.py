"""The client's window: its parts, where they stand, and the beat by which events reach the presenter.

Owns the one Tk root, the layout for wide and narrow windows, and the timers. It draws what the presenter says and tells
it what the user does, nothing more. Must never decide, wait or work: what takes long is cut into slices, or done by
other threads that leave their events in the queue. An error in a callback is logged and said in a banner.
Thread: Tk's, which is the program's main thread.
"""

import logging
import queue
import sys
import threading
import time
import tkinter as tk
from collections.abc import Callable
from tkinter import filedialog
from types import TracebackType

import ttkbootstrap as tb
from tkinterdnd2 import TkinterDnD

from tcpipclient.gui.actions import Actions
from tcpipclient.gui.event_queue import EventQueue
from tcpipclient.gui.settings import Settings, Theme
from tcpipclient.gui.shown import Banner, LeaveQuestion, Severity
from tcpipclient.gui.system_theme import system_is_dark
from tcpipclient.gui.view import View
from tcpipclient.gui.window_ahead import AHEAD_SECONDS, load_parts, steps_ahead
from tcpipclient.gui.window_clipboard import copied_files
from tcpipclient.gui.window_connection import BannerBar, ConnectionBar
from tcpipclient.gui.window_conversation import ConversationPane
from tcpipclient.gui.window_drop import DropArea, Drops
from tcpipclient.gui.window_hub_questions import HubQuestions
from tcpipclient.gui.window_keys import bind_keys, keys_told, modifier
from tcpipclient.gui.window_late_cards import LateCards
from tcpipclient.gui.window_layout import Layout
from tcpipclient.gui.window_menu import WindowMenu
from tcpipclient.gui.window_notices import Toasts
from tcpipclient.gui.window_offer import OfferStrip
from tcpipclient.gui.window_people import PeopleList
from tcpipclient.gui.window_place import is_maximised, maximise, place
from tcpipclient.gui.window_questions import Questions
from tcpipclient.gui.window_slices import Slices
from tcpipclient.gui.window_theme import DARK_THEME, LIGHT_THEME, Look
from tcpipclient.gui.window_tips import tips
from tcpipclient.gui.window_transfers import TransfersPanel

_PULL_MILLISECONDS, _PULL_SECONDS, _EVENTS_AT_ONCE = 30, 0.006, 50
_SWITCH_SECONDS = 0.0005
"""For so long a busy thread of the client keeps the interpreter, of which Tk lets go at each call. A tenth of what
is usual, since one step of drawing has dozens of calls."""
DRAWN_MILLISECONDS = 200
"""After `begin`: the window is drawn by then, and what would have delayed that can be done."""
_TICK_SECONDS = 0.2
_ALONE = "ClientWindowAlone"
_logger = logging.getLogger(__name__)


class ClientWindow(tb.App, TkinterDnD.DnDWrapper):  # type: ignore[misc]
    """The window.

    Args:
        present: Makes the presenter for it; it is called once, before there is anything to see.
        events: What other threads fill and the presenter is given.
        theme: The colours to begin with.
        scaling: Pixels of the screen for a point of text; None is what the system says.

    Attributes:
        actions: The presenter.
        is_interrupted: Whether the window ended because the program was told to stop.
    """

    def __init__(
        self,
        present: Callable[[View], Actions],
        events: EventQueue,
        theme: Theme = Theme.SYSTEM,
        scaling: float | None = None,
    ) -> None:
        first = DARK_THEME if theme is Theme.DARK else LIGHT_THEME
        super().__init__(title="Chat", theme=first, scaling=scaling)
        self.withdraw()
        self._events = events
        self._settings = Settings(theme=theme)
        self._system_dark: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self._is_system_dark: bool | None = None
        self._is_narrow: bool | None = None
        self._is_focused: bool | None = None
        self._geometry = ""
        self._in_sight: tuple[int, ...] = ()
        self._ticked = 0.0
        self._ends = False
        self.is_interrupted = False
        self.actions = actions = present(self)
        self._look = look = Look(self)
        self._build(look, actions)
        look.style_disabled()
        self._show_parts()
        bind_keys(self, self, actions)
        self._listen()

    def _build(self, look: Look, actions: Actions) -> None:
        self.grid_columnconfigure(0, weight=1)
        self.grid_rowconfigure(3, weight=1)
        self.connection = ConnectionBar(self, look, actions)
        self.menu = WindowMenu(self.connection.menu_place, actions, modifier(self), self.show_keys)
        self.banner = BannerBar(self, look, actions)
        self.offer = OfferStrip(self, look, actions)
        self.panes = tb.Panedwindow(self, orient="horizontal")
        self.people = PeopleList(self.panes, look, actions)
        self._main = tb.Frame(self.panes)
        self.conversation = ConversationPane(
            self._main, look, actions, self.attach, self.attach_folder, self._paste_files
        )
        self._side = tb.Frame(self._main)
        self.drop_area = DropArea(self._side, look, self.attach)
        self.transfers = TransfersPanel(self._side, look, actions, self._add_files)
        self.questions = Questions(self, look, actions)
        self.hub_questions = HubQuestions(self, look, actions, self.questions)
        self.cards = LateCards(self, look, actions, self.questions)
        self._ahead = Slices(self.transfers, AHEAD_SECONDS)
        self.toasts = Toasts(self, self.conversation.messages, look)
        self.connection.grid(row=0, column=0, sticky="ew")  # type: ignore[no-untyped-call]
        self.banner.grid(row=1, column=0, sticky="ew")
        self.banner.grid_remove()
        self.offer.grid(row=2, column=0, sticky="ew")
        self.offer.grid_remove()
        self.panes.grid(row=3, column=0, sticky="nsew")
        self.panes.add(self.people, weight=0)
        self.panes.add(self._main, weight=1)
        self._main.columnconfigure(0, weight=1)
        self._main.rowconfigure(0, weight=1)
        self.conversation.grid(row=0, column=0, sticky="nsew")  # type: ignore[no-untyped-call]
        parts = (self.people, self._main, self._side, self.drop_area, self.transfers)
        self._layout = Layout(look, self.panes, *parts)
        self.drops = Drops(self, self.drop_area, self.dropped)

    def _show_parts(self) -> None:
        """The calls of the view are those of the parts."""
        self.show_fields = self.connection.show_fields
        self.show_connection = self.connection.show_connection
        self.show_lock = self.connection.lock.show_lock
        self.ask_hub = self.hub_questions.ask_hub
        self.close_hub_question = self.hub_questions.close_hub_question
        self.show_identity = self.hub_questions.show_identity
        self.show_banner = self.banner.show_banner
        self.show_people = self.people.show_people
        self.put_person = self.people.put_person
        self.remove_person = self.people.remove_person
        self.select_people = self.people.select_people
        self.show_people_note = self.people.show_people_note
        self.show_sorting = self.people.show_sorting
        self.show_person_menu = self.people.menu.show_person_menu
        self.show_server = self.people.show_server
        self.show_conversation = self.conversation.show_conversation
        self.add_messages = self.conversation.add_messages
        self.add_earlier = self.conversation.add_earlier
        self.change_messages = self.conversation.change_messages
        self.show_composer = self.conversation.show_composer
        self.set_draft = self.conversation.set_draft
        self.put_transfers = self.transfers.put_transfers
        self.remove_transfers = self.transfers.remove_transfers
        self.order_transfers = self.transfers.order_transfers
        self.show_transfers_note = self.transfers.show_transfers_note
        self.show_offer = self.offer.show_offer
        self.show_drop_note = self.drop_area.show_drop_note
        self.ask_send = self.questions.ask_send
        self.ask_accept = self.cards.ask_accept
        self.close_accept = self.cards.close_accept
        self.show_details = self.questions.show_details
        self.change_details = self.questions.change_details
        self.ask_limit = self.cards.ask_limit
        self.close_limit = self.cards.close_limit
        self.show_toast = self.toasts.show_toast

    def _listen(self) -> None:
        self.protocol("WM_DELETE_WINDOW", self._closing)
        # A binding of the window itself would be called for every widget in it.
        self.bindtags((_ALONE, *self.bindtags()))
        self.bind_class(_ALONE, "<Configure>", self._configured)
        self.bind("<FocusIn>", lambda _: self.after_idle(self._tell_focus), add="+")
        self.bind("<FocusOut>", lambda _: self.after_idle(self._tell_focus), add="+")

    def begin(self) -> None:
        """Fill the window, show it, and start its beat; the program runs `mainloop` then."""
        sys.setswitchinterval(_SWITCH_SECONDS)
        place(self, self._look, "")
        self.actions.started(time.monotonic(), time.time())
        self._lay_out()
        self.deiconify()
        self.after(_PULL_MILLISECONDS, self._beat)
        self.after(DRAWN_MILLISECONDS, self._begin_drawn)
        self.connection.host.focus_set()

    def _begin_drawn(self) -> None:
        """The window is drawn: what takes a while comes now."""
        loading = threading.Thread(target=load_parts, name="parts")
        loading.start()

        def look() -> None:
            is_dark = system_is_dark()
            loading.join()
            self._system_dark.put(is_dark)

        threading.Thread(target=look, name="theme", daemon=True).start()
        self._ahead.add(self.drops.begin, *tips(self))

    def _beat(self) -> None:
        try:
            self._pull()
        finally:
            if not self._ends:
                self.after(_PULL_MILLISECONDS, self._beat)

    def _pull(self) -> None:
        now, wall = time.monotonic(), time.time()
        while events := self._events.take(_EVENTS_AT_ONCE):
            self.actions.received(events, now, wall)
            if time.monotonic() - now >= _PULL_SECONDS:
                break
        if now - self._ticked >= _TICK_SECONDS and not self._ends:
            self._ticked = now
            self._tell_sight()
            self.actions.ticked(now, wall)
        if not self._system_dark.empty():
            self._is_system_dark = self._system_dark.get_nowait()
            self._use_look()
            self._ahead.add(*steps_ahead(self.transfers))

    def _tell_sight(self) -> None:
        in_sight = self.people.in_sight()
        if in_sight != self._in_sight:
            self._in_sight = in_sight
            self.actions.people_in_sight(in_sight)

    # What the view asks of the window itself.

    def show_title(self, title: str) -> None:
        """See NoticeView."""
        self.title(title)

    def ring_bell(self) -> None:
        """See NoticeView."""
        self.bell()

    def show_settings(self, settings: Settings) -> None:
        """See NoticeView."""
        self._settings = settings
        self.menu.show(settings)
        self._use_look()
        if self.state() == "withdrawn":
            place(self, self._look, settings.geometry)
            if settings.maximised:
                maximise(self)

    def ask_leave(self, question: LeaveQuestion) -> None:
        """See NoticeView."""
        self.questions.ask_leave(question)

    def close_window(self) -> None:
        """See NoticeView."""
        self._ends = True
        self.after_idle(self.end)

    def end(self) -> None:
        """Take the window away now; nothing of it runs after that."""
        self._ends = True
        for timer in self.tk.splitlist(self.tk.call("after", "info")):
            self.tk.call("after", "cancel", timer)
        for part in self.winfo_children():
            # Parts are still resized while others go, and then ask for colours, which end with the window.
            part.destroy()
        self.destroy()

    # What the keys act on.

    def attach(self) -> None:
        """Choose files to send."""
        if self._can_attach():
            chosen = filedialog.askopenfilenames(parent=self, title="Choose files to send")
            if chosen:
                self.actions.files_dropped(list(map(str, chosen)))

    def attach_folder(self) -> None:
        """Choose a folder to send."""
        if self._can_attach():
            chosen = filedialog.askdirectory(parent=self, title="Choose a folder to send", mustexist=True)
            if chosen:
                self.actions.files_dropped([str(chosen)])

    def _can_attach(self) -> bool:
        return str(self.conversation.attach_button.cget("state")) != "disabled" and not self.questions.is_open

    def _add_files(self, key: int) -> None:
        """Choose files that are to go with what is sent in a row."""
        chosen = filedialog.askopenfilenames(parent=self, title="Choose files to add")
        if chosen:
            self.actions.files_dropped(list(map(str, chosen)), into=key)

    def show_keys(self) -> None:
        """Show the list of keys."""
        self.questions.show_keys(keys_told(self))

    def search(self) -> None:
        """Give the keyboard to the search above the people list."""
        self.people.search.focus_set()

    def write(self) -> None:
        """Give the keyboard to the composer."""
        self.conversation.composer.focus_set()

    def next_part(self, direction: int) -> None:
        """Give the keyboard to the next part of the window (1) or the one before (-1)."""
        parts: tuple[tuple[tk.Misc, tk.Misc], ...] = (
            (self.connection, self.connection.host),
            (self.people, self.people.tree),
            (self.conversation.messages, self.conversation.messages.text),
            (self.conversation, self.conversation.composer),
            (self.drop_area, self.drop_area),
            (self.transfers, self.transfers.canvas),
        )
        focus = str(self.focus_get() or "")
        inside = [index for index, (part, _) in enumerate(parts) if focus.startswith(str(part))]
        # The messages are a part of the conversation: the one with the longer path is meant.
        here = max(inside, key=lambda index: len(str(parts[index][0])), default=-direction if direction > 0 else 0)
        chosen = parts[(here + direction) % len(parts)][1]
        if chosen is self.people.tree:
            self.people.focus_list()
        else:
            chosen.focus_set()

    def dropped(self, data: str, x_root: int, y_root: int) -> None:
        """Files were dropped at this place of the screen; `data` is the list as Tcl writes it."""
        onto = self.people.row_at(x_root, y_root)
        if self.questions.is_open:
            return
        row = self.transfers.maybe_taking_more_at(x_root, y_root)
        if row is None:
            self.actions.files_dropped(self.tk.splitlist(data), onto)
        else:
            self.actions.files_dropped(self.tk.splitlist(data), into=row)

    def _paste_files(self) -> bool:
        files = copied_files(self)
        if files:
            self.actions.files_dropped(files)
        return bool(files)

    # Size, place and look.

    def _use_look(self) -> None:
        theme = self._settings.theme
        dark = theme is Theme.DARK or (theme is Theme.SYSTEM and bool(self._is_system_dark))
        if self._look.use(dark=dark, percent=self._settings.text_percent):
            self._is_narrow = None
            self._layout.forget()
            self._lay_out()

    def _configured(self, _: object) -> None:
        if not is_maximised(self):
            self._geometry = self.geometry()
        self._lay_out()

    def _lay_out(self) -> None:
        width = self.winfo_width() if self.winfo_ismapped() else int(self.geometry().partition("x")[0])
        narrow = self._layout.is_narrow(width)
        if narrow != self._is_narrow:
            self._is_narrow = narrow
            self.connection.lay_out(narrow=narrow)
            self.conversation.lay_out(narrow=narrow)
        self._layout.fit(width)

    def _tell_focus(self) -> None:
        if self._ends:
            return
        focused = bool(self.tk.call("focus"))
        if focused != self._is_focused:
            self._is_focused = focused
            self.actions.focus_changed(focused=focused)

    def _closing(self) -> None:
        self.actions.close_clicked(self._geometry or self.geometry(), maximised=is_maximised(self))

    def report_callback_exception(self, exc: type[BaseException], val: BaseException, tb: TracebackType | None) -> None:
        """Tk calls this when a callback raised."""
        if issubclass(exc, KeyboardInterrupt):
            self.is_interrupted = True
            self.close_window()
            return
        _logger.error("A callback of the window failed.", exc_info=(exc, val, tb))
        if self._ends:
            return
        self.show_banner(
            Banner(Severity.TROUBLE, "Something went wrong in this window; the log has the details. You can go on.")
        )
