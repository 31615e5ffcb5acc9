"""The machines of the modern wire under attack: frames, messages, TLS, and both ends of the arrival.

Owns what each machine promises whatever it is fed with. It must never share anything with a machine's own code that the
promise is about. TLS draws its own random numbers, so that a finding in the last three may take a few iterations
more to be seen again. Thread: the caller's own.
"""

from collections.abc import Sequence
from random import Random

from commonlib.exceptions import FieldError, ProtocolError
from commonlib.identity import fingerprint_of
from commonlib.wire.bounds import LARGEST_ARRIVAL
from commonlib.wire.client_handshake import ClientHandshake, HubShown
from commonlib.wire.frames import HEADER_SIZE, LARGEST_BODY, Frame, FrameCutter, FrameError, encode_frame
from commonlib.wire.hub_handshake import CodeTried, HubHandshake, Proved
from commonlib.wire.messages import (
    Hello,
    JoinCodeAsked,
    MessageError,
    Refused,
    Welcome,
    decode_message,
    encode_message,
)
from commonlib.wire.tls import TlsError, TlsPiece
from tests.support.fuzzing import divided_at_random
from tests.support.handshakes import client_peer, hello_of, hub_peer, new_client, new_hub
from tests.support.join_codes import CODE, entropy_of
from tests.support.message_mutation import good_frames, spoilt_body
from tests.support.tls_pairs import (
    any_client_context,
    bytewise,
    established_pair,
    exchange,
    identity_of,
    server_context_of,
)

_HONEST = ("client", "stranger")


def divided(stream: bytes, random: Random) -> list[bytes]:
    """Whole, byte by byte where it is short, or at random."""
    way = random.randrange(4)
    if way == 0:
        return [stream]
    if way == 1 and len(stream) < 3000:
        return list(bytewise(stream))
    return divided_at_random(stream, random)


class FramesTarget:
    """Any division gives the same frames, and little is kept."""

    name = "frames"

    def packets(self) -> Sequence[bytes]:
        """A frame of each kind."""
        return good_frames()

    def attack(self, stream: bytes, random: Random) -> None:
        """Cut the stream whole and divided; what was cut, put together again, is the stream."""
        largest = random.choice((16, 1000, LARGEST_BODY))
        cutter, frames, has_failed = FrameCutter(largest), [], False
        for chunk in divided(stream, random):
            try:
                frames += cutter.receive_data(chunk)
            except FrameError:
                has_failed = True
                break
            assert cutter.unfinished < HEADER_SIZE + largest
        assert all(len(frame.body) <= largest for frame in frames)
        seen = b"".join(map(encode_frame, frames))
        assert stream.startswith(seen)
        if not has_failed:
            assert seen + cutter.take_unfinished() == stream
            assert cutter.unfinished == 0


class MessagesTarget:
    """A body is a message of its kind, or a documented error."""

    name = "messages"

    def packets(self) -> Sequence[bytes]:
        """A frame of each kind."""
        return good_frames()

    def attack(self, stream: bytes, random: Random) -> None:
        """Decode each frame of the stream as it is and with a body that was spoilt by somebody who knows the format."""
        try:
            frames = FrameCutter().receive_data(stream)
        except FrameError:
            return
        for frame in frames[:8]:
            self._decode(frame)
            self._decode(frame._replace(body=spoilt_body(random, frame.body)))

    def _decode(self, frame: Frame) -> None:
        """What comes out of a message can be said again, and says the same."""
        try:
            message = decode_message(frame)
        except MessageError:
            return
        try:
            (again,) = FrameCutter().receive_data(encode_message(message, frame.to, frame.sender))
        except FieldError:
            return
        assert decode_message(again) == message


class TlsTarget:
    """Bytes of the network, spoilt on their way: what comes out went in, or nothing does."""

    name = "tls"

    def packets(self) -> Sequence[bytes]:
        """What is said inside TLS; as bytes of the network it is garbage."""
        return good_frames()

    def attack(self, stream: bytes, random: Random) -> None:
        """Garbage and a spoilt handshake for a new piece of either side, spoilt records for an established one."""
        hub, client = TlsPiece(server_context_of("hub"), True), TlsPiece(any_client_context(), False)
        way = random.randrange(3)
        if way == 0:
            self._feed(random.choice((hub, client)), stream, random)
        elif way == 1:
            flight = client.data_to_send()
            if random.randrange(2):
                self._feed(hub, _spoilt_bytes(flight, random) + stream, random)
                return
            hub.receive_data(flight)
            assert self._feed(client, _spoilt_bytes(hub.data_to_send(), random) + stream, random) == b""
        else:
            pair = established_pair()
            for start in range(0, len(stream), size := random.randint(1, 3000)):
                pair.client.encrypt(stream[start : start + size])
            received = self._feed(pair.hub, _spoilt_bytes(pair.client.data_to_send(), random), random)
            assert stream.startswith(received), "nothing that was changed on the way comes out"

    def _feed(self, piece: TlsPiece, data: bytes, random: Random) -> bytes:
        plaintext = b""
        try:
            for chunk in divided(data, random):
                plaintext += piece.receive_data(chunk)
            piece.receive_eof()
        except TlsError:
            assert len(piece.data_to_send()) < LARGEST_ARRIVAL
        return plaintext


