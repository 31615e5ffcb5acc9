"""Who waits for whom, and for how long. Thread: pytest's main thread, which stands for the dispatcher."""

import pytest

from tcpipserver.net.connection import Connection
from tcpipserver.net.flusher import LOW_MARK_BYTES
from tcpipserver.net.handlers import Handlers
from tcpipserver.net.normalizer import Cut, Ended
from tcpipserver.net.pacing import HIGH_MARK_BYTES, LEAST_READ_BYTES, PATIENCE_SECONDS, Pacing
from tests.support.hub_connections import stub_connection

NOW = 1000.0


def connection(number: int, waiting: int = 0) -> Connection:
    """A connection for which so many bytes wait."""
    made, _, _ = stub_connection(number, room=0)
    made.send(b"x" * waiting)
    return made


def full(number: int) -> Connection:
    """One for which too much waits."""
    return connection(number, HIGH_MARK_BYTES + 1)


def cut(sender: Connection, size: int) -> Cut:
    """Something that a sender sent."""
    return Cut(sender, [], size)


def test_only_above_the_mark_somebody_waits() -> None:
    """Up to a mebibyte may wait for a recipient before his writers do."""
    pacing, sender = Pacing(), connection(1)
    pacing.maybe_hold_back(sender, connection(2, HIGH_MARK_BYTES), NOW)
    assert not pacing.is_held(sender)
    recipient = full(3)
    pacing.maybe_hold_back(sender, recipient, NOW)
    assert pacing.is_held(sender)
    assert pacing.maybe_waits_for(sender) is recipient
    assert recipient.is_waited_for


def test_nobody_waits_for_himself() -> None:
    """He could never catch up."""
    pacing, sender = Pacing(), full(1)
    pacing.maybe_hold_back(sender, sender, NOW)
    assert not pacing.is_held(sender)


@pytest.mark.parametrize(("full_ones", "others", "is_held"), [(1, 1, True), (1, 2, False), (2, 3, True), (2, 4, False)])
def test_who_writes_to_many_waits_when_most_cannot_keep_up(full_ones: int, others: int, is_held: bool) -> None:
    """More than half; those who have a little waiting keep up."""
    pacing, sender = Pacing(), connection(1)
    waiting = [full(number) for number in range(2, 2 + full_ones)] + [connection(9, HIGH_MARK_BYTES)]
    pacing.maybe_hold_back_for_most(sender, others, waiting, NOW)
    assert pacing.is_held(sender) is is_held


def test_who_writes_to_many_waits_for_the_one_who_will_have_caught_up_first() -> None:
    """For the one for whom least waits, of those for whom too much does."""
    pacing, sender = Pacing(), connection(1)
    waiting = [connection(number, HIGH_MARK_BYTES + extra) for number, extra in ((2, 9), (3, 5), (4, 7), (5, 0))]
    pacing.maybe_hold_back_for_most(sender, 5, waiting, NOW)
    assert pacing.maybe_waits_for(sender) is waiting[1]


def test_a_recipient_who_catches_up_meanwhile_is_not_waited_for() -> None:
    """The mark is set first: if the flusher came in between and saw none, the state that is seen after it is right."""

    class CatchingUp:
        waiting = HIGH_MARK_BYTES + 1

    class Recipient(Connection):
        @property
        def is_waited_for(self) -> bool:  # type: ignore[override]
            return False

        @is_waited_for.setter
        def is_waited_for(self, value: bool) -> None:
            if value:
                self.outbox.waiting = LOW_MARK_BYTES

    pacing, sender = Pacing(), connection(1)
    recipient = object.__new__(Recipient)
    recipient.outbox = CatchingUp()  # type: ignore[assignment]
    pacing.maybe_hold_back(sender, recipient, NOW)
    assert not pacing.is_held(sender)


def test_what_a_waiting_one_sends_queues_up_in_order() -> None:
    """Nothing is taken while he waits; afterwards the oldest first, and he is free when nothing is left."""
    pacing, sender, recipient = Pacing(), connection(1), full(2)
    pacing.maybe_hold_back(sender, recipient, NOW)
    pacing.keep(cut(sender, 1))
    pacing.keep(Ended(sender, "gone"))
    assert pacing.maybe_next(sender) is None
    assert pacing.release(recipient) == [sender]
    assert pacing.is_held(sender)
    assert pacing.maybe_next(sender) == cut(sender, 1)
    assert pacing.maybe_next(sender) == Ended(sender, "gone")
    assert pacing.maybe_next(sender) is None
    assert not pacing.is_held(sender)


def test_one_who_has_to_wait_again_keeps_his_queue() -> None:
    """What is left of it is not lost and not overtaken."""
    pacing, sender, recipient = Pacing(), connection(1), full(2)
    pacing.maybe_hold_back(sender, recipient, NOW)
    for size in (1, 2):
        pacing.keep(cut(sender, size))
    pacing.release(recipient)
    assert pacing.maybe_next(sender) == cut(sender, 1)
    pacing.maybe_hold_back(sender, recipient, NOW)
    assert pacing.maybe_next(sender) is None
    pacing.keep(cut(sender, 3))
    pacing.release(recipient)
    assert [pacing.maybe_next(sender) for _ in range(3)] == [cut(sender, 2), cut(sender, 3), None]


