"""What batches of both directions do when ways break, ends come and go, and users pause and cancel.

Thread: pytest's main thread.
"""

from pathlib import PurePosixPath

import pytest

from commonlib.transfer.messages import Outcome, Place
from commonlib.transfer.states import OfferState, Tally
from commonlib.wire.way_messages import FilesCancelled, Role, WayOpened, WayRefused, WayWanted
from tcpipclient.core.batch_events import BatchChanged, BatchProblem, BatchState, WayKind
from tcpipclient.core.transfers import orders
from tcpipclient.core.transfers.ongoing import (
    CANCEL_SECONDS,
    GONE_SECONDS,
    UPGRADE_SECONDS,
    WAYLESS_SECONDS,
)
from tcpipclient.core.transfers.orders import Verb
from tcpipclient.core.transfers.pump_news import Moved, ProblemTold, PumpEnded, TopSaved, WayLost
from tests.support.simple_pumps import UNITS, top, totals
from tests.support.two_books import BookEnd, TwoBooks


def running(*, units: int = 1) -> tuple[TwoBooks, int]:
    """Ann sends to Bob, and so many units have come."""
    world = TwoBooks()
    number = world.ann.send()
    while world.bob.disk.get((world.ann.transfers[number], 0), 0) < units:
        assert world.step()
    while BatchState.RUNNING not in world.ann.states(number):
        assert world.step()
    return world, number


def told_pumps(end: BookEnd) -> list[Verb]:
    """What an end has had its pumps told."""
    return [it.verb for it in end.ordered if isinstance(it, orders.TellPump)]


def test_a_way_that_breaks_is_replaced() -> None:
    """Both ends say so, and nothing that has come is sent again."""
    world, number = running()
    world.cut()
    assert world.ann.states(number)[-1] is world.bob.states(1)[-1] is BatchState.CONNECTING
    world.pass_time(30.0)
    assert world.ann.ended(number).state is BatchState.SAVED
    assert world.bob.ended(1).state is BatchState.SAVED
    assert len(world.streams) == 2


def test_without_the_hub_a_way_goes_on() -> None:
    """To its end, at both ends."""
    world, number = running()
    world.disconnect(world.ann)
    world.disconnect(world.bob)
    world.settle()
    assert world.ann.ended(number).state is BatchState.SAVED
    assert world.bob.ended(1).state is BatchState.SAVED


def test_without_hub_and_way_it_waits_for_both() -> None:
    """For as long as it takes; the other end is found again by his key."""
    world, number = running()
    world.disconnect(world.ann)
    world.cut()
    world.disconnect(world.bob)
    world.pass_time(3 * WAYLESS_SECONDS)
    assert world.ann.states(number)[-1] is BatchState.CONNECTING
    world.connect(world.bob, 77)
    world.connect(world.ann, 78)
    world.pass_time(30.0)
    assert world.ann.ended(number).state is BatchState.SAVED
    assert world.ann.ended(number).peer == 77


def test_who_has_left_is_waited_for_for_two_minutes() -> None:
    """What came is kept; the sentence says what to do."""
    world, number = running()
    world.disconnect(world.bob)
    world.cut()
    world.pass_time(GONE_SECONDS - 5)
    world.ann.do(lambda: world.ann.book.remove_peer(2, world.now))
    assert not world.ann.states(number)[-1].is_over
    world.pass_time(10.0)
    ended = world.ann.ended(number)
    assert ended.state is BatchState.FAILED
    assert "Person 2 has left the hub and has not come back" in ended.reason


def test_without_any_way_it_is_given_up() -> None:
    """After ten minutes together on the hub, with the last reason."""
    world, number = running()
    world.ways_fail = True
    world.cut()
    world.pass_time(WAYLESS_SECONDS - 30)
    assert not world.ann.states(number)[-1].is_over
    world.pass_time(60.0)
    assert world.ann.ended(number).state is BatchState.FAILED
    assert "Nobody answered." in world.ann.ended(number).reason
    assert world.bob.ended(1).state in (BatchState.FAILED, BatchState.CANCELLED)


def test_a_connection_that_lasted_counts_as_a_way_even_if_nothing_flowed() -> None:
    """Somebody had paused it: the ten minutes begin anew when it breaks."""
    world, number = running()
    world.ann.do(lambda: world.ann.book.pause(number, world.now))
    world.settle()
    world.pass_time(2 * WAYLESS_SECONDS)
    world.ways_fail = True
    world.cut()
    world.pass_time(WAYLESS_SECONDS / 2)
    assert not world.ann.states(number)[-1].is_over


