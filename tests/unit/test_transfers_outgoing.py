"""A batch that we send: its turn, its offers, the answers, what is added, and what is tried again.

Thread: pytest's main thread.
"""

from pathlib import PurePosixPath

from commonlib.transfer.messages import Outcome, Place
from commonlib.wire.way_messages import FilesAnswered, FilesCancelled
from tcpipclient.core.batch_events import BatchChanged, BatchProblem, BatchProgressed, BatchState
from tcpipclient.core.events import PacketIgnored
from tcpipclient.core.transfers import orders
from tcpipclient.core.transfers.orders import Verb
from tests.support.simple_pumps import UNITS, top, totals
from tests.support.two_books import TwoBooks


def test_a_batch_goes_through_its_states() -> None:
    """Waiting, offered, connecting, running, saved; the receiver the same from offered on."""
    world = TwoBooks()
    number = world.ann.send()
    world.settle()
    names = [state.name for state in world.ann.states(number)]
    assert names == ["WAITING", "OFFERED", "CONNECTING", "RUNNING", "SAVED"]
    assert [state.name for state in world.bob.states(1)] == ["CONNECTING", "RUNNING", "SAVED"]
    assert world.ann.ended(number).reason == ""
    assert [it for it in world.ann.ordered if isinstance(it, orders.Forget)] == [orders.Forget(number)]


def test_its_size_is_told_when_it_was_looked_through() -> None:
    """With what was left out, in the end."""
    world = TwoBooks(connected=False)
    number, problem = world.ann.send(), BatchProblem("pipe", Outcome.FAILED, Place.SENDER, "it is a pipe")
    end = world.ann
    world.due.clear()
    end.do(lambda: end.book.scanned(number, 0, totals(7), top(), 0, [problem, problem], world.now))
    (told,) = [it for it in end.events(number) if isinstance(it, BatchProgressed)]
    assert (told.size, told.files, told.done) == (7, 1, 0)
    end.do(lambda: end.book.cancel(number, "", world.now))
    assert end.ended(number).problems == (problem,)


def test_what_cannot_be_read_ends_it() -> None:
    """With the sentence of whoever looked; what is told of it afterwards changes nothing."""
    world = TwoBooks()
    end, number = world.ann, world.ann.send()
    world.due.clear()
    end.do(lambda: end.book.scan_failed(number, 0, "It is gone.", world.now))
    end.do(lambda: end.book.scan_failed(number, 0, "It is gone.", world.now))
    end.do(lambda: end.book.scanned(number, 0, totals(), top(), 0, [], world.now))
    assert (end.ended(number).state, end.ended(number).reason) == (BatchState.FAILED, "It is gone.")


def test_only_an_answer_to_what_was_asked_counts() -> None:
    """Nothing before it was asked, nothing of another offer, and nothing twice."""
    world = TwoBooks()
    world.bob.accepts = None
    end, number = world.ann, world.ann.send()

    def answer(offer: int) -> None:
        message = FilesAnswered(transfer=end.transfers[number], offer=offer, accepted=True)
        end.do(lambda: end.book.receive(world.bob.peer.id, message, world.now))

    answer(0)
    world.settle()
    answer(1)
    assert end.states(number)[-1] is BatchState.OFFERED
    answer(0)
    assert end.states(number)[-1] is BatchState.CONNECTING
    answer(0)
    assert len([it for it in end.told if isinstance(it, PacketIgnored)]) == 3


def test_what_is_declined_is_over_with_the_receivers_reason() -> None:
    """At both ends."""
    world = TwoBooks()
    world.bob.accepts = False
    number = world.ann.send()
    world.settle()
    ended = world.ann.ended(number)
    assert (ended.state, ended.reason) == (BatchState.DECLINED, "Person 2 has declined it: not now.")
    assert world.bob.ended(1).state is BatchState.DECLINED


