"""The example of the shared document: one claim at a time, no lost change, and everybody knows who types where.

Thread: pytest's main thread and the threads of the hub and of the editors in this process; some tests start editors of
their own, one on each thread.
"""

import importlib.util
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from commonlib.classic.layouts import BigStringPacket, DataPacket
from tcpipclient import SERVER, Client
from tcpipserver import Server, ServerConfig
from tests.support.clients import ANY_HUB

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "shared_document.py"
SECONDS = 60.0


def load_example() -> ModuleType:
    """The example as a module; it is a program, and on no path."""
    specification = importlib.util.spec_from_file_location("shared_document", EXAMPLE)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules["shared_document"] = module  # Its dataclasses look themselves up.
    specification.loader.exec_module(module)
    return module


example = load_example()
Open = Callable[..., Any]
"""Opens a document for somebody; returns the example's Editor."""


@pytest.fixture
def server() -> Iterator[Server]:
    """A hub with the desk."""
    with Server(ServerConfig(host="127.0.0.1", port=0)) as server:
        example.Desk(server)
        yield server


@pytest.fixture
def enter(server: Server) -> Iterator[Open]:
    """Opens a document for somebody; all are closed at the end."""
    with ExitStack() as stack:

        def enter(name: str, title: str = "minutes") -> Any:
            return stack.enter_context(example.Editor(("127.0.0.1", server.port), name, title))

        yield enter


def test_a_paragraph_is_changed_by_one_at_a_time(enter: Open) -> None:
    """Of two who claim it one gets it, and the other is told who has it; after the release the other gets it."""
    ann, bob = enter("Ann"), enter("Bob")
    assert ann.claim(1) == ""
    assert bob.claim(1) == "Ann"
    assert bob.claim(2) == ""
    ann.write(1, "By Ann.")
    ann.release(1)
    bob.wait_until(lambda editor: 1 not in editor.typists)
    assert bob.claim(1) == ""
    assert bob.paragraphs[1] == "By Ann."


def test_only_the_text_of_who_has_the_claim_is_taken(enter: Open) -> None:
    """Who writes without a claim, by mistake or by malice, changes nothing and frees nothing."""
    ann, bob = enter("Ann"), enter("Bob")
    ann.claim(1)
    bob.write(1, "By Bob.")
    bob.release(1)
    assert bob.claim(1) == "Ann"
    assert bob.paragraphs == {}
    ann.write(1, "By Ann.")
    bob.wait_until(lambda editor: editor.paragraphs.get(1) == "By Ann.")


