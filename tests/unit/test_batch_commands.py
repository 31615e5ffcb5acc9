"""Batches by a client: what is refused at once, and single files to whoever is on the classic wire.

Threads: pytest's main thread plays the hub; the client's run beside it.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tcpipclient import ClientConfig, NotConnectedError, Trust, UnknownPersonError, UnsendableFileError
from tcpipclient.core.batch_events import BatchState
from tests.support import hub_packets
from tests.support.clients import MemoryClient
from tests.support.scripted_hub import connect


@pytest.fixture
def client() -> Iterator[MemoryClient]:
    """Ann, on the classic wire."""
    client = MemoryClient(ClientConfig("hub", close_timeout=0.01, trust=Trust.FIRST_USE, allow_unencrypted=True))
    yield client
    client.close()


def test_without_a_connection_nothing_is_sent(client: MemoryClient, tmp_path: Path) -> None:
    """All that is about a batch that is not there is nothing."""
    with pytest.raises(NotConnectedError):
        client.send_files([tmp_path], 2)
    for act in (client.accept_batch, client.decline_batch, client.pause_batch, client.resume_batch):
        act(1)
    client.cancel_batch(1)
    client.retry_batch(1)
    client.move_batch(1, 1)
    client.limit_speed(None)
    assert client.listening_port == 0


def test_what_is_named_has_to_be_there(client: MemoryClient, tmp_path: Path) -> None:
    """Something, to somebody who is there."""
    connect(client, client.network, hub_packets.person(2, "Bob"))
    with pytest.raises(UnsendableFileError, match="name a file or a folder"):
        client.send_files([], 2)
    with pytest.raises(UnsendableFileError, match="name a file or a folder"):
        client.send_files(["", tmp_path], 2)
    with pytest.raises(UnsendableFileError, match="name a file or a folder"):
        client.add_files(1, [tmp_path, ""])
    with pytest.raises(UnknownPersonError):
        client.send_files([tmp_path], 77)
    with pytest.raises(UnsendableFileError, match="no such file"):
        client.add_files(1, [tmp_path / "nothing"])
    client.add_files(1, [tmp_path])


def test_to_the_classic_wire_each_file_goes_by_itself(client: MemoryClient, tmp_path: Path) -> None:
    """A folder cannot go, and the sentence says what to do; nothing of the others goes then."""
    hub = connect(client, client.network, hub_packets.person(2, "Bob"))
    files = [tmp_path / name for name in ("a.txt", "b.txt")]
    for file in files:
        file.write_bytes(b"12345")
    with pytest.raises(UnsendableFileError, match="it is a folder, and whom it is for is on the unencrypted wire"):
        client.send_files([*files, tmp_path], 2)
    batch = client.send_files(files, 2)
    assert [transfer.name for transfer in batch.transfers] == ["a.txt", "b.txt"]
    assert (batch.number, batch.recipient, batch.size) == (0, 2, 10)
    hub.end()
    assert batch.wait(10.0) is BatchState.FAILED
