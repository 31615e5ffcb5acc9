"""Who comes, goes and goes silent, and what is told of it."""

import pytest

from commonlib.classic.keepalive import PingStatistics
from commonlib.meaning import Meaning
from commonlib.wire.reasons import ClosingReason
from tcpipserver.hub import effects, inputs
from tcpipserver.hub.brain import Hub
from tcpipserver.hub.effects import Deliver, Dismiss, Record
from tcpipserver.hub.identifiers import ClientIds
from tcpipserver.hub.people import Credentials, Details, Person
from tests.support.hubs import (
    ADDRESS,
    NOW,
    WALL,
    WALL_TICKS,
    come,
    deliveries,
    dismissed,
    heard_by,
    hub_with,
    lines,
    mixed_hub,
    person,
    tell,
)

ALICE, BOB, CAROL = 1, 2, 3
NOBODY = 99
MINUTE = 60.0
NO_ID = "all ids are in use, or were until a moment ago; until one is free, no more lines tell of it"


# Coming


def test_a_newcomer_is_greeted_with_his_id_his_address_and_the_clock() -> None:
    """And nobody else hears of him."""
    assert tell(hub_with("Alice"), inputs.Arrived(BOB, "192.0.2.8")) == [
        Deliver((BOB,), effects.Greeting(2, "192.0.2.8", WALL_TICKS)),
        Record(Meaning.CONNECTION, "192.0.2.8 connected and was given id 2."),
    ]


def test_the_first_to_come_is_registered_and_told_of_nobody() -> None:
    """There is nobody to tell or to be told about."""
    hub = Hub()
    tell(hub, inputs.Arrived(ALICE, ADDRESS))
    assert tell(hub, inputs.Joined(ALICE, Credentials("Alice", "vm", "1.2"))) == [
        Deliver((ALICE,), effects.PersonRegistered(1)),
        Record(Meaning.GOOD, "Alice (1) registered from 192.0.2.7 (computer vm, version 1.2), not encrypted."),
    ]
    assert hub.people() == (Person(1, ADDRESS, Credentials("Alice", "vm", "1.2")),)


def test_a_newcomer_and_those_who_are_here_are_told_of_each_other() -> None:
    """First the details, both ways, then to all that he is registered."""
    hub = hub_with("Alice", "Bob")
    tell(hub, inputs.Arrived(CAROL, ADDRESS))
    told = tell(hub, inputs.Joined(CAROL, Credentials("Carol")))
    assert deliveries(told) == [
        ((CAROL,), effects.PeopleDetails((person(hub, ALICE), person(hub, BOB)))),
        ((ALICE, BOB), effects.PeopleDetails((person(hub, CAROL),))),
        ((ALICE, BOB, CAROL), effects.PersonRegistered(CAROL)),
    ]
    assert lines(told) == ["Carol (3) registered from 192.0.2.7 (computer not given), not encrypted."]


def test_somebody_who_is_still_arriving_hears_nothing() -> None:
    """Whatever happens: he has not chosen a dialect, and nobody knows him."""
    hub = hub_with("Alice", "Bob")
    tell(hub, inputs.Arrived(CAROL, ADDRESS))
    told = [
        *tell(hub, inputs.CredentialsChanged(ALICE, Credentials("Alicia"))),
        *tell(hub, inputs.DetailsChanged(ALICE, Details(status=1))),
        *tell(hub, inputs.OperatorSaid(None, "to all")),
        *tell(hub, inputs.TextSaid(ALICE, CAROL, "to one who is not here yet")),
        *tell(hub, inputs.Ticked(), now=NOW + 5 * MINUTE),
        *tell(hub, inputs.LeaveAnnounced(ALICE)),
        *tell(hub, inputs.Stopped()),
    ]
    assert not [item for connections, item in deliveries(told) if CAROL in connections]


def test_one_who_gives_no_name_is_called_by_his_id() -> None:
    """Others overlook people without a name."""
    assert person(hub_with("Alice", ""), BOB).name == "Client 2"


