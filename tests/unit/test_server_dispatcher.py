"""The hub's dispatcher: rounds, credit, dismissals, questions. Threads: pytest's main thread and the dispatcher's."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass

import pytest

from commonlib.classic.layouts import DataPacket
from commonlib.classic.packet import Layout, PacketType
from commonlib.exceptions import ProtocolError
from commonlib.identity import Fingerprint
from commonlib.wire.frames import FrameCutter, FrameError, FrameType
from commonlib.wire.messages import Ping, encode_message
from commonlib.wire.tls import TlsError
from tcpipserver.dialects.classic import ClassicEncoder, LayoutRegistry
from tcpipserver.dialects.modern import ModernDialect
from tcpipserver.hub.announcements import MOST_RUSH_SECONDS
from tcpipserver.hub.brain import Hub
from tcpipserver.hub.effects import Effect, Remember
from tcpipserver.hub.identifiers import ClientIds
from tcpipserver.hub.inputs import CommandHandled, Input, Joined, OperatorSaid, OperatorSentPackets, Ticked
from tcpipserver.hub.limits import Limits
from tcpipserver.hub.people import Credentials, Wire
from tcpipserver.net.connection import Connection
from tcpipserver.net.credit import CREDIT_BYTES
from tcpipserver.net.dispatcher import Dispatcher
from tcpipserver.net.inbox import Asked, Happened, Opened
from tcpipserver.net.normalizer import Cut, Ended
from tcpipserver.net.pacing import HIGH_MARK_BYTES
from tests.support.clock import FakeClock
from tests.support.dispatchers import Noted, dispatcher_of
from tests.support.hub_connections import NotingCaretaker, connection_on
from tests.support.recordings import divided
from tests.support.stub_socket import StubSocket

SECONDS = 20.0


@dataclass
class Desk:
    """A dispatcher that runs, and what a test asks of it."""

    dispatcher: Dispatcher
    noted: Noted

    def settle(self) -> Hub:
        """Return when all that was posted is taken and sent."""
        for _ in range(2):
            answer: Future[object] = Future()
            self.dispatcher.post(Asked(lambda hub: hub, answer))
            found = answer.result(SECONDS)
        assert isinstance(found, Hub)
        return found

    def pass_time(self, seconds: float) -> None:
        """Move the clock, and return when the dispatcher has acted upon it."""
        clock = self.dispatcher._clock
        assert isinstance(clock, FakeClock)
        clock.advance(seconds)
        self.settle()

    def join(self, number: int) -> tuple[Connection, StubSocket, NotingCaretaker]:
        """Somebody arrives and is registered; what he was sent for it is forgotten."""
        stub, caretaker = StubSocket(), NotingCaretaker()
        connection = connection_on(stub, number)
        self.dispatcher.post(Opened(connection))
        assert connection.greetings is not None
        assert connection.greetings.get(timeout=SECONDS)
        stub.sent.clear()
        connection.register(caretaker)
        self.dispatcher.post(Happened(Joined(number, Credentials(f"Guest {number}"))))
        self.settle()
        return connection, stub, caretaker

    def join_modern(self, number: int) -> tuple[Connection, StubSocket]:
        """As join, on the modern wire, in the clear."""
        stub = StubSocket()
        connection = connection_on(stub, number)
        self.dispatcher.post(Opened(connection, bytes(32)))
        assert connection.greetings is not None
        assert connection.greetings.get(timeout=SECONDS)
        stub.sent.clear()
        connection.dialect = ModernDialect(number, LayoutRegistry(), Limits())
        connection.register(NotingCaretaker())
        key = Fingerprint(number.to_bytes(32))
        self.dispatcher.post(Happened(Joined(number, Credentials(f"Guest {number}"), key)))
        self.settle()
        return connection, stub


def desk_with(hub: Hub) -> Iterator[Desk]:
    """A dispatcher in front of a brain, which has to end without breaking."""
    noted = Noted()
    dispatcher = dispatcher_of(hub, FakeClock(), noted)
    dispatcher.start()
    yield Desk(dispatcher, noted)
    assert dispatcher.stop(SECONDS)
    assert noted.failed == []


@pytest.fixture
def desk() -> Iterator[Desk]:
    """A dispatcher with an empty hub."""
    yield from desk_with(Hub())


def cut(connection: Connection, *packets: DataPacket) -> Cut:
    """Packets as the normalizer hands them over; their bytes count as read."""
    data = b"".join(packet.encode() for packet in packets)
    connection.credit.add_read(len(data))
    return Cut(connection, connection.dialect.cut(data), len(data))


def test_a_round_is_one_write_for_each_recipient(desk: Desk) -> None:
    """A hundred packets of several senders, handed over together, reach everybody joined and in order."""
    ann, of_ann, _ = desk.join(1)
    bob, of_bob, _ = desk.join(2)
    of_ann.sent.clear()
    of_bob.sent.clear()
    batch = [
        cut(sender, DataPacket(777, longs=(number,)))
        for number, sender in zip(range(100), [ann, bob] * 50, strict=True)
    ]
    desk.dispatcher.post(batch)
    desk.settle()
    for stub in (of_ann, of_bob):
        assert len(stub.sent) == 1
        assert [DataPacket.decode(packet).long(1) for packet in divided(stub.stream)] == list(range(100))


def test_work_gives_credit_back_and_wakes_the_reader(desk: Desk) -> None:
    """One who was held back is read again as soon as enough of his is done, and others are not asked for."""
    ann, _, caretaker = desk.join(1)
    filling = cut(ann, *[DataPacket(777, id_to=99)] * (CREDIT_BYTES // 1024))
    ann.is_held_back = True
    desk.dispatcher.post([filling])
    desk.settle()
    assert ann.credit.unprocessed == 0
    assert caretaker.asked == [("resume", 1)]
    ann.is_held_back = False
    desk.dispatcher.post([cut(ann, DataPacket(777, id_to=99))])
    desk.settle()
    assert caretaker.asked == [("resume", 1)]


def test_who_was_not_read_for_a_moment_counts_as_held_back_until_the_next_tick(desk: Desk) -> None:
    """However soon he was read again: a flood is made of such moments."""
    heard: list[Input] = []
    hub = desk.settle()
    receive = hub.receive

    def listen(happened: Input, now: float, wall: float) -> list[Effect]:
        heard.append(happened)
        return receive(happened, now, wall)

    ann, _, _ = desk.join(1)
    desk.join(2)
    hub.receive = listen  # type: ignore[method-assign]
    ann.was_held_back = True
    for expected in (Ticked(frozenset({1})), Ticked()):
        desk.pass_time(1.0)
        assert heard == [expected]
        heard.clear()


def test_what_a_dismissed_one_still_sends_is_thrown_away(desk: Desk) -> None:
    """Even what came in the same read; his credit is given back all the same."""
    ann, _, _ = desk.join(1)
    _, of_bob, _ = desk.join(2)
    of_bob.sent.clear()
    first = cut(ann, DataPacket(PacketType.CLOSE), DataPacket(777))
    desk.dispatcher.post([first, cut(ann, DataPacket(778))])
    desk.settle()
    heard = [DataPacket.decode(packet).packet_type for packet in divided(of_bob.stream)]
    assert heard == [PacketType.CLIENT_DISCONNECTING]
    assert ann.credit.unprocessed == 0


def test_an_end_closes_and_is_counted(desk: Desk) -> None:
    """The flusher gets the socket, the place is free, and without anybody left the hub is empty."""
    assert desk.dispatcher.is_empty.is_set()
    ann, _, caretaker = desk.join(1)
    assert not desk.dispatcher.is_empty.is_set()
    desk.dispatcher.post([Ended(ann, "it closed the connection")])
    assert desk.dispatcher.is_empty.wait(SECONDS)
    assert desk.settle().people() == ()
    assert caretaker.asked == [("retire", 1)]
    assert desk.noted.retired == [1]
    assert desk.dispatcher.left_over() == ()


def kept_packets(desk: Desk) -> dict[int, object]:
    """What the dispatcher keeps of people for the classic wire."""
    encoder = desk.dispatcher._encoders[Wire.CLASSIC]
    assert isinstance(encoder, ClassicEncoder)
    return dict(encoder._people)


def test_of_the_last_who_goes_nothing_is_kept(desk: Desk) -> None:
    """Of the others neither: the packets about them go with the word that they have left."""
    ann, _, _ = desk.join(1)
    bob, _, _ = desk.join(2)
    assert kept_packets(desk)
    for connection in (ann, bob):
        desk.dispatcher.post([Ended(connection, "it closed the connection")])
    assert desk.dispatcher.is_empty.wait(SECONDS)
    assert kept_packets(desk) == {}


def test_the_end_of_one_who_takes_nothing_any_more_closes_at_once(desk: Desk) -> None:
    """Though something is still due to him: that was tried once more."""
    ann, of_ann, caretaker = desk.join(1)
    of_ann.room = 0
    desk.dispatcher.post(Happened(OperatorSaid((1,), "hello")))
    desk.settle()
    assert ann.outbox.waiting
    of_ann.error = ConnectionResetError()
    desk.dispatcher.post([Ended(ann, "Connection reset by peer")])
    assert desk.dispatcher.is_empty.wait(SECONDS)
    assert caretaker.asked[-1] == ("retire", 1)


def test_the_end_of_one_who_was_arriving_touches_no_socket(desk: Desk) -> None:
    """It belongs to his own thread until he is registered, and may be closed at any time once he was greeted."""
    stub = StubSocket()
    connection = connection_on(stub)
    desk.dispatcher.post(Opened(connection))
    desk.dispatcher.post([Ended(connection, "it did not say who it is in time")])
    desk.settle()
    assert desk.dispatcher.is_empty.is_set()
    assert (len(stub.sent), stub.shut, stub.is_closed) == (1, [], False)
    assert desk.noted.retired == [1]


def test_one_who_is_dropped_for_what_he_says_to_all_waits_for_nobody(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """His own end would have to wait with him."""
    monkeypatch.setattr("tcpipserver.net.dispatcher.LARGEST_OUTBOX", 2 * HIGH_MARK_BYTES)
    ann, of_ann, _ = desk.join(1)
    bob, of_bob, _ = desk.join(2)
    for connection, stub, size in ((ann, of_ann, 2 * HIGH_MARK_BYTES), (bob, of_bob, HIGH_MARK_BYTES)):
        stub.room = 0
        connection.send(b"x" * (size + 1))
    desk.dispatcher.post([cut(ann, DataPacket(777))])
    desk.settle()
    assert (ann.is_dismissed, bob.is_dismissed) == (True, False)
    assert not desk.dispatcher._pacing.is_held(ann)


def test_without_an_id_a_newcomer_is_refused() -> None:
    """His arrival hears it instead of a greeting."""
    for desk in desk_with(Hub(ClientIds(largest=1))):
        desk.join(1)
        connection = connection_on(StubSocket(), 2)
        desk.dispatcher.post(Opened(connection))
        assert connection.greetings is not None
        assert connection.greetings.get(timeout=SECONDS) is None


def test_a_question_is_answered_on_the_dispatchers_thread(desk: Desk) -> None:
    """In its turn: after all that was posted before."""
    desk.join(1)
    answer: Future[object] = Future()
    desk.dispatcher.post(Asked(lambda hub: (threading.current_thread().name, len(hub.people())), answer))
    assert answer.result(SECONDS) == ("dispatcher", 1)


def test_what_is_posted_before_the_start_comes_first() -> None:
    """So a command that a program handles is known before the first client can send it."""
    hub = Hub()
    dispatcher = dispatcher_of(hub, FakeClock())
    dispatcher.post(Happened(CommandHandled(100)))
    answer: Future[object] = Future()
    dispatcher.post(Asked(lambda asked: asked._routing._handled, answer))
    dispatcher.start()
    assert answer.result(SECONDS) == {100}
    assert dispatcher.stop(SECONDS)


def test_what_the_server_says_goes_out_in_the_same_way(desk: Desk) -> None:
    """An input from the server's side is a round like any other."""
    _, of_ann, _ = desk.join(1)
    of_ann.sent.clear()
    desk.dispatcher.post(Happened(OperatorSaid(None, "hello")))
    desk.settle()
    assert len(of_ann.sent) == 1


