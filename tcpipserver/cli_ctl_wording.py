"""What `tcpipserver ctl` tells of an answer: lines for a person and JSON objects for a script, side by side.

Owns both forms (docs/command-line.md lists the objects). Everything that a peer chose passes `printable` on its way
into a line; an object holds it untouched, and JSON's escapes keep it harmless. Must never write anything.
Pure: any thread.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from commonlib.identity import Fingerprint, key_code, short_key_code
from commonlib.printable import printable
from commonlib.wording import shown_count, shown_duration, shown_moment, shown_person, shown_size
from tcpipserver.control import requests
from tcpipserver.control.answers import Affected, Answer, Client, Clients, Done, Status, Waiting, WaitingKey
from tcpipserver.hub.admission import WHO_MAY_JOIN, Joining

_LONGEST_NAME = 40
_MAY_JOIN = {joining.value: words for joining, words in WHO_MAY_JOIN.items()}
_SEE_WAITING = ": 'approve --list' shows who waits"


@dataclass(frozen=True, slots=True)
class Report:
    """One thing to tell.

    Attributes:
        text: For a person, safe for a terminal; possibly of several lines.
        item: For a script: one JSON object; its "event" says what it is. None where only a person is told.
    """

    text: str
    item: dict[str, Any] | None = None

    def line(self, as_json: bool) -> str | None:
        """What to print; None where there is nothing."""
        if not as_json:
            return self.text
        return None if self.item is None else json.dumps(self.item)


@dataclass(frozen=True, slots=True)
class Clock:
    """How moments are shown: `now` is Unix seconds, `zone` whose clock; None is the system's."""

    now: float
    zone: tzinfo | None = None

    def shown(self, wall: float) -> str:
        """A moment of the past, Unix seconds."""
        return shown_moment(wall, self.now, self.zone)


def reports(request: requests.Request, answers: Sequence[Answer], clock: Clock) -> Iterator[Report]:
    """What to tell of the answers to a request."""
    affected = [one for answer in answers if isinstance(answer, Done) for one in answer.affected]
    match request:
        case requests.StatusAsked():
            yield from (_status_report(answer) for answer in answers if isinstance(answer, Status))
        case requests.ClientsAsked():
            clients = [client for answer in answers if isinstance(answer, Clients) for client in answer.clients]
            yield from _clients_reports(clients, clock)
        case requests.WaitingAsked():
            keys = [key for answer in answers if isinstance(answer, Waiting) for key in answer.keys]
            yield from _waiting_reports(keys, clock)
        case requests.Kick():
            yield from (_report("kicked", one, "was sent away and may come back.") for one in affected)
        case requests.Ban():
            yield from (_report("banned", one, f"is kept out from now on: {_code(one.key)}.") for one in affected)
        case requests.Unban():
            yield from (_report("unbanned", one, f"is not kept out any more: {_code(one.key)}.") for one in affected)
        case requests.Approve():
            advice = "If his own program shows another code, ban this one"
            yield from (_report("approved", one, f"is let in: {_code(one.key)}. {advice}.") for one in affected)
        case requests.Deny():
            yield from (_report("denied", one, f"was not let in: {_code(one.key)}.") for one in affected)
        case requests.Say():
            yield _said_report(affected)
        case requests.Stop():
            yield Report("The hub has stopped.", {"event": "stopped"})


def _status_report(status: Status) -> Report:
    classic = "clients of the unencrypted wire, too" if status.takes_classic else "no clients of the unencrypted wire"
    joining = _MAY_JOIN.get(status.policy, printable(status.policy, _LONGEST_NAME))
    if status.policy == Joining.APPROVAL.value:
        joining += _SEE_WAITING
    code = "" if status.fingerprint is None else key_code(Fingerprint(status.fingerprint))
    rows = [
        ("Port", str(status.port)),
        ("Running for", f"{shown_duration(status.now - status.started)}, process {status.pid}"),
        ("Version", printable(status.version, _LONGEST_NAME)),
        ("Key code", code),
        ("Fingerprint", _hex(status.fingerprint) or ""),
        ("May join", f"{joining}; {classic}"),
        ("Here", f"{status.encrypted:,} encrypted, {status.classic:,} unencrypted, {status.arriving:,} arriving"),
        ("Keys", f"{status.waiting:,} waiting, {status.banned:,} kept out"),
        ("Relays", f"{status.relays:,} now, {shown_size(status.relayed_bytes)} of files since the start"),
        ("Passed", f"{shown_count(status.passed_texts, 'text')}, {shown_size(status.passed_bytes)}"),
    ]
    text = "\n".join(f"{heading + ':':<13}{value}" for heading, value in rows if value)
    item = {
        "event": "hub",
        "version": status.version,
        "pid": status.pid,
        "port": status.port,
        "fingerprint": _hex(status.fingerprint),
        "key_code": code or None,
        "policy": status.policy,
        "takes_classic": status.takes_classic,
        "started": status.started,
        "uptime": status.now - status.started,
        "encrypted": status.encrypted,
        "classic": status.classic,
        "arriving": status.arriving,
        "waiting": status.waiting,
        "banned": status.banned,
        "passed_texts": status.passed_texts,
        "passed_bytes": status.passed_bytes,
        "relays": status.relays,
        "relayed_bytes": status.relayed_bytes,
    }
    return Report(text, item)


