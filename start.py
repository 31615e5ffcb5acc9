"""Make the virtual environment, install what is pinned, then show the program, run its tests or build its bundles.

    python3 start.py                    the windows of a hub and of a client that is connected to it; without a display
                                        a hub and two clients that chat and send a file
    python3 start.py test [ARGUMENT]    the whole test suite; arguments go to pytest
    python3 start.py bundle             programs for this system that need no Python, in the folder dist

Owns the folder `.venv` beside it, and decides when that must be made anew and when something must be installed. What
the operating system must have is told by start_packages.py. It must import nothing but the standard library, and an
older Python must be able to read it up to the sentence that says so: no syntax newer than Python 3.6's.
Thread: the program's only one; all else runs in child processes.
"""

import hashlib
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

OLDEST_PYTHON = (3, 11)


def python_problem(version: "tuple[int, ...]") -> "str | None":
    """The sentence for a Python that is too old (`version` is major, minor), or None."""
    if version >= OLDEST_PYTHON:
        return None
    found, needed = (f"{major}.{minor}" for major, minor in (version, OLDEST_PYTHON))
    return f"tcpipchat needs Python {needed} or newer and this is {found}. Run start.py with a newer one."


if python_problem(sys.version_info[:2]):
    sys.exit(python_problem(sys.version_info[:2]))

# Only a new enough Python can read it.
from start_packages import VENV, Need, StartError, advice, installing, is_debian, may_install, missing, needs_for

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
RECORD = ENVIRONMENT / "start-record.json"
DEMONSTRATION = ROOT / "examples" / "demonstration.py"
TWO_WINDOWS = ROOT / "examples" / "windows.py"
BUNDLES = ROOT / "build_exe.spec"
LOCKS = {
    "run": ROOT / "requirements.lock",
    "test": ROOT / "requirements-test.lock",
    "bundle": ROOT / "requirements-bundle.lock",
}
DESCRIPTION = (ROOT / "setup.cfg", ROOT / "commonlib" / "__init__.py")
USAGE = """usage: python3 start.py                    show a hub and a client, or without a display what they do
       python3 start.py test [ARGUMENT]    run the tests; arguments go to pytest
       python3 start.py bundle             build programs that need no Python, in dist"""

EXIT_FAILED, EXIT_WRONG_USE, EXIT_INTERRUPTED = 1, 2, 130
SECONDS_TO_STOP_BY_ITSELF, SECONDS_TO_STOP_WHEN_TOLD = 3.0, 10.0


def main(arguments: list[str]) -> int:
    """Do what the arguments ask. Returns the exit code: 0 done, 1 failed, 2 wrong use, 130 interrupted, or pytest's."""
    if arguments and arguments[0] in ("-h", "--help"):
        print(USAGE)
        return 0
    if arguments and arguments[0] != "test" and arguments != ["bundle"]:
        print(USAGE, file=sys.stderr)
        return EXIT_WRONG_USE
    try:
        return run_to_end(command_for(arguments))
    except StartError as problem:
        print(f"start.py: {problem}", file=sys.stderr)
        return EXIT_FAILED
    except KeyboardInterrupt:
        print("start.py: stopped as asked.", file=sys.stderr)
        return EXIT_INTERRUPTED


def command_for(arguments: list[str]) -> list[str | Path]:
    """The command that does what is asked, once all it needs is there. Raises StartError."""
    if not arguments and not has_display(os.environ):
        say("There is no display here, so this is the demonstration without windows.")
        return [prepare("run"), DEMONSTRATION]
    purpose = arguments[0] if arguments else "windows"
    provide(needs_for(purpose))
    if purpose == "windows":
        return [prepare("run"), TWO_WINDOWS]
    if purpose == "test":
        return [prepare(purpose), "-m", "pytest", *arguments[1:]]
    return [prepare(purpose), "-m", "PyInstaller", "--noconfirm", BUNDLES]


def has_display(environment: Mapping[str, str], system: str = sys.platform) -> bool:
    """Whether windows can be shown on the `system` that `sys.platform` tells, going by the variables."""
    return system in ("win32", "darwin") or bool(environment.get("DISPLAY"))


def prepare(purpose: str) -> Path:
    """Make sure that the environment is sound and has what `purpose` (a key of LOCKS) needs; returns its Python.

    Raises StartError.
    """
    reason = rebuild_reason(ENVIRONMENT, recorded(RECORD), sys.version_info[:2])
    if reason:
        make_environment(reason)
    python = python_inside(ENVIRONMENT)
    wanted = fingerprint([LOCKS[purpose], *DESCRIPTION], sys.version_info[:2])
    if recorded(RECORD).get(purpose) != wanted:
        install(python, LOCKS[purpose])
        record = dict(recorded(RECORD), place=str(ENVIRONMENT))
        record[purpose] = wanted
        RECORD.write_text(json.dumps(record, indent=1), encoding="utf-8")
    return python


def python_inside(environment: Path, system: str = os.name) -> Path:
    """The interpreter of a virtual environment on the `system` that `os.name` tells."""
    return environment / "Scripts" / "python.exe" if system == "nt" else environment / "bin" / "python"


