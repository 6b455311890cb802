"""Consent in two forms: every action that a wallet may take itself, anyone may carry with its signature.

Each is accepted on chain from an externally owned account and from a contract wallet (Safe, ERC-1271), and
the relayer, who sends them all, can change nothing in them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from eth_typing import ChecksumAddress
from forms import form_of
from ledger_world import DAY, EPOCH_KEY, World
from web3.contract.contract import ContractFunction

from ledger import signing as typed_data
from ledger.chain import anvil, contract_wallet, tags
from ledger.chain.authorization import Authorization, random_nonce, sign
from ledger.chain.reverts import Reverted
from ledger.rules import plan
from ledger.signing import TypedData
from ledger.terms.agreement import Payee, Terms
from ledger.terms.contracts import JOURNALS
from ledger.terms.deals import Rule, State
from ledger.terms.ids import AgreementId, DealId, InvoiceRef, ProgrammeId
from ledger.terms.payments import Bundle, Invoice
from ledger.terms.reasons import reason_code
from ledger.terms.solidity import ZERO_ADDRESS, ZERO_BYTES32


@dataclass(frozen=True)
class Signer:
    """A partner that never sends a transaction."""

    account: ChecksumAddress
    sign: Callable[[TypedData], Authorization]


@pytest.fixture(params=["externally owned", "contract wallet"])
def signers(request: pytest.FixtureRequest, world: World) -> tuple[Signer, Signer]:
    """A vendor and a partner, both of the same kind of wallet."""
    keys = [anvil.wallet(index) for index in (20, 21)]  # these have no gas money
    if request.param == "externally owned":
        first, second = (Signer(key.address, partial(sign, key=key)) for key in keys)
        return first, second
    safes = contract_wallet.install(world.relayer)
    wallets = [contract_wallet.create(world.relayer, safes, key) for key in keys]
    first, second = (Signer(wallet.address, wallet.sign) for wallet in wallets)
    return first, second


class Relayed:
    """Sends what signers signed, after showing that not a bit of it could have been changed on the way."""

    def __init__(self, world: World, refused_again: str = "NonceSpent") -> None:
        self.world = world
        self.deployment = world.deployment
        self.refused_again = refused_again

    def when(self) -> dict[str, Any]:
        return {"nonce": random_nonce(), "deadline": self.world.deadline()}

    def __call__(self, signer: Signer, data: TypedData, function: Any, *arguments: Any) -> None:
        signed = signer.sign(data)
        for changed in (
            Authorization(signed.nonce ^ 1, signed.deadline, signed.signature),
            Authorization(signed.nonce, signed.deadline + 1, signed.signature),
        ):
            with pytest.raises(Reverted):
                self.world.relayer.send(function(*arguments, changed.to_abi()))
        self.world.relayer.send(function(*arguments, signed.to_abi()))
        with pytest.raises(Reverted, match=self.refused_again):
            self.world.relayer.send(function(*arguments, signed.to_abi()))


def test_every_signed_form_is_accepted_on_chain(world: World, signers: tuple[Signer, Signer]) -> None:
    vendor, agency = signers
    relay, deployment = Relayed(world), world.deployment
    partners, agreements = world.partners.functions, world.agreements.functions
    deals, ledger, token = world.deals.functions, world.ledger.functions, world.token.address

    data = form_of("Register")(deployment, vendor.account, "Vendor", "https://v.example", **relay.when())
    relay(vendor, data, partners.registerWithAuthorization, vendor.account, "Vendor", "https://v.example")
    assert partners.isRegistered(vendor.account).call()

    arguments = (vendor.account, 7, "Programme", Rule.FIRST_REGISTERED)
    data = form_of("CreateProgramme")(deployment, *arguments, **relay.when())
    relay(vendor, data, agreements.createProgrammeWithAuthorization, *arguments)
    programme = agreements.programmeId(vendor.account, 7).call()

    terms = _terms(world, vendor, agency, programme)
    agreement = _activate(world, relay, terms, signers)

    tag, salt = tags.tag(EPOCH_KEY, "domain", "customer.example"), world.unique("salt")
    deal = _register_deal(world, relay, agency, terms, AgreementId(agreement), tag, salt)
    second = _register_deal(world, relay, agency, terms, AgreementId(agreement), world.unique("tag"), salt)
    data = form_of("Withdraw")(deployment, agency.account, second, **relay.when())
    relay(agency, data, deals.withdrawWithAuthorization, agency.account, second)
    assert deals.dealOf(second).call()[1] == State.WITHDRAWN

    decisions: tuple[tuple[bytes, State, bytes, int, ChecksumAddress], ...] = (
        (deal, State.RETURNED, reason_code("MORE_DETAIL"), 0, ZERO_ADDRESS),
        (deal, State.APPROVED, ZERO_BYTES32, 0, ZERO_ADDRESS),
        (deal, State.WON, ZERO_BYTES32, 2**256 - 1, token),
    )
    for decision in decisions:
        if decision[1] == State.APPROVED:
            world.chain.increase_time(DAY + 1)
        data = form_of("Decide")(deployment, vendor.account, *decision, **relay.when())
        relay(vendor, data, deals.decideWithAuthorization, vendor.account, decision)
    assert deals.wonUnder(deal).call() == agreement

    _fund(world, vendor)
    invoice = Invoice(deal=DealId(deal), amount=1_000, invoice_ref=InvoiceRef(world.unique("invoice")))
    data = form_of("Pay")(deployment, vendor.account, agreement, token, *invoice.to_abi(), **relay.when())
    relay(vendor, data, ledger.payWithAuthorization, vendor.account, agreement, token, invoice.to_abi())
    bundles = [Bundle(AgreementId(agreement), tuple(world.invoice(amount) for amount in (1, 2, 3)))]
    data = form_of("PayBatch")(deployment, vendor.account, token, bundles, **relay.when())
    listed = [bundle.to_abi() for bundle in bundles]
    relay(vendor, data, ledger.payBatchWithAuthorization, vendor.account, token, listed)

    recipient = anvil.wallet(33).address
    shares = [plan.share_of(terms, AgreementId(agreement), agency.account)]
    data = form_of("ClaimTo")(deployment, agency.account, recipient, token, [(agreement, 0)], **relay.when())
    relay(agency, data, ledger.claimToWithAuthorization, agency.account, recipient, token, shares)
    assert world.token.functions.balanceOf(recipient).call() == 1_006 // 4

    for name in JOURNALS:
        functions = world.contract(name).functions
        data = form_of("CancelNonce", name)(deployment, agency.account, 99, **relay.when())
        relay(agency, data, functions.cancelNonceWithAuthorization, agency.account, 99)
        assert functions.nonceSpent(agency.account, 99).call()


def test_a_contract_wallet_acts_by_its_own_transaction(world: World) -> None:
    safes = contract_wallet.install(world.relayer)
    wallet = contract_wallet.create(world.relayer, safes, anvil.wallet(20))
    call = world.partners.functions.register(wallet.address, "Safe", "")
    with pytest.raises(Reverted, match=f"is not the wallet that acts for {wallet.address}"):
        world.relayer.send(call)
    wallet.execute(world.relayer, call)
    assert world.partners.functions.isRegistered(wallet.address).call()
    with pytest.raises(Reverted, match="GS013"):  # Safe's own code for: what it called was refused
        wallet.execute(world.relayer, call)


def _terms(world: World, vendor: Signer, agency: Signer, programme: bytes) -> Terms:
    weights = {vendor.account: 75 * 10**16, agency.account: 25 * 10**16}
    ascending = tuple(sorted(weights, key=str.lower))
    return Terms(
        parties=ascending,
        payees=tuple(Payee(account, (weights[account],)) for account in ascending),
        tokens=(world.token.address,),
        programme=ProgrammeId(programme),
        decision_seconds=DAY,
        exclusivity_seconds=DAY,
        salt=world.unique("salt"),
    )


def _activate(world: World, relay: Relayed, terms: Terms, signers: tuple[Signer, ...]) -> bytes:
    by_account = {signer.account: signer for signer in signers}
    acceptances = [
        by_account[account].sign(form_of("Acceptance")(world.deployment, account, terms, **relay.when()))
        for account in terms.parties
    ]
    swapped = [acceptance.to_abi() for acceptance in reversed(acceptances)]
    with pytest.raises(Reverted, match="SignatureInvalid"):
        world.relayer.send(world.agreements.functions.activate(terms.to_abi(), swapped))
    signed = [acceptance.to_abi() for acceptance in acceptances]
    world.relayer.send(world.agreements.functions.activate(terms.to_abi(), signed))
    agreement = typed_data.agreement_id(world.deployment, terms)
    assert world.agreements.functions.isActive(agreement).call()
    return agreement


def _register_deal(
    world: World,
    relay: Relayed,
    partner: Signer,
    terms: Terms,
    agreement: AgreementId,
    tag: bytes,
    salt: bytes,
) -> bytes:
    deployment, deals = world.deployment, world.deals.functions
    reveal = (partner.account, agreement, tag, salt)
    commitment = tags.commitment(
        world.node.chain_id, world.deals.address, partner.account, agreement, tag, salt
    )
    data = form_of("Commit")(deployment, partner.account, commitment, **relay.when())
    relay(partner, data, deals.commitWithAuthorization, partner.account, commitment)
    revealed = (*reveal, ZERO_BYTES32, 1)  # no territory, the first epoch
    data = form_of("Reveal")(deployment, *revealed, **relay.when())
    relay(partner, data, deals.revealWithAuthorization, revealed, plan.opening_of(terms))
    deal: bytes = deals.dealId(revealed).call()
    assert deal == tags.deal_id(partner.account, commitment)
    customer = tags.customer_of(terms.programme, 1, tag)
    assert deals.firstOf(customer).call() == deal
    return deal


def _fund(world: World, payer: Signer) -> None:
    """Tokens, and the ledger's leave to pull them: the one thing that the payer's wallet must send itself."""
    world.relayer.send(world.token.functions.mint(payer.account, 10**6))
    world.chain.set_balance(payer.account, 10**18)
    world.node.rpc("anvil_impersonateAccount", [payer.account])
    approve: ContractFunction = world.token.functions.approve(world.ledger.address, 2**256 - 1)
    approve.transact({"from": payer.account})
