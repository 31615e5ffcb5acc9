"""The control thread: starts and stops the hub for the window, and looks at it and at the machine from time to time.

Owns the running hub. Must never touch the window: whatever comes of its work goes into the feed. The methods are called
by the Tk thread and do not wait, save `close`; the work is done on the control thread. The hub's modules are loaded
when it is to start: the window is drawn before that.
"""

import contextlib
import errno
import queue
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from commonlib.exceptions import ChatError
from commonlib.identity import Fingerprint
from commonlib.storage.owner_only import StorageError, write_owner_only
from tcpipserver.config import ServerConfig
from tcpipserver.gui import events
from tcpipserver.gui.addresses import machine_addresses
from tcpipserver.gui.feed import Feed
from tcpipserver.gui.free_port import maybe_free_port
from tcpipserver.gui.machine import find_firewall, prefers_dark
from tcpipserver.hub.admission import Joining, Policy
from tcpipserver.joincode import load_or_make_join_code, new_join_code
from tcpipserver.net.worker import Worker

if TYPE_CHECKING:
    from tcpipserver.hub import inputs
    from tcpipserver.net.handlers import SaidText
    from tcpipserver.net.listener import ListenError
    from tcpipserver.service import Service

JOIN_CODE_FILE = "join-code.txt"
LOOK_SECONDS = 1.0
MACHINE_SECONDS = 20.0
_JOIN_SECONDS = 30.0
_STOPPED_FROM_OUTSIDE = "'tcpipserver ctl stop' has stopped the hub."
_WINDOWS_ADDRESS_IN_USE = 10048
_WINDOWS_PORT_RESERVED = 10013

Work = Callable[[], None]


