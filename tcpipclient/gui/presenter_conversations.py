"""The conversations: what is on show, what is sent and how far it is, what is unread.

Owns the conversation of the selection and the fate of our texts; the composer is presenter_composer.py's. Must never
decide who is in the people list. Pure: the Tk thread's. Rows that changed are shown once per batch, by `flush`.
"""

from collections.abc import Callable, Sequence
from datetime import tzinfo

from commonlib.classic.packet import SERVER
from tcpipclient.core.events import Person, TextArrived, TextDelivered, TextNotDelivered
from tcpipclient.gui.model import Model, TextRefused, TextSent
from tcpipclient.gui.presenter_composer import Composer, maybe_numbers, typed_text
from tcpipclient.gui.presenter_keys import lock_sentence, returned_sentence
from tcpipclient.gui.presenter_messages import SERVER_CONVERSATION, ConversationKey, Message, MessageBook
from tcpipclient.gui.presenter_people import PeoplePresenter
from tcpipclient.gui.shown import MOST_SHOWN, ConversationShown, MessageKind, MessageRow
from tcpipclient.gui.view import View

MOST_NAMED = 3
"""People named in a conversation's title."""
THE_SERVER = "The server"
NAMESAKE = "Somebody else in the list has the same name: tell them apart by key code and id."


