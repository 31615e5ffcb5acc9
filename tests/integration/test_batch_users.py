"""What users do with batches that are on their way: pause, cancel, add, reorder, limit, from either end.

Threads: the hub's and the clients' own; pytest's main thread as their users. Batches are held in the middle by a limit
on speed, which is lifted to let them go on.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tcpipclient import Accept
from tcpipclient.core.batch_events import BatchChanged, BatchState
from tests.support.batch_clients import BatchClient, Meeting, contents, make_tree, meeting

SECONDS = 20.0
SLOW = 100_000
"""Bytes per second at which LARGE does not end in the time of a test."""
LARGE = 50_000_000


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Meeting]:
    """One, and nobody on it."""
    with meeting(tmp_path) as hub:
        yield hub


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A file that takes a while."""
    path = tmp_path / "large.bin"
    with path.open("wb") as file:
        file.truncate(LARGE)
    return path


def running(hub: Meeting, path: Path) -> tuple[BatchClient, BatchClient, int]:
    """Ann and Bob, and a batch of hers that is under way to him, at both ends as number 1 and slowly."""
    ann, bob = hub.join("Ann", speed_limit=SLOW), hub.join("Bob")
    number = ann.client.send_files([path], bob.id).number
    ann.changed(number, BatchState.RUNNING)
    ann.moved(number)
    bob.changed(1, BatchState.RUNNING)
    return ann, bob, number


@pytest.mark.parametrize("who", ["ann", "bob"])
def test_either_end_pauses_and_resumes_what_runs(hub: Meeting, large: Path, who: str) -> None:
    """Both see it, and then all of it arrives."""
    ann, bob, number = running(hub, large)
    one = ann if who == "ann" else bob
    one.client.pause_batch(number)
    for end in (ann, bob):
        assert end.changed(number, BatchState.PAUSED).paused_here is (end is one)
    ann.client.limit_speed(None)
    one.client.resume_batch(number)
    assert ann.ended(number).state is bob.ended(number).state is BatchState.SAVED
    assert (bob.downloads / large.name).stat().st_size == LARGE


@pytest.mark.parametrize("who", ["ann", "bob"])
def test_either_end_cancels_what_runs(hub: Meeting, large: Path, who: str) -> None:
    """The other is told why; a part is kept in its hidden place, and nothing stands under the name."""
    ann, bob, number = running(hub, large)
    one, other = (ann, bob) if who == "ann" else (bob, ann)
    one.client.cancel_batch(number, "too slow")
    assert ann.ended(number).state is bob.ended(number).state is BatchState.CANCELLED
    assert "too slow" in other.ended(number).reason
    assert bob.received() == {}


@pytest.mark.parametrize("who", ["ann", "bob"])
def test_either_end_cancels_what_is_paused(hub: Meeting, large: Path, who: str) -> None:
    """Whoever has paused it."""
    ann, bob, number = running(hub, large)
    ann.client.pause_batch(number)
    bob.changed(number, BatchState.PAUSED)
    (ann if who == "ann" else bob).client.cancel_batch(number)
    assert ann.ended(number).state is bob.ended(number).state is BatchState.CANCELLED


def test_what_is_offered_can_be_taken_back(hub: Meeting, large: Path) -> None:
    """Before anybody has answered; an answer that comes too late changes nothing."""
    ann, bob = hub.join("Ann"), hub.join("Bob", Accept.ASK)
    batch = ann.client.send_files([large], bob.id)
    bob.offered()
    ann.client.cancel_batch(batch.number)
    assert batch.wait(SECONDS) is BatchState.CANCELLED
    assert bob.ended(1).state is BatchState.CANCELLED
    bob.client.accept_batch(1)
    assert bob.received() == {} if bob.downloads.exists() else True


def test_what_is_added_arrives_with_the_rest(hub: Meeting, large: Path, tmp_path: Path) -> None:
    """In the same batch; its receiver is asked about it by its own offer."""
    ann, bob, number = running(hub, large)
    tree = make_tree(tmp_path / "more")
    ann.client.add_files(number, [tree])
    assert bob.offered(offer=1).top[0].name == tree.name
    ann.client.limit_speed(None)
    assert ann.ended(number).state is bob.ended(number).state is BatchState.SAVED
    assert ann.ended(number).saved == 8
    assert bob.received().items() >= contents(tree.parent).items()


def test_batches_that_wait_are_sent_in_the_order_that_was_chosen(hub: Meeting, large: Path, tmp_path: Path) -> None:
    """One at a time; the last one was put first, and one of those that wait was given up."""
    ann, bob = hub.join("Ann", speed_limit=SLOW, at_once=1), hub.join("Bob")
    small = [tmp_path / f"{name}.txt" for name in "abc"]
    for path in small:
        path.write_text(path.name)
    first = ann.client.send_files([large], bob.id)
    ann.changed(first.number, BatchState.RUNNING)
    waiting = [ann.client.send_files([path], bob.id) for path in small]
    ann.heard.wait_for(BatchChanged, lambda it: (it.transfer, it.place) == (waiting[2].number, 3))
    ann.client.move_batch(waiting[2].number, 1)
    ann.heard.wait_for(BatchChanged, lambda it: (it.transfer, it.place) == (waiting[2].number, 1))
    ann.client.cancel_batch(waiting[0].number)
    ann.client.limit_speed(None)
    ann.client.cancel_batch(first.number)
    assert waiting[1].wait(SECONDS) is waiting[2].wait(SECONDS) is BatchState.SAVED
    order = [it.transfer for it in ann.heard.all(BatchChanged) if it.state is BatchState.OFFERED]
    assert order == [first.number, waiting[2].number, waiting[1].number]
    assert waiting[0].state is BatchState.CANCELLED


def test_what_has_failed_is_sent_again(hub: Meeting, tmp_path: Path) -> None:
    """It was declined, and is accepted the second time."""
    tree = make_tree(tmp_path / "source")
    ann, bob = hub.join("Ann"), hub.join("Bob", Accept.ASK)
    batch = ann.client.send_files([tree], bob.id)
    bob.client.decline_batch(bob.offered().transfer)
    assert batch.wait(SECONDS) is BatchState.DECLINED
    ann.client.retry_batch(batch.number)
    again = bob.offered(transfer=2)
    bob.client.accept_batch(again.transfer)
    bob.ended(2)
    assert ann.heard.wait_for(BatchChanged, lambda it: it.state is BatchState.CONNECTING).transfer == batch.number
    assert bob.received() == contents(tree.parent)


def test_one_folder_goes_to_several_and_back_at_the_same_time(hub: Meeting, tmp_path: Path) -> None:
    """Everybody has everything in the end."""
    tree = make_tree(tmp_path / "source")
    people = [hub.join(name) for name in ("Ann", "Bob", "Eve")]
    batches = [
        (one.client.send_files([tree], other.id), other) for one in people for other in people if one is not other
    ]
    for batch, other in batches:
        assert batch.wait(SECONDS) is BatchState.SAVED
        assert (other.downloads / tree.name).is_dir()
    for one in people:
        assert one.received().items() >= contents(tree.parent).items()
