"""The roots that stand for an agreement's terms on chain.

As contracts/agreements/libraries/Plan.sol makes them:

- leaf of a payee: ``keccak256(keccak256(abi.encode(account, weights)))``;
- payees' root: neighbours hashed in ascending order, level by level; an odd last one rises unchanged;
- tranches' hash: keccak256 over each tranche's two words;
- plan root: ``keccak256(abi.encode(tranchesHash, payeesRoot))``;
- conditions' hash: keccak256 over their words, a list by the hash over its own words;
- agreement's root: ``keccak256(abi.encode(planRoot, conditionsHash))``;
- agreement's id: ``keccak256(abi.encode(home, root))``; home: ``keccak256(abi.encode(chainid, registry))``.
"""

from collections.abc import Sequence
from typing import Any

from eth_abi.abi import encode
from eth_typing import ChecksumAddress
from eth_utils.address import to_canonical_address
from eth_utils.crypto import keccak

from ledger.errors import LedgerError
from ledger.terms.agreement import UNBOUNDED, Conditions, Payee, Terms, Tranche
from ledger.terms.ids import AgreementId


def payee_leaf(payee: Payee) -> bytes:
    """A payee's leaf; hashed twice so that no inner node passes for one."""
    return keccak(keccak(encode(["address", "uint64[]"], [payee.account, list(payee.weights)])))


def payees_root(payees: Sequence[Payee]) -> bytes:
    """The root over the payees in their order. Raises LedgerError when there is none."""
    return _levels(payees)[-1][0]


def proof(terms: Terms, account: str) -> tuple[bytes, ...]:
    """The sibling hashes that lead from the payee's leaf to the payees' root.

    Raises LedgerError when the account is not a payee.
    """
    return _siblings(terms.payees.index(_payee(terms, account)), _levels(terms.payees))


def plan_root(terms: Terms) -> bytes:
    """The root over tranches and payees."""
    return keccak(_tranches_hash(terms.tranches) + payees_root(terms.payees))


def conditions_hash(conditions: Conditions) -> bytes:
    """Hash of the part of the terms that is opened again and again, and of the hash of all of them: its
    words, each list as the hash over its own.
    """
    return keccak(b"".join(_word(value) for value in conditions.to_abi()))


def whole_plan(terms: Terms) -> tuple[Any, ...]:
    """The ``WholePlan`` tuple: who is paid under the terms, in flat lists."""
    weights = [weight for payee in terms.payees for weight in payee.weights]
    accounts = [payee.account for payee in terms.payees]
    tranches = [tranche.to_abi() for tranche in terms.tranches]
    return (conditions_hash(terms.conditions()), tranches, accounts, weights)


def agreement_root(terms: Terms) -> bytes:
    """What the agreement's id binds."""
    return keccak(plan_root(terms) + conditions_hash(terms.conditions()))


def home(chain_id: int, registry: str) -> bytes:
    """Where agreements are at home: what their ids are made with, for the registry's whole life."""
    return keccak(_word(chain_id) + _word(registry))


def agreement_id(terms: Terms, chain_id: int, registry: str) -> AgreementId:
    """The id that the terms have under an agreement registry. Raises LedgerError when they have no payee."""
    return AgreementId(keccak(home(chain_id, registry) + agreement_root(terms)))


def share_of(terms: Terms, agreement_id: AgreementId, account: str, period: int = 0) -> tuple[Any, ...]:
    """The ``Share`` tuple that ``claim`` and ``claimableOf`` take for this payee and period.

    Raises LedgerError when the account is not a payee.
    """
    index = terms.payees.index(_payee(terms, account))
    return _share(terms, agreement_id, period, index, _levels(terms.payees))


def shares_of(
    terms: Terms, agreement_id: AgreementId, period: int = 0
) -> dict[ChecksumAddress, tuple[Any, ...]]:
    """The same of every payee, by account."""
    levels = _levels(terms.payees)
    return {
        payee.account: _share(terms, agreement_id, period, index, levels)
        for index, payee in enumerate(terms.payees)
    }


def tranches_of(terms: Terms) -> list[tuple[int, int]]:
    """The tranches as shares and divisions list them: none for a single one without boundary and period."""
    return [] if _is_single(terms.tranches) else [tranche.to_abi() for tranche in terms.tranches]


def opening_of(terms: Terms) -> tuple[Any, ...]:
    """The ``Opening`` tuple that deals, endings and rulings take."""
    return (terms.conditions().to_abi(), plan_root(terms))


def division_of(terms: Terms, period: int = 0, most: int = 0) -> tuple[Any, ...]:
    """The ``Division`` tuple that ``distribute`` and ``payAndDistribute`` take: the whole plan, of which a
    call reaches at most so many payees; 0: all.
    """
    conditions, _, accounts, weights = whole_plan(terms)
    return (conditions, period, most, tranches_of(terms), accounts, weights)


def _payee(terms: Terms, account: str) -> Payee:
    wanted = to_canonical_address(account)
    for payee in terms.payees:
        if to_canonical_address(payee.account) == wanted:
            return payee
    raise LedgerError(
        f"{account} is not a payee of this agreement.", "Its payees are in the terms' `payees`."
    )


def _word(value: Any) -> bytes:
    """A plain value as ABI encoders write it, a list as the hash over its words."""
    if isinstance(value, list):
        return keccak(b"".join(map(_word, value)))
    if isinstance(value, str):
        return to_canonical_address(value).rjust(32, b"\0")
    return value if isinstance(value, bytes) else value.to_bytes(32)


def _tranches_hash(tranches: Sequence[Tranche]) -> bytes:
    return keccak(b"".join(word.to_bytes(32) for tranche in tranches for word in tranche.to_abi()))


def _is_single(tranches: Sequence[Tranche]) -> bool:
    """Whether the contract knows the tranches by an empty list: one without boundary and period."""
    return [tranche.to_abi() for tranche in tranches] == [(UNBOUNDED, 0)]


def _share(
    terms: Terms, agreement_id: AgreementId, period: int, index: int, levels: Sequence[list[bytes]]
) -> tuple[Any, ...]:
    return (
        agreement_id,
        conditions_hash(terms.conditions()),
        period,
        tranches_of(terms),
        list(terms.payees[index].weights),
        list(_siblings(index, levels)),
    )


def _siblings(index: int, levels: Sequence[list[bytes]]) -> tuple[bytes, ...]:
    siblings = []
    for level in levels[:-1]:
        sibling = index ^ 1
        if sibling < len(level):
            siblings.append(level[sibling])
        index //= 2
    return tuple(siblings)


def _levels(payees: Sequence[Payee]) -> list[list[bytes]]:
    if not payees:
        raise LedgerError("An agreement without payees has no plan root.", "Name at least one payee.")
    levels = [[payee_leaf(payee) for payee in payees]]
    while len(levels[-1]) > 1:
        below = levels[-1]
        pairs = [keccak(b"".join(sorted(below[i : i + 2]))) for i in range(0, len(below) - 1, 2)]
        levels.append(pairs + below[len(below) & ~1 :])
    return levels
