"""Encryption at rest: bound to its place, unreadable without the master key, and the key can be changed."""

import json
import stat
import threading
from pathlib import Path

import pytest

from flowyard.connections.errors import MasterKeyError
from flowyard.connections.sealing import Sealer, load_master_keys, rotate_master_key


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    return tmp_path / "master.key"


def test_what_is_sealed_opens_at_its_place_only(key_file: Path) -> None:
    sealer = Sealer(load_master_keys(key_file))
    sealed = sealer.seal(b"hunter2", "w/openai")
    assert b"hunter2" not in sealed
    assert sealer.seal(b"hunter2", "w/openai") != sealed
    assert sealer.open(sealed, "w/openai") == b"hunter2"
    with pytest.raises(MasterKeyError):
        sealer.open(sealed, "w/other")


@pytest.mark.parametrize("position", [0, 5, 12, 30, 80, -1])
def test_what_was_changed_does_not_open(key_file: Path, position: int) -> None:
    sealer = Sealer(load_master_keys(key_file))
    changed = bytearray(sealer.seal(b"hunter2", "w/openai"))
    changed[position] ^= 1
    with pytest.raises(MasterKeyError):
        sealer.open(bytes(changed), "w/openai")
    with pytest.raises(MasterKeyError):
        sealer.open(b"", "w/openai")


def test_the_key_file_is_for_its_owner_alone(key_file: Path) -> None:
    load_master_keys(key_file)
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert list(key_file.parent.iterdir()) == [key_file]
    key_file.chmod(0o644)
    with pytest.raises(MasterKeyError, match="chmod 600") as caught:
        load_master_keys(key_file)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"current": "00", "keys": {}}', b"\xff", b'{"current": 1, "keys": 2}'])
def test_a_damaged_key_file_is_named_and_kept(key_file: Path, content: bytes) -> None:
    key_file.write_bytes(content)
    key_file.chmod(0o600)
    with pytest.raises(MasterKeyError, match="damaged"):
        load_master_keys(key_file)
    assert key_file.read_bytes() == content


def test_another_installation_cannot_open_it(key_file: Path, tmp_path: Path) -> None:
    sealed = Sealer(load_master_keys(key_file)).seal(b"hunter2", "w/openai")
    with pytest.raises(MasterKeyError, match=r"not in the master\.key file"):
        Sealer(load_master_keys(tmp_path / "other.key")).open(sealed, "w/openai")


def test_after_a_change_of_the_key_old_values_open_and_can_be_sealed_anew(key_file: Path) -> None:
    old = Sealer(load_master_keys(key_file))
    sealed = old.seal(b"hunter2", "w/openai")
    new = Sealer(rotate_master_key(key_file))
    assert new.open(sealed, "w/openai") == b"hunter2"
    assert new.outdated(sealed)
    assert not new.outdated(new.seal(b"x", "w/openai"))
    assert len(json.loads(key_file.read_bytes())["keys"]) == 2
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600


def test_processes_that_start_at_once_have_one_key(key_file: Path) -> None:
    found: list[bytes] = []
    threads = [threading.Thread(target=lambda: found.append(load_master_keys(key_file).current)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
