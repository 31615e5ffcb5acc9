"""The hub: takes an input, returns what is to be done.

Owns the roster, routing, receipts and keep-alive (docs/protocol.md, "Routing"). Must never do I/O, read a clock, block
or raise: an input about a connection that is not known any more does nothing. Pure: run by the dispatcher thread alone.
"""

from collections.abc import Callable
from dataclasses import replace

from commonlib.classic.keepalive import CLIENT_SILENCE_SECONDS, KeepAlive
from commonlib.classic.packet import SERVER, PacketType, stamp_file_id
from commonlib.meaning import Meaning
from commonlib.printable import printable
from commonlib.ticks import ticks_from_unix
from tcpipserver.hub import effects, inputs
from tcpipserver.hub.effects import Deliver, Dismiss, Effect, Record
from tcpipserver.hub.identifiers import ClientIds, FileIds
from tcpipserver.hub.people import Member, Person
from tcpipserver.hub.roster import Roster

_FILE_TYPES = frozenset({PacketType.FILE_START, PacketType.FILE_CHUNK, PacketType.FILE_END})
_HEARD_RESOLUTION = 1.0
"""Seconds within which it does not matter when exactly somebody was last heard of."""
_TROUBLES_TOLD_ONE_BY_ONE = 5


class Hub:
    """One hub. `receive` is its only way in; `people` and `members` look without changing anything."""

    def __init__(self, ids: ClientIds | None = None) -> None:
        self._roster = Roster(ids or ClientIds())
        self._file_ids = FileIds()
        self._handled: set[int] = set()
        self._stopped = False
        self._now = 0.0
        self._wall = 0.0
        self._receivers: dict[type, Callable[..., list[Effect]]] = {
            inputs.Arrived: self._receive_arrived,
            inputs.ArrivalFailed: self._receive_arrival_failed,
            inputs.Joined: self._receive_joined,
            inputs.ConnectionLost: self._receive_lost,
            inputs.Ticked: self._receive_ticked,
            inputs.OperatorSaid: self._receive_operator_said,
            inputs.OperatorSentPackets: self._receive_operator_sent,
            inputs.CommandHandled: self._receive_command_handled,
            inputs.Stopped: self._receive_stopped,
        }
        self._member_receivers: dict[type, Callable[..., list[Effect]]] = {
            inputs.CredentialsChanged: self._receive_credentials,
            inputs.DetailsChanged: self._receive_details,
            inputs.TextSaid: self._receive_text,
            inputs.TextReceived: self._receive_receipt,
            inputs.PacketsSent: self._receive_packets,
            inputs.PingAsked: self._receive_ping,
            inputs.PingAnswered: self._receive_answer,
            inputs.Misbehaved: self._receive_misbehaved,
            inputs.LeaveAnnounced: self._receive_leave,
        }

    def receive(self, happened: inputs.Input, now: float, wall: float) -> list[Effect]:
        """Take one input; returns the effects in the order in which they are to be carried out.

        Args:
            now: Monotonic seconds.
            wall: Unix seconds.
        """
        self._now, self._wall = now, wall
        by_member = self._member_receivers.get(type(happened))
        if by_member is None:
            return self._receivers[type(happened)](happened)
        member = self._roster.maybe_member(happened.connection)  # type: ignore[union-attr]
        if member is None:
            return []
        if now - member.keepalive.last_heard >= _HEARD_RESOLUTION:
            member.keepalive = member.keepalive.heard(now)
        return by_member(member, happened)

    def people(self) -> tuple[Person, ...]:
        """Everybody who is registered, in the order in which they came."""
        return tuple(member.person for member in self._roster)

    def members(self) -> tuple[Member, ...]:
        """As people, with what the hub keeps about each; to be read only."""
        return tuple(self._roster)

    def maybe_person(self, connection: int) -> Person | None:
        """Who is behind a connection."""
        member = self._roster.maybe_member(connection)
        return None if member is None else member.person

    # Arrival and departure

    def _receive_arrived(self, happened: inputs.Arrived) -> list[Effect]:
        if self._stopped:
            return [Dismiss(happened.connection)]
        arriving = self._roster.maybe_greet(happened.connection, happened.address, self._now)
        if arriving is None:
            return [
                Record(
                    Meaning.TROUBLE, f"{happened.address} was sent away: all 65535 ids are in use or were recently."
                ),
                Dismiss(happened.connection),
            ]
        greeting = effects.Greeting(arriving.client_id, happened.address, self._ticks())
        return [
            Deliver((happened.connection,), greeting),
            Record(Meaning.CONNECTION, f"{happened.address} connected and was given id {arriving.client_id}."),
        ]

    def _receive_arrival_failed(self, happened: inputs.ArrivalFailed) -> list[Effect]:
        arriving = self._roster.maybe_take_arriving(happened.connection)
        if arriving is None:
            return []
        self._roster.free(arriving.client_id, self._now)
        return [Record(Meaning.TROUBLE, f"{arriving.address} did not register: {happened.reason}.")]

    def _receive_joined(self, happened: inputs.Joined) -> list[Effect]:
        arriving = self._roster.maybe_take_arriving(happened.connection)
        if arriving is None:
            return []
        person = Person(arriving.client_id, arriving.address, happened.credentials.clamped())
        others, already_here = self._roster.connections(), self.people()
        self._roster.add(Member(happened.connection, person, KeepAlive.begin(self._now), since=self._wall))
        told: list[Effect] = []
        if already_here:
            told.append(Deliver((happened.connection,), effects.PeopleDetails(already_here)))
            told.append(Deliver(others, effects.PeopleDetails((person,))))
        told.append(Deliver(self._roster.connections(), effects.PersonRegistered(person.id)))
        version = f", version {printable(person.credentials.version, 30)}" if person.credentials.version else ""
        told.append(
            Record(
                Meaning.GOOD,
                f"{_named(person)} registered from {person.address}"
                f" (computer {printable(person.credentials.computer, 50) or 'not given'}{version}).",
            )
        )
        return told

    def _receive_leave(self, member: Member, _: inputs.LeaveAnnounced) -> list[Effect]:
        """He hears of his own leaving like everybody else, as he did from the original."""
        told = self._roster.connections()
        self._forget(member)
        return [
            Deliver(told, effects.PersonLeft(member.id)),
            Dismiss(member.connection),
            Record(Meaning.CONNECTION, f"{_named(member.person)} left."),
        ]

    def _receive_lost(self, happened: inputs.ConnectionLost) -> list[Effect]:
        member = self._roster.maybe_member(happened.connection)
        if member is None:
            failed = inputs.ArrivalFailed(happened.connection, happened.reason)
            return [*self._receive_arrival_failed(failed), Dismiss(happened.connection)]
        self._forget(member)
        return [
            Deliver(self._roster.connections(), effects.PersonLeft(member.id)),
            Dismiss(member.connection),
            Record(Meaning.CONNECTION, f"{_named(member.person)} is gone: {happened.reason}."),
        ]

    def _forget(self, member: Member) -> None:
        self._roster.remove(member, self._now)
        self._file_ids.forget_sender(member.id)

    def _receive_stopped(self, _: inputs.Stopped) -> list[Effect]:
        self._stopped = True
        everybody = self._roster.connections()
        for member in tuple(self._roster):
            self._forget(member)
        return [
            Deliver(everybody, effects.HubExiting()),
            *(Dismiss(connection) for connection in everybody),
            Record(Meaning.NOTE, f"The hub stops and has said goodbye to all who were here ({len(everybody)})."),
        ]

    # Who somebody is

    def _receive_credentials(self, member: Member, happened: inputs.CredentialsChanged) -> list[Effect]:
        before = _named(member.person)
        member.person = replace(member.person, credentials=happened.credentials.clamped())
        return [
            *self._tell_others_about(member),
            Record(Meaning.CONNECTION, f"{before} now goes by {_named(member.person)}."),
        ]

    def _receive_details(self, member: Member, happened: inputs.DetailsChanged) -> list[Effect]:
        member.person = replace(member.person, details=happened.details)
        return self._tell_others_about(member)

    def _tell_others_about(self, member: Member) -> list[Effect]:
        others = tuple(connection for connection in self._roster.connections() if connection != member.connection)
        return [Deliver(others, effects.PeopleDetails((member.person,)))] if others else []

    # Talk

    def _receive_text(self, member: Member, happened: inputs.TextSaid) -> list[Effect]:
        if happened.to == SERVER:
            return self._receive_text_to_operator(member, happened)
        recipient = self._roster.maybe_member_by_id(happened.to)
        if recipient is None:
            return self._trouble(member, f"wrote to id {happened.to}, who is not here")
        recipient.unanswered.append(member.id)
        text = effects.Text(member.id, recipient.id, happened.text, happened.numbers, happened.packets)
        return [Deliver((recipient.connection,), text, paced=member.connection)]

    def _receive_text_to_operator(self, member: Member, happened: inputs.TextSaid) -> list[Effect]:
        first, second = happened.numbers
        return [
            Deliver((member.connection,), effects.Receipt(SERVER, b"")),
            Record(
                Meaning.TALK,
                f"{_named(member.person)} to the server, with {first} and {second}: {printable(happened.text, 1000)}",
            ),
            effects.HandleText(member.connection, member.person, happened.text, happened.numbers),
        ]

    def _receive_receipt(self, member: Member, happened: inputs.TextReceived) -> list[Effect]:
        sender = self._maybe_unanswered(member, happened.to)
        if sender is None:
            return []
        if sender == SERVER:
            return [Record(Meaning.TALK, f"{_named(member.person)} has received the server's text.")]
        writer = self._roster.maybe_member_by_id(sender)
        if writer is None:
            return []
        return [Deliver((writer.connection,), effects.Receipt(member.id, happened.packets))]

    def _maybe_unanswered(self, member: Member, to: int) -> int | None:
        """Whose text a member confirms: the one he names, if that one waits, else the one who has waited longest."""
        if to != SERVER:
            if to not in member.unanswered:
                return None
            member.unanswered.remove(to)
            return to
        return member.unanswered.popleft() if member.unanswered else None

    def _receive_operator_said(self, happened: inputs.OperatorSaid) -> list[Effect]:
        told: list[Effect] = []
        for recipient in self._chosen(happened.to):
            recipient.unanswered.append(SERVER)
            text = effects.Text(SERVER, recipient.id, happened.text, happened.numbers, b"")
            told.append(Deliver((recipient.connection,), text))
        return told

    # Whatever else passes

    def _receive_packets(self, member: Member, happened: inputs.PacketsSent) -> list[Effect]:
        if happened.to == SERVER and happened.packet_type in self._handled:
            return [
                effects.HandlePackets(
                    member.connection, member.person, happened.packet_type, happened.layout, happened.packets
                )
            ]
        packets = happened.packets
        if happened.packet_type in _FILE_TYPES:
            packets = self._with_hub_file_id(member, happened)
        item = effects.Packets(member.id, happened.layout, packets)
        if happened.to == SERVER:
            return [Deliver(self._roster.connections(), item)]
        recipient = self._roster.maybe_member_by_id(happened.to)
        if recipient is None:
            return self._trouble(
                member, f"sent packets of type {happened.packet_type} to id {happened.to}, who is not here"
            )
        return [Deliver((recipient.connection,), item, paced=member.connection)]

    def _with_hub_file_id(self, member: Member, happened: inputs.PacketsSent) -> bytes:
        if happened.packet_type == PacketType.FILE_START:
            assigned = self._file_ids.begin(member.id, happened.file_id)
        else:
            assigned = self._file_ids.passing(member.id, happened.file_id)
        if happened.packet_type == PacketType.FILE_END:
            self._file_ids.end(member.id, happened.file_id)
        return happened.packets if assigned == happened.file_id else stamp_file_id(happened.packets, assigned)

    def _receive_operator_sent(self, happened: inputs.OperatorSentPackets) -> list[Effect]:
        connections = tuple(member.connection for member in self._chosen(happened.to))
        item = effects.Packets(SERVER, happened.layout, happened.packets)
        return [Deliver(connections, item)] if connections else []

    def _chosen(self, to: tuple[int, ...] | None) -> list[Member]:
        if to is None:
            return list(self._roster)
        found = (self._roster.maybe_member_by_id(client_id) for client_id in to)
        return [member for member in found if member is not None]

    def _receive_command_handled(self, happened: inputs.CommandHandled) -> list[Effect]:
        self._handled.add(happened.packet_type)
        return []

    # Keep-alive and trouble

    def _receive_ping(self, member: Member, _: inputs.PingAsked) -> list[Effect]:
        return [self._ping(member)]

    def _receive_answer(self, member: Member, happened: inputs.PingAnswered) -> list[Effect]:
        member.keepalive = member.keepalive.ping_answered(happened.ticks, self._now, self._wall)
        return []

    def _receive_ticked(self, happened: inputs.Ticked) -> list[Effect]:
        told: list[Effect] = []
        for member in tuple(self._roster):
            if member.connection in happened.held_back:
                member.keepalive = member.keepalive.heard(self._now)
            elif member.keepalive.is_silent(self._now):
                reason = f"nothing was heard of it for {CLIENT_SILENCE_SECONDS / 60:.0f} minutes"
                told += self._receive_lost(inputs.ConnectionLost(member.connection, reason))
                continue
            if member.keepalive.is_ping_due(self._now):
                told.append(self._ping(member))
        return told

    def _ping(self, member: Member) -> Effect:
        ticks = self._ticks()
        member.keepalive = member.keepalive.ping_sent(ticks, self._now)
        return Deliver((member.connection,), effects.Ping(ticks))

    def _receive_misbehaved(self, member: Member, happened: inputs.Misbehaved) -> list[Effect]:
        return self._trouble(member, f"does not keep to the protocol: {happened.detail}")

    def _trouble(self, member: Member, what: str) -> list[Effect]:
        """The first few are told one by one, then only the 10th, 100th, 1000th …: nobody can flood the log."""
        member.troubles += 1
        count = member.troubles
        if count <= _TROUBLES_TOLD_ONE_BY_ONE:
            return [Record(Meaning.TROUBLE, f"{_named(member.person)} {what}.")]
        if str(count).strip("0") == "1":
            return [Record(Meaning.TROUBLE, f"{_named(member.person)} {what} (this is his trouble number {count}).")]
        return []

    def _ticks(self) -> int:
        return ticks_from_unix(self._wall)


def _named(person: Person) -> str:
    return f"{printable(person.name, 50) or 'somebody without a name'} ({person.id})"
