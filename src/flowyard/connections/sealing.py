"""Encryption of secrets at rest: AES-256-GCM, each record under a data key of its own, that one under the master key.

Layout of a sealed value: version (1 byte, 1), id of the master key (8), nonce (12), encrypted data key (48), nonce (12), encrypted text.
Both encryptions are bound to the place of the value (associated data), so a sealed value cannot be moved to another name.
The master key is in a file of its own (``master.key``, 0600), never in the database.
"""

import base64
import json
import os
import secrets
from pathlib import Path
from typing import Any, cast

from flowyard.connections.errors import MasterKeyError

VERSION = 1
KEY_BYTES = 32
ID_BYTES = 8
_NONCE = 12
_TAG = 16
_WRAPPED = KEY_BYTES + _TAG


class MasterKeys:
    """The master keys of an installation: new values are sealed under `current`, older keys open what they sealed."""

    def __init__(self, current: bytes, keys: dict[bytes, bytes]) -> None:
        self.current = current
        self._keys = keys

    def __repr__(self) -> str:
        return f"MasterKeys(current={self.current.hex()})"

    def get(self, key_id: bytes) -> bytes:
        """Return the key with this id.

        Raises:
            MasterKeyError: it is not in the file.
        """
        key = self._keys.get(key_id)
        if key is None:
            raise MasterKeyError(
                f"A secret was encrypted with the master key {key_id.hex()}, which is not in the master.key file of this machine.",
                remedy="Copy master.key from the machine that made the connection, or give the secret again.",
            )
        return key


def load_master_keys(path: Path) -> MasterKeys:
    """Read the master key file, or make it with a new key (0600) when there is none.

    Raises:
        MasterKeyError: the file cannot be read or written, is damaged, or others may read it.
    """
    try:
        if not path.exists():
            _create(path)
        mode = path.stat().st_mode & 0o077
        if mode:
            raise MasterKeyError(
                f"{str(path)!r} can be read or written by others (mode {path.stat().st_mode & 0o777:o}).",
                remedy=f"Run: chmod 600 {path}",
            )
        return _parse(path.read_bytes(), path)
    except OSError as error:
        raise MasterKeyError(
            f"The master key file {str(path)!r} cannot be used: {error.strerror}.", remedy="Check the folder's owner and rights."
        ) from error


def rotate_master_key(path: Path) -> MasterKeys:
    """Add a new master key, make it the current one and return all; the old ones stay to open what they sealed."""
    load_master_keys(path)
    found = json.loads(path.read_bytes())
    key_id, key = _new()
    _write(path.with_suffix(".new"), {"current": key_id, "keys": {**found["keys"], key_id: key}})
    path.with_suffix(".new").replace(path)
    return load_master_keys(path)


class Sealer:
    """Seals and opens values."""

    def __init__(self, keys: MasterKeys) -> None:
        self._keys = keys

    def seal(self, text: bytes, place: str) -> bytes:
        """Return `text` encrypted for `place` (``<workspace id>/<name>``)."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        data_key = AESGCM.generate_key(bit_length=256)
        bound = place.encode()
        outer, inner = os.urandom(_NONCE), os.urandom(_NONCE)
        wrapped = AESGCM(self._keys.get(self._keys.current)).encrypt(outer, data_key, bound)
        return bytes([VERSION]) + self._keys.current + outer + wrapped + inner + AESGCM(data_key).encrypt(inner, text, bound)

    def open(self, sealed: bytes, place: str) -> bytes:
        """Return the text that was sealed for `place`.

        Raises:
            MasterKeyError: its master key is not here, or the value was changed or belongs to another place.
        """
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        if len(sealed) < 1 + ID_BYTES + _NONCE + _WRAPPED + _NONCE + _TAG or sealed[0] != VERSION:
            raise MasterKeyError(f"The secrets of {place!r} are in a form that this program does not know.", remedy="Give them again.")
        key_id, rest = sealed[1 : 1 + ID_BYTES], sealed[1 + ID_BYTES :]
        outer, wrapped, rest = rest[:_NONCE], rest[_NONCE : _NONCE + _WRAPPED], rest[_NONCE + _WRAPPED :]
        bound = place.encode()
        try:
            data_key = AESGCM(self._keys.get(key_id)).decrypt(outer, wrapped, bound)
            return AESGCM(data_key).decrypt(rest[:_NONCE], rest[_NONCE:], bound)
        except InvalidTag as error:
            raise MasterKeyError(
                f"The secrets of {place!r} cannot be decrypted: they were changed, or master.key is another one.",
                remedy="Restore master.key from a backup, or give the secrets again.",
            ) from error

    def outdated(self, sealed: bytes) -> bool:
        """Return whether a value is sealed under another master key than the current one."""
        return sealed[1 : 1 + ID_BYTES] != self._keys.current


def _new() -> tuple[str, str]:
    return secrets.token_bytes(ID_BYTES).hex(), base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def _create(path: Path) -> None:
    key_id, key = _new()
    path.parent.mkdir(parents=True, exist_ok=True)
    # Written aside and linked: of two processes that start at once, one makes the file and both read the same key.
    aside = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    _write(aside, {"current": key_id, "keys": {key_id: key}})
    try:
        os.link(aside, path)
    except FileExistsError:
        return
    finally:
        aside.unlink()


def _write(path: Path, content: dict[str, Any]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())


def _parse(data: bytes, path: Path) -> MasterKeys:
    try:
        found = cast("dict[str, Any]", json.loads(data))
        keys = {bytes.fromhex(key_id): base64.b64decode(key, validate=True) for key_id, key in found["keys"].items()}
        current = bytes.fromhex(found["current"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise MasterKeyError(f"The master key file {str(path)!r} is damaged.", remedy="Restore it from a backup.") from error
    if current not in keys or any(len(key_id) != ID_BYTES or len(key) != KEY_BYTES for key_id, key in keys.items()):
        raise MasterKeyError(f"The master key file {str(path)!r} is damaged.", remedy="Restore it from a backup.")
    return MasterKeys(current, keys)
