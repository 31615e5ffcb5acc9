"""The head and the foot of the window: does the hub run, where do others find it, what is wrong, how much has passed.

Owns the state of the hub as the operator sees it. Must never start a hub while one is running. Pure: run by the Tk
thread.
"""

from enum import Enum

from commonlib.meaning import Meaning
from commonlib.wording import shown_count, shown_moment
from tcpipserver.gui.events import HubStarted, HubStopped, ListenRefused, MachineLooked
from tcpipserver.gui.firewall import Firewall, FirewallKind, advice
from tcpipserver.gui.forms import in_order_of_use, with_port
from tcpipserver.gui.presenter_people import totals
from tcpipserver.gui.views import Clipboard, HubControl, HubState, HubView, Notice, ShownAddresses
from tcpipserver.hub.overview import Overview, Relayed

_LARGEST_PORT = 65_535


class RunState(Enum):
    """What the hub does."""

    STOPPED = "stopped"
    STARTING = "starting"
    LISTENING = "listening"
    STOPPING = "stopping"


class _Action(Enum):
    """What the button of the notice does."""

    NOTHING = 0
    USE_FREE_PORT = 1
    START_AGAIN = 2


_STATES = {
    RunState.STOPPED: HubState("Stopped", Meaning.TROUBLE, "Start", is_busy=False, can_edit_port=True),
    RunState.STARTING: HubState("Starting …", Meaning.CONNECTION, "Start", is_busy=True, can_edit_port=False),
    RunState.LISTENING: HubState("Listening", Meaning.GOOD, "Stop", is_busy=False, can_edit_port=False),
    RunState.STOPPING: HubState("Stopping …", Meaning.CONNECTION, "Stop", is_busy=True, can_edit_port=False),
}


