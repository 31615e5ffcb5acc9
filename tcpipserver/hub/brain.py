"""The hub: takes an input, returns what is to be done.

Owns the parts of the brain and who of them takes which input. Must never do I/O, read a clock, block or raise: an input
about a connection that is not known any more does nothing. Pure: run by the dispatcher thread alone.
"""

from commonlib.identity import Fingerprint
from tcpipserver.hub import inputs
from tcpipserver.hub.admission import Joining, Policy, Verdict
from tcpipserver.hub.attendance import Attendance
from tcpipserver.hub.effects import Effect
from tcpipserver.hub.floods import Floods
from tcpipserver.hub.identifiers import ClientIds
from tcpipserver.hub.limits import Limits
from tcpipserver.hub.overview import Overview, overview_of
from tcpipserver.hub.people import Member, Person
from tcpipserver.hub.records import trouble
from tcpipserver.hub.roster import Roster
from tcpipserver.hub.routing import Routing

_HEARD_RESOLUTION = 1.0
"""Seconds within which it does not matter when exactly somebody was last heard of."""


class Hub:
    """One hub. `receive` is its only way in; `people`, `members` and `overview` look without changing anything."""

    def __init__(
        self, ids: ClientIds | None = None, policy: Policy | None = None, limits: Limits | None = None
    ) -> None:
        self._policy = policy or Policy()
        self._limits = limits or Limits()
        self._roster = Roster(ids or ClientIds())
        self._attendance = Attendance(self._roster)
        self._routing = Routing(self._roster)
        self._floods = Floods(self._roster)

    def receive(self, happened: inputs.Input, now: float, wall: float) -> list[Effect]:
        """Take one input; returns the effects in the order in which they are to be carried out.

        Args:
            now: Monotonic seconds.
            wall: Unix seconds.
        """
        match happened:
            case inputs.Arrived():
                return self._attendance.receive_arrived(happened, now, wall)
            case inputs.Joined():
                return self._attendance.receive_joined(happened, now, wall)
            case inputs.ConnectionLost():
                return self._attendance.receive_lost(happened, now)
            case inputs.Ticked():
                return [
                    *self._attendance.receive_ticked(happened, now, wall),
                    *self._floods.receive_ticked(happened, now),
                ]
            case inputs.Stopped():
                return self._attendance.receive_stopped(now)
            case inputs.OperatorSaid():
                return self._routing.receive_operator_said(happened)
            case inputs.OperatorSentPackets():
                return self._routing.receive_operator_sent(happened)
            case inputs.OperatorKicked():
                return self._attendance.receive_kicked(happened, now)
            case inputs.CommandHandled():
                return self._routing.receive_command_handled(happened)
            case (
                inputs.AnnouncementsDue()
                | inputs.OperatorSentCommand()
                | inputs.OperatorBanned()
                | inputs.OperatorUnbanned()
                | inputs.OperatorApproved()
                | inputs.OperatorDenied()
                | inputs.PolicyChanged()
                | inputs.KeysLoaded()
            ):
                return []
            case _:
                member = self._roster.maybe_member(happened.connection)
                return [] if member is None else self._receive_from(member, happened, now, wall)

    def _receive_from(self, member: Member, happened: inputs.FromMember, now: float, wall: float) -> list[Effect]:
        if now - member.keepalive.last_heard >= _HEARD_RESOLUTION:
            member.keepalive = member.keepalive.heard(now)
        match happened:
            case inputs.PacketsSent():
                return self._routing.receive_packets(member, happened)
            case inputs.TextSaid():
                return self._routing.receive_text(member, happened)
            case inputs.TextReceived():
                return self._routing.receive_receipt(member, happened)
            case inputs.PingAsked():
                return self._attendance.receive_ping(member, now, wall)
            case inputs.PingAnswered():
                return self._attendance.receive_answer(member, happened, now, wall)
            case inputs.CredentialsChanged():
                return self._attendance.receive_credentials(member, happened)
            case inputs.DetailsChanged():
                return self._attendance.receive_details(member, happened)
            case inputs.Misbehaved():
                return trouble(member, f"does not keep to the protocol: {happened.detail}")
            case inputs.LeaveAnnounced():
                return self._attendance.receive_leave(member, now)
            case inputs.ProfileChanged() | inputs.CommandSent() | inputs.SignOfLife() | inputs.StreamBroken():
                return []

    def judge(self, key: Fingerprint) -> Verdict:
        """What is to be done with one who has just proved this key, before he joins."""
        return Verdict(asks_code=bool(key) and self._policy.joining is Joining.CODE)

    def next_due(self) -> float | None:
        """When AnnouncementsDue is to be told, monotonic seconds; None while nothing waits for it."""
        return None

    def people(self) -> tuple[Person, ...]:
        """Everybody who is registered, in the order in which they came."""
        return tuple(member.person for member in self._roster)

    def overview(self) -> Overview:
        """Who is here and what has passed, as a value that may be taken to any thread."""
        return overview_of(self._roster)

    def members(self) -> tuple[Member, ...]:
        """As people, with what the hub keeps about each; to be read only."""
        return tuple(self._roster)
