"""Many ledgers' rows out of one: SQL that copies the seed again and again, as later business.

A copy is the seed's business once more: other blocks, transactions, deals and invoices, later in time. A
family of copies is the same partners' under the same agreements, then come others. Entries keep their events,
and topics and data their lengths; in the projections every key moves with its copy or family. Heads, hashes
are made up: what is measured does not look at them, and the audit would.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, Table, text

from ledger.store import partitions, tables
from ledger.store.digest import digested

FAMILY = 50
"""Copies that are the same partners'."""
YEARS = 3
"""What all copies together take."""
BLOCKS = 600
"""From one copy to the next: the seed's business takes some 500."""
_PER_FAMILY = {
    "acceptance", "agreement", "agreement_party", "agreement_payee", "agreement_token", "agreement_tranche",
    "amendment", "attestation", "book", "cancelled_nonce", "claimed", "consent", "ending", "owner_change",
    "partner", "programme", "programme_epoch", "recovery", "wallet_change",
}  # fmt: skip
_FAMILY_KEYS = {
    "account", "agreement", "by_account", "debtor", "list_root", "owner", "payer", "predecessor", "previous",
    "programme", "recipient", "registered_under", "reviewed", "reviewer", "successor", "vendor", "wallet",
}  # fmt: skip
_COPY_KEYS = {
    "block_hash", "commitment", "deal", "entry_hash", "hash", "head", "invoice_ref", "parent_hash", "rival",
    "tag", "transaction_hash",
}  # fmt: skip
_NUMBERS = {"seq", "priority"}
_BLOCKS = {"block_number", "number"}
_PAST = {"at", "block_timestamp", "timestamp", "state_since"}
_LATER = {"decide_by", "rule_by", "matures_at", "valid_from", "expires_at", "executable_at", "effective_at"}

_FUNCTIONS = """
CREATE SCHEMA seed;
CREATE FUNCTION seed.moved(word bytea, number bigint) RETURNS bytea LANGUAGE sql IMMUTABLE AS
  $$ SELECT overlay(word PLACING int4send(number::int) FROM octet_length(word) - 7) $$;
"""


@dataclass(frozen=True)
class Seed:
    """What the copies are made of: how many entries, and when its business began and ended."""

    entries: int
    began: int
    ended: int


def prepare(connection: Connection) -> Seed:
    """Sets the mirror's rows aside as the seed, and empties the mirror's tables."""
    connection.execute(text(_FUNCTIONS))
    for table in _tables():
        connection.execute(text(f"CREATE TABLE seed.{table.name} AS SELECT * FROM {table}"))
        connection.execute(text(f"TRUNCATE {table}"))
    connection.execute(
        text(
            "CREATE TABLE seed.length AS "
            "SELECT contract, max(seq) AS entries FROM seed.entry GROUP BY contract"
        )
    )
    row = connection.execute(
        text("SELECT count(*), min(block_timestamp), max(block_timestamp) FROM seed.entry")
    ).one()
    return Seed(*row)


def multiply(connect: Callable[[], Connection], seed: Seed, copies: int, family: int) -> Iterator[int]:
    """Writes so many copies, a family at a time; yields how many are there."""
    step = max(1, YEARS * 365 * 86_400 // copies)
    with connect() as connection:
        with connection.begin():
            chain_id = connection.scalar(text("SELECT min(chain_id) FROM seed.entry"))
        for first in range(0, copies, family):
            last = min(copies, first + family)
            with connection.begin():
                made = range(first * BLOCKS, (last + 1) * BLOCKS, BLOCKS)
                partitions.make_room(connection, chain_id, made)
                for table in _tables():
                    connection.execute(
                        text(_copied(table, seed, step, family)), {"first": first, "last": last}
                    )
            yield last
        with connection.begin():
            connection.execute(
                text(
                    "UPDATE chain.checkpoint SET (block_number, block_hash, timestamp) = "
                    "(SELECT number, hash, timestamp FROM chain.block ORDER BY number DESC LIMIT 1)"
                )
            )
            connection.execute(text("DROP SCHEMA seed CASCADE"))


def _tables() -> list[Table]:
    return [*digested(), tables.Base.metadata.tables["chain.block"]]


def _copied(table: Table, seed: Seed, step: int, family: int) -> str:
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    values = ", ".join(_value(table, column, seed, step, family) for column in table.columns)
    copies = "generate_series(:first, :last - 1) AS copy"
    if table.name in _PER_FAMILY:
        copies = "(SELECT CAST(:first AS int) AS copy) AS one"
    counted = " LEFT JOIN seed.length USING (contract)" if "contract" in table.columns else ""
    order = "copy, block_number, log_index" if table.name == "entry" else "copy"
    return (
        f"INSERT INTO {table} ({columns}) SELECT {values} "
        f"FROM seed.{table.name}{counted}, {copies} ORDER BY {order}"
    )


def _value(table: Table, column: Column[Any], seed: Seed, step: int, size: int) -> str:
    name, family = f'"{column.name}"', f"(copy / {size})"
    if column.name in _NUMBERS:
        return f"{name} + copy::bigint * entries"
    if column.name in _BLOCKS:
        return f"{name} + copy::bigint * {BLOCKS}"
    if column.name in _LATER or column.name.endswith("_until"):
        days = f"copy::bigint * {step} / 86400 * 86400"
        return f"CASE WHEN {name} < 9000000000 THEN {name} + {days} ELSE {name} END"
    if column.name in _PAST or column.name.endswith("_at"):
        # Copies follow one another: each has as long as there is until the next.
        span = max(1, seed.ended - seed.began)
        return f"{seed.began} + copy::bigint * {step} + ({name} - {seed.began}) * {step} / {span}"
    if column.name in _COPY_KEYS:
        return f"seed.moved({name}, copy)"
    if column.name in _FAMILY_KEYS:
        return f"seed.moved({name}, {family})"
    if column.name == "topics":
        own = f"CASE WHEN event LIKE 'Deal%' THEN copy ELSE {family} END"
        return (
            f"topics[1:1] || (SELECT array_agg(seed.moved(word, {own}) ORDER BY place) "
            "FROM unnest(topics[2:]) WITH ORDINALITY AS t (word, place))"
        )
    if column.name == "debt" and table.name in ("debt", "debt_payout"):
        return f"{name} * {size} + copy % {size}"
    if table.name in ("book", "claimed") and not column.primary_key:
        return f"{name} * (CAST(:last AS int) - copy)"
    return name
