"""A program from which files are dragged: a small window that takes the part of a file manager in drag-and-drop.

    python -m tests.support.drag_source X Y    the paths come on standard input, as JSON

Owns the source's side of the XDND protocol, version 5: it claims XdndSelection, tells the window under the pointer what
it has (Enter, Position, Leave, Drop) and hands over a text/uri-list. It must never know Tk: the target sees a stranger.
It says {"ready": true}, once its window is at X, Y, and at the end {"accepted": ..., "action": ..., "asked": ...}.
Thread: the program's main thread.
"""

import json
import sys
from pathlib import Path
from typing import Any

from Xlib import X, Xatom, display
from Xlib.protocol import event

SIDE = 40
VERSION = 5
MOST_BYTES = 250_000
"""What fits into one property; a longer list would need the protocol for pieces."""


class Source:
    """One drag, from the press in our window to the target's last word."""

    def __init__(self, position: tuple[int, int], paths: list[str]) -> None:
        self._display = display.Display()
        self._root = self._display.screen().root
        self._window = self._root.create_window(
            *position,
            SIDE,
            SIDE,
            0,
            X.CopyFromParent,
            background_pixel=self._display.screen().black_pixel,
            override_redirect=True,
            event_mask=X.ButtonPressMask | X.ButtonReleaseMask | X.Button1MotionMask | X.ExposureMask,
        )
        self._uris = "".join(f"{Path(path).as_uri()}\r\n" for path in paths).encode("ascii")
        assert len(self._uris) <= MOST_BYTES, "more paths than fit into one property"
        self._target: Any = None
        self._accepted = False
        self._awaits_status = False
        self._has_let_go = False
        self._asked = 0

    def run(self) -> dict[str, object]:
        """Be dragged from; what came of it."""
        self._window.map()
        self._window.set_selection_owner(self._atom("XdndSelection"), X.CurrentTime)
        self._display.flush()
        while True:
            happened = self._display.next_event()
            match happened.type:
                case X.Expose:
                    tell({"ready": True})
                case X.MotionNotify:
                    self._move(happened)
                case X.ButtonRelease:
                    self._has_let_go = True
                case X.SelectionRequest:
                    self._hand_over(happened)
                case X.ClientMessage if happened.client_type == self._atom("XdndStatus"):
                    self._awaits_status = False
                    self._accepted = bool(happened.data[1][1] & 1)
                case X.ClientMessage if happened.client_type == self._atom("XdndFinished"):
                    action = self._display.get_atom_name(happened.data[1][2]) if happened.data[1][2] else None
                    return {"accepted": True, "action": action, "asked": self._asked}
            if self._has_let_go and not self._awaits_status:
                self._has_let_go = False
                if self._target is None or not self._accepted:
                    self._send("XdndLeave")
                    self._display.flush()
                    return {"accepted": False, "action": None, "asked": self._asked}
                self._send("XdndDrop", 0, X.CurrentTime)
            self._display.flush()

    def _move(self, motion: Any) -> None:
        target = self._aware_window_under_pointer()
        if target != self._target:
            self._send("XdndLeave")
            self._target, self._accepted, self._awaits_status = target, False, False
            self._send("XdndEnter", VERSION << 24, self._atom("text/uri-list"))
        if target is not None:
            where = motion.root_x << 16 | motion.root_y
            self._send("XdndPosition", 0, where, motion.time, self._atom("XdndActionCopy"))
            self._awaits_status = True

    def _aware_window_under_pointer(self) -> Any:
        """The outermost window below the pointer that takes drops, or None."""
        window = self._root
        while window:
            if window.get_full_property(self._atom("XdndAware"), X.AnyPropertyType) is not None:
                return window
            window = window.query_pointer().child
        return None

    def _hand_over(self, request: Any) -> None:
        self._asked += 1
        if request.target == self._atom("TARGETS"):
            request.requestor.change_property(request.property, Xatom.ATOM, 32, [self._atom("text/uri-list")])
        else:
            request.requestor.change_property(request.property, request.target, 8, self._uris)
        answer = event.SelectionNotify(
            time=request.time,
            requestor=request.requestor,
            selection=request.selection,
            target=request.target,
            property=request.property,
        )
        request.requestor.send_event(answer)

    def _send(self, kind: str, *numbers: int) -> None:
        if self._target is not None:
            data = [self._window.id, *numbers, *[0] * (4 - len(numbers))]
            message = event.ClientMessage(window=self._target, client_type=self._atom(kind), data=(32, data))
            self._target.send_event(message)

    def _atom(self, name: str) -> int:
        return int(self._display.intern_atom(name))


def tell(item: dict[str, object]) -> None:
    """Print one object on a line of its own."""
    sys.stdout.write(json.dumps(item) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    tell(Source((int(sys.argv[1]), int(sys.argv[2])), json.load(sys.stdin)).run())
