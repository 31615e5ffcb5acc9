"""Who is told of whom, on both wires: at once on the classic one, together within a moment on the modern one."""

from collections import Counter
from random import Random

import pytest

from commonlib.classic.packet import Layout
from tcpipserver.hub import effects, inputs
from tcpipserver.hub.announcements import (
    ANNOUNCEMENT_SECONDS,
    MOST_KEPT,
    MOST_RUSH_SECONDS,
    RUSH_SECONDS_PER_LISTENER,
    rush_seconds,
)
from tcpipserver.hub.brain import Hub
from tcpipserver.hub.effects import Effect
from tcpipserver.hub.identifiers import ClientIds
from tcpipserver.hub.people import Credentials, Details, Person
from tests.support.hubs import NOW, come, deliveries, dismissed, heard_by, hub_with, mixed_hub, person, tell, text

ALICE, BOB, CAROL, DAVE, ERIN = 1, 2, 3, 4, 5
WIDE = 65_536


def due(hub: Hub) -> list[Effect]:
    return tell(hub, inputs.AnnouncementsDue())


def people(hub: Hub, *ids: int) -> effects.PeopleDetails:
    return effects.PeopleDetails(tuple(person(hub, one) for one in ids))


def _take_note(heard: dict[int, Counter[int]], told: list[Effect]) -> None:
    """Count how often each has heard of each."""
    for connections, item in deliveries(told):
        if isinstance(item, effects.PeopleDetails | effects.Roster):
            for connection in connections:
                heard[connection].update(one.id for one in item.people)


# Coming


def test_a_newcomer_of_the_modern_wire_is_welcomed_and_told_of_all() -> None:
    """His frames may be long from the welcome on; of himself he hears nothing more than that."""
    hub = mixed_hub()
    told = come(hub, DAVE, "Dave", 4)
    assert told[0] == effects.TakenIn(DAVE)
    assert heard_by(told, DAVE) == [
        effects.Welcome(DAVE, "Dave", 1),
        effects.Roster(hub.people()[:-1]),
        effects.RosterComplete(),
    ]
    assert heard_by(due(hub), DAVE) == []


def test_the_first_newcomer_is_told_of_nobody() -> None:
    """There is nobody; he hears so."""
    told = come(Hub(), ALICE, "Alice", 1)
    assert heard_by(told, ALICE) == [effects.Welcome(ALICE, "Alice", 1), effects.RosterComplete()]


def test_the_classic_wire_hears_of_a_newcomer_at_once_and_the_modern_one_in_a_moment() -> None:
    """On the classic wire with the two packets that it knows for it."""
    hub = mixed_hub()
    told = come(hub, DAVE, "Dave", 4, now=NOW + 1)
    assert heard_by(told, CAROL) == [people(hub, DAVE), effects.PersonRegistered(DAVE)]
    assert heard_by(told, ALICE) == heard_by(told, BOB) == []
    assert hub.next_due() == NOW + 1 + ANNOUNCEMENT_SECONDS
    assert deliveries(due(hub)) == [((ALICE, BOB), people(hub, DAVE))]
    assert hub.next_due() is None


def test_a_newcomer_of_the_classic_wire_hears_what_he_always_heard() -> None:
    """The others' details, and that he is registered; the modern wire hears of him in a moment."""
    hub = mixed_hub()
    told = come(hub, DAVE, "Dave")
    assert heard_by(told, DAVE) == [people(hub, ALICE, BOB, CAROL), effects.PersonRegistered(DAVE)]
    assert heard_by(told, ALICE) == []
    assert deliveries(due(hub)) == [((ALICE, BOB), people(hub, DAVE))]


def test_with_classic_clients_alone_nothing_is_kept() -> None:
    """Nobody waits to be told anything."""
    hub = hub_with("Alice", "Bob")
    tell(hub, inputs.DetailsChanged(ALICE, Details(status=1)))
    tell(hub, inputs.LeaveAnnounced(BOB))
    assert hub.next_due() is None
    assert due(hub) == []


def test_those_who_come_together_are_told_at_once_and_each_of_the_others_once() -> None:
    """Who came first hears of those behind him; who came last was told of all when he came."""
    hub = mixed_hub()
    for connection in (DAVE, ERIN, 6):
        come(hub, connection, f"name {connection}", connection)
    told = due(hub)
    assert heard_by(told, ALICE) == heard_by(told, BOB) == [people(hub, DAVE, ERIN, 6)]
    assert heard_by(told, DAVE) == [people(hub, ERIN, 6)]
    assert heard_by(told, ERIN) == [people(hub, 6)]
    assert heard_by(told, 6) == []


