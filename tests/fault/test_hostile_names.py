"""A peer that calls its files what would do harm, at every place that makes, writes, renames, dates or cleans.

Each class of name is tried as a small file, a large one that arrives in a part, a folder with something in it, a link,
what meets something of its name, and what is cut and goes on. Whatever happens stays below the folder for downloads.
"""

import os
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from commonlib.conflict import Conflict
from commonlib.transfer.events import Source
from commonlib.transfer.messages import Entry, EntryKind, TopEntry, Totals
from commonlib.transfer.resume import Choices
from commonlib.transfer.sending import Sending
from commonlib.transfer.stream import TransferError
from tests.support.disk_ends import ReceivingEnd
from tests.support.disks import make_link
from tests.support.memory_transfer import Cut, join
from tests.support.random_trees import described

HOSTILE = {
    "climbs": ["..", "../evil", "a/../../evil", "..\\evil", "....//evil"],
    "absolute": ["/tmp/evil", "\\evil", "//evil"],
    "drive": ["C:\\evil", "C:evil", "c:"],
    "network": ["\\\\host\\share\\evil", "//host/share/evil"],
    "stream": ["evil.txt:hidden", "evil::$DATA", ":evil"],
    "trailing": ["evil.", "evil ", "evil. . .", " ", "."],
    "device": ["CON", "nul.txt", "COM1", "LPT9.log", "CONIN$", "aux .txt", "COM\u00b9"],
    "control": ["evil\nname", "\x1b[2Jevil", "evil\x00name", "\r", "\x7f"],
    "direction": ["evil\u202egpj.exe", "\u2066evil", "evil\u200b"],
    "our-own-places": [".tcpipchat-0001020304050607", ".part", "x.part", "desktop.ini", "autorun.inf"],
    "long": ["e" * 255, "\u00e9" * 255, "\U0001f600" * 200],
}
CLASSES = pytest.mark.parametrize("names", HOSTILE.values(), ids=HOSTILE)
LARGE = 2 << 20
MOMENT = 1_234_567_890_000_000_000


class HostileSender:
    """Offers whatever entries it is given; the content of a file is its size in zeroes."""

    def __init__(self, entries: list[Entry]) -> None:
        self.machine = Sending()
        self._entries = entries
        counts = [sum(entry.kind is kind for entry in entries) for kind in EntryKind]
        totals = Totals(files=counts[0], folders=counts[1], links=counts[2], size=sum(entry.size for entry in entries))
        top = [TopEntry(entry.kind, entry.name, entry.size) for entry in entries if not entry.depth]
        self.machine.offer(totals, top)

    def outgoing(self) -> bytes:
        """All that is to be sent now."""
        sent = b""
        while True:
            while self.machine.entries_due:
                refused = self.machine.add_entries([Source(entry, None) for entry in self._entries], last=True)
                assert not refused
            while read := self.machine.maybe_read():
                read.into[:] = bytes(len(read.into))
                self.machine.read_done(len(read.into))
            piece = self.machine.maybe_data_to_send()
            if piece is None:
                return sent
            sent += piece

    def incoming(self, data: bytes) -> None:
        """Bytes that came."""
        self.machine.receive_data(data)
        self.machine.events_received()


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    """A folder for downloads in a folder that nobody may touch; fails when something there has changed."""
    for name in ("evil", "tmp/evil", "share/evil"):
        (tmp_path / "around" / name).mkdir(parents=True)
        (tmp_path / "around" / name / "file").write_bytes(b"precious")
    root = tmp_path / "around" / "in"
    root.mkdir()
    before = _outside(tmp_path, root)
    yield root
    assert _outside(tmp_path, root) == before
    assert not Path("/tmp/evil").exists()
    for path in root.rglob("*"):
        if path.relative_to(root).parts[0].startswith(".tcpipchat-"):
            continue
        name = path.name
        assert not set(name) & set('<>:"/\\|?*')
        assert name == name.rstrip(". ")
        assert not any(unicodedata.category(character) in ("Cc", "Cf") for character in name)
        assert len(os.fsencode(name)) <= 255
        assert not path.is_symlink() or _leads_inside(path, root)


def _leads_inside(link: Path, root: Path) -> bool:
    try:
        return link.resolve().is_relative_to(root)
    except (OSError, RuntimeError):
        return True  # To itself.


def _outside(tmp_path: Path, root: Path) -> dict[str, object]:
    """All that lies around the folder for downloads."""
    inside = str(root.relative_to(tmp_path))
    found = {place: what for place, what in described(tmp_path).items() if not place.startswith(inside)}
    return {place: what for place, what in found.items() if place not in (".", "around")}


def receive(root: Path, entries: list[Entry], choices: Choices | None = None, cut: Cut | None = None) -> ReceivingEnd:
    """Let the sender have his way."""
    receiver = ReceivingEnd(root, choices)
    try:
        join(HostileSender(entries), receiver, cut=cut)
    finally:
        receiver.disk.close()
    return receiver


