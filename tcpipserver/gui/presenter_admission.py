"""Those who wait for the operator's word, those whom he keeps out, and what he does about them.

Owns the rows of both tables. Must never let anybody in by itself. Pure: run by the Tk thread.
"""

from commonlib.identity import Fingerprint, fingerprint_from_hex, fingerprint_to_hex, key_code
from commonlib.printable import printable
from commonlib.wording import LONGEST_NAME_SHOWN, shown_count, shown_moment
from tcpipserver.gui.forms import NOT_KNOWN
from tcpipserver.gui.views import Column
from tcpipserver.gui.views_door import DoorControl, DoorView, KeyRow
from tcpipserver.hub.overview import Overview, WaitingKey
from tcpipserver.hub.people import KnownKey

MOST_BANNED_SHOWN = 500
LONGEST_REASON_SHOWN = 120

WAITING_COLUMNS = (
    Column("name", "Name", 12),
    Column("key", "Key code", 36),
    Column("address", "Address", 12),
    Column("computer", "Computer", 10),
    Column("since", "Since", 6, is_number=True),
)
BANNED_COLUMNS = (
    Column("name", "Name", 12),
    Column("key", "Key code", 36),
    Column("reason", "Reason", 20),
    Column("seen", "Last here", 12, is_number=True),
)


class AdmissionPresenter:
    """The two tables."""

    def __init__(self, view: DoorView, control: DoorControl) -> None:
        self._view = view
        self._control = control
        self._waiting: tuple[KeyRow, ...] = ()
        self._banned: tuple[KnownKey, ...] = ()

    def receive_overview(self, overview: Overview, wall: float) -> None:
        """The hub looks like this now."""
        first: dict[Fingerprint, WaitingKey] = {}
        for one in overview.waiting:
            first.setdefault(one.key, one)
        waiting = tuple(_waiting_row(one, wall) for one in first.values())
        if waiting != self._waiting:
            before = {row.key for row in self._waiting}
            self._waiting = waiting
            self._view.show_waiting(waiting, is_new=any(row.key not in before for row in waiting))
        if overview.banned != self._banned:
            self._banned = overview.banned
            newest = sorted(self._banned, key=lambda known: known.last_seen, reverse=True)[:MOST_BANNED_SHOWN]
            self._view.show_banned([_banned_row(known, wall) for known in newest], len(self._banned))

    def approve_clicked(self, keys: tuple[str, ...]) -> None:
        """Let the chosen in. Raises ChatError: there is no hub."""
        for key in keys:
            self._control.approve(_fingerprint(key))

    def deny_clicked(self, keys: tuple[str, ...]) -> None:
        """Ask before anybody is turned away."""
        chosen = [row for row in self._waiting if row.key in keys]
        if chosen:
            names = chosen[0].cells[0] if len(chosen) == 1 else shown_count(len(chosen), "client")
            self._view.ask_denial(f"Turn {names} away?", tuple(row.key for row in chosen))

    def denial_confirmed(self, keys: tuple[str, ...], reason: str) -> None:
        """The operator means it. Raises ChatError: there is no hub."""
        for key in keys:
            self._control.deny(_fingerprint(key), reason)

    def unban_clicked(self, keys: tuple[str, ...]) -> None:
        """The chosen may come again. Raises ChatError: there is no hub."""
        for key in keys:
            self._control.unban(_fingerprint(key))


def _fingerprint(key: str) -> Fingerprint:
    return fingerprint_from_hex(key)


def _waiting_row(one: WaitingKey, wall: float) -> KeyRow:
    cells = (
        _shown(one.name),
        key_code(one.key),
        one.address,
        _shown(one.computer),
        shown_moment(one.since, wall),
    )
    return KeyRow(fingerprint_to_hex(one.key), cells)


def _banned_row(known: KnownKey, wall: float) -> KeyRow:
    cells = (
        _shown(known.name),
        key_code(known.key),
        printable(known.banned_for or "", LONGEST_REASON_SHOWN).strip() or NOT_KNOWN,
        shown_moment(known.last_seen, wall) if known.last_seen else NOT_KNOWN,
    )
    return KeyRow(fingerprint_to_hex(known.key), cells)


def _shown(name: str) -> str:
    return printable(name, LONGEST_NAME_SHOWN).strip() or NOT_KNOWN
