"""codepage: the 8-bit text of the classic wire, in both directions, and the fixed-size field around it."""

import pytest

from commonlib.classic.codepage import clamp_text, decode_text, encode_text, read_field, write_field
from commonlib.exceptions import FieldError

ALL_BYTES = bytes(range(256))


@pytest.mark.parametrize(
    ("byte", "character"),
    [(0x80, "€"), (0x85, "…"), (0x8A, "Š"), (0x93, "“"), (0x9F, "Ÿ"), (0xA0, "\xa0"), (0xE9, "é"), (0xFF, "ÿ")],
)
def test_the_table_is_windows_1252(byte: int, character: str) -> None:
    """Where code page 1252 and Latin-1 differ, it is the code page that counts."""
    assert decode_text(bytes([byte])) == character
    assert encode_text(character) == bytes([byte])


@pytest.mark.parametrize("byte", [0x81, 0x8D, 0x8F, 0x90, 0x9D])
def test_the_five_holes_are_control_characters_both_ways(byte: int) -> None:
    """A byte that the code page leaves open is read and written as on Windows, never refused."""
    assert decode_text(bytes([byte])) == chr(byte)
    assert encode_text(chr(byte)) == bytes([byte])


def test_every_byte_has_one_character_and_comes_back() -> None:
    """No two bytes read alike, and each is written again as it was; only NUL, which ends a text, is replaced."""
    assert len(set(decode_text(ALL_BYTES))) == 256
    assert encode_text(decode_text(ALL_BYTES)) == b"?" + ALL_BYTES[1:]


@pytest.mark.parametrize("character", ["漢", "Ω", "\N{GRINNING FACE}", "\u0331", "\ud800", "\0", "Ё"])
def test_what_the_code_page_lacks_becomes_one_question_mark(character: str) -> None:
    """A character that cannot be said is shown as missing, the ones around it stay."""
    assert encode_text(f"a{character}.") == b"a?."


def test_accents_are_joined_to_their_letters() -> None:
    """A text in decomposed form, as macOS gives file names, keeps its accents."""
    assert encode_text("Re\u0301sume\u0301 A\u030a") == b"R\xe9sum\xe9 \xc5"


@pytest.mark.parametrize(
    ("field", "text", "tail"),
    [
        (b"Bob\0\0\0", "Bob", b""),
        (b"Bob\0x\0", "Bob", b"x"),
        (b"Bob\0\0x", "Bob", b"\0x"),
        (b"\0\0\0\0\0\0", "", b""),
        (b"\0Bob\0\0", "", b"Bob"),
        (b"Bobby\0", "Bobby", b""),
        (b"Bobby!", "Bobby!", b""),
        (b"B\x81\x80b\0\0", "B\x81€b", b""),
    ],
)
def test_a_field_is_read_up_to_its_nul_and_written_again(field: bytes, text: str, tail: bytes) -> None:
    """Old memory behind the NUL is neither shown nor lost; a full field needs no NUL."""
    assert read_field(field) == (text, tail)
    assert write_field("name", 6, text, tail) == field


def test_a_text_as_long_as_its_field_fits() -> None:
    """A text may fill its field to the last byte, with no room for a NUL."""
    assert write_field("name", 3, "Bob") == b"Bob"


@pytest.mark.parametrize(("text", "tail"), [("Bobby", b""), ("Bob", b"x")])
def test_a_text_longer_than_its_field_is_refused_by_name(text: str, tail: bytes) -> None:
    """Text, NUL and what stands behind it must fit; nothing is cut off silently."""
    with pytest.raises(FieldError, match=r"^UserName does not fit into a packet: .* 5 characters.*room for 4\.$"):
        write_field("UserName", 4, text, tail)


def test_a_name_is_clamped_to_its_first_characters() -> None:
    """A name too long for a list is shown as far as it goes."""
    assert clamp_text("Roberta", 3) == "Rob"
    assert clamp_text("Rob", 3) == "Rob"