def test_what_a_newcomer_calls_himself_is_cut() -> None:
    """Others are told what fits."""
    assert person(hub_with("n" * 65), ALICE).name == "n" * 64


def test_a_newcomer_is_sent_away_when_there_is_no_id() -> None:
    """A log line says why; when somebody's id has rested for ten minutes, the next one may come."""
    hub = hub_with("Alice", hub=Hub(ClientIds(largest=1)))
    assert tell(hub, inputs.Arrived(BOB, "192.0.2.8")) == [
        Record(Meaning.TROUBLE, f"192.0.2.8 was sent away: {NO_ID}."),
        Dismiss(BOB),
    ]
    assert tell(hub, inputs.Joined(BOB, Credentials("Bob"))) == []
    tell(hub, inputs.LeaveAnnounced(ALICE))
    assert dismissed(tell(hub, inputs.Arrived(CAROL, ADDRESS), now=NOW + 9 * MINUTE)) == [CAROL]
    assert deliveries(tell(hub, inputs.Arrived(4, ADDRESS), now=NOW + 10 * MINUTE))[0][1] == effects.Greeting(
        1, ADDRESS, WALL_TICKS
    )


def test_however_many_are_sent_away_one_line_tells_of_it() -> None:
    """Until somebody could be greeted again."""
    hub = hub_with("Alice", hub=Hub(ClientIds(largest=2)))
    tell(hub, inputs.Arrived(BOB, ADDRESS))
    sent_away = [f"{ADDRESS} was sent away: {NO_ID}."]
    assert [lines(tell(hub, inputs.Arrived(number, ADDRESS))) for number in (3, 4, 5)] == [sent_away, [], []]
    tell(hub, inputs.ConnectionLost(BOB, "gone"))
    tell(hub, inputs.Arrived(6, ADDRESS))
    assert [lines(tell(hub, inputs.Arrived(number, ADDRESS))) for number in (7, 8)] == [sent_away, []]


def test_a_connection_arrives_and_joins_once() -> None:
    """A second arrival, as a newcomer or as a member, changes nothing; nor does a second introduction."""
    hub = hub_with("Alice")
    tell(hub, inputs.Arrived(BOB, ADDRESS))
    assert tell(hub, inputs.Arrived(ALICE, ADDRESS)) == []
    assert tell(hub, inputs.Arrived(BOB, ADDRESS)) == []
    assert tell(hub, inputs.Joined(ALICE, Credentials("Mallory"))) == []
    tell(hub, inputs.Joined(BOB, Credentials("Bob")))
    assert [(someone.id, someone.name) for someone in hub.people()] == [(1, "Alice"), (2, "Bob")]


def test_an_introduction_without_a_greeting_is_nobodys() -> None:
    """Who did not arrive cannot join."""
    hub = Hub()
    assert tell(hub, inputs.Joined(NOBODY, Credentials("Mallory"))) == []
    assert hub.people() == ()


def test_one_who_is_lost_while_arriving_frees_his_id_and_is_told_of_in_the_log_alone() -> None:
    """Nobody has heard of him."""
    hub = hub_with("Alice", hub=Hub(ClientIds(largest=2)))
    tell(hub, inputs.Arrived(BOB, "192.0.2.8"))
    assert tell(hub, inputs.ConnectionLost(BOB, "it did not say who it is in time")) == [
        Dismiss(BOB),
        Record(Meaning.TROUBLE, "192.0.2.8 did not register: it did not say who it is in time."),
    ]
    assert tell(hub, inputs.Joined(BOB, Credentials("Bob"))) == []
    greeted = deliveries(tell(hub, inputs.Arrived(CAROL, ADDRESS)))
    assert greeted == [((CAROL,), effects.Greeting(2, ADDRESS, WALL_TICKS))]


# Going


def test_one_who_leaves_hears_of_it_like_everybody() -> None:
    """As he did from the original; then his connection ends."""
    hub = hub_with("Alice", "Bob")
    assert tell(hub, inputs.LeaveAnnounced(BOB)) == [
        Deliver((ALICE, BOB), effects.PersonLeft(BOB)),
        Dismiss(BOB),
        Record(Meaning.CONNECTION, "Bob (2) left."),
    ]
    assert [someone.name for someone in hub.people()] == ["Alice"]


