"""The client list: people appear, are ordered, and are sent away."""

from commonlib.classic.packet import PacketType
from tests.support.classic_client import ClassicClient
from tests.support.programs import Program
from tests.support.server_windows import port_of


def test_people_appear_and_are_sent_away(server_window: Program) -> None:
    """Who is sent away reads why; whoever asks for it with a key can still think better of it."""
    server_window.wait_for("Nobody is connected yet.")
    with ClassicClient(port_of(server_window)).register("Ann") as ann:
        server_window.hand.click(server_window.wait_for("| Ann |", "row").place)
        server_window.wait_for("Ann (1) registered", "Text")
        server_window.wait_for("1 client", "TLabel")
        server_window.hand.press("Delete")
        server_window.wait_for("Send Ann (1) away?")
        server_window.hand.press("Escape")
        server_window.wait_until_gone("Send Ann (1) away?")
        server_window.hand.click(server_window.wait_for("| Ann |", "row").place, button=3)
        server_window.choose_in_menu("Send away …")
        server_window.wait_for("Send Ann (1) away?")
        server_window.hand.write("too loud")
        server_window.click("Send away")
        ann.wait_for(PacketType.MESSAGE, lambda packet: b"too loud" in packet)
        ann.wait_for_end()
    server_window.wait_for("Nobody is connected yet.")


def test_a_heading_orders_the_rows(server_window: Program) -> None:
    """A second click turns the order round."""
    port = port_of(server_window)
    with ClassicClient(port).register("Bob"), ClassicClient(port).register("Ann"):
        server_window.wait_for("| Ann |", "row")

        def names() -> list[str]:
            rows = sorted((seen for seen in server_window.seen() if seen.kind == "row"), key=lambda seen: seen.box[1])
            return [row.text.split(" | ")[1] for row in rows]

        server_window.hand.click(server_window.wait_for("Name", "heading").place)
        server_window.until(lambda: names() == ["Ann", "Bob"], "the rows are not in the order of their names")
        server_window.hand.click(server_window.wait_for("Name", "heading").place)
        server_window.until(lambda: names() == ["Bob", "Ann"], "the order is not turned round")
