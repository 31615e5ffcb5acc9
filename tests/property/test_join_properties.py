"""The join code, whatever is typed and whatever is sent."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonlib.wire.join import JoinCodeError, normal_join_code
from tests.support.join_codes import client_join, hub_join

POINTS = st.binary(min_size=32, max_size=32)
SPACING = st.sampled_from([" ", "-", "\t", "\u2014", "\u00a0", "\n"])


@given(st.text(max_size=20))
def test_who_types_the_same_code_gets_in(code: str) -> None:
    """Whatever characters it has, half a surrogate pair or none at all among them."""
    hub = hub_join(code)
    client = client_join(hub.exchange, code)
    client.check(hub.confirm(client.exchange, client.confirmation))


@given(
    st.text(alphabet="aB1\u00c5\u0301\u030a\u212b", max_size=20),
    st.lists(st.tuples(st.integers(0, 20), SPACING), max_size=5),
)
def test_spacing_does_not_matter(code: str, spacing: list[tuple[int, str]]) -> None:
    """Wherever it is; nor do capitals, or whether accents stand apart."""
    spaced = unicodedata.normalize("NFD", code)
    for place, character in spacing:
        spaced = spaced[:place] + character + spaced[place:]
    assert normal_join_code(spaced.upper()) == normal_join_code(code)
    assert normal_join_code(normal_join_code(spaced)) == normal_join_code(code)


@given(st.one_of(POINTS.map(lambda point: b"A" + point), st.binary(max_size=40)))
def test_only_a_client_that_knows_the_code_is_confirmed(exchange: bytes) -> None:
    """Any point of the curve, and what is none."""
    with pytest.raises(JoinCodeError):
        hub_join().confirm(exchange, bytes(32))


@given(POINTS)
def test_a_client_takes_any_beginning_or_finds_the_fault(point: bytes) -> None:
    """And is not fooled by a confirmation that was made up."""
    try:
        client = client_join(b"B" + point)
    except JoinCodeError:
        return
    with pytest.raises(JoinCodeError):
        client.check(bytes(32))
