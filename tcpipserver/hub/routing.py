"""Who hears what of files, of own commands and of whatever else passes (docs/protocol.md, "Routing", M7 and M8).

Owns the way of all that the hub does not understand. Must never read a packet, and never raise. Pure: run by the
dispatcher thread alone.
"""

from commonlib.classic.packet import SERVER, PacketType, stamp_file_id, stamp_recipient
from tcpipserver.hub import effects, inputs
from tcpipserver.hub.announcements import Announcements
from tcpipserver.hub.effects import Deliver, Effect
from tcpipserver.hub.people import Member, Wire
from tcpipserver.hub.records import named, trouble
from tcpipserver.hub.roster import Roster

_FILE_TYPES = frozenset({PacketType.FILE_START, PacketType.FILE_CHUNK, PacketType.FILE_END})


class Routing:
    """Passes things on by the roster."""

    def __init__(self, roster: Roster, announcements: Announcements) -> None:
        self._roster = roster
        self._announcements = announcements
        self._handled: set[int] = set()

    # Packets

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
        item = effects.Packets(member.id, happened.layout, packets, to, happened.file_name)
        if to == SERVER:
            return self._to_everyone(member, item, len(packets))
        recipient = self._roster.maybe_member_by_id(to)
        if recipient is None:
            return trouble(member, f"sent packets of type {packet_type} to id {to}, who is not here")
        if not recipient.hears_of(member):
            whom = named(recipient.person)
            return trouble(member, f"sent packets of type {packet_type} to {whom}, whose wire has no room for its id")
        return self._to_one(member, recipient, item, len(packets))

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
                effects.Packets(SERVER, layout, stamp_recipient(happened.packets, layout, recipient.id), recipient.id),
            )
            for recipient in self._roster.chosen(happened.to)
        ]

    # Commands with a payload

    def receive_command(self, member: Member, happened: inputs.CommandSent) -> list[Effect]:
        """A command goes to the one whom it is for, to the handler, or to everyone on the modern wire."""
        number, payload, to = happened.number, happened.payload, happened.to
        if to == SERVER and number in self._handled:
            self._roster.count_passed(member, len(payload))
            return [effects.HandleCommand(member.connection, member.person, number, payload)]
        item = effects.Command(member.id, to, number, payload)
        if to == SERVER:
            return self._to_everyone(member, item, len(payload))
        recipient = self._roster.maybe_member_by_id(to)
        if recipient is None:
            return trouble(member, f"sent command {number} to id {to}, who is not here")
        if recipient.wire is Wire.CLASSIC:
            return trouble(member, f"sent command {number} to {named(recipient.person)}, whose wire has no room for it")
        return self._to_one(member, recipient, item, len(payload))

    def receive_operator_sent_command(self, happened: inputs.OperatorSentCommand) -> list[Effect]:
        """A program's command goes to the chosen, as far as they are on the modern wire."""
        number, payload = happened.number, happened.payload
        if happened.to is None:
            connections = self._roster.connections_on(Wire.MODERN)
            return [Deliver(connections, effects.Command(SERVER, SERVER, number, payload))] if connections else []
        return [
            Deliver((recipient.connection,), effects.Command(SERVER, recipient.id, number, payload))
            for recipient in self._roster.chosen(happened.to)
            if recipient.wire is Wire.MODERN
        ]

    def receive_command_handled(self, happened: inputs.CommandHandled) -> list[Effect]:
        """From now on a handler takes this command."""
        self._handled.add(happened.packet_type)
        return []

    # Both

    def _to_one(
        self, member: Member, recipient: Member, item: effects.Packets | effects.Command, size: int
    ) -> list[Effect]:
        self._roster.count_passed(member, size)
        introduced = self._announcements.introduce(member, recipient)
        return [*introduced, Deliver((recipient.connection,), item, paced=member.connection)]

    def _to_everyone(self, member: Member, item: effects.Packets | effects.Command, size: int) -> list[Effect]:
        """Everyone who hears of the sender, on a wire that has room for the item."""
        self._roster.count_passed(member, size)
        is_for_all = isinstance(item, effects.Packets) and member.person.has_short_id
        connections = self._roster.connections() if is_for_all else self._roster.connections_on(Wire.MODERN)
        if not connections:
            return []
        introduced = self._announcements.introduce_to_all(member)
        return [*introduced, Deliver(connections, item, paced=member.connection)]
