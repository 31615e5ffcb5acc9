"""Who is taken in, who is refused and told why, and who waits for the operator."""

import pytest

from commonlib.identity import short_key_code
from commonlib.meaning import Meaning
from commonlib.wire.greeting import Door, Mark
from commonlib.wire.reasons import RefusalReason
from tcpipserver.hub import effects, inputs
from tcpipserver.hub.admission import Joining, Policy, Verdict
from tcpipserver.hub.brain import Hub
from tcpipserver.hub.effects import Deliver, Dismiss, Record, Refused, Remember
from tcpipserver.hub.identifiers import ClientIds
from tcpipserver.hub.limits import Limits
from tcpipserver.hub.overview import WaitingKey
from tcpipserver.hub.people import Credentials, Details, KnownKey
from tests.support.hubs import (
    ADDRESS,
    NONCE,
    NOW,
    WALL,
    WALL_TICKS,
    come,
    deliveries,
    dismissed,
    heard_by,
    key,
    lines,
    person,
    tell,
)

ALICE, BOB, CAROL = 1, 2, 3
WIDE = 65_536
CODE, APPROVAL = Policy(Joining.CODE), Policy(Joining.APPROVAL)


def known_to(hub: Hub, *known: KnownKey) -> Hub:
    tell(hub, inputs.KeysLoaded(known))
    return hub


# Greeting


@pytest.mark.parametrize("policy", [Policy(), CODE, APPROVAL])
def test_the_greeting_is_marked_with_the_nonce_and_what_to_expect(policy: Policy) -> None:
    """As long as the arrival has a nonce for it; one of a hub for the classic wire alone has none."""
    hub = Hub(policy=policy)
    greeted = deliveries(tell(hub, inputs.Arrived(ALICE, ADDRESS, NONCE)))
    assert greeted == [((ALICE,), effects.Greeting(1, ADDRESS, WALL_TICKS, Mark(NONCE, policy.door)))]
    assert deliveries(tell(hub, inputs.Arrived(BOB, ADDRESS)))[0][1] == effects.Greeting(2, ADDRESS, WALL_TICKS)


def test_without_an_id_a_newcomer_is_greeted_all_the_same() -> None:
    """He may turn out to speak the modern wire, and then there is always one."""
    hub = Hub(ClientIds(largest=0))
    assert tell(hub, inputs.Arrived(ALICE, ADDRESS, NONCE)) == [
        Deliver((ALICE,), effects.Greeting(0, ADDRESS, WALL_TICKS, Mark(NONCE, Door.TAKES_CLASSIC)))
    ]
    told = tell(hub, inputs.Joined(ALICE, Credentials("Alice"), key(1)))
    assert heard_by(told, ALICE)[0] == effects.Welcome(WIDE, "Alice", 1)


def test_without_an_id_a_classic_client_is_refused() -> None:
    """With one line in the log, however many try."""
    hub = Hub(ClientIds(largest=0))
    told = come(hub, ALICE, "Alice")
    assert heard_by(told, ALICE) == [Refused(RefusalReason.FULL)]
    assert dismissed(told) == [ALICE]
    assert len(lines(told, Meaning.TROUBLE)) == 1
    assert lines(come(hub, BOB, "Bob")) == []
    assert hub.people() == ()


# Taking in


def test_one_who_has_proved_a_key_is_known_by_it() -> None:
    """With all that he says about himself; the log tells that he is encrypted, and which key is his."""
    hub = Hub()
    told = come(hub, ALICE, "Ålice 爱", 1, details=Details(colour=5))
    alice = person(hub, ALICE)
    assert (alice.key, alice.session, alice.details) == (key(1), 1, Details(colour=5))
    code = short_key_code(key(1))
    assert lines(told) == [
        f"Ålice 爱 (1) registered from 192.0.2.7 (computer not given), encrypted, with the key {code}."
    ]
    assert told[-2] == Remember(KnownKey(key(1), "Ålice 爱", "", WALL, WALL))


def test_a_returning_key_gets_its_name_back_when_it_gives_none() -> None:
    """Also after a restart; a name that it gives counts more."""
    hub = known_to(Hub(), KnownKey(key(1), "Alice"))
    assert heard_by(come(hub, ALICE, "", 1), ALICE)[0] == effects.Welcome(1, "Alice", 1)
    tell(hub, inputs.ProfileChanged(ALICE, Credentials("Al"), Details()))
    tell(hub, inputs.LeaveAnnounced(ALICE))
    assert heard_by(come(hub, BOB, " ", 1), BOB)[0] == effects.Welcome(2, "Al", 1)
    assert heard_by(come(hub, CAROL, "", 3), CAROL)[0] == effects.Welcome(3, "Client 3", 1)


