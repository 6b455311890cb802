"""Random histories of all contracts, block by block, as valid as the contracts would have made them.

Every log is encoded by the ABI and chained into its contract's journal, so that what reads it cannot tell it
from a node's. A history can be cut and continued otherwise, as a reorganisation does.
"""

import copy
import hashlib
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import later_events
from eth_abi.abi import encode
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak
from single_logs import Log, by_columns

from ledger.artifacts.contracts import contract_abi
from ledger.indexer.entries import Header
from ledger.indexer.fetch import Batch
from ledger.indexer.scope import Scope
from ledger.journal.heads import entry_hash, next_head
from ledger.terms.agreement import Payee, Terms, Tranche
from ledger.terms.deals import State
from ledger.terms.ids import ProgrammeId

KINDS = ("PartnerRegistry", "AgreementRegistry", "DealRegistry", "RevenueLedger")
SCOPE = Scope(
    chain_id=31337,
    ledger=b"\x04" * 20,
    kinds={bytes([number]) * 20: kind for number, kind in enumerate(KINDS, 1)},
    first_block=1,
    manager=b"\x05" * 20,
)
CONTRACT = {kind: contract for contract, kind in SCOPE.kinds.items()}
ACCOUNTS = [bytes([0xA0 + number]) * 20 for number in range(5)]
TOKENS = [bytes([0xD0 + number]) * 20 for number in range(2)]
_DECISIONS = {
    State.REGISTERED: (State.APPROVED, State.RETURNED, State.REJECTED),
    State.RETURNED: (State.APPROVED, State.REJECTED),
    State.APPROVED: (State.WON, State.LOST),
}


@dataclass
class Block:
    header: Header
    logs: list[Log]


@dataclass
class Contracts:
    """What the contracts remember, as far as it decides on what may happen next."""

    journals: dict[str, tuple[int, bytes]] = field(
        default_factory=lambda: dict.fromkeys(KINDS, (0, bytes(24)))
    )
    registered: set[bytes] = field(default_factory=set)
    attested: set[bytes] = field(default_factory=set)
    accepted: set[tuple[bytes, bytes]] = field(default_factory=set)
    programmes: list[bytes] = field(default_factory=list)
    agreements: list[bytes] = field(default_factory=list)
    deals: dict[bytes, tuple[State, bytes]] = field(default_factory=dict)
    unclaimed: dict[tuple[bytes, bytes], int] = field(default_factory=dict)
    payments: list[list[Any]] = field(default_factory=list)
    recovering: set[bytes] = field(default_factory=set)
    consents: set[tuple[str, bytes, bytes]] = field(default_factory=set)
    reviews: set[tuple[bytes, bytes]] = field(default_factory=set)
    amended: set[bytes] = field(default_factory=set)
    debts: dict[tuple[bytes, bytes], list[int]] = field(default_factory=dict)
    paused: bool = False
    used: int = 0


