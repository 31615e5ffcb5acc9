"""Who comes in: greeting, judging, and the wait for the operator (docs/protocol.md, "Arrival" and "M5. Arrival").

Owns the policy and what becomes of each newcomer. Must never raise, nor do anything about a connection that is not
known any more; the proof and the join code are the arrival's. Pure: run by the dispatcher thread alone. Everywhere
`now` is monotonic seconds and `wall` Unix seconds.
"""

from collections import Counter
from dataclasses import replace

from commonlib.classic.keepalive import CLASSIC, KeepAlive
from commonlib.identity import Fingerprint, short_key_code
from commonlib.meaning import Meaning
from commonlib.ticks import ticks_from_unix
from commonlib.wire.greeting import Mark
from commonlib.wire.heartbeat import HEARTBEAT
from commonlib.wire.reasons import RefusalReason
from tcpipserver.hub import effects, inputs
from tcpipserver.hub.admission import Joining, Policy, Verdict
from tcpipserver.hub.announcements import Announcements
from tcpipserver.hub.effects import Deliver, Dismiss, Effect, Record, Refused
from tcpipserver.hub.keyring import Keyring
from tcpipserver.hub.limits import Limits
from tcpipserver.hub.origins import origin_of
from tcpipserver.hub.people import Credentials, Details, Member, Person
from tcpipserver.hub.records import equipment, named, secrecy, shown_name, shown_reason
from tcpipserver.hub.roster import Arriving, Awaiting, Roster

_NO_ID = "all ids are in use, or were until a moment ago; until one is free, no more lines tell of it"
_REFUSALS = {
    RefusalReason.BANNED: "its key is kept out",
    RefusalReason.CODE_NEEDED: "it did not say the join code",
    RefusalReason.DENIED: "the operator did not let it in",
    RefusalReason.FULL: "there is no room for more who wait for the operator, or no id",
}