class HubHandshakeTarget:
    """A client says anything; only the owner of a key is told as such, and only with the code where it is asked."""

    name = "hub-handshake"

    def packets(self) -> Sequence[bytes]:
        """An honest Hello, most often, and all else that there is to say."""
        hub = identity_of("hub").fingerprint
        hellos = [encode_message(hello_of(identity_of(name), hub)) for name in _HONEST]
        others = [encode_message(hello_of(identity_of("client"), identity_of("stranger").fingerprint))]
        return [*hellos, *others, *good_frames(), *hellos]

    def attack(self, stream: bytes, random: Random) -> None:
        """Say the stream inside TLS, which is spoilt now and then, and decide as a hub might."""
        hub, peer = new_hub(), client_peer()
        exchange(peer, hub)
        if stream:
            peer.say(stream)
        data = peer.data_to_send() if random.randrange(4) else _spoilt_bytes(peer.data_to_send(), random)
        told: list[type] = []
        try:
            for chunk in divided(data, random):
                hub.receive_data(chunk)
                for event in hub.events_received():
                    told.append(type(event))
                    if isinstance(event, CodeTried):
                        hub.check_code()
                        raise AssertionError("nobody here knows the code")
                    if self._decides_at_once(hub, event, random):
                        return
            hub.receive_eof()
        except ProtocolError:
            pass
        assert told in ([], [Proved], [Proved, CodeTried])

    def _decides_at_once(self, hub: HubHandshake, event: Proved, random: Random) -> bool:
        assert event.fingerprint == fingerprint_of(event.hello.key)
        assert event.fingerprint in [identity_of(name).fingerprint for name in _HONEST]
        decision = random.randrange(6)
        if decision == 0:
            hub.ask_code(CODE, entropy_of("hub"))
        elif decision < 3:
            hub.refuse(Refused(reason=6))
        elif decision < 5:
            assert len(hub.accept().unread) <= LARGEST_ARRIVAL
            return True
        return False


class ClientHandshakeTarget:
    """A hub says anything; nothing is said to it unless it is trusted, and Welcome comes once."""

    name = "client-handshake"

    def packets(self) -> Sequence[bytes]:
        """All that there is to say, a welcome most often."""
        return [*good_frames(), encode_message(Welcome(own_id=1, version=(1, 0, 0)))]

    def attack(self, stream: bytes, random: Random) -> None:
        """Say the stream inside TLS, before or behind the client's Hello, and answer as a client might."""
        client, peer = new_client(), hub_peer()
        exchange(client, peer)
        (shown,) = client.events_received()
        assert isinstance(shown, HubShown)
        is_trusted = bool(random.randrange(4))
        told: list[type] = []
        try:
            if is_trusted:
                client.trust()
                peer.receive_data(client.data_to_send())
                assert [type(message) for message in peer.heard] == [Hello]
            if stream:
                peer.say(stream)
            data = peer.data_to_send() if random.randrange(4) else _spoilt_bytes(peer.data_to_send(), random)
            for chunk in divided(data, random):
                client.receive_data(chunk)
                told += self._follow(client, random)
            client.receive_eof()
            if Welcome in told:
                client.hand_over()
        except ProtocolError:
            pass
        assert told.count(Welcome) <= 1
        assert Welcome not in told[:-1], "it is the last event"
        assert is_trusted or not told

    def _follow(self, client: ClientHandshake, random: Random) -> list[type]:
        told = []
        for event in client.events_received():
            told.append(type(event))
            if isinstance(event, JoinCodeAsked) and not random.randrange(3):
                client.try_code(CODE, entropy_of("client"))
        return told


def _spoilt_bytes(data: bytes, random: Random) -> bytes:
    """Some bytes changed, a stretch lost, doubled or moved, or the end missing."""
    begin, end = sorted((random.randint(0, len(data)), random.randint(0, len(data))))
    changed = bytearray(data)
    for _ in range(random.randint(1, 3) if data else 0):
        changed[random.randrange(len(data))] ^= 1 << random.randrange(8)
    return random.choice(
        (
            bytes(changed),
            data[:begin] + data[end:],
            data[:end] + data[begin:],
            data[end:] + data[:end],
            data[:end],
            data[:begin] + random.randbytes(random.randint(1, 100)) + data[begin:],
        )
    )
