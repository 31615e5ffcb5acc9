"""What two members say to each other about files, before any of them passes (docs/protocol.md, "M10. The way").

Owns who hears it, and how much of it a member may say. Must never let anybody speak in another's name, and never raise.
Pure: run by the dispatcher thread alone; `now` is monotonic seconds.
"""

from commonlib.classic.packet import SERVER
from commonlib.wire.way_messages import (
    LONGEST_ADDRESS,
    MOST_ADDRESSES,
    FilesAnswered,
    FilesCancelled,
    FilesOffered,
    Role,
    WayRefused,
    WayWanted,
)
from tcpipserver.hub import effects, inputs
from tcpipserver.hub.announcements import Announcements
from tcpipserver.hub.effects import Deliver, Effect, OpenWay, WayEnd
from tcpipserver.hub.people import Member, Wire
from tcpipserver.hub.records import trouble
from tcpipserver.hub.roster import Roster

_GONE = "Whom it is for is not here any more: try again when that person has come back."
_CLASSIC = "Whom it is for is on the unencrypted wire, which has no room for this: send each file by itself."
_TOO_MUCH = "This program says more about files than the hub passes on: wait a moment, then try again."


class FileTalk:
    """Passes it on by the roster, and brings those together who want a way to each other."""

    def __init__(self, roster: Roster, announcements: Announcements) -> None:
        self._roster = roster
        self._announcements = announcements

    def receive(self, member: Member, happened: inputs.FilesSaid, now: float) -> list[Effect]:
        """A member says something about files; where nobody can hear it he is told so."""
        said, to = happened.said, happened.to
        if to == SERVER:
            return trouble(member, "spoke of files to the hub, which takes none")
        if not member.says_of_files.maybe_spend(now):
            return [*_unheard(member, said, _TOO_MUCH), *trouble(member, "says more about files than may be")]
        recipient = self._roster.maybe_member_by_id(to)
        if recipient is None:
            return _unheard(member, said, _GONE)
        if recipient.wire is Wire.CLASSIC:
            return _unheard(member, said, _CLASSIC)
        told = self._announcements.introduce(member, recipient)
        item = effects.Files(member.id, recipient.id, said)
        told.append(Deliver((recipient.connection,), item, paced=member.connection))
        return [*told, *self._want_way(member, recipient, said, now)] if isinstance(said, WayWanted) else told

    def _want_way(self, member: Member, recipient: Member, wanted: WayWanted, now: float) -> list[Effect]:
        other = self._roster.ways.want(member.id, recipient.id, wanted, now)
        if other is None:
            return []
        ends = {wanted.role: _end_of(member, wanted), other.role: _end_of(recipient, other)}
        return [OpenWay(wanted.transfer, ends[Role.SENDER], ends[Role.RECEIVER])]


def _end_of(member: Member, wanted: WayWanted) -> WayEnd:
    """Where a member can be reached: first at the address that the hub sees, which nobody can make up."""
    seen = member.person.address
    addresses = (seen, *wanted.addresses) if 0 < len(seen) <= LONGEST_ADDRESS else wanted.addresses
    return WayEnd(member.connection, member.person, wanted.port, tuple(dict.fromkeys(addresses))[:MOST_ADDRESSES])


def _unheard(member: Member, said: FilesOffered | FilesAnswered | FilesCancelled | WayWanted, why: str) -> list[Effect]:
    """Nobody has heard it; the hub says so itself. Who gives up need not be told."""
    if isinstance(said, FilesCancelled):
        return []
    answer = WayRefused if isinstance(said, WayWanted) else FilesCancelled
    item = effects.Files(SERVER, member.id, answer(transfer=said.transfer, why=why))
    return [Deliver((member.connection,), item)]
