"""The hub: takes an input, returns what is to be done.

Owns the parts of the brain and who of them takes which input. Must never do I/O, read a clock, block or raise: an input
about a connection that is not known any more does nothing. Pure: run by the dispatcher thread alone.
"""

from commonlib.identity import Fingerprint
from tcpipserver.hub import inputs
from tcpipserver.hub.admission import Policy, Verdict
from tcpipserver.hub.announcements import Announcements
from tcpipserver.hub.attendance import Attendance
from tcpipserver.hub.effects import Effect
from tcpipserver.hub.filetalk import FileTalk
from tcpipserver.hub.floods import Floods
from tcpipserver.hub.identifiers import ClientIds
from tcpipserver.hub.keyring import Keyring
from tcpipserver.hub.latencies import Latencies
from tcpipserver.hub.limits import Limits
from tcpipserver.hub.moderation import Moderation
from tcpipserver.hub.overview import Overview, overview_of
from tcpipserver.hub.people import KnownKey, Member, Person
from tcpipserver.hub.reception import Reception
from tcpipserver.hub.records import trouble
from tcpipserver.hub.roster import Roster
from tcpipserver.hub.routing import Routing
from tcpipserver.hub.talk import Talk

_HEARD_RESOLUTION = 1.0
"""Seconds within which it does not matter when exactly somebody was last heard of."""


