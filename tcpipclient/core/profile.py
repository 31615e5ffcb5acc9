"""What we say about ourselves, and what says it on either wire (docs/protocol.md, "Arrival" and M6).

Owns the profile, its two packets and its message. Must never ask the system for a name: it is passed in.
Pure: any thread.
"""

from typing import Self

from commonlib.classic.codepage import clamp_text
from commonlib.classic.layouts import STATION_NAME_WIDTH, USER_NAME_WIDTH, VERSION_WIDTH, ClientDataPacket, DataPacket
from commonlib.classic.packet import PACKET_SIZE, PacketType
from commonlib.exceptions import FieldError, ProtocolError
from commonlib.ticks import ticks_from_unix
from commonlib.values import dataclass, replace
from commonlib.wire import messages
from commonlib.wire.frames import HEADER_SIZE, Frame, FrameType


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

    def clamped(self) -> Self:
        """As much of it as the classic wire can say: shorter names, and `?` for what its code page lacks."""
        return replace(
            self,
            name=clamp_text(self.name, USER_NAME_WIDTH),
            computer=clamp_text(self.computer, STATION_NAME_WIDTH),
            version=clamp_text(self.version, VERSION_WIDTH),
        )

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

    def message(self) -> messages.Profile:
        """For the modern wire.

        Raises:
            FieldError: A value does not fit its field, or the name is empty.
        """
        if not self.name.strip():
            raise FieldError("name", "it is empty, and others could not see you")
        message = messages.Profile(
            name=self.name,
            computer=self.computer,
            program=self.version,
            alternate_address=self.alternate_address,
            colour=self.colour,
            status=self.status,
            status_ticks=ticks_from_unix(self.status_since) if self.status_since else 0,
            listening_port=self.listening_port,
        )
        try:
            # The library checks a value when it is read: what the other end would not take is refused here.
            messages.decode_message(Frame(FrameType.PROFILE, 0, 0, messages.encode_message(message)[HEADER_SIZE:]))
        except ProtocolError:
            raise FieldError("The profile", "a name has more than 64 characters, or a number is too large") from None
        return message
