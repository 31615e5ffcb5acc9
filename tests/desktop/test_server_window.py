"""The server window, used by somebody who reads its labels: he starts and stops the hub, reads, answers, sends away.

Slow: second stage of .ci/run. Thread: pytest's main thread; the window is a process of its own.
"""

from tests.support.commands import listening, run_client
from tests.support.programs import Program
from tests.support.thoroughness import Thoroughness

TRUST = "--trust-on-first-use"


def port_of(hub: Program) -> int:
    """The port as a user reads it."""
    return int(hub.field("Port").text)


def test_who_comes_and_goes_is_seen(hub: Program) -> None:
    """A row with the name, the log's lines, and the empty list's advice when nobody is left."""
    hub.wait_for("Nobody is connected")
    with listening(port_of(hub), "Ann", TRUST):
        hub.wait_for("Ann", "row")
        hub.wait_for("Ann (1) registered", "Text")
    hub.wait_until_gone("Ann", "row")
    hub.wait_for("Nobody is connected")


def test_a_text_to_the_server_is_read_and_answered(hub: Program) -> None:
    """With its two numbers; the answer reaches the one who wrote."""
    port = port_of(hub)
    with listening(port, "Ann", TRUST) as ann:
        done = run_client(
            *(
                "send",
                TRUST,
                "--server",
                f"127.0.0.1:{port}",
                "--name",
                "Bob",
                "--to",
                "server",
                "--numbers",
                "4",
                "7",
                "Hi there",
            )
        )
        assert done.returncode == 0, done.stderr
        hub.hand.click(hub.wait_for("Texts to the server", "tab").place)
        hub.wait_for("Hi there")
        hub.choose("Ann")
        hub.hand.click(hub.wait_for("Ann", "row").place, button=3)
        hub.choose_in_menu("Write to")
        hub.hand.write("Welcome")
        hub.hand.press("Return")
        assert ann.next_item("text")["text"] == "Welcome"


def test_somebody_is_sent_away(hub: Program) -> None:
    """By a right click and a confirmed question; the row goes and the other end knows."""
    with listening(port_of(hub), "Ann", TRUST) as ann:
        hub.hand.click(hub.wait_for("Ann", "row").place, button=3)
        hub.choose_in_menu("Send away")
        hub.click("Send away")
        hub.wait_until_gone("Ann", "row")
        ann.finish()


def test_the_hub_is_stopped_and_started(hub: Program) -> None:
    """The same button does both and says which; the words beside the light follow."""
    hub.click("Stop")
    hub.wait_until_gone("Listening", "TLabel")
    hub.click("Start")
    hub.wait_for("Listening", "TLabel")


def test_every_button_works(hub: Program) -> None:
    """Each button, tab, heading and entry of a menu is used once; none of them fails."""
    with listening(port_of(hub), "Ann", TRUST):
        hub.wait_for("Ann", "row")
        everything = Thoroughness(hub, leave=("Quit", "Stop", "Send away", "Ban …"))
        everything.use_everything()
    assert {"Copy", "Pause", "Event log", "Name", "Larger text", "Dark colours"} <= everything.used
    assert {"Copy key code", "Who may join …", "Banned"} <= everything.used
