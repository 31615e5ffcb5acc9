"""The client's commands as processes of their own, against our hub and against an original server.

Thread: pytest's main thread; the hub's threads run beside it, the commands are processes.
"""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from commonlib.classic.file_layouts import FileStartPacket
from commonlib.classic.packet import PacketType
from commonlib.identity import key_code
from tests.support.commands import ALLOW, CLIENT, ROOT, SECONDS, know_hub, listening, run_client
from tests.support.leaks import wait_until
from tests.support.original_server import OriginalServer
from tests.support.running_hub import RunningHub, running_hub


@contextmanager
def our_hub() -> Iterator[int]:
    """Our hub; its port."""
    with running_hub() as hub:
        know_hub(hub.service.port, hub.service.fingerprint)
        yield hub.service.port


@contextmanager
def original_server() -> Iterator[int]:
    """A server that behaves as the original one does; its port."""
    with OriginalServer() as server:
        yield server.port


@pytest.fixture(params=[our_hub, original_server], ids=["our hub", "original server"])
def port(request: pytest.FixtureRequest) -> Iterator[int]:
    """Of a server of either kind."""
    with request.param() as port:
        yield port


@pytest.fixture
def hub() -> Iterator[RunningHub]:
    """Our hub."""
    with running_hub() as hub:
        know_hub(hub.service.port, hub.service.fingerprint)
        yield hub


def at(port: int, name: str = "Ann") -> tuple[str, ...]:
    """The options that lead to a server."""
    return ("--server", f"127.0.0.1:{port}", "--name", name, ALLOW)


def test_the_roster_shows_who_is_there(port: int) -> None:
    """As a table, or as one object for each; oneself is not in it."""
    assert run_client("roster", *at(port)).stdout == "Nobody else is on the hub.\n"
    with listening(port, "Bob"):
        table = run_client("roster", *at(port)).stdout.splitlines()
        (person,) = run_client("roster", *at(port), "--json").stdout.splitlines()
    assert table[0].split() == ["ID", "NAME", "COMPUTER", "ADDRESS", "PING", "KEY"]
    assert table[1].split()[1] == "Bob"
    assert "127.0.0.1" in table[1]
    assert json.loads(person)["event"] == "person"
    assert json.loads(person)["name"] == "Bob"
    assert isinstance(json.loads(person)["ping"], float | None)


def test_a_text_reaches_whom_it_is_for(port: int) -> None:
    """Whole, with its two numbers; the sender waits for the word of each recipient."""
    text = "Grüße: " + "long " * 200 + "\nend"
    with listening(port, "Bob", "--count", "1") as bob, listening(port, "Cy", "--count", "1") as cy:
        sent = run_client("send", *at(port), "--to", "bob", "--to", "Cy", "--numbers", "5", "-7", "--json", text)
        assert sent.returncode == 0, sent.stderr
        delivered = [json.loads(line) for line in sent.stdout.splitlines()]
        assert {(item["event"], item["to"]) for item in delivered} == {("delivered", "Bob"), ("delivered", "Cy")}
        for listener in (bob, cy):
            item = listener.next_item("text")
            assert (item["from"], item["text"], item["numbers"]) == ("Ann", text, [5, -7])
            assert listener.finish() == (0, "")


def test_a_text_to_all_reaches_everybody_but_oneself(port: int) -> None:
    """And everybody's word is waited for."""
    with listening(port, "Bob", "--count", "1") as bob, listening(port, "Cy", "--count", "1") as cy:
        sent = run_client("send", *at(port), "--to", "@all", "Hello.")
        assert sent.returncode == 0, sent.stderr
        assert sorted(line.split()[0] for line in sent.stdout.splitlines()) == ["Bob", "Cy"]
        assert [listener.next_item("text")["text"] for listener in (bob, cy)] == ["Hello.", "Hello."]


def test_a_text_to_the_operator_is_confirmed(port: int) -> None:
    """The server is a recipient like others."""
    sent = run_client("send", *at(port), "--to", "server", "--numbers", "1", "2", "Hello.")
    assert (sent.returncode, sent.stdout, sent.stderr) == (0, "server has received it.\n", "")


