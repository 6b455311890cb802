"""The file itself: a zip archive that can be written in one way only, so that no byte of it is free."""

import io
import zipfile
from collections.abc import Mapping
from typing import Any

import orjson

from ledger.proof.errors import ProofInvalid

PART = "The bundle's archive"
LARGEST = 256 * 2**20
"""Bytes that a bundle may have: a hostile one must not fill a verifier's memory."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip archive can give a file."""


def pack(files: Mapping[str, bytes]) -> bytes:
    """An archive of these files: in the order of their names, not compressed, without times."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = 0  # the default names the machine's
            archive.writestr(entry, content)
    return buffer.getvalue()


def unpack(archive: bytes) -> dict[str, bytes]:
    """The files of an archive that :func:`pack` made. Raises ProofInvalid when it did not make it so."""
    if len(archive) > LARGEST:
        raise ProofInvalid(PART, f"it has {len(archive)} bytes, at most {LARGEST} are read")
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            if any(entry.compress_type != zipfile.ZIP_STORED for entry in opened.infolist()):
                raise ProofInvalid(PART, "one of its files is compressed")
            files = {entry.filename: opened.read(entry) for entry in opened.infolist()}
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise ProofInvalid(PART, f"it cannot be read: {error}") from error
    if pack(files) != archive:
        raise ProofInvalid(PART, "it holds bytes that are none of its files'")
    return files


def canonical(document: Any) -> bytes:
    """JSON as RFC 8785 writes it, of objects with ASCII names, lists, texts and whole numbers below 2^53."""
    return orjson.dumps(document, option=orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER)


def parse(content: bytes, part: str) -> Any:
    """A canonical document. Raises ProofInvalid, also when it is written otherwise."""
    try:
        document = orjson.loads(content)
        again = canonical(document)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError) as error:
        raise ProofInvalid(part, f"it is not canonical JSON: {error}") from error
    if again != content:
        raise ProofInvalid(part, "it is not written as RFC 8785 says")
    return document
