"""Who has come, changed and left, as the others are told of it (docs/protocol.md, "Sequences" and "M6. Being there").

Owns what is kept for a moment: on the modern wire all that happens within 50 ms, in a rush within half a second, is
told at once, so that a thousand who arrive together do not cost a million sends; on the classic wire all is told as it
happens. Must never let what a member sends come before the telling of him, nor tell anybody of one who has left before
he was told of. Pure: run by the dispatcher thread alone; `now` is monotonic seconds.
"""

from collections.abc import Iterable
from enum import Enum

from tcpipserver.hub import effects
from tcpipserver.hub.effects import Deliver, Effect
from tcpipserver.hub.people import Member, Person, Wire
from tcpipserver.hub.roster import Roster

ANNOUNCEMENT_SECONDS = 0.05
"""Nothing is kept longer than this, except in a rush."""
RUSH_SECONDS_PER_LISTENER = 0.001
"""Between two tellings, for each who hears them: so they never cost more than a small part of the hub's time."""
MOST_RUSH_SECONDS = 0.5
"""Between two tellings, however many hear them. What comes soon after one waits for the next."""
MOST_KEPT = 400
"""Nor more than this: what each newcomer is told is found by looking at what was kept since he came."""


class _Kind(Enum):
    CAME = 1
    CHANGED = 2
    LEFT = 3


