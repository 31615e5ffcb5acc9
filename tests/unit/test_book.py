"""The book of batches: that what comes reaches the batch that it is about, and what others say is bounded and judged.

Thread: pytest's main thread.
"""

from itertools import count
from pathlib import PurePosixPath

import pytest

from commonlib.wire.way_messages import (
    FilesAnswered,
    FilesCancelled,
    FilesOffered,
    Role,
    WayOpened,
    WayRefused,
    WayWanted,
)
from tcpipclient.core.batch_events import BatchState, WayKind
from tcpipclient.core.events import PacketIgnored
from tcpipclient.core.transfers import orders
from tcpipclient.core.transfers.book import (
    MOST_INCOMING_EACH,
    MOST_OFFERS_EACH,
    MOST_UNANSWERED,
    MOST_UNANSWERED_EACH,
    TransferBook,
)
from tcpipclient.core.transfers.peers import Peer
from tcpipclient.core.transfers.replies import AT_ONCE_EACH
from tcpipclient.core.transfers.said import TransferMessage
from tcpipclient.core.way_rule import WayRule
from tests.support.simple_pumps import Stream, top, totals
from tests.support.two_books import BookEnd, TwoBooks

NAME = b"n" * 16
OFFERED = FilesOffered(transfer=NAME, totals=totals(), top=top())
EVE = Peer(66, b"e" * 32, "Eve")


def receive(world: TwoBooks, end: BookEnd, sender: int, message: TransferMessage) -> None:
    """Somebody says something."""
    end.do(lambda: end.book.receive(sender, message, world.now))


def said_by(end: BookEnd) -> list[object]:
    """All that an end has said."""
    return [it.message for it in end.ordered if isinstance(it, orders.Say)]


def ignored(end: BookEnd) -> int:
    """How much was told as passed over."""
    return len([it for it in end.told if isinstance(it, PacketIgnored)])


@pytest.mark.parametrize("sender", [0, 55])
def test_strangers_are_not_listened_to(sender: int) -> None:
    """Nor is the hub where only people speak."""
    world = TwoBooks()
    receive(world, world.bob, sender, OFFERED)
    assert said_by(world.bob) == []
    assert ignored(world.bob) == 1


def test_what_is_ignored_does_not_fill_a_log() -> None:
    """The first few one by one, then the 10th and the 100th."""
    world = TwoBooks()
    for _ in range(200):
        receive(world, world.bob, 55, OFFERED)
    assert ignored(world.bob) == 7


def test_unanswered_offers_are_bounded_for_each_and_for_all() -> None:
    """What is too much is declined without asking; one that is known may still come again."""
    world = TwoBooks()
    end = world.bob
    end.accepts = None
    for number in range(MOST_UNANSWERED_EACH + 2):
        receive(world, end, 1, FilesOffered(transfer=NAME, offer=number, totals=totals(), top=top()))
    assert [it.offer for it in said_by(end) if isinstance(it, FilesAnswered)] == [16, 17]
    receive(world, end, 1, FilesOffered(transfer=NAME, offer=0, totals=totals(), top=top()))
    receive(world, end, 1, FilesOffered(transfer=b"m" * 16, totals=totals(), top=top()))
    assert len(said_by(end)) == 3
    for person in range(10, 30):
        end.do(lambda person=person: end.book.put_peer(Peer(person, bytes([person]) * 32), world.now))  # type: ignore[misc]
        for number in range(8):
            receive(world, end, person, FilesOffered(transfer=bytes([number]) * 16, totals=totals(), top=top()))
    assert sum(batch.unanswered for batch in end.book._shelf.incoming()) == MOST_UNANSWERED


def test_batches_of_one_sender_are_bounded() -> None:
    """Those that were accepted, too: each is something to remember."""
    world = TwoBooks()
    world.ann.is_connected = False
    end = world.bob
    for number in range(MOST_INCOMING_EACH + 5):
        receive(world, end, 1, FilesOffered(transfer=bytes([number]) * 16, totals=totals(), top=top()))
        world.settle()
    assert len(end.book._shelf.incoming()) == MOST_INCOMING_EACH


