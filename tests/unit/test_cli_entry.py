"""What is shown and asked on the way into a hub, and what is said where nobody can be asked.

Thread: pytest's main thread is the command; the hub is played on another.
"""

import io
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from commonlib.identity import Fingerprint, key_code
from commonlib.wire import messages
from commonlib.wire.hub_handshake import CodeTried, Proved
from commonlib.wire.join import JoinCodeError
from tcpipclient import Client, ClientConfig, Trust
from tcpipclient.cli_entry import CodeFileError, Entry, EntryError, read_join_code
from tcpipclient.cli_output import Output
from tests.support import hub_packets
from tests.support.join_codes import CODE, entropy_of
from tests.support.memory_network import MemoryNetwork
from tests.support.modern_hub import ModernHub
from tests.support.tls_pairs import identity_of

HUB_CODE = key_code(identity_of("hub").fingerprint)


class Screen(io.StringIO):
    """A terminal, for both directions: what is read was typed before."""

    def isatty(self) -> bool:
        return True


class Desk:
    """A user at a command that is on its way into a hub."""

    def __init__(self, folder: Path, typed: str | None) -> None:
        self._folder = folder
        self.network = MemoryNetwork()
        self.screen = Screen() if typed is not None else io.StringIO()
        self._keyboard = None if typed is None else Screen(typed)

    def enter(self, config: ClientConfig, *plays: Callable[[ModernHub], object]) -> Exception | None:
        """Go in while hubs do this, one after the other; what is raised, or None."""
        output = Output(False, io.StringIO(), self.screen)
        entry = Entry(output, self._keyboard, lambda config: Client(config, connect_with=self.network.connect))
        with ThreadPoolExecutor(1) as pool:
            playing: Future[None] = pool.submit(self._play, plays)
            try:
                entry.enter(replace(config, data_dir=self._folder, close_timeout=0.01), lambda _: None).close()
            except Exception as error:  # noqa: BLE001 - looked at by the test
                return error
            finally:
                playing.result()
        return None

    def _play(self, plays: tuple[Callable[[ModernHub], object], ...]) -> None:
        for play in plays:
            hub = ModernHub(self.network.accept())
            try:
                play(hub)
            except (EOFError, OSError, JoinCodeError):
                pass  # The client has gone, as it does where it has to ask.

    @property
    def shown(self) -> str:
        """All that was written for the user."""
        return self.screen.getvalue()


def show_key(hub: ModernHub) -> None:
    """A hub of which only the key is looked at."""
    hub.greet()
    hub.wait_for(Proved)


def let_in(hub: ModernHub) -> None:
    """A hub that lets everybody in."""
    show_key(hub)
    hub.let_in()


def ask_code(hub: ModernHub) -> None:
    """A hub that lets those in who know the join code."""
    show_key(hub)
    hub.handshake.ask_code(CODE, entropy_of("hub"))
    hub.flush()
    hub.wait_for(CodeTried)
    try:
        hub.handshake.check_code()
    finally:
        hub.flush()
    hub.let_in()


def be_original(hub: ModernHub) -> None:
    """An original server."""
    hub.transport.send(hub_packets.greeting(1, wall=None))


CONFIG = ClientConfig("hub")


def test_the_key_code_is_shown_and_the_user_asked(tmp_path: Path) -> None:
    """Yes goes in; the code stands on a line of its own, to be compared."""
    desk = Desk(tmp_path / "data", "y\n")
    assert desk.enter(CONFIG, show_key, let_in) is None
    assert f"\n    {HUB_CODE}\n" in desk.shown
    assert desk.shown.count(HUB_CODE) == 1
    assert "[y/N]" in desk.shown


@pytest.mark.parametrize("typed", ["n\n", "\n", "", "yeah\n"])
def test_anything_but_yes_is_no(tmp_path: Path, typed: str) -> None:
    """Also the end of what can be typed; the sentence says what else there is."""
    error = Desk(tmp_path / "data", typed).enter(CONFIG, show_key)
    assert isinstance(error, EntryError)
    assert "--fingerprint" in str(error)