def test_one_leaves_once() -> None:
    """Originals say so twice, and then close; only the first counts."""
    hub = hub_with("Alice", "Bob")
    tell(hub, inputs.LeaveAnnounced(BOB))
    assert tell(hub, inputs.LeaveAnnounced(BOB)) == []
    assert tell(hub, inputs.ConnectionLost(BOB, "it closed the connection")) == []


def test_a_lost_connection_is_told_to_the_others() -> None:
    """The log says why."""
    hub = hub_with("Alice", "Bob", "Carol")
    assert tell(hub, inputs.ConnectionLost(BOB, "the connection\nbroke")) == [
        Deliver((ALICE, CAROL), effects.PersonLeft(BOB)),
        Dismiss(BOB),
        Record(Meaning.CONNECTION, "Bob (2) is gone: the connection\\nbroke."),
    ]
    assert tell(hub, inputs.ConnectionLost(BOB, "again")) == []


def test_the_last_one_is_lost_to_nobody() -> None:
    """There is no delivery without a recipient."""
    assert deliveries(tell(hub_with("Alice"), inputs.ConnectionLost(ALICE, "the connection broke"))) == []


def test_a_stop_says_goodbye_to_members_and_ends_every_connection() -> None:
    """Those who are arriving are only ended: they have heard nothing but their greeting."""
    hub = hub_with("Alice", "Bob")
    tell(hub, inputs.Arrived(CAROL, ADDRESS))
    assert tell(hub, inputs.Stopped()) == [
        Deliver((ALICE, BOB), effects.HubExiting()),
        Dismiss(ALICE),
        Dismiss(BOB),
        Dismiss(CAROL),
        Record(Meaning.NOTE, "The hub stops and has said goodbye to all who were here (2)."),
    ]
    assert hub.people() == ()


def test_after_the_stop_nobody_comes_and_nothing_is_said() -> None:
    """Neither who was arriving nor who connects then; a second stop is none."""
    hub = hub_with("Alice")
    tell(hub, inputs.Arrived(BOB, ADDRESS))
    tell(hub, inputs.Stopped())
    assert tell(hub, inputs.Joined(BOB, Credentials("Bob"))) == []
    assert tell(hub, inputs.Arrived(CAROL, ADDRESS)) == [Dismiss(CAROL)]
    assert tell(hub, inputs.ConnectionLost(ALICE, "the hub is stopping")) == []
    assert tell(hub, inputs.Ticked(), now=NOW + 20 * MINUTE) == []
    assert tell(hub, inputs.Stopped()) == []


def test_an_empty_hub_stops_without_a_delivery() -> None:
    """There is nobody to say goodbye to."""
    assert deliveries(tell(Hub(), inputs.Stopped())) == []


# Keeping alive


def tick(hub: Hub, minutes: float, held_back: frozenset[int] = frozenset()) -> list[effects.Effect]:
    """Let the clock stand at some minutes after everybody came."""
    return tell(hub, inputs.Ticked(held_back), now=NOW + minutes * MINUTE, wall=WALL + minutes * MINUTE)


def test_everybody_is_pinged_every_four_minutes() -> None:
    """With the hub's clock; not before, and not again until four more have passed."""
    hub = hub_with("Alice", "Bob")
    assert tick(hub, 3.9) == []
    four = effects.Ping(WALL_TICKS + 240 * 10_000_000)
    assert tick(hub, 4) == [Deliver((ALICE,), four), Deliver((BOB,), four)]
    assert tick(hub, 7.9) == []
    assert [item for _, item in deliveries(tick(hub, 8))] == [effects.Ping(WALL_TICKS + 480 * 10_000_000)] * 2


