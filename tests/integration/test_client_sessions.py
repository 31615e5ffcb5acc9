"""Clients that talk and send files to each other, through our hub and through an original server.

Every claim here holds for both. Thread: pytest's main thread; clients and servers run beside it.
"""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import pytest

from commonlib.classic.file_sending import PREFERRED_BLOCK
from tcpipclient import (
    EVERYONE,
    SERVER,
    Accept,
    Client,
    ClientConfig,
    CommandArrived,
    Conflict,
    ConnectionLost,
    DataPacket,
    FileNotSaved,
    FileNotSent,
    FileOffered,
    FileSaved,
    HubExited,
    Loss,
    PersonChanged,
    PersonJoined,
    PersonLeft,
    TextArrived,
    TransferState,
    UnknownPersonError,
)
from tcpipserver import Server
from tcpipserver.config import ServerConfig
from tests.support.clients import ANY_HUB, Heard
from tests.support.original_server import OriginalServer

MODIFIED = datetime.fromisoformat("2024-02-29 23:59:58")
SECONDS = 10.0


@pytest.fixture(params=["hub", "original"])
def server(request: pytest.FixtureRequest) -> Iterator[Server | OriginalServer]:
    """One of both, listening on a free port."""
    made: Server | OriginalServer = (
        Server(ServerConfig(host="127.0.0.1", port=0)) if request.param == "hub" else OriginalServer()
    )
    with made:
        yield made


Enter = Callable[..., tuple[Client, Heard]]


@pytest.fixture
def enter(server: Server | OriginalServer, tmp_path: Path) -> Iterator[Enter]:
    """Connects a client of this name and settings, with what it hears; all are closed in the end."""
    with ExitStack() as stack:

        def enter(name: str, **settings: object) -> tuple[Client, Heard]:
            given: dict[str, object] = {"downloads": tmp_path / name, "accept": Accept.ALL, **ANY_HUB, **settings}
            client = Client(ClientConfig("127.0.0.1", server.port, name, **given))  # type: ignore[arg-type]
            heard = Heard(client)
            stack.enter_context(client)
            return client, heard

        yield enter


@pytest.fixture
def pair(enter: Enter) -> tuple[Client, Heard, Client, Heard]:
    """Ann and Bob, who know of each other."""
    ann, ann_heard = enter("Ann")
    bob, bob_heard = enter("Bob")
    ann_heard.wait_for(PersonJoined)
    return ann, ann_heard, bob, bob_heard


