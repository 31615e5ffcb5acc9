"""What each request of the operator's command line does: a request and a picture of the hub in, a decision out.

Owns the rules: who can be kicked, banned, let in again, approved, denied. Must never do anything itself, nor half of
what was asked: where one name of several means nobody, nothing is done. Pure: any thread.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from commonlib.exceptions import ChatError
from commonlib.identity import Fingerprint
from tcpipserver.control import requests
from tcpipserver.control.answers import MOST_LISTED, Affected, Answer, Clients, Done, Waiting
from tcpipserver.control.naming import Nameable, NamingError, Wanted, key_meant, person_meant
from tcpipserver.control.picture import Picture
from tcpipserver.hub import inputs

_HERE = ("on the hub", "clients")
_MOST_TOLD = 10

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be done, and what to answer once it is.

    Attributes:
        told: Inputs for the brain, in this order.
        stops: Whether the hub is to stop when the answer has been given.
    """

    answers: tuple[Answer, ...]
    told: tuple[inputs.Input, ...] = ()
    stops: bool = False


class OperationError(ChatError):
    """What was asked cannot be done; nothing was.

    Attributes:
        sentence: Why, and what to do instead.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence

    def __str__(self) -> str:
        return self.sentence


def decide(request: requests.Request, picture: Picture) -> Decision:
    """What to do about a request.

    Raises:
        NamingError: Nobody is meant, or more than one person.
        OperationError: It cannot be done.
    """
    match request:
        case requests.StatusAsked():
            return Decision((picture.status, Done()))
        case requests.ClientsAsked():
            parts = [Clients(clients=part) for part in _parts(picture.clients)]
            return Decision((*parts, Done()))
        case requests.WaitingAsked():
            return Decision((*(Waiting(keys=part) for part in _parts(picture.waiting)), Done()))
        case requests.Kick(who=who, reason=reason):
            meant = person_meant(who, _here(picture), *_HERE)
            return _done(meant, inputs.OperatorKicked(_ids(meant), reason))
        case requests.Ban():
            return _ban(request, picture)
        case requests.Unban(who=who):
            return _unban(who, picture)
        case requests.Approve(who=who):
            return _approve(who, picture)
        case requests.Deny():
            return _deny(request, picture)
        case requests.Say():
            return _say(request, picture)
        case requests.Stop():
            return Decision((Done(),), stops=True)


def _ban(request: requests.Ban, picture: Picture) -> Decision:
    here = _here(picture)
    present = {one.key for one in here}
    waiting = [Nameable(None, one.name, one.key) for one in picture.waiting if one.key not in present]
    present.update(one.key for one in waiting)
    known = [Nameable(None, one.name, one.key) for one in picture.known if one.key not in present]
    key = Wanted(request.who).maybe_whole_key()
    if key is not None and not any(one.key == key for one in (*here, *waiting, *known)):
        known.append(Nameable(None, "", key))  # Somebody may be kept out before he ever comes.
    meant = person_meant(request.who, (*here, *waiting, *known), *_HERE)
    first = meant[0]
    if first.key is None:
        raise OperationError(
            f"{first.shown} is on the unencrypted wire and has proved no key that could be kept out: use 'kick', or "
            "start the hub with --no-classic, with a join code or with --approve."
        )
    sessions = [one for one in here if one.key == first.key] or meant
    return _done(sessions, inputs.OperatorBanned(keys=(Fingerprint(first.key),), reason=request.reason))


def _unban(who: str, picture: Picture) -> Decision:
    banned = [Nameable(None, one.name, one.key) for one in picture.known if one.is_banned]
    try:
        meant = person_meant(who, banned, "among the banned keys", "status")
    except NamingError as error:
        if error.candidates:
            raise
        kept_out = ", ".join(one.shown for one in banned[:_MOST_TOLD]) or "nobody"
        raise OperationError(f"That key is not banned, so nothing was done. Kept out: {kept_out}.") from None
    assert meant[0].key is not None
    return _done(meant, inputs.OperatorUnbanned(Fingerprint(meant[0].key)))


def _approve(who: str, picture: Picture) -> Decision:
    waiting = [Nameable(None, one.name, one.key) for one in picture.waiting]
    key = Wanted(who).maybe_whole_key()
    if key is not None and not any(one.key == key for one in waiting):
        name = next((one.name for one in picture.known if one.key == key), "")
        waiting.append(Nameable(None, name, key))  # Somebody may be let in before he comes.
    meant = key_meant(who, waiting, "among the keys that wait", "approve --list")
    assert meant.key is not None
    return _done([meant], inputs.OperatorApproved(Fingerprint(meant.key)))


def _deny(request: requests.Deny, picture: Picture) -> Decision:
    waiting = [Nameable(None, one.name, one.key) for one in picture.waiting]
    meant = key_meant(request.who, waiting, "among the keys that wait", "approve --list")
    assert meant.key is not None
    return _done([meant], inputs.OperatorDenied(Fingerprint(meant.key), request.reason))


def _say(request: requests.Say, picture: Picture) -> Decision:
    here = _here(picture)
    if not here:
        raise OperationError("Nobody is on the hub, so nothing was said: try again when somebody is there.")
    if not request.to:
        return Decision((Done(),), (inputs.OperatorSaid(None, request.text),))
    meant = [one for who in request.to for one in person_meant(who, here, *_HERE)]
    meant = list(dict.fromkeys(meant))
    return _done(meant, inputs.OperatorSaid(_ids(meant), request.text))


def _done(meant: Sequence[Nameable], happened: inputs.Input) -> Decision:
    affected = tuple(Affected(id=one.id, name=one.name, key=one.key) for one in meant)
    return Decision((Done(affected=affected),), (happened,))


def _here(picture: Picture) -> list[Nameable]:
    return [Nameable(client.id, client.name, client.key) for client in picture.clients]


def _ids(meant: Iterable[Nameable]) -> tuple[int, ...]:
    return tuple(one.id for one in meant if one.id is not None)


def _parts(items: Sequence[Item]) -> list[tuple[Item, ...]]:
    return [tuple(items[start : start + MOST_LISTED]) for start in range(0, len(items), MOST_LISTED)]
