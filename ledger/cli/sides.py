"""Where an operator's checkpoint and entries are read: a file, the operator's API, or its database."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
from eth_utils.address import to_canonical_address
from sqlalchemy import desc, select
from sqlalchemy.orm import Session

from ledger.audit.checkpoint import SignedCheckpoint
from ledger.audit.comparison import NotComparable, Side, SideEntry
from ledger.chain import deployment as deployments
from ledger.chain.connection import is_here
from ledger.errors import LedgerError
from ledger.settings import Settings
from ledger.store import tables
from ledger.store.database import Database
from ledger.store.reading import Reading, read, snapshot
from ledger.terms.contracts import REVENUE

OWN = "mirror"
"""What the mirror of the settings is called on the command line."""
_PAGE = 200
_SECONDS = 30.0


def side(place: str, settings: Settings, opened: ExitStack) -> Side:
    """The operator at a place; what it keeps open is closed with ``opened``. Raises LedgerError."""
    if place.startswith(("http://", "https://")):
        return ApiSide(place, settings, opened.enter_context(_client(place)))
    if place == OWN or place.startswith(("postgresql://", "postgres://", "postgresql+psycopg://")):
        database = opened.enter_context(Database.open(settings if place == OWN else place))
        name = OWN if place == OWN else database.url.render_as_string(hide_password=True)
        return DatabaseSide(name, settings, opened.enter_context(snapshot(database)))
    return FileSide(Path(place))


class FileSide:
    """A checkpoint's file: it shows no entries."""

    has_entries = False

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        try:
            document = json.loads(path.read_text())
        except (OSError, ValueError) as error:
            raise LedgerError(
                f"{path} cannot be read as a checkpoint: {error}.",
                f"Name a file of `pledger checkpoint sign`, the URL of an API or a database, or `{OWN}`.",
            ) from error
        self.signed = SignedCheckpoint.from_json(document, self.name)

    def entry(self, contract: str, seq: int) -> SideEntry | None:
        """A file has none."""
        raise self._no(f"entry {seq} of {contract}")

    def entries(self, contract: str, upto: int) -> Iterator[SideEntry]:
        """A file has none."""
        raise self._no(f"entries up to {upto} of {contract}")

    def _no(self, what: str) -> NotComparable:
        return NotComparable(
            f"{self.name} is a file: it does not show {what}, which the other is to be compared with.",
            "Name its operator's API or database instead.",
        )


class ApiSide:
    """An operator's API."""

    has_entries = True

    def __init__(self, url: str, settings: Settings, client: httpx.Client) -> None:
        self.name = url.rstrip("/")
        self._client = client
        self._which = _named(settings)
        body = self._get("/v1/checkpoint")
        self.signed = SignedCheckpoint.from_json(body.get("checkpoint"), self.name)

    def entry(self, contract: str, seq: int) -> SideEntry | None:
        """One entry."""
        rows = self._get("/v1/entries", contract=contract, seq=seq).get("entries") or [None]
        return None if rows[0] is None else self._entry(rows[0])

    def entries(self, contract: str, upto: int) -> Iterator[SideEntry]:
        """Page by page, the newest first."""
        cursor: dict[str, Any] = {}
        while True:
            page = self._get("/v1/entries", contract=contract, limit=_PAGE, **cursor)
            yield from (each for each in map(self._entry, page["entries"]) if each.seq <= upto)
            if page["next_cursor"] is None:
                return
            cursor = {"cursor": page["next_cursor"]}

    def _get(self, path: str, **query: Any) -> dict[str, Any]:
        try:
            answer = self._client.get(self.name + path, params=self._which | query)
            body = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise LedgerError(
                f"{self.name} does not answer as an API of a ledger: {str(error) or type(error).__name__}.",
                "Name the URL that `pledger serve` of that operator prints.",
            ) from error
        if answer.status_code != httpx.codes.OK or not isinstance(body, dict):
            detail = body.get("detail") if isinstance(body, dict) else None
            hint = body.get("next", "") if isinstance(body, dict) else ""
            raise LedgerError(f"{self.name}: {detail or f'HTTP {answer.status_code}.'}", hint)
        return body

    def _entry(self, row: Any) -> SideEntry:
        try:
            return SideEntry(
                seq=row["seq"],
                head=_bytes(row["head"]),
                topics=tuple(map(_bytes, row["topics"])),
                data=_bytes(row["data"]),
                block=row["block"]["number"],
                block_hash=_bytes(row["block"]["hash"]),
                block_timestamp=row["block"]["timestamp"],
                transaction_hash=_bytes(row["transaction_hash"]),
                log_index=row["log_index"],
            )
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise LedgerError(f"{self.name} shows an entry that is none: {error!r}.") from error


class DatabaseSide:
    """An operator's database, as of now."""

    has_entries = True

    def __init__(self, name: str, settings: Settings, session: Session) -> None:
        self.name = name
        self._reading = reading_of(session, settings)
        found = session.get(tables.SignedCheckpoint, (self._reading.chain_id, self._reading.ledger))
        if found is None:
            raise LedgerError(
                f"{name} holds no signed checkpoint.", "Its operator runs `pledger checkpoint sign`."
            )
        self.signed = SignedCheckpoint.from_json(found.json, name)

    @cached_property
    def _addresses(self) -> dict[str, bytes]:
        return {str(name): address for name, address in self._reading.contracts.items()}

    def entry(self, contract: str, seq: int) -> SideEntry | None:
        """One entry."""
        row = self._reading.session.get(
            tables.Entry, (self._reading.chain_id, self._addresses[contract], seq)
        )
        return None if row is None else _row(row)

    def entries(self, contract: str, upto: int) -> Iterator[SideEntry]:
        """Streamed, the newest first."""
        rows = self._reading.session.scalars(
            select(tables.Entry)
            .where(
                tables.Entry.chain_id == self._reading.chain_id,
                tables.Entry.contract == self._addresses[contract],
                tables.Entry.seq <= upto,
            )
            .order_by(desc(tables.Entry.seq)),
            execution_options={"yield_per": _PAGE},
        )
        return map(_row, rows)


def _client(url: str) -> httpx.Client:
    return httpx.Client(timeout=_SECONDS, trust_env=not is_here(url))


def reading_of(session: Session, settings: Settings) -> Reading:
    """The deployment that the settings name, or the only one that is mirrored, as of its newest block."""
    if settings.deployment is None:
        return read(session)
    named = deployments.load(settings.deployment)
    return read(session, chain_id=named.chain_id, ledger=to_canonical_address(named.address(REVENUE)))


def _named(settings: Settings) -> dict[str, Any]:
    if settings.deployment is None:
        return {}
    named = deployments.load(settings.deployment)
    return {"deployment": f"{named.chain_id}:{named.address('RevenueLedger')}"}


def _row(row: tables.Entry) -> SideEntry:
    return SideEntry(
        row.seq,
        row.head,
        tuple(row.topics),
        row.data,
        row.block_number,
        row.block_hash,
        row.block_timestamp,
        row.transaction_hash,
        row.log_index,
    )


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))