class ConversationsPresenter:
    """All conversations of one window.

    Args:
        complain: Takes a sentence about what did not work.
        zone: For the times shown; None is the system's.

    Attributes:
        on_show: The conversation that is open; None where nobody is selected.
    """

    def __init__(
        self,
        view: View,
        model: Model,
        people: PeoplePresenter,
        book: MessageBook,
        complain: Callable[[str], None],
        zone: tzinfo | None,
    ) -> None:
        self.on_show: ConversationKey | None = None
        self._view = view
        self._model = model
        self._people = people
        self._book = book
        self._complain = complain
        self._zone = zone
        self._composer = Composer(view)
        self._today = 0.0
        self._is_connected = False
        self._is_focused = True
        self._server_unread = 0
        self._rows_on_show = 0
        self._unsent: dict[int, Message] = {}
        self._texts: dict[int, Message] = {}
        self._new: list[Message] = []
        self._changed: dict[int, Message] = {}
        self._is_stale = False

    @property
    def is_sending(self) -> bool:
        """Whether the client has not taken all our texts yet."""
        return bool(self._unsent)

    def started(self, wall: float) -> None:
        """The window is drawn."""
        self._today = wall
        self.open(None)

    def flush(self) -> None:
        """Show what has changed since the last time."""
        if self._is_stale or (self._new and not self._rows_on_show):
            # With the first message the note moves from the middle of the pane to below the title.
            self.open(self.on_show)
            return
        if self._new:
            self._rows_on_show = min(self._rows_on_show + len(self._new), MOST_SHOWN)
            self._view.add_messages(self._rows(self._new[-MOST_SHOWN:]))
        if self._changed:
            self._view.change_messages(self._rows(list(self._changed.values())))
        self._new = []
        self._changed = {}

    # What the user does

    def open(self, key: ConversationKey | None) -> None:
        """Show a conversation; None where nobody is selected."""
        if self.on_show is not None and self.on_show != key:
            self._book.forget_empty(self.on_show)
        self.on_show = key
        self._new, self._changed, self._is_stale = [], {}, False
        if key is None:
            note = "Select somebody in the list to talk to; with Ctrl or Shift several at once."
            self._view.show_conversation(ConversationShown("", note, False, "", (), False))
        else:
            conversation = self._book.conversation(key)
            newest = conversation.newest()
            self._rows_on_show = len(newest)
            shown = ConversationShown(
                self.title_of(key),
                self._note(key, is_empty=not newest),
                key == SERVER_CONVERSATION,
                conversation.draft,
                tuple(self._rows(newest)),
                len(conversation.messages) > len(newest),
            )
            self._view.show_conversation(shown)
        self._show_composer()
        self._mark_read()
        self._show_server()

    def earlier_clicked(self) -> None:
        """Show earlier messages."""
        if self.on_show is None:
            return
        conversation = self._book.conversation(self.on_show)
        rows = self._rows(conversation.earlier(self._rows_on_show))
        self._rows_on_show += len(rows)
        self._view.add_earlier(rows, len(conversation.messages) > self._rows_on_show)

    def draft_typed(self, text: str) -> None:
        """The composer holds this now."""
        if self.on_show is not None:
            self._book.conversation(self.on_show).draft = text
            self._show_composer()

    def send_clicked(self, text: str, wall: float, numbers: tuple[str, str]) -> None:
        """Send what the composer holds to everybody of the conversation who is there."""
        self._today = wall
        text, key = typed_text(text), self.on_show
        if key is None or not text or not self._is_connected:
            return
        to_server = key == SERVER_CONVERSATION
        found = maybe_numbers(numbers) if to_server else (0, 0)
        if found is None:
            self._complain("The two numbers must be whole numbers from -2147483648 to 2147483647: correct them.")
            return
        ids = [SERVER] if to_server else self.ids_of(key)
        if not ids:
            return
        message = self._say(key, MessageKind.MINE, "You", wall, text)
        message.recipients = len(key)
        message.numbers = found
        if len(ids) < len(key):
            message.fail("who is not there gets nothing", len(key) - len(ids))
        self._unsent[message.number] = message
        self._book.conversation(key).draft = ""
        self._view.set_draft("")
        self._show_composer()
        self._model.send_text(message.number, text, ids, found)

    def focus_changed(self, *, focused: bool) -> None:
        """The window got or lost the keyboard."""
        self._is_focused = focused
        self._mark_read()

    # What happens

    def connected(self, again: Sequence[tuple[int, Person]], wall: float) -> None:
        """The hub has taken us in; `again` are keys of people who were known, and who they were."""
        self._is_connected = True
        for key, before in again:
            self.came(key, before, wall)
        self._is_stale = True

    def connection_ended(self) -> None:
        """Nothing more is heard of our texts."""
        self._is_connected = False
        for message in (*self._unsent.values(), *self._texts.values()):
            missing = message.recipients - message.delivered - message.failed
            message.fail("the connection ended before it was confirmed", missing)
            self._change(message)
        self._unsent.clear()
        self._texts.clear()
        self._is_stale = True

    def came(self, key: int, before: Person | None, wall: float) -> None:
        """Somebody came; `before` is who he was, where his row was kept."""
        self._people_changed(key)
        if before is not None and self._book.has_messages((key,)):
            sentence = returned_sentence(self._people.name_of(key), before)
            self._say((key,), MessageKind.NOTE, "", wall, sentence)

    def left(self, key: int, wall: float) -> None:
        """Somebody whose row is kept went."""
        self._people_changed(key)
        if self._book.has_messages((key,)):
            self._say((key,), MessageKind.NOTE, "", wall, f"{self._people.name_of(key)} left.")

    def person_changed(self, key: int) -> None:
        """Somebody may have another name."""
        self._people_changed(key)

    def text_arrived(self, event: TextArrived, wall: float) -> ConversationKey:
        """Somebody said something; returns where."""
        self._today = wall
        if event.sender == SERVER:
            key, sender = SERVER_CONVERSATION, THE_SERVER
        else:
            person = self._people.key_of(event.sender, event.sender_name, wall)
            key, sender = (person,), self._people.name_of(person)
        message = self._say(key, MessageKind.THEIRS, sender, wall, event.text)
        message.numbers = event.numbers
        if self.is_read(key):
            return key
        if key == SERVER_CONVERSATION:
            self._server_unread += 1
            self._show_server()
        else:
            self._people.count_unread(key[0], 1)
        return key

    def text_sent(self, event: TextSent) -> None:
        """The client has taken a text of ours."""
        message = self._unsent.pop(event.message, None)
        if message is not None:
            message.on_its_way = True
            self._texts[event.text] = message
            self._change(message)

    def text_refused(self, event: TextRefused) -> None:
        """The client did not send a text of ours."""
        message = self._unsent.pop(event.message, None)
        if message is not None:
            message.fail(event.reason, message.recipients - message.failed)
            self._change(message)

    def receipt_came(self, event: TextDelivered | TextNotDelivered) -> None:
        """One recipient's word, or the news that it will not come."""
        message = self._texts.get(event.text)
        if message is None:
            return
        if isinstance(event, TextDelivered):
            message.delivered += 1
        else:
            message.fail(event.reason)
        if message.is_settled:
            del self._texts[event.text]
        self._change(message)

    # What others ask

    def is_read(self, key: ConversationKey) -> bool:
        """Whether what is said there now is seen at once."""
        return self._is_focused and self.on_show == key

    def title_of(self, key: ConversationKey) -> str:
        """With whom it is."""
        if key == SERVER_CONVERSATION:
            return THE_SERVER
        names = [self._people.name_of(person) for person in key[:MOST_NAMED]]
        more = len(key) - len(names)
        return f"{', '.join(names)} and {more:,} more" if more else ", ".join(names)

    def ids_of(self, key: ConversationKey) -> list[int]:
        """The ids of those of a conversation who are there."""
        found = (self._people.maybe_id(person) for person in key)
        return [person_id for person_id in found if person_id is not None]

    # How it is shown

    def _say(self, key: ConversationKey, kind: MessageKind, sender: str, wall: float, text: str) -> Message:
        message = self._book.add(key, kind, sender, wall, text)
        if key == self.on_show:
            self._new.append(message)
        return message

    def _change(self, message: Message) -> None:
        if message.conversation == self.on_show:
            self._changed[message.number] = message

    def _people_changed(self, key: int) -> None:
        if self.on_show is not None and key in self.on_show:
            self._is_stale = True

    def _rows(self, messages: Sequence[Message]) -> list[MessageRow]:
        return [message.row(self._today, self._zone) for message in messages]

    def _note(self, key: ConversationKey, *, is_empty: bool) -> str:
        if key == SERVER_CONVERSATION:
            return "Whoever runs the hub reads this, with the two numbers."
        if len(key) > 1:
            return "Each of them gets what you send; answers arrive in the conversation with whoever writes."
        person = self._people.maybe_person(key[0])
        sentences = [
            "Nothing was said yet." if is_empty else "",
            lock_sentence(person) if person is not None else "",
            NAMESAKE if person is not None and self._people.has_namesake(key[0]) else "",
        ]
        return " ".join(filter(None, sentences))

    def _show_composer(self) -> None:
        key = self.on_show
        draft = self._book.conversation(key).draft if key is not None else ""
        is_anybody = key == SERVER_CONVERSATION or (key is not None and bool(self.ids_of(key)))
        self._composer.show(
            draft,
            is_connected=self._is_connected,
            is_chosen=key is not None,
            is_anybody=is_anybody,
            is_server=key == SERVER_CONVERSATION,
        )

    def _mark_read(self) -> None:
        if not self._is_focused or self.on_show is None:
            return
        if self.on_show == SERVER_CONVERSATION:
            self._server_unread = 0
            self._show_server()
        elif len(self.on_show) == 1:
            self._people.count_unread(self.on_show[0], 0)

    def _show_server(self) -> None:
        self._view.show_server(self._server_unread, self.on_show == SERVER_CONVERSATION)
