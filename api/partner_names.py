"""Accounts with the names under which they registered."""

from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import BaseModel, Field

from api.identifiers import EXAMPLE_ADDRESS, Address
from ledger.read.accounts import names_of
from ledger.store.reading import Reading


class NamedAccount(BaseModel):
    """An account: a partner's permanent id."""

    account: Address = Field(examples=[EXAMPLE_ADDRESS])
    name: str | None = Field(description="null: it has not registered", examples=["Northwind Agency"])


@dataclass(frozen=True)
class Names:
    """Names by account, of those that registered."""

    known: dict[bytes, str]

    @classmethod
    def of(cls, reading: Reading, accounts: Iterable[bytes | None]) -> "Names":
        """Looks up the names of these accounts; ``None`` among them is passed over."""
        return cls(names_of(reading, {each for each in accounts if each is not None}))

    def named(self, account: bytes) -> NamedAccount:
        """The account with its name."""
        return NamedAccount(account=account, name=self.known.get(account))
