"""What the hub says when it has begun to listen."""

from commonlib.identity import Fingerprint, key_code
from commonlib.meaning import Meaning
from tcpipserver.announcing import policy_sentence, tell_of_opening
from tcpipserver.config import ServerConfig
from tcpipserver.hub.admission import Joining, Policy
from tests.support.log_lines import LogLines

HUB = Fingerprint(bytes(range(32)))


def test_port_key_and_policy_are_told() -> None:
    """The code of the key is what people compare."""
    with LogLines() as log:
        tell_of_opening(9999, 500, HUB, ServerConfig())
        assert log.lines(Meaning.GOOD) == ["The hub listens on port 9999 and has room for 500 clients."]
        key, policy = log.lines(Meaning.NOTE)
        assert key_code(HUB) in key
        assert policy.startswith("Everybody who reaches this port may join.")
        assert log.lines(Meaning.TROUBLE) == []


def test_a_hub_that_does_not_encrypt_says_so_loudly() -> None:
    """Its key means nothing then, and is not shown."""
    with LogLines() as log:
        tell_of_opening(9999, 500, HUB, ServerConfig(is_encrypting=False))
        assert len(log.lines(Meaning.TROUBLE)) == 1
        assert not any(key_code(HUB) in line for line in log.lines())


def test_every_policy_has_a_sentence_of_its_own() -> None:
    """Also about original clients, who cannot know a code."""
    sentences = {policy_sentence(Policy(joining, classic)) for joining in Joining for classic in (True, False)}
    assert len(sentences) == 4
    assert sum("are refused" in sentence for sentence in sentences) == 3
