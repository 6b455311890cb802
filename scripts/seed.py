"""Fills a fresh local testnet with the main path: `tools/brownie run scripts/seed.py`.

Two partners and a scout register, open a programme, co-sign an agreement; revenue is paid, split and claimed.
"""

from brownie import accounts

from scripts import console, deploy


def main() -> deploy.Ledger:
    """Deploy, seed, and print what each payee got."""
    ledger = deploy.main()
    vendor, agency, scout = accounts[1:4]
    names = {vendor: "Vendor Inc", agency: "Agency GmbH", scout: "Scout Ltd"}
    for account, name in names.items():
        console.register(ledger, account, name)
    programme = console.create_programme(ledger, vendor, 1, "Referral programme")
    terms = console.terms_between(
        ledger,
        {vendor: 70, agency: 20, scout: 10},
        programme=programme,
        decision_seconds=7 * console.DAY,
        exclusivity_seconds=90 * console.DAY,
    )
    agreement = console.activate(ledger, terms)
    for dollars in (1_000, 250, 99):
        console.pay(ledger, vendor, agreement, dollars * 10**6)
    for account, name in names.items():
        console.claim(ledger, account, agreement, terms)
        print(f"{name} was paid {ledger.dollar.balanceOf(account) / 10**6:.2f} tUSD")
    return ledger
