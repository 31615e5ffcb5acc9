"""The head of the server window: the switch, the port, and the sentence across."""

import socket
from pathlib import Path

from commonlib.classic.packet import PacketType
from tests.support.classic_client import ClassicClient
from tests.support.hand import Hand
from tests.support.programs import Program, program
from tests.support.server_windows import HUB, port_of


def test_the_hub_is_stopped_and_started_on_another_port(server_window: Program) -> None:
    """The port can be typed while it does not run; what is no port is told."""
    before = port_of(server_window)
    with ClassicClient(before).register("Ann") as ann:
        server_window.click("Stop")
        ann.wait_for(PacketType.HOST_EXITING)
    server_window.wait_for("The hub does not run.")
    server_window.fill("Port", "70000")
    server_window.click("Start")
    server_window.wait_for("“70000” is no port")
    server_window.fill("Port", "0")
    server_window.click("Start")
    server_window.wait_for("Listening", "TLabel")
    assert port_of(server_window) not in (0, before)


def test_a_taken_port_is_told_and_the_next_free_one_is_one_click_away(hand: Hand, tmp_path: Path) -> None:
    """The window opens all the same."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with program(hand, tmp_path / "hub", HUB, "--host", "127.0.0.1", "--port", str(port)) as window:
            window.wait_for(f"Port {port} is already in use on this machine")
            window.wait_for("Stopped", "TLabel")
            window.click("Use port ")
            window.wait_for("Listening", "TLabel")
            assert port_of(window) > port


def test_the_firewall_can_be_asked_about(server_window: Program) -> None:
    """The sentence goes when it has been read."""
    server_window.click("Menu")
    server_window.choose_in_menu("Others cannot connect …")
    server_window.wait_for("irewall")
    server_window.click("Close")
    server_window.wait_until_gone("irewall", "TLabel")
