"""The client list: what its rows say, their order, what is chosen and done with it.

Owns the rows. Must never give the window more than a few hundred rows at a time, nor any that has not changed. Pure:
run by the Tk thread.
"""

import ipaddress
from collections.abc import Callable

from commonlib.identity import fingerprint_from_hex, fingerprint_to_hex, short_key_code
from commonlib.meaning import Meaning
from commonlib.printable import printable
from commonlib.wording import shown_count, shown_moment, shown_person, shown_ping, shown_size
from tcpipserver.gui.forms import NOT_KNOWN
from tcpipserver.gui.views import Clipboard, Column, HubControl, PeopleView, PersonRow
from tcpipserver.hub.overview import NOT_RELAYED, ListedPerson, Overview, Relayed
from tcpipserver.hub.people import Person

ROWS_PER_TICK = 100
NOBODY_YET = (
    "Nobody is connected yet.\nGive people the address above: they type it into their client as host, with the port."
)
NO_KEY_TO_BAN = (
    "Without encryption nobody has a key to be kept out by: send them away, or take in no clients without encryption "
    "(Who may join)."
)
NOT_RUNNING = "The hub does not run.\nPress Start, and people can connect."

COLUMNS = (
    Column("id", "Id", 4, is_number=True),
    Column("name", "Name", 11),
    Column("address", "Address", 12),
    Column("computer", "Computer", 9),
    Column("version", "Version", 7),
    Column("ping", "Ping", 6, is_number=True),
    Column("mean", "Mean", 6, is_number=True),
    Column("since", "Since", 6, is_number=True),
    Column("wire", "Wire", 9),
    Column("key", "Key", 10),
    Column("texts", "Texts", 5, is_number=True),
    Column("bytes", "Sent", 8, is_number=True),
)


class PeoplePresenter:
    """The client list."""

    def __init__(
        self,
        view: PeopleView,
        clipboard: Clipboard,
        control: HubControl,
        write_to: Callable[[tuple[int, ...], str], None],
        tell: Callable[[Meaning, str], None],
    ) -> None:
        self._view = view
        self._clipboard = clipboard
        self._control = control
        self._write_to = write_to
        self._tell = tell
        self._people: dict[int, ListedPerson] = {}
        self._due: dict[int, None] = {}
        self._chosen: tuple[int, ...] = ()
        self._column = "id"
        self._is_descending = False
        self._order: list[int] = []
        self._is_order_due = False
        self._wall = 0.0
        self._empty: str | None = None

    @property
    def count(self) -> int:
        """How many are here."""
        return len(self._people)

    def receive_overview(self, overview: Overview, is_running: bool, wall: float) -> None:
        """The hub looks like this now; rows follow with the next ticks."""
        self._wall = wall
        here = {listed.person.id: listed for listed in overview.people}
        gone = [client_id for client_id in self._people if client_id not in here]
        for client_id in gone:
            self._due.pop(client_id, None)
        for client_id, listed in here.items():
            if self._people.get(client_id) != listed:
                self._due[client_id] = None
                self._is_order_due = True
        self._people = here
        if gone:
            self._order = [client_id for client_id in self._order if client_id in here]
            self._chosen = tuple(client_id for client_id in self._chosen if client_id in here)
            self._view.remove_people(gone)
        self._show_empty("" if here else NOBODY_YET if is_running else NOT_RUNNING)

    def tick(self) -> None:
        """Show some of the rows that have changed; when all are there, their order."""
        if self._due:
            batch = [client_id for client_id, _ in zip(self._due, range(ROWS_PER_TICK), strict=False)]
            for client_id in batch:
                del self._due[client_id]
            self._view.put_people([PersonRow(client_id, self._cells(self._people[client_id])) for client_id in batch])
        elif self._is_order_due:
            self._is_order_due = False
            self._show_order()

    def column_clicked(self, column: str) -> None:
        """Order by this column; a second click turns the order round."""
        self._is_descending = column == self._column and not self._is_descending
        self._column = column
        self._is_order_due = True
        self._view.show_sorting(self._column, self._is_descending)

    def selected(self, ids: tuple[int, ...]) -> None:
        """The operator has chosen these rows."""
        self._chosen = tuple(client_id for client_id in ids if client_id in self._people)

    def kick_clicked(self) -> None:
        """Ask before anybody is sent away."""
        if self._chosen:
            self._view.ask_reason(f"Send {self._chosen_names()} away?", self._chosen)

    def kick_confirmed(self, ids: tuple[int, ...], reason: str) -> None:
        """The operator means it.

        Raises:
            ChatError: There is no hub.
        """
        self._control.kick(ids, reason)

    def ban_clicked(self) -> None:
        """Ask before anybody is kept out; who has no key cannot be."""
        keys = {client_id: self._people[client_id].person.key for client_id in self._chosen}
        keyed = {client_id: fingerprint_to_hex(key) for client_id, key in keys.items() if key is not None}
        if keyed:
            without = len(self._chosen) - len(keyed)
            rest = f" {shown_count(without, 'client')} without a key cannot be kept out." if without else ""
            question = f"Ban {self._names(tuple(keyed))}? The key stays out until you unban it.{rest}"
            self._view.ask_ban(question, tuple(dict.fromkeys(keyed.values())))
        elif self._chosen:
            self._tell(Meaning.NOTE, f"{self._names(self._chosen)} cannot be banned. {NO_KEY_TO_BAN}")

    def ban_confirmed(self, keys: tuple[str, ...], reason: str) -> None:
        """The operator means it; they may have gone meanwhile, and stay out all the same.

        Raises:
            ChatError: There is no hub.
        """
        self._control.ban(tuple(map(fingerprint_from_hex, keys)), reason)

    def message_clicked(self) -> None:
        """Write to the chosen."""
        if self._chosen:
            self._write_to(self._chosen, self._chosen_names())

    def copy_clicked(self) -> None:
        """Copy the chosen rows, with tabs between the cells."""
        if self._chosen:
            rows = ("\t".join(self._cells(self._people[client_id])) for client_id in self._chosen)
            self._clipboard.copy("\n".join(rows))

    def maybe_name(self, client_id: int) -> str | None:
        """What somebody is called, with his id; None when he is not here."""
        listed = self._people.get(client_id)
        return None if listed is None else shown_person(listed.person.name, client_id)

    def _chosen_names(self) -> str:
        return self._names(self._chosen)

    def _names(self, ids: tuple[int, ...]) -> str:
        return str(self.maybe_name(ids[0])) if len(ids) == 1 else f"{len(ids)} clients"

    def _show_empty(self, text: str) -> None:
        if text != self._empty:
            self._empty = text
            self._view.show_empty(text)

    def _show_order(self) -> None:
        order = [
            listed.person.id
            for listed in sorted(
                self._people.values(),
                key=lambda listed: (_sort_key(listed, self._column), listed.person.id),
                reverse=self._is_descending,
            )
        ]
        if order != self._order:
            self._order = order
            self._view.order_people(order)

    def _cells(self, listed: ListedPerson) -> tuple[str, ...]:
        person, ping = listed.person, listed.ping
        return (
            str(person.id),
            printable(person.name, 50),
            person.address,
            printable(person.credentials.computer, 50) or NOT_KNOWN,
            printable(person.credentials.version, 30) or NOT_KNOWN,
            shown_ping(ping.last) if ping.count else NOT_KNOWN,
            shown_ping(ping.mean) if ping.count else NOT_KNOWN,
            shown_moment(listed.since, self._wall),
            "classic" if person.key is None else "encrypted",
            shown_key(person),
            f"{listed.sent_texts:,}",
            shown_size(listed.sent_bytes),
        )


