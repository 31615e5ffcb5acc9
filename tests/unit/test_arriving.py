"""arriving: only what was asked for comes, only what hashes right is verified, and each entry is done with once."""

import pytest
from blake3 import blake3

from commonlib.transfer.arriving import Arriving
from commonlib.transfer.events import (
    FileBegan,
    FileDamaged,
    FileDataArrived,
    FileFailed,
    FilesArrived,
    FileVerified,
    OfferEnded,
    ReceivingEvent,
)
from commonlib.transfer.manifest import Listed, make_offer
from commonlib.transfer.messages import (
    MOST_TRIES,
    EntryKind,
    Message,
    Outcome,
    Place,
    Settled,
    SettledRun,
    TopEntry,
    Totals,
    Want,
    Wanted,
)
from commonlib.transfer.resume import Prefix
from commonlib.transfer.states import OfferRecord
from commonlib.transfer.stream import DataPiece, GivenUp, TransferError

CONTENT = b"0123456789" * 100
DIGEST = blake3(CONTENT).digest()
FIRST, SECOND = 5, 6
SAVED, FAILED = Outcome.SAVED, Outcome.FAILED


class Setting:
    """Two listed files with that content."""

    def __init__(self) -> None:
        self.events: list[ReceivingEvent] = []
        self.arriving = Arriving(self.events)
        self.record = OfferRecord(make_offer(0, Totals(files=2), [TopEntry(EntryKind.FILE, "a")]))
        self.record.accept()
        self.record.listed(FIRST, 2, last=True)
        self.gone: set[int] = set()
        self.arriving.add([self.file(FIRST), self.file(SECOND)], self.record)

    def file(self, number: int) -> Listed:
        """One of the files."""
        return Listed(number, 0, (str(number),), EntryKind.FILE, len(CONTENT), 0, 0, str(number))

    def piece(self, entry: int, content: bytes, offset: int = -1, digest: bytes = b"") -> None:
        """Bytes come."""
        self.arriving.receive_piece(DataPiece(entry, offset, memoryview(content), digest), self.gone.__contains__)

    def give_up(self, entry: int, why: str = "gone") -> None:
        """A file is given up."""
        self.arriving.receive_given_up(GivenUp(entry, why), self.gone.__contains__)

    def told(self) -> list[ReceivingEvent]:
        """The events since the last call."""
        events = self.events.copy()
        self.events.clear()
        return events

    def notices(self) -> list[Message]:
        """What the sender is told."""
        return list(self.arriving.notices.take())


@pytest.fixture
def setting() -> Setting:
    """Both files are asked for."""
    setting = Setting()
    setting.arriving.want(FIRST, None)
    setting.arriving.want(SECOND, None)
    assert setting.notices() == [Wanted(items=[Want(FIRST, 2)])]
    return setting


def test_a_small_file_is_one_event(setting: Setting) -> None:
    """And nothing is told of it before it is saved."""
    setting.piece(FIRST, CONTENT, 0, DIGEST)
    assert setting.told() == [FilesArrived([(FIRST, memoryview(CONTENT))])]
    assert setting.notices() == []
    setting.arriving.settle(FIRST, SAVED, Place.NOWHERE, "")
    assert setting.notices() == [Settled(items=[SettledRun(FIRST, 1, SAVED)])]
    assert (len(setting.arriving), setting.record.tally.saved) == (1, 1)
    assert setting.arriving.received == len(CONTENT)


def test_files_are_asked_for_together_as_they_are_one_by_one() -> None:
    """In one message; twice, or of what is no file, is refused, and of a cancelled offer passed over."""
    setting = Setting()
    setting.arriving.want_all([FIRST, SECOND, 77])
    assert setting.notices() == [Wanted(items=[Want(FIRST, 2)])]
    with pytest.raises(ValueError, match="asked for already"):
        setting.arriving.want_all([FIRST])
    folder = Listed(8, 0, ("d",), EntryKind.FOLDER, 0, 0, 0, "d")
    setting.arriving.add([folder], setting.record)
    with pytest.raises(ValueError, match="no file"):
        setting.arriving.want_all([8])


