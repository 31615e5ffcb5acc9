"""What the operator does about people: sending away, keeping out, and taking that back.

Owns what each of them is told of it. Must never act upon one who is not here as if he were, nor keep anybody out by
what he only says about himself: names, addresses. Pure: run by the dispatcher thread alone. `now` is monotonic seconds,
`wall` Unix seconds.
"""

from commonlib.classic.packet import SERVER
from commonlib.identity import Fingerprint, short_key_code
from commonlib.meaning import Meaning
from commonlib.printable import printable
from commonlib.wire.reasons import ClosingReason, RefusalReason
from tcpipserver.hub import effects, inputs
from tcpipserver.hub.attendance import Attendance
from tcpipserver.hub.effects import Deliver, Effect, EndWays, Record, Refused
from tcpipserver.hub.keyring import Keyring
from tcpipserver.hub.people import Credentials, Member, Wire
from tcpipserver.hub.reception import Reception
from tcpipserver.hub.records import LONGEST_REASON, named, shown_name, shown_reason
from tcpipserver.hub.roster import Roster


class Moderation:
    """The operator's hand."""

    def __init__(self, roster: Roster, attendance: Attendance, reception: Reception, keyring: Keyring) -> None:
        self._roster = roster
        self._attendance = attendance
        self._reception = reception
        self._keyring = keyring

    def receive_kicked(self, happened: inputs.OperatorKicked, now: float, wall: float) -> list[Effect]:
        """Send people away; they may come back."""
        told: list[Effect] = []
        for member in self._roster.chosen(happened.ids):
            told += self._send_away(member, ClosingReason.KICKED, happened.reason, now, wall)
            if member.person.key is not None:
                told.append(EndWays(member.person.key))
        return told

    def receive_banned(self, happened: inputs.OperatorBanned, now: float, wall: float) -> list[Effect]:
        """Keep keys out, and end all that is here of them."""
        told: list[Effect] = []
        keys = list(happened.keys)
        for member in self._roster.chosen(happened.ids):
            if member.person.key is not None:
                keys.append(member.person.key)
                continue
            told += self._send_away(member, ClosingReason.BANNED, happened.reason, now, wall)
            line = f"{named(member.person)} may come back: without encryption nobody has a key to be kept out by."
            told.append(Record(Meaning.TROUBLE, line))
        for key in dict.fromkeys(keys):
            told += self._ban(key, happened.reason.strip(), now, wall)
        return told

    def _ban(self, key: Fingerprint, reason: str, now: float, wall: float) -> list[Effect]:
        told: list[Effect] = []
        for member in self._roster.members_with(key):
            told += self._send_away(member, ClosingReason.BANNED, reason, now, wall)
        called: Credentials | None = None
        for awaiting in self._roster.all_awaiting():
            if awaiting.key == key:
                called = awaiting.joined.credentials
                told += self._reception.refuse_awaiting(awaiting, Refused(RefusalReason.BANNED, reason))
        told += self._keyring.ban(key, reason, called)
        told.append(EndWays(key))  # They go on without him where only his own connection broke.
        told.append(Record(Meaning.NOTE, f"{self._owner_of(key)} is kept out from now on{shown_reason(reason)}."))
        return told

    def receive_unbanned(self, happened: inputs.OperatorUnbanned) -> list[Effect]:
        """A key is not kept out any more."""
        told = self._keyring.unban(happened.key)
        if told:
            told.append(Record(Meaning.NOTE, f"{self._owner_of(happened.key)} is not kept out any more."))
        return told

    def _send_away(self, member: Member, closing: ClosingReason, reason: str, now: float, wall: float) -> list[Effect]:
        """Classic clients know no reason for an end, so it comes as a text before it."""
        shown = printable(reason.strip(), LONGEST_REASON)
        told: list[Effect] = []
        if shown and member.wire is Wire.CLASSIC:
            text = effects.Text(SERVER, member.id, f"You were sent away: {shown}", (0, 0), b"")
            told.append(Deliver((member.connection,), text))
        why = f"the operator sent it away{shown_reason(reason)}"
        last_word = effects.Closing(closing, reason.strip())
        return told + self._attendance.drop(member, why, now, wall, last_word)

    def _owner_of(self, key: Fingerprint) -> str:
        """A key as a line of the log calls it: by its code, and by the name that was last heard with it."""
        known = self._keyring.maybe_known(key)
        name = "" if known is None else shown_name(known.name)
        return f"The key {short_key_code(key)} ({name})" if name else f"The key {short_key_code(key)}"
