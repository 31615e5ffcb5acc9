"""The thread that listens to the operator's command line, and one for each caller.

Owns the callers: how many there may be, how long each may take, and that each gets one answer. Must never hold up the
hub for a caller, nor take a request from one who has not proved that he has read the key. `open`, `start` and `stop`
are called by the service's thread.

A caller who says nothing makes room for the next one, so that nobody can keep others out.
"""

import logging
import os
import secrets
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from commonlib.exceptions import ChatError
from commonlib.meaning import Meaning
from commonlib.storage.owner_only import StorageError, make_private_folder
from tcpipserver.control.answers import Answer, Refused, encode_answer
from tcpipserver.control.authkey import KEY_SIZE, LARGEST_GREETING, NONCE_SIZE, IntruderError, hub_answer
from tcpipserver.control.channel import Channel, ChannelError
from tcpipserver.control.endpoint import Endpoint, open_endpoint
from tcpipserver.control.folder_lock import FolderLock
from tcpipserver.control.operations import decide
from tcpipserver.control.picture import Picture
from tcpipserver.control.place import (
    LOCK_FILE,
    Contact,
    private_folder,
    remove_contact,
    remove_socket_folder,
    socket_paths,
    write_contact,
)
from tcpipserver.control.requests import LARGEST_REQUEST, decode_request
from tcpipserver.hub import inputs
from tcpipserver.net.worker import Worker

log = logging.getLogger(__name__)
event_log = logging.getLogger("tcpipserver.events")

MOST_CALLERS = 8
PROOF_SECONDS = 2.0
"""How long a caller may take to prove that he has read the key."""
REQUEST_SECONDS = 10.0
"""How long after that he may take for his request, and then for reading the answer."""
STOP_SECONDS = 60.0
"""How long a caller who stops the hub is kept waiting for its end at most."""
_LEAVING_SECONDS = 5.0
"""How long a newcomer waits for somebody to leave who was sent away for him, which takes that one no time."""
_PAUSE_SECONDS = 0.5
"""After a caller who could not be taken in: most likely the system has no descriptor for him."""


class ControlledHub(Protocol):
    """What the operator's command line needs of the hub. Any thread."""

    def picture(self) -> Picture:
        """The hub as it is. Raises NotRunningError."""

    def tell(self, happened: inputs.Input) -> None:
        """Give the brain an input. Raises NotRunningError."""

    def ask_to_stop(self) -> None:
        """Have whoever waits for the hub stop it."""


class ControlListener:
    """The operator's line to one hub.

    Args:
        data_dir: The hub's data folder; two hubs cannot share one.
        failed: Called with the name of the listening thread should it break.
    """

    def __init__(self, data_dir: Path, hub: ControlledHub, failed: Callable[[str], None]) -> None:
        self._data_dir = data_dir
        self._hub = hub
        self._folder: Path | None = None
        self._lock: FolderLock | None = None
        self._endpoint: Endpoint | None = None
        self._contact: Contact | None = None
        self._worker = Worker("control-listener", self._run, failed)
        self._callers = Callers()
        self._is_stopping = threading.Event()
        self._has_stopped = threading.Event()

    def open(self) -> None:
        """Take the data folder for this hub, before anything in it is read, and say where callers can come.

        Raises:
            FolderInUseError: Another hub works with it; nothing is left.
            StorageError: It cannot be used; nothing is left.
        """
        make_private_folder(self._data_dir)
        self._folder = private_folder(self._data_dir)
        try:
            self._lock = self._acquire(self._folder)
            self._endpoint = _maybe_open_endpoint(self._folder)
            if self._endpoint is not None:
                self._contact = Contact(address=self._endpoint.address, key=secrets.token_bytes(KEY_SIZE))
                write_contact(self._folder, self._contact)
        except ChatError:
            self.stop(0)
            raise

    def start(self) -> None:
        """Take callers in; those who have come meanwhile too."""
        if self._endpoint is not None:
            self._worker.start()

    def stop(self, timeout: float) -> bool:
        """Let nobody in any more, send everybody away, give the folder back; whether all threads ended in time."""
        self._is_stopping.set()
        if self._folder is None:
            return True
        if self._contact is not None:
            remove_contact(self._folder, self._contact)
        if self._endpoint is not None:
            self._endpoint.wake()
        has_ended = self._worker.join(timeout)
        if self._endpoint is not None and has_ended:
            self._endpoint.close()
            remove_socket_folder(self._folder, self._endpoint.address)
        if self._lock is not None:
            self._lock.release()
        # Last: who asked the hub to stop takes the end of his connection for the end of the hub.
        self._has_stopped.set()
        return self._callers.send_away(timeout) and has_ended

    def _acquire(self, folder: Path) -> FolderLock:
        lock = FolderLock(folder / LOCK_FILE, self._data_dir)
        try:
            lock.acquire()
        except OSError as error:
            advice = "Name a folder on a disk of this computer with --data-dir."
            raise StorageError(folder, f"it cannot be locked ({error.strerror})", advice) from error
        return lock

    def _run(self) -> None:
        assert self._endpoint is not None
        while not self._is_stopping.is_set():
            try:
                channel = self._endpoint.accept()
            except OSError:
                self._is_stopping.wait(_PAUSE_SECONDS)
                continue
            if channel is not None:
                self._callers.receive(channel, self._serve)

    # A caller's thread

    def _serve(self, channel: Channel) -> None:
        assert self._contact is not None
        nonce = secrets.token_bytes(NONCE_SIZE)
        deadline = time.monotonic() + PROOF_SECONDS
        channel.send(nonce, deadline)
        channel.send(hub_answer(self._contact.key, nonce, channel.receive(LARGEST_GREETING, deadline)), deadline)
        self._callers.set_proved(channel)
        message = channel.receive(LARGEST_REQUEST, time.monotonic() + REQUEST_SECONDS)
        answers, stops = self._answers_to(message)
        deadline = time.monotonic() + REQUEST_SECONDS
        for answer in answers:
            channel.send(encode_answer(answer), deadline)
        if stops:
            event_log.log(Meaning.NOTE, "The operator's command line stops the hub.")
            self._hub.ask_to_stop()
            self._has_stopped.wait(STOP_SECONDS)

    def _answers_to(self, message: bytes) -> tuple[list[Answer], bool]:
        """What to answer, once it is done; and whether the hub is to stop."""
        try:
            decision = decide(decode_request(message), self._hub.picture())
            for happened in decision.told:
                self._hub.tell(happened)
        except ChatError as error:
            return [Refused(sentence=str(error))], False
        return list(decision.answers), decision.stops


