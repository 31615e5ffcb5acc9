"""The preface of a connection between clients: read back as it was made, and good for one way and one pair of keys."""

from dataclasses import replace

import pytest

from commonlib.wire.preface import MAGIC, Preface, PrefaceError, PrefaceReader, make_preface
from commonlib.wire.proof import ProofError
from commonlib.wire.way_messages import Role
from tests.support.tls_pairs import identity_of

LISTENING, CONNECTING, STRANGER = identity_of("hub"), identity_of("client"), identity_of("stranger")
TOKEN, TRANSFER = bytes(range(32)), b"t" * 16
PREFACE = make_preface(TRANSFER, Role.SENDER, TOKEN, LISTENING.fingerprint, CONNECTING)
FOR_ANOTHER = make_preface(TRANSFER, Role.SENDER, TOKEN, STRANGER.fingerprint, CONNECTING)


def read(data: bytes, step: int) -> tuple[Preface | None, bytes]:
    """What a reader makes of a stream in steps, and what it leaves of it."""
    reader = PrefaceReader()
    preface = None
    while reader.wanted and data:
        size = min(step, reader.wanted)
        preface, data = reader.receive_data(data[:size]), data[size:]
    return preface, data


@pytest.mark.parametrize("step", [1, 7, 4096])
def test_what_is_written_is_read_again_and_not_a_byte_more(step: int) -> None:
    """The stream begins right behind it, however it comes."""
    assert read(PREFACE.encode() + b"stream", step) == (PREFACE, b"stream")


def test_the_right_preface_is_accepted() -> None:
    """Made with the token and the key that the hub has told of."""
    PREFACE.check(TOKEN, LISTENING.fingerprint, CONNECTING.fingerprint)


def test_another_token_is_refused() -> None:
    """Of an earlier way, for instance."""
    with pytest.raises(PrefaceError, match="token"):
        PREFACE.check(bytes(32), LISTENING.fingerprint, CONNECTING.fingerprint)


def test_somebody_else_is_refused_though_he_has_the_token() -> None:
    """The hub has told of one key."""
    stolen = make_preface(TRANSFER, Role.SENDER, TOKEN, LISTENING.fingerprint, STRANGER)
    with pytest.raises(PrefaceError, match="somebody else"):
        stolen.check(TOKEN, LISTENING.fingerprint, CONNECTING.fingerprint)


@pytest.mark.parametrize(
    "forged",
    [
        replace(PREFACE, role=Role.RECEIVER),
        replace(PREFACE, transfer=b"u" * 16),
        replace(PREFACE, signature=FOR_ANOTHER.signature),
        replace(PREFACE, signature=b"x"),
    ],
    ids=["the other end", "another transfer", "made for another listener", "no signature"],
)
def test_a_signature_holds_for_nothing_else(forged: Preface) -> None:
    """It covers the way, the end, and both keys."""
    with pytest.raises(ProofError):
        forged.check(TOKEN, LISTENING.fingerprint, CONNECTING.fingerprint)


@pytest.mark.parametrize(
    "hostile",
    [
        b"GET / HTTP/1.1\r\n".ljust(200),
        MAGIC + b"\2\0" + PREFACE.encode()[6:],
        MAGIC + b"\1\0\x09\0" + PREFACE.encode()[8:],
        MAGIC + b"\1\0\1\0\xff\xff" + PREFACE.encode()[10:],
        MAGIC + b"\1\0\1\0\0\0" + PREFACE.encode()[10:],
        MAGIC + b"\1\0\1\0\1\0\xff\xff" + PREFACE.encode()[12:],
    ],
)
def test_what_is_no_preface_is_refused(hostile: bytes) -> None:
    """As soon as it can be told, and by the one error that is documented."""
    with pytest.raises(PrefaceError):
        read(hostile, 4096)


def test_a_stranger_is_known_by_his_first_bytes() -> None:
    """Nothing more is waited for."""
    with pytest.raises(PrefaceError):
        PrefaceReader().receive_data(b"X")
