"""How soon a window is drawn: each program beside a bare window of the same toolkit, in turn.

Owns starting them and looking at the screen. A window counts as drawn when its picture has more than one colour; all
are looked at in the same way, from outside. Must never be run on a screen on which somebody else opens windows.
The main thread.
"""

import subprocess
import sys
import tempfile
import time

from Xlib import X, display
from Xlib.error import XError

from tests.bench.children import ROOT, ChildError
from tests.bench.figures import Requirement, number, ratio, summed_up, table
from tests.bench.window_programs import end

MOST_TIMES = 2.0
"""Times as long as the bare window."""
_BARE = (
    "import ttkbootstrap as tb; app = tb.App(title='bare'); tb.Label(app, text='A bare window').pack(); app.mainloop()"
)
_PATIENCE_SECONDS = 30.0
_LOOK_SECONDS = 0.004
_HEAD = ("process start to drawn window", "ms median", "least", "most", "× bare")


def run(screen: str, environment: dict[str, str], rounds: int) -> list[Requirement]:
    """Measure and print; returns how the requirements stand.

    Raises:
        ChildError: A window was never drawn.
    """
    seconds: dict[str, list[float]] = {"bare": [], "server": [], "client": []}
    connection = display.Display(screen)
    try:
        for turn in range(rounds + 1):
            for program, kept in seconds.items():
                took = _seconds_to_drawn(connection, program, environment)
                if turn:  # The first start of each fills the caches of the system and of Python.
                    kept.append(took)
    finally:
        connection.close()
    rows = []
    for program, kept in seconds.items():
        figures = summed_up(kept)
        milliseconds = [number(value * 1000) for value in (figures.median, figures.least, figures.most)]
        rows.append([program, *milliseconds, number(ratio(kept, seconds["bare"]), 2)])
    print(f"{table(_HEAD, rows)}\n")
    return [
        Requirement(
            f"{program} window, time until it is drawn",
            ratio(seconds[program], seconds["bare"]),
            MOST_TIMES,
            at_least=False,
            unit=" × bare",
        )
        for program in ("server", "client")
    ]


def _seconds_to_drawn(connection: display.Display, program: str, environment: dict[str, str]) -> float:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        command = {
            "bare": ["-c", _BARE],
            "server": ["-m", "tcpipserver", "--host", "127.0.0.1", "--port", "0", "--data-dir", folder],
            "client": ["-m", "tcpipclient", "--data-dir", folder],
        }[program]
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            while not _is_any_drawn(connection):
                if time.perf_counter() > started + _PATIENCE_SECONDS or process.poll() is not None:
                    raise ChildError(f"the {program} window was never drawn")
                time.sleep(_LOOK_SECONDS)
            took = time.perf_counter() - started
        finally:
            end(process)
        _wait_until_gone(connection)
        return took


def _is_any_drawn(connection: display.Display) -> bool:
    try:
        return any(_is_drawn(connection, window) for window in _windows(connection))
    except XError:
        return False  # It went, or changed its size, between two questions.


def _windows(connection: display.Display) -> list[int]:
    """What the window manager lists."""
    listed = connection.screen().root.get_full_property(connection.intern_atom("_NET_CLIENT_LIST"), X.AnyPropertyType)
    return list(listed.value) if listed is not None else []


def _is_drawn(connection: display.Display, number_of_window: int) -> bool:
    window = connection.create_resource_object("window", number_of_window)
    if window.get_attributes().map_state != X.IsViewable:
        return False
    place = window.get_geometry()
    picture = window.get_image(0, 0, place.width, place.height, X.ZPixmap, 0xFFFFFFFF).data
    return bool(picture != picture[:4] * (len(picture) // 4))


def _wait_until_gone(connection: display.Display) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while _windows(connection) and time.monotonic() < deadline:
        time.sleep(_LOOK_SECONDS)
