"""Batches whose hub, way or other end goes away in the middle: they go on, and nothing that has come is sent again.

Threads: the hub's and the clients' own; pytest's main thread as their users. Batches are held in the middle by a limit
on speed, which is lifted to let them go on.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tcpipclient import Accept
from tcpipclient.core.batch_events import BatchChanged, BatchState, WayKind
from tcpipclient.core.events import ConnectionLost, PersonJoined
from tcpipclient.core.way_rule import WayRule
from tcpipclient.exchange import FileExchange
from tcpipclient.net.peer.speed_limiter import SpeedLimiter
from tests.support.batch_clients import BatchClient, Meeting, meeting

SLOW = 8_000_000
"""Bytes per second at which LARGE does not end before the test has looked."""
LARGE = 48 << 20
SOME = 4 << 20
MANY = 2000
"""Small files, and every hundredth of them is there already."""


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Meeting]:
    """One, and nobody on it."""
    with meeting(tmp_path) as hub:
        yield hub


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A file of bytes that do not repeat."""
    path = tmp_path / "large.bin"
    path.write_bytes(Random(1).randbytes(LARGE))
    return path


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many bytes of files went out, in pieces."""
    pieces: list[int] = []
    take = SpeedLimiter.take

    def counted(self: SpeedLimiter, most: int, now: float) -> int:
        granted = take(self, most, now)
        pieces.append(granted)
        return granted

    monkeypatch.setattr(SpeedLimiter, "take", counted)
    return pieces


def running(hub: Meeting, path: Path, ways: WayRule = WayRule.AUTO) -> tuple[BatchClient, BatchClient, int]:
    """Ann and Bob, and a batch of hers of which some has come to him, slowly."""
    ann, bob = hub.join("Ann", speed_limit=SLOW, ways=ways), hub.join("Bob", ways=ways)
    number = ann.client.send_files([path], bob.id).number
    ann.moved(number, SOME)
    bob.moved(number, SOME)
    return ann, bob, number


def is_whole(bob: BatchClient, path: Path) -> bool:
    """Whether a file has come as it was."""
    return (bob.downloads / path.name).read_bytes() == path.read_bytes()


def test_a_direct_batch_goes_on_without_the_hub(hub: Meeting, large: Path) -> None:
    """To its end at both ends, whose users are told of it after the loss of the connection."""
    ann, bob, number = running(hub, large)
    hub.server.stop()
    for end in (ann, bob):
        end.heard.wait_for(ConnectionLost)
    ann.client.limit_speed(None)
    for end in (ann, bob):
        ended = end.ended(number)
        assert ended.state is BatchState.SAVED
        kinds = [type(event) for event in end.heard.events]
        assert kinds.index(ConnectionLost) < len(kinds) - 1
    assert is_whole(bob, large)


@pytest.mark.parametrize("ways", list(WayRule))
def test_a_way_that_breaks_is_replaced_and_nothing_is_lost(
    hub: Meeting, large: Path, sent: list[int], ways: WayRule
) -> None:
    """By another of the kind that is allowed; what has come stays, but for what was on its way."""
    ann, bob, number = running(hub, large, ways)
    ann.break_ways()
    ann.changed(number, BatchState.CONNECTING)
    ann.client.limit_speed(None)
    assert ann.ended(number).state is bob.ended(number).state is BatchState.SAVED
    assert is_whole(bob, large)
    assert len([it for it in ann.heard.all(BatchChanged) if it.state is BatchState.CONNECTING]) >= 2
    assert sum(sent) < LARGE + SOME


def test_a_way_that_breaks_among_many_files_leaves_the_counts_right_at_both_ends(hub: Meeting, tmp_path: Path) -> None:
    """What the batch has saved before counts as saved, once, and what was there before it as unchanged."""
    tree = tmp_path / "tree"
    tree.mkdir()
    for number in range(MANY):
        (tree / f"{number:04}").write_bytes(number.to_bytes(2) * 2048)
    ann, bob = hub.join("Ann", speed_limit=SLOW), hub.join("Bob")
    (bob.downloads / "tree").mkdir(parents=True)
    for number in range(0, MANY, 100):
        shutil.copy2(tree / f"{number:04}", bob.downloads / "tree" / f"{number:04}")
    number = ann.client.send_files([tree], bob.id).number
    for round_number in range(1, 4):
        bob.moved(number, round_number * SOME // 4)
        ann.break_ways()
    ann.client.limit_speed(None)
    for ended in (ann.ended(number), bob.ended(number)):
        assert (ended.state, ended.saved, ended.unchanged) == (BatchState.SAVED, MANY - MANY // 100 + 1, MANY // 100)
        assert (ended.skipped, ended.failed, ended.size) == (0, 0, MANY * 4096)


def test_a_receiver_who_comes_back_gets_the_rest(hub: Meeting, large: Path, sent: list[int], tmp_path: Path) -> None:
    """His program was ended and started again; his sender tries again, and what had come is not sent again."""
    ann = hub.join("Ann", speed_limit=SLOW)
    bob = hub.join("Bob", data_dir=tmp_path / "key of Bob")
    batch = ann.client.send_files([large], bob.id)
    bob.moved(batch.number, SOME)
    bob.client.close()
    assert ann.ended(batch.number).state is BatchState.CANCELLED
    before = sum(sent)
    again = hub.join("Bob", data_dir=tmp_path / "key of Bob")
    ann.heard.wait_for(PersonJoined, lambda it: it.person.id == again.id)
    ann.client.limit_speed(None)
    assert ann.client.send_files([large], again.id).wait(20.0) is BatchState.SAVED
    assert is_whole(again, large)
    assert sum(sent) - before <= LARGE - SOME + (2 << 20)


@pytest.mark.parametrize("who", ["ann", "bob"])
def test_a_batch_outlives_the_connection_that_began_it(hub: Meeting, large: Path, tmp_path: Path, who: str) -> None:
    """Its exchange is handed to the next client, whom the other end knows by his key."""
    exchange, keys = FileExchange(), tmp_path / "keys"
    anns, bobs = (exchange, None) if who == "ann" else (None, exchange)
    ann = hub.join("Ann", exchange=anns, data_dir=keys / "Ann", speed_limit=SLOW, ways=WayRule.HUB)
    bob = hub.join("Bob", exchange=bobs, data_dir=keys / "Bob", ways=WayRule.HUB)
    number = ann.client.send_files([large], bob.id).number
    bob.moved(number, SOME)
    gone, stays = (ann, bob) if who == "ann" else (bob, ann)
    gone.client.close()
    gone.break_ways()
    name = gone.client.config.name
    back = hub.join(name, exchange=exchange, data_dir=keys / name, ways=WayRule.HUB)
    back.client.limit_speed(None)
    ann.client.limit_speed(None)
    ended = stays.ended(number)
    assert ended.state is BatchState.SAVED
    assert back.ended(number).state is BatchState.SAVED
    assert ended.peer == back.id
    assert is_whole(back if who == "bob" else bob, large)
    exchange.close()


def test_where_direct_ways_are_forbidden_at_one_end_the_hub_is_the_way(hub: Meeting, large: Path) -> None:
    """And where nobody listens."""
    ann, bob = hub.join("Ann"), hub.join("Bob", Accept.ALL, listening_port=None)
    batch = ann.client.send_files([large], bob.id)
    assert batch.wait(20.0) is BatchState.SAVED
    assert {it.way for it in ann.heard.all(BatchChanged)} <= {WayKind.HUB, None}
    assert bob.client.listening_port == 0
