"""Who is held back for long, and the one line about it."""

import pytest

from commonlib.meaning import Meaning
from tcpipserver.hub import inputs
from tcpipserver.hub.brain import Hub
from tcpipserver.hub.effects import Effect, Record
from tests.support.hubs import NOW, hub_with, lines, tell

ALICE, BOB = 1, 2
FLOODS = (
    "Alice (1) floods: it has been sending more than the hub can work off for 10 seconds, and is slowed down to that."
)


def tick(hub: Hub, second: float, *held_back: int, waits_for: tuple[tuple[int, int], ...] = ()) -> list[Effect]:
    """So many seconds after the beginning these are held back."""
    return tell(hub, inputs.Ticked(frozenset(held_back), waits_for), now=NOW + second)


def test_a_flood_is_told_once_after_ten_seconds() -> None:
    """With who and what, and never again while it goes on."""
    hub = hub_with("Alice", "Bob")
    assert [told for second in range(10) for told in tick(hub, second, ALICE)] == []
    assert tick(hub, 10, ALICE) == [Record(Meaning.TROUBLE, FLOODS)]
    assert [told for second in range(11, 200) for told in tick(hub, second, ALICE)] == []


def test_whoever_waits_for_a_slow_reader_is_told_of_with_him() -> None:
    """That is no trouble: a large file to a slow disk looks like it."""
    hub = hub_with("Alice", "Bob")
    tick(hub, 0, ALICE)
    assert tick(hub, 10, ALICE, waits_for=((ALICE, BOB),)) == [
        Record(
            Meaning.NOTE,
            "Alice (1) has been sending more than Bob (2) reads for 10 seconds, and is slowed down to that.",
        )
    ]


def test_bursts_are_not_told() -> None:
    """Whoever is held back now and then, and not in between, floods nobody."""
    hub = hub_with("Alice")
    assert [told for second in range(0, 100, 4) for told in (*tick(hub, second, ALICE), *tick(hub, second + 3.5))] == []


@pytest.mark.parametrize(("quiet", "is_told"), [(50, False), (65, True)])
def test_another_flood_is_told_after_a_minute_of_quiet(quiet: int, is_told: bool) -> None:
    """Sooner it belongs to the one that was told."""
    hub = hub_with("Alice")
    for second in (0, 10):
        tick(hub, second, ALICE)
    for second in range(11, 10 + quiet):
        tick(hub, second)
    told = [*tick(hub, 10 + quiet, ALICE), *tick(hub, 20 + quiet, ALICE)]
    assert lines(told) == ([FLOODS] if is_told else [])


def test_nothing_is_kept_of_one_who_has_gone() -> None:
    """Nor told."""
    hub = hub_with("Alice", "Bob")
    tick(hub, 0, ALICE)
    tell(hub, inputs.ConnectionLost(ALICE, "it closed the connection"))
    assert tick(hub, 10, ALICE) == []
    assert hub._floods._episodes == {}
