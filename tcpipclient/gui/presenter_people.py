"""The people list: who is there, in which order, what is searched for and selected, how much of each is unread.

Owns the people by the key of their row, which outlives a connection: ids are given anew by each hub, so somebody who
comes back continues his row and his conversation (presenter_departed.py says by what he is known again). Pure: the Tk
thread's. No event costs more than a search in a sorted list.
"""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import tzinfo

from commonlib.printable import printable
from commonlib.values import dataclass
from commonlib.wording import LONGEST_NAME_SHOWN, shown_moment, shown_person, shown_ping
from tcpipclient.core.events import Person
from tcpipclient.gui.presenter_departed import Departed, Identity, identity_of
from tcpipclient.gui.presenter_keys import code_of, key_words
from tcpipclient.gui.shown import PersonColumn, PersonRow
from tcpipclient.gui.shown_hub import Lock
from tcpipclient.gui.view import PeopleView

NOT_TOLD = "–"
_LONGER_THAN_ANY = 1 << 62
"""Microseconds, for sorting: who was not measured stands behind who was."""

SortKey = tuple[bool, str | int, int]


@dataclass(slots=True)
class Known:
    """Somebody who is, or was, there.

    Attributes:
        since: Unix seconds when he came, or left; 0.0 where he was there before us.
        ping: Seconds that he took to answer the hub last; None where nobody has told.
    """

    key: int
    person: Person
    is_here: bool
    since: float
    unread: int = 0
    matches: bool = True
    ping: float | None = None

    @property
    def name(self) -> str:
        """As he is shown: with his id."""
        return shown_person(self.person.name, self.person.id)


