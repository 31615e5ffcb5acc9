"""The files that others send us: decided, written, confirmed.

Thread: pytest's main thread.
"""

from datetime import datetime
from pathlib import Path

import pytest

from commonlib.classic.file_receiving import FileBegan, FileCompleted, FileDataArrived, FileEvent, FileFailed, FileKey
from commonlib.classic.layouts import DataPacket
from commonlib.classic.packet import PacketType
from commonlib.conflict import Conflict
from tcpipclient.config import Accept, Acceptance
from tcpipclient.core.classic_session import ClassicSession
from tcpipclient.core.events import Event, FileNotSaved, FileOffered, FileSaved, Person
from tcpipclient.core.profile import Profile
from tcpipclient.folder import DownloadFolder
from tcpipclient.net.gate import Gate
from tcpipclient.net.incoming import MOST_ARRIVING, IncomingFiles
from tcpipclient.net.outbox import Outbox
from tests.support import hub_packets
from tests.support.clock import NOW, WALL
from tests.support.disks import disk_with_room_for
from tests.support.downloads import contents
from tests.support.recordings import divided

KEY = FileKey(2, 7)
CONTENT = b"what Bob sends"


class Receiver:
    """Incoming files with a session in which Bob is there, and all that they told."""

    def __init__(
        self,
        downloads: Path | None,
        acceptance: Acceptance,
        conflict: Conflict = Conflict.RENAME,
        free: int = 10**9,
        room: int = 10**9,
    ) -> None:
        self.outbox = Outbox()
        self.gate = Gate(ClassicSession(Profile("Ann"), NOW), self.outbox)
        self.receive_packets(hub_packets.greeting(1))
        self.receive_packets(hub_packets.person(2, "Bob") + hub_packets.registered(1))
        self.outbox.maybe_take()
        disk = {"free_space": lambda _: free, "open_new": disk_with_room_for(room)}
        folder = DownloadFolder(downloads, conflict, **disk) if downloads else None  # type: ignore[arg-type]
        self._numbers = iter(range(1, 1000))
        self.incoming = IncomingFiles(self.gate, folder, acceptance, self._numbers.__next__)
        self.told: list[Event] = []

    def receive_packets(self, packets: bytes) -> None:
        """Let packets come, and what they mean to files happen."""
        for event in self.gate.run(lambda session: session.receive_block(packets, NOW, WALL)):
            if isinstance(event, FileBegan | FileDataArrived | FileCompleted | FileFailed):
                self.receive(event)

    def receive(self, *happened: FileEvent) -> None:
        """Let things happen to files."""
        for event in happened:
            self.incoming.receive(event, self.told.append)

    def answer(self, transfer: int, *, accept: bool) -> None:
        """Answer an offer."""
        self.incoming.answer(transfer, accept=accept, tell=self.told.append)

    def confirmed(self) -> list[str]:
        """The names of the files that their senders are told are saved."""
        self.outbox.put(b"")
        self.outbox.finish()
        packets = [DataPacket.decode(packet) for packet in divided(self.outbox.maybe_take() or b"")]
        assert all((packet.packet_type, packet.id_to) == (PacketType.DONE_RECEIVING_FILE, 2) for packet in packets)
        return [packet.text_a for packet in packets]


def whole(name: str = "a.txt", key: FileKey = KEY, modified: datetime | None = None) -> tuple[FileEvent, ...]:
    """All that happens to a file that comes whole."""
    return (
        FileBegan(key, name, len(CONTENT)),
        FileDataArrived(key, CONTENT[:5]),
        FileDataArrived(key, CONTENT[5:]),
        FileCompleted(key, None, modified),
    )