def test_no_change_is_lost_when_all_change_the_same_paragraph(enter: Open) -> None:
    """Four editors add marks to one paragraph as fast as they can: every mark is there in the end, once."""
    rounds = 10
    editors = [enter(f"Editor{number}") for number in range(4)]

    def add_marks(number: int) -> None:
        editor = editors[number]
        for turn in range(rounds):
            while editor.claim(1):
                editor.wait_until(lambda editor: 1 not in editor.typists)
            editor.write(1, f"{editor.paragraphs.get(1, '')}{number}.{turn} ")
            editor.release(1)

    threads = [threading.Thread(target=add_marks, args=(number,)) for number in range(len(editors))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    expected = sorted(f"{number}.{turn}" for number in range(len(editors)) for turn in range(rounds))
    last = enter("Last")
    assert sorted(last.paragraphs[1].split()) == expected


def test_everybody_sees_who_is_viewing_and_who_types_where(enter: Open) -> None:
    """Those who were there and those who come later; who leaves is seen no more, and what he claimed is free."""
    ann = enter("Ann")
    bob = enter("Bob")
    ann.claim(3)
    ann.move_cursor(3, 17)
    bob.wait_until(lambda editor: 3 in editor.typists and editor.typists[3].cursor == 17)
    late = enter("Late")
    assert late.viewers == ["Ann", "Bob"]
    assert late.typists[3].name == "Ann"
    ann.__exit__()
    late.wait_until(lambda editor: editor.viewers == ["Bob"] and not editor.typists)
    assert late.claim(3) == ""


def test_documents_do_not_mix(enter: Open) -> None:
    """The same paragraph of another document is another paragraph."""
    ann, bob = enter("Ann", "minutes"), enter("Bob", "accounts")
    assert ann.claim(1) == bob.claim(1) == ""
    ann.write(1, "By Ann.")
    ann.release(1)
    assert enter("Cy", "minutes").paragraphs == {1: "By Ann."}
    assert bob.paragraphs == {}
    assert bob.viewers == []


def test_nobody_but_the_desk_is_believed(server: Server, enter: Open) -> None:
    """What the desk says counts for nothing when another client says it."""
    ann, bob = enter("Ann"), enter("Bob")
    ann.claim(1)
    with Client("127.0.0.1", port=server.port, name="Mallory", **ANY_HUB) as mallory:
        mallory.send_command(example.note(example.Step.TYPING, 1, 5, 0, mallory.own_id, "Cy"))
        mallory.send_command(example.note(example.Step.RELEASE, 1, 1))
        mallory.send_command(example.paragraph_text(1, 1, "Forged."))
        # What the desk says of this comes behind what was sent before.
        mallory.send_command(example.note(example.Step.OPEN, name="minutes"), to=SERVER)
        bob.wait_until(lambda editor: "Mallory" in editor.viewers)
        assert bob.typists == {1: example.Typist(ann.client.own_id, "Ann", 0)}
        assert bob.paragraphs == {}


@pytest.mark.parametrize(
    "packet",
    [
        DataPacket(100, data_type=4, integers=(1, 0)),
        DataPacket(100, data_type=4, integers=(1, 99_999)),
        DataPacket(100, data_type=4, integers=(77, 1)),
        DataPacket(100, data_type=999, integers=(1, 1)),
        DataPacket(100, data_type=8),
        BigStringPacket(101, extra=0xFFFF_FFFF, text="x"),
    ],
)
def test_the_desk_survives_nonsense(server: Server, enter: Open, packet: DataPacket | BigStringPacket) -> None:
    """Paragraphs, documents and steps that are none change nothing, and the next claim is answered."""
    ann = enter("Ann")
    with Client("127.0.0.1", port=server.port, name="Mallory", **ANY_HUB) as mallory:
        mallory.send_command(example.note(example.Step.OPEN, name="minutes"), to=SERVER)
        mallory.send_command(packet, to=SERVER)
        ann.wait_until(lambda editor: editor.viewers == ["Mallory"])
        assert ann.claim(1) == ""
    assert ann.paragraphs == {}


def test_a_hub_without_a_desk_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is asked there goes to everybody, and nobody answers: a sentence says how to start the desk."""
    monkeypatch.setattr(example, "SECONDS_FOR_AN_ANSWER", 0.5)
    with Server(ServerConfig(host="127.0.0.1", port=0)) as server, pytest.raises(example.DeskError, match="--serve"):
        example.Editor(("127.0.0.1", server.port), "Ann", "minutes").__enter__()


def run_example(*arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """Run it as a user does."""
    return subprocess.run(
        [sys.executable, str(EXAMPLE), *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        input=typed,
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )


def test_the_demonstration_runs_to_its_end() -> None:
    """It shows that one is refused while another types, and that all read the same in the end."""
    done = run_example("--demonstration")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Ann has it; Bob is told that Ann has it." in done.stdout
    assert "    Cy is told: Ann is at character 18 of paragraph 1\n" in done.stdout
    assert done.stdout.endswith(
        "All three read the same:\n   1  We meet on Monday. Bob brings the plans.\n   2  Present: Ann, Bob, Cy.\n"
    )


def test_an_editor_is_used_by_typing(server: Server, enter: Open) -> None:
    """A number claims a paragraph, the next line is its new text; who is refused is told why."""
    ann = enter("Ann")
    ann.claim(2)
    address = f"127.0.0.1:{server.port}"
    done = run_example("--server", address, "--name", "Bob", "minutes", typed="1\nBy Bob.\n2\nx\n\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Ann is changing paragraph 2: try again when it is free." in done.stdout
    assert "That is no paragraph" in done.stdout
    assert "   1  By Bob.\n" in done.stdout
    ann.wait_until(lambda editor: editor.paragraphs == {1: "By Bob."})


def test_a_hub_that_is_not_there_is_a_sentence() -> None:
    """Exit code 1 and no traceback."""
    done = run_example("--server", "host.invalid")
    assert done.returncode == 1
    assert "host.invalid" in done.stderr
    assert "Traceback" not in done.stderr
