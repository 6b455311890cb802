"""``pledger db`` and ``pledger digest``: the tables' version, emptying the mirror, one number for it all."""

import sys

import typer
from sqlalchemy import select

from ledger.settings import Settings
from ledger.store import projections, schema
from ledger.store.database import Database
from ledger.store.digest import digest
from ledger.store.tables import Checkpoint

db_app = typer.Typer(no_args_is_help=True, help="The database's tables.")


@db_app.command("upgrade")
def upgrade_command() -> None:
    """Brings the tables to this program's version."""
    with Database.open(Settings(), migrate=False) as database:
        before, after = schema.upgrade(database.engine)
        with database.engine.connect() as connection:
            others = projections.found(connection) != projections.version()
    print(f"revision {after}, as before" if before == after else f"revision {before or 'none'} -> {after}")
    if others:
        print("Tables that follow from entries are of another version: `pledger index` makes them anew.")


@db_app.command("drop-chain")
def drop_chain_command() -> None:
    """Empties the tables that `pledger index` fills; it fills them again, to the same digest."""
    with Database.open(Settings()) as database:
        schema.drop_chain(database.engine)
    print("The schema chain is empty; run `pledger index` to fill it.")


def digest_command() -> None:
    """Prints the SHA-256 of all that the mirror holds; how far it has come goes to the error stream."""
    with Database.open(Settings()) as database:
        with database.session() as session:
            for point in session.scalars(
                select(Checkpoint).order_by(Checkpoint.chain_id, Checkpoint.deployment)
            ):
                print(
                    f"chain {point.chain_id} ledger 0x{point.deployment.hex()} "
                    f"block {point.block_number} 0x{point.block_hash.hex()}",
                    file=sys.stderr,
                )
        print(digest(database))
