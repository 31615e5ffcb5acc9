"""The operator's command line on a running hub, each a process of its own.

Thread: pytest's main thread.
"""

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from commonlib.classic.layouts import DataPacket
from commonlib.classic.packet import PacketType
from commonlib.identity import key_code, short_key_code
from commonlib.storage.keyfile import make_identity
from commonlib.wire.messages import ApprovalAwaited, Closing, Refused
from commonlib.wire.reasons import ClosingReason, RefusalReason
from tcpipserver.control.endpoint import SocketEndpoint
from tcpipserver.control.place import Contact, private_folder, write_contact
from tests.support.classic_client import ClassicClient
from tests.support.hub_process import ROOT, HubProcess, hub_process, run_hub
from tests.support.leaks import wait_until
from tests.support.modern_client import ModernClient

SECONDS = 30.0
posix = pytest.mark.skipif(os.name == "nt", reason="Windows has named pipes and other signals")


@contextmanager
def hub_in(tmp_path: Path, data_dir: Path | None = None, *options: str) -> Iterator[HubProcess]:
    """A hub that keeps everything in a folder."""
    with hub_process(tmp_path, "--data-dir", str(data_dir or tmp_path / "data"), *options) as hub:
        yield hub


def ctl(data_dir: Path, *arguments: str) -> tuple[int, str, str]:
    """Run the command; its exit code, what it printed, and what it complained of."""
    done = subprocess.run(
        command(data_dir, *arguments),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


def command(data_dir: Path, *arguments: str) -> list[str]:
    """The command line."""
    return [sys.executable, "-m", "tcpipserver", "ctl", "--data-dir", str(data_dir), *arguments]


def items(data_dir: Path, *arguments: str) -> list[dict[str, Any]]:
    """What the command prints with --json; it must succeed."""
    code, out, err = ctl(data_dir, "--json", *arguments)
    assert (code, err) == (0, "")
    return [json.loads(line) for line in out.splitlines()]


def test_an_operator_sees_people_talks_to_them_and_sends_them_away(tmp_path: Path) -> None:
    """Status, clients, say and kick, with what people hear of it and what the log says."""
    data = tmp_path / "data"
    with hub_in(tmp_path) as hub, ClassicClient(hub.port) as ann, ClassicClient(hub.port) as bob:
        ann.register("Ann")
        bob.register("Bob B")
        (status,) = items(data, "status")
        assert (status["port"], status["pid"], status["classic"]) == (hub.port, hub.process.pid, 2)
        assert (status["encrypted"], status["policy"], status["takes_classic"]) == (0, "open", True)
        assert status["fingerprint"] == hub.ready["fingerprint"]
        hub.wait_for(status["key_code"])
        clients = items(data, "clients")
        assert [(one["id"], one["name"], one["address"]) for one in clients] == [
            (ann.id, "Ann", "127.0.0.1"),
            (bob.id, "Bob B", "127.0.0.1"),
        ]
        assert all(one["fingerprint"] is None and one["encrypted"] is False for one in clients)
        assert items(data, "say", "--to", "Ann", "hello", "Ann") == [{"event": "said", "to_ids": [ann.id]}]
        said = DataPacket.decode(ann.wait_for(PacketType.MESSAGE))
        assert (said.id_from, said.text_a) == (0, "hello Ann")
        assert items(data, "say", "everybody") == [{"event": "said", "to_ids": None}]
        assert DataPacket.decode(bob.wait_for(PacketType.MESSAGE)).text_a == "everybody"
        assert items(data, "kick", "bob", "b", "--reason", "too loud") == [
            {"event": "kicked", "id": bob.id, "name": "Bob B", "fingerprint": None}
        ]
        bob.wait_for(PacketType.MESSAGE, lambda packet: "too loud" in DataPacket.decode(packet).text_a)
        hub.wait_for(f"Bob B ({bob.id}) is gone: the operator sent it away (too loud).")
        assert [one["name"] for one in items(data, "clients")] == ["Ann"]
        ann.echo()


def test_a_key_that_waits_is_let_in_once_and_for_all(tmp_path: Path) -> None:
    """It is listed with its whole code; who has been approved comes in at once the next time."""
    data = tmp_path / "data"
    with hub_in(tmp_path, data, "--approve") as hub:
        assert items(data, "approve", "--list") == []
        with ModernClient(hub.port) as eve:
            eve.secure()
            eve.send(eve.hello("Eve"))
            eve.wait_for(ApprovalAwaited)
            (waiting,) = items(data, "approve", "--list")
            fingerprint = eve.identity.fingerprint
            assert (waiting["name"], waiting["fingerprint"]) == ("Eve", fingerprint.hex())
            assert waiting["key_code"] == key_code(fingerprint)
            (status,) = items(data, "status")
            assert (status["policy"], status["waiting"], status["takes_classic"]) == ("approval", 1, False)
            assert ctl(data, "approve", "Eve")[0] == 1
            (approved,) = items(data, "approve", *short_key_code(fingerprint).split())
            assert approved == {"event": "approved", "id": None, "name": "Eve", "fingerprint": fingerprint.hex()}
            eve.be_welcomed()
            assert items(data, "approve", "--list") == []
            (client,) = items(data, "clients")
            assert (client["id"], client["encrypted"], client["fingerprint"]) == (eve.id, True, fingerprint.hex())
        with ModernClient(hub.port, eve.identity) as again:
            again.register("Eve").echo()


def test_a_banned_key_stays_out_until_it_is_let_in_again(tmp_path: Path) -> None:
    """All its connections end with the reason, also after the hub was started anew; others are not concerned."""
    data = tmp_path / "data"
    identity = make_identity()
    with hub_in(tmp_path, data) as hub, ModernClient(hub.port) as ann:
        ann.register("Ann")
        with ModernClient(hub.port, identity) as bob, ModernClient(hub.port, identity) as too:
            bob.register("Bob")
            too.register("Bob")
            banned = items(data, "ban", "Bob", "--reason", "too loud")
            assert sorted(one["id"] for one in banned) == sorted([bob.id, too.id])
            for client in (bob, too):
                closing = client.wait_for(Closing)
                assert (closing.reason, closing.text) == (ClosingReason.BANNED, "too loud")
        ann.echo()
        assert items(data, "status")[0]["banned"] == 1
        assert hub.end() == 0
    with hub_in(tmp_path / "home", data) as hub:
        with ModernClient(hub.port, identity) as bob:
            bob.secure()
            bob.send(bob.hello("Bob"))
            refused = bob.wait_for(Refused)
            assert (refused.reason, refused.text) == (RefusalReason.BANNED, "too loud")
        (unbanned,) = items(data, "unban", identity.fingerprint.hex()[:8])
        assert unbanned["name"] == "Bob"
        with ModernClient(hub.port, identity) as bob:
            bob.register("Bob").echo()
            assert items(data, "ban", str(bob.id))[0]["id"] == bob.id


def test_who_has_left_can_be_banned_by_his_name(tmp_path: Path) -> None:
    """The hub remembers his key."""
    data = tmp_path / "data"
    with hub_in(tmp_path, data) as hub:
        with ModernClient(hub.port) as bob:
            bob.register("Bob")
        hub.wait_for("Bob (1) is gone")
        (banned,) = items(data, "ban", "bob")
        assert banned["fingerprint"] == bob.identity.fingerprint.hex()
        assert banned["id"] is None
        with ModernClient(hub.port, bob.identity) as again:
            again.secure()
            again.send(again.hello("Rob"))
            assert again.wait_for(Refused).reason == RefusalReason.BANNED


def test_what_cannot_be_done_is_a_sentence_and_changes_nothing(tmp_path: Path) -> None:
    """Nobody of that name, two of it, no key to be banned, nobody to hear."""
    data = tmp_path / "data"
    with hub_in(tmp_path) as hub:
        assert ctl(data, "say", "hello")[0] == 1
        with ClassicClient(hub.port) as ann, ClassicClient(hub.port) as too:
            ann.register("Ann")
            too.register("Ann")
            for arguments, part in [
                (("kick", "Zoe"), 'There is no "Zoe" on the hub'),
                (("kick", "Ann"), f"Ann ({ann.id}) or Ann ({too.id}), so nothing was done: give the id"),
                (("ban", str(ann.id)), "has proved no key that could be kept out"),
                (("unban", "Ann"), "not banned"),
                (("approve", "Ann"), "approve --list"),
                (("say", "--to", str(ann.id), "--to", "Zoe", "hi"), '"Zoe"'),
            ]:
                code, out, err = ctl(data, *arguments)
                assert (code, out) == (1, "")
                assert err.startswith("tcpipserver ctl: ")
                assert part in err
            assert len(items(data, "clients")) == 2
            ann.echo()


def test_stop_ends_the_hub_and_waits_for_it(tmp_path: Path) -> None:
    """People hear a goodbye; when the command has ended, another hub can take the folder; both exit codes are 0."""
    data = tmp_path / "data"
    with hub_in(tmp_path) as hub:
        with ClassicClient(hub.port).register("Ann") as ann:
            assert ctl(data, "stop") == (0, "The hub has stopped.\n", "")
            ann.wait_for(PacketType.HOST_EXITING)
        with hub_in(tmp_path / "home", data):
            assert hub.exit_code() == 0
            assert items(data, "status")
        assert "The operator's command line stops the hub." in hub.said
        assert "Traceback" not in hub.said
    assert ctl(data, "status")[0] == 1


@posix
def test_a_second_hub_on_one_folder_says_so_and_ends(tmp_path: Path) -> None:
    """With code 1, before it reads or writes anything there; the first one goes on, its log is untouched."""
    data = tmp_path / "data"
    with hub_in(tmp_path) as hub:
        assert wait_until(lambda: "may join" in (data / "server.log").read_text("utf-8"), SECONDS)
        before = (data / "server.log").read_text("utf-8")
        code, said = run_hub("--headless", "--host", "127.0.0.1", "--port", "0", "--data-dir", str(data))
        assert code == 1
        assert said.startswith(f"Another hub is working with the data folder {data}: stop it with 'tcpipserver ctl")
        assert said.count("\n") == 1
        assert (data / "server.log").read_text("utf-8") == before
        assert items(data, "status")[0]["pid"] == hub.process.pid


@posix
def test_a_killed_hub_leaves_nothing_that_is_in_the_way(tmp_path: Path) -> None:
    """Until there is another hub the command says that there is none; the next one takes socket and lock over."""
    data = tmp_path / "data"
    with hub_in(tmp_path) as hub:
        hub.process.kill()
        hub.exit_code()
    assert (data / "control" / "contact").exists()
    code, _, err = ctl(data, "status")
    assert code == 1
    assert f"No hub is running with the data folder {data}" in err
    with hub_in(tmp_path / "home", data) as hub:
        assert items(data, "status")[0]["pid"] == hub.process.pid
        assert hub.end() == 0
    assert sorted(path.name for path in (data / "control").iterdir()) == ["lock"]


@posix
def test_nobody_else_can_reach_the_line(tmp_path: Path) -> None:
    """The folder, the socket and the key are their owner's alone, and there is no port but the one for clients."""
    data = tmp_path / "data"
    with hub_in(tmp_path):
        control = data / "control"
        modes = {path.name: stat.S_IMODE(path.lstat().st_mode) for path in [control, *control.iterdir()]}
        assert modes["control"] == 0o700
        assert modes["contact"] == modes["lock"] == 0o600
        address = Path(json.loads((control / "contact").read_bytes())["address"])
        assert stat.S_ISSOCK(address.lstat().st_mode)
        assert stat.S_IMODE(address.lstat().st_mode) == 0o600
        assert stat.S_IMODE(address.parent.lstat().st_mode) == 0o700


@posix
def test_a_folder_with_a_long_path_works_too(tmp_path: Path) -> None:
    """Its socket is somewhere short, and gone afterwards."""
    data = tmp_path / ("long " * 40)
    with hub_in(tmp_path, data) as hub:
        assert items(data, "status")[0]["pid"] == hub.process.pid
        address = Path(json.loads((data / "control" / "contact").read_bytes())["address"])
        assert data not in address.parents
        assert hub.end() == 0
    assert not address.parent.exists()


@posix
def test_a_hub_that_hangs_is_3(tmp_path: Path) -> None:
    """The hub is held up by the system, and goes on afterwards."""
    data = tmp_path / "data"
    with hub_in(tmp_path) as hub:
        hub.process.send_signal(signal.SIGSTOP)
        try:
            code, out, err = ctl(data, "--timeout", "0.5", "status")
            assert (code, out) == (3, "")
            assert "does not answer in time" in err
        finally:
            hub.process.send_signal(signal.SIGCONT)
        assert items(data, "status")


@posix
def test_ctrl_c_ends_the_waiting_with_130(tmp_path: Path) -> None:
    """Somebody has taken the call, and says nothing."""
    endpoint = SocketEndpoint(private_folder(tmp_path) / "socket")
    write_contact(tmp_path / "control", Contact(address=endpoint.address, key=bytes(32)))
    with subprocess.Popen(command(tmp_path, "status"), cwd=ROOT, stderr=subprocess.PIPE, text=True) as waiting:
        channel = endpoint.accept()
        assert channel is not None
        waiting.send_signal(signal.SIGINT)
        _, said = waiting.communicate(timeout=SECONDS)
        channel.close()
    endpoint.close()
    assert waiting.returncode == 130
    assert said == "tcpipserver ctl: stopped as asked; the hub may have done it all the same.\n"


def test_a_key_that_waits_is_not_let_in(tmp_path: Path) -> None:
    """Its owner reads why; he may ask again, since nobody has banned him. Who does not wait cannot be denied."""
    data = tmp_path / "data"
    with hub_in(tmp_path, data, "--approve") as hub:
        with ModernClient(hub.port) as eve:
            eve.secure()
            eve.send(eve.hello("Eve"))
            eve.wait_for(ApprovalAwaited)
            code = short_key_code(eve.identity.fingerprint)
            (denied,) = items(data, "deny", *code.split(), "--reason", "Not today.")
            assert (denied["event"], denied["fingerprint"]) == ("denied", eve.identity.fingerprint.hex())
            refused = eve.wait_for(Refused)
            assert (refused.reason, refused.text) == (RefusalReason.DENIED, "Not today.")
            eve.wait_for_end()
        assert ctl(data, "deny", *code.split())[0] == 1
        with ModernClient(hub.port, eve.identity) as again:
            again.secure()
            again.send(again.hello("Eve"))
            again.wait_for(ApprovalAwaited)
