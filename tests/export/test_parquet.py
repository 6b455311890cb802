"""An export is the mirror: read back by another engine, it has the mirror's digest."""

import hashlib
import json
import random
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from histories import SCOPE, History

from ledger.errors import LedgerError
from ledger.export import parquet
from ledger.export.parquet import export
from ledger.indexer.mirror import Mirror
from ledger.indexer.steps import checked
from ledger.store.database import Database
from ledger.store.digest import digest

HIGHEST = 2**256 - 1
DAYS = 7


def fill(database: Database, blocks: int) -> None:
    """A random history over a week; one amount is the highest there is, and one name is spiteful."""
    history = History(random.Random(1))
    history.grow(blocks)
    whole = history.batch(1, blocks)
    with database.engine.connect() as connection:
        mirror = Mirror(connection, SCOPE)
        mirror.apply(checked(SCOPE, whole, mirror.journals), 0)
    later = f"block_timestamp + 86400 * (block_number / {blocks // DAYS + 1})"
    with database.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE chain.entry SET block_timestamp = {later}")
        connection.exec_driver_sql(
            f"UPDATE chain.payment SET amount = {HIGHEST} WHERE seq = (SELECT min(seq) FROM chain.payment)"
        )
        connection.exec_driver_sql("UPDATE chain.partner SET name = E'a\\tb\\\\c\\nd''\"{,}ü' WHERE seq = 1")


def asked(question: str) -> list[tuple[Any, ...]]:
    return duckdb.connect().execute(question).fetchall()


def nobody(_done: int, _total: int) -> None:
    """Nobody listens."""


def manifest_of(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "manifest.json").read_text()))


