"""Single files in the transfers panel: those that we send and those for us, to and from who is on the classic wire.

Owns the records of these files and the order in which ours are handed to the client. Must never read a file. Pure: the
Tk thread's; times are monotonic seconds. Of thousands that wait only the first have a row, and the client is given a
few at a time: it, and the programs of those who receive them, keep books on each.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator

from commonlib.safename import safe_name
from commonlib.wording import shown_file, shown_size
from tcpipclient.core.events import (
    Direction,
    FileNotSaved,
    FileNotSent,
    FileOffered,
    FileProgressed,
    FileSaved,
    FileSent,
)
from tcpipclient.gui.model import DroppedFile, FileRefused, FileStarted, Model
from tcpipclient.gui.presenter_always import AlwaysTaken
from tcpipclient.gui.presenter_offers import Offers, Waiting
from tcpipclient.gui.presenter_people import PeoplePresenter
from tcpipclient.gui.presenter_totals import Counts
from tcpipclient.gui.presenter_transfer import Transfer
from tcpipclient.gui.shown import TransferAction, TransferShown
from tcpipclient.gui.view import TransfersView

MOST_TRANSFERS = 10_000
"""Files in the panel's books; of those that are over the oldest falls off."""
MOST_AT_CLIENT = 32
MOST_SHOWN_AT_ONCE = 200

FileEvent = FileOffered | FileProgressed | FileSaved | FileNotSaved | FileSent | FileNotSent

DECLINED = "Its sender is not told: if you want it after all, ask for it to be sent again."


