"""A batch that somebody sends us: what our user is asked, his answers, and offers that come twice.

Thread: pytest's main thread.
"""

from commonlib.transfer.messages import EntryKind, TopEntry
from commonlib.wire.way_messages import FilesAnswered, FilesOffered
from tcpipclient.core.batch_events import BatchOffered, BatchState
from tcpipclient.core.events import PacketIgnored
from tcpipclient.core.transfers import orders
from tests.support.simple_pumps import top, totals
from tests.support.two_books import TwoBooks

NAME = b"n" * 16


def asked(world: TwoBooks, offer: int = 0, name: str = "file", size: int = 4) -> None:
    """Ann offers Bob something."""
    message = FilesOffered(transfer=NAME, offer=offer, totals=totals(size), top=top(name))
    world.bob.do(lambda: world.bob.book.receive(1, message, world.now))
    world.settle()


def answers(world: TwoBooks) -> list[tuple[int, bool, str]]:
    """What Bob has answered."""
    said = [it.message for it in world.bob.ordered if isinstance(it, orders.Say)]
    return [(it.offer, it.accepted, it.why) for it in said if isinstance(it, FilesAnswered)]


def silent_world() -> TwoBooks:
    """Two ends; Bob's user thinks, and Ann's program says nothing by itself."""
    world = TwoBooks()
    world.bob.accepts = None
    world.ann.is_connected = False  # Bob has not noticed; what he says to her is lost.
    return world


def test_the_user_is_shown_safe_names() -> None:
    """As they will be written, two of one name apart, and what the sender calls them made harmless."""
    world = silent_world()
    entries = [TopEntry(EntryKind.FILE, name, 3) for name in ("../a", "..\\a\x1b", "b")]
    message = FilesOffered(transfer=NAME, totals=totals(), top=entries, others=2)
    world.bob.do(lambda: world.bob.book.receive(1, message, world.now))
    world.settle()
    (offered,) = [it for it in world.bob.told if isinstance(it, BatchOffered)]
    names = [entry.name for entry in offered.top]
    assert len({name.casefold() for name in names}) == 3
    assert not any("/" in name or "\\" in name or "\x1b" in name for name in names)
    assert "\x1b" not in "".join(entry.sent_name for entry in offered.top)
    assert (offered.sender, offered.sender_key, offered.others) == (1, world.ann.peer.key, 2)


def test_nothing_is_answered_before_the_user_was_asked() -> None:
    """An answer that comes before is about nothing; one that comes twice changes nothing."""
    world = TwoBooks()
    end = world.bob
    message = FilesOffered(transfer=NAME, totals=totals(), top=top())
    end.do(lambda: end.book.receive(1, message, world.now))
    end.do(lambda: end.book.accept(1, world.now))
    assert answers(world) == []
    end.accepts = None
    world.settle()
    end.do(lambda: end.book.accept(1, world.now))
    end.do(lambda: end.book.decline(1, "no", world.now))
    assert answers(world) == [(0, True, "")]
    assert end.is_listening
    assert end.states(1) == [BatchState.CONNECTING]


def test_an_answer_is_for_one_offer_or_for_all_that_were_told() -> None:
    """What came meanwhile is not accepted unseen."""
    world = silent_world()
    end = world.bob
    asked(world)
    asked(world, 1)
    asked(world, 2)
    end.do(lambda: end.book.accept(1, world.now, 1))
    end.do(lambda: end.book.decline(1, "no", world.now, 2))
    asked(world, 3)
    end.do(lambda: end.book.accept(1, world.now))
    assert answers(world) == [(1, True, ""), (2, False, "no"), (0, True, ""), (3, True, "")]


def test_with_the_last_offer_declined_it_is_over() -> None:
    """Not before."""
    world = silent_world()
    end = world.bob
    asked(world)
    asked(world, 1)
    end.do(lambda: end.book.decline(1, "no", world.now, 0))
    assert end.book.is_ongoing(1)
    end.do(lambda: end.book.decline(1, "no", world.now))
    assert end.ended(1).state is BatchState.DECLINED


def test_an_offer_that_comes_again_is_answered_again_and_not_asked_again() -> None:
    """It may not have been heard; another one under its number is passed over."""
    world = silent_world()
    end = world.bob
    asked(world)
    asked(world)
    assert len([it for it in end.told if isinstance(it, BatchOffered)]) == 1
    end.do(lambda: end.book.accept(1, world.now))
    asked(world)
    assert answers(world) == [(0, True, ""), (0, True, "")]
    asked(world, 0, "something else")
    assert [type(it) for it in end.told].count(PacketIgnored) == 1


def test_what_was_not_accepted_cannot_be_paused_and_is_declined_when_it_is_cancelled() -> None:
    """The sender is told as of any that is declined."""
    world = silent_world()
    end = world.bob
    asked(world)
    end.do(lambda: end.book.pause(1, world.now))
    assert end.states(1) == []
    end.do(lambda: end.book.cancel(1, "no", world.now))
    assert answers(world) == [(0, False, "no")]
    assert end.ended(1).state is BatchState.DECLINED


def test_what_is_added_is_agreed_to_on_the_connection_that_stands() -> None:
    """The pump knows of it before the sender is answered."""
    world = TwoBooks()
    number = world.ann.send()
    while not world.bob.pumps:
        world.step()
    name = world.ann.transfers[number]
    message = FilesOffered(transfer=name, offer=1, totals=totals(), top=top())
    world.bob.do(lambda: world.bob.book.receive(1, message, world.now))
    while not any(isinstance(it, orders.AddToPump) for it in world.bob.ordered):
        world.step()
    kinds = [type(it) for it in world.bob.ordered]
    assert kinds.index(orders.AddToPump) < len(kinds) - kinds[::-1].index(orders.Say)


def test_a_rule_judges_by_the_whole_batch() -> None:
    """What was accepted before counts, so that nothing large comes in slices."""
    world = silent_world()
    asked(world, 0, size=10)
    asked(world, 1, size=5)
    sizes = [it.size for it in world.bob.ordered if isinstance(it, orders.Consider)]
    assert sizes == [10, 15]


def test_an_answer_to_who_has_left_is_said_when_he_asks_again() -> None:
    """Nothing can be said meanwhile."""
    world = silent_world()
    end = world.bob
    asked(world)
    end.do(lambda: end.book.remove_peer(1, world.now))
    end.do(lambda: end.book.accept(1, world.now))
    assert answers(world) == []
    end.do(lambda: end.book.put_peer(world.ann.peer, world.now))
    asked(world)
    assert answers(world) == [(0, True, "")]
