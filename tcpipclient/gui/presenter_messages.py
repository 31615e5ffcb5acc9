"""The messages of one window: kept, bounded, and made into rows.

Owns the messages of all conversations and how far each one is. Must never decide what is on show. Pure: the Tk
thread's. A step with one message costs the same however many there are.
"""

from collections import deque
from datetime import tzinfo
from itertools import count, islice

from commonlib.values import dataclass, field
from commonlib.wording import shown_moment
from tcpipclient.gui.presenter_links import links_in, shown_lines
from tcpipclient.gui.shown import MOST_SHOWN, Delivery, MessageKind, MessageRow

MOST_MESSAGES = 20_000
"""Of all conversations together; the oldest fall off."""
ConversationKey = tuple[int, ...]
"""Keys of the people in it, sorted; SERVER_CONVERSATION is the one with the hub's operator."""
SERVER_CONVERSATION: ConversationKey = (0,)


@dataclass(slots=True)
class Message:
    """One message, as it is now.

    Attributes:
        recipients: Those to whom we sent it; 0 for what is not ours.
        delivered, failed: How many of them have it, and how many will not say that they do.
        reason: Why the first of those does not have it.
        on_its_way: Whether the client has taken it.
    """

    number: int
    conversation: ConversationKey
    kind: MessageKind
    sender: str
    wall: float
    text: str
    numbers: tuple[int, int] = (0, 0)
    recipients: int = 0
    delivered: int = 0
    failed: int = 0
    reason: str = ""
    on_its_way: bool = False

    @property
    def is_settled(self) -> bool:
        """Whether nobody's word is missing."""
        return self.delivered + self.failed >= self.recipients

    @property
    def delivery(self) -> Delivery:
        """How far it is."""
        if not self.recipients:
            return Delivery.NONE
        if self.failed:
            return Delivery.NOT_RECEIVED
        if self.delivered == self.recipients:
            return Delivery.RECEIVED
        return Delivery.SENT if self.on_its_way else Delivery.SENDING

    def fail(self, reason: str, people: int = 1) -> None:
        """So many people will not say that they have it."""
        self.failed += people
        self.reason = self.reason or reason

    def row(self, today: float, zone: tzinfo | None) -> MessageRow:
        """As it is shown."""
        text = shown_lines(self.text)
        time = shown_moment(self.wall, today, zone)
        detail = ", ".join(filter(None, (self._numbers_words(), self._delivery_words())))
        return MessageRow(self.number, self.kind, self.sender, time, text, links_in(text), self.delivery, detail)

    def _numbers_words(self) -> str:
        return f"numbers {self.numbers[0]} and {self.numbers[1]}" if any(self.numbers) else ""

    def _delivery_words(self) -> str:
        several = self.recipients > 1
        received = f"received by {self.delivered:,} of {self.recipients:,}" if several else ""
        match self.delivery:
            case Delivery.NONE:
                return ""
            case Delivery.RECEIVED:
                return f"received by all {self.recipients:,}" if several else "received"
            case Delivery.NOT_RECEIVED:
                return f"{received or 'not received'}: {self.reason}"
            case Delivery.SENT:
                return received or "sent"
            case _:
                return "sending"


@dataclass(slots=True)
class Conversation:
    """With one person, a set of people, or the server."""

    key: ConversationKey
    messages: deque[Message] = field(default_factory=deque)
    draft: str = ""

    def newest(self, shown: int = MOST_SHOWN) -> list[Message]:
        """So many of the newest, the oldest of them first."""
        return list(islice(reversed(self.messages), shown))[::-1]

    def earlier(self, skipped: int) -> list[Message]:
        """As many as are shown at a time, before the newest `skipped` ones; the oldest first."""
        return list(islice(reversed(self.messages), skipped, skipped + MOST_SHOWN))[::-1]


class MessageBook:
    """All conversations."""

    def __init__(self) -> None:
        self._conversations: dict[ConversationKey, Conversation] = {}
        self._all: deque[Message] = deque()
        self._numbers = count(1)

    def conversation(self, key: ConversationKey) -> Conversation:
        """The conversation with these people; a new one where there is none."""
        return self._conversations.setdefault(key, Conversation(key))

    def has_messages(self, key: ConversationKey) -> bool:
        """Whether something was said there, and is kept."""
        found = self._conversations.get(key)
        return found is not None and bool(found.messages)

    def forget_empty(self, key: ConversationKey) -> None:
        """A conversation is not on show any more: one with nothing in it need not be kept."""
        found = self._conversations.get(key)
        if found is not None and not found.messages and not found.draft:
            del self._conversations[key]

    def add(self, key: ConversationKey, kind: MessageKind, sender: str, wall: float, text: str) -> Message:
        """A message is said; the oldest one of all falls off where there are too many."""
        message = Message(next(self._numbers), key, kind, sender, wall, text)
        self.conversation(key).messages.append(message)
        self._all.append(message)
        if len(self._all) > MOST_MESSAGES:
            oldest = self._all.popleft()
            self._conversations[oldest.conversation].messages.popleft()
            self.forget_empty(oldest.conversation)
        return message