def test_what_was_cancelled_here_is_not_asked_about_again() -> None:
    """Its sender did not hear it, and takes us for somebody who was restarted."""
    world = TwoBooks()
    number = world.ann.send()
    while not world.bob.pumps:
        world.step()
    world.disconnect(world.bob)
    world.cut()
    world.bob.do(lambda: world.bob.book.cancel(1, "no", world.now))
    world.connect(world.bob, 9)
    world.pass_time(30.0)
    assert world.bob.ended(1).state is world.ann.ended(number).state is BatchState.CANCELLED
    assert "it was cancelled there" in world.ann.ended(number).reason


def test_nobody_can_touch_anothers_batch() -> None:
    """Neither cancel it, nor answer it, nor want a way for it: by his key it is not his."""
    world = TwoBooks()
    world.bob.accepts = None
    end, number = world.ann, world.ann.send()
    world.settle()
    end.do(lambda: end.book.put_peer(EVE, world.now))
    before = len(end.told)
    name = end.transfers[number]
    receive(world, end, EVE.id, FilesCancelled(transfer=name))
    receive(world, end, EVE.id, FilesAnswered(transfer=name, accepted=True))
    receive(world, end, EVE.id, WayWanted(transfer=name, role=Role.RECEIVER))
    opened = WayOpened(transfer=name, role=Role.SENDER, peer=EVE.id, peer_key=EVE.key, token=bytes(32))
    receive(world, end, 0, opened)
    assert all(isinstance(it, PacketIgnored) for it in end.told[before:])
    assert said_by(end)[-1] == FilesCancelled(transfer=name, why="it is not known here any more; offer it again")
    assert end.states(number)[-1] is BatchState.OFFERED


def test_a_way_before_anything_was_agreed_upon_is_not_gone() -> None:
    """Whatever the hub says."""
    world = TwoBooks()
    world.bob.accepts = None
    end, number = world.ann, world.ann.send()
    world.settle()
    opened = WayOpened(
        transfer=end.transfers[number], role=Role.SENDER, peer=2, peer_key=world.bob.peer.key, token=bytes(32)
    )
    receive(world, end, 0, opened)
    assert not any(isinstance(it, orders.OpenWay) for it in end.ordered)


def test_a_link_that_nobody_waits_for_is_closed() -> None:
    """And a failure that nobody waits for is none."""
    world = TwoBooks()
    end = world.ann
    assert not end.book.link_stands(NAME, Role.SENDER, EVE.key, b"t" * 32, WayKind.DIRECT, world.now)
    end.book.way_failed(b"t" * 32, "No.", world.now)
    assert end.book.take_orders() == []


def test_a_link_to_one_person_never_carries_what_is_for_another() -> None:
    """The hub lies: it gives the way to Eve, whom we send something, too, the token of the way to Bob."""
    world = TwoBooks()
    end, number = world.ann, world.ann.send()
    end.do(lambda: end.book.put_peer(EVE, world.now))
    end.do(lambda: end.book.send(99, NAME, EVE, [PurePosixPath("for Eve")], world.now))
    world.settle()
    receive(world, end, EVE.id, FilesAnswered(transfer=NAME, accepted=True))
    number, token = world.ann.send(), bytes(range(32))
    while BatchState.CONNECTING not in end.states(number):
        world.step()
    to_bob = WayOpened(
        transfer=end.transfers[number], role=Role.SENDER, peer=2, peer_key=world.bob.peer.key, token=token
    )
    to_eve = WayOpened(transfer=NAME, role=Role.SENDER, peer=EVE.id, peer_key=EVE.key, token=token)
    world.streams[token] = Stream(to_bob.transfer)
    before = ignored(end)
    receive(world, end, 0, to_bob)
    receive(world, end, 0, to_eve)
    assert ignored(end) == before + 1
    for transfer, role in ((NAME, Role.SENDER), (to_bob.transfer, Role.SENDER), (to_bob.transfer, Role.RECEIVER)):
        assert not end.book.link_stands(transfer, role, EVE.key, token, WayKind.DIRECT, world.now)
    assert not any(isinstance(it, orders.StartPump) for it in end.book.take_orders())
    assert end.book.link_stands(to_bob.transfer, Role.SENDER, to_bob.peer_key, token, WayKind.DIRECT, world.now)
    (started,) = [it for it in end.book.take_orders() if isinstance(it, orders.StartPump)]
    assert started.number == number


