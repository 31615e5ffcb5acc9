"""The receiving pump: it gives up whoever promises and does not send."""

import contextlib
from pathlib import Path

import pytest

from commonlib.transfer.events import Source
from commonlib.transfer.manifest import Listed
from commonlib.transfer.messages import Entry, EntryKind, Ping, TopEntry, Totals, encode_message
from commonlib.transfer.resume import Choices
from commonlib.transfer.sending import Sending
from commonlib.transfer.states import OfferState
from tcpipclient.core.transfers.pump_news import AgreedOffer, PumpEnded, StateChanged, WayLost
from tcpipclient.net.peer import receiving_pump
from tcpipclient.net.peer.pump_socket import PumpSocket
from tcpipclient.net.peer.receiving_pump import ReceivingPump
from tcpipclient.tree import ArrivingFile, DownloadTree
from tests.support.clock import FakeClock
from tests.support.pump_pairs import WAIT_SECONDS, News, connected_links

TOTALS, TOP = Totals(files=1, size=1000), TopEntry(EntryKind.FILE, "file", 1000)


def test_a_sender_that_lives_and_sends_nothing_is_given_up(tmp_path: Path) -> None:
    """After a minute in which something was wanted of him; his signs of life do not help him."""
    sending, receiving = connected_links()
    clock, news, machine = FakeClock(), News(), Sending()
    pump = ReceivingPump(receiving, [AgreedOffer(TOTALS, (TOP,))], tmp_path, Choices(), news.tell, clock)
    pump.start()
    machine.offer(TOTALS, [TOP])
    link = sending.socket
    link.setblocking(True)
    while not machine.entries_due:
        send_all(machine, link.sendall)
        machine.receive_data(link.recv(1000))
    machine.add_entries([Source(Entry(0, EntryKind.FILE, "file", 1000), b"")], last=True)
    send_all(machine, link.sendall)
    machine.receive_data(link.recv(1000))
    while news.let_go_round(pump):
        clock.advance(7.0)
        machine.receive_tick(clock.now())
        with contextlib.suppress(OSError):  # The pump may have given us up.
            send_all(machine, link.sendall)
    end = news.end()
    assert isinstance(end, WayLost)
    assert "stopped sending" in end.why
    assert pump.join(WAIT_SECONDS)
    sending.close()


def test_a_sender_that_confirms_nothing_cannot_hold_who_cancels(tmp_path: Path) -> None:
    """Seconds later it is over; no other way is asked for."""
    sending, receiving = connected_links()
    clock, news = FakeClock(), News()
    pump = ReceivingPump(receiving, [AgreedOffer(TOTALS, (TOP,))], tmp_path, Choices(), news.tell, clock)
    pump.start()
    pump.cancel("enough")
    began = clock.now()
    while news.let_go_round(pump):
        clock.advance(1.0)
    assert clock.now() - began < 10.0
    end = news.end()
    assert isinstance(end, PumpEnded)
    assert end.state is OfferState.CANCELLED
    assert pump.join(WAIT_SECONDS)
    sending.close()


def send_all(machine: Sending, sendall: object) -> None:
    """Send what waits, without reading any file."""
    assert callable(sendall)
    while (piece := machine.maybe_data_to_send()) is not None:
        sendall(piece)


def test_whoever_breaks_a_rule_is_given_up(tmp_path: Path) -> None:
    """With a sentence; nothing of his is believed."""
    sending, receiving = connected_links()
    news = News()
    pump = ReceivingPump(receiving, [AgreedOffer(TOTALS, (TOP,))], tmp_path, Choices(), news.tell, FakeClock())
    pump.start()
    sending.socket.setblocking(True)
    sending.socket.sendall(b"\xff" * 16)
    end = news.end()
    assert isinstance(end, WayLost)
    assert "does not keep to the protocol" in end.why
    assert not news.of(StateChanged)
    assert pump.join(WAIT_SECONDS)
    sending.close()


def test_whoever_leaves_lets_the_other_end_close_the_connection(tmp_path: Path) -> None:
    """What is on its way is read meanwhile: to close before would destroy what the other end has not read yet."""
    sending, receiving = connected_links()
    news = News()
    pump = ReceivingPump(receiving, [AgreedOffer(TOTALS, (TOP,))], tmp_path, Choices(), news.tell, FakeClock())
    pump.start()
    pump.leave()
    assert news.let_go_round(pump)
    sending.socket.setblocking(True)
    sending.socket.sendall(encode_message(Ping()))
    assert news.let_go_round(pump)
    sending.close()
    end = news.end()
    assert isinstance(end, WayLost)
    assert end.is_left
    assert pump.join(WAIT_SECONDS)


