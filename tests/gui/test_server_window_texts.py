"""The texts to the server: read with their numbers, and answered."""

from commonlib.classic.layouts import DataPacket
from commonlib.classic.packet import PacketType
from tests.support.classic_client import ClassicClient
from tests.support.programs import Program
from tests.support.server_windows import port_of


def test_a_text_is_read_with_its_numbers_and_answered(server_window: Program) -> None:
    """The tab counts what nobody has looked at; choosing a text answers its sender."""
    with ClassicClient(port_of(server_window)).register("Ann") as ann:
        ann.say("hello there", to=0, numbers=(3, 4))
        server_window.hand.click(server_window.wait_for("Texts to the server (1)", "tab").place)
        text = server_window.wait_for("hello there", "row")
        assert "3, 4" in text.text
        server_window.wait_until_gone("Texts to the server (1)", "tab")
        server_window.hand.click(text.place)
        server_window.wait_for("To Ann (1)", "TLabel")
        server_window.fill("To Ann (1)", "hello yourself")
        server_window.click("Send")
        server_window.wait_for("You to Ann (1)", "row")
        answer = DataPacket.decode(ann.wait_for(PacketType.MESSAGE))
        assert "hello yourself" in answer.text_150 + answer.text_a


def test_everybody_is_written_to_unless_somebody_is_chosen(server_window: Program) -> None:
    """From the client list one comes here, and one click goes back to everybody; a wrong number is told."""
    with ClassicClient(port_of(server_window)).register("Ann") as ann:
        server_window.hand.click(server_window.wait_for("| Ann |", "row").place, button=3)
        server_window.choose_in_menu("Write to …")
        server_window.wait_for("To Ann (1)", "TLabel")
        server_window.click("To everybody")
        server_window.wait_for("To everybody", "TLabel")
        server_window.fill("To everybody", "good morning")
        server_window.fill("Numbers", "x")
        server_window.hand.press("Return")
        server_window.wait_for("The two numbers have to be whole numbers")
        server_window.fill("Numbers", "7")
        server_window.hand.press("Return")
        server_window.wait_for("You to everybody", "row")
        ann.wait_for(PacketType.MESSAGE)
