"""The line below the panel: what is counted, in words."""

from tcpipclient.gui.presenter_totals import NOTHING, Counts


def test_only_what_there_is_is_told() -> None:
    """And what to do while there is nothing."""
    assert Counts().sentence() == NOTHING
    assert Counts(running=1, over=2000).sentence() == "1 running, 2,000 done"
    assert Counts(waiting=3, hidden=4, offers=1).sentence() == "3 waiting, 4 more waiting, not shown, 1 offer to answer"


def test_single_files_and_batches_are_counted_together() -> None:
    """State by state."""
    assert Counts(1, 2, 3, 4, 5) + Counts(over=1) == Counts(1, 2, 3, 4, 6)
