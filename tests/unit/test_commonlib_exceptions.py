"""exceptions: one family, whose text is a sentence, and whose members carry what happened as data."""

import pickle

import pytest

from commonlib.exceptions import ChatError, FieldError, ProtocolError

ERRORS = [ProtocolError("a text goes on that never began"), FieldError("idTo", "it must be a number")]


def test_the_text_is_a_sentence() -> None:
    """What is shown to a user is whole."""
    assert [str(error) for error in ERRORS] == [
        "The other side does not keep to the protocol: a text goes on that never began.",
        "idTo does not fit into a packet: it must be a number.",
    ]


@pytest.mark.parametrize("error", ERRORS)
def test_all_are_one_family(error: ChatError) -> None:
    """Who catches ChatError catches what this project documents."""
    assert isinstance(error, ChatError)


def test_data_is_kept_beside_the_text() -> None:
    """A caller can tell what went wrong without reading the sentence."""
    assert ProtocolError("why").detail == "why"
    error = FieldError("idTo", "why")
    assert (error.field, error.detail) == ("idTo", "why")


def test_a_misfitting_value_is_a_value_error() -> None:
    """Who calls us with a wrong value may catch it as Python's own kind."""
    assert isinstance(FieldError("idTo", "why"), ValueError)


@pytest.mark.parametrize("error", ERRORS)
def test_an_error_can_pass_between_processes(error: ChatError) -> None:
    """Its data and its sentence survive."""
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy), vars(copy)) == (type(error), str(error), vars(error))
