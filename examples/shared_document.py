"""Several programs open one document, tell each other who is viewing and who is typing where, and never overwrite.

    python examples/shared_document.py --serve                                  the hub, with the desk
    python examples/shared_document.py --server HOST --name Ann minutes         an editor; as many as you like
    python examples/shared_document.py --demonstration                          all of it in one process

Owns two commands of its own on top of the hub: NOTE, typed fields in a DATA packet, and TEXT, a paragraph in a
BIGSTRING packet. The desk, a handler on the hub, alone decides: who wants to change a paragraph claims it there, one at
a time, is given its newest text, and only his text is taken. An editor must never show a change that the desk has not
sent. Threads: the desk runs on the hub's handlers thread; what an editor is told arrives on its client's dispatcher
thread, its other methods may be called on any.
"""

import argparse
import getpass
import sys
import threading
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from enum import IntEnum

from commonlib.exceptions import ChatError
from commonlib.printable import printable
from tcpipclient import SERVER, BigStringPacket, Client, CommandArrived, DataPacket, Layout, Trust, parse_address
from tcpipserver import Command, Server, ServerConfig

NOTE, TEXT = 100, 101
MOST_DOCUMENTS, MOST_PARAGRAPHS, LONGEST_PARAGRAPH = 1000, 9999, 1006
SECONDS_FOR_AN_ANSWER = 10.0


class Step(IntEnum):
    """Data_Type of a NOTE. Data1 is the document's number, Data2 the paragraph, Data3 a cursor, Data4 a person's id."""

    OPEN = 1
    """To the desk: StringDataA is the document's name."""
    OPENED = 2
    """From the desk, after everything that there is to know of the document."""
    VIEWING = 3
    """From the desk: Data4, called StringDataA, has opened the document."""
    CLAIM = 4
    """To the desk: may I change this paragraph?"""
    HELD = 5
    """From the desk, as the answer: Data4, called StringDataA, may change it, be it you or another."""
    TYPING = 6
    """To the desk from who has the claim, and from it to all viewers: Data4's cursor is at Data3."""
    RELEASE = 7
    """To the desk from who has the claim, and from it to all viewers: the paragraph is free."""


class DeskError(ChatError):
    """The desk did not do what it was asked for; the text is a sentence."""


def note(
    step: Step, document: int = 0, paragraph: int = 0, cursor: int = 0, person: int = 0, name: str = ""
) -> DataPacket:
    """A NOTE packet."""
    return DataPacket(NOTE, data_type=step, integers=(document, paragraph, cursor, person), text_a=name)


def paragraph_text(document: int, paragraph: int, text: str) -> BigStringPacket:
    """A TEXT packet; Extra says which paragraph of which document it is."""
    return BigStringPacket(TEXT, extra=document << 16 | paragraph, text=text)


@dataclass(slots=True)
class Document:
    """What the desk knows of one document; `holders` has the person (id, name) who has the claim, by paragraph."""

    number: int
    paragraphs: dict[int, str] = field(default_factory=dict)
    viewers: dict[int, str] = field(default_factory=dict)
    holders: dict[int, tuple[int, str]] = field(default_factory=dict)


