"""A clumsy user and the commands: streams that are closed, Ctrl-C twice, a hub that is gone at the wrong moment.

Threads: pytest's main thread, those of the hubs and clients under test.
"""

import io
import signal
import sys
from pathlib import Path

import pytest

from commonlib.classic.file_layouts import FileStartPacket
from commonlib.classic.packet import PacketType
from tcpipclient import cli, cli_entry
from tcpipclient.api import Client
from tcpipclient.cli_output import Output
from tcpipclient.config import Accept, ClientConfig
from tcpipclient.core.events import Event, FileNotSaved, FileOffered, PersonLeft
from tests.support import hub_packets
from tests.support.clients import ANY_HUB
from tests.support.commands import know_hub
from tests.support.leaks import wait_until
from tests.support.memory_network import MemoryNetwork
from tests.support.running_hub import RunningHub, running_hub
from tests.support.scripted_hub import connect

SECONDS = 10.0


def ann_at(hub: RunningHub) -> tuple[str, ...]:
    """The options that lead to a hub that is known."""
    know_hub(hub.service.port, hub.service.fingerprint)
    return ("--server", f"127.0.0.1:{hub.service.port}", "--name", "Ann")


@pytest.mark.parametrize("command", [["roster"], ["send", "--to", "server", "hello"], ["listen", "--timeout", "5"]])
def test_a_closed_standard_output_is_a_sentence(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Started with nothing to write to (`>&-`), a command says so; it does not break."""
    monkeypatch.setattr(sys, "stdout", None)
    with running_hub() as hub:
        code = cli.main([*command, *ann_at(hub)])
    assert code == 1
    assert capsys.readouterr().err.startswith("tcpipclient: The output cannot be written (it is closed)")


def test_without_standard_error_what_belongs_there_is_not_told_elsewhere(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With standard error closed (`2>&-`) a failure is only its exit code: results alone are on standard output."""
    monkeypatch.setattr(sys, "stderr", None)
    with running_hub() as hub:
        code = cli.main(
            [
                "send",
                *ann_at(hub),
                "--to",
                "Bob",
                "hello",
            ]
        )
    assert code == 1
    assert capsys.readouterr().out == ""


def test_listening_needs_no_standard_error(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever listens without one is not asked about files, and hears what is said."""
    monkeypatch.setattr(sys, "stderr", None)
    with running_hub() as hub:
        code = cli.main(
            [
                "listen",
                *ann_at(hub),
                "--timeout",
                "0.1",
                "--json",
            ]
        )
    assert code == 0
    assert '"event": "ready"' in capsys.readouterr().out


def test_a_terminal_without_a_keyboard_asks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """With standard input closed (`<&-`) there is nobody to ask, whatever standard error is."""
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(sys, "stdin", None)
    with running_hub() as hub:
        code = cli.main(
            [
                "listen",
                *ann_at(hub),
                "--timeout",
                "0.1",
            ]
        )
    assert code == 0
    assert "there is no terminal here on which to ask" in terminal.getvalue()


def test_an_output_without_streams_has_no_screen() -> None:
    """Nothing is drawn where nothing can be seen."""
    assert not Output(False, None, None).has_screen


class StoppedWhileLeaving(Client):
    """A client whose user presses Ctrl-C once more while it is tidying up."""

    def close(self) -> None:
        """Be interrupted, then close."""
        signal.raise_signal(signal.SIGINT)
        super().close()


def test_a_second_ctrl_c_does_not_cut_the_tidying_up_short(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first one ends the command; the goodbye is said and torn files are deleted whatever is pressed after it."""
    monkeypatch.setattr(cli_entry, "Client", StoppedWhileLeaving)
    before = signal.getsignal(signal.SIGINT)
    with running_hub() as hub:
        access = ann_at(hub)
        assert cli.main(["roster", *access]) == 0
        hub.log.wait_for("Ann (1) left.")
    assert capsys.readouterr().out == "Nobody else is on the hub.\n"
    assert signal.getsignal(signal.SIGINT) == before


class Lost(Client):
    """A client whose connection has ended as soon as it stood."""

    def connect(self) -> None:
        """Connect, and be cut off at once."""
        super().connect()
        super().close()


@pytest.mark.parametrize("command", [["roster"], ["send", "--to", "Bob", "hello"], ["send-file", "--to", "Bob"]])
def test_a_connection_that_is_gone_is_not_an_empty_hub(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody is said to be there, or not to be there, when the hub has gone before it could be asked."""
    file = tmp_path / "a.txt"
    file.write_text("hello")
    monkeypatch.setattr(cli_entry, "Client", Lost)
    with running_hub() as hub:
        hub.join("Bob")
        files = [str(file)] if command[0] == "send-file" else []
        assert cli.main([*command, *files, *ann_at(hub)]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert "closed the connection" in told.err


def test_a_declined_file_is_heard_of_no_more(tmp_path: Path) -> None:
    """When its sender leaves after the user has declined it, there is nothing left to tell of it."""
    network, told = MemoryNetwork(), list[Event]()
    config = ClientConfig("hub", name="Ann", downloads=tmp_path / "downloads", accept=Accept.ASK, **ANY_HUB)
    client = Client(config, connect_with=network.connect)
    client.on_event(told.append)
    hub = connect(client, network, hub_packets.person(2, "Bob"))
    try:
        hub.send(FileStartPacket(PacketType.FILE_START, 1, 2, 7, 5000, "a.txt", b"x" * 914).encode())
        assert wait_until(lambda: any(isinstance(event, FileOffered) for event in told), SECONDS)
        client.decline_file(1)
        assert wait_until(lambda: any(isinstance(event, FileNotSaved) for event in told), SECONDS)
        hub.send(hub_packets.left(2))
        assert wait_until(lambda: any(isinstance(event, PersonLeft) for event in told), SECONDS)
    finally:
        hub.end()
        client.close()
    assert [event.transfer for event in told if isinstance(event, FileNotSaved)] == [1]
    assert list((tmp_path / "downloads").iterdir()) == []