@pytest.mark.parametrize("pauses", ["ann", "bob"])
def test_either_end_pauses_and_resumes(pauses: str) -> None:
    """Both are told, and who has done it; on a further connection the pause holds."""
    world, number = running()
    end, own = (world.ann, number) if pauses == "ann" else (world.bob, 1)
    end.do(lambda: end.book.pause(own, world.now))
    world.settle()
    for one, its in ((world.ann, number), (world.bob, 1)):
        last = [it for it in one.events(its) if isinstance(it, BatchChanged)][-1]
        assert (last.state, last.paused_here) == (BatchState.PAUSED, one is end)
    world.cut()
    world.pass_time(30.0)
    assert [it.paused for it in end.ordered if isinstance(it, orders.StartPump)][-1]
    end.do(lambda: end.book.resume(own, world.now))
    world.settle()
    assert world.ann.ended(number).state is BatchState.SAVED


@pytest.mark.parametrize("cancels", ["ann", "bob"])
def test_either_end_cancels_what_runs(cancels: str) -> None:
    """The other is shown why; a second time changes nothing."""
    world, number = running()
    end, own = (world.ann, number) if cancels == "ann" else (world.bob, 1)
    other, others = (world.bob, 1) if cancels == "ann" else (world.ann, number)
    end.do(lambda: end.book.cancel(own, "too slow", world.now))
    end.do(lambda: end.book.cancel(own, "too slow", world.now))
    world.settle()
    assert end.ended(own).state is other.ended(others).state is BatchState.CANCELLED
    assert "too slow" in other.ended(others).reason
    assert told_pumps(end) == [Verb.CANCEL]


def test_a_pump_that_does_not_come_to_an_end_is_left() -> None:
    """The other end says nothing any more; it is told by the hub."""
    world, number = running()
    world.ann.do(lambda: world.ann.book.cancel(number, "no", world.now))
    world.due.clear()
    for stream in world.streams.values():
        stream.ends.clear()
    world.pass_time(CANCEL_SECONDS + 1)
    assert world.ann.ended(number).state is BatchState.CANCELLED
    assert told_pumps(world.ann) == [Verb.CANCEL, Verb.LEAVE]
    world.settle()
    world.pass_time(CANCEL_SECONDS + 1)
    assert world.bob.ended(1).state is BatchState.CANCELLED


def test_what_is_cancelled_while_it_is_offered_is_over_at_both_ends() -> None:
    """And while a connection is being made."""
    for reached in (BatchState.OFFERED, BatchState.CONNECTING):
        world = TwoBooks()
        world.bob.accepts = True if reached is BatchState.CONNECTING else None
        number = world.ann.send()
        while world.ann.states(number)[-1:] != [reached] or 1 not in {it.transfer for it in world.bob.events(1)}:
            assert world.step()
        world.ann.do(lambda world=world, number=number: world.ann.book.cancel(number, "no", world.now))  # type: ignore[misc]
        world.settle()
        assert world.ann.ended(number).state is BatchState.CANCELLED
        assert world.bob.ended(1).state is BatchState.CANCELLED


def test_a_last_word_that_does_not_come_changes_nothing() -> None:
    """All was saved, the connection broke, and the other end has gone for good: it is saved all the same."""
    world, number = running(units=UNITS)
    while not any(it is Verb.FINISH for it in told_pumps(world.ann)):
        world.step()
    world.cut()
    world.disconnect(world.bob)
    world.pass_time(2 * GONE_SECONDS)
    assert world.ann.ended(number).state is BatchState.SAVED


def test_what_a_pump_calls_settled_is_settled() -> None:
    """Also where its state was not told before."""
    world, number = running()
    pump = next(key[1] for key in world.ann.pumps)
    for stream in world.streams.values():
        stream.ends.clear()
    world.ann.pumps.clear()
    end = world.ann
    lost = WayLost("It broke.", Tally(listed=1, saved=1, size=UNITS), is_settled=True)
    end.do(lambda: end.book.receive_news(number, pump, lost, world.now))
    world.disconnect(world.bob)
    world.pass_time(2 * GONE_SECONDS)
    assert (end.ended(number).state, end.ended(number).saved) == (BatchState.SAVED, 1)


