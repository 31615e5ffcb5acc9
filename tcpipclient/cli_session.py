"""A command's way into a hub and out again: one client whose events all land in one inbox.

Owns how the options become a ClientConfig. Must never ask the user anything: what he is asked on the way in is told in
cli_entry.py. Thread: the program's main thread.
"""

import signal
import threading
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager

from commonlib.storage.data_folder import data_folder
from commonlib.values import replace
from tcpipclient.api import Client
from tcpipclient.cli_arguments import Access
from tcpipclient.cli_entry import Entry, read_join_code
from tcpipclient.cli_inbox import Inbox
from tcpipclient.cli_output import Output
from tcpipclient.cli_wording import maybe_unencrypted_notice
from tcpipclient.config import Accept, ClientConfig
from tcpipclient.core.events import Person
from tcpipclient.core.exceptions import ArrivalClosedError

LONGEST_WAY_IN = 3600.0
"""Seconds; what a ClientConfig takes."""


def plain_config(access: Access) -> ClientConfig:
    """The settings of a command that takes no files.

    Raises:
        SettingError: One of them cannot be used.
        CodeFileError: The join code cannot be read.
    """
    config = ClientConfig(
        host=access.host,
        port=access.port,
        name=access.name,
        accept=Accept.NONE,
        data_dir=data_folder("client", access.data_dir, {}),
        trust=access.trust,
        allow_unencrypted=access.allow_unencrypted,
        join_code="" if access.join_code_file is None else read_join_code(access.join_code_file),
    )
    if access.timeout is None:
        return config
    patience = min(access.timeout, LONGEST_WAY_IN)
    return replace(config, connect_timeout=patience, register_timeout=patience, approval_timeout=patience)


@contextmanager
def connected(config: ClientConfig, inbox: Inbox, entry: Entry) -> Iterator[Client]:
    """A client that is in, with its events put into the inbox; closed at the end.

    Raises:
        ConnectError, EntryError, StorageError: It did not get in.
    """
    client = entry.enter(config, inbox.put)
    try:
        yield client
    finally:
        inbox.close()
        with uninterrupted():
            client.close()


def people_there(client: Client) -> tuple[Person, ...]:
    """Everybody else on the hub.

    Raises:
        ArrivalClosedError: The connection has ended already, so nobody knows.
    """
    people = client.people
    if not people and not client.is_connected:
        raise ArrivalClosedError(client.config.host, client.config.port)
    return people


def warn_of_unencrypted(client: Client, output: Output, recipients: Collection[int], people: Iterable[Person]) -> None:
    """Say who of the recipients is not encrypted, where the connection to the hub is. Raises OutputError."""
    notice = maybe_unencrypted_notice(recipients, people)
    if notice is not None and client.hub_key is not None:
        output.notice(notice)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Have a second Ctrl-C change nothing: leaving takes seconds at most, and cut short it leaves torn files behind."""
    before = signal.getsignal(signal.SIGINT)
    if before is None or threading.current_thread() is not threading.main_thread():
        yield
        return
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
