"""A client's window without a screen and without a client: the presenter, what it shows, and what it asks for.

Owns the fake model and the steps that many tests begin with. The fake must never answer by itself. Thread: the test's
own.
"""

from collections.abc import Sequence
from datetime import UTC
from pathlib import PurePath
from typing import Any

from commonlib.identity import Fingerprint
from commonlib.transfer.messages import EntryKind, Totals
from tcpipclient.core.batch_events import BatchChanged, BatchOffered, BatchState, OfferedEntry
from tcpipclient.core.events import ConnectionLost, Direction, Event, FileOffered, Loss, Person, Registered, TextArrived
from tcpipclient.core.exceptions import ConnectError
from tcpipclient.gui.actions import Actions
from tcpipclient.gui.model import (
    Arrived,
    BatchStarted,
    ConnectFailed,
    DroppedFile,
    DropRead,
    FileStarted,
    Keeping,
    Model,
    ModelEvent,
    RefusedItem,
    Target,
    TextSent,
)
from tcpipclient.gui.presenter import Presenter
from tcpipclient.gui.presenter_connection import PAUSES
from tcpipclient.gui.settings import Settings
from tcpipclient.gui.shown_hub import HubQuestion
from tcpipclient.gui.view import View
from tests.support.recording_client_view import RecordingView

WALL = 1_795_404_767.25
ANN = Person(2, "Ann", "desk", "10.0.0.2")
BOB = Person(3, "Bob", "lap", "10.0.0.3")
KEYED_ANN = Person(2, "Ann", "desk", "10.0.0.2", key=bytes([3]) * 32)
KEYED_BOB = Person(3, "Bob", "lap", "10.0.0.3", key=bytes([4]) * 32)
EVE = Person(4, "Eve", "tower", "10.0.0.4")
HUB_KEY, OTHER_HUB_KEY, ANNS_KEY, BOBS_KEY = (Fingerprint(bytes([number]) * 32) for number in (1, 2, 3, 4))


