"""A backup holds all of `app`, comes back whole or not at all, and leaves the chain to the chain."""

import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from ledger.errors import LedgerError
from ledger.store import locks, schema
from ledger.store.backup import backup, restore
from ledger.store.database import Database
from ledger.store.tables import APP, Base, Draft, DraftSignature, Incident, Token

AWKWARD = 'Zoë\t"x" \\. \\N \n\\.\n, it\'s; COPY app.draft (link) FROM stdin;\n\r€'


@pytest.fixture
def kept(database: Database) -> Database:
    """A database with something of everything that a person would miss."""
    draft = {"chain_id": 31337, "contract": b"\x11" * 20}
    with database.session() as session:
        for number in range(50):
            key = {**draft, "agreement": bytes([number]) * 32}
            terms = {"title": AWKWARD, "amount": str(2**256 - number), "none": None}
            session.add(Draft(**key, link=f"link {number} {AWKWARD}", terms=terms, created_at=number))
        session.flush()
        for number in range(50):
            for party in range(3):
                session.add(
                    DraftSignature(
                        **draft,
                        agreement=bytes([number]) * 32,
                        account=bytes([party]) * 20,
                        wallet=bytes([party + 1]) * 20,
                        nonce=2**256 - 1,
                        deadline=number,
                        signature=bytes(range(65)),
                        signed_at=number,
                    )
                )
        session.add(Token(chain_id=31337, address=b"\x22" * 20, symbol="\\N", decimals=None))
        for number in range(3):
            session.add(
                Incident(chain_id=1, deployment=b"\x33" * 20, kind="stop", at=number, node="n", what=AWKWARD)
            )
        session.commit()
    return database


@pytest.fixture
def empty(make_database_url: Callable[[], str]) -> Iterator[Database]:
    """A database without a table."""
    with Database.open(make_database_url()) as database:
        with database.engine.begin() as connection:
            connection.execute(text("DROP SCHEMA app CASCADE; DROP SCHEMA chain CASCADE"))
        yield database


def rows(database: Database) -> dict[str, list[Any]]:
    with database.engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(table.select())))
            for table in Base.metadata.sorted_tables
            if table.schema == APP
        }


def test_everything_comes_back(kept: Database, empty: Database, tmp_path: Path) -> None:
    saved = backup(kept, tmp_path / "kept.backup")
    assert (tmp_path / "kept.backup").stat().st_mode & 0o077 == 0, "drafts are nobody else's business"
    restored = restore(empty, tmp_path / "kept.backup")
    assert rows(empty) == rows(kept)
    assert restored.now == restored.revision == saved.revision == schema.newest_revision()
    assert restored.rows["draft_signature"] == saved.rows["draft_signature"] == 150
    with empty.session() as session:  # numbers go on where they were
        session.add(Incident(chain_id=1, deployment=b"\x33" * 20, kind="stop", at=9, node="n", what="more"))
        session.commit()
        assert session.query(Incident).count() == 4
    schema.drop_chain(empty.engine)  # the chain's tables are there


LATER = """
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "9998", "{}", None, None
def upgrade(): op.add_column("token", sa.Column("home", sa.Text(), server_default="?"), schema="app")
def downgrade(): op.drop_column("token", "home", schema="app")
"""


