"""A hub and three clients, used by people who know their labels only: they talk, lose the hub and get it back.

Slow: second stage of .ci/run. Thread: pytest's main thread; every window is a process of its own.
"""

from tests.desktop.conftest import Room
from tests.support.hand import Hand
from tests.support.programs import Program, program


def say(client: Program, text: str) -> None:
    """Type a text into the conversation that is open, and send it with Enter."""
    client.hand.click(client.field("Enter sends", "Text").place)
    client.hand.write(text)
    client.hand.press("Return")


def test_a_text_to_two_people_arrives_with_both(room: Room) -> None:
    """Two rows selected, one text; each has it in his conversation with Ann, and Ann sees that it arrived."""
    room.ann.choose("Bob", "Cid")
    say(room.ann, "Hello you two")
    for client in (room.bob, room.cid):
        client.wait_for("1", "row")
        client.choose("Ann")
        client.wait_for("Hello you two", "Text")
    say(room.bob, "Hello Ann")
    room.ann.choose("Bob")
    room.ann.wait_for("Hello Ann", "Text")


def test_lines_are_broken_with_shift(room: Room) -> None:
    """Shift+Enter goes on in a new line, Enter sends both; Send does the same as Enter."""
    room.ann.choose("Bob")
    room.ann.hand.click(room.ann.field("Enter sends", "Text").place)
    room.ann.hand.write("first")
    room.ann.hand.press("shift+Return")
    room.ann.hand.write("second")
    room.ann.click("Send")
    room.bob.choose("Ann")
    room.bob.wait_for("first\nsecond", "Text")


def test_a_text_to_the_server_appears_there(room: Room) -> None:
    """Whoever runs the hub has it in his list, with its two numbers, as the article has it."""
    room.ann.click("The server")
    room.ann.fill("First number", "4")
    room.ann.fill("Second number", "-7")
    say(room.ann, "Good morning, hub")
    room.hub.hand.click(room.hub.wait_for("Texts to the server", "tab").place)
    said = room.hub.wait_for("Good morning, hub", "row").text
    assert "4" in said
    assert "-7" in said or "−7" in said


def test_a_dead_hub_is_seen_and_one_that_comes_back_is_found(room: Room, hand: Hand) -> None:
    """The words beside the light tell of the loss; without a click all are connected again."""
    room.hub.process.kill()
    for client in (room.ann, room.bob, room.cid):
        client.wait_for("Connecting again", "TLabel")
    again = ("--host", "127.0.0.1", "--port", str(room.port))
    with program(hand, room.folder / "hub", "tcpipserver", *again) as hub:
        hub.wait_for("3 clients", "TLabel")
        for client, name in ((room.ann, "Ann"), (room.bob, "Bob"), (room.cid, "Cid")):
            client.wait_for(f"Connected as {name}", "TLabel")


def test_disconnect_leaves_and_connect_comes_back(room: Room) -> None:
    """The others see it both times; nobody who left on purpose comes back by himself."""
    room.ann.click("Disconnect")
    room.ann.wait_for("Not connected", "TLabel")
    room.bob.wait_for("1 other here", "TLabel")
    room.ann.click("Connect")
    room.ann.wait_for("Connected as Ann", "TLabel")
    room.bob.wait_for("2 here", "TLabel")