class Callers:
    """The callers who are there, oldest first, and a thread for each: never more than there are places. Any thread."""

    def __init__(self, most: int = MOST_CALLERS) -> None:
        self._most = most
        self._changed = threading.Condition()
        self._threads: dict[Channel, threading.Thread] = {}
        self._proved: set[Channel] = set()
        self._is_closed = False

    def __len__(self) -> int:
        """How many there are."""
        with self._changed:
            return len(self._threads)

    def receive(self, channel: Channel, serve: Callable[[Channel], None]) -> None:
        """Serve a caller on a thread of his own. Without a place the oldest who has proved nothing goes, else he."""
        thread = threading.Thread(target=self._run, args=(channel, serve), name="control-caller", daemon=True)
        with self._changed:
            is_welcome = self._has_room_locked() and not self._is_closed
            if is_welcome:
                self._threads[channel] = thread
        if not is_welcome:
            channel.close()
            return
        try:
            thread.start()
        except RuntimeError:  # The system has no thread for him.
            self._forget(channel)
            channel.close()

    def set_proved(self, channel: Channel) -> None:
        """This caller has read the key: he goes when he is done."""
        with self._changed:
            self._proved.add(channel)

    def send_away(self, timeout: float) -> bool:
        """Send everybody away, take nobody in any more; whether all have gone in time."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
            threads = dict(self._threads)
        for channel in threads:
            channel.abort()
        deadline = time.monotonic() + timeout
        for thread in threads.values():
            thread.join(max(deadline - time.monotonic(), 0))
        return not any(thread.is_alive() for thread in threads.values())

    def _has_room_locked(self) -> bool:
        """Whether there is a place, if need be after a moment in which somebody leaves his."""
        if len(self._threads) < self._most:
            return True
        unproved = next((channel for channel in self._threads if channel not in self._proved), None)
        if unproved is None:
            return False
        unproved.abort()
        return self._changed.wait_for(lambda: len(self._threads) < self._most, _LEAVING_SECONDS)

    def _run(self, channel: Channel, serve: Callable[[Channel], None]) -> None:
        try:
            serve(channel)
        except (ChannelError, IntruderError):
            pass  # He has gone, or is not the operator: nobody to tell.
        except Exception:
            log.exception("Serving a caller of 'tcpipserver ctl' broke; the hub goes on.")
        finally:
            self._forget(channel)
            channel.close()

    def _forget(self, channel: Channel) -> None:
        with self._changed:
            self._threads.pop(channel, None)
            self._proved.discard(channel)
            self._changed.notify_all()


def _maybe_open_endpoint(folder: Path) -> Endpoint | None:
    """Where callers can come; None, with a line in the log, where that is nowhere: people need the hub all the same."""
    try:
        return open_endpoint(socket_paths(folder, os.environ))
    except OSError as error:
        event_log.log(
            Meaning.TROUBLE,
            "'tcpipserver ctl' cannot reach this hub: there can be no socket for it (%s). Name a folder with a shorter "
            "path with --data-dir, or set XDG_RUNTIME_DIR, and start the hub again.",
            error.strerror or error,
        )
        return None
