"""The batches of a program: nothing is loaded or begun before there is one, and nothing after the end.

Thread: pytest's main thread; what is loaded is seen in a Python of its own.
"""

import subprocess
import sys

from tcpipclient.core.batch_events import BatchState
from tcpipclient.core.transfers.peers import Peer
from tcpipclient.core.transfers.said import SaidOfFiles
from tcpipclient.exchange import FileExchange
from tests.unit.test_shell import Desk

BOB = Peer(2, b"b" * 32, "Bob")


def test_what_batches_need_is_not_loaded_with_a_client() -> None:
    """Most programs that connect send no files."""
    command = [sys.executable, "-c", "import tcpipclient.api, sys; print(*sys.modules)"]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.split()
    assert "tcpipclient.exchange" in loaded
    assert not {"tcpipclient.net.exchange.shell", "tcpipclient.core.transfers.book", "blake3"}.intersection(loaded)


def test_before_a_connection_there_is_nothing_to_do() -> None:
    """Asking for it is no harm."""
    exchange = FileExchange()
    assert exchange.send(BOB, [], links=False) is None
    exchange.ask(lambda book, now: book.pause(1, now))
    exchange.limit_speed(5)
    exchange.let_listen(wanted=False)
    assert exchange.listening_port == 0
    exchange.close()


def test_numbers_count_on_over_connections() -> None:
    """Of texts, files and batches alike."""
    exchange = FileExchange()
    assert [exchange.next_number() for _ in range(3)] == [1, 2, 3]


def test_an_exchange_belongs_to_the_connection_that_it_was_attached_to_last() -> None:
    """What another says, and that it ends, counts for nothing."""
    old, new = Desk(), Desk()
    exchange = FileExchange()
    exchange.attach(old.line, lambda: False)
    exchange.attach(new.line, lambda: False)
    exchange.detach(old.line)
    batch = exchange.send(BOB, [], links=False)
    assert batch is not None
    assert (batch.number, batch.recipient) == (1, 2)
    exchange.limit_speed(7)
    exchange.close()
    assert batch.wait(0.0) is BatchState.WAITING, "its end is told where handlers run"
    while not batch.state.is_over:
        new.posted.get(timeout=10.0)()
    assert exchange.send(BOB, [], links=False) is None


def test_what_is_sent_while_the_thread_ends_is_refused() -> None:
    """Whoever waited for it would wait for ever: nobody is left who could tell its end."""
    desk = Desk()
    exchange = FileExchange()
    exchange.attach(desk.line, lambda: False)
    exchange.limit_speed(None)
    shell = exchange._maybe_shell
    assert shell is not None
    shell.close(wait=True)
    assert exchange.send(BOB, [], links=False) is None
    exchange.close()


def test_what_came_after_the_end_is_passed_over() -> None:
    """And nothing is begun for it."""
    desk = Desk()
    exchange = FileExchange()
    exchange.attach(desk.line, lambda: False)
    exchange.detach(desk.line)
    exchange.close()
    exchange.receive_said(desk.line, SaidOfFiles(2, None))  # type: ignore[arg-type]
    assert exchange.listening_port == 0