def files(names: list[str], size: int, depth: int = 0) -> list[Entry]:
    """One file for each name."""
    return [Entry(depth, EntryKind.FILE, name, size, MOMENT, 0o644) for name in names]


@CLASSES
@pytest.mark.parametrize("size", [3, LARGE])
def test_files_are_written_renamed_and_dated_below_the_folder_alone(root: Path, names: list[str], size: int) -> None:
    """Each of them arrives, whole and dated, under a harmless name."""
    receiver = receive(root, files(names, size))
    saved = [path for path in root.iterdir() if path.is_file()]
    assert len(saved) == len(names) == len(receiver.tops)
    assert {(path.stat().st_size, path.stat().st_mtime_ns) for path in saved} == {(size, MOMENT)}


@CLASSES
def test_folders_are_made_filled_and_dated_below_the_folder_alone(root: Path, names: list[str]) -> None:
    """And so is what is in them, which has such names as well."""
    entries = []
    for name in names:
        entries.append(Entry(0, EntryKind.FOLDER, name, 0, MOMENT, 0o755))
        entries += files(names, 3, depth=1)
    receive(root, entries)
    folders = [path for path in root.iterdir() if path.is_dir()]
    assert len(folders) == len(names)
    for folder in folders:
        assert len(list(folder.iterdir())) == len(names)
        assert folder.stat().st_mtime_ns == MOMENT


@CLASSES
@pytest.mark.parametrize("conflict", Conflict)
def test_what_meets_something_of_its_name_stays_below_the_folder(
    root: Path, names: list[str], conflict: Conflict
) -> None:
    """Whatever the user has chosen, and how often it comes."""
    for size in (3, 4, 4):
        receive(root, files(names, size), Choices(conflict))
    kept = [path.stat().st_size for path in root.iterdir() if path.is_file()]
    assert len(kept) >= len(names)
    if conflict is Conflict.RENAME:
        assert sorted(kept) == [3] * len(names) + [4] * len(names)


@CLASSES
def test_what_is_cut_is_cleaned_up_below_the_folder_alone(root: Path, names: list[str]) -> None:
    """Parts lie in their hidden place, and nothing is left of them in the end."""
    size = LARGE + 5
    for sent in (LARGE // 2, LARGE + 1000, 3 * LARGE):
        receive(root, files(names, size), cut=Cut(sent, 1 << 30))
    receive(root, files(names, size))
    assert {path.stat().st_size for path in root.iterdir()} == {size}
    assert len(list(root.iterdir())) == len(names)


@CLASSES
def test_links_lead_nowhere_else(root: Path, names: list[str]) -> None:
    """By such names, to such names, or through another link."""
    folder = Entry(0, EntryKind.FOLDER, "folder", 0, MOMENT, 0o755)
    links = [Entry(1, EntryKind.LINK, name, target=target) for name in names for target in (name, f"a/{name}")]
    for target in ("/etc", "../../evil", "../..", "..", "C:\\", "folder/../../evil"):
        links.append(Entry(1, EntryKind.LINK, f"to {len(links)}", target=target))
    receive(root, [folder, *links])


@CLASSES
def test_links_in_the_way_are_never_followed(root: Path, names: list[str]) -> None:
    """Where one of the names is a link already, it stays, and what it leads to."""
    receive(root, files(names, 3))
    for path in list(root.iterdir()):
        path.unlink()
        make_link(path, root.parent / "evil")
    for conflict in (Conflict.RENAME, Conflict.SKIP):
        entries = [
            entry
            for name in names
            for entry in (Entry(0, EntryKind.FOLDER, name, 0, MOMENT), *files(["file"], 3, depth=1))
        ]
        receive(root, entries, Choices(conflict))
        receive(root, files(names, 3), Choices(conflict))
    for path in list(root.iterdir()):
        if path.is_symlink():
            path.unlink()  # They are ours; the fixture looks for those of the peer's.


def test_names_that_are_one_to_some_disk_do_not_meet(root: Path) -> None:
    """Differing in case, in the form of accents, or in what is taken off."""
    names = ["a.txt", "A.TXT", "a.txt.", "a.txt ", "\u00e9", "e\u0301", "\u00c9", "stra\u00dfe", "STRASSE", "a.tXt"]
    receiver = receive(root, files(names, 3))
    kept = [path.name for path in root.iterdir()]
    assert len(kept) == len(names) == len(receiver.tops)
    assert len({unicodedata.normalize("NFC", name).casefold() for name in kept}) == len(names)


def test_a_name_that_is_no_utf_8_ends_the_connection(root: Path) -> None:
    """Nothing of the manifest is believed."""
    sender, receiver = HostileSender(files(["XXXX"], 3)), ReceivingEnd(root)
    with pytest.raises(TransferError):
        receiver.incoming(sender.outgoing().replace(b"XXXX", b"\xff\xfe\xc0\x80"))
    receiver.disk.close()
    assert list(root.iterdir()) == []
