"""Why the embedded PostgreSQL failed, in its own words."""

import re
import shutil
from pathlib import Path

_SETTING = re.compile(r"LOG:\s+((?:invalid value for|unrecognized configuration|syntax error in file).*)")
_GRAVE = re.compile(r"(?:FATAL|PANIC):\s+(.*)")
_TOLD = re.compile(r"(?:error|ERROR|could not|cannot|invalid)\b.*")
_ENDED = re.compile(r"LOG:\s+(.* was terminated by signal .*)")
_PANIC = re.compile(r"PANIC:\s+(.*)")
_NO_ROOM = 1_000_000
"""Bytes of free space with which PostgreSQL cannot even write its log."""


def size(log: Path) -> int:
    """Where its next lines begin."""
    try:
        return log.stat().st_size
    except FileNotFoundError:
        return 0


def reason(log: Path, since: int = 0) -> str | None:
    """The first grave thing that the log says from there on; None when it says nothing."""
    return reason_in(_said(log, since)) or no_room(log.parent)


def crash(log: Path, since: int = 0) -> str | None:
    """How the server, or a process of it, came to a sudden end since then; None when none did."""
    said = _said(log, since)
    ended = _ENDED.search(said) or _PANIC.search(said)
    return ended[1] if ended else None


def reason_in(said: str) -> str | None:
    """The same, in what a program said."""
    lines = said.splitlines()
    for pattern in (_SETTING, _ENDED, _GRAVE, _TOLD):
        for line in lines:
            found = pattern.search(line)
            if found:
                return found[found.lastindex or 0].removeprefix("error: ").strip()
    return None


def no_room(folder: Path) -> str | None:
    """What the log cannot say: a full disk keeps it from that too."""
    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        return None
    return "no space is left on the disk" if free < _NO_ROOM else None


def _said(log: Path, since: int) -> str:
    try:
        with log.open("rb") as file:
            file.seek(since)
            return file.read().decode(errors="replace")
    except OSError:
        return ""
