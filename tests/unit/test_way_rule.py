"""By which ways files may go: the words of the command line.

Thread: pytest's main thread.
"""

from tcpipclient.core.way_rule import WayRule


def test_the_rules_are_called_as_on_the_command_line() -> None:
    """`--path auto`, `direct` or `hub`."""
    assert [rule.value for rule in WayRule] == ["auto", "direct", "hub"]
