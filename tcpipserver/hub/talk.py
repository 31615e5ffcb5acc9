"""Texts and their receipts, from one member to another and to the operator (docs/protocol.md, "Routing", M7).

Owns their way. Must never tell anybody that a text was received which he did not write, and never raise. Pure: run by
the dispatcher thread alone.
"""

from commonlib.classic.packet import SERVER
from commonlib.meaning import Meaning
from tcpipserver.hub import effects, inputs
from tcpipserver.hub.announcements import Announcements
from tcpipserver.hub.effects import Deliver, Effect, Record
from tcpipserver.hub.people import Member, Wire
from tcpipserver.hub.receipts import OPERATOR
from tcpipserver.hub.records import named, talk, trouble
from tcpipserver.hub.roster import Roster


class Talk:
    """Passes texts and receipts on by the roster."""

    def __init__(self, roster: Roster, announcements: Announcements) -> None:
        self._roster = roster
        self._announcements = announcements

    def receive_text(self, member: Member, happened: inputs.TextSaid) -> list[Effect]:
        """A text goes to the one whom it is for."""
        size = len(happened.packets) or len(happened.text)
        if happened.to == SERVER:
            self._roster.count_passed(member, size, texts=1)
            return self._receive_text_to_operator(member, happened)
        recipient = self._roster.maybe_member_by_id(happened.to)
        if recipient is None:
            return trouble(member, f"wrote to id {happened.to}, who is not here")
        if not recipient.hears_of(member):
            return trouble(member, f"wrote to {named(recipient.person)}, whose wire has no room for its id")
        if recipient.wire is Wire.CLASSIC or not happened.number:
            recipient.unanswered.add(member.as_writer, happened.number)
        self._roster.count_passed(member, size, texts=1)
        text = effects.Text(member.id, recipient.id, happened.text, happened.numbers, happened.packets, happened.number)
        introduced = self._announcements.introduce(member, recipient)
        return [*introduced, Deliver((recipient.connection,), text, paced=member.connection)]

    def _receive_text_to_operator(self, member: Member, happened: inputs.TextSaid) -> list[Effect]:
        return [
            Deliver((member.connection,), effects.Receipt(SERVER, b"", member.id, happened.number)),
            talk(named(member.person), "the server", happened.text, happened.numbers),
            effects.HandleText(member.connection, member.person, happened.text, happened.numbers),
        ]

    def receive_receipt(self, member: Member, happened: inputs.TextReceived) -> list[Effect]:
        """A receipt goes to the one whose text it confirms, as long as he is here."""
        if happened.number:
            return self._receive_numbered_receipt(member, happened)
        unanswered = member.unanswered
        names_writer = happened.to != SERVER or member.wire is Wire.MODERN
        confirmed = unanswered.maybe_take_from(happened.to) if names_writer else unanswered.maybe_take_oldest()
        if confirmed is None:
            return []
        if confirmed.writer == OPERATOR:
            return [Record(Meaning.TALK, f"{named(member.person)} has received the server's text.")]
        writer = self._roster.maybe_member(confirmed.writer.connection)
        return [] if writer is None else self._confirm(writer, member, happened.packets, confirmed.number)

    def _receive_numbered_receipt(self, member: Member, happened: inputs.TextReceived) -> list[Effect]:
        """Between two of the modern wire the number says it all: nothing is kept of their texts."""
        writer = self._roster.maybe_member_by_id(happened.to)
        if writer is None or writer.wire is Wire.CLASSIC:
            return []
        return self._confirm(writer, member, b"", happened.number, paced=member.connection)

    def _confirm(
        self, writer: Member, reader: Member, packets: bytes, number: int, paced: int | None = None
    ) -> list[Effect]:
        if not writer.hears_of(reader):
            return []
        receipt = effects.Receipt(reader.id, packets, writer.id, number)
        return [*self._announcements.introduce(reader, writer), Deliver((writer.connection,), receipt, paced)]

    def receive_operator_said(self, happened: inputs.OperatorSaid) -> list[Effect]:
        """The operator's text goes to each of the chosen."""
        chosen = self._roster.chosen(happened.to)
        told: list[Effect] = []
        for recipient in chosen:
            recipient.unanswered.add(OPERATOR)
            text = effects.Text(SERVER, recipient.id, happened.text, happened.numbers, b"")
            told.append(Deliver((recipient.connection,), text))
        reader = named(chosen[0].person) if len(chosen) == 1 else f"{len(chosen)} people"
        return [*told, talk("The server", reader, happened.text, happened.numbers)]
