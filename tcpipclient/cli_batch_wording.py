"""What the commands tell of batches: the sentence for a person and the JSON object for a script, side by side.

Owns both forms (docs/command-line.md lists the objects), what stands beside a progress bar, and how an offer is laid
out before it is asked about. Everything that a peer chose passes `printable` on its way into a sentence. Must never
write anything. Pure: any thread.
"""

from collections.abc import Sequence
from typing import Any

from commonlib.identity import Fingerprint, short_key_code
from commonlib.printable import printable
from commonlib.transfer.messages import EntryKind, Outcome, Place, Totals
from commonlib.wording import shown_count, shown_duration, shown_file, shown_size
from tcpipclient.cli_recipients import shown_name
from tcpipclient.cli_wording import Report
from tcpipclient.core.batch_events import (
    BatchChanged,
    BatchEnded,
    BatchOffered,
    BatchProblem,
    BatchProgressed,
    BatchState,
    OfferedEntry,
    WayKind,
)
from tcpipclient.core.events import Direction

MOST_PROBLEMS = 10
"""Problems of one batch that a person is told; a script gets all that the client knows."""
LONGEST_PATH_SHOWN = 240
LONGEST_WHY_SHOWN = 400

_PLACES = {
    (Place.SENDER, Direction.OUTGOING): " here",
    (Place.SENDER, Direction.INCOMING): " at the sender",
    (Place.RECEIVER, Direction.OUTGOING): " at the receiver",
    (Place.RECEIVER, Direction.INCOMING): " here",
    (Place.WAY, Direction.OUTGOING): " on the way",
    (Place.WAY, Direction.INCOMING): " on the way",
}
_NOTES = {
    BatchState.WAITING: "waiting for its turn",
    BatchState.OFFERED: "waiting for an answer",
    BatchState.CONNECTING: "connecting",
    BatchState.VERIFIED: "giving the last names",
}


def offered_report(event: BatchOffered) -> Report:
    """Somebody offers files: one line for a person, all that is known for a script."""
    item = {
        "event": "batch_offered",
        "transfer": event.transfer,
        "offer": event.offer,
        "from": event.sender_name,
        "from_id": event.sender,
        "key": event.sender_key.hex(),
        "key_code": short_key_code(Fingerprint(event.sender_key)),
        "files": event.totals.files,
        "folders": event.totals.folders,
        "links": event.totals.links,
        "size": event.totals.size,
        "top": [_entry_item(entry) for entry in event.top],
        "others": event.others,
        "room": event.room,
    }
    return Report(f"{shown_offer(event)}.", item)


def shown_offer(event: BatchOffered) -> str:
    """Who offers what, in one line without an end: Ann (3) offers photos and 2 more (2,500 files, 3.4 GB)."""
    label = shown_top([entry.name for entry in event.top], event.others)
    return f"{shown_name(event.sender_name, event.sender)} offers {label} ({shown_totals(event.totals)})"


def shown_top(names: Sequence[str], others: int = 0) -> str:
    """What stands at the top of a batch, by its first name."""
    more = len(names) + others - 1
    return f"{shown_file(names[0])} and {more:,} more" if more else shown_file(names[0])


def shown_totals(totals: Totals) -> str:
    """How much there is: 2,500 files in 31 folders, 3 links, 3.4 GB; of a single file its size alone."""
    if totals.entries == totals.files == 1:
        return shown_size(totals.size)
    files = shown_count(totals.files, "file")
    parts = [f"{files} in {shown_count(totals.folders, 'folder')}" if totals.folders else files]
    if totals.links:
        parts.append(shown_count(totals.links, "link"))
    return ", ".join([*parts, shown_size(totals.size)])


def explanation(event: BatchOffered) -> str:
    """All that somebody who is asked needs to know, line by line: who, how much, whether it fits, every name."""
    key = short_key_code(Fingerprint(event.sender_key))
    who = f"{shown_name(event.sender_name, event.sender)}, key {key}"
    lines = [f"{who}, offers {shown_totals(event.totals)}{_shown_room(event)}:"]
    lines += [f"  {_shown_entry(entry)}" for entry in event.top]
    if event.others:
        lines.append(f"  and {event.others:,} more")
    return "\n".join(lines)


