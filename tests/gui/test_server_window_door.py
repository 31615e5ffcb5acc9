"""The head of the server window says the hub's key and who may join, and the settings change that."""

from pathlib import Path

from commonlib.classic.packet import PacketType
from commonlib.identity import key_code
from commonlib.wire.messages import JoinCodeAsked
from tcpipserver.gui.control import JOIN_CODE_FILE
from tests.support.classic_client import ClassicClient, credentials
from tests.support.hand import Hand
from tests.support.modern_client import ModernClient
from tests.support.programs import Program, program
from tests.support.server_windows import HERE, HUB, exit_code, port_of


def is_refused(client: ClassicClient) -> bool:
    """Whether the hub says HostExiting to somebody without encryption who introduces himself."""
    client.greet()
    client.send(credentials("Ann"))
    return bool(client.wait_for(PacketType.HOST_EXITING))


def test_the_key_code_is_the_one_that_clients_see(server_window: Program) -> None:
    """All of it, in one line, and Copy beside it."""
    with ModernClient(port_of(server_window)) as client:
        shown = server_window.wait_for(key_code(client.secure().hub), "TLabel")
    assert shown.box[3] > server_window.wait_for("Port", "TLabel").box[3]
    server_window.click("Copy key code")
    server_window.wait_for("Everybody who reaches the hub may join, clients without encryption too.", "TLabel")


def test_a_join_code_is_asked_for_from_apply_on(hand: Hand, tmp_path: Path) -> None:
    """It is shown, and can be renewed; the choice is remembered; Cancel and Escape change nothing."""
    folder = tmp_path / "data"
    with program(hand, tmp_path / "hub", HUB, *HERE, "--data-dir", str(folder)) as window:
        window.wait_for("Listening", "TLabel")
        window.click("Who may join …")
        window.click("Whoever knows the join code")
        window.wait_for("made with Apply", "TLabel")
        window.hand.press("Escape")
        window.wait_until_gone("made with Apply")
        with ClassicClient(port_of(window)).register("Ann"):
            window.wait_for("| Ann |", "row")
        window.click("Who may join …")
        window.click("Whoever knows the join code")
        window.click("Apply")
        window.wait_for("Whoever knows the join code may join", "TLabel")
        code = (folder / JOIN_CODE_FILE).read_text().strip()
        window.wait_for(code, "TLabel")
        window.click("Copy join code")
        with ModernClient(port_of(window)) as client:
            client.secure().send(client.hello("Bob"))
            client.wait_for(JoinCodeAsked)
        with ClassicClient(port_of(window)) as classic:
            assert is_refused(classic)
        window.click("Who may join …")
        window.click("New code")
        window.wait_until_gone(code, "TLabel")
        window.click("Cancel")
        window.hand.press("ctrl+q")
        assert exit_code(window) == 0
    renewed = (folder / JOIN_CODE_FILE).read_text().strip()
    assert renewed != code
    with program(hand, tmp_path / "hub", HUB, *HERE, "--data-dir", str(folder)) as window:
        window.wait_for("Whoever knows the join code may join", "TLabel")
        window.wait_for(renewed, "TLabel")


def test_clients_without_encryption_can_be_refused(server_window: Program) -> None:
    """The sentence says so before and after Apply."""
    server_window.click("Who may join …")
    server_window.click("Take in original clients too")
    server_window.wait_for("may join; clients without encryption are refused.", "TLabel")
    server_window.click("Apply")
    server_window.wait_until_gone("Apply")
    server_window.wait_for("may join; clients without encryption are refused.", "TLabel")
    with ClassicClient(port_of(server_window)) as classic:
        assert is_refused(classic)


def test_what_was_chosen_for_this_once_is_not_remembered(hand: Hand, tmp_path: Path) -> None:
    """An option of the command goes before what was remembered, and leaves it alone."""
    home = tmp_path / "hub"
    with program(hand, home, HUB, *HERE, "--approve") as window:
        window.wait_for("Whoever the operator approves may join", "TLabel")
        window.wait_for("Listening", "TLabel")
        window.hand.press("ctrl+q")
        assert exit_code(window) == 0
    with program(hand, home, HUB, *HERE) as window:
        window.wait_for("Everybody who reaches the hub may join", "TLabel")