def test_a_backup_of_an_older_version_is_brought_to_this_one(
    kept: Database, empty: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program with one more migration restores what one without it has saved."""
    saved = backup(kept, tmp_path / "old.backup")
    shutil.copytree(schema.MIGRATIONS, tmp_path / "migrations")
    (tmp_path / "migrations" / "versions" / "9998_later.py").write_text(LATER.format(saved.revision))
    monkeypatch.setattr(schema, "MIGRATIONS", tmp_path / "migrations")
    monkeypatch.setattr(schema, "ALL_OF_APP", replace(schema.ALL_OF_APP))
    restored = restore(empty, tmp_path / "old.backup")
    assert (restored.revision, restored.now) == (saved.revision, "9998")
    assert rows(empty) == rows(kept)
    with empty.session() as session:
        assert set(session.scalars(text("SELECT home FROM app.token"))) == {"?"}


def test_a_database_in_use_is_replaced_only_when_told_to(
    kept: Database, other_database: Database, tmp_path: Path
) -> None:
    backup(kept, tmp_path / "kept.backup")
    with other_database.session() as session:
        session.add(Token(chain_id=1, address=b"\x44" * 20, symbol="OLD", decimals=1))
        session.commit()
    before = rows(other_database)
    with pytest.raises(LedgerError, match=r"rows in app\.token") as error:
        restore(other_database, tmp_path / "kept.backup")
    assert "--replace" in error.value.hint
    assert rows(other_database) == before
    with other_database.engine.connect() as indexer:
        locks.lock_shared(indexer, locks.CHAIN_SCHEMA)
        with pytest.raises(LedgerError, match="An indexer is writing"):
            restore(other_database, tmp_path / "kept.backup", replace=True)
    assert rows(other_database) == before
    other_database.engine.dispose()
    restore(other_database, tmp_path / "kept.backup", replace=True)
    assert rows(other_database) == rows(kept)


def test_a_backup_of_a_newer_version_is_refused(
    kept: Database, other_database: Database, tmp_path: Path
) -> None:
    with kept.engine.begin() as connection:
        connection.execute(text("UPDATE app.schema_version SET version_num = '9999'"))
    backup(kept, tmp_path / "new.backup")
    with pytest.raises(LedgerError, match=r"newer version \(revision 9999\)"):
        restore(other_database, tmp_path / "new.backup", replace=True)
    with other_database.engine.connect() as connection:
        assert schema.revision(connection) == schema.newest_revision()


def test_a_file_that_is_cut_short_changes_nothing(
    kept: Database, other_database: Database, tmp_path: Path
) -> None:
    good, bad = tmp_path / "good.backup", tmp_path / "bad.backup"
    backup(kept, good)
    content, before = good.read_bytes(), rows(other_database)
    for length in (0, 500, len(content) // 2, len(content) - 1):
        bad.write_bytes(content[:length])
        with pytest.raises(LedgerError, match="is not a backup, or a broken one"):
            restore(other_database, bad)
        assert rows(other_database) == before


@pytest.mark.long
def test_an_altered_bit_is_found_or_changes_nothing_that_is_restored(
    kept: Database, other_database: Database, tmp_path: Path
) -> None:
    good, bad = tmp_path / "good.backup", tmp_path / "bad.backup"
    backup(kept, good)
    content, wanted, before = good.read_bytes(), rows(kept), rows(other_database)
    chance = random.Random(4)
    for _ in range(8):
        altered = bytearray(content)
        altered[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        bad.write_bytes(altered)
        try:
            restore(other_database, bad)
        except LedgerError:
            assert rows(other_database) == before
        else:
            assert rows(other_database) == wanted
            schema.downgrade(other_database.engine, "base")
            schema.upgrade(other_database.engine)


def test_a_file_that_is_no_backup_is_named(kept: Database, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear partner,\n")
    with pytest.raises(LedgerError, match=r"letter\.txt is not a backup"):
        restore(kept, tmp_path / "letter.txt")
    with pytest.raises(LedgerError, match="There is no file"):
        restore(kept, tmp_path / "nothing")


def test_a_backup_overwrites_nothing_and_leaves_no_half_file(
    kept: Database, empty: Database, tmp_path: Path
) -> None:
    (tmp_path / "there").write_text("mine")
    with pytest.raises(LedgerError, match="is there already"):
        backup(kept, tmp_path / "there")
    with pytest.raises(LedgerError, match="none of this program's tables"):
        backup(empty, tmp_path / "new")
    with pytest.raises(LedgerError, match="cannot be written"):
        backup(kept, tmp_path / "no folder" / "file")
    assert [each.name for each in tmp_path.iterdir()] == ["there"]
    assert (tmp_path / "there").read_text() == "mine"
    backup(kept, tmp_path / "there", replace=True)
    assert [each.name for each in tmp_path.iterdir()] == ["there"]
