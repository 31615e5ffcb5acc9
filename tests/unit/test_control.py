"""The control thread of the server window, with a real hub on this machine: every order has its answer in the feed."""

import errno
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from commonlib.classic.packet import PacketType
from commonlib.exceptions import ChatError, FieldError
from commonlib.wire.messages import Closing, Refused
from tcpipserver.config import ServerConfig
from tcpipserver.control import requests
from tcpipserver.control.asking import ask
from tcpipserver.gui import control as control_module
from tcpipserver.gui import events
from tcpipserver.gui.control import JOIN_CODE_FILE, Control
from tcpipserver.gui.feed import Feed
from tcpipserver.hub.admission import Joining, Policy
from tcpipserver.net.listener import ListenError
from tcpipserver.service import NotRunningError, Service
from tests.support.classic_client import ClassicClient
from tests.support.leaks import wait_until
from tests.support.modern_client import ModernClient

SECONDS = 20.0
Kind = TypeVar("Kind", bound=events.Event)


class Desk:
    """A control with its feed, and what has come through it."""

    def __init__(self, data_dir: Path | None = None, join_code_file: Path | None = None) -> None:
        self.feed = Feed()
        self.heard: list[events.Event] = []
        self.ports: list[int] = []
        config = ServerConfig(host="127.0.0.1", data_dir=data_dir, join_code_file=join_code_file)
        self.control = Control(config, self.feed, self.ports.append)

    def wait_for(self, kind: type[Kind]) -> Kind:
        """The next event of a kind; those before it are passed over."""
        found: list[Kind] = []

        def look() -> bool:
            while not found and (taken := self.feed.take(1)):
                self.heard += taken
                found.extend(event for event in taken if isinstance(event, kind))
            return bool(found)

        assert wait_until(look, SECONDS), f"no {kind.__name__} came: {self.heard}"
        return found[0]


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """One that is open, and looks often."""
    monkeypatch.setattr(control_module, "LOOK_SECONDS", 0.01)
    desk = Desk()
    desk.control.open()
    try:
        yield desk
    finally:
        desk.control.close()


def test_a_hub_is_started_and_stopped(desk: Desk) -> None:
    """And again: each time people can connect, and hear when it ends."""
    for _ in range(2):
        desk.control.start(0)
        port = desk.wait_for(events.HubStarted).port
        with ClassicClient(port).register("Ann") as ann:
            desk.control.stop()
            ann.wait_for(PacketType.HOST_EXITING)
            assert desk.wait_for(events.HubStopped) == events.HubStopped()
    assert len(desk.ports) == 2


def test_a_taken_port_comes_back_with_a_free_one(desk: Desk) -> None:
    """The hub can be started there."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        desk.control.start(taken.getsockname()[1])
        refused = desk.wait_for(events.ListenRefused)
        port = taken.getsockname()[1]
        assert refused.sentence == f"Port {port} is already in use on this machine, perhaps by another hub."
        assert refused.free_port is not None
        desk.control.start(refused.free_port)
        assert desk.wait_for(events.HubStarted).port == refused.free_port


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.EACCES, "The system keeps port 80 for itself."),
        (10013, "The system keeps port 80 for itself."),
        (10048, "Port 80 is already in use on this machine, perhaps by another hub."),
        (errno.EADDRNOTAVAIL, "as the command says it"),
    ],
)
def test_a_port_that_cannot_be_had_is_told_in_the_windows_words(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, number: int, sentence: str
) -> None:
    """The command's advice names its option; the window has a button. All else is told as it is."""

    def refuse(_: Service) -> None:
        raise ListenError("", 80, "as the command says it") from OSError(number, "made up")

    monkeypatch.setattr(Service, "start", refuse)
    desk.control.start(80)
    assert desk.wait_for(events.ListenRefused).sentence == sentence


def test_the_hub_is_looked_at_and_so_is_the_machine(desk: Desk) -> None:
    """Who is there, and where."""
    desk.wait_for(events.MachineLooked)
    desk.control.start(0)
    port = desk.wait_for(events.HubStarted).port
    with ClassicClient(port).register("Ann"):
        while not (people := desk.wait_for(events.HubLooked).overview.people):
            pass
        assert [listed.person.name for listed in people] == ["Ann"]


