"""Arriving at a hub over the modern wire: TLS, the hub's key judged, ours proved, let in (docs/protocol.md, M2 to M5).

Owns the answers to what the handshake tells. Must never send anything inside TLS to a hub that is not trusted, nor ask
the user while the hub waits. Runs on the thread that connects.
"""

import os

from commonlib.classic.layouts import DataPacket
from commonlib.classic.packet import PACKET_SIZE
from commonlib.exceptions import ProtocolError
from commonlib.identity import Fingerprint
from commonlib.storage.contexts import client_context
from commonlib.wire.client_handshake import ClientEvent, ClientHandshake, HubShown
from commonlib.wire.frames import FrameCutter
from commonlib.wire.handshake import HandshakeError
from commonlib.wire.join import JoinCodeError
from commonlib.wire.messages import ApprovalAwaited, Closing, JoinCodeAsked, Refused, Welcome
from commonlib.wire.reasons import ClosingReason, RefusalReason
from tcpipclient.core import events
from tcpipclient.core.closing import loss_of, refusal_error
from tcpipclient.core.exceptions import (
    ArrivalClosedError,
    ConnectTimedOutError,
    EncryptionError,
    FalseHubError,
    HubChangedError,
    HubStoppingError,
    TurnedAwayError,
    UnknownHubError,
)
from tcpipclient.core.modern_session import Admission, ModernSession
from tcpipclient.core.trusting import HubIdentity, Verdict, judge, wanted_hub
from tcpipclient.net.line import Line, Visitor, Way
from tcpipclient.net.secure_transport import SecureTransport


class EncryptedArrival:
    """One arrival, from behind the greeting on.

    Args:
        came: The greeting, and whatever came with it.
    """

    def __init__(self, line: Line, visitor: Visitor, came: bytes) -> None:
        self._line = line
        self._visitor = visitor
        self._config = visitor.config
        self._place = (visitor.config.host, visitor.config.port)
        self._greeting, self._unread = came[:PACKET_SIZE], came[PACKET_SIZE:]
        self._handshake = ClientHandshake(
            client_context(), self._greeting, visitor.identity(), visitor.profile.message()
        )
        self._hub: Fingerprint | None = None
        self._is_awaiting_approval = False

    def arrive(self) -> Way:
        """Go through it all.

        Raises:
            ConnectError: One of its kinds says why we do not get in; whoever made the transport closes it.
        """
        while True:
            try:
                self._line.send(self._handshake.data_to_send())
                for event in self._handshake.events_received():
                    if isinstance(event, Welcome):
                        self._line.send(self._handshake.data_to_send())
                        return self._enter(event)
                    self._answer(event)
                self._line.send(self._handshake.data_to_send())
                self._handshake.receive_data(self._receive())
            except JoinCodeError:
                raise FalseHubError(*self._place) from None
            except HandshakeError as error:
                raise ArrivalClosedError(*self._place, error.detail) from None
            except ProtocolError as error:
                raise EncryptionError(*self._place, error.detail) from None

    def _receive(self) -> bytes:
        unread, self._unread = self._unread, b""
        if unread:
            return unread
        try:
            return self._line.receive()
        except ConnectTimedOutError:
            if not self._is_awaiting_approval:
                raise
            sentence = "its operator was asked and has not answered. Ask him, and connect again."
            raise TurnedAwayError(*self._place, RefusalReason.DENIED, sentence) from None

    def _answer(self, event: ClientEvent) -> None:
        match event:
            case HubShown(fingerprint):
                self._judge(fingerprint)
                self._hub = fingerprint
                self._handshake.trust()
            case JoinCodeAsked():
                if not self._config.join_code:
                    raise refusal_error(*self._place, Refused(reason=RefusalReason.CODE_NEEDED), code_was_given=False)
                self._handshake.try_code(self._config.join_code, os.urandom)
            case ApprovalAwaited() if not self._is_awaiting_approval:
                self._is_awaiting_approval = True
                self._line.deadline = self._visitor.clock.now() + self._config.approval_timeout
                self._visitor.tell(events.ApprovalAwaited())
            case Refused():
                raise refusal_error(*self._place, event, code_was_given=bool(self._config.join_code))
            case Closing(reason=ClosingReason.STOPPING):
                raise HubStoppingError(*self._place)
            case Closing():
                raise TurnedAwayError(*self._place, 0, loss_of(event)[1])
            case _:
                pass

    def _judge(self, found: Fingerprint) -> None:
        trust, rule = self._visitor.trust, self._config.trust
        pinned = trust.maybe_pin(*self._place)
        match judge(found, pinned=pinned, is_known_elsewhere=trust.is_known(found), rule=rule):
            case Verdict.UNKNOWN:
                raise UnknownHubError(HubIdentity(*self._place, found))
            case Verdict.CHANGED:
                raise HubChangedError(*self._place, wanted_hub(pinned, rule) or found, found)
            case Verdict.PIN:
                self._visitor.tell(events.HubTrusted(*self._place, found))
                if not trust.pin(*self._place, found, replaces=pinned):
                    # Another program was faster, and trusts another hub.
                    raise HubChangedError(*self._place, trust.maybe_pin(*self._place) or found, found)

    def _enter(self, welcome: Welcome) -> Way:
        assert self._hub is not None, "a hub that was not judged cannot say Welcome"
        established = self._handshake.hand_over()
        clock = self._visitor.clock
        secure = SecureTransport(self._line.transport, established.piece)
        admission = Admission(welcome, self._hub, DataPacket.decode(self._greeting).long(1))
        session = ModernSession(self._visitor.profile, admission, clock.now(), clock.wall())
        deadline = self._line.deadline
        if self._is_awaiting_approval:
            deadline = clock.now() + self._config.register_timeout
        return Way(secure, session, FrameCutter(), deadline, established.unread, secure)
