"""What the hub's threads need of a dialect, each dialect has."""

from tcpipserver.dialects.classic import ClassicDialect, ClassicEncoder, LayoutRegistry
from tcpipserver.dialects.dialect import Dialect, Encoder
from tcpipserver.dialects.modern import ModernDialect
from tcpipserver.dialects.modern_encoder import ModernEncoder
from tcpipserver.dialects.unfinished import UnfinishedTexts
from tcpipserver.hub import effects
from tcpipserver.hub.limits import Limits
from tcpipserver.hub.people import Wire


def test_the_classic_dialect_is_one() -> None:
    """It takes the same of members as of others, so being taken in changes nothing."""
    dialect: Dialect = ClassicDialect(1, LayoutRegistry(), UnfinishedTexts())
    assert dialect.wire is Wire.CLASSIC
    dialect.take_in()
    assert list(dialect.cut(b"\x0a")) == []


def test_the_classic_encoder_is_one() -> None:
    """It makes nothing of what its wire cannot say."""
    encoder: Encoder = ClassicEncoder((1, 0, 0))
    for item in (
        effects.Welcome(1, "Alice", 1),
        effects.RosterComplete(),
        effects.ApprovalAwaited(),
        effects.PeopleLeft((1,)),
        effects.Pong(1),
        effects.Command(1, 2, 100, b"payload"),
    ):
        assert encoder.encode(item) == b""


def test_the_modern_dialect_and_encoder_are_ones() -> None:
    """Nothing is kept beyond the connection's own object."""
    dialect: Dialect = ModernDialect(1, LayoutRegistry(), Limits())
    assert dialect.wire is Wire.MODERN
    dialect.receive_end()
    encoder: Encoder = ModernEncoder((1, 0, 0))
    assert encoder.encode(effects.PersonRegistered(1)) == b""