def test_through_the_hub_a_direct_way_is_tried_again() -> None:
    """After half a minute, then after longer; when there is one both change to it, and nothing is lost."""
    world = TwoBooks()
    world.way = WayKind.HUB
    world.bob.accepts = True
    number = world.ann.send()
    while not world.bob.pumps:
        world.step()
    world.ann.do(lambda: world.ann.book.pause(number, world.now))
    world.settle()
    world.pass_time(UPGRADE_SECONDS + 5)
    assert len(world.streams) == 2
    assert Verb.LEAVE not in told_pumps(world.ann), "another way through the hub is no better"
    world.way = WayKind.DIRECT
    world.pass_time(2 * UPGRADE_SECONDS + 5)
    assert told_pumps(world.ann).count(Verb.LEAVE) == 1
    assert [it.way for it in world.ann.events(number) if isinstance(it, BatchChanged)][-1] is WayKind.DIRECT
    world.ann.do(lambda: world.ann.book.resume(number, world.now))
    world.settle()
    assert world.ann.ended(number).state is BatchState.SAVED


def test_where_only_one_end_has_noticed_a_break_the_other_changes_over() -> None:
    """By any way, for the one it has leads nowhere."""
    world, number = running()
    stream = next(iter(world.streams.values()))
    bob = next(iter(world.bob.pumps.values()))
    stream.waiting[bob.order.role].clear()
    bob.tell(WayLost("It broke.", bob.tally))
    world.pass_time(40.0)
    assert Verb.LEAVE in told_pumps(world.ann)
    assert world.ann.ended(number).state is BatchState.SAVED


def test_a_connection_that_is_never_told_of_is_given_up() -> None:
    """Whoever makes it has failed; the next attempt follows."""
    world = TwoBooks()
    number = world.ann.send()
    while not any(isinstance(it, orders.OpenWay) for it in world.ann.ordered):
        world.step()
    world.due.clear()
    world.streams.clear()
    world.pass_time(60.0)
    assert any(isinstance(it, orders.GiveUpWay) for it in world.ann.ordered)
    world.pass_time(60.0)
    assert world.ann.ended(number).state is BatchState.SAVED


def test_news_of_a_pump_that_is_not_ours_any_more_counts_for_nothing() -> None:
    """It was left, and another one runs."""
    world, number = running()
    before = len(world.ann.told)
    world.ann.do(lambda: world.ann.book.receive_news(number, 99, PumpEnded(OfferState.SAVED), world.now))
    world.ann.do(lambda: world.ann.book.receive_news(98, 1, PumpEnded(OfferState.SAVED), world.now))
    assert len(world.ann.told) == before


@pytest.mark.parametrize(
    ("state", "told", "words"),
    [
        (OfferState.FAILED, BatchState.FAILED, "Some of it could not be"),
        (OfferState.DECLINED, BatchState.DECLINED, ""),
        (OfferState.CANCELLED, BatchState.CANCELLED, "has cancelled it: full"),
    ],
)
def test_each_end_of_a_pump_has_its_sentence(state: OfferState, told: BatchState, words: str) -> None:
    """At both ends, with the other end's reason."""
    world, number = running()
    ended = PumpEnded(state, Tally(failed=1), "full")
    for end, own in ((world.ann, number), (world.bob, 1)):
        key = next(iter(end.pumps))
        end.do(lambda end=end, key=key: end.book.receive_news(*key, ended, world.now))  # type: ignore[misc]
        assert end.ended(own).state is told
        assert words in end.ended(own).reason


def test_problems_and_places_that_pumps_tell_of_are_told_with_the_end() -> None:
    """Once, however often they are told of."""
    world, number = running()
    problem, path = BatchProblem("file", Outcome.SKIPPED, Place.RECEIVER, "it is there"), PurePosixPath("there/file")
    for _ in range(2):
        for end, own in ((world.ann, number), (world.bob, 1)):
            for news in (ProblemTold(problem), TopSaved(path)):
                end.do(lambda end=end, own=own, news=news: end.book.receive_news(own, 1, news, world.now))  # type: ignore[misc]
    world.settle()
    assert world.ann.ended(number).problems == world.bob.ended(1).problems == (problem,)
    assert world.bob.ended(1).paths == (path,)


