"""docs/protocol.md, second part: its numbers and words are those that the programs use."""

import re
from pathlib import Path

import pytest

from commonlib.identity import key_code
from commonlib.keywords import KEY_WORDS
from commonlib.wire import bounds, frames, greeting, join, messages, proof, reasons, tls
from tests.support.tls_pairs import identity_of

ROOT = Path(__file__).parent.parent.parent
DOCUMENT = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    """What stands under a heading, up to the next one, with each line break a space."""
    match = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", DOCUMENT, re.MULTILINE | re.DOTALL)
    assert match, f"there is no section {title}"
    return " ".join(match[1].split())


def numbers_in(text: str) -> set[int]:
    """All numbers, those with spaces between their thousands too."""
    return {int(number.replace(" ", "")) for number in re.findall(r"\d{1,3}(?: \d{3})+|\d+", text)}


def told_kinds() -> dict[str, str]:
    """The numbers of the frames and their names."""
    return dict(re.findall(r"\| (\d+) \| ([A-Z]\w+) \| ", section("M3. Frames")))


def test_the_kinds_of_frames_are_those_of_the_code() -> None:
    """Number and name of each, and none besides."""
    told = told_kinds()
    # The names without the underlines: some messages are called otherwise than their number.
    used = {str(int(kind)): kind.name.replace("_", "") for kind in frames.FrameType}
    assert {number: name.upper() for number, name in told.items()} == used
    assert {frames.LARGEST_BODY, frames.LARGEST_EARLY_BODY} <= numbers_in(section("M3. Frames"))


def test_each_message_has_the_name_of_its_kind() -> None:
    """So that whoever reads the document finds it in the code."""
    for number, name in told_kinds().items():
        assert getattr(messages, name).frame_type == int(number)


def test_each_field_of_a_message_is_told() -> None:
    """By the name that it has on the wire."""
    told = set(re.findall(r"\w+", DOCUMENT[DOCUMENT.index("# The modern wire") :]))
    kinds = [kind for kind in vars(messages).values() if isinstance(kind, type) and hasattr(kind, "__struct_fields__")]
    assert len(kinds) > len(frames.FrameType)
    assert [name for kind in kinds for name in kind.__struct_fields__ if name not in told] == []


@pytest.mark.parametrize(
    ("title", "kinds"), [("M5. Arrival", reasons.RefusalReason), ("M6. Being there", reasons.ClosingReason)]
)
def test_each_reason_is_told(title: str, kinds: type[reasons.RefusalReason] | type[reasons.ClosingReason]) -> None:
    """From 1 to the last one."""
    (told,) = re.findall(r"`?reason`? (?:\| u16 \| |\()(1 [^|)]*)", section(title))
    assert [int(number) for number in re.findall(r"(?:^|, )(\d+) ", told)] == sorted(int(kind) for kind in kinds)


def test_the_bounds_of_tls_are_told() -> None:
    """Another program has to keep within them."""
    assert numbers_in(section("M2. TLS")) >= {
        bounds.LARGEST_HANDSHAKE,
        tls._IDLE_BYTES,
        tls._ANSWER_BYTES,
        tls._PLAINTEXT_PER_ANSWER_BYTE,
        bounds.LARGEST_ARRIVAL,
    }
    assert "less than a quarter is content" in section("M2. TLS")
    assert tls._IDLE_BYTES_PER_BYTE == 4


@pytest.mark.parametrize(
    ("title", "context"),
    [("M4. The proof", proof._CONTEXT), ("M5. Arrival", join._CLIENT), ("M5. Arrival", join._HUB)],
)
def test_what_is_signed_and_confirmed_is_told(title: str, context: bytes) -> None:
    """Down to the byte 0 behind it."""
    assert f"`{context.rstrip(bytes(1)).decode()}`" in section(title)
    assert context.endswith(b"\0")


def test_the_mark_is_told() -> None:
    """The number, and which versions and hints there are."""
    told = section("M1. The door")
    assert f"0x{greeting._MARK:X}" in told
    assert {int(hint) for hint in greeting.Door} <= numbers_in(told)


def test_the_key_code_is_made_as_it_is_told() -> None:
    """Followed to the letter here, with what the document says alone."""
    fingerprint = identity_of("hub").fingerprint
    digits = f"{int.from_bytes(fingerprint[5:13], 'big') % 1_000_000:06}"
    words = [KEY_WORDS[byte] for byte in fingerprint[:5]]
    assert key_code(fingerprint) == " ".join([*words, digits[:3], digits[3:]])
    (example,) = re.findall(r"as `((?:[a-z]+ ){5}\d{3} \d{3})`", section("M2. TLS"))
    assert set(example.split()[:5]) <= set(KEY_WORDS)