class Hub:
    """One hub. `receive` is its only way in; all else looks without changing anything."""

    def __init__(
        self, ids: ClientIds | None = None, policy: Policy | None = None, limits: Limits | None = None
    ) -> None:
        limits = limits or Limits()
        self._roster = Roster(ids or ClientIds())
        self._keyring = Keyring(limits.known_keys)
        self._announcements = Announcements(self._roster)
        self._reception = Reception(self._roster, self._announcements, self._keyring, policy or Policy(), limits)
        self._attendance = Attendance(self._roster, self._announcements, self._keyring, self._reception)
        self._moderation = Moderation(self._roster, self._attendance, self._reception, self._keyring)
        self._talk = Talk(self._roster, self._announcements)
        self._routing = Routing(self._roster, self._announcements)
        self._latencies = Latencies(self._roster)
        self._file_talk = FileTalk(self._roster, self._announcements)
        self._floods = Floods(self._roster)

    def receive(self, happened: inputs.Input, now: float, wall: float) -> list[Effect]:
        """Take one input; returns the effects in the order in which they are to be carried out.

        Args:
            now: Monotonic seconds.
            wall: Unix seconds.
        """
        match happened:
            case inputs.Arrived():
                return self._reception.receive_arrived(happened, now, wall)
            case inputs.BecameRelay():
                return self._reception.receive_became_relay(happened)
            case inputs.Joined():
                return self._reception.receive_joined(happened, now, wall)
            case inputs.ConnectionLost():
                return self._attendance.receive_lost(happened, now, wall)
            case inputs.Ticked():
                return [
                    *self._attendance.receive_ticked(happened, now, wall),
                    *self._floods.receive_ticked(happened, now),
                ]
            case inputs.AnnouncementsDue():
                return self._announcements.tell()
            case inputs.Stopped():
                return self._attendance.receive_stopped(now, wall)
            case inputs.KeysLoaded(known):
                return self._keyring.load(known)
            case (
                inputs.OperatorSaid()
                | inputs.OperatorSentPackets()
                | inputs.OperatorSentCommand()
                | inputs.CommandHandled()
            ):
                return self._receive_from_server(happened)
            case (
                inputs.OperatorKicked()
                | inputs.OperatorBanned()
                | inputs.OperatorUnbanned()
                | inputs.OperatorApproved()
                | inputs.OperatorDenied()
                | inputs.PolicyChanged()
            ):
                return self._receive_decision(happened, now, wall)
            case _:
                return self._receive_from_client(happened, now, wall)

    def _receive_from_server(self, happened: inputs.FromServer) -> list[Effect]:
        match happened:
            case inputs.OperatorSaid():
                return self._talk.receive_operator_said(happened)
            case inputs.OperatorSentPackets():
                return self._routing.receive_operator_sent(happened)
            case inputs.OperatorSentCommand():
                return self._routing.receive_operator_sent_command(happened)
            case inputs.CommandHandled():
                return self._routing.receive_command_handled(happened)

    def _receive_decision(self, happened: inputs.Decision, now: float, wall: float) -> list[Effect]:
        match happened:
            case inputs.OperatorKicked():
                return self._moderation.receive_kicked(happened, now, wall)
            case inputs.OperatorBanned():
                return self._moderation.receive_banned(happened, now, wall)
            case inputs.OperatorUnbanned():
                return self._moderation.receive_unbanned(happened)
            case inputs.OperatorApproved():
                return self._reception.receive_approved(happened, now, wall)
            case inputs.OperatorDenied():
                return self._reception.receive_denied(happened)
            case inputs.PolicyChanged():
                return self._reception.receive_policy(happened, now, wall)

    def _receive_from_client(self, happened: inputs.FromMember, now: float, wall: float) -> list[Effect]:
        member = self._roster.maybe_member(happened.connection)
        if member is not None:
            return self._receive_from(member, happened, now, wall)
        awaiting = self._roster.maybe_awaiting(happened.connection)
        return [] if awaiting is None else self._reception.receive_from_awaiting(awaiting, happened, now)

    def _receive_from(self, member: Member, happened: inputs.FromMember, now: float, wall: float) -> list[Effect]:
        if now - member.keepalive.last_heard >= _HEARD_RESOLUTION:
            member.keepalive = member.keepalive.heard(now)
        match happened:
            case inputs.PacketsSent():
                return self._routing.receive_packets(member, happened)
            case inputs.TextSaid():
                return self._talk.receive_text(member, happened)
            case inputs.TextReceived():
                return self._talk.receive_receipt(member, happened)
            case inputs.CommandSent():
                return self._routing.receive_command(member, happened)
            case inputs.FilesSaid():
                return self._file_talk.receive(member, happened, now)
            case inputs.Misbehaved():
                return trouble(member, f"does not keep to the protocol: {happened.detail}")
            case _:
                return self._receive_about_himself(member, happened, now, wall)

    def _receive_about_himself(
        self, member: Member, happened: inputs.AboutHimself, now: float, wall: float
    ) -> list[Effect]:
        match happened:
            case inputs.PingAsked():
                return self._attendance.receive_ping(member, happened, now, wall)
            case inputs.PingAnswered():
                return self._attendance.receive_answer(member, happened, now, wall)
            case inputs.LatenciesAsked():
                return self._latencies.receive_asked(member, happened, now, wall)
            case inputs.CredentialsChanged():
                return self._attendance.receive_credentials(member, happened, now, wall)
            case inputs.DetailsChanged():
                return self._attendance.receive_details(member, happened, now, wall)
            case inputs.ProfileChanged():
                return self._attendance.receive_profile(member, happened, now, wall)
            case inputs.SignOfLife():
                return []
            case inputs.StreamBroken():
                return self._attendance.receive_broken(member, happened, now, wall)
            case inputs.LeaveAnnounced():
                return self._attendance.receive_leave(member, now, wall)

    def next_due(self) -> float | None:
        """When to tell AnnouncementsDue, monotonic seconds; None while nothing waits to be told."""
        return self._announcements.due

    def judge(self, key: Fingerprint) -> Verdict:
        """What is to be done with one who has just proved this key, and is not told of to the brain yet."""
        return self._reception.judge(key)

    def people(self) -> tuple[Person, ...]:
        """Everybody who is registered, in the order in which they came."""
        return self._roster.people()

    def overview(self) -> Overview:
        """Who is here and what has passed, as a value that may be taken to any thread."""
        return overview_of(self._roster, self._keyring.banned(), self._reception.policy)

    def known(self) -> tuple[KnownKey, ...]:
        """All keys that the hub remembers, those of people who are not here too."""
        return self._keyring.known()

    def members(self) -> tuple[Member, ...]:
        """As people, with what the hub keeps about each; to be read only."""
        return tuple(self._roster)