def test_what_is_added_goes_over_the_same_connection() -> None:
    """And the batch is over when all of it is; its size is that of all of it."""
    world = TwoBooks()
    end, number = world.ann, world.ann.send()
    while not end.pumps:
        world.step()
    end.do(lambda: end.book.add(number, [PurePosixPath("more")], world.now))
    world.settle()
    assert end.ended(number).saved == 2
    assert world.bob.ended(1).saved == 2
    assert len(world.streams) == 1
    sizes = [it.size for it in end.events(number) if isinstance(it, BatchProgressed)]
    assert sizes[-1] == 2 * UNITS


def test_what_is_added_too_late_for_a_connection_goes_over_another_one() -> None:
    """Nothing of what was saved by then is offered again."""
    world = TwoBooks()
    end, number = world.ann, world.ann.send()
    while not any(isinstance(it, orders.TellPump) and it.verb is Verb.FINISH for it in end.ordered):
        world.step()
    end.do(lambda: end.book.add(number, [PurePosixPath("more")], world.now))
    world.settle()
    world.pass_time(30.0)
    assert (end.ended(number).state, end.ended(number).saved) == (BatchState.SAVED, 2)
    starts = [it.offers for it in end.ordered if isinstance(it, orders.StartPump)]
    assert starts[-1] == (1,)
    assert not end.book.add(number, [PurePosixPath("more")], world.now)


def test_an_addition_that_is_declined_leaves_the_rest_as_it_is() -> None:
    """The sentence is told at once, and with the end."""
    world = TwoBooks()
    end, number = world.ann, world.ann.send()
    while not end.pumps:
        world.step()
    world.bob.accepts = False
    end.do(lambda: end.book.add(number, [PurePosixPath("more")], world.now))
    world.settle()
    assert "not now" in end.ended(number).reason
    assert (end.ended(number).state, end.ended(number).saved) == (BatchState.SAVED, 1)
    assert any("not now" in it.detail for it in end.events(number) if isinstance(it, BatchChanged))


def test_what_has_failed_can_be_tried_again() -> None:
    """Under its number, as a new transfer for the other end; what was saved cannot."""
    world = TwoBooks()
    world.bob.accepts = False
    end, number = world.ann, world.ann.send()
    world.settle()
    world.bob.accepts = True
    first = end.transfers[number]
    end.retry(number)
    world.settle()
    assert end.transfers[number] != first
    assert end.states(number)[-1] is BatchState.SAVED
    before = len(end.told)
    end.retry(number)
    world.settle()
    assert len(end.told) == before


def test_a_receiver_who_was_restarted_is_asked_again() -> None:
    """He has come back under another id and knows nothing of it; what he had is not sent twice."""
    world = TwoBooks()
    end, number = world.ann, world.ann.send()
    while world.bob.disk.get((end.transfers[number], 0), 0) < 2:
        world.step()
    world.cut()
    disk = world.bob.disk
    world.restart_bob()
    world.bob.disk = disk
    world.connect(world.bob, 9)
    world.pass_time(60.0)
    assert end.ended(number).state is BatchState.SAVED
    assert disk[end.transfers[number], 0] == UNITS
    assert len(end.sent) - len(set(end.sent)) <= UNITS


def test_what_the_hub_could_not_pass_on_is_said_again_when_it_can() -> None:
    """Whoever it was for has gone, and comes back."""
    world = TwoBooks()
    world.bob.accepts = None
    end, number = world.ann, world.ann.send()
    world.settle()
    world.disconnect(world.bob)
    unheard = FilesCancelled(transfer=end.transfers[number], why="gone")
    end.do(lambda: end.book.receive(0, unheard, world.now))
    assert not end.states(number)[-1].is_over
    world.bob.accepts = True
    world.connect(world.bob, 5)
    world.settle()
    world.pass_time(5.0)
    assert end.states(number)[-1] is BatchState.OFFERED, "who was asked before is not asked twice"
    world.bob.do(lambda: world.bob.book.accept(1, world.now))
    world.pass_time(30.0)
    assert end.ended(number).state is BatchState.SAVED
