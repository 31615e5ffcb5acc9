"""docs/protocol.md: its tables and numbers are those that the programs use, and what the code refers to is there."""

import re
from pathlib import Path

import pytest

from commonlib.classic import file_layouts, file_receiving, keepalive, layouts, texts
from commonlib.classic.fields import FieldTable
from commonlib.classic.packet import FIRST_OWN_COMMAND, LayoutTable, PacketType

ROOT = Path(__file__).parent.parent.parent
DOCUMENT = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")
TABLES = {
    "DATA": layouts._DATA,
    "CLIENTDATA": layouts._CLIENT_DATA,
    "BIGSTRING": layouts._BIG_STRING,
    "FILESTART": file_layouts._FILE_START,
    "FILECHUNK": file_layouts._FILE_CHUNK,
}
KINDS = {"u16": "H", "u32": "I", "i32": "i", "u64": "Q", "i64": "q", "f64": "d"}
WIDTHS = {"H": 2, "I": 4, "i": 4, "Q": 8, "q": 8, "d": 8}


def chapter(title: str) -> str:
    """What stands under a heading, up to the next one."""
    match = re.search(rf"^##+ {re.escape(title)}\n(.*?)(?=^##|\Z)", DOCUMENT, re.MULTILINE | re.DOTALL)
    assert match, f"there is no chapter {title}"
    return match[1]


def rows(text: str) -> list[list[str]]:
    """The cells of a table, without its head."""
    lines = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line] for line in lines[2:]]


def documented_fields(layout: str) -> list[tuple[int, str, str]]:
    """Offset, type and name of every field that the document tells of a layout."""
    fields = []
    for offset_cell, type_cell, name_cell, _ in rows(chapter(layout)):
        offset, kind = int(offset_cell), KINDS.get(type_cell, f"{type_cell}s")
        first, _, last = name_cell.partition(" to ")
        names = [first]
        if last:
            stem = first.rstrip("0123456789")
            numbers = range(int(first[len(stem) :]), int(last.removeprefix(stem)) + 1)
            names = [f"{stem}{number}" for number in numbers]
        for name in names:
            fields.append((offset, kind, name))
            offset += WIDTHS.get(kind) or int(kind[:-1])
    return fields


def used_fields(table: FieldTable) -> list[tuple[int, str, str]]:
    """The same of the table by which packets are read and written."""
    fields, offset = [], 0
    for name, kind in table._fields.items():
        fields.append((offset, kind, name))
        offset += WIDTHS.get(kind) or int(kind[:-1])
    return fields


@pytest.mark.parametrize("layout", TABLES)
def test_a_documented_layout_is_the_one_that_is_used(layout: str) -> None:
    """Every field with its offset, its type and its name, in order and without a gap."""
    assert documented_fields(layout) == used_fields(TABLES[layout])


def test_documented_types_are_the_ones_that_are_used() -> None:
    """Number, name and layout of all sixteen types."""
    *known, own = rows(chapter("Packets"))
    names = {name.replace("_", "").lower(): number for name, number in PacketType.__members__.items()}
    names["donerecievingfile"] = names.pop("donereceivingfile")
    table = LayoutTable()
    assert {name.lower(): int(number) for number, name, *_ in known} == names
    assert {int(row[0]): row[2] for row in known} == {number: table.layout_of(number).value for number in PacketType}
    assert own[0] == f"{FIRST_OWN_COMMAND} to 65535"


def test_documented_limits_are_the_ones_that_are_used() -> None:
    """What the document says that our programs accept is what they accept."""
    limits = {what: ours for what, _, ours in rows(chapter("Limits"))}
    largest_text = f"{texts.LARGEST_TEXT:,} characters".replace(",", " ")
    assert limits["a text"] == largest_text
    assert limits["texts of a connection that have begun and not ended"].startswith(
        f"{texts.MOST_OPEN_TEXTS}, and {largest_text} together"
    )
    assert limits["files that a client receives at the same time"] == (
        f"{file_receiving.MOST_OPEN_FILES} from everyone, {file_receiving.MOST_OPEN_FILES_OF_ONE} from one sender"
    )


def test_documented_times_are_the_ones_that_are_used() -> None:
    """Pings, silence on both sides, clocks, and the wait for a file."""
    told = re.findall(r"\*\*(?:every )?(\d+) minutes\*\*", chapter("Keep-alive"))
    used = [
        keepalive.PING_SECONDS,
        keepalive.CLIENT_SILENCE_SECONDS,
        keepalive.SERVER_SILENCE_SECONDS,
        keepalive.CLOCK_TOLERANCE_SECONDS,
    ]
    assert [60 * int(minutes) for minutes in told] == used
    assert f"**{file_receiving.WATCHDOG_SECONDS:.0f} seconds**" in chapter("Files")


def test_chapters_that_the_code_refers_to_are_there() -> None:
    """Whoever follows a reference from a docstring of the common library finds what it names."""
    titles = set(re.findall(r"^#+ (.+)$", DOCUMENT, re.MULTILINE))
    named = set()
    for path in sorted((ROOT / "commonlib").rglob("*.py")):
        for reference in re.findall(r'docs/protocol\.md, ((?:"[^"]+"(?: and )?)+)', path.read_text(encoding="utf-8")):
            named.update(re.findall(r'"([^"]+)"', reference))
    assert {"Packets", "Numbers", "Texts", "Files", "Keep-alive"} <= named
    assert named <= titles


def test_links_within_the_document_lead_somewhere() -> None:
    """Every link to a chapter names one."""
    anchors = {
        re.sub(r"[^a-z0-9-]", "", title.lower().replace(" ", "-"))
        for title in re.findall(r"^#+ (.+)$", DOCUMENT, re.MULTILINE)
    }
    links = set(re.findall(r"\]\(#([^)]+)\)", DOCUMENT))
    assert links
    assert links <= anchors
