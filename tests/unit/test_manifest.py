"""manifest: written within what was offered, and judged line by line; a lie of any kind ends it."""

import pytest

from commonlib.exceptions import FieldError
from commonlib.transfer.manifest import (
    LONGEST_PATH,
    Listed,
    ManifestReader,
    ManifestWriter,
    make_offer,
    shown_paths,
    wire_name,
)
from commonlib.transfer.messages import (
    MOST_DEPTH,
    MOST_LISTED,
    MOST_SHOWN_NAMES,
    Entry,
    EntryKind,
    Manifest,
    Offer,
    TopEntry,
    Totals,
    encode_message,
)
from commonlib.transfer.stream import LARGEST_MESSAGE, TransferError

FILE, FOLDER, LINK = EntryKind.FILE, EntryKind.FOLDER, EntryKind.LINK
ENOUGH = Totals(files=1000, folders=1000, links=1000, size=1 << 62)


def offer_of(*entries: Entry, totals: Totals = ENOUGH) -> Offer:
    """An offer that shows the entries at the top."""
    top = [TopEntry(entry.kind, entry.name) for entry in entries if not entry.depth]
    return make_offer(0, totals, top or [TopEntry(FILE, "x")])


def read(*entries: Entry, totals: Totals = ENOUGH) -> list[Listed]:
    """What a receiver makes of entries."""
    reader = ManifestReader(offer_of(*entries, totals=totals))
    return reader.read(Manifest(offer=0, first=0, entries=list(entries)))


def written(*entries: Entry, totals: Totals = ENOUGH) -> ManifestWriter:
    """A writer that has checked the entries."""
    writer = ManifestWriter(offer_of(*entries, totals=totals))
    for entry in entries:
        writer.check(entry)
    return writer


def test_entries_are_listed_with_their_numbers_and_paths() -> None:
    """Everything that was sent, and the harmless path."""
    entries = [Entry(0, FOLDER, "d"), Entry(1, FILE, "con", 5, 77, 0o640), Entry(1, LINK, "l", target="con")]
    reader = ManifestReader(offer_of(*entries))
    folder, file, link = reader.read(Manifest(offer=0, first=40, entries=entries))
    assert folder == Listed(40, 0, ("d",), FOLDER, 0, 0, 0, "d")
    assert file == Listed(41, 0, ("d", "_con"), FILE, 5, 77, 0o640, "con")
    assert file.is_renamed
    assert not folder.is_renamed
    assert link == Listed(42, 0, ("d", "l"), LINK, 0, 0, 0, "l", "_con")


def test_a_tree_goes_on_from_block_to_block() -> None:
    """The folder that the last block ended in is still open."""
    reader = ManifestReader(offer_of(Entry(0, FOLDER, "d")))
    reader.read(Manifest(offer=0, first=0, entries=[Entry(0, FOLDER, "d"), Entry(1, FILE, "a")]))
    (listed,) = reader.read(Manifest(offer=0, first=2, entries=[Entry(1, FILE, "a")]))
    assert listed.path == ("d", "a (~2)")


@pytest.mark.parametrize(
    ("totals", "what"),
    [
        (Totals(files=1, folders=1, links=1, size=9), "bytes"),
        (Totals(files=0, folders=1, links=1, size=10), "files"),
        (Totals(files=1, folders=0, links=1, size=10), "folders"),
        (Totals(files=1, folders=1, links=0, size=10), "links"),
    ],
)
def test_more_than_was_offered_is_a_lie(totals: Totals, what: str) -> None:
    """Of any kind, or in bytes; and our own side does not write it."""
    entries = [Entry(0, FOLDER, "d"), Entry(1, FILE, "f", 10), Entry(1, LINK, "l", target="f")]
    with pytest.raises(TransferError, match=what):
        read(*entries, totals=totals)
    with pytest.raises(FieldError, match=what):
        written(*entries, totals=totals)
    exactly = Totals(files=1, folders=1, links=1, size=10)
    assert len(read(*entries, totals=exactly)) == 3
    written(*entries, totals=exactly)


@pytest.mark.parametrize("entry", [Entry(0, FOLDER, "d", 1), Entry(0, LINK, "l", 1, target="a")])
def test_what_is_no_file_has_no_size(entry: Entry) -> None:
    """Bytes that nobody would ask for."""
    with pytest.raises(TransferError):
        read(entry)


@pytest.mark.parametrize("kind", [FILE, FOLDER])
def test_what_is_no_link_has_no_target(kind: EntryKind) -> None:
    """A target that nobody would judge."""
    with pytest.raises(TransferError):
        read(Entry(0, kind, "x", target="/etc"))


@pytest.mark.parametrize(
    "entries",
    [
        [Entry(0, FILE, "b")],
        [Entry(0, FOLDER, "a")],
        [Entry(0, FILE, "a"), Entry(0, FILE, "c")],
        [Entry(0, FILE, "a"), Entry(0, FILE, "b"), Entry(0, FILE, "c")],
    ],
)
def test_the_manifest_begins_as_the_offer_showed(entries: list[Entry]) -> None:
    """Another name, another kind, or one more at the top than the user has agreed to."""
    reader = ManifestReader(make_offer(0, ENOUGH, [TopEntry(FILE, "a"), TopEntry(FILE, "b")]))
    with pytest.raises(TransferError):
        reader.read(Manifest(offer=0, first=0, entries=entries))


