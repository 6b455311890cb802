"""How far a draft is: which parties have accepted, and whether the agreement is in force."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from eth_typing import ChecksumAddress

from ledger.chain.agreements import Sight
from ledger.chain.authorization import BY_TRANSACTION, Authorization


class PartyState(StrEnum):
    """Whether a party has accepted, or why its signature no longer counts."""

    WAITING = "waiting"
    SIGNED = "signed"
    ACCEPTED = "accepted"
    """By a transaction of its own, as the mirror knows."""
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    WALLET_CHANGED = "wallet_changed"


class DraftState(StrEnum):
    """``ready``: all have accepted, but the chain does not know it yet."""

    COLLECTING = "collecting"
    READY = "ready"
    ACTIVE = "active"


@dataclass(frozen=True)
class Signed:
    """A signature as it is stored: what it authorizes, and the wallet that made it."""

    wallet: ChecksumAddress
    authorization: Authorization


@dataclass(frozen=True)
class Party:
    """A party of a draft. ``signed`` is there whether or not it still counts; ``leaves``: it is a party of
    what the draft amends, and of the draft no more.
    """

    account: ChecksumAddress
    wallet: ChecksumAddress
    state: PartyState
    signed: Signed | None
    leaves: bool = False

    @property
    def done(self) -> bool:
        """Whether nothing is left to do for this party."""
        return self.state in (PartyState.SIGNED, PartyState.ACCEPTED)

    @property
    def acceptance(self) -> Authorization:
        """What `activate` is given for this party, once it is done."""
        signed = self.signed if self.state is PartyState.SIGNED else None
        return BY_TRANSACTION if signed is None else signed.authorization


def parties_of(
    accounts: Sequence[ChecksumAddress],
    signatures: Mapping[str, Signed],
    accepted: AbstractSet[str],
    sight: Sight,
    leaving: Sequence[ChecksumAddress] = (),
) -> tuple[Party, ...]:
    """The parties in the order of the terms, then those that leave in the order of their own. ``accepted``:
    accounts that accepted by transaction.
    """
    return tuple(
        Party(
            account,
            sight.wallets[account],
            _state(account, signatures.get(account), account in accepted, sight),
            signatures.get(account),
            account in leaving,
        )
        for account in (*accounts, *leaving)
    )


def _state(account: str, signed: Signed | None, accepted: bool, sight: Sight) -> PartyState:
    if sight.active:
        return PartyState.SIGNED if signed else PartyState.ACCEPTED
    if accepted:
        return PartyState.ACCEPTED
    if signed is None:
        return PartyState.WAITING
    if (account, signed.authorization.nonce) in sight.spent:
        return PartyState.CANCELLED
    if signed.wallet != sight.wallets[account]:
        return PartyState.WALLET_CHANGED
    # The next block is later than the newest one, so a deadline that is only just met counts as missed.
    if signed.authorization.deadline <= sight.timestamp:
        return PartyState.EXPIRED
    return PartyState.SIGNED


def draft_state(parties: Sequence[Party], sight: Sight) -> DraftState:
    """The draft's state, from the chain's and the parties'."""
    if sight.active:
        return DraftState.ACTIVE
    return DraftState.READY if all(party.done for party in parties) else DraftState.COLLECTING
