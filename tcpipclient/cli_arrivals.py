"""What a listening command does with each thing that comes: tells it, answers offers, shows how far each is.

Owns what is remembered of offers until they are over. Must never decide about one in the user's place.
Thread: the program's main thread.
"""

from collections.abc import Iterable

from commonlib.wording import shown_file
from tcpipclient.api import Client
from tcpipclient.cli_acceptance import Rule, Verdict
from tcpipclient.cli_batch_wording import listening_report, offered_report, received_report, shown_top
from tcpipclient.cli_batches import Batches, Followed
from tcpipclient.cli_inbox import Answer, AnswersEnded, Item
from tcpipclient.cli_output import Output, Throttle
from tcpipclient.cli_progress import Bars
from tcpipclient.cli_questions import Decision, Questions
from tcpipclient.cli_recipients import shown_name
from tcpipclient.cli_wording import Report, maybe_report, progress_report
from tcpipclient.core.batch_events import BatchChanged, BatchEnded, BatchOffered, BatchProgressed
from tcpipclient.core.events import (
    Direction,
    Event,
    FileNotSaved,
    FileOffered,
    FileProgressed,
    FileSaved,
    PersonLeft,
)

_NOBODY_ANSWERS = "Nothing can be typed here any more, so files are declined from now on."
_TOO_LARGE = "It is larger than what is taken here without asking, and nobody is here to be asked."


class Arrivals:
    """Everything that comes, and what becomes of it.

    Args:
        questions: What the user is asked.
        rule: By which offers are judged; None where the client decides about all of them by itself.
    """

    def __init__(
        self, client: Client, output: Output, bars: Bars, questions: Questions, rule: Rule | None = None
    ) -> None:
        self._client = client
        self._output = output
        self._bars = bars
        self._questions = questions
        self._rule = rule
        self._taken: dict[int, str] = {}
        self._throttle = Throttle()
        self._batches = Batches()
        self._explained = ""
        self._has_told_of_port = False

    @property
    def are_carried(self) -> bool:
        """Whether a batch is on its way to us that may do without the hub."""
        return self._batches.are_carried

    def receive(self, item: Item, now: float) -> None:
        """Take the next thing, `now` on the monotonic clock, and do what it asks for. Raises OutputError."""
        match item:
            case Answer() | AnswersEnded():
                self._receive_answer(item)
            case FileProgressed():
                self._receive_progress(item, now)
            case BatchOffered() | BatchChanged() | BatchProgressed() | BatchEnded():
                self._receive_batch(item, now)
            case _:
                if isinstance(item, FileSaved | FileNotSaved):
                    self._end(item.transfer)
                self._tell(maybe_report(item))
                self._follow(item)

    def ask(self) -> None:
        """Show the question that is open by now, or take the last one off. Raises OutputError."""
        if self._questions.question:
            self._bars.hide()
        explanation = self._questions.explanation
        if explanation != self._explained:
            self._explained = explanation
            if explanation:
                self._output.notice(explanation)
        self._output.ask(self._questions.question)

    def draw(self, now: float) -> None:
        """Show how far batches are, where no question is open."""
        if not self._output.is_asking:
            self._bars.show_rows(self._batches.rows(), now)

    def _receive_answer(self, item: Answer | AnswersEnded) -> None:
        if isinstance(item, AnswersEnded):
            self._output.notice(_NOBODY_ANSWERS)
            self._carry_out(self._questions.receive_end())
            return
        self._output.answered()
        self._carry_out(self._questions.receive_answer(item.line))

    def _follow(self, item: Event) -> None:
        match item:
            case FileOffered():
                self._judge(item)
            case PersonLeft(person):
                self._questions.forget_person(person.id)
            case _:
                pass

    def _receive_batch(self, event: BatchOffered | BatchChanged | BatchProgressed | BatchEnded, now: float) -> None:
        match event:
            case BatchOffered():
                report = offered_report(event)
                # Who is asked is shown all of it above the question.
                self._tell(Report("", report.item) if self._will_ask(event) else report)
                self._judge(event)
            case BatchChanged() | BatchProgressed():
                for report in self._batches.receive(event, now):
                    self._tell(report)
                self._tell_of_port()
            case BatchEnded(direction=Direction.INCOMING):
                self._end(event.transfer)
                self._tell(received_report(event))
            case _:
                pass

    def _tell_of_port(self) -> None:
        """The client listens from the first batch on that was accepted."""
        port = self._client.listening_port
        if port and not self._has_told_of_port:
            self._has_told_of_port = True
            self._tell(listening_report(port))

    def _judge(self, offer: FileOffered | BatchOffered) -> None:
        verdict = self._verdict(offer)
        if verdict is None:
            self._take(offer)
        elif verdict is Verdict.DECLINE:
            self._carry_out([Decision(offer, accepted=False)])
        else:
            why = _TOO_LARGE if self._questions.nobody_answers else ""
            self._carry_out(self._questions.receive_offer(offer, wanted=verdict is Verdict.KEEP), why)

    def _verdict(self, offer: FileOffered | BatchOffered) -> Verdict | None:
        """What the rule says; None where the client decides."""
        return None if self._rule is None else self._rule.verdict(offer)

    def _will_ask(self, offer: BatchOffered) -> bool:
        return self._verdict(offer) is Verdict.ASK and not self._questions.nobody_answers

    def _take(self, offer: FileOffered | BatchOffered) -> None:
        """Follow it from now on."""
        if isinstance(offer, FileOffered):
            self._taken[offer.transfer] = offer.sender_name
            return
        label = shown_top([entry.name for entry in offer.top], offer.others)
        who = shown_name(offer.sender_name, offer.sender)
        self._batches.follow(offer.transfer, Followed(f"{label} from {who}", offer.sender_name, offer.totals.size))

    def _receive_progress(self, event: FileProgressed, now: float) -> None:
        name = self._taken.get(event.transfer)
        if name is None or event.direction is not Direction.INCOMING:
            return
        if self._throttle.lets_through(event.transfer, now):
            self._tell(progress_report(event, name))
        if not self._output.is_asking:
            label = f"{shown_file(event.name)} from {shown_name(name, event.peer)}"
            self._bars.show(event.transfer, label, event.done, event.size)

    def _carry_out(self, decisions: Iterable[Decision], why: str = "") -> None:
        """`why` is told to those whose batches are declined."""
        for decision in decisions:
            offer = decision.offer
            if decision.accepted:
                self._take(offer)
            match offer:
                case FileOffered() if decision.accepted:
                    self._client.accept_file(offer.transfer)
                case FileOffered():
                    self._client.decline_file(offer.transfer)
                case BatchOffered() if decision.accepted:
                    self._client.accept_batch(offer.transfer, conflict=decision.conflict, offer=offer.offer)
                case BatchOffered():
                    self._client.decline_batch(offer.transfer, why, offer=offer.offer)

    def _end(self, transfer: int) -> None:
        """It is over: nothing is asked or shown of it any more, not even below the word of its end."""
        self._questions.forget_offer(transfer)
        self._taken.pop(transfer, None)
        self._throttle.forget(transfer)
        self._batches.forget(transfer)
        self._bars.remove(transfer)
        self.ask()

    def _tell(self, report: Report | None) -> None:
        if report is not None:
            self._output.report(report)