class TransfersPresenter:
    """All single files of one window.

    Args:
        offers: What waits for an answer, batches too.
        keys: Of the panel's rows.
        complain: Takes a sentence about what did not work.
    """

    def __init__(
        self,
        view: TransfersView,
        model: Model,
        people: PeoplePresenter,
        always: AlwaysTaken,
        offers: Offers,
        keys: Iterator[int],
        complain: Callable[[str], None],
    ) -> None:
        self._view = view
        self._model = model
        self._people = people
        self._complain = complain
        self._always = always
        self._offers = offers
        self._keys = keys
        self._all: dict[int, Transfer] = {}
        self._of_person: Counter[int] = Counter()
        self._over: dict[int, None] = {}
        self._waiting: dict[int, Transfer] = {}
        self._hidden: deque[Transfer] = deque()
        self._to_reveal: deque[Transfer] = deque()
        self._at_client: dict[int, Transfer] = {}
        self._incoming: dict[int, Transfer] = {}
        self._unanswered: set[int] = set()
        self._by_number: dict[int, Transfer] = {}
        self._changed: dict[int, Transfer] = {}
        self._moving: dict[int, Transfer] = {}

    @property
    def outgoing_count(self) -> int:
        """Files of ours that are not over."""
        return len(self._at_client) + len(self._waiting) + len(self._hidden)

    @property
    def incoming_count(self) -> int:
        """Files for us that are not over, those offered too."""
        return len(self._incoming)

    @property
    def counts(self) -> Counts:
        """How many are in which state."""
        offered = len(self._unanswered)
        running = len(self._at_client) + len(self._incoming) - offered
        return Counts(running, len(self._waiting), len(self._hidden), offered, len(self._over))

    @property
    def room(self) -> int:
        """How many files more can be sent."""
        return MOST_TRANSFERS - (len(self._all) - len(self._over))

    def has_person(self, person: int) -> bool:
        """Whether a file in the panel is to or from somebody."""
        return person in self._of_person

    def flush(self) -> None:
        """Show what has changed since the last time; what only moved waits for the next tick."""
        if self._changed:
            self._view.put_transfers([transfer.row() for transfer in self._changed.values()])
            self._changed = {}

    def ticked(self, now: float) -> None:
        """Time has passed."""
        for transfer in self._incoming.values():
            if transfer.maybe_silent(now):
                self._changed[transfer.key] = transfer
        self._changed.update(self._moving)
        self._moving = {}
        for _ in range(min(MOST_SHOWN_AT_ONCE, len(self._to_reveal))):
            transfer = self._to_reveal.popleft()
            if transfer.key in self._all:
                self._changed[transfer.key] = transfer

    # Files of ours

    def send(self, files: Iterable[DroppedFile], person: int) -> None:
        """Send files to somebody, one after another."""
        peer = f"to {self._people.name_of(person)}"
        for file in files:
            transfer = Transfer(
                next(self._keys),
                Direction.OUTGOING,
                person,
                peer,
                file.name,
                file.size,
                TransferShown.WAITING,
                path=file.path,
            )
            self._add(transfer)
            self._hidden.append(transfer)
        self._feed()

    def file_started(self, event: FileStarted) -> None:
        """The client has taken a file of ours."""
        transfer = self._at_client.get(event.file)
        if transfer is None:
            return
        transfer.number = event.transfer
        self._by_number[event.transfer] = transfer
        if transfer.cancelling:
            self._model.cancel_file(event.transfer)

    def file_refused(self, event: FileRefused) -> None:
        """The client has not taken a file of ours."""
        transfer = self._at_client.get(event.file)
        if transfer is not None:
            self._end(transfer, TransferShown.FAILED, event.reason)

    def cancel_waiting_clicked(self) -> None:
        """Cancel all whose turn has not come; those that were never shown are forgotten."""
        for transfer in self._hidden:
            self._forget(transfer.key)
        self._hidden.clear()
        for transfer in list(self._waiting.values()):
            self._finish(transfer, TransferShown.CANCELLED, "Nothing of it was sent.")

    # What the client tells

    def received(self, event: FileEvent, now: float, wall: float) -> Transfer | None:
        """Something happened to a file; returns the transfer where it is one that waits for the user's answer."""
        if isinstance(event, FileOffered):
            return self._offered(event, now, wall)
        transfer = self._by_number.get(event.transfer)
        if transfer is None:
            if isinstance(event, FileNotSaved) and not event.declined:
                refused = self._incoming_transfer(event.transfer, event.sender, event.sender_name, event.name, 0, wall)
                self._end(refused, TransferShown.FAILED, event.reason)
            return None
        match event:
            case FileProgressed():
                self._progressed(transfer, event.done, now)
            case FileSent():
                self._end(transfer, TransferShown.SENT)
            case FileNotSent(cancelled=True):
                self._end(transfer, TransferShown.CANCELLED, event.reason)
            case FileNotSent(timed_out=True):
                self._end(transfer, TransferShown.UNCONFIRMED, event.reason)
                # His word may still come.
                self._by_number[transfer.number] = transfer
            case FileNotSent():
                self._end(transfer, TransferShown.FAILED, event.reason)
            case FileSaved():
                transfer.path = event.path
                self._end(transfer, TransferShown.SAVED)
            case _:
                state = TransferShown.CANCELLED if transfer.cancelling else TransferShown.FAILED
                self._end(transfer, state, event.reason)
        return None

    def connection_ended(self) -> None:
        """Nothing goes on by itself: whoever has the names after the next connection may be others."""
        reason = "The connection ended. Retry sends it again."
        unseen, self._hidden = self._hidden, deque()
        for transfer in (*self._at_client.values(), *self._waiting.values()):
            self._finish(transfer, TransferShown.FAILED, reason)
        for transfer in list(self._incoming.values()):
            self._finish(transfer, TransferShown.FAILED, "The connection ended. Ask for it again.")
        for transfer in unseen:
            transfer.end(TransferShown.FAILED, reason)
            self._over[transfer.key] = None
        self._to_reveal.extend(unseen)
        self._by_number.clear()

    # What the user asks for

    def act(self, key: int, action: TransferAction) -> None:
        """A button of a file; one that is not offered (any more), or of another row, does nothing."""
        transfer = self._all.get(key)
        if transfer is None or action not in transfer.actions():
            return
        match action:
            case TransferAction.ACCEPT:
                self._accept(transfer)
            case TransferAction.DECLINE:
                self._model.decline_file(transfer.number)
                self._end(
                    transfer,
                    TransferShown.DECLINED,
                    DECLINED,
                )
            case TransferAction.ALWAYS:
                self._always.choose(transfer.person, wanted=True)
                self._offers.accept_always()
            case TransferAction.CANCEL:
                self._cancel(transfer)
            case TransferAction.RETRY:
                self._retry(transfer)
            case TransferAction.CLEAR:
                self._remove([key])
            case _:
                self._open(transfer, action)

    def clear_clicked(self) -> None:
        """Take all that are over from the panel."""
        self._remove(list(self._over))
        self._to_reveal.clear()

    # Steps

    def _offered(self, event: FileOffered, now: float, wall: float) -> Transfer | None:
        transfer = self._incoming_transfer(
            event.transfer, event.sender, event.sender_name, event.name, event.size, wall
        )
        transfer.heard_at = now
        if self._always.is_always(transfer.person):
            self._accept(transfer)
            return None
        sender, renamed = self._people.name_of(transfer.person), safe_name(event.sent_name).explanation
        self._unanswered.add(transfer.key)
        text = f'{sender} sends you "{shown_file(transfer.name)}" ({shown_size(transfer.size)}). {renamed}'.rstrip()

        def tell() -> str:
            return f"{text} {transfer.detail}".rstrip()

        self._offers.add(transfer.key, Waiting(transfer.person, tell, lambda: self._accept(transfer)))
        return transfer

    def _incoming_transfer(
        self, number: int, sender: int, sender_name: str, name: str, size: int, wall: float
    ) -> Transfer:
        person = self._people.key_of(sender, sender_name, wall)
        peer = f"from {self._people.name_of(person)}"
        transfer = Transfer(next(self._keys), Direction.INCOMING, person, peer, name, size, TransferShown.OFFERED)
        transfer.number = number
        self._add(transfer)
        self._incoming[transfer.key] = self._by_number[number] = self._changed[transfer.key] = transfer
        return transfer

    def _accept(self, transfer: Transfer) -> None:
        self._offers.remove(transfer.key)
        self._unanswered.discard(transfer.key)
        transfer.state = TransferShown.RECEIVING
        self._changed[transfer.key] = transfer
        self._model.accept_file(transfer.number)

    def _cancel(self, transfer: Transfer) -> None:
        if transfer.key in self._waiting:
            self._end(transfer, TransferShown.CANCELLED, "Nothing of it was sent.")
            return
        transfer.cancelling = True
        self._changed[transfer.key] = transfer
        if transfer.number:
            self._model.cancel_file(transfer.number)

    def _retry(self, transfer: Transfer) -> None:
        name = self._people.name_of(transfer.person)
        if self._people.maybe_id(transfer.person) is None:
            self._complain(f"{name} is not there now, so nothing was sent: retry when that person is back.")
            return
        self._by_number.pop(transfer.number, None)
        del self._over[transfer.key]
        transfer.peer = f"to {name}"
        transfer.state, transfer.detail = TransferShown.WAITING, ""
        transfer.number, transfer.done, transfer.cancelling = 0, 0, False
        self._hidden.append(transfer)
        self._changed[transfer.key] = transfer
        self._feed()

    def _open(self, transfer: Transfer, action: TransferAction) -> None:
        if action is TransferAction.OPEN_FILE:
            self._model.open_file(transfer.path)
        else:
            self._model.open_folder(transfer.path)

    def _progressed(self, transfer: Transfer, done: int, now: float) -> None:
        if transfer.is_over:
            return
        if transfer.state is TransferShown.WAITING:
            transfer.state = TransferShown.SENDING
        transfer.moved(done, now)
        self._moving[transfer.key] = transfer

    def _feed(self) -> None:
        """Show as many of ours as are shown, and hand as many to the client as it is given at a time."""
        while True:
            while self._hidden and len(self._waiting) < MOST_SHOWN_AT_ONCE:
                shown = self._hidden.popleft()
                self._waiting[shown.key] = self._changed[shown.key] = shown
            if not self._waiting or len(self._at_client) >= MOST_AT_CLIENT:
                return
            transfer = self._waiting.pop(next(iter(self._waiting)))
            person_id = self._people.maybe_id(transfer.person)
            if person_id is None:
                self._finish(transfer, TransferShown.FAILED, "Whom it is for is not there. Retry when that changes.")
            else:
                self._at_client[transfer.key] = transfer
                self._model.send_file(transfer.key, transfer.path, person_id)

    def _end(self, transfer: Transfer, state: TransferShown, detail: str = "") -> None:
        was_ours = transfer.direction is Direction.OUTGOING
        self._finish(transfer, state, detail)
        if was_ours:
            self._feed()

    def _finish(self, transfer: Transfer, state: TransferShown, detail: str) -> None:
        key = transfer.key
        for books in (self._at_client, self._waiting, self._incoming, self._moving):
            books.pop(key, None)
        self._by_number.pop(transfer.number, None)
        self._offers.remove(key)
        self._unanswered.discard(key)
        transfer.end(state, detail)
        self._over[key] = None
        self._changed[key] = transfer

    def _add(self, transfer: Transfer) -> None:
        self._all[transfer.key] = transfer
        self._of_person[transfer.person] += 1
        if len(self._all) > MOST_TRANSFERS and self._over:
            self._remove([next(iter(self._over))])

    def _remove(self, keys: list[int]) -> None:
        for key in keys:
            self._by_number.pop(self._forget(key).number, None)
            del self._over[key]
            self._changed.pop(key, None)
        if keys:
            self._view.remove_transfers(keys)

    def _forget(self, key: int) -> Transfer:
        transfer = self._all.pop(key)
        self._of_person[transfer.person] -= 1
        if not self._of_person[transfer.person]:
            del self._of_person[transfer.person]
        return transfer
