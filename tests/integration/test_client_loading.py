"""What the short commands load: nothing that they do not need, since loading is most of the time that they take.

Thread: pytest's main thread; the hub's threads run beside it, the commands are processes.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from commonlib.identity import Fingerprint
from tests.support.commands import ROOT, SECONDS, know_hub, listening
from tests.support.running_hub import running_hub

# typing_extensions is not listed: that it is looked for is told like its being loaded, which `inspect` gives away.
# Packages for windows, bars and the network that other commands need, modules that read every form of a key, and the
# other end of a batch, the classic wire and the folder for downloads, which who sends to one of ours has no use for.
TOO_MUCH = {
    "PIL",
    "asyncio",
    "commonlib.transfer.receiving",
    "commonlib.transfer.resume",
    "concurrent.futures",
    "cryptography.hazmat.primitives.asymmetric.padding",
    "cryptography.hazmat.primitives.serialization",
    "cryptography.x509",
    "dataclasses",
    "email",
    "encodings.idna",
    "getpass",
    "http",
    "inspect",
    "json",
    "locale",
    "logging",
    "multiprocessing",
    "platformdirs",
    "rich",
    "shutil",
    "spake2",
    "tcpipclient.core.classic_session",
    "tcpipclient.core.framed_file",
    "tcpipclient.folder",
    "tcpipclient.gui",
    "tcpipserver",
    "tempfile",
    "tkinter",
    "urllib.request",
}
BATCHES = "tcpipclient.net.exchange.shell"
AFTER_AN_OFFER = {
    "blake3",
    "commonlib.transfer.sending",
    "tcpipclient.net.peer.sending_pump",
    "tcpipclient.net.peer.ways",
}


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """Of our hub, known to the commands, with Bob on it, who takes every file."""
    with running_hub() as hub:
        know_hub(hub.service.port, Fingerprint(hub.service.fingerprint))
        with listening(hub.service.port, "Bob", "--accept", "all", "--downloads", str(tmp_path / "downloads")):
            yield hub.service.port


def loaded_by(*arguments: str) -> set[str]:
    """All modules that a command has loaded when it ends, and the packages that they are in."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "tcpipclient", *arguments],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=True,
    )
    return {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}


def test_nothing_too_much_is_loaded(port: int, tmp_path: Path) -> None:
    """By `roster` and by `send-file`, from the beginning to the end, the second time that their user is there."""
    small = tmp_path / "small.bin"
    small.write_bytes(bytes(1000))
    options = ("--server", f"127.0.0.1:{port}", "--name", "Ann")
    commands = (("roster", *options), ("send-file", *options, "--to", "Bob", str(small)))
    loaded_by(*commands[0])
    for command in commands:
        loaded = loaded_by(*command)
        assert "tcpipclient.net.encrypted_arrival" in loaded
        assert loaded & TOO_MUCH == set()


def test_an_offer_is_made_before_what_moves_files_is_loaded() -> None:
    """Whoever has made one loads that while it is answered, and then it is there."""
    program = f"""
import sys
import {BATCHES}
from tcpipclient.exchange import load_ahead
late = {AFTER_AN_OFFER!r}
assert not late & sys.modules.keys()
load_ahead()
assert late <= sys.modules.keys()
"""
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, timeout=SECONDS, check=True)
