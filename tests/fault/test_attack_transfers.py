"""A member of the hub sends what no client of ours would: nothing is written elsewhere, nothing that was there goes.

Hub and receiver are real, on loopback. Threads: theirs, and pytest's main thread as the hostile member.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from msgspec.structs import replace

from commonlib.transfer.messages import (
    Accept,
    Decline,
    Entry,
    EntryKind,
    Manifest,
    Message,
    Offer,
    Outcome,
    Settled,
    TopEntry,
    Totals,
    Wanted,
    encode_message,
)
from commonlib.transfer.stream import HEADER, TransferType
from commonlib.wire.way_messages import FilesAnswered, FilesCancelled, FilesOffered, Role, WayWanted
from tcpipclient import Accept as Acceptance
from tcpipclient.core.batch_events import BatchEnded, BatchOffered, BatchState
from tests.support.batch_clients import BatchClient, Meeting, meeting
from tests.support.disks import make_link
from tests.support.hostile_sender import HostileSender, connected, top_of, totals_of
from tests.support.strangers import is_closed_by_other

FILE, FOLDER, LINK = EntryKind
HOSTILE_NAMES = (
    *("..", ".", "../outside", "../../outside", "..\\outside", "/etc/passwd", "/tmp/outside", "~/.bashrc", "~"),
    *("C:\\outside", "C:outside", "\\\\server\\share\\outside", "\\\\?\\C:\\outside", "//server/outside", "C:"),
    *("file:stream", "file::$DATA", "ends in a dot.", "ends in a space ", ". .", "...", "\u3000", "\u2800"),
    *("CON", "con.txt", "NUL", "nul .txt", "COM1", "COM\u00b9.log", "LPT9", "CONIN$", "PRN.tar.gz", "desktop.ini"),
    *("a\x00b", "a\nb", "\x1b[2J", "a\x7f", "a\x85b", "a\u2028b", "\u202egpj.exe", "\u200b", "a\u200bb", "\ufeff"),
    *("A", "a", "\u00e9", "e\u0301", "E\u0301", "\ufb01", "fi", "FI", "\u0130", "i\u0307", "ss", "\u00df", "SS"),
    *("x" * 255, "\U0001f600" * 255, "\u0bcc" * 255, "y" * 250 + ".exe", "report.txt", "REPORT.TXT", "z.part"),
    *(".tcpipchat-0123456789abcdef", ".ssh", ".bashrc", "\ud7ff", "\ue000", "\uffff", "a (~2)", "a (2)"),
)
OWN = b"what the receiver has had before"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Meeting]:
    """A hub on loopback."""
    with meeting(tmp_path / "around") as hub:
        yield hub


@pytest.fixture
def bob(hub: Meeting) -> BatchClient:
    """Who takes all that he is offered, links as well, and has a file already."""
    bob = hub.join("Bob", links=True)
    bob.downloads.mkdir(parents=True)
    (bob.downloads / "report.txt").write_bytes(OWN)
    return bob


@pytest.fixture
def eve(hub: Meeting) -> Iterator[HostileSender]:
    """Who is hostile."""
    with HostileSender(hub.server.port) as eve:
        yield eve


def elsewhere(folder: Path, downloads: Path) -> set[str]:
    """All that is around the folder for downloads."""
    return {str(path) for path in folder.rglob("*") if downloads not in path.parents}


def no_link_leads_out(downloads: Path) -> bool:
    """Whether all links lead to places below the folder at the top that they are in, if anywhere."""
    links = [path for path in downloads.rglob("*") if path.is_symlink()]
    return all(
        (downloads / link.relative_to(downloads).parts[0]) in (link.parent / link.readlink()).resolve().parents
        or (link.parent / link.readlink()).resolve() == downloads / link.relative_to(downloads).parts[0]
        for link in links
    )


def entries_at(place: str) -> list[Entry]:
    """All hostile names, as entries of one kind."""
    match place:
        case "file":
            return [Entry(0, FILE, name, 1, 1) for name in HOSTILE_NAMES]
        case "folder":
            return [it for name in HOSTILE_NAMES for it in (Entry(0, FOLDER, name, 0, 1), Entry(1, FILE, "in", 1, 1))]
        case "inner file":
            return [Entry(0, FOLDER, "top", 0, 1), *(Entry(1, FILE, name, 1, 1) for name in HOSTILE_NAMES)]
        case "inner folder":
            inner = [it for name in HOSTILE_NAMES for it in (Entry(1, FOLDER, name, 0, 1), Entry(2, FILE, "in", 1, 1))]
            return [Entry(0, FOLDER, "top"), *inner]
        case "link":
            return [Entry(0, FOLDER, "top"), *(Entry(1, LINK, name, target="in") for name in HOSTILE_NAMES)]
        case _:
            links = [Entry(2, LINK, f"{number:03}", target=name) for number, name in enumerate(HOSTILE_NAMES)]
            return [Entry(0, FOLDER, "top"), Entry(1, FOLDER, "inner"), *links]


@pytest.mark.parametrize("place", ["file", "folder", "inner file", "inner folder", "link", "target"])
def test_no_name_leads_elsewhere_or_over_what_is_there(
    tmp_path: Path, bob: BatchClient, eve: HostileSender, place: str
) -> None:
    """Whatever class it is of, and wherever it stands: all of it is saved in a place of its own, or refused."""
    around = tmp_path / "around"
    (around / "outside").write_bytes(OWN)
    before = elsewhere(tmp_path, bob.downloads)
    entries = entries_at(place)
    with eve.begin(bob.id, entries) as stream:
        outcomes = stream.settle(dict.fromkeys(range(len(entries)), b"!"), len(entries))
        stream.finish()
    bob.ended(bob.offered().transfer)
    allowed = {Outcome.SAVED} if place != "target" else {Outcome.SAVED, Outcome.SKIPPED}
    assert set(outcomes.values()) <= allowed
    assert elsewhere(tmp_path, bob.downloads) == before
    assert (around / "outside").read_bytes() == (bob.downloads / "report.txt").read_bytes() == OWN
    files = [path for path in bob.downloads.rglob("*") if path.is_file() and not path.is_symlink()]
    assert len(files) - 1 == sum(entry.kind is FILE for entry in entries)
    assert no_link_leads_out(bob.downloads)
    assert all(path.name.isprintable() and ":" not in path.name for path in bob.downloads.rglob("*"))
    assert not list(bob.downloads.glob(".*"))


def test_what_is_no_text_ends_the_connection(bob: BatchClient, eve: HostileSender) -> None:
    """A name in bad UTF-8, or half of a surrogate pair: nothing of the frame is taken."""
    for name in (b"\xff\xfe", b"\xed\xa0\x80", b"\xc0\xaf"):
        with eve.begin(bob.id, [Entry(0, FILE, "ab.txt", 1)]) as stream:
            stream.wait_for(Wanted)
            whole = Manifest(offer=0, first=1, entries=[Entry(0, FILE, "x" * len(name), 1)])
            stream.send_bytes(encode_message(whole).replace(b"x" * len(name), name))
            stream.wait_for_end()
    assert set(bob.received()) == {"report.txt"}


LIES: dict[str, Callable[[list[Entry]], list[Message]]] = {
    "more files": lambda good: [_listed([*good, Entry(0, FILE, "z", 0)])],
    "more bytes": lambda good: [_listed([good[0], replace(good[1], size=100)])],
    "another name at the top": lambda good: [_listed([replace(good[0], name="other"), good[1]])],
    "another kind at the top": lambda good: [_listed([replace(good[0], kind=FILE, size=5), good[1]])],
    "another order": lambda good: [_listed([replace(good[1], depth=0), good[0]])],
    "too deep": lambda good: [_listed([good[0], replace(good[1], depth=2)])],
    "a folder of bytes": lambda good: [_listed([replace(good[0], size=1), good[1]])],
    "a file with a target": lambda good: [_listed([good[0], replace(good[1], target="x")])],
    "wrong numbers": lambda good: [replace(_listed(good), first=7)],
    "on behind the end": lambda good: [_listed(good), replace(_listed([]), first=2)],
    "of another offer": lambda good: [replace(_listed(good), offer=1)],
    "a receiver's message": lambda good: [Accept(offer=0)],
}


def _listed(entries: list[Entry]) -> Manifest:
    return Manifest(offer=0, first=0, entries=entries, last=True)


@pytest.mark.parametrize("lie", LIES)
def test_a_manifest_that_is_not_what_was_agreed_upon_ends_the_connection(
    bob: BatchClient, eve: HostileSender, lie: str
) -> None:
    """About size, count, order or names: nothing of it is saved."""
    good = [Entry(0, FOLDER, "photos"), Entry(1, FILE, "a.txt", 5)]
    totals, top = totals_of(good), top_of(good)
    transfer = eve.offer(bob.id, totals, top)
    assert eve.answered(transfer).accepted
    with eve.open(bob.id, transfer) as stream:
        stream.say(Offer(offer=0, totals=totals, top=top))
        stream.wait_for(Accept)
        stream.say(*LIES[lie](good))
        assert not any(isinstance(it, Settled) and lie != "on behind the end" for it in stream.wait_for_end())
    assert not any(path.is_file() for path in bob.downloads.glob("photos/*"))
    assert (bob.downloads / "report.txt").read_bytes() == OWN


def test_an_offer_on_the_stream_is_the_one_that_was_agreed_upon(bob: BatchClient, eve: HostileSender) -> None:
    """Not larger, with no other name, and not twice."""
    good = [Entry(0, FILE, "a.txt", 5)]
    totals, top = totals_of(good), top_of(good)
    transfer = eve.offer(bob.id, totals, top)
    assert eve.answered(transfer).accepted
    with eve.open(bob.id, transfer) as stream:
        for number, (size, name, others) in enumerate([(6, "a.txt", 0), (5, "b.txt", 0), (5, "a.txt", 1)]):
            stream.say(
                Offer(offer=number, totals=Totals(files=1, size=size), top=[TopEntry(FILE, name, 5)], others=others)
            )
            assert stream.wait_for(Decline).offer == number
        stream.say(Offer(offer=3, totals=totals, top=top), Offer(offer=4, totals=totals, top=top))
        assert stream.wait_for(Accept).offer == 3
        assert stream.wait_for(Decline).offer == 4


@pytest.mark.parametrize(("content", "digest"), [(b"12345", bytes(32)), (b"1234", None), (b"", None)])
def test_bytes_that_are_not_what_was_listed_are_not_saved(
    bob: BatchClient, eve: HostileSender, content: bytes, digest: bytes | None
) -> None:
    """Another hash three times, or too few bytes: there is no file of that name at the end."""
    with eve.begin(bob.id, [Entry(0, FILE, "a.txt", 5)]) as stream:
        for _ in range(3):
            stream.wait_for(Wanted)
            stream.send_file(0, content, digest)
            if digest is None:
                stream.wait_for_end()
                break
        else:
            (run,) = stream.wait_for(Settled).items
            assert run.outcome is Outcome.FAILED
    assert set(bob.received()) == {"report.txt"}


def test_more_bytes_than_listed_end_the_connection(bob: BatchClient, eve: HostileSender) -> None:
    """Nothing is written behind the size that was agreed upon."""
    with eve.begin(bob.id, [Entry(0, FILE, "a.bin", 2_000_000)]) as stream:
        stream.wait_for(Wanted)
        stream.send_bytes(HEADER.pack(8 + 1_000_000, TransferType.DATA, 1, 0) + bytes(8 + 1_000_000))
        stream.send_bytes(HEADER.pack(1_000_001, TransferType.DATA, 0, 0) + bytes(1_000_001))
        stream.wait_for_end()
    assert all(path.stat().st_size <= 2_000_000 for path in bob.downloads.rglob("*") if path.is_file())
    assert set(bob.received()) == {"report.txt"}


def test_a_link_that_is_put_in_the_place_of_a_folder_is_not_followed(
    tmp_path: Path, bob: BatchClient, eve: HostileSender
) -> None:
    """By another program, between two files: neither the bytes nor the date of the folder go elsewhere."""
    outside = tmp_path / "outside"
    (outside / "inner").mkdir(parents=True)
    before = outside.stat().st_mtime_ns, (outside / "inner").stat().st_mtime_ns
    entries = [
        *(Entry(0, FOLDER, "photos", 0, 1_000), Entry(1, FILE, "a.txt", 1, 1_000)),
        *(Entry(1, FOLDER, "inner", 0, 1_000), Entry(2, FILE, "b.txt", 1, 1_000), Entry(2, LINK, "c", target="b.txt")),
        Entry(0, FILE, "z.txt", 1, 1_000),
    ]

    def swap() -> None:
        if not (bob.downloads / "moved").exists():
            (bob.downloads / "photos").rename(bob.downloads / "moved")
            make_link(bob.downloads / "photos", outside)

    with eve.begin(bob.id, entries) as stream:
        outcomes = stream.settle({1: b"!", 3: b"!", 5: b"!"}, len(entries), swap)
        stream.finish()
    ended = bob.ended(bob.offered().transfer)
    assert not [path for path in outside.rglob("*") if path.name != "inner"]
    assert (outside.stat().st_mtime_ns, (outside / "inner").stat().st_mtime_ns) == before
    assert [outcomes[entry] for entry in (1, 3, 4, 5)] == [Outcome.FAILED] * 3 + [Outcome.SAVED]
    assert ended.state is BatchState.FAILED


def test_a_folder_for_downloads_that_vanishes_is_a_failure_with_a_reason(bob: BatchClient, eve: HostileSender) -> None:
    """The connection goes on to its end, and the program is as well as before."""
    with eve.begin(bob.id, [Entry(0, FILE, "a.txt", 1), Entry(0, FILE, "b.txt", 1)]) as stream:
        stream.wait_for(Wanted)
        (bob.downloads / "report.txt").unlink()
        for path in sorted(bob.downloads.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        bob.downloads.rmdir()
        stream.send_file(0, b"!")
        stream.send_file(1, b"!")
        outcomes = stream.settle({}, 2)
        stream.finish()
    assert set(outcomes.values()) == {Outcome.FAILED}
    ended = bob.ended(bob.offered().transfer)
    assert (ended.state, ended.failed) == (BatchState.FAILED, 2)
    assert all(problem.why for problem in ended.problems)


def test_nobody_else_can_cancel_answer_or_divert_a_batch(hub: Meeting, tmp_path: Path, eve: HostileSender) -> None:
    """Who knows its name, but has another key."""
    ann = hub.join("Ann")
    (tmp_path / "a.txt").write_text("hello")
    batch = ann.client.send_files([tmp_path / "a.txt"], eve.member.id)
    name = eve.member.wait_for(FilesOffered).transfer
    with HostileSender(hub.server.port, "Mallory") as mallory:
        mallory.member.send(
            FilesAnswered(transfer=name, accepted=True),
            WayWanted(transfer=name, role=Role.RECEIVER, port=9, addresses=("127.0.0.1",)),
            FilesCancelled(transfer=name, why="gone"),
            to=ann.id,
        )
        mallory.member.wait_for(FilesCancelled, lambda told: told.transfer == name)
        mallory.member.echo()
        assert batch.state is BatchState.OFFERED
    eve.member.send(FilesAnswered(transfer=name, accepted=False, why="no"), to=ann.id)
    assert batch.wait(20.0) is BatchState.DECLINED


def test_a_token_is_for_one_connection_of_one_key_one_end_and_one_transfer(
    hub: Meeting, bob: BatchClient, eve: HostileSender
) -> None:
    """Everything else is closed without a word, and the right one is taken all the same, once."""
    entries = [Entry(0, FILE, "a.txt", 1)]
    totals, top = totals_of(entries), top_of(entries)
    transfer = eve.offer(bob.id, totals, top)
    assert eve.answered(transfer).accepted
    opened = eve.opened(bob.id, transfer)
    with HostileSender(hub.server.port, "Mallory") as mallory, ExitStack() as stack:
        for wrong in (
            connected(opened, Role.RECEIVER, eve.identity),
            connected(opened, Role.SENDER, mallory.identity),
            connected(opened, Role.SENDER, mallory.identity, claimed=eve.identity.fingerprint),
            connected(opened, Role.SENDER, eve.identity, transfer=bytes(16)),
            connected(opened, Role.SENDER, eve.identity, token=bytes(32)),
        ):
            stack.enter_context(wrong)
            assert is_closed_by_other(wrong)
        right = stack.enter_context(connected(opened, Role.SENDER, eve.identity))
        right.sendall(encode_message(Offer(offer=0, totals=totals, top=top)))
        assert right.recv(1)
        again = stack.enter_context(connected(opened, Role.SENDER, eve.identity))
        assert is_closed_by_other(again)


def test_a_flood_of_offers_asks_few_questions_and_honest_files_still_come(
    hub: Meeting, tmp_path: Path, eve: HostileSender
) -> None:
    """Nobody's user is asked more than he can answer, and all the others get through."""
    bob = hub.join("Bob", Acceptance.ASK)
    ann = hub.join("Ann")
    top = [TopEntry(FILE, "\u202e" + "x" * 254)] * 64
    for _ in range(1_000):
        eve.offer(bob.id, Totals(files=64), top)
    (tmp_path / "a.txt").write_text("hello")
    batch = ann.client.send_files([tmp_path / "a.txt"], bob.id)
    asked = bob.heard.wait_for(BatchOffered, lambda offered: offered.sender == ann.id)
    bob.client.accept_batch(asked.transfer)
    assert batch.wait(30.0) is BatchState.SAVED
    assert len(bob.heard.all(BatchOffered)) <= 16 + 1
    assert all(entry.name.isprintable() for told in bob.heard.all(BatchOffered) for entry in told.top)
    assert not bob.heard.all(BatchEnded) or all(it.peer_name == "Ann" for it in bob.heard.all(BatchEnded))
