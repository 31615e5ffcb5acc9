"""The questions of the server window, answered with yes and with no."""

from commonlib.classic.packet import PacketType
from tests.support.classic_client import ClassicClient
from tests.support.programs import Program
from tests.support.server_windows import exit_code, port_of


def test_closing_asks_while_people_are_connected(server_window: Program) -> None:
    """They hear that the hub goes; the exit code is 0."""
    with ClassicClient(port_of(server_window)).register("Ann") as ann:
        server_window.wait_for("1 client", "TLabel")
        server_window.hand.press("ctrl+q")
        question = "1 client is connected. Stop the hub and close the window?"
        server_window.wait_for(question)
        server_window.click("Cancel")
        server_window.wait_until_gone(question)
        server_window.hand.press("ctrl+q")
        server_window.wait_for(question)
        server_window.click("Stop and close")
        ann.wait_for(PacketType.HOST_EXITING)
    assert exit_code(server_window) == 0
