"""Who is told of which event.

Thread: pytest's main thread.
"""

import pytest

from commonlib.classic.layouts import DataPacket
from tcpipclient.core.events import CommandArrived, Event, HubExited, PacketIgnored, PayloadArrived
from tcpipclient.handler_table import HandlerTable


class Told:
    """All that was told, with who was."""

    def __init__(self) -> None:
        self.by: list[str] = []

    def who(self, name: str) -> "object":
        """A handler of this name."""
        return lambda event: self.by.append(name)


def test_our_own_books_are_first_then_the_one_for_it_then_all() -> None:
    """A handler for a number takes the place of the one before, and hears nothing of other numbers and kinds."""
    told = Told()
    handlers = HandlerTable(told.who("books"))  # type: ignore[arg-type]
    handlers.add(told.who("one"))  # type: ignore[arg-type]
    handlers.add(told.who("two"))  # type: ignore[arg-type]
    for name in ("before", "command"):
        handlers.set_command(99, told.who(name))  # type: ignore[arg-type]
    handlers.set_payload(99, told.who("payload"))  # type: ignore[arg-type]
    events: dict[Event, list[str]] = {
        HubExited(): [],
        CommandArrived(99, 2, DataPacket(99)): ["command"],
        CommandArrived(98, 2, DataPacket(98)): [],
        PayloadArrived(99, 2, b""): ["payload"],
        PayloadArrived(98, 2, b""): [],
    }
    for event, own in events.items():
        told.by.clear()
        for handler in handlers.of(event):
            handler(event)
        assert told.by == ["books", *own, "one", "two"]


def test_a_handler_that_fails_keeps_nobody_else_from_hearing(caplog: pytest.LogCaptureFixture) -> None:
    """It is logged."""
    told = Told()
    handlers = HandlerTable(told.who("books"))  # type: ignore[arg-type]
    handlers.add(lambda _: 1 // 0)
    handlers.add(told.who("next"))  # type: ignore[arg-type]
    handlers.tell(HubExited())
    assert told.by == ["books", "next"]
    assert "ZeroDivisionError" in caplog.text


def test_what_was_passed_over_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """For whoever looks for a fault."""
    with caplog.at_level("INFO"):
        HandlerTable(lambda _: None).of(PacketIgnored("rubbish"))
    assert "rubbish" in caplog.text
