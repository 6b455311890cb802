"""Partners who act on a real chain, in a few words each:

    vendor, agency = world.partner("Vendor"), world.partner("Agency")
    programme = world.programme(vendor)
    agreement = world.agreement([vendor, agency], {vendor: 0.8, agency: 0.2}, programme=programme)
    deal = world.won_deal(agreement, agency, "acme.example", value=1_000)
    world.pay(vendor, agreement, 1_000, deal=deal)
    world.claim(agency, agreement)

Amounts are in base units of tUSD (6 decimals) unless another token is given. Whoever acts sends its own
transaction; agreements are activated by the relayer with everybody's signatures.
"""

import hashlib
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from eth_account.signers.local import LocalAccount
from eth_typing import ChecksumAddress
from forms import form_of
from web3.contract import Contract
from web3.types import TxReceipt

from ledger import signing as typed_data
from ledger.artifacts.contracts import contract_abi
from ledger.chain import anvil, tags
from ledger.chain.anvil import Anvil
from ledger.chain.authorization import Authorization, random_nonce, sign
from ledger.chain.sender import Sender
from ledger.intake.agreements import programme_id
from ledger.rules import plan
from ledger.rules.plan import division_of
from ledger.terms.agreement import Payee, Terms
from ledger.terms.deals import Rule, State
from ledger.terms.deployment import Deployment
from ledger.terms.ids import NO_DEAL, AgreementId, DealId, InvoiceRef, ProgrammeId
from ledger.terms.payments import Bundle, Invoice
from ledger.terms.reasons import reason_code
from ledger.terms.solidity import ZERO_ADDRESS, ZERO_BYTES32
from ledger.terms.units import WHOLE

DAY = 86_400
Part = float | Fraction | int
EPOCH_KEY = hashlib.sha256(b"the programme's key of its first epoch").digest()


@dataclass(frozen=True)
class Partner:
    """A partner with an externally owned wallet; ``of`` is the account when it is not the wallet itself."""

    name: str
    key: LocalAccount
    sender: Sender
    of: ChecksumAddress | None = None

    @property
    def account(self) -> ChecksumAddress:
        return self.of or self.sender.address

    def acting_for(self, partner: "Partner") -> "Partner":
        """The partner, once this one's wallet acts for it."""
        return Partner(partner.name, self.key, self.sender, partner.account)


Shares = Mapping[Partner, Part] | Mapping[Partner, Sequence[Part]]


@dataclass(frozen=True)
class Agreement:
    id: AgreementId
    terms: Terms


@dataclass(frozen=True)
class Deal:
    id: DealId
    agreement: Agreement
    partner: Partner
    tag: bytes
    salt: bytes
    territory: bytes = ZERO_BYTES32
    epoch: int = 1

    def to_reveal(self) -> tuple[Any, ...]:
        return (self.partner.account, self.agreement.id, self.tag, self.salt, self.territory, self.epoch)


