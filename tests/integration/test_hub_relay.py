"""Ways between two clients through the hub, with real sockets. How they are opened: test_hub_files_talk.py.

Threads: the hub's own, one that feeds a half of a way, and pytest's main thread as every client.
"""

import re
import socket
import struct
import threading
from dataclasses import replace
from random import Random

import pytest

from commonlib.wire.messages import Refused, Text
from commonlib.wire.reasons import RefusalReason
from commonlib.wire.way_messages import (
    Role,
)
from tcpipserver.config import ServerConfig
from tcpipserver.hub.admission import Joining, Policy
from tcpipserver.hub.inputs import Input, OperatorApproved, OperatorBanned, OperatorKicked
from tcpipserver.hub.limits import Limits
from tcpipserver.hub.relaybook import TOKEN_SECONDS
from tests.support.classic_client import SECONDS
from tests.support.clock import FakeClock
from tests.support.leaks import holdings_now, maybe_leak, wait_until
from tests.support.running_hub import running_hub
from tests.support.tls_pairs import identity_of
from tests.support.way_pairs import TRANSFER, Pair, is_ended, opened_way, pair_on_hub, read

CHUNK = 64 << 10


# Through the hub


def test_bytes_pass_both_ways_at_once_whatever_is_cut_where() -> None:
    """From the first byte behind each RelayJoin to the last one before the end."""
    random = Random(5)
    there, back = random.randbytes(3 << 20), random.randbytes(1 << 20)
    with pair_on_hub() as pair:
        half_of_ann = pair.half(pair.to_ann, behind=there[:1000])
        half_of_bob = pair.half(pair.to_bob, behind=back[:1])

        def send(half: socket.socket, data: bytes) -> None:
            random_cuts = Random(7)
            while data:
                size = random_cuts.randint(1, CHUNK)
                half.sendall(data[:size])
                data = data[size:]
            half.shutdown(socket.SHUT_WR)

        senders = [
            threading.Thread(target=send, args=(half_of_ann, there[1000:])),
            threading.Thread(target=send, args=(half_of_bob, back[1:])),
        ]
        for thread in senders:
            thread.start()
        assert read(half_of_bob, len(there) + 1) == there
        assert read(half_of_ann, len(back) + 1) == back
        for thread in senders:
            thread.join()
        assert "Ann (1) sends files to Bob (2) through the hub" in pair.hub.log.wait_for("sends files")
        assert "4.2 MB passed" in pair.hub.log.wait_for("has ended sending files")
        status = pair.hub.service.picture().status
        assert (status.relays, status.relayed_bytes) == (0, len(there) + len(back))


def test_the_end_of_one_half_is_the_end_of_the_other() -> None:
    """Killed in the middle of it: the other hears no more than its end, and the hub keeps nothing."""
    with pair_on_hub() as pair:
        half_of_ann, half_of_bob = pair.both_halves()
        half_of_ann.sendall(b"some")
        assert read(half_of_bob, 4) == b"some"
        half_of_ann.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        half_of_ann.close()  # With a reset, as a process that is killed with bytes unread.
        assert is_ended(half_of_bob)
        half_of_bob.close()
        assert wait_until(lambda: pair.hub.service.picture().status.relays == 0, SECONDS)
        assert opened_way(pair.ann, pair.bob)[0].token != pair.to_ann.token


def test_a_receiver_who_reads_nothing_holds_up_nobody_but_his_sender() -> None:
    """Others talk on while the way between those two is stuck."""
    with pair_on_hub() as pair:
        half_of_ann, _ = pair.both_halves()
        half_of_ann.settimeout(0.2)
        with pytest.raises(TimeoutError):
            half_of_ann.sendall(bytes(64 << 20))
        cid, dan = pair.hub.join_modern("Cid"), pair.hub.join_modern("Dan")
        for number in range(1, 100):
            cid.send(Text(number=number, text="hello"), to=dan.id)
            assert dan.wait_for(Text).number == number
        for client in (pair.ann, pair.bob):
            client.echo()


def test_a_hub_that_asks_for_a_code_or_the_operator_asks_no_half() -> None:
    """The token is the permission: both ends are members already."""
    for policy in (Policy(Joining.CODE), Policy(Joining.APPROVAL)):
        with running_hub(ServerConfig(policy=policy, join_code="amber-river-stone-482")) as hub:
            for name in ("ann", "bob"):
                hub.service.tell(OperatorApproved(identity_of(name).fingerprint))
            ann, bob = hub.join_modern("Ann", identity_of("ann")), hub.join_modern("Bob", identity_of("bob"))
            pair = Pair(hub, ann, bob, *opened_way(ann, bob))
            half_of_ann, half_of_bob = pair.both_halves()
            half_of_ann.sendall(b"x")
            assert read(half_of_bob, 1) == b"x"


