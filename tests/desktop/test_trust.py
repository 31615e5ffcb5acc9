"""Hubs are compared, trusted, refused; people are let in, sent away and kept out: by those who read the windows.

Slow: second stage of .ci/run. Thread: pytest's main thread; every window is a process of its own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.desktop.conftest import CLIENT, HUB, PLACES
from tests.support.desktop import move_window
from tests.support.hand import Hand
from tests.support.original_server import OriginalServer
from tests.support.programs import Program, program

WORDS, DIGITS = 5, 6
TRUST, NO = "It is the same: trust this hub", "Do not connect"


@contextmanager
def visitor(hand: Hand, folder: Path, name: str, port: int) -> Iterator[Program]:
    """Somebody has opened a window and pressed Connect."""
    with program(hand, folder / name, "tcpipclient") as client:
        client.wait_for("Not connected", "TLabel")
        move_window(hand.screen, CLIENT, PLACES[name])
        client.fill("Host", "127.0.0.1")
        client.fill("Port", str(port))
        client.fill("My name", name)
        client.click("Connect")
        yield client


def code_on(hub: Program) -> str:
    """The key code as it is read off the hub's window."""
    for label in hub.all_of("", "TLabel"):
        parts = label.text.split()
        if len(parts) == WORDS + 2 and "".join(parts[WORDS:]).isdigit() and len("".join(parts[WORDS:])) == DIGITS:
            return label.text
    raise AssertionError("no key code is to be seen")


def port_of(hub: Program) -> int:
    """The port as a user reads it."""
    return int(hub.field("Port").text)


def test_a_new_hub_is_compared_before_it_is_trusted(hub: Program, hand: Hand, tmp_path: Path) -> None:
    """The same words and digits stand on both windows; who does not trust is not connected; it is asked once."""
    words, digits = " ".join(code_on(hub).split()[:WORDS]), " ".join(code_on(hub).split()[WORDS:])
    with visitor(hand, tmp_path, "Ann", port_of(hub)) as ann:
        ann.wait_for(f"{words}\n{digits}", "Text")
        hand.press("Return")
        ann.wait_for("Not connected", "TLabel")
        ann.click("Connect")
        ann.click(TRUST)
        ann.wait_for("Connected as Ann", "TLabel")
        ann.click(f"Encrypted {digits}")
        ann.wait_for(f"{words}\n{digits}", "Text")
        ann.click("Close")
        hub.wait_for("encrypted", "row")
        ann.click("Disconnect")
        ann.click("Connect")
        ann.wait_for("Connected as Ann", "TLabel")


def test_another_hub_in_its_place_is_not_trusted_by_habit(hub: Program, hand: Hand, tmp_path: Path) -> None:
    """Enter does nothing on the red page; the digits of the hub's own window do."""
    port = port_of(hub)
    with visitor(hand, tmp_path, "Ann", port) as ann:
        ann.click(TRUST)
        ann.wait_for("Connected as Ann", "TLabel")
        old = code_on(hub)
        hub.process.kill()
        ann.wait_for("Connecting again", "TLabel")
        again = ("--host", "127.0.0.1", "--port", str(port))
        with program(hand, tmp_path / "other hub", HUB, *again) as other:
            other.wait_for("Listening", "TLabel")
            move_window(hand.screen, HUB, PLACES["hub"])
            ann.wait_for("This is not the hub that you trust", "Label")
            hand.click(ann.field("Six digits from the hub's window").place)
            hand.write("".join(old.split()[WORDS:]))
            hand.press("Return")
            ann.click("Trust the new key")
            ann.wait_for("do not connect", "Label")
            ann.fill("Six digits from the hub's window", "".join(code_on(other).split()[WORDS:]))
            ann.click("Trust the new key")
            ann.wait_for("Connected as Ann", "TLabel")


def test_a_join_code_is_asked_for_once(hub: Program, hand: Hand, tmp_path: Path) -> None:
    """The operator reads it off his window; a wrong one is said to be wrong; later it is not asked for."""
    hub.click("Who may join …")
    hub.click("Whoever knows the join code")
    hub.click("Apply")
    hub.wait_for("Whoever knows the join code may join", "TLabel")
    code = next(label.text for label in hub.all_of("-", "TLabel") if label.text.count("-") == 3)
    with visitor(hand, tmp_path, "Ann", port_of(hub)) as ann:
        ann.click(TRUST)
        ann.fill("Join code", "not the code")
        hand.press("Return")
        ann.wait_for("That is not the join code", "Label")
        ann.fill("Join code", code)
        ann.click("Join")
        ann.wait_for("Connected as Ann", "TLabel")
        ann.click("Disconnect")
        ann.click("Connect")
        ann.wait_for("Connected as Ann", "TLabel")


def test_the_operator_lets_in_sends_away_and_bans(hub: Program, hand: Hand, tmp_path: Path) -> None:
    """Each time the other window says why, and nobody comes back by himself."""
    hub.click("Who may join …")
    hub.click("Whoever you let in, one by one")
    hub.click("Apply")
    hub.wait_for("Whoever the operator approves may join", "TLabel")
    with visitor(hand, tmp_path, "Ann", port_of(hub)) as ann:
        ann.click(TRUST)
        ann.wait_for("Waiting until the hub's operator lets you in", "TLabel")
        asked = hub.wait_for("Ann |", "row").text
        assert ann.wait_for("Your key code", "Label").text.removesuffix(".").split("is: ")[1] in asked
        hub.click("Let in")
        ann.wait_for("Connected as Ann", "TLabel")
        for entry, button, reason in (("Send away …", "Send away", "too loud"), ("Ban …", "Ban", "still too loud")):
            hub.wait_until_gone("asks to be let in", "TLabel")  # The list moves up then.
            # The list may be a second behind: his row of before is not the one that is meant.
            own_id = ann.wait_for("Connected as Ann", "TLabel").text.split("(")[1].rstrip(")")
            hub.hand.click(hub.wait_for(f"{own_id} | Ann |", "row").place, button=3)
            hub.choose_in_menu(entry)
            hub.wait_for("Reason, if you like")
            hand.write(reason)
            hub.click(button)
            ann.wait_for(f'"{reason}"', "Label")
            ann.wait_for("Not connected", "TLabel")
            ann.click("Connect")
            if button == "Send away":
                ann.wait_for("Connected as Ann", "TLabel")
        ann.wait_for("does not let you in", "Label")
        hand.click(hub.wait_for("Banned (1)", "tab").place)
        hub.click("Unban")
        hub.wait_for("Nobody is kept out.", "TLabel")
        ann.click("Connect")
        ann.wait_for("Connected as Ann", "TLabel")


@pytest.fixture
def original() -> Iterator[OriginalServer]:
    """A server that knows nothing of encryption."""
    with OriginalServer() as server:
        yield server


def test_an_original_server_is_used_in_the_clear_only_on_request(
    original: OriginalServer, hand: Hand, tmp_path: Path
) -> None:
    """The window says so all the time; it is asked once for each address."""
    with visitor(hand, tmp_path, "Ann", original.port) as ann:
        ann.wait_for("Connect without encryption?", "Label")
        hand.press("Return")
        ann.wait_for("Not connected", "TLabel")
        ann.click("Connect")
        ann.click("Connect without encryption")
        ann.wait_for("Connected as Ann", "TLabel")
        ann.wait_for("NOT ENCRYPTED", "TButton")
        ann.click("Disconnect")
        ann.click("Connect")
        ann.wait_for("Connected as Ann", "TLabel")
