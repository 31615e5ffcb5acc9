"""Both pumps over real sockets with real TLS: whole trees, and what may be done while they run."""

from pathlib import Path

import pytest

from commonlib.transfer.states import OfferState
from tcpipclient.core.transfers.pump_news import Moved, PumpEnded, StateChanged, WayLost
from tcpipclient.net.peer.speed_limiter import SpeedLimiter
from tcpipclient.source_tree import scan
from tests.support.niceness import niceness_given_way, niceness_of
from tests.support.pump_pairs import WAIT_SECONDS, agreed, send_paths, start_pair
from tests.support.random_trees import described, make_tree

SLOW = 20 << 20
"""Bytes per second: slow enough that something can be done in the middle of 64 MiB."""


@pytest.mark.parametrize("seed", range(6))
def test_any_tree_arrives_as_it_is(tmp_path: Path, seed: int) -> None:
    """Names, bytes, dates to the nanosecond and modes of files and folders, empty ones and links."""
    make_tree(tmp_path / "tree", seed, links=True)
    (tmp_path / "in").mkdir()
    pair = send_paths([tmp_path / "tree"], tmp_path / "in")
    assert described(tmp_path / "in" / "tree") == described(tmp_path / "tree")
    assert [path.name for path in (tmp_path / "in").iterdir()] == ["tree"]
    for news in (pair.sent, pair.received):
        end = news.end()
        assert isinstance(end, PumpEnded)
        assert end.state is OfferState.SAVED
        assert not end.tally.failed
    assert pair.received.tops == [tmp_path / "in" / "tree"]


def test_both_ends_tell_the_same_of_how_far_it_is(tmp_path: Path) -> None:
    """In the end all bytes and all files are done at both."""
    make_tree(tmp_path / "tree", 1)
    offer = scan([tmp_path / "tree"], links=False)
    pair = start_pair([offer], tmp_path / "in")
    pair.ends()
    for news in (pair.sent, pair.received):
        told = news.of(Moved)
        assert (told[-1].done, told[-1].files_done) == (offer.totals.size, offer.totals.files)
        assert [moved.done for moved in told] == sorted(moved.done for moved in told)
        assert news.states[-1].state is OfferState.SAVED


def test_both_ends_give_way_to_who_talks(tmp_path: Path) -> None:
    """The threads that move files let others of this computer have the processor first."""
    (tmp_path / "here").mkdir()
    (tmp_path / "file").write_bytes(b"data")
    pair = start_pair([scan([tmp_path / "file"], links=True)], tmp_path / "here", finish=False)
    assert pair.sent.let_go_round(pair.sender)
    assert pair.received.let_go_round(pair.receiver)
    assert [niceness_of(pump._thread) for pump in (pair.sender, pair.receiver)] == [niceness_given_way()] * 2
    pair.sender.finish()
    pair.ends()


def test_what_is_there_already_is_not_sent_again_and_counts_as_done(tmp_path: Path) -> None:
    """Sending the same again is quick, and changes nothing."""
    make_tree(tmp_path / "tree", 2)
    send_paths([tmp_path / "tree"], tmp_path / "in")
    before = described(tmp_path / "in" / "tree")
    pair = send_paths([tmp_path / "tree"], tmp_path / "in")
    assert described(tmp_path / "in" / "tree") == before
    end = pair.sent.end()
    assert isinstance(end, PumpEnded)
    assert end.state is OfferState.SAVED
    offer = scan([tmp_path / "tree"], links=False)
    assert end.tally.unchanged == offer.totals.files
    assert pair.sent.of(Moved)[-1].done == offer.totals.size


def test_offers_can_be_added_until_there_are_no_more(tmp_path: Path) -> None:
    """The connection waits for them, and ends after the last one."""
    for name in ("one", "two"):
        (tmp_path / name).write_bytes(name.encode())
    first, second = (scan([tmp_path / name], links=False) for name in ("one", "two"))
    pair = start_pair([first], tmp_path / "in", finish=False)
    pair.sent.wait_for(lambda news: isinstance(news, Moved) and news.files_done == 1)
    pair.receiver.add(agreed(second))
    pair.sender.add(second)
    pair.sender.finish()
    ends = pair.ends()
    assert all(isinstance(end, PumpEnded) and end.tally.saved == 2 for end in ends)
    assert (tmp_path / "in" / "two").read_bytes() == b"two"


