"""The client's commands on a terminal: the question about a file, what comes meanwhile, and the progress bars.

Thread: pytest's main thread; the hub's threads run beside it, the commands are processes.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.commands import CLIENT, ROOT, SECONDS, know_hub, listening, run_client
from tests.support.running_hub import RunningHub, running_hub

if sys.platform == "win32":
    pytest.skip("Windows has no terminals that a test can make", allow_module_level=True)

from tests.support.terminals import on_terminal


@pytest.fixture
def hub() -> Iterator[RunningHub]:
    """Our hub."""
    with running_hub() as hub:
        know_hub(hub.service.port, hub.service.fingerprint)
        yield hub


def at(hub: RunningHub, name: str) -> tuple[str, ...]:
    """The options that lead to a hub."""
    return ("--server", f"127.0.0.1:{hub.service.port}", "--name", name)


def test_a_file_is_asked_about_and_nothing_waits_for_the_answer(hub: RunningHub, tmp_path: Path) -> None:
    """Texts are shown while the question is open, it is shown again below them, and yes keeps the file."""
    (tmp_path / "a.txt").write_text("content")
    downloads = tmp_path / "downloads"
    with on_terminal("tcpipclient", "listen", *at(hub, "Bob"), "--downloads", str(downloads), "--count", "2") as screen:
        screen.wait_for("Listening on")
        send_file = [*CLIENT, "send-file", *at(hub, "Ann"), "--to", "Bob", str(tmp_path / "a.txt")]
        with subprocess.Popen(send_file, cwd=ROOT, stdout=subprocess.DEVNULL) as sending:
            screen.wait_for("a.txt (7 bytes)\n")
            screen.wait_for("offers a.txt (7 bytes). Keep it? [y/N/a = always from now on] ")
            said = run_client("send", *at(hub, "Cy"), "--to", "Bob", "Meanwhile.")
            assert said.returncode == 0, said.stderr
            screen.wait_for("Keep it?", times=2)
            assert "): Meanwhile.\n" in screen.shown
            assert not (downloads / "a.txt").exists()
            screen.type_line("y")
            assert sending.wait(SECONDS) == 0
        assert screen.finish() == 0
    assert f"it is in {downloads / 'a.txt'}" in screen.shown
    assert (downloads / "a.txt").read_text() == "content"


def test_no_and_the_end_of_the_input_decline(hub: RunningHub, tmp_path: Path) -> None:
    """Nothing is left of the file; after Ctrl-D nobody is asked any more."""
    (tmp_path / "a.txt").write_text("content")
    downloads = tmp_path / "downloads"
    send_file = ("send-file", *at(hub, "Ann"), "--to", "Bob", "--timeout", "1", str(tmp_path / "a.txt"))
    with on_terminal("tcpipclient", "listen", *at(hub, "Bob"), "--downloads", str(downloads)) as screen:
        screen.wait_for("Listening on")
        with subprocess.Popen([*CLIENT, *send_file], cwd=ROOT, stderr=subprocess.DEVNULL) as sending:
            screen.wait_for("Keep it?")
            screen.type_line("n")
            screen.wait_for("was declined")
            assert sending.wait(SECONDS) == 1
        screen.end_input()
        screen.wait_for("files are declined from now on")
        assert run_client(*send_file).returncode == 1
        screen.wait_for("was declined", times=2)
    assert screen.shown.count("Keep it?") == 1
    assert not downloads.exists()


def test_a_long_transfer_has_a_bar_and_leaves_none(hub: RunningHub, tmp_path: Path) -> None:
    """It names file, receiver, speed and way; what stays on the screen is the sentence at the end."""
    (tmp_path / "large.bin").write_bytes(os.urandom(8_000_000))
    with listening(hub.service.port, "Bob", "--accept", "all", "--downloads", str(tmp_path / "downloads")):
        command = ("send-file", *at(hub, "Ann"), "--to", "Bob", "--limit-speed", "4M", str(tmp_path / "large.bin"))
        with on_terminal("tcpipclient", *command) as screen:
            screen.wait_for("MB/s")
            assert screen.finish() == 0
    assert "large.bin to Bob (1)" in screen.shown
    assert "8.0 MB" in screen.shown
    assert "direct" in screen.shown
    assert screen.shown.endswith("Bob (1) has saved large.bin (8.0 MB).\n")
    assert (tmp_path / "downloads" / "large.bin").read_bytes() == (tmp_path / "large.bin").read_bytes()


def test_a_folder_is_laid_out_and_asked_about_with_what_is_there(hub: RunningHub, tmp_path: Path) -> None:
    """Every name, escaped, which are there, and once what happens to those; the answers are carried out."""
    downloads = tmp_path / "downloads"
    for folder, content in ((tmp_path, "new"), (downloads, "old")):
        (folder / "photos").mkdir(parents=True)
        (folder / "photos" / "a.txt").write_text(content)
    (tmp_path / "b\x1b[31m.txt").write_text("b")
    options = ("--downloads", str(downloads), "--conflict", "ask", "--count", "1")
    with on_terminal("tcpipclient", "listen", *at(hub, "Bob"), *options) as screen:
        screen.wait_for("Listening on")
        paths = [str(tmp_path / "photos"), str(tmp_path / "b\x1b[31m.txt")]
        send_file = [*CLIENT, "send-file", *at(hub, "Ann"), "--to", "Bob", *paths]
        with subprocess.Popen(send_file, cwd=ROOT, stdout=subprocess.DEVNULL) as sending:
            screen.wait_for("Keep them all? [y/N/a = always from now on] ")
            assert "  photos/ (3 bytes), there already\n" in screen.shown
            assert "offers 2 files in 1 folder, 4 bytes; " in screen.shown
            screen.type_line("y")
            screen.wait_for("photos is there already: r keeps both")
            screen.type_line("p")
            assert sending.wait(SECONDS) == 0
        assert screen.finish() == 0
    assert "\x1b[31m" not in screen.shown
    assert (downloads / "photos" / "a.txt").read_text() == "new"
    assert "they are in" in screen.shown


def test_a_listener_in_the_background_goes_on(hub: RunningHub, tmp_path: Path) -> None:
    """`listen &`: it cannot read the keyboard, says that files are declined, and is not stopped by the system."""
    options = ("--downloads", str(tmp_path), "--count", "1")
    with on_terminal("tcpipclient", "listen", *at(hub, "Bob"), *options, in_background=True) as screen:
        screen.wait_for("files are declined from now on")
        said = run_client("send", *at(hub, "Ann"), "--to", "Bob", "Are you there?")
        assert said.returncode == 0, said.stderr
        assert screen.finish() == 0
    assert "Are you there?" in screen.shown
