"""Whatever the operator decides, and whoever comes, waits and goes: nobody is here who may not be, and all are told.

What the model knows is what was decided and what each connection was told. Thread: the test's own.
"""

from dataclasses import dataclass

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from commonlib.identity import Fingerprint
from commonlib.wire.reasons import ClosingReason, RefusalReason
from tcpipserver.hub import effects, inputs
from tcpipserver.hub.admission import Joining, Policy
from tcpipserver.hub.brain import Hub
from tcpipserver.hub.effects import Deliver, Dismiss, Effect
from tcpipserver.hub.limits import Limits
from tcpipserver.hub.people import Credentials, KnownKey
from tests.support.hubs import ADDRESS, NONCE, key

APPROVAL_SECONDS = 45.0
MOST_AWAITING = 2
KEYS = [key(number) for number in range(1, 4)]
keys = st.sampled_from(KEYS)
policies = st.builds(Policy, st.sampled_from(Joining), st.booleans())
DECISIONS = ("approve", "deny", "ban", "unban")
reasons = st.sampled_from(["", "too loud"])
IN_ARRIVAL = effects.ApprovalAwaited | effects.Refused | effects.Ping | effects.Pong


@dataclass(slots=True)
class Guest:
    """One connection that introduced itself: None is on the classic wire."""

    key: Fingerprint | None
    since: float
    is_member: bool = False