def test_small_files_behind_one_another_are_one_event(setting: Setting) -> None:
    """Only those: what happens in between comes in between, and what was taken out is not added to."""
    setting.piece(FIRST, CONTENT, 0, DIGEST)
    setting.piece(SECOND, CONTENT, 0, DIGEST)
    both = FilesArrived([(FIRST, memoryview(CONTENT)), (SECOND, memoryview(CONTENT))])
    assert setting.told() == [both]
    setting = Setting()
    setting.arriving.want(FIRST, None)
    setting.arriving.want(SECOND, None)
    setting.piece(FIRST, CONTENT, 0, DIGEST)
    setting.events.append(OfferEnded(3))
    setting.piece(SECOND, CONTENT, 0, DIGEST)
    content = memoryview(CONTENT)
    assert setting.told() == [FilesArrived([(FIRST, content)]), OfferEnded(3), FilesArrived([(SECOND, content)])]


def test_saved_files_are_settled_together_as_they_are_one_by_one(setting: Setting) -> None:
    """The same is told, counted and freed; who asks for what was not verified, or twice, is refused or passed over."""
    for number in (FIRST, SECOND):
        setting.piece(number, CONTENT, 0, DIGEST)
    setting.arriving.settle_saved([FIRST, SECOND, 77])
    together = (setting.notices(), setting.record.tally, setting.told()[1:], len(setting.arriving))
    one_by_one = Setting()
    for number in (FIRST, SECOND):
        one_by_one.arriving.want(number, None)
        one_by_one.notices()
        one_by_one.piece(number, CONTENT, 0, DIGEST)
    for number in (FIRST, SECOND):
        one_by_one.arriving.settle(number, SAVED, Place.NOWHERE, "")
    assert together == (one_by_one.notices(), one_by_one.record.tally, one_by_one.told()[1:], 0)
    assert setting.arriving.notices.freed == one_by_one.arriving.notices.freed == 2
    assert together[2] == [OfferEnded(0)]


def test_what_was_not_verified_is_not_saved(setting: Setting) -> None:
    """Neither what has not come nor what failed on its way; what was announced is not counted twice."""
    with pytest.raises(ValueError, match="not verified"):
        setting.arriving.settle_saved([FIRST])
    setting.piece(SECOND, CONTENT[:1], 0)
    setting.piece(SECOND, CONTENT[1:], digest=DIGEST)
    setting.arriving.settle_saved([SECOND])
    assert (setting.record.tally.verified, setting.record.tally.saved) == (0, 1)


def test_a_large_file_comes_in_parts_and_is_verified(setting: Setting) -> None:
    """Verified is told before saved is."""
    setting.piece(FIRST, CONTENT[:400], 0)
    setting.piece(FIRST, CONTENT[400:])
    setting.piece(FIRST, b"", digest=DIGEST)
    assert setting.told() == [
        FileBegan(FIRST, 0),
        FileDataArrived(FIRST, memoryview(CONTENT[:400])),
        FileDataArrived(FIRST, memoryview(CONTENT[400:])),
        FileVerified(FIRST),
    ]
    assert setting.record.tally.verified == 1
    setting.arriving.settle(FIRST, SAVED, Place.NOWHERE, "")
    assert setting.record.tally.verified == 0
    assert setting.notices() == [Settled(items=[SettledRun(FIRST, 1, Outcome.VERIFIED), SettledRun(FIRST, 1, SAVED)])]


def test_a_damaged_file_is_asked_for_again_and_fails_in_the_end(setting: Setting) -> None:
    """Whether it came whole or in parts; a verified one comes out of the last try as well."""
    for attempt in range(MOST_TRIES):
        setting.piece(FIRST, CONTENT, 0, bytes(32))
        began, data, last = setting.told()
        assert (began, data) == (FileBegan(FIRST, 0), FileDataArrived(FIRST, memoryview(CONTENT)))
        if attempt < MOST_TRIES - 1:
            assert last == FileDamaged(FIRST)
            assert setting.notices() == [Wanted(items=[Want(FIRST, 1)])]
        else:
            assert isinstance(last, FileFailed)
            assert last.place is Place.WAY
            assert setting.notices() == [Settled(items=[SettledRun(FIRST, 1, FAILED, Place.WAY, last.why)])]
    setting.piece(SECOND, CONTENT, 0, bytes(32))
    setting.piece(SECOND, CONTENT, 0, DIGEST)
    assert setting.told()[-1] == FilesArrived([(SECOND, memoryview(CONTENT))])


