"""The hub under attack: its arrival, its dialect and its brain, put together without a thread.

Owns what the hub promises to a bystander whatever others send. It must never look into the hub beyond what it tells.
Thread: the caller's own.
"""

import unicodedata
from collections.abc import Sequence
from functools import cache
from random import Random

from commonlib.classic.layouts import ClientDataPacket, DataPacket
from commonlib.classic.packet import PACKET_SIZE, Layout, PacketType, recipient_of, sender_of, type_of
from tcpipserver.hub import inputs
from tcpipserver.hub.identifiers import ClientIds
from tests.support.fuzzing import divided_at_random
from tests.support.memory_hub import MemoryHub
from tests.support.recordings import ALICE_TO_SERVER, BOB_TO_SERVER, divided, recorded_packets

BIG_COMMAND, HANDLED_COMMAND = 300, 301
_HUBS_OWN = {
    PacketType.PING,
    PacketType.REGISTERED,
    PacketType.HOST_EXITING,
    PacketType.CLIENT_DATA,
    PacketType.CLIENT_DISCONNECTING,
}
_NOBODYS_TO_HEAR = {
    0,
    PacketType.PING_RESPONSE,
    PacketType.MY_CREDENTIALS,
    PacketType.CREDENTIALS_UPDATE,
    PacketType.CLOSE,
}
_UNSAFE_CATEGORIES = ("Cc", "Cf", "Zl", "Zp")
_MOST_IDS = 6
_LONGEST_LINE = 1300
_BYSTANDERS_TEXT = (
    DataPacket(PacketType.MESSAGE, id_to=1).encode() + DataPacket(PacketType.MESSAGE, data_type=2, id_to=1).encode()
)


@cache
def recorded_by_clients() -> Sequence[bytes]:
    """What both clients said, from one mouth."""
    return tuple(recorded_packets(ALICE_TO_SERVER) + recorded_packets(BOB_TO_SERVER))


class HubTarget:
    """Attackers come, send anything, go and come again; a bystander hears whole and true packets, and is served."""

    name = "hub"

    def packets(self) -> Sequence[bytes]:
        """All that clients say."""
        return recorded_by_clients()

    def attack(self, stream: bytes, random: Random) -> None:
        """Deal the stream out to attackers, some of whom arrive with it, while time passes."""
        hub = MemoryHub(ClientIds(_MOST_IDS))
        hub.registry.register(BIG_COMMAND, Layout.BIG_STRING)
        hub.tell(inputs.CommandHandled(HANDLED_COMMAND))
        bystander = hub.connect()
        hub.receive_data(bystander, recorded_by_clients()[0])
        attackers: list[int] = []
        ids = {bystander: 1}
        for chunk in divided_at_random(stream, random):
            if not attackers or not random.randrange(8):
                attackers.append(self._come(hub, random))
            attacker = random.choice(attackers)
            ids |= {number: _greeted_id(hub, number) for number in attackers if number not in ids}
            hub.data_to_send(bystander)
            hub.receive_data(attacker, chunk)
            self._check_heard(hub, bystander, ids[attacker])
            if not random.randrange(20):
                hub.receive_eof(attacker)
                attackers.remove(attacker)
            self._let_time_pass(hub, bystander, random)
        self._check_served(hub, bystander)
        self._check_lines(hub)

    def _come(self, hub: MemoryHub, random: Random) -> int:
        attacker = hub.connect()
        if random.randrange(4):
            hub.receive_data(attacker, recorded_by_clients()[0])
        return attacker

    def _let_time_pass(self, hub: MemoryHub, bystander: int, random: Random) -> None:
        seconds = random.choice((0.0, 0.0, 0.001, 1.0, 240.0, 599.0))
        hub.now += seconds
        hub.wall += seconds
        hub.tell(inputs.Ticked(frozenset({bystander})))
        assert not hub.links[bystander].is_dismissed

    def _check_heard(self, hub: MemoryHub, bystander: int, attacker_id: int) -> None:
        """What passes is for the bystander or for all, and says who sent it."""
        heard = hub.data_to_send(bystander)
        assert len(heard) % PACKET_SIZE == 0
        for packet in divided(heard):
            packet_type = type_of(packet)
            assert packet_type not in _NOBODYS_TO_HEAR
            if packet_type not in _HUBS_OWN:
                layout = hub.registry.table.layout_of(packet_type)
                assert sender_of(packet, layout) == attacker_id
                assert recipient_of(packet, layout) in (0, 1)
                assert packet_type != HANDLED_COMMAND or recipient_of(packet, layout) == 1

    def _check_served(self, hub: MemoryHub, bystander: int) -> None:
        """Whoever stays still gets what is his: his own text comes back to him, and the roster is true."""
        hub.data_to_send(bystander)
        hub.receive_data(bystander, _BYSTANDERS_TEXT)
        assert [type_of(packet) for packet in divided(hub.data_to_send(bystander))] == [PacketType.MESSAGE] * 2
        newcomer = hub.connect()
        hub.receive_data(newcomer, recorded_by_clients()[0])
        if newcomer in {member.connection for member in hub.hub.members()}:
            packets = divided(hub.data_to_send(newcomer))
            details = [ClientDataPacket.decode(one) for one in packets if type_of(one) == PacketType.CLIENT_DATA]
            others = hub.hub.people()[:-1]
            assert [(one.client_id, one.user_name) for one in details] == [(one.id, one.name) for one in others]
            assert all(one.user_name for one in details)

    def _check_lines(self, hub: MemoryHub) -> None:
        for line in hub.lines:
            assert len(line.text) <= _LONGEST_LINE
            assert not [one for one in line.text if unicodedata.category(one) in _UNSAFE_CATEGORIES]


def _greeted_id(hub: MemoryHub, connection: int) -> int:
    """The id in the greeting, or 0 for one who was sent away."""
    heard = bytes(hub.links[connection].sent[:PACKET_SIZE])
    return DataPacket.decode(heard).id_to if heard else 0