def test_who_waits_for_one_who_ends_goes_on_at_once(desk: Desk) -> None:
    """Although no flusher will ever say that the one who has ended has caught up."""
    ann, of_ann, _ = desk.join(1)
    bob, of_bob, _ = desk.join(2)
    of_bob.room = 0
    for _ in range(3):
        desk.dispatcher.post([cut(ann, *[DataPacket(777, id_to=2)] * 1024)])
        desk.settle()
    of_ann.sent.clear()
    desk.dispatcher.post([cut(ann, DataPacket(778, id_to=1))])
    desk.settle()
    assert of_ann.sent == []
    desk.dispatcher.post([Ended(bob, "it closed the connection")])
    desk.settle()
    assert DataPacket(778, id_to=1, id_from=1).encode() in divided(of_ann.stream)
    assert ann.credit.unprocessed == 0


# Two wires


def frame_types(stub: StubSocket) -> list[int]:
    """What kinds of frames somebody was sent; it is forgotten then."""
    frames = FrameCutter().receive_data(stub.stream)
    stub.sent.clear()
    return [frame.type for frame in frames]


def test_what_goes_to_many_is_made_once_for_each_wire(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """However they are mixed; each gets it in his own."""
    classic = [desk.join(number)[:2] for number in (1, 2)]
    modern = [desk.join_modern(number) for number in (3, 4)]
    made: list[Wire] = []
    for wire, encoder in desk.dispatcher._encoders.items():
        monkeypatch.setattr(encoder, "encode", lambda _, wire=wire: made.append(wire) or wire.value.encode())
    for _, stub in (*classic, *modern):
        stub.sent.clear()
    desk.dispatcher.post(Happened(OperatorSentPackets(None, Layout.DATA, DataPacket(777).encode())))
    desk.settle()
    assert sorted(wire.value for wire in made) == ["classic", "modern"]
    assert [stub.stream for _, stub in classic] == [b"classic"] * 2
    assert [stub.stream for _, stub in modern] == [b"modern"] * 2


def test_who_came_is_told_a_moment_later_on_the_modern_wire(desk: Desk) -> None:
    """When the brain says that it is due: a thousand who arrive together are not a thousand announcements."""
    _, of_ann = desk.join_modern(1)
    frame_types(of_ann)
    desk.join(2)
    desk.join(3)
    assert frame_types(of_ann) == []
    desk.pass_time(MOST_RUSH_SECONDS)
    assert frame_types(of_ann) == [FrameType.PEOPLE]


def test_a_sleep_of_the_computer_does_not_upset_what_is_due(desk: Desk) -> None:
    """The brain's time stood still meanwhile, and that of the wait did not."""
    _, of_ann = desk.join_modern(1)
    desk.pass_time(3600.0)
    frame_types(of_ann)
    desk.join(2)
    assert frame_types(of_ann) == []
    desk.pass_time(MOST_RUSH_SECONDS)
    assert frame_types(of_ann) == [FrameType.PEOPLE]


def test_what_the_brain_wants_kept_is_handed_on(desk: Desk) -> None:
    """To whoever has a disk."""
    desk.join_modern(1)
    assert [kept.known.key for kept in desk.noted.kept if isinstance(kept, Remember)] == [(1).to_bytes(32)]


def test_who_is_taken_in_may_send_long_frames(desk: Desk) -> None:
    """Not before."""
    ann, _ = desk.join_modern(1)
    assert isinstance(ann.dialect, ModernDialect)
    assert ann.dialect._cutter.largest == Limits().frame_bytes > Limits().early_frame_bytes


@pytest.mark.parametrize("fault", [TlsError("TLS finds a fault"), FrameError("a frame is too long")])
def test_one_of_whom_nothing_can_be_read_any_more_is_ended(desk: Desk, fault: ProtocolError) -> None:
    """With a word about it, where TLS can still carry one; what he sent before counts, what comes later does not."""
    ann, of_ann = desk.join_modern(1)
    frame_types(of_ann)
    frame = encode_message(Ping(clock=5))
    pieces = ann.dialect.cut(frame)
    desk.dispatcher.post([Cut(ann, pieces, len(frame)), Cut(ann, (), 10, fault), Cut(ann, pieces, len(frame), fault)])
    desk.settle()
    assert frame_types(of_ann) == ([] if isinstance(fault, TlsError) else [FrameType.PONG, FrameType.CLOSING])
    assert ann.is_dismissed
    assert ann.is_aborted is isinstance(fault, TlsError)
    assert desk.settle().people() == ()
