"""The file sender thread's work: reading files and filling the outbox's second lane.

Thread: pytest's main thread does the file sender's work.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from commonlib.classic.cutter import cut_runs
from commonlib.classic.file_receiving import FileBegan, FileCompleted, FileDataArrived, FileReceiving
from commonlib.classic.file_sending import PREFERRED_BLOCK
from commonlib.classic.packet import LayoutTable
from tcpipclient.core.classic_session import ClassicSession
from tcpipclient.core.events import Event, FileNotSent, FileProgressed
from tcpipclient.core.profile import Profile
from tcpipclient.net.file_sender import FileJob, FileSender
from tcpipclient.net.gate import Gate
from tcpipclient.net.outbox import Outbox
from tests.support import hub_packets
from tests.support.clock import NOW, WALL, FakeClock


class Sending:
    """A file sender with a session in which Bob is there, and all that it told."""

    def __init__(self, low_mark: int = 1 << 30) -> None:
        self.outbox = Outbox(low_mark=low_mark)
        self.gate = Gate(ClassicSession(Profile("Ann"), NOW), self.outbox)
        self.gate.run(lambda session: session.receive_block(hub_packets.greeting(1), NOW, WALL))
        people = hub_packets.person(2, "Bob") + hub_packets.registered(1)
        self.gate.run(lambda session: session.receive_block(people, NOW, WALL))
        self.outbox.maybe_take()
        self.told: list[Event] = []
        self.progress: list[FileProgressed] = []
        self.clock = FakeClock()
        self.sender = FileSender(self.gate, self.outbox, self.clock, self.told.extend, self._progressed)
        self.at_progress: Callable[[], object] = lambda: None

    def _progressed(self, progress: FileProgressed) -> None:
        self.progress.append(progress)
        self.at_progress()

    def offer(self, path: Path, size: int, transfer: int = 1) -> None:
        """Offer a file to Bob."""
        self.gate.run(lambda session: session.offer_file(transfer, 2, path.name, size))
        self.sender.send(FileJob(transfer, path, 2, path.name, size))

    def run(self) -> bytes:
        """Do the thread's work until there is nothing more to send; returns the packets."""
        # The end of the work, without its being stopped; and nobody writes meanwhile, who could say what is written.
        self.sender._jobs.put(None)
        self.outbox.wait_until_files_written = lambda: True  # type: ignore[method-assign]
        self.sender.work()
        self.outbox.finish()
        sent = b""
        while (data := self.outbox.maybe_take()) is not None:
            sent += data
        return sent


def received(packets: bytes) -> dict[str, bytes]:
    """The files in these packets, by name; only whole ones."""
    receiving = FileReceiving()
    names: dict[object, str] = {}
    data: dict[object, bytes] = {}
    whole: dict[str, bytes] = {}
    for run in cut_runs(packets, LayoutTable()):
        for event in receiving.receive_run(run, run.id_from, NOW):
            match event:
                case FileBegan():
                    names[event.key], data[event.key] = event.name, b""
                case FileDataArrived():
                    data[event.key] += event.data
                case FileCompleted():
                    whole[names[event.key]] = data[event.key]
    return whole


@pytest.mark.parametrize("size", [0, 1, 914, 915, 3961, PREFERRED_BLOCK, PREFERRED_BLOCK + 1, 1 << 20])
def test_a_file_goes_out_whole(tmp_path: Path, size: int) -> None:
    """Byte for byte, with progress up to its size, and its end is known to the session."""
    sending = Sending()
    content = bytes(index % 251 for index in range(size))
    path = tmp_path / "a.bin"
    path.write_bytes(content)
    sending.offer(path, size)
    assert received(sending.run()) == {"a.bin": content}
    assert sending.told == []
    assert [progress.done for progress in sending.progress][-1] == size
    assert sending.gate.run(lambda session: session.outgoing.confirm(2, "a.bin")) != []


