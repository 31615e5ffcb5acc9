"""The hub's key and who may join: what the head of the window says of them, and the settings.

Owns the policy as it holds, and as it is being chosen. Must never say that one holds before the hub has taken it.
Pure: run by the Tk thread.
"""

from dataclasses import replace

from commonlib.identity import Fingerprint, key_code
from tcpipserver.gui.events import HubStarted, JoinCodeKnown, PolicySet
from tcpipserver.gui.views import Clipboard
from tcpipserver.gui.views_door import DoorControl, DoorForm, DoorView, ShownDoor
from tcpipserver.hub.admission import Joining, Policy

HINT = "Whoever connects for the first time is shown this code and compares it: read it out."
NO_KEY_YET = "The hub's key code is shown here once it has been started."


class DoorPresenter:
    """The door of one hub."""

    def __init__(self, view: DoorView, clipboard: Clipboard, control: DoorControl, policy: Policy) -> None:
        self._view = view
        self._clipboard = clipboard
        self._control = control
        self._policy = policy
        self._key: Fingerprint | None = None
        self._join_code = ""
        self._form: Policy | None = None

    def opened(self) -> None:
        """The window is there."""
        self._show()

    def receive_started(self, happened: HubStarted) -> None:
        """The hub listens, and its key is known."""
        self._key = happened.key
        self._show()

    def receive_code(self, happened: JoinCodeKnown) -> None:
        """There is a join code."""
        self._join_code = happened.code
        self._show()
        self._show_form()

    def receive_policy(self, happened: PolicySet) -> None:
        """The hub asks from now on what the operator has confirmed."""
        self._policy = happened.policy
        self._view.remember_policy(self._policy)
        self._show()

    def key_copied(self) -> None:
        """Copy the key code."""
        self._clipboard.copy(self._key_code)

    def code_copied(self) -> None:
        """Copy the join code."""
        self._clipboard.copy(self._join_code)

    def settings_clicked(self) -> None:
        """Choose who may join."""
        self._form = self._policy
        self._show_form()

    def joining_chosen(self, joining: Joining) -> None:
        """In the settings, something else is asked of newcomers."""
        if self._form is not None:
            self._form = replace(self._form, joining=joining)
            self._show_form()

    def classic_chosen(self, takes_classic: bool) -> None:
        """In the settings, clients without encryption are taken in, or not."""
        if self._form is not None:
            self._form = replace(self._form, takes_classic=takes_classic)
            self._show_form()

    def new_code_clicked(self) -> None:
        """A new join code is wanted; it counts at once, and the old one no more."""
        self._control.renew_join_code()

    def door_confirmed(self) -> None:
        """What the settings say is wanted: it counts, and is said to, when the hub has taken it."""
        if self._form is not None:
            self._control.set_policy(self._form)
            self._form = None

    def door_cancelled(self) -> None:
        """All stays as it was."""
        self._form = None

    @property
    def _key_code(self) -> str:
        return "" if self._key is None else key_code(self._key)

    def _show(self) -> None:
        code = self._join_code if self._policy.joining is Joining.CODE else ""
        hint = HINT if self._key is not None else NO_KEY_YET
        self._view.show_door(ShownDoor(self._key_code, hint, self._policy.sentence, code))

    def _show_form(self) -> None:
        if self._form is not None:
            is_open = self._form.joining is Joining.OPEN
            asks_code = self._form.joining is Joining.CODE
            self._view.ask_door(DoorForm(self._form, self._form.sentence, is_open, asks_code, self._join_code))
