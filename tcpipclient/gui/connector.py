"""The model of the client's window: a client, and what on this computer takes long, each on a thread of its own.

Owns the queue from which the Tk thread takes the events, the threads, and making a new Client for each connection. Must
never decide, nor touch a widget. Threads: the calls of `Model` are the Tk thread's and return at once; everything slow
runs on threads of ours, and events of a client come from its dispatcher thread.
"""

import queue
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from commonlib.exceptions import ChatError
from tcpipclient.core.exceptions import ConnectError, SettingError
from tcpipclient.gui.connection import Connection
from tcpipclient.gui.drop_reading import count_drop, read_drop
from tcpipclient.gui.event_queue import EventQueue
from tcpipclient.gui.folder_looking import look_at_folder
from tcpipclient.gui.model import ConnectFailed, Keeping, NotDone, OwnKey, Target
from tcpipclient.gui.opening import maybe_open_file, maybe_open_folder, maybe_open_link
from tcpipclient.gui.settings import Settings
from tcpipclient.gui.settings_file import maybe_save_settings
from tcpipclient.net.threads import make_thread

if TYPE_CHECKING:
    from tcpipclient.api import Client
    from tcpipclient.config import ClientConfig
    from tcpipclient.exchange import FileExchange

STOP_SECONDS = 7.0


def new_client(config: "ClientConfig", exchange: "FileExchange") -> "Client":
    """A client that is not connected yet. What it needs is loaded now: the window is drawn before that."""
    from tcpipclient.api import Client

    return Client(config, exchange=exchange)


