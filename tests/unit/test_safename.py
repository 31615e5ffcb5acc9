"""safename: every class of hostile file name, one claim each, and the names that must stay as they are."""

import unicodedata

import pytest

from commonlib.safename import (
    LARGEST_NUMBER,
    LONGEST_COMPONENT,
    LONGEST_NAME,
    Change,
    collision_key,
    numbered_name,
    safe_name,
    split_extension,
)


@pytest.mark.parametrize(
    "name",
    [
        "report.txt",
        "archive.tar.gz",
        "Dr. Who, season 1",
        "-rf",
        "~$minutes.docx",
        "straße – Größe & Ñandú.pdf",
        "写真 2024.jpeg",
        "😀.png",
        "console.log",
        "com10.txt",
        "movie.part1.rar",
        "a b  c.txt",
        "x" * LONGEST_NAME,
    ],
)
def test_good_name_stays(name: str) -> None:
    """A name that breaks no rule is written as it was sent, and nothing is explained."""
    safe = safe_name(name)
    assert safe.name == safe.original == name
    assert not safe.changed
    assert safe.changes == ()
    assert safe.explanation == ""


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("a/b.txt", "a_b.txt"),
        ("a\\b.txt", "a_b.txt"),
        ("/etc/passwd", "_etc_passwd"),
        ("../../etc/passwd", "__.._etc_passwd"),
        ("..\\..\\boot.ini", "__.._boot.ini"),
        ("//server/share/x", "__server_share_x"),
        ("\\\\?\\C:\\x", "____C__x"),
        ("folder/", "folder_"),
    ],
)
def test_path_becomes_one_visible_component(name: str, written: str) -> None:
    """Relative, absolute, parent and UNC paths become one name that still shows all that was attempted."""
    safe = safe_name(name)
    assert safe.name == written
    assert Change.SEPARATOR in safe.changes


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("C:", "C_"),
        ("C:secret.txt", "C_secret.txt"),
        ("invoice.pdf:payload.exe", "invoice.pdf_payload.exe"),
        ("file::$DATA", "file__$DATA"),
        ('<what>|"why"?*', "_what___why___"),
    ],
)
def test_characters_that_windows_refuses_become_underscores(name: str, written: str) -> None:
    """Drive letters, alternate streams and wildcards lose their meaning."""
    safe = safe_name(name)
    assert safe.name == written
    assert safe.changes == (Change.FORBIDDEN,)


@pytest.mark.parametrize(
    "character",
    ["\0", "\x01", "\t", "\n", "\r", "\x1b", "\x1f", "\x7f", "\x80", "\x85", "\x9b", "\x9f", "\u2028", "\u2029"],
)
def test_control_character_becomes_an_underscore(character: str) -> None:
    """NUL, C0, DEL, C1 and Unicode's line breaks: none ends a name early, moves a cursor or forges a line."""
    safe = safe_name(f"a{character}b.txt")
    assert safe.name == "a_b.txt"
    assert safe.changes == (Change.CONTROL,)


@pytest.mark.parametrize("code_point", [0xD800, 0xDFFF, 0xDC80, 0xE000, 0xF02F, 0xF8FF, 0xFFFF, 0xFDD0, 0x10FFFD])
def test_character_that_is_no_text_becomes_an_underscore(code_point: int) -> None:
    """Lone surrogates, private use (some systems read U+F02F as a separator) and non-characters are replaced."""
    safe = safe_name(f"a{chr(code_point)}b.txt")
    assert safe.name == "a_b.txt"
    assert safe.changes == (Change.BROKEN,)


@pytest.mark.parametrize(
    "character",
    [
        *("\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"),
        *("\u200e", "\u200f", "\u061c"),
        *("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u180e", "\u034f"),
        *("\u115f", "\u1160", "\u3164", "\uffa0", "\u2800", "\ufe0f", "\U000e0041", "\U000e0100"),
    ],
)
def test_character_that_cannot_be_seen_is_taken_out(character: str) -> None:
    """Bidirectional controls, zero widths, fillers, selectors and tags can disguise neither an ending nor a twin."""
    safe = safe_name(f"photo{character}gpj.exe")
    assert safe.name == "photogpj.exe"
    assert safe.changes == (Change.INVISIBLE,)


def test_name_is_normalised_to_nfc() -> None:
    """The decomposed form that macOS sends and the composed form of everybody else are one name."""
    safe = safe_name("Cafe\u0301.txt")
    assert safe.name == "Caf\u00e9.txt"
    assert safe.changes == (Change.NORMALISED,)


def test_taking_out_an_invisible_character_leaves_nfc() -> None:
    """An accent joins its letter also when something invisible stood between them."""
    assert safe_name("e\u200b\u0301").name == "\u00e9"


@pytest.mark.parametrize(
    "name", ["name.txt ", "name.txt.", "name.txt...", "name.txt. . ", " name.txt", "\u3000name.txt\u00a0"]
)
def test_white_space_and_dots_at_the_ends_are_taken_off(name: str) -> None:
    """What Windows would drop silently is dropped where it can be shown."""
    safe = safe_name(name)
    assert safe.name == "name.txt"
    assert safe.changes == (Change.EDGE,)


@pytest.mark.parametrize(
    ("name", "written"),
    [(".bashrc", "_bashrc"), ("..secret", "_secret"), (" .ssh", "_ssh"), ("\u200b.profile", "_profile")],
)
def test_leading_dot_does_not_hide_the_file(name: str, written: str) -> None:
    """No file arrives unseen."""
    safe = safe_name(name)
    assert safe.name == written
    assert Change.HIDDEN in safe.changes