def test_texts_go_both_ways_and_people_can_be_sent_away(desk: Desk) -> None:
    """Whoever is sent away reads why, as a text from the server."""
    desk.control.start(0)
    port = desk.wait_for(events.HubStarted).port
    with ClassicClient(port).register("Ann") as ann:
        ann.say("hello", to=0)
        said = desk.wait_for(events.TextSaid)
        assert (said.sender.name, said.text) == ("Ann", "hello")
        desk.control.say((ann.id,), "hi", (1, 2))
        ann.wait_for(PacketType.MESSAGE)
        desk.control.kick((ann.id,), "too loud")
        ann.wait_for(PacketType.MESSAGE)
        ann.wait_for_end()


def test_what_cannot_be_said_is_refused_at_once(desk: Desk) -> None:
    """Without a hub nobody hears it, and a text that is too long fits nowhere."""
    key = bytes(32)
    for order in (
        lambda: desk.control.kick((1,), ""),
        lambda: desk.control.ban((key,), ""),
        lambda: desk.control.unban(key),
        lambda: desk.control.approve(key),
        lambda: desk.control.deny(key, ""),
    ):
        with pytest.raises(NotRunningError):
            order()
    with pytest.raises(FieldError):
        desk.control.say(None, "x" * 10_000_000, (0, 0))


def test_the_operator_lets_in_turns_away_bans_and_unbans(desk: Desk) -> None:
    """Each of them is seen at the next look, and hears why."""
    desk.control.set_policy(Policy(Joining.APPROVAL))
    desk.wait_for(events.PolicySet)
    desk.control.start(0)
    started = desk.wait_for(events.HubStarted)
    with ModernClient(started.port) as ann, ModernClient(started.port) as bob:
        for client, name in ((ann, "Ann"), (bob, "Bob")):
            client.secure().send(client.hello(name))
        assert ann.hub == started.key
        while len(desk.wait_for(events.HubLooked).overview.waiting) < 2:
            pass
        desk.control.deny(bob.identity.fingerprint, "who are you?")
        assert "who are you?" in bob.wait_for(Refused).text
        desk.control.approve(ann.identity.fingerprint)
        ann.be_welcomed()
        desk.control.ban((ann.identity.fingerprint,), "too loud")
        assert "too loud" in ann.wait_for(Closing).text
        while not (banned := desk.wait_for(events.HubLooked).overview.banned):
            pass
        assert [known.key for known in banned] == [ann.identity.fingerprint]
        desk.control.unban(ann.identity.fingerprint)
        while desk.wait_for(events.HubLooked).overview.banned:
            pass


def test_a_join_code_is_made_where_one_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once, and kept for its owner alone; a new one counts at once."""
    used: list[tuple[Policy, str]] = []
    monkeypatch.setattr(Service, "change_policy", lambda _, policy, code: used.append((policy, code)))
    desk = Desk(tmp_path)
    desk.control.open()
    try:
        desk.control.start(0)
        desk.wait_for(events.HubStarted)
        assert not (tmp_path / JOIN_CODE_FILE).exists()
        desk.control.set_policy(Policy(Joining.CODE))
        code = desk.wait_for(events.JoinCodeKnown).code
        assert desk.wait_for(events.PolicySet).policy == Policy(Joining.CODE)
        assert (tmp_path / JOIN_CODE_FILE).read_text().strip() == code
        desk.control.renew_join_code()
        renewed = desk.wait_for(events.JoinCodeKnown).code
        assert renewed != code
        assert (tmp_path / JOIN_CODE_FILE).read_text().strip() == renewed
        assert used == [(Policy(Joining.CODE), code), (Policy(Joining.CODE), renewed)]
        desk.control.stop()
        desk.wait_for(events.HubStopped)
        desk.control.start(0)
        assert desk.wait_for(events.JoinCodeKnown).code == renewed
        desk.wait_for(events.HubStarted)
    finally:
        desk.control.close()


def test_a_join_code_that_cannot_be_kept_changes_nothing(tmp_path: Path) -> None:
    """Who may join stays as it was, and the operator reads why; a hub that needs one does not start without."""
    desk = Desk(tmp_path)
    (tmp_path / JOIN_CODE_FILE).mkdir()
    desk.control.open()
    try:
        desk.control.set_policy(Policy(Joining.CODE))
        assert str(tmp_path) in desk.wait_for(events.WorkFailed).sentence
        desk.control.renew_join_code()
        assert str(tmp_path) in desk.wait_for(events.WorkFailed).sentence
        assert not any(isinstance(event, events.PolicySet) for event in desk.heard)
        desk.control._policy = Policy(Joining.CODE)
        desk.control.start(0)
        assert str(tmp_path) in desk.wait_for(events.ListenRefused).sentence
    finally:
        desk.control.close()


def test_a_hub_without_a_folder_has_a_join_code_of_this_run(desk: Desk) -> None:
    """Nothing is written."""
    desk.control.set_policy(Policy(Joining.CODE))
    code = desk.wait_for(events.JoinCodeKnown).code
    desk.control.renew_join_code()
    assert desk.wait_for(events.JoinCodeKnown).code not in ("", code)


def test_a_log_is_saved_or_it_is_told_why_not(desk: Desk, tmp_path: Path) -> None:
    """The file is whole; a folder is no file."""
    desk.control.save_lines(str(tmp_path / "log.txt"), ("one", "zwölf"))
    assert desk.wait_for(events.LogSaved).path == str(tmp_path / "log.txt")
    assert (tmp_path / "log.txt").read_text(encoding="utf-8") == "one\nzwölf\n"
    desk.control.save_lines(str(tmp_path), ())
    assert f"could not be saved as {tmp_path}: " in desk.wait_for(events.WorkFailed).sentence


def test_a_ready_file_that_cannot_be_written_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hub listens all the same: its operator is there to read the sentence."""

    def fail(_: int) -> None:
        raise ChatError("The ready file cannot be written.")

    monkeypatch.setattr(desk.control, "_listening", fail)
    desk.control.start(0)
    assert desk.wait_for(events.WorkFailed).sentence == "The ready file cannot be written."