def test_files_go_on_where_only_the_connection_of_a_member_breaks() -> None:
    """It is another one, and he comes back."""
    with pair_on_hub() as pair:
        half_of_ann, half_of_bob = pair.both_halves()
        pair.ann.close()
        pair.hub.wait_for_members(1)
        half_of_ann.sendall(b"x")
        assert read(half_of_bob, 1) == b"x"


@pytest.mark.parametrize("is_ban", [False, True], ids=["kicked", "banned"])
def test_what_passes_ends_with_whoever_is_sent_away(is_ban: bool) -> None:
    """And nothing else does."""
    with pair_on_hub() as pair:
        half_of_ann, half_of_bob = pair.both_halves()
        half_of_bob.sendall(b"x")
        assert read(half_of_ann, 1) == b"x"
        decision: Input = OperatorBanned(ids=(pair.bob.id,)) if is_ban else OperatorKicked((pair.bob.id,))
        pair.hub.service.tell(decision)
        assert is_ended(half_of_ann)
        assert is_ended(half_of_bob)
        pair.ann.echo()


# Halves that are not joined


def test_nobody_gets_in_without_the_token_for_this_greeting() -> None:
    """Another token, transfer, role or greeting: each is closed without a word, and uses nothing up."""
    with pair_on_hub() as pair:
        opened = pair.to_ann
        elsewhere = pair.hub.connect_modern().greet().relay_join(opened.token, TRANSFER, Role.SENDER)
        ours = pair.hub.connect_modern().greet()
        wrong = [
            ours.relay_join(bytes(32), TRANSFER, Role.SENDER),
            ours.relay_join(opened.token, bytes(16), Role.SENDER),
            ours.relay_join(opened.token, TRANSFER, Role.RECEIVER)[:4] + b"\1\0" + bytes(1018),
            elsewhere,
            b"R" + bytes(1023),
            b"RJ\2\0" + elsewhere[4:],
            b"RK" + elsewhere[2:],
        ]
        for packet in wrong:
            half = pair.hub.connect_modern().greet().socket
            half.sendall(packet)
            assert is_ended(half)
        half_of_ann, half_of_bob = pair.both_halves()
        half_of_ann.sendall(b"x")
        assert read(half_of_bob, 1) == b"x"
        assert wait_until(lambda: pair.hub.log.count("did not register: it shows no token") == 4, SECONDS)
        assert wait_until(lambda: pair.hub.log.count("a relay join is of a kind that is not known here") == 3, SECONDS)


def test_a_token_is_good_once_for_each_end() -> None:
    """Also once both halves have ended."""
    with pair_on_hub() as pair:
        half_of_ann, half_of_bob = pair.both_halves()
        assert is_ended(pair.half(pair.to_ann))
        half_of_ann.sendall(b"x")
        assert read(half_of_bob, 1) == b"x"
        half_of_ann.close()
        half_of_bob.close()
        assert wait_until(lambda: pair.hub.service.picture().status.relays == 0, SECONDS)
        assert is_ended(pair.half(pair.to_bob))
        assert wait_until(lambda: pair.hub.log.count("its token was used before") == 2, SECONDS)


def test_a_token_is_good_for_half_a_minute() -> None:
    """By the hub's clock."""
    clock = FakeClock()
    with pair_on_hub(clock=clock) as pair:
        pair.hub.advance(TOKEN_SECONDS)
        assert is_ended(pair.half(pair.to_ann))
        assert "shows no token" in pair.hub.log.wait_for("did not register")


