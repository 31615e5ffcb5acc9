r"""Where an entry of a peer's manifest goes: the one way from its names to a path below the receiver's folder.

Owns the stack of folders that the manifest is in, and the rules for names, doubles and links. Must never touch a disk:
whether a folder on the way is a link by now is for whoever writes. Pure; a TreePaths belongs to one offer.

The rules (docs/protocol.md, "M9. Files"):

 1. A manifest has no paths, only names and depths, so nothing in it can be absolute, name a drive or climb with `..`.
 2. Each name passes `safe_name`, where every class of hostile name ends. Inside of a folder that was sent, one dot in
    front stays: it hides a file there, which is what its owner wants; at the top it would hide it from the receiver.
 3. Entries of one folder come in the order of `order_key`. Names that are one file on a disk which ignores case or the
    form of accents (`collision_key`) stand side by side then, and telling them apart costs no memory. A name whose key
    is not above all before it gets a mark, ` (~2)`, with a number that is new in its folder. A name that looks marked
    is marked as well. So no two entries of an offer have one path, whatever the sender does.
 4. A link names something in the same folder at the top. `..` may stand only in front, where it means folders that the
    transfer itself has made: behind a name, which may be another link, it could lead anywhere.
"""

import re
from typing import NamedTuple

from commonlib.safename import LONGEST_NAME, collision_key, safe_name, split_extension
from commonlib.transfer.messages import MOST_DEPTH, EntryKind
from commonlib.transfer.stream import TransferError

Path = tuple[str, ...]
"""Components below the receiver's folder, each of them safe."""

# Names that safe_name leaves as they are; asking is a hundred times faster than going through it.
_PLAIN = re.compile(
    r"(?!(?:con|prn|aux|nul|conin\$|conout\$|clock\$|com[0-9]|lpt[0-9])[ ]*(?:\.|$))"
    r"(?!(?:desktop\.ini|autorun\.inf|thumbs\.db)$)"
    rf"[a-z0-9_\-+=,@#%()\[\]{{}}~!$&';^`][a-z0-9_\-+=,@#%()\[\]{{}}~!$&';^`. ]{{0,{LONGEST_NAME - 1}}}"
    r"(?<![. ])(?<!\.part)",
    re.ASCII | re.IGNORECASE,
)
_MARK = " (~"
_DRIVE = re.compile(r"[a-zA-Z]:")


class Placed(NamedTuple):
    """Where an entry goes.

    Attributes:
        path: Never empty.
        target: Of a link that may be made: relative to the link's own folder, `/` between safe components, `..` only in
            front.
        refusal: Why a link may not be made, as a phrase; empty for everything else.
    """

    path: Path
    target: str = ""
    refusal: str = ""


class _Folder:
    """A folder that the manifest is in: its path, the highest key in it so far, and the last mark given."""

    __slots__ = ("highest", "marks", "path")

    def __init__(self, path: Path) -> None:
        self.path = path
        self.highest = ""
        self.marks = 1


class TreePaths:
    """Follows one manifest, entry by entry; memory grows with the depth alone."""

    __slots__ = ("_folders",)

    def __init__(self) -> None:
        self._folders = [_Folder(())]

    def place(self, depth: int, kind: EntryKind, name: str, target: str = "") -> Placed:
        """The place of the next entry.

        Raises:
            TransferError: It is deeper than the folder before it allows.
        """
        path = self.path_of(depth, name)
        if kind is EntryKind.FOLDER:
            self._folders.append(_Folder(path))
        elif kind is EntryKind.LINK:
            return _placed_link(path, target)
        return Placed(path)

    def path_of(self, depth: int, name: str) -> Path:
        """The path of the next entry, which is no folder and no link: what `place` says of a file, in less time.

        Raises:
            TransferError: It is deeper than the folder before it allows.
        """
        folders = self._folders
        if depth >= len(folders):
            raise TransferError(f"an entry of depth {depth} is in no folder")
        if len(folders) > depth + 1:
            del folders[depth + 1 :]
        folder = folders[depth]
        if _PLAIN.fullmatch(name):
            safe, key = name, name.lower()
        else:
            safe = safe_component(name, inner=depth > 0)
            key = _key(safe)
        if key > folder.highest and _MARK not in safe:
            folder.highest = key
        else:
            folder.highest = max(key, folder.highest)
            folder.marks += 1
            stem, extension = split_extension(safe)
            safe = f"{stem}{_MARK}{folder.marks}){extension}"
        return (*folder.path, safe)


def order_key(name: str, *, inner: bool) -> str:
    """By what the sender sorts the entries of one folder; `inner` is False at the top of an offer."""
    return name.lower() if _PLAIN.fullmatch(name) else _key(safe_component(name, inner=inner))


def safe_component(name: str, *, inner: bool) -> str:
    """One harmless component for whatever a peer called its entry."""
    if _PLAIN.fullmatch(name):
        return name
    if inner and name[:1] == "." and name[1:2] not in {"", "."}:
        return "." + (name[1:] if _PLAIN.fullmatch(name, 1) else safe_name(name[1:]).name)
    return safe_name(name).name


def _key(safe: str) -> str:
    return safe.lower() if safe.isascii() else collision_key(safe)


def _placed_link(path: Path, target: str) -> Placed:
    """Judge a link at `path` by rule 4; the names in its target become what the transfer made of such names."""
    if not target or target.startswith("/") or "\\" in target or _DRIVE.match(target):
        return Placed(path, refusal="it does not lead to a place in the folder that was sent")
    components = [component for component in target.split("/") if component not in {"", "."}]
    ups = 0
    while ups < len(components) and components[ups] == "..":
        ups += 1
    names = components[ups:]
    if not components:
        return Placed(path, refusal="it leads nowhere")
    if ".." in names:
        return Placed(path, refusal="it leads back through other names")
    # The link's own folder is path[:-1]; its first component has to stay.
    if len(path) - 1 - ups < 1:
        return Placed(path, refusal="it leads out of the folder that was sent")
    if len(components) > MOST_DEPTH:
        return Placed(path, refusal="it leads too deep")
    return Placed(path, "/".join([".."] * ups + [safe_component(name, inner=True) for name in names]))
