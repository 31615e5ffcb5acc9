"""A command that Ctrl-C reaches while one of its modules is being loaded.

Owns the process that it runs in. It must never send a signal: when that comes would be chance. Thread: the test's own.
"""

import configparser
import subprocess
import sys

from tests.support.commands import ROOT, SECONDS

_INTERRUPTED_LOADING = """
import runpy, sys

class CtrlC:
    def find_spec(self, name, path, target=None):
        if name == {module!r}:
            raise KeyboardInterrupt

sys.meta_path.insert(0, CtrlC())
runpy.run_module({command!r}, run_name="__main__")
"""


def interrupted_while_loading(command: str, module: str) -> tuple[int, bytes, bytes]:
    """Run a command that is interrupted when it wants this module; returns its exit code and what it wrote."""
    program = _INTERRUPTED_LOADING.format(command=command, module=module)
    ended = subprocess.run(
        [sys.executable, "-c", program, "--help"], cwd=ROOT, capture_output=True, timeout=SECONDS, check=False
    )
    return ended.returncode, ended.stdout, ended.stderr


def installed_start(command: str) -> str:
    """Where the installed command begins, as the package says it: "module:function"."""
    settings = configparser.ConfigParser()
    settings.read(ROOT / "setup.cfg", encoding="utf-8")
    scripts = settings["options.entry_points"]["console_scripts"].strip().split("\n")
    return dict(script.split(" = ") for script in scripts)[command]