class Desk:
    """The one authority over the documents, on the hub."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._documents: dict[str, Document] = {}
        server.register(NOTE, handler=self._receive_note)
        server.register(TEXT, layout=Layout.BIG_STRING, handler=self._receive_text)

    def _receive_note(self, command: Command) -> None:
        packet, person = command.packet, command.sender.id
        assert isinstance(packet, DataPacket)
        if packet.data_type == Step.OPEN:
            self._open(packet.text_a, person, command.sender.name)
            return
        document = self._find(packet.data(1))
        paragraph = packet.data(2)
        if document is None or person not in document.viewers or not 1 <= paragraph <= MOST_PARAGRAPHS:
            return
        mine = document.holders.get(paragraph, (0, ""))[0] == person
        match packet.data_type:
            case Step.CLAIM:
                self._claim(document, paragraph, person)
            case Step.TYPING if mine:
                self._tell_typing(document, paragraph, packet.data(3), document.viewers)
            case Step.RELEASE if mine:
                del document.holders[paragraph]
                self._tell(document, note(Step.RELEASE, document.number, paragraph))

    def _receive_text(self, command: Command) -> None:
        packet = command.packet
        assert isinstance(packet, BigStringPacket)
        document, paragraph = self._find(packet.extra >> 16), packet.extra & 0xFFFF
        # Only the text of who has the claim counts: this line is what makes a lost change impossible.
        if document is not None and document.holders.get(paragraph, (0, ""))[0] == command.sender.id:
            document.paragraphs[paragraph] = packet.text
            self._tell(document, paragraph_text(document.number, paragraph, packet.text))

    def _open(self, title: str, person: int, name: str) -> None:
        if title not in self._documents and len(self._documents) >= MOST_DOCUMENTS:
            return
        document = self._documents.setdefault(title, Document(len(self._documents) + 1))
        document.viewers[person] = name
        self._forget_absent(document)
        self._tell(document, note(Step.VIEWING, document.number, person=person, name=name))
        for other, called in document.viewers.items():
            self._server.send_command(note(Step.VIEWING, document.number, person=other, name=called), [person])
        for paragraph, text in document.paragraphs.items():
            self._server.send_command(paragraph_text(document.number, paragraph, text), [person])
        for paragraph in document.holders:
            self._tell_typing(document, paragraph, 0, [person])
        self._server.send_command(note(Step.OPENED, document.number), [person])

    def _claim(self, document: Document, paragraph: int, person: int) -> None:
        self._forget_absent(document)
        holder, name = document.holders.setdefault(paragraph, (person, document.viewers[person]))
        # The newest text goes first, on the same connection: who is told that he may change it has it already.
        newest = document.paragraphs.get(paragraph, "")
        self._server.send_command(paragraph_text(document.number, paragraph, newest), [person])
        self._server.send_command(note(Step.HELD, document.number, paragraph, 0, holder, name), [person])
        if holder == person:
            self._tell_typing(document, paragraph, 0, document.viewers)

    def _forget_absent(self, document: Document) -> None:
        """Who has left without a word views nothing and holds nothing any more."""
        here = {person.id for person in self._server.people}
        document.viewers = {person: name for person, name in document.viewers.items() if person in here}
        document.holders = {at: holder for at, holder in document.holders.items() if holder[0] in here}

    def _tell_typing(self, document: Document, paragraph: int, cursor: int, to: Iterable[int]) -> None:
        person, name = document.holders[paragraph]
        self._server.send_command(note(Step.TYPING, document.number, paragraph, cursor, person, name), to)

    def _tell(self, document: Document, packet: DataPacket | BigStringPacket) -> None:
        self._server.send_command(packet, document.viewers)

    def _find(self, number: int) -> Document | None:
        return next((known for known in self._documents.values() if known.number == number), None)


@dataclass(frozen=True, slots=True)
class Typist:
    """Who has the claim on a paragraph, and where his cursor is."""

    person: int
    name: str
    cursor: int


class Editor:
    """One program that has the document open; as a context manager it opens and leaves it.

    `paragraphs` has the texts as the desk last sent them; `told` is called with a sentence for all that others do.
    """

    def __init__(
        self, address: tuple[str, int], name: str, title: str, told: Callable[[str], object] = lambda _: None
    ) -> None:
        self.paragraphs: dict[int, str] = {}
        self._title = title
        self._told = told
        self.client = Client(address[0], port=address[1], name=name, trust=Trust.FIRST_USE)
        self.client.on_command(NOTE, self._receive_note)
        self.client.on_command(TEXT, self._receive_text, layout=Layout.BIG_STRING)
        self.client.on_event(lambda _: self._look_again())
        self._changed = threading.Condition()
        self._document = 0
        self._viewers: dict[int, str] = {}
        self._typists: dict[int, Typist] = {}
        self._answers: dict[int, str] = {}

    def __enter__(self) -> "Editor":
        self.client.connect()
        try:
            self.client.send_command(note(Step.OPEN, name=self._title), to=SERVER)
            self._wait(lambda: self._document != 0, "This hub has no desk for documents: start it with --serve.")
        except ChatError:
            self.client.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    @property
    def viewers(self) -> list[str]:
        """The names of all others who have the document open."""
        here = {person.id for person in self.client.people}
        with self._changed:
            return sorted(name for person, name in self._viewers.items() if person in here)

    @property
    def typists(self) -> dict[int, Typist]:
        """Who is typing in which paragraph, ourselves included."""
        here = {person.id for person in self.client.people} | {self.client.own_id}
        with self._changed:
            return {at: typist for at, typist in self._typists.items() if typist.person in here}

    def claim(self, paragraph: int) -> str:
        """Ask for a paragraph: empty when it is ours to change, else the name of who has it. Raises ChatError."""
        with self._changed:
            self._answers.pop(paragraph, None)
        self.client.send_command(note(Step.CLAIM, self._document, paragraph), to=SERVER)
        self._wait(lambda: paragraph in self._answers, "The desk did not answer: is the hub still there?")
        return self._answers[paragraph]

    def move_cursor(self, paragraph: int, cursor: int) -> None:
        """Tell the others where we are typing. Raises ChatError."""
        self.client.send_command(note(Step.TYPING, self._document, paragraph, cursor), to=SERVER)

    def write(self, paragraph: int, text: str) -> None:
        """Hand in a new text for a paragraph that we have claimed. Raises ChatError."""
        self.client.send_command(paragraph_text(self._document, paragraph, text), to=SERVER)

    def release(self, paragraph: int) -> None:
        """Let others change the paragraph; what was handed in before is kept. Raises ChatError."""
        self.client.send_command(note(Step.RELEASE, self._document, paragraph), to=SERVER)

    def wait_until(self, condition: Callable[["Editor"], bool]) -> None:
        """Wait until the condition holds, looked at after each thing that we are told. Raises DeskError."""
        self._wait(lambda: condition(self), "What was waited for did not happen: is the hub still there?")

    def _wait(self, condition: Callable[[], bool], otherwise: str) -> None:
        with self._changed:
            if not self._changed.wait_for(condition, SECONDS_FOR_AN_ANSWER):
                raise DeskError(otherwise)

    def _look_again(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def _receive_note(self, arrived: CommandArrived) -> None:
        packet = arrived.packet
        # Others on the hub can send us these commands too; only the desk's count.
        if arrived.sender != SERVER or not isinstance(packet, DataPacket):
            return
        paragraph, person, name = packet.data(2), packet.data(4), packet.text_a
        with self._changed:
            match packet.data_type:
                case Step.OPENED:
                    self._document = packet.data(1)
                case Step.VIEWING if person != self.client.own_id and person not in self._viewers:
                    self._viewers[person] = name
                    self._told(f"{printable(name)} is viewing the document")
                case Step.HELD:
                    self._answers[paragraph] = "" if person == self.client.own_id else name
                case Step.TYPING:
                    self._typists[paragraph] = Typist(person, name, packet.data(3))
                    if person != self.client.own_id:
                        self._told(f"{printable(name)} is at character {packet.data(3)} of paragraph {paragraph}")
                case Step.RELEASE:
                    self._typists.pop(paragraph, None)
                    self._told(f"paragraph {paragraph} is free")
            self._changed.notify_all()

    def _receive_text(self, arrived: CommandArrived) -> None:
        packet = arrived.packet
        if arrived.sender != SERVER or not isinstance(packet, BigStringPacket):
            return
        with self._changed:
            paragraph = packet.extra & 0xFFFF
            if self.paragraphs.get(paragraph, "") != packet.text:
                self.paragraphs[paragraph] = packet.text
                self._told(f"paragraph {paragraph} now reads: {printable(packet.text)}")
            self._changed.notify_all()


def serve(port: int) -> int:
    """Run a hub with a desk until it is interrupted."""
    with Server(ServerConfig(port=port)) as server:
        Desk(server)
        say(f"The hub with the desk listens on port {server.port}. Ctrl-C stops it.")
        while not server.wait(0.5):
            pass
    return 0


def edit(address: tuple[str, int], name: str, title: str) -> int:
    """Open a document and do what is typed, until the end of the input."""
    with Editor(address, name, title, say) as editor:
        say("Type a paragraph's number to change it, nothing to see the document, Ctrl-D (Windows: Ctrl-Z) to leave.")
        for line in sys.stdin:
            if not line.strip():
                say(f"Also here: {', '.join(map(printable, editor.viewers)) or 'nobody'}")
                for paragraph, text in sorted(editor.paragraphs.items()):
                    say(f"{paragraph:4}  {printable(text, LONGEST_PARAGRAPH)}")
            elif line.strip().isdecimal() and 1 <= int(line) <= MOST_PARAGRAPHS:
                change(editor, int(line))
            else:
                say(f"That is no paragraph; they are numbered 1 to {MOST_PARAGRAPHS}.")
    return 0


def change(editor: Editor, paragraph: int) -> None:
    """Let the user type a new text for a paragraph, if nobody else is at it. Raises ChatError."""
    holder = editor.claim(paragraph)
    if holder:
        say(f"{printable(holder)} is changing paragraph {paragraph}: try again when it is free.")
        return
    say(f"Paragraph {paragraph} is yours. Type its new text, or nothing to leave it as it is:")
    text = sys.stdin.readline().rstrip("\n")
    if text:
        editor.write(paragraph, text[:LONGEST_PARAGRAPH])
    editor.release(paragraph)


def demonstrate() -> int:
    """A hub and three editors who take turns; prints what each is told, and whether all read the same in the end."""
    with ExitStack() as stack:
        server = stack.enter_context(Server(ServerConfig(host="127.0.0.1", port=0)))
        Desk(server)

        def enter(name: str) -> Editor:
            told: Callable[[str], object] = lambda sentence: say(f"    {name} is told: {sentence}")  # noqa: E731
            return stack.enter_context(Editor(("127.0.0.1", server.port), name, "minutes", told))

        say("Ann, Bob and Cy open the document.")
        ann, bob, cy = enter("Ann"), enter("Bob"), enter("Cy")
        for editor in (ann, bob, cy):
            editor.wait_until(lambda editor: len(editor.viewers) == 2)

        say("Ann claims paragraph 1, and Bob wants the same one.")
        refusals = [ann.claim(1), bob.claim(1)]
        say(f"Ann {'has it' if not refusals[0] else 'was refused'}; Bob is told that {refusals[1] or 'nobody'} has it.")

        say("Bob takes paragraph 2 meanwhile, Ann types.")
        bob.claim(2)
        bob.write(2, "Present: Ann, Bob, Cy.")
        bob.release(2)
        ann.write(1, "We meet on Monday.")
        ann.move_cursor(1, 18)
        ann.release(1)
        cy.wait_until(lambda editor: not editor.typists and len(editor.paragraphs) == 2)

        say("Bob claims paragraph 1 again, is given Ann's text and adds to it.")
        bob.claim(1)
        bob.write(1, f"{bob.paragraphs[1]} Bob brings the plans.")
        bob.release(1)
        for editor in (ann, bob, cy):
            editor.wait_until(lambda editor: "plans" in editor.paragraphs[1] and not editor.typists)
        same = ann.paragraphs == bob.paragraphs == cy.paragraphs
        say("All three read the same:" if same else "They do not read the same, which should not be; Cy reads:")
        for paragraph, text in sorted(cy.paragraphs.items()):
            say(f"{paragraph:4}  {printable(text)}")
    return 0 if same else 1


_output_lock = threading.Lock()


def say(sentence: str) -> None:
    """Print a line whole, whichever thread it comes from."""
    with _output_lock:
        print(sentence, flush=True)


def main() -> int:
    """Do what the command line asks; returns the exit code: 0 done, 1 failed, 2 wrong use, 130 interrupted."""
    parser = argparse.ArgumentParser(description="One document, several editors, no lost change.")
    kind = parser.add_mutually_exclusive_group(required=True)
    kind.add_argument("--demonstration", action="store_true", help="show all of it in this process")
    kind.add_argument("--serve", action="store_true", help="run the hub")
    kind.add_argument("--server", metavar="HOST[:PORT]", help="be an editor on this hub")
    parser.add_argument("--port", type=int, default=9999, help="the hub's, with --serve; 0 is any free one")
    parser.add_argument("--name", default="", help="the editor's; the login name unless given")
    parser.add_argument("document", nargs="?", default="minutes", metavar="DOCUMENT", help="its name on the hub")
    options = parser.parse_args()
    try:
        if options.demonstration:
            return demonstrate()
        if options.serve:
            return serve(options.port)
        return edit(parse_address(options.server), options.name or getpass.getuser(), options.document)
    except ChatError as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
