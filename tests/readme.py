"""Follow the README to the letter: a fresh clone, an empty home, every command as it stands there.

    python -m tests.readme

Owns the clone and the home, both in a temporary folder. It must never run inside the suite: it installs packages. What
has to come out is that Bob has Ann's text and her file; how long it took is told at the end.
Thread: the program's main thread.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.support.readme import README, reader, steps


def main() -> int:
    """Follow it; returns the exit code."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="tcpipchat-readme-") as name:
        folder = Path(name)
        clone, home = folder / "tcpipchat", folder / "home"
        home.mkdir()
        subprocess.run(["git", "clone", "--quiet", str(README.parent), str(clone)], check=True)
        with reader(clone, empty_environment(home), installed=True) as following:
            for step in steps((clone / "README.md").read_text(encoding="utf-8")):
                tell(f"$ {step.command}")
                following.follow(step)
            _, bob = following.running
            tell(bob.wait_for(r"^Ann \(\d+\): .+").group())
            bob.wait_for("it is in ")
        sent, received = clone / "LICENSE", clone / "received" / "LICENSE"
        if received.read_bytes() != sent.read_bytes():
            tell("Bob's file is not the one that Ann sent.")
            return 1
    tell(f"From the clone to a text and a file that arrived: {time.monotonic() - began:.1f} seconds.")
    return 0


def empty_environment(home: Path) -> dict[str, str]:
    """What a new user's programs are told: where they are, and nothing of ours."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TEMP", "TMP", "LANG") if name in os.environ}
    proxies = {name: value for name, value in os.environ.items() if name.upper().endswith("_PROXY")}
    settings = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_CERT_"))}
    return {**kept, **proxies, **settings, "HOME": str(home), "USERPROFILE": str(home)}


def tell(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