def test_one_who_is_silent_for_ten_minutes_is_dropped() -> None:
    """The others are told, and the log says why."""
    hub = hub_with("Alice", "Bob")
    tell(hub, inputs.PingAsked(BOB), now=NOW + 2 * MINUTE)
    tick(hub, 8)
    assert dismissed(tick(hub, 9.9)) == []
    assert tick(hub, 10) == [
        Deliver((BOB,), effects.PersonLeft(ALICE)),
        Dismiss(ALICE),
        Record(Meaning.CONNECTION, "Alice (1) is gone: nothing was heard of it for 10 minutes."),
    ]
    assert [someone.name for someone in hub.people()] == ["Bob"]


def test_one_who_is_dropped_is_not_pinged() -> None:
    """Though his ping was due, too."""
    assert deliveries(tick(hub_with("Alice"), 10)) == []


@pytest.mark.parametrize(
    "sign_of_life",
    [
        inputs.PingAnswered(ALICE, 0),
        inputs.PingAsked(ALICE),
        inputs.TextSaid(ALICE, 0, "hello"),
        inputs.Misbehaved(ALICE, "it sent type 0"),
        inputs.TextReceived(ALICE, 0),
    ],
)
def test_whatever_one_sends_is_a_sign_of_life(sign_of_life: inputs.Input) -> None:
    """The ten minutes count from the last of anything."""
    hub = hub_with("Alice")
    tell(hub, sign_of_life, now=NOW + 5 * MINUTE)
    assert dismissed(tick(hub, 14.9)) == []
    assert dismissed(tick(hub, 15)) == [ALICE]


def test_one_whom_we_hold_back_is_not_silent() -> None:
    """What we keep from being read cannot be held against him; he has ten minutes from when we let go."""
    hub = hub_with("Alice", "Bob")
    for minute in range(1, 31):
        tick(hub, minute, held_back=frozenset({ALICE, NOBODY}))
    assert [someone.name for someone in hub.people()] == ["Alice"]
    assert dismissed(tick(hub, 39.9)) == []
    assert dismissed(tick(hub, 40)) == [ALICE]


def test_one_whom_we_hold_back_is_still_pinged() -> None:
    """He may read, though he may not write."""
    assert [item for _, item in deliveries(tick(hub_with("Alice"), 4, held_back=frozenset({ALICE})))] == [
        effects.Ping(WALL_TICKS + 240 * 10_000_000)
    ]


def test_a_members_ping_is_answered_to_him_alone_with_the_hubs_clock() -> None:
    """Unlike the original, which shows it to everybody; it does not put off the hub's own pings."""
    hub = hub_with("Alice", "Bob")
    told = tell(hub, inputs.PingAsked(ALICE), now=NOW + 3 * MINUTE, wall=WALL + 180.0)
    assert told == [Deliver((ALICE,), effects.Ping(WALL_TICKS + 180 * 10_000_000))]
    assert [connections for connections, _ in deliveries(tick(hub, 4))] == [(ALICE,), (BOB,)]


def test_the_statistics_tell_last_mean_longest_and_when() -> None:
    """Per member, in seconds, and the moment of the longest."""
    hub = hub_with("Alice", "Bob")
    for minutes, seconds in ((4, 0.25), (8, 1.0), (12, 0.25)):
        ((_, ping), *_) = deliveries(tick(hub, minutes))
        assert isinstance(ping, effects.Ping)
        moment = minutes * MINUTE + seconds
        for member in (ALICE, BOB):
            answer = inputs.PingAnswered(member, ping.ticks)
            assert tell(hub, answer, now=NOW + moment + member - 1, wall=WALL + moment + member - 1) == []
    alice, bob = (member.keepalive.statistics for member in hub.members())
    assert alice == PingStatistics(count=3, last=0.25, mean=0.5, longest=1.0, longest_at=WALL + 481.0)
    assert bob == PingStatistics(count=3, last=1.25, mean=1.5, longest=2.0, longest_at=WALL + 482.0)


def test_an_answer_to_no_ping_of_ours_is_none() -> None:
    """Originals answer each other's pings, too."""
    hub = hub_with("Alice")
    tell(hub, inputs.PingAnswered(ALICE, 0))
    assert hub.members()[0].keepalive.statistics.count == 0


# On the modern wire


