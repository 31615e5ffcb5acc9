"""The two machines of a transfer with the disks of the pumps below them, and no connection.

Owns what a pump does between them. It must never open a socket. Thread: the test's own.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from commonlib.transfer.events import EntriesSettled, OfferMade, Progressed
from commonlib.transfer.messages import Offer
from commonlib.transfer.receiving import Receiving
from commonlib.transfer.resume import Choices
from commonlib.transfer.sending import Sending
from tcpipclient.core.batch_events import BatchProblem
from tcpipclient.core.transfers.pump_news import ProblemTold, PumpNews, TopSaved
from tcpipclient.core.transfers.saved_entries import SavedEntries
from tcpipclient.net.peer.receiving_disk import ReceivingDisk
from tcpipclient.net.peer.sending_disk import SendingDisk
from tcpipclient.source_tree import ScannedOffer
from tcpipclient.tree import DownloadTree

SENDER = bytes(range(32))


class SendingEnd:
    """Sends what was scanned.

    Attributes:
        problems: What the disk has told.
    """

    def __init__(self, *offers: ScannedOffer) -> None:
        self.machine = Sending()
        self.problems: list[BatchProblem] = []
        self.disk = SendingDisk(self.machine, self.problems.append)
        for offer in offers:
            self.disk.add(offer)

    def outgoing(self) -> bytes:
        """All that is to be sent now."""
        sent = b""
        while True:
            while self.disk.list_some() or self.disk.read_some():
                pass
            piece = self.machine.maybe_data_to_send()
            if piece is None:
                return sent
            sent += piece

    def incoming(self, data: bytes) -> None:
        """Bytes that came."""
        self.machine.receive_data(data)
        for event in self.machine.events_received():
            if isinstance(event, EntriesSettled | Progressed):
                self.disk.receive(event)


class ReceivingEnd:
    """Takes whatever is offered.

    Args:
        saved: What the batch has saved of each offer on connections before this one.

    Attributes:
        told: What the disk has told.
        refusals: Why offers were not taken.
        offers: What was offered.
    """

    def __init__(
        self, folder: Path, choices: Choices | None = None, saved: Mapping[int, SavedEntries] | None = None
    ) -> None:
        self.machine = Receiving()
        self.told: list[PumpNews] = []
        self.refusals: list[str] = []
        self.offers: list[Offer] = []
        self._saved = dict(saved or {})
        choices = choices or Choices(links=True)
        tree = DownloadTree(folder, SENDER, choices)
        self.disk = ReceivingDisk(self.machine, tree, choices, self.told.append, lambda: None)

    def outgoing(self) -> bytes:
        """All that is to be sent now."""
        self.disk.drain()
        while self.disk.work():
            pass
        self.disk.make_links()
        self._act()
        self.disk.work()
        return self.machine.data_to_send()

    def incoming(self, data: bytes) -> None:
        """Bytes that came."""
        self.machine.receive_data(data)
        self._act()
        self.disk.drain()  # The memory is not ours any more when we return.

    @property
    def problems(self) -> Sequence[BatchProblem]:
        """What was not simply saved."""
        return [told.problem for told in self.told if isinstance(told, ProblemTold)]

    @property
    def tops(self) -> Sequence[Path]:
        """What stands at the top of the folder."""
        return [Path(told.path) for told in self.told if isinstance(told, TopSaved)]

    def _act(self) -> None:
        while events := self.machine.events_received():
            for event in events:
                if isinstance(event, OfferMade):
                    self.offers.append(event.offer)
                    self._answer(event)
                self.disk.receive(event)

    def _answer(self, event: OfferMade) -> None:
        why = self.disk.refusal(event.offer)
        if why:
            self.refusals.append(why)
            self.machine.decline(event.offer.offer, why)
        else:
            self.disk.agree(event.offer.offer, self._saved.setdefault(event.offer.offer, SavedEntries()))
            self.machine.accept(event.offer.offer)
