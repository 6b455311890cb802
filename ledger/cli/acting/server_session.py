"""The server that a person has signed in to, from the command line: kept in a file that is theirs alone."""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import httpx
import orjson
import typer

from ledger.errors import LedgerError
from ledger.settings import Settings

ServerUrl = Annotated[
    str | None, typer.Option("--server", help="The server's address; PLEDGER_SERVER otherwise.")
]
_SECONDS = 60
_HERE = ("localhost", "127.0.0.1", "::1")
_COOKIES = ("pledger_session", "__Host-pledger_session")


class Server:
    """A server, and the session with it that the file remembers."""

    def __init__(self, url: str | None) -> None:
        settings = Settings()
        self.origin = _origin(url or settings.server)
        self._file = settings.home / "sessions.json"
        here = urlsplit(self.origin).hostname in _HERE
        self._client = httpx.Client(
            base_url=self.origin, timeout=_SECONDS, headers={"Origin": self.origin}, trust_env=not here
        )

    def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """What the server answers to whoever is signed in. Raises LedgerError in its words."""
        cookie = _read(self._file).get(self.origin)
        headers = {} if cookie is None else {"Cookie": cookie}
        return self._content(self._answer(method, path, body, headers))

    def begin(self, message: str, signature: str, account: str | None) -> Any:
        """Hands in a signed message, and remembers the session that it begins. Raises LedgerError."""
        body = {"message": message, "signature": signature} | ({"account": account} if account else {})
        answer = self._answer("POST", "/v1/sign-in", body, {})
        content = self._content(answer)
        cookie = next((f"{name}={answer.cookies[name]}" for name in _COOKIES if name in answer.cookies), None)
        if cookie is None:
            raise LedgerError(f"{self.origin} gave no session.", "Is it a server of this ledger?")
        _write(self._file, _read(self._file) | {self.origin: cookie})
        return content

    def forget(self) -> None:
        """Forgets the session."""
        _write(self._file, {each: of for each, of in _read(self._file).items() if each != self.origin})

    def _answer(
        self, method: str, path: str, body: Mapping[str, Any] | None, headers: dict[str, str]
    ) -> httpx.Response:
        try:
            return self._client.request(method, path, json=body, headers=headers)
        except httpx.HTTPError as error:
            raise LedgerError(
                f"{self.origin} does not answer: {error}.", "Check PLEDGER_SERVER, or give --server."
            ) from error

    def _content(self, answer: httpx.Response) -> Any:
        content = None
        with suppress(ValueError):
            content = answer.json() if answer.content else {}
        if answer.is_success and content is not None:
            return content
        if not isinstance(content, dict) or "detail" not in content:
            raise LedgerError(
                f"{self.origin} answered with {answer.status_code}, and not as a server of this ledger.",
                "Check PLEDGER_SERVER, or give --server.",
            )
        hint = str(content.get("next", ""))
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            hint = f"Sign in with `pledger login --server {self.origin}`."
        raise LedgerError(str(content["detail"]), hint)


def _origin(url: str) -> str:
    """The server's origin. Raises LedgerError for what is not one, and where a session could be overheard."""
    with suppress(ValueError):
        parts = urlsplit(url.strip().lower())
        if parts.hostname and parts.scheme in ("http", "https") and parts.path in ("", "/"):
            if parts.scheme == "http" and parts.hostname not in _HERE:
                raise LedgerError(
                    f"{url} is not https: whoever is in between could act with your session.",
                    "Give the server's https address; http is for this machine alone.",
                )
            return f"{parts.scheme}://{parts.netloc}"
    raise LedgerError(f"{url!r} is not a server's address.", "Give one as https://ledger.example.")


def _read(file: Path) -> dict[str, str]:
    try:
        found = orjson.loads(file.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise LedgerError(f"{file} cannot be read.", "Remove it, and sign in anew.") from error
    return found if isinstance(found, dict) else {}


def _write(file: Path, sessions: Mapping[str, str]) -> None:
    """For its owner's eyes alone, whole or not at all."""
    partial = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as written:
            written.write(orjson.dumps(sessions))
        partial.replace(file)
    except OSError as error:
        raise LedgerError(f"{file} cannot be written: {error.strerror}.", "Set PLEDGER_HOME.") from error