@pytest.mark.parametrize("name", ["", ".", "..", "...", " ", " . . ", "\u200b", "\u202e\u3164", ".\u200b."])
def test_name_of_which_nothing_is_left_is_unnamed(name: str) -> None:
    """The folder itself, its parent and emptiness in every disguise get a name of ours."""
    safe = safe_name(name)
    assert safe.name == "unnamed"
    assert Change.EMPTY in safe.changes


@pytest.mark.parametrize(
    "name",
    [
        *("CON", "con", "Prn", "AUX", "NUL", "CONIN$", "conout$", "CLOCK$"),
        *("COM0", "COM1", "com9", "LPT1", "lpt9", "COM¹", "COM²", "LPT³"),
        *("NUL.txt", "nul.tar.gz", "con .txt", "COM1.", "CON..txt", "aux   .c"),
    ],
)
def test_device_of_windows_is_no_file_name(name: str) -> None:
    """In any case, with any extension and with the spaces that Windows ignores."""
    safe = safe_name(name)
    assert safe.name == "_" + name.rstrip(".")
    assert Change.RESERVED in safe.changes


@pytest.mark.parametrize("name", ["desktop.ini", "Desktop.INI", "autorun.inf", "Thumbs.db"])
def test_name_on_which_a_file_manager_acts_is_changed(name: str) -> None:
    """Showing the folder must not make the system follow a stranger's instructions."""
    assert safe_name(name).name == f"_{name}"


@pytest.mark.parametrize(
    ("name", "written"), [("film.mkv.part", "film.mkv_part"), ("FILM.PART", "FILM_PART"), ("film.part.", "film_part")]
)
def test_ending_of_an_arriving_file_is_not_taken(name: str, written: str) -> None:
    """A finished file is never mistaken for one that is still arriving."""
    safe = safe_name(name)
    assert safe.name == written
    assert Change.ARRIVING in safe.changes


@pytest.mark.parametrize("letter", ["x", "é", "写", "😀", "ᾂ"])
def test_long_name_is_cut_and_keeps_its_extension(letter: str) -> None:
    """The cut falls between characters and leaves room for a number in bytes of UTF-8 and in UTF-16 units."""
    safe = safe_name(letter * 4000 + ".tar.gz")
    assert safe.changes == (Change.LONG,)
    assert safe.name.endswith(letter + ".tar.gz")
    assert LONGEST_NAME - 4 < len(safe.name.encode()) <= LONGEST_NAME
    longest = numbered_name(safe.name, LARGEST_NUMBER)
    assert len(longest.encode()) <= LONGEST_COMPONENT
    assert len(longest.encode("utf-16-le")) // 2 <= LONGEST_COMPONENT


def test_long_extension_is_cut_with_the_name() -> None:
    """An extension as long as a name does not escape the limit."""
    assert safe_name("a." + "x" * 4000).name == "a." + "x" * (LONGEST_NAME - 2)


def test_what_a_cut_lays_bare_is_made_safe_too() -> None:
    """A name built so that the cut ends in a dot, or in our own ending, ends in neither."""
    assert safe_name("x" * (LONGEST_NAME - 1) + "." + "y" * 400).name == "x" * (LONGEST_NAME - 1)
    assert safe_name("x" * (LONGEST_NAME - 5) + ".part" + "y" * 400).name == "x" * (LONGEST_NAME - 5) + "_part"
    assert len(safe_name("CON." + "y" * 400).name) == LONGEST_NAME


def test_explanation_says_the_new_name_and_every_reason() -> None:
    """The user reads what was changed in one sentence that holds nothing of the hostile text."""
    explanation = safe_name("../nul\x1b[2J\u202e").explanation
    assert explanation == (
        'Renamed to "__nul_[2J": "/" and "\\" would name a folder; control characters do not belong in names; '
        "characters that cannot be seen were taken out; a dot in front would hide the file."
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("README.txt", "readme.TXT"),
        ("Caf\u00e9", "CAFE\u0301"),
        ("straße", "STRASSE"),
        ("ΣΑΣ", "σας"),
        ("\u212bngstr", "ångstr"),
        ("\u1fb4", "\u03b1\u0345\u0301"),
    ],
)
def test_names_that_are_one_on_some_disk_have_one_key(one: str, other: str) -> None:
    """Case and the form of accents make no second file."""
    assert collision_key(one) == collision_key(other)


def test_different_names_have_different_keys() -> None:
    """Accents and digits still tell names apart."""
    assert len({collision_key(name) for name in ("cafe", "café", "cafe2", "cafe (2)")}) == 4


def test_key_is_made_of_any_name_that_a_disk_lists() -> None:
    """Bytes that are no UTF-8 come from the system as lone surrogates."""
    assert collision_key("A\udcff") == collision_key("a\udcff")


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("report.txt", "report (7).txt"),
        ("archive.tar.gz", "archive (7).tar.gz"),
        (".tar.gz", ".tar (7).gz"),
        ("Makefile", "Makefile (7)"),
        ("Dr. Who", "Dr. Who (7)"),
        ("x." + "y" * 40, "x." + "y" * 40 + " (7)"),
    ],
)
def test_number_stands_before_the_extension(name: str, written: str) -> None:
    """A further file of one name still opens with the program of its kind."""
    assert numbered_name(name, 7) == written


@pytest.mark.parametrize("name", [".profile", "name.", "a.b c", "plain", ""])
def test_what_is_no_extension_stays_in_the_stem(name: str) -> None:
    """A leading dot, a trailing dot and words behind a dot make no extension."""
    assert split_extension(name) == (name, "")


def test_safe_names_are_nfc() -> None:
    """Checked on the characters whose normal form is another character."""
    assert unicodedata.is_normalized("NFC", safe_name("\u212b\u2126\u037e\u1fef.txt").name)
