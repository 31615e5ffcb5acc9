"""What both machines of a transfer do alike about their connection: messages that wait, pauses, signs of life.

Owns what is not about any offer or entry (docs/protocol.md, "M9. Files"). Pure; a Lifeline belongs to one machine. It
must never look at a clock: ticks bring the time.
"""

from commonlib.transfer.events import PeerPaused, PeerResumed
from commonlib.transfer.messages import Message, Pause, Ping, Resume, encode_message
from commonlib.transfer.pulse import Pulse


class Lifeline:
    """One machine's end of its connection.

    Attributes:
        pulse: Of this connection.
        waiting: Bytes of messages that wait to be sent.
    """

    __slots__ = ("_messages", "_paused_here", "_paused_there", "pulse", "waiting")

    def __init__(self) -> None:
        self.pulse = Pulse()
        self.waiting = 0
        self._messages: list[bytes] = []
        self._paused_here = self._paused_there = False

    @property
    def is_paused(self) -> bool:
        """Whether one of the ends wants no data to flow."""
        return self._paused_here or self._paused_there

    def say(self, message: Message) -> None:
        """Send a message when there is time."""
        data = encode_message(message)
        self._messages.append(data)
        self.waiting += len(data)

    def take_messages(self) -> bytes:
        """All that waits, to be sent now."""
        data = b"".join(self._messages)
        self._messages.clear()
        self.waiting = 0
        if data:
            self.pulse.send()
        return data

    def pause(self) -> None:
        """Let no data flow until `resume`."""
        if not self._paused_here:
            self._paused_here = True
            self.say(Pause())

    def resume(self) -> None:
        """End our own pause; the other end's may go on."""
        if self._paused_here:
            self._paused_here = False
            self.say(Resume())

    def receive(self, message: Pause | Resume) -> PeerPaused | PeerResumed:
        """The other end pauses, or does not any more."""
        self._paused_there = isinstance(message, Pause)
        return PeerPaused() if self._paused_there else PeerResumed()

    def is_silent(self, now: float) -> bool:
        """Whether the other end has said nothing for too long; lets it hear of us before it finds that of us."""
        if self.pulse.is_ping_due(now):
            self.say(Ping())
        return self.pulse.is_silent(now)
