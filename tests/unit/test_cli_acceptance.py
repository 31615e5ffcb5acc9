"""Which offered files are taken, declined or asked about."""

from dataclasses import replace

import pytest

from commonlib.transfer.messages import EntryKind, Totals
from tcpipclient.cli_acceptance import Rule, Verdict, is_from_known, size_of
from tcpipclient.cli_arguments import AcceptRule
from tcpipclient.config import MOST_UNASKED
from tcpipclient.core.batch_events import BatchOffered, OfferedEntry
from tcpipclient.core.events import FileOffered

FILE = FileOffered(7, 2, "Bob", "a.txt", "a.txt", 1000)
ENTRY = OfferedEntry(EntryKind.FILE, "a.txt", "a.txt", 1000)
BATCH = BatchOffered(8, 0, 2, "Bob", bytes(32), Totals(files=1, size=1000), (ENTRY,))


@pytest.mark.parametrize(
    ("rule", "of_file", "of_batch"),
    [
        (AcceptRule.ASK, Verdict.ASK, Verdict.ASK),
        (AcceptRule.ALL, Verdict.KEEP, Verdict.KEEP),
        (AcceptRule.KNOWN, Verdict.DECLINE, Verdict.KEEP),
        (AcceptRule.NONE, Verdict.DECLINE, Verdict.DECLINE),
    ],
)
def test_the_rule_decides(rule: AcceptRule, of_file: Verdict, of_batch: Verdict) -> None:
    """The file's sender has proved no key, the batch's has."""
    assert Rule(rule).verdict(FILE) is of_file
    assert Rule(rule).verdict(BATCH) is of_batch


@pytest.mark.parametrize("offer", [replace(FILE, sender_key=bytes(32)), BATCH])
def test_what_is_larger_than_the_cap_is_asked_about(offer: FileOffered | BatchOffered) -> None:
    """The cap itself is still taken; what would be declined stays declined."""
    for rule in (AcceptRule.ALL, AcceptRule.KNOWN):
        assert Rule(rule, 1000).verdict(offer) is Verdict.KEEP
        assert Rule(rule, 999).verdict(offer) is Verdict.ASK
    assert Rule(AcceptRule.NONE, 999).verdict(offer) is Verdict.DECLINE
    assert Rule(AcceptRule.KNOWN, 999).verdict(FILE) is Verdict.DECLINE


def test_a_great_many_files_are_asked_about_however_small_they_are() -> None:
    """Where there is a cap at all: each takes room and time."""
    many = replace(BATCH, totals=Totals(files=MOST_UNASKED - 1, folders=1))
    assert Rule(AcceptRule.ALL, 0).verdict(many) is Verdict.KEEP
    more = replace(BATCH, totals=Totals(files=MOST_UNASKED, folders=1))
    assert Rule(AcceptRule.ALL, 0).verdict(more) is Verdict.ASK
    assert Rule(AcceptRule.ALL).verdict(more) is Verdict.KEEP


def test_known_are_those_who_have_proved_a_key() -> None:
    """Whoever else sends a file is not taken for somebody that is known."""
    assert not is_from_known(FILE)
    assert is_from_known(replace(FILE, sender_key=bytes(32)))
    assert is_from_known(BATCH)


def test_the_size_of_an_offer_is_that_of_all_its_files() -> None:
    """A batch has it in its totals."""
    assert size_of(FILE) == size_of(BATCH) == 1000
