"""Keys as the client's window says them: codes in two parts, the locks, and whose key it is in sentences.

Owns these forms. Must never decide whom to trust. Pure: any thread.
"""

from commonlib.identity import Fingerprint, key_code, short_key_code
from commonlib.wording import shown_person
from tcpipclient.core.events import Person
from tcpipclient.gui.shown_hub import IdentityShown, KeyCode, Lock, LockShown

NO_LOCK = LockShown(Lock.NONE, "")
OPEN_LOCK = LockShown(Lock.OPEN, "NOT ENCRYPTED")
FORGET_HUB = "Forget this hub"
NOT_ENCRYPTED = "not encrypted"
_IN_THE_CLEAR = "Whoever can watch the network can read along, and nobody proves who he is."


def code_of(key: bytes) -> KeyCode:
    """The key code in its two parts."""
    digits = short_key_code(Fingerprint(key))
    return KeyCode(key_code(Fingerprint(key)).removesuffix(digits).strip(), digits)


def whole_code(key: bytes) -> str:
    """The key code in one line."""
    return key_code(Fingerprint(key))


def lock_of(hub_key: bytes | None) -> LockShown:
    """The lock of a connection that stands."""
    return OPEN_LOCK if hub_key is None else LockShown(Lock.CLOSED, f"Encrypted {code_of(hub_key).digits}")


def key_words(person: Person) -> str:
    """Somebody's key in the people list: its six digits, which session of it this is, or that there is none."""
    if person.key is None:
        return NOT_ENCRYPTED
    digits = code_of(person.key).digits
    return digits if person.session == 1 else f"{digits} #{person.session}"


def lock_sentence(person: Person) -> str:
    """What is known of somebody's key, below the title of the conversation with him."""
    if person.key is None:
        return f"Not encrypted. {_IN_THE_CLEAR}"
    session = f", session {person.session}" if person.session > 1 else ""
    return f"Encrypted to the hub. Key code {whole_code(person.key)}{session}."


def returned_sentence(name: str, before: Person) -> str:
    """A note: somebody has come who takes up the row of who was there `before`; `name` as shown."""
    if before.key is not None:
        return f"{name} is back: the same key as {shown_person(before.name, before.id)} had before."
    return (
        f"{name} came. Somebody of the same name and computer was here before, with the id {before.id}; whether it is "
        "the same person, nobody can tell without encryption."
    )


def hub_identity(place: str, hub_name: str, hub_key: bytes | None) -> IdentityShown:
    """The hub that we are connected to; `place` and `hub_name` as shown."""
    heading = f"The hub {hub_name} at {place}" if hub_name else f"The hub at {place}"
    if hub_key is None:
        text = f"Nothing between you and this hub is encrypted. {_IN_THE_CLEAR} Original servers are like that."
        return IdentityShown(heading, text, None, "", FORGET_HUB)
    text = (
        "Everything between you and this hub is encrypted. This is the code of its key: the hub's window shows the "
        "same, and so does every other client of this hub."
    )
    return IdentityShown(heading, text, code_of(hub_key), whole_code(hub_key), FORGET_HUB)


def person_identity(person: Person) -> IdentityShown:
    """Somebody on the hub."""
    heading = shown_person(person.name, person.id)
    if person.key is None:
        text = f"What passes between this person and the hub is not encrypted. {_IN_THE_CLEAR}"
        return IdentityShown(heading, text, None, "")
    text = (
        "This person has proved this key to the hub. Compare the code with the one that their window shows under "
        "Settings, My key code: if it is the same, it is them, whatever name they go by."
    )
    if person.session > 1:
        text += f" It is session {person.session} of this key: the same person, connected more than once."
    return IdentityShown(heading, text, code_of(person.key), whole_code(person.key))


def own_identity(key: bytes | None) -> IdentityShown:
    """The user himself; None while his key is not known."""
    if key is None:
        return IdentityShown("My key code", "Your key is not known yet: try again in a moment.", None, "")
    text = (
        "By this code others know that it is you, whatever name you go by. The operator of a hub may ask you for it "
        "before letting you in."
    )
    return IdentityShown("My key code", text, code_of(key), whole_code(key))