def test_without_a_terminal_nobody_is_asked(tmp_path: Path) -> None:
    """The sentence has the code and the options."""
    desk = Desk(tmp_path / "data", None)
    error = desk.enter(CONFIG, show_key)
    assert isinstance(error, EntryError)
    assert HUB_CODE in str(error)
    assert "--trust-on-first-use" in str(error)
    assert desk.shown == ""


def test_the_first_hub_is_trusted_where_the_user_said_so_and_its_code_shown(tmp_path: Path) -> None:
    """Not without a word."""
    desk = Desk(tmp_path / "data", None)
    assert desk.enter(replace(CONFIG, trust=Trust.FIRST_USE), let_in) is None
    assert HUB_CODE in desk.shown


def test_another_hub_than_the_wanted_one_is_no_question(tmp_path: Path) -> None:
    """Whoever could be asked, too."""
    desk = Desk(tmp_path / "data", "y\n")
    error = desk.enter(replace(CONFIG, trust=Fingerprint(bytes(32))), show_key)
    assert isinstance(error, EntryError)
    assert "THIS IS NOT THE HUB" in str(error)
    assert "--trust-on-first-use does not help" in str(error)
    assert desk.shown == ""


def test_an_original_server_needs_its_option(tmp_path: Path) -> None:
    """No question: it is easily clicked away, and a hub that does not encrypt is rare."""
    error = Desk(tmp_path / "data", "y\n").enter(CONFIG, be_original)
    assert isinstance(error, EntryError)
    assert "--allow-unencrypted" in str(error)


def test_the_join_code_is_asked_for_until_it_is_right(tmp_path: Path) -> None:
    """A wrong one is told as such; each try is a new connection, so that no hub waits for a user."""
    desk = Desk(tmp_path / "data", f"wrong\n{CODE}\n")
    assert desk.enter(replace(CONFIG, trust=Trust.FIRST_USE), ask_code, ask_code, ask_code) is None
    assert desk.shown.count("Join code: ") == 2
    assert "not the right one" in desk.shown


def test_the_join_code_is_not_asked_for_for_ever(tmp_path: Path) -> None:
    """Nor where nothing is typed; the hub counts the tries."""
    first_use = replace(CONFIG, trust=Trust.FIRST_USE)
    desk = Desk(tmp_path / "data", "wrong\n" * 10)
    assert isinstance(desk.enter(first_use, ask_code, ask_code, ask_code), EntryError)
    assert desk.shown.count("Join code: ") == 2
    assert isinstance(Desk(tmp_path / "data", "\n").enter(first_use, ask_code), EntryError)


def test_without_a_terminal_the_file_for_the_code_is_named(tmp_path: Path) -> None:
    """The code is never an argument."""
    error = Desk(tmp_path / "data", None).enter(replace(CONFIG, trust=Trust.FIRST_USE), ask_code)
    assert isinstance(error, EntryError)
    assert "--join-code-file" in str(error)


def test_the_user_is_told_that_the_operator_is_asked(tmp_path: Path) -> None:
    """Else nobody would know why nothing happens."""

    def await_approval(hub: ModernHub) -> None:
        show_key(hub)
        hub._piece = hub.handshake.accept().piece
        hub.send(messages.ApprovalAwaited())
        hub.send(messages.Welcome(own_id=1, version=(1, 0, 0)), messages.RosterComplete())

    desk = Desk(tmp_path / "data", None)
    assert desk.enter(replace(CONFIG, trust=Trust.FIRST_USE), await_approval) is None
    assert "operator has been asked" in desk.shown


@pytest.mark.parametrize("content", [None, b"", b" \n", b"\xff\xfe", b"x" * 2000])
def test_a_code_file_that_cannot_be_used_is_a_sentence(tmp_path: Path, content: bytes | None) -> None:
    """With its path."""
    path = tmp_path / "code.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CodeFileError, match=r"code\.txt"):
        read_join_code(path)


def test_a_code_file_has_one_code(tmp_path: Path) -> None:
    """The white space around it is no part of it."""
    (tmp_path / "code.txt").write_text("  Straße 7\r\n", encoding="utf-8")
    assert read_join_code(tmp_path / "code.txt") == "Straße 7"