def test_who_is_told_by_the_hub_that_it_is_cancelled_leaves_the_connection() -> None:
    """The last word of the pump counts more: what had come by then is known."""
    world, number = running()
    cancelled = FilesCancelled(transfer=world.ann.transfers[number], why="closed")
    world.bob.do(lambda: world.bob.book.receive(1, cancelled, world.now))
    world.bob.do(lambda: world.bob.book.receive(1, cancelled, world.now))
    world.settle()
    assert told_pumps(world.bob) == [Verb.LEAVE]
    assert world.bob.ended(1).state is BatchState.CANCELLED
    assert "Person 1 has cancelled it: closed." in world.bob.ended(1).reason


def test_a_way_is_not_wanted_where_nothing_was_agreed_upon() -> None:
    """Whatever the other end wants."""
    world = TwoBooks()
    world.bob.accepts = None
    number = world.ann.send()
    world.settle()
    wanted = WayWanted(transfer=world.ann.transfers[number], role=Role.SENDER)
    world.bob.do(lambda: world.bob.book.receive(1, wanted, world.now))
    assert not any(isinstance(it, orders.WantWay) for it in world.bob.ordered)


def test_a_better_way_is_not_looked_for_while_the_other_end_is_away() -> None:
    """It goes on through what there is, and the search comes later."""
    world = TwoBooks()
    world.way = WayKind.HUB
    number = world.ann.send()
    while not world.bob.pumps:
        world.step()
    world.ann.do(lambda: world.ann.book.pause(number, world.now))
    world.settle()
    world.disconnect(world.bob)
    before = len([it for it in world.ann.ordered if isinstance(it, orders.WantWay)])
    world.pass_time(UPGRADE_SECONDS + 5)
    assert len([it for it in world.ann.ordered if isinstance(it, orders.WantWay)]) == before


def test_a_change_of_ways_that_comes_to_nothing_is_no_loss() -> None:
    """The connection breaks while another one is being made: that one is taken when it stands."""
    world = TwoBooks()
    world.way = WayKind.HUB
    number = world.ann.send()
    while not world.bob.pumps:
        world.step()
    world.ann.do(lambda: world.ann.book.pause(number, world.now))
    world.settle()
    world.now += UPGRADE_SECONDS
    world.ann.do(lambda: world.ann.book.tick(world.now))
    while not any(isinstance(it, orders.OpenWay) for it in world.ann.ordered[-3:]):
        assert world.step()
    next(iter(world.streams.values())).cut()
    world.ann.do(lambda: world.ann.book.resume(number, world.now))
    world.pass_time(60.0)
    assert world.ann.ended(number).state is BatchState.SAVED


def test_what_comes_too_late_changes_nothing() -> None:
    """A way that is opened or refused when it is not wanted, progress that is none, the end of no pause."""
    world, number = running(units=2)
    end = world.ann
    end.do(lambda: end.book.resume(number, world.now))
    end.do(lambda: end.book.receive_news(number, 1, Moved(0, 0), world.now))
    end.do(lambda: end.book.receive(0, WayRefused(transfer=end.transfers[number]), world.now))
    assert told_pumps(end) == []
    end.do(lambda: end.book.cancel(number, "no", world.now))
    opened = WayOpened(
        transfer=end.transfers[number], role=Role.SENDER, peer=2, peer_key=world.bob.peer.key, token=bytes(32)
    )
    end.do(lambda: end.book.receive(0, opened, world.now))
    wanted = WayWanted(transfer=end.transfers[number], role=Role.RECEIVER)
    end.do(lambda: end.book.receive(2, wanted, world.now))
    assert not any(isinstance(it, orders.OpenWay) and it.opened is opened for it in end.ordered)


def test_failed_entries_of_an_earlier_round_make_the_whole_a_failure() -> None:
    """Also where what was added later is saved."""
    world, number = running()
    end = world.ann
    end.do(lambda: end.book.add(number, [PurePosixPath("more")], world.now))
    failed = PumpEnded(OfferState.FAILED, Tally(failed=1))
    end.do(lambda: end.book.receive_news(number, 1, failed, world.now))
    assert end.states(number)[-1] is BatchState.OFFERED
    for stream in world.streams.values():
        stream.ends.clear()
    end.pumps.clear()
    world.due.clear()
    end.do(lambda: end.book.scanned(number, 1, totals(), top("more"), 0, [], world.now))
    world.pass_time(60.0)
    assert (end.ended(number).state, end.ended(number).failed) == (BatchState.FAILED, 1)
