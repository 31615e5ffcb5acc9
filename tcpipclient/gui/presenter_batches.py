"""Batches in the transfers panel: files and folders that go together between our own clients, as one row each.

Owns what is asked of the client for them, and what becomes of what it tells; their rows are kept by
presenter_batch_rows.py. The client keeps the queue, and says where each stands. Must never read a file. Pure: the Tk
thread's. Batches outlive a connection that is lost: the client takes them up again on the next one.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePath

from tcpipclient.core.batch_events import (
    BatchChanged,
    BatchEvent,
    BatchOffered,
    BatchProgressed,
    BatchState,
)
from tcpipclient.core.events import Direction
from tcpipclient.gui.model import BatchRefused, BatchStarted, FolderLooked, Keeping, Model
from tcpipclient.gui.presenter_accepting import AcceptPresenter, is_room_short, offer_sentence
from tcpipclient.gui.presenter_always import AlwaysTaken
from tcpipclient.gui.presenter_batch import Batch, names_of
from tcpipclient.gui.presenter_batch_rows import BatchRows
from tcpipclient.gui.presenter_keys import lock_sentence
from tcpipclient.gui.presenter_offers import BATCH, Offers, Waiting
from tcpipclient.gui.presenter_people import PeoplePresenter
from tcpipclient.gui.presenter_settings import SettingsPresenter
from tcpipclient.gui.presenter_totals import Counts
from tcpipclient.gui.shown import TransferAction
from tcpipclient.gui.shown_files import OfferAnswer, Verdict
from tcpipclient.gui.view import TransfersView

DISCONNECTED = "The connection was ended. What has come of it stays: sent again, it goes on from there."


class BatchesPresenter:
    """All batches of one window.

    Args:
        offers: What waits for an answer, single files too.
        keys: Of the panel's rows.
        complain: Takes a sentence about what did not work.
    """

    def __init__(
        self,
        view: TransfersView,
        model: Model,
        people: PeoplePresenter,
        settings: SettingsPresenter,
        always: AlwaysTaken,
        offers: Offers,
        keys: Iterator[int],
        complain: Callable[[str], None],
    ) -> None:
        self._view = view
        self._model = model
        self._people = people
        self._settings = settings
        self._always = always
        self._offers = offers
        self._keys = keys
        self._complain = complain
        self._rows = rows = BatchRows(view)
        self.flush, self.ticked, self.clear_clicked = rows.flush, rows.ticked, rows.clear
        self._accepting = AcceptPresenter(
            view,
            model,
            lambda: settings.settings.downloads,
            lambda: settings.settings.listening is None,
            self._lock_of,
            always.note,
        )

    @property
    def counts(self) -> Counts:
        """How many are in which state."""
        return self._rows.counts

    @property
    def outgoing_count(self) -> int:
        """Batches of ours that are not over."""
        return sum(batch.is_ours for batch in self._rows.alive)

    @property
    def sending_count(self) -> int:
        """Files in batches of ours that are on their way."""
        return sum(max(1, batch.files) for batch in self._rows.alive if batch.is_ours and batch.is_moving)

    @property
    def incoming_count(self) -> int:
        """Batches for us that are not over."""
        return sum(not batch.is_ours for batch in self._rows.alive)

    @property
    def room(self) -> int:
        """How many batches more can be sent."""
        return self._rows.room

    def has_person(self, person: int) -> bool:
        """Whether a batch in the panel is to or from somebody."""
        return any(batch.person == person for batch in self._rows.all)

    def maybe_taking_more(self, key: int) -> int | None:
        """The person of a row whose batch takes more files; None where there is none, or it does not."""
        batch = self._rows.maybe(key)
        return batch.person if batch is not None and batch.takes_more else None

    # Batches of ours

    def send(self, paths: Sequence[PurePath], person: int, size: int, *, links: bool) -> None:
        """Send files and folders to somebody, as one batch."""
        who = self._people.name_of(person)
        batch = Batch(next(self._keys), Direction.OUTGOING, person, who, names_of(paths), size)
        batch.paths, batch.links = tuple(paths), links
        self._rows.add(batch)
        self._hand_over(batch)

    def add(self, key: int, paths: Sequence[PurePath]) -> None:
        """Send more files and folders with a batch, where it takes them still."""
        batch = self._rows.maybe(key)
        if batch is None or not batch.takes_more:
            self._complain("Nothing was added: what these were to go with is over. Drop them on the person instead.")
            return
        batch.paths += tuple(paths)
        batch.names += names_of(paths)
        self._rows.change(batch)
        self._model.add_to_batch(batch.number, paths)

    def started(self, event: BatchStarted) -> None:
        """The client has taken a batch of ours."""
        batch = self._rows.maybe(event.batch)
        if batch is None or batch.is_over:
            return
        self._rows.give_number(batch, event.transfer)
        if batch.cancelling:
            self._model.cancel_batch(event.transfer)

    def refused(self, event: BatchRefused) -> None:
        """The client has not taken a batch of ours."""
        batch = self._rows.maybe(event.batch)
        if batch is not None and not batch.is_over:
            self._fail(batch, event.reason)

    # What the client tells

    def received(self, event: BatchEvent, wall: float) -> Batch | None:
        """Something happened to a batch; returns it where it waits for the user's answer now."""
        if isinstance(event, BatchOffered):
            return self._offered(event, wall)
        batch = self._rows.maybe_numbered(event.transfer)
        if batch is None:
            return None
        match event:
            case BatchProgressed():
                batch.progressed(event)
                self._rows.move(batch)
            case BatchChanged():
                batch.changed(event)
                self._rows.change(batch)
            case _:
                batch.end(event)
                self._finish(batch)
        return None

    def folder_looked(self, event: FolderLooked) -> None:
        """A folder was looked at."""
        self._accepting.folder_looked(event)

    def connection_lost(self) -> None:
        """What the client has goes on; what it has not taken yet does not."""
        for batch in self._rows.alive:
            if not batch.number:
                self._fail(batch, "The connection ended before it began. Retry sends it again.")

    def disconnected(self) -> None:
        """The user has left the hub: the client has ended all."""
        for batch in self._rows.all:
            if not batch.is_over:
                self._fail(batch, DISCONNECTED)
            self._rows.take_number(batch)

    # What the user asks for

    def act(self, key: int, action: TransferAction) -> None:
        """A button of a batch; one that is not offered (any more), or of another row, does nothing."""
        batch = self._rows.maybe(key)
        if batch is None or action not in (*batch.actions(), *batch.more()):
            return
        orders = {
            TransferAction.PAUSE: self._model.pause_batch,
            TransferAction.RESUME: self._model.resume_batch,
        }
        if action in orders:
            orders[action](batch.number)
        else:
            self._act(batch, action)

    def offer_answered(self, key: int, answer: OfferAnswer) -> None:
        """The answer to the question about an offer."""
        batch = self._rows.maybe(key)
        if batch is None or not self._accepting.is_open(batch):
            return
        folder = self._accepting.folder
        self._accepting.close(batch)
        if answer.verdict is Verdict.DECLINE:
            self._decline(batch)
        elif answer.verdict is not Verdict.LATER:
            self._settings.listening_answered(listening=answer.listening)
            self._accept(batch, Keeping(answer.conflict, answer.links, folder, self._may_listen))
            if answer.verdict is Verdict.ALWAYS:
                self._always.choose(batch.person, wanted=True)
                self._offers.accept_always()

    def offer_folder_chosen(self, key: int, folder: str) -> None:
        """What is offered is to go to another folder."""
        self._accepting.folder_chosen(key, folder)

    # Steps

    def _act(self, batch: Batch, action: TransferAction) -> None:
        match action:
            case TransferAction.REVIEW:
                self._accepting.ask(batch)
            case TransferAction.DECLINE:
                self._decline(batch)
            case TransferAction.UP | TransferAction.DOWN:
                self._model.move_batch(batch.number, batch.place + (1 if action is TransferAction.DOWN else -1))
            case TransferAction.CANCEL:
                self._cancel(batch)
            case TransferAction.RETRY:
                self._retry(batch)
            case TransferAction.DETAILS:
                self._rows.show_details(batch)
            case TransferAction.CLEAR:
                self._rows.remove([batch.key])
            case TransferAction.OPEN_FILE:
                self._model.open_file(batch.paths[0])
            case TransferAction.OPEN_FOLDER:
                self._model.open_folder(batch.paths[0])
            case _:
                # The window asks which files are to be added, and tells them as a drop.
                pass

    @property
    def _may_listen(self) -> bool:
        return self._settings.settings.listening is True

    def _offered(self, event: BatchOffered, wall: float) -> Batch | None:
        batch = self._rows.maybe_numbered(event.transfer) or self._new_for_us(event, wall)
        batch.offered = event
        self._rows.change(batch)
        if self._taken_unasked(batch, event):
            return None
        text = offer_sentence(batch.who, event)
        self._offers.add(
            batch.key, Waiting(batch.person, lambda: text, lambda: self._taken_unasked(batch, event), BATCH)
        )
        return batch

    def _new_for_us(self, event: BatchOffered, wall: float) -> Batch:
        person = self._people.key_of(event.sender, event.sender_name, wall)
        names = tuple(entry.name for entry in event.top)
        batch = Batch(
            next(self._keys),
            Direction.INCOMING,
            person,
            self._people.name_of(person),
            names,
            event.totals.size,
            event.others,
            event.totals.files,
        )
        batch.state = BatchState.OFFERED
        self._rows.give_number(batch, event.transfer)
        self._rows.add(batch)
        return batch

    def _taken_unasked(self, batch: Batch, event: BatchOffered) -> bool:
        """Accept where this person's files always are; never what is larger than the user wants, or than the room."""
        most = self._settings.settings.largest_unasked
        is_large = 0 < most < event.totals.size
        if is_large or is_room_short(event) or not self._always.is_always(batch.person):
            return False
        self._accept(batch, Keeping(listening=self._may_listen))
        return True

    def _accept(self, batch: Batch, keeping: Keeping) -> None:
        self._answered(batch)
        if batch.state is BatchState.OFFERED:
            batch.state = BatchState.CONNECTING
        self._model.accept_batch(batch.number, keeping)

    def _decline(self, batch: Batch) -> None:
        self._answered(batch)
        self._model.decline_batch(batch.number)

    def _answered(self, batch: Batch) -> None:
        self._accepting.close(batch)
        self._offers.remove(batch.key)
        batch.offered = None
        self._rows.change(batch)

    def _hand_over(self, batch: Batch) -> None:
        """Give a batch of ours to the client; whom it is for is there."""
        person_id = self._people.maybe_id(batch.person)
        assert person_id is not None
        self._model.send_batch(batch.key, batch.paths, person_id, links=batch.links)

    def _cancel(self, batch: Batch) -> None:
        batch.cancelling = True
        self._rows.change(batch)
        if batch.number:
            self._model.cancel_batch(batch.number)

    def _retry(self, batch: Batch) -> None:
        who = self._people.name_of(batch.person)
        if self._people.maybe_id(batch.person) is None:
            self._complain(f"{who} is not there now, so nothing was sent: retry when that person is back.")
            return
        # As something new: the client remembers only the last ones that have failed.
        self._rows.begin_again(batch, who)
        self._hand_over(batch)

    def _fail(self, batch: Batch, reason: str) -> None:
        self._rows.take_number(batch)
        batch.fail(reason)
        self._finish(batch)

    def _finish(self, batch: Batch) -> None:
        self._accepting.close(batch)
        self._offers.remove(batch.key)
        self._rows.finish(batch)

    def _lock_of(self, person: int) -> str:
        known = self._people.maybe_person(person)
        return lock_sentence(known) if known is not None else ""
