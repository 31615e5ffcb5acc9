"""The compiled modules of a command, kept in one file beside those that Python keeps one by one.

A command loads some hundred and sixty modules of ours, and looking for each, opening it and taking it apart is a tenth
of all that it does. Here they are one object of the module `marshal`, in which what several have in common is there
once. Owns that file, and that no module comes from it whose source is another one now. Must never be what a program
depends on: where the file cannot be used or written, each module is loaded as usual. Threads: those that import.
"""

import contextlib
import marshal
import os
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import MAGIC_NUMBER, cache_from_source
from pathlib import Path
from types import CodeType, ModuleType

OURS = ("commonlib.", "tcpipclient.")

_HEAD = b"tcpipclient kept modules 1\0" + MAGIC_NUMBER
# By name: the folder that it was found in, its source, whether it is a package, when the source was modified (ns), how
# long it is (bytes), and the code.
_Kept = tuple[str, str, bool, int, int, CodeType]


def file_of(command: str) -> Path | None:
    """Where the modules of a command are kept: in the folder that Python has for ours; None where it keeps none."""
    try:
        return Path(cache_from_source(__file__)).with_suffix(f".{command}")
    except NotImplementedError:
        return None


class KeptModules:
    """A finder of modules for sys.meta_path, in front of the usual ones.

    Args:
        file: What they are kept in; None keeps none.
        ours: How the names begin of the modules that may be kept; the packages themselves are found as usual.
    """

    def __init__(self, file: Path | None, ours: tuple[str, ...] = OURS) -> None:
        self._file = file
        self._ours = ours
        self._modules = {} if file is None else _read(file)

    def find_spec(
        self,
        name: str,
        path: Sequence[str] | None = None,
        target: ModuleType | None = None,  # noqa: ARG002 - as the protocol of finders has it
    ) -> ModuleSpec | None:
        """A kept module, where its source stands below its package as it did and has not changed since."""
        kept = self._modules.get(name)
        if kept is None or not path or path[0] != kept[0]:
            return None
        _, source, is_package, modified_ns, size, code = kept
        try:
            there = os.stat(source)  # noqa: PTH116 - once for each module, and a Path takes longer than all of the rest
        except OSError:
            there = None
        if there is None or (there.st_mtime_ns, there.st_size) != (modified_ns, size):
            del self._modules[name]
            return None
        spec = ModuleSpec(name, _KeptLoader(name, source, code), origin=source, is_package=is_package)
        if spec.submodule_search_locations is not None:
            spec.submodule_search_locations.append(source[: -len(os.sep + "__init__.py")])
        spec.has_location = True
        # It is so, and working out where Python itself would keep it takes as long as loading a small module.
        spec.cached = str(self._file)
        return spec

    def keep(self) -> None:
        """Keep what has been loaded by now, too; nothing is written where all of it was kept already."""
        if self._file is None or sys.dont_write_bytecode:
            return
        loaded = {name: module for name, module in sys.modules.items() if name.startswith(self._ours)}
        if loaded.keys() <= self._modules.keys():
            return
        # What cannot be kept is loaded as usual the next time, too.
        with contextlib.suppress(OSError, ImportError, SyntaxError, ValueError):
            for name, module in loaded.items():
                if name not in self._modules:
                    self._modules[name] = _kept(name, module)
            _write(self._file, self._modules)


class _KeptLoader(SourceFileLoader):
    """Loads a module from its source file, whose code is here already."""

    def __init__(self, name: str, source: str, code: CodeType) -> None:
        super().__init__(name, source)
        self._code = code

    def get_code(self, fullname: str) -> CodeType:
        """As compiled."""
        assert fullname == self.name
        return self._code


def _kept(name: str, module: ModuleType) -> _Kept:
    """Raises ImportError: it is no module with a source of its own."""
    spec = module.__spec__
    if spec is None or spec.origin is None or not isinstance(spec.loader, SourceFileLoader):
        raise ImportError(name)
    there = os.stat(spec.origin)  # noqa: PTH116 - as above
    is_package = spec.submodule_search_locations is not None
    folder = os.path.dirname(spec.origin)  # noqa: PTH120 - the text that the package has in its __path__
    if is_package:
        folder = os.path.dirname(folder)  # noqa: PTH120 - as above
    # After the look at the source: one that is changed in this moment is seen to be another the next time.
    code = spec.loader.get_code(name)
    if code is None:
        raise ImportError(name)
    return folder, spec.origin, is_package, there.st_mtime_ns, there.st_size, code


def _read(file: Path) -> dict[str, _Kept]:
    try:
        data = file.read_bytes()
        if not data.startswith(_HEAD):
            return {}
        # As safe as Python's own compiled modules: whoever can write here can write those, too.
        modules = marshal.loads(memoryview(data)[len(_HEAD) :])  # noqa: S302
    except (OSError, EOFError, TypeError, ValueError):
        return {}
    return modules if isinstance(modules, dict) else {}


def _write(file: Path, modules: dict[str, _Kept]) -> None:
    """Replace the file as a whole: several programs may do that at once, and others read it. Raises OSError."""
    new = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        new.write_bytes(_HEAD + marshal.dumps(modules))
        new.replace(file)
    except OSError:
        with contextlib.suppress(OSError):
            new.unlink()
        raise
