"""What a hub knows again after its end, however it ended: its own key, and the keys that it has seen.

Hubs are processes of their own where they are killed. Threads: the hub's own, and pytest's main thread.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from commonlib.identity import Fingerprint, fingerprint_from_hex
from commonlib.storage.owner_only import StorageError
from commonlib.wire.messages import JoinCodeAsked, Refused, Welcome
from commonlib.wire.reasons import RefusalReason
from tcpipserver.config import ServerConfig
from tcpipserver.hub.admission import Joining, Policy
from tcpipserver.hub.inputs import OperatorApproved, OperatorBanned
from tcpipserver.service import Service
from tcpipserver.store import DATABASE_FILE, StoreError
from tests.support.classic_client import SECONDS
from tests.support.hub_process import hub_process, run_hub
from tests.support.leaks import wait_until
from tests.support.modern_client import ModernClient
from tests.support.running_hub import running_hub
from tests.support.tls_pairs import identity_of


def keys_on_the_disk(folder: Path) -> set[bytes]:
    """The keys that another program finds in the database at this moment."""
    with closing(sqlite3.connect(folder / DATABASE_FILE)) as database:
        return {key for (key,) in database.execute("SELECT fingerprint FROM known_keys")}


def test_a_hub_that_was_killed_is_the_same_and_knows_its_people(tmp_path: Path) -> None:
    """The same key, and a name that is given back to whoever comes without one."""
    folder, ann = tmp_path / "data", identity_of("ann")
    with hub_process(tmp_path, "--data-dir", str(folder)) as first:
        with ModernClient(first.port, ann).register("Ann ☕"):
            assert wait_until(lambda: ann.fingerprint in keys_on_the_disk(folder), SECONDS)
            first.process.kill()
        first.process.wait(SECONDS)
        fingerprint = first.ready["fingerprint"]
    (tmp_path / "ready.json").unlink()
    with hub_process(tmp_path, "--data-dir", str(folder)) as second:
        assert second.ready["fingerprint"] == fingerprint
        with ModernClient(second.port, ann).secure() as client:
            assert client.hub == fingerprint_from_hex(fingerprint)
            client.send(client.hello())
            assert client.wait_for(Welcome).name == "Ann ☕"


def test_who_is_banned_or_let_in_stays_so(tmp_path: Path) -> None:
    """A hub that asks for a code asks no key that an earlier one let in, and keeps out whom that one has banned."""
    config = ServerConfig(data_dir=tmp_path / "data", policy=Policy(Joining.CODE), join_code="amber-river-482")
    with running_hub(config) as hub:
        hub.service.tell(OperatorApproved(Fingerprint(identity_of("ann").fingerprint)))
        hub.service.tell(OperatorBanned(keys=(identity_of("bob").fingerprint,), reason="enough"))
    with running_hub(config) as hub:
        hub.join_modern("Ann", identity_of("ann")).echo()
        bob = hub.connect_modern(identity_of("bob")).secure()
        bob.send(bob.hello("Bob"))
        assert bob.wait_for(Refused).reason == RefusalReason.BANNED
        eve = hub.connect_modern().secure()
        eve.send(eve.hello("Eve"))
        eve.wait_for(JoinCodeAsked)


def test_a_hub_without_a_folder_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its key is one for this run alone."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    keys = set()
    for _ in range(2):
        with running_hub() as hub:
            hub.join_modern("Ann").echo()
            keys.add(hub.service.fingerprint)
    assert len(keys) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["home"]
    assert not list((tmp_path / "home").iterdir())


@pytest.mark.parametrize(("name", "error"), [("key.pem", StorageError), (DATABASE_FILE, StoreError)])
def test_what_cannot_be_read_keeps_the_hub_from_starting(tmp_path: Path, name: str, error: type[Exception]) -> None:
    """Neither another key nor an empty list of bans is put in its place; nothing is left running."""
    (tmp_path / name).write_bytes(b"neither a key nor a database, and never was one")
    (tmp_path / name).chmod(0o600)
    with pytest.raises(error):
        Service(ServerConfig(host="127.0.0.1", port=0, data_dir=tmp_path)).start()
    code, said = run_hub("--headless", "--port", "0", "--data-dir", str(tmp_path))
    assert code == 1
    assert str(tmp_path / name) in said
    assert "Traceback" not in said