class World:
    """One deployment on one anvil.

    Wallets 1, 2, … of anvil become partners in the order they are asked for.
    """

    def __init__(self, chain: Anvil, deployment: Deployment) -> None:
        self.chain = chain
        self.node = chain.node
        self.deployment = deployment
        self.relayer = Sender(self.node, anvil.wallet(0))
        self.partners = self.contract("PartnerRegistry")
        self.agreements = self.contract("AgreementRegistry")
        self.deals = self.contract("DealRegistry")
        self.ledger = self.contract("RevenueLedger")
        self.token: Contract = self.node.contract_at(deployment.tokens["tUSD"], contract_abi("TestDollar"))
        self._wallets = itertools.count(1)
        self._numbers = itertools.count(1)

    def contract(self, name: str) -> Contract:
        return self.node.contract(self.deployment, name)

    def stranger(self, name: str = "Stranger") -> Partner:
        """Someone with a wallet and gas money who has not registered."""
        key = anvil.wallet(next(self._wallets))
        self.chain.set_balance(key.address, 10**21)
        return Partner(name, key, Sender(self.node, key))

    def partner(self, name: str, *, level: int = 0) -> Partner:
        """A registered partner; attested for a year when a level is given."""
        partner = self.stranger(name)
        partner.sender.send(self.partners.functions.register(partner.account, name, ""))
        if level:
            self.attest(partner, level)
        return partner

    def attest(self, partner: Partner, level: int = 1, *, seconds: int = 365 * DAY) -> TxReceipt:
        until = self.node.timestamp() + seconds
        return self.relayer.send(
            self.partners.functions.attest(partner.account, level, until, self.unique("evidence"))
        )

    def programme(
        self, owner: Partner, name: str = "Programme", rule: Rule = Rule.FIRST_REGISTERED
    ) -> ProgrammeId:
        number = next(self._numbers)
        owner.sender.send(self.agreements.functions.createProgramme(owner.account, number, name, rule))
        return programme_id(owner.account, number)

    def terms(
        self,
        parties: Sequence[Partner],
        shares: Shares | None = None,
        *,
        tokens: Sequence[ChecksumAddress] | None = None,
        **fields: Any,
    ) -> Terms:
        """Terms in the order the contract wants.

        ``shares``: parts of a whole by payee, a list of them where there are several tranches; equal ones
        when not given.
        """
        split: Shares = shares or dict.fromkeys(parties, 1)
        usual: dict[str, Any] = {
            "salt": self.unique("salt"),
            "decision_seconds": 7 * DAY,
            "exclusivity_seconds": 90 * DAY,
        }
        return Terms(
            parties=_ascending(party.account for party in parties),
            payees=_payees(split),
            tokens=_ascending(tokens or [self.token.address]),
            **usual | fields,
        )

    def agreement(
        self,
        parties: Sequence[Partner],
        shares: Shares | None = None,
        **fields: Any,
    ) -> Agreement:
        """An agreement in force: all parties sign, the relayer activates."""
        terms = self.terms(parties, shares, **fields)
        self.activate(terms, parties)
        return Agreement(typed_data.agreement_id(self.deployment, terms), terms)

    def activate(self, terms: Terms, parties: Sequence[Partner]) -> TxReceipt:
        by_account = {party.account: party for party in parties}
        signatures = [self.acceptance(by_account[account], terms).to_abi() for account in terms.parties]
        return self.relayer.send(self.agreements.functions.activate(terms.to_abi(), signatures))

    def acceptance(self, party: Partner, terms: Terms) -> Authorization:
        data = form_of("Acceptance")(
            self.deployment, party.account, terms, nonce=random_nonce(), deadline=self.deadline()
        )
        return sign(data, party.key)

    def commit(
        self, agreement: Agreement, partner: Partner, customer: str, territory: bytes = ZERO_BYTES32
    ) -> Deal:
        """Commits to a customer, given by its domain."""
        tag, salt = tags.tag(EPOCH_KEY, "domain", customer), self.unique("deal salt")
        registry = self.deals.address
        commitment = tags.commitment(self.node.chain_id, registry, partner.account, agreement.id, tag, salt)
        partner.sender.send(self.deals.functions.commit(partner.account, commitment))
        return Deal(tags.deal_id(partner.account, commitment), agreement, partner, tag, salt, territory)

    def reveal(self, deal: Deal) -> Deal:
        opening = plan.opening_of(deal.agreement.terms)
        deal.partner.sender.send(self.deals.functions.reveal(deal.to_reveal(), opening))
        return deal

    def registered_deal(
        self, agreement: Agreement, partner: Partner, customer: str, territory: bytes = ZERO_BYTES32
    ) -> Deal:
        return self.reveal(self.commit(agreement, partner, customer, territory))

    def decide(
        self,
        vendor: Partner,
        deal: Deal,
        outcome: State,
        *,
        reason: str = "",
        value: int = 0,
        token: ChecksumAddress | None = None,
    ) -> TxReceipt:
        code = reason_code(reason) if reason else ZERO_BYTES32
        paid_in = (token or self.token.address) if outcome == State.WON else ZERO_ADDRESS
        decision = (deal.id, outcome, code, value, paid_in)
        return vendor.sender.send(self.deals.functions.decide(vendor.account, decision))

    def approved_deal(self, agreement: Agreement, partner: Partner, customer: str) -> Deal:
        """Commits, reveals, waits the day in which earlier commitments may be revealed, and is approved."""
        deal = self.registered_deal(agreement, partner, customer)
        self.chain.increase_time(DAY + 1)
        self.decide(self.vendor_of(agreement), deal, State.APPROVED)
        return deal

    def won_deal(
        self, agreement: Agreement, partner: Partner, customer: str, *, value: int = 1_000_000
    ) -> Deal:
        deal = self.approved_deal(agreement, partner, customer)
        self.decide(self.vendor_of(agreement), deal, State.WON, value=value)
        return deal

    def withdraw(self, deal: Deal) -> TxReceipt:
        return deal.partner.sender.send(self.deals.functions.withdraw(deal.partner.account, deal.id))

    def vendor_of(self, agreement: Agreement) -> Partner:
        """The owner of the agreement's programme."""
        owner = "0x" + agreement.terms.programme[:20].hex()
        for index in range(1, 100):
            key = anvil.wallet(index)
            if key.address.lower() == owner:
                return Partner("Vendor", key, Sender(self.node, key))
        raise AssertionError(f"no wallet of this world owns the programme of {owner}")

    def fund(self, partner: Partner, amount: int, token: Contract | None = None) -> None:
        """Gives the partner tokens, and the ledger its leave to pull them."""
        contract = token or self.token
        self.relayer.send(contract.functions.mint(partner.account, amount))
        partner.sender.send(contract.functions.approve(self.ledger.address, 2**256 - 1))

    def invoice(self, amount: int, *, ref: str | None = None, deal: Deal | None = None) -> Invoice:
        invoice_ref = hashlib.sha256(ref.encode()).digest() if ref else self.unique("invoice")
        return Invoice(amount=amount, invoice_ref=InvoiceRef(invoice_ref), deal=deal.id if deal else NO_DEAL)

    def pay(
        self,
        payer: Partner,
        agreement: Agreement,
        amount: int,
        *,
        ref: str | None = None,
        deal: Deal | None = None,
        token: Contract | None = None,
    ) -> TxReceipt:
        """Funds the payer and pays one invoice."""
        self.fund(payer, amount, token)
        paid_in = (token or self.token).address
        invoice = self.invoice(amount, ref=ref, deal=deal)
        call = self.ledger.functions.pay(agreement.id, paid_in, invoice.to_abi())
        return payer.sender.send(call)

    def pay_batch(
        self, payer: Partner, bundles: Mapping[Agreement, Sequence[int]] | Sequence[Bundle]
    ) -> TxReceipt:
        """Funds the payer and pays amounts by agreement, or ready bundles, in one call."""
        if isinstance(bundles, Mapping):
            bundles = [
                Bundle(agreement.id, tuple(self.invoice(amount) for amount in amounts))
                for agreement, amounts in bundles.items()
            ]
        self.fund(payer, sum(invoice.amount for bundle in bundles for invoice in bundle.invoices))
        listed = [bundle.to_abi() for bundle in bundles]
        return payer.sender.send(self.ledger.functions.payBatch(self.token.address, listed))

    def claim(
        self, payee: Partner, *agreements: Agreement, by: Sender | None = None, period: int = 0
    ) -> TxReceipt:
        """The payee's wallet is paid what is claimable; the relayer sends it unless told otherwise."""
        shares = [
            plan.share_of(agreement.terms, agreement.id, payee.account, period) for agreement in agreements
        ]
        call = self.ledger.functions.claimAcross(payee.account, self.token.address, shares)
        return (by or self.relayer).send(call)

    def distribute(self, agreement: Agreement, *, period: int = 0, most: int = 0) -> TxReceipt:
        """All payees, or at most so many more of them, are paid what they have coming."""
        division = division_of(agreement.terms, period, most)
        return self.relayer.send(self.ledger.functions.distribute(agreement.id, self.token.address, division))

    def claimable(self, payee: Partner, agreement: Agreement, period: int = 0) -> int:
        share = plan.share_of(agreement.terms, agreement.id, payee.account, period)
        call = self.ledger.functions.claimableOf(payee.account, self.token.address, share)
        return int(call.call())

    def sent_at(self, receipt: TxReceipt) -> int:
        """Time of the transaction's block, in seconds."""
        return int(
            self.node.rpc("eth_getBlockByNumber", [hex(receipt["blockNumber"]), False])["timestamp"], 16
        )

    def deadline(self, seconds: int = DAY) -> int:
        return self.node.timestamp() + seconds

    def unique(self, purpose: str) -> bytes:
        """32 bytes that no other call in this world returns, the same in each run."""
        return hashlib.sha256(f"{purpose} {next(self._numbers)}".encode()).digest()


def _ascending(addresses: Any) -> tuple[ChecksumAddress, ...]:
    return tuple(sorted(addresses, key=str.lower))


def _payees(shares: Shares) -> tuple[Payee, ...]:
    """Weights that sum to exactly one whole in each tranche: what rounding leaves goes to the last payee."""
    ordered = sorted(shares, key=lambda partner: partner.account.lower())
    parts = [_parts(shares[partner]) for partner in ordered]
    tranches = [_weights(tranche) for tranche in zip(*parts, strict=True)]
    weights = zip(*tranches, strict=True)
    return tuple(Payee(partner.account, each) for partner, each in zip(ordered, weights, strict=True))


def _parts(parts: Any) -> tuple[Fraction, ...]:
    return tuple(Fraction(str(part)) for part in (parts if isinstance(parts, list | tuple) else [parts]))


def _weights(parts: Sequence[Fraction]) -> list[int]:
    weights = [int(part / sum(parts) * WHOLE) for part in parts]
    weights[-1] += WHOLE - sum(weights)
    return weights