class FakeModel:
    """Keeps `model.Model`; `calls` has each call by its name, with its arguments."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, tuple[Any, ...]]] = []

    def of(self, name: str) -> list[tuple[Any, ...]]:
        """The arguments of all calls of one name."""
        return [arguments for called, arguments in self.calls if called == name]

    def connect(self, target: Target) -> None:
        self.calls.append(("connect", (target,)))

    def close(self, connection: int) -> None:
        self.calls.append(("close", (connection,)))

    def send_text(self, message: int, text: str, to: Sequence[int], numbers: tuple[int, int]) -> None:
        self.calls.append(("send_text", (message, text, tuple(to), numbers)))

    def send_file(self, file: int, path: PurePath, to: int) -> None:
        self.calls.append(("send_file", (file, path, to)))

    def ask_latencies(self, ids: Sequence[int]) -> None:
        self.calls.append(("ask_latencies", (tuple(ids),)))

    def accept_file(self, transfer: int) -> None:
        self.calls.append(("accept_file", (transfer,)))

    def decline_file(self, transfer: int) -> None:
        self.calls.append(("decline_file", (transfer,)))

    def cancel_file(self, transfer: int) -> None:
        self.calls.append(("cancel_file", (transfer,)))

    def forget_hub(self, host: str, port: int, key: bytes | None) -> None:
        self.calls.append(("forget_hub", (host, port, key)))

    def send_batch(self, batch: int, paths: Sequence[PurePath], to: int, *, links: bool) -> None:
        self.calls.append(("send_batch", (batch, tuple(paths), to, links)))

    def add_to_batch(self, transfer: int, paths: Sequence[PurePath]) -> None:
        self.calls.append(("add_to_batch", (transfer, tuple(paths))))

    def accept_batch(self, transfer: int, keeping: Keeping) -> None:
        self.calls.append(("accept_batch", (transfer, keeping)))

    def decline_batch(self, transfer: int) -> None:
        self.calls.append(("decline_batch", (transfer,)))

    def pause_batch(self, transfer: int) -> None:
        self.calls.append(("pause_batch", (transfer,)))

    def resume_batch(self, transfer: int) -> None:
        self.calls.append(("resume_batch", (transfer,)))

    def cancel_batch(self, transfer: int) -> None:
        self.calls.append(("cancel_batch", (transfer,)))

    def move_batch(self, transfer: int, place: int) -> None:
        self.calls.append(("move_batch", (transfer, place)))

    def limit_speed(self, bytes_per_second: int | None) -> None:
        self.calls.append(("limit_speed", (bytes_per_second,)))

    def look_at_folder(self, transfer: int, folder: str, names: Sequence[str]) -> None:
        self.calls.append(("look_at_folder", (transfer, folder, tuple(names))))

    def read_drop(self, drop: int, items: Sequence[str]) -> None:
        self.calls.append(("read_drop", (drop, tuple(items))))

    def count_drop(self, drop: int, paths: Sequence[PurePath]) -> None:
        self.calls.append(("count_drop", (drop, tuple(paths))))

    def forget_drop(self, drop: int) -> None:
        self.calls.append(("forget_drop", (drop,)))

    def open_file(self, path: PurePath) -> None:
        self.calls.append(("open_file", (path,)))

    def open_folder(self, path: PurePath) -> None:
        self.calls.append(("open_folder", (path,)))

    def open_link(self, url: str) -> None:
        self.calls.append(("open_link", (url,)))

    def save_settings(self, settings: Settings) -> None:
        self.calls.append(("save_settings", (settings,)))


class ClientWindow:
    """One window, started; `now` and `wall` stand still unless the test moves them."""

    def __init__(self, settings: Settings | None = None, user_name: str = "me") -> None:
        self.view = RecordingView()
        self.model = FakeModel()
        self.now = 100.0
        view: View = self.view
        model: Model = self.model
        self.presenter = Presenter(view, model, settings or Settings(), user_name, UTC)
        self.actions: Actions = self.presenter
        self.actions.started(self.now, WALL)

    @property
    def number(self) -> int:
        """Of the newest connection."""
        (target,) = self.model.of("connect")[-1]
        found: int = target.connection
        return found

    def connect(self, *people: Person, host: str = "hub", hub_key: bytes | None = None) -> "ClientWindow":
        """Connect, and be taken in with the id 1."""
        self.actions.connect_clicked(host, "", "me", self.now)
        self.arrive(Registered(1, (0, 1, 0), people, hub_key))
        return self

    def connect_again(self, *people: Person, hub_key: bytes | None = None) -> None:
        """The connection is lost, and the next try leads to a hub with these people."""
        self.lose()
        self.tick(PAUSES[0])
        self.arrive(Registered(1, (0, 1, 0), people, hub_key))

    def fail(self, cause: ConnectError) -> None:
        """The try that is being made leads to nothing."""
        self.receive(ConnectFailed(self.number, str(cause), cause=cause))

    @property
    def question(self) -> HubQuestion:
        """What the hub makes the user decide now."""
        assert self.view.hub_question is not None
        return self.view.hub_question

    def answer_hub(self, typed: str = "", *, yes: bool = True) -> None:
        """Answer that question."""
        self.actions.hub_answered(self.question.number, typed, self.now, yes=yes)

    def receive(self, *events: ModelEvent) -> None:
        """The queue gives these."""
        self.actions.received(events, self.now, WALL)

    def arrive(self, *events: Event) -> None:
        """The client of the newest connection tells these."""
        self.receive(*(Arrived(self.number, event) for event in events))

    def lose(self, loss: Loss = Loss.CLOSED) -> None:
        """The connection ends."""
        self.arrive(ConnectionLost(loss, "It has ended. Connect again."))

    def tick(self, seconds: float = 0.2) -> None:
        """Time passes."""
        self.now += seconds
        self.actions.ticked(self.now, WALL)

    def select(self, *names: str) -> None:
        """Select people by their names."""
        self.actions.people_selected([self.view.person(name).key for name in names])

    def say(self, text: str, numbers: tuple[str, str] = ("", "")) -> int:
        """Type a text and send it; returns the number of the message."""
        self.actions.draft_typed(text)
        self.actions.send_clicked(text, self.now, WALL, numbers)
        return self.view.messages[-1].number

    def sent(self, message: int, text: int) -> None:
        """The client has taken a text."""
        self.receive(TextSent(self.number, message, text))

    def hear(self, person: Person, text: str, numbers: tuple[int, int] = (0, 0)) -> None:
        """Somebody says something."""
        self.arrive(TextArrived(person.id, person.name, text, numbers))

    def offer(self, person: Person, transfer: int, name: str = "a.txt", size: int = 1000) -> None:
        """Somebody sends a file."""
        self.arrive(FileOffered(transfer, person.id, person.name, name, name, size))

    def drop(self, *files: DroppedFile, refused: Sequence[RefusedItem] = ()) -> int:
        """Drop files on the conversation and have them read; returns the number of the question."""
        self.actions.files_dropped([str(file.path) for file in files] + [item.item for item in refused])
        return self.answer_drop(*files, refused=refused)

    def answer_drop(self, *files: DroppedFile, refused: Sequence[RefusedItem] = ()) -> int:
        """What was dropped has been looked at; returns the number of the question."""
        number: int = self.model.of("read_drop")[-1][0]
        self.receive(DropRead(number, files, tuple(refused)))
        return number

    def send_files(self, *files: DroppedFile) -> list[int]:
        """Drop files and say yes; returns the keys of those that the client was given."""
        before = len(self.model.of("send_file"))
        self.actions.send_answered(self.drop(*files), yes=True)
        return [key for key, _, _ in self.model.of("send_file")[before:]]

    def offer_files(
        self, person: Person, transfer: int, *names: str, offer: int = 0, room: int | None = 10**9, there: str = ""
    ) -> None:
        """Somebody sends files of 1000 bytes together; the one named `there` is in our folder already."""
        top = tuple(OfferedEntry(EntryKind.FILE, name, name, 1000, name == there) for name in names)
        totals = Totals(files=len(names), size=1000 * len(names))
        assert person.key is not None
        self.arrive(BatchOffered(transfer, offer, person.id, person.name, person.key, totals, top, 0, room))

    def send_batch(self, *files: DroppedFile, transfer: int = 0, links: bool = False) -> int:
        """Drop files for who takes batches and say yes; returns the key of the row, taken by the client as `transfer`.

        Args:
            transfer: 0 where the client has not taken it yet.
        """
        self.actions.send_answered(self.drop(*files), yes=True, links=links)
        key: int = self.model.of("send_batch")[-1][0]
        if transfer:
            self.receive(BatchStarted(self.number, key, transfer))
        return key

    def change_batch(
        self, transfer: int, state: BatchState, direction: Direction = Direction.OUTGOING, **more: Any
    ) -> None:
        """A batch is in another state."""
        self.arrive(BatchChanged(transfer, direction, 2, state, **more))

    def start_file(self, key: int, transfer: int) -> None:
        """The client has taken a file."""
        self.receive(FileStarted(self.number, key, transfer))


def files(count: int, size: int = 1000) -> list[DroppedFile]:
    """So many files."""
    return [DroppedFile(PurePath(f"/home/me/f{number}.bin"), f"f{number}.bin", size) for number in range(count)]
