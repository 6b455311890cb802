"""Accounts that have their registration sent: one relay each, which the chain takes once."""

import itertools
from dataclasses import dataclass

from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_utils.address import to_canonical_address
from forms import form_of
from ledger_world import World
from sqlalchemy import select

from ledger.actions import Call
from ledger.chain.authorization import sign
from ledger.chain.sender import calldata
from ledger.people.access import Right
from ledger.people.acting import Place
from ledger.people.identity import Identity
from ledger.relay.accepting import Asked, Budget, accept
from ledger.store.database import Database
from ledger.store.tables import Relay, RelayAttempt

_numbers = itertools.count(1)
PLENTY = Budget(10**12, 10**12)
NOW = 1_796_040_000


@dataclass(frozen=True)
class Company:
    """Somebody with a key and no coin."""

    key: LocalAccount

    def identity(self, world: World) -> Identity:
        place = Place(world.deployment.chain_id, to_canonical_address(world.partners.address))
        raw = to_canonical_address(self.key.address)
        return Identity(place, raw, raw, None, frozenset(Right))


def company() -> Company:
    return Company(Account.from_key(next(_numbers).to_bytes(32, "big")))


def registration(world: World, who: Company, *, deadline: int | None = None, nonce: int = 1) -> Call:
    """The call that registers it by its signature."""
    until = world.deadline() if deadline is None else deadline
    name = f"Company {who.key.address[2:8]}"
    data = form_of("Register")(world.deployment, who.key.address, name, "", nonce=nonce, deadline=until)
    signed = sign(data, who.key).to_abi()
    call = world.partners.functions.registerWithAuthorization(who.key.address, name, "", signed)
    return Call("PartnerRegistry", "registerWithAuthorization", world.partners.address, calldata(call))


def ask(
    database: Database, world: World, who: Company, call: Call | None = None, *, name: str = "first-time",
    budget: Budget = PLENTY, gas: int = 200_000, body: bytes = b"", now: int = NOW,
) -> int:  # fmt: skip
    """Has it sent. Returns the relay's number."""
    wanted = registration(world, who) if call is None else call
    asked = Asked(name, body.ljust(32, b"\0"), "register", f"register {who.key.address}", wanted, gas)
    with database.session() as session:
        return accept(session, world.deployment, who.identity(world), asked, budget, now).number


def look(database: Database, number: int) -> Relay:
    with database.session() as session:
        return session.get_one(Relay, number)


def attempts(database: Database, number: int) -> list[RelayAttempt]:
    with database.session() as session:
        wanted = select(RelayAttempt).where(RelayAttempt.relay == number)
        return list(session.scalars(wanted.order_by(RelayAttempt.signed_at, RelayAttempt.fee)))
