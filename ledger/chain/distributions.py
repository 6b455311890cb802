"""What paying everybody at once brings along, and what its entry says."""

from typing import Any, NamedTuple, Self

from eth_utils.address import to_canonical_address

from ledger.chain.plan import conditions_hash, tranches_of
from ledger.chain.terms import Terms


class Part(NamedTuple):
    """A payee's part of what was paid out: the account, the wallet it went to, token base units."""

    account: bytes
    recipient: bytes
    amount: int

    @classmethod
    def from_abi(cls, value: tuple[str, str, int]) -> Self:
        """As a decoded log has it."""
        account, recipient, amount = value
        return cls(to_canonical_address(account), to_canonical_address(recipient), amount)


def division_of(terms: Terms, period: int = 0, most: int = 0) -> tuple[Any, ...]:
    """The ``Division`` tuple that ``distribute`` and ``payAndDistribute`` take: the whole plan, of which a
    call reaches at most so many payees; 0: all.
    """
    return (
        conditions_hash(terms.conditions()),
        period,
        most,
        tranches_of(terms),
        [payee.account for payee in terms.payees],
        [weight for payee in terms.payees for weight in payee.weights],
    )