def test_what_one_sender_shows_is_bounded_though_all_of_it_is_accepted() -> None:
    """Each offer may show 64 names of 255 characters, and what is declined is not kept at all."""
    world = TwoBooks()
    world.ann.is_connected = False
    end = world.bob
    for number in range(6):
        for offer in range(100):
            name = bytes([number]) * 16
            receive(world, end, 1, FilesOffered(transfer=name, offer=offer, totals=totals(), top=top()))
            world.settle()
    assert sum(batch.offers for batch in end.book._shelf.incoming()) == MOST_OFFERS_EACH


def test_nobody_can_have_us_say_so_much_that_the_hub_passes_on_no_more_of_us() -> None:
    """A flood of what is unknown here, or too much; others are answered all the same, and time heals it."""
    world = TwoBooks()
    world.bob.accepts = None
    end = world.bob
    end.do(lambda: end.book.put_peer(EVE, world.now))
    for number in range(5_000):
        name = number.to_bytes(16)
        receive(world, end, EVE.id, WayWanted(transfer=name, role=Role.RECEIVER))
        receive(world, end, EVE.id, FilesOffered(transfer=name, totals=totals(), top=top()))
    assert len(said_by(end)) == AT_ONCE_EACH
    receive(world, end, 1, WayWanted(transfer=NAME, role=Role.RECEIVER))
    assert len(said_by(end)) == AT_ONCE_EACH + 1
    world.now += 1.0
    receive(world, end, EVE.id, WayWanted(transfer=NAME, role=Role.RECEIVER))
    assert len(said_by(end)) == AT_ONCE_EACH + 2
    assert len(end.book._shelf.incoming()) == MOST_UNANSWERED_EACH


def test_a_way_that_the_hub_refuses_is_tried_again() -> None:
    """The other end may be about to come back."""
    world = TwoBooks()
    number = world.ann.send()
    while BatchState.CONNECTING not in world.ann.states(number):
        world.step()
    world.due.clear()
    world.streams.clear()
    world.wishes.clear()
    receive(world, world.ann, 0, WayRefused(transfer=world.ann.transfers[number], why="gone"))
    before = len(world.ann.ordered)
    world.pass_time(1.0)
    assert isinstance(world.ann.ordered[before], orders.WantWay)


def test_what_the_hub_says_of_one_transfer_is_nothing_to_another() -> None:
    """That it could not be passed on, or that there is no way."""
    world = TwoBooks()
    world.bob.accepts = None
    for _ in range(2):
        world.ann.send()
    world.settle()
    before = list(world.ann.ordered)
    receive(world, world.ann, 0, FilesCancelled(transfer=NAME))
    receive(world, world.ann, 0, WayRefused(transfer=NAME))
    assert world.ann.ordered == before


