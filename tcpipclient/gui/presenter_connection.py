"""The connection: where to and as whom, the light and its words, connecting again by itself.

Owns the state of the connection and the pauses before another try. Must never decide about people, texts or files.
Pure: the Tk thread's; times are monotonic seconds.
"""

from enum import Enum

from commonlib.classic.packet import DEFAULT_PORT
from commonlib.printable import printable
from commonlib.wire.reasons import RefusalReason
from commonlib.wording import LONGEST_NAME_SHOWN, shown_person
from tcpipclient.address import LARGEST_PORT, parse_address
from tcpipclient.core.events import ConnectionLost, Loss, Registered
from tcpipclient.core.exceptions import FalseHubError, SettingError, TurnedAwayError
from tcpipclient.gui.model import ConnectFailed, Model, Target
from tcpipclient.gui.presenter_arrival import ArrivalPresenter, Decision
from tcpipclient.gui.presenter_keys import NO_LOCK, hub_identity, lock_of, whole_code
from tcpipclient.gui.presenter_settings import SettingsPresenter
from tcpipclient.gui.shown import Banner, ConnectionShown, Light, Severity
from tcpipclient.gui.shown_hub import LockShown
from tcpipclient.gui.view import View

PAUSES = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)
"""Seconds before each try to connect again; the last one is for all further tries."""

_LOSSES = {
    Loss.CLOSED: "The connection to the hub was lost.",
    Loss.HUB_EXITED: "The hub was stopped.",
    Loss.SILENT: "Nothing was heard of the hub for five minutes: the network may be down.",
    Loss.NOT_READING: "The hub takes nothing from us any more, so the connection was ended.",
}
"""For the other losses their own sentence is the best; those four tell the user to do what is done here by itself."""
_FINAL_LOSSES = (Loss.KICKED, Loss.BANNED)
"""Somebody wanted us to go: whether to come back is the user's to say."""
_PASSING_REFUSALS = (RefusalReason.LOCKED_OUT, RefusalReason.FULL)
"""Time changes these; for all others somebody has to do something."""


class Phase(Enum):
    """How far the connection is."""

    IDLE = "idle"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    PAUSING = "pausing"
    """Lost; another try follows by itself."""
    ASKING = "asking"
    """Who answers is not let in, nor we, before the user has decided something."""