def test_a_profile_without_a_name_leaves_the_name() -> None:
    """Nobody is called by his id who had a name."""
    hub = Hub()
    come(hub, ALICE, "Alice", 1)
    tell(hub, inputs.ProfileChanged(ALICE, Credentials("", "pc"), Details()))
    assert person(hub, ALICE).credentials == Credentials("Alice", "pc")


def test_two_of_one_name_are_two_keys() -> None:
    """Each is himself to the others, whatever they are called."""
    hub = Hub()
    come(hub, ALICE, "Alice", 1)
    come(hub, BOB, "Alice", 2)
    assert [(one.name, one.key, one.session) for one in hub.people()] == [("Alice", key(1), 1), ("Alice", key(2), 1)]


def test_several_sessions_of_one_key_are_numbered() -> None:
    """The lowest free number is the next one's."""
    hub = Hub()
    for connection in (1, 2, 3):
        come(hub, connection, "Alice", 1)
    tell(hub, inputs.LeaveAnnounced(2))
    told = come(hub, 4, "Alice", 1)
    assert heard_by(told, 4)[0] == effects.Welcome(4, "Alice", 2)
    assert [one.session for one in hub.people()] == [1, 3, 2]


# Refusing


@pytest.mark.parametrize("policy", [CODE, APPROVAL, Policy(takes_classic=False)])
def test_who_cannot_prove_anything_is_refused_where_that_is_asked(policy: Policy) -> None:
    """With a goodbye that the classic wire knows, and a line in the log; his id is free at once."""
    hub = Hub(ClientIds(largest=1), policy)
    assert come(hub, ALICE, "Alice") == [
        Deliver((ALICE,), Refused(RefusalReason.NOT_PROVED)),
        Dismiss(ALICE),
        Record(Meaning.TROUBLE, "Alice from 192.0.2.7 was not taken in: it is not encrypted."),
    ]
    assert deliveries(tell(hub, inputs.Arrived(BOB, ADDRESS)))[0][1] == effects.Greeting(1, ADDRESS, WALL_TICKS)


def test_a_banned_key_stays_out_and_is_told_why() -> None:
    """Before it joins, where the arrival asks, and if it was banned a moment ago, then too."""
    hub = known_to(Hub(), KnownKey(key(1), "Alice", is_admitted=True, banned_for="too loud"))
    refusal = Refused(RefusalReason.BANNED, "too loud")
    assert hub.judge(key(1)) == Verdict(refusal)
    told = come(hub, ALICE, "Alice", 1)
    assert heard_by(told, ALICE) == [refusal]
    assert dismissed(told) == [ALICE]
    assert lines(told) == ["Alice from 192.0.2.7 was not taken in: its key is kept out (too loud)."]
    assert hub.judge(key(2)) == Verdict()


def test_after_the_stop_nobody_is_taken_in() -> None:
    """Whoever has just proved his key is told so."""
    hub = Hub()
    tell(hub, inputs.Stopped())
    assert hub.judge(key(1)) == Verdict(Refused(RefusalReason.STOPPING))


def test_a_key_that_was_here_or_was_admitted_passes_a_lock_out() -> None:
    """Where everybody may join, one who was here; where not, only one who was admitted."""
    known = (KnownKey(key(1), "Alice"), KnownKey(key(2), "Bob", is_admitted=True))
    for policy, passing in ((Policy(), [True, True, False]), (CODE, [False, True, False])):
        hub = known_to(Hub(policy=policy), *known)
        assert [hub.judge(key(number)).passes_lock_out for number in (1, 2, 3)] == passing


# The join code


def test_a_new_key_is_asked_for_the_code_once() -> None:
    """Whoever has shown that he knows it is never asked again; one who only was here is."""
    hub = known_to(Hub(policy=CODE), KnownKey(key(2), "Bob"))
    assert hub.judge(key(1)).asks_code
    assert hub.judge(key(2)).asks_code
    told = come(hub, ALICE, "Alice", 1, has_joined_by_code=True)
    assert Remember(KnownKey(key(1), is_admitted=True)) in told
    assert hub.judge(key(1)) == Verdict(passes_lock_out=True)
    tell(hub, inputs.LeaveAnnounced(ALICE))
    assert heard_by(come(hub, BOB, "Alice", 1), BOB)[0] == effects.Welcome(2, "Alice", 1)


def test_nobody_joins_without_the_code() -> None:
    """Should the policy have changed while he was arriving, he comes again and is asked."""
    told = come(Hub(policy=CODE), ALICE, "Alice", 1)
    assert heard_by(told, ALICE) == [Refused(RefusalReason.CODE_NEEDED)]
    assert dismissed(told) == [ALICE]


