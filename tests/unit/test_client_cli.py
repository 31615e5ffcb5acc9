"""How the command `tcpipclient` ends: exit codes, sentences, and what it does not do before it has to."""

import io
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from commonlib.exceptions import ChatError, FieldError
from tcpipclient import cli_roster
from tcpipclient.cli import main
from tcpipclient.cli_output import OutputError
from tcpipclient.cli_recipients import NobodyThereError
from tcpipclient.core.exceptions import (
    ConnectTimedOutError,
    HubBusyError,
    NotAHubError,
    RefusedError,
    SettingError,
    UnknownHostError,
)

ROOT = Path(__file__).resolve().parents[2]
ROSTER = ("roster", "--server", "hub")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (RefusedError("hub", 9999), 1),
        (UnknownHostError("hub", 9999), 1),
        (NotAHubError("hub", 9999), 1),
        (NobodyThereError(), 1),
        (FieldError("The text", "it is too long"), 1),
        (OutputError("No space left on device"), 1),
        (SettingError("name", "it is empty"), 2),
        (ConnectTimedOutError("hub", 9999), 3),
        (HubBusyError(30), 3),
    ],
)
def test_a_documented_error_is_a_sentence_and_a_code(
    error: ChatError, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """1 refused or failed, 2 wrong use, 3 timed out; one line on standard error, none on standard output."""

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(cli_roster, "run", fail)
    assert main(ROSTER) == code
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == f"tcpipclient: {error}\n"


def test_an_interrupt_ends_it_with_code_130(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a traceback."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli_roster, "run", interrupt)
    assert main(ROSTER) == 130
    assert capsys.readouterr().err == "tcpipclient: stopped as asked.\n"


def test_an_interrupted_command_may_say_what_becomes_of_what_it_did(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In its own words."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt("stopped as asked. It goes on later.")

    monkeypatch.setattr(cli_roster, "run", interrupt)
    assert main(ROSTER) == 130
    assert capsys.readouterr().err == "tcpipclient: stopped as asked. It goes on later.\n"


@pytest.mark.skipif(sys.platform == "win32", reason="nobody can send a process these signals there")
def test_a_request_to_end_is_an_interrupt_while_a_command_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that what has begun is cleaned up; an ignored signal stays ignored, and afterwards all is as before."""
    numbers = (signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(signal.SIGTERM, signal.SIG_DFL), signal.signal(signal.SIGHUP, signal.SIG_IGN)]
    during: list[object] = []

    def look(*_: object) -> int:
        during.extend(signal.getsignal(number) for number in numbers)
        return 0

    monkeypatch.setattr(cli_roster, "run", look)
    try:
        assert main(ROSTER) == 0
        assert during == [signal.default_int_handler, signal.SIG_IGN]
        assert [signal.getsignal(number) for number in numbers] == [signal.SIG_DFL, signal.SIG_IGN]
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def test_a_port_on_which_nothing_listens_is_refused_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    """Code 1, and what to look at next."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        assert main(["roster", "--server", f"127.0.0.1:{port}", "--timeout", "20"]) == 1
    assert "is the hub started" in capsys.readouterr().err


def test_a_console_that_lacks_a_character_shows_a_question_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some consoles have few characters; a name must not end a command."""
    memory = io.BytesIO()
    console = io.TextIOWrapper(memory, encoding="ascii")
    monkeypatch.setattr(sys, "stdout", console)

    def tell(*_: object) -> int:
        sys.stdout.write("Łukasz")
        return 0

    monkeypatch.setattr(cli_roster, "run", tell)
    assert main(ROSTER) == 0
    console.flush()
    assert memory.getvalue() == b"?ukasz"


@pytest.mark.parametrize("arguments", [["--help"], ["listen", "--help"], []])
def test_nothing_is_loaded_that_only_a_running_command_needs(arguments: list[str]) -> None:
    """The help comes at once: neither the bars nor the search for the system's folders are there yet."""
    looked_for = ("rich", "platformdirs", "tcpipclient.cli_listen", "tcpipclient.cli_send_file")
    program = (
        "import sys\n"
        "from tcpipclient.cli import main\n"
        "try:\n"
        f"    main({arguments!r})\n"
        "except SystemExit:\n"
        "    pass\n"
        f"print('loaded:', *[name for name in {looked_for!r} if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, encoding="utf-8", check=True, timeout=60
    )
    assert done.stdout.splitlines()[-1].strip() == "loaded:"


def test_it_runs_as_a_module() -> None:
    """`python -m tcpipclient` is the command."""
    done = subprocess.run(
        [sys.executable, "-m", "tcpipclient", "--version"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=60,
    )
    assert done.stdout.startswith("tcpipclient ")