def test_batches_for_us_are_bounded_in_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of however many people."""
    monkeypatch.setattr("tcpipclient.core.transfers.book.MOST_INCOMING", 3)
    world = TwoBooks()
    end = world.bob
    end.accepts = None
    for person in range(10, 15):
        end.do(lambda person=person: end.book.put_peer(Peer(person, bytes([person]) * 32), world.now))  # type: ignore[misc]
        receive(world, end, person, OFFERED)
    assert len(end.book._shelf.incoming()) == 3


def test_on_another_hub_a_way_is_wanted_at_once() -> None:
    """What was said to the last one is forgotten there, and it was not told that we have gone."""
    world = TwoBooks()
    number = world.ann.send()
    while not any(isinstance(it, orders.WantWay) for it in world.bob.ordered):
        world.step()
    world.due.clear()
    world.wishes.clear()
    before = len(world.bob.ordered)
    world.bob.do(lambda: world.bob.book.find_hub([world.ann.peer], world.now))
    assert isinstance(world.bob.ordered[before], orders.WantWay)
    assert not world.ann.states(number)[-1].is_over


def test_who_speaks_on_another_connection_of_his_is_answered_there() -> None:
    """He is known by his key; that somebody else has left is nothing to his batches."""
    world = TwoBooks()
    world.bob.accepts = None
    end, number = world.ann, world.ann.send()
    world.settle()
    end.do(lambda: end.book.put_peer(EVE, world.now))
    end.do(lambda: end.book.remove_peer(EVE.id, world.now))
    elsewhere = Peer(44, world.bob.peer.key, "Bob elsewhere")
    end.do(lambda: end.book.put_peer(elsewhere, world.now))
    receive(world, end, 44, FilesAnswered(transfer=end.transfers[number], accepted=True))
    wanted = [it.to for it in end.ordered if isinstance(it, orders.WantWay)]
    assert wanted[0] == 2
    world.pass_time(25.0)
    wanted = [it.to for it in end.ordered if isinstance(it, orders.WantWay)]
    assert wanted[-1] == 44


def test_where_only_direct_ways_are_allowed_it_does_not_take_long_to_give_up() -> None:
    """Both ends are told why."""
    world = TwoBooks()
    world.ann.book = TransferBook(3, count(1).__next__, WayRule.DIRECT)
    world.connect(world.ann)
    world.ways_fail = True
    number = world.ann.send()
    world.settle()
    world.pass_time(30.0)
    assert world.ann.ended(number).state is BatchState.FAILED
    assert "no direct connection to Person 2" in world.ann.ended(number).reason
    assert "no direct connection" in world.bob.ended(1).reason


def test_connections_in_the_making_are_given_up_for_another_hub() -> None:
    """They were made by the word of the one before; another one is asked for at once."""
    world = TwoBooks()
    number = world.ann.send()
    while not any(isinstance(it, orders.OpenWay) for it in world.ann.ordered):
        world.step()
    before = len(world.ann.ordered)
    world.ann.do(lambda: world.ann.book.find_hub([world.bob.peer], world.now))
    kinds = [type(it) for it in world.ann.ordered[before:]]
    assert kinds.index(orders.GiveUpWay) < kinds.index(orders.WantWay)
    assert not world.ann.states(number)[-1].is_over


def test_everything_about_a_number_that_is_nobodys_is_nothing() -> None:
    """It may have just come to its end."""
    world = TwoBooks()
    book, now = world.ann.book, world.now
    for act in (book.accept, book.pause, book.resume):
        act(7, now)
    book.decline(7, "no", now)
    book.cancel(7, "no", now)
    book.move(7, 1, now)
    book.retry(7, bytes(16), now)
    book.was_told(7, 0)
    book.scanned(7, 0, totals(), top(), 0, [], now)
    book.scan_failed(7, 0, "no", now)
    assert not book.add(7, [], now)
    assert not book.is_ongoing(7)
    assert book.due is None
    assert book.take_orders() == []


def test_when_the_program_ends_the_other_end_is_told() -> None:
    """What it had stays there; it is called cancelled at both ends."""
    world = TwoBooks()
    number = world.ann.send()
    while not world.bob.pumps:
        world.step()
    world.ann.do(lambda: world.ann.book.close(world.now))
    world.settle()
    world.pass_time(10.0)
    assert world.ann.ended(number).state is BatchState.CANCELLED
    assert world.bob.ended(1).state is BatchState.CANCELLED
    assert world.ann.pumps == world.bob.pumps == {}
