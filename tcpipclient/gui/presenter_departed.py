"""People who left and whose rows are kept: by what they are known again when they come back.

Owns who of them may take up whose row. Who has proved a key to a hub is known by that key, on that hub; who has none
by name and computer, which prove nothing, and so never takes up the row of somebody who had one. Pure: the Tk thread's.
"""

from collections import OrderedDict
from collections.abc import Container

from tcpipclient.core.events import Person

MOST_GONE = 500
"""Rows that are kept for their conversations; the one who left first goes first."""

Identity = tuple[bytes, bytes] | tuple[str, str]
"""Key of the hub and of the person; or name and computer of one without a key."""


def identity_of(person: Person, hub_key: bytes | None) -> Identity:
    """By what somebody is known again."""
    if person.key is None or hub_key is None:
        return person.name, person.computer
    return hub_key, person.key


class Departed:
    """The kept rows, in the order in which their people left; by key, session and row."""

    def __init__(self) -> None:
        self._gone: OrderedDict[int, Identity] = OrderedDict()
        self._rows: dict[Identity, dict[int, int]] = {}

    def add(self, row: int, identity: Identity, session: int = 1) -> None:
        """Somebody left."""
        self._gone[row] = identity
        self._rows.setdefault(identity, {})[row] = session

    def maybe_row(self, identity: Identity, session: int = 1) -> int | None:
        """The row that somebody may take up: that of the same session, else of the one who left last."""
        rows = self._rows.get(identity)
        if rows is None:
            return None
        same = [row for row, found in rows.items() if found == session]
        return (same or list(rows))[-1]

    def remove(self, row: int) -> None:
        """Somebody is back, or forgotten."""
        identity = self._gone.pop(row)
        del self._rows[identity][row]
        if not self._rows[identity]:
            del self._rows[identity]

    def maybe_take_oldest(self, kept: Container[int]) -> int | None:
        """Where there are too many, take out the one who left first and is not among those that are kept."""
        if len(self._gone) <= MOST_GONE:
            return None
        oldest = next((row for row in self._gone if row not in kept), None)
        if oldest is not None:
            self.remove(oldest)
        return oldest
