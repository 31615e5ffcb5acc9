"""The handlers thread: runs what a program on the server's side has registered for its own commands and for texts.

Owns the queue of what waits for a handler. Must never let a handler hold up the hub: while too much waits, whoever
sends more is held back, as with a client that cannot keep up. The two byte counts have one writer each. `submit` is
called by the dispatcher, `register_…` by any thread; handlers run on the handlers thread, one after the other.
"""

import logging
import queue
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from commonlib.classic.layouts import BigStringPacket, DataPacket
from commonlib.classic.packet import PACKET_SIZE, Layout, stamp_sender
from tcpipserver.hub.effects import HandleCommand, HandlePackets, HandleText
from tcpipserver.hub.people import Person
from tcpipserver.net.worker import Worker

log = logging.getLogger(__name__)

HIGH_MARK_BYTES = 1 << 20
"""Whoever sends to a handler is held back while more than this waits."""
LOW_MARK_BYTES = 256 << 10


@dataclass(frozen=True, slots=True)
class Command:
    """A command of somebody's own that reached the server.

    Attributes:
        packet: With idFrom set to the sender's id, in the layout that is registered for its number.
    """

    sender: Person
    packet: DataPacket | BigStringPacket

    @property
    def number(self) -> int:
        """The command's number."""
        return self.packet.packet_type


@dataclass(frozen=True, slots=True)
class SaidText:
    """A text that somebody said to the server, with the two numbers that he typed."""

    sender: Person
    text: str
    numbers: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Payload:
    """A command with a payload that reached the server, from a client of the modern wire."""

    sender: Person
    number: int
    payload: bytes


Work = HandleText | HandlePackets | HandleCommand
CommandHandler = Callable[[Command], None]
PayloadHandler = Callable[[Payload], None]
TextHandler = Callable[[SaidText], None]


class Handlers:
    """Runs handlers until it is stopped."""

    def __init__(self, drained: Callable[["Handlers"], None], failed: Callable[[str], None]) -> None:
        self._drained = drained
        self._waiting: queue.Queue[Work | None] = queue.Queue()
        self._commands: dict[int, CommandHandler] = {}
        self._payloads: dict[int, PayloadHandler] = {}
        self._text: TextHandler | None = None
        self._submitted = 0
        self._handled = 0
        self._worker = Worker("handlers", self._run, failed)
        self.is_waited_for = False

    def start(self) -> None:
        """Start the thread."""
        self._worker.start()

    def stop(self, timeout: float) -> bool:
        """End the thread once all that waits has been handled; whether it ended in time."""
        self._waiting.put(None)
        return self._worker.join(timeout)

    def register_command(self, number: int, handler: CommandHandler) -> None:
        """Run this for a command from now on."""
        self._commands[number] = handler

    def register_payload(self, number: int, handler: PayloadHandler) -> None:
        """Run this for a command with a payload from now on."""
        self._payloads[number] = handler

    def register_text(self, handler: TextHandler) -> None:
        """Run this for texts to the server from now on."""
        self._text = handler

    @property
    def is_full(self) -> bool:
        """Whether whoever sends more is to be held back."""
        return self._submitted - self._handled > HIGH_MARK_BYTES

    @property
    def has_room(self) -> bool:
        """Whether those who were held back may go on."""
        return self._submitted - self._handled <= LOW_MARK_BYTES

    def submit(self, effect: Work) -> None:
        """Let a handler take this when its turn comes; nothing happens where none is registered."""
        if self._takes(effect):
            self._submitted += _size(effect)
            self._waiting.put(effect)

    def _takes(self, effect: Work) -> bool:
        match effect:
            case HandleText():
                return self._text is not None
            case HandlePackets():
                return effect.packet_type in self._commands
            case HandleCommand():
                return effect.number in self._payloads

    def _run(self) -> None:
        while (effect := self._waiting.get()) is not None:
            for handler, argument in self._calls(effect):
                try:
                    handler(argument)
                except (Exception, SystemExit):  # sys.exit() would end this thread alone, and without a word.
                    log.exception("A handler broke; the hub goes on.")
            self._handled += _size(effect)
            if self.is_waited_for and self.has_room:
                self.is_waited_for = False
                self._drained(self)

    def _calls(self, effect: Work) -> Iterator[tuple[Callable[..., None], Command | Payload | SaidText]]:
        match effect:
            case HandleText() if self._text is not None:
                yield self._text, SaidText(effect.sender, effect.text, effect.numbers)
            case HandleCommand():
                yield self._payloads[effect.number], Payload(effect.sender, effect.number, effect.payload)
            case HandlePackets():
                handler = self._commands[effect.packet_type]
                decode = BigStringPacket.decode if effect.layout is Layout.BIG_STRING else DataPacket.decode
                packets = stamp_sender(effect.packets, effect.layout, effect.sender.id)
                for offset in range(0, len(packets), PACKET_SIZE):
                    yield handler, Command(effect.sender, decode(packets[offset : offset + PACKET_SIZE]))


def _size(effect: Work) -> int:
    """What an effect counts for while it waits. Even an empty text takes memory."""
    match effect:
        case HandleText():
            return PACKET_SIZE + len(effect.text)
        case HandleCommand():
            return PACKET_SIZE + len(effect.payload)
        case HandlePackets():
            return len(effect.packets)