class Connector:
    """Keeps `model.Model`.

    Args:
        downloads: Folder for received files where the settings have none.
        settings_path: Where the settings are written; our key and the hubs that we trust are beside them.
        make_client: Makes the client of a connection; tests put a network in memory here.

    Attributes:
        events: What the presenters are to be given, in order.
    """

    def __init__(
        self,
        downloads: Path,
        settings_path: Path,
        make_client: "Callable[[ClientConfig, FileExchange], Client]" = new_client,
    ) -> None:
        self.events = EventQueue()
        self._downloads = downloads
        self._settings_path = settings_path
        self._make_client = make_client
        self._connection: Connection | None = None
        self._exchange: FileExchange | None = None
        self._wanted_drop = 0
        self._threads: list[threading.Thread] = []
        self._chores: queue.SimpleQueue[Callable[[], str | None] | None] = queue.SimpleQueue()
        self._start("chores", self._do_chores)

    def load(self) -> None:
        """Load what a connection needs, beside the window: so that Connect need not. OwnKey tells our key."""
        self._chores.put(load_client)
        self._chores.put(self._maybe_load_key)

    # The connection

    def connect(self, target: Target) -> None:
        """Begin to connect."""
        from tcpipclient.config import Accept, ClientConfig
        from tcpipclient.core.trusting import Trust
        from tcpipclient.exchange import FileExchange

        downloads = Path(target.downloads) if target.downloads else self._downloads
        try:
            config = ClientConfig(
                target.host,
                target.port,
                target.name,
                downloads=downloads,
                accept=Accept.ASK,
                close_timeout=3.0,
                data_dir=self._settings_path.parent,
                trust=target.answers.trust or Trust.KNOWN,
                allow_unencrypted=target.answers.allow_unencrypted,
                join_code=target.answers.join_code,
                speed_limit=target.speed_limit or None,
            )
        except SettingError as error:
            self.events.put_now(ConnectFailed(target.connection, str(error), lasting=True))
            return
        if self._exchange is None:
            self._exchange = FileExchange()
        # Batches outlive a connection that was lost: the next one goes on with them.
        connection = Connection(target.connection, self._make_client(config, self._exchange), self.events.put)
        self._connection = connection
        self._start("connection", lambda: self._run(connection), awaited=False)

    def close(self, connection: int) -> None:
        """End a connection, or an attempt at one, and all batches."""
        current, exchange = self._connection, self._exchange
        if current is not None and current.number == connection:
            self._connection = self._exchange = None

            def end() -> None:
                if exchange is not None:
                    exchange.close()
                current.close()

            self._start("closing", end)

    def send_text(self, message: int, text: str, to: Sequence[int], numbers: tuple[int, int]) -> None:
        """Send a text."""
        if self._connection is not None:
            self._connection.send_text(message, text, tuple(to), numbers)

    def send_file(self, file: int, path: PurePath, to: int) -> None:
        """Send a file."""
        if self._connection is not None:
            self._connection.send_file(file, Path(path), to)

    def ask_latencies(self, ids: Sequence[int]) -> None:
        """Have the hub asked how long these take to answer it."""
        if self._connection is not None:
            self._connection.ask_latencies(tuple(ids))

    def accept_file(self, transfer: int) -> None:
        """Keep an offered file."""
        if self._connection is not None:
            self._connection.client.accept_file(transfer)

    def decline_file(self, transfer: int) -> None:
        """Do not keep an offered file."""
        if self._connection is not None:
            self._connection.client.decline_file(transfer)

    def cancel_file(self, transfer: int) -> None:
        """Stop a file on its way."""
        if self._connection is not None:
            self._connection.client.cancel_file(transfer)

    def forget_hub(self, host: str, port: int, key: bytes | None) -> None:
        """Trust nothing at an address any more, nor this key anywhere."""
        self._chores.put(lambda: self._maybe_forget(host, port, key))

    def send_batch(self, batch: int, paths: Sequence[PurePath], to: int, *, links: bool) -> None:
        """Send files and folders together."""
        if self._connection is not None:
            self._connection.send_batch(batch, [Path(path) for path in paths], to, links=links)

    def add_to_batch(self, transfer: int, paths: Sequence[PurePath]) -> None:
        """Send more files and folders with a batch."""
        connection = self._connection

        def add() -> str | None:
            if connection is not None:
                try:
                    connection.client.add_files(transfer, [Path(path) for path in paths])
                except ChatError as error:
                    return str(error)
            return None

        self._chores.put(add)

    def accept_batch(self, transfer: int, keeping: Keeping) -> None:
        """Keep what is offered."""
        if self._connection is not None and self._exchange is not None:
            self._exchange.let_listen(wanted=keeping.listening)
            self._connection.client.accept_batch(
                transfer,
                conflict=keeping.conflict,
                links=keeping.links,
                folder=Path(keeping.folder) if keeping.folder else None,
            )

    def decline_batch(self, transfer: int) -> None:
        """Do not keep what is offered."""
        if self._connection is not None:
            self._connection.client.decline_batch(transfer)

    def pause_batch(self, transfer: int) -> None:
        """Let nothing more of a batch pass for now."""
        if self._connection is not None:
            self._connection.client.pause_batch(transfer)

    def resume_batch(self, transfer: int) -> None:
        """Let it pass again."""
        if self._connection is not None:
            self._connection.client.resume_batch(transfer)

    def cancel_batch(self, transfer: int) -> None:
        """Stop a batch."""
        if self._connection is not None:
            self._connection.client.cancel_batch(transfer)

    def move_batch(self, transfer: int, place: int) -> None:
        """Give a batch that waits another place."""
        if self._connection is not None:
            self._connection.client.move_batch(transfer, place)

    def limit_speed(self, bytes_per_second: int | None) -> None:
        """Send batches no faster than this."""
        connection = self._connection
        if connection is not None:
            # What carries batches is loaded by this where there was none yet.
            self._chores.put(lambda: connection.client.limit_speed(bytes_per_second))

    # This computer

    def look_at_folder(self, transfer: int, folder: str, names: Sequence[str]) -> None:
        """See what is in a folder."""
        looked = Path(folder) if folder else self._downloads
        self._start("folder", lambda: self.events.put(look_at_folder(transfer, looked, names)))

    def count_drop(self, drop: int, paths: Sequence[PurePath]) -> None:
        """Count what is in folders that were dropped."""

        def look() -> None:
            counted = count_drop(drop, paths, lambda: self._wanted_drop == drop)
            if counted is not None:
                self.events.put(counted)

        self._start("count", look)

    def read_drop(self, drop: int, items: Sequence[str]) -> None:
        """Look at what was dropped."""
        self._wanted_drop = drop

        def look() -> None:
            read = read_drop(drop, items, self.events.put, lambda: self._wanted_drop == drop)
            if read is not None:
                self.events.put(read)

        self._start("drop", look)

    def forget_drop(self, drop: int) -> None:
        """What was dropped is not wanted any more."""
        if self._wanted_drop == drop:
            self._wanted_drop = 0

    def open_file(self, path: PurePath) -> None:
        """Open a file."""
        self._chores.put(lambda: maybe_open_file(Path(path)))

    def open_folder(self, path: PurePath) -> None:
        """Show the folder that a file is in."""
        self._chores.put(lambda: maybe_open_folder(Path(path)))

    def open_link(self, url: str) -> None:
        """Open a web or mail address."""
        self._chores.put(lambda: maybe_open_link(url))

    def save_settings(self, settings: Settings) -> None:
        """Write the settings."""
        self._chores.put(lambda: maybe_save_settings(self._settings_path, settings))

    def stop(self, timeout: float = STOP_SECONDS) -> bool:
        """The window has closed: say goodbye and save what is to be saved; False where that took longer.

        Called once, when no other call follows. An attempt to connect that nobody wants any more is not waited for.
        """
        if self._connection is not None:
            self.close(self._connection.number)
        self._wanted_drop = 0
        self._chores.put(None)
        deadline = time.monotonic() + timeout
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    # On threads of ours

    def _run(self, connection: Connection) -> None:
        try:
            connection.client.connect()
        except ConnectError as error:
            self.events.put(ConnectFailed(connection.number, str(error), cause=error))
            return
        except ChatError as error:
            # What is kept on this computer cannot be used, and no other try changes that.
            self.events.put(ConnectFailed(connection.number, str(error), lasting=True))
            return
        connection.work()

    def _do_chores(self) -> None:
        while (chore := self._chores.get()) is not None:
            sentence = chore()
            if sentence is not None:
                self.events.put(NotDone(sentence))

    def _maybe_load_key(self) -> str | None:
        """Find our key, made where there is none; a sentence where that fails."""
        from commonlib.storage.keyfile import load_or_make_identity

        try:
            identity = load_or_make_identity(self._settings_path.parent)
        except ChatError as error:
            return str(error)
        self.events.put(OwnKey(identity.fingerprint))
        return None

    def _maybe_forget(self, host: str, port: int, key: bytes | None) -> str | None:
        """A sentence where it cannot be kept."""
        from commonlib.identity import Fingerprint
        from tcpipclient.trust import TrustStore

        try:
            with TrustStore(self._settings_path.parent) as store:
                store.forget(host, port, None if key is None else Fingerprint(key))
        except ChatError as error:
            return str(error)
        return None

    def _start(self, name: str, work: Callable[[], None], *, awaited: bool = True) -> None:
        thread = make_thread(f"window-{name}", work, self._failed)
        if awaited:
            self._threads = [*(other for other in self._threads if other.is_alive()), thread]
        thread.start()

    def _failed(self) -> None:
        self.events.put(NotDone("A part of this program has failed; its log says why. Restart it, and report that."))


def load_client() -> None:
    """Load what a connection, and the first files on it, need."""
    import tcpipclient.api
    import tcpipclient.batches
    import tcpipclient.gui.presenter_batches
    import tcpipclient.net.exchange.shell
    import tcpipclient.net.peer.receiving_pump  # noqa: F401 - all of it to be there when the first files come