class Announcements:
    """What the members of one hub know of each other.

    Attributes:
        due: When to call `tell`, monotonic seconds; None while nothing is kept.
    """

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._kept: list[tuple[_Kind, int]] = []
        # What newcomers were told when they came holds all that was kept until then: from which place on the rest is.
        self._told_until: dict[int, int] = {}
        self._came_at: dict[int, int] = {}
        # Connections that heard of a newcomer early, because something of his came to them; a dict for its order.
        self._introduced: dict[int, dict[int, None]] = {}
        self.due: float | None = None
        self._last_due = -MOST_RUSH_SECONDS

    # What has happened; each returns what is told at once

    def announce_newcomer(self, newcomer: Member, now: float) -> list[Effect]:
        """Tell somebody who has just been added to the roster of all, and all of him."""
        told = self._welcome(newcomer)
        connection, client_id = newcomer.connection, newcomer.id
        if newcomer.person.has_short_id:
            classic = self._roster.connections_on(Wire.CLASSIC)
            others = tuple(one for one in classic if one != connection)
            told += _maybe_deliver(others, effects.PeopleDetails((newcomer.person,)))
            told += _maybe_deliver(classic, effects.PersonRegistered(client_id))
        self._keep(_Kind.CAME, client_id, now)
        if self._kept:
            self._came_at[client_id] = len(self._kept) - 1
            if newcomer.wire is Wire.MODERN:
                self._told_until[connection] = len(self._kept)
        return [*told, *self._tell_when_too_much()]

    def announce_change(self, member: Member, now: float) -> list[Effect]:
        """Tell all others how somebody is seen from now on."""
        told: list[Effect] = []
        if member.person.has_short_id:
            classic = self._roster.connections_on(Wire.CLASSIC)
            others = tuple(one for one in classic if one != member.connection)
            told += _maybe_deliver(others, effects.PeopleDetails((member.person,)))
        self._keep(_Kind.CHANGED, member.id, now)
        return [*told, *self._tell_when_too_much()]

    def announce_leaving(self, member: Member, classic: tuple[int, ...], now: float) -> list[Effect]:
        """Tell those of the classic wire, and all of the modern one, that somebody has left the roster."""
        client_id, told = member.id, list[Effect]()
        if member.person.has_short_id:
            told += _maybe_deliver(classic, effects.PersonLeft(client_id))
        self._told_until.pop(member.connection, None)
        self._came_at.pop(client_id, None)
        introduced = self._introduced.pop(client_id, {})
        still_here = tuple(one for one in introduced if self._roster.maybe_member(one) is not None)
        told += _maybe_deliver(still_here, effects.PeopleLeft((client_id,)))
        self._keep(_Kind.LEFT, client_id, now)
        return [*told, *self._tell_when_too_much()]

    # What has been kept

    def tell(self) -> list[Effect]:
        """Tell what was kept."""
        kept, told_until = self._kept, self._told_until
        told: list[Effect] = []
        if kept:
            everybody = self._roster.connections_on(Wire.MODERN)
            established = tuple(one for one in everybody if one not in told_until)
            if all(kind is _Kind.CAME for kind, _ in kept):
                told += self._told_of_newcomers([client_id for _, client_id in kept], established)
            else:
                told += self._told_of(kept, established)
                for connection, place in told_until.items():
                    told += self._told_of(kept[place:], (connection,))
        self.forget()
        return told

    def forget(self) -> None:
        """Nobody is to be told of what was kept."""
        self._kept, self._told_until, self._came_at, self._introduced = [], {}, {}, {}
        if self.due is not None:
            self._last_due, self.due = self.due, None

    def introduce(self, sender: Member, recipient: Member) -> list[Effect]:
        """Something of the sender's is about to reach the recipient: tell of him first, where that was not done yet."""
        came_at = self._came_at.get(sender.id)
        if came_at is None or recipient.wire is Wire.CLASSIC or self._told_until.get(recipient.connection, 0) > came_at:
            return []
        introduced = self._introduced.setdefault(sender.id, {})
        if recipient.connection in introduced:
            return []
        introduced[recipient.connection] = None
        return [Deliver((recipient.connection,), effects.PeopleDetails((sender.person,)))]

    def introduce_to_all(self, sender: Member) -> list[Effect]:
        """Something of the sender's is about to reach everybody."""
        return self.tell() if sender.id in self._came_at else []

    # Inside

    def _welcome(self, newcomer: Member) -> list[Effect]:
        """Who is here, as the newcomer is told of it."""
        himself, person = (newcomer.connection,), newcomer.person
        if newcomer.wire is Wire.CLASSIC:
            others = tuple(one.person for one in self._roster if one is not newcomer and one.person.has_short_id)
            return _maybe_people(himself, others)
        others = self._roster.people()[:-1]  # He has just been added, and is the last.
        return [
            effects.TakenIn(newcomer.connection),
            Deliver(himself, effects.Welcome(person.id, person.name, person.session)),
            *(_maybe_deliver(himself, effects.Roster(others)) if others else []),
            Deliver(himself, effects.RosterComplete()),
        ]

    def _keep(self, kind: _Kind, client_id: int, now: float) -> None:
        """Nothing is kept where nobody on the modern wire could be told of it."""
        listeners = self._roster.count_on(Wire.MODERN)
        if self._kept or listeners:
            self._kept.append((kind, client_id))
            if self.due is None:
                rush = rush_seconds(listeners)
                self.due = min(max(now + ANNOUNCEMENT_SECONDS, self._last_due + rush), now + rush)

    def _tell_when_too_much(self) -> list[Effect]:
        return self.tell() if len(self._kept) >= MOST_KEPT else []

    def _told_of_newcomers(self, ids: list[int], established: tuple[int, ...]) -> list[Effect]:
        """As _told_of for everybody, where nothing else has happened than that these came: they are all still here."""
        found = (self._roster.maybe_member_by_id(client_id) for client_id in ids)
        people = tuple(member.person for member in found if member is not None)
        told = _maybe_people(established, people)
        for connection, place in self._told_until.items():
            told += _maybe_people((connection,), people[place:])
        return told

    def _told_of(self, kept: Iterable[tuple[_Kind, int]], connections: tuple[int, ...]) -> list[Effect]:
        """What has come of all this: who left first, so that one who came back is not seen twice."""
        if not connections:
            return []
        here: dict[int, _Kind] = {}
        left: list[int] = []
        for kind, client_id in kept:
            if kind is not _Kind.LEFT:
                here.setdefault(client_id, kind)
            elif here.pop(client_id, None) is not _Kind.CAME:
                left.append(client_id)
        told = _maybe_deliver(connections, effects.PeopleLeft(tuple(left))) if left else []
        found = (self._roster.maybe_member_by_id(client_id) for client_id in here)
        members = [member for member in found if member is not None]
        concerned = {member.connection for member in members} & set(connections)
        others = tuple(one for one in connections if one not in concerned) if concerned else connections
        told += _maybe_people(others, tuple(member.person for member in members))
        for one in sorted(concerned):
            told += _maybe_people((one,), tuple(member.person for member in members if member.connection != one))
        return told


def rush_seconds(listeners: int) -> float:
    """How long after a telling to so many the next one is, where something happens all the time."""
    return max(ANNOUNCEMENT_SECONDS, min(listeners * RUSH_SECONDS_PER_LISTENER, MOST_RUSH_SECONDS))


def _maybe_deliver(connections: tuple[int, ...], item: effects.Item) -> list[Effect]:
    return [Deliver(connections, item)] if connections else []


def _maybe_people(connections: tuple[int, ...], people: tuple[Person, ...]) -> list[Effect]:
    return _maybe_deliver(connections, effects.PeopleDetails(people)) if people else []
