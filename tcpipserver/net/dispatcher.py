"""The full-packet dispatcher thread: gives packets to the brain and carries out what it wants done.

Owns the brain and the table of connections. Must never block on a socket, a disk or a handler, and never decide who
hears what. `post` may be called from any thread; all else runs on the dispatcher's.
"""

import logging
import queue
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar, cast

from commonlib.awake import AwakeTime
from commonlib.exceptions import ProtocolError
from commonlib.wire.tls import TlsError
from tcpipserver.dialects.dialect import Encoder
from tcpipserver.hub import effects, inputs
from tcpipserver.hub.brain import Hub
from tcpipserver.hub.people import Wire
from tcpipserver.net.clock import Clock
from tcpipserver.net.connection import Connection
from tcpipserver.net.goodbyes import Goodbyes
from tcpipserver.net.handlers import Handlers
from tcpipserver.net.inbox import Asked, Drained, Happened, Item, Opened
from tcpipserver.net.normalizer import Cut, Ended
from tcpipserver.net.outbox import Waiting
from tcpipserver.net.pacing import Pacing
from tcpipserver.net.relays import Relays
from tcpipserver.net.round import Round
from tcpipserver.net.worker import Worker

log = logging.getLogger(__name__)
event_log = logging.getLogger("tcpipserver.events")

TICK_SECONDS = 1.0
LARGEST_OUTBOX = 16 << 20
"""Bytes that may wait for one connection. A broadcast waits for nobody who is slower than most; this is his end."""
LARGEST_OUTBOXES = 512 << 20
"""Bytes that may wait for all connections together; above, whoever has more than his share waiting is dropped."""
_SHARE_BYTES = 1 << 20
_ITEMS_PER_ROUND = 64
_ROUND_SECONDS = 0.005
"""After so long what is due is sent though there is more to take: what one sends must not keep others' answers back."""


Answer = TypeVar("Answer")


