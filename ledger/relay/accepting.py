"""A call is taken for the relayer: one that it may send, within the account's budget, once for each name."""

import secrets
from dataclasses import dataclass

from eth_utils.address import to_canonical_address
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ledger.actions import Call, allowed_calls
from ledger.errors import LedgerError
from ledger.people.identity import Identity
from ledger.signing.passkeys import act_within
from ledger.store import locks, notices
from ledger.store.tables import Relay
from ledger.terms.contracts import ACCOUNTS
from ledger.terms.deployment import Deployment

CHANNEL = "pledger_relay"
"""On which the database tells the relayer that something waits."""
DAY = 86_400
MOST_GAS = 15_000_000
"""Of one call: more would not fit a block of every chain."""


class NotRelayed(LedgerError):
    """The call is not one that the relayer sends for others."""


class BudgetSpent(LedgerError):
    """The account, or all together, have used up the day's gas; ``seconds`` until the next day."""

    def __init__(self, what: str, seconds: int) -> None:
        super().__init__(what, "Ask again when the next day (UTC) begins, or send it from a wallet of yours.")
        self.seconds = seconds


class NameTaken(LedgerError):
    """Another call was asked for under the same Idempotency-Key."""


@dataclass(frozen=True)
class Budget:
    """Gas that is spent a day (UTC) for one account, and for all together."""

    account: int
    all: int


@dataclass(frozen=True)
class Asked:
    """A call that somebody asks to be sent. ``name``: their Idempotency-Key; ``body_hash``: of what they
    said; ``gas``: what it is estimated to use.
    """

    name: str
    body_hash: bytes
    action: str
    words: str
    call: Call
    gas: int


def require_allowed(call: Call, deployment: Deployment) -> None:
    """Raises NotRelayed unless the call carries its actor's signature, or is anyone's to make."""
    if (_contract(call, deployment), _carried(call)[:4]) not in allowed_calls():
        raise NotRelayed(f"{call.function} is not among the calls that the relayer sends for others.")
    if call.value:
        raise NotRelayed(
            "The relayer sends no coin along.", "Pay in a token, or from a wallet of yours that has the coin."
        )


def _contract(call: Call, deployment: Deployment) -> str | None:
    """Of the ledger's, which in the end is called."""
    found = deployment.kind_of(call.to)
    if found != call.contract:
        return None
    within = act_within(bytes.fromhex(call.data[2:])) if found == ACCOUNTS else None
    return found if within is None else deployment.kind_of(within[0])


def _carried(call: Call) -> bytes:
    """The calldata that it is called with: behind that which puts accounts of passkeys on the chain."""
    data = bytes.fromhex(call.data[2:])
    within = act_within(data) if call.contract == ACCOUNTS else None
    return data if within is None else within[1]


def before(session: Session, by: Identity, name: str, body_hash: bytes) -> Relay | None:
    """What was asked for under this name before. Raises NameTaken when it was something else."""
    found = session.scalar(
        select(Relay).where(
            Relay.chain_id == by.place.chain_id,
            Relay.contract == by.place.contract,
            Relay.account == by.account,
            Relay.idempotency_key == name,
        )
    )
    if found is not None and found.body_hash != body_hash:
        raise NameTaken(
            "Under this Idempotency-Key something else was asked for.",
            "Take a new key for each action; send the same again only to ask what became of it.",
        )
    return found


def accept(
    session: Session, deployment: Deployment, by: Identity, asked: Asked, budget: Budget, now: int
) -> Relay:
    """Takes a call, or finds the one of this name; committed. Raises NotRelayed, BudgetSpent, NameTaken."""
    require_allowed(asked.call, deployment)
    if asked.gas > MOST_GAS:
        raise NotRelayed(f"It takes {asked.gas:,} gas, and {MOST_GAS:,} at most are sent for others.")
    locks.lock_in_transaction(session.connection(), locks.budget_key(by.place.chain_id))
    found = before(session, by, asked.name, asked.body_hash)
    if found is not None:
        return found
    _require_left(session, by, asked.gas, budget, now)
    relay = Relay(
        id=secrets.token_hex(16),
        chain_id=by.place.chain_id,
        contract=by.place.contract,
        account=by.account,
        asked_by=by.key or "0x" + by.address.hex(),
        idempotency_key=asked.name,
        body_hash=asked.body_hash,
        action=asked.action,
        words=asked.words,
        to=to_canonical_address(asked.call.to),
        data=bytes.fromhex(asked.call.data[2:]),
        gas=asked.gas,
        asked_at=now,
        state="waiting",
        settled=False,
    )
    session.add(relay)
    notices.tell(session, CHANNEL)
    session.commit()
    return relay


def _require_left(session: Session, by: Identity, gas: int, budget: Budget, now: int) -> None:
    today = now - now % DAY
    spent = select(func.coalesce(func.sum(Relay.gas), 0)).where(
        Relay.chain_id == by.place.chain_id, Relay.asked_at >= today
    )
    own = spent.where(Relay.contract == by.place.contract, Relay.account == by.account)
    left = today + DAY - now
    for statement, most, who in ((own, budget.account, "your account"), (spent, budget.all, "everybody")):
        used = int(session.scalar(statement) or 0)
        if used + gas > most:
            what = f"It takes {gas:,} gas, and of the {most:,} a day for {who}, {used:,} are spent."
            raise BudgetSpent(what, left)