def recorded(record: Path) -> dict[str, str]:
    """What earlier runs noted about the environment; empty when there is nothing or nothing legible."""
    try:
        noted = json.loads(record.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return noted if isinstance(noted, dict) else {}


def fingerprint(files: list[Path], version: tuple[int, ...]) -> str:
    """A digest that changes when one of the files does, or the Python they are installed for. Raises StartError."""
    digest = hashlib.sha256(repr(tuple(version)).encode())
    for path in files:
        try:
            digest.update(hashlib.sha256(path.read_bytes()).digest())
        except OSError as error:
            raise StartError(f"{path} cannot be read ({error.strerror}). Get the whole project anew.") from error
    return digest.hexdigest()


def rebuild_reason(environment: Path, record: dict[str, str], version: tuple[int, ...]) -> str | None:
    """Why the environment must be made (anew), as the end of "because it ..."; None when it can be used as it is.

    `version` is the (major, minor) of the Python that would make it. Raises StartError when something that is no
    virtual environment stands in its place: it is not ours to delete.
    """
    if not environment.exists():
        return "is not there yet"
    if not (environment / "pyvenv.cfg").is_file():
        if environment.is_dir() and not any(environment.iterdir()):
            return "is empty"
        raise StartError(
            f"{environment} is in the way: it is not a virtual environment. Move it elsewhere and try again."
        )
    if record.get("place", str(environment)) != str(environment):
        return "was made in another place"
    found = version_inside(environment)
    if found is None:
        return "does not work any more"
    if found < tuple(version):
        return "has an older Python than this one"
    return None


def version_inside(environment: Path) -> tuple[int, ...] | None:
    """The (major, minor) of the environment's Python; None when that, or its pip, does not run."""
    question = "import sys, pip; print(*sys.version_info[:2])"
    try:
        answer = subprocess.run(
            [str(python_inside(environment)), "-c", question], capture_output=True, timeout=60, check=False
        )
        return tuple(int(number) for number in answer.stdout.split()) if answer.returncode == 0 else None
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None


def make_environment(reason: str) -> None:
    """Make `.venv` from nothing. Raises StartError."""
    if Path(sys.prefix).resolve() == ENVIRONMENT:
        raise StartError(
            f"{ENVIRONMENT} must be made anew because it {reason}, and you run its own Python. "
            "Run start.py with the system's Python."
        )
    provide(VENV)
    say(f"Making {ENVIRONMENT} because it {reason} ...")
    if run_to_end([sys.executable, "-m", "venv", "--clear", ENVIRONMENT]):
        raise StartError(
            f"{ENVIRONMENT} could not be made; the lines above say why. See that the folder can be written and that no "
            "program from it is running, and try again."
        )


def provide(needs: Sequence[Need]) -> None:
    """See that the operating system has what is needed, and install what is missing where we may.

    Raises StartError when something is missing without which nothing can be done.
    """
    lacks = missing(needs)
    if not lacks:
        return
    if not may_install():
        if any(need.is_required for need in lacks):
            raise StartError(advice(lacks, is_debian()))
        say(f"start.py: {advice(lacks, is_debian())}")
        return
    quiet = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    for command in installing(lacks):
        say(f"The system lacks something; running: {' '.join(command)}")
        if run_to_end(command, quiet):
            raise StartError(f"'{' '.join(command)}' failed; put right what the lines above say and try again.")
    for need in missing(lacks):
        if need.is_required:
            raise StartError(
                f"{sys.executable} still lacks what is needed for {need.purpose}. "
                "Run start.py with the system's own python3."
            )


def install(python: Path, lock: Path) -> None:
    """Install exactly what the lock file pins, then the project itself in place. Raises StartError."""
    pip: list[str | Path] = [python, "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet"]
    say(f"Installing what {lock.name} pins ...")
    if run_to_end([*pip, "--require-hashes", "--requirement", lock]):
        raise StartError(
            "the packages could not be installed; the lines above say why. See that this machine reaches its package "
            "index (a proxy may have to be set) and try again."
        )
    in_place: list[str | Path] = ["--no-deps", "--no-index", "--no-build-isolation", "--use-pep517", "--editable", ROOT]
    if run_to_end([*pip, *in_place]):
        raise StartError(f"the project could not be installed; remove {ENVIRONMENT} and try again.")


def run_to_end(command: Sequence[str | Path], environment: dict[str, str] | None = None) -> int:
    """Run a command in the project's folder and return its exit code; a command that a signal ended counts as failed.

    An interrupt reaches the command too, from the terminal or, if it goes on, from us. Raises StartError when it cannot
    be started, KeyboardInterrupt when we were interrupted and it has ended.
    """
    try:
        child = subprocess.Popen([str(part) for part in command], cwd=str(ROOT), env=environment)
    except OSError as error:
        raise StartError(f"{command[0]} cannot be run ({error.strerror}). See that it is there and may be.") from error
    try:
        code = child.wait()
    except KeyboardInterrupt:
        end(child)
        raise
    return code if code >= 0 else EXIT_FAILED


def end(child: subprocess.Popen[bytes]) -> None:
    """Let an interrupted child end by itself, else tell it to, else end it."""
    try:
        child.wait(SECONDS_TO_STOP_BY_ITSELF)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        if os.name == "nt":
            child.terminate()
        else:
            child.send_signal(signal.SIGINT)
        try:
            child.wait(SECONDS_TO_STOP_WHEN_TOLD)
        except (subprocess.TimeoutExpired, KeyboardInterrupt):
            child.kill()
            child.wait()


def say(sentence: str) -> None:
    """Tell the user what goes on, before anything that a child prints."""
    print(sentence, flush=True)


def print_everything() -> None:
    """Let no character of a path stop us where the output is a file in an encoding that lacks it."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


if __name__ == "__main__":
    print_everything()
    sys.exit(main(sys.argv[1:]))
