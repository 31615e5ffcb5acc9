"""The thread that owns the book of batches: when there is one, the user's rule, and its end.

Threads: pytest's main thread, which plays the hub and runs the handlers, and those under test.
"""

import queue
import threading
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from commonlib.transfer.messages import Totals
from commonlib.transfer.resume import Choices
from commonlib.wire.way_messages import FilesAnswered, FilesCancelled, FilesOffered, WayWanted
from tcpipclient import Accept, Conflict
from tcpipclient.config import MOST_UNASKED, ClientConfig
from tcpipclient.core import events
from tcpipclient.core.batch_events import BatchEnded, BatchOffered, BatchState
from tcpipclient.core.transfers.peers import Peer
from tcpipclient.core.transfers.said import SaidOfFiles
from tcpipclient.net.clock import SystemClock
from tcpipclient.net.exchange import carrier, shell
from tcpipclient.net.exchange.hub_line import HubLine
from tcpipclient.net.exchange.shell import ExchangeShell
from tcpipclient.net.gate import Gate
from tcpipclient.net.outbox import Outbox
from tcpipclient.source_tree import ScanGivenUpError
from tests.support.modern_sessions import BOB, BOBS_KEY, modern_session, said_in
from tests.support.simple_pumps import top, totals

SECONDS = 10.0
NAME = b"n" * 16


class Desk:
    """A shell, the hub that it speaks to, and the thread on which its handlers run."""

    def __init__(self, **settings: object) -> None:
        self.config = ClientConfig("hub", **settings)  # type: ignore[arg-type]
        self.session = modern_session(BOB)
        self.outbox = Outbox()
        self.posted: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self.told: list[events.Event] = []
        self.first: list[object] = []
        self.said: list[tuple[int, object]] = []
        self.gate = Gate(self.session, self.outbox)
        self.line = HubLine(self.config, self.gate, None, lambda: ("127.0.0.1", 9), self.posted.put, self.told.append)
        self.shell = ExchangeShell(self.config, SystemClock(), count(1).__next__, self.first.append)
        self.shell.attach(self.line)

    def offer(self, name: bytes = NAME, size: int = 4, sender: int = 2) -> None:
        """Bob offers something."""
        message = FilesOffered(transfer=name, totals=totals(size), top=top())
        self.shell.receive_said(self.line, SaidOfFiles(sender, message))

    def offer_files(self, number: int) -> None:
        """Bob offers so many files of nothing."""
        message = FilesOffered(transfer=NAME, totals=Totals(files=number), top=top(size=0), others=number - 1)
        self.shell.receive_said(self.line, SaidOfFiles(2, message))

    def run_handlers(self, kind: type[events.Event], least: int = 1) -> list[events.Event]:
        """Have handlers told until there are so many events of a kind."""
        while len(found := [event for event in self.told if isinstance(event, kind)]) < least:
            self.posted.get(timeout=SECONDS)()
        return found

    def next_said(self) -> object:
        """What it says next to Bob; that it wants ways is passed over."""
        while True:
            while self.said:
                _, message = self.said.pop(0)
                if not isinstance(message, WayWanted):
                    return message
            data = self.outbox.maybe_take()
            assert data is not None
            self.said += said_in(data)


@pytest.fixture
def desks() -> Iterator[Callable[..., Desk]]:
    """Makes desks; their shells are closed in the end."""
    made: list[Desk] = []

    def make(**settings: object) -> Desk:
        made.append(Desk(**settings))
        return made[-1]

    yield make
    for desk in made:
        desk.shell.close(wait=True)


def test_nothing_runs_before_there_is_a_batch(desks: Callable[..., Desk]) -> None:
    """Nor does anybody have to be known."""
    before = threading.active_count()
    desk = desks()
    desk.shell.receive_event(desk.line, events.PersonLeft(events.Person(2, "Bob")))
    assert threading.active_count() == before
    assert desk.shell.listening_port == 0


