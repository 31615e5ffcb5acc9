"""The sending pump: it keeps to the speed, and gives up whoever takes nothing."""

import contextlib
from pathlib import Path

import pytest

from commonlib.transfer.events import OfferCancelled, PeerFinished, PeerPaused, ReceivingEvent
from commonlib.transfer.messages import MOST_OFFERS
from commonlib.transfer.receiving import Receiving
from commonlib.transfer.states import OfferState
from tcpipclient.core.transfers.pump_news import Moved, PumpEnded, WayLost
from tcpipclient.net.peer.link import PeerLink
from tcpipclient.net.peer.sending_pump import SendingPump
from tcpipclient.net.peer.speed_limiter import SpeedLimiter
from tcpipclient.source_tree import scan
from tests.support.clock import FakeClock
from tests.support.disk_ends import ReceivingEnd
from tests.support.pump_pairs import WAIT_SECONDS, News, connected_links


class PingingReceiver:
    """Accepts and asks for everything, then says that it lives whenever time passes, and takes no byte."""

    def __init__(self, link: PeerLink) -> None:
        self._socket = link.socket
        self._socket.setblocking(True)
        self._machine = Receiving()

    def ask_for_all(self) -> None:
        """Answer the offer and want the one file."""
        while True:
            self._machine.receive_data(self._socket.recv(1000))
            for event in self._machine.events_received():
                match type(event).__name__:
                    case "OfferMade":
                        self._machine.accept(0)
                    case "EntriesListed":
                        self._machine.want(0)
                        self._socket.sendall(self._machine.data_to_send())
                        return
                    case _:
                        pass
            self._socket.sendall(self._machine.data_to_send())

    def cancel(self) -> None:
        """Give up what was asked for."""
        self._machine.cancel(0)
        self._socket.sendall(self._machine.data_to_send())

    def read_until(self, wanted: type[ReceivingEvent]) -> int:
        """Take what comes until it brings this; returns how many bytes that were."""
        self._socket.settimeout(WAIT_SECONDS)
        size = 0
        while True:
            data = self._socket.recv(1 << 20)
            assert data, f"the connection ended without {wanted.__name__}"
            size += len(data)
            self._machine.receive_data(data)
            if any(type(event) is wanted for event in self._machine.events_received()):
                return size

    def ping(self, now: float) -> None:
        """Let the other end hear of us."""
        self._machine.receive_tick(now)
        self._socket.sendall(self._machine.data_to_send())


def test_a_receiver_that_lives_and_takes_nothing_is_given_up(tmp_path: Path) -> None:
    """After a minute; its signs of life do not help it."""
    (tmp_path / "big").write_bytes(bytes(32 << 20))
    sending, receiving = connected_links()
    clock, news = FakeClock(), News()
    pump = SendingPump(sending, [scan([tmp_path / "big"], links=False)], news.tell, SpeedLimiter(), clock)
    pump.start()
    peer = PingingReceiver(receiving)
    peer.ask_for_all()
    while not any(moved.current == "big" for moved in news.of(Moved)):
        clock.advance(0.3)
        assert news.let_go_round(pump)
    for _ in range(20):
        clock.advance(7.0)
        with contextlib.suppress(OSError):  # The pump may have given us up.
            peer.ping(clock.now())
        if not news.let_go_round(pump):
            break
    end = news.end()
    assert isinstance(end, WayLost)
    assert "took nothing for 60 seconds" in end.why
    assert pump.join(WAIT_SECONDS)
    receiving.close()


@pytest.mark.parametrize("leaves", [False, True])
def test_a_receiver_that_takes_nothing_cannot_hold_who_is_done_with_it(tmp_path: Path, leaves: bool) -> None:
    """Neither one who cancels, nor one who goes another way: seconds, not the minute of a stall."""
    (tmp_path / "big").write_bytes(bytes(32 << 20))
    sending, receiving = connected_links()
    clock, news = FakeClock(), News()
    pump = SendingPump(sending, [scan([tmp_path / "big"], links=False)], news.tell, SpeedLimiter(), clock)
    pump.start()
    PingingReceiver(receiving).ask_for_all()
    while not any(moved.current == "big" for moved in news.of(Moved)):
        clock.advance(0.3)
        assert news.let_go_round(pump)
    if leaves:
        pump.leave()
    else:
        pump.cancel("enough")
    began = clock.now()
    while news.let_go_round(pump):
        clock.advance(1.0)
    assert clock.now() - began < 10.0
    end = news.end()
    if leaves:
        assert isinstance(end, WayLost)
        assert end.is_left
    else:
        assert isinstance(end, PumpEnded)
        assert end.state is OfferState.CANCELLED
    assert pump.join(WAIT_SECONDS)
    receiving.close()


