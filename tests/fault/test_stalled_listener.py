"""A command whose output stands still: what arrives for it waits on its way, and little of it in memory.

Threads: the hub's and the client's own, and pytest's main thread as the command and as all others.
"""

import time
from concurrent.futures import ThreadPoolExecutor

from commonlib.classic.texts import split_text
from tcpipclient.cli_entry import Entry
from tcpipclient.cli_inbox import Inbox
from tcpipclient.cli_output import Output
from tcpipclient.cli_session import connected
from tcpipclient.config import ClientConfig
from tcpipclient.core.events import TextArrived
from tests.support.classic_client import SECONDS
from tests.support.clients import ANY_HUB
from tests.support.leaks import wait_until
from tests.support.running_hub import RunningHub, running_hub

TEXT = "word " * 20_000


NOBODY_TO_ASK = Entry(Output(False, None, None), None)


def config_for(hub: RunningHub) -> ClientConfig:
    """A client beside Ann."""
    return ClientConfig(host="127.0.0.1", port=hub.service.port, name="Bob", **ANY_HUB)


def test_who_sends_to_a_command_that_stands_still_waits() -> None:
    """Until it goes on; then every text arrives, and all the time the inbox is bounded."""
    inbox = Inbox(most_waiting=1_000_000)
    with running_hub() as hub:
        ann = hub.join("Ann")
        with connected(config_for(hub), inbox, NOBODY_TO_ASK) as bob:
            said = split_text(TEXT, id_to=bob.own_id)
            taken = ann.send_until(lambda: inbox.is_full and hub.is_waiting(ann), said)
            assert inbox._waiting < 1_000_000 + 2 * len(TEXT)
            with ThreadPoolExecutor(1) as pool:
                sending = pool.submit(ann.send_rest, said, taken)
                texts = -(-taken // len(said))
                for _ in range(texts):
                    while not isinstance(item := inbox.maybe_next(time.monotonic() + SECONDS), TextArrived):
                        assert item is not None
                    assert item.text == TEXT
                assert sending.result(SECONDS) == texts


def test_a_command_that_stands_still_can_end() -> None:
    """Its client does not wait for a place in an inbox from which nothing is taken any more."""
    inbox = Inbox(most_waiting=1000)
    with running_hub() as hub:
        ann = hub.join("Ann")
        with connected(config_for(hub), inbox, NOBODY_TO_ASK) as bob:
            ann.say(TEXT, bob.own_id)
            assert wait_until(lambda: inbox.is_full, SECONDS)
            ann.say(TEXT, bob.own_id)
        link = bob._maybe_link
        assert link is not None
        assert not link._dispatcher_thread.is_alive()
