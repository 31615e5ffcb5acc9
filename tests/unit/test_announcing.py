"""What the hub says when it has begun to listen."""

from commonlib.identity import Fingerprint, key_code
from commonlib.meaning import Meaning
from tcpipserver.announcing import tell_of_opening
from tcpipserver.config import ServerConfig
from tests.support.log_lines import LogLines

HUB = Fingerprint(bytes(range(32)))


def test_port_key_and_policy_are_told() -> None:
    """The code of the key is what people compare."""
    with LogLines() as log:
        tell_of_opening(9999, 500, HUB, ServerConfig())
        assert log.lines(Meaning.GOOD) == ["The hub listens on port 9999 and has room for 500 clients."]
        key, policy = log.lines(Meaning.NOTE)
        assert key_code(HUB) in key
        assert policy == "Everybody who reaches the hub may join, clients without encryption too."
        assert log.lines(Meaning.TROUBLE) == []


def test_what_the_hub_is_called_is_told_where_it_has_a_name() -> None:
    """Made harmless: whoever started it may have typed anything."""
    with LogLines() as log:
        tell_of_opening(9999, 500, HUB, ServerConfig(hub_name="Office\n"))
        assert "It is called Office\\n." in log.lines(Meaning.NOTE)


def test_a_hub_that_does_not_encrypt_says_so_loudly() -> None:
    """Its key means nothing then, and is not shown."""
    with LogLines() as log:
        tell_of_opening(9999, 500, HUB, ServerConfig(is_encrypting=False))
        assert len(log.lines(Meaning.TROUBLE)) == 1
        assert not any(key_code(HUB) in line for line in log.lines())
