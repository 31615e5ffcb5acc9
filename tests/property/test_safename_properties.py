"""safename: what holds for every text, whoever made it up."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from commonlib.printable import printable
from commonlib.safename import (
    LARGEST_NUMBER,
    LONGEST_COMPONENT,
    LONGEST_NAME,
    PART_SUFFIX,
    collision_key,
    numbered_name,
    safe_name,
    split_extension,
)

ANY_TEXT = st.text(st.characters(), max_size=60)
"""Every code point, lone surrogates included."""

FRAGMENTS = st.sampled_from(
    [
        *(
            "/",
            "\\",
            "..",
            ".",
            " ",
            ":",
            "<",
            "\0",
            "\u3000",
            "\u202e",
            "\u200b",
            "\ud800",
            "\uf02f",
            "\u0301",
            "\u0338",
        ),
        *("CON", "nul", "COM¹", "con.", ".part", ".PART", ".tar.gz", ".txt", "~", "_", "-", "e", "ﬅ", "İ"),
        *("x" * 100, "写" * 77, "😀" * 58),
    ]
)
HOSTILE = st.lists(st.one_of(FRAGMENTS, ANY_TEXT), max_size=8).map("".join)


@given(HOSTILE)
def test_result_is_one_writable_component(name: str) -> None:
    """No separator, no special name, no dot or space at an end, nothing hidden, nothing that cannot be shown."""
    written = safe_name(name).name
    assert written
    assert not set(written) & set('/\\<>:"|?*')
    assert written[0] != "."
    assert not written[0].isspace()
    assert written[-1] != "."
    assert not written[-1].isspace()
    assert not written.casefold().endswith(PART_SUFFIX)
    assert written.split(".", maxsplit=1)[0].rstrip().upper() not in {"CON", "PRN", "AUX", "NUL", "COM¹", "LPT1"}
    assert unicodedata.is_normalized("NFC", written)
    assert printable(written, limit=LONGEST_NAME) == written


@given(HOSTILE)
def test_result_leaves_room_for_a_number(name: str) -> None:
    """Whatever was sent, the name fits, with its number, into bytes of UTF-8 and into UTF-16 units."""
    written = safe_name(name).name
    assert len(written.encode()) <= LONGEST_NAME
    numbered = numbered_name(written, LARGEST_NUMBER)
    assert len(numbered.encode()) <= LONGEST_COMPONENT
    assert len(numbered.encode("utf-16-le")) <= 2 * LONGEST_COMPONENT


@given(HOSTILE)
def test_safe_name_of_a_safe_name_is_itself(name: str) -> None:
    """A name shown, stored and passed through again stays the name that was shown."""
    written = safe_name(name).name
    again = safe_name(written)
    assert again.name == written
    assert not again.changed


@given(HOSTILE)
def test_changes_are_told_exactly_when_there_are_any(name: str) -> None:
    """A file is never renamed silently, and never said to be renamed when it was not."""
    safe = safe_name(name)
    assert safe.original == name
    assert safe.changed == (safe.name != name)
    assert bool(safe.explanation) == safe.changed


@given(HOSTILE)
def test_explanation_can_be_shown_as_it_is(name: str) -> None:
    """The sentence for the user carries nothing that a terminal would obey."""
    explanation = safe_name(name).explanation
    assert printable(explanation, limit=len(explanation) + 1) == explanation


@given(ANY_TEXT)
def test_key_ignores_normal_forms(name: str) -> None:
    """Composed and decomposed, a name has one key."""
    keys = {collision_key(unicodedata.normalize(form, name)) for form in ("NFC", "NFD")}
    assert keys == {collision_key(name)}


@given(st.text(st.characters(max_codepoint=0x7F)), st.text(st.characters(max_codepoint=0x7F)))
def test_key_tells_ascii_names_apart_by_all_but_case(one: str, other: str) -> None:
    """Two names are one exactly when they differ in case only."""
    assert (collision_key(one) == collision_key(other)) == (one.lower() == other.lower())


@given(HOSTILE)
def test_stem_and_extension_make_up_the_name(name: str) -> None:
    """Splitting loses nothing, and a name is never all extension."""
    stem, extension = split_extension(name)
    assert stem + extension == name
    assert stem or not name
