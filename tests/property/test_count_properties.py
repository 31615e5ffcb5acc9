"""What both ends of a batch count, however often and wherever its connections are cut.

Thread: pytest's main thread.
"""

import shutil
import tempfile
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from commonlib.transfer.states import Tally
from tcpipclient.core.transfers.ledger import Ledger
from tcpipclient.core.transfers.saved_entries import SavedEntries
from tcpipclient.source_tree import scan
from tests.support.disk_ends import ReceivingEnd, SendingEnd
from tests.support.memory_transfer import Cut, join

MOST_SAID = 400
"""About how many bytes a receiver says of what is sent here."""


def make_batch(folder: Path, random: Random) -> tuple[list[Path], int]:
    """Two trees to send, and a folder for downloads with some of their files; tells how many of them those are."""
    trees, there = [folder / name for name in ("one", "two")], 0
    for tree in trees:
        for number in range(random.randrange(1, 30)):
            path = tree / f"inner-{random.randrange(3)}" / f"{number}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(random.randbytes(random.choice((0, 10, 5000))))
            if random.random() < 0.2:
                copy = folder / "in" / path.relative_to(folder)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(path, copy)
                there += 1
    return trees, there


def counts(tally: Tally) -> tuple[int, ...]:
    """How many entries came to what end, and the bytes that are there."""
    return tally.saved, tally.unchanged, tally.skipped, tally.failed, tally.size


@settings(max_examples=40, deadline=None)
@given(random=st.integers(0, 2**32).map(Random), cuts=st.lists(st.integers(1, MOST_SAID), max_size=5))
def test_both_ends_count_what_the_batch_has_saved_and_what_was_there_before_it(random: Random, cuts: list[int]) -> None:
    """Two offers on each connection, whose words arrive in any pieces and any order of the two directions."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        trees, there = make_batch(folder, random)
        offers = [scan([tree], links=True) for tree in trees]
        saved = {number: SavedEntries() for number in range(len(offers))}
        ledgers = Ledger(), Ledger()
        for most in (*cuts, None):
            sender, receiver = SendingEnd(*offers), ReceivingEnd(folder / "in", saved=saved)
            is_whole = join(sender, receiver, random, None if most is None else Cut(1 << 30, most))
            for ledger, machine, made in zip(
                ledgers, (sender.machine, receiver.machine), (len(offers), len(receiver.offers)), strict=True
            ):
                whole = Ledger()
                for offer in range(made):
                    whole.settle(machine.tally(offer))
                (ledger.settle if is_whole else ledger.lose)(whole.outcome)
            sender.disk.close()
            receiver.disk.close()
            if is_whole:
                break
        entries = sum(offer.totals.entries for offer in offers)
        size = sum(offer.totals.size for offer in offers)
        assert [counts(ledger.outcome) for ledger in ledgers] == [(entries - there, there, 0, 0, size)] * 2
