"""Who waits is let in or turned away, who is banned stays out until he is unbanned: with real clients."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from commonlib.identity import key_code
from commonlib.wire.messages import ApprovalAwaited, Closing, Refused
from tests.support.hand import Hand
from tests.support.modern_client import ModernClient
from tests.support.programs import Program, program
from tests.support.server_windows import HERE, HUB, port_of


@pytest.fixture
def asking_window(hand: Hand, tmp_path: Path) -> Iterator[Program]:
    """The window of a hub whose operator is asked about everybody."""
    with program(hand, tmp_path / "hub", HUB, *HERE, "--approve") as running:
        running.wait_for("Listening", "TLabel")
        yield running


def test_who_waits_is_let_in_or_turned_away(asking_window: Program) -> None:
    """One alone needs no choosing; of several the chosen one is meant, and hears the reason."""
    port = port_of(asking_window)
    with ModernClient(port) as ann, ModernClient(port) as bob:
        for client, name in ((ann, "Ann"), (bob, "Bob")):
            client.secure().send(client.hello(name))
            client.wait_for(ApprovalAwaited)
        asking_window.wait_for("2 ask to be let in", "TLabel")
        asking_window.hand.click(asking_window.wait_for(key_code(bob.identity.fingerprint), "row").place)
        asking_window.click("Turn away …")
        asking_window.wait_for("Turn Bob away?")
        asking_window.hand.write("who are you")
        asking_window.click("Turn away")
        assert "who are you" in bob.wait_for(Refused).text
        asking_window.wait_for("Somebody asks to be let in", "TLabel")
        asking_window.click("Let in")
        ann.be_welcomed()
        asking_window.wait_for("encrypted", "row")
        asking_window.wait_until_gone("Somebody asks to be let in", "TLabel")


def test_a_banned_key_stays_out_until_it_is_unbanned(server_window: Program) -> None:
    """By a right click and a reason; the tab says how many there are."""
    port = port_of(server_window)
    with ModernClient(port) as ann:
        ann.register("Ann")
        server_window.hand.click(server_window.wait_for("| Ann |", "row").place, button=3)
        server_window.choose_in_menu("Ban …")
        server_window.wait_for("Ban Ann (1)?")
        server_window.hand.write("spam")
        server_window.click("Ban")
        assert "spam" in ann.wait_for(Closing).text
        with ModernClient(port, ann.identity) as again:
            again.secure().send(again.hello("Ann"))
            assert "spam" in again.wait_for(Refused).text
        server_window.hand.click(server_window.wait_for("Banned (1)", "tab").place)
        server_window.hand.click(server_window.wait_for("spam", "row").place)
        server_window.click("Unban")
        server_window.wait_for("Nobody is kept out.", "TLabel")
        with ModernClient(port, ann.identity) as back:
            back.register("Ann")
