"""What the presenters need of the window, and of the hub, about keys and about who may join.

Owns the protocols and the values that pass through them. Must never hold behaviour. Pure: views are called on the Tk
thread alone; a control takes orders on the Tk thread and does not block.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from tcpipserver.hub.admission import Policy


@dataclass(frozen=True, slots=True)
class ShownDoor:
    """The hub's key, and who may join, at the head of the window.

    Attributes:
        key_code: Five words and six digits, to be read out; "" where the hub has not been started yet.
        key_hint: A sentence below.
        who: A sentence: who may join.
        join_code: To be told to newcomers; "" where none is asked.
    """

    key_code: str
    key_hint: str
    who: str
    join_code: str


@dataclass(frozen=True, slots=True)
class DoorForm:
    """The settings of who may join, as they are being chosen; nothing counts before `door_confirmed`.

    Attributes:
        who: What it would mean, said plainly.
        can_take_classic: Whether clients without encryption could be taken in at all.
        shows_code: Whether the join code, and the button for a new one, are shown.
        join_code: "" while there is none yet.
    """

    policy: Policy
    who: str
    can_take_classic: bool
    shows_code: bool
    join_code: str


@dataclass(frozen=True, slots=True)
class KeyRow:
    """Somebody with a key who is not here: he waits, or is kept out.

    Attributes:
        key: Names the row: the fingerprint in hexadecimal digits.
    """

    key: str
    cells: tuple[str, ...]


class DoorView(Protocol):
    """The key, the settings of who may join, and the tables of who waits and who is kept out."""

    def show_door(self, door: ShownDoor) -> None:
        """Show the hub's key and who may join."""

    def ask_door(self, form: DoorForm) -> None:
        """Open the settings, or show them as they are now where they are open."""

    def remember_policy(self, policy: Policy) -> None:
        """This is who may join, at the next start too."""

    def show_waiting(self, rows: Sequence[KeyRow], *, is_new: bool) -> None:
        """Show those who wait, and no others; none takes the table away. `is_new`: one is there for the first time."""

    def show_banned(self, rows: Sequence[KeyRow], count: int) -> None:
        """Show those who are kept out, or the first of them; `count` is how many there are."""

    def ask_denial(self, question: str, keys: tuple[str, ...]) -> None:
        """Ask whether, and why, not to let these in; the answer comes as `denial_confirmed`."""


class DoorControl(Protocol):
    """What can be done about who may join. Nothing here waits. Raises ChatError where there is no hub."""

    def set_policy(self, policy: Policy) -> None:
        """From now on this is who may join: PolicySet follows, before it JoinCodeKnown where a code is asked for."""

    def renew_join_code(self) -> None:
        """Make a new join code, which counts at once: JoinCodeKnown follows."""

    def ban(self, keys: tuple[bytes, ...], reason: str) -> None:
        """Keep these keys out, and send away whoever is here with one of them."""

    def unban(self, key: bytes) -> None:
        """Do not keep this key out any more."""

    def approve(self, key: bytes) -> None:
        """Let this key in, now and later."""

    def deny(self, key: bytes, reason: str) -> None:
        """Do not let this key in now."""
