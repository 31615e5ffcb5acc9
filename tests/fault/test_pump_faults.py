"""Both pumps while connections break, files change, disks fill and folders are swapped."""

import errno
import os
import shutil
import socket
from pathlib import Path
from random import Random

import pytest

from commonlib.transfer.messages import Outcome, Place
from commonlib.transfer.states import OfferState
from tcpipclient.core.transfers.pump_news import Moved, PumpEnded, WayLost
from tcpipclient.core.transfers.saved_entries import SavedEntries
from tcpipclient.net.peer.speed_limiter import SpeedLimiter
from tcpipclient.source_tree import scan
from tests.support.cut_links import Middle
from tests.support.disks import make_link
from tests.support.pump_pairs import connected_links, send_paths, start_pair
from tests.support.random_trees import described, make_tree

SLOW = 20 << 20
"""Bytes per second: slow enough that something can be done in the middle of 64 MiB."""
SPENT_ON_A_CUT = 3 << 20
"""Bytes that a cut may cost: those on their way, and of a file whose part is too short to be gone on with."""


@pytest.mark.parametrize("seed", range(8))
def test_wherever_connections_break_the_next_one_goes_on(tmp_path: Path, seed: int) -> None:
    """Until all of it is there, byte for byte, and counted once; and no cut costs more than what was on its way."""
    random = Random(seed)
    make_tree(tmp_path / "tree", seed, largest=12 << 20, links=True)
    offer = scan([tmp_path / "tree"], links=True)
    carried, cuts, saved = 0, 0, SavedEntries()
    ends: list[PumpEnded | WayLost] = []
    while not ends or not all(isinstance(end, PumpEnded) for end in ends):
        # The first break early, where hands are shaken and offers made; the later ones anywhere.
        most = random.randrange(6_000, 60_000) if cuts % 2 else random.randrange(200_000, 9 << 20)
        middle = Middle(most if cuts < 8 else None)
        pair = start_pair([offer], tmp_path / "in", links=connected_links(middle.ends), saved=saved)
        ends = list(pair.ends())
        middle.close()
        carried, cuts = carried + middle.carried, cuts + 1
        assert cuts < 20
    assert all(isinstance(end, PumpEnded) and end.state is OfferState.SAVED for end in ends)
    assert described(tmp_path / "in" / "tree") == described(tmp_path / "tree")
    assert carried < offer.totals.size + cuts * SPENT_ON_A_CUT
    for end in ends:
        assert (end.tally.saved, end.tally.unchanged, end.tally.size) == (offer.totals.entries, 0, offer.totals.size)


def test_a_file_that_changes_while_it_is_sent_fails_and_the_rest_arrives(tmp_path: Path) -> None:
    """At both ends, with the sender as the place; what came of it does not get its name."""
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "a-big").write_bytes(bytes(32 << 20))
    (tree / "b-small").write_bytes(b"small")
    pair = start_pair([scan([tree], links=False)], tmp_path / "in", limiter=SpeedLimiter(SLOW))
    pair.sent.wait_for(lambda news: isinstance(news, Moved) and news.done > 0)
    with (tree / "a-big").open("r+b") as file:
        file.write(b"changed")
    ends = pair.ends()
    for end, news in zip(ends, (pair.sent, pair.received), strict=True):
        assert isinstance(end, PumpEnded)
        assert end.state is OfferState.FAILED
        [problem] = news.problems
        assert (problem.path, problem.outcome, problem.place) == ("tree/a-big", Outcome.FAILED, Place.SENDER)
    assert [path.name for path in (tmp_path / "in" / "tree").iterdir()] == ["b-small"]