class Control:
    """The hub behind the window.

    Args:
        config: How the hub is to run; the port is the window's to choose.
        listening: Called with the port on the control thread whenever the hub has begun to listen; may raise ChatError.
    """

    def __init__(self, config: ServerConfig, feed: Feed, listening: Callable[[int], None]) -> None:
        self._config = config
        self._feed = feed
        self._listening = listening
        self._policy = config.policy
        self._join_code = config.join_code
        self._service: Service | None = None
        self._work: queue.SimpleQueue[Work | None] = queue.SimpleQueue()
        self._worker = Worker("control", self._run, self._broke)

    # Called by the Tk thread

    def open(self) -> None:
        """Start the thread."""
        self._worker.start()

    def close(self) -> None:
        """Stop the hub if it runs, and end the thread; waits for both."""
        self._work.put(None)
        self._worker.join(_JOIN_SECONDS)
        self._end_hub()  # Where the thread broke, it is still running.

    def start(self, port: int) -> None:
        """Start a hub: HubStarted or ListenRefused follows."""
        self._work.put(lambda: self._start(port))

    def stop(self) -> None:
        """Stop it: HubStopped follows."""
        self._work.put(self._stop)

    def say(self, to: tuple[int, ...] | None, text: str, numbers: tuple[int, int]) -> None:
        """Say a text as the server, to these ids or to everybody.

        Raises:
            FieldError: The text is too long.
            NotRunningError: There is no hub.
        """
        from commonlib.classic.texts import split_text
        from tcpipserver.hub import inputs

        split_text(text, id_to=0, numbers=numbers)
        self._tell(inputs.OperatorSaid(to, text, numbers))

    def kick(self, ids: tuple[int, ...], reason: str) -> None:
        """Send these away.

        Raises:
            NotRunningError: There is no hub.
        """
        from tcpipserver.hub import inputs

        self._tell(inputs.OperatorKicked(ids, reason))

    def set_policy(self, policy: Policy) -> None:
        """From now on this is who may join: PolicySet follows, before it JoinCodeKnown where a code is asked for."""
        self._work.put(lambda: self._set_policy(policy))

    def renew_join_code(self) -> None:
        """Make a new join code, which counts at once: JoinCodeKnown follows."""
        self._work.put(self._renew_join_code)

    def ban(self, keys: tuple[bytes, ...], reason: str) -> None:
        """Keep these keys out, and send away whoever is here with one of them. Raises NotRunningError."""
        from tcpipserver.hub import inputs

        self._tell(inputs.OperatorBanned(keys=tuple(map(Fingerprint, keys)), reason=reason))

    def unban(self, key: bytes) -> None:
        """Do not keep this key out any more. Raises NotRunningError."""
        from tcpipserver.hub import inputs

        self._tell(inputs.OperatorUnbanned(Fingerprint(key)))

    def approve(self, key: bytes) -> None:
        """Let this key in, now and later. Raises NotRunningError."""
        from tcpipserver.hub import inputs

        self._tell(inputs.OperatorApproved(Fingerprint(key)))

    def deny(self, key: bytes, reason: str) -> None:
        """Do not let this key in now. Raises NotRunningError."""
        from tcpipserver.hub import inputs

        self._tell(inputs.OperatorDenied(Fingerprint(key), reason))

    def save_lines(self, path: str, lines: tuple[str, ...]) -> None:
        """Write lines to a file: LogSaved or WorkFailed follows."""
        self._work.put(lambda: self._save(Path(path), lines))

    def _tell(self, happened: "inputs.Input") -> None:
        from tcpipserver.service import NotRunningError

        service = self._service
        if service is None:
            raise NotRunningError
        service.tell(happened)

    # The control thread

    def _run(self) -> None:
        next_machine = 0.0
        while True:
            if time.monotonic() >= next_machine:
                self._look_at_machine()
                next_machine = time.monotonic() + MACHINE_SECONDS
            try:
                work = self._work.get(timeout=LOOK_SECONDS)
            except queue.Empty:
                self._look_at_hub()
                continue
            if work is None:
                self._end_hub()
                return
            work()
            self._look_at_hub()

    def _start(self, port: int) -> None:
        from tcpipserver.net.listener import ListenError
        from tcpipserver.service import Service

        try:
            self._need_join_code(self._policy)
        except ChatError as error:
            self._feed.post(events.ListenRefused(port, str(error), None))
            return
        config = replace(self._config, port=port, policy=self._policy, join_code=self._join_code)
        service = Service(config)
        service.handlers.register_text(self._text_said)
        try:
            service.start()
        except ListenError as error:
            free_port = maybe_free_port(self._config.host, port)
            self._feed.post(events.ListenRefused(port, _sentence(error), free_port))
            return
        except ChatError as error:  # The data folder: another hub's, or not to be used.
            self._feed.post(events.ListenRefused(port, str(error), None))
            return
        self._service = service
        key = service.fingerprint if self._config.is_encrypting else None
        self._feed.post(events.HubStarted(service.port, time.time(), key))
        try:
            self._listening(service.port)
        except ChatError as error:
            self._feed.post(events.WorkFailed(str(error)))

    def _stop(self) -> None:
        self._end_hub()
        self._feed.post(events.HubStopped())

    def _end_hub(self) -> None:
        service, self._service = self._service, None
        if service is not None:
            service.stop()

    def _set_policy(self, policy: Policy) -> None:
        try:
            self._need_join_code(policy)
        except ChatError as error:
            self._feed.post(events.WorkFailed(str(error)))
            return
        self._policy = policy
        self._use_door()
        self._feed.post(events.PolicySet(policy))

    def _renew_join_code(self) -> None:
        code = new_join_code()
        try:
            path = self._maybe_code_file()
            if path is not None:
                write_owner_only(path, f"{code}\n".encode())
        except StorageError as error:
            self._feed.post(events.WorkFailed(str(error)))
            return
        self._join_code = code
        self._use_door()
        self._feed.post(events.JoinCodeKnown(code))

    def _need_join_code(self, policy: Policy) -> None:
        """Have a join code where one is asked for; raises ChatError where it cannot be read or kept."""
        if policy.joining is not Joining.CODE:
            return
        if not self._join_code:
            path = self._maybe_code_file()
            self._join_code = new_join_code() if path is None else load_or_make_join_code(path)
        self._feed.post(events.JoinCodeKnown(self._join_code))

    def _maybe_code_file(self) -> Path | None:
        """Where the join code is kept: the file that the operator named, else one in the data folder."""
        if self._config.join_code_file is not None:
            return self._config.join_code_file
        folder = self._config.data_dir
        return None if folder is None else folder / JOIN_CODE_FILE

    def _use_door(self) -> None:
        """Have the hub that runs take people in as it is wanted now."""
        service = self._service
        if service is not None:
            with contextlib.suppress(ChatError):  # It is just breaking; the next look says so.
                service.change_policy(self._policy, self._join_code)

    def _look_at_hub(self) -> None:
        service = self._service
        if service is None:
            return
        if service.wait(0):
            self._end_hub()
            self._feed.post(events.HubStopped(service.failure or _STOPPED_FROM_OUTSIDE))
            return
        from tcpipserver.hub.brain import Hub
        from tcpipserver.service import NotRunningError

        with contextlib.suppress(NotRunningError):  # It is just breaking; the next look says so.
            self._feed.post(events.HubLooked(service.ask(Hub.overview), service.relayed))

    def _look_at_machine(self) -> None:
        self._feed.post(events.MachineLooked(machine_addresses(), find_firewall(), prefers_dark()))

    def _save(self, path: Path, lines: tuple[str, ...]) -> None:
        try:
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        except OSError as error:
            detail = error.strerror or error
            sentence = f"The event log could not be saved as {path}: {detail}. Choose another place."
            self._feed.post(events.WorkFailed(sentence))
        else:
            self._feed.post(events.LogSaved(str(path)))

    def _broke(self, thread_name: str) -> None:
        self._feed.post(
            events.HubStopped(f"The window's {thread_name} thread broke; the log says how. Start the program again.")
        )

    # The handlers thread

    def _text_said(self, said: "SaidText") -> None:
        self._feed.post(events.TextSaid(time.time(), said.sender, said.text, said.numbers))


def _sentence(error: "ListenError") -> str:
    """Why the hub cannot listen. The usual reasons without the command's next step: the window has one of its own."""
    cause = error.__cause__
    number = getattr(cause, "winerror", None) or getattr(cause, "errno", None)
    if number in (errno.EADDRINUSE, _WINDOWS_ADDRESS_IN_USE):
        return f"Port {error.port} is already in use on this machine, perhaps by another hub."
    if number in (errno.EACCES, _WINDOWS_PORT_RESERVED):
        return f"The system keeps port {error.port} for itself."
    return str(error)
