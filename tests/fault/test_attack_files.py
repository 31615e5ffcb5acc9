"""A peer who uses one number for file after file, so that a refusal comes when the next one has begun.

Thread: pytest's main thread.
"""

from pathlib import Path

from commonlib.classic.file_layouts import FIRST_PART_SIZE, FileStartPacket
from commonlib.classic.file_receiving import WATCHDOG_SECONDS, FileBegan, FileCompleted, FileDataArrived, FileFailed
from commonlib.classic.packet import PacketType
from commonlib.conflict import Conflict
from tcpipclient.config import Accept
from tcpipclient.core.classic_session import ClassicSession
from tcpipclient.core.events import Event, FileNotSaved, FileSaved
from tcpipclient.core.profile import Profile
from tcpipclient.core.session import SessionEvent
from tcpipclient.folder import DownloadFolder
from tcpipclient.net.gate import Gate
from tcpipclient.net.incoming import IncomingFiles
from tcpipclient.net.outbox import Outbox
from tests.support import hub_packets
from tests.support.clock import NOW, WALL

SIZE = 5000
FREE = 100
"""Bytes that the disk says it has: too few for SIZE."""


class Receiver:
    """Takes files of Bob's, a block of packets at a time as a client's dispatcher does."""

    def __init__(self, folder: DownloadFolder) -> None:
        self.told: list[Event] = []
        self._gate = Gate(ClassicSession(Profile("Ann"), NOW), Outbox())
        self._incoming = IncomingFiles(self._gate, folder, Accept.ALL, iter(range(1, 1000)).__next__)
        self.receive(hub_packets.greeting(1))
        self.receive(hub_packets.person(2, "Bob") + hub_packets.registered(1))

    def receive(self, block: bytes) -> None:
        """Let packets come, and what they mean to files happen."""
        self._take(self._gate.run(lambda session: session.receive_block(block, NOW, WALL)))

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self._take(self._gate.run(lambda session: session.receive_tick(NOW + seconds)))

    def _take(self, happened: list[SessionEvent]) -> None:
        for event in happened:
            if isinstance(event, FileBegan | FileDataArrived | FileCompleted | FileFailed):
                self._incoming.receive(event, self.told.append)


def start(name: str, size: int) -> bytes:
    """The beginning of a file, always under the same number."""
    return FileStartPacket(PacketType.FILE_START, 1, 2, 7, size, name, b"x" * min(size, FIRST_PART_SIZE)).encode()


def test_a_refusal_does_not_end_the_next_file_of_the_number(tmp_path: Path) -> None:
    """What is there already is skipped; the file behind it in the same block arrives whole."""
    (tmp_path / "there").write_bytes(b"mine")
    receiver = Receiver(DownloadFolder(tmp_path, Conflict.SKIP))
    fresh = hub_packets.file(2, "fresh", b"y" * SIZE)
    receiver.receive(hub_packets.file(2, "there", b"other") + fresh[:1024])
    receiver.receive(fresh[1024:])
    assert [event.name for event in receiver.told if isinstance(event, FileSaved)] == ["fresh"]
    assert (tmp_path / "fresh").read_bytes() == b"y" * SIZE


def test_a_file_behind_a_refused_one_is_given_up_in_time(tmp_path: Path) -> None:
    """Nobody can have files waited for for ever by refusals: the watchdog finds the one that never goes on."""
    receiver = Receiver(DownloadFolder(tmp_path, free_space=lambda _: FREE))
    receiver.receive(start("too large", SIZE) + start("small", FREE))
    receiver.wait(WATCHDOG_SECONDS)
    assert "small" in [event.name for event in receiver.told if isinstance(event, FileNotSaved)]
    assert [entry.name for entry in tmp_path.iterdir() if entry.suffix == ".part"] == []