def test_a_thousand_who_arrive_together_cost_no_million_sends() -> None:
    """Within one moment: each is told of a few hundred others at a time."""
    hub = Hub()
    told = [effect for number in range(1, 1001) for effect in come(hub, number, f"name {number}", number)]
    told += due(hub)
    assert sum(len(connections) for connections, _ in deliveries(told)) < 10_000
    last_heard = [item for item in heard_by(told, 1) if isinstance(item, effects.PeopleDetails)]
    assert [one.id for item in last_heard for one in item.people] == list(range(2, 1001))


def test_in_a_rush_a_moment_is_longer() -> None:
    """What comes soon after a telling waits for the next, the longer the more hear it; after a pause nobody waits."""
    hub = Hub()
    for number in range(1, 200):
        come(hub, number, "", number, now=NOW)
    first = NOW + ANNOUNCEMENT_SECONDS
    assert hub.next_due() == first
    tell(hub, inputs.AnnouncementsDue(), now=first)
    come(hub, 200, "Bob", 200, now=first + 0.01)
    assert hub.next_due() == first + 200 * RUSH_SECONDS_PER_LISTENER > first + 0.01 + ANNOUNCEMENT_SECONDS
    second = first + 200 * RUSH_SECONDS_PER_LISTENER
    tell(hub, inputs.AnnouncementsDue(), now=second)
    pause = second + 1.0
    come(hub, 201, "Carol", 201, now=pause)
    assert hub.next_due() == pause + ANNOUNCEMENT_SECONDS


def test_a_rush_is_short_where_few_hear_of_it_and_never_long() -> None:
    """Among a few friends nobody has to wait, and among ten thousand not for seconds."""
    assert rush_seconds(0) == rush_seconds(10) == ANNOUNCEMENT_SECONDS
    assert rush_seconds(10_000) == MOST_RUSH_SECONDS


def test_what_was_told_early_makes_nobody_wait_longer() -> None:
    """Nothing is kept longer than MOST_RUSH_SECONDS, also where all was told before it was due."""
    hub = Hub()
    come(hub, ALICE, "Alice", 1, now=NOW)
    for connection in (BOB, CAROL, DAVE):
        tell(hub, inputs.Ticked(), now=NOW)
        come(hub, connection, "", connection, now=NOW)
        due_at = hub.next_due()
        assert due_at is not None
        assert NOW < due_at <= NOW + MOST_RUSH_SECONDS


@pytest.mark.parametrize("seed", range(20))
def test_who_comes_in_a_rush_hears_of_each_of_the_others_once(seed: int) -> None:
    """Wherever the moments end, and whether he comes before him or behind him."""
    random, hub, heard = Random(seed), Hub(), {number: Counter[int]() for number in range(1, 61)}
    for number in heard:
        _take_note(heard, come(hub, number, "", number))
        if random.random() < 0.2:
            _take_note(heard, due(hub))
    _take_note(heard, due(hub))
    for number, times in heard.items():
        assert times == {other: 1 for other in heard if other != number}


@pytest.mark.parametrize("seed", range(20))
def test_who_changes_or_leaves_in_a_rush_is_known_as_he_is_or_not_at_all(seed: int) -> None:
    """All who are still here at the end know each other, and nobody else, each as he wants to be seen."""
    random, hub, last_number = Random(seed), Hub(), 60
    known: dict[int, dict[int, Person]] = {number: {} for number in range(1, last_number + 1)}

    def hear(told: list[Effect]) -> None:
        for connections, item in deliveries(told):
            for connection in connections:
                if isinstance(item, effects.PeopleDetails | effects.Roster):
                    known[connection].update({one.id: one for one in item.people})
                elif isinstance(item, effects.PeopleLeft):
                    for client_id in item.ids:
                        del known[connection][client_id]

    for number in range(1, last_number + 1):
        hear(come(hub, number, "", number))
        someone = random.randint(1, number)
        what = random.randrange(6)
        if what == 0:
            hear(tell(hub, inputs.LeaveAnnounced(someone)))
        elif what == 1:
            hear(tell(hub, inputs.ProfileChanged(someone, Credentials(f"once {number}"), Details())))
        elif what == 2:
            hear(due(hub))
    hear(due(hub))
    here = {one.id: one for one in hub.people()}
    assert 0 < len(here) < last_number
    for client_id in here:
        assert known[client_id] == {other: one for other, one in here.items() if other != client_id}


