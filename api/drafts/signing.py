"""A party's signature is checked the way the contract will check it, and only then stored."""

from eth_typing import ChecksumAddress
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from api.drafts import queries
from api.drafts.parties import DraftState
from api.drafts.problems import (
    ALREADY_ACTIVE,
    ALREADY_SIGNED,
    NONCE_SPENT,
    NOT_A_PARTY,
    SIGNATURE_EXPIRED,
    SIGNATURE_INVALID,
)
from api.drafts.reading import Reading, find, read
from api.problems import Problem
from ledger.actions import form
from ledger.chain import first_acts
from ledger.chain.agreements import Registry
from ledger.chain.authorization import Authorization
from ledger.chain.signatures import counts_once_deployed, signer, taken
from ledger.signing import digest
from ledger.signing.counterfactual import is_wrapped
from ledger.store.tables import DraftSignature
from ledger.terms.ids import AgreementId
from ledger.terms.quantities import moment


def add(
    session: Session, registry: Registry, link: str, account: ChecksumAddress, given: Authorization
) -> Reading:
    """Stores a signature, or one that takes the place of one which no longer counts.

    Returns the draft as it then stands. Raises ``Problem`` when the signature would not count.
    """
    draft = find(session, registry, link, lock=True)
    reading = read(session, registry, draft)
    party = reading.party(account)
    if party is None:
        raise Problem(NOT_A_PARTY, f"{account} is not a party of this agreement.", field="account")
    if reading.state is DraftState.ACTIVE:
        raise Problem(ALREADY_ACTIVE, "The agreement is in force: every party has accepted it.")
    if party.done:
        raise Problem(ALREADY_SIGNED, f"{account} has accepted already.", field="account")
    if given.deadline <= reading.sight.timestamp:
        late = f"The signature counted until {moment(given.deadline)}."
        raise Problem(SIGNATURE_EXPIRED, late, field="deadline")
    if _is_spent(registry, draft.agreement, account, given.nonce):
        raise Problem(NONCE_SPENT, f"{account} has cancelled the nonce {given.nonce}.", field="nonce")

    message = form(
        registry.deployment,
        "accept_agreement",
        account=account,
        terms=reading.terms,
        nonce=given.nonce,
        deadline=given.deadline,
    )
    hashed = digest(message)
    signature = taken(registry.node, party.wallet, hashed, given.signature, registry.address)
    if signature is None and _counts_once_there(registry, party.wallet, hashed, given.signature):
        signature = given.signature  # with how the account is made: the activation makes it
    if signature is None:
        raise _refusal(registry, party.wallet, hashed, given.signature)
    _store(session, reading, account, party.wallet, given, signature)
    session.commit()
    return read(session, registry, draft)


def _counts_once_there(registry: Registry, wallet: ChecksumAddress, hashed: bytes, signature: bytes) -> bool:
    """Whether it is of an account of a passkey that is not on the chain yet, and good of it."""
    return (
        first_acts.is_of(registry.deployment, signature, wallet)
        and not registry.node.has_code(wallet)
        and counts_once_deployed(registry.node, wallet, hashed, signature)
    )


def _is_spent(registry: Registry, agreement: AgreementId, account: ChecksumAddress, nonce: int) -> bool:
    return bool(registry.look(agreement, [], [(account, nonce)]).spent)


def _refusal(registry: Registry, wallet: ChecksumAddress, hashed: bytes, signature: bytes) -> Problem:
    made_by = signer(hashed, signature)
    hint = None
    if not signature:
        what = "The signature is empty: the wallet may have approved on chain instead of signing."
    elif is_wrapped(signature) and not registry.node.has_code(wallet):
        if counts_once_deployed(registry.node, wallet, hashed, signature):
            what = (
                f"The signature is right, but the wallet {wallet} is not on the chain yet, and the contracts "
                "ask the wallet itself (ERC-1271)."
            )
            hint = (
                "Put the wallet on the chain, as any first transaction of it does; then hand in this same "
                "signature again."
            )
        else:
            what = (
                f"The wallet {wallet} is not on the chain yet, and would not recognise this signature "
                "(ERC-6492) if its factory put it there."
            )
    elif made_by is None:
        what = f"The wallet {wallet} does not recognise this signature."
    else:
        what = (
            f"Over these values it is a signature of {made_by}, but the party's wallet is {wallet}. "
            "Either another wallet signed, or it signed other values."
        )
    return Problem(SIGNATURE_INVALID, what, field="signature", hint=hint, wallet=wallet, recovered=made_by)


def _store(
    session: Session, reading: Reading, account: str, wallet: str, given: Authorization, signature: bytes
) -> None:
    key = {
        "chain_id": reading.draft.chain_id,
        "contract": reading.draft.contract,
        "agreement": reading.draft.agreement,
        "account": queries.raw(account),
    }
    values = {
        "wallet": queries.raw(wallet),
        "nonce": given.nonce,
        "deadline": given.deadline,
        "signature": signature,
        "signed_at": reading.sight.timestamp,
    }
    statement = insert(DraftSignature).values(**key, **values)
    session.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))