def changed_report(event: BatchChanged, peer: str) -> Report:
    """A batch is in another state or on another way: objects only, a person has the bars."""
    told = {"state": str(event.state), "way": _way_item(event.way), "place": event.place}
    more = {"paused_here": event.paused_here, "detail": event.detail}
    return Report("", {**_item("batch_state", event, peer), **told, **more})


def batch_progress_report(event: BatchProgressed, peer: str) -> Report:
    """How far a batch is: objects only."""
    left = None if event.seconds_left is None else round(event.seconds_left, 1)
    return Report(
        "",
        {
            **_item("batch_progress", event, peer),
            "done": event.done,
            "size": event.size,
            "files_done": event.files_done,
            "files": event.files,
            "current": event.current,
            "speed": round(event.speed),
            "seconds_left": left,
        },
    )


def ended_item(event: BatchEnded, *, timed_out: bool = False) -> dict[str, Any]:
    """The object for the end of a batch."""
    return {
        **_item("batch_ended", event, event.peer_name),
        "state": str(event.state),
        "saved": event.saved,
        "unchanged": event.unchanged,
        "skipped": event.skipped,
        "failed": event.failed,
        "size": event.size,
        "problems": [_problem_item(problem) for problem in event.problems],
        "paths": [str(path) for path in event.paths],
        "seconds": round(event.seconds, 3),
        "reason": event.reason,
        "timed_out": timed_out,
    }


def listening_report(port: int) -> Report:
    """Others can connect to us from now on."""
    sentence = (
        f"Others may bring files to this computer directly from now on, at TCP port {port}: where the firewall asks, "
        "allow that. Without it everything still comes, by a connection made from here or through the hub."
    )
    return Report(sentence, {"event": "listening", "port": port})


def received_report(event: BatchEnded) -> Report:
    """A batch that somebody sent us has ended."""
    who = shown_name(event.peer_name, event.peer)
    if event.state is BatchState.SAVED:
        label = shown_top([path.name for path in event.paths]) if event.paths else "files"
        size = shown_size(event.size)
        how = size if _is_single(event) and event.saved else f"{shown_counts(event) or 'nothing'}, {_shown_pace(event)}"
        told = f"{who} sent {label} ({how}){_shown_place(event)}"
    else:
        told = f"From {who}: {event.reason}{_counts_behind(event)}"
    return Report("\n".join([told, *problem_lines(event)]), ended_item(event))


def sent_report(event: BatchEnded, label: str) -> Report:
    """A batch of ours is saved: its recipient's word. `label` says what was sent, safe for a terminal."""
    who, size = shown_name(event.peer_name, event.peer), shown_size(event.size)
    if not _is_single(event):
        told = f"{who} has {label}: {shown_counts(event) or 'nothing'}, {_shown_pace(event)}."
    elif event.skipped:
        told = f"{who} did not keep {label}."
    else:
        told = f"{who} has saved {label} ({size})." if event.saved else f"{who} had {label} ({size}) already."
    return Report("\n".join([told, *problem_lines(event)]), ended_item(event))


def unsent_complaint(event: BatchEnded, label: str) -> str:
    """The sentences for a batch of ours that is not simply saved."""
    told = f"To {shown_name(event.peer_name, event.peer)}, {label}: {event.reason}{_counts_behind(event)}"
    return "\n".join([told, *problem_lines(event)])


def shown_counts(event: BatchEnded) -> str:
    """What has become of how many files, folders and links; empty where nothing was settled."""
    kinds = ("saved", "unchanged", "skipped", "failed")
    counts = (event.saved, event.unchanged, event.skipped, event.failed)
    return ", ".join(f"{count:,} {kind}" for count, kind in zip(counts, kinds, strict=True) if count)


