"""What events say beyond their fields.

Thread: pytest's main thread.
"""

from tcpipclient.core.events import Person, Registered


def test_who_has_a_key_is_encrypted() -> None:
    """A person on his way to the hub, and the hub on our way to it: never one because of the other."""
    assert not Person(2, "Eve").is_encrypted
    assert Person(2, "Bob", key=bytes(32)).is_encrypted
    bob = (Person(2, "Bob", key=bytes(32)),)
    assert not Registered(1, (1, 0, 0), bob).is_encrypted
    assert Registered(1, (1, 0, 0), (), hub_key=bytes(32)).is_encrypted