def test_a_file_that_is_taken_is_saved_and_then_confirmed(tmp_path: Path) -> None:
    """With the sender's date; he is told by the name that he gave, the user by the one it has."""
    receiver = Receiver(tmp_path, Accept.ALL)
    receiver.receive(*whole("../x/a.txt", modified=hub_packets.DATE))
    name = "__x_a.txt"
    offered, saved = receiver.told
    assert offered == FileOffered(1, 2, "Bob", name, "../x/a.txt", len(CONTENT))
    assert saved == FileSaved(1, 2, "Bob", name, len(CONTENT), tmp_path / name)
    assert contents(tmp_path) == {name: CONTENT}
    assert (tmp_path / name).stat().st_mtime == hub_packets.DATE.timestamp()
    assert receiver.confirmed() == ["../x/a.txt"]


@pytest.mark.parametrize("acceptance", [Accept.NONE, lambda offered: False, lambda offered: 1 // 0])
def test_what_is_declined_by_rule_is_never_written(tmp_path: Path, acceptance: Acceptance) -> None:
    """Not a byte; a rule that fails says no; and its sender is told nothing."""
    receiver = Receiver(tmp_path / "downloads", acceptance)
    receiver.receive(*whole())
    offered, declined = receiver.told
    assert isinstance(offered, FileOffered)
    assert isinstance(declined, FileNotSaved)
    assert declined.declined
    assert not (tmp_path / "downloads").exists()
    assert receiver.confirmed() == []


def test_without_a_folder_no_file_is_taken() -> None:
    """Whatever the rule says."""
    receiver = Receiver(None, Accept.ALL)
    receiver.receive(*whole())
    assert isinstance(receiver.told[-1], FileNotSaved)
    assert "no folder" in receiver.told[-1].reason


def test_a_rule_of_the_users_sees_the_offer(tmp_path: Path) -> None:
    """And its yes takes the file."""
    seen: list[FileOffered] = []
    receiver = Receiver(tmp_path, lambda offered: seen.append(offered) is None)
    receiver.receive(*whole())
    assert seen == [receiver.told[0]]
    assert contents(tmp_path) == {"a.txt": CONTENT}


@pytest.mark.parametrize("answer_after", range(1, 5))
def test_a_file_that_is_asked_about_gets_its_name_by_the_yes(tmp_path: Path, answer_after: int) -> None:
    """At whatever moment it comes; until then only a `.part` is there, and the sender hears nothing."""
    receiver = Receiver(tmp_path, Accept.ASK)
    events = whole()
    receiver.receive(*events[:answer_after])
    assert [name for name in contents(tmp_path) if not name.endswith(".part")] == []
    receiver.answer(1, accept=True)
    receiver.answer(1, accept=False)
    receiver.receive(*events[answer_after:])
    assert [type(event) for event in receiver.told] == [FileOffered, FileSaved]
    assert contents(tmp_path) == {"a.txt": CONTENT}
    assert receiver.confirmed() == ["a.txt"]


@pytest.mark.parametrize("answer_after", range(1, 5))
def test_a_no_leaves_nothing(tmp_path: Path, answer_after: int) -> None:
    """Whether the file was whole or not; what still comes of it is passed over, and a later yes changes nothing."""
    receiver = Receiver(tmp_path, Accept.ASK)
    events = whole()
    receiver.receive(*events[:answer_after])
    receiver.answer(1, accept=False)
    receiver.receive(*events[answer_after:])
    receiver.answer(1, accept=True)
    assert [type(event) for event in receiver.told] == [FileOffered, FileNotSaved]
    assert contents(tmp_path) == {}
    assert receiver.confirmed() == []


@pytest.mark.parametrize("accepted", [True, False])
@pytest.mark.parametrize("comes", [1, 2])
def test_a_cancelled_file_leaves_nothing(tmp_path: Path, comes: int, accepted: bool) -> None:
    """Accepted or not, whatever still comes of it is passed over, and its sender hears nothing."""
    receiver = Receiver(tmp_path, Accept.ASK)
    receiver.receive(*whole()[:comes])
    if accepted:
        receiver.answer(1, accept=True)
    receiver.incoming.cancel(1, receiver.told.append)
    receiver.incoming.cancel(1, receiver.told.append)
    receiver.receive(*whole()[comes:])
    _, cancelled = receiver.told
    assert isinstance(cancelled, FileNotSaved)
    assert cancelled.declined
    assert "cancelled" in cancelled.reason
    assert contents(tmp_path) == {}
    assert receiver.confirmed() == []


def test_a_whole_file_is_cancelled_without_the_one_that_has_its_number_now(tmp_path: Path) -> None:
    """The sender may use a number again while the first file still waits for its answer."""
    receiver = Receiver(tmp_path, Accept.ASK)
    receiver.receive(*whole("a.txt"), *whole("b.txt")[:1])
    receiver.incoming.cancel(1, receiver.told.append)
    receiver.answer(2, accept=True)
    receiver.receive(*whole("b.txt")[1:])
    assert contents(tmp_path) == {"b.txt": CONTENT}


def test_a_number_that_is_used_again_is_another_file(tmp_path: Path) -> None:
    """A sender may take the FileID again while the user still thinks about the first."""
    receiver = Receiver(tmp_path, Accept.ASK)
    receiver.receive(*whole("first.txt"), *whole("second.txt"))
    receiver.answer(1, accept=False)
    receiver.answer(2, accept=True)
    assert contents(tmp_path) == {"second.txt": CONTENT}


def test_a_whole_file_does_not_fail_with_another_of_its_number(tmp_path: Path) -> None:
    """It waits for its answer, and the next one under the same FileID is refused at its start."""
    receiver = Receiver(tmp_path, Accept.ASK)
    receiver.receive(*whole("first.txt"), FileFailed(KEY, "too many were on their way", "second.txt"))
    receiver.answer(1, accept=True)
    assert contents(tmp_path) == {"first.txt": CONTENT}


def test_a_file_that_fails_leaves_nothing(tmp_path: Path) -> None:
    """The reason is a sentence with the file's name."""
    receiver = Receiver(tmp_path, Accept.ALL)
    receiver.receive(*whole()[:2], FileFailed(KEY, "its sender left", "a.txt"))
    assert contents(tmp_path) == {}
    failed = receiver.told[-1]
    assert isinstance(failed, FileNotSaved)
    assert not failed.declined
    assert failed.reason == '"a.txt" was not received: its sender left. Ask for it again.'


def test_a_file_refused_at_its_start_is_told_too(tmp_path: Path) -> None:
    """It never began, so nothing was offered."""
    receiver = Receiver(tmp_path, Accept.ALL)
    receiver.receive(FileFailed(KEY, "too many were on their way", "a\n.txt"))
    (failed,) = receiver.told
    assert isinstance(failed, FileNotSaved)
    assert (failed.sender_name, failed.name) == ("Bob", "a_.txt")


@pytest.mark.parametrize("disk", [{"free": 5}, {"room": 5}, {"room": 4000}])
def test_a_full_disk_is_told_once_and_the_rest_is_passed_over(tmp_path: Path, disk: dict[str, int]) -> None:
    """Whether it is full before the first byte or in the middle; the sender's leaving later is no news of the file."""
    receiver = Receiver(tmp_path, Accept.ALL, **disk)  # type: ignore[arg-type]
    first, second, *rest = divided(hub_packets.file(2, "a.bin", b"x" * 5000))
    receiver.receive_packets(first + second)
    receiver.receive_packets(b"".join(rest[:-1]))
    receiver.receive_packets(hub_packets.left(2))
    assert [type(event) for event in receiver.told] == [FileOffered, FileNotSaved]
    assert not receiver.told[-1].declined  # type: ignore[union-attr]
    assert contents(tmp_path) == {}
    assert receiver.confirmed() == []


def test_a_file_that_is_short_of_what_was_announced_is_not_kept(tmp_path: Path) -> None:
    """The folder counts for itself, whatever says that the file is whole."""
    receiver = Receiver(tmp_path, Accept.ALL)
    receiver.receive(FileBegan(KEY, "b.txt", 30), FileDataArrived(KEY, CONTENT), FileCompleted(KEY, None, None))
    assert [type(event) for event in receiver.told] == [FileOffered, FileNotSaved]
    assert contents(tmp_path) == {}
    assert receiver.confirmed() == []


@pytest.mark.parametrize("comes_first", [True, False])
def test_a_file_that_is_there_may_be_skipped(tmp_path: Path, comes_first: bool) -> None:
    """Known before the first byte or only at the end: it is told as declined, and the sender hears nothing."""
    receiver = Receiver(tmp_path, Accept.ALL, Conflict.SKIP)
    began, *rest = whole()
    if comes_first:
        (tmp_path / "a.txt").write_bytes(b"mine")
    receiver.receive(began)
    assert len(receiver.told) == 1 + comes_first
    (tmp_path / "a.txt").write_bytes(b"mine")
    receiver.receive(*rest)
    assert [type(event) for event in receiver.told] == [FileOffered, FileNotSaved]
    assert receiver.told[-1].declined  # type: ignore[union-attr]
    assert contents(tmp_path) == {"a.txt": b"mine"}
    assert receiver.confirmed() == []


def test_only_so_many_may_wait_for_an_answer(tmp_path: Path) -> None:
    """Each is an open file; what comes beyond is not taken, and told so."""
    receiver = Receiver(tmp_path, Accept.ASK)
    for number in range(MOST_ARRIVING + 1):
        receiver.receive(*whole(f"{number}.txt", FileKey(2, number)))
    assert len(contents(tmp_path)) == MOST_ARRIVING
    refused = receiver.told[-1]
    assert isinstance(refused, FileNotSaved)
    assert refused.name == f"{MOST_ARRIVING}.txt"
    receiver.incoming.discard_all(receiver.told.append)
    assert contents(tmp_path) == {}


def test_at_the_end_of_the_connection_nothing_is_kept(tmp_path: Path) -> None:
    """Nobody can be told any more that a file is saved, so a whole one that was not accepted goes, too."""
    receiver = Receiver(tmp_path, Accept.ASK)
    receiver.receive(*whole())
    receiver.incoming.discard_all(receiver.told.append)
    assert isinstance(receiver.told[-1], FileNotSaved)
    assert contents(tmp_path) == {}
    receiver.answer(1, accept=True)
    assert contents(tmp_path) == {}


def test_progress_is_told_when_there_is_some(tmp_path: Path) -> None:
    """How far each file is that came further."""
    receiver = Receiver(tmp_path, Accept.ALL)
    began, first, second, completed = whole()
    receiver.receive(began)

    def progress() -> list[tuple[int, int, int]]:
        return [(told.transfer, told.done, told.size) for told in receiver.incoming.progress()]

    assert progress() == []
    receiver.receive(first)
    assert progress() == [(1, 5, len(CONTENT))]
    assert progress() == []
    receiver.receive(second)
    assert progress() == [(1, len(CONTENT), len(CONTENT))]
    receiver.receive(completed)
    assert progress() == []


def test_an_offer_says_by_which_key_its_sender_is_known(tmp_path: Path) -> None:
    """None on the classic wire, and where nobody has the id any more."""
    receiver = Receiver(tmp_path, Accept.ASK)
    bob = Person(2, "Bob", key=bytes(range(32)))
    receiver.receive(FileBegan(KEY, "a", 1))
    receiver.gate.run(lambda session: session.roster.put(bob))
    receiver.receive(FileBegan(FileKey(2, 8), "b", 1), FileBegan(FileKey(77, 9), "c", 1))
    offers = [event for event in receiver.told if isinstance(event, FileOffered)]
    assert [offer.sender_key for offer in offers] == [None, bytes(range(32)), None]
    receiver.incoming.discard_all(receiver.told.append)


def test_a_file_is_named_in_full_and_confirmed_by_its_name_on_the_wire(tmp_path: Path) -> None:
    """The user sees the first, the sender knows the second."""
    receiver = Receiver(tmp_path, Accept.ALL)
    receiver.receive(FileBegan(KEY, "___.txt", 0, full_name="Ωμέ.txt"), FileCompleted(KEY, None, None))
    saved = receiver.told[-1]
    assert isinstance(saved, FileSaved)
    assert saved.name == "Ωμέ.txt"
    assert receiver.confirmed() == ["___.txt"]