def prefix_of(content: bytes, *offsets: int) -> Prefix:
    """A part of the file."""
    prefix, position = Prefix(offsets), 0
    for offset in offsets:
        prefix.receive_data(content[position:offset])
        position = offset
    return prefix


def test_a_part_goes_on_where_it_is_good() -> None:
    """At any of the marks, or from the beginning; the hash is over the whole file."""
    for offset in (0, 300, 500):
        setting = Setting()
        prefix = prefix_of(CONTENT, 300, 500)
        setting.arriving.want(FIRST, prefix)
        assert setting.notices() == [Wanted(items=[Want(FIRST, 1, prefix.marks)])]
        setting.piece(FIRST, CONTENT[offset:-1], offset)
        setting.piece(FIRST, CONTENT[-1:], digest=DIGEST)
        told = setting.told()
        assert (told[0], told[-1]) == (FileBegan(FIRST, offset), FileVerified(FIRST))


def test_a_damaged_part_is_fetched_from_its_beginning() -> None:
    """Its marks are of no use any more."""
    setting = Setting()
    setting.arriving.want(FIRST, prefix_of(CONTENT, 300))
    setting.notices()
    setting.piece(FIRST, CONTENT[300:], 300, bytes(32))
    assert setting.told()[-1] == FileDamaged(FIRST)
    assert setting.notices() == [Wanted(items=[Want(FIRST, 1)])]
    with pytest.raises(TransferError):
        setting.piece(FIRST, CONTENT[300:], 300, DIGEST)


@pytest.mark.parametrize(
    "pieces",
    [
        [(7, CONTENT, 0, DIGEST)],
        [(FIRST, CONTENT, 1, DIGEST)],
        [(FIRST, CONTENT, 1 << 63, b"")],
        [(FIRST, CONTENT, -1, DIGEST)],
        [(FIRST, CONTENT + b"x", 0, DIGEST)],
        [(FIRST, CONTENT[1:], 0, DIGEST)],
        [(FIRST, CONTENT, 0, b""), (FIRST, b"x", -1, b"")],
        [(FIRST, CONTENT[:5], 0, b""), (FIRST, CONTENT[:5], 0, b"")],
        [(FIRST, CONTENT[:5], 0, b""), (SECOND, CONTENT, 0, DIGEST)],
        [(FIRST, CONTENT[:5], 0, b""), (SECOND, CONTENT, -1, b"")],
        [(FIRST, CONTENT, 0, DIGEST), (FIRST, CONTENT, 0, DIGEST)],
    ],
)
def test_bytes_that_were_not_asked_for_end_the_connection(
    setting: Setting, pieces: list[tuple[int, bytes, int, bytes]]
) -> None:
    """Of an unknown file, from a wrong place, too many, too few, of two files at once, or once more."""
    *good, wrong = pieces
    for piece in good:
        setting.piece(*piece)
    with pytest.raises(TransferError):
        setting.piece(*wrong)


def test_what_was_not_asked_for_may_not_come() -> None:
    """Though it was listed."""
    setting = Setting()
    with pytest.raises(TransferError):
        setting.piece(FIRST, CONTENT, 0, DIGEST)
    with pytest.raises(TransferError):
        setting.give_up(FIRST)


def test_a_file_that_is_given_up_has_failed_at_its_sender(setting: Setting) -> None:
    """Before its first byte or within; the receiver says so, and the next file comes."""
    setting.piece(FIRST, CONTENT[:5], 0)
    setting.give_up(FIRST, "it changed")
    setting.give_up(SECOND, "")
    assert setting.told()[2:] == [
        FileFailed(FIRST, Place.SENDER, "it changed"),
        FileFailed(SECOND, Place.SENDER, "its sender gave it up"),
        OfferEnded(0),
    ]
    assert len(setting.arriving) == 0