class ConnectionPresenter:
    """One window's connection; another try is another connection with the next number.

    Args:
        user_name: The system's name for the user, where the settings have none.
    """

    def __init__(self, view: View, model: Model, settings: SettingsPresenter, user_name: str) -> None:
        self.phase = Phase.IDLE
        self.own_id = 0
        self._view = view
        self._model = model
        self._settings = settings
        self._user_name = user_name
        self.number = 0
        self._host, self._port, self._name = "", DEFAULT_PORT, ""
        self._was_connected = False
        self._tries = 0
        self._next_try = 0.0
        self._sending = ""
        self._is_awaiting_approval = False
        self._hub = Registered(0, (0, 0, 0), ())
        self._arrival = ArrivalPresenter(view)
        self._shown: ConnectionShown | None = None
        self._lock_shown: LockShown | None = None

    @property
    def is_idle(self) -> bool:
        """Whether nobody wants a connection: the one that was has ended for good."""
        return self.phase is Phase.IDLE

    @property
    def is_connected(self) -> bool:
        """Whether the hub has taken us in."""
        return self.phase is Phase.CONNECTED

    def is_current(self, connection: int) -> bool:
        """Whether something that happened belongs to the connection that there is, or is being made."""
        return connection == self.number and self.phase in (Phase.CONNECTING, Phase.CONNECTED)

    def started(self) -> None:
        """The window is drawn."""
        settings = self._settings.settings
        name = settings.name or self._user_name
        self._view.show_fields(settings.host, str(settings.port), name, settings.hosts)
        self._show(0.0)

    def connect_clicked(self, host: str, port: str, name: str, now: float) -> bool:
        """The one button; returns whether it ended a connection, or the tries to get one."""
        if self.phase is not Phase.IDLE:
            self.disconnect(now)
            return True
        try:
            self._host, self._port = _place(host, port)
            if not name.strip():
                raise SettingError("name", "it is empty, and others could not see you; give one")
        except SettingError as error:
            self.complain(str(error))
            return False
        self._name = name.strip()
        self._view.show_banner(None)
        self._was_connected = False
        self._tries = 0
        self._arrival.begin()
        self._try(now)
        return False

    def disconnect(self, now: float) -> None:
        """End the connection, or the tries to get one, for good."""
        if self.phase in (Phase.CONNECTING, Phase.CONNECTED, Phase.PAUSING):
            self._model.close(self.number)
        if self.phase is Phase.CONNECTING and self._is_awaiting_approval:
            self._view.show_banner(None)
        self._arrival.withdraw()
        self.phase = Phase.IDLE
        self._show(now)

    def hub_answered(self, number: int, typed: str, now: float, *, yes: bool) -> None:
        """What the user says to a question about the hub."""
        match self._arrival.answered(number, typed, now, yes=yes):
            case Decision.GO_ON:
                self._try(now)
            case Decision.GIVE_UP:
                self.phase = Phase.IDLE
                self._show(now)
            case _:
                pass

    def hub_clicked(self) -> None:
        """The hub's key code is wanted."""
        if self.is_connected:
            name = printable(self._hub.hub_name, LONGEST_NAME_SHOWN).strip()
            self._view.show_identity(hub_identity(self._place, name, self._hub.hub_key))

    def forget_hub_clicked(self) -> None:
        """The hub that we are connected to is to be as unknown as at first."""
        if self.is_connected:
            self._arrival.begin()
            self._model.forget_hub(self._host, self._port, self._hub.hub_key)
            sentence = f"The hub at {self._place} is forgotten. At the next connection you are asked about it anew."
            self._view.show_banner(Banner(Severity.NOTE, sentence))

    def approval_awaited(self, own_key: bytes | None, now: float) -> None:
        """The hub's operator was asked whether we may come in, and may ask the user for his key code."""
        self._is_awaiting_approval = True
        code = f" Your key code, which the operator sees too, is: {whole_code(own_key)}." if own_key else ""
        self._view.show_banner(Banner(Severity.NOTE, f"The hub's operator has to let you in.{code}"))
        self._show(now)

    def registered(self, event: Registered, now: float) -> None:
        """The hub has taken us in."""
        again = self._was_connected
        self.phase = Phase.CONNECTED
        self.own_id = event.own_id
        self._hub = event
        self._was_connected = True
        self._tries = 0
        self._settings.connected(self._host, self._port, self._name)
        settings = self._settings.settings
        self._view.show_fields(settings.host, str(settings.port), settings.name, settings.hosts)
        self._view.show_banner(Banner(Severity.NOTE, "Connected again.") if again else None)
        self._show(now)

    def lost(self, event: ConnectionLost, now: float) -> None:
        """The connection has ended without our asking."""
        if event.loss in _FINAL_LOSSES:
            self.phase = Phase.IDLE
            self.complain(event.reason)
            self._show(now)
            return
        self._pause(now)
        sentence = _LOSSES.get(event.loss, event.reason)
        self._view.show_banner(Banner(Severity.WARNING, f"{sentence} This window connects again by itself."))

    def failed(self, failure: ConnectFailed, now: float) -> None:
        """A try led to nothing. The first one is the user's to repeat: the address may be wrong."""
        if self._arrival.is_asked(failure.cause, now):
            self.phase = Phase.ASKING
            self._show(now)
            return
        if not self._was_connected or failure.lasting or _is_final(failure):
            self.phase = Phase.IDLE
            self.complain(failure.reason)
            self._show(now)
            return
        self._pause(now)

    def ticked(self, now: float, sending: str) -> None:
        """Time has passed; `sending` says what is being sent, empty for nothing."""
        self._sending = sending
        self._arrival.ticked(now)
        if self.phase is Phase.PAUSING and now >= self._next_try:
            self._try(now)
        else:
            self._show(now)

    def complain(self, sentence: str) -> None:
        """Something did not work."""
        self._view.show_banner(Banner(Severity.TROUBLE, sentence))

    def warn(self, sentence: str) -> None:
        """Something should be known."""
        self._view.show_banner(Banner(Severity.WARNING, sentence))

    def _try(self, now: float) -> None:
        self.number += 1
        self.phase = Phase.CONNECTING
        self._is_awaiting_approval = False
        settings = self._settings.settings
        self._model.connect(
            Target(
                self.number,
                self._host,
                self._port,
                self._name,
                settings.downloads,
                self._arrival.answers,
                settings.speed_limit,
            )
        )
        self._show(now)

    def _pause(self, now: float) -> None:
        self.phase = Phase.PAUSING
        self._next_try = now + PAUSES[min(self._tries, len(PAUSES) - 1)]
        self._tries += 1
        self._show(now)

    def _show(self, now: float) -> None:
        shown = self._current(now)
        if shown != self._shown:
            self._shown = shown
            self._view.show_connection(shown)
        lock = lock_of(self._hub.hub_key) if self.is_connected else NO_LOCK
        if lock != self._lock_shown:
            self._lock_shown = lock
            self._view.show_lock(lock)

    @property
    def _place(self) -> str:
        return f"{printable(self._host)} port {self._port}"

    def _current(self, now: float) -> ConnectionShown:
        match self.phase:
            case Phase.IDLE:
                return ConnectionShown(Light.RED, "Not connected", "Connect", can_edit=True)
            case Phase.ASKING:
                return ConnectionShown(
                    Light.PURPLE, "Not connected yet: this needs your answer", "Cancel", can_edit=False
                )
            case Phase.CONNECTING if self._is_awaiting_approval:
                words = "Waiting until the hub's operator lets you in…"
                return ConnectionShown(Light.PURPLE, words, "Disconnect", can_edit=False)
            case Phase.CONNECTING:
                words = f"Connecting again (try {self._tries})" if self._tries else "Connecting"
                return ConnectionShown(Light.PURPLE, f"{words}…", "Disconnect", can_edit=False)
            case Phase.PAUSING:
                seconds = max(0, int(self._next_try - now + 0.999))
                words = f"Connection lost. Connecting again in {seconds} s (try {self._tries})"
                return ConnectionShown(Light.PURPLE, words, "Disconnect", can_edit=False)
            case _:
                light = Light.BLUE if self._sending else Light.GREEN
                session = f", session {self._hub.session} of your key" if self._hub.session > 1 else ""
                hub = printable(self._hub.hub_name, LONGEST_NAME_SHOWN).strip()
                where = f" to {hub}" if hub else ""
                as_whom = f"Connected{where} as {shown_person(self._hub.name or self._name, self.own_id)}{session}"
                return ConnectionShown(light, self._sending or as_whom, "Disconnect", can_edit=False)


def _is_final(failure: ConnectFailed) -> bool:
    """Whether a hub has said no in a way that another try by itself does not change."""
    cause = failure.cause
    if isinstance(cause, TurnedAwayError):
        return cause.reason not in _PASSING_REFUSALS
    return isinstance(cause, FalseHubError)


def _place(host: str, port: str) -> tuple[str, int]:
    """Host and port as typed; a port in the host's field counts where it is not the usual one.

    Raises:
        SettingError: One of them cannot be meant.
    """
    found, in_host = parse_address(host)
    if in_host != DEFAULT_PORT or not port.strip():
        return found, in_host
    digits = port.strip()
    if not (digits.isascii() and digits.isdigit() and 1 <= int(digits[:6]) <= LARGEST_PORT):
        raise SettingError("port", f"it is a number from 1 to {LARGEST_PORT}, {DEFAULT_PORT} for most hubs")
    return found, int(digits)
