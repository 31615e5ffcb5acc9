"""How people arrive at a running hub: greeted, listened to, sent away, all without holding up anybody else.

Threads: the hub's own, and pytest's main thread as every client.
"""

from functools import partial

import pytest

from commonlib.classic.layouts import DataPacket
from commonlib.classic.packet import PacketType
from commonlib.meaning import Meaning
from commonlib.ticks import ticks_from_unix
from tcpipserver.config import ServerConfig
from tcpipserver.hub.brain import Hub
from tcpipserver.hub.identifiers import ClientIds
from tcpipserver.hub.limits import Limits
from tests.support.classic_client import ECHO, SECONDS, ClassicClient, credentials
from tests.support.clock import WALL, FakeClock
from tests.support.leaks import wait_until
from tests.support.running_hub import RunningHub, running_hub

PATIENT = ServerConfig(limits=Limits(arrival_seconds=600.0))
MOMENT = 0.2
HURRIED = ServerConfig(limits=Limits(arrival_seconds=MOMENT))


def arriving(hub: RunningHub) -> int:
    """How many are arriving at this moment."""
    assert hub.service._arrivals is not None
    return len(hub.service._arrivals._arriving)


def connected(hub: RunningHub) -> int:
    """How many places are taken at this moment."""
    assert hub.service._arrivals is not None
    return len(hub.service._arrivals._visits)


def is_greeted(client: ClassicClient) -> bool:
    """Whether the hub greets this client; if not, it must end the connection."""
    try:
        client.greet()
    except (AssertionError, ConnectionError):
        assert client.packets == []
        return False
    return True


def lines_of_trouble(hub: RunningHub, part: str) -> int:
    """How many lines of trouble have this in them."""
    return sum(part in line for line in hub.log.lines(Meaning.TROUBLE))


def has_lost(hub: RunningHub, count: int) -> bool:
    """Whether so many have gone without having registered."""
    return lines_of_trouble(hub, "did not register") == count


# Ids


def test_who_connects_and_never_registers_uses_up_no_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    """However often somebody connects and goes, the next one is greeted; the log tells once that no id was left."""
    monkeypatch.setattr("tcpipserver.service.Hub", lambda **_: Hub(ClientIds(largest=3)))
    with running_hub(PATIENT) as hub:
        for gone in range(1, 11):
            with hub.connect() as visitor:
                visitor.greet()
            assert wait_until(partial(has_lost, hub, gone), SECONDS)
        assert len({hub.join(name).id for name in ("Ann", "Bob", "Cid")}) == 3
        for name in ("Dan", "Eve", "Fay"):
            late = hub.connect()
            assert late.greet().id_to == 0, "he may turn out to speak the wire that has more ids"
            late.send(credentials(name))
            late.wait_for(PacketType.HOST_EXITING)
            late.wait_for_end()
        assert lines_of_trouble(hub, "was sent away") == 1


# The greeting


def test_the_greeting_tells_id_and_address() -> None:
    """The first packet gives the newcomer his id, his address as the hub sees it, and the hub's clock."""
    with running_hub(clock=FakeClock()) as hub:
        first, second = hub.connect().greet(), hub.connect().greet()
        assert (first.id_to, second.id_to) == (1, 2)
        assert first.text_a == "127.0.0.1"
        assert first.long(1) == ticks_from_unix(WALL)


def test_nothing_but_the_greeting_reaches_one_who_arrives() -> None:
    """Neither who comes and goes, nor what is said to all or to his id, nor the hub's end is told to him."""
    with running_hub(PATIENT) as hub:
        silent = hub.connect()
        silent.greet()
        ann, bob = hub.join("Ann"), hub.join("Bob")
        bob.say("hello", to=silent.id)
        bob.send(DataPacket(ECHO, id_to=0).encode())
        ann.wait_for(ECHO)
        bob.send(DataPacket(PacketType.CLOSE).encode())
        ann.wait_for(PacketType.CLIENT_DISCONNECTING)
        ann.close()
        bob.close()
        hub.service.stop()
        silent.wait_for_end()
        assert len(silent.packets) == 1


# The deadline


def test_one_who_says_nothing_is_sent_away_in_time() -> None:
    """Without credentials the hub ends the connection when the time for them is over, and says so."""
    with running_hub(HURRIED) as hub:
        silent = hub.connect()
        silent.wait_for_end()
        line = hub.log.wait_for("did not register")
        assert line == "127.0.0.1 did not register: it did not say who it is in time."


def test_one_who_dribbles_gets_no_more_time() -> None:
    """The deadline holds for the whole introduction: a byte now and then does not put it off."""
    with running_hub(HURRIED) as hub:
        slow = hub.connect()
        slow.greet()
        slow.socket.settimeout(MOMENT / 10)
        sent = 0
        for byte in credentials("Slow"):
            try:
                slow.socket.send(bytes([byte]))
                sent += 1
                if not slow.socket.recv(1):
                    break
            except TimeoutError:
                continue
            except ConnectionError:
                break
        assert sent < 200
        hub.log.wait_for("it did not say who it is in time")


def test_a_hub_too_busy_to_greet_sends_away() -> None:
    """A newcomer does not wait for ever for a greeting, and leaves no trace when the hub has time again."""
    with running_hub(HURRIED) as hub:
        with hub.dispatcher_standing_still():
            client = hub.connect()
            client.wait_for_end()
            assert client.packets == []
        hub.log.wait_for("did not register: the hub was too busy to greet it")
        assert hub.members() == ()
        assert wait_until(lambda: not hub.service._dispatcher._connections, SECONDS)