class HubPresenter:
    """The head and the foot of the window.

    Attributes:
        state: What the hub does.
        port: The port that is wished for, or listened on; 0 is any free one.
    """

    def __init__(self, view: HubView, clipboard: Clipboard, control: HubControl, port: int, host: str = "") -> None:
        self._view = view
        self._clipboard = clipboard
        self._control = control
        self._host = host
        self.state = RunState.STOPPED
        self.port = port
        self._addresses: tuple[str, ...] = ()
        self._firewall = Firewall(FirewallKind.NONE_FOUND)
        self._free_port: int | None = None
        self._action = _Action.NOTHING
        self._command = ""
        self._has_warned_of_firewall = False
        self._people = 0
        self._started_at: float | None = None
        self._is_closing = False

    @property
    def is_running(self) -> bool:
        """Whether people can connect."""
        return self.state is RunState.LISTENING

    def opened(self) -> None:
        """The window is there: the hub starts by itself."""
        self._start(self.port)

    # What the operator does

    def start_stop_clicked(self, typed_port: str) -> None:
        """Start on the port that was typed, or stop."""
        if self.state is RunState.LISTENING:
            self._stop()
        elif self.state is RunState.STOPPED:
            typed = typed_port.strip()
            if typed.isascii() and typed.isdigit() and len(typed) <= len(str(_LARGEST_PORT)):
                self._start_if_port(int(typed))
            else:
                self._refuse_port(typed)

    def notice_action_clicked(self) -> None:
        """Do what the notice offers."""
        action, port = self._action, self._free_port
        if self.state is not RunState.STOPPED:
            return
        if action is _Action.USE_FREE_PORT and port is not None:
            self._start(port)
        elif action is _Action.START_AGAIN:
            self._start(self.port)

    def notice_command_clicked(self) -> None:
        """Copy the command that the notice shows."""
        self._clipboard.copy(self._command)

    def notice_closed(self) -> None:
        """The notice has been read."""
        self._show_notice(None)

    def firewall_clicked(self) -> None:
        """Somebody cannot connect: say what the firewall has to be told."""
        self._show_firewall()

    def address_copied(self, address: str = "") -> None:
        """Copy an address as it is shown, the big one unless another is named."""
        self._clipboard.copy(address or self._shown_addresses().main)

    def close_clicked(self) -> None:
        """Close the window, and ask before people lose their hub."""
        if self.state is RunState.LISTENING and self._people:
            who = f"{shown_count(self._people, 'client')} {'is' if self._people == 1 else 'are'}"
            self._view.ask_close(f"{who} connected. Stop the hub and close the window?")
        else:
            self.close_confirmed()

    def close_confirmed(self) -> None:
        """Close it: the hub is stopped first, while the window still says so."""
        self._is_closing = True
        if self.state is RunState.STOPPED:
            self._view.close()
        elif self.state is RunState.LISTENING:
            self._stop()

    # What happens

    def receive_started(self, happened: HubStarted) -> None:
        """The hub listens."""
        self.port, self._started_at = happened.port, happened.wall
        self._set(RunState.LISTENING)
        self._view.show_port(self.port)
        self._show_notice(None)
        self._maybe_warn_of_firewall()
        if self._is_closing:
            self._stop()

    def receive_refused(self, happened: ListenRefused) -> None:
        """The hub cannot listen; where another port is free, offer it."""
        self._set(RunState.STOPPED)
        self._free_port = happened.free_port
        text = happened.sentence
        if happened.free_port is None:
            self._show_notice(Notice(Meaning.TROUBLE, text))
        else:
            text = f"{text} Port {happened.free_port} is free."
            self._show_notice(
                Notice(Meaning.TROUBLE, text, action=f"Use port {happened.free_port}"), _Action.USE_FREE_PORT
            )
        if self._is_closing:
            self._view.close()

    def receive_stopped(self, happened: HubStopped) -> None:
        """The hub has stopped, because it was told to or because it broke."""
        self._started_at = None
        self._set(RunState.STOPPED)
        if self._is_closing:
            self._view.close()
        elif happened.failure:
            self._show_notice(Notice(Meaning.TROUBLE, happened.failure, action="Start again"), _Action.START_AGAIN)

    def receive_machine(self, happened: MachineLooked) -> None:
        """What is known of this machine."""
        self._addresses = (self._host,) if self._host else in_order_of_use(happened.addresses)
        self._firewall = happened.firewall
        self._view.show_addresses(self._shown_addresses())
        self._maybe_warn_of_firewall()
        if happened.is_dark is not None:
            self._view.show_dark(happened.is_dark)

    def receive_overview(self, overview: Overview, relayed: Relayed, wall: float) -> None:
        """The hub looks like this."""
        self._people = len(overview.people)
        since = "" if self._started_at is None else f"  ·  listening since {shown_moment(self._started_at, wall)}"
        self._view.show_totals(totals(overview, relayed) + since)

    def tell(self, meaning: Meaning, sentence: str) -> None:
        """Say a sentence across the window."""
        self._show_notice(Notice(meaning, sentence))

    def _start_if_port(self, port: int) -> None:
        if port <= _LARGEST_PORT:
            self._start(port)
        else:
            self._refuse_port(str(port))

    def _refuse_port(self, typed: str) -> None:
        said = f"“{typed[:20]}” is no port" if typed else "The port is missing"
        self.tell(Meaning.TROUBLE, f"{said}: type a number from 1 to 65535, or 0 for any free one.")

    def _start(self, port: int) -> None:
        self.port = port
        self._set(RunState.STARTING)
        self._view.show_port(port)
        self._show_notice(None)
        self._control.start(port)

    def _stop(self) -> None:
        self._set(RunState.STOPPING)
        self._show_notice(None)
        self._control.stop()

    def _set(self, state: RunState) -> None:
        self.state = state
        self._view.show_state(_STATES[state])
        self._view.show_addresses(self._shown_addresses())

    def _shown_addresses(self) -> ShownAddresses:
        shown = tuple(with_port(address, self.port) if self.port else address for address in self._addresses)
        if not shown:
            return ShownAddresses("", (), "This machine has no network address: connect it to a network.")
        hint = (
            "People type this into their client: the address as host, and the port."
            if self.is_running
            else "People can connect here once the hub has been started."
        )
        return ShownAddresses(shown[0], shown[1:], hint)

    def _maybe_warn_of_firewall(self) -> None:
        """Once, where it is known that others are blocked unless something is done."""
        if self.is_running and self._firewall.is_active and not self._has_warned_of_firewall:
            self._has_warned_of_firewall = True
            self._show_firewall()

    def _show_firewall(self) -> None:
        told = advice(self._firewall, self.port)
        self._show_notice(Notice(Meaning.NOTE, told.text, command=told.command))

    def _show_notice(self, notice: Notice | None, action: _Action = _Action.NOTHING) -> None:
        self._action = action
        self._command = "" if notice is None else notice.command
        self._view.show_notice(notice)
