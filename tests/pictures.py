"""Make the README's picture anew, from a real run of `python3 start.py` in a fresh clone.

    python -m tests.pictures

Owns docs/images/first-run.svg. It must never draw what was not printed. Thread: the program's main thread.
"""

import io
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

from tests.readme import empty_environment, tell
from tests.support.readme import README

PICTURE = README.parent / "docs" / "images" / "first-run.svg"
WIDTH = 100
COMMAND = "python3 start.py"


def main() -> int:
    """Run it and draw what it printed; returns the exit code."""
    with tempfile.TemporaryDirectory(prefix="tcpipchat-") as name:
        clone, home = Path(name) / "tcpipchat", Path(name) / "home"
        home.mkdir()
        subprocess.run(["git", "clone", "--quiet", str(README.parent), str(clone)], check=True)
        run = subprocess.run(
            COMMAND.split(),
            cwd=clone,
            env=empty_environment(home),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=True,
        )
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    PICTURE.write_text(drawn(f"$ {COMMAND}\n{run.stdout}"), encoding="utf-8")
    tell(f"{PICTURE} shows:\n{run.stdout}")
    return 0


def drawn(printed: str) -> str:
    """A picture of a terminal with these lines, in whatever monospaced font the reader has."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, highlight=False)
    for line in printed.splitlines():
        console.print(Text(line, style="bold" if line.startswith("$ ") else ""))
    picture = console.export_svg(title="tcpipchat", theme=MONOKAI, unique_id="first-run")
    # The fonts would be loaded from elsewhere, by whoever looks at the page.
    return re.sub(r"@font-face \{.*?\}\s*|<!--.*?-->\s*", "", picture, flags=re.DOTALL)


if __name__ == "__main__":
    sys.exit(main())