def test_single_files_arrive_whole_and_only_then_the_sender_is_done(tmp_path: Path) -> None:
    """By the article's packets: several, of any size, to several people; each is said to be saved when it is."""
    contents = {"empty.txt": b"", "small.txt": b"x" * 914, "large.bin": os.urandom(3_000_000)}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    folders = {name: tmp_path / name for name in ("Bob", "Cy")}
    options = {name: ("--accept", "all", "--downloads", str(folder)) for name, folder in folders.items()}
    with (
        original_server() as port,
        listening(port, "Bob", *options["Bob"]) as bob,
        listening(port, "Cy", *options["Cy"]),
    ):
        paths = [str(tmp_path / name) for name in contents]
        sent = run_client("send-file", *at(port), "--to", "@all", "--json", *paths)
        assert sent.returncode == 0, sent.stderr
        for folder in folders.values():
            assert {path.name: path.read_bytes() for path in folder.iterdir()} == contents
        assert bob.next_item("file_saved")["path"] == str(folders["Bob"] / "empty.txt")
    told = [json.loads(line) for line in sent.stdout.splitlines()]
    saved = {(item["to"], item["file"]) for item in told if item["event"] == "file_sent"}
    assert saved == {(name, file) for name in folders for file in contents}


def test_a_single_file_of_a_name_that_is_there_is_kept_beside_it(tmp_path: Path) -> None:
    """Nothing is written over unless --conflict says so; there is nobody to ask here, so `ask` is `rename`."""
    (tmp_path / "a.txt").write_text("new")
    (tmp_path / "Bob").mkdir()
    (tmp_path / "Bob" / "a.txt").write_text("old")
    options = ("--accept", "all", "--downloads", str(tmp_path / "Bob"))
    with original_server() as port:
        with listening(port, "Bob", *options, "--conflict", "ask", "--count", "1") as bob:
            assert run_client("send-file", *at(port), "--to", "Bob", str(tmp_path / "a.txt")).returncode == 0
            assert bob.next_item("file_saved")["path"] == str(tmp_path / "Bob" / "a (2).txt")
            assert "there is no terminal here on which to ask" in bob.finish()[1]
        assert (tmp_path / "Bob" / "a.txt").read_text() == "old"
        with listening(port, "Bob", *options, "--conflict", "replace"):
            assert run_client("send-file", *at(port), "--to", "Bob", str(tmp_path / "a.txt")).returncode == 0
    assert (tmp_path / "Bob" / "a.txt").read_text() == "new"


def test_single_files_that_are_not_wanted_are_declined(tmp_path: Path) -> None:
    """Without a terminal to ask on: nothing is written, and it is said why.

    The sender is not told on this wire: he gives up when his patience ends, with code 3.
    """
    (tmp_path / "a.txt").write_text("x")
    options = ("--accept", "ask", "--downloads", str(tmp_path / "Bob"))
    with original_server() as port, listening(port, "Bob", *options) as bob:
        sent = run_client("send-file", *at(port), "--to", "Bob", "--timeout", "1", str(tmp_path / "a.txt"))
        declined = bob.next_item("file_not_saved")
        bob.process.kill()
        assert "there is no terminal" in bob.finish()[1]
    assert sent.returncode == 3
    assert "nobody has said that it was saved" in sent.stderr
    assert declined["declined"] is True
    assert not (tmp_path / "Bob").exists()


def test_received_files_go_below_the_data_folder(hub: RunningHub, tmp_path: Path) -> None:
    """Where --downloads does not say otherwise: many clients can run on one machine."""
    port = hub.service.port
    (tmp_path / "a.txt").write_text("x")
    own = ("--data-dir", str(tmp_path / "data"), "--trust-on-first-use")
    with listening(port, "Bob", "--accept", "all", *own, "--count", "1"):
        assert run_client("send-file", *at(port), "--to", "Bob", str(tmp_path / "a.txt")).returncode == 0
    assert (tmp_path / "data" / "downloads" / "a.txt").read_text() == "x"


