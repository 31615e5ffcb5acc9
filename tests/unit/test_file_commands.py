"""Single files by a client: what is refused at once, and what is nothing.

Threads: pytest's main thread plays the hub; the client's run beside it.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tcpipclient import ClientConfig, FileNotSent, NotConnectedError, Trust, UnknownPersonError, UnsendableFileError
from tests.support import hub_packets
from tests.support.clients import Heard, MemoryClient
from tests.support.scripted_hub import connect


@pytest.fixture
def client() -> Iterator[MemoryClient]:
    """Ann, on the classic wire."""
    client = MemoryClient(ClientConfig("hub", close_timeout=0.01, trust=Trust.FIRST_USE, allow_unencrypted=True))
    yield client
    client.close()


def test_without_a_connection_there_is_nothing_to_answer_or_to_cancel(client: MemoryClient) -> None:
    """And nothing can be sent."""
    client.accept_file(1)
    client.decline_file(1)
    client.cancel_file(1)
    with pytest.raises(NotConnectedError):
        client.send_file(__file__, 2)


def test_a_file_has_to_be_one_and_its_recipient_there(client: MemoryClient, tmp_path: Path) -> None:
    """Else nobody is sent anything."""
    connect(client, client.network, hub_packets.person(2, "Bob"))
    with pytest.raises(UnsendableFileError):
        client.send_file(tmp_path, 2)
    with pytest.raises(UnknownPersonError):
        client.send_file(__file__, 77)


def test_a_file_that_is_cancelled_is_told_as_not_sent(client: MemoryClient) -> None:
    """By its number."""
    connect(client, client.network, hub_packets.person(2, "Bob"))
    heard = Heard(client)
    transfer = client.send_file(__file__, 2)
    client.cancel_file(transfer.number)
    not_sent = heard.wait_for(FileNotSent)
    assert (not_sent.transfer, not_sent.cancelled) == (transfer.number, True)
