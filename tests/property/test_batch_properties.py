"""What holds for two books of batches, whatever their users do and however often hub and ways break."""

from collections.abc import Callable
from itertools import count
from pathlib import PurePosixPath
from random import Random

import hypothesis.strategies as st
from hypothesis import given, settings

from commonlib.transfer.states import OfferState
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
from tcpipclient.core.events import Direction
from tcpipclient.core.transfers import orders
from tcpipclient.core.transfers.book import TransferBook
from tcpipclient.core.transfers.peers import Peer
from tcpipclient.core.transfers.pump_news import Moved, PumpEnded, PumpNews, StateChanged, WayLost
from tcpipclient.core.transfers.said import TransferMessage
from tests.support.clock import NOW
from tests.support.simple_pumps import UNITS, top, totals
from tests.support.two_books import BookEnd, TwoBooks

UNFINISHED = (BatchState.FAILED, BatchState.CANCELLED)
"""Who gives up says so, and the other end calls it cancelled."""


class Play:
    """One random history of two ends."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.world = TwoBooks(seed)
        self.ends = (self.world.ann, self.world.bob)
        self.ids = iter(range(3, 1000))
        self.numbers: dict[bytes, dict[BookEnd, int]] = {}
        self.acts: list[Callable[[BookEnd], object]] = [
            lambda end: end.send(),
            lambda end: self.act_on_one(end, end.book.pause),
            lambda end: self.act_on_one(end, end.book.resume),
            lambda end: self.act_on_one(end, lambda number, now: end.book.cancel(number, "no", now)),
            lambda end: self.act_on_one(end, lambda number, now: end.book.add(number, [PurePosixPath("more")], now)),
            lambda end: self.act_on_one(end, lambda number, now: end.book.move(number, 1, now)),
            lambda _: self.world.cut(),
            self.lose_or_find_hub,
            lambda _: self.world.pass_time(self.random.choice((0.5, 3.0, 20.0))),
            lambda _: self.fail_ways(fail=self.random.random() < 0.3),
        ]

    def act_on_one(self, end: BookEnd, act: Callable[[int, float], object]) -> None:
        batches = end.book._shelf.all()
        if batches:
            number = self.random.choice(batches).number
            end.do(lambda: act(number, end.now))

    def lose_or_find_hub(self, end: BookEnd) -> None:
        if end.is_connected:
            self.world.disconnect(end)
        else:
            self.world.connect(end, next(self.ids))

    def fail_ways(self, *, fail: bool) -> None:
        self.world.ways_fail = fail

    def run(self, length: int) -> None:
        for _ in range(length):
            self.random.choice(self.acts)(self.random.choice(self.ends))
            for _ in range(self.random.randrange(12)):
                self.world.step()
                self.look()

    def look(self) -> None:
        """Nothing is told as running without a pump, and no batch has two."""
        for end in self.ends:
            for batch in end.book._shelf.all():
                self.numbers.setdefault(batch.transfer, {})[end] = batch.number
                flowing = batch.state in (BatchState.RUNNING, BatchState.VERIFIED)
                assert not flowing or batch.pump, f"{batch.state} without a pump"
                assert len([key for key in end.pumps if key[0] == batch.number]) <= 1

    def heal(self) -> None:
        """All is well again, and nobody pauses anything any more."""
        self.world.ways_fail = False
        for end in self.ends:
            if not end.is_connected:
                self.world.connect(end, next(self.ids))
        for end in self.ends:
            for batch in end.book._shelf.all():
                end.do(lambda end=end, batch=batch: end.book.resume(batch.number, end.now))  # type: ignore[misc]
        for _ in range(40):
            self.world.settle()
            self.look()
            self.world.pass_time(20.0)


@given(st.integers(0, 2**32), st.integers(1, 40))
@settings(max_examples=150)
def test_both_ends_come_to_the_same_end(seed: int, length: int) -> None:
    """Whatever was done to it, every batch ends, at both ends alike, and what is called saved is there, whole."""
    play = Play(seed)
    play.run(length)
    play.heal()
    for end in play.ends:
        assert end.book._shelf.all() == []
        assert end.pumps == {}
    for transfer, numbers in play.numbers.items():
        if len(numbers) < 2:
            continue
        ends = {end.ended(number).direction: end.ended(number) for end, number in numbers.items()}
        sender, receiver = ends[Direction.OUTGOING].state, ends[Direction.INCOMING].state
        # Who gave it up himself, or waited in vain, may not have heard that all of it had been saved by then.
        assert sender is receiver or sender in UNFINISHED, (sender, receiver)
        assert receiver is BatchState.SAVED or sender is not BatchState.SAVED
        if BatchState.SAVED in (sender, receiver):
            there = [size for end in play.ends for (name, _), size in end.disk.items() if name == transfer]
            assert set(there) == {UNITS}


@given(st.integers(0, 2**32), st.integers(1, 6))
@settings(max_examples=100)
def test_what_has_come_is_not_sent_again(seed: int, cuts: int) -> None:
    """However often the connection breaks, only what was on its way then is sent twice."""
    play = Play(seed)
    number = play.world.ann.send()
    for _ in range(cuts):
        for _ in range(play.random.randrange(40)):
            play.world.step()
        play.world.cut()
        play.world.pass_time(1.0)
    play.heal()
    assert play.world.ann.ended(number).state is BatchState.SAVED
    sent = play.world.ann.sent
    assert len(sent) - len(set(sent)) <= cuts * UNITS
    assert set(sent) == {(play.world.ann.transfers[number], 0, unit) for unit in range(UNITS)}


NAMES = [bytes([number]) * 16 for number in range(3)]
SENDERS = (0, 1, 9, 77)
"""The hub, Ann, somebody else, and nobody."""


def anything_said(random: Random, keys: list[bytes]) -> TransferMessage:
    """Any message, about one of a few transfers."""
    name, offer, role = random.choice(NAMES), random.randrange(3), random.choice(list(Role))
    return random.choice(
        (
            FilesOffered(transfer=name, offer=offer, totals=totals(random.randrange(9)), top=top(random.choice("ab"))),
            FilesAnswered(transfer=name, offer=offer, accepted=random.random() < 0.5, why="w"),
            FilesCancelled(transfer=name, why="w"),
            WayWanted(transfer=name, role=role),
            WayOpened(
                transfer=name, role=role, peer=1, peer_key=random.choice(keys), token=bytes([random.randrange(4)]) * 32
            ),
            WayRefused(transfer=name, why="w"),
        )
    )


class Noise:
    """One book to which anything is said, and whose user does anything."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.book = TransferBook(2, count(100).__next__)
        self.people = [Peer(number, bytes([number]) * 32, "x") for number in (1, 9)]
        self.now = NOW
        self.pumps: dict[int, int] = {}
        book = self.book
        book.find_hub(self.people, self.now)
        for number in (1, 2):
            book.send(number, NAMES[number], self.people[number % 2], [PurePosixPath("file")], self.now)
            book.scanned(number, 0, totals(), top(), 0, [], self.now)
        self.acts: list[Callable[[int], object]] = [
            *[lambda _: book.receive(self.random.choice(SENDERS), self.said(), self.now)] * 3,
            lambda number: book.accept(number, self.now),
            lambda number: book.pause(number, self.now),
            lambda number: book.resume(number, self.now),
            lambda number: book.cancel(number, "", self.now),
            lambda number: book.retry(number, self.random.choice(NAMES), self.now),
            lambda _: self.link_stands(),
            lambda _: book.way_failed(self.token(), "no", self.now),
            lambda number: book.receive_news(number, self.pumps.get(number, 99), anything_told(self.random), self.now),
            lambda _: book.tick(self.now),
            lambda _: book.put_peer(self.random.choice(self.people), self.now),
            lambda _: book.remove_peer(self.random.choice(self.people).id, self.now),
        ]

    def link_stands(self) -> None:
        name, role = self.random.choice(NAMES), self.random.choice(list(Role))
        key, way = self.random.choice(self.people).key, self.random.choice(list(WayKind))
        self.book.link_stands(name, role, key, self.token(), way, self.now)

    def token(self) -> bytes:
        return bytes([self.random.randrange(4)]) * 32

    def said(self) -> TransferMessage:
        return anything_said(self.random, [peer.key for peer in self.people])

    def step(self) -> None:
        self.random.choice(self.acts)(self.random.choice((1, 2, 100, 101, 102)))
        self.now += self.random.choice((0.0, 0.5, 30.0))
        for order in self.book.take_orders():
            match order:
                case orders.StartPump(number, pump):
                    assert pump == self.pumps.get(number, 0) + 1 or pump == 1
                    self.pumps[number] = pump
                case orders.Consider(offered):
                    self.book.was_told(offered.transfer, offered.offer)


@given(st.integers(0, 2**32), st.integers(1, 120))
@settings(max_examples=200)
def test_nothing_that_anybody_says_breaks_the_book(seed: int, length: int) -> None:
    """In any order, from anybody, while our user does what he likes; and nothing runs without a pump."""
    noise = Noise(seed)
    for _ in range(length):
        noise.step()
        for batch in noise.book._shelf.all():
            assert batch.pump or batch.state not in (BatchState.RUNNING, BatchState.VERIFIED)


def anything_told(random: Random) -> PumpNews:
    """Any news of a pump."""
    return random.choice(
        (
            Moved(random.randrange(9), random.randrange(2), "file"),
            StateChanged(random.choice(list(OfferState))),
            PumpEnded(random.choice([OfferState.SAVED, OfferState.FAILED, OfferState.CANCELLED, OfferState.DECLINED])),
            WayLost("it broke", is_left=random.random() < 0.5, is_settled=random.random() < 0.1),
        )
    )
