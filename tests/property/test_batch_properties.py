"""What holds for two books of batches, whatever their users do and however often hub and ways break."""

from collections.abc import Callable
from pathlib import PurePosixPath
from random import Random

import hypothesis.strategies as st
from hypothesis import given, settings

from tcpipclient.core.batch_events import BatchState
from tcpipclient.core.events import Direction
from tests.support.simple_pumps import UNITS
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
