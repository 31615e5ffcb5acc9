"""What a client says about itself.

Thread: pytest's main thread.
"""

from dataclasses import replace

import pytest

from commonlib.classic.layouts import ClientDataPacket, DataPacket
from commonlib.classic.packet import PacketType
from commonlib.exceptions import FieldError
from tcpipclient.core.profile import Profile

ANN = Profile("Ann", "desk", "1.0", "10.0.0.9", 0x123456, 2, 0.0, 9997)


def test_credentials_have_the_three_texts_in_their_fields() -> None:
    """The user's name is in StringData150, his computer in StringDataA, his program's version in StringDataB."""
    said = DataPacket.decode(ANN.credentials(PacketType.MY_CREDENTIALS))
    assert said.packet_type == PacketType.MY_CREDENTIALS
    assert (said.text_150, said.text_a, said.text_b) == ("Ann", "desk", "1.0")


def test_details_say_all_there_is() -> None:
    """And no status time where nothing was ever said about the status."""
    said = ClientDataPacket.decode(ANN.details(7, "192.0.2.1"))
    assert (said.client_id, said.id_from, said.user_name, said.station_name) == (7, 7, "Ann", "desk")
    assert (said.address, said.alternate_address, said.client_version) == ("192.0.2.1", "10.0.0.9", "1.0")
    assert (said.colour, said.status, said.listening_port, said.status_ticks) == (0x123456, 2, 9997, 0)


@pytest.mark.parametrize("name", ["", "   "])
def test_nobody_can_be_without_a_name(name: str) -> None:
    """Clients pass over such a person."""
    with pytest.raises(FieldError, match="could not see you"):
        replace(ANN, name=name).credentials(PacketType.MY_CREDENTIALS)


@pytest.mark.parametrize("change", [{"colour": -1}, {"status": 65536}, {"listening_port": 65536}, {"name": "n" * 51}])
def test_what_does_not_fit_is_refused(change: dict[str, object]) -> None:
    """By the field's own limit."""
    with pytest.raises(FieldError):
        replace(ANN, **change).details(1, "192.0.2.1")  # type: ignore[arg-type]