# What he says first


@pytest.mark.parametrize("size", [1, 2, 700, 1023, 1024, 1025, 1500, 2047, 2048, 2049, 65_536])
def test_no_byte_behind_the_credentials_is_lost(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """However the hub comes to read the first bytes, what is glued to the credentials is worked off in its order."""
    monkeypatch.setattr("tcpipserver.net.newcomer._READ_BYTES", size)
    with running_hub() as hub:
        client = hub.connect()
        client.greet()
        packets = [DataPacket(ECHO, id_to=client.id, longs=(number,)).encode() for number in range(5)]
        client.send(credentials("Ann") + b"".join(packets) + packets[0][:100])
        assert [DataPacket.decode(client.wait_for(ECHO)).long(1) for _ in packets] == [0, 1, 2, 3, 4]
        client.send(packets[0][100:])
        client.wait_for(ECHO, lambda packet: DataPacket.decode(packet).long(1) == 0)
        client.echo()


@pytest.mark.parametrize("bytes_", [b"GET / HTTP/1.1\r\n\r\n", b"\x05", b"\x04\x01", b"\x17\x03\x01", b"\0" * 1024])
def test_other_first_bytes_end_the_connection_at_once(bytes_: bytes) -> None:
    """What does not begin with credentials is not waited for, and the log says who it was."""
    with running_hub(PATIENT) as hub:
        client = hub.connect()
        client.greet()
        client.send(bytes_)
        client.wait_for_end()
        assert len(client.packets) == 1
        hub.log.wait_for("127.0.0.1 did not register: it began with something else than its credentials.")


def test_a_wrong_second_byte_ends_it_too() -> None:
    """The choice is made of two bytes, wherever they are divided."""
    with running_hub(PATIENT) as hub:
        client = hub.connect()
        client.greet()
        client.send(b"\x04")
        assert arriving(hub) == 1
        client.send(b"\x09")
        client.wait_for_end()


@pytest.mark.parametrize("is_reset", [False, True])
@pytest.mark.parametrize("size", [0, 1, 1023])
def test_one_who_goes_while_arriving_is_forgotten(size: int, is_reset: bool) -> None:
    """A connection that ends or breaks in mid-arrival is told in one line and keeps nothing."""
    with running_hub(PATIENT) as hub:
        client = hub.connect()
        client.greet()
        client.send(credentials("Nobody")[:size])
        if is_reset:
            client.reset()
        else:
            client.close()
        hub.log.wait_for("127.0.0.1 did not register: ")
        assert hub.members() == ()
        assert wait_until(lambda: arriving(hub) == 0, SECONDS)
        assert hub.log.count("did not register") == 1


# Many at once


def test_half_open_connections_hold_up_nobody() -> None:
    """With 200 connections that say nothing, somebody arrives and is served as if they were not there."""
    with running_hub(PATIENT) as hub:
        for _ in range(200):
            hub.connect()
        ann = hub.join("Ann")
        ann.echo()
        assert arriving(hub) == 200
        assert [member.person.name for member in hub.members()] == ["Ann"]


def test_no_more_arrive_at_once_than_allowed() -> None:
    """Above the limit newcomers are sent away without a greeting, told once; a place that is free again is given."""
    with running_hub(ServerConfig(limits=Limits(arrival_seconds=600.0, arriving=3))) as hub:
        half_open = [hub.connect() for _ in range(3)]
        assert all(map(is_greeted, half_open))
        assert not any(is_greeted(hub.connect()) for _ in range(3))
        assert hub.log.lines(Meaning.TROUBLE) == ["127.0.0.1 was sent away: 3 others are arriving at this moment."]
        half_open[0].close()
        assert wait_until(lambda: arriving(hub) == 2, SECONDS)
        hub.join("Ann").echo()


def test_no_more_are_here_than_there_is_room_for() -> None:
    """Above the capacity newcomers are sent away without a greeting, told once; whoever leaves makes room."""
    with running_hub(ServerConfig(most_clients=2)) as hub:
        ann, bob = hub.join("Ann"), hub.join("Bob")
        assert not any(is_greeted(hub.connect()) for _ in range(3))
        assert hub.log.lines(Meaning.TROUBLE) == ["127.0.0.1 was sent away: all 2 places are taken."]
        ann.close()
        bob.wait_for(PacketType.CLIENT_DISCONNECTING)
        assert wait_until(lambda: connected(hub) == 1, SECONDS)
        hub.join("Cid").echo()
        assert not is_greeted(hub.connect())
        assert len(hub.log.lines(Meaning.TROUBLE)) == 2


def test_newcomers_at_the_same_time_do_not_exceed_the_room() -> None:
    """Places are counted when they are given, although the dispatcher may hear of it later."""
    with running_hub(ServerConfig(most_clients=4, limits=Limits(arrival_seconds=600.0))) as hub:
        with hub.dispatcher_standing_still():
            clients = [hub.connect() for _ in range(12)]
            assert wait_until(lambda: hub.log.count("all 4 places are taken") == 1, SECONDS)
        assert sum(map(is_greeted, clients)) == 4