def test_a_disk_that_fills_fails_what_has_no_room_and_both_ends_say_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever fits is saved; with room again the rest comes, from where it was."""
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "a-big").write_bytes(os.urandom(8 << 20))
    (tree / "b-small").write_bytes(b"small")
    write = os.write

    def filling(descriptor: int, data: memoryview) -> int:
        if len(data) > 1000 and os.lseek(descriptor, 0, os.SEEK_CUR) + len(data) > 5 << 20:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(descriptor, data)

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", filling)
        pair = start_pair([scan([tree], links=False)], tmp_path / "in")
        ends = pair.ends()
    assert all(isinstance(end, PumpEnded) and end.state is OfferState.FAILED for end in ends)
    [problem] = pair.sent.problems
    assert (problem.path, problem.place, problem.why) == ("tree/a-big", Place.RECEIVER, "the disk is full")
    assert (tmp_path / "in" / "tree" / "b-small").read_bytes() == b"small"
    middle = Middle()
    pair = start_pair([scan([tree], links=False)], tmp_path / "in", links=connected_links(middle.ends))
    assert all(isinstance(end, PumpEnded) and end.state is OfferState.SAVED for end in pair.ends())
    middle.close()
    assert middle.carried < 5 << 20
    assert described(tmp_path / "in" / "tree") == described(tree)


def test_a_link_swapped_for_a_folder_at_the_receiver_leads_nowhere(tmp_path: Path) -> None:
    """While its files arrive: nothing is written behind the link, they go where the folder is by now."""
    tree, outside = tmp_path / "tree", tmp_path / "outside"
    outside.mkdir()
    for number in range(40):
        (tree / "folder" / f"{number:02}").mkdir(parents=True)
        (tree / "folder" / f"{number:02}" / "file").write_bytes(bytes(1 << 20))
    pair = start_pair([scan([tree], links=False)], tmp_path / "in", limiter=SpeedLimiter(SLOW))
    pair.received.wait_for(lambda news: isinstance(news, Moved) and news.files_done > 0)
    folder = tmp_path / "in" / "tree" / "folder"
    folder.rename(tmp_path / "moved")
    make_link(folder, outside)
    pair.ends()
    assert list(outside.iterdir()) == []
    assert len(list((tmp_path / "moved").rglob("file"))) == 40


def test_a_link_swapped_for_a_folder_at_the_sender_gives_nothing_away(tmp_path: Path) -> None:
    """Files behind it are not read, whatever they are called."""
    tree, secret = tmp_path / "tree", tmp_path / "secret"
    for number in range(40):
        for top in (tree / "folder", secret):
            (top / f"{number:02}").mkdir(parents=True)
            (top / f"{number:02}" / "file").write_bytes((b"open" if top is not secret else b"evil") * (1 << 18))
    pair = start_pair([scan([tree], links=False)], tmp_path / "in", limiter=SpeedLimiter(SLOW))
    pair.received.wait_for(lambda news: isinstance(news, Moved) and news.files_done > 0)
    (tree / "folder").rename(tmp_path / "moved")
    make_link(tree / "folder", secret)
    pair.ends()
    contents = {path.read_bytes()[:4] for path in (tmp_path / "in").rglob("file")}
    assert contents == {b"open"}


def test_a_target_folder_that_goes_away_is_a_sentence(tmp_path: Path) -> None:
    """What was to come fails where it would be saved; nothing hangs."""
    (tmp_path / "big").write_bytes(bytes(32 << 20))
    pair = start_pair([scan([tmp_path / "big"], links=False)], tmp_path / "in", limiter=SpeedLimiter(SLOW))
    pair.sent.wait_for(lambda news: isinstance(news, Moved) and news.done > 0)
    shutil.rmtree(tmp_path / "in")
    ends = pair.ends()
    assert all(isinstance(end, PumpEnded) and end.state is OfferState.FAILED for end in ends)
    [problem] = pair.received.problems
    assert problem.place is Place.RECEIVER


def test_a_target_folder_that_cannot_be_made_is_declined_with_a_reason(tmp_path: Path) -> None:
    """Before the first byte."""
    (tmp_path / "file").write_bytes(b"x")
    (tmp_path / "in").write_bytes(b"this is no folder")
    ours, theirs = send_paths([tmp_path / "file"], tmp_path / "in").ends()
    assert isinstance(ours, PumpEnded)
    assert isinstance(theirs, PumpEnded)
    assert ours.state is theirs.state is OfferState.DECLINED
    assert ours.why


def test_garbage_from_the_network_ends_the_connection_at_both_ends(tmp_path: Path) -> None:
    """TLS finds it; the rest comes over the next connection."""
    (tmp_path / "big").write_bytes(os.urandom(16 << 20))
    middle = Middle()
    offer = scan([tmp_path / "big"], links=False)
    pair = start_pair([offer], tmp_path / "in", links=connected_links(middle.ends), limiter=SpeedLimiter(SLOW))
    pair.sent.wait_for(lambda news: isinstance(news, Moved) and news.done > 0)
    middle._to_receiver.send(b"garbage" * 10)
    ours, theirs = pair.ends()
    middle.close()
    assert isinstance(ours, WayLost)
    assert isinstance(theirs, WayLost)
    pair = start_pair([offer], tmp_path / "in")
    assert all(isinstance(end, PumpEnded) and end.state is OfferState.SAVED for end in pair.ends())
    assert (tmp_path / "in" / "big").read_bytes() == (tmp_path / "big").read_bytes()


def test_a_sending_end_that_closes_at_once_is_told(tmp_path: Path) -> None:
    """Not even an offer was made."""
    (tmp_path / "file").write_bytes(b"x")
    sending, receiving = connected_links()
    socket.socket.shutdown(sending.socket, socket.SHUT_RDWR)
    pair = start_pair([scan([tmp_path / "file"], links=False)], tmp_path / "in", links=(sending, receiving))
    ours, theirs = pair.ends()
    assert isinstance(ours, WayLost)
    assert isinstance(theirs, WayLost)