def test_those_who_wait_go_on_in_the_order_in_which_they_began() -> None:
    """And only those who waited for this one."""
    pacing, first, second = Pacing(), full(8), full(9)
    senders = [connection(number) for number in range(4)]
    for sender in senders[:3]:
        pacing.maybe_hold_back(sender, first, NOW)
    pacing.maybe_hold_back(senders[3], second, NOW)
    pacing.maybe_hold_back(senders[0], second, NOW)
    assert pacing.release(first) == senders[:3]
    assert pacing.release(first) == []
    assert pacing.release(second) == senders[3:]


@pytest.mark.parametrize("seconds", [0.0, PATIENCE_SECONDS - 0.1, PATIENCE_SECONDS])
def test_a_recipient_is_overdue_after_ten_seconds(seconds: float) -> None:
    """Counted from the first who waits for him; catching up begins the count anew."""
    pacing, recipient = Pacing(), full(2)
    pacing.maybe_hold_back(connection(1), recipient, NOW)
    pacing.maybe_hold_back(connection(3), recipient, NOW + 9)
    assert (pacing.overdue(NOW + seconds) == [recipient]) is (seconds == PATIENCE_SECONDS == 10.0)
    pacing.release(recipient)
    assert pacing.overdue(NOW + 1000) == []


@pytest.mark.parametrize(("read", "is_overdue"), [(LEAST_READ_BYTES - 1, True), (LEAST_READ_BYTES, False)])
def test_one_who_reads_is_not_overdue(read: int, is_overdue: bool) -> None:
    """What goes out to him within the ten seconds begins them anew; what went out before they began does not count."""
    pacing, recipient = Pacing(), full(2)
    recipient.outbox.flushed = 1 << 30
    pacing.maybe_hold_back(connection(1), recipient, NOW)
    recipient.outbox.flushed += read
    assert (pacing.overdue(NOW + 10) == [recipient]) is is_overdue
    if not is_overdue:
        assert pacing.overdue(NOW + 19) == []
        assert pacing.overdue(NOW + 20) == [recipient]


def test_what_fits_by_now_is_sent_before_somebody_is_overdue() -> None:
    """The flusher is not told of room in a socket before there is much of it."""
    pacing = Pacing()
    recipient, stub, _ = stub_connection(2, room=0)
    recipient.send(b"x" * (HIGH_MARK_BYTES + 1))
    pacing.maybe_hold_back(connection(1), recipient, NOW)
    stub.room = LEAST_READ_BYTES
    assert pacing.overdue(NOW + 10) == []
    assert len(stub.stream) == LEAST_READ_BYTES


def test_one_who_has_caught_up_is_not_overdue() -> None:
    """However little was left to go out: when it has, he is among those for whom nobody has to wait any more."""
    pacing = Pacing()
    recipient, stub, _ = stub_connection(2, room=0)
    recipient.send(b"x" * (HIGH_MARK_BYTES + 1))
    pacing.maybe_hold_back(connection(1), recipient, NOW)
    assert pacing.caught_up() == []
    stub.room = HIGH_MARK_BYTES
    assert pacing.overdue(NOW + 10) == []
    assert pacing.caught_up() == [recipient]


def test_who_has_waited_since_the_last_look_is_told_however_soon_he_went_on() -> None:
    """And who waits still, again and again."""
    pacing, brief, lasting = Pacing(), connection(1), connection(2)
    soon, never = full(3), full(4)
    pacing.maybe_hold_back(brief, soon, NOW)
    pacing.maybe_hold_back(lasting, never, NOW)
    pacing.release(soon)
    assert pacing.take_waiting() == {brief: soon, lasting: never}
    assert pacing.take_waiting() == {lasting: never}


def test_handlers_are_never_overdue() -> None:
    """A program of the operator's own may take its time; whoever sends to it waits."""
    pacing, sender = Pacing(), connection(1)
    handlers = Handlers(lambda _: None, pytest.fail)
    handlers._submitted = 2 << 20
    pacing.maybe_hold_back(sender, handlers, NOW)
    assert pacing.maybe_waits_for(sender) is handlers
    assert pacing.overdue(NOW + 1000) == []
    assert pacing.release(handlers) == [sender]


def test_one_who_is_dismissed_waits_for_nobody() -> None:
    """His queue, in which his own end may be, can be taken; the recipient's count goes on without him."""
    pacing, sender, other, recipient = Pacing(), connection(1), connection(3), full(2)
    for one in (sender, other):
        pacing.maybe_hold_back(one, recipient, NOW)
    pacing.keep(Ended(sender, "gone"))
    pacing.stop_waiting(sender)
    pacing.stop_waiting(sender)
    assert pacing.maybe_next(sender) == Ended(sender, "gone")
    assert pacing.release(recipient) == [other]
    pacing.stop_waiting(connection(4))


def test_one_for_whom_nobody_waits_any_more_is_not_overdue() -> None:
    """When those who waited are gone themselves, he keeps nobody waiting, however little he reads."""
    pacing, sender, recipient = Pacing(), connection(1), full(2)
    pacing.maybe_hold_back(sender, recipient, NOW)
    pacing.stop_waiting(sender)
    assert pacing.overdue(NOW + 1000) == []
    pacing.maybe_hold_back(connection(3), recipient, NOW + 1000)
    assert pacing.overdue(NOW + 1009) == []
    assert pacing.overdue(NOW + 1010) == [recipient]
