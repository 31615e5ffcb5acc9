"""Windows code page 1252, the 8-bit text of the classic wire, in both directions (docs/protocol.md, "Texts").

Owns the table and the fixed-size text field with its NUL. Must never raise on bytes from outside: every byte has a
character, the five that the code page leaves open too (as on Windows they are the control characters of the same
number). Pure: any thread.
"""

import codecs
import unicodedata

from commonlib.exceptions import FieldError


def _character(byte: int) -> str:
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


_DECODING_TABLE = "".join(_character(byte) for byte in range(256))
_ENCODING_MAP = codecs.charmap_build(_DECODING_TABLE)


def decode_text(data: bytes) -> str:
    """Text of any bytes, one character a byte."""
    return codecs.charmap_decode(data, "strict", _DECODING_TABLE)[0]


def encode_text(text: str) -> bytes:
    """Bytes of a text, one a character; characters that the code page lacks, and NUL, become `?`.

    Accents that stand apart from their letters, as in names from macOS, are joined to them first: the code page has
    only the whole letters.
    """
    joined = unicodedata.normalize("NFC", text)
    return codecs.charmap_encode(joined.replace("\0", "?"), "replace", _ENCODING_MAP)[0]


def read_field(field: bytes) -> tuple[str, bytes]:
    """The text before the first NUL of a fixed-size field, and what stands behind it without the padding.

    Originals leave old memory behind the NUL, and a full field has no NUL at all; both are fine.
    """
    text, _, tail = field.partition(b"\0")
    return decode_text(text), tail.rstrip(b"\0")


def write_field(name: str, width: int, text: str, tail: bytes = b"") -> bytes:
    """A fixed-size field of `width` bytes: text, NUL padding, and behind the NUL the tail that read_field returned.

    Raises:
        FieldError: Text and tail do not fit.
    """
    data = encode_text(text)
    if tail:
        data += b"\0" + tail
    if len(data) > width:
        raise FieldError(name, f"it has {len(data)} characters, and there is room for {width}")
    return data.ljust(width, b"\0")


def clamp_text(text: str, width: int) -> str:
    """The first `width` characters: for names that are shown, where a shorter one is better than none."""
    return text[:width]
