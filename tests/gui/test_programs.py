"""The tests' eyes and hands, on a window that is not the product's: they see and reach what a user does.

Thread: pytest's main thread; the program is a process of its own.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.hand import Hand
from tests.support.programs import Program, program

FORM = "tests.support.form_window"


@pytest.fixture
def form(hand: Hand, tmp_path: Path) -> Iterator[Program]:
    """The window, until the test ends."""
    with program(hand, tmp_path / "form", FORM) as running:
        running.wait_for("nothing yet")
        yield running


def test_fields_are_found_by_the_words_beside_them(form: Program) -> None:
    """Each takes what is typed, in place of what stood there."""
    form.fill("Your name", "Zoe")
    form.fill("Town", "Ulm 12")
    form.fill("Your name", "Ann Other")
    assert (form.field("Your name").text, form.field("Town").text) == ("Ann Other", "Ulm 12")
    form.hand.press("Return")
    form.wait_for("entered Ann Other")


def test_buttons_headings_tabs_and_menus_are_clicked_by_their_labels(form: Program) -> None:
    """Whatever has a label can be clicked."""
    form.click("Greet")
    form.wait_for("greeted")
    form.hand.click(form.wait_for("Name", "heading").place)
    form.wait_for("sorted by name")
    form.hand.click(form.wait_for("Bob", "row").place, button=3)
    form.choose_in_menu("Wave")
    form.wait_for("waved")
    assert not form.all_of("page of Second")
    form.hand.click(form.wait_for("Second", "tab").place)
    form.wait_for("page of Second")


def test_what_cannot_be_used_is_seen_to_be_off(form: Program) -> None:
    """A disabled button, and a disabled entry of a menu."""
    assert not form.wait_for("Never", "TButton").is_enabled
    form.hand.click(form.wait_for("Ann", "row").place, button=3)
    assert not form.wait_for("Not now", "menu entry").is_enabled
    form.hand.press("Escape")
    form.wait_until_gone("Not now")


def test_rows_are_selected_together(form: Program) -> None:
    """The second click keeps the first row."""
    form.choose("Ann", "Bob")
    form.until(lambda: all(row.is_chosen for row in form.all_of("", "row")), "not both rows are selected")
    form.choose("Bob")
    form.until(lambda: [row.text for row in form.all_of("", "row") if row.is_chosen] == ["Bob | 5"], "not only Bob is")


def test_phrases_in_a_text_have_a_place(form: Program) -> None:
    """On the letters themselves, inside the text."""
    (place,) = form.places_of("link")
    left, top, width, height = form.wait_for("a link in it", "Text").box
    assert left < place[0] < left + width
    assert top < place[1] < top + height
    assert form.places_of("no such words") == []


def fail(hand: Hand, folder: Path) -> None:
    """Use the window, with one click too many."""
    with program(hand, folder / "form", FORM) as running:
        running.click("Fail")
        running.until(lambda: running.errors() != [], "nothing failed")


def test_a_failing_callback_fails_the_test(hand: Hand, tmp_path: Path) -> None:
    """Though Tk goes on after it."""
    with pytest.raises(AssertionError, match="ValueError"):
        fail(hand, tmp_path)
