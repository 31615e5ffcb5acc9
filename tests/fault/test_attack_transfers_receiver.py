"""A member of the hub who is sent files, and answers what no client of ours would: the sender ends it, and is well.

Hub and sender are real, on loopback. Threads: theirs, and pytest's main thread as the hostile member.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from commonlib.transfer.messages import (
    Accept,
    Cancel,
    Manifest,
    Mark,
    Message,
    More,
    Offer,
    Outcome,
    Progress,
    Settled,
    SettledRun,
    Want,
    Wanted,
)
from commonlib.transfer.stream import HEADER
from commonlib.wire.preface import PrefaceReader
from commonlib.wire.way_messages import FilesAnswered, FilesOffered, Role
from tcpipclient.core.batch_events import BatchChanged, BatchProgressed, BatchState
from tests.support.batch_clients import BatchClient, Meeting, meeting
from tests.support.hostile_sender import HostileStream
from tests.support.modern_client import SECONDS, ModernClient
from tests.support.tls_pairs import identity_of, server_context_of

LARGE = 1 << 62

LIES: dict[str, tuple[Message, ...]] = {
    "what was not listed": (Wanted(items=[Want(7)]),),
    "all there ever could be": (Wanted(items=[Want(0, LARGE)]),),
    "the same twice": (Wanted(items=[Want(0), Want(0)]),),
    "marks behind the end": (Wanted(items=[Want(0, 1, [Mark(LARGE, bytes(32))])]),),
    "marks of many files": (Wanted(items=[Want(0, 2, [Mark(1, bytes(32))])]),),
    "an end for what was not listed": (Settled(items=[SettledRun(0, LARGE, Outcome.SAVED)]),),
    "saved before it was sent": (Settled(items=[SettledRun(0, 1, Outcome.SAVED)]),),
    "more room than there can be": (More(entries=LARGE),),
    "an answer to what was not offered": (Accept(offer=1),),
    "an end to what was not offered": (Cancel(offer=9),),
    "a sender's message": (Manifest(offer=0, first=0, entries=[]),),
}


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Meeting]:
    """A hub on loopback."""
    with meeting(tmp_path / "around") as hub:
        yield hub


@pytest.fixture
def ann(hub: Meeting, eve: ModernClient) -> BatchClient:
    """Who sends, and knows of the hostile one."""
    return hub.join("Ann")


@pytest.fixture
def eve(hub: Meeting) -> Iterator[ModernClient]:
    """Who is hostile."""
    with ModernClient(hub.server.port, identity_of("eve")).register("Eve") as eve:
        yield eve


@contextmanager
def taking(ann: BatchClient, eve: ModernClient) -> Iterator[HostileStream]:
    """Agree to what is offered, and have the sender connect."""
    offered = eve.wait_for(FilesOffered)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(SECONDS)
        eve.send(FilesAnswered(transfer=offered.transfer, accepted=True), to=ann.id)
        eve.want_way(ann.id, offered.transfer, Role.RECEIVER, listening.getsockname()[1], ("127.0.0.1",))
        plain, _ = listening.accept()
        plain.settimeout(SECONDS)
        inside = server_context_of("eve").wrap_socket(plain, server_side=True)
        reader = PrefaceReader()
        while reader.wanted:
            reader.receive_data(inside.recv(reader.wanted))
        with HostileStream(inside) as stream:
            yield stream


@pytest.mark.parametrize("lie", LIES)
def test_a_receiver_who_says_what_cannot_be_is_not_served(
    hub: Meeting, ann: BatchClient, eve: ModernClient, tmp_path: Path, lie: str
) -> None:
    """The connection ends; nothing is told as saved, and others are sent files as before."""
    path = tmp_path / "a.txt"
    path.write_text("hello")
    batch = ann.client.send_files([path], eve.id)
    with taking(ann, eve) as stream:
        stream.wait_for(Offer)
        stream.say(Accept(offer=0))
        stream.wait_for(Manifest)
        stream.say(*LIES[lie])
        stream.wait_for_end()
    ann.heard.wait_for(
        BatchChanged, lambda it: it.transfer == batch.number and it.state is BatchState.CONNECTING and bool(it.detail)
    )
    assert batch.state is not BatchState.SAVED
    ann.client.cancel_batch(batch.number)
    assert batch.wait(SECONDS) is BatchState.CANCELLED
    bob = hub.join("Bob")
    assert ann.client.send_files([path], bob.id).wait(SECONDS) is BatchState.SAVED


def test_garbage_from_a_receiver_ends_the_connection(ann: BatchClient, eve: ModernClient, tmp_path: Path) -> None:
    """A frame that is too long, before a byte of it has come."""
    (tmp_path / "a.txt").write_text("hello")
    batch = ann.client.send_files([tmp_path / "a.txt"], eve.id)
    with taking(ann, eve) as stream:
        stream.wait_for(Offer)
        stream.send_bytes(HEADER.pack(0xFFFF_FFFF, 2, 0, 0))
        stream.wait_for_end()
    ann.client.cancel_batch(batch.number)
    assert batch.wait(SECONDS) is BatchState.CANCELLED


def test_more_than_there_is_never_counts(ann: BatchClient, eve: ModernClient, tmp_path: Path) -> None:
    """Whatever a receiver says of how much has come: it is saved when he says that it is, and not before."""
    (tmp_path / "a.txt").write_text("hello")
    batch = ann.client.send_files([tmp_path / "a.txt"], eve.id)
    with taking(ann, eve) as stream:
        stream.wait_for(Offer)
        stream.say(Accept(offer=0))
        stream.wait_for(Manifest)
        stream.say(Progress(received=LARGE))
        ann.heard.wait_for(BatchProgressed, lambda it: it.done > 0)
        assert all(it.done <= it.size == 5 for it in ann.heard.all(BatchProgressed) if it.size)
        assert not batch.state.is_over
    ann.client.cancel_batch(batch.number)
    assert batch.wait(SECONDS) is BatchState.CANCELLED