def test_an_offer_that_the_user_has_not_accepted_is_declined(tmp_path: Path) -> None:
    """What comes over the connection is judged by what he has seen."""
    for name in ("seen", "unseen"):
        (tmp_path / name).write_bytes(name.encode())
    seen, unseen = (scan([tmp_path / name], links=False) for name in ("seen", "unseen"))
    pair = start_pair([seen], tmp_path / "in", finish=False)
    pair.sender.add(unseen)
    pair.sender.finish()
    ours, theirs = pair.ends()
    assert isinstance(ours, PumpEnded)
    assert isinstance(theirs, PumpEnded)
    assert ours.state is theirs.state is OfferState.DECLINED
    assert "not what was agreed upon" in ours.why
    assert [path.name for path in (tmp_path / "in").iterdir()] == ["seen"]


@pytest.mark.parametrize("who", ["sender", "receiver"])
def test_who_pauses_stops_the_bytes_until_he_goes_on(tmp_path: Path, who: str) -> None:
    """Both ends tell that it is paused; then all of it arrives."""
    make_tree(tmp_path / "tree", 3, largest=8 << 20)
    offer = scan([tmp_path / "tree"], links=False)
    pair = start_pair([offer], tmp_path / "in", finish=False)
    pump, mine, other = (
        (pair.sender, pair.sent, pair.received) if who == "sender" else (pair.receiver, pair.received, pair.sent)
    )
    pump.pause()
    stands = (OfferState.PAUSED, OfferState.SAVED)
    for news in (mine, other):
        news.wait_for(lambda told: isinstance(told, StateChanged) and told.state in stands)
    pump.resume()
    pair.sender.finish()
    assert all(isinstance(end, PumpEnded) and end.state is OfferState.SAVED for end in pair.ends())
    assert described(tmp_path / "in" / "tree") == described(tmp_path / "tree")


def test_leaving_a_connection_loses_nothing(tmp_path: Path) -> None:
    """The next one goes on where it was."""
    make_tree(tmp_path / "tree", 4, largest=64 << 20)
    offer = scan([tmp_path / "tree"], links=False)
    pair = start_pair([offer], tmp_path / "in", limiter=SpeedLimiter(SLOW))
    pair.sent.wait_for(lambda news: isinstance(news, Moved) and news.done > 0)
    pair.sender.leave()
    ours, theirs = pair.ends()
    assert isinstance(ours, WayLost)
    assert isinstance(theirs, WayLost)
    assert ours.is_left
    pair = start_pair([offer], tmp_path / "in")
    assert all(isinstance(end, PumpEnded) and end.state is OfferState.SAVED for end in pair.ends())
    assert described(tmp_path / "in" / "tree") == described(tmp_path / "tree")


@pytest.mark.parametrize("who", ["sender", "receiver"])
def test_whoever_cancels_ends_it_at_both_ends(tmp_path: Path, who: str) -> None:
    """The other end is told why; nothing is left open."""
    (tmp_path / "big").write_bytes(bytes(64 << 20))
    offer = scan([tmp_path / "big"], links=False)
    pair = start_pair([offer], tmp_path / "in", finish=False, limiter=SpeedLimiter(SLOW))
    pair.sent.wait_for(lambda news: isinstance(news, Moved) and news.done > 0)
    (pair.sender if who == "sender" else pair.receiver).cancel("not now")
    ours, theirs = pair.ends()
    assert isinstance(ours, PumpEnded)
    assert isinstance(theirs, PumpEnded)
    assert ours.state is theirs.state is OfferState.CANCELLED
    assert (theirs if who == "sender" else ours).why == "not now"
    assert not (tmp_path / "in" / "big").exists()


def test_a_lost_connection_is_told_at_both_ends(tmp_path: Path) -> None:
    """As a way that was lost: another one is needed."""
    (tmp_path / "big").write_bytes(bytes(64 << 20))
    pair = start_pair([scan([tmp_path / "big"], links=False)], tmp_path / "in", limiter=SpeedLimiter(SLOW))
    pair.sent.wait_for(lambda news: isinstance(news, Moved) and news.done > 0)
    pair.receiver.leave()
    ours, theirs = pair.ends()
    assert isinstance(ours, WayLost)
    assert isinstance(theirs, WayLost)
    assert "lost" in ours.why
    assert pair.sender.join(WAIT_SECONDS)
