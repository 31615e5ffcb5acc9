"""Every target withstands a bounded attack, the same one each time; `python -m tests.fuzz` goes on for longer."""

import pytest

from tests.fuzz.targets import TARGETS
from tests.support.fuzzing import Effort, Target, fuzz

SEED = 1
ITERATIONS = 1500


@pytest.mark.parametrize("target", TARGETS, ids=[target.name for target in TARGETS])
def test_a_target_withstands_spoilt_packets(target: Target) -> None:
    """Nothing escapes that is not documented, and every promise holds."""
    assert fuzz(target, SEED, Effort(iterations=ITERATIONS)) == ITERATIONS


def test_targets_are_told_apart_by_their_names() -> None:
    """A finding names its target; two of one name could not be repeated."""
    names = [target.name for target in TARGETS]
    assert len(set(names)) == len(names)
