"""How long members take to answer, and the pings that find it out (docs/protocol.md, "Keep-alive" and M6).

Owns the sending of a ping, and what a member is told who asks for the latencies of others. Must never tell anybody who
has not asked: with thousands of members that would be millions of figures. Pure: run by the dispatcher thread alone;
`now` is monotonic and `wall` Unix seconds.
"""

from commonlib.ticks import ticks_from_unix
from tcpipserver.hub import effects, inputs
from tcpipserver.hub.effects import Deliver, Effect
from tcpipserver.hub.people import Member
from tcpipserver.hub.roster import Roster


def ping(member: Member, now: float, wall: float) -> list[Effect]:
    """Ask a member whether he is there; his answer is timed."""
    ticks = ticks_from_unix(wall)
    member.keepalive = member.keepalive.ping_sent(ticks, now)
    return [Deliver((member.connection,), effects.Ping(ticks))]


class Latencies:
    """The latencies of one hub's members, for those who want to know them."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster

    def receive_asked(self, member: Member, happened: inputs.LatenciesAsked, now: float, wall: float) -> list[Effect]:
        """Tell what is known, at once; who was not pinged lately is pinged, for whoever asks next.

        However many ask, nobody is pinged more often than every KeepAlive.MEASURE_SECONDS.
        """
        wanted = self._roster.chosen(happened.ids)
        known = tuple((one.id, one.keepalive.statistics.last) for one in wanted if one.keepalive.statistics.count)
        told: list[Effect] = [Deliver((member.connection,), effects.Latencies(known))]
        for one in wanted:
            if one.keepalive.is_measure_due(now):
                told += ping(one, now, wall)
        return told
