"""Sealing: AES-256-GCM under one data key a member, each wrapped by a master key outside the data folder.

A sealed value is `version (1 byte) | key id (4) | nonce (12) | ciphertext and tag`. The place where
it lies (table, column, row, owner) is authenticated with it, so that a value copied to another row
or another member does not open. NIST SP 800-38D: random 96-bit nonces are good for 2^32 values
under one key; no member comes near that.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from coach.errors import KeyRefused, StoreUnavailable

KEY_BYTES = 32
_VERSION = b"\x01"
_ID_BYTES = 4
_NONCE_BYTES = 12
_HEADER = len(_VERSION) + _ID_BYTES + _NONCE_BYTES
_TAG_BYTES = 16

_DAMAGED = "The master key file is damaged."
_DAMAGED_REMEDY = "Put the file back from your backup; a new key cannot open the old journals."


class SealBroken(StoreUnavailable):
    """A stored value was damaged, or does not belong to the place where it lies.

    Nothing of it is shown. The caller reports that reading failed; an operator restores a backup.

    Args:
        place: where the value was found; names ids, never text.
    """

    def __init__(self, place: Place) -> None:
        super().__init__(
            "A stored record is damaged or was moved, so it was not opened.",
            "Restore the store from a backup.",
        )
        self.place = place


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value lies: authenticated together with it, stored nowhere."""

    table: str
    column: str
    row_id: str
    owner_id: str

    def bound(self) -> bytes:
        """`table|column|row|owner`, with bars inside a part escaped so that no two places agree."""
        parts = (self.table, self.column, self.row_id, self.owner_id)
        return "|".join(part.replace("%", "%25").replace("|", "%7C") for part in parts).encode()


class DataKey:
    """One 256-bit key, ready for use. Shows nothing of itself in a representation or a log."""

    __slots__ = ("_cipher", "_raw", "id")

    def __init__(self, raw: bytes) -> None:
        """Raises ValueError unless `raw` has 32 bytes."""
        if len(raw) != KEY_BYTES:
            raise ValueError("a key has 32 bytes")
        self._raw = raw
        self._cipher = AESGCM(raw)
        self.id = hashlib.sha256(b"coach key id|" + raw).digest()[:_ID_BYTES]

    @classmethod
    def fresh(cls) -> DataKey:
        """A new random key."""
        return cls(secrets.token_bytes(KEY_BYTES))

    def seal(self, plaintext: bytes, place: Place) -> bytes:
        """The sealed value, 33 bytes longer than `plaintext`, different at every call."""
        nonce = os.urandom(_NONCE_BYTES)
        return _VERSION + self.id + nonce + self._cipher.encrypt(nonce, plaintext, place.bound())

    def open(self, sealed: bytes, place: Place) -> bytes:
        """The plaintext.

        Raises:
            SealBroken: another key, another place, another version, or changed bytes.
        """
        if len(sealed) < _HEADER + _TAG_BYTES or sealed[:1] != _VERSION or key_id_of(sealed) != self.id:
            raise SealBroken(place)
        nonce = sealed[_HEADER - _NONCE_BYTES : _HEADER]
        try:
            return self._cipher.decrypt(nonce, sealed[_HEADER:], place.bound())
        except InvalidTag:
            pass
        raise SealBroken(place)

    def wrapped_by(self, outer: DataKey, place: Place) -> bytes:
        """This key sealed under another one."""
        return outer.seal(self._raw, place)

    def derive(self, purpose: str) -> bytes:
        """32 bytes for one purpose only (HKDF-SHA256, RFC 5869); purposes tell nothing of each other."""
        return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"coach|" + purpose.encode()).derive(self._raw)

    def __repr__(self) -> str:
        return "DataKey(...)"

    def __reduce__(self) -> str:
        raise TypeError("keys are not written out")


def key_id_of(sealed: bytes) -> bytes:
    """The 4 bytes that say which key sealed a value."""
    return sealed[len(_VERSION) : len(_VERSION) + _ID_BYTES]


