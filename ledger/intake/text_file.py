"""A report's bytes as text: by its byte order mark where it has one, else as stated, else as UTF-8."""

import codecs
import re
from pathlib import Path
from typing import Literal, get_args

from ledger.errors import LedgerError
from ledger.intake.problems import IntakeRejected, Problem

MAX_BYTES = 256 * 1024 * 1024

Encoding = Literal[
    "utf-8",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "windows-1250",
    "windows-1252",
    "iso-8859-1",
    "iso-8859-2",
    "iso-8859-15",
    "macintosh",
    "shift_jis",
]
"""How a report's letters are stored, where it is not UTF-8."""

_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_OTHER_KINDS = (
    (b"PK\x03\x04", "a workbook"),
    (b"\xd0\xcf\x11\xe0", "a workbook"),
    (b"\x1f\x8b", "a compressed file"),
    (b"%PDF", "a PDF"),
    (b"<", "a page of HTML or XML, whatever its name says"),
    (b"{", "JSON"),
)
_LATER_MARK = re.compile("(?<=[\r\n])\ufeff")
"""Where files were put together, each brought its mark."""
_NO_LETTERS = re.compile("[\x80-\x84\x86-\x9f]")


def encoding_named(name: str) -> str:
    """An encoding by any of its names: ``Latin-1`` is ``iso-8859-1``. What is unknown comes back as it is."""
    try:
        meant = codecs.lookup(name.strip())
    except LookupError:
        return name
    return next((own for own in get_args(Encoding) if codecs.lookup(own).name == meant.name), name)


def read_text(path: Path, encoding: Encoding | None, setting: str) -> str:
    """The file's text. ``setting`` is where the partners file states the encoding, for the message.

    Raises LedgerError when there is no such file, IntakeRejected when it is not text in this encoding.
    """
    name, data = path.name, _bytes(path)
    mark, marked = next(((mark, own) for mark, own in _MARKS if data.startswith(mark)), (b"", ""))
    data = data[len(mark) :]
    kind = next((kind for begins, kind in _OTHER_KINDS if data.lstrip().startswith(begins)), None)
    if kind is not None:
        raise IntakeRejected([Problem(name, 0, "", f"this is {kind}, not CSV: export it as CSV")])
    chosen = marked or encoding or "utf-8"
    if not marked and encoding not in (None, "utf-8"):
        _require_not_utf8(name, data, chosen, setting)
    try:
        text = data.decode("utf-16-le" if chosen == "utf-16" else chosen)
    except UnicodeDecodeError as error:
        line = len(data[: error.start].splitlines()) or 1
        raise IntakeRejected(
            [Problem(name, line, "", _why_not(data, error.start, chosen, setting))]
        ) from error
    text = _LATER_MARK.sub("", text)
    if "\0" in text:
        reason = (
            "there is a zero byte: this is not a text file, or it is UTF-16 without a mark; then state "
            f"{setting}: utf-16"
        )
        raise IntakeRejected([Problem(name, text.count("\n", 0, text.index("\0")) + 1, "", reason)])
    found = _NO_LETTERS.search(text) if chosen.startswith("iso-8859") else None
    if found is not None:
        reason = f"byte 0x{ord(found.group()):02x} is not a letter of {chosen}; is it windows-1252?"
        raise IntakeRejected([Problem(name, text.count("\n", 0, found.start()) + 1, "", reason)])
    return text


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise IntakeRejected(
                [Problem(path.name, 0, "", "the file is larger than 256 MiB; export fewer rows")]
            )
        return path.read_bytes()
    except OSError as error:
        raise LedgerError(f"Cannot read {path}: {error.strerror}.", "Check the path.") from error


def _require_not_utf8(name: str, data: bytes, encoding: str, setting: str) -> None:
    """What is UTF-8 and has letters beyond ASCII is not something else by chance."""
    if data.isascii() or encoding.startswith("utf-16"):
        return
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return
    reason = f"the file is UTF-8, not {encoding}: leave out {setting}"
    raise IntakeRejected([Problem(name, 0, "", reason)])


def _why_not(data: bytes, at: int, encoding: str, setting: str) -> str:
    if encoding != "utf-8":
        return f"byte 0x{data[at]:02x} is not {encoding}: correct {setting}"
    return (
        f"byte 0x{data[at]:02x} is not UTF-8; export it with the encoding Unicode (UTF-8), or state the "
        f"file's own, as {setting}: windows-1252"
    )
