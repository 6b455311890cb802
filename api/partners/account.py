"""The account in a partner's address, known to the ledger."""

from typing import Annotated

from fastapi import Path

from api.as_of import Answering
from api.identifiers import EXAMPLE_ADDRESS, Address, checksummed
from api.problems import PARTNER_UNKNOWN, Problem
from ledger.read.accounts import is_known

AccountInPath = Annotated[
    Address, Path(description="The partner's account, in any case.", examples=[EXAMPLE_ADDRESS])
]


def require_known(answering: Answering, account: bytes) -> None:
    """Raises ``Problem`` (404) for an account that no entry of the journals names."""
    if not is_known(answering.reading, account):
        raise Problem(
            PARTNER_UNKNOWN, f"No entry of the journals names {checksummed(account)}.", field="address"
        )