def content_of(size: int) -> bytes:
    """Bytes that repeat with no packet's size."""
    return (bytes(range(251)) * (size // 251 + 1))[:size]


def test_everybody_knows_who_is_there(enter: Enter) -> None:
    """Who comes sees who was there; who was there hears who comes and who goes."""
    ann, ann_heard = enter("Ann")
    bob, bob_heard = enter("Bob")
    eve, _ = enter("Eve")
    assert (ann.own_id, bob.own_id, eve.own_id) == (1, 2, 3)
    assert [person.name for person in bob.people if person.id < bob.own_id] == ["Ann"]
    assert [person.name for person in eve.people] == ["Ann", "Bob"]
    assert eve.people[0].address == "127.0.0.1"
    for heard in (ann_heard, bob_heard):
        heard.wait_for(PersonJoined, lambda event: event.person.name == "Eve")
    eve.close()
    for heard in (ann_heard, bob_heard):
        heard.wait_for(PersonLeft, lambda event: event.person.name == "Eve")
    assert [person.name for person in ann.people] == ["Bob"]


@pytest.mark.parametrize("length", [0, 1, 300, 301, 608, 20_000])
def test_a_text_arrives_whole_and_is_confirmed(pair: tuple[Client, Heard, Client, Heard], length: int) -> None:
    """With its sender's name and the two numbers."""
    ann, _, bob, bob_heard = pair
    text = content_of(length).decode("latin-1").replace("\0", "0")[:length]
    text = "".join(character if character.isprintable() else "€" for character in text)
    sent = ann.send_text(text, to=bob.own_id, numbers=(123456, -54321))
    arrived = bob_heard.wait_for(TextArrived)
    assert (arrived.sender, arrived.sender_name, arrived.text) == (ann.own_id, "Ann", text)
    assert arrived.numbers == (123456, -54321)
    assert sent.wait(SECONDS)


def test_texts_go_to_several_to_all_and_to_the_server(enter: Enter) -> None:
    """All is everybody else; each recipient confirms for himself."""
    ann, ann_heard = enter("Ann")
    others = [enter(name) for name in ("Bob", "Cid", "Dee")]
    ann_heard.wait_for(PersonJoined, lambda event: event.person.name == "Dee")
    bob, cid, dee = (client for client, _ in others)
    assert ann.send_text("to two", to=[bob.own_id, dee.own_id]).wait(SECONDS)
    everyone = ann.send_text("to all", to=EVERYONE)
    assert everyone.wait(SECONDS)
    assert everyone.delivered == {bob.own_id, cid.own_id, dee.own_id}
    assert ann.send_text("to the server", to=SERVER).wait(SECONDS)
    assert [[event.text for event in heard.all(TextArrived)] for _, heard in others] == [
        ["to two", "to all"],
        ["to all"],
        ["to two", "to all"],
    ]
    assert ann_heard.all(TextArrived) == []


@pytest.mark.parametrize("size", [0, 914, 915, 3961, PREFERRED_BLOCK, 1 << 20])
def test_a_file_arrives_with_its_date_and_is_confirmed(
    pair: tuple[Client, Heard, Client, Heard], tmp_path: Path, size: int
) -> None:
    """Byte for byte; sent means that it has its name at the other end."""
    ann, _, bob, bob_heard = pair
    path = tmp_path / "Größe.bin"
    path.write_bytes(content_of(size))
    os.utime(path, (MODIFIED.timestamp(), MODIFIED.timestamp()))
    transfer = ann.send_file(path, bob.own_id)
    assert transfer.wait(SECONDS) is TransferState.SENT
    saved = bob_heard.wait_for(FileSaved)
    assert (saved.sender, saved.sender_name, saved.name, saved.size) == (ann.own_id, "Ann", "Größe.bin", size)
    arrived = tmp_path / "Bob" / "Größe.bin"
    assert saved.path == arrived
    assert arrived.read_bytes() == content_of(size)
    assert arrived.stat().st_mtime == MODIFIED.timestamp()


def test_files_cross_each_other(pair: tuple[Client, Heard, Client, Heard], tmp_path: Path) -> None:
    """Several each way at the same time, and texts between them."""
    ann, ann_heard, bob, bob_heard = pair
    transfers = []
    for number in range(4):
        path = tmp_path / f"{number}.bin"
        path.write_bytes(content_of(300_000 + number))
        transfers += [ann.send_file(path, bob.own_id), bob.send_file(path, ann.own_id)]
        ann.send_text(f"{number}", to=bob.own_id)
    assert [transfer.wait(SECONDS) for transfer in transfers] == [TransferState.SENT] * 8
    for name in ("Ann", "Bob"):
        for number in range(4):
            assert (tmp_path / name / f"{number}.bin").read_bytes() == content_of(300_000 + number)
    bob_heard.wait_for(TextArrived, lambda event: event.text == "3")
    assert ann_heard.all(FileNotSaved) == []


def test_a_file_that_is_there_is_never_overwritten(pair: tuple[Client, Heard, Client, Heard], tmp_path: Path) -> None:
    """Unless the user said so: the second one gets a number."""
    ann, _, bob, _ = pair
    path = tmp_path / "a.txt"
    for text in ("first", "second"):
        path.write_text(text)
        assert ann.send_file(path, bob.own_id).wait(SECONDS) is TransferState.SENT
    assert (tmp_path / "Bob" / "a.txt").read_text() == "first"
    assert (tmp_path / "Bob" / "a (2).txt").read_text() == "second"


def test_a_skipped_file_is_not_called_sent(enter: Enter, tmp_path: Path) -> None:
    """The receiver keeps what is there, and the sender hears nothing that is not so."""
    bob, bob_heard = enter("Bob", conflict=Conflict.SKIP)
    ann, _ = enter("Ann")
    (tmp_path / "Bob").mkdir()
    (tmp_path / "Bob" / "a.txt").write_text("mine")
    (tmp_path / "a.txt").write_text("yours")
    transfer = ann.send_file(tmp_path / "a.txt", bob.own_id)
    assert bob_heard.wait_for(FileNotSaved).declined
    assert ann.send_text("still there?", to=bob.own_id).wait(SECONDS)
    assert transfer.state in (TransferState.WAITING, TransferState.SENDING)
    assert (tmp_path / "Bob" / "a.txt").read_text() == "mine"


@pytest.mark.parametrize("accept", [True, False])
def test_an_offer_waits_for_the_users_answer(enter: Enter, tmp_path: Path, accept: bool) -> None:
    """The file is whole by then; only a yes gives it its name and tells the sender."""
    bob, bob_heard = enter("Bob", accept=Accept.ASK)
    ann, _ = enter("Ann")
    path = tmp_path / "a.bin"
    path.write_bytes(content_of(100_000))
    transfer = ann.send_file(path, bob.own_id)
    offered = bob_heard.wait_for(FileOffered)
    assert ann.send_text("well?", to=bob.own_id).wait(SECONDS)
    assert not (tmp_path / "Bob" / "a.bin").exists()
    if accept:
        bob.accept_file(offered.transfer)
        assert transfer.wait(SECONDS) is TransferState.SENT
        assert (tmp_path / "Bob" / "a.bin").read_bytes() == content_of(100_000)
    else:
        bob.decline_file(offered.transfer)
        bob_heard.wait_for(FileNotSaved)
        assert list((tmp_path / "Bob").iterdir()) == []
        assert transfer.state is not TransferState.SENT


def test_a_recipient_who_leaves_fails_the_file(pair: tuple[Client, Heard, Client, Heard], tmp_path: Path) -> None:
    """At once, and he keeps nothing of it; what is sent to him afterwards finds nobody."""
    ann, ann_heard, bob, _ = pair
    path = tmp_path / "a.bin"
    path.write_bytes(content_of(50_000_000))
    bob.on_event(lambda event: bob.close() if isinstance(event, FileOffered) else None)
    transfer = ann.send_file(path, bob.own_id)
    assert transfer.wait(SECONDS) is TransferState.NOT_SENT
    assert "recipient left" in ann_heard.wait_for(FileNotSent).reason
    bob.close()
    assert list((tmp_path / "Bob").iterdir()) == []
    with pytest.raises(UnknownPersonError):
        ann.send_text("hello?", to=bob.own_id)


def test_a_sender_who_leaves_fails_the_file(pair: tuple[Client, Heard, Client, Heard], tmp_path: Path) -> None:
    """The receiver keeps nothing of it."""
    ann, _, bob, bob_heard = pair
    path = tmp_path / "a.bin"
    path.write_bytes(content_of(50_000_000))
    # On Bob's thread of events: while she leaves, he takes nothing, so the file cannot have gone out whole.
    bob.on_event(lambda event: ann.close() if isinstance(event, FileOffered) else None)
    transfer = ann.send_file(path, bob.own_id)
    assert transfer.wait(SECONDS) is TransferState.NOT_SENT
    assert "its sender left" in bob_heard.wait_for(FileNotSaved).reason
    assert list((tmp_path / "Bob").iterdir()) == []


def test_a_changed_profile_reaches_the_others(pair: tuple[Client, Heard, Client, Heard]) -> None:
    """Name, colour, status; the hub as an update of the one, an original by passing it to all."""
    ann, ann_heard, bob, bob_heard = pair
    ann.update_profile(name="Anna", colour=0x00FF00, status=3)
    bob_heard.wait_for(
        PersonChanged,
        lambda event: (event.person.name, event.person.colour, event.person.status) == ("Anna", 0x00FF00, 3),
    )
    assert [person.id for person in ann.people] == [bob.own_id]
    assert ann_heard.all(PersonChanged) == []


def test_own_commands_reach_whom_they_are_for(enter: Enter) -> None:
    """One, all by repetition, or whoever the server gives them to: where it has no handler, everyone and ourselves."""
    clients = [enter(name) for name in ("Ann", "Bob", "Cid")]
    (ann, ann_heard), (bob, bob_heard), (_, cid_heard) = clients
    ann_heard.wait_for(PersonJoined, lambda event: event.person.name == "Cid")
    ann.send_command(DataPacket(700, text_a="one"), to=bob.own_id)
    ann.send_command(DataPacket(700, text_a="all"), to=EVERYONE)
    ann.send_command(DataPacket(700, text_a="passed on"), to=SERVER)
    for heard in (ann_heard, bob_heard, cid_heard):
        heard.wait_for(CommandArrived, lambda event: event.packet.text_a == "passed on")  # type: ignore[union-attr]
    told = [
        [(event.sender, event.packet.text_a) for event in heard.all(CommandArrived)]  # type: ignore[union-attr]
        for heard in (ann_heard, bob_heard, cid_heard)
    ]
    assert told == [
        [(ann.own_id, "passed on")],
        [(ann.own_id, "one"), (ann.own_id, "all"), (ann.own_id, "passed on")],
        [(ann.own_id, "all"), (ann.own_id, "passed on")],
    ]


def test_a_server_that_stops_says_so(server: Server | OriginalServer, enter: Enter) -> None:
    """And the client's threads end by themselves."""
    _, heard = enter("Ann")
    server.stop()
    heard.wait_for(HubExited)
    assert heard.wait_for(ConnectionLost).loss is Loss.HUB_EXITED


def test_a_client_comes_and_goes_many_times_and_leaves_nothing(enter: Enter, tmp_path: Path) -> None:
    """Twenty times, with a text and a file each; the suite's own check counts threads and descriptors at the end."""
    bob, bob_heard = enter("Bob")
    path = tmp_path / "a.bin"
    path.write_bytes(content_of(5_000))
    bobs = [thread.name for thread in threading.enumerate() if thread.name.startswith("tcpipclient-")]
    for number in range(20):
        ann, _ = enter(f"Ann{number}")
        assert ann.send_text("hello", to=bob.own_id).wait(SECONDS)
        assert ann.send_file(path, bob.own_id).wait(SECONDS) is TransferState.SENT
        ann.close()
        bob_heard.wait_for(PersonLeft, lambda event, name=ann.config.name: event.person.name == name)  # type: ignore[misc]
        assert [thread.name for thread in threading.enumerate() if thread.name in bobs] == bobs
    assert len(bob_heard.all(FileSaved)) == 20