class History:
    """A chain that grows at random. Each block remembers what the contracts were before it.

    ``clock`` says when a block comes, in seconds after the first, by its number.
    """

    def __init__(self, dice: random.Random, clock: Callable[[int], int] = lambda number: 12 * number) -> None:
        self.clock = clock
        self.blocks: list[Block] = []
        self.dice = dice
        self.contracts = Contracts()
        self._before: list[Contracts] = []
        self._forks = 0

    def grow(self, blocks: int) -> None:
        for _ in range(blocks):
            self._before.append(copy.deepcopy(self.contracts))
            self._mine()

    def cut(self, depth: int) -> None:
        """Forgets the newest blocks; what grows from here is another branch."""
        self.contracts = self._before[-depth]
        del self.blocks[-depth:], self._before[-depth:]
        self._forks += 1

    def batch(self, first: int, last: int) -> Batch:
        """Blocks ``first`` to ``last``, numbered from 1."""
        blocks = self.blocks[first - 1 : last]
        headers = {block.header.number: block.header for block in blocks}
        logs = by_columns([log for block in blocks for log in block.logs])
        return Batch(first, blocks[-1].header, headers, logs)

    def _mine(self) -> None:
        number = len(self.blocks) + 1
        parent = self.blocks[-1].header.hash if self.blocks else bytes(32)
        name = hashlib.sha256(parent + number.to_bytes(8) + self._forks.to_bytes(8)).digest()
        header = Header(number, name, 1_700_000_000 + self.clock(number) + self._forks, parent)
        self.blocks.append(Block(header, []))
        for _ in range(self.dice.choice((0, 0, 1, 2, 5))):
            self._happen(header)

    def _happen(self, header: Header) -> None:
        actions = [
            self._register,
            self._attest,
            self._revoke,
            self._accept,
            self._withdraw_acceptance,
            self._create_programme,
            self._activate,
            self._commit,
            self._reveal,
            self._decide,
            self._decide,
            self._withdraw_deal,
            self._pay,
            self._pay,
            self._claim,
            self._pause,
            self._cancel_nonce,
        ]
        later = self.dice.random() < 0.5
        if later:
            self.dice.choice(later_events.ALL)(self, header)
        else:
            self.dice.choice(actions)(header)

    def emit(self, header: Header, kind: str, event: str, **args: Any) -> None:
        seq, head = self.contracts.journals[kind]
        seq += 1
        topics, data, position = encoded(kind, event, args | {"seq": seq, "head": bytes(24)})
        head = next_head(head, seq, entry_hash(CONTRACT[kind], topics, data, position))
        data = data[: position + 32] + head.ljust(32, b"\0") + data[position + 64 :]
        self.contracts.journals[kind] = (seq, head)
        logs = self.blocks[-1].logs
        transaction = keccak(header.hash + bytes([len(logs)]))
        logs.append(
            Log(CONTRACT[kind], topics, data, header.number, header.hash, transaction, len(logs), len(logs))
        )

    def fresh(self) -> bytes:
        self.contracts.used += 1
        return hashlib.sha256(b"%d %d" % (self.contracts.used, self._forks)).digest()

    def _register(self, header: Header) -> None:
        account = self.dice.choice(ACCOUNTS)
        if account not in self.contracts.registered:
            self.contracts.registered.add(account)
            self.emit(
                header, "PartnerRegistry", "PartnerRegistered", account=account, name="Ä & Co\0", uri=""
            )

    def _attest(self, header: Header) -> None:
        account = self.dice.choice(ACCOUNTS)
        self.contracts.attested.add(account)
        until = header.timestamp + 1_000
        self.emit(
            header,
            "PartnerRegistry",
            "PartnerAttested",
            account=account,
            level=self.dice.randint(1, 255),
            expiresAt=until,
            evidence=self.fresh(),
        )

    def _revoke(self, header: Header) -> None:
        if self.contracts.attested:
            account = self.dice.choice(sorted(self.contracts.attested))
            self.contracts.attested.remove(account)
            self.emit(header, "PartnerRegistry", "AttestationRevoked", account=account, reason=self.fresh())

    def _cancel_nonce(self, header: Header) -> None:
        nonce = int.from_bytes(self.fresh())
        account = self.dice.choice(ACCOUNTS)
        self.emit(header, self.dice.choice(KINDS), "NonceCancelled", account=account, nonce=nonce)

    def _accept(self, header: Header) -> None:
        agreement, account = hashlib.sha256(b"terms").digest(), self.dice.choice(ACCOUNTS)
        self.contracts.accepted.add((agreement, account))
        said = {"agreement": agreement, "account": account, "deadline": header.timestamp + 50}
        self.emit(header, "AgreementRegistry", "AgreementAccepted", **said)

    def _withdraw_acceptance(self, header: Header) -> None:
        if self.contracts.accepted:
            agreement, account = self.dice.choice(sorted(self.contracts.accepted))
            self.contracts.accepted.remove((agreement, account))
            self.emit(
                header, "AgreementRegistry", "AcceptanceWithdrawn", agreement=agreement, account=account
            )

    def _create_programme(self, header: Header) -> None:
        owner = self.dice.choice(ACCOUNTS)
        programme = owner + self.fresh()[:12]
        self.contracts.programmes.append(programme)
        self.emit(
            header,
            "AgreementRegistry",
            "ProgrammeCreated",
            programme=programme,
            owner=owner,
            name="P",
            rule=1,
            epoch=1,
        )

    def _activate(self, header: Header) -> None:
        agreement = self.fresh()
        programme = self.dice.choice([bytes(32), *self.contracts.programmes])
        accounts = [to_checksum_address("0x" + account.hex()) for account in self.dice.sample(ACCOUNTS, 2)]
        terms = Terms(
            parties=tuple(accounts),
            payees=tuple(Payee(account, (5 * 10**17, 10**18)) for account in accounts),
            tranches=(Tranche(10**30, 0), Tranche(2**256 - 1, 60)),
            tokens=tuple(to_checksum_address("0x" + token.hex()) for token in TOKENS),
            territories=(self.fresh(), self.fresh()),
            programme=ProgrammeId(programme),
            uri="ipfs://…",
            salt=agreement,
        )
        self.contracts.agreements.append(agreement)
        self.emit(
            header,
            "AgreementRegistry",
            "AgreementActivated",
            agreement=agreement,
            programme=programme,
            terms=terms,
        )

    def _commit(self, header: Header) -> None:
        deal, account = self.fresh(), self.dice.choice(ACCOUNTS)
        self.contracts.deals[deal] = (State.COMMITTED, account)
        self.emit(
            header, "DealRegistry", "DealCommitted", deal=deal, account=account, commitment=self.fresh()
        )

    def _deal_in(self, *states: State) -> bytes | None:
        deals = [deal for deal, (state, _) in self.contracts.deals.items() if state in states]
        return self.dice.choice(deals) if deals else None

    def _reveal(self, header: Header) -> None:
        deal = self._deal_in(State.COMMITTED)
        if deal is None or not self.contracts.agreements or not self.contracts.programmes:
            return
        account = self.contracts.deals[deal][1]
        self.contracts.deals[deal] = (State.REGISTERED, account)
        self.emit(
            header,
            "DealRegistry",
            "DealRegistered",
            deal=deal,
            agreement=self.dice.choice(self.contracts.agreements),
            account=account,
            programme=self.dice.choice(self.contracts.programmes),
            epoch=1,
            tag=self.fresh(),
            territory=self.dice.choice((bytes(32), self.fresh())),
            rival=self.dice.choice((bytes(32), self.fresh())),
            decideBy=header.timestamp + 100,
        )

    def _decide(self, header: Header) -> None:
        deal = self._deal_in(*_DECISIONS)
        if deal is None:
            return
        state, account = self.contracts.deals[deal]
        outcome = self.dice.choice(_DECISIONS[state])
        self.contracts.deals[deal] = (outcome, account)
        won = outcome == State.WON
        self.emit(
            header,
            "DealRegistry",
            "DealDecided",
            deal=deal,
            vendor=self.dice.choice(ACCOUNTS),
            outcome=outcome,
            reason=self.fresh() if outcome in (State.RETURNED, State.REJECTED) else bytes(32),
            value=2**256 - 1 if won else 0,
            token=TOKENS[0] if won else bytes(20),
            exclusiveUntil=header.timestamp + 500 if outcome == State.APPROVED else 0,
            decideBy=header.timestamp + 200 if outcome == State.RETURNED else 0,
        )

    def _withdraw_deal(self, header: Header) -> None:
        deal = self._deal_in(State.REGISTERED, State.RETURNED, State.APPROVED)
        if deal is not None:
            account = self.contracts.deals[deal][1]
            self.contracts.deals[deal] = (State.WITHDRAWN, account)
            self.emit(header, "DealRegistry", "DealWithdrawn", deal=deal, account=account)

    def _pay(self, header: Header) -> None:
        if not self.contracts.agreements:
            return
        agreement, token = self.dice.choice(self.contracts.agreements), self.dice.choice(TOKENS)
        amount, payer, ref = self.dice.choice((1, 999, 2**120)), self.dice.choice(ACCOUNTS), self.fresh()
        held = self.dice.choice((0, 2 * 86_400))
        self.contracts.payments.append([agreement, token, payer, ref, amount, 0, False])
        unclaimed = self.contracts.unclaimed
        unclaimed[agreement, token] = unclaimed.get((agreement, token), 0) + amount
        common = {
            "agreement": agreement,
            "payer": payer,
            "token": token,
            "maturesAt": header.timestamp + held,
        }
        deal = self.dice.choice((bytes(32), self.fresh()))
        if self.dice.random() < 0.3:
            second = self.fresh()
            self.contracts.payments.append([agreement, token, payer, second, amount, 0, False])
            unclaimed[agreement, token] += amount
            invoices = [(deal, amount, ref), (bytes(32), amount, second)]
            self.emit(header, "RevenueLedger", "PaymentsReceived", **common, invoices=invoices)
            return
        said = {"deal": deal, "amount": amount, "invoiceRef": ref}
        self.emit(header, "RevenueLedger", "PaymentReceived", **common, **said)

    def _claim(self, header: Header) -> None:
        owing = [key for key, amount in self.contracts.unclaimed.items() if amount]
        if not owing:
            return
        agreement, token = self.dice.choice(owing)
        amount = self.dice.randint(1, self.contracts.unclaimed[agreement, token])
        self.contracts.unclaimed[agreement, token] -= amount
        account = self.dice.choice(ACCOUNTS)
        common = {"agreement": agreement, "token": token, "period": self.dice.randint(0, 2)}
        if amount > 5 and amount % 5 < 2:
            portions = [(agreement, period, amount // 5) for period in range(3)]
            across = {"account": account, "token": token, "recipient": account, "portions": portions}
            self.emit(header, "RevenueLedger", "ClaimedAcross", **across)
            return
        if amount % 3:
            claim = {"account": account, "recipient": account, "amount": amount}
            self.emit(header, "RevenueLedger", "Claimed", **claim, **common)
            return
        self.emit(header, "RevenueLedger", "SetAside", account=ACCOUNTS[0], amount=1, **common)
        parts = [(each, account, amount // 3) for each in ACCOUNTS[1:4]]
        self.emit(header, "RevenueLedger", "Distributed", parts=parts, **common)

    def _pause(self, header: Header) -> None:
        who = self.dice.choice(ACCOUNTS)
        if self.contracts.paused:
            self.emit(header, "RevenueLedger", "DepositsResumed", by=who)
        else:
            self.emit(header, "RevenueLedger", "DepositsPaused", guardian=who)
        self.contracts.paused = not self.contracts.paused


def encoded(kind: str, event: str, args: dict[str, Any]) -> tuple[tuple[bytes, ...], bytes, int]:
    """(topics, data, where in the data seq is) of a log, by the contract's ABI."""
    abi = next(item for item in contract_abi(kind) if item["type"] == "event" and item["name"] == event)
    types = [_type(argument) for argument in abi["inputs"]]
    topics = [keccak(text=f"{event}({','.join(types)})")]
    plain: list[tuple[str, Any]] = []
    for argument, name in zip(abi["inputs"], types, strict=True):
        value = args[argument["name"]]
        if isinstance(value, Terms):
            value = value.to_abi()
        if argument["indexed"]:
            topics.append(encode([name], [value]))
        else:
            plain.append((name, value))
    data = encode([name for name, _ in plain], [value for _, value in plain])
    return tuple(topics), data, 32 * (len(plain) - 2)


def _type(argument: dict[str, Any]) -> str:
    if not argument["type"].startswith("tuple"):
        return str(argument["type"])
    parts = ",".join(_type(part) for part in argument["components"])
    return f"({parts}){argument['type'].removeprefix('tuple')}"
