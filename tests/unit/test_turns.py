"""Whose turn it is among the batches that we send.

Thread: pytest's main thread.
"""

from pathlib import PurePosixPath

from tcpipclient.core.batch_events import BatchChanged, BatchState
from tcpipclient.core.transfers.outgoing import TURN_SECONDS
from tcpipclient.core.transfers.peers import Peer
from tcpipclient.core.transfers.turns import MOST_ASKED_EACH, MOST_EACH
from tests.support.two_books import BookEnd, TwoBooks


def state_of(end: BookEnd, number: int) -> tuple[BatchState, int]:
    """Where a batch stands, and at which place in the queue."""
    last = [it for it in end.events(number) if isinstance(it, BatchChanged)][-1]
    return last.state, last.place


def test_so_many_go_to_one_person_and_the_others_wait_in_their_order() -> None:
    """They are told their places, and move up."""
    world = TwoBooks()
    world.bob.accepts = None
    numbers = [world.ann.send() for _ in range(MOST_EACH + 2)]
    world.settle()
    states = [state_of(world.ann, number) for number in numbers]
    assert states == [(BatchState.OFFERED, 0)] * MOST_EACH + [(BatchState.WAITING, 1), (BatchState.WAITING, 2)]
    world.ann.do(lambda: world.ann.book.cancel(numbers[0], "", world.now))
    assert state_of(world.ann, numbers[2]) == (BatchState.OFFERED, 0)
    assert state_of(world.ann, numbers[3]) == (BatchState.WAITING, 1)


def test_so_many_go_in_all() -> None:
    """To whomever."""
    world = TwoBooks()
    end = world.ann
    people = [Peer(number, bytes([number]) * 32) for number in range(10, 15)]
    for number, peer in enumerate(people, start=100):
        end.do(lambda peer=peer: end.book.put_peer(peer, world.now))  # type: ignore[misc]
        end.do(
            lambda peer=peer, number=number: end.book.send(  # type: ignore[misc]
                number, bytes([number]) * 16, peer, [PurePosixPath("file")], world.now
            )
        )
    world.settle()
    offered = [number for number in range(100, 105) if state_of(end, number)[0] is BatchState.OFFERED]
    assert offered == [100, 101, 102]


def test_who_does_not_answer_lets_others_pass_but_is_not_asked_without_end() -> None:
    """After a while; his program may decline what is too much."""
    world = TwoBooks()
    world.bob.accepts = None
    numbers = [world.ann.send() for _ in range(MOST_ASKED_EACH + 3)]
    world.settle()
    world.pass_time(TURN_SECONDS - 1)
    assert [state_of(world.ann, number)[0] for number in numbers].count(BatchState.OFFERED) == MOST_EACH
    world.pass_time(2.0)
    assert [state_of(world.ann, number)[0] for number in numbers].count(BatchState.OFFERED) == 2 * MOST_EACH
    world.pass_time(20 * TURN_SECONDS)
    assert [state_of(world.ann, number)[0] for number in numbers].count(BatchState.OFFERED) == MOST_ASKED_EACH


def test_who_waits_can_be_moved_and_paused() -> None:
    """What is paused lets others pass and is told as paused; what goes already is not moved."""
    world = TwoBooks()
    world.bob.accepts = None
    end = world.ann
    first, _, third, fourth, fifth = [end.send() for _ in range(5)]
    world.settle()
    end.do(lambda: end.book.move(fifth, 1, world.now))
    end.do(lambda: end.book.move(first, 3, world.now))
    end.do(lambda: end.book.move(third, 99, world.now))
    assert [state_of(end, number)[1] for number in (fifth, fourth, third)] == [1, 2, 3]
    end.do(lambda: end.book.pause(fifth, world.now))
    end.do(lambda: end.book.pause(fifth, world.now))
    assert state_of(end, fifth) == (BatchState.PAUSED, 1)
    end.do(lambda: end.book.cancel(first, "", world.now))
    assert state_of(end, fourth)[0] is BatchState.OFFERED
    end.do(lambda: end.book.resume(fifth, world.now))
    assert state_of(end, fifth) == (BatchState.WAITING, 1)
    end.do(lambda: end.book.cancel(fourth, "", world.now))
    assert state_of(end, fifth)[0] is BatchState.OFFERED


def test_what_is_for_somebody_who_is_away_waits_and_lets_others_pass() -> None:
    """Until he is here."""
    world = TwoBooks(connected=False)
    number = world.ann.send()
    world.settle()
    assert state_of(world.ann, number) == (BatchState.WAITING, 1)
    world.connect(world.ann)
    assert state_of(world.ann, number) == (BatchState.WAITING, 1)
    world.connect(world.bob)
    world.settle()
    assert world.ann.ended(number).state is BatchState.SAVED
