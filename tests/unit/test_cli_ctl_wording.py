"""What `tcpipserver ctl` tells: lines that are safe for a terminal, objects that hold everything."""

import json
from datetime import UTC

import pytest

from commonlib.identity import Fingerprint, key_code, short_key_code
from tcpipserver.cli_ctl_wording import Clock, Report, reports
from tcpipserver.control import requests
from tcpipserver.control.answers import Affected, Answer, Client, Clients, Done, Status, Waiting
from tests.support.clock import WALL
from tests.support.operators import ANN, ANN_KEY, BOB, EVE, EVE_KEY, HUB_KEY, OLD, STATUS

CLOCK = Clock(WALL, UTC)
ANN_DIGITS = short_key_code(Fingerprint(ANN_KEY))
ANNS = Affected(id=1, name="Ann", key=ANN_KEY)
HOSTILE = "\x1b[31m\r\nroot\u202e"


def told(request: requests.Request, *answers: Answer) -> list[Report]:
    """What is told of these answers."""
    return list(reports(request, answers, CLOCK))


def texts(request: requests.Request, *answers: Answer) -> list[str]:
    """For a person."""
    return [report.text for report in told(request, *answers)]


def test_the_status_has_a_line_for_each_thing() -> None:
    """The key code is there to be read aloud."""
    (text,) = texts(requests.StatusAsked(), STATUS, Done())
    assert text.splitlines() == [
        "Port:        9999",
        "Running for: 2 h 05 min, process 4711",
        "Version:     1.2.3",
        f"Key code:    {key_code(Fingerprint(HUB_KEY))}",
        f"Fingerprint: {HUB_KEY.hex()}",
        "May join:    everybody who reaches the hub; clients of the unencrypted wire, too",
        "Here:        2 encrypted, 1 unencrypted, 0 arriving",
        "Keys:        1 waiting, 0 kept out",
        "Relays:      2 now, 1.5 GB of files since the start",
        "Passed:      1,234 texts, 3.2 MB",
    ]


@pytest.mark.parametrize(
    ("policy", "says"),
    [
        ("code", "May join:    whoever knows the join code; no clients of the unencrypted wire"),
        ("approval", "May join:    whoever you let in, one by one: 'approve --list' shows who waits; no clients"),
        ("of a newer version", "May join:    of a newer version; no clients"),
    ],
)
def test_the_policy_is_told_in_words(policy: str, says: str) -> None:
    """And who is left out."""
    values = {name: getattr(STATUS, name) for name in Status.__struct_fields__}
    (text,) = texts(requests.StatusAsked(), Status(**{**values, "policy": policy, "takes_classic": False}))
    assert says in text


def test_without_a_key_no_line_tells_of_one() -> None:
    """A hub that does not encrypt has none."""
    values = {name: getattr(STATUS, name) for name in Status.__struct_fields__}
    (report,) = told(requests.StatusAsked(), Status(**{**values, "fingerprint": None}))
    assert "Key code" not in report.text
    assert "Fingerprint" not in report.text
    assert report.item is not None
    assert report.item["fingerprint"] is report.item["key_code"] is None


def test_people_are_listed_with_wire_and_key() -> None:
    """A second session of one key says so; who has not answered a ping yet has no time."""
    again = Client(id=9, name="Ann", address="192.0.2.1", key=ANN_KEY, session=2, since=WALL)
    moment = CLOCK.shown(WALL)
    lines = texts(requests.ClientsAsked(), Clients(clients=(ANN,)), Clients(clients=(OLD, again)), Done())
    assert [" ".join(line.split()) for line in lines] == [
        "ID NAME ADDRESS WIRE KEY SINCE PING",
        f"1 Ann 192.0.2.1 encrypted {ANN_DIGITS} {CLOCK.shown(ANN.since)} 2 ms",
        f"3 Old 192.0.2.3 unencrypted {CLOCK.shown(OLD.since)}",
        f"9 Ann 192.0.2.1 encrypted {ANN_DIGITS}, session 2 {moment}",
    ]
    assert len({line.index("encrypted") for line in lines[1:] if " encrypted" in line}) == 1
    assert texts(requests.ClientsAsked(), Done()) == ["Nobody is on the hub."]
    assert [report.line(as_json=True) for report in told(requests.ClientsAsked(), Done())] == [None]


def test_keys_that_wait_are_listed_with_their_whole_code() -> None:
    """That is what the operator compares."""
    lines = texts(requests.WaitingAsked(), Waiting(keys=(EVE,)), Done())
    assert " ".join(lines[1].split()) == (f"{key_code(Fingerprint(EVE_KEY))} Eve pc 192.0.2.4 {CLOCK.shown(EVE.since)}")
    assert texts(requests.WaitingAsked(), Done()) == ["No key waits to be let in."]


def test_what_was_done_is_told_for_each() -> None:
    """With the code of the key where the key is what counts."""
    code = key_code(Fingerprint(ANN_KEY))
    done = Done(affected=(ANNS,))
    assert texts(requests.Kick(who="x"), done) == ["Ann (1) was sent away and may come back."]
    assert texts(requests.Ban(who="x"), done) == [f"Ann (1) is kept out from now on: {code}."]
    assert texts(requests.Unban(who="x"), done) == [f"Ann (1) is not kept out any more: {code}."]
    (approved,) = texts(requests.Approve(who="x"), done)
    assert approved.startswith(f"Ann (1) is let in: {code}.")
    assert "ban this one" in approved
    (denied,) = texts(requests.Deny(who="x"), done)
    assert denied == f"Ann (1) was not let in: {code}."
    assert texts(requests.Say(text="x"), done) == ["Said to Ann (1)."]
    assert texts(requests.Say(text="x"), Done()) == ["Said to everybody."]
    assert texts(requests.Stop(), Done()) == ["The hub has stopped."]
    nameless = Done(affected=(Affected(id=None, name=" ", key=ANN_KEY),))
    assert texts(requests.Unban(who="x"), nameless) == [f"Somebody is not kept out any more: {code}."]


def test_an_object_holds_what_others_chose_untouched_and_is_plain_ascii() -> None:
    """A script needs the name as it is; JSON's escapes keep it harmless."""
    client = Client(id=4, name=HOSTILE, computer=HOSTILE, address="::1", key=ANN_KEY, since=WALL, ping=0.5)
    _, report = told(requests.ClientsAsked(), Clients(clients=(client,)))
    line = report.line(as_json=True)
    assert line is not None
    assert line.isascii()
    assert line.isprintable()
    assert json.loads(line) == {
        "event": "client",
        "id": 4,
        "name": HOSTILE,
        "computer": HOSTILE,
        "address": "::1",
        "encrypted": True,
        "fingerprint": ANN_KEY.hex(),
        "session": 1,
        "since": WALL,
        "ping": 0.5,
    }


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        (requests.ClientsAsked(), Clients(clients=(Client(id=4, name=HOSTILE, address=HOSTILE),))),
        (requests.Kick(who="x"), Done(affected=(Affected(id=4, name=HOSTILE), Affected(id=None, name=HOSTILE)))),
        (requests.Say(text="x"), Done(affected=(Affected(id=4, name=HOSTILE),))),
    ],
    ids=range(3),
)
def test_a_line_cannot_be_forged(request_: requests.Request, answer: Answer) -> None:
    """What others chose reaches the terminal as escapes."""
    assert all(text.isprintable() for text in texts(request_, answer))
    assert BOB.name == "Bob"