class Dispatcher:
    """Runs the brain until it is stopped.

    Attributes:
        is_empty: Set while there is no connection.
    """

    def __init__(
        self,
        hub: Hub,
        encoders: dict[Wire, Encoder],
        handlers: Handlers,
        clock: Clock,
        waiting: Waiting,
        relays: Relays,
        failed: Callable[[str], None],
        *,
        keep: Callable[[effects.Remember | effects.Forget], None],
        retired: Callable[[int], None],
    ) -> None:
        self._hub = hub
        self._encoders = encoders
        self._handlers = handlers
        self._keep = keep
        self._retired = retired
        self._clock = clock
        self._waiting = waiting
        self._relays = relays
        self._inbox: queue.SimpleQueue[Item] = queue.SimpleQueue()
        self._connections: dict[int, Connection] = {}
        self._goodbyes = Goodbyes()
        self._round = Round()
        self._pacing = Pacing()
        self._resumable: deque[Connection] = deque()
        self._awake = AwakeTime()
        self._next_tick = 0.0
        self._round_end = 0.0
        self._stopping = False
        self.is_empty = threading.Event()
        self.is_empty.set()
        self._worker = Worker("dispatcher", self._run, failed)

    def start(self) -> None:
        """Start the thread."""
        self._worker.start()

    def stop(self, timeout: float) -> bool:
        """End the thread; whether it ended in time."""
        self._stopping = True
        self.post([])  # Nothing, to wake it.
        return self._worker.join(timeout)

    def post(self, item: Item) -> None:
        """Hand something over. Never blocks: what connections send is bounded by their credit. Any thread."""
        self._inbox.put(item)

    def ask(self, question: Callable[[Hub], Answer], timeout: float) -> Answer:
        """Have the brain answer a question. Not to be called on the dispatcher's thread.

        Raises:
            TimeoutError: It does not come to it in time, or has ended.
        """
        answer: Future[object] = Future()
        self.post(Asked(question, answer))
        return cast(Answer, answer.result(timeout))

    def left_over(self) -> tuple[Connection, ...]:
        """The connections that are still open. To be called when the thread has ended."""
        return tuple(self._connections.values())

    def _run(self) -> None:
        self._next_tick = self._clock.now() + TICK_SECONDS
        while not self._stopping:
            try:
                first: Item = self._inbox.get(timeout=max(self._seconds_to_sleep(), 0.0))
            except queue.Empty:
                first = []
            self._work_off(first)

    def _work_off(self, item: Item) -> None:
        """Take this and what is there, in rounds: after each, everybody is sent what is due to him in one write.

        Under load there is always something there, so time has to be looked at between the rounds.
        """
        while True:
            self._maybe_tick()
            self._round_end = self._clock.now() + _ROUND_SECONDS
            try:
                for _ in range(_ITEMS_PER_ROUND):
                    self._take(item)
                    self._resume()
                    item = self._inbox.get_nowait()
            except queue.Empty:
                return
            finally:
                self._round.send_all()

    def _take(self, item: Item) -> None:
        match item:
            case list():
                for cut in item:
                    self._take_in_order(cut)
            case Opened(connection, nonce):
                self.is_empty.clear()
                self._connections[connection.number] = connection
                self._tell_brain(inputs.Arrived(connection.number, connection.address, nonce))
            case Happened(happened):
                self._tell_brain(happened)
            case Drained(recipient):
                self._resumable.extend(self._pacing.release(recipient))
            case Asked(question, answer):
                answer.set_result(question(self._hub))

    # Packets, in the order in which each connection sent them

    def _take_in_order(self, cut: Cut | Ended) -> None:
        if self._pacing.is_held(cut.connection):
            self._pacing.keep(cut)
        else:
            self._process(cut)

    def _process(self, cut: Cut | Ended) -> None:
        if isinstance(cut, Ended):
            self._end(cut)
            return
        connection, pieces, size, fault = cut
        for piece in pieces:
            if connection.is_dismissed:
                break
            for happened in connection.dialect.receive(piece):
                self._tell_brain(happened)
        if fault is not None and not connection.is_dismissed:
            self._end_broken(connection, fault)
        if size:
            connection.credit.add_processed(size)
        if connection.is_held_back and connection.credit.is_restored and connection.caretaker is not None:
            connection.caretaker.resume(connection)
        self._maybe_end_round()

    def _end_broken(self, connection: Connection, fault: ProtocolError) -> None:
        """Nothing more can be read of a connection. Where TLS is sound he can be told why."""
        if isinstance(fault, TlsError):
            self._drop(connection, fault.detail)
        else:
            self._tell_brain(inputs.StreamBroken(connection.number, fault.detail))

    def _maybe_end_round(self) -> None:
        now = self._clock.now()
        if now >= self._round_end:
            self._round.send_all()
            self._round_end = now + _ROUND_SECONDS

    def _resume(self) -> None:
        """Those who waited go on with what they sent in the meantime, until they have to wait again."""
        while self._resumable:
            sender = self._resumable.popleft()
            while (cut := self._pacing.maybe_next(sender)) is not None:
                self._process(cut)

    def _end(self, ended: Ended) -> None:
        """The reader has let go of a connection. Whoever shut his own side alone may still read what is due to him."""
        connection = ended.connection
        if not connection.is_dismissed:
            self._tell_brain(inputs.ConnectionLost(connection.number, ended.reason, ended.is_expected))
        connection.dialect.receive_end()
        if not self._goodbyes.may_still_read(connection):
            self._retire(connection)

    def _retire(self, connection: Connection) -> None:
        """Forget a connection of which the reader has let go, and let the flusher close it."""
        self._goodbyes.end(connection)
        self._connections.pop(connection.number, None)
        if connection.caretaker is not None:
            connection.caretaker.retire(connection)
        self._retired(connection.number)
        if not self._connections:
            for encoder in self._encoders.values():
                encoder.forget_people()
            self.is_empty.set()

    # What the brain wants done

    def _tell_brain(self, happened: inputs.Input) -> None:
        for effect in self._hub.receive(happened, self._awake_now(), self._clock.wall()):
            self._carry_out(effect)

    def _carry_out(self, effect: effects.Effect) -> None:
        match effect:
            case effects.Deliver():
                self._deliver(effect)
            case effects.Record(meaning, text):
                event_log.log(meaning, text)
            case effects.Dismiss(number):
                self._dismiss(number)
            case effects.TakenIn(number):
                connection = self._connections.get(number)
                if connection is not None:
                    connection.dialect.take_in()
            case effects.OpenWay() | effects.EndWays():
                for told in self._relays.carry_out(effect):
                    self._deliver(told)
            case effects.Remember() | effects.Forget():
                self._keep(effect)
            case effects.HandleText() | effects.HandlePackets() | effects.HandleCommand():
                self._handlers.submit(effect)
                sender = self._connections.get(effect.connection)
                if sender is not None:
                    self._pacing.maybe_hold_back(sender, self._handlers, self._awake_now())

    def _deliver(self, effect: effects.Deliver) -> None:
        encoded: dict[Wire, bytes] = {}
        wire, data = None, b""
        sender = None if effect.paced is None else self._connections.get(effect.paced)
        others, waiting = 0, list[Connection]()
        add = self._round.add_attendance if isinstance(effect.item, effects.ATTENDANCE) else self._round.add
        for number in effect.connections:
            connection = self._connections.get(number)
            if connection is None or connection.is_dismissed:
                continue
            if connection.dialect.wire is not wire:  # Of many in a row who speak the same it is looked up once.
                wire = connection.dialect.wire
                data = self._encoded(effect.item, wire, encoded)
            if not data:
                continue
            add(connection, data)
            if connection.outbox.waiting:
                self._check_outbox(connection)
            if connection is not sender:
                others += 1
                if connection.outbox.waiting:
                    waiting.append(connection)
        if waiting and sender is not None and not sender.is_dismissed:
            self._pacing.maybe_hold_back_for_most(sender, others, waiting, self._awake_now())

    def _encoded(self, item: effects.Item, wire: Wire, encoded: dict[Wire, bytes]) -> bytes:
        """An item on a wire: made once for all who speak it, and not at all where nobody does."""
        data = encoded.get(wire)
        if data is None:
            data = encoded[wire] = self._encoders[wire].encode(item)
        return data

    def _check_outbox(self, connection: Connection) -> None:
        waiting = connection.outbox.waiting
        if waiting > LARGEST_OUTBOX or (waiting > _SHARE_BYTES and self._waiting.size > LARGEST_OUTBOXES):
            self._drop(connection, f"it does not read what is sent to it ({waiting >> 20} MiB wait)")

    def _drop(self, connection: Connection, reason: str) -> None:
        """End a connection of our own accord, without waiting for what it has not read.

        Its outbox is emptied first: telling the others may fill theirs, and must not cost them their place for it.
        """
        if not connection.is_dismissed:
            connection.is_dismissed = True
            connection.abort()
            self._tell_brain(inputs.ConnectionLost(connection.number, reason))
            self._let_go_on(connection)

    def _dismiss(self, number: int) -> None:
        connection = self._connections.get(number)
        if connection is not None and not connection.is_dismissed:
            self._round.send(connection)
            connection.dismiss()
            self._goodbyes.begin(connection, self._clock.now())
            self._next_tick = min(self._next_tick, self._goodbyes.next_deadline)
            self._let_go_on(connection)

    def _let_go_on(self, connection: Connection) -> None:
        """Nobody waits for a dismissed connection, and it waits for nobody: its own end may be in its backlog."""
        self._pacing.stop_waiting(connection)
        self._resumable.append(connection)
        self._resumable.extend(self._pacing.release(connection))

    # Time

    def _awake_now(self) -> float:
        """The time that people are measured by: nobody was silent, or did not read, while this computer slept."""
        return self._awake.seconds(self._clock.now())

    def _seconds_to_sleep(self) -> float:
        """Until something is to be done though nothing comes."""
        to_tick, due = self._next_tick - self._clock.now(), self._hub.next_due()
        return to_tick if due is None else min(to_tick, due - self._awake_now())

    def _maybe_tick(self) -> None:
        now = self._clock.now()
        if now >= self._next_tick:
            self._tick(now)
        due = self._hub.next_due()
        if due is not None and self._awake_now() >= due:
            self._tell_brain(inputs.AnnouncementsDue())
            self._round.send_all()

    def _tick(self, now: float) -> None:
        for connection in self._pacing.overdue(self._awake_now()):
            self._drop(connection, "it kept others waiting and read less than 64 KiB of it in ten seconds")
        for connection in self._pacing.caught_up():
            self._resumable.extend(self._pacing.release(connection))
        for connection, is_half_closed in self._goodbyes.take_overdue(now):
            if is_half_closed:
                self._retire(connection)
            else:
                connection.abort()
        self._next_tick = min(now + TICK_SECONDS, self._goodbyes.next_deadline)
        self._tell_brain(self._ticked())
        self._resume()
        self._round.send_all()

    def _ticked(self) -> inputs.Ticked:
        waiting = self._pacing.take_waiting()
        held_back = {connection.number for connection in waiting}
        for number, connection in self._connections.items():
            if connection.is_held_back or connection.was_held_back:
                held_back.add(number)
            connection.was_held_back = False
        waits_for = [
            (sender.number, recipient.number)
            for sender, recipient in waiting.items()
            if isinstance(recipient, Connection)
        ]
        return inputs.Ticked(frozenset(held_back), tuple(waits_for))
