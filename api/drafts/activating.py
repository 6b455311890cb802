"""What puts a draft in force, asked of the relayer once: a further time only after that came to nothing."""

import time
from hashlib import sha256
from typing import Any

from eth_utils.address import to_canonical_address
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.drafts.reading import Reading
from ledger.actions import Call, call, with_accounts
from ledger.chain import first_acts
from ledger.chain.agreements import Registry
from ledger.chain.refusals import revert_data
from ledger.chain.reverts import reverted
from ledger.chain.rpc import RpcRefused
from ledger.people.acting import Place
from ledger.people.identity import Identity
from ledger.relay.accepting import Asked, Budget, accept
from ledger.rules.plan import opening_of
from ledger.store.tables import Relay
from ledger.terms.contracts import PARTNERS
from ledger.terms.ids import AgreementId


def asked(session: Session, registry: Registry, reading: Reading, budget: Budget) -> int:
    """The number of the relay that puts it in force, on the account of who made the draft, or else of its
    first party. Raises LedgerError in the words of whoever refuses: the contract, or the budget.
    """
    deployment, draft = registry.deployment, reading.draft
    own = draft.drafted_by or to_canonical_address(reading.terms.parties[0])
    place = Place(deployment.chain_id, to_canonical_address(deployment.address(PARTNERS)))
    who = Identity(place, own, own, None, frozenset())
    name = _name(session, who, draft.agreement)
    found = session.scalar(select(Relay).where(*_of(who), Relay.idempotency_key == name))
    if found is not None:
        return found.number
    made = _call(registry, reading)
    words = f"Put the agreement 0x{draft.agreement.hex()} in force, which all of its parties accepted"
    gas = _gas(registry, made, words)
    action = "activate_agreement" if reading.predecessor is None else "amend_agreement"
    wanted = Asked(name, sha256(name.encode()).digest(), action, words, made, gas)
    return accept(session, deployment, who, wanted, budget, int(time.time())).number


def _name(session: Session, who: Identity, agreement: AgreementId) -> str:
    """Its Idempotency-Key: two servers that ask at once ask for the same."""
    stem = f"activation-{agreement.hex()}"
    tried = select(func.count()).where(
        *_of(who), Relay.idempotency_key.startswith(stem), Relay.state == "failed"
    )
    return f"{stem}-{session.scalar(tried) or 0}"


def _of(who: Identity) -> Any:
    return (
        Relay.chain_id == who.place.chain_id,
        Relay.contract == who.place.contract,
        Relay.account == who.account,
    )


def _call(registry: Registry, reading: Reading) -> Call:
    """Which first puts accounts of passkeys on the chain that signed before they were there."""
    deployment = registry.deployment
    parties = [party.acceptance for party in reading.parties if not party.leaves]
    acceptances, accounts = first_acts.unwrapped(deployment, parties)
    leaving, others = first_acts.unwrapped(
        deployment, [party.acceptance for party in reading.parties if party.leaves]
    )
    given: dict[str, Any] = {"terms": reading.terms, "acceptances": acceptances}
    if reading.predecessor is None:
        made = call(deployment, "activate_agreement", **given)
    else:
        given |= {"predecessor": opening_of(reading.predecessor), "leaving": leaving}
        made = call(deployment, "amend_agreement", **given)
    return with_accounts(
        made, first_acts.missing(registry.node, deployment, [*accounts, *others]), deployment
    )


def _gas(registry: Registry, made: Call, words: str) -> int:
    """What it is estimated to use. Raises Reverted when the contract refuses it now."""
    try:
        return registry.node.number("eth_estimateGas", [{"to": made.to, "data": made.data}])
    except RpcRefused as error:
        if not error.is_revert:
            raise
        raise reverted(words, revert_data(error.data)) from error