# The operator's approval


def waiting_hub(*connections: int, limits: Limits | None = None) -> Hub:
    """A hub on which these wait for the operator, each with the key of his number."""
    hub = Hub(policy=APPROVAL, limits=limits)
    for connection in connections:
        come(hub, connection, f"name {connection}", connection)
    return hub


def test_a_new_key_waits_for_the_operator_and_nobody_hears_of_it() -> None:
    """The log and the window do; whatever it sends in the meantime is passed over."""
    hub = known_to(Hub(policy=APPROVAL), KnownKey(key(2), is_admitted=True))
    come(hub, BOB, "Bob", 2)
    told = come(hub, ALICE, "Alice", 1)
    code = short_key_code(key(1))
    assert told == [
        Deliver((ALICE,), effects.ApprovalAwaited()),
        Record(Meaning.NOTE, f"Alice from 192.0.2.7 asks to be let in, with the key {code}: approve it, or deny it."),
    ]
    assert hub.overview().waiting == (WaitingKey(key(1), "Alice", "", ADDRESS, WALL),)
    assert tell(hub, inputs.TextSaid(ALICE, BOB, "let me in")) == []
    assert tell(hub, inputs.OperatorSaid(None, "hello"))[0] == Deliver((BOB,), effects.Text(0, 1, "hello", (0, 0), b""))
    assert [one.name for one in hub.people()] == ["Bob"]


def test_an_approved_key_is_taken_in_and_never_asks_again() -> None:
    """All that wait with it, and at once."""
    hub = waiting_hub(ALICE, BOB)
    come(hub, CAROL, "another of Alice's", ALICE)
    told = tell(hub, inputs.OperatorApproved(key(ALICE)))
    assert heard_by(told, ALICE)[0] == effects.Welcome(1, "name 1", 1)
    assert heard_by(told, CAROL)[0] == effects.Welcome(3, "another of Alice's", 2)
    assert heard_by(told, BOB) == []
    tell(hub, inputs.LeaveAnnounced(ALICE))
    assert isinstance(heard_by(come(hub, 4, "Alice", ALICE), 4)[0], effects.Welcome)
    assert tell(hub, inputs.OperatorApproved(key(ALICE))) == []


def test_a_key_may_be_approved_before_it_comes() -> None:
    """The operator was told of it in another way."""
    hub = Hub(policy=APPROVAL)
    tell(hub, inputs.OperatorApproved(key(1)))
    assert isinstance(heard_by(come(hub, ALICE, "Alice", 1), ALICE)[0], effects.Welcome)


def test_a_denied_key_is_refused_and_may_ask_again() -> None:
    """With what the operator wrote."""
    hub = waiting_hub(ALICE, BOB)
    told = tell(hub, inputs.OperatorDenied(key(ALICE), " who are you? "))
    assert deliveries(told) == [((ALICE,), Refused(RefusalReason.DENIED, "who are you?"))]
    assert dismissed(told) == [ALICE]
    assert len(hub.overview().waiting) == 1
    assert heard_by(come(hub, CAROL, "Alice", ALICE), CAROL) == [effects.ApprovalAwaited()]


def test_no_more_wait_than_may() -> None:
    """The next is told that there is no room."""
    hub = waiting_hub(ALICE, limits=Limits(awaiting_approval=1))
    told = come(hub, BOB, "Bob", 2)
    assert heard_by(told, BOB) == [Refused(RefusalReason.FULL)]
    assert dismissed(told) == [BOB]


def test_one_address_cannot_keep_others_from_waiting() -> None:
    """Where it fills the room its last has to go for each who comes from elsewhere, until no address has more."""
    hub = waiting_hub(1, 2, 3, limits=Limits(awaiting_approval=3))
    told = come(hub, 4, "Dora", 4, address="2001:db8::1")
    assert heard_by(told, 3) == [Refused(RefusalReason.FULL)]
    assert dismissed(told) == [3]
    assert heard_by(told, 4) == [effects.ApprovalAwaited()]
    for connection, address in ((5, "2001:db8::2"), (6, ADDRESS)):
        assert heard_by(come(hub, connection, "", connection, address=address), connection) == [
            Refused(RefusalReason.FULL)
        ]
    assert [waiting.key for waiting in hub.overview().waiting] == [key(1), key(2), key(4)]