class Reception:
    """One hub's door, from the inside.

    Attributes:
        policy: Who may join now.
        has_stopped: Nobody joins any more.
    """

    def __init__(
        self, roster: Roster, announcements: Announcements, keyring: Keyring, policy: Policy, limits: Limits
    ) -> None:
        self._roster = roster
        self._announcements = announcements
        self._keyring = keyring
        self._limits = limits
        self.has_stopped = False
        self._has_told_of_no_id = False
        self.policy = policy

    def judge(self, key: Fingerprint) -> Verdict:
        """What is to be done with one who has just proved this key."""
        known = self._keyring.maybe_known(key)
        if self.has_stopped:
            return Verdict(Refused(RefusalReason.STOPPING))
        if known is not None and known.banned_for is not None:
            return Verdict(Refused(RefusalReason.BANNED, known.banned_for))
        if self.policy.joining is Joining.OPEN:
            return Verdict(passes_lock_out=known is not None)
        is_admitted = self._keyring.is_admitted(key)
        asks_code = self.policy.joining is Joining.CODE and not is_admitted
        return Verdict(asks_code=asks_code, passes_lock_out=is_admitted)

    def presentable(self, credentials: Credentials, client_id: int, known_as: str = "") -> Credentials:
        """What somebody says of himself, as the others are told of it: within the limit, and never without a name."""
        return credentials.presentable(client_id, known_as, self._limits.name_characters)

    # Arriving

    def receive_arrived(self, happened: inputs.Arrived, now: float, wall: float) -> list[Effect]:
        """Greet a newcomer. Without an id only one is greeted who may turn out to speak the modern wire."""
        connection, address = happened.connection, happened.address
        if self.has_stopped:
            return [Dismiss(connection)]
        if self._roster.knows(connection):
            return []
        mark = Mark(happened.nonce, self.policy.door) if happened.nonce else None
        arriving = self._roster.maybe_greet(connection, address, now, needs_id=mark is None)
        if arriving is None:
            return [*self._maybe_tell_of_no_id(address), Dismiss(connection)]
        greeting = effects.Greeting(arriving.client_id, address, ticks_from_unix(wall), mark)
        told: list[Effect] = [Deliver((connection,), greeting)]
        if arriving.client_id:
            self._has_told_of_no_id = False
            told.append(Record(Meaning.CONNECTION, f"{address} connected and was given id {arriving.client_id}."))
        return told

    def _maybe_tell_of_no_id(self, address: str) -> list[Effect]:
        """One line until there is an id again: whoever tries without end must not fill the log."""
        if self._has_told_of_no_id:
            return []
        self._has_told_of_no_id = True
        return [Record(Meaning.TROUBLE, f"{address} was sent away: {_NO_ID}.")]

    def receive_became_relay(self, happened: inputs.BecameRelay) -> list[Effect]:
        """A newcomer is none: his id is free again."""
        self._roster.maybe_forget_arriving(happened.connection)
        return []

    def receive_joined(self, happened: inputs.Joined, now: float, wall: float) -> list[Effect]:
        """Take somebody in who has introduced himself, or tell him why not, or ask the operator."""
        arriving = self._roster.maybe_take_arriving(happened.connection)
        if arriving is None:
            return []
        happened = replace(happened, credentials=happened.credentials.clamped(self._limits.name_characters))
        if happened.key is None:
            return self._receive_classic(arriving, happened, now, wall)
        verdict = self.judge(happened.key)
        if verdict.refusal is not None:
            return self._refuse(arriving, happened, verdict.refusal)
        if verdict.asks_code and not happened.has_joined_by_code:
            return self._refuse(arriving, happened, Refused(RefusalReason.CODE_NEEDED))
        if self.policy.joining is Joining.APPROVAL and not self._keyring.is_admitted(happened.key):
            return self._await_operator(arriving, happened.key, happened, now, wall)
        admitted = self._keyring.admit(happened.key) if happened.has_joined_by_code else []
        return [*admitted, *self._take_in(arriving, happened, now, wall)]

    def _receive_classic(self, arriving: Arriving, happened: inputs.Joined, now: float, wall: float) -> list[Effect]:
        if not self.policy.admits_classic:
            return self._refuse(arriving, happened, Refused(RefusalReason.NOT_PROVED))
        if not arriving.client_id:
            goodbye = Deliver((happened.connection,), Refused(RefusalReason.FULL))
            return [goodbye, *self._maybe_tell_of_no_id(arriving.address), Dismiss(happened.connection)]
        return self._take_in(arriving, happened, now, wall)

    def _refuse(self, arriving: Arriving, joined: inputs.Joined, refusal: Refused) -> list[Effect]:
        self._roster.let_go(arriving)
        reason = _REFUSALS.get(refusal.reason, "") if joined.key is not None else "it is not encrypted"
        who = f"{shown_name(joined.credentials.name)} from {arriving.address}"
        return [
            Deliver((joined.connection,), refusal),
            Dismiss(joined.connection),
            Record(Meaning.TROUBLE, f"{who} was not taken in: {reason}{shown_reason(refusal.text)}."),
        ]

    def _take_in(self, arriving: Arriving, joined: inputs.Joined, now: float, wall: float) -> list[Effect]:
        """Make a member of somebody, and let all know each other."""
        client_id = arriving.client_id or self._roster.maybe_wide_id()
        if client_id is None:
            return self._refuse(arriving, joined, Refused(RefusalReason.FULL))
        key = joined.key
        known = None if key is None else self._keyring.maybe_known(key)
        person = Person(
            client_id,
            arriving.address,
            self.presentable(joined.credentials, client_id, "" if known is None else known.name),
            (joined.details or Details()).clamped(),
            key,
            1 if key is None else self._roster.free_session(key),
        )
        rhythm = CLASSIC if key is None else HEARTBEAT
        newcomer = Member(joined.connection, person, KeepAlive.begin(now, rhythm), since=wall)
        self._roster.add(newcomer)
        told = self._announcements.announce_newcomer(newcomer, now)
        if key is not None:
            told += self._keyring.see(key, person.credentials, wall)
        line = f"{named(person)} registered from {person.address}{equipment(person)}, {secrecy(person)}."
        return [*told, Record(Meaning.GOOD, line)]

    # Waiting for the operator

    def _await_operator(
        self, arriving: Arriving, key: Fingerprint, joined: inputs.Joined, now: float, wall: float
    ) -> list[Effect]:
        if len(self._roster.all_awaiting()) < self._limits.awaiting_approval:
            made_room: list[Effect] = []
        elif (crowding := self._maybe_crowding(arriving)) is not None:
            made_room = self.refuse_awaiting(crowding, Refused(RefusalReason.FULL))
        else:
            return self._refuse(arriving, joined, Refused(RefusalReason.FULL))
        keepalive = KeepAlive.begin(now, HEARTBEAT)
        self._roster.await_operator(Awaiting(key, arriving, joined, keepalive, since=now, asked_at=wall))
        who = f"{shown_name(joined.credentials.name)} from {arriving.address}"
        line = f"{who} asks to be let in, with the key {short_key_code(key)}: approve it, or deny it."
        return [*made_room, Deliver((joined.connection,), effects.ApprovalAwaited()), Record(Meaning.NOTE, line)]

    def _maybe_crowding(self, arriving: Arriving) -> Awaiting | None:
        """Who has to make room: the last from the address that has most waiting, if that is not the newcomer's own.

        Keys cost nothing, so whoever fills the room must not keep out who comes from elsewhere.
        """
        origins = [origin_of(awaiting.arriving.address) for awaiting in self._roster.all_awaiting()]
        waiting = Counter(origins)
        largest = max(waiting, key=waiting.__getitem__)
        if waiting[origin_of(arriving.address)] + 1 >= waiting[largest]:
            return None
        last = len(origins) - 1 - origins[::-1].index(largest)
        return self._roster.all_awaiting()[last]

    def receive_from_awaiting(self, awaiting: Awaiting, happened: inputs.FromMember, now: float) -> list[Effect]:
        """Whatever one sends who waits is passed over, but for the heartbeat and his leaving."""
        awaiting.keepalive = awaiting.keepalive.heard(now)
        connection = awaiting.joined.connection
        match happened:
            case inputs.PingAsked(_, ticks):
                return [Deliver((connection,), effects.Pong(ticks))]
            case inputs.LeaveAnnounced() | inputs.StreamBroken():
                return self.forget_awaiting(awaiting, "it did not wait for the operator")
            case _:
                return []

    def receive_approved(self, happened: inputs.OperatorApproved, now: float, wall: float) -> list[Effect]:
        """A key is let in: all who wait with it, and whenever it comes again."""
        known = self._keyring.maybe_known(happened.key)
        if known is not None and known.is_admitted:
            return []
        told = self._keyring.admit(happened.key)
        told.append(Record(Meaning.NOTE, f"The operator lets the key {short_key_code(happened.key)} in."))
        for awaiting in self._awaiting_with(happened.key):
            told += self._let_in(awaiting, now, wall)
        return told

    def receive_denied(self, happened: inputs.OperatorDenied) -> list[Effect]:
        """Those who wait with a key are sent away."""
        refusal = Refused(RefusalReason.DENIED, happened.reason.strip())
        return [
            told for awaiting in self._awaiting_with(happened.key) for told in self.refuse_awaiting(awaiting, refusal)
        ]

    def receive_policy(self, happened: inputs.PolicyChanged, now: float, wall: float) -> list[Effect]:
        """Others may join from now on; who is here stays, and who waits is judged anew."""
        if happened.policy == self.policy:
            return []
        self.policy = happened.policy
        told: list[Effect] = [Record(Meaning.NOTE, self.policy.sentence)]
        for awaiting in self._roster.all_awaiting():
            if self.policy.joining is Joining.OPEN:
                told += self._let_in(awaiting, now, wall)
            elif self.policy.joining is Joining.CODE:
                told += self.refuse_awaiting(awaiting, Refused(RefusalReason.CODE_NEEDED))
        return told

    def refuse_awaiting(self, awaiting: Awaiting, refusal: Refused) -> list[Effect]:
        """Somebody who waits is sent away."""
        self._roster.maybe_take_awaiting(awaiting.joined.connection)
        return self._refuse(awaiting.arriving, awaiting.joined, refusal)

    def forget_awaiting(self, awaiting: Awaiting, reason: str) -> list[Effect]:
        """Somebody who waits is gone; `reason` goes on where «… is gone: » ends."""
        self._roster.maybe_take_awaiting(awaiting.joined.connection)
        self._roster.let_go(awaiting.arriving)
        who = f"{shown_name(awaiting.joined.credentials.name)} from {awaiting.arriving.address}"
        return [
            Dismiss(awaiting.joined.connection),
            Record(Meaning.CONNECTION, f"{who}, who asked to be let in, is gone: {reason}."),
        ]

    def receive_ticked(self, happened: inputs.Ticked, now: float, wall: float) -> list[Effect]:
        """Who waits is kept awake, and not for ever."""
        told: list[Effect] = []
        for awaiting in self._roster.all_awaiting():
            connection = awaiting.joined.connection
            if connection in happened.held_back:
                awaiting.keepalive = awaiting.keepalive.heard(now)
            if awaiting.keepalive.is_silent(now):
                told += self.forget_awaiting(awaiting, "nothing was heard of it")
            elif now - awaiting.since >= self._limits.approval_seconds:
                told += self.refuse_awaiting(awaiting, Refused(RefusalReason.DENIED))
            elif awaiting.keepalive.is_ping_due(now):
                ticks = ticks_from_unix(wall)
                awaiting.keepalive = awaiting.keepalive.ping_sent(ticks, now)
                told.append(Deliver((connection,), effects.Ping(ticks)))
        return told

    def stop(self) -> list[Effect]:
        """Nobody comes in any more; those who wait are told."""
        self.has_stopped = True
        told: list[Effect] = []
        for awaiting in self._roster.all_awaiting():
            connection = awaiting.joined.connection
            self._roster.maybe_take_awaiting(connection)
            told += [Deliver((connection,), Refused(RefusalReason.STOPPING)), Dismiss(connection)]
        return told

    def _let_in(self, awaiting: Awaiting, now: float, wall: float) -> list[Effect]:
        self._roster.maybe_take_awaiting(awaiting.joined.connection)
        return self._take_in(awaiting.arriving, awaiting.joined, now, wall)

    def _awaiting_with(self, key: Fingerprint) -> list[Awaiting]:
        return [awaiting for awaiting in self._roster.all_awaiting() if awaiting.key == key]