def test_a_receiver_that_is_silent_is_given_up(tmp_path: Path) -> None:
    """After half a minute without a sign of life."""
    (tmp_path / "file").write_bytes(b"x")
    sending, receiving = connected_links()
    clock, news = FakeClock(), News()
    pump = SendingPump(sending, [scan([tmp_path / "file"], links=False)], news.tell, SpeedLimiter(), clock)
    pump.start()
    while news.let_go_round(pump):
        clock.advance(10.0)
    end = news.end()
    assert isinstance(end, WayLost)
    assert "nothing was heard" in end.why
    assert pump.join(WAIT_SECONDS)
    receiving.close()


def test_what_could_not_be_listed_has_failed_also_where_the_last_words_are_lost(tmp_path: Path) -> None:
    """All else is settled, and the connection breaks before the receiver has said the end."""
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "listed").write_bytes(b"here")
    offer = scan([tree], links=False)
    (tree / "later").write_bytes(b"too late to be offered")
    sending, receiving = connected_links()
    news = News()
    pump = SendingPump(sending, [offer], news.tell, SpeedLimiter(), FakeClock())
    receiver = ReceivingEnd(tmp_path / "in")
    pump.start()
    receiving.socket.settimeout(WAIT_SECONDS)
    while not any(told.state is OfferState.SAVED for told in news.states):
        receiver.incoming(receiving.socket.recv(1 << 16))
        receiving.socket.sendall(receiver.outgoing())
        news.let_go_round(pump)
    receiving.socket.close()
    end = news.end()
    assert isinstance(end, WayLost)
    assert (end.is_settled, end.tally.saved, end.tally.failed) == (True, 2, 1)
    assert pump.join(WAIT_SECONDS)
    receiver.disk.close()


def test_there_are_no_more_offers_than_a_connection_may_have(tmp_path: Path) -> None:
    """Whoever adds one too many is told so, at once."""
    (tmp_path / "file").write_bytes(b"x")
    sending, receiving = connected_links()
    offer = scan([tmp_path / "file"], links=False)
    pump = SendingPump(sending, [offer] * MOST_OFFERS, News().tell, SpeedLimiter(), FakeClock())
    with pytest.raises(ValueError, match="200 offers"):
        pump.add(offer)
    pump._pipe.close()
    receiving.close()


@pytest.mark.parametrize("was_limited", [True, False])
@pytest.mark.parametrize("who", ["pauses", "cancels", "is cancelled"])
def test_a_limit_holds_back_nothing_but_the_bytes_of_files(tmp_path: Path, who: str, was_limited: bool) -> None:
    """Who pauses or cancels is heard behind what is in frames already, though the clock stands.

    That is little, and more where there was no limit a moment ago.
    """
    (tmp_path / "big").write_bytes(bytes(32 << 20))
    sending, receiving = connected_links()
    clock, news, limiter = FakeClock(), News(), SpeedLimiter(10_000 if was_limited else None)
    pump = SendingPump(sending, [scan([tmp_path / "big"], links=False)], news.tell, limiter, clock)
    pump.start()
    peer = PingingReceiver(receiving)
    peer.ask_for_all()
    while not any(moved.current == "big" for moved in news.of(Moved)):
        clock.advance(0.3)
        assert news.let_go_round(pump)
    limiter.speed = 10_000
    match who:
        case "pauses":
            pump.pause()
            size = peer.read_until(PeerPaused)
        case "cancels":
            pump.cancel("enough")
            size = peer.read_until(OfferCancelled)
        case _:
            peer.cancel()
            size = peer.read_until(PeerFinished)
    assert size < (32_768 if was_limited else 8 << 20)
    receiving.close()
    assert pump.join(WAIT_SECONDS)