def problem_lines(event: BatchEnded) -> list[str]:
    """The first problems, a line each, and how many more there are."""
    lines = [f"  {_shown_problem(problem, event.direction)}" for problem in event.problems[:MOST_PROBLEMS]]
    more = max(len(event.problems), event.failed + event.skipped) - len(lines)
    return [*lines, f"  and {more:,} more"] if lines and more > 0 else lines


def bar_note(state: BatchState, way: WayKind | None, progress: BatchProgressed | None) -> str:
    """What stands behind a batch's bar: speed, time left and way, or why nothing moves."""
    if state is BatchState.PAUSED:
        return "paused"
    if state is not BatchState.RUNNING:
        return _NOTES.get(state, "")
    parts = []
    if progress is not None and progress.speed >= 1:
        parts.append(f"{shown_size(int(progress.speed))}/s")
    if progress is not None and progress.seconds_left is not None:
        parts.append(f"{shown_duration(progress.seconds_left)} left")
    return ", ".join([*parts, *([str(way)] if way else [])])


def _item(name: str, event: BatchChanged | BatchProgressed | BatchEnded, peer: str) -> dict[str, Any]:
    shared = {"transfer": event.transfer, "direction": str(event.direction), "peer": peer, "peer_id": event.peer}
    return {"event": name, **shared}


def _way_item(way: WayKind | None) -> str | None:
    """The word that --path has for it."""
    return None if way is None else {WayKind.DIRECT: "direct", WayKind.HUB: "hub"}[way]


def _entry_item(entry: OfferedEntry) -> dict[str, Any]:
    return {
        "kind": entry.kind.name.lower(),
        "name": entry.name,
        "sent_name": entry.sent_name,
        "size": entry.size,
        "is_there": entry.is_there,
    }


def _problem_item(problem: BatchProblem) -> dict[str, Any]:
    outcome, place = problem.outcome.name.lower(), problem.place.name.lower()
    return {"path": problem.path, "outcome": outcome, "place": place, "why": problem.why}


def _shown_room(event: BatchOffered) -> str:
    if event.room is None:
        return ""
    if event.room < event.totals.size:
        return f" and ONLY {shown_size(event.room)} ARE FREE"
    return f"; {shown_size(event.room)} are free"


def _shown_entry(entry: OfferedEntry) -> str:
    mark = {EntryKind.FOLDER: "/", EntryKind.LINK: " (link)", EntryKind.FILE: ""}[entry.kind]
    parts = [f"{shown_file(entry.name)}{mark}"]
    if entry.kind is not EntryKind.LINK:
        parts[0] += f" ({shown_size(entry.size)})"
    if entry.sent_name != entry.name:
        parts.append(f'sent as "{shown_file(entry.sent_name)}"')
    if entry.is_there:
        parts.append("there already")
    return ", ".join(parts)


def _is_single(event: BatchEnded) -> bool:
    return event.saved + event.unchanged + event.skipped + event.failed == 1


def _counts_behind(event: BatchEnded) -> str:
    counts = shown_counts(event)
    return f" ({counts})" if counts else ""


def _shown_pace(event: BatchEnded) -> str:
    size = shown_size(event.size)
    return f"{size} in {shown_duration(event.seconds)}" if event.seconds >= 1 else size


def _shown_place(event: BatchEnded) -> str:
    """Where it is: the file or folder itself where it is one, else what it all stands in."""
    if not event.paths:
        return "."
    first, *others = event.paths
    place = str(first.parent if others else first)
    return f": {'they are' if others else 'it is'} in {printable(place, 10 * len(place))}"


def _shown_problem(problem: BatchProblem, direction: Direction) -> str:
    path, why = printable(problem.path, LONGEST_PATH_SHOWN), printable(problem.why, LONGEST_WHY_SHOWN)
    match problem.outcome:
        case Outcome.SKIPPED:
            return f"{path} was skipped: {why}"
        case Outcome.SAVED:
            return f"{path} has another name: {why}"
        case _:
            return f"{path} failed{_PLACES.get((problem.place, direction), '')}: {why}"
