"""What the tables take on disk, and what appending to them takes."""

import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

import psycopg

_SIZES = """
SELECT coalesce(parent.relname, c.relname), count(*), sum(c.reltuples)::bigint,
       sum(pg_table_size(c.oid))::bigint, sum(pg_indexes_size(c.oid))::bigint
FROM pg_class c
LEFT JOIN pg_inherits i ON i.inhrelid = c.oid LEFT JOIN pg_class parent ON parent.oid = i.inhparent
WHERE c.relnamespace = 'chain'::regnamespace AND c.relkind = 'r'
GROUP BY 1 HAVING sum(c.reltuples) > 0 ORDER BY 4 DESC
"""
_ROUNDS = 5


@dataclass(frozen=True)
class Size:
    """Of a table, its partitions together: rows, and bytes of the table and of its indexes."""

    table: str
    partitions: int
    rows: int
    table_bytes: int
    index_bytes: int


@dataclass(frozen=True)
class Appended:
    """Seconds that COPY takes for so many entries: into a plain table, and into a partitioned one."""

    rows: int
    plain: float
    partitioned: float

    @property
    def ratio(self) -> float:
        """Partitioned by plain."""
        return self.partitioned / self.plain


def sizes(connection: "psycopg.Connection[tuple[object, ...]]") -> list[Size]:
    """All tables that have rows, the largest first."""
    return [Size(*row) for row in connection.execute(_SIZES)]


def append(connection: "psycopg.Connection[tuple[object, ...]]", rows: int) -> Appended:
    """COPY of the same entries, turn and turn about: plain and partitioned, with the same key and index."""
    with tempfile.NamedTemporaryFile(dir=os.environ.get("TMPDIR")) as file:
        with connection.cursor().copy(
            "COPY (SELECT * FROM chain.entry ORDER BY chain_id, block_number, log_index "
            f"LIMIT {rows}) TO STDOUT"
        ) as copy:
            for part in copy:
                file.write(part)
        file.flush()
        took: dict[str, list[float]] = {"plain": [], "partitioned": []}
        for turn in range(_ROUNDS):
            for kind in sorted(took, reverse=bool(turn % 2)):
                took[kind].append(_copied(connection, kind, file.name))
    return Appended(rows, median(took["plain"]), median(took["partitioned"]))


def _copied(connection: "psycopg.Connection[tuple[object, ...]]", kind: str, file: str) -> float:
    key = "PRIMARY KEY (chain_id, contract, seq)"
    with connection.transaction(force_rollback=True):
        if kind == "plain":
            connection.execute(f"CREATE TABLE appended (LIKE chain.entry, {key})")
        else:
            connection.execute(
                "CREATE TABLE appended (LIKE chain.entry) PARTITION BY RANGE (chain_id, block_number)"
            )
            connection.execute(
                f"CREATE TABLE appended_part PARTITION OF appended ({key}) "
                "FOR VALUES FROM (MINVALUE, MINVALUE) TO (MAXVALUE, MAXVALUE)"
            )
        connection.execute("CREATE INDEX ON appended (chain_id, block_number, log_index)")
        began = time.perf_counter()
        with connection.cursor().copy("COPY appended FROM STDIN") as copy:
            for part in _parts(file):
                copy.write(part)
        return time.perf_counter() - began


def _parts(file: str) -> Iterator[bytes]:
    with open(file, "rb") as source:  # noqa: PTH123 - a temporary file's name
        while part := source.read(1 << 20):
            yield part
