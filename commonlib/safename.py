r"""A peer's file name, turned into one name that is safe to write on every system we run on.

Owns the rules by which names are mapped and compared. Must never touch a disk or a path: a text comes in, a value goes
out. Whoever writes a received file passes its name through `safe_name` first and joins the result to one folder.
Pure: any thread.

The rules. Names are mapped, never refused, so that a file sent in good faith always arrives and nobody can stop a
transfer by its name; what was changed is told to the user.

 1. A name is one component, never a path: `/` and `\` become `_`. All parts stay visible, so a prompt shows the whole
    attempt; taking only the last part would hide it. Absolute paths, UNC paths and `..` between separators end here.
 2. `< > : " | ? *` become `_`: Windows refuses them, and `:` opens a drive or an alternate stream.
 3. Control characters (C0, DEL, C1, line and paragraph separators) become `_`.
 4. Characters that are no text (lone surrogates, private, unassigned and non-characters) become `_`: some file
    systems refuse them, others map them to the characters of rules 1 and 2.
 5. Characters that cannot be seen, or that turn the direction of reading, are taken out: two names that look the same
    would be two files, and `gpj.exe` could be made to read as `exe.jpg`.
 6. The text is normalised to NFC (Unicode Standard Annex 15).
 7. White space at both ends and dots at the end are taken off: Windows drops them silently, so that another name than
    the one shown would be written.
 8. Dots at the start become one `_`: the file would be hidden.
 9. A device name of Windows (`CON`, `NUL`, `COM1`, `COM¹`, `CONIN$` ...), in any case and with any extension, gets `_`
    in front; so does a name on which a file manager acts by itself when the folder is shown (`desktop.ini` ...).
10. A last `.part` becomes `_part`: that ending belongs to files that are still arriving.
11. A name is cut to `LONGEST_NAME` bytes of UTF-8, its extension kept. No character takes more UTF-16 units than
    bytes of UTF-8, so the limit of Windows and macOS (255 units) is kept by the same cut.
12. Where nothing is left, as of `.` and `..`, the name is `unnamed`.
"""

import unicodedata
from enum import StrEnum
from functools import lru_cache

from commonlib.values import dataclass

LONGEST_COMPONENT = 255
"""What file systems take: bytes of UTF-8 on Linux, UTF-16 units on Windows and macOS."""

PART_SUFFIX = ".part"
"""The ending of a file that is still arriving."""

LARGEST_NUMBER = 999
"""The highest number that `numbered_name` puts behind a name."""

LONGEST_NAME = LONGEST_COMPONENT - 20
"""Bytes of UTF-8 in a safe name: leaves room for ` (999)` and for a temporary name's random mark and `.part`."""

UNNAMED = "unnamed"

_SEPARATORS = frozenset("/\\")
_FORBIDDEN = frozenset('<>:"|?*')
_CONTROL_CATEGORIES = frozenset({"Cc", "Zl", "Zp"})
_BROKEN_CATEGORIES = frozenset({"Cs", "Co", "Cn"})
# Invisible although letters, marks or symbols: Unicode's Default_Ignorable_Code_Point, and the blank of Braille.
_INVISIBLE = frozenset(
    map(
        chr,
        (
            *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0),
            *(0x180B, 0x180C, 0x180D, 0x180F),
            *range(0xFE00, 0xFE10),
            *range(0xE0100, 0xE01F0),
        ),
    )
)
# The white space that rule 3 leaves (category Zs), and the dot.
_LOST_AT_THE_END = "." + "".join(map(chr, (0x20, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)))
_DEVICES = frozenset({"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$"}) | {
    device + digit for device in ("COM", "LPT") for digit in "0123456789¹²³"
}
_OBEYED = frozenset({"desktop.ini", "autorun.inf", "thumbs.db"})
_LONGEST_EXTENSION = 32


class Change(StrEnum):
    """What was done to a name, as a phrase for the user; the order is the one in which they are told."""

    SEPARATOR = '"/" and "\\" would name a folder'
    FORBIDDEN = 'Windows refuses < > : " | ? * in names'
    CONTROL = "control characters do not belong in names"
    BROKEN = "some characters were no text"
    INVISIBLE = "characters that cannot be seen were taken out"
    NORMALISED = "accents were joined to their letters"
    EDGE = "spaces around a name and dots at its end get lost"
    HIDDEN = "a dot in front would hide the file"
    RESERVED = "the system keeps that name for itself"
    ARRIVING = "names in .part mark files that are still arriving"
    LONG = "the name was too long"
    EMPTY = "nothing was left of the name"


