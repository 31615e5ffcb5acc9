"""The client window's presenter: takes what the user does and what the model tells, and hands it to its rooms.

Owns the order in which the rooms hear of things. Must never decide what a room decides, nor touch a toolkit, a thread
or a clock. Pure: the Tk thread's; `now` is monotonic, `wall` Unix seconds.
"""

from collections.abc import Sequence
from datetime import tzinfo

from commonlib.wording import clock_sentence
from tcpipclient.core.events import (
    ApprovalAwaited,
    ClockDiffered,
    ConnectionLost,
    Event,
    FileNotSaved,
    FileNotSent,
    FileOffered,
    FileProgressed,
    FileSaved,
    FileSent,
    LatenciesTold,
    LatencyMeasured,
    PersonChanged,
    PersonJoined,
    PersonLeft,
    Registered,
    TextArrived,
    TextDelivered,
    TextNotDelivered,
)
from tcpipclient.gui.model import (
    Arrived,
    BatchRefused,
    BatchStarted,
    ConnectFailed,
    FileRefused,
    FileStarted,
    Model,
    ModelEvent,
    NotDone,
    OwnKey,
    TextRefused,
    TextSent,
)
from tcpipclient.gui.presenter_always import AlwaysTaken
from tcpipclient.gui.presenter_connection import ConnectionPresenter
from tcpipclient.gui.presenter_conversations import ConversationsPresenter
from tcpipclient.gui.presenter_files import FilesPresenter
from tcpipclient.gui.presenter_keys import own_identity, person_identity
from tcpipclient.gui.presenter_latencies import LatenciesPresenter
from tcpipclient.gui.presenter_messages import SERVER_CONVERSATION, MessageBook
from tcpipclient.gui.presenter_notices import NoticesPresenter
from tcpipclient.gui.presenter_people import PeoplePresenter
from tcpipclient.gui.presenter_settings import SettingsPresenter
from tcpipclient.gui.settings import Settings
from tcpipclient.gui.shown import TransferAction
from tcpipclient.gui.shown_files import OfferAnswer
from tcpipclient.gui.view import View


