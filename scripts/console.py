"""What a partner does, in one call each, for a console, a script or a test:

>>> from scripts.deploy import main
>>> from scripts.console import *
>>> ledger = main()
>>> vendor, agency = accounts[1], accounts[2]
>>> register(ledger, vendor, "Vendor Inc")
>>> terms = terms_between(ledger, {vendor: 80, agency: 20})
>>> agreement = activate(ledger, terms)
>>> pay(ledger, vendor, agreement, 1_000_000)
>>> claim(ledger, agency, agreement, terms)

Accounts are Brownie's; the local testnet signs for them. Amounts are in base units of tUSD (6 decimals).
"""

import secrets
from collections.abc import Mapping
from typing import Any

from brownie import accounts, web3
from brownie.network.account import Account
from brownie.network.transaction import TransactionReceipt
from eth_utils.address import to_checksum_address

from ledger.actions import form
from ledger.chain.authorization import Authorization, authorization, random_nonce
from ledger.rules import plan
from ledger.signing import TypedData, agreement_id
from ledger.terms.agreement import Payee, Terms
from ledger.terms.deals import Rule
from ledger.terms.ids import AgreementId, InvoiceRef
from ledger.terms.payments import Invoice
from ledger.terms.units import WHOLE
from scripts.deploy import Ledger

DAY = 86_400

__all__ = ["activate", "claim", "create_programme", "pay", "register", "sign", "terms_between"]


def sign(account: Account, data: TypedData) -> Authorization:
    """The account's signature over typed data, made by the local testnet."""
    answer = web3.provider.make_request("eth_signTypedData_v4", [account.address, data])
    return authorization(data, bytes.fromhex(answer["result"][2:]))


def register(ledger: Ledger, account: Account, name: str) -> TransactionReceipt:
    """A partner makes itself known."""
    return ledger.partners.register(account, name, "", {"from": account})


def create_programme(ledger: Ledger, owner: Account, number: int, name: str) -> bytes:
    """A vendor opens a programme, whose deals are first registered, first served."""
    ledger.agreements.createProgramme(owner, number, name, Rule.FIRST_REGISTERED, {"from": owner})
    return bytes.fromhex(str(owner.address)[2:]) + number.to_bytes(12)


def terms_between(ledger: Ledger, shares: Mapping[Account, int], **fields: Any) -> Terms:
    """Terms that all payees are parties of; shares in hundredths, together 100."""
    ascending = sorted(shares, key=lambda account: str(account.address).lower())
    addresses = tuple(to_checksum_address(account.address) for account in ascending)
    weights = [shares[account] * WHOLE // 100 for account in ascending]
    return Terms(
        parties=addresses,
        payees=tuple(Payee(address, (weight,)) for address, weight in zip(addresses, weights, strict=True)),
        tokens=(ledger.dollar.address,),
        salt=secrets.token_bytes(32),
        **fields,
    )


def activate(ledger: Ledger, terms: Terms) -> AgreementId:
    """All parties sign, and the first account of the network puts the agreement in force. Return its id."""
    deadline = web3.eth.get_block("latest")["timestamp"] + DAY
    signatures = []
    for party in terms.parties:
        nonce = random_nonce()
        data = form(
            ledger.deployment, "accept_agreement", account=party, terms=terms, nonce=nonce, deadline=deadline
        )
        signatures.append(sign(accounts.at(party), data).to_abi())
    ledger.agreements.activate(terms.to_abi(), signatures, {"from": accounts[0]})
    return agreement_id(ledger.deployment, terms)


def pay(ledger: Ledger, payer: Account, agreement: AgreementId, amount: int) -> TransactionReceipt:
    """The payer gets test dollars and pays one invoice with them."""
    ledger.dollar.mint(payer, amount, {"from": payer})
    ledger.dollar.approve(ledger.revenue, amount, {"from": payer})
    invoice = Invoice(amount=amount, invoice_ref=InvoiceRef(secrets.token_bytes(32)))
    return ledger.revenue.pay(agreement, ledger.dollar, invoice.to_abi(), {"from": payer})


def claim(ledger: Ledger, payee: Account, agreement: AgreementId, terms: Terms) -> TransactionReceipt:
    """The payee takes what it has earned and not yet claimed."""
    share = plan.share_of(terms, agreement, payee.address)
    return ledger.revenue.claim(payee, ledger.dollar, share, {"from": payee})