def test_who_waits_has_a_heartbeat_like_everybody() -> None:
    """He is pinged, his pings are answered, and silence ends his wait."""
    hub = waiting_hub(ALICE)
    assert deliveries(tell(hub, inputs.Ticked(), now=NOW + 14)) == []
    assert deliveries(tell(hub, inputs.Ticked(), now=NOW + 15)) == [((ALICE,), effects.Ping(WALL_TICKS))]
    assert deliveries(tell(hub, inputs.PingAsked(ALICE, 7), now=NOW + 20)) == [((ALICE,), effects.Pong(7))]
    assert dismissed(tell(hub, inputs.Ticked(), now=NOW + 64)) == []
    assert dismissed(tell(hub, inputs.Ticked(frozenset({ALICE})), now=NOW + 66)) == []
    told = tell(hub, inputs.Ticked(), now=NOW + 111)
    assert dismissed(told) == [ALICE]
    assert hub.overview().waiting == ()


def test_nobody_waits_for_ever() -> None:
    """When the operator does not answer, it is as if he had said no."""
    hub = waiting_hub(ALICE, limits=Limits(approval_seconds=30.0))
    tell(hub, inputs.SignOfLife(ALICE), now=NOW + 20)
    assert dismissed(tell(hub, inputs.Ticked(), now=NOW + 29.9)) == []
    told = tell(hub, inputs.Ticked(), now=NOW + 30)
    assert heard_by(told, ALICE) == [Refused(RefusalReason.DENIED)]
    assert dismissed(told) == [ALICE]


@pytest.mark.parametrize(
    "happened",
    [inputs.LeaveAnnounced(ALICE), inputs.StreamBroken(ALICE, "too long"), inputs.ConnectionLost(ALICE, "it broke")],
)
def test_one_who_goes_does_not_wait_any_more(happened: inputs.Input) -> None:
    """His id is free at once, as nobody was told of it; an approval that comes late is for his next try."""
    hub = Hub(ClientIds(largest=1), APPROVAL)
    come(hub, ALICE, "Alice", 1)
    assert dismissed(tell(hub, happened)) == [ALICE]
    assert hub.overview().waiting == ()
    assert deliveries(tell(hub, inputs.OperatorApproved(key(1)))) == []
    assert deliveries(tell(hub, inputs.Arrived(BOB, ADDRESS)))[0][1] == effects.Greeting(1, ADDRESS, WALL_TICKS)


def test_a_connection_that_waits_does_not_arrive_again() -> None:
    """Nor does it join a second time."""
    hub = waiting_hub(ALICE)
    assert tell(hub, inputs.Arrived(ALICE, ADDRESS, NONCE)) == []
    assert tell(hub, inputs.Joined(ALICE, Credentials("Alice"), key(1))) == []


def test_a_stop_refuses_those_who_wait() -> None:
    """They are told why, and ended."""
    told = tell(waiting_hub(ALICE), inputs.Stopped())
    assert deliveries(told) == [((ALICE,), Refused(RefusalReason.STOPPING))]
    assert dismissed(told) == [ALICE]


# Another policy


def test_another_policy_is_for_those_who_come_and_who_wait() -> None:
    """Who is here stays, whatever he is; the greeting and the log say it."""
    hub = Hub()
    come(hub, ALICE, "Alice")
    told = tell(hub, inputs.PolicyChanged(CODE))
    assert lines(told) == [CODE.sentence]
    assert dismissed(told) == []
    assert hub.overview().policy == CODE
    assert dismissed(come(hub, BOB, "Bob")) == [BOB]
    assert tell(hub, inputs.PolicyChanged(CODE)) == []


def test_who_waits_is_judged_by_the_new_policy() -> None:
    """Where everybody may join he may; where a code is asked he has to come again with it."""
    told = tell(waiting_hub(ALICE), inputs.PolicyChanged(Policy()))
    assert isinstance(heard_by(told, ALICE)[0], effects.Welcome)
    told = tell(waiting_hub(ALICE), inputs.PolicyChanged(CODE))
    assert heard_by(told, ALICE) == [Refused(RefusalReason.CODE_NEEDED)]
    assert dismissed(told) == [ALICE]
    assert (
        deliveries(tell(waiting_hub(ALICE), inputs.PolicyChanged(Policy(Joining.APPROVAL, takes_classic=False)))) == []
    )


def test_one_half_of_a_way_gives_its_id_back_without_a_word() -> None:
    """It is no newcomer; what becomes of its connection is nobody's business here."""
    hub = Hub(ClientIds(1))
    tell(hub, inputs.Arrived(1, ADDRESS, NONCE))
    assert tell(hub, inputs.BecameRelay(1)) == []
    assert tell(hub, inputs.ConnectionLost(1, "its relay has ended")) == []
    assert heard_by(tell(hub, inputs.Arrived(2, ADDRESS, NONCE)), 2)[0] == effects.Greeting(
        1, ADDRESS, WALL_TICKS, Mark(NONCE, Policy().door)
    )