class PeoplePresenter:
    """All people of one window.

    Args:
        is_kept: Whether somebody's row stays when he leaves: he has a conversation.
        zone: For the times shown; None is the system's.
    """

    def __init__(self, view: PeopleView, is_kept: Callable[[int], bool], zone: tzinfo | None) -> None:
        self.selected: tuple[int, ...] = ()
        self._selected: frozenset[int] = frozenset()
        self._view = view
        self._is_kept = is_kept
        self._zone = zone
        self._known: dict[int, Known] = {}
        self._by_id: dict[int, int] = {}
        self._departed = Departed()
        self._hub_key: bytes | None = None
        self._order: list[SortKey] = []
        self._sort_keys: dict[int, SortKey] = {}
        self._column = PersonColumn.NAME
        self._descending = False
        self._search = ""
        self._next_key = 1
        self._is_connected = False
        self._own_ping: float | None = None

    # Who is who

    def name_of(self, key: int) -> str:
        """As shown; "somebody" where he was forgotten."""
        known = self._known.get(key)
        return known.name if known else "somebody"

    def maybe_id(self, key: int) -> int | None:
        """His id on the hub; None where he is not there."""
        known = self._known.get(key)
        return known.person.id if known and known.is_here else None

    def maybe_person(self, key: int) -> Person | None:
        """Who is, or was, in a row; None where he was forgotten."""
        known = self._known.get(key)
        return known.person if known else None

    def maybe_identity(self, key: int) -> Identity | None:
        """By what the person in a row is known on this hub; None where he has no key, and nothing is proved."""
        person = self.maybe_person(key)
        if person is None or person.key is None:
            return None
        return identity_of(person, self._hub_key)

    def has_namesake(self, key: int) -> bool:
        """Whether somebody else in the list goes by the same name, and is not another session of the same key."""
        person = self._known[key].person
        name = person.name.strip().casefold()
        others = (known.person for known in self._known.values() if known.key != key)
        return any(
            other.name.strip().casefold() == name and (other.key is None or other.key != person.key) for other in others
        )

    def key_of(self, person_id: int, name: str, wall: float) -> int:
        """The key of somebody who said something; one who is in no roster gets a row of somebody who left."""
        key = self._by_id.get(person_id)
        if key is not None:
            return key
        identity = (name, f"id {person_id}")
        found = self._departed.maybe_row(identity)
        if found is not None:
            return found
        known = self._add(Person(person_id, name), wall)
        known.is_here = False
        self._remember_gone(known, identity)
        self._put(known)
        return known.key

    # What happens

    def started(self) -> None:
        """The window is drawn."""
        self._view.show_sorting(self._column, self._descending)
        self._show_all()

    def registered(self, people: Iterable[Person], hub_key: bytes | None = None) -> list[tuple[int, Person]]:
        """The hub has taken us in, and these are there; returns the keys of those who were known, and who they were."""
        self._is_connected = True
        self._hub_key = hub_key
        again = []
        for person in people:
            known, before = self._enter(person, 0.0)
            if before is not None:
                again.append((known.key, before))
        self._show_all()
        return again

    def joined(self, person: Person, wall: float) -> tuple[int, Person | None]:
        """Somebody came; returns his key, and who he was before where his row was kept."""
        known, before = self._enter(person, wall)
        self._put(known)
        self._show_note()
        return known.key, before

    def changed(self, person: Person) -> int | None:
        """Something about somebody is different; returns his key, None where he is not known."""
        known = self._known.get(self._by_id.get(person.id, 0))
        if known is None:
            return None
        known.person = person
        self._put(known)
        return known.key

    def left(self, person_id: int, wall: float) -> int | None:
        """Somebody went; returns his key where his row is kept."""
        known = self._known.get(self._by_id.pop(person_id, 0))
        if known is None:
            return None
        self._leave(known, wall)
        if known.key in self._known:
            self._put(known)
        else:
            self._view.remove_person(known.key)
        self._show_note()
        return known.key if known.key in self._known else None

    def latencies_told(self, seconds_of: Mapping[int, float]) -> None:
        """So long these ids took to answer the hub."""
        for person_id, seconds in seconds_of.items():
            known = self._known.get(self._by_id.get(person_id, 0))
            if known is not None and _ping(known.ping) != _ping(seconds):
                known.ping = seconds
                self._put(known)

    def own_latency_told(self, seconds: float) -> None:
        """So long the hub took to answer us."""
        self._own_ping = seconds
        self._show_note()

    def connection_ended(self, wall: float) -> None:
        """Nobody is there any more."""
        self._is_connected = False
        self._own_ping = None
        for known in [self._known[key] for key in self._by_id.values()]:
            self._leave(known, wall)
        self._by_id.clear()
        self._show_all()

    def count_unread(self, key: int, count: int) -> None:
        """So much more of somebody is unread; 0 is that everything was read."""
        known = self._known.get(key)
        if known is not None and (count or known.unread):
            known.unread = known.unread + count if count else 0
            self._put(known)

    # What the user does

    def select(self, keys: Sequence[int]) -> bool:
        """These rows are selected; returns whether that is a change."""
        selected = tuple(sorted({key for key in keys if key in self._known}))
        if selected == self.selected:
            return False
        dropped = self._selected.difference(selected)
        self.selected, self._selected = selected, frozenset(selected)
        for key in dropped:
            known = self._known.get(key)
            if known is not None and not known.matches:
                self._put(known)
        return True

    def shown_keys(self) -> tuple[int, ...]:
        """Everybody on show who is here, in their order."""
        return tuple(key for key in self._shown_order() if self._known[key].is_here)

    def ids_to_measure(self, in_sight: Iterable[int]) -> tuple[int, ...]:
        """The ids whose pings are to be shown: those of these rows, and of all where the list is sorted by them."""
        keys = self._sort_keys if self._column is PersonColumn.PING else in_sight
        found = map(self.maybe_id, keys)
        return tuple(person_id for person_id in found if person_id is not None)

    def lacks_ping(self, ids: Iterable[int]) -> bool:
        """Whether the ping of one of these is not known yet."""
        return any(self._known[self._by_id[person_id]].ping is None for person_id in ids)

    def search(self, text: str) -> None:
        """Show only those whose name, computer, address, id or key code has this in it, and those who are selected."""
        self._search = text.strip().casefold()
        self._show_all()

    def sort(self, column: PersonColumn) -> None:
        """Sort by a column, or the other way round where it is by this one already."""
        self._descending = column is self._column and not self._descending
        self._column = column
        self._view.show_sorting(self._column, self._descending)
        self._show_all()

    # How it is kept

    def _enter(self, person: Person, since: float) -> tuple[Known, Person | None]:
        key = self._departed.maybe_row(identity_of(person, self._hub_key), person.session)
        if key is None:
            known, before = self._add(person, since), None
        else:
            self._departed.remove(key)
            known = self._known[key]
            before = known.person
        known.person, known.is_here, known.since, known.ping = person, True, since, None
        self._by_id[person.id] = known.key
        return known, before

    def _add(self, person: Person, since: float) -> Known:
        known = self._known[self._next_key] = Known(self._next_key, person, is_here=True, since=since)
        self._next_key += 1
        return known

    def _leave(self, known: Known, wall: float) -> None:
        known.is_here = False
        known.since = wall
        if known.key in self._selected or self._is_kept(known.key):
            self._remember_gone(known, identity_of(known.person, self._hub_key))
        else:
            self._forget(known)

    def _remember_gone(self, known: Known, identity: Identity) -> None:
        self._departed.add(known.key, identity, known.person.session)
        oldest = self._departed.maybe_take_oldest({*self._selected, known.key})
        if oldest is not None:
            self._forget(self._known[oldest])
            self._view.remove_person(oldest)

    def _forget(self, known: Known) -> None:
        del self._known[known.key]
        self._take_out(known.key)

    # How it is shown

    def _put(self, known: Known) -> None:
        """Show somebody at his place, or not at all where he is not searched for."""
        was_shown = self._take_out(known.key)
        known.matches = self._is_match(known)
        if not known.matches and known.key not in self._selected:
            if was_shown:
                self._view.remove_person(known.key)
            return
        place = self._place_in(known)
        self._view.put_person(self._row(known), len(self._order) - 1 - place if self._descending else place)

    def _show_all(self) -> None:
        self._order.clear()
        self._sort_keys.clear()
        for known in self._known.values():
            known.matches = self._is_match(known)
            if known.matches or known.key in self._selected:
                self._sort_keys[known.key] = self._sort_key(known)
        self._order = sorted(self._sort_keys.values())
        self._view.show_people([self._row(self._known[key]) for key in self._shown_order()])
        self._view.select_people([key for key in self.selected if key in self._sort_keys])
        self._show_note()

    def _show_note(self) -> None:
        self._view.show_people_note(self._note())

    def _note(self) -> str:
        shown, here = len(self._order), len(self._by_id)
        if self._search:
            return f"{shown:,} of {len(self._known):,} shown: clear the search to see everybody."
        if not self._is_connected:
            return "Not connected: give the hub's host and your name above, and press Connect."
        if not here:
            return "Nobody else is here yet. Others appear as soon as they connect to the same hub."
        others = f"{here:,} here" if here > 1 else "1 other here"
        return others if self._own_ping is None else f"{others}. Your ping to the hub: {shown_ping(self._own_ping)}."

    def _shown_order(self) -> list[int]:
        return [key for _, _, key in (reversed(self._order) if self._descending else self._order)]

    def _place_in(self, known: Known) -> int:
        sort_key = self._sort_keys[known.key] = self._sort_key(known)
        place = bisect_left(self._order, sort_key)
        insort(self._order, sort_key)
        return place

    def _take_out(self, key: int) -> bool:
        sort_key = self._sort_keys.pop(key, None)
        if sort_key is None:
            return False
        del self._order[bisect_left(self._order, sort_key)]
        return True

    def _sort_key(self, known: Known) -> SortKey:
        """Those who left stand last, whichever way it is sorted."""
        person = known.person
        value: str | int
        match self._column:
            case PersonColumn.ID:
                value = person.id
            case PersonColumn.UNREAD:
                value = -known.unread
            case PersonColumn.COMPUTER:
                value = person.computer.casefold()
            case PersonColumn.ADDRESS:
                value = person.address
            case PersonColumn.PING:
                value = _LONGER_THAN_ANY if known.ping is None else round(known.ping * 1e6)
            case PersonColumn.PRESENCE:
                value = int(known.since)
            case PersonColumn.KEY:
                value = f"{code_of(person.key).digits} {person.session:05}" if person.key else ""
            case _:
                value = person.name.casefold()
        return (known.is_here is self._descending, value, known.key)

    def _is_match(self, known: Known) -> bool:
        person = known.person
        fields = (person.name, person.computer, person.address, str(person.id), key_words(person))
        return not self._search or any(self._search in field.casefold() for field in fields)

    def _row(self, known: Known) -> PersonRow:
        person = known.person
        name, computer, address = (
            printable(text, LONGEST_NAME_SHOWN) for text in (person.name, person.computer, person.address)
        )
        unread = str(known.unread) if known.unread else ""
        ping = _ping(known.ping) if known.is_here else NOT_TOLD
        cells = (name, computer, address, str(person.id), ping, self._presence(known), unread, key_words(person))
        lock = Lock.CLOSED if person.is_encrypted else Lock.OPEN
        return PersonRow(known.key, cells, known.unread, known.is_here, lock)

    def _presence(self, known: Known) -> str:
        since = shown_moment(known.since, known.since, self._zone) if known.since else ""
        if not known.is_here:
            return f"left {since}".strip()
        if known.person.status:
            return f"status {known.person.status}"
        return f"since {since}" if since else "here"


def _ping(seconds: float | None) -> str:
    return NOT_TOLD if seconds is None else shown_ping(seconds)