def test_not_more_is_kept_than_may() -> None:
    """What is too much is told at once."""
    hub = mixed_hub()
    for number in range(MOST_KEPT - 1):
        come(hub, 100 + number, "", 100 + number)
    assert hub.next_due() is not None
    told = come(hub, 1000, "", 1000)
    assert hub.next_due() is None
    (everybody,) = heard_by(told, ALICE)
    assert isinstance(everybody, effects.PeopleDetails)
    assert len(everybody.people) == MOST_KEPT


def test_a_tick_tells_what_was_kept_too() -> None:
    """Whoever never asks when something is due is a second late at most."""
    hub = mixed_hub()
    come(hub, DAVE, "Dave", 4)
    assert heard_by(tell(hub, inputs.Ticked()), ALICE) == [people(hub, DAVE)]


# Changing and leaving


def test_a_change_is_told_to_the_others_on_both_wires() -> None:
    """Who changed hears nothing of himself; of several changes within a moment the modern wire hears the last."""
    hub = mixed_hub()
    for status in (1, 2):
        told = tell(hub, inputs.ProfileChanged(ALICE, Credentials("Al"), Details(status=status)))
        assert deliveries(told) == [((CAROL,), people(hub, ALICE))]
    assert deliveries(due(hub)) == [((BOB,), people(hub, ALICE))]


def test_two_who_changed_hear_of_each_other() -> None:
    """Each of the other alone, the rest of both."""
    hub = mixed_hub()
    come(hub, DAVE, "Dave", 4)
    due(hub)
    tell(hub, inputs.ProfileChanged(ALICE, Credentials("Al"), Details()))
    tell(hub, inputs.ProfileChanged(BOB, Credentials("Bert"), Details()))
    told = due(hub)
    assert heard_by(told, ALICE) == [people(hub, BOB)]
    assert heard_by(told, BOB) == [people(hub, ALICE)]
    assert heard_by(told, DAVE) == [people(hub, ALICE, BOB)]


def test_those_who_leave_are_told_of_together() -> None:
    """On the modern wire in one item; on the classic one as each of them goes."""
    hub = mixed_hub()
    come(hub, DAVE, "Dave", 4)
    due(hub)
    told = [*tell(hub, inputs.LeaveAnnounced(ALICE)), *tell(hub, inputs.ConnectionLost(BOB, "it broke"))]
    assert heard_by(told, CAROL) == [effects.PersonLeft(ALICE), effects.PersonLeft(BOB)]
    assert heard_by(told, DAVE) == []
    assert dismissed(told) == [ALICE, BOB]
    assert deliveries(due(hub)) == [((DAVE,), effects.PeopleLeft((ALICE, BOB)))]


def test_one_who_comes_and_goes_within_a_moment_is_told_of_to_nobody_who_did_not_know_him() -> None:
    """But to who came behind him, and was told of him then."""
    hub = mixed_hub()
    come(hub, DAVE, "Dave", 4)
    come(hub, ERIN, "Erin", 5)
    tell(hub, inputs.LeaveAnnounced(DAVE))
    told = due(hub)
    assert heard_by(told, ALICE) == [people(hub, ERIN)]
    assert heard_by(told, ERIN) == [effects.PeopleLeft((DAVE,))]


def test_one_who_was_here_leaves_and_comes_back_and_is_not_seen_twice() -> None:
    """His leaving is told before his coming."""
    hub = mixed_hub()
    tell(hub, inputs.ConnectionLost(BOB, "it broke"))
    come(hub, DAVE, "Bob", 2)
    assert heard_by(due(hub), ALICE) == [effects.PeopleLeft((BOB,)), people(hub, DAVE)]
    assert person(hub, DAVE).session == 1


# What somebody sends never comes before the telling of him


def test_a_text_of_a_newcomer_comes_behind_the_telling_of_him() -> None:
    """To its reader alone, and once; the others hear of him in their moment, and the reader again."""
    hub = mixed_hub()
    come(hub, DAVE, "Dave", 4)
    assert heard_by(tell(hub, inputs.TextSaid(DAVE, BOB, "hi", number=1)), BOB) == [
        people(hub, DAVE),
        text(DAVE, BOB, "hi", number=1),
    ]
    assert heard_by(tell(hub, inputs.TextSaid(DAVE, BOB, "hi", number=2)), BOB) == [text(DAVE, BOB, "hi", number=2)]
    assert deliveries(due(hub)) == [((ALICE, BOB), people(hub, DAVE))]