class AdmissionMachine(RuleBasedStateMachine):
    """One hub whose operator changes his mind."""

    def __init__(self) -> None:
        super().__init__()
        self.limits = Limits(approval_seconds=APPROVAL_SECONDS, awaiting_approval=MOST_AWAITING)
        self.hub = Hub(limits=self.limits)
        self.policy = Policy()
        self.now = 0.0
        self.last_connection = 0
        self.guests: dict[int, Guest] = {}
        self.admitted: set[Fingerprint] = set()
        self.banned: dict[Fingerprint, str] = {}
        self.stored: dict[Fingerprint, KnownKey] = {}

    def tell(self, happened: inputs.Input) -> list[Effect]:
        """Give the hub an input; everybody hears what he may, and whoever is refused or ended is gone."""
        told = self.hub.receive(happened, self.now, self.now)
        refused: set[int] = set()
        for effect in told:
            match effect:
                case Deliver(to, item):
                    for connection in to:
                        self.hear(connection, item)
                    refused |= set(to) if isinstance(item, effects.Refused | effects.Closing) else set()
                case Dismiss(connection):
                    self.guests.pop(connection, None)
                    refused.discard(connection)
                case effects.Remember(known):
                    self.stored[known.key] = known
                case effects.Forget(forgotten):
                    del self.stored[forgotten]
        assert not refused, "somebody was told that it is over and was not ended"
        return told

    def hear(self, connection: int, item: effects.Item) -> None:
        """Whoever is not taken in hears of his arrival alone."""
        guest = self.guests.get(connection)
        match item:
            case effects.Greeting():
                assert guest is None
            case effects.Welcome():
                assert guest is not None
                assert not guest.is_member
                guest.is_member = True
            case effects.PersonRegistered() | effects.PeopleDetails() if guest is not None and guest.key is None:
                guest.is_member = True
            case _:
                assert guest is not None
                assert guest.is_member or isinstance(item, IN_ARRIVAL)

    def refusal_of(self, joined: inputs.Joined) -> RefusalReason | None:
        """Why this one is not taken in, nor asked to wait."""
        if joined.key is None:
            return None if self.policy.admits_classic else RefusalReason.NOT_PROVED
        if joined.key in self.banned:
            return RefusalReason.BANNED
        if self.policy.joining is Joining.CODE and joined.key not in self.admitted and not joined.has_joined_by_code:
            return RefusalReason.CODE_NEEDED
        awaiting = sum(not guest.is_member for guest in self.guests.values())
        if self.has_to_wait(joined) and awaiting >= MOST_AWAITING:
            return RefusalReason.FULL
        return None

    def has_to_wait(self, joined: inputs.Joined) -> bool:
        """Whether the operator is asked about this one."""
        return self.policy.joining is Joining.APPROVAL and joined.key is not None and joined.key not in self.admitted

    @initialize(policy=policies, whose=st.lists(keys | st.none(), max_size=3))
    def begin(self, policy: Policy, whose: list[Fingerprint | None]) -> None:
        """Under any policy, and with some who come."""
        self.change_policy(policy)
        self.come_together(whose, knows_code=False)

    @rule(whose=st.lists(keys | st.none(), max_size=3), knows_code=st.booleans())
    def come_together(self, whose: list[Fingerprint | None], knows_code: bool) -> None:
        for one in whose:
            self.come(one, knows_code)

    def come(self, whose: Fingerprint | None, knows_code: bool) -> None:
        self.last_connection = connection = self.last_connection + 1
        self.tell(inputs.Arrived(connection, ADDRESS, NONCE))
        by_code = knows_code and self.policy.joining is Joining.CODE
        joined = inputs.Joined(connection, Credentials("name"), whose, has_joined_by_code=by_code)
        refusal, waits = self.refusal_of(joined), self.has_to_wait(joined)
        if whose is not None:
            verdict = self.hub.judge(whose)
            assert (verdict.refusal is not None) == (whose in self.banned)
            assert verdict.asks_code == (
                self.policy.joining is Joining.CODE and whose not in self.admitted and whose not in self.banned
            )
        self.guests[connection] = Guest(whose, self.now)
        told = self.tell(joined)
        refusals = [
            one.item.reason for one in told if isinstance(one, Deliver) and isinstance(one.item, effects.Refused)
        ]
        assert refusals == ([] if refusal is None else [refusal])
        if refusal is None:
            assert self.guests[connection].is_member is not waits
            if by_code and whose is not None:
                self.admitted.add(whose)

    @rule(policy=policies, is_needed=st.integers(0, 3))
    def maybe_change_policy(self, policy: Policy, is_needed: int) -> None:
        if not is_needed:
            self.change_policy(policy)

    def change_policy(self, policy: Policy) -> None:
        members = {connection for connection, guest in self.guests.items() if guest.is_member}
        self.policy = policy
        self.tell(inputs.PolicyChanged(policy))
        assert members <= set(self.guests), "somebody who was here was sent away"
        if policy.joining is not Joining.APPROVAL:
            assert all(guest.is_member for guest in self.guests.values())

    @rule(what=st.sampled_from(DECISIONS), whose=keys, someone=st.none() | st.integers(0, 5), reason=reasons)
    def decide(self, what: str, whose: Fingerprint, someone: int | None, reason: str) -> None:
        """One rule for all that the operator does, else there would be few guests for it."""
        match what:
            case "approve":
                self.approve(whose)
            case "deny":
                self.deny(whose, reason)
            case "ban":
                self.ban(whose, someone, reason)
            case _:
                self.banned.pop(whose, None)
                self.tell(inputs.OperatorUnbanned(whose))

    def approve(self, whose: Fingerprint) -> None:
        self.admitted.add(whose)
        self.tell(inputs.OperatorApproved(whose))
        assert all(guest.is_member for guest in self.guests.values() if guest.key == whose)

    def deny(self, whose: Fingerprint, reason: str) -> None:
        members = [guest for guest in self.guests.values() if guest.is_member]
        self.tell(inputs.OperatorDenied(whose, reason))
        assert [guest for guest in self.guests.values() if guest.is_member] == members
        assert all(guest.is_member for guest in self.guests.values() if guest.key == whose)

    def ban(self, whose: Fingerprint, someone: int | None, reason: str) -> None:
        people = [] if someone is None else self.hub.people()[someone : someone + 1]
        told = self.tell(inputs.OperatorBanned((whose,), tuple(person.id for person in people), reason))
        named = {whose, *(person.key for person in people if person.key is not None)}
        self.banned |= dict.fromkeys(named, reason)
        assert not [guest for guest in self.guests.values() if guest.key in named]
        closings = [one.item for one in told if isinstance(one, Deliver) and isinstance(one.item, effects.Closing)]
        assert all(closing == effects.Closing(ClosingReason.BANNED, reason) for closing in closings)

    @rule(someone=st.integers(0, 5), reason=reasons)
    def go(self, someone: int, reason: str) -> None:
        connections = list(self.guests)
        if someone < len(connections):
            happened = inputs.ConnectionLost if reason else inputs.StreamBroken
            self.tell(happened(connections[someone], "gone"))
            assert connections[someone] not in self.guests

    @rule(someone=st.integers(0, 5))
    def say(self, someone: int) -> None:
        """Who waits is not heard."""
        connections = list(self.guests)
        if someone < len(connections):
            told = self.tell(inputs.TextSaid(connections[someone], 0, "let me in"))
            assert bool(told) == self.guests[connections[someone]].is_member

    @rule(seconds=st.sampled_from([1.0, 44.0]))
    def pass_time(self, seconds: float) -> None:
        """Everybody gives a sign of life, so that only the operator's silence ends a wait."""
        self.now += seconds
        for connection in list(self.guests):
            self.tell(inputs.SignOfLife(connection))
        self.tell(inputs.Ticked())
        assert all(guest.is_member or self.now - guest.since < APPROVAL_SECONDS for guest in self.guests.values())

    @invariant()
    def the_hub_has_whom_it_took_in(self) -> None:
        """And waiting are the others, each with his key."""
        overview = self.hub.overview()
        members = [guest.key for guest in self.guests.values() if guest.is_member]
        assert sorted(members, key=str) == sorted((one.person.key for one in overview.people), key=str)
        assert [one.key for one in overview.waiting] == [one.key for one in self.guests.values() if not one.is_member]
        assert overview.policy == self.policy

    @invariant()
    def nobody_is_here_who_is_kept_out(self) -> None:
        """Neither taken in nor waiting; and all who are kept out are listed, with the reason."""
        assert not [guest for guest in self.guests.values() if guest.key in self.banned]
        assert {known.key: known.banned_for for known in self.hub.overview().banned} == self.banned

    @invariant()
    def what_is_stored_is_what_was_decided(self) -> None:
        """A hub that starts from it decides as this one does."""
        again = Hub(policy=self.policy, limits=self.limits)
        again.receive(inputs.KeysLoaded(tuple(self.stored.values())), self.now, self.now)
        assert [again.judge(one) for one in KEYS] == [self.hub.judge(one) for one in KEYS]


TestAdmission = AdmissionMachine.TestCase