def test_files_of_those_who_are_known_need_no_question(hub: RunningHub, tmp_path: Path) -> None:
    """Whoever is encrypted has proved his key to the hub."""
    port = hub.service.port
    (tmp_path / "a.txt").write_text("x")
    with listening(port, "Bob", "--accept", "known", "--downloads", str(tmp_path / "Bob"), "--count", "1") as bob:
        assert run_client("send-file", *at(port), "--to", "Bob", str(tmp_path / "a.txt")).returncode == 0
        assert bob.finish() == (0, "")
    assert (tmp_path / "Bob" / "a.txt").read_text() == "x"


def test_where_nobody_is_encrypted_nobody_is_known(tmp_path: Path) -> None:
    """Nothing is written, and it is said why."""
    (tmp_path / "a.txt").write_text("x")
    options = ("--accept", "known", "--downloads", str(tmp_path / "b"))
    with original_server() as port, listening(port, "Bob", *options) as bob:
        sent = run_client("send-file", *at(port), "--to", "Bob", "--timeout", "1", str(tmp_path / "a.txt"))
        assert bob.next_item("file_not_saved")["declined"] is True
        bob.process.kill()
        assert "nobody counts as known" in bob.finish()[1]
    assert sent.returncode == 3
    assert not (tmp_path / "b").exists()


def test_a_recipient_who_is_not_there_is_told_with_those_who_are(port: int) -> None:
    """Code 1; nobody was sent anything."""
    with listening(port, "Bob") as bob:
        sent = run_client("send", *at(port), "--to", "Bob", "--to", "Rob", "Hello.")
        assert run_client("send", *at(port), "--to", "Bob", "Only this.").returncode == 0
        assert bob.next_item("text")["text"] == "Only this."
    assert sent.returncode == 1
    assert sent.stdout == ""
    assert 'There is no "Rob" on the hub. There is Bob (' in sent.stderr


def test_a_name_of_two_people_has_to_be_an_id(hub: RunningHub) -> None:
    """The sentence names both; the id then reaches one of them."""
    with listening(hub.service.port, "Bob") as first, listening(hub.service.port, "BOB"):
        port = hub.service.port
        refused = run_client("send", *at(port), "--to", "bob", "Hello.")
        people = run_client("roster", *at(port), "--json").stdout.splitlines()
        ids = {json.loads(line)["name"]: json.loads(line)["id"] for line in people}
        sent = run_client("send", *at(port), "--to", str(ids["Bob"]), "Hello.")
        assert first.next_item("text")["text"] == "Hello."
    assert refused.returncode == 1
    assert "give the id" in refused.stderr
    assert sent.returncode == 0


def test_an_empty_hub_cannot_be_told_anything(port: int) -> None:
    """--to @all without anybody is code 1 and a sentence, for texts and for files."""
    for command in ("send", "send-file"):
        sent = run_client(command, *at(port), "--to", "@all", str(ROOT / "setup.py"))
        assert (sent.returncode, sent.stdout) == (1, "")
        assert "Nobody else is on the hub" in sent.stderr


def test_a_recipient_who_does_not_answer_makes_it_time_out(hub: RunningHub) -> None:
    """Code 3, for a text and for a file, when the time that was given is up."""
    hub.join("Mute")
    port = hub.service.port
    text = run_client("send", *at(port), "--to", "Mute", "--timeout", "1", "--json", "Hello.")
    assert text.returncode == 3
    assert "To Mute (1): No receipt came" in text.stderr
    assert json.loads(text.stdout)["timed_out"] is True
    file = run_client("send-file", *at(port), "--to", "Mute", "--timeout", "1", str(ROOT / "setup.py"))
    assert file.returncode == 3
    assert 'To Mute (1): For 1 seconds nothing was heard of "setup.py"' in file.stderr  # He is on the classic wire.


def test_what_is_not_there_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    """Nobody even connects: where nothing listens, the path is the complaint."""
    sent = run_client("send-file", *at(1), "--to", "Bob", str(ROOT / "setup.py"), str(tmp_path / "nothing"))
    assert sent.returncode == 1
    assert "there is no such file" in sent.stderr


