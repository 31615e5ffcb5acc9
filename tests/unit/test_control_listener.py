"""The line between the operator and a hub: what is asked is done, strangers get nothing, and nobody holds up others.

Threads: pytest's main thread, the listener's, its callers'.
"""

import os
import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from commonlib.exceptions import ChatError
from commonlib.storage.owner_only import StorageError
from tcpipserver.control import requests
from tcpipserver.control.answers import LARGEST_ANSWER, Affected, Done, Refused, decode_answer
from tcpipserver.control.asking import RefusedError, ask
from tcpipserver.control.authkey import LARGEST_GREETING, NONCE_SIZE, PROOF_SIZE, caller_greeting
from tcpipserver.control.channel import Channel, ChannelError, SocketChannel
from tcpipserver.control.endpoint import connect
from tcpipserver.control.folder_lock import FolderInUseError
from tcpipserver.control.listener import MOST_CALLERS, Callers, ControlListener
from tcpipserver.control.place import NoHubError, read_contact
from tcpipserver.control.requests import LARGEST_REQUEST, encode_request
from tcpipserver.hub import inputs
from tests.support.leaks import wait_until
from tests.support.operators import ANN, ANN_KEY, SECONDS, STATUS, FakeHub, listening

posix = pytest.mark.skipif(os.name == "nt", reason="Windows has named pipes instead")


class MadeUpError(Exception):
    """A defect of ours."""


def soon() -> float:
    """A deadline that is never reached where all is well."""
    return time.monotonic() + SECONDS


def introduced(data_dir: Path) -> Channel:
    """A caller who has proved that he has read the key."""
    contact = read_contact(data_dir)
    channel = connect(contact.address, soon())
    channel.send(caller_greeting(contact.key, channel.receive(NONCE_SIZE, soon()), bytes(NONCE_SIZE)), soon())
    channel.receive(PROOF_SIZE, soon())
    return channel


def has_ended(channel: Channel) -> bool:
    """Wait until the hub ends a connection; whether it does without another word."""
    with closing(channel):
        try:
            channel.receive(LARGEST_ANSWER, soon())
        except ChannelError as error:
            return type(error) is ChannelError
    return False


# What is asked


def test_what_is_asked_is_done_and_answered(tmp_path: Path) -> None:
    """One after another, each over a connection of its own."""
    hub = FakeHub()
    with listening(tmp_path, hub):
        assert ask(tmp_path, requests.StatusAsked(), SECONDS) == [STATUS, Done()]
        affected = (Affected(id=ANN.id, name=ANN.name, key=ANN_KEY),)
        assert ask(tmp_path, requests.Kick(who="Ann", reason="loud"), SECONDS) == [Done(affected=affected)]
        assert ask(tmp_path, requests.Say(text="hello"), SECONDS) == [Done()]
    assert hub.told == [inputs.OperatorKicked((ANN.id,), "loud"), inputs.OperatorSaid(None, "hello")]


def test_what_cannot_be_done_is_told_with_its_reason(tmp_path: Path) -> None:
    """And nothing is done; so it is where the hub is just stopping."""
    hub = FakeHub()
    with listening(tmp_path, hub):
        with pytest.raises(RefusedError, match='There is no "Zoe" on the hub'):
            ask(tmp_path, requests.Kick(who="Zoe"), SECONDS)
        hub.failure = ChatError("It is stopping.")
        with pytest.raises(RefusedError, match="It is stopping"):
            ask(tmp_path, requests.StatusAsked(), SECONDS)
    assert not hub.told


def test_who_stops_the_hub_is_answered_at_its_end(tmp_path: Path) -> None:
    """Only then, and the folder is free."""
    hub = FakeHub()
    answered = threading.Event()

    def stop() -> None:
        ask(tmp_path, requests.Stop(), SECONDS)
        answered.set()

    thread = threading.Thread(target=stop)
    with listening(tmp_path, hub):
        thread.start()
        assert hub.is_asked_to_stop.wait(SECONDS)
        assert not answered.wait(0.05)
    thread.join(SECONDS)
    assert answered.is_set()
    with listening(tmp_path):
        pass


