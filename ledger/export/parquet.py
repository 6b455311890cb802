"""The mirror's tables as Parquet files, one for each table and day, of one moment and with a manifest.

Rows are streamed, a row group's worth of each journal in memory. The folder appears under its name when it is
complete: until then it has a temporary one beside it.
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from heapq import merge
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import ColumnElement, Connection, Result, Select, Table, func, select

from ledger.errors import LedgerError
from ledger.export.columns import schema_of, selected
from ledger.export.days import Days, Journal, days_of_journals
from ledger.store.database import Database
from ledger.store.digest import digest_of, digested
from ledger.store.tables import Block, Checkpoint

FORMAT = "pledger-export/1"
ROW_GROUP = 20_000
"""Rows of a group of a file, and of what is in memory: some 40 MB of entries."""
FETCHED = 5_000
"""Rows that the database hands over at a time."""

Told = Callable[[int, int], None]
Row = Sequence[Any]


@dataclass(frozen=True)
class Exported:
    """How many rows and files were written; ``digest`` is the database's, None when days were left out."""

    rows: int
    files: int
    digest: str | None


def export(
    database: Database, folder: Path, first: date | None = None, last: date | None = None, *, told: Told
) -> Exported:
    """Writes all that the digest covers, or of days (UTC, both included) what their entries made.

    ``told`` hears of rows done, and of all there are. Raises `LedgerError` when the folder is not empty.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise LedgerError(
            f"{folder} is not empty.", "An export is written whole: name a new folder, or remove that one."
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        engine = database.engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        with engine.begin() as connection:
            manifest = _Export(connection, unfinished, first, last, told).write()
        unfinished.chmod(0o755)
        unfinished.replace(folder)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    files = [file for table in manifest["tables"].values() for file in table["files"]]
    return Exported(sum(file["rows"] for file in files), len(files), manifest["digest"])


class _Export:
    """One export, within the transaction that fixes its moment."""

    def __init__(
        self, connection: Connection, folder: Path, first: date | None, last: date | None, told: Told
    ) -> None:
        self._connection = connection
        self._folder = folder
        self._first, self._last = first, last
        self._told = told
        self._journals = {
            journal: days.between(first or date.min, last or date.max)
            for journal, days in days_of_journals(connection).items()
        }
        self._done = 0
        self._total = 0

    def write(self) -> dict[str, Any]:
        """Writes the files and the manifest, which it returns."""
        tables = digested()
        self._total = sum(self._count(table) for table in tables)
        self._told(0, self._total)
        whole = self._first is None and self._last is None
        manifest = {
            "format": FORMAT,
            "from": self._first and self._first.isoformat(),
            "to": self._last and self._last.isoformat(),
            "checkpoints": self._checkpoints(),
            "tables": {table.name: self._table(table) for table in tables},
            "digest": digest_of(self._connection) if whole else None,
        }
        (self._folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")
        return manifest

    def _unverified(self, chain_id: int, deployment: bytes) -> int:
        """Blocks whose times, by which days are made, are a node's word alone."""
        count = select(func.count()).where(
            Block.chain_id == chain_id, Block.deployment == deployment, ~Block.verified
        )
        return self._connection.scalar(count) or 0

    def _checkpoints(self) -> list[dict[str, Any]]:
        points = self._connection.execute(
            select(
                Checkpoint.chain_id, Checkpoint.deployment, Checkpoint.block_number, Checkpoint.block_hash
            ).order_by(Checkpoint.chain_id, Checkpoint.deployment)
        )
        return [
            {
                "chain_id": chain_id,
                "deployment": "0x" + deployment.hex(),
                "block_number": number,
                "block_hash": "0x" + block_hash.hex(),
                "unverified_blocks": self._unverified(chain_id, deployment),
            }
            for chain_id, deployment, number, block_hash in points
        ]

    def _table(self, table: Table) -> dict[str, Any]:
        files = []
        if "seq" in table.columns:
            for day, rows in self._by_day(table):
                files.append(self._file(table, f"{table.name}/day={day}/part.parquet", rows))
        elif self._count(table):
            rows = iter(self._streamed(self._select(table)))
            files.append(self._file(table, f"{table.name}/part.parquet", rows))
        return {
            "columns": table.columns.keys(),
            "key": table.primary_key.columns.keys(),
            "files": files,
        }

    def _by_day(self, table: Table) -> Iterator[tuple[date, Iterator[Row]]]:
        """The rows of each day: by journal, and by the number of the entry that made them."""
        streams = [self._dated(table, journal, days) for journal, days in self._journals.items()]
        for day, dated in groupby(merge(*streams, key=itemgetter(0)), key=itemgetter(0)):
            yield day, (row for _, row in dated)

    def _dated(self, table: Table, journal: Journal, days: Days) -> Iterator[tuple[date, Row]]:
        place = table.columns.keys().index("seq")
        question = self._select(table).where(*_of(table, journal, days))
        for row in self._streamed(question.order_by(table.c.seq, *table.primary_key.columns)):
            yield days.of(row[place]), row

    def _file(self, table: Table, name: str, rows: Iterator[Row]) -> dict[str, Any]:
        schema = schema_of(table)
        path = self._folder / name
        path.parent.mkdir(parents=True)
        written = 0
        with pq.ParquetWriter(path, schema, compression="zstd") as writer:
            while group := list(islice(rows, ROW_GROUP)):
                columns = zip(*group, strict=True)
                arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
                writer.write_batch(pa.record_batch(arrays, schema=schema))
                written += len(group)
                self._done += len(group)
                self._told(self._done, self._total)
        with path.open("rb") as file:
            return {
                "path": name,
                "rows": written,
                "sha256": hashlib.file_digest(file, "sha256").hexdigest(),
            }

    def _select(self, table: Table) -> Select[Any]:
        return select(*(selected(column) for column in table.columns))

    def _streamed(self, question: Select[Any]) -> Result[Any]:
        return self._connection.execute(question, execution_options={"yield_per": FETCHED})

    def _count(self, table: Table) -> int:
        question = select(func.count()).select_from(table)
        if "seq" not in table.columns:
            return self._connection.scalar(question) or 0
        return sum(
            self._connection.scalar(question.where(*_of(table, journal, days))) or 0
            for journal, days in self._journals.items()
        )


def _of(table: Table, journal: Journal, days: Days) -> tuple[ColumnElement[bool], ...]:
    chain_id, contract = journal
    columns = table.c
    return (
        columns.chain_id == chain_id,
        columns.contract == contract,
        columns.seq.between(days.first_seq, days.last_seq),
    )
