"""Who goes, who has changed, and who has gone silent (docs/protocol.md, "Sequences", "Keep-alive" and M6).

Owns what is told of all that, and when to ping. Must never raise, nor do anything about a connection that is not known
any more. Pure: run by the dispatcher thread alone. Everywhere `now` is monotonic seconds and `wall` Unix seconds.
"""

from dataclasses import replace

from commonlib.meaning import Meaning
from commonlib.printable import printable
from commonlib.wire.reasons import ClosingReason
from tcpipserver.hub import effects, inputs
from tcpipserver.hub.announcements import Announcements
from tcpipserver.hub.effects import Deliver, Dismiss, Effect, Record
from tcpipserver.hub.keyring import Keyring
from tcpipserver.hub.latencies import ping
from tcpipserver.hub.people import Member, Person, Wire
from tcpipserver.hub.reception import Reception
from tcpipserver.hub.records import LONGEST_REASON, equipment, named
from tcpipserver.hub.roster import Roster

MOST_CHANGES_TOLD = 5
"""Changes of one member that are told between two ticks as they come; of further ones the last, at the tick."""


class Attendance:
    """Keeps the roster, and everybody informed of it."""

    def __init__(self, roster: Roster, announcements: Announcements, keyring: Keyring, reception: Reception) -> None:
        self._roster = roster
        self._announcements = announcements
        self._keyring = keyring
        self._reception = reception

    # Changing

    def receive_credentials(
        self, member: Member, happened: inputs.CredentialsChanged, now: float, wall: float
    ) -> list[Effect]:
        """Somebody goes by another name, or came from another computer."""
        credentials = self._reception.presentable(happened.credentials, member.id)
        return self._change(member, replace(member.wanted or member.person, credentials=credentials), now, wall)

    def receive_details(self, member: Member, happened: inputs.DetailsChanged, now: float, wall: float) -> list[Effect]:
        """Somebody changed what he wants others to know of him."""
        details = happened.details.clamped()
        return self._change(member, replace(member.wanted or member.person, details=details), now, wall)

    def receive_profile(self, member: Member, happened: inputs.ProfileChanged, now: float, wall: float) -> list[Effect]:
        """Both at once; who gives no name keeps the one that he has."""
        credentials = self._reception.presentable(happened.credentials, member.id, member.person.name)
        wanted = replace(member.person, credentials=credentials, details=happened.details.clamped())
        return self._change(member, wanted, now, wall)

    def _change(self, member: Member, wanted: Person, now: float, wall: float) -> list[Effect]:
        """Tell the others at once, or at the next tick of what has come of many changes: each is told to everybody."""
        member.wanted = wanted
        return self._maybe_tell_of_change(member, now, wall) if member.changes_told < MOST_CHANGES_TOLD else []

    def _maybe_tell_of_change(self, member: Member, now: float, wall: float) -> list[Effect]:
        before, wanted = member.person, member.wanted
        member.wanted = None
        if wanted is None or wanted == before:
            return []
        self._roster.change(member, wanted)
        member.changes_told += 1
        told = self._announcements.announce_change(member, now)
        if wanted.credentials != before.credentials:
            line = f"{named(before)} now goes by {named(wanted)}{equipment(wanted)}."
            told.append(Record(Meaning.CONNECTION, line))
            if wanted.key is not None:
                told += self._keyring.see(wanted.key, wanted.credentials, wall)
        return told

    # Going

    def receive_leave(self, member: Member, now: float, wall: float) -> list[Effect]:
        """Somebody says goodbye; on the classic wire he hears of his own leaving like everybody else there."""
        classic = self._roster.connections_on(Wire.CLASSIC)
        told = self._remove(member, classic, now, wall)
        return [*told, Record(Meaning.CONNECTION, f"{named(member.person)} left.")]

    def receive_lost(self, happened: inputs.ConnectionLost, now: float, wall: float) -> list[Effect]:
        """A connection has ended, whoever was behind it."""
        reason = printable(happened.reason, LONGEST_REASON)
        arriving = self._roster.maybe_forget_arriving(happened.connection)
        if arriving is not None:
            return [
                Dismiss(happened.connection),
                Record(
                    Meaning.CONNECTION if happened.is_expected else Meaning.TROUBLE,
                    f"{arriving.address} did not register: {reason}.",
                ),
            ]
        awaiting = self._roster.maybe_awaiting(happened.connection)
        if awaiting is not None:
            return self._reception.forget_awaiting(awaiting, reason)
        member = self._roster.maybe_member(happened.connection)
        return [] if member is None else self.drop(member, reason, now, wall)

    def receive_broken(self, member: Member, happened: inputs.StreamBroken, now: float, wall: float) -> list[Effect]:
        """What somebody sends makes no sense any more; he is told so, in case his other ear still works."""
        return self.drop(member, happened.detail, now, wall, effects.Closing(ClosingReason.PROTOCOL))

    def drop(
        self, member: Member, reason: str, now: float, wall: float, last_word: effects.Item | None = None
    ) -> list[Effect]:
        """End somebody's being here; `reason` goes on where «… is gone: » ends. The classic wire knows no last word."""
        classic = tuple(one for one in self._roster.connections_on(Wire.CLASSIC) if one != member.connection)
        told: list[Effect] = []
        if last_word is not None and member.wire is Wire.MODERN:
            told.append(Deliver((member.connection,), last_word))
        return [
            *told,
            *self._remove(member, classic, now, wall),
            Record(Meaning.CONNECTION, f"{named(member.person)} is gone: {reason}."),
        ]

    def _remove(self, member: Member, classic: tuple[int, ...], now: float, wall: float) -> list[Effect]:
        self._roster.remove(member, now)
        told = [*self._announcements.announce_leaving(member, classic, now), Dismiss(member.connection)]
        if member.person.key is not None:
            told += self._keyring.leave(member.person.key, wall)
        return told

    def receive_stopped(self, now: float, wall: float) -> list[Effect]:
        """Say goodbye to the members; those who are arriving hear nothing, as they have not chosen a dialect yet."""
        if self._reception.has_stopped:
            return []
        members, arriving = self._roster.connections(), self._roster.arriving_connections()
        told: list[Effect] = [Deliver(members, effects.HubExiting())] if members else []
        told += self._reception.stop()
        for member in tuple(self._roster):
            self._roster.remove(member, now)
            if member.person.key is not None:
                told += self._keyring.leave(member.person.key, wall)
        for connection in arriving:
            self._roster.maybe_forget_arriving(connection)
        self._announcements.forget()
        return [
            *told,
            *map(Dismiss, members + arriving),
            Record(Meaning.NOTE, f"The hub stops and has said goodbye to all who were here ({len(members)})."),
        ]

    # Keeping alive

    def receive_ticked(self, happened: inputs.Ticked, now: float, wall: float) -> list[Effect]:
        """Drop who has been silent for too long, ping who is due, tell what is left to tell of those who changed.

        Whom we keep from sending is not silent.
        """
        told = self._reception.receive_ticked(happened, now, wall)
        for member in tuple(self._roster):
            if member.connection in happened.held_back:
                member.keepalive = member.keepalive.heard(now)
            elif member.keepalive.is_silent(now):
                told += self.drop(member, _silence(member), now, wall, effects.Closing(ClosingReason.SILENT))
                continue
            member.changes_told = 0
            told += self._maybe_tell_of_change(member, now, wall)
            if member.keepalive.is_ping_due(now):
                told += ping(member, now, wall)
        return [*told, *self._announcements.tell()]

    def receive_ping(self, member: Member, happened: inputs.PingAsked, now: float, wall: float) -> list[Effect]:
        """Somebody asked whether the hub is there: on the classic wire a ping is answered with one."""
        if member.wire is Wire.CLASSIC:
            return ping(member, now, wall)
        return [Deliver((member.connection,), effects.Pong(happened.ticks))]

    def receive_answer(self, member: Member, happened: inputs.PingAnswered, now: float, wall: float) -> list[Effect]:
        """A member answered a ping."""
        member.keepalive = member.keepalive.ping_answered(happened.ticks, now, wall)
        return []


def _silence(member: Member) -> str:
    seconds = member.keepalive.rhythm.silence_seconds
    return f"nothing was heard of it for {f'{seconds / 60:.0f} minutes' if seconds >= 60 else f'{seconds:.0f} seconds'}"
