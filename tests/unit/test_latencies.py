"""Who is told how long others take to answer the hub, and who is pinged for it."""

from commonlib.ticks import ticks_from_unix
from tcpipserver.hub import effects, inputs
from tcpipserver.hub.effects import Deliver
from tests.support.hubs import NOW, WALL, mixed_hub, tell

ALICE, BOB, CAROL = 1, 2, 3
PING = effects.Ping(ticks_from_unix(WALL))


def test_who_asks_is_told_what_is_known_and_the_rest_is_measured() -> None:
    """Of both wires; who was never measured is pinged, and in the answer to whoever asks next."""
    hub = mixed_hub()
    asked = inputs.LatenciesAsked(ALICE, (BOB, CAROL))
    assert tell(hub, asked) == [
        Deliver((ALICE,), effects.Latencies(())),
        Deliver((BOB,), PING),
        Deliver((CAROL,), PING),
    ]
    tell(hub, inputs.PingAnswered(BOB, PING.ticks), now=NOW + 0.25)
    assert tell(hub, asked, now=NOW + 1) == [Deliver((ALICE,), effects.Latencies(((BOB, 0.25),)))]
    tell(hub, inputs.PingAnswered(CAROL, PING.ticks), now=NOW + 2)
    assert tell(hub, asked, now=NOW + 2) == [Deliver((ALICE,), effects.Latencies(((BOB, 0.25), (CAROL, 2.0))))]


def test_however_many_ask_nobody_is_pinged_more_than_every_15_seconds() -> None:
    """The heartbeat's own pings count, too."""
    hub = mixed_hub()
    told = [tell(hub, inputs.LatenciesAsked(asker, (BOB,)), now=NOW + asker) for asker in (ALICE, BOB, ALICE, BOB)]
    assert [effect for effects_of in told for effect in effects_of if effect == Deliver((BOB,), PING)] == [
        Deliver((BOB,), PING)
    ]
    later = tell(hub, inputs.LatenciesAsked(ALICE, (BOB,)), now=NOW + 17)
    assert Deliver((BOB,), PING) in later


def test_ids_that_are_nobodys_are_passed_over_and_nobody_counts_twice() -> None:
    """One may have left on the way."""
    hub = mixed_hub()
    assert tell(hub, inputs.LatenciesAsked(ALICE, (99, BOB, BOB))) == [
        Deliver((ALICE,), effects.Latencies(())),
        Deliver((BOB,), PING),
    ]


def test_without_a_question_nobody_is_told_or_pinged() -> None:
    """Thousands who only sit there cost nothing."""
    assert tell(mixed_hub(), inputs.Ticked(), now=NOW + 1) == []