@dataclass(frozen=True, slots=True)
class SafeName:
    """A name that may be written, and how it came about.

    Attributes:
        name: What will be written: one component of at most `LONGEST_NAME` bytes of UTF-8, in NFC.
        original: What the peer sent; hostile, to be shown through `printable` only.
        changes: What was done, in the order of `Change`; empty where name and original are the same.
    """

    name: str
    original: str
    changes: tuple[Change, ...]

    @property
    def changed(self) -> bool:
        """True when another name will be written than the one that was sent."""
        return bool(self.changes)

    @property
    def explanation(self) -> str:
        """A sentence for the user on what was changed and why, without the original; empty when nothing was."""
        if not self.changes:
            return ""
        return f'Renamed to "{self.name}": {"; ".join(self.changes)}.'


def safe_name(name: str) -> SafeName:
    """One safe name for whatever a peer called its file; takes any text and never raises.

    Applied to its own result it changes nothing.
    """
    changes: set[Change] = set()
    text = _with_safe_characters(name, changes)
    shaped = unicodedata.normalize("NFC", text)
    if shaped != text:
        changes.add(Change.NORMALISED)
    # A step may make work for another: a cut may end in a dot. The loop ends, as every step but the underscore in front
    # leaves the name no longer than it was, and that underscore is put there once.
    while (text := _with_safe_shape(shaped, changes)) != shaped:
        shaped = text
    return SafeName(text, name, tuple(change for change in Change if change in changes))


def collision_key(name: str) -> str:
    """The key under which two names are one file on a disk that ignores case or the form of accents.

    Unicode's canonical caseless match (Unicode Standard, 3.13), which is at least as wide as what such disks do.
    Takes names as the system lists them, lone surrogates included.
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())


def numbered_name(name: str, number: int) -> str:
    """The name under which a further file of one safe name is kept: `report.txt`, 2 gives `report (2).txt`.

    `number` is 2 to `LARGEST_NUMBER`; the result fits into `LONGEST_COMPONENT`.
    """
    stem, extension = split_extension(name)
    return f"{stem} ({number}){extension}"


def split_extension(name: str) -> tuple[str, str]:
    """Stem and extension, the dot being the extension's; `.tar.gz` and its like count as one extension.

    What follows the last dot is no extension when it is long or holds white space (`Dr. Who`); a stem is never empty.
    """
    stem, dot, ending = name.rpartition(".")
    extension = dot + ending
    if not stem or not ending or len(extension.encode("utf-8", "replace")) > _LONGEST_EXTENSION:
        return name, ""
    if any(character.isspace() for character in ending):
        return name, ""
    if len(stem) > len(".tar") and stem[-4:].casefold() == ".tar":
        return stem[:-4], stem[-4:] + extension
    return stem, extension


def _with_safe_characters(name: str, changes: set[Change]) -> str:
    """Rules 1 to 5, character by character."""
    kept: list[str] = []
    for character in name:
        change = _change_of(character)
        if change is None:
            kept.append(character)
            continue
        changes.add(change)
        if change is not Change.INVISIBLE:
            kept.append("_")
    return "".join(kept)


@lru_cache(maxsize=4096)
def _change_of(character: str) -> Change | None:
    """Which of the rules 1 to 5 a character breaks."""
    if character in _SEPARATORS:
        return Change.SEPARATOR
    if character in _FORBIDDEN:
        return Change.FORBIDDEN
    category = unicodedata.category(character)
    if category in _CONTROL_CATEGORIES:
        return Change.CONTROL
    if category in _BROKEN_CATEGORIES:
        return Change.BROKEN
    if category == "Cf" or character in _INVISIBLE:
        return Change.INVISIBLE
    return None


def _with_safe_shape(name: str, changes: set[Change]) -> str:
    """Rules 7 to 12, once each, on a name whose characters are safe."""
    trimmed = name.lstrip().rstrip(_LOST_AT_THE_END)
    if trimmed != name:
        changes.add(Change.EDGE)
    if trimmed.startswith("."):
        changes.add(Change.HIDDEN)
        trimmed = "_" + trimmed.lstrip(".")
    # Windows looks at what stands before the first dot, and drops spaces behind it.
    if trimmed.partition(".")[0].rstrip().upper() in _DEVICES or trimmed.casefold() in _OBEYED:
        changes.add(Change.RESERVED)
        trimmed = "_" + trimmed
    if trimmed.casefold().endswith(PART_SUFFIX):
        changes.add(Change.ARRIVING)
        trimmed = f"{trimmed[: -len(PART_SUFFIX)]}_{trimmed[1 - len(PART_SUFFIX) :]}"
    if len(trimmed.encode()) > LONGEST_NAME:
        changes.add(Change.LONG)
        stem, extension = split_extension(trimmed)
        trimmed = stem.encode()[: LONGEST_NAME - len(extension.encode())].decode(errors="ignore") + extension
    if not trimmed:
        changes.add(Change.EMPTY)
        return UNNAMED
    return trimmed
