"""What the commands tell of an event: the sentence for a person and the JSON object for a script, side by side.

Owns both forms (docs/command-line.md lists the objects). Everything that a peer chose passes `printable` on its way
into a sentence; an object holds it untouched, and JSON's escapes keep it harmless. Must never write anything.
Pure: any thread.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from commonlib.classic.packet import SERVER
from commonlib.identity import Fingerprint, key_code, short_key_code
from commonlib.printable import printable
from commonlib.safename import safe_name
from commonlib.values import asdict, dataclass
from commonlib.wording import LONGEST_NAME_SHOWN, shown_file, shown_size
from tcpipclient.cli_recipients import HUB, MOST_LISTED, shown_name
from tcpipclient.core.events import (
    ClockDiffered,
    ConnectionLost,
    Event,
    FileNotSaved,
    FileOffered,
    FileProgressed,
    FileSaved,
    Person,
    PersonChanged,
    PersonJoined,
    PersonLeft,
    TextArrived,
)

_LONGEST_ESCAPE = len("\\U0001f600")
_TAB_WIDTH = 4


@dataclass(frozen=True, slots=True)
class Report:
    """One thing to tell.

    Attributes:
        sentence: For a person, safe for a terminal, possibly of several lines; empty where a person is not told.
        item: For a script: one JSON object; its "event" says what it is.
    """

    sentence: str
    item: Mapping[str, Any]


def maybe_report(event: Event) -> Report | None:
    """What `listen` tells of an event; None for those that are not for its user."""
    match event:
        case TextArrived():
            return _text_report(event)
        case PersonJoined(person):
            how = f"key {shown_key(person)}" if person.is_encrypted else shown_key(person)
            sentence = f"{shown_name(person.name, person.id)} came, {how}."
            return Report(sentence, person_item("joined", person))
        case PersonLeft(person):
            return Report(f"{shown_name(person.name, person.id)} left.", person_item("left", person))
        case PersonChanged(person, before):
            renamed = person.name != before.name
            names = (shown_name(before.name, person.id), shown_name(person.name, person.id))
            sentence = f"{names[0]} is now called {names[1]}." if renamed else ""
            return Report(sentence, person_item("changed", person))
        case ClockDiffered(seconds):
            return Report("", {"event": "clock_differs", "seconds": round(seconds)})
        case ConnectionLost(loss, reason):
            return Report("", {"event": "connection_lost", "loss": str(loss), "reason": reason})
        case FileProgressed():
            return progress_report(event, "")
        case FileOffered() | FileSaved() | FileNotSaved():
            return _file_report(event)
        case _:
            return None


def ready_report(
    own_id: int,
    name: str,
    place: str,
    people: tuple[Person, ...],
    hub_key: bytes | None = None,
    hub_name: str = "",
) -> Report:
    """The first thing that `listen` tells: from now on nothing is missed."""
    shown = [shown_name(person.name, person.id) for person in people[:MOST_LISTED]]
    more = [f"{len(people) - MOST_LISTED} more"] if len(people) > MOST_LISTED else []
    others = ", ".join([*shown, *more]) or "nobody"
    how = "not encrypted" if hub_key is None else f"encrypted, the hub's key code is {key_code(Fingerprint(hub_key))}"
    own = shown_name(name, own_id)
    called = f"{printable(hub_name, LONGEST_NAME_SHOWN).strip()} at " if hub_name.strip() else ""
    sentence = f"Listening on {called}{printable(place)} as {own}: {how}. Also here: {others}. Ctrl-C ends it."
    there = [{"id": person.id, "name": person.name, **_key_item(person.key)} for person in people]
    item = {"event": "ready", "id": own_id, "name": name, "server": place, "people": there}
    return Report(
        sentence,
        {**item, "encrypted": hub_key is not None, "hub_key": hub_key.hex() if hub_key else None, "hub_name": hub_name},
    )


def person_item(event: str, person: Person, ping: float | None = None) -> dict[str, Any]:
    """The object for somebody on the hub; `ping` as far as it is known, seconds."""
    return {"event": event, **asdict(person), **_key_item(person.key), "ping": ping}


def maybe_unencrypted_notice(recipients: Collection[int], people: Iterable[Person]) -> str | None:
    """What to say before something goes over an encrypted hub to people who are not; None where all are."""
    reached = [person for person in people if person.id in recipients and not person.is_encrypted]
    if not reached:
        return None
    names = ", ".join(shown_name(person.name, person.id) for person in reached[:MOST_LISTED])
    more = f" and {len(reached) - MOST_LISTED} more" if len(reached) > MOST_LISTED else ""
    return f"Not encrypted on the way from the hub to {names}{more}: whoever watches that network can read along."


def shown_key(person: Person) -> str:
    """By which key somebody is known, for a list: six digits, and which of several connections of that key he is."""
    if person.key is None:
        return "not encrypted"
    code = short_key_code(Fingerprint(person.key))
    return code if person.session == 1 else f"{code}, connection {person.session}"


def progress_report(event: FileProgressed, peer: str) -> Report:
    """How far a file is: objects only, a person has the bars."""
    return Report(
        "",
        {
            "event": "progress",
            "transfer": event.transfer,
            "direction": str(event.direction),
            "peer": peer,
            "peer_id": event.peer,
            "file": event.name,
            "done": event.done,
            "size": event.size,
        },
    )


def shown_text(text: str) -> list[str]:
    """A peer's text as lines that are safe for a terminal; at least one."""
    lines = re.split(r"\r\n|\r|\n", text)
    return [printable(line.expandtabs(_TAB_WIDTH), max(1, len(line)) * _LONGEST_ESCAPE) for line in lines]


def _text_report(event: TextArrived) -> Report:
    who = shown_name(event.sender_name, event.sender)
    numbers = f" [{event.numbers[0]}, {event.numbers[1]}]" if any(event.numbers) else ""
    # A mark before each further line, so that no text forges a line of somebody else's.
    sentence = f"{who}{numbers}: " + "\n  | ".join(shown_text(event.text))
    item = {"event": "text", **_sender(event.sender_name, event.sender), "text": event.text}
    return Report(sentence, {**item, "numbers": list(event.numbers)})


def _file_report(event: FileOffered | FileSaved | FileNotSaved) -> Report:
    who = shown_name(event.sender_name, event.sender)
    file = shown_file(event.name)
    item = {"transfer": event.transfer, **_sender(event.sender_name, event.sender), "file": event.name}
    match event:
        case FileOffered():
            renamed = safe_name(event.sent_name).explanation
            sentence = f"{who} sends {file} ({shown_size(event.size)}). {renamed}".rstrip()
            return Report(sentence, {"event": "file_offered", **item, "sent_name": event.sent_name, "size": event.size})
        case FileSaved():
            path = str(event.path)
            sentence = f"{who} sent {file} ({shown_size(event.size)}): it is in {printable(path, 10 * len(path))}"
            return Report(sentence, {"event": "file_saved", **item, "size": event.size, "path": path})
        case FileNotSaved():
            item = {"event": "file_not_saved", **item, "reason": event.reason, "declined": event.declined}
            return Report(f"From {who}: {event.reason}", item)


def _key_item(key: bytes | None) -> dict[str, Any]:
    code = None if key is None else short_key_code(Fingerprint(key))
    return {"encrypted": key is not None, "key": None if key is None else key.hex(), "key_code": code}


def _sender(name: str, sender: int) -> dict[str, Any]:
    return {"from": HUB if sender == SERVER else name, "from_id": sender}