def test_one_who_wrote_and_left_within_a_moment_is_told_to_have_left() -> None:
    """To whom he wrote, and to nobody else: they never heard of him."""
    hub = mixed_hub()
    come(hub, DAVE, "Dave", 4)
    tell(hub, inputs.TextSaid(DAVE, BOB, "hi", number=1))
    told = tell(hub, inputs.LeaveAnnounced(DAVE))
    assert heard_by(told, BOB) == [effects.PeopleLeft((DAVE,))]
    assert heard_by(told, ALICE) == []
    assert due(hub) == []


def test_who_was_told_of_a_newcomer_when_he_came_himself_is_not_told_again() -> None:
    """Nor is one told of himself who writes to himself."""
    hub = mixed_hub()
    come(hub, DAVE, "Dave", 4)
    come(hub, ERIN, "Erin", 5)
    assert len(heard_by(tell(hub, inputs.TextSaid(DAVE, ERIN, "hi", number=1)), ERIN)) == 1
    assert len(heard_by(tell(hub, inputs.TextSaid(DAVE, DAVE, "hi", number=1)), DAVE)) == 1
    assert heard_by(tell(hub, inputs.TextSaid(ERIN, DAVE, "hi", number=1)), DAVE)[0] == people(hub, ERIN)


def test_a_newcomers_packets_commands_and_receipts_come_behind_the_telling_of_him() -> None:
    """Whatever it is that comes first."""
    for happened in (
        inputs.PacketsSent(DAVE, 100, Layout.DATA, BOB, bytes(1024)),
        inputs.PacketsSent(DAVE, 100, Layout.DATA, 0, bytes(1024)),
        inputs.CommandSent(DAVE, BOB, 100, b""),
        inputs.CommandSent(DAVE, 0, 100, b""),
        inputs.TextReceived(DAVE, BOB, number=1),
    ):
        hub = mixed_hub()
        come(hub, DAVE, "Dave", 4)
        heard = heard_by(tell(hub, happened), BOB)
        assert (heard[0], len(heard)) == (people(hub, DAVE), 2)


def test_a_classic_newcomers_text_comes_behind_the_telling_of_him_too() -> None:
    """The wire of its reader decides."""
    hub = mixed_hub()
    come(hub, DAVE, "Dave")
    assert heard_by(tell(hub, inputs.TextSaid(DAVE, BOB, "hi")), BOB)[0] == people(hub, DAVE)
    assert heard_by(tell(hub, inputs.TextSaid(DAVE, CAROL, "hi")), CAROL) == [text(DAVE, CAROL, "hi")]


# Wide ids


def wide_hub() -> Hub:
    """Alice on the modern wire and Carol on the classic one have all the ids that there are; Dave has a wide one."""
    hub = Hub(ClientIds(largest=2))
    come(hub, ALICE, "Alice", 1)
    come(hub, CAROL, "Carol")
    due(hub)
    come(hub, DAVE, "Dave", 4)
    return hub


def test_the_classic_wire_is_not_told_of_wide_ids() -> None:
    """Neither when they come nor change nor leave, nor in its roster; the modern wire is."""
    hub = wide_hub()
    assert person(hub, WIDE).name == "Dave"
    assert heard_by(due(hub), ALICE) == [people(hub, WIDE)]
    told = tell(hub, inputs.ProfileChanged(DAVE, Credentials("David"), Details()))
    assert heard_by(due(hub), ALICE) == [people(hub, WIDE)]
    told += come(hub, ERIN, "Erin", 5)
    assert heard_by(told, ERIN)[0] == effects.Welcome(WIDE + 1, "Erin", 1)
    told += tell(hub, inputs.LeaveAnnounced(ERIN))
    told += tell(hub, inputs.LeaveAnnounced(DAVE))
    assert heard_by(due(hub), ALICE) == [effects.PeopleLeft((WIDE,))]
    assert heard_by(told, CAROL) == []


def test_a_newcomer_of_the_classic_wire_is_not_told_of_wide_ids() -> None:
    """His own is a short one."""
    hub = wide_hub()
    tell(hub, inputs.LeaveAnnounced(CAROL))
    hub.receive(inputs.Arrived(9, "192.0.2.9", b"n" * 32), NOW + 600, 0.0)
    told = tell(hub, inputs.Joined(9, Credentials("Erin")), now=NOW + 600)
    assert heard_by(told, 9) == [people(hub, 1), effects.PersonRegistered(2)]
