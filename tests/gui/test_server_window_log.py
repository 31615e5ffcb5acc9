"""The event log of the server window: searched, paused, and chosen by kind."""

from tests.support.classic_client import ClassicClient
from tests.support.programs import Program
from tests.support.server_windows import port_of


def test_the_log_is_searched_paused_and_chosen_by_kind(server_window: Program) -> None:
    """What is not looked for is not shown; a paused log counts what comes."""
    server_window.fill("Find", "no such line")
    server_window.wait_for("0 of 3 lines")
    server_window.fill("Find", "LISTENS")
    server_window.wait_for("The hub listens on", "Text")
    server_window.hand.press("Escape")
    server_window.click("Kinds")
    server_window.choose_in_menu("good")
    server_window.wait_for("2 of 3 lines")
    server_window.click("Kinds")
    server_window.choose_in_menu("All kinds")
    server_window.wait_for("The hub listens on", "Text")
    server_window.click("Pause")
    with ClassicClient(port_of(server_window)).register("Ann"):
        server_window.wait_for("2 new", "TLabel")
        server_window.click("Go on")
        server_window.wait_for("Ann (1) registered", "Text")
