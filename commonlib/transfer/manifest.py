"""The manifest: which entries an offer has, told by one end in blocks and judged by the other line by line.

Owns writing it within the totals that were offered, and reading it with every field validated (docs/protocol.md,
"M9. Files"). Must never hold a whole manifest, nor touch a disk: entries are given by whoever walks a folder, and
judged ones are handed on. Pure; a writer or reader belongs to one offer and to one thread at a time.
"""

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from commonlib.exceptions import FieldError
from commonlib.transfer.messages import (
    LARGEST_NUMBER,
    LONGEST_NAME,
    LONGEST_TARGET,
    MOST_DEPTH,
    MOST_LISTED,
    MOST_SHOWN_NAMES,
    Entry,
    EntryKind,
    Manifest,
    Offer,
    TopEntry,
    Totals,
)
from commonlib.transfer.paths import Path, TreePaths
from commonlib.transfer.stream import TransferError

LONGEST_PATH = 4096
"""Bytes of UTF-8 in the names of an entry and of the folders that it is in."""

_BLOCK_SIZE = 64 << 10
_ENTRY_OVERHEAD = 48
_LONGEST_CHARACTER = 4
_FILE = EntryKind.FILE
_NO_TEXT = "[\ud800-\udfff]"


class Listed(Struct, frozen=True, gc=False):
    """An entry of a manifest, judged: what the receiver may act upon.

    Attributes:
        number: Counts all entries of the connection from 0.
        path: Where it goes, below the receiver's folder.
        modified_ns: Nanoseconds since 1970 UTC, 0 for no word about it.
        mode: The lowest nine bits of POSIX permissions, 0 for no word about it.
        target: Of a link that may be made, relative to its folder, `/` between components.
        refusal: Why a link may not be made, as a phrase; empty for everything else.
        sent_name: The last component as the sender calls it; hostile, to be shown through `printable` only.
    """

    number: int
    offer: int
    path: Path
    kind: EntryKind
    size: int
    modified_ns: int
    mode: int
    sent_name: str
    target: str = ""
    refusal: str = ""

    @property
    def is_renamed(self) -> bool:
        """True when it gets another name than the one it was sent under."""
        return self.path[-1] != self.sent_name


def wire_name(name: str) -> str:
    """A name as it can be sent: what a disk holds that is no text (lone surrogates) becomes `_`."""
    return name if name.isascii() else re.sub(_NO_TEXT, "_", name)


def shown_paths(offer: Offer) -> list[Path]:
    """The paths under which what an offer shows will be written: what the prompt has to show."""
    paths = TreePaths()
    return [paths.place(0, top.kind, top.name).path for top in offer.top]


class _Remaining:
    """What of an offer's totals has not been listed yet."""

    __slots__ = ("counts", "size")

    def __init__(self, totals: Totals) -> None:
        self.counts = [totals.files, totals.folders, totals.links]
        self.size = totals.size

    def maybe_excess(self, entry: Entry) -> str:
        """Count an entry, or say what there would be too much of."""
        kind = entry.kind
        if not self.counts[kind]:
            return f"more {_PLURALS[kind]} than offered"
        if entry.size > self.size:
            return "more bytes than offered"
        self.counts[kind] -= 1
        self.size -= entry.size
        return ""


_PLURALS = ("files", "folders", "links")


