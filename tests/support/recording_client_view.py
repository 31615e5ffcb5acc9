"""A client's window that draws nothing: it keeps what it would show, as the real one would.

Owns the state of each part, so that a test looks at what a user would see. It must never decide. Thread: the test's
own.
"""

from collections.abc import Sequence

from tcpipclient.gui.settings import Settings
from tcpipclient.gui.shown import (
    MOST_SHOWN,
    Banner,
    ComposerShown,
    ConnectionShown,
    ConversationShown,
    LeaveQuestion,
    MessageRow,
    OfferShown,
    PersonColumn,
    PersonMenuShown,
    PersonRow,
    SendQuestion,
    Toast,
    TransferRow,
)
from tcpipclient.gui.shown_files import AcceptQuestion, DetailsShown, LimitQuestion
from tcpipclient.gui.shown_hub import HubQuestion, IdentityShown, Lock, LockShown


class RecordingView:
    """Keeps `view.View`.

    Attributes:
        people, messages: The rows, in the order in which they stand.
        put_people, changed_messages: How many rows were put one by one, or changed.
    """

    def __init__(self) -> None:
        self.fields: tuple[str, str, str, tuple[str, ...]] = ("", "", "", ())
        self.connections: list[ConnectionShown] = []
        self.lock = LockShown(Lock.NONE, "")
        self.hub_question: HubQuestion | None = None
        self.hub_questions_shown = 0
        self.identity: IdentityShown | None = None
        self.banner: Banner | None = None
        self.people: list[PersonRow] = []
        self.put_people = 0
        self.selected: tuple[int, ...] = ()
        self.people_note = ""
        self.person_menu: PersonMenuShown | None = None
        self.sorting: tuple[PersonColumn, bool] | None = None
        self.server: tuple[int, bool] = (0, False)
        self.conversation: ConversationShown | None = None
        self.messages: list[MessageRow] = []
        self.has_earlier = False
        self.changed_messages = 0
        self.composer: ComposerShown | None = None
        self.draft = ""
        self.transfers: dict[int, TransferRow] = {}
        self.transfers_note = ""
        self.offer: OfferShown | None = None
        self.drop_note = ""
        self.questions: list[SendQuestion] = []
        self.accept_question: AcceptQuestion | None = None
        self.details: DetailsShown | None = None
        self.limit_question: LimitQuestion | None = None
        self.title = ""
        self.toasts: list[Toast] = []
        self.bells = 0
        self.settings: list[Settings] = []
        self.leave_question: LeaveQuestion | None = None
        self.closed = False

    @property
    def connection(self) -> ConnectionShown:
        """The connection as shown now."""
        return self.connections[-1]

    @property
    def names(self) -> list[str]:
        """The first cells of the people list."""
        return [row.cells[0] for row in self.people]

    def person(self, name: str) -> PersonRow:
        """The only row of this name."""
        (row,) = [row for row in self.people if row.cells[0] == name]
        return row

    def show_fields(self, host: str, port: str, name: str, hosts: Sequence[str]) -> None:
        self.fields = (host, port, name, tuple(hosts))

    def show_connection(self, shown: ConnectionShown) -> None:
        self.connections.append(shown)

    def show_lock(self, shown: LockShown) -> None:
        self.lock = shown

    def ask_hub(self, question: HubQuestion) -> None:
        self.hub_question = question
        self.hub_questions_shown += 1

    def close_hub_question(self) -> None:
        assert self.hub_question is not None
        self.hub_question = None

    def show_identity(self, shown: IdentityShown) -> None:
        self.identity = shown

    def show_banner(self, banner: Banner | None) -> None:
        self.banner = banner

    def show_people(self, rows: Sequence[PersonRow]) -> None:
        self.people = list(rows)

    def put_person(self, row: PersonRow, index: int) -> None:
        self.people = [other for other in self.people if other.key != row.key]
        assert 0 <= index <= len(self.people)
        self.people.insert(index, row)
        self.put_people += 1

    def remove_person(self, key: int) -> None:
        self.people = [row for row in self.people if row.key != key]

    def select_people(self, keys: Sequence[int]) -> None:
        assert set(keys) <= {row.key for row in self.people}
        self.selected = tuple(keys)

    def show_people_note(self, text: str) -> None:
        self.people_note = text

    def show_person_menu(self, shown: PersonMenuShown) -> None:
        self.person_menu = shown

    def show_sorting(self, column: PersonColumn, descending: bool) -> None:
        self.sorting = (column, descending)

    def show_server(self, unread: int, is_open: bool) -> None:
        self.server = (unread, is_open)

    def show_conversation(self, shown: ConversationShown) -> None:
        assert len(shown.messages) <= MOST_SHOWN
        self.conversation = shown
        self.messages = list(shown.messages)
        self.has_earlier = shown.has_earlier
        self.draft = shown.draft

    def add_messages(self, rows: Sequence[MessageRow]) -> None:
        both = [*self.messages, *rows]
        self.messages = both[-MOST_SHOWN:]
        self.has_earlier = self.has_earlier or len(both) > MOST_SHOWN

    def add_earlier(self, rows: Sequence[MessageRow], has_earlier: bool) -> None:
        self.messages = [*rows, *self.messages]
        self.has_earlier = has_earlier

    def change_messages(self, rows: Sequence[MessageRow]) -> None:
        changed = {row.number: row for row in rows}
        self.messages = [changed.get(row.number, row) for row in self.messages]
        self.changed_messages += len(rows)

    def show_composer(self, shown: ComposerShown) -> None:
        self.composer = shown

    def set_draft(self, text: str) -> None:
        self.draft = text

    def put_transfers(self, rows: Sequence[TransferRow]) -> None:
        self.transfers.update((row.key, row) for row in rows)

    def remove_transfers(self, keys: Sequence[int]) -> None:
        for key in keys:
            self.transfers.pop(key, None)

    def order_transfers(self, keys: Sequence[int]) -> None:
        assert set(keys) <= set(self.transfers)
        wanted = iter(keys)
        order = [next(wanted) if key in keys else key for key in self.transfers]
        self.transfers = {key: self.transfers[key] for key in order}

    def show_transfers_note(self, text: str) -> None:
        self.transfers_note = text

    def show_offer(self, offer: OfferShown | None) -> None:
        self.offer = offer

    def show_drop_note(self, text: str) -> None:
        self.drop_note = text

    def ask_send(self, question: SendQuestion) -> None:
        self.questions.append(question)

    def ask_accept(self, question: AcceptQuestion) -> None:
        self.accept_question = question

    def close_accept(self, key: int) -> None:
        assert self.accept_question is not None
        assert self.accept_question.key == key
        self.accept_question = None

    def show_details(self, shown: DetailsShown) -> None:
        self.details = shown

    def change_details(self, shown: DetailsShown) -> None:
        assert self.details is not None
        assert self.details.key == shown.key
        self.details = shown

    def ask_limit(self, question: LimitQuestion) -> None:
        self.limit_question = question

    def close_limit(self) -> None:
        self.limit_question = None

    def show_title(self, title: str) -> None:
        self.title = title

    def show_toast(self, toast: Toast) -> None:
        self.toasts.append(toast)

    def ring_bell(self) -> None:
        self.bells += 1

    def show_settings(self, settings: Settings) -> None:
        self.settings.append(settings)

    def ask_leave(self, question: LeaveQuestion) -> None:
        self.leave_question = question

    def close_window(self) -> None:
        self.closed = True
