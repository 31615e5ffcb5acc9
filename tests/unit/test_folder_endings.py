"""When received folders are complete."""

from random import Random

from commonlib.transfer.manifest import Listed
from commonlib.transfer.messages import EntryKind
from tcpipclient.core.transfers.folder_endings import FolderEndings


def listed(number: int, *path: str, folder: bool = False) -> Listed:
    """An entry of a manifest."""
    kind = EntryKind.FOLDER if folder else EntryKind.FILE
    return Listed(number, 0, path, kind, 0, 0, 0, path[-1])


def complete(endings: FolderEndings) -> list[int]:
    """The folders that have become complete, taken out."""
    numbers = [entry.number for entry in endings.complete]
    endings.complete.clear()
    return numbers


def test_a_folder_is_complete_when_it_is_left_and_all_in_it_is_settled() -> None:
    """In whichever order the two come."""
    endings = FolderEndings()
    endings.listed([listed(0, "a", folder=True), listed(1, "a", "x"), listed(2, "b", folder=True), listed(3, "b", "x")])
    assert complete(endings) == []
    endings.settled(1)
    assert complete(endings) == [0]
    endings.settled(3)
    assert complete(endings) == []
    endings.ended()
    assert complete(endings) == [2]


def test_entries_are_settled_together_as_they_are_one_by_one() -> None:
    """Folders become complete with the last of them, in the same order; what stands at the top is in none."""
    entries = [listed(0, "a", folder=True), listed(1, "a", "b", folder=True), listed(2, "a", "b", "x"), listed(3, "y")]
    together, one_by_one = FolderEndings(), FolderEndings()
    for endings in (together, one_by_one):
        endings.listed(entries)
        endings.ended()
    together.settled_all([0, 1, 2, 3])
    for number in range(4):
        one_by_one.settled(number)
    assert complete(together) == complete(one_by_one) == [1, 0]


def test_the_inner_folder_comes_before_the_outer_one() -> None:
    """The outer one's date would not last, nor could its mode let us in."""
    endings = FolderEndings()
    tree = [("a",), ("a", "b"), ("a", "b", "c")]
    endings.listed([listed(number, *path, folder=True) for number, path in enumerate(tree)])
    endings.ended()
    for number in (0, 1, 2):
        endings.settled(number)
    assert complete(endings) == [2, 1, 0]


def test_an_empty_folder_is_complete_when_it_is_left() -> None:
    """There is nothing in it to wait for."""
    endings = FolderEndings()
    endings.listed([listed(0, "a", folder=True), listed(1, "b")])
    assert complete(endings) == [0]


def test_every_folder_of_any_tree_is_complete_once_and_in_order() -> None:
    """However the settling is mixed with the listing; and nothing is remembered at the end."""
    for seed in range(200):
        random, endings = Random(seed), FolderEndings()
        entries: list[Listed] = []

        def grow(above: tuple[str, ...], random: Random = random, entries: list[Listed] = entries) -> None:
            for index in range(random.randrange(4)):
                path = (*above, f"{index}")
                is_folder = random.random() < 0.5 and len(path) < 5
                entries.append(listed(len(entries), *path, folder=is_folder))
                if is_folder:
                    grow(path)

        grow(())
        waiting, pending, order = list(entries), list[int](), list[int]()
        while waiting or pending:
            if waiting and (not pending or random.random() < 0.5):
                count = random.randrange(1, 5)
                block, waiting = waiting[:count], waiting[count:]
                endings.listed(block)
                pending += [entry.number for entry in block]
            else:
                number = pending.pop(random.randrange(len(pending)))
                endings.settled(number)
                order += complete(endings)
        endings.ended()
        order += complete(endings)
        folders = [entry.number for entry in entries if entry.kind is EntryKind.FOLDER]
        assert sorted(order) == folders
        paths = {entry.number: entry.path for entry in entries}
        places = {paths[number]: place for place, number in enumerate(order)}
        assert all(place < places[path[:-1]] for path, place in places.items() if len(path) > 1)
        assert not endings._entries