class ManifestWriter:
    """Writes the manifest of one offer.

    Args:
        offer: What was offered. An entry beyond its totals is not taken: it is for another offer.
    """

    def __init__(self, offer: Offer) -> None:
        self._offer = offer.offer
        self._remaining = _Remaining(offer.totals)
        self._depths: list[int] = [0]  # Bytes of the path down to each open folder.

    def check(self, entry: Entry) -> None:
        """Count an entry as written.

        Raises:
            FieldError: It does not fit into a manifest, into its place in this one, or into what was offered.
        """
        depth, name, target, depths = entry.depth, entry.name, entry.target, self._depths
        if not 0 <= depth < len(depths) or depth > MOST_DEPTH:
            raise FieldError("depth", f"{depth} is no place in the manifest, or too deep")
        # Before anything is refused: what is in a refused folder must not end up in the one before it.
        if len(depths) > depth + 1:
            del depths[depth + 1 :]
        if not (name.isascii() and target.isascii()) and re.search(_NO_TEXT, name + target):
            raise FieldError("name", "it holds what is no text")
        if not 0 < len(name) <= LONGEST_NAME or len(target) > LONGEST_TARGET:
            raise FieldError("name", f"a name has 1 to {LONGEST_NAME} characters, a target at most {LONGEST_TARGET}")
        if not 0 <= entry.size <= LARGEST_NUMBER or not 0 <= entry.modified_ns <= LARGEST_NUMBER:
            raise FieldError("size", "size and time are numbers of 63 bits")
        length = depths[depth] + _size_of(name) + 1
        if length > LONGEST_PATH:
            raise FieldError("name", f"a path has at most {LONGEST_PATH} bytes, this one {length}")
        excess = self._remaining.maybe_excess(entry)
        if excess:
            raise FieldError("totals", f"there are {excess}")
        if entry.kind is EntryKind.FOLDER:
            depths.append(length)

    def blocks(self, first: int, entries: Sequence[Entry], *, last: bool) -> Iterator[Manifest]:
        """Entries that were checked, in messages that fit into a frame; with `last` at least one, which says so."""
        block: list[Entry] = []
        size = 0
        for entry in entries:
            if len(block) == MOST_LISTED or size > _BLOCK_SIZE:
                yield Manifest(offer=self._offer, first=first, entries=block)
                first += len(block)
                block, size = [], 0
            block.append(entry)
            size += _ENTRY_OVERHEAD + _LONGEST_CHARACTER * (len(entry.name) + len(entry.target))
        if block or last:
            yield Manifest(offer=self._offer, first=first, entries=block, last=last)


class ManifestReader:
    """Judges the manifest of one offer.

    Args:
        offer: What was offered and accepted; the manifest may hold less, and never more or anything else.
    """

    def __init__(self, offer: Offer) -> None:
        self._offer = offer
        self._remaining = _Remaining(offer.totals)
        self._paths = TreePaths()
        self._depths: list[int] = [0]
        self._tops = 0

    def read(self, manifest: Manifest) -> list[Listed]:
        """The entries of one block.

        Raises:
            TransferError: The block lies: about the totals, the names that were shown, or the shape of the tree.
        """
        number = manifest.first
        offer = self._offer.offer
        place, path_of, check = self._paths.place, self._paths.path_of, self._check
        listed: list[Listed] = []
        for entry in manifest.entries:
            depth, kind, name, size = entry.depth, entry.kind, entry.name, entry.size
            check(entry, depth, kind, name, size)
            target = refusal = ""
            if kind is _FILE:
                path = path_of(depth, name)
            else:
                path, target, refusal = place(depth, kind, name, entry.target)
            listed.append(Listed(number, offer, path, kind, size, entry.modified_ns, entry.mode, name, target, refusal))
            number += 1
        return listed

    def _check(self, entry: Entry, depth: int, kind: EntryKind, name: str, size: int) -> None:
        depths = self._depths
        if size and kind is not _FILE:
            raise TransferError("something that is no file has a size")
        if entry.target and kind is not EntryKind.LINK:
            raise TransferError("something that is no link has a target")
        if not depth:
            self._check_top(entry)
        if depth >= len(depths):
            raise TransferError(f"an entry of depth {depth} is in no folder")
        length = depths[depth] + (len(name) if name.isascii() else _size_of(name)) + 1
        if length > LONGEST_PATH:
            raise TransferError(f"a path has {length} bytes, and {LONGEST_PATH} are the most")
        excess = self._remaining.maybe_excess(entry)
        if excess:
            raise TransferError(f"the manifest has {excess}")
        if len(depths) > depth + 1:
            del depths[depth + 1 :]
        if kind is EntryKind.FOLDER:
            depths.append(length)

    def _check_top(self, entry: Entry) -> None:
        """What stands at the top is what was shown to whoever agreed."""
        offer, number = self._offer, self._tops
        self._tops += 1
        if number < len(offer.top):
            shown = offer.top[number]
            if shown.kind is not entry.kind or shown.name != entry.name:
                raise TransferError("the manifest begins with other names than the offer showed")
        elif number >= len(offer.top) + offer.others:
            raise TransferError("the manifest has more names at the top than the offer told of")


def make_offer(number: int, totals: Totals, top: Sequence[TopEntry], others: int = 0) -> Offer:
    """An offer of so much, with as many of the names at the top as it can show; `others` stand there besides.

    Raises:
        FieldError: There is nothing in it.
    """
    if not top:
        raise FieldError("top", "an offer holds at least one entry")
    return Offer(
        offer=number,
        totals=totals,
        top=list(top[:MOST_SHOWN_NAMES]),
        others=max(len(top) - MOST_SHOWN_NAMES, 0) + others,
    )


def _size_of(name: str) -> int:
    return len(name) if name.isascii() else len(name.encode())
