"""Keys in words: the code in two parts, the lock, and whose key it is."""

from commonlib.identity import key_code
from tcpipclient.core.events import Person
from tcpipclient.gui.presenter_keys import (
    NO_LOCK,
    code_of,
    hub_identity,
    key_words,
    lock_of,
    lock_sentence,
    own_identity,
    person_identity,
    returned_sentence,
    whole_code,
)
from tcpipclient.gui.shown_hub import Lock
from tests.support.client_window import ANN, ANNS_KEY, HUB_KEY

KEYED = Person(5, "Ann", "desk", key=ANNS_KEY)
AGAIN = Person(6, "Ann", "desk", key=ANNS_KEY, session=2)


def test_the_code_has_two_parts() -> None:
    """Five words and six digits, which together are the code that everybody shows."""
    code = code_of(ANNS_KEY)
    assert f"{code.words} {code.digits}" == key_code(ANNS_KEY) == whole_code(ANNS_KEY)
    assert len(code.words.split()) == 5
    assert len(code.digits.replace(" ", "")) == 6


def test_the_lock_says_it_in_words() -> None:
    """With the hub's digits, or that there is none; nothing where there is no connection."""
    closed = lock_of(HUB_KEY)
    assert (closed.lock, closed.words) == (Lock.CLOSED, f"Encrypted {code_of(HUB_KEY).digits}")
    assert (lock_of(None).lock, lock_of(None).words) == (Lock.OPEN, "NOT ENCRYPTED")
    assert NO_LOCK.words == ""


def test_a_person_is_told_by_digits_session_or_the_lack_of_a_key() -> None:
    """In the list and below the title."""
    assert [key_words(person) for person in (ANN, KEYED, AGAIN)] == [
        "not encrypted",
        code_of(ANNS_KEY).digits,
        f"{code_of(ANNS_KEY).digits} #2",
    ]
    assert lock_sentence(ANN).startswith("Not encrypted.")
    assert lock_sentence(KEYED) == f"Encrypted to the hub. Key code {whole_code(ANNS_KEY)}."
    assert lock_sentence(AGAIN).endswith(", session 2.")


def test_who_is_back_is_told_by_what_was_compared() -> None:
    """A key is proof, a name is none."""
    assert returned_sentence("Zoe (9)", KEYED) == "Zoe (9) is back: the same key as Ann (5) had before."
    assert "nobody can tell" in returned_sentence("Ann (9)", ANN)


def test_identities_have_the_code_to_copy_where_there_is_a_key() -> None:
    """The hub's, a person's, the user's own."""
    hub = hub_identity("hub port 9999", "", HUB_KEY)
    assert (hub.heading, hub.code, hub.copied) == ("The hub at hub port 9999", code_of(HUB_KEY), whole_code(HUB_KEY))
    assert hub_identity("hub port 9999", "Home", HUB_KEY).heading == "The hub Home at hub port 9999"
    classic = hub_identity("hub port 9999", "", None)
    assert (classic.code, classic.copied) == (None, "")
    assert "Nothing between you and this hub is encrypted" in classic.text
    assert person_identity(ANN).code is None
    assert (person_identity(KEYED).heading, person_identity(KEYED).code) == ("Ann (5)", code_of(ANNS_KEY))
    assert "session 2" in person_identity(AGAIN).text
    assert own_identity(ANNS_KEY).copied == whole_code(ANNS_KEY)
    assert own_identity(None).code is None