@dataclass(frozen=True, slots=True)
class MasterKey:
    """The keys of the key file: the first one seals, all of them open.

    A file holds one base64 key a line (32 bytes each), newest first; lines with `#` are comments.
    """

    keys: tuple[DataKey, ...] = field(repr=False)

    @classmethod
    def load(cls, path: Path, data_folder: Path | None = None, create: bool = True) -> MasterKey:
        """Read the key file.

        Args:
            path: the key file.
            data_folder: where the store lies; a key in there would protect nothing.
            create: make a new key (mode 0600) when there is no file.

        Raises:
            KeyRefused: absent, damaged, unreadable, or inside the data folder; the remedy says what to do.
        """
        refuse_inside(path, data_folder)
        if create:
            _create_once(path)
        return cls(_read_keys(path))

    def wrap(self, key: DataKey, place: Place) -> bytes:
        """`key` sealed under the newest master key."""
        return key.wrapped_by(self.keys[0], place)

    def unwrap(self, sealed: bytes, place: Place) -> DataKey:
        """A data key out of its wrapping.

        Raises:
            KeyRefused: sealed under a master key that is not in the file.
            SealBroken: the wrapping was damaged or moved.
        """
        for key in self.keys:
            if key.id == key_id_of(sealed):
                return DataKey(key.open(sealed, place))
        raise KeyRefused(
            "This master key does not open this store.",
            "Point COACH_KEY_FILE to the key file that was made together with it.",
        )

    def is_current(self, sealed: bytes) -> bool:
        """Whether a wrapping was made by the newest master key."""
        return key_id_of(sealed) == self.keys[0].id


def add_master_key(path: Path) -> None:
    """Put a new key in front of the file's keys; the old ones stay until everything is wrapped anew.

    Raises:
        KeyRefused: the file cannot be read or written.
    """
    old = _read_keys(path)  # refuse to build on a damaged file
    lines = path.read_text("ascii").splitlines()
    fresh = [_line(secrets.token_bytes(KEY_BYTES)), *lines]
    _replace(path, "\n".join(fresh) + "\n")
    if len(_read_keys(path)) != len(old) + 1:
        raise KeyRefused(_DAMAGED, _DAMAGED_REMEDY)


def drop_old_master_keys(path: Path) -> None:
    """Keep the newest key only: for after the last key was wrapped anew.

    Raises:
        KeyRefused: the file cannot be read or written.
    """
    _read_keys(path)
    newest = next(line for line in path.read_text("ascii").splitlines() if _is_key(line))
    _replace(path, newest + "\n")


def refuse_inside(path: Path, data_folder: Path | None) -> None:
    """Raises KeyRefused when the key file would lie inside the data folder, links followed."""
    if data_folder is not None and path.resolve().is_relative_to(data_folder.resolve()):
        raise KeyRefused(
            "The master key lies inside the data folder, where it would protect nothing.",
            "Set COACH_KEY_FILE to a path outside the data folder and move the file there.",
        )


def _read_keys(path: Path) -> tuple[DataKey, ...]:
    try:
        text = path.read_text("ascii")
    except FileNotFoundError:
        text = None
    except UnicodeDecodeError:
        text = ""
    except OSError:
        raise KeyRefused(
            "The master key file cannot be read.", "Give this account the right to read it."
        ) from None
    if text is None:
        raise KeyRefused("There is no master key file.", "Put it back from your backup.")
    keys = tuple(_key(line) for line in text.splitlines() if _is_key(line))
    if not keys:
        raise KeyRefused(_DAMAGED, _DAMAGED_REMEDY)
    return keys


def _is_key(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _key(line: str) -> DataKey:
    try:
        return DataKey(base64.b64decode(line.strip(), validate=True))
    except (binascii.Error, ValueError):
        pass  # raised below, so that no part of the line hangs on the error
    raise KeyRefused(_DAMAGED, _DAMAGED_REMEDY)


def _line(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def _create_once(path: Path) -> None:
    """A new key file, whole or not at all, also when two processes start at the same moment."""
    if path.exists():
        return
    note = "# Master key of the coach. Keep a copy elsewhere: without it every journal is lost.\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = _written_beside(path, note + _line(secrets.token_bytes(KEY_BYTES)) + "\n")
        with suppress(FileExistsError):  # the other process was first; its key counts
            os.link(fresh, path)
        fresh.unlink()
        _sync_folder(path.parent)
    except OSError:
        raise KeyRefused(
            "The master key file cannot be written.",
            "Set COACH_KEY_FILE to a path that this account may write.",
        ) from None


def _replace(path: Path, text: str) -> None:
    try:
        _written_beside(path, text).replace(path)
        _sync_folder(path.parent)
    except OSError:
        raise KeyRefused(
            "The master key file cannot be written.", "Give this account the right to write it."
        ) from None


def _written_beside(path: Path, text: str) -> Path:
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return fresh


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
