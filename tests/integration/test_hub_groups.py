"""A hub whose sockets are divided among several readers and flushers, as on Windows above 500 clients.

Threads: the hub's own, and pytest's main thread as every client.
"""

import threading

from commonlib.classic.layouts import DataPacket
from commonlib.classic.packet import PacketType
from tcpipserver.config import ServerConfig
from tests.support.leaks import wait_until
from tests.support.running_hub import running_hub

TWO_EACH = ServerConfig(sockets_per_group=2)


def names_of_threads() -> list[str]:
    """The names of all readers and flushers that run now."""
    names = (thread.name for thread in threading.enumerate())
    return sorted(name for name in names if name.startswith(("reader", "flusher")))


def test_seven_clients_need_four_groups_of_two() -> None:
    """Each pair of sockets has a reader and a flusher of its own; all clients reach each other; all threads end."""
    with running_hub(TWO_EACH) as hub:
        clients = hub.join_many(7)
        assert names_of_threads() == [f"{kind}-{n}" for kind in ("flusher", "reader") for n in (1, 2, 3, 4)]
        for sender in clients:
            for recipient in clients:
                sender.send(DataPacket(777, id_to=recipient.id).encode())
        for recipient in clients:
            senders = sorted(DataPacket.decode(recipient.wait_for(777)).id_from for _ in clients)
            assert senders == [client.id for client in clients]
    assert names_of_threads() == []


def test_one_hub_with_enough_room_has_one_group() -> None:
    """Without a limit all sockets share one reader and one flusher, however many there are."""
    with running_hub(ServerConfig(sockets_per_group=None)) as hub:
        hub.join_many(7)
        assert names_of_threads() == ["flusher-1", "reader-1"]


def test_the_place_of_one_who_left_is_used_again() -> None:
    """A group with a free place takes the next newcomer before a new one is started."""
    with running_hub(TWO_EACH) as hub:
        first, second, third = hub.join_many(3)
        first.close()
        third.wait_for(PacketType.CLIENT_DISCONNECTING)
        assert wait_until(lambda: hub.service._groups._groups[0].size == 1, 20.0)
        hub.join("Another").echo()
        hub.join("One more").echo()
        assert len(names_of_threads()) == 4
        second.echo()


def test_many_packets_to_readers_of_other_groups_arrive_in_order() -> None:
    """A stream through two groups is neither torn nor reordered."""
    with running_hub(ServerConfig(sockets_per_group=1)) as hub:
        ann, bob = hub.join_many(2)
        numbers = range(2000)
        ann.send(b"".join(DataPacket(777, id_to=bob.id, longs=(number,)).encode() for number in numbers))
        assert [DataPacket.decode(bob.wait_for(777)).long(1) for _ in numbers] == list(numbers)
