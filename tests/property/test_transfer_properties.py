"""Files between two clients: whatever the tree, the names, the pieces of the stream and the cuts, all of it arrives."""

from itertools import pairwise
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from commonlib.conflict import Conflict
from commonlib.safename import LONGEST_COMPONENT, collision_key, safe_name
from commonlib.transfer.events import OfferMade, PeerFinished
from commonlib.transfer.messages import MOST_DEPTH, EntryKind
from commonlib.transfer.paths import Path, TreePaths, order_key, safe_component
from commonlib.transfer.receiving import Receiving
from commonlib.transfer.resume import SMALLEST_RESUMED, Choices
from commonlib.transfer.sending import Sending
from commonlib.transfer.states import OfferState
from tests.support.memory_transfer import Cut, MemoryReceiver, MemorySender, join
from tests.support.memory_tree import File, Folder, Link, MemoryDisk, Node, flattened

RANDOM = st.integers(0, 2**32).map(Random)
PLAIN_NAMES = st.text("abcXYZ019_-", min_size=1, max_size=8).filter(lambda name: safe_name(name).name == name)
HOSTILE_NAMES = st.one_of(
    st.text(min_size=1, max_size=12),
    st.text('./\\:*?"<>| aA\u0000\u202eéE\u0301~()2', min_size=1, max_size=8),
    st.sampled_from(
        (
            *("..", ".", "con", "NUL.txt", "a:b", "C:\\x", "\\\\host\\share", "/etc/passwd", ".git", ".GIT", "..."),
            *("A", "a", "Å", "a\u030a", "\ud800", "desktop.ini", "x.part", "a (~2)", "a (~3)", "A (~2)", "x" * 255),
        )
    ),
)
CONTENTS = st.one_of(
    st.binary(max_size=40),
    st.integers(0, 3_000_000).map(lambda size: Random(size).randbytes(size)),
)
FILES = st.builds(File, CONTENTS, st.integers(1, 2**63 - 1), st.integers(0, 0o777))
ENDED = {OfferState.SAVED, OfferState.FAILED, OfferState.DECLINED, OfferState.CANCELLED}
LINKS = st.builds(Link, st.sampled_from(["a", "../a", "../../../a", "/etc", "a/../../b", "C:x", "b\\c", "."]))


def folders(names: st.SearchStrategy[str], *leaves: st.SearchStrategy[Node]) -> st.SearchStrategy[Folder]:
    """Trees of a few entries, not empty at the top; names that a disk of ours could not tell apart do not meet."""
    nodes = st.recursive(
        st.one_of(*leaves, st.builds(Folder)),
        lambda inner: st.dictionaries(names, inner, max_size=4).map(Folder),
        max_leaves=8,
    )
    return st.dictionaries(names, nodes, min_size=1, max_size=4).map(Folder)


def without_twins(folder: Folder) -> Folder:
    """The folder without entries whose names differ in their case alone."""
    kept: dict[str, Node] = {}
    for name, node in folder.entries.items():
        kept[collision_key(name)] = node
    names = {collision_key(name): name for name in folder.entries}
    return Folder({names[key]: without_twins(node) if isinstance(node, Folder) else node for key, node in kept.items()})


PLAIN_TREES = folders(PLAIN_NAMES, FILES).map(without_twins)


def transfer(folder: Folder, disk: MemoryDisk, random: Random, cut: Cut | None = None) -> bool:
    """One connection on which a folder is sent into a disk; True when it came to its end, which was told alike."""
    sender, receiver = MemorySender(folder), MemoryReceiver(disk, Choices(Conflict.RENAME, links=True))
    sender.machine.finish()
    if not join(sender, receiver, random, cut):
        return False
    assert sender.machine.state(0) is receiver.machine.state(0) is OfferState.SAVED
    assert sender.machine.tally(0) == receiver.machine.tally(0)
    return True


@settings(deadline=None)
@given(folder=PLAIN_TREES, random=RANDOM)
def test_any_tree_arrives_as_it_is(folder: Folder, random: Random) -> None:
    """Names, bytes, times, modes and empty folders, however the stream is divided."""
    disk = MemoryDisk()
    assert transfer(folder, disk, random)
    assert disk.nodes == flattened(folder)
    assert not disk.parts