def test_only_what_is_coming_can_be_given_up(setting: Setting) -> None:
    """Not another file in the middle of it, nor one that is unknown."""
    setting.piece(FIRST, CONTENT[:5], 0)
    with pytest.raises(TransferError):
        setting.give_up(SECOND)
    with pytest.raises(TransferError):
        Setting().give_up(99)


@pytest.mark.parametrize("end", ["whole", "parts", "given up"])
def test_what_is_settled_while_it_comes_is_passed_over_to_its_end(setting: Setting, end: str) -> None:
    """Its room is free only then: until then it counts."""
    if end == "parts":
        setting.piece(FIRST, CONTENT[:5], 0)
    setting.told()
    setting.arriving.settle(FIRST, FAILED, Place.RECEIVER, "the disk is full")
    assert len(setting.arriving) == 2
    match end:
        case "whole":
            setting.piece(FIRST, CONTENT, 0, DIGEST)
        case "parts":
            setting.piece(FIRST, CONTENT[5:], digest=bytes(32))
        case _:
            setting.give_up(FIRST)
    assert setting.told() == []
    assert (len(setting.arriving), setting.arriving.notices.freed) == (1, 1)
    assert setting.notices() == [Settled(items=[SettledRun(FIRST, 1, FAILED, Place.RECEIVER, "the disk is full")])]


def test_a_cancelled_offer_is_passed_over(setting: Setting) -> None:
    """The file that is coming, one that begins, and one that is given up; what the shell still says of them, too."""
    setting.piece(FIRST, CONTENT[:5], 0)
    setting.told()
    setting.arriving.cancel(setting.record)
    setting.gone = {FIRST, SECOND}
    setting.piece(FIRST, CONTENT[5:], digest=DIGEST)
    setting.piece(SECOND, CONTENT[:5], 0)
    setting.piece(SECOND, CONTENT[5:], digest=DIGEST)
    setting.give_up(SECOND)
    setting.arriving.settle(FIRST, SAVED, Place.NOWHERE, "")
    setting.arriving.want(SECOND, None)
    assert setting.told() == []
    assert (len(setting.arriving), setting.arriving.notices.freed) == (0, 2)


def test_a_shell_that_is_wrong_is_told() -> None:
    """Asking twice, saving what was not verified, settling twice while it comes."""
    setting = Setting()
    with pytest.raises(ValueError, match="not verified"):
        setting.arriving.settle(FIRST, SAVED, Place.NOWHERE, "")
    setting.arriving.want(FIRST, None)
    with pytest.raises(ValueError, match="asked for"):
        setting.arriving.want(FIRST, None)
    with pytest.raises(ValueError, match="asked for"):
        setting.arriving.settle(FIRST, Outcome.KEPT, Place.NOWHERE, "")
    setting.arriving.settle(FIRST, FAILED, Place.RECEIVER, "")
    with pytest.raises(ValueError, match="settled"):
        setting.arriving.settle(FIRST, FAILED, Place.RECEIVER, "")


def test_an_offer_ends_with_its_last_entry(setting: Setting) -> None:
    """Told once."""
    setting.piece(FIRST, CONTENT, 0, DIGEST)
    setting.arriving.settle(FIRST, SAVED, Place.NOWHERE, "")
    assert OfferEnded(0) not in setting.told()
    setting.arriving.settle(SECOND, Outcome.SKIPPED, Place.NOWHERE, "")
    assert setting.told() == [OfferEnded(0)]


def test_only_so_many_parts_keep_their_hashes() -> None:
    """The others are fetched from their beginning: memory is bounded whatever a folder holds."""
    setting = Setting()
    setting.arriving.add([setting.file(number) for number in range(100, 200)], setting.record)
    for number in range(100, 200):
        setting.arriving.want(number, prefix_of(CONTENT, 300))
    (wanted,) = setting.notices()
    assert isinstance(wanted, Wanted)
    assert sum(bool(item.marks) for item in wanted.items) == 64
    assert sum(item.count for item in wanted.items) == 100
