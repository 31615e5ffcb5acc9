"""Reasons as sentences.

Thread: pytest's main thread.
"""

from tcpipclient.core.transfers.sentences import because, sentence


def test_a_clause_becomes_a_sentence() -> None:
    """And a sentence stays one."""
    assert sentence("the connection was lost") == "The connection was lost."
    assert sentence("It was lost.") == "It was lost."


def test_a_reason_stands_behind_a_clause() -> None:
    """Where there is one."""
    assert (because("full"), because("")) == (": full", "")