class Presenter:
    """Everything that one window decides; keeps `actions.Actions`.

    Args:
        user_name: The system's name for the user, where the settings have none.
        zone: For the times shown; None is the system's.
    """

    def __init__(
        self, view: View, model: Model, settings: Settings, user_name: str = "", zone: tzinfo | None = None
    ) -> None:
        self._view = view
        self._model = model
        self._wall = 0.0
        self._now = 0.0
        self._is_closing = False
        self._own_key: bytes | None = None
        book = MessageBook()
        self._settings = SettingsPresenter(view, model, settings)
        self._connection = ConnectionPresenter(view, model, self._settings, user_name)
        complain = self._connection.complain
        self._people = PeoplePresenter(view, lambda key: book.has_messages((key,)) or self._files.has_person(key), zone)
        self._conversations = ConversationsPresenter(view, model, self._people, book, complain, zone)
        self._always = AlwaysTaken(self._settings, self._people.maybe_identity)
        self._files = FilesPresenter(view, model, self._people, self._settings, self._always, complain)
        self._last_left = 0
        self._latencies = LatenciesPresenter(model, self._people)
        self._notices = NoticesPresenter(view)
        self._take_parts()

    def _take_parts(self) -> None:
        """What concerns one room alone, it is told without a detour."""
        self.people_in_sight = self._latencies.in_sight
        self.search_typed = self._people.search
        self.heading_clicked = self._people.sort
        self.draft_typed = self._conversations.draft_typed
        self.earlier_clicked = self._conversations.earlier_clicked
        self.link_clicked = self._model.open_link
        self.offer_folder_chosen = self._files.offer_folder_chosen
        self.speed_limit_clicked = self._files.speed.clicked
        self.speed_limit_typed = self._files.speed.typed
        self.theme_chosen = self._settings.theme_chosen
        self.text_size_changed = self._settings.text_size_changed
        self.downloads_chosen = self._settings.downloads_chosen
        self.largest_unasked_chosen = self._settings.largest_unasked_chosen
        self.listening_chosen = self._settings.listening_chosen

    def started(self, now: float, wall: float) -> None:
        """The window is drawn."""
        self._now, self._wall = now, wall
        self._settings.started()
        self._notices.started()
        self._connection.started()
        self._people.started()
        self._conversations.started(wall)
        self._files.flush()

    def received(self, events: Sequence[ModelEvent], now: float, wall: float) -> None:
        """The queue gave these."""
        self._now, self._wall = now, wall
        for event in events:
            self._receive(event)
        self._flush()

    def ticked(self, now: float, wall: float) -> None:
        """Time has passed."""
        self._now, self._wall = now, wall
        self._files.ticked(now)
        self._connection.ticked(now, self._sending())
        if self._connection.is_connected:
            self._latencies.ticked(now)
        self._flush()

    # What the user does

    def connect_clicked(self, host: str, port: str, name: str, now: float) -> None:
        """Connect, or Disconnect."""
        if self._connection.is_connected and self._must_ask(closing=False):
            return
        number = self._connection.number
        if self._connection.connect_clicked(host, port, name, now):
            self._connection_left(number)

    def banner_closed(self) -> None:
        """The banner was read."""
        self._view.show_banner(None)

    def hub_answered(self, number: int, typed: str, now: float, *, yes: bool) -> None:
        """The answer to a question about the hub."""
        self._connection.hub_answered(number, typed, now, yes=yes)
        self._maybe_give_up()

    def hub_clicked(self) -> None:
        """The hub's key code is wanted."""
        self._connection.hub_clicked()

    def forget_hub_clicked(self) -> None:
        """The hub that we are connected to is to be as unknown as at first."""
        self._connection.forget_hub_clicked()

    def person_key_clicked(self, key: int) -> None:
        """Somebody's key code is wanted."""
        person = self._people.maybe_person(key)
        if person is not None:
            self._view.show_identity(person_identity(person))

    def person_menu_opened(self, key: int) -> None:
        """The menu of this row is about to be seen."""
        self._view.show_person_menu(self._always.menu(key))

    def always_chosen(self, key: int, *, wanted: bool) -> None:
        """Files of this row's person are to be taken without asking, or not any more."""
        self._always.choose(key, wanted=wanted)
        self._files.accept_always()
        self._flush()

    def own_key_clicked(self) -> None:
        """The user's own key code is wanted."""
        self._view.show_identity(own_identity(self._own_key))

    def people_selected(self, keys: Sequence[int]) -> None:
        """These rows are selected now."""
        if self._people.select(keys) and (self._people.selected or self._conversations.on_show != SERVER_CONVERSATION):
            self._conversations.open(self._people.selected or None)

    def all_people_clicked(self) -> None:
        """Select everybody who is on show."""
        keys = self._people.shown_keys()
        self._view.select_people(keys)
        self.people_selected(keys)

    def server_clicked(self) -> None:
        """The conversation with the server is wanted."""
        self._conversations.open(SERVER_CONVERSATION)
        self._people.select(())
        self._view.select_people(())

    def send_clicked(self, text: str, now: float, wall: float, numbers: tuple[str, str] = ("", "")) -> None:
        """Send what the composer holds."""
        self._conversations.send_clicked(text, wall, numbers)
        self._connection.ticked(now, self._sending())
        self._flush()

    def files_dropped(self, paths: Sequence[str], onto: int | None = None, into: int | None = None) -> None:
        """Files were dropped, attached or pasted."""
        if into is not None:
            self._files.files_added(paths, into)
            return
        to = self._conversations.on_show if onto is None else (onto,)
        self._files.files_dropped(paths, to, is_connected=self._connection.is_connected)

    def send_answered(self, number: int, *, yes: bool, links: bool = False) -> None:
        """The answer to a question about files."""
        self._files.send_answered(number, yes=yes, links=links)
        self._flush()

    def offer_answered(self, key: int, answer: OfferAnswer) -> None:
        """The answer to a question about an offer."""
        self._files.offer_answered(key, answer)
        self._flush()

    def transfer_action(self, key: int, action: TransferAction, now: float) -> None:
        """A button of a file."""
        self._now = now
        self._files.act(key, action)
        self._flush()

    def cancel_waiting_clicked(self) -> None:
        """Cancel all files of ours whose turn has not come."""
        self._files.cancel_waiting_clicked()
        self._flush()

    def clear_transfers_clicked(self) -> None:
        """Take all files that are over from the panel."""
        self._files.clear_clicked()
        self._flush()

    def focus_changed(self, *, focused: bool) -> None:
        """The window got or lost the keyboard."""
        self._notices.focus_changed(focused=focused)
        self._conversations.focus_changed(focused=focused)

    def close_clicked(self, geometry: str, *, maximised: bool) -> None:
        """The window is to be closed."""
        self._settings.closing(geometry, maximised=maximised)
        if not self._must_ask(closing=True):
            self.leave_answered(yes=True)

    def leave_answered(self, *, yes: bool) -> None:
        """The answer to the question before closing or disconnecting."""
        if not yes:
            return
        number = self._connection.number
        self._connection.disconnect(self._now)
        if self._is_closing:
            self._view.close_window()
        else:
            self._connection_left(number)

    def _must_ask(self, *, closing: bool) -> bool:
        """Whether files are on their way, so that the user was asked."""
        self._is_closing = closing
        outgoing, incoming = self._files.outgoing_count, self._files.incoming_count
        if not outgoing and not incoming:
            return False
        self._notices.ask_leave(outgoing, incoming, self._files.single_count, closing=closing)
        return True

    # What the model tells

    def _receive(self, event: ModelEvent) -> None:
        match event:
            case Arrived(connection, told):
                if self._connection.is_current(connection):
                    self._arrived(told, connection)
                else:
                    self._batch_told(told, connection)
            case ConnectFailed():
                if self._connection.is_current(event.connection):
                    self._connection.failed(event, self._now)
                    self._maybe_give_up()
            case TextSent() | TextRefused() | FileStarted() | FileRefused() | BatchStarted() | BatchRefused():
                if self._connection.is_current(event.connection):
                    self._answered(event)
            case OwnKey(key):
                self._own_key = key
            case NotDone(reason):
                self._connection.complain(reason)
            case _:
                self._files.answered(event)

    def _answered(
        self, event: TextSent | TextRefused | FileStarted | FileRefused | BatchStarted | BatchRefused
    ) -> None:
        match event:
            case TextSent():
                self._conversations.text_sent(event)
            case TextRefused():
                self._conversations.text_refused(event)
            case _:
                self._files.answered(event)

    def _arrived(self, event: Event, connection: int) -> None:
        match event:
            case Registered():
                self._connection.registered(event, self._now)
                self._latencies.connected(self._now)
                self._conversations.connected(self._people.registered(event.people, event.hub_key), self._wall)
            case ApprovalAwaited():
                self._connection.approval_awaited(self._own_key, self._now)
            case PersonJoined() | PersonChanged() | PersonLeft():
                self._person_event(event)
            case LatenciesTold(seconds_of):
                self._people.latencies_told(seconds_of)
            case LatencyMeasured(seconds):
                self._people.own_latency_told(seconds)
            case TextArrived():
                self._text_arrived(event)
            case TextDelivered() | TextNotDelivered():
                self._conversations.receipt_came(event)
            case FileOffered() | FileProgressed() | FileSaved() | FileNotSaved() | FileSent() | FileNotSent():
                self._file_event(event)
            case ClockDiffered(seconds):
                self._connection.warn(clock_sentence(seconds))
            case ConnectionLost():
                self._connection.lost(event, self._now)
                self._connection_ended(is_wanted=False)
                self._maybe_give_up()
            case _:
                # HubExited comes before ConnectionLost, which says the same; commands of one's own are not for people.
                self._batch_told(event, connection)

    def _person_event(self, event: PersonJoined | PersonChanged | PersonLeft) -> None:
        match event:
            case PersonJoined(person):
                came, before = self._people.joined(person, self._wall)
                self._conversations.came(came, before, self._wall)
            case PersonChanged(person):
                changed = self._people.changed(person)
                if changed is not None:
                    self._conversations.person_changed(changed)
            case _:
                left = self._people.left(event.person.id, self._wall)
                if left is not None:
                    self._files.person_left(left)
                    self._conversations.left(left, self._wall)

    def _text_arrived(self, event: TextArrived) -> None:
        key = self._conversations.text_arrived(event, self._wall)
        if not self._conversations.is_read(key):
            is_on_show = self._conversations.on_show == key
            self._notices.notify(self._conversations.title_of(key), event.text, self._now, is_on_show=is_on_show)

    def _file_event(
        self, event: FileOffered | FileProgressed | FileSaved | FileNotSaved | FileSent | FileNotSent
    ) -> None:
        self._tell(self._files.file_told(event, self._now, self._wall))

    def _batch_told(self, event: Event, connection: int) -> None:
        """Batches go on when a connection is lost, but not when the user has left it."""
        from tcpipclient.core.batch_events import BatchChanged, BatchEnded, BatchOffered, BatchProgressed

        if connection > self._last_left and isinstance(
            event, BatchOffered | BatchChanged | BatchProgressed | BatchEnded
        ):
            self._tell(self._files.batch_told(event, self._wall))

    def _tell(self, notice: tuple[str, str] | None) -> None:
        if notice is not None:
            title, text = notice
            self._notices.notify(title, text, self._now)

    def _maybe_give_up(self) -> None:
        """Where no other try follows by itself, nothing goes on without a connection either."""
        if self._connection.is_idle:
            self._model.close(self._connection.number)
            self._connection_left(self._connection.number)

    def _connection_left(self, number: int) -> None:
        """Neither the user nor we want this connection any more."""
        self._last_left = number
        self._connection_ended(is_wanted=True)

    def _connection_ended(self, *, is_wanted: bool) -> None:
        self._people.connection_ended(self._wall)
        self._conversations.connection_ended()
        self._files.connection_ended(is_wanted=is_wanted)
        self._flush()

    def _sending(self) -> str:
        sending = self._files.sending
        if sending:
            return sending
        return "Sending a text" if self._conversations.is_sending else ""

    def _flush(self) -> None:
        self._conversations.flush()
        self._files.flush()
