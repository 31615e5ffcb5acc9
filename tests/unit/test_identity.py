"""Fingerprints: made of a key, shown, typed and compared."""

import hashlib

import pytest

from commonlib.identity import (
    Fingerprint,
    FingerprintError,
    fingerprint_from_hex,
    fingerprint_of,
    fingerprint_to_hex,
    key_code,
    short_key_code,
)

FINGERPRINT = Fingerprint(bytes(range(0, 256, 8)))
DIGITS = "0008101820283038404850586068707880889098a0a8b0b8c0c8d0d8e0e8f0f8"


def test_a_fingerprint_is_the_digest_of_the_key() -> None:
    """SHA-256 of the bytes given, and nothing else."""
    assert fingerprint_of(b"key") == hashlib.sha256(b"key").digest()


def test_a_fingerprint_survives_being_written_and_read() -> None:
    """As 64 lower-case digits."""
    assert fingerprint_to_hex(FINGERPRINT) == DIGITS
    assert fingerprint_from_hex(DIGITS) == FINGERPRINT


@pytest.mark.parametrize(
    "typed",
    [
        DIGITS.upper(),
        f"  {DIGITS}\n",
        ":".join(DIGITS[i : i + 2] for i in range(0, 64, 2)),
        f"{DIGITS[:32]}-{DIGITS[32:]}",
    ],
)
def test_a_fingerprint_is_read_however_it_is_grouped(typed: str) -> None:
    """People copy it from other programs, which write it in their own way."""
    assert fingerprint_from_hex(typed) == FINGERPRINT


@pytest.mark.parametrize("typed", ["", "00", DIGITS[:-1], DIGITS + "00", "g" + DIGITS[1:], "\u0660" * 64])
def test_anything_else_is_no_fingerprint(typed: str) -> None:
    """The error says what one looks like."""
    with pytest.raises(FingerprintError, match="64 digits"):
        fingerprint_from_hex(typed)


def test_a_key_code_is_five_words_and_six_digits() -> None:
    """A fingerprint has one code for good: both ends of a telephone must see the same."""
    assert key_code(FINGERPRINT) == "acorn apple badge beach blossom 516 384"
    assert key_code(Fingerprint(bytes(32))) == "acorn acorn acorn acorn acorn 000 000"


def test_a_short_code_is_the_end_of_the_whole_code() -> None:
    """So that who has noted the one recognises the other."""
    assert key_code(FINGERPRINT).endswith(f" {short_key_code(FINGERPRINT)}")


@pytest.mark.parametrize("index", range(13))
def test_a_code_depends_on_each_of_its_bytes(index: int) -> None:
    """Five for the words, eight for the digits."""
    other = bytearray(FINGERPRINT)
    other[index] ^= 1
    assert key_code(Fingerprint(bytes(other))) != key_code(FINGERPRINT)
