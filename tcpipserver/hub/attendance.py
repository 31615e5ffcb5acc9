"""Who comes, who goes, who has changed, and who has gone silent (docs/protocol.md, "Sequences" and "Keep-alive").

Owns what is told of all that, and the pings. Must never raise, nor do anything about a connection that is not known any
more. Pure: run by the dispatcher thread alone. Everywhere `now` is monotonic seconds and `wall` Unix seconds.
"""

from dataclasses import replace

from commonlib.classic.keepalive import CLIENT_SILENCE_SECONDS, KeepAlive
from commonlib.classic.packet import SERVER
from commonlib.meaning import Meaning
from commonlib.printable import printable
from commonlib.ticks import ticks_from_unix
from tcpipserver.hub import effects, inputs
from tcpipserver.hub.effects import Deliver, Dismiss, Effect, Record
from tcpipserver.hub.people import Member, Person
from tcpipserver.hub.records import named
from tcpipserver.hub.roster import Roster

MOST_CHANGES_TOLD = 5
"""Changes of one member that are told between two ticks as they come; of further ones the last, at the tick."""
_LONGEST_REASON = 200
_SENT_AWAY = "the operator sent it away"


class Attendance:
    """Keeps the roster, and everybody informed of it."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._has_stopped = False
        self._has_told_of_no_id = False

    # Coming

    def receive_arrived(self, happened: inputs.Arrived, now: float, wall: float) -> list[Effect]:
        """Greet a newcomer, where there is an id for him."""
        connection, address = happened.connection, happened.address
        if self._has_stopped:
            return [Dismiss(connection)]
        if self._roster.knows(connection):
            return []
        arriving = self._roster.maybe_greet(connection, address, now)
        if arriving is None:
            return [*self._maybe_tell_of_no_id(address), Dismiss(connection)]
        self._has_told_of_no_id = False
        return [
            Deliver((connection,), effects.Greeting(arriving.client_id, address, ticks_from_unix(wall))),
            Record(Meaning.CONNECTION, f"{address} connected and was given id {arriving.client_id}."),
        ]

    def _maybe_tell_of_no_id(self, address: str) -> list[Effect]:
        """One line until there is an id again: whoever tries without end must not fill the log."""
        if self._has_told_of_no_id:
            return []
        self._has_told_of_no_id = True
        reason = "all ids are in use, or were until a moment ago; until one is free, no more lines tell of it"
        return [Record(Meaning.TROUBLE, f"{address} was sent away: {reason}.")]

    def receive_joined(self, happened: inputs.Joined, now: float, wall: float) -> list[Effect]:
        """Let all know each other, and then that the newcomer is registered."""
        arriving = self._roster.maybe_take_arriving(happened.connection)
        if arriving is None:
            return []
        person = Person(arriving.client_id, arriving.address, happened.credentials.presentable(arriving.client_id))
        others, people = self._roster.connections(), tuple(member.person for member in self._roster)
        self._roster.add(Member(happened.connection, person, KeepAlive.begin(now), since=wall))
        told: list[Effect] = []
        if others:
            told.append(Deliver((happened.connection,), effects.PeopleDetails(people)))
            told.append(Deliver(others, effects.PeopleDetails((person,))))
        told.append(Deliver(self._roster.connections(), effects.PersonRegistered(person.id)))
        told.append(Record(Meaning.GOOD, f"{named(person)} registered from {person.address}{_equipment(person)}."))
        return told

    # Changing

    def receive_credentials(self, member: Member, happened: inputs.CredentialsChanged) -> list[Effect]:
        """Somebody goes by another name, or came from another computer."""
        credentials = happened.credentials.presentable(member.id)
        return self._change(member, replace(member.wanted or member.person, credentials=credentials))

    def receive_details(self, member: Member, happened: inputs.DetailsChanged) -> list[Effect]:
        """Somebody changed what he wants others to know of him."""
        return self._change(member, replace(member.wanted or member.person, details=happened.details.clamped()))

    def _change(self, member: Member, wanted: Person) -> list[Effect]:
        """Tell the others at once, or at the next tick of what has come of many changes: each is told to everybody."""
        member.wanted = wanted
        return self._maybe_tell_of_change(member) if member.changes_told < MOST_CHANGES_TOLD else []

    def _maybe_tell_of_change(self, member: Member) -> list[Effect]:
        before, wanted = member.person, member.wanted
        member.wanted = None
        if wanted is None or wanted == before:
            return []
        member.person = wanted
        member.changes_told += 1
        told = self._tell_others_about(member)
        if wanted.credentials != before.credentials:
            line = f"{named(before)} now goes by {named(wanted)}{_equipment(wanted)}."
            told.append(Record(Meaning.CONNECTION, line))
        return told

    def _tell_others_about(self, member: Member) -> list[Effect]:
        others = tuple(connection for connection in self._roster.connections() if connection != member.connection)
        return _maybe_deliver(others, effects.PeopleDetails((member.person,)))

    # Going

    def receive_leave(self, member: Member, now: float) -> list[Effect]:
        """Somebody says goodbye; he hears of his own leaving like everybody else, as he did from the original."""
        told = self._roster.connections()
        self._roster.remove(member, now)
        return [
            Deliver(told, effects.PersonLeft(member.id)),
            Dismiss(member.connection),
            Record(Meaning.CONNECTION, f"{named(member.person)} left."),
        ]

    def receive_lost(self, happened: inputs.ConnectionLost, now: float) -> list[Effect]:
        """A connection has ended, whoever was behind it."""
        reason = printable(happened.reason, _LONGEST_REASON)
        arriving = self._roster.maybe_forget_arriving(happened.connection)
        if arriving is not None:
            return [
                Dismiss(happened.connection),
                Record(Meaning.TROUBLE, f"{arriving.address} did not register: {reason}."),
            ]
        member = self._roster.maybe_member(happened.connection)
        return [] if member is None else self._drop(member, reason, now)

    def _drop(self, member: Member, reason: str, now: float) -> list[Effect]:
        self._roster.remove(member, now)
        return [
            *_maybe_deliver(self._roster.connections(), effects.PersonLeft(member.id)),
            Dismiss(member.connection),
            Record(Meaning.CONNECTION, f"{named(member.person)} is gone: {reason}."),
        ]

    def receive_kicked(self, happened: inputs.OperatorKicked, now: float) -> list[Effect]:
        """Send people away. Classic clients know no reason for an end, so it comes as a text before it."""
        reason = printable(happened.reason.strip(), _LONGEST_REASON)
        told: list[Effect] = []
        for client_id in dict.fromkeys(happened.ids):
            member = self._roster.maybe_member_by_id(client_id)
            if member is None:
                continue
            if reason:
                text = effects.Text(SERVER, client_id, f"You were sent away: {reason}", (0, 0), b"")
                told.append(Deliver((member.connection,), text))
            told += self._drop(member, f"the operator sent it away ({reason})" if reason else _SENT_AWAY, now)
        return told

    def receive_stopped(self, now: float) -> list[Effect]:
        """Say goodbye to the members; those who are arriving hear nothing, as they have not chosen a dialect yet."""
        if self._has_stopped:
            return []
        self._has_stopped = True
        members, arriving = self._roster.connections(), self._roster.arriving_connections()
        for member in tuple(self._roster):
            self._roster.remove(member, now)
        for connection in arriving:
            self._roster.maybe_forget_arriving(connection)
        return [
            *_maybe_deliver(members, effects.HubExiting()),
            *map(Dismiss, members + arriving),
            Record(Meaning.NOTE, f"The hub stops and has said goodbye to all who were here ({len(members)})."),
        ]

    # Keeping alive

    def receive_ticked(self, happened: inputs.Ticked, now: float, wall: float) -> list[Effect]:
        """Drop who has been silent for too long, ping who is due, tell what is left to tell of those who changed.

        Whom we keep from sending is not silent.
        """
        told: list[Effect] = []
        for member in tuple(self._roster):
            if member.connection in happened.held_back:
                member.keepalive = member.keepalive.heard(now)
            elif member.keepalive.is_silent(now):
                reason = f"nothing was heard of it for {CLIENT_SILENCE_SECONDS / 60:.0f} minutes"
                told += self._drop(member, reason, now)
                continue
            member.changes_told = 0
            told += self._maybe_tell_of_change(member)
            if member.keepalive.is_ping_due(now):
                told += self.receive_ping(member, now, wall)
        return told

    def receive_ping(self, member: Member, now: float, wall: float) -> list[Effect]:
        """Ping a member, because it is time or because he asked: a ping is answered with one."""
        ticks = ticks_from_unix(wall)
        member.keepalive = member.keepalive.ping_sent(ticks, now)
        return [Deliver((member.connection,), effects.Ping(ticks))]

    def receive_answer(self, member: Member, happened: inputs.PingAnswered, now: float, wall: float) -> list[Effect]:
        """A member answered a ping."""
        member.keepalive = member.keepalive.ping_answered(happened.ticks, now, wall)
        return []


def _maybe_deliver(connections: tuple[int, ...], item: effects.Item) -> list[Effect]:
    return [Deliver(connections, item)] if connections else []


def _equipment(person: Person) -> str:
    """What somebody came with, for a line of the log."""
    computer = printable(person.credentials.computer, 50) or "not given"
    version = printable(person.credentials.version, 30)
    return f" (computer {computer}, version {version})" if version else f" (computer {computer})"
