"""Two people who talk over a hub while something else happens: a process of its own, which tells how long texts took.

Owns two clients and the clock between the sending of a text and its arrival. Must never outlive the benchmark: it ends
with its standard input. The main thread sends; each client's dispatcher thread receives.

Standard input: "begin" and "end", again and again. Standard output: "ready", and the figures after each "end".
"""

import json
import sys
import threading
import time
from pathlib import Path

from tcpipclient.api import Client
from tcpipclient.config import ClientConfig
from tcpipclient.core.events import Event, PersonJoined, TextArrived
from tcpipclient.core.trusting import Trust

SECONDS_BETWEEN = 0.005
_MOST_SECONDS = 10.0
_FILLING = "x" * 190


class Talk:
    """Texts from one client to the other, each with the time at which it was sent."""

    def __init__(self, host: str, port: int) -> None:
        self.taken: list[float] = []
        self._arrived = threading.Condition()
        self._speaking = threading.Event()
        self._speaker = Client(ClientConfig(host, port, "speaker", trust=Trust.FIRST_USE))
        self._hearer = Client(ClientConfig(host, port, "hearer", trust=Trust.FIRST_USE))
        self._hearer.on_event(self._receive)
        self._speaker.on_event(self._meet)
        self._met = threading.Event()
        self._speaker.connect()
        self._hearer.connect()
        if not self._met.wait(_MOST_SECONDS):
            raise SystemExit("they did not meet")

    def begin(self) -> None:
        """Talk from now on."""
        self.taken = []
        self._speaking.set()
        self._thread = threading.Thread(target=self._speak)
        self._thread.start()

    def end(self) -> list[float]:
        """Talk no more; the seconds of all texts that arrived, and all did."""
        self._speaking.clear()
        self._thread.join()
        with self._arrived:
            if not self._arrived.wait_for(lambda: len(self.taken) == self._sent, _MOST_SECONDS):
                raise SystemExit(f"{self._sent - len(self.taken)} of {self._sent} texts did not arrive")
        return self.taken

    def _speak(self) -> None:
        self._sent = 0
        due = time.perf_counter()
        while self._speaking.is_set():
            self._sent += 1
            self._speaker.send_text(f"{time.perf_counter()!r} {_FILLING}", self._to)
            due += SECONDS_BETWEEN
            time.sleep(max(0.0, due - time.perf_counter()))

    def _receive(self, event: Event) -> None:
        if isinstance(event, TextArrived):
            now = time.perf_counter()
            with self._arrived:
                self.taken.append(now - float(event.text.split()[0]))
                self._arrived.notify()

    def _meet(self, event: Event) -> None:
        if isinstance(event, PersonJoined) and event.person.name == "hearer":
            self._to = event.person.id
            self._met.set()

    def close(self) -> None:
        """Leave the hub."""
        self._speaker.close()
        self._hearer.close()


def main(host: str, port: int, figures: Path) -> None:
    """Talk when told to, and write the seconds of each talk into a file."""
    talk = Talk(host, port)
    print("ready", flush=True)
    for line in sys.stdin:
        if line.strip() == "begin":
            talk.begin()
        else:
            figures.write_text(json.dumps(talk.end()), encoding="ascii")
        print("ready", flush=True)
    talk.close()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