def test_a_hub_that_breaks_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its own sentence; after that it can be started again."""
    started: list[Service] = []
    start = Service.start

    def note_and_start(service: Service) -> None:
        started.append(service)
        start(service)

    monkeypatch.setattr(Service, "start", note_and_start)
    desk.control.start(0)
    desk.wait_for(events.HubStarted)
    started[0]._fail("reader-1")
    assert "reader-1 thread broke" in desk.wait_for(events.HubStopped).failure
    desk.control.start(0)
    desk.wait_for(events.HubStarted)


def test_a_hub_that_is_stopped_from_outside_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its operator learns who did it, and can start it again; the window stays."""
    monkeypatch.setattr(control_module, "LOOK_SECONDS", 0.01)
    desk = Desk(tmp_path)
    desk.control.open()
    try:
        for _ in range(2):
            desk.control.start(0)
            desk.wait_for(events.HubStarted)
            ask(tmp_path, requests.Stop(), SECONDS)
            assert desk.wait_for(events.HubStopped).failure == "'tcpipserver ctl stop' has stopped the hub."
    finally:
        desk.control.close()


def test_a_folder_that_another_hub_works_with_is_told(tmp_path: Path) -> None:
    """No port would help, so none is offered."""
    first, second = Desk(tmp_path), Desk(tmp_path)
    try:
        for desk in (first, second):
            desk.control.open()
            desk.control.start(0)
            if desk is first:
                desk.wait_for(events.HubStarted)
        refused = second.wait_for(events.ListenRefused)
        assert refused.sentence.startswith(f"Another hub is working with the data folder {tmp_path}: ")
        assert refused.free_port is None
    finally:
        first.control.close()
        second.control.close()


def test_a_control_that_breaks_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The window stays, and its operator knows that it does nothing any more; closing it still ends the hub."""

    def fail() -> None:
        raise LookupError("made up")

    desk.control.start(0)
    port = desk.wait_for(events.HubStarted).port
    desk.control._work.put(fail)
    assert "control thread broke" in desk.wait_for(events.HubStopped).failure
    with ClassicClient(port).register("Ann") as ann:
        desk.control.close()
        ann.wait_for(PacketType.HOST_EXITING)


def test_closing_stops_the_hub() -> None:
    """Nothing is left running, and nobody is left without a goodbye."""
    desk = Desk()
    desk.control.open()
    desk.control.start(0)
    port = desk.wait_for(events.HubStarted).port
    with ClassicClient(port).register("Ann") as ann:
        desk.control.close()
        ann.wait_for(PacketType.HOST_EXITING)
        ann.wait_for_end()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), SECONDS)


def test_a_renewed_code_goes_into_the_file_that_the_operator_named(tmp_path: Path) -> None:
    """Not into another one: at the next start the old code would count again."""
    named = tmp_path / "code.txt"
    desk = Desk(tmp_path / "data", join_code_file=named)
    desk.control.open()
    try:
        desk.control.set_policy(Policy(Joining.CODE))
        code = desk.wait_for(events.JoinCodeKnown).code
        assert named.read_text().strip() == code
        desk.control.renew_join_code()
        renewed = desk.wait_for(events.JoinCodeKnown).code
        assert named.read_text().strip() == renewed != code
        assert not (tmp_path / "data" / JOIN_CODE_FILE).exists()
    finally:
        desk.control.close()
