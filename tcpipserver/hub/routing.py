"""Who hears what: texts, receipts and whatever else passes the hub (docs/protocol.md, "Routing").

Owns the way of everything that one member says to another, to all, or to the server. Must never read a packet, and
never raise. Pure: run by the dispatcher thread alone.
"""

from commonlib.classic.packet import SERVER, PacketType, stamp_file_id, stamp_recipient
from commonlib.meaning import Meaning
from tcpipserver.hub import effects, inputs
from tcpipserver.hub.effects import Deliver, Effect, Record
from tcpipserver.hub.people import Member
from tcpipserver.hub.receipts import OPERATOR
from tcpipserver.hub.records import named, talk, trouble
from tcpipserver.hub.roster import Roster

_FILE_TYPES = frozenset({PacketType.FILE_START, PacketType.FILE_CHUNK, PacketType.FILE_END})


class Routing:
    """Passes things on by the roster."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._handled: set[int] = set()

    # Talk

    def receive_text(self, member: Member, happened: inputs.TextSaid) -> list[Effect]:
        """A text goes to the one whom it is for."""
        size = len(happened.packets) or len(happened.text)
        if happened.to == SERVER:
            self._roster.count_passed(member, size, texts=1)
            return self._receive_text_to_operator(member, happened)
        recipient = self._roster.maybe_member_by_id(happened.to)
        if recipient is None:
            return trouble(member, f"wrote to id {happened.to}, who is not here")
        recipient.unanswered.add(member.as_writer)
        self._roster.count_passed(member, size, texts=1)
        text = effects.Text(member.id, recipient.id, happened.text, happened.numbers, happened.packets)
        return [Deliver((recipient.connection,), text, paced=member.connection)]

    def _receive_text_to_operator(self, member: Member, happened: inputs.TextSaid) -> list[Effect]:
        return [
            Deliver((member.connection,), effects.Receipt(SERVER, b"")),
            talk(named(member.person), "the server", happened.text, happened.numbers),
            effects.HandleText(member.connection, member.person, happened.text, happened.numbers),
        ]

    def receive_receipt(self, member: Member, happened: inputs.TextReceived) -> list[Effect]:
        """A receipt goes to the one whose text it confirms, as long as he is here."""
        unanswered = member.unanswered
        named_id = happened.to != SERVER
        writer = unanswered.maybe_take_from(happened.to) if named_id else unanswered.maybe_take_oldest()
        if writer == OPERATOR:
            return [Record(Meaning.TALK, f"{named(member.person)} has received the server's text.")]
        if writer is None or self._roster.maybe_member(writer.connection) is None:
            return []
        return [Deliver((writer.connection,), effects.Receipt(member.id, happened.packets))]

    def receive_operator_said(self, happened: inputs.OperatorSaid) -> list[Effect]:
        """The operator's text goes to each of the chosen."""
        chosen = self._chosen(happened.to)
        told: list[Effect] = []
        for recipient in chosen:
            recipient.unanswered.add(OPERATOR)
            text = effects.Text(SERVER, recipient.id, happened.text, happened.numbers, b"")
            told.append(Deliver((recipient.connection,), text))
        reader = named(chosen[0].person) if len(chosen) == 1 else f"{len(chosen)} people"
        return [*told, talk("The server", reader, happened.text, happened.numbers)]

    # Whatever else passes

    def receive_packets(self, member: Member, happened: inputs.PacketsSent) -> list[Effect]:
        """Packets go to the one whom they are for, or to everyone: the sender, too."""
        packet_type, to = happened.packet_type, happened.to
        if to == SERVER and packet_type in self._handled:
            self._roster.count_passed(member, len(happened.packets))
            return [
                effects.HandlePackets(member.connection, member.person, packet_type, happened.layout, happened.packets)
            ]
        packets = self._maybe_with_free_file_id(member, happened) if packet_type in _FILE_TYPES else happened.packets
        if packets is None:
            return trouble(member, f"sent a part of file {happened.file_id}, a number that is another file's")
        item = effects.Packets(member.id, happened.layout, packets)
        if to == SERVER:
            self._roster.count_passed(member, len(packets))
            return [Deliver(self._roster.connections(), item, paced=member.connection)]
        recipient = self._roster.maybe_member_by_id(to)
        if recipient is None:
            return trouble(member, f"sent packets of type {packet_type} to id {to}, who is not here")
        self._roster.count_passed(member, len(packets))
        return [Deliver((recipient.connection,), item, paced=member.connection)]

    def _maybe_with_free_file_id(self, member: Member, happened: inputs.PacketsSent) -> bytes | None:
        """The packets of a file under a number that is no other file's; None where there is none."""
        file_ids, key = self._roster.file_ids, (member.id, happened.to, happened.file_id)
        if happened.packet_type == PacketType.FILE_START:
            passing = file_ids.maybe_begin(*key)
        else:
            passing = file_ids.maybe_passing(*key)
        if happened.packet_type == PacketType.FILE_END:
            file_ids.end(*key)
        return None if passing is None else stamp_file_id(happened.packets, passing)

    def receive_operator_sent(self, happened: inputs.OperatorSentPackets) -> list[Effect]:
        """A program's packets go to everyone as they are, or to each of the chosen with his id in them."""
        layout = happened.layout
        if happened.to is None:
            everyone = effects.Packets(SERVER, layout, stamp_recipient(happened.packets, layout, SERVER))
            connections = self._roster.connections()
            return [Deliver(connections, everyone)] if connections else []
        return [
            Deliver(
                (recipient.connection,),
                effects.Packets(SERVER, layout, stamp_recipient(happened.packets, layout, recipient.id)),
            )
            for recipient in self._chosen(happened.to)
        ]

    def receive_command_handled(self, happened: inputs.CommandHandled) -> list[Effect]:
        """From now on a handler takes this command."""
        self._handled.add(happened.packet_type)
        return []

    def _chosen(self, to: tuple[int, ...] | None) -> list[Member]:
        if to is None:
            return list(self._roster)
        found = (self._roster.maybe_member_by_id(client_id) for client_id in dict.fromkeys(to))
        return [member for member in found if member is not None]