@pytest.mark.parametrize(
    ("settings", "accepted"),
    [
        ({"accept": Accept.NONE}, False),
        ({"accept": Accept.ALL, "downloads": None}, False),
        ({"accept": Accept.ALL}, True),
        ({"accept": Accept.ALL, "largest_unasked": 4}, True),
        ({"accept": lambda offered: offered.sender_key == BOBS_KEY}, True),
        ({"accept": lambda _: False}, False),
        ({"accept": lambda _: 1 // 0}, False),
    ],
)
def test_a_rule_answers_what_it_may(
    desks: Callable[..., Desk], tmp_path: Path, settings: dict[str, object], accepted: bool
) -> None:
    """After the handlers were told; one that fails says no."""
    desk = desks(**{"downloads": tmp_path, **settings})
    desk.offer()
    (offered,) = desk.run_handlers(BatchOffered)
    assert isinstance(offered, BatchOffered)
    answer = desk.next_said()
    assert isinstance(answer, FilesAnswered)
    assert answer.accepted is accepted
    assert desk.first[0] == offered


def test_a_great_many_files_are_not_taken_unasked_where_there_is_a_limit(
    desks: Callable[..., Desk], tmp_path: Path
) -> None:
    """However small they are."""
    desk = desks(downloads=tmp_path, accept=Accept.ALL, largest_unasked=0)
    desk.offer_files(MOST_UNASKED + 1)
    desk.run_handlers(BatchOffered)
    desk.shell.accept(1, None, tmp_path, Choices(Conflict.SKIP))
    assert isinstance(desk.next_said(), FilesAnswered)
    assert desk.shell._carrier.keeping[1].choices == Choices(Conflict.SKIP)


@pytest.mark.parametrize("settings", [{"accept": Accept.ASK}, {"accept": Accept.ALL, "largest_unasked": 3}])
def test_the_user_answers_the_rest(desks: Callable[..., Desk], tmp_path: Path, settings: dict[str, object]) -> None:
    """What is too large for the rule, too."""
    desk = desks(downloads=tmp_path, **settings)
    desk.offer()
    desk.run_handlers(BatchOffered)
    desk.shell.accept(1, None, tmp_path, Choices(Conflict.SKIP))
    answer = desk.next_said()
    assert isinstance(answer, FilesAnswered)
    assert answer.accepted


def test_without_a_folder_nothing_can_be_accepted(desks: Callable[..., Desk]) -> None:
    """It is declined, and said why."""
    desk = desks(accept=Accept.ASK, downloads=Path("somewhere"))
    desk.offer()
    desk.run_handlers(BatchOffered)
    desk.shell.accept(1, None, None, Choices())
    (ended,) = desk.run_handlers(BatchEnded)
    assert isinstance(ended, BatchEnded)
    assert ended.state is BatchState.DECLINED
    assert "no folder for received files was set" in ended.reason


def test_a_scan_that_fails_is_the_end_of_its_batch(desks: Callable[..., Desk], tmp_path: Path) -> None:
    """With the sentence of whoever looked."""
    desk = desks()
    desk.offer(sender=77)  # Nobody: it begins the thread, and is passed over.
    desk.run_handlers(events.PacketIgnored)
    peer = desk.line.peers()
    assert peer is not None
    desk.shell.post(lambda now: desk.shell.book.send(9, NAME, peer[0], [tmp_path / "nothing"], now))
    (ended,) = desk.run_handlers(BatchEnded)
    assert isinstance(ended, BatchEnded)
    assert "cannot be sent" in ended.reason


def test_while_there_is_no_connection_its_own_thread_tells(desks: Callable[..., Desk], tmp_path: Path) -> None:
    """What waited to be told is told before that; with another connection it is that one's turn again."""
    desk = desks(accept=Accept.ASK, downloads=tmp_path)
    desk.offer()
    threads: queue.SimpleQueue[threading.Thread] = queue.SimpleQueue()
    line = HubLine(
        desk.config,
        desk.gate,
        None,
        lambda: ("127.0.0.1", 9),
        desk.posted.put,
        lambda _: threads.put(threading.current_thread()),
    )
    desk.shell.attach(line)
    desk.posted.get(timeout=SECONDS)
    desk.shell.detach(desk.line)
    desk.shell.detach(line)
    assert threads.get(timeout=SECONDS) is threading.current_thread()
    desk.shell.post(lambda now: desk.shell.book.cancel(1, "", now))
    assert threads.get(timeout=SECONDS).name == "tcpipclient-exchange"
    desk.shell.attach(desk.line)
    desk.shell.receive_event(desk.line, events.Registered(1, (1, 2, 3), ()))
    desk.offer(b"m" * 16)
    assert len(desk.run_handlers(BatchOffered)) == 1


def test_who_comes_and_goes_is_known(desks: Callable[..., Desk], tmp_path: Path) -> None:
    """Only of the connection that it belongs to."""
    desk = desks(accept=Accept.ASK, downloads=tmp_path)
    desk.offer()
    desk.run_handlers(BatchOffered)
    eve = events.Person(5, "Eve", key=b"e" * 32)
    other = Desk()
    desk.shell.receive_event(other.line, events.PersonJoined(eve))
    desk.offer(b"1" * 16, sender=5)
    desk.run_handlers(events.PacketIgnored)
    desk.shell.receive_event(desk.line, events.PersonJoined(eve))
    desk.shell.receive_event(desk.line, events.PersonJoined(events.Person(6, "Classic")))
    desk.offer(b"2" * 16, sender=5)
    desk.run_handlers(BatchOffered, 2)
    desk.shell.receive_event(desk.line, events.PersonLeft(eve))
    desk.offer(b"3" * 16, sender=5)
    desk.run_handlers(events.PacketIgnored, 2)


def test_in_the_end_the_others_are_told(desks: Callable[..., Desk], tmp_path: Path) -> None:
    """And nothing is taken any more."""
    desk = desks(accept=Accept.ASK, downloads=tmp_path)
    desk.offer()
    desk.run_handlers(BatchOffered)
    desk.shell.close(wait=True)
    assert isinstance(desk.next_said(), FilesCancelled)
    desk.run_handlers(BatchEnded)
    desk.offer(b"m" * 16)
    assert not desk.shell.post(lambda _: None), "who asks is told"
    desk.shell.close(wait=True)
    desk.shell.close(wait=False)


def test_a_disk_that_never_answers_holds_nobody_who_closes(
    desks: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is given a moment; then it is said, and what waits for it is left behind."""
    began, go_on = threading.Event(), threading.Event()

    def hang(*_: object, **__: object) -> None:
        began.set()
        assert go_on.wait(SECONDS)
        raise ScanGivenUpError

    monkeypatch.setattr(carrier, "scan", hang)
    monkeypatch.setattr(shell, "_LOOK_SECONDS", 0.1)
    desk = desks()
    peer = Peer(2, BOBS_KEY, "Bob")
    desk.shell.post(lambda now: desk.shell.book.send(1, NAME, peer, [Path("folder")], now))
    assert began.wait(SECONDS)
    desk.shell.close(wait=True)
    assert "does not answer" in caplog.text
    go_on.set()