def test_names_that_an_offer_has_no_room_for_are_counted() -> None:
    """So many at the top, and not one more."""
    top = [TopEntry(FILE, f"{number:03}") for number in range(MOST_SHOWN_NAMES + 2)]
    offer = make_offer(0, ENOUGH, top)
    assert (len(offer.top), offer.others) == (MOST_SHOWN_NAMES, 2)
    assert make_offer(0, ENOUGH, top[:MOST_SHOWN_NAMES], 2) == offer
    entries = [Entry(0, FILE, entry.name) for entry in top]
    assert len(ManifestReader(offer).read(Manifest(offer=0, first=0, entries=entries))) == len(top)
    with pytest.raises(TransferError):
        ManifestReader(offer).read(Manifest(offer=0, first=0, entries=[*entries, Entry(0, FILE, "999")]))


def test_an_offer_of_nothing_cannot_be_made() -> None:
    """There would be nothing to agree to."""
    with pytest.raises(FieldError):
        make_offer(0, ENOUGH, [])


def test_the_prompt_shows_the_paths_that_will_be_written() -> None:
    """Harmless and told apart, as they come out of the manifest."""
    entries = [Entry(0, FILE, "../x"), Entry(0, FILE, "A"), Entry(0, FILE, "a")]
    assert shown_paths(offer_of(*entries)) == [listed.path for listed in read(*entries)]
    assert shown_paths(offer_of(*entries)) == [("__x",), ("A",), ("a (~2)",)]


def deep(depth: int) -> list[Entry]:
    """Folders within one another, the last one at that depth."""
    return [Entry(number, FOLDER, "d") for number in range(depth + 1)]


def test_depth_and_length_of_paths_end_somewhere() -> None:
    """100 folders above an entry, 4096 bytes in a path, at both ends."""
    read(*deep(MOST_DEPTH))
    written(*deep(MOST_DEPTH))
    with pytest.raises(FieldError):
        written(*deep(MOST_DEPTH + 1))
    long = [Entry(depth, FOLDER, "é" * 127) for depth in range(16)]
    assert sum(len(entry.name.encode()) + 1 for entry in long) < LONGEST_PATH
    read(*long)
    written(*long)
    with pytest.raises(TransferError):
        read(*long, Entry(16, FILE, "x" * 16))
    with pytest.raises(FieldError):
        written(*long, Entry(16, FILE, "x" * 16))


@pytest.mark.parametrize(
    "entry",
    [
        Entry(1, FILE, "a"),
        Entry(0, FILE, ""),
        Entry(0, FILE, "x" * 256),
        Entry(0, FILE, "\udcff"),
        Entry(0, LINK, "l", target="\udcff"),
        Entry(0, LINK, "l", target="x" * 1025),
        Entry(0, FILE, "a", 1 << 63),
        Entry(0, FILE, "a", -1),
        Entry(0, FILE, "a", 1, -5),
    ],
)
def test_what_the_wire_has_no_room_for_is_refused_before_it_is_sent(entry: Entry) -> None:
    """A sentence for the user, instead of a connection that the other end closes."""
    writer = ManifestWriter(offer_of(Entry(0, FILE, "a")))
    with pytest.raises(FieldError):
        writer.check(entry)


def test_what_is_in_a_refused_folder_does_not_go_into_the_one_before_it() -> None:
    """It is refused with it."""
    writer = written(Entry(0, FOLDER, "before"), Entry(1, FILE, "in it"))
    with pytest.raises(FieldError):
        writer.check(Entry(0, FOLDER, "x" * 256))
    with pytest.raises(FieldError):
        writer.check(Entry(1, FILE, "inside"))
    writer.check(Entry(0, FILE, "after"))


@pytest.mark.parametrize("name", ["n", "é" * 255, "\U0001f600" * 255])
def test_blocks_fit_into_frames_and_hold_everything_once(name: str) -> None:
    """However long the names are; the numbers go on from block to block, and the last one says so."""
    entries = [Entry(0, FILE, name)] * (3 * MOST_LISTED)
    blocks = list(written(Entry(0, FILE, name)).blocks(7, entries, last=True))
    assert len(blocks) >= 3
    assert all(len(encode_message(block)) <= LARGEST_MESSAGE for block in blocks)
    assert [entry for block in blocks for entry in block.entries] == entries
    assert [block.last for block in blocks] == [False] * (len(blocks) - 1) + [True]
    firsts = [block.first for block in blocks]
    assert firsts == [7 + sum(len(block.entries) for block in blocks[:index]) for index in range(len(blocks))]


def test_links_with_long_targets_fit_as_well() -> None:
    """Four kilobytes each."""
    entries = [Entry(0, LINK, "l", target="\U0001f600" * 1024)] * 200
    assert all(
        len(encode_message(block)) <= LARGEST_MESSAGE
        for block in written(Entry(0, FILE, "a")).blocks(0, entries, last=False)
    )


def test_the_end_of_a_manifest_needs_no_entry() -> None:
    """A block with nothing in it but the word that it is the last."""
    writer = written(Entry(0, FILE, "a"))
    assert list(writer.blocks(3, [], last=True)) == [Manifest(offer=0, first=3, entries=[], last=True)]
    assert list(writer.blocks(3, [], last=False)) == []


def test_a_name_that_is_no_text_is_sent_as_one() -> None:
    """As a disk gives it, with half surrogates for bytes that are no UTF-8."""
    assert wire_name("a\udcffb") == "a_b"
    assert wire_name("grün") == "grün"
