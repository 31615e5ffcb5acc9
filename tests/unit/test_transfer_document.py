"""docs/protocol.md, "M9. Files": its numbers are those that the machines use."""

import re
from pathlib import Path

from commonlib.transfer import manifest, messages, pulse, resume, stream

DOCUMENT = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text(encoding="utf-8")
SECTION = DOCUMENT[DOCUMENT.index("\n## M9. Files\n") :]
TEXT = " ".join(SECTION.split())


def number(count: int) -> str:
    """A number as the document writes it."""
    return f"{count:,}".replace(",", " ")


def test_documented_types_are_the_ones_that_are_used() -> None:
    """Number and name of each message."""
    told = re.findall(r"^\| (\d+) \| (\w+) \| (?:sender|receiver|both) \|", SECTION, re.MULTILINE)
    assert {int(kind): name.upper() for kind, name in told} == {kind.value: kind.name for kind in stream.TransferType}


def test_documented_outcomes_are_the_ones_that_are_used() -> None:
    """Number and name of what may become of an entry, and of where it may fail."""
    table = SECTION[SECTION.index("| outcome |") : SECTION.index("Settled tells them in runs")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:] if line]
    assert {row[1].split(":")[0].split(",")[0].upper(): int(row[0]) for row in rows} == {
        outcome.name: outcome.value for outcome in messages.Outcome
    }
    places = {int(row[2]): row[3] for row in rows if row[2]}
    assert set(places) == {place.value for place in messages.Place}
    assert all(place.name.lower() in places[place.value] for place in messages.Place if place)


def test_documented_limits_are_the_ones_that_are_used() -> None:
    """Each number where the document tells it."""
    for told in (
        f"at most {number(stream.LARGEST_DATA)} of a Data frame, {number(stream.LARGEST_MESSAGE)} of any other",
        f"top (up to {messages.MOST_SHOWN_NAMES} of kind, name, size)",
        f"entries (up to {messages.MOST_LISTED})",
        f"items (up to {messages.MOST_ITEMS} of first, count, marks)",
        f"a name 1 to {messages.LONGEST_NAME} characters, a `why` up to {stream.LONGEST_WHY} characters",
        f"at most {messages.MOST_OFFERS}. Adding",
        f"| depth | 0 to {messages.MOST_DEPTH} |",
        f"| name | str {messages.LONGEST_NAME} |",
        f"| target | str {messages.LONGEST_TARGET} ",
        f"has at most {manifest.LONGEST_PATH} bytes",
        f"At most {messages.WINDOW} entries are listed and not done with",
        f"with up to {messages.MOST_MARKS} marks",
        f"a part below {resume.SMALLEST_RESUMED >> 20} MiB is fetched again",
        f"UTF-8, up to {stream.LARGEST_WHY_SIZE} bytes",
        f"nothing for {pulse.PING_SECONDS:.0f} seconds sends Ping",
        f"heard nothing for {pulse.SILENCE_SECONDS:.0f} seconds gives up",
    ):
        assert told in TEXT, told
    assert messages.MOST_TRIES == 3
    assert "three times in all" in TEXT
    offsets = resume.mark_offsets(1 << 40, 1 << 41)
    assert [(1 << 40) - offset >> 20 for offset in reversed(offsets)] == [0, 1, 4, 16, 64, 256, 1024, 4096]
    assert "the end of its part and 1, 4, 16, 64, 256 MiB, 1 and 4 GiB before it" in TEXT