def test_on_the_modern_wire_only_those_are_pinged_who_are_silent() -> None:
    """After a quarter of a minute without a sign of life, again and again until one comes or the time is over."""
    hub = mixed_hub()
    tell(hub, inputs.SignOfLife(BOB), now=NOW + 10)
    assert deliveries(tell(hub, inputs.Ticked(), now=NOW + 14.9)) == []
    assert [connections for connections, _ in deliveries(tell(hub, inputs.Ticked(), now=NOW + 15))] == [(ALICE,)]
    assert [connections for connections, _ in deliveries(tell(hub, inputs.Ticked(), now=NOW + 30))] == [
        (ALICE,),
        (BOB,),
    ]


def test_on_the_modern_wire_one_is_silent_after_three_quarters_of_a_minute() -> None:
    """He is told so, in case he only could not be heard."""
    hub = mixed_hub()
    for connection in (BOB, CAROL):
        tell(hub, inputs.SignOfLife(connection), now=NOW + 44)
    assert dismissed(tell(hub, inputs.Ticked(), now=NOW + 44.9)) == []
    told = tell(hub, inputs.Ticked(), now=NOW + 45)
    assert heard_by(told, ALICE) == [effects.Closing(ClosingReason.SILENT)]
    assert dismissed(told) == [ALICE]
    assert lines(told) == ["Alice (1) is gone: nothing was heard of it for 45 seconds."]
    assert effects.PeopleLeft((ALICE,)) in heard_by(told, BOB)


def test_on_the_modern_wire_a_ping_is_answered_with_its_own_clock() -> None:
    """At once and to him alone; the time it took is the asker's to measure."""
    assert tell(mixed_hub(), inputs.PingAsked(ALICE, -7)) == [Deliver((ALICE,), effects.Pong(-7))]


def test_an_answered_ping_of_the_modern_wire_is_in_the_statistics() -> None:
    """As on the classic one."""
    hub = mixed_hub()
    tell(hub, inputs.Ticked(), now=NOW + 15)
    tell(hub, inputs.PingAnswered(ALICE, WALL_TICKS), now=NOW + 15.5)
    assert hub.members()[0].keepalive.statistics.last == 0.5


def test_a_stream_that_makes_no_sense_ends_with_a_word_about_it() -> None:
    """The others hear that he has left, the log why."""
    hub = mixed_hub()
    told = tell(hub, inputs.StreamBroken(ALICE, "a frame of 9 bytes was announced, and 8 is the most"))
    assert deliveries(told) == [
        ((ALICE,), effects.Closing(ClosingReason.PROTOCOL)),
        ((CAROL,), effects.PersonLeft(ALICE)),
    ]
    assert dismissed(told) == [ALICE]
    assert lines(told) == ["Alice (1) is gone: a frame of 9 bytes was announced, and 8 is the most."]


def test_one_who_leaves_the_modern_wire_hears_nothing_of_it() -> None:
    """He has said it himself."""
    told = tell(mixed_hub(), inputs.LeaveAnnounced(ALICE))
    assert heard_by(told, ALICE) == []
    assert dismissed(told) == [ALICE]


def test_a_stop_says_goodbye_on_both_wires_and_nothing_after_it() -> None:
    """What was kept to be told is not."""
    hub = mixed_hub()
    come(hub, 4, "Dave", 4)
    told = tell(hub, inputs.Stopped())
    assert deliveries(told) == [((ALICE, BOB, CAROL, 4), effects.HubExiting())]
    assert hub.next_due() is None
    assert tell(hub, inputs.AnnouncementsDue()) == []


def test_when_somebody_was_last_here_is_remembered() -> None:
    """When he goes, and when the hub stops."""
    for happened in (inputs.LeaveAnnounced(ALICE), inputs.ConnectionLost(ALICE, "it broke"), inputs.Stopped()):
        told = tell(mixed_hub(), happened, wall=WALL + 60)
        remembered = [effect.known for effect in told if isinstance(effect, effects.Remember)]
        assert (remembered[0].name, remembered[0].first_seen, remembered[0].last_seen) == ("Alice", WALL, WALL + 60)