def test_files_go_one_after_another(tmp_path: Path) -> None:
    """In the order in which they were offered; one that cannot be read stops no other."""
    sending = Sending()
    for transfer, name in enumerate(("a", "b", "c"), start=1):
        (tmp_path / name).write_bytes(name.encode())
        sending.offer(tmp_path / name, 1, transfer)
    (tmp_path / "b").unlink()
    assert list(received(sending.run())) == ["a", "c"]
    (failed,) = sending.told
    assert isinstance(failed, FileNotSent)
    assert failed.transfer == 2
    assert "no such file" in failed.reason


def test_a_recipient_is_waited_for_from_the_moment_the_end_is_written(tmp_path: Path) -> None:
    """By the clock that the sender was given."""
    sending = Sending()
    (tmp_path / "a").write_bytes(b"x")
    sending.offer(tmp_path / "a", 1)
    sending.clock.advance(1000)
    sending.run()
    assert sending.gate.run(lambda session: session.outgoing.receive_tick(NOW + 1000 + 59)) == []
    (late,) = sending.gate.run(lambda session: session.outgoing.receive_tick(NOW + 1000 + 60))
    assert isinstance(late, FileNotSent)
    assert late.timed_out


@pytest.mark.parametrize("announced", [3, PREFERRED_BLOCK, 9 * PREFERRED_BLOCK])
def test_a_file_whose_size_changed_is_not_sent(tmp_path: Path, announced: int) -> None:
    """Nothing of it goes out where that is seen at its start."""
    sending = Sending()
    (tmp_path / "a").write_bytes(b"x" * 3 * PREFERRED_BLOCK)
    sending.offer(tmp_path / "a", announced)
    assert sending.run() == b""
    assert isinstance(sending.told[0], FileNotSent)
    assert "changed while it was being sent" in sending.told[0].reason


@pytest.mark.parametrize("size", [0, PREFERRED_BLOCK, 5 * PREFERRED_BLOCK])
def test_a_file_that_changes_while_it_goes_has_no_end(tmp_path: Path, size: int) -> None:
    """An original would keep a torn file as a whole one."""
    sending = Sending()
    path = tmp_path / "a"
    path.write_bytes(b"x" * 3 * PREFERRED_BLOCK)
    sending.offer(path, 3 * PREFERRED_BLOCK)
    sending.at_progress = lambda: path.write_bytes(b"y" * size)
    packets = sending.run()
    assert packets
    assert received(packets) == {}
    assert isinstance(sending.told[0], FileNotSent)


def test_a_recipient_who_leaves_is_sent_no_more(tmp_path: Path) -> None:
    """The session has told it; the rest of the file stays unread."""
    sending = Sending()
    path = tmp_path / "a"
    path.write_bytes(b"x" * 10 * PREFERRED_BLOCK)
    sending.offer(path, 10 * PREFERRED_BLOCK)
    sending.at_progress = lambda: sending.gate.run(
        lambda session: session.receive_block(hub_packets.left(2), NOW, WALL)
    )
    packets = sending.run()
    assert len(packets) < 2 * PREFERRED_BLOCK
    assert sending.told == []
    assert len(sending.progress) == 1


def test_one_who_left_before_his_turn_is_sent_nothing(tmp_path: Path) -> None:
    """Not even the file is opened."""
    sending = Sending()
    sending.offer(tmp_path / "not even there", 5)
    sending.gate.run(lambda session: session.receive_block(hub_packets.left(2), NOW, WALL))
    assert sending.run() == b""
    assert sending.told == []


def test_stopping_ends_in_the_middle_of_a_file(tmp_path: Path) -> None:
    """What it waits for is gone with the outbox."""
    sending = Sending()
    path = tmp_path / "a"
    path.write_bytes(b"x" * 10 * PREFERRED_BLOCK)
    sending.offer(path, 10 * PREFERRED_BLOCK)
    sending.offer(path, 10 * PREFERRED_BLOCK, 2)
    sending.at_progress = sending.sender.stop
    sending.run()
    assert len(sending.progress) == 1