@settings(deadline=None)
@given(folder=folders(HOSTILE_NAMES, FILES, LINKS), random=RANDOM)
def test_any_names_arrive_somewhere_safe(folder: Folder, random: Random) -> None:
    """Every entry has a path of its own below the folder, of safe components; links lead nowhere else."""
    disk = MemoryDisk()
    assert transfer(folder, disk, random)
    files = sorted(node.content for node in flattened(folder).values() if isinstance(node, File))
    assert sorted(node.content for node in disk.nodes.values() if isinstance(node, File)) == files
    for path, node in disk.nodes.items():
        assert_safe(path)
        if isinstance(node, Link):
            assert_stays_inside(path, node.target)


def assert_safe(path: Path) -> None:
    """No component could be anything but an entry of its folder, on any system."""
    for component in path:
        assert component not in ("", ".", "..")
        assert len(component.encode()) <= LONGEST_COMPONENT
        shown = component.removeprefix(".")
        assert safe_name(shown).name == shown
    assert not path[0].startswith(".")


def assert_stays_inside(path: Path, target: str) -> None:
    """The target's steps, taken one after the other, never leave the folder at the top."""
    place = list(path[:-1])
    for component in target.split("/"):
        place = place[:-1] if component == ".." else [*place, component]
        assert place[:1] == [path[0]]