def test_many_at_once_are_all_answered(tmp_path: Path) -> None:
    """Not more than there are places; each gets his own answer."""
    told: list[object] = []
    with listening(tmp_path):
        threads = [
            threading.Thread(target=lambda: told.append(ask(tmp_path, requests.StatusAsked(), SECONDS)))
            for _ in range(MOST_CALLERS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(SECONDS)
    assert told == [[STATUS, Done()]] * MOST_CALLERS


# Strangers and the hostile


def test_without_the_key_nothing_is_asked(tmp_path: Path) -> None:
    """A wrong proof, a request in place of one, too much: the connection ends, and nobody is told anything."""
    hub = FakeHub()
    greetings: list[Callable[[bytes], bytes]] = [
        lambda _: b"",
        lambda _: bytes(64),
        lambda nonce: caller_greeting(bytes(32), nonce, bytes(NONCE_SIZE)),
        lambda _: encode_request(requests.Stop()),
        lambda _: bytes(65),
        lambda _: bytes(LARGEST_REQUEST),
    ]
    with listening(tmp_path, hub):
        for greeting in greetings:
            channel = connect(read_contact(tmp_path).address, soon())
            nonce = channel.receive(NONCE_SIZE, soon())
            try:
                channel.send(greeting(nonce), soon())
                channel.send(encode_request(requests.Stop()), soon())
            except ChannelError:
                pass  # It ended so soon.
            assert has_ended(channel)
        assert ask(tmp_path, requests.StatusAsked(), SECONDS)
    assert not hub.is_asked_to_stop.is_set()


def test_a_proof_cannot_be_used_twice(tmp_path: Path) -> None:
    """Each connection has a nonce of its own."""
    with listening(tmp_path):
        contact = read_contact(tmp_path)
        first, second = (connect(contact.address, soon()) for _ in range(2))
        greeting = caller_greeting(contact.key, first.receive(NONCE_SIZE, soon()), bytes(NONCE_SIZE))
        second.receive(NONCE_SIZE, soon())
        second.send(greeting, soon())
        assert has_ended(second)
        first.send(greeting, soon())
        assert len(first.receive(PROOF_SIZE, soon())) == PROOF_SIZE
        first.close()


def test_garbage_in_place_of_a_request_is_told_so(tmp_path: Path) -> None:
    """By one who has the key: perhaps his program is of another version."""
    hub = FakeHub()
    with listening(tmp_path, hub):
        for garbage in (b"", b"\xc1", b"\x91" * 100_000, bytes(LARGEST_REQUEST)):
            with closing(introduced(tmp_path)) as channel:
                channel.send(garbage, soon())
                answer = decode_answer(channel.receive(LARGEST_ANSWER, soon()))
                assert isinstance(answer, Refused)
                assert "does not understand it" in answer.sentence
        channel = introduced(tmp_path)
        with closing(channel), pytest.raises(ChannelError):
            channel.send(bytes(50 * LARGEST_REQUEST), soon())
        assert ask(tmp_path, requests.StatusAsked(), SECONDS)


def test_who_says_nothing_does_not_keep_others_out(tmp_path: Path) -> None:
    """Nor does who says half; there are never more threads than places, and nobody waits for the silent ones."""
    before = threading.active_count()
    with listening(tmp_path):
        address = read_contact(tmp_path).address
        silent = [connect(address, soon()) for _ in range(5 * MOST_CALLERS)]
        assert ask(tmp_path, requests.StatusAsked(), SECONDS)
        assert threading.active_count() - before <= MOST_CALLERS + 1
        assert all(map(has_ended_soon, silent))


def has_ended_soon(channel: Channel) -> bool:
    """Wait until the hub ends a silent connection, after its nonce; whether it does."""
    try:
        channel.receive(NONCE_SIZE, soon())
    except ChannelError:
        channel.close()
        return True
    return has_ended(channel)


@posix
def test_too_much_from_a_stranger_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """He announces one byte more than a proof has, and goes before he has sent any of it."""
    monkeypatch.setattr("tcpipserver.control.listener.PROOF_SECONDS", 1000.0)
    with listening(tmp_path), socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as stranger:
        stranger.settimeout(SECONDS)
        stranger.connect(read_contact(tmp_path).address)
        stranger.sendall(struct.pack("<I", LARGEST_GREETING + 1))
        nonce = struct.Struct("<I").size + NONCE_SIZE
        assert len(stranger.recv(nonce, socket.MSG_WAITALL)) == nonce
        assert stranger.recv(1) == b""


def test_who_has_proved_the_key_is_not_sent_away_for_others(tmp_path: Path) -> None:
    """However many come behind him, he can take his time."""
    with listening(tmp_path), closing(introduced(tmp_path)) as channel:
        address = read_contact(tmp_path).address
        silent = [connect(address, soon()) for _ in range(3 * MOST_CALLERS)]
        assert ask(tmp_path, requests.StatusAsked(), SECONDS)
        channel.send(encode_request(requests.StatusAsked()), soon())
        assert decode_answer(channel.receive(LARGEST_ANSWER, soon())) == STATUS
        assert all(map(has_ended_soon, silent))


@posix
def test_who_drips_is_sent_away_at_the_deadline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A byte now and then is no sign of life."""
    monkeypatch.setattr("tcpipserver.control.listener.PROOF_SECONDS", 0.1)
    with listening(tmp_path), socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as dripping:
        dripping.connect(read_contact(tmp_path).address)
        dripping.sendall(struct.pack("<I", 64))
        ended = partial(drip, dripping)
        assert wait_until(ended, SECONDS)


def drip(dripping: socket.socket) -> bool:
    """Send one byte more; whether the other side has gone."""
    try:
        dripping.sendall(b"x")
    except OSError:
        return True
    return False


def test_a_defect_of_ours_costs_one_caller(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """It is logged with its traceback, and the next one is served."""
    hub = FakeHub()
    with listening(tmp_path, hub):
        hub.failure = MadeUpError()
        with pytest.raises(ChannelError):
            ask(tmp_path, requests.StatusAsked(), SECONDS)
        hub.failure = None
        assert ask(tmp_path, requests.StatusAsked(), SECONDS)
    assert "MadeUpError" in caplog.text


@posix
def test_where_nobody_can_be_taken_in_the_listener_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a descriptor for a caller, it waits for a moment and tries again."""
    monkeypatch.setattr("tcpipserver.control.listener._PAUSE_SECONDS", 0.01)
    failures = iter([OSError(24, "Too many open files")] * 3)
    accept = socket.socket.accept

    def fail_first(listening_socket: socket.socket) -> tuple[socket.socket, object]:
        for failure in failures:
            raise failure
        return accept(listening_socket)

    monkeypatch.setattr(socket.socket, "accept", fail_first)
    with listening(tmp_path):
        assert ask(tmp_path, requests.StatusAsked(), SECONDS)


# Starting and stopping


def test_two_hubs_cannot_share_a_folder(tmp_path: Path) -> None:
    """The first is not disturbed by the second's try."""
    with listening(tmp_path):
        second = ControlListener(tmp_path, FakeHub(), lambda _: None)
        with pytest.raises(FolderInUseError):
            second.open()
        assert second.stop(SECONDS)
        assert ask(tmp_path, requests.StatusAsked(), SECONDS)


def test_nothing_but_the_lock_stays(tmp_path: Path) -> None:
    """Afterwards there is no hub to ask; a listener that never began can be stopped, too."""
    with listening(tmp_path / "data"):
        assert (tmp_path / "data" / "control" / "contact").exists()
    assert [path.name for path in (tmp_path / "data" / "control").iterdir()] == ["lock"]
    with pytest.raises(NoHubError):
        ask(tmp_path / "data", requests.StatusAsked(), SECONDS)
    assert ControlListener(tmp_path, FakeHub(), lambda _: None).stop(SECONDS)


def test_the_end_waits_for_nobody_who_is_silent(tmp_path: Path) -> None:
    """Whoever is there, before and behind his proof, is sent away at once."""
    with listening(tmp_path):
        silent = [connect(read_contact(tmp_path).address, soon()), introduced(tmp_path)]
    assert all(map(has_ended_soon, silent))


@posix
def test_a_folder_with_a_long_path_can_be_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its socket is elsewhere; who asks need not know where, nor have the same environment."""
    data_dir = tmp_path / ("x" * 120)
    with listening(data_dir):
        monkeypatch.setenv("XDG_RUNTIME_DIR", "/")
        address = Path(read_contact(data_dir).address)
        assert data_dir not in address.parents
        assert ask(data_dir, requests.StatusAsked(), SECONDS)
    assert not address.parent.exists()


@posix
def test_without_any_place_for_a_socket_the_hub_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The log says what to do, and the folder is taken all the same."""
    monkeypatch.setattr("tcpipserver.control.listener.socket_paths", lambda *_: [])
    with listening(tmp_path):
        with pytest.raises(NoHubError):
            ask(tmp_path, requests.StatusAsked(), SECONDS)
        with pytest.raises(FolderInUseError):
            ControlListener(tmp_path, FakeHub(), lambda _: None).open()
    (told,) = [record.getMessage() for record in caplog.records]
    assert told.startswith("'tcpipserver ctl' cannot reach this hub: there can be no socket for it (there is no place")


def test_a_folder_in_which_nothing_can_be_written_is_given_back(tmp_path: Path) -> None:
    """The sentence says what to do; once it is done another hub can have the folder."""
    obstacle = tmp_path / "control" / "contact" / "obstacle"
    obstacle.mkdir(parents=True)
    listener = ControlListener(tmp_path, FakeHub(), lambda _: None)
    with pytest.raises(StorageError, match="or name another with --data-dir"):
        listener.open()
    obstacle.rmdir()
    obstacle.parent.rmdir()
    with listening(tmp_path):
        assert listener.stop(SECONDS)


def test_a_folder_that_cannot_be_locked_is_told(tmp_path: Path) -> None:
    """A disk without locks, or something else in the lock's place."""
    (tmp_path / "control" / "lock").mkdir(parents=True)
    listener = ControlListener(tmp_path, FakeHub(), lambda _: None)
    with pytest.raises(StorageError, match=r"cannot be locked .+ Name a folder on a disk of this computer"):
        listener.open()


# The places


def test_with_all_places_taken_by_the_proved_the_newcomer_goes() -> None:
    """And with some unproved, the oldest of those."""
    callers = Callers(most=2)
    ends = [socket.socketpair() for _ in range(4)]
    one, two, three, four = (SocketChannel(hubs) for hubs, _ in ends)
    begun: set[Channel] = set()

    def wait(channel: Channel) -> None:
        begun.add(channel)
        channel.receive(1, soon())

    callers.receive(one, wait)
    callers.receive(two, wait)
    callers.set_proved(one)
    callers.receive(three, wait)
    assert wait_until(lambda: three in begun, SECONDS)
    assert ends[1][1].recv(1) == b""
    callers.set_proved(three)
    assert wait_until(lambda: len(callers) == 2, SECONDS)
    callers.receive(four, wait)
    assert ends[3][1].recv(1) == b""
    assert four not in begun
    assert callers.send_away(SECONDS)
    assert len(callers) == 0
    for _, others in ends:
        others.close()
