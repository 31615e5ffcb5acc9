"""The README's commands do what it says, and it leads nowhere that is not there.

What installs is left to `python -m tests.readme`, which follows it to the letter from a fresh clone; here this Python
stands in for the installed commands and a free port for 9999. Thread: pytest's main thread; the commands are processes.
"""

import os
import re
import shutil
from pathlib import Path

from tests.support.readme import INSTALLED, README, reader, steps

TEXT = README.read_text(encoding="utf-8")
ROOT = README.parent
INSTALLING = "python3 start.py"


def test_its_commands_bring_a_text_and_a_file_from_ann_to_bob(tmp_path: Path) -> None:
    """Literally, in an empty home: each ends well and prints what is shown; Bob has both in the end."""
    shutil.copy(ROOT / "LICENSE", tmp_path)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "80"}
    environment.pop("TCPIPCHAT_HOME")
    with reader(tmp_path, environment, installed=False) as following:
        for step in steps(TEXT):
            if step.command != INSTALLING:
                following.follow(step)
        _, bob = following.running
        bob.wait_for(r"^Ann \(\d+\): Hello Bob, here is the licence\.$")
        bob.wait_for(r"^Ann \(\d+\) sent LICENSE ")
    assert (tmp_path / "received" / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


def test_it_starts_with_the_one_command_that_installs() -> None:
    """The first step is start.py, and all others use what that has installed."""
    first, *others = [step.command for step in steps(TEXT)]
    assert first == INSTALLING
    assert len(others) == 5
    assert all(command.startswith(INSTALLED) for command in others)


def test_every_link_leads_somewhere() -> None:
    """In the README and on the pages it leads to: files of this project, or a page's own heading."""
    for page in (README, *sorted((ROOT / "docs").glob("*.md"))):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).is_file(), f"{page.name} leads to {target}"


def test_its_picture_is_of_a_run_and_loads_nothing() -> None:
    """It shows what the demonstration tells, in fonts that the reader has: no address is in it but the format's own."""
    picture = (ROOT / "docs" / "images" / "first-run.svg").read_text(encoding="utf-8")
    words = re.sub(r"<[^>]+>", " ", picture).replace("&#160;", " ")
    for told in ("python3 start.py", "A hub listens on", "Alice said to Bob: Hello Bob", "have the same SHA-256"):
        assert told in words
    assert set(re.findall(r"https?://[^\"'\s)]+", picture)) == {"http://www.w3.org/2000/svg"}
