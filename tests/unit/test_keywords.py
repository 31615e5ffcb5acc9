"""The words of key codes."""

import hashlib
from itertools import combinations

from commonlib.keywords import KEY_WORDS


def differ_in_one_letter(one: str, other: str) -> bool:
    """Whether one letter changed, added or left out makes one word of the other."""
    short, long = sorted((one, other), key=len)
    if len(short) == len(long):
        return sum(a != b for a, b in zip(short, long, strict=True)) <= 1
    return len(long) == len(short) + 1 and any(long[:i] + long[i + 1 :] == short for i in range(len(long)))


def test_there_is_a_word_for_each_byte() -> None:
    """256 different ones, of letters that every keyboard has."""
    assert len(set(KEY_WORDS)) == len(KEY_WORDS) == 256
    assert all(word.isascii() and word.isalpha() and word.islower() and 4 <= len(word) <= 8 for word in KEY_WORDS)


def test_no_two_words_are_easily_taken_for_each_other() -> None:
    """One letter misheard or mistyped makes no other word."""
    assert [pair for pair in combinations(KEY_WORDS, 2) if differ_in_one_letter(*pair)] == []


def test_the_words_never_change() -> None:
    """Both ends of a comparison, of whatever version, must show the same: this digest is for good."""
    assert (
        hashlib.sha256(" ".join(KEY_WORDS).encode()).hexdigest()
        == "ddb022b3443b87e3b2a57a2574ec73abd637d7d289631e074f67a18b7c667d17"
    )
