"""The file itself: three lines of text that describe it, and a SQLite database packed by gzip.

    greenlight snapshot 1
    {"revision": …}
    <SHA-256 of the line before>
    <gzip>

So `head -2 FILE` shows the description, and `tail -n +4 FILE | gunzip` the database.
"""

import hashlib
import os
import re
import shutil
import stat
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from db.snapshots.errors import BadSnapshot, Refusal
from db.snapshots.manifest import Manifest
from db.snapshots.work import Guard

FORMAT: Final = 1
_FIRST_LINE = re.compile(rb"greenlight snapshot ([1-9][0-9]{0,5})\n")
_LONGEST_FIRST_LINE = 32
_LONGEST_MANIFEST = 8 << 20
_CHUNK = 256 << 10
_GZIP = 31
"""What zlib calls its largest window with gzip's frame around it."""
_LEVEL = 6
_HIGHEST_RATIO = 200
_ALWAYS_FINE = 16 << 20
"""Bytes. Pages without rows are packed well; beyond that a database of ours never comes near the ratio."""
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)
"""Opening a pipe for reading would wait for somebody who writes."""
_AS_IT_IS = getattr(os, "O_BINARY", 0)


def sha256_of(path: Path, guard: Guard) -> str:
    """Return the SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for chunk in _chunks(file, guard):
            digest.update(chunk)
    return digest.hexdigest()


def pack(database: Path, target: Path, manifest: Manifest, guard: Guard) -> None:
    """Write a snapshot whose content is a SQLite file, and see it onto the disk."""
    line = manifest.to_bytes()
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    with target.open("xb") as out, database.open("rb") as file:
        out.write(b"greenlight snapshot %d\n" % FORMAT)
        out.write(line + b"\n" + hashlib.sha256(line).hexdigest().encode("ascii") + b"\n")
        for chunk in _chunks(file, guard):
            out.write(packer.compress(chunk))
        out.write(packer.flush())
        out.flush()
        os.fsync(out.fileno())


def open_file(path: Path, largest: int) -> BinaryIO:
    """Open a plain file of at most so many bytes for reading; follow no link. Raises `BadSnapshot` for anything else."""
    try:
        # Where the system does not know how to leave links alone.
        if path.is_symlink():
            raise BadSnapshot(Refusal.NOT_A_FILE, "it is a link")
        descriptor = os.open(path, os.O_RDONLY | _NO_LINK | _NO_WAIT | _AS_IT_IS)
    except (OSError, ValueError) as error:
        said = (error.strerror if isinstance(error, OSError) else None) or "not a file's name"
        raise BadSnapshot(Refusal.NOT_A_FILE, f"it cannot be opened: {said}") from error
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):
        os.close(descriptor)
        raise BadSnapshot(Refusal.NOT_A_FILE, "it is no plain file")
    if found.st_size > largest:
        os.close(descriptor)
        raise BadSnapshot(Refusal.TOO_LARGE, f"it has {found.st_size} bytes; at most {largest} are taken")
    return os.fdopen(descriptor, "rb")


def read_head(file: BinaryIO) -> Manifest:
    """Read the lines of text at the beginning of a file. Raises `BadSnapshot`."""
    first = _FIRST_LINE.fullmatch(file.readline(_LONGEST_FIRST_LINE))
    if first is None:
        raise BadSnapshot(Refusal.NOT_OURS, "it does not begin as a snapshot does")
    if int(first[1]) > FORMAT:
        raise BadSnapshot(Refusal.NEWER, f"it has format {int(first[1])}; this release knows {FORMAT}")
    line = file.readline(_LONGEST_MANIFEST).removesuffix(b"\n")
    digest = hashlib.sha256(line).hexdigest().encode("ascii") + b"\n"
    if file.readline(len(digest)) != digest:
        raise BadSnapshot(Refusal.DAMAGED, "its description does not fit its checksum")
    return Manifest.from_bytes(line)


def unpack(file: BinaryIO, manifest: Manifest, target: Path, largest: int, guard: Guard) -> None:
    """Unpack what follows the lines of text, never more than they promise. Raises `BadSnapshot`."""
    if manifest.size > largest:
        raise BadSnapshot(Refusal.TOO_LARGE, f"it unpacks to {manifest.size} bytes; at most {largest} are taken")
    if manifest.size > _ALWAYS_FINE + _HIGHEST_RATIO * os.fstat(file.fileno()).st_size:
        raise BadSnapshot(Refusal.TOO_LARGE, "it unpacks to far more than a snapshot of its size")
    # The checked copy will lie beside it, and migrations need as much again.
    needed = 4 * manifest.size
    if shutil.disk_usage(target.parent).free < needed:
        raise BadSnapshot(Refusal.NO_ROOM, f"unpacking it needs {needed} bytes of free disk")
    digest, size = hashlib.sha256(), 0
    with target.open("xb") as out:
        for chunk in _unpacked(file, guard):
            size += len(chunk)
            if size > manifest.size:
                raise BadSnapshot(Refusal.TOO_LARGE, "it unpacks to more than it says")
            digest.update(chunk)
            out.write(chunk)
    if size != manifest.size or digest.hexdigest() != manifest.sha256:
        raise BadSnapshot(Refusal.DAMAGED, "its content does not fit its checksum")


def _unpacked(file: BinaryIO, guard: Guard) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(_GZIP)
    try:
        for packed in _chunks(file, guard):
            waiting = packed
            while waiting and not unpacker.eof:
                yield unpacker.decompress(waiting, _CHUNK)
                waiting = unpacker.unconsumed_tail
                guard.check()
            if unpacker.eof and (unpacker.unused_data or waiting or file.read(1)):
                raise BadSnapshot(Refusal.DAMAGED, "something follows its end")
        while not unpacker.eof and (rest := unpacker.decompress(b"", _CHUNK)):
            yield rest
    except zlib.error as error:
        raise BadSnapshot(Refusal.DAMAGED, "it cannot be unpacked") from error
    if not unpacker.eof:
        raise BadSnapshot(Refusal.DAMAGED, "it is cut off")


def _chunks(file: BinaryIO, guard: Guard) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK):
        guard.check()
        yield chunk
