"""JSON as this API takes it: what two readers could read differently, or a database not hold, is refused."""

import json
from collections.abc import Iterator
from typing import Any

MAX_DEPTH = 32
_EXACT = 2**53
_MAX_DIGITS = 100


class NotTaken(Exception):
    """``path`` is the part at fault, empty when it is the whole; ``why`` and ``hint`` say it in words."""

    def __init__(self, path: str, why: str, hint: str = "") -> None:
        super().__init__(why)
        self.path, self.why, self.hint = path, why, hint


def check(body: bytes) -> None:
    """Raises ``NotTaken`` for what is not JSON in UTF-8, or has in it: a key twice, numbers that are not
    whole or not exact in every reader, text that is none, too many levels.
    """
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise NotTaken("", f"byte {error.start} is not UTF-8", "Send JSON in UTF-8.") from None
    try:
        document = json.loads(
            text,
            object_pairs_hook=_once,
            parse_int=_whole,
            parse_float=_Unlike,
            parse_constant=_Unlike,
        )
    except json.JSONDecodeError as error:
        raise NotTaken(
            "", f"it is not JSON: {error.msg} at line {error.lineno}, column {error.colno}"
        ) from None
    except RecursionError:
        raise NotTaken("", f"it has more than {MAX_DEPTH} levels") from None
    for path, value in _parts(document):
        _check_part(path, value)


class _Unlike(str):
    """A number that is not taken, as it was written, until its place is known."""


def _whole(digits: str) -> int | _Unlike:
    value = int(digits) if len(digits) <= _MAX_DIGITS else None
    return value if value is not None and abs(value) <= _EXACT else _Unlike(digits)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise NotTaken(_shown(twice), "it is there twice", "Say it once.")
    return found


def _parts(document: Any) -> Iterator[tuple[str, Any]]:
    """Every value and every key with its path, without recursion."""
    waiting: list[tuple[str, Any, int]] = [("", document, 1)]
    while waiting:
        path, value, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise NotTaken(path, f"it has more than {MAX_DEPTH} levels")
        yield path, value
        prefix = f"{path}." if path else ""
        if isinstance(value, dict):
            for key, item in value.items():
                yield f"{prefix}{_shown(key)}", key
                waiting.append((f"{prefix}{_shown(key)}", item, depth + 1))
        elif isinstance(value, list):
            waiting.extend((f"{prefix}{place}", item, depth + 1) for place, item in enumerate(value))


def _check_part(path: str, value: Any) -> None:
    if isinstance(value, _Unlike):
        shown = value if len(value) <= 80 else f"{value[:80]}…"
        whole = value.lstrip("-").isdecimal()
        why = "a number this large is not exact in every JSON reader" if whole else "it is not a whole number"
        raise NotTaken(
            path, f"{shown}: {why}", f'Give it as a string of digits, as "{shown}".' if whole else ""
        )
    if isinstance(value, str):
        if "\0" in value:
            raise NotTaken(path, "its text has a NUL character in it")
        try:
            value.encode()
        except UnicodeEncodeError:
            raise NotTaken(path, "its text has half a character in it (a lone surrogate)") from None


def _shown(key: str) -> str:
    return key.encode(errors="replace").decode().replace("\0", "�")[:80]