def shown_key(person: Person) -> str:
    """The six digits of a key, and which session of it this is where there are more."""
    if person.key is None:
        return NOT_KNOWN
    digits = short_key_code(person.key)
    return digits if person.session == 1 else f"{digits} #{person.session}"


def totals(overview: Overview, relayed: Relayed = NOT_RELAYED) -> str:
    """The line at the foot of the window."""
    parts = [shown_count(len(overview.people), "client")]
    if overview.arriving:
        parts.append(f"{overview.arriving:,} arriving")
    parts.append(shown_count(overview.passed_texts, "text"))
    parts.append(f"{shown_size(overview.passed_bytes)} passed on")
    if relayed.ways or relayed.size:
        # The word of 'tcpipserver ctl status', and of the option that limits them.
        parts.append(f"{shown_count(relayed.ways, 'relay')} now, {shown_size(relayed.size)} of files by relay")
    return "  ·  ".join(parts)


def _sort_key(listed: ListedPerson, column: str) -> tuple[float | str, ...]:
    """Numbers as numbers, names without regard to capitals; what is not known sorts as the smallest."""
    person, ping = listed.person, listed.ping
    match column:
        case "name":
            return (person.name.casefold(),)
        case "address":
            return _address_key(person.address)
        case "computer":
            return (person.credentials.computer.casefold(),)
        case "version":
            return (person.credentials.version,)
        case "ping":
            return (ping.last if ping.count else -1.0,)
        case "mean":
            return (ping.mean if ping.count else -1.0,)
        case "since":
            return (listed.since,)
        case "wire":
            return (person.wire.value,)
        case "key":
            return (shown_key(person) if person.key is not None else "",)
        case "texts":
            return (listed.sent_texts,)
        case "bytes":
            return (listed.sent_bytes,)
        case _:
            return ()


def _address_key(address: str) -> tuple[float | str, ...]:
    parsed = ipaddress.ip_address(address.partition("%")[0])
    return (parsed.version, int(parsed))
