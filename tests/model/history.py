"""A random history: each step is done on anvil and in the model, refusals too; then both are compared.

A step depends on the seed, its number and what went before. A failure prints all steps; to shrink it by hand,
play the same seed again without some of them: ``History(world, seed).play(60, without={3, 7})``.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from eth_utils.address import to_checksum_address
from ledger_world import DAY, Partner, World

from ledger.chain.authorization import Authorization, sign
from ledger.signing import TypedData
from model.accounts import By
from model.comparison import differences
from model.deals import Reveal
from model.refusals import Refused
from model.sending import TOKEN, Chain
from model.whole import DEALS, LEDGER, Model

TypedDataOf = Callable[..., TypedData]
"""Typed data whose ``nonce`` and ``deadline`` are not filled in yet."""


@dataclass(frozen=True)
class Step:
    """A call, and what the model does instead. ``says``: for whoever reads the history."""

    says: str
    contract: str
    name: str
    args: Sequence[Any]
    sender: str
    action: Callable[[Model], None]


Maker = Callable[["History", Random], Step | None]


@dataclass
class History:
    """``now``: the second of the step in hand."""

    world: World
    seed: int
    makers: Sequence[Maker]
    lines: list[str] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)
    secrets: dict[bytes, Reveal] = field(default_factory=dict)

    def __post_init__(self) -> None:
        world = self.world
        self.chain = Chain(world)
        self.partners = [
            world.partner(name) for name in ("Vendor", "Agency", "Reseller", "Arbiter", "Customer")
        ]
        self.spare = [world.stranger(f"Wallet {number}") for number in range(4)]
        self.token = world.token.address
        for partner in self.all_wallets:
            self.chain.unlock(partner.sender.address)
            world.fund(partner, 10**12)
        self.now = world.node.timestamp()
        self.accounts = [partner.account for partner in self.partners]
        self.relayer = world.relayer.address
        self.keys = {each.sender.address: each.key for each in self.all_wallets}
        (most,) = self.chain.read([(DEALS, "MAX_UNREVEALED", ())])
        self.model = Model(self.chain.journals(), set(self.accounts), most)
        for wallet in [*self.keys, self.chain.addresses[LEDGER]]:
            (balance,) = self.chain.read([(TOKEN, "balanceOf", (wallet,))])
            self.model.books.balances[self.token, wallet] = balance
        self._numbers = 0

    @property
    def all_wallets(self) -> list[Partner]:
        return [*self.partners, *self.spare]

    @property
    def vendor(self) -> str:
        return self.accounts[0]

    @property
    def arbiter(self) -> str:
        return self.accounts[3]

    # -- playing --

    def play(self, steps: int, without: Collection[int] = ()) -> None:
        for number in range(steps):
            if number not in without:
                self.step(number)

    def step(self, number: int) -> None:
        dice = Random(f"{self.seed}/{number}")
        self.now = self._later(dice)
        step = None
        while step is None:
            step = dice.choice(self.makers)(self, dice)
        expected, then = frozenset({""}), self.model
        try:
            then = self.model.after(step.action)
        except Refused as refused:
            expected = refused.names
        got = self.chain.send(step.contract, step.name, step.args, sender=step.sender, now=self.now)
        self.answers[f"{step.name} {got}".strip()] = self.answers.get(f"{step.name} {got}".strip(), 0) + 1
        self.lines.append(f"{number:3} {self.now} {step.name}: {step.says} -> {got or 'done'}")
        if got not in expected:
            self._fail([f"expected {' or '.join(sorted(expected)) or 'done'}, got {got or 'done'}"])
        before, self.model = self.model, then
        found = differences(self.chain, self.model, self.now)
        if found:
            got_entries = [f"got entry: {entry}" for entry in self.chain.entries()]
            self._fail(found + self._entries_since(before) + got_entries)

    def _entries_since(self, before: Model) -> list[str]:
        return [
            f"expected entry of {name}: {event} {values}"
            for name, journal in self.model.journals.items()
            for event, values in journal.entries[len(before.journals[name].entries) :]
        ]

    def _fail(self, found: Sequence[str]) -> None:
        raise AssertionError("\n".join([f"seed {self.seed}", *self.lines, *found]))

    def _later(self, dice: Random) -> int:
        """Mostly soon; now and then around a moment at which something ends or begins."""
        if dice.random() < 0.2:
            moments = [at for at in self.model.moments() if at > self.now + 2]
            if moments and min(moments) < self.now + 100 * DAY:
                return min(moments) + dice.randint(-1, 1)
        most = dice.choice((60, 60, 60, 60, 60, 60, 3_600, 3_600, 3_600, DAY, 3 * DAY))
        return self.now + dice.randint(1, most)

    # -- what steps are made of --

    def number(self) -> int:
        """Another one each time."""
        self._numbers += 1
        return self._numbers

    def unique(self, purpose: str) -> bytes:
        return self.world.unique(purpose)

    def by(self, dice: Random, account: str) -> By:
        """Mostly the account's wallet; else one that is not, or whose signature comes too late or again."""
        wallet = self.model.accounts.wallet_of(account)
        if dice.random() < 0.06:
            wallet = dice.choice([each.sender.address for each in self.all_wallets])
        signed = dice.random() < 0.35
        late = dice.random() < 0.1
        nonce = 7 if dice.random() < 0.1 else 1_000 + self.number()
        return By(wallet, signed, self.now - 1 if late else self.now + dice.choice((0, DAY)), nonce)

    def all_sign(self, dice: Random, accounts: Sequence[str]) -> list[By]:
        """Each by its wallet, in time; now and then one not so."""
        wallets = list(self.keys)
        return [
            By(
                self.model.accounts.wallet_of(account) if dice.random() < 0.97 else dice.choice(wallets),
                signed=True,
                deadline=self.now - (dice.random() < 0.03),
                nonce=1_000 + self.number(),
            )
            for account in accounts
        ]

    def signature(self, by: By, data: TypedDataOf) -> Authorization:
        return sign(data(nonce=by.nonce, deadline=by.deadline), self.keys[to_checksum_address(by.wallet)])

    def acted(
        self,
        says: str,
        contract: str,
        name: str,
        args: Sequence[Any],
        by: By,
        data: TypedDataOf,
        action: Callable[[Model], None],
        *,
        signed_name: str = "",
        account: Sequence[Any] = (),
    ) -> Step:
        """In one of its two forms. ``account``: what the signed form takes before the other's arguments."""
        if not by.signed:
            return Step(f"{says} by {by.wallet[:8]}", contract, name, args, by.wallet, action)
        carried = (*account, *args, self.signature(by, data).to_abi())
        form = signed_name or f"{name}WithAuthorization"
        return Step(f"{says} signed by {by.wallet[:8]}", contract, form, carried, self.relayer, action)