def test_one_half_alone_is_a_stranger_and_is_let_go() -> None:
    """Until it is joined it counts as one who arrives; then its token is used up, and the other half is alone, too."""
    with pair_on_hub(Limits(relay_half_seconds=0.2)) as pair:
        half = pair.half(pair.to_ann)
        assert wait_until(lambda: pair.hub.service.ask(lambda hub: hub.overview().arriving) == 1, SECONDS)
        assert is_ended(half)
        assert is_ended(pair.half(pair.to_bob))
        assert wait_until(lambda: pair.hub.log.count("the other half of its relay did not come") == 2, SECONDS)
        to_ann, to_bob = opened_way(pair.ann, pair.bob)
        again = replace(pair, to_ann=to_ann, to_bob=to_bob)
        half_of_ann, half_of_bob = again.both_halves()
        assert wait_until(lambda: pair.hub.service.picture().status.relays == 1, SECONDS)
        assert wait_until(lambda: pair.hub.service.ask(lambda hub: hub.overview().arriving) == 0, SECONDS)
        half_of_bob.sendall(b"x")
        assert read(half_of_ann, 1) == b"x"


def test_a_half_alone_takes_a_strangers_place_and_two_that_are_joined_take_none() -> None:
    """Where there is room for two of them at a time."""
    with pair_on_hub(Limits(arriving=2)) as pair:
        half_of_ann = pair.half(pair.to_ann)
        assert wait_until(lambda: pair.hub.service._relays._halves == {pair.to_ann.token: 1}, SECONDS)
        stranger = pair.hub.connect_modern().greet()
        with pytest.raises((AssertionError, ConnectionError)):
            pair.hub.connect_modern().greet()
        stranger.close()
        assert wait_until(lambda: pair.hub.service.ask(lambda hub: hub.overview().arriving) == 1, SECONDS)
        half_of_bob = pair.half(pair.to_bob)
        half_of_ann.sendall(b"x")
        half_of_bob.sendall(b"y")
        assert read(half_of_bob, 1) + read(half_of_ann, 1) == b"xy"
        strangers = [pair.hub.connect_modern().greet() for _ in range(2)]
        assert all(stranger.mark for stranger in strangers)


def test_a_thousand_halves_of_nothing_cost_the_others_nothing() -> None:
    """Each is sent away at once, counts as a wrong proof, and their address brings in nobody new for a while."""
    before = holdings_now()
    with pair_on_hub(Limits(attempts_per_minute=5000)) as pair:
        half_of_ann, half_of_bob = pair.both_halves()
        for _ in range(20):
            flood = [pair.hub.connect_modern() for _ in range(50)]
            for client in flood:
                client.greet().socket.sendall(client.relay_join(bytes(32), TRANSFER, Role.SENDER))
            half_of_ann.sendall(b"x")
            assert read(half_of_bob, 1) == b"x"
            pair.bob.echo()
            assert all(is_ended(client.socket) for client in flood)
            for client in flood:
                client.close()
        newcomer = pair.hub.connect_modern().secure()
        newcomer.send(newcomer.hello("Eve"))
        assert newcomer.wait_for(Refused).reason == RefusalReason.LOCKED_OUT
    assert maybe_leak(before) is None


def test_when_all_relays_are_in_use_a_further_one_is_not_made() -> None:
    """Its halves are closed; the operator reads why, and which limit it is."""
    with pair_on_hub(Limits(relays=1)) as pair:
        half_of_ann, half_of_bob = pair.both_halves()
        half_of_ann.sendall(b"x")
        assert read(half_of_bob, 1) == b"x"
        to_ann, _ = opened_way(pair.ann, pair.bob, bytes(16))
        assert is_ended(pair.half(to_ann))
        assert "--limit relays=N" in pair.hub.log.wait_for("all 1 relays are in use")


# The end of the hub


def test_a_hub_that_stops_ends_its_relays_and_leaves_nothing_behind() -> None:
    """Those who move bytes, one who waits for his other half, and one who has just connected."""
    before = holdings_now()
    with pair_on_hub(Limits(relay_half_seconds=600.0)) as pair:
        half_of_ann, half_of_bob = pair.both_halves()
        half_of_ann.sendall(b"x")
        assert read(half_of_bob, 1) == b"x"
        stuck = opened_way(pair.ann, pair.bob, bytes(16))
        stuck_half, _ = pair.half(stuck[0]), pair.half(stuck[1])
        stuck_half.settimeout(0.2)
        with pytest.raises(TimeoutError):
            stuck_half.sendall(bytes(64 << 20))
        alone = pair.half(opened_way(pair.ann, pair.bob, bytes([9] * 16))[0])
        pair.hub.connect_modern().greet()
        pair.hub.service.stop()
        for half in (half_of_ann, half_of_bob, alone):
            assert is_ended(half)
    assert maybe_leak(before) is None
    assert re.search("has ended sending files to Bob .* 1 byte passed", "\n".join(pair.hub.log.lines()))
