"""How far each deployment is mirrored, and which one is asked for: the beginning of whatever is read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson

from ledger.errors import LedgerError
from ledger.store import projections
from ledger.store.asked import Statement
from ledger.store.tables import APP, CHAIN, Checkpoint
from ledger.terms.contracts import JOURNALS, ContractName

GATE: Statement = (f"LOCK TABLE {CHAIN}.{Checkpoint.__tablename__} IN ACCESS SHARE MODE", None)
"""``pledger rebuild`` puts new tables in place while nobody holds this lock."""
STANDING: Statement = (
    f"""
SELECT d.chain_id, d.ledger, d.json::text AS json, c.block_number, c.block_hash, c.timestamp,
  coalesce(b.verified, false) AS verified, NOT EXISTS (
    SELECT FROM {CHAIN}.block u
    WHERE u.chain_id = d.chain_id AND u.deployment = d.ledger AND NOT u.verified
      AND u.number <= c.block_number
  ) AS all_verified, (SELECT version FROM {CHAIN}.projections) AS tables_version
FROM {APP}.deployment d
LEFT JOIN {CHAIN}.checkpoint c ON c.chain_id = d.chain_id AND c.deployment = d.ledger
LEFT JOIN {CHAIN}.block b ON b.chain_id = d.chain_id AND b.deployment = d.ledger AND b.number = c.block_number
ORDER BY d.chain_id, d.ledger
""",  # noqa: S608 - put together from constants
    None,
)
"""How far each deployment is mirrored, and whether the times that this rests on are verified."""


class DeploymentUnknown(LedgerError):
    """The mirror does not hold the deployment asked for, or holds none."""


class DeploymentAmbiguous(LedgerError):
    """The mirror holds several deployments and none was named."""


@dataclass(frozen=True)
class AsOf:
    """A block: what happened up to and with it is seen, and time stands at its timestamp (seconds).

    ``verified``: its hash was seen to stand for that time; else it is a node's word alone.
    """

    number: int
    hash: bytes
    timestamp: int
    verified: bool


@dataclass(frozen=True)
class Standing:
    """A deployment and its newest block; ``file`` is the deployment file, which names its contracts.

    ``all_verified``: whether the times of this block and of every one before it that the mirror keeps are.
    """

    chain_id: int
    ledger: bytes
    file: Mapping[str, Any]
    contracts: Mapping[ContractName, bytes]
    as_of: AsOf
    all_verified: bool


def chosen(known: Sequence[Any], chain_id: int | None, ledger: bytes | None) -> Standing:
    """The one that is asked for, of the rows of ``STANDING``.

    Raises ``DeploymentUnknown``, ``DeploymentAmbiguous``, ``TablesOfAnotherVersion``.
    """
    if not known:
        raise DeploymentUnknown(
            "The database mirrors no deployment yet.", "Run `pledger index --once` first."
        )
    wanted = [
        each
        for each in known
        if (chain_id is None or each.chain_id == chain_id) and (ledger is None or each.ledger == ledger)
    ]
    if len(wanted) != 1:
        names = ", ".join(f"{each.chain_id}:0x{each.ledger.hex()}" for each in known)
        if not wanted:
            raise DeploymentUnknown("The database does not mirror this deployment.", f"It mirrors {names}.")
        raise DeploymentAmbiguous("The database mirrors several deployments.", f"Name one of {names}.")
    (found,) = wanted
    projections.require(found.tables_version)
    if found.block_number is None:
        raise DeploymentUnknown(
            f"Nothing of the deployment 0x{found.ledger.hex()} is mirrored yet.",
            "Run `pledger index --once` first.",
        )
    file, contracts = _file(found.json)
    as_of = AsOf(found.block_number, found.block_hash, found.timestamp, found.verified)
    return Standing(
        found.chain_id, found.ledger, file, contracts, as_of, found.verified and found.all_verified
    )


@lru_cache(maxsize=16)
def _file(json: str) -> tuple[Mapping[str, Any], Mapping[ContractName, bytes]]:
    """A deployment file, and the contracts that keep a journal."""
    file = orjson.loads(json)
    return file, {name: bytes.fromhex(file["contracts"][name][2:]) for name in JOURNALS}