def test_an_original_server_passes_no_folder(tmp_path: Path) -> None:
    """Code 1 and a sentence before anything is sent."""
    with (
        original_server() as port,
        listening(port, "Bob", "--accept", "all", "--downloads", str(tmp_path / "b")) as bob,
    ):
        sent = run_client("send-file", *at(port), "--to", "Bob", str(ROOT / "setup.py"), str(ROOT / "docs"))
        assert run_client("send", *at(port), "--to", "Bob", "Only this.").returncode == 0
        assert bob.next_item("text")["text"] == "Only this."
    assert sent.returncode == 1
    assert "is a folder; pack it into an archive and send that. Nothing was sent." in sent.stderr
    assert {item["event"] for item in bob.items} <= {"ready", "joined", "left", "changed", "text"}


def test_listening_ends_with_the_hub(hub: RunningHub) -> None:
    """Code 1 and a sentence when the hub is stopped; a script gets an object."""
    with listening(hub.service.port, "Bob") as bob:
        hub.service.stop()
        assert bob.next_item("connection_lost")["loss"] == "hub exited"
        code, complaints = bob.finish()
    assert code == 1
    assert complaints.count("\n") == 1, complaints


def test_listening_for_a_time_ends_when_it_is_over(hub: RunningHub) -> None:
    """Without a count that is what was asked for; with one that was not reached it is code 3."""
    port = hub.service.port
    over = run_client("listen", *at(port), "--accept", "none", "--timeout", "1")
    assert over.returncode == 0
    assert over.stdout.startswith(f"Listening on 127.0.0.1:{port} as Ann (1): encrypted, the hub's key code is ")
    assert over.stdout.endswith(f"{key_code(hub.service.fingerprint)}. Also here: nobody. Ctrl-C ends it.\n")
    short = run_client("listen", *at(port), "--accept", "none", "--timeout", "1", "--count", "2")
    assert short.returncode == 3
    assert "Only 0 of the 2 texts and files came within 1 seconds" in short.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows interrupts a whole console, the one of the tests included")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_it_and_cleans_up(hub: RunningHub, tmp_path: Path, number: signal.Signals) -> None:
    """Code 130, a sentence, and nothing left of a file that was arriving; the others see him leave."""
    folder = tmp_path / "Bob"
    with listening(hub.service.port, "Bob", "--accept", "all", "--downloads", str(folder)) as bob:
        sender = hub.join("Ann")
        start = FileStartPacket(PacketType.FILE_START, 1, 0, 1, 1_000_000, "a.bin", b"x" * 914)
        sender.send(start.encode())
        assert wait_until(lambda: folder.exists() and any(folder.iterdir()), SECONDS)
        bob.process.send_signal(number)
        code, complaints = bob.finish()
        hub.wait_for_members(1)
    assert code == 130
    assert complaints == "tcpipclient: stopped as asked.\n"
    assert list(folder.iterdir()) == []


def test_a_reader_that_goes_away_ends_it_quietly(hub: RunningHub) -> None:
    """Code 1 and a sentence, no traceback, when what reads the output has ended: `listen | head`."""
    command = [*CLIENT, "listen", *at(hub.service.port, "Bob"), "--accept", "none"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        hub.join("Ann")
        assert process.wait(SECONDS) == 1
        complaints = process.stderr.read()
    assert complaints.startswith("tcpipclient: Whoever read the output is gone")
    assert complaints.count("\n") == 1


def test_what_is_no_hub_is_told_as_such() -> None:
    """Code 1, not a traceback, where a server of another kind listens."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with subprocess.Popen(
            [*CLIENT, "roster", *at(port)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
        ) as process:
            connection, _ = other.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n" * 100)
                _, complaints = process.communicate(timeout=SECONDS)
    assert process.returncode == 1
    assert "is no hub" in complaints


def test_a_silent_server_makes_it_time_out() -> None:
    """Code 3 when something accepts the connection and then says nothing for as long as was given."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        done = run_client("roster", *at(silent.getsockname()[1]), "--timeout", "1")
    assert done.returncode == 3
    assert "in time" in done.stderr


@pytest.mark.parametrize(("server", "code"), [("host.invalid", 1), ("127.0.0.1:0", 2), ("[::1", 2)])
def test_a_server_that_cannot_be_meant_is_told(server: str, code: int) -> None:
    """A name that nobody has is a failure, an address that is none is wrong use."""
    done = run_client("roster", "--server", server)
    assert done.returncode == code
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
