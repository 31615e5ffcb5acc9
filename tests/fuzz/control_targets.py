"""The operator's line under attack: its proof, its requests, what they do, and what is shown of the answers.

Owns what each promises whatever it is fed with. It must never share anything with the code that the promise is about.
Thread: the caller's own.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from random import Random

from commonlib.exceptions import ChatError
from commonlib.identity import Fingerprint
from tcpipserver.cli_ctl_wording import Clock, reports
from tcpipserver.control import requests
from tcpipserver.control.answers import (
    Affected,
    Answer,
    AnswerError,
    Clients,
    Done,
    Refused,
    Waiting,
    decode_answer,
    encode_answer,
)
from tcpipserver.control.authkey import KEY_SIZE, NONCE_SIZE, IntruderError, check_hub, hub_answer
from tcpipserver.control.operations import Decision, decide
from tcpipserver.control.requests import RequestError, decode_request, encode_request
from tcpipserver.hub import inputs
from tcpipserver.hub.people import KnownKey
from tests.support.clock import WALL
from tests.support.operators import ANN, BOB_KEY, EVE, OLD, PICTURE, STATUS
from tests.support.recordings import RECORDINGS, recorded_packets

KEY, NONCE = bytes(KEY_SIZE), bytes(NONCE_SIZE)
KNOWN = (KnownKey(Fingerprint(BOB_KEY), "Bob"), KnownKey(Fingerprint(b"z" * 32), "Zoe", banned_for=""))
ASKED: Sequence[requests.Request] = (
    requests.StatusAsked(),
    requests.ClientsAsked(),
    requests.WaitingAsked(),
    requests.Kick(who="Ann", reason="loud"),
    requests.Ban(who="Old"),
    requests.Unban(who="Zoe"),
    requests.Approve(who="03" * 32),
    requests.Say(text="hello", to=("1", "Bob")),
    requests.Stop(),
)
ANSWERED: Sequence[Answer] = (
    STATUS,
    Clients(clients=(ANN, OLD)),
    Waiting(keys=(EVE,)),
    Done(affected=(Affected(id=1, name="Ann", key=BOB_KEY), Affected(id=None, name=""))),
    Refused(sentence="No."),
)
_OPERATORS = (
    inputs.OperatorKicked
    | inputs.OperatorBanned
    | inputs.OperatorUnbanned
    | inputs.OperatorApproved
    | inputs.OperatorSaid
)
_STARTS_OF_VALUES = bytes((0x80, 0x90, 0xA0, 0xC0, 0xC1, 0xC4, 0xC6, 0xCA, 0xCB, 0xCF, 0xD3, 0xDB, 0xDD, 0xDF, 0xFF))


@cache
def all_recorded_packets() -> Sequence[bytes]:
    """Bytes of any kind, to be mixed in."""
    return tuple(packet for name in RECORDINGS for packet in recorded_packets(name))


class ControlTarget:
    """Garbage is an intruder's, no request or no answer; what is a request names at most those who are there."""

    name = "control"

    def packets(self) -> Sequence[bytes]:
        """What is spoilt by `attack` itself is far shorter."""
        return all_recorded_packets()

    def attack(self, stream: bytes, random: Random) -> None:
        """Spoil a proof, a request and an answer with bits of the stream."""
        self._prove(stream, random)
        self._ask(spoilt(encode_request(random.choice(ASKED)), stream, random))
        self._answer(spoilt(encode_answer(random.choice(ANSWERED)), stream, random), random)

    def _prove(self, stream: bytes, random: Random) -> None:
        garbage = stream[: random.choice((0, 1, 31, 32, 63, 64, 65, 1024))]
        try:
            hub_answer(KEY, NONCE, garbage)
        except IntruderError:
            pass
        else:
            raise AssertionError("an intruder was taken for the operator")
        try:
            check_hub(KEY, NONCE, NONCE, garbage)
        except IntruderError:
            pass
        else:
            raise AssertionError("an intruder was taken for the hub")

    def _ask(self, data: bytes) -> None:
        try:
            request = decode_request(data)
        except RequestError:
            return
        assert decode_request(encode_request(request)) == request
        for picture in (PICTURE, replace(PICTURE, known=KNOWN)):
            refusal = ""
            try:
                self._check(decide(request, picture), request)
            except ChatError as error:
                refusal = str(error)
            assert not refusal or refusal.isprintable()

    def _check(self, decision: Decision, request: requests.Request) -> None:
        assert isinstance(decision.answers[-1], Done)
        assert decision.stops is isinstance(request, requests.Stop)
        assert len(decision.told) <= 1
        for happened in decision.told:
            assert isinstance(happened, _OPERATORS)
            if isinstance(happened, inputs.OperatorKicked):
                assert happened.ids in {(1,), (2,), (3,)}

    def _answer(self, data: bytes, random: Random) -> None:
        try:
            answer = decode_answer(data)
        except AnswerError:
            return
        for report in reports(random.choice(ASKED), [answer], Clock(WALL)):
            assert all(line.isprintable() for line in report.text.split("\n"))
            line = report.line(as_json=True)
            assert line is None or (line.isascii() and line.isprintable())


def spoilt(message: bytes, stream: bytes, random: Random) -> bytes:
    """A message with a few of its bytes changed, lost, doubled, or replaced by some of the stream's."""
    data = bytearray(message)
    for _ in range(random.choice((0, 1, 1, 2, 3, 8))):
        place = random.randrange(len(data) + 1)
        end = place + random.choice((0, 1, 1, 4, 32))
        bit = stream[: random.choice((0, 1, 2, 200))]
        data[place:end] = random.choice(
            (bit, bytes([random.choice(_STARTS_OF_VALUES)]), bytes([random.randrange(256)]), data[place:end] * 2, b"")
        )
    return bytes(data)