@settings(deadline=None, max_examples=60)
@given(folder=PLAIN_TREES, random=RANDOM, cuts=st.lists(st.integers(0, 4_000_000), max_size=4), spoil=st.booleans())
def test_a_transfer_that_is_cut_anywhere_goes_on_to_the_same_tree(
    folder: Folder, random: Random, cuts: list[int], spoil: bool
) -> None:
    """After any number of cuts at any byte of either direction, even when the ends of the parts were spoilt."""
    disk = MemoryDisk()
    for number in cuts:
        transfer(folder, disk, random, Cut(sent=number, received=random.choice((number, number // 5000))))
        if spoil:
            for part in disk.parts.values():
                part[-1:] = b"\0"
    assert transfer(folder, disk, random)
    assert disk.nodes == flattened(folder)


@settings(deadline=None, max_examples=30)
@given(random=RANDOM, size=st.integers(2 * SMALLEST_RESUMED, 4 * SMALLEST_RESUMED), share=st.floats(0.3, 1.0))
def test_what_is_there_of_a_file_is_not_sent_again(random: Random, size: int, share: float) -> None:
    """A file that was cut is written once, however far it had come; what is shorter than the smallest part aside."""
    disk = MemoryDisk()
    folder = Folder({"large": File(Random(size).randbytes(size), 5)})
    transfer(folder, disk, random, Cut(sent=int(size * share), received=size))
    had = disk.written
    assert transfer(folder, disk, random)
    assert disk.nodes == flattened(folder)
    assert disk.written == (size if had >= SMALLEST_RESUMED else size + had)


@settings(deadline=None)
@given(folder=PLAIN_TREES, random=RANDOM)
def test_a_second_run_sends_no_bytes(folder: Folder, random: Random) -> None:
    """Resuming what is complete asks for nothing, and nothing doubles."""
    disk = MemoryDisk()
    assert transfer(folder, disk, random)
    sender, receiver = MemorySender(folder), MemoryReceiver(disk)
    assert join(sender, receiver, random)
    assert sender.machine.tally(0).saved == sum(node is None for node in flattened(folder).values())
    assert disk.nodes == flattened(folder)


class Meddler:
    """A user who pauses, goes on and cancels now and then, until he is calm."""

    def __init__(self, random: Random) -> None:
        self.is_calm = False
        self._random = random

    def meddle(self, machine: Sending | Receiving, offers: int) -> None:
        """Do one thing to a machine that has so many offers, or nothing."""
        if self.is_calm or self._random.randrange(4):
            return
        match self._random.randrange(12):
            case 0 if offers:
                machine.cancel(self._random.randrange(offers), "enough")
            case step if step % 3:
                machine.resume()
            case _:
                machine.pause()


class MeddledSender(MemorySender):
    """A sender with such a user."""

    def __init__(self, user: Meddler, *folders: Folder) -> None:
        super().__init__(*folders)
        self._user, self._offers = user, len(folders)

    def outgoing(self) -> bytes:
        self._user.meddle(self.machine, self._offers)
        return super().outgoing()


class MeddledReceiver(MemoryReceiver):
    """A receiver with such a user."""

    def __init__(self, user: Meddler, disk: MemoryDisk) -> None:
        super().__init__(disk)
        self._user = user

    def outgoing(self) -> bytes:
        self._user.meddle(self.machine, sum(isinstance(event, OfferMade) for event in self.events))
        return super().outgoing()


@settings(deadline=None, max_examples=200)
@given(trees=st.lists(PLAIN_TREES, min_size=1, max_size=3), random=RANDOM)
def test_both_ends_tell_the_same_whatever_their_users_do(trees: list[Folder], random: Random) -> None:
    """Pauses, cancels, failures and declined offers in any order: when all is quiet, states and tallies are equal."""
    user = Meddler(random)
    sender, receiver = MeddledSender(user, *trees), MeddledReceiver(user, MemoryDisk())
    receiver.answer = lambda _: bool(random.randrange(5))
    receiver.refuse = lambda _: None if random.randrange(5) else "the disk is full"
    sender.spoil = lambda _, data: data if random.randrange(6) else None
    join(sender, receiver, random)
    user.is_calm = True
    sender.machine.resume()
    receiver.machine.resume()
    sender.machine.finish()
    join(sender, receiver, random)
    for offer in range(len(trees)):
        assert sender.machine.state(offer) is receiver.machine.state(offer)
        assert sender.machine.state(offer) in ENDED
        assert sender.machine.tally(offer) == receiver.machine.tally(offer)
    assert isinstance(sender.events[-1], PeerFinished)


@given(lines=st.lists(st.tuples(st.integers(0, 5), st.sampled_from(EntryKind), HOSTILE_NAMES), max_size=40))
def test_no_two_lines_lead_to_one_place(lines: list[tuple[int, EntryKind, str]]) -> None:
    """Whatever the order of the names, on any disk that takes some names for the same."""
    paths, depths, seen = TreePaths(), 0, set[tuple[str, ...]]()
    for depth, kind, name in lines:
        depth = min(depth, depths, MOST_DEPTH)
        path = paths.place(depth, kind, name, "a").path
        assert len(path) == depth + 1
        assert_safe(path)
        keys = tuple(map(collision_key, path))
        assert keys not in seen
        seen.add(keys)
        depths = depth + (kind is EntryKind.FOLDER)


@given(names=st.lists(HOSTILE_NAMES, max_size=20), inner=st.booleans())
def test_names_in_order_keep_their_safe_form(names: list[str], inner: bool) -> None:
    """A sender who keeps the order sees a number only where two names are the same, or look numbered."""
    ordered = sorted(names, key=lambda name: order_key(name, inner=inner))
    paths = TreePaths()
    if inner:
        paths.place(0, EntryKind.FOLDER, "folder")
    placed = [paths.place(int(inner), EntryKind.FILE, name).path[-1] for name in ordered]
    keys = [order_key(name, inner=inner) for name in ordered]
    twins = [False, *(first == second for first, second in pairwise(keys))][: len(keys)]
    for name, path, twin in zip(ordered, placed, twins, strict=True):
        safe = safe_component(name, inner=inner)
        assert path == safe or twin or " (~" in safe


@given(name=st.one_of(HOSTILE_NAMES, PLAIN_NAMES, st.from_regex(r"[a-z]{1,3}[0-9]? ?\.?[a-z]{0,4}", fullmatch=True)))
def test_the_short_way_to_a_safe_name_agrees_with_the_long_one(name: str) -> None:
    """At the top a component is what `safe_name` says."""
    assert safe_component(name, inner=False) == safe_name(name).name
    assert safe_component(name, inner=True) in {safe_name(name).name, "." + safe_name(name[1:]).name}