def test_bytes_that_were_read_before_come_first(tmp_path: Path) -> None:
    """The link was chosen because something had come over it."""
    sending, receiving = connected_links()
    news, machine = News(), Sending()
    machine.offer(TOTALS, [TOP])
    first = bytes(machine.maybe_data_to_send() or b"")
    link = type(receiving)(receiving.socket, receiving.way, receiving.role, receiving.peer, first)
    pump = ReceivingPump(link, [AgreedOffer(TOTALS, (TOP,))], tmp_path, Choices(), news.tell, FakeClock())
    pump.start()
    sending.socket.setblocking(True)
    while not machine.entries_due:
        machine.receive_data(sending.socket.recv(1000))
    sending.close()
    assert isinstance(news.end(), WayLost)
    assert pump.join(WAIT_SECONDS)


def test_small_files_that_a_read_has_cut_are_put_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as more comes they are taken whole: no part is begun, and their bytes are right."""
    sending, receiving = connected_links()
    news, machine, stream = News(), Sending(), bytearray()
    contents = [bytes([number]) * 200_000 for number in range(3)]
    tops = [TopEntry(EntryKind.FILE, str(number), 200_000) for number in range(3)]
    totals = Totals(files=3, size=600_000)
    machine.offer(totals, tops)
    receive_into = PumpSocket.receive_into

    def receive(pipe: PumpSocket, room: memoryview) -> int | None:
        if not stream:
            return receive_into(pipe, room)
        size = min(len(room), len(stream))
        room[:size] = stream[:size]
        del stream[:size]
        return size

    begun: list[Listed] = []
    begin = DownloadTree.begin

    def noting(tree: DownloadTree, listed: Listed, offset: int) -> ArrivingFile:
        begun.append(listed)
        return begin(tree, listed, offset)

    monkeypatch.setattr(receiving_pump, "_READ_AT_ONCE", 300_000)
    monkeypatch.setattr(PumpSocket, "receive_into", receive)
    monkeypatch.setattr(DownloadTree, "begin", noting)
    agreed = AgreedOffer(totals, tuple(tops))
    pump = ReceivingPump(receiving, [agreed], tmp_path / "in", Choices(), news.tell, FakeClock())
    pump.start()
    sending.socket.setblocking(True)
    send_all(machine, sending.socket.sendall)
    while not machine.entries_due:
        machine.receive_data(sending.socket.recv(1000))
    entries = [Entry(0, EntryKind.FILE, top.name, top.size) for top in tops]
    machine.add_entries([Source(entry, content) for entry, content in zip(entries, contents, strict=True)], last=True)
    send_all(machine, sending.socket.sendall)
    coming = b""
    while len(coming) < totals.size:
        machine.receive_data(sending.socket.recv(1000))
        while read := machine.maybe_read():
            assert isinstance(read.source.origin, bytes)
            read.into[:] = read.source.origin
            machine.read_done(len(read.into))
        while (piece := machine.maybe_data_to_send()) is not None:
            coming += piece
    stream += coming
    sending.socket.sendall(encode_message(Ping()))
    while machine.state(0) is not OfferState.SAVED:
        machine.receive_data(sending.socket.recv(1000))
    sending.close()
    pump.join(WAIT_SECONDS)
    assert not begun
    assert [(tmp_path / "in" / top.name).read_bytes() for top in tops] == contents


def test_what_is_to_be_told_waits_until_nothing_comes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two offers come one behind the other: the answer to the first one wakes the sender together with the second's."""
    sending, receiving = connected_links()
    news, machine, log = News(), Sending(), list[str]()
    coming: list[bytes] = []
    for _ in range(2):
        machine.offer(TOTALS, [TOP])
        coming += [bytes(machine.maybe_data_to_send() or b""), b""]
    receive_into, send = PumpSocket.receive_into, PumpSocket.send

    def receive(pipe: PumpSocket, room: memoryview) -> int | None:
        if not coming:
            return receive_into(pipe, room)
        data = coming.pop(0)
        room[: len(data)] = data
        if data:
            log.append("came")
        return len(data) or None

    def tell(pipe: PumpSocket, data: memoryview) -> int:
        log.append("told")
        return send(pipe, data)

    monkeypatch.setattr(PumpSocket, "receive_into", receive)
    monkeypatch.setattr(PumpSocket, "send", tell)
    agreed = AgreedOffer(TOTALS, (TOP,))
    pump = ReceivingPump(receiving, [agreed, agreed], tmp_path, Choices(), news.tell, FakeClock())
    pump.start()
    sending.socket.setblocking(True)
    while machine.state(1) is not OfferState.ACCEPTED:
        machine.receive_data(sending.socket.recv(1000))
    sending.close()
    assert isinstance(news.end(), WayLost)
    assert pump.join(WAIT_SECONDS)
    assert log[:3] == ["came", "came", "told"]
