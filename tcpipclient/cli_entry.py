"""A command's way into a hub that has to be trusted, or that asks for a join code: shown and asked on the terminal.

Owns the questions, and what is said where nobody can be asked. Must never trust a hub whose key code was not shown, nor
take a join code from the command line, where others on this computer could read it. Thread: the program's main thread.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from commonlib.exceptions import ChatError
from commonlib.identity import Fingerprint, key_code
from commonlib.printable import printable
from commonlib.values import replace
from tcpipclient.api import Client
from tcpipclient.cli_output import Output
from tcpipclient.config import ClientConfig
from tcpipclient.core.events import ApprovalAwaited, Event, HubTrusted
from tcpipclient.core.exceptions import (
    HubChangedError,
    JoinCodeNeededError,
    UnencryptedHubError,
    UnknownHubError,
)
from tcpipclient.core.trusting import HubIdentity, Trust

MOST_CODES_TRIED = 3
LONGEST_CODE_FILE = 1024
"""Bytes; a join code has a few words."""

_YES = ("y", "yes")
_WAITING = "The hub's operator has been asked whether you may come in. This waits for the answer; Ctrl-C gives up."
_ADVICE: dict[type[ChatError], str] = {
    UnknownHubError: (
        "Start this on a terminal to be asked, or give --fingerprint HEX with the fingerprint that the hub shows. "
        "--trust-on-first-use trusts whoever answers, this first time."
    ),
    HubChangedError: "The option for that is --fingerprint HEX; --trust-on-first-use does not help.",
    UnencryptedHubError: "The option for that is --allow-unencrypted.",
    JoinCodeNeededError: (
        "Write it into a file and give --join-code-file PATH, or start this on a terminal to be asked."
    ),
}


class CodeFileError(ChatError):
    """The file with the join code cannot be used.

    Attributes:
        path: As it was given.
        detail: Why not, as the rest of a sentence.
    """

    def __init__(self, path: Path, detail: str) -> None:
        super().__init__(path, detail)
        self.path = path
        self.detail = detail

    def __str__(self) -> str:
        place = printable(str(self.path))
        return f"The join code cannot be read from {place}: {self.detail}. Check the path and the file."


class EntryError(ChatError):
    """We did not get in, and an option or an answer would help.

    Attributes:
        error: Why not.
        advice: The next step on a command line, as sentences.
    """

    def __init__(self, error: ChatError, advice: str) -> None:
        super().__init__(error, advice)
        self.error = error
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.error} {self.advice}"


def read_join_code(path: Path) -> str:
    """The join code in a file: its text, without the white space around it. Raises CodeFileError."""
    try:
        with path.open("rb") as file:
            data = file.read(LONGEST_CODE_FILE + 1)
        code = data.decode("utf-8").strip()
    except OSError as error:
        raise CodeFileError(path, error.strerror or str(error)) from None
    except ValueError:
        raise CodeFileError(path, "it is no text in UTF-8") from None
    if not code or len(data) > LONGEST_CODE_FILE:
        raise CodeFileError(path, f"it must have a text of up to {LONGEST_CODE_FILE} bytes")
    return code


class Entry:
    """Brings a command's client into its hub.

    Args:
        keyboard: Where the user types; None where the program was started without.
        make_client: Makes the client of each try; tests put a network in memory here.
    """

    def __init__(
        self, output: Output, keyboard: TextIO | None, make_client: Callable[[ClientConfig], Client] | None = None
    ) -> None:
        self._output = output
        self._make_client = make_client or Client
        self._was_asked = False
        self._keyboard = keyboard if output.has_screen and keyboard is not None and keyboard.isatty() else None

    def enter(self, config: ClientConfig, handler: Callable[[Event], object]) -> Client:
        """A client that is in; the handler hears everything from the beginning.

        Raises:
            EntryError: We did not get in, and an option or an answer would help.
            ConnectError: We did not get in.
            StorageError: Our key or the hubs that we trust cannot be read.
        """
        config = self._with_question(config)
        for tries_left in reversed(range(MOST_CODES_TRIED)):
            client = self._make_client(config)
            client.on_event(self._show)
            client.on_event(handler)
            try:
                client.connect()
            except JoinCodeNeededError as error:
                if self._keyboard is None or not tries_left:
                    raise EntryError(error, _ADVICE[JoinCodeNeededError]) from None
                config = replace(config, join_code=self._ask_code(error))
            except (UnknownHubError, HubChangedError, UnencryptedHubError) as error:
                raise EntryError(error, _ADVICE[type(error)]) from None
            else:
                return client
        raise AssertionError("the last try raises")

    def _with_question(self, config: ClientConfig) -> ClientConfig:
        """Have the user asked where he can be."""
        if config.trust is Trust.KNOWN and self._keyboard is not None:
            return replace(config, trust=self._ask_trust)
        return config

    def _ask_trust(self, hub: HubIdentity) -> bool:
        self._was_asked = True
        self._output.notice(
            f"The hub at {_place(hub.host, hub.port)} is not known here yet. Its key code is:\n\n    {hub.key_code}\n\n"
            "Ask whoever runs it for its code. Trust it only if both are the same: somebody else could be answering."
        )
        return self._ask("Trust it from now on? [y/N] ").casefold() in _YES

    def _ask_code(self, error: JoinCodeNeededError) -> str:
        self._output.notice(str(error))
        code = self._ask("Join code: ")
        if not code:
            raise EntryError(error, _ADVICE[JoinCodeNeededError])
        return code

    def _ask(self, question: str) -> str:
        assert self._keyboard is not None
        self._output.ask(question)
        line = self._keyboard.readline()
        if line.endswith("\n"):
            self._output.answered()
        self._output.ask("")
        return line.strip()

    def _show(self, event: Event) -> None:
        match event:
            case ApprovalAwaited():
                self._output.notice(_WAITING)
            case HubTrusted(host, port, key) if not self._was_asked:
                code = key_code(Fingerprint(key))
                self._output.notice(f"The hub at {_place(host, port)} is trusted from now on. Its key code is: {code}")
            case _:
                pass


def _place(host: str, port: int) -> str:
    return f"{printable(host)} port {port}"