def files_of(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*.parquet")}


def read_back(folder: Path) -> str:
    """The digest as ledger/store/digest.py describes it, from the files alone."""
    total = hashlib.sha256()
    for name, table in sorted(manifest_of(folder)["tables"].items()):
        total.update(f"{name}({','.join(table['columns'])})\n".encode())
        if table["files"]:
            files = f"read_parquet('{folder}/{name}/**/part.parquet', hive_partitioning = false)"
            for row in asked(
                f"SELECT {quoted(table['columns'])} FROM {files} ORDER BY {quoted(table['key'])}"
            ):
                total.update(("\t".join(as_copied(value) for value in row) + "\n").encode())
    return total.hexdigest()


def quoted(columns: list[str]) -> str:
    return ",".join(f'"{column}"' for column in columns)


def as_copied(value: Any) -> str:
    """A value as PostgreSQL's COPY writes it."""
    if value is None:
        return r"\N"
    plain = in_array(value) if isinstance(value, list) else unquoted(value)
    for character, escape in (("\\", r"\\"), ("\t", r"\t"), ("\n", r"\n"), ("\r", r"\r")):
        plain = plain.replace(character, escape)
    return plain


def in_array(values: list[Any]) -> str:
    written = ('"\\\\x' + value.hex() + '"' if isinstance(value, bytes) else str(value) for value in values)
    return "{" + ",".join(written) + "}"


def unquoted(value: Any) -> str:
    if isinstance(value, bool):
        return "t" if value else "f"
    return "\\x" + value.hex() if isinstance(value, bytes) else str(value)


def test_duckdb_reads_the_same_digest(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "ROW_GROUP", 50)
    fill(database, 400)
    heard: list[tuple[int, int]] = []
    lake = tmp_path / "all"
    done = export(database, lake, told=lambda *progress: heard.append(progress))
    assert read_back(lake) == done.digest == manifest_of(lake)["digest"] == digest(database)
    assert heard[0] == (0, done.rows)
    assert heard[-1] == (done.rows, done.rows)
    (point,) = manifest_of(lake)["checkpoints"]
    assert (point["chain_id"], point["block_number"]) == (SCOPE.chain_id, 400)
    require_what_the_manifest_lists(lake, done.rows)
    require_each_row_under_its_day(lake)
    payments = f"read_parquet('{lake}/payment/*/part.parquet')"
    assert asked(f"SELECT amount FROM {payments} ORDER BY seq LIMIT 1") == [(str(HIGHEST),)]


def require_what_the_manifest_lists(lake: Path, rows: int) -> None:
    tables = manifest_of(lake)["tables"]
    files = {file["path"]: file for table in tables.values() for file in table["files"]}
    assert len(tables["entry"]["files"]) == DAYS
    assert set(files) == files_of(lake)
    for path, file in files.items():
        assert file["sha256"] == hashlib.sha256((lake / path).read_bytes()).hexdigest()
        assert asked(f"SELECT count(*) FROM read_parquet('{lake}/{path}')") == [(file["rows"],)]
    assert sum(file["rows"] for file in files.values()) == rows


def require_each_row_under_its_day(lake: Path) -> None:
    entries = f"read_parquet('{lake}/entry/*/part.parquet')"
    day = "CAST(make_timestamp(entry.block_timestamp * 1000000) AS DATE)"
    for name, table in manifest_of(lake)["tables"].items():
        if "seq" not in table["columns"]:
            assert [file["path"] for file in table["files"]] == [f"{name}/part.parquet"]
        elif table["files"]:
            made = f"read_parquet('{lake}/{name}/*/part.parquet')"
            astray = asked(
                f"SELECT count(*) FROM {made} AS made LEFT JOIN {entries} AS entry "
                f"USING (chain_id, contract, seq) WHERE entry.seq IS NULL OR made.day <> {day}"
            )
            assert astray == [(0,)], name


def test_some_days_hold_what_these_days_made(database: Database, tmp_path: Path) -> None:
    """The first days, and the rest, are together the whole."""
    fill(database, 70)
    whole = export(database, tmp_path / "all", told=nobody)
    daily = {path for path in files_of(tmp_path / "all") if "day=" in path}
    days = sorted({day_of(path) for path in daily})
    assert len(days) == DAYS
    first = export(database, tmp_path / "first", None, days[2], told=nobody)
    rest = export(database, tmp_path / "rest", days[3], None, told=nobody)
    assert (first.digest, rest.digest) == (None, None)
    sums = files_of(tmp_path / "all") - daily
    assert files_of(tmp_path / "first") & files_of(tmp_path / "rest") == sums
    assert first.files + rest.files - len(sums) == whole.files
    for path in daily:
        part = "first" if day_of(path) <= days[2] else "rest"
        assert (tmp_path / part / path).read_bytes() == (tmp_path / "all" / path).read_bytes()
    before = days[0] - timedelta(days=1)
    assert files_of(tmp_path / "none") == set()
    export(database, tmp_path / "none", before, before, told=nobody)
    assert files_of(tmp_path / "none") == sums


def day_of(path: str) -> date:
    return date.fromisoformat(path.split("day=")[1][:10])


def test_a_folder_is_there_whole_or_not_at_all(database: Database, tmp_path: Path) -> None:
    fill(database, 70)

    def stop(done: int, total: int) -> None:
        if done > total / 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(database, tmp_path / "lake", told=stop)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "lake").mkdir()
    done = pledger(database, tmp_path, "export", "--parquet", "lake")
    assert done.returncode == 0, done.stderr
    assert done.stdout == read_back(tmp_path / "lake") + "\n"
    before = files_of(tmp_path)
    with pytest.raises(LedgerError, match="is not empty"):
        export(database, tmp_path / "lake", told=nobody)
    assert files_of(tmp_path) == before


def test_without_pyarrow_it_says_what_to_install(database: Database, tmp_path: Path) -> None:
    done = pledger(database, tmp_path, "export", "--parquet", "lake", before="sys.modules['pyarrow'] = None")
    assert done.returncode != 0
    assert done.stderr.startswith("error: The export needs pyarrow")
    assert "pip install 'partnership-ledger[export]'" in done.stderr


def pledger(
    database: Database, folder: Path, *arguments: str, before: str = "pass"
) -> "subprocess.CompletedProcess[str]":
    """The command as a process of its own, of this checkout, after a statement."""
    program = f"import sys; {before}; from ledger.cli.main import main; main()"
    environment = {
        "PLEDGER_DATABASE_URL": database.url.render_as_string(hide_password=False),
        "PYTHONPATH": str(Path(parquet.__file__).parents[2]),
    }
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
