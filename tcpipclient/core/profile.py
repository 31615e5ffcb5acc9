"""What we say about ourselves, and the packets that say it (docs/protocol.md, "Arrival").

Owns the profile and its two packets. Must never ask the system for a name: it is passed in. Pure: any thread.
"""

from dataclasses import dataclass

from commonlib.classic.layouts import ClientDataPacket, DataPacket
from commonlib.classic.packet import PACKET_SIZE, PacketType
from commonlib.exceptions import FieldError
from commonlib.ticks import ticks_from_unix


@dataclass(frozen=True, slots=True)
class Profile:
    """Ourselves as others see us; the fields are those of `events.Person`.

    Attributes:
        status_since: Unix seconds; 0.0 where nothing was ever said about the status.
    """

    name: str
    computer: str = ""
    version: str = ""
    alternate_address: str = ""
    colour: int = 0
    status: int = 0
    status_since: float = 0.0
    listening_port: int = 9998

    def credentials(self, packet_type: PacketType) -> bytes:
        """MyCredentials or CredentialsUpdate, 1024 bytes.

        Raises:
            FieldError: A text is too long, or the name is empty: clients pass over somebody without a name.
        """
        if not self.name.strip():
            raise FieldError("StringData150", "it is empty, and others could not see you")
        return DataPacket(
            packet_type, packet_size=PACKET_SIZE, text_a=self.computer, text_b=self.version, text_150=self.name
        ).encode()

    def details(self, own_id: int, address: str) -> bytes:
        """ClientData about ourselves, 1024 bytes.

        Our hub takes it for the change of colour, status, alternate address and port that it is; an original passes it
        to everyone, as what its clients understand as an update.

        Raises:
            FieldError: A value does not fit its field.
        """
        return ClientDataPacket(
            PacketType.CLIENT_DATA,
            packet_size=PACKET_SIZE,
            id_from=own_id,
            user_name=self.name,
            address=address,
            alternate_address=self.alternate_address,
            client_version=self.version,
            station_name=self.computer,
            client_id=own_id,
            colour=self.colour,
            status=self.status,
            listening_port=self.listening_port,
            status_ticks=ticks_from_unix(self.status_since) if self.status_since else 0,
        ).encode()