def _clients_reports(clients: Sequence[Client], clock: Clock) -> Iterator[Report]:
    if not clients:
        yield Report("Nobody is on the hub.")
        return
    headings = ("ID", "NAME", "ADDRESS", "WIRE", "KEY", "SINCE", "PING")
    yield from _table(headings, [(_client_row(client, clock), _client_item(client)) for client in clients])


def _client_row(client: Client, clock: Clock) -> tuple[str, ...]:
    key = "" if client.key is None else short_key_code(Fingerprint(client.key))
    return (
        str(client.id),
        printable(client.name, _LONGEST_NAME),
        printable(client.address, _LONGEST_NAME),
        "unencrypted" if client.key is None else "encrypted",
        f"{key}, session {client.session}" if client.session > 1 else key,
        clock.shown(client.since),
        "" if client.ping is None else f"{client.ping * 1000:.0f} ms",
    )


def _client_item(client: Client) -> dict[str, Any]:
    return {
        "event": "client",
        "id": client.id,
        "name": client.name,
        "computer": client.computer,
        "address": client.address,
        "encrypted": client.key is not None,
        "fingerprint": _hex(client.key),
        "session": client.session,
        "since": client.since,
        "ping": client.ping,
    }


def _waiting_reports(keys: Sequence[WaitingKey], clock: Clock) -> Iterator[Report]:
    if not keys:
        yield Report("No key waits to be let in.")
        return
    headings = ("KEY CODE", "NAME", "COMPUTER", "ADDRESS", "SINCE")
    yield from _table(headings, [(_waiting_row(key, clock), _waiting_item(key)) for key in keys])


def _waiting_row(key: WaitingKey, clock: Clock) -> tuple[str, ...]:
    shown = (printable(text, _LONGEST_NAME) for text in (key.name, key.computer, key.address))
    return (key_code(Fingerprint(key.key)), *shown, clock.shown(key.since))


def _waiting_item(key: WaitingKey) -> dict[str, Any]:
    return {
        "event": "waiting",
        "fingerprint": _hex(key.key),
        "key_code": key_code(Fingerprint(key.key)),
        "name": key.name,
        "computer": key.computer,
        "address": key.address,
        "since": key.since,
    }


def _said_report(affected: Sequence[Affected]) -> Report:
    heard = ", ".join(_shown(one) for one in affected) or "everybody"
    return Report(f"Said to {heard}.", {"event": "said", "to_ids": [one.id for one in affected] or None})


def _report(event: str, one: Affected, what: str) -> Report:
    item = {"event": event, "id": one.id, "name": one.name, "fingerprint": _hex(one.key)}
    return Report(f"{_shown(one)} {what}", item)


def _table(headings: tuple[str, ...], rows: Sequence[tuple[tuple[str, ...], dict[str, Any]]]) -> Iterator[Report]:
    cells = [headings, *(row for row, _ in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(headings))]
    texts = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
    yield Report(texts[0])
    yield from (Report(text, item) for text, (_, item) in zip(texts[1:], rows, strict=True))


def _shown(one: Affected) -> str:
    if one.id is None:
        return printable(one.name, _LONGEST_NAME).strip() or "Somebody"
    return shown_person(one.name, one.id)


def _code(key: bytes | None) -> str:
    return "no key" if key is None else key_code(Fingerprint(key))


def _hex(key: bytes | None) -> str | None:
    return None if key is None else key.hex()
